"""Tipping points: where a measure's response to one setting bends, turns round or changes sign, and how surely.

The response is fitted by two straight lines that meet, the meeting point being whichever leaves least unexplained
(Hinkley 1971).  A bend is only claimed if bends as clear are rare where there is none: the single line is kept and
what it leaves is shuffled.  Where it lies has an interval from lucks drawn again and, if other settings vary as
well, points drawn again, after what those settings add has been taken off.  Points that a design made together are
drawn together and shuffled together, because their agreement is no evidence.  Forty places are tried in closed form
for all draws at once; no library does that.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.errors import InputError
from familyabm.lab.responses import Numbers, Response

PLACES = 40
DRAWS = 300
FEWEST_LEVELS = 5
FEWEST_LUCKS = 6
FEWEST_BLOCKS = 10
POINTS_A_TERM = 4
SURE = 0.05
BENDS, TURNS, STRAIGHT, TOO_FEW = "bends", "turns round", "no bend to be told", "too few to tell"
UNPLACED = "bends, and where cannot be told"
WIDEST = 0.6
"""The share of a setting's range that the interval of a bend's place may span, else its place is not told."""


@dataclass(frozen=True)
class Tip:
    """One measure's response to one setting.

    verdict: "bends", "turns round" (the slopes before and after have opposite signs, both clearly), "bends, and where
    cannot be told", "no bend to be told" or "too few to tell".  at, low, high: where the lines meet, and its
    interval.  before, after: slopes, in the measure's unit per unit of the setting, with intervals.  chance: how often
    a straight response would look as bent.  zero, zero_low, zero_high: where a difference between worlds changes sign;
    NaN where that cannot be told.
    curve: the fitted line (setting, value, low, high).  levels: means at each value or slice of the setting.
    """

    setting: str
    verdict: str
    at: float
    low: float
    high: float
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    chance: float
    zero: float
    zero_low: float
    zero_high: float
    curve: pd.DataFrame
    levels: pd.DataFrame


def tips(response: Response, names: list[str] | None = None) -> tuple[list[Tip], list[str]]:
    """Return each setting's tip, clearest first, and a sentence for each setting that was refused.

    A bend is claimed at 1 in 20 shared among the settings tried, so that a page of straight responses seldom claims
    one.
    """
    tried = response.numeric() if names is None else names
    found: list[Tip] = []
    refused: list[str] = []
    for name in tried:
        try:
            found.append(tip(response, name, SURE / max(1, len(tried))))
        except InputError as error:
            refused.append(str(error))
    return sorted(found, key=lambda one: (one.verdict not in (TURNS, BENDS), one.chance)), refused


def tip(response: Response, name: str, sure: float = SURE) -> Tip:
    """Return where a measure's response to a setting bends or changes sign.

    Raises InputError if the setting has fewer than five values, or cannot be told apart from another that always
    moves with it.
    """
    response.check_enough(FEWEST_LEVELS, "telling where it bends")
    setting = _setting(response, name)
    others = _others(response, name)
    table = response.table[response.whole]
    rest = table - _others_part(setting, others, table)[:, None]
    lines = _Lines(setting, rest, response, response.varied() == [name])
    chance = lines.chance()
    at, low, high = lines.meeting()
    slopes = [lines.interval(lines.fitted[place], lines.again[place]) for place in (2, 3)]
    placed = high - low <= WIDEST * np.ptp(setting)
    bent = UNPLACED if not placed else TURNS if _opposite(slopes[0], slopes[1]) else BENDS
    verdict = TOO_FEW if np.isnan(chance) else bent if chance <= sure else STRAIGHT
    shown = lines if verdict in (BENDS, TURNS) else replace(lines, bends=False)
    zero = shown.zero() if response.against else (np.nan, np.nan, np.nan)
    return Tip(name, verdict, at, low, high, slopes[0], slopes[1], chance, *zero, shown.curve(), shown.levels())


def _setting(response: Response, name: str) -> Numbers:
    if name not in response.numeric():
        raise InputError(f"{name} is not a number that varies in this study; {', '.join(response.numeric())} are.")
    setting = response.points[name].to_numpy(dtype=np.float64)[response.whole]
    n = len(np.unique(setting))
    if n < FEWEST_LEVELS:
        raise InputError(f"{name} has {n} values; a bend needs {FEWEST_LEVELS} or more.")
    return setting


def _others(response: Response, name: str) -> Numbers:
    """Return all other settings that vary, from -1/2 to 1/2 each, and their squares, shape (points, terms)."""
    kept = [other for other in response.varied() if other != name]
    points = response.coded().loc[response.whole, kept].to_numpy(dtype=np.float64)
    if points.shape[1] == 0:
        return points
    width = np.ptp(points, axis=0)
    unit = (points - points.min(axis=0)) / np.where(width > 0.0, width, 1.0) - 0.5
    return np.hstack([unit, unit**2])


def _others_part(setting: Numbers, others: Numbers, table: Numbers) -> Numbers:
    """Return what the other settings add, as far as that is a sum of parabolas; zero where points are too few."""
    knots = np.quantile(setting, (0.2, 0.4, 0.6, 0.8))
    own = np.maximum(0.0, setting[:, None] - knots)
    terms = np.hstack([np.ones((len(setting), 1)), setting[:, None], own, others])
    if others.shape[1] == 0 or len(setting) < POINTS_A_TERM * terms.shape[1]:
        return np.zeros(len(setting))
    found = np.linalg.lstsq(terms, table.mean(axis=1), rcond=None)[0]
    part: Numbers = (others - others.mean(axis=0)) @ found[-others.shape[1] :]
    return part


def _opposite(before: tuple[float, float, float], after: tuple[float, float, float]) -> bool:
    """Tell whether both slopes are clear and of opposite signs."""
    clear = all(low > 0.0 or high < 0.0 for _, low, high in (before, after))
    return clear and before[0] * after[0] < 0.0


@dataclass(frozen=True)
class _Lines:
    """Two lines that meet, fitted to points and to points drawn again.

    x: (points,).  table: (points, lucks).  of: whose points they are.  alone: nothing but x varies, so that points
    stay as they are and only lucks are drawn again.  bends: whether the lines may differ; without, they are one.
    """

    x: Numbers
    table: Numbers
    of: Response
    alone: bool
    bends: bool = True

    @cached_property
    def unit(self) -> Numbers:
        """Return the setting from 0 to 1, in which the lines are fitted."""
        unit: Numbers = (self.x - self.x.min()) / np.ptp(self.x)
        return unit

    @cached_property
    def places(self) -> Numbers:
        """Return where the lines may meet: with two values or more on each side; beyond the range if they are one."""
        if not self.bends:
            return np.array([2.0])
        levels, ends = np.unique(self.unit), np.quantile(self.unit, (0.05, 0.95))
        return np.linspace(max(levels[1], ends[0]), min(levels[-2], ends[1]), PLACES)

    @cached_property
    def fitted(self) -> Numbers:
        """Return meeting point, value at 0, both slopes and what is unexplained, shape (5,), in the setting's unit."""
        means = self.table.mean(axis=1)[None]
        return self._as_given(self._fit(np.ones_like(means), means))[:, 0]

    @cached_property
    def again(self) -> Numbers:
        """Return the same for every draw, shape (5, draws); NaN where there is nothing to draw from."""
        rng = np.random.Generator(np.random.Philox(3))
        lucks, block = self.table.shape[1], self.of.block
        blocks = int(block.max()) + 1
        if self.alone and lucks < FEWEST_LUCKS:
            return np.full((5, DRAWS), np.nan)
        picked = rng.integers(0, lucks, (DRAWS, lucks))
        values = self.table[:, picked].mean(axis=2).T
        drawn = rng.multinomial(blocks, np.full(blocks, 1.0 / blocks), DRAWS).astype(float)[:, block]
        weights = np.ones_like(drawn) if self.alone else drawn
        return self._as_given(self._fit(weights, values))

    def _as_given(self, found: Numbers) -> Numbers:
        """Turn a fit over 0 to 1 into the setting's own unit."""
        low, width = float(self.x.min()), float(np.ptp(self.x))
        return np.stack([low + width * found[0], found[1], found[2] / width, found[3] / width, found[4]])

    def _fit(self, weights: Numbers, values: Numbers) -> Numbers:
        """Fit every draw at every place and keep its best.  weights, values: (draws, points)."""
        best = np.full((5, len(values)), np.inf)
        alike = weights[:1] if np.ptp(weights) == 0.0 else weights
        weighed, squares = weights * values, (weights * values**2).sum(axis=1)
        for place in self.places:
            level, slope, turn, left = _least_squares(self._terms(place), alike, weighed, squares)
            better = left < best[4]
            best[:, better] = np.stack([np.full_like(level, place), level, slope, slope + turn, left])[:, better]
        return best

    def _terms(self, place: float) -> Numbers:
        return np.stack([np.ones_like(self.unit), self.unit, np.maximum(0.0, self.unit - place)], axis=1)

    def chance(self) -> float:
        """Return how often two lines explain as much more than one does, where the response is straight."""
        means = self.table.mean(axis=1)
        straight = self._terms(2.0)[:, :2]
        line = straight @ np.linalg.lstsq(straight, means, rcond=None)[0]
        left = means - line
        shuffled = self._noise(left)
        if shuffled is None:
            return float("nan")
        seen = float(left @ left) - float(self.fitted[4])
        one = shuffled.T - straight @ np.linalg.lstsq(straight, shuffled.T, rcond=None)[0]
        gained = (one**2).sum(axis=0) - self._fit(np.ones_like(shuffled), shuffled)[4]
        return float((1 + np.sum(gained >= seen)) / (1 + len(shuffled)))

    def _noise(self, left: Numbers) -> Numbers | None:
        """Return draws of what a straight response leaves, shape (draws, points); None if luck cannot be told."""
        rng = np.random.Generator(np.random.Philox(4))
        lucks, size = self.table.shape[1], self.of.size
        if not self.alone:
            return self._shuffled(left, size, rng) if size == 1 or self.of.block.max() + 1 >= FEWEST_BLOCKS else None
        if lucks < FEWEST_LUCKS:
            return None
        own = (self.table - self.table.mean(axis=1, keepdims=True)) * np.sqrt(lucks / (lucks - 1))
        signs = rng.choice((-1.0, 1.0), (DRAWS, lucks))
        sureness = np.sqrt((lucks - 1) / rng.chisquare(lucks - 1, DRAWS))  # few lucks tell little of luck's size
        noise: Numbers = sureness[:, None] * (signs @ own.T) / lucks
        return noise if np.ptp(noise) > 0.0 else self._shuffled(left, 1, rng)

    def _shuffled(self, left: Numbers, size: int, rng: np.random.Generator) -> Numbers:
        """Deal out what blocks of points leave among the blocks; a point without an answer leaves nothing."""
        everywhere = np.zeros(len(self.of.whole))
        everywhere[self.of.whole] = left
        dealt = [rng.permutation(everywhere.reshape(-1, size)).ravel() for _ in range(DRAWS)]
        return np.array(dealt)[:, self.of.whole]

    def meeting(self) -> tuple[float, float, float]:
        """Return where the lines meet, with its interval, no narrower than the places tried are apart."""
        at, low, high = self.interval(float(self.fitted[0]), self.again[0])
        step = float((self.places[1] - self.places[0]) * np.ptp(self.x))
        return at, low - step, high + step

    @staticmethod
    def interval(value: float, draws: Numbers) -> tuple[float, float, float]:
        """Return a figure with its interval; NaN where nothing could be drawn."""
        known = draws[np.isfinite(draws)]
        if len(known) < len(draws):
            return float(value), float("nan"), float("nan")
        low, high = np.quantile(known, (0.025, 0.975))
        return float(value), float(low), float(high)

    def at(self, found: Numbers, x: Numbers) -> Numbers:
        """Return fitted values.  found: (5,) or (5, draws); returns (..., x)."""
        place, level, before, after, _ = (part[..., None] for part in found)
        past = np.maximum(0.0, x - place)
        values: Numbers = level + before * (x - self.x.min()) + (after - before) * past
        return values

    def zero(self) -> tuple[float, float, float]:
        """Return where the fitted difference changes sign; NaN unless it does in nearly every draw, once."""
        grid = np.linspace(self.x.min(), self.x.max(), 201)
        crossings = np.array([_crossing(row, grid) for row in self.at(self.again, grid)])
        here = _crossing(self.at(self.fitted, grid), grid)
        if np.isnan(here) or not np.isfinite(crossings).mean() >= 1.0 - SURE:
            return (float("nan"),) * 3
        low, high = np.nanquantile(crossings, (0.025, 0.975))
        return here, float(low), float(high)

    def curve(self) -> pd.DataFrame:
        """Return the fitted lines with their interval at 41 places."""
        grid = np.linspace(self.x.min(), self.x.max(), 41)
        low, high = np.quantile(self.at(self.again, grid), (0.025, 0.975), axis=0)
        return pd.DataFrame({"setting": grid, "value": self.at(self.fitted, grid), "low": low, "high": high})

    def levels(self) -> pd.DataFrame:
        """Return the mean at each value of the setting, or in each of twelve slices where there are many."""
        means = pd.DataFrame({"setting": self.x, "value": self.table.mean(axis=1)})
        by = means["setting"] if means["setting"].nunique() <= 15 else pd.qcut(means["setting"], 12, labels=False)
        return means.groupby(by.to_numpy()).mean().reset_index(drop=True)


