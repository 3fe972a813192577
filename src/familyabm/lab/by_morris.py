"""Morris's elementary effects by SALib: how far a measure moves, on average, when one setting moves its range.

mu* is the mean of the absolute effects (Campolongo et al. 2007, doi:10.1016/j.envsoft.2006.10.004), sigma their
spread: a setting with much of both interacts or bends.  Luck adds to |effect|, so each setting has a floor: what
mu* would be on average from luck alone.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from SALib.analyze import morris

from familyabm.errors import InputError
from familyabm.lab.blocks import Blocks, whole_blocks
from familyabm.lab.chance import RESAMPLES
from familyabm.lab.responses import Numbers, Response

FEWEST = 4


def effects(response: Response, levels: int) -> tuple[pd.DataFrame, Blocks]:
    """Return one row per setting with its effects in the measure's own unit, and the trajectories used.

    Columns: index, low, high (mu*), mu, sigma, floor.  levels: of the design's grid.
    """
    names = list(response.points.columns)
    blocks = whole_blocks(response, response.size, "trajectories", FEWEST)
    settings = response.coded().to_numpy(dtype=np.float64)[blocks.rows]
    moved = _moved(settings)
    values = response.table[blocks.rows]
    found = morris.analyze(
        _problem(response), settings.reshape(-1, len(names)), values.mean(axis=2).ravel(), num_levels=levels,
        num_resamples=RESAMPLES, seed=np.random.default_rng(1),
    )  # fmt: skip
    star, half = np.asarray(found["mu_star"], dtype=float), np.asarray(found["mu_star_conf"], dtype=float)
    columns = {
        "index": star, "low": np.maximum(0.0, star - half), "high": star + half,
        "mu": np.asarray(found["mu"], dtype=float), "sigma": np.asarray(found["sigma"], dtype=float),
        "floor": _floor(values, moved, levels),
    }  # fmt: skip
    return pd.DataFrame(columns, index=pd.Index(names, name="name")), blocks


def _problem(response: Response) -> dict[str, object]:
    points = response.coded()
    bounds = [[float(points[name].min()), float(points[name].max())] for name in points]
    names = [str(name) for name in points]
    return {"num_vars": len(names), "names": names, "bounds": bounds, "groups": None}


def _moved(settings: Numbers) -> NDArray[np.int64]:
    """Return which setting each step moved, shape (trajectories, settings); InputError if a step moved not just one."""
    changed = np.diff(settings, axis=1) != 0.0
    once = (changed.sum(axis=2) == 1).all() and (changed.sum(axis=1) == 1).all()
    if not once:
        raise InputError("the study's points are no Morris design: every step must move one setting, and each once.")
    which: NDArray[np.int64] = changed.argmax(axis=2)
    return which


def _floor(values: Numbers, moved: NDArray[np.int64], levels: int) -> Numbers:
    """Return mu* that luck alone would give each setting: sqrt(2 / pi) times the error of one effect.

    values: (trajectories, size, lucks); NaN with one luck.
    """
    lucks = values.shape[2]
    if lucks == 1:
        return np.full(moved.shape[1], np.nan)
    delta = levels / (2.0 * (levels - 1))
    spread = np.diff(values, axis=1).var(axis=2, ddof=1) / lucks
    by_setting = np.array([spread[moved == place].mean() for place in range(moved.shape[1])])
    floor: Numbers = np.sqrt(2.0 / np.pi * by_setting) / delta
    return floor
