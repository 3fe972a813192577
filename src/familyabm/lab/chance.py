"""How much of what differs between runs is luck, told apart by how far two lucks agree about the points.

Every point has the same lucks. Whatever two different lucks have in common over the points is the settings' doing;
the rest is chance. So V = mean over pairs of lucks of the covariance over points, and what luck adds to the same
figure worked out from means is taken off. With one luck nothing can be told apart.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from familyabm.lab.responses import Numbers

RESAMPLES = 400


@dataclass(frozen=True)
class Chance:
    """Shares of variance that are luck's: of single runs, and of the means over lucks that were analysed.

    share, low, high: of single runs, with a bootstrap interval over blocks of points; NaN with one luck.
    in_means: of the means.  lucks: how many there were.
    """

    share: float
    low: float
    high: float
    in_means: float
    lucks: int


def across(quadratic: Callable[[Numbers], Numbers], table: Numbers) -> Numbers:
    """Work out a quadratic figure of the settings' own response, free of luck.

    quadratic: a figure that is a sum of products of two values, such as a variance; it takes (points, ...) of one
    luck and returns any shape.  table: (points, lucks, ...).  Returns mean over pairs of different lucks of the
    figure with one factor from each: (L^2 q(mean) - sum q(each)) / (L (L - 1)); q itself where L = 1.
    """
    lucks = table.shape[1]
    whole = quadratic(table.mean(axis=1))
    if lucks == 1:
        return whole
    each = sum((quadratic(table[:, luck]) for luck in range(lucks)), start=np.zeros_like(whole))
    free: Numbers = (lucks**2 * whole - each) / (lucks * (lucks - 1))
    return free


def variance(values: Numbers) -> Numbers:
    """Return the variance over points, with n - 1 below the line."""
    return np.asarray(values.var(axis=0, ddof=1))


def chance_of(table: Numbers, block: NDArray[np.int64]) -> Chance:
    """Return luck's shares.  table: (points, lucks), whole points only.  block: (points,), see `resamples`."""
    lucks = table.shape[1]
    if lucks == 1:
        return Chance(np.nan, np.nan, np.nan, np.nan, 1)
    shares = np.array([_share(table[pick]) for pick in resamples(block)])
    low, high = np.quantile(shares, (0.025, 0.975))
    means = float(variance(table.mean(axis=1)))
    own = float(across(variance, table))
    in_means = min(1.0, max(0.0, 1.0 - own / means)) if means > 0.0 else np.nan
    return Chance(_share(table), float(low), float(high), in_means, lucks)


def _share(table: Numbers) -> float:
    """Return 1 less the settings' own variance over that of single runs, within 0 and 1."""
    total = float(variance(table).mean() + table.mean(axis=0).var(ddof=1))
    own = float(across(variance, table))
    return min(1.0, max(0.0, 1.0 - own / total)) if total > 0.0 else 0.0


def resamples(block: NDArray[np.int64], times: int = RESAMPLES) -> Iterator[NDArray[np.int64]]:
    """Draw whole blocks with replacement, and return the places of their points each time.

    block: (points,) each point's block from 0.  Points of one block are alike, so that they are drawn together.
    """
    ends = np.cumsum(np.bincount(block))
    members = np.split(np.argsort(block, kind="stable"), ends[:-1])
    for pick in draws(len(members), times).T:
        yield np.concatenate([members[place] for place in pick])


def draws(n: int, times: int, seed: int = 1) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """Return places to resample n things with replacement, shape (n, times); the same ones each time it is asked."""
    return np.random.Generator(np.random.Philox(seed)).integers(0, n, (n, times))
