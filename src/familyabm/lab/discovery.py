"""Scenario discovery: in which part of the settings' ranges a measure does what is asked about, in words of ranges.

The patient rule induction method (Friedman and Fisher 1999, doi:10.1023/A:1008894516817; for scenarios Bryant and
Lempert 2010, doi:10.1016/j.techfore.2009.08.002): a box that holds all points is peeled, a little off one side at a
time, wherever that leaves the largest share of cases of interest.  Each setting that would not earn its place is let
go.  How well the rule does is told from points it was not found on.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.errors import InputError
from familyabm.lab.responses import Numbers, Response

PEEL = 0.08
LEAST_SUPPORT = 0.08
FEWEST = 40
FEWEST_CASES = 10
FOLDS = 5
GAIN = 0.02
"""What a range must add to the share of cases inside to be kept."""
Cases = NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """Where cases of interest gather.

    case: what a case is, in words.  cases, points: how many there are.  ranges: one row a setting in the rule: low,
    high, and setting_low and setting_high, its own range.  density: share of cases among points inside; base: among
    all.  coverage: share of cases that lie inside.  tested_density, tested_coverage: the same on points that the rule
    was not found on, rules found on four fifths and judged on the rest.  tested_error: of the tested density, if cases
    were spread as they are anywhere; points of one block count as alike as they are.
    """

    case: str
    cases: int
    points: int
    ranges: pd.DataFrame
    density: float
    coverage: float
    tested_density: float
    tested_coverage: float
    tested_error: float

    @property
    def base(self) -> float:
        """Return the share of cases among all points."""
        return self.cases / self.points

    @property
    def holds(self) -> bool:
        """Tell whether the rule does clearly better than chance on points it was not found on."""
        return not self.ranges.empty and self.tested_density > self.base + 2.0 * self.tested_error


def rule(response: Response, above: float | None = None, rises: bool = True) -> Rule:
    """Return in which ranges of the settings a measure rises, or lies above a value.

    above: by default 0 for a difference between worlds, else the value that a quarter of points exceed.  rises:
    False asks where it falls, or lies below (by default the value that a quarter of points stay under).
    Raises InputError if points or cases are too few to tell.
    """
    response.check_enough(FEWEST, "telling where it happens")
    means = response.means
    usual = 0.0 if response.against else float(np.quantile(means, 0.75 if rises else 0.25))
    level = usual if above is None else above
    cases = means > level if rises else means < level
    n = int(cases.sum())
    told = _told(level, rises, bool(response.against) and above is None)
    if not FEWEST_CASES <= n <= len(cases) - FEWEST_CASES:
        raise InputError(
            f"{response.measure} {told} at {n} of {len(cases)} points; from {FEWEST_CASES} to "
            f"{len(cases) - FEWEST_CASES} are needed to say where."
        )
    names = response.numeric()
    settings = response.points.loc[response.whole, names].to_numpy(dtype=np.float64)
    box = find_box(settings, cases)
    inside = within(settings, box)
    tested = _tested(settings, cases, response.block)
    ranges = pd.DataFrame(
        [(name, *box[:, place], float(settings[:, place].min()), float(settings[:, place].max()))
         for place, name in enumerate(names) if np.isfinite(box[:, place]).any()],
        columns=["name", "low", "high", "setting_low", "setting_high"],
    )  # fmt: skip
    return Rule(told, n, len(cases), ranges, *_shares(inside, cases), *tested)


def _told(level: float, rises: bool, difference: bool) -> str:
    if difference and level == 0.0:
        return "rises" if rises else "falls"
    return f"is {'above' if rises else 'below'} {level:.4g}"


def _shares(inside: Cases, cases: Cases) -> tuple[float, float]:
    """Return density and coverage."""
    hits = float((inside & cases).sum())
    return (hits / float(inside.sum()) if inside.any() else 0.0), hits / max(1, int(cases.sum()))


def _tested(settings: Numbers, cases: Cases, block: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return density, coverage and the density's error on points of blocks that rules were not found on."""
    fold = (np.random.Generator(np.random.Philox(5)).permutation(int(block.max()) + 1) % FOLDS)[block]
    inside = np.zeros(len(cases), dtype=np.bool_)
    for left_out in range(FOLDS):
        test = fold == left_out
        inside[test] = within(settings[test], find_box(settings[~test], cases[~test]))
    beyond = np.bincount(block, weights=np.where(inside, cases - cases.mean(), 0.0))
    return *_shares(inside, cases), float(np.sqrt((beyond**2).sum()) / max(1, int(inside.sum())))


def find_box(settings: Numbers, cases: Cases) -> Numbers:
    """Return the box in which cases gather, shape (2, settings); infinite where a setting does not matter.

    Of the boxes on the way the one is taken with the best balance (harmonic mean) of density and coverage.
    """
    box = np.array([[-np.inf], [np.inf]]) * np.ones((2, settings.shape[1]))
    best, balance = box, _balance(settings, cases, box)
    while within(settings, box).mean() > LEAST_SUPPORT:
        peeled = _peel(settings, cases, box)
        if peeled is None:
            break
        box = peeled
        if (reached := _balance(settings, cases, box)) > balance:
            best, balance = box, reached
    return _without_idle(settings, cases, best)


def within(settings: Numbers, box: Numbers) -> Cases:
    """Return which points lie inside a box, its ends included."""
    inside: Cases = ((settings >= box[0]) & (settings <= box[1])).all(axis=1)
    return inside


def _balance(settings: Numbers, cases: Cases, box: Numbers) -> float:
    density, coverage = _shares(within(settings, box), cases)
    return 2.0 * density * coverage / (density + coverage) if density + coverage > 0.0 else 0.0


def _peel(settings: Numbers, cases: Cases, box: Numbers) -> Numbers | None:
    """Return the box with the least useful slice taken off; None if no slice can be taken."""
    inside = within(settings, box)
    smaller = [part for place in range(settings.shape[1]) for part in _peels(settings[inside, place], box, place)]
    worth = [float(cases[within(settings, part)].mean()) for part in smaller]
    return smaller[int(np.argmax(worth))] if smaller else None


def _peels(values: Numbers, box: Numbers, place: int) -> Iterable[Numbers]:
    """Return the box with a slice off each side of one setting, as far as values are left."""
    kept_above = values[values > np.quantile(values, PEEL)]
    kept_below = values[values < np.quantile(values, 1.0 - PEEL)]
    for side, kept in ((0, kept_above), (1, kept_below)):
        if 0 < len(kept) < len(values):
            part = box.copy()
            part[side, place] = kept.min() if side == 0 else kept.max()
            yield part


def _without_idle(settings: Numbers, cases: Cases, box: Numbers) -> Numbers:
    """Let go of every end of a range that adds less than 2 points to the share of cases inside, least useful first."""
    while True:
        density, _ = _shares(within(settings, box), cases)
        ends = [(side, place) for side, place in np.argwhere(np.isfinite(box))]
        freed = []
        for side, place in ends:
            part = box.copy()
            part[side, place] = -np.inf if side == 0 else np.inf
            freed.append((density - _shares(within(settings, part), cases)[0], part))
        loss, part = min(freed, key=lambda pair: pair[0], default=(np.inf, box))
        if loss >= GAIN:
            return box
        box = part
