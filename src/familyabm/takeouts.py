"""Assumptions that can be taken out: what each one says, how sure it is, and the numbers that remove it.

An assumption is taken out of both worlds and of the past that they share, so that its absence is never a shock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from familyabm.errors import InputError, nearest
from familyabm.parameters import REGISTER, Parameters, changed
from familyabm.parameters.register import GRADES


@dataclass(frozen=True)
class TakeOut:
    """One assumption: its title, what the model takes to be so, what it is like without, and what makes it so."""

    name: str
    title: str
    says: str
    without: str
    changes: Mapping[str, float]

    @property
    def grade(self) -> str:
        """Return the evidence grade: the weakest of the numbers that hold the assumption."""
        return max(REGISTER[address].grade for address in self.changes)

    @property
    def evidence(self) -> str:
        """Return the grade in words."""
        return f"{self.grade}: {GRADES[self.grade]}"

    @property
    def source(self) -> str:
        """Return the sources of those numbers, each once."""
        return "; ".join(dict.fromkeys(REGISTER[address].source for address in self.changes))


_FACTORS = ("housing", "mental", "substance", "abuse")
_COUPLING = {
    f"circumstances.{one}_to_{other}": 0.0 for one in _FACTORS for other in _FACTORS if one != other
}  # fmt: skip

_ALL = (
    TakeOut(
        "spreading-trouble", "Trouble spreads",
        "One trouble in a home makes others likelier: illness, drinking, abuse, housing.",
        "Troubles arise independently of each other.", _COUPLING,
    ),
    TakeOut(
        "drag", "Trouble holds back recovery",
        "An untreated trouble holds back recovery from the others, and a joint plan lifts that drag.",
        "Each trouble eases at its own pace, whatever else is there.",
        {"circumstances.drag_ratio": 0.0, "effects.joint_drag": 0.0},
    ),
    TakeOut(
        "joint-help", "Joint help reaches adults",
        "More of the help reaches the adults when services act together.",
        "Help does as much when services act apart.", {"effects.joint_help": 0.0},
    ),
    TakeOut(
        "help-works", "Help changes adults' troubles",
        "Help from services slows worsening and speeds recovery in adults.",
        "Help shelters children while it lasts but does not change the adults' troubles.",
        {"circumstances.help_on_recovery": 0.0, "circumstances.help_on_rise": 0.0},
    ),
    TakeOut(
        "prevention", "Prevention in the community",
        "Spending on prevention in the community keeps trouble from arising.",
        "The community feels nothing of early help's budget.",
        {"circumstances.prevention_on_onset": 0.0, "extra_familial.youth_work": 0.0},
    ),
    TakeOut(
        "lasting-frailty", "Lasting frailty",
        "Some families are lastingly likelier to meet trouble and slower to recover.",
        "Families differ as little as the plausible range allows, and recover alike.",
        {"population.frailty_spread": 0.2, "circumstances.recovery_by_frailty": 0.0},
    ),
    TakeOut(
        "continuity", "One lead throughout",
        "An hour of help is worth more with one lead throughout, and trust in that lead grows faster.",
        "It makes no difference to the worth of help who gives it.",
        {"effects.continuity_potency": 0.0, "effects.continuity_grows": 0.0, "effects.continuity_keeps": 0.0},
    ),
    TakeOut(
        "raids", "Overspends take early help",
        "A council that overspends takes money from early help.",
        "Early help is never taken to pay for overspends.", {"money.raid_rate": 0.0},
    ),
    TakeOut(
        "open-door", "An open door",
        "An open door brings families who ask for help themselves, and connects those turned away.",
        "An open door changes nothing in who asks or is connected to help.",
        {"effects.door_asking": 0.0, "effects.door_connects": 0.0, "effects.door_step_down": 0.0,
         "effects.door_closure": 0.0},
    ),
    TakeOut(
        "calmer-units", "Calmer units",
        "Units and less bureaucracy lower stress and free time for families.",
        "Units and less bureaucracy change neither stress nor time.",
        {"effects.unit_stress": 0.0, "effects.relief_stress": 0.0, "effects.unit_direct": 0.0,
         "effects.relief_direct": 0.0, "effects.unit_need": 0.0, "effects.relief_need": 0.0},
    ),
)  # fmt: skip
TAKE_OUTS: dict[str, TakeOut] = {entry.name: entry for entry in _ALL}
"""The assumptions that drive the result, by name."""


def find(name: str) -> TakeOut:
    """Return the assumption of that name; InputError naming the nearest known one."""
    if name not in TAKE_OUTS:
        hint = nearest(name, TAKE_OUTS)
        raise InputError(f"assumption {name!r} is not known{hint}; one of {', '.join(TAKE_OUTS)} is accepted.")
    return TAKE_OUTS[name]


def applied(parameters: Parameters, names: Iterable[str]) -> Parameters:
    """Return the parameters without the named assumptions."""
    changes: dict[str, float] = {}
    for name in names:
        changes |= find(name).changes
    return changed(parameters, changes) if changes else parameters


def taken_out(parameters: Parameters) -> list[TakeOut]:
    """Return the assumptions that these parameters leave out."""
    return [
        entry for entry in TAKE_OUTS.values()
        if all(parameters[address] == value for address, value in entry.changes.items())
    ]  # fmt: skip
