"""The official figures that the model is held against: `data/targets.csv`, their one home.

Each is bound to one measure of the model, by name. Credibility's patterns V1 to V17, calibration and validation read
the same rows; this module knows nothing of the model, so that any of them may.
"""

import csv
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd

from familyabm.errors import InputError, nearest

ANY = float("inf")


@dataclass(frozen=True)
class Target:
    """One official figure, and the range in which the model's mean over years is accepted.

    code: its name.  pattern: the pattern of CONCEPT 6.3 that states it, if any.  measure: of the model, by name.
    value: England's figure; NaN where only a bound is known.  low, high: what is accepted of England, infinite where
    there is no bound.  p10, p90: tenth to ninetieth percentile of authorities, NaN if unknown.  known: from 0 to 1, how
    well the figure is known and how alike the two definitions are.  evidence: rows of the evidence files.
    """

    code: str
    pattern: str
    statement: str
    measure: str
    unit: str
    value: float
    low: float
    high: float
    p10: float
    p90: float
    year: str
    known: float
    headline: bool
    evidence: str
    source: str
    address: str
    note: str

    @property
    def across(self) -> tuple[float, float] | None:
        """Return the range in which eight of ten authorities lie, if it is known."""
        return None if math.isnan(self.p10) else (self.p10, self.p90)

    @property
    def fitted(self) -> bool:
        """Tell whether the figure can be calibrated to: it has a size and both ends of what is accepted."""
        return math.isfinite(self.value) and math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def tolerance(self) -> float:
        """Return half the accepted range as a share of the value (of its logarithm); NaN for a bound."""
        return 0.5 * math.log(self.high / self.low) if self.fitted else float("nan")

    def off(self, value: float) -> float:
        """Return how far a value is from the target, in tolerances on a log scale; below 0 is too low.

        NaN stays NaN; nothing at all is as far off as a hundredth of the target.
        """
        least = 0.01 * self.value
        return math.log(max(value, least) / self.value) / self.tolerance if value == value else float("nan")


def _number(text: str, empty: float) -> float:
    return float(text) if text else empty


@cache
def all_targets() -> tuple[Target, ...]:
    """Return every target in the order of the file."""
    text = (resources.files("familyabm") / "data" / "targets.csv").read_text(encoding="utf-8")
    nan = float("nan")
    empty = {"value": nan, "low": -ANY, "high": ANY, "p10": nan, "p90": nan, "known": nan}
    found = []
    for row in csv.DictReader(text.splitlines()):
        numbers = {name: _number(row[name], blank) for name, blank in empty.items()}
        found.append(Target(**{**row, **numbers, "headline": row["headline"] == "1"}))  # type: ignore[arg-type]
    return tuple(found)


def table() -> pd.DataFrame:
    """Return the targets as a frame: a column for each field of `Target`, and `tolerance`."""
    return pd.DataFrame([{**vars(target), "tolerance": target.tolerance} for target in all_targets()])


def find(code: str) -> Target:
    """Return the target of that code, or raise InputError naming the nearest known one."""
    by_code = {target.code: target for target in all_targets()}
    if code not in by_code:
        raise InputError(f"target {code!r} is not known{nearest(code, by_code)}; 'familyabm targets' lists all.")
    return by_code[code]


def of_pattern(pattern: str) -> tuple[Target, ...]:
    """Return the targets that a pattern states."""
    return tuple(target for target in all_targets() if target.pattern == pattern)


def fitted() -> tuple[Target, ...]:
    """Return the targets that calibration fits."""
    return tuple(target for target in all_targets() if target.fitted)


def headline() -> tuple[Target, ...]:
    """Return the headline targets: official, and with a known spread across authorities."""
    return tuple(target for target in all_targets() if target.headline)
