"""Sobol's first-order and total indices on Saltelli's design, by SALib's estimators, with luck taken off.

First: the share of the settings' variance that goes if one setting is known.  Total: the share that stays if all
others are known.  S_j = mean(f(B) (f(AB_j) - f(A))) / V and T_j = mean((f(A) - f(AB_j))^2) / (2 V): Saltelli et al.
2010, doi:10.1016/j.cpc.2009.09.018.  f is the response without luck, see `chance.across`.
"""

import numpy as np
import pandas as pd
from SALib.analyze.sobol import first_order, separate_output_values, total_order

from familyabm.errors import InputError
from familyabm.lab.blocks import Blocks, whole_blocks
from familyabm.lab.chance import RESAMPLES, across, draws
from familyabm.lab.responses import Numbers, Response

FEWEST = 16
SURE = 0.975
LEAST = 0.01
"""A total index that may be below this is not told apart from nothing: 1% of the variance."""


def indices(response: Response, second_order: bool) -> tuple[pd.DataFrame, Blocks]:
    """Return one row per setting with its indices and intervals over blocks, and the blocks used.

    Columns: index, low, high (total), first, first_low, first_high, floor.  Raises InputError if too few blocks are
    whole, or if luck explains all that differs.
    """
    names = list(response.points.columns)
    blocks = whole_blocks(response, response.size, "Saltelli blocks", FEWEST)
    ends = _ends(response.table[blocks.rows], second_order)
    own, again = _parts(ends), np.array([_parts(ends[pick]) for pick in draws(len(ends), RESAMPLES).T])
    if not own[0, 0] > 0.0 or np.mean(again[:, 0, 0] > 0.0) < SURE:
        raise InputError(
            f"{response.measure}: luck may explain all that differs between points; more lucks a point are needed."
        )
    first, total = own[1] / own[0], own[2] / own[0]
    fit = again[again[:, 0, 0] > 0.0]
    resampled = fit[:, 1:] / fit[:, :1]
    spread = np.quantile(resampled, (0.025, 0.975), axis=0)
    columns = {
        "index": total, "low": spread[0, 1], "high": spread[1, 1],
        "first": first, "first_low": spread[0, 0], "first_high": spread[1, 0], "floor": LEAST,
    }  # fmt: skip
    return pd.DataFrame(columns, index=pd.Index(names, name="name")), blocks


def _ends(values: Numbers, second_order: bool) -> Numbers:
    """Take the values at A, B and every AB_j apart.  values: (blocks, size, lucks); returns (blocks, lucks, 2 + D)."""
    n, size, lucks = values.shape
    settings = (size - 2) // (2 if second_order else 1)
    apart = np.empty((n, lucks, 2 + settings))
    for luck in range(lucks):
        a, b, ab, _ = separate_output_values(values[:, :, luck].ravel(), settings, n, second_order)
        apart[:, luck, 0], apart[:, luck, 1], apart[:, luck, 2:] = a, b, ab
    centred: Numbers = apart - apart.mean()
    return centred


def _parts(ends: Numbers) -> Numbers:
    """Return the variance, and what stands above the line in both indices, free of luck.

    ends: (blocks, lucks, 2 + D).  Returns (3, D): variance, first, total.
    """
    return across(_quadratic, ends)


def _quadratic(ends: Numbers) -> Numbers:
    """Work out the three figures for one luck, or for means.  ends: (blocks, 2 + D)."""
    a, b = ends[:, 0], ends[:, 1]
    both = np.concatenate([a, b])
    variance = float(both.var())
    rows = np.full((3, ends.shape[1] - 2), variance)
    if np.ptp(both) <= np.finfo(float).eps:  # SALib warns of it; there is nothing to share out
        return np.zeros_like(rows)
    for place in range(rows.shape[1]):
        ab = ends[:, 2 + place]
        rows[1, place] = variance * float(first_order(a, ab, b))
        rows[2, place] = variance * float(total_order(a, ab, b))
    return rows
