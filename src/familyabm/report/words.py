"""Words for results: numbers as the British write them, sentences that cannot claim more than the pairs show.

Every sentence on the page about a difference is made here, from one row of `Comparison.table`. Nothing else
may put a difference into words.
"""

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from familyabm.worlds import FEWEST_PAIRS

MOST_FLIPS = 0.1
"""The share of pairs that may point the other way before a difference stops being clear."""
CANNOT_TELL = "The model cannot tell these apart"

Verdict = Literal["clear", "not clear", "too few", "same", "not known"]

OUTCOMES = {
    "contacts": "children in contacts",
    "looked_after": "children looked after",
    "care_starts": "children starting to be looked after",
    "early_help": "children beginning early help",
    "plans": "children on child protection plans",
    "in_need": "children in need",
    "harm": "weeks of significant harm",
    "failure_demand": "the share of failure demand",
    "spend": "council spending on children's services",
    "spend_levers": "the cost of the levers themselves",
    "spend_partners": "what partners spend on contacts",
    "spend_placements": "spending on placements",
    "reserves": "the level of reserves",
    "early_help_wait": "the wait for early help",
    "imagined_done_gap": "the gap between work as imagined and work as done",
    "levers_gap": "the gap between policy and practice",
}
"""Measures as they read in the middle of a sentence; any other is its title."""


def number(value: float, places: int | None = None) -> str:
    """Write a number with commas, a true minus and about three figures; "not known" where there is none."""
    if not math.isfinite(value):
        return "not known"
    digits = _places(abs(value)) if places is None else places
    text = f"{abs(value):,.{digits}f}"
    return f"\N{MINUS SIGN}{text}" if value < 0.0 and float(text.replace(",", "")) != 0.0 else text


def _places(size: float) -> int:
    """Return how many decimals show about three figures."""
    if size == 0.0 or size >= 100.0:
        return 0
    if size >= 1.0:
        return 1
    return 2 if size >= 0.1 else 3


def together(*values: float) -> int:
    """Return how many decimals show several values alike, with none that is not zero written as zero."""
    known = [abs(value) for value in values if math.isfinite(value)]
    places = _places(max(known, default=0.0))
    while places < 5 and any(value > 0.0 and round(value, places) == 0.0 for value in known):
        places += 1
    return places


def beside(one: float, other: float, unit: str) -> tuple[str, str]:
    """Write two values of a measure to stand beside each other: with the decimals that the smaller needs."""
    known = [abs(value) for value in (one, other) if math.isfinite(value)]
    places = None if unit.startswith("£") else max((_places(size) for size in known), default=0)
    return amount(one, unit, places), amount(other, unit, places)


def signed(value: float, places: int | None = None) -> str:
    """Write a difference with its sign."""
    text = number(value, places)
    return f"+{text}" if value > 0.0 and any(digit in text for digit in "123456789") else text


def amount(value: float, unit: str, places: int | None = None) -> str:
    """Write a value of a measure: pounds with their sign, percentages with theirs, others bare."""
    pounds = unit.startswith("£") and unit != "£ per £"
    text = number(value, 2 if pounds and places is None and 0.0 < abs(value) < 100.0 else places)
    if not math.isfinite(value):
        return text
    if pounds:
        return f"\N{MINUS SIGN}£{text[1:]}" if text.startswith("\N{MINUS SIGN}") else f"£{text}"
    return f"{text}%" if unit.startswith("%") else text


def percent(share: float) -> str:
    """Write a share of pairs."""
    return "not known" if not math.isfinite(share) else f"{100.0 * share:.0f}%"


def count(n: int, one: str, many: str = "") -> str:
    """Write a count with its noun."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def when(years: tuple[int, int]) -> str:
    """Write a first and a last year, counted from 1."""
    first, last = years
    return f"year {first}" if first == last else f"years {first} {'and' if last == first + 1 else 'to'} {last}"


def spelt(n: int) -> str:
    """Write a small number as a word that begins a sentence."""
    return ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven")[n] if n < 8 else f"{n}"


def times(n: int) -> str:
    """Write how often."""
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")


def outcome(name: str, title: str) -> str:
    """Return a measure as it reads within a sentence."""
    if name in OUTCOMES:
        return OUTCOMES[name]
    if title.startswith("Spending: "):
        return f"spending on {title.removeprefix('Spending: ')}"
    if ": " in title:
        return f"\N{LEFT DOUBLE QUOTATION MARK}{title}\N{RIGHT DOUBLE QUOTATION MARK}"
    return title if title[1:2].isupper() or title[1:2].isdigit() else title[:1].lower() + title[1:]


@dataclass(frozen=True)
class Finding:
    """One measure's difference between two worlds, and what may be said of it.

    `agree` of `pairs` pairs point the way that the mean does; `within` of them lie in the range.
    """

    name: str
    title: str
    unit: str
    better: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    flips: float
    pairs: int
    agree: int
    within: int

    @property
    def verdict(self) -> Verdict:
        """Return how much the pairs allow to be said."""
        if not math.isfinite(self.difference):
            return "not known"
        if self.low == self.high == self.difference == 0.0:
            return "same"
        if self.low <= 0.0 <= self.high or self.flips > MOST_FLIPS:
            return "not clear"
        return "clear" if self.pairs >= FEWEST_PAIRS else "too few"

    @property
    def judgement(self) -> str:
        """Return "better" or "worse" for a clear difference that is either in itself, else nothing."""
        if self.verdict != "clear" or self.better not in ("lower", "higher"):
            return ""
        return "better" if (self.difference > 0.0) == (self.better == "higher") else "worse"

    @property
    def tag(self) -> str:
        """Return two or three words for a label beside the figures."""
        words = {
            "not clear": "Cannot tell apart", "too few": "Too few pairs", "same": "No difference",
            "not known": "Not known", "clear": "Clear difference",
        }  # fmt: skip
        return f"Clear, {self.judgement} in B" if self.judgement else words[self.verdict]

    def way(self, value: float) -> str:
        """Return "fewer" or "more", or "lower" or "higher", for a difference of this sign."""
        low, high = ("fewer", "more") if self.unit.endswith(COUNTED) else ("lower", "higher")
        return low if value < 0.0 else high

    def size(self, value: float, places: int | None = None) -> str:
        """Write the size of a difference in the measure's own unit."""
        text = amount(abs(value), "£" if self.unit.startswith("£") and self.unit != "£ per £" else "", places)
        return f"{text}{self._noun}"

    @property
    def _noun(self) -> str:
        """Return what is counted, where it stands behind the number and not behind the whole difference."""
        return POINTS if self.unit.startswith("%") else LENGTHS.get(self.unit, "")

    def span(self) -> str:
        """Say the range in which most pairs' differences fall."""
        alike = None if self.unit.startswith("£") else together(self.low, self.high)
        near, far = (self.low, self.high) if self.low * self.high < 0.0 else sorted((self.low, self.high), key=abs)
        one, other = self.size(near, alike), self.size(far, alike)
        if self.low * self.high < 0.0:
            return f"between {one} {self.way(near)} and {other} {self.way(far)}"
        return f"between {one.removesuffix(self._noun)} and {other} {self.way(far)}"


