"""The room's decade in findings and sentences: the same families and luck under two ways of working, with ranges.

It may turn out worse for the room's plan, or the lucks may not tell; the sentences then say so, and nothing else does.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from familyabm.measures import MEASURES
from familyabm.report import words
from familyabm.report.words import Finding
from familyabm.workshop.room import Room
from familyabm.worlds import RANGE

from . import work
from .living import DECADE
from .work import Runner

HEADLINES = ("failure_demand", "care_starts", "harm", "spend")
"""What the decade is judged by on the shared screen."""
SHORT = {
    "contacts": "Contacts", "failure_demand": "Work that came back", "repeat_contacts": "Repeat contacts",
    "contacts_no_action": "Closed, no help", "load": "Load on workers", "care_starts": "Children starting care",
    "looked_after": "Children in care", "harm": "Weeks of serious harm", "spend": "Council spending",
    "spend_levers": "Cost of the change", "spend_partners": "Partners' time", "spend_placements": "Placements",
    "spend_early_help": "Early help money", "early_help": "Early help begun",
}  # fmt: skip
"""Measures as the shared screen has room for them; the definition behind each is its own."""
UNITS = {
    "per 10,000 children a year": "per 10,000 children a year", "£ per child a year": "a child, each year",
    "% of demand hours": "of hours, in points",
}  # fmt: skip
NAMES = {"today": "services as they work today", "blind": "playing blind", "together": "your plan"}
Values = dict[str, NDArray[np.float64]]


class Compared(NamedTuple):
    """Two worlds of the room's decade. findings: by measure, in the order of `DECADE`."""

    a: str
    b: str
    findings: dict[str, Finding]

    @property
    def verdicts(self) -> dict[str, int]:
        """Count better, worse and the rest among the headlines."""
        found = [self.findings[name].judgement for name in HEADLINES]
        better, worse = found.count("better"), found.count("worse")
        return {"better": better, "worse": worse, "unclear": len(found) - better - worse}


def values_of(room: Room, runner: Runner, name: str) -> Values | None:
    """Return each measure's mean over the decade by luck, None while some of it is being worked out."""
    parts = [runner.found(one) for one in work.decade(room, name)]
    if not parts or any(part is None for part in parts):
        return None
    lucks = [luck for part in parts if part is not None for luck in part.values()]
    return {name: np.array([_mean(luck[name]) for luck in lucks]) for name in DECADE}


def _mean(years: list[float | None]) -> float:
    known = [value for value in years if value is not None]
    return float(np.mean(known)) if known else float("nan")


def compared(room: Room, runner: Runner, a: str, b: str) -> Compared | None:
    """Return the findings of world b against world a, None while they are being worked out."""
    one, other = values_of(room, runner, a), values_of(room, runner, b)
    if one is None or other is None:
        return None
    return Compared(a, b, {name: finding(name, one[name], other[name]) for name in DECADE})


def finding(name: str, a: NDArray[np.float64], b: NDArray[np.float64]) -> Finding:
    """Return one measure's difference b - a over lucks that both worlds share."""
    title = MEASURES[name].title
    known = ~np.isnan(a) & ~np.isnan(b)
    a, b = a[known], b[known]
    apart = b - a
    if not len(apart):
        nothing = float("nan")
        return Finding(
            name, title.title, title.unit, title.better, nothing, nothing, nothing, nothing, nothing, nothing, 0, 0, 0
        )
    mean = float(apart.mean())
    low, high = (float(end) for end in np.quantile(apart, RANGE))
    flips = float(np.mean(np.sign(apart) == -np.sign(mean))) if mean else 0.0
    agree = int(((apart > 0.0) == (mean > 0.0))[apart != 0.0].sum())
    return Finding(
        name, title.title, title.unit, title.better, float(a.mean()), float(b.mean()), mean, low, high, flips,
        len(apart), agree, int(((apart >= low) & (apart <= high)).sum()),
    )  # fmt: skip


def sentence(found: Finding, a: str, b: str) -> str:
    """Say one finding in the report's own sentence, with the worlds named as the room knows them."""
    said = words.sentence(found)
    for letter, name in (("A", NAMES[a]), ("B", NAMES[b])):
        said = said.replace(f"in world {letter}", f"under {name}").replace(f"world {letter}", name)
    return said.replace("pairs", "lucks")


def headline(found: Compared) -> str:
    """Say in a line how the second world came out on the headline measures."""
    counted = found.verdicts
    name = NAMES[found.b].capitalize()
    if not counted["better"] and not counted["worse"]:
        return "The model cannot tell these apart"
    parts = [f"better on {counted['better']}"] if counted["better"] else []
    parts += [f"worse on {counted['worse']}"] if counted["worse"] else []
    parts += [f"no telling on {counted['unclear']}"] if counted["unclear"] else []
    return f"{name}: {', '.join(parts)}"


def verdict(found: Finding) -> str:
    """Return two or three words for a finding."""
    return found.judgement.capitalize() or {"same": "The same"}.get(found.verdict, "Cannot tell")


def big(found: Finding) -> str:
    """Return a difference as the shared screen writes it: signed, in the measure's unit."""
    pounds = found.unit.startswith("£")
    text = words.amount(abs(found.difference), "£" if pounds else "", None)
    sign = "\N{MINUS SIGN}" if found.difference < 0.0 else "+"
    return f"{sign}{text}" if any(digit in text for digit in "123456789") else text


def span(found: Finding) -> str:
    """Return the range as the shared screen writes it."""
    pounds, places = ("£" if found.unit.startswith("£") else ""), words.together(found.low, found.high)
    ends = [f"{'+' if end > 0.0 else ''}{words.amount(end, pounds, places)}" for end in (found.low, found.high)]
    return f"{ends[0]} to {ends[1]}"


def rows(found: Compared) -> list[list[str]]:
    """Return the table: measure, first world, second world, difference, range, verdict."""
    return [
        [
            SHORT[name], words.amount(one.a, one.unit), words.amount(one.b, one.unit), big(one), span(one),
            verdict(one),
        ]
        for name, one in found.findings.items()
    ]  # fmt: skip


def units(found: Finding) -> str:
    """Return a measure's unit as the shared screen has room for it."""
    return UNITS.get(found.unit, found.unit)


def loops(found: Compared) -> list[dict[str, Any]]:
    """Return the two loops with the room's own numbers: each is a ring of four things that feed one another."""
    rings = (
        ("More work makes more work", ("contacts", "load", "contacts_no_action", "repeat_contacts")),
        ("Late help takes the early money", ("harm", "spend_placements", "spend_early_help", "early_help")),
    )
    return [
        {"title": title, "nodes": [_node(found.findings[name]) for name in names]} for title, names in rings
    ]  # fmt: skip


def _node(found: Finding) -> dict[str, str]:
    return {
        "title": SHORT[found.name], "a": words.amount(found.a, found.unit), "b": words.amount(found.b, found.unit),
    }  # fmt: skip
