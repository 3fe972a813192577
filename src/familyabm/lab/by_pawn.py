"""PAWN: how far a measure's distribution moves when one setting is held in a slice of its range; for any design.

The index is the median over slices of the Kolmogorov-Smirnov distance between the measure there and everywhere
(Pianosi and Wagener 2018, doi:10.1016/j.envsoft.2018.07.019).  A distance is never zero, so each index stands beside
a floor: what 95 of 100 settings that do nothing would stay under, told from the setting's own values dealt out anew
among the blocks of points.  SALib's PAWN is not used: it leaves the highest points out, all of them where a setting
has two levels, and works out an exact p-value that nobody reads.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.lab.chance import RESAMPLES, resamples
from familyabm.lab.responses import Numbers, Response

SLICES = 10
FEWEST_IN_SLICE = 8
FEWEST = 30


def indices(response: Response) -> pd.DataFrame:
    """Return one row per varied setting: index, low, high (bootstrap over blocks of points), highest (slice) and floor.

    Raises InputError if fewer than 30 points count.
    """
    response.check_enough(FEWEST)
    names, means = response.varied(), response.means
    points = response.coded()
    rows = [_row(means, slices_of(points[name].to_numpy(dtype=np.float64)), response) for name in names]
    return pd.DataFrame(rows, index=pd.Index(names, name="name"))


def slices_of(setting: Numbers) -> NDArray[np.int64]:
    """Return each point's slice: its level where there are few, else one of at most ten with equally many points."""
    slices = max(2, min(SLICES, len(setting) // FEWEST_IN_SLICE))
    levels, codes = np.unique(setting, return_inverse=True)
    if len(levels) <= slices:
        return codes.astype(np.int64)
    return np.asarray(pd.qcut(setting, slices, labels=False, duplicates="drop"), dtype=np.int64)


def _row(means: Numbers, everywhere: NDArray[np.int64], response: Response) -> dict[str, float]:
    """Work out one setting.  means: of whole points.  everywhere: slices of all points."""
    slices = everywhere[response.whole]
    distances = _distances(means, slices)
    again = [float(np.median(_distances(means[pick], slices[pick]))) for pick in resamples(response.block)]
    rng = np.random.Generator(np.random.Philox(2))
    by_block = everywhere.reshape(-1, response.size)
    mixed = (rng.permutation(by_block).ravel()[response.whole] for _ in range(RESAMPLES))
    nothing = [float(np.median(_distances(means, other))) for other in mixed]
    bias = float(np.mean(again)) - float(np.median(distances))
    low, high = np.quantile(again, (0.025, 0.975)) - bias
    index = float(np.median(distances))
    return {
        "index": index, "low": max(0.0, min(index, float(low))), "high": min(1.0, max(index, float(high))),
        "highest": float(distances.max()), "floor": float(np.quantile(nothing, 0.95)),
    }  # fmt: skip


def _distances(means: Numbers, slices: NDArray[np.int64]) -> Numbers:
    """Return each slice's largest gap between its own distribution and all points', shape (slices,)."""
    order = np.argsort(means, kind="stable")
    here = np.zeros((int(slices.max()) + 1, len(means)))
    here[slices[order], np.arange(len(means))] = 1.0
    sizes = here.sum(axis=1)
    kept = here[sizes > 0.0]
    within = kept.cumsum(axis=1) / sizes[sizes > 0.0][:, None]
    gaps = np.abs(within - np.arange(1, len(means) + 1) / len(means))
    last = np.append(np.diff(means[order]) > 0.0, True)  # tied values are one step
    distances: Numbers = gaps[:, last].max(axis=1)
    return distances
