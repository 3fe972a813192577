"""Who decides what: the decision matrix, in an authority as it is usually run and in one with units and pooled money.

Waits are read from the parameters they come from, so that the matrix never says anything but what the rules do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from familyabm.codes import Decision, Panel
from familyabm.parameters import DEFAULT, Parameters


@dataclass(frozen=True)
class Row:
    """One decision: who takes it, how long that takes, which levers move it and which parameter is its start."""

    decision: Decision
    decider: str
    wait: tuple[float | str, float | str]
    decider_near: str
    wait_near: tuple[float | str, float | str]
    rights: str = ""
    effects: tuple[str, ...] = ()
    panel: Panel = Panel.NONE


MATRIX: tuple[Row, ...] = (
    Row(Decision.CONTACT_OUTCOME, "front door manager", (0, 1), "practitioner with partners in the room", (0, 0),
        "rights.contact_outcome", ("effects.rights_contact_sharing", "effects.rights_contact_door")),
    Row(Decision.START_EARLY_HELP, "early help panel", (1, "panels.early_help_weeks"), "any lead professional", (0, 1),
        "rights.start_early_help", ("effects.rights_help_door", "effects.rights_help_relief"), Panel.EARLY_HELP),
    Row(Decision.FLEXIBLE_SPEND, "service manager", (0, 1), "worker or unit", (0, 0),
        "rights.flexible_spend", ("effects.rights_spend_pooled", "effects.rights_spend_relief")),
    Row(Decision.END_ASSESSMENT, "team manager", (0, 1), "unit meeting", (0, 0),
        "rights.end_assessment", ("effects.rights_assessment_unit",)),
    Row(Decision.SECTION_47, "team manager with the police", (0, 0), "the same, by statute", (0, 0)),
    Row(Decision.CONFERENCE_PLAN, "independent chair and conference", (0, "assessment.conference_weeks"),
        "the same, by statute", (0, "assessment.conference_weeks")),
    Row(Decision.ACCOMMODATE, "Weekly Resource Panel", (1, "panels.resource_weeks"),
        "group manager with the unit", (0, 1), "rights.accommodate",
        ("effects.rights_package_pooled", "effects.rights_package_unit"), Panel.RESOURCE),
    Row(Decision.TRIPARTITE, "Joint Resource Allocation Panel", (0, "panels.dispute_longest"),
        "holder of the pooled budget", (0, 1), "rights.tripartite", ("effects.rights_joint_pooled",), Panel.JOINT),
    Row(Decision.ISSUE, "legal gateway", (0, "panels.legal_weeks"), "the same, after a family group decision",
        (0, "panels.legal_weeks"), panel=Panel.LEGAL),
    Row(Decision.PLACEMENT_CHANGE, "Weekly Resource Panel and provider",
        ("panels.provider_least", "panels.provider_most"),
        "needs-led review", (1, "panels.needs_led_most"), "rights.placement_change", ("effects.rights_place_pooled",),
        Panel.RESOURCE),
)  # fmt: skip
"""The matrix of responsibility, row by row."""


def lever_of(effect: str, parameters: Parameters = DEFAULT) -> str:
    """Return the code of the lever, L1 to L8, that an effect belongs to."""
    return parameters.register[effect].lever


def _lever_name(effect: str, parameters: Parameters) -> str:
    names = list(_LEVERS)
    return names[int(lever_of(effect, parameters)[1:]) - 1]


_LEVERS = (
    "information_sharing", "joint_response", "no_wrong_door", "continuity",
    "pooled_budget", "ring_fence", "unit_model", "bureaucracy_relief",
)  # fmt: skip


def decision_rights(row: Row, levers: Mapping[str, float], parameters: Parameters = DEFAULT) -> float:
    """Return the share of a decision, 0 to 1, that a practitioner takes without permission where levers stand so.

    levers: {name: 0 to 1}.  Where two levers act on the start of early help, they act one after the other.
    """
    if not row.rights:
        return 0.0
    effects = [parameters[e] * levers[_lever_name(e, parameters)] for e in row.effects]
    if row.decision == Decision.START_EARLY_HELP:
        door = parameters[row.rights] + effects[0]
        return min(1.0, door + (1.0 - door) * effects[1])
    return min(1.0, parameters[row.rights] + sum(effects))


def _weeks(value: float | str, parameters: Parameters) -> float:
    return parameters[value] if isinstance(value, str) else float(value)


def matrix(levers: Mapping[str, float] | None = None, parameters: Parameters = DEFAULT) -> pd.DataFrame:
    """Return the decision matrix as a frame, with decision rights where the levers stand (a typical authority's)."""
    stand = levers or {name: parameters[f"base.{name}"] for name in _LEVERS}
    rows = [
        (
            row.decision.name.lower(), row.decider, *(_weeks(w, parameters) for w in row.wait),
            row.decider_near, *(_weeks(w, parameters) for w in row.wait_near),
            ", ".join(lever_of(effect, parameters) for effect in row.effects), decision_rights(row, stand, parameters),
        )
        for row in MATRIX
    ]  # fmt: skip
    names = ["decision", "decider", "wait_from", "wait_to", "decider_near", "wait_near_from", "wait_near_to",
             "levers", "decision_rights"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)
