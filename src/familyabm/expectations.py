"""Expectations: what a scenario should move, by how much and when, as far as the concept or the evidence says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from familyabm.errors import InputError
from familyabm.toml_fields import number, one_of, only, text, whole

DIRECTIONS = ("up", "down", "same")
START = "start"
"""Stands for the scenario's own first year, where it is compared with itself."""
_FIELDS = ("measure", "years", "against", "direction", "low", "high", "note", "source")
_WIDEST = 20.0


@dataclass(frozen=True)
class Expectation:
    """A claim that can be checked: how a measure's mean over some years compares with another world's.

    measure: a name of `measures.MEASURES`.  years: first and last year, counted from 1.
    against: the other world's name, or "start" for this world's own first year.
    direction: "up", "down" or "same".  low, high: bounds of the relative change where the claim gives any, such as
    0.15 to 0.40 for "15 to 40% more".  source: who claims it.
    """

    measure: str
    years: tuple[int, int]
    against: str
    direction: str
    low: float | None
    high: float | None
    note: str
    source: str

    @property
    def sentence(self) -> str:
        """Say it in words."""
        first, last = self.years
        when = f"in year {first}" if first == last else f"in years {first} to {last}"
        compared = "its own first year" if self.against == START else self.against
        size = "" if self.low is None or self.high is None else f" ({self.low:+.0%} to {self.high:+.0%})"
        return f"{self.measure} {self.direction}{size} {when}, against {compared}"


def read_expectation(entry: Mapping[str, Any], worlds: Collection[str], where: str) -> Expectation:
    """Read one expectation, checking it field by field; worlds: the names it may be set against."""
    only(entry, _FIELDS, "an expectation", where)
    for key in ("measure", "source"):
        if not text(entry, key, where):
            raise InputError(f"{where}: {key} is missing; a text is needed.")
    direction = one_of(entry.get("direction"), "direction", where, DIRECTIONS)
    low, high = (_bound(entry, key, where) for key in ("low", "high"))
    if (low is None) != (high is None) or (low is not None and high is not None and not _fits(direction, low, high)):
        raise InputError(
            f"{where}: low and high do not fit {direction}; both or neither, low first, and 0 within bounds of same, "
            "below those of up and above those of down, are accepted."
        )
    return Expectation(
        measure=entry["measure"],
        years=_years(entry.get("years"), where),
        against=one_of(entry.get("against", "status-quo"), "against", where, (*worlds, START)),
        direction=direction,
        low=low,
        high=high,
        note=text(entry, "note", where),
        source=entry["source"],
    )


def _bound(entry: Mapping[str, Any], key: str, where: str) -> float | None:
    return number(entry[key], key, where, -1.0, _WIDEST) if key in entry else None


def _fits(direction: str, low: float, high: float) -> bool:
    """Tell whether bounds of a relative change fit a direction."""
    if direction == "up":
        return 0.0 <= low <= high
    return low <= high <= 0.0 if direction == "down" else low <= 0.0 <= high


def _years(value: object, where: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(f"{where}: years = {value!r:.60} is not a first and a last year; [7, 8] would be accepted.")
    first, last = (whole(year, "years", where, 1, 100) for year in value)
    if first > last:
        raise InputError(f"{where}: years = [{first}, {last}] end before they begin.")
    return first, last