POINTS = " percentage points"
LENGTHS = {"weeks, mean": " weeks", "working days, mean": " working days"}
COUNTED = ("children a year", "children at 31 March", "mean of the year")
"""Ends of the units of measures that are counts, of which there can be fewer or more."""


def per(unit: str) -> str:
    """Return a unit as it follows an amount: rates as they are, pounds without sign, others in brackets."""
    if unit.startswith("%") or unit in LENGTHS:
        return ""
    if unit.startswith("£") or unit.endswith(COUNTED):
        return (
            unit.removeprefix("£")
            .removeprefix("children ")
            .replace("mean of the year", "at a time")
            .replace(", ", " ")
            .strip()
        )
    return f"({unit})"


def finding(name: str, row: pd.Series, differences: pd.Series) -> Finding:
    """Read a finding off a row of `Comparison.table` and the differences of its pairs."""
    known = differences.dropna()
    mean, low, high = float(row["difference"]), float(row["low"]), float(row["high"])
    return Finding(
        name=name, title=str(row["title"]), unit=str(row["unit"]), better=str(row["better"]),
        a=float(row["a"]), b=float(row["b"]), difference=mean, low=low, high=high, flips=float(row["flips"]),
        pairs=len(known), agree=int(((known > 0.0) == (mean > 0.0))[known != 0.0].sum()),
        within=int(((known >= low) & (known <= high)).sum()),
    )  # fmt: skip


def sentence(found: Finding) -> str:
    """Say one finding in a sentence that claims no more than the pairs show."""
    what = outcome(found.name, found.title)
    if found.verdict == "not known":
        return f"Of {what} the model has nothing to show here."
    if found.verdict == "same":
        return f"In the model, {what} came out the same in both worlds."
    if found.verdict == "not clear":
        return f"{CANNOT_TELL} on {what}: the difference in world B was {_spread(found)}."
    if found.verdict == "too few":
        pairs = count(found.pairs, "pair")
        start = f"{pairs} cannot tell the worlds apart from luck on {what}"
        return f"{start}: the difference in world B was {_spread(found)}."
    return _clear(found, what)


def _spread(found: Finding) -> str:
    unit = per(found.unit)
    return f"{found.span()}{' ' + unit if unit else ''}"


def _clear(found: Finding, what: str) -> str:
    """Say a clear difference: how much, its range, and in how many pairs."""
    unit = f" {per(found.unit)}" if per(found.unit) else ""
    range_ = f"({found.span()}; {found.agree} of {found.pairs} pairs point this way)"
    if found.unit.endswith(COUNTED):
        size = f"{found.size(found.difference)} {found.way(found.difference)}"
        said = f"In the model, world B had {size} {what}{unit} than world A"
    else:
        size = f"{found.size(found.difference)} {found.way(found.difference)}{unit}"
        said = f"In the model, {what} was {size} in world B than in world A"
    return f"{said} {range_}.{_regret(found)}"


def _regret(found: Finding) -> str:
    """Say that a difference is for the worse where it is."""
    if found.judgement != "worse":
        return ""
    return " That costs more." if found.unit == "£ per child a year" else " That is worse."


def headline(found: Finding, subject: str) -> str:
    """Return a chart's title: its finding in ten words or fewer.

    subject: the measure in four words or fewer, such as "Children looked after".
    """
    endings: dict[str, str] = {
        "not clear": "the model cannot tell", "too few": "too few pairs to tell", "same": "no difference",
        "not known": "not known here", "clear": f"{found.way(found.difference)} in world B",
    }  # fmt: skip
    return f"{subject}: {endings[found.verdict]}"


def alternative(kind: str, subject: str, found: Finding) -> str:
    """Return a chart's alternative text, 250 characters at most, from the same numbers as the chart."""
    worlds = f"World A {amount(found.a, found.unit)}, world B {amount(found.b, found.unit)}"
    said = f"{kind}. {subject}, {found.unit}. {worlds}, mean of all years."
    if math.isfinite(found.difference):
        said += f" Difference {found.span()}; {found.agree} of {count(found.pairs, 'pair')} agree."
    return cut(said)


def cut(text: str, most: int = 250) -> str:
    """Shorten text to its limit at the end of a word."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(",;") + "…"
