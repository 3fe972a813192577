"""Which inputs go with which outcomes, in the returns and in the model, and how much any method could tell from them.

The yardstick is a ridge regression of the returns on all inputs, fitted fold by fold without the authority it tells
of: what a table of figures can say with no model at all. Where it does better than the model, a mechanism is missing
or too weak; where neither does well, the inputs do not know.
"""

import math
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import areas
from familyabm.area_files import FIELD, FIGURES, SHARES
from familyabm.truth.outcomes import OUTCOMES, Outcome
from familyabm.truth.validation import UNACCOMPANIED
from familyabm.truth.validation_ranges import FOLDS, LEAST, Held, fold_of, off_scale, on_scale, spearman

PENALTY = 20.0
"""Penalty of the ridge regression on standardised inputs: as if 20 more authorities had shown no relation."""
MAIN = ("referral_rate", "cin_rate", "s47_rate", "cpp_rate", "cla_rate", "cla_start_rate")
"""Outcomes whose inputs are told."""
AMOUNTS = tuple(field.name for field in FIGURES if field.kind == "amount")
Numbers = NDArray[np.float64]


def inputs_of(names: list[str]) -> pd.DataFrame:
    """Return the published figures of some authorities, amounts per child, but for what is part of an outcome itself.

    NaN where the authority's own figure is not known.
    """
    columns = [field.name for field in FIGURES if field.name != UNACCOMPANIED]
    table = areas.table().set_index("la_name").loc[names, columns]
    children = areas.table().set_index("la_name").loc[names, "children_0_17"]
    for name in (name for name in AMOUNTS if name in table):
        table[name] = table[name] / children
    return table.astype("float64")


@lru_cache(maxsize=4)
def relations(held: Held) -> pd.DataFrame:
    """Return (outcome, input) rows: its rank correlation with the returns and with the model's answers."""
    names = list(held.table.rows.index)
    inputs = inputs_of(names)
    rows = [
        {"outcome": column, "input": name, "label": FIELD[name].label,
         "returns": spearman(inputs[name].to_numpy(), held.table.rows[column].to_numpy()),
         "model": spearman(inputs[name].to_numpy(), held.found.predicted.loc[names, column].to_numpy())}
        for column in MAIN
        if OUTCOMES[column] in held.table.columns
        for name in map(str, inputs)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["outcome", "input", "label", "returns", "model"])


def strongest(relations: pd.DataFrame, outcome: str, most: int = 6) -> pd.DataFrame:
    """Return the inputs that go most closely with an outcome's returns or with the model's answers."""
    rows = relations[relations["outcome"] == outcome]
    size = rows[["returns", "model"]].abs().max(axis=1)
    return rows.reindex(size.sort_values(ascending=False, kind="stable").index).head(most)


@lru_cache(maxsize=4)
def yardstick(held: Held) -> dict[str, float]:
    """Return, by outcome, the rank correlation of returns with what a regression on all inputs says, out of fold."""
    names = list(held.table.rows.index)
    return {
        outcome.column: _regressed(held.table.rows[outcome.column], outcome, names) for outcome in held.table.columns
    }


def _regressed(actual: "pd.Series[float]", outcome: Outcome, names: list[str]) -> float:
    known = [name for name in names if math.isfinite(float(actual[name]))]
    if len(known) < LEAST:
        return math.nan
    design, folds = _design(known), fold_of(known)
    returns = np.asarray(actual[known], dtype=np.float64)
    target, of = on_scale(outcome, returns), np.array([folds[name] for name in known])
    said = np.full(len(known), np.nan)
    for fold in range(FOLDS):
        said[of == fold] = _ridge(design[of != fold], target[of != fold], design[of == fold])
    return spearman(off_scale(outcome, said), returns)


def _design(names: list[str]) -> Numbers:
    """Return inputs fit for a regression: shares as they are, the rest as logarithms where above zero."""
    inputs = inputs_of(names)
    inputs["children_0_17"] = areas.table().set_index("la_name").loc[names, "children_0_17"]
    inputs = inputs.fillna(inputs.median())
    for name in inputs:
        if name not in SHARES and float(inputs[name].min()) > 0.0:
            inputs[name] = np.log(inputs[name])
    return inputs.to_numpy(dtype=np.float64)


def _ridge(known: Numbers, target: Numbers, asked: Numbers) -> Numbers:
    """Return what a ridge regression says, standardised by the rows that it is fitted to."""
    middle, spread = known.mean(axis=0), known.std(axis=0)
    kept = spread > 0.0
    x, z = ((rows[:, kept] - middle[kept]) / spread[kept] for rows in (known, asked))
    weights = np.linalg.solve(x.T @ x + PENALTY * np.eye(x.shape[1]), x.T @ (target - target.mean()))
    return np.asarray(z @ weights + target.mean())
