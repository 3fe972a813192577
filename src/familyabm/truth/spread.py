"""Two worlds under many accepted settings: what does not go away with more luck.

Each set has a past of its own; both worlds share it, and all sets share their lucks, so that a difference within a set
is one of pairs and a difference between sets is one of settings, but for what little luck is left in a set's mean.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import lives, simulation, what_if
from familyabm.errors import InputError
from familyabm.levers import Scenario
from familyabm.lives import Done
from familyabm.parameters import REGISTER, Parameters
from familyabm.simulation import Snapshot
from familyabm.truth import ensemble

LUCKS = 2
"""Lucks of each set, unless more are asked for."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """What two worlds came to under each set.

    ends: (sets, lucks, 2, outcomes).  outcomes: as in `lives.OUTCOMES`.  sets: the parameters, in the same order.
    """

    snapshot: Snapshot
    years: int
    asked: int
    sets: tuple[Parameters, ...] = field(repr=False)
    ends: Numbers = field(repr=False)
    address: str = ""
    outcomes: tuple[str, ...] = lives.OUTCOMES

    @property
    def n(self) -> int:
        """Return the number of sets lived."""
        return len(self.ends)

    @property
    def lucks(self) -> int:
        """Return the lucks of each set."""
        return int(self.ends.shape[1])

    def differences(self, outcome: str) -> Numbers:
        """Return b - a of an outcome: (sets, lucks)."""
        ends = self.ends[:, :, :, self.outcomes.index(outcome)]
        return np.asarray(ends[:, :, 1] - ends[:, :, 0])

    def drivers(self, outcome: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the settings whose values go most with a set's difference: (address, rank correlation).

        Only those that would hardly be among so many by chance (5 in 100 for all together, by Bonferroni).
        """
        mean = np.nanmean(self.differences(outcome), axis=1)
        names = [address for address in REGISTER if len({chosen[address] for chosen in self.sets}) > 1]
        if self.n < 8 or not names or np.isnan(mean).any() or np.ptp(mean) == 0.0:
            return []
        ranks = pd.DataFrame({name: [p[name] for p in self.sets] for name in names}).rank()
        with_it = ranks.corrwith(pd.Series(mean).rank()).dropna()
        foremost = with_it.reindex(with_it.abs().sort_values(ascending=False).index).head(most)
        least = _by_chance(self.n, len(names))
        return [(str(name), float(value)) for name, value in foremost.items() if abs(value) >= least]


def _by_chance(n: int, tried: int) -> float:
    """Return the correlation over n sets that the largest of so many would exceed 1 time in 20 by chance."""
    from scipy.stats import t

    high = float(t.isf(0.025 / tried, n - 2))
    return high / float(np.sqrt(n - 2 + high**2))


def apart(difference: Numbers) -> dict[str, float]:
    """Tell settings and luck apart in differences of (sets, lucks); sets in which something is missing are left out.

    The variance between sets' means holds a share of luck, 1 / lucks of that within sets, which is taken off; sets'
    means are drawn towards their middle accordingly (one-way analysis of variance with random effects).
    """
    known = difference[~np.isnan(difference).any(axis=1)]
    names = ("difference", "settings_low", "settings_high", "settings", "luck")
    if len(known) < 2:
        return dict.fromkeys(names, float("nan"))
    means = known.mean(axis=1)
    within = float(known.var(axis=1, ddof=1).mean()) if known.shape[1] > 1 else 0.0
    between = float(means.var(ddof=1))
    settings = max(0.0, between - within / known.shape[1])
    drawn = shrunk(means, settings, between)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return dict(zip(names, (float(means.mean()), float(low), float(high), settings**0.5, within**0.5), strict=True))


def shrunk(means: Numbers, settings: float, between: float) -> Numbers:
    """Return sets' means drawn to their middle so that their variance is that of settings alone."""
    share = (settings / between) ** 0.5 if between > 0.0 else 0.0
    return np.asarray(means.mean() + share * (means - means.mean()))


def lived(
    snapshot: Snapshot, a: Scenario, b: Scenario, n: int, *, years: int, lucks: int = LUCKS,
    workers: int | None = None, done: Done | None = None,
) -> Spread:  # fmt: skip
    """Live two worlds under n accepted sets of settings; Ctrl-C keeps the sets that are whole.

    snapshot: of the comparison as it is; settings that it moves from their defaults stay as they are.
    """
    kept, parameters = [], []
    for chosen, ends in _each(snapshot, a, b, n, years, lucks, workers):
        kept.append(ends)
        parameters.append(chosen)
        if done is not None:
            done(len(kept), n)
    if len(kept) < 2:
        raise InputError(f"fewer than two of the {n} sets of settings had been lived when it was stopped.")
    address = simulation._hash(snapshot.address, a.as_address(), b.as_address(), years, lucks,
                               [one.address for one in parameters])  # fmt: skip
    return Spread(snapshot, years, n, tuple(parameters), np.array(kept), address)


def _each(
    snapshot: Snapshot, a: Scenario, b: Scenario, n: int, years: int, lucks: int, workers: int | None
) -> Iterator[tuple[Parameters, Numbers]]:
    try:
        for chosen in ensemble.sets(n, snapshot.parameters):
            past = simulation.live_past(snapshot.area, chosen, snapshot.seed, snapshot.scale)
            yield chosen, what_if.both(past, a, b, years, lucks, lives.OUTCOMES, workers)
    except KeyboardInterrupt:
        return
