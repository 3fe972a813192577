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
from familyabm.workshop.study import DECADE
from familyabm.worlds import RANGE

from . import work
from .work import Runner

HEADLINES = ("repeat_contacts", "weeks_to_help", "worker_changes", "harm", "looked_after", "spend")
"""What the decade is judged by on the shared screen, settled before any room plays."""
MONEY = ("spend", "spend_levers", "spend_placements", "spend_early_help", "spend_partners")
"""Who pays, in pounds a child each year."""
SHORT = {
    "contacts": "Contacts", "repeat_contacts": "Came back", "failure_demand": "Work that came back",
    "contacts_no_action": "Closed, no help", "weeks_to_help": "Wait for help", "worker_changes": "Changes of worker",
    "load": "Load on workers", "harm": "Serious harm", "care_starts": "Children starting care",
    "looked_after": "Children in care", "early_help": "Early help begun", "complaints": "Complaints",
    "chase_calls": "Chase calls", "spend": "Council spending", "spend_levers": "Cost of the change",
    "spend_partners": "Partners' time", "spend_placements": "Placements", "spend_early_help": "Early help",
}  # fmt: skip
"""Measures as the shared screen has room for them; the definition behind each is its own."""
NAMES = {"today": "services as they work today", "blind": "playing blind", "together": "your plan"}
Values = dict[str, NDArray[np.float64]]


class Compared(NamedTuple):
    """Two worlds of the room's decade. findings: by measure, in the order of `DECADE`."""

    a: str
    b: str
    findings: dict[str, Finding]

    @property
    def verdicts(self) -> dict[str, int]:
        """Count how the headlines came out, in the words of `verdict`."""
        found = [verdict(self.findings[name]) for name in HEADLINES]
        return {said: found.count(said) for said in dict.fromkeys(found)}


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
    worse, better = counted.get(WORSE, 0), counted.get(BETTER, 0)
    rest = len(HEADLINES) - worse - better
    if not better and not worse:
        return "The model cannot tell these apart"
    parts = [f"better on {better}"] if better else []
    parts += [f"worse on {worse}"] if worse else []
    parts += [f"neither on {rest}"] if rest else []
    return f"{NAMES[found.b].capitalize()}: {', '.join(parts)}"


BETTER, WORSE, UNCLEAR = "Better", "Worse", "Cannot tell"


def verdict(found: Finding) -> str:
    """Return a word or two for a finding: better or worse, or the direction of what is neither in itself."""
    if found.judgement:
        return found.judgement.capitalize()
    if found.verdict == "same":
        return "The same"
    return found.way(found.difference).capitalize() if found.verdict == "clear" else UNCLEAR


def big(found: Finding) -> str:
    """Return a difference, signed, in the measure's unit."""
    return _signed(found.difference, "£" if found.unit.startswith("£") else "", None)


def span(found: Finding) -> str:
    """Return the range, both ends signed alike."""
    pounds, places = ("£" if found.unit.startswith("£") else ""), words.together(found.low, found.high)
    return f"{_signed(found.low, pounds, places)} to {_signed(found.high, pounds, places)}"


def _signed(value: float, unit: str, places: int | None) -> str:
    text = words.amount(abs(value), unit, places)
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{chr(0x2212) if value < 0.0 else '+'}{text}"


class Mark(NamedTuple):
    """One line of the picture: where the range and its mean lie, in per cent of its width, and what is said."""

    title: str
    left: float
    width: float
    middle: float
    amount: str
    verdict: str
    span: str


def marks(found: Compared, names: tuple[str, ...], pounds: bool = False) -> list[Mark]:
    """Return the picture of some findings around "no difference" in the middle.

    In per cent of the first world, so that different measures share one scale; or in pounds a child each year.
    """
    every = [found.findings[name] for name in names]
    shares = {one.name: (1.0 if pounds else 100.0 / one.a if one.a else 0.0) for one in every}
    reach = max((abs(end) * shares[one.name] for one in every for end in (one.low, one.high)), default=0.0) or 1.0
    return [_mark(one, shares[one.name], reach, pounds) for one in every]


def _mark(one: Finding, share: float, reach: float, pounds: bool) -> Mark:
    low, middle, high = (50.0 + 48.0 * end * share / reach for end in (one.low, one.difference, one.high))
    said = _signed(one.difference * share, "£" if pounds else "", 0) + ("" if pounds else "%")
    return Mark(
        SHORT[one.name], round(low, 1), round(max(0.8, high - low), 1), round(middle, 1), said, verdict(one), span(one)
    )


def rows(found: Compared) -> list[list[str]]:
    """Return the table: measure, first world, second world, difference, range, verdict."""
    return [
        [
            SHORT[name], words.amount(one.a, one.unit), words.amount(one.b, one.unit), big(one), span(one),
            verdict(one),
        ]
        for name, one in found.findings.items()
    ]  # fmt: skip


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
    places = 0 if abs(found.a) >= 10.0 else 2
    return {
        "title": SHORT[found.name], "a": words.amount(found.a, found.unit, places),
        "b": words.amount(found.b, found.unit, places),
    }  # fmt: skip