def _least_squares(
    terms: Numbers, weights: Numbers, weighed: Numbers, squares: Numbers
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Fit all draws at once by weighted least squares.

    terms: (points, 3).  weights: (draws, points), or (1, points) if all draws share them.  weighed: values times
    weights.  squares: (draws,) the sum of weights times squared values.  Returns three coefficients and what is left,
    each (draws,).
    """
    products = (terms[:, :, None] * terms[:, None, :]).reshape(len(terms), 9)
    crossed = (weights @ products).reshape(-1, 3, 3) + 1e-9 * np.eye(3)
    right = weighed @ terms
    found = np.asarray(np.linalg.solve(crossed, right[:, :, None])[:, :, 0], dtype=np.float64)
    left: Numbers = np.maximum(0.0, squares - (found * right).sum(axis=1))
    return found[:, 0], found[:, 1], found[:, 2], left


def _crossing(values: Numbers, grid: Numbers) -> float:
    """Return where values change sign, if they do so just once."""
    signs: NDArray[np.bool_] = values > 0.0
    places = np.flatnonzero(signs[1:] != signs[:-1])
    if len(places) != 1:
        return float("nan")
    place = int(places[0])
    share = values[place] / (values[place] - values[place + 1])
    return float(grid[place] + share * (grid[place + 1] - grid[place]))
