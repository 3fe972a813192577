"""How far the model may be from an authority it has not seen: learnt from others, with the authority's fold left out.

The range of an answer is the answer times (or plus) what others' returns were to their own answers, so it holds the
luck of both and all that neither inputs nor the model know of an authority. Where accepted sets of parameters are
lived, what they disagree on about the authority comes on top. Its quantiles are those of conformal
prediction (Vovk et al. 2005): of n others, the k-th smallest with k = floor((n + 1) x 5%), and likewise from above.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from familyabm import areas
from familyabm.truth import outcomes
from familyabm.truth.outcomes import Outcome, Table
from familyabm.truth.validation import Record, Validation

FOLDS = 7
TAIL = 0.05
LEAST = 20
"""Fewest others from which a range is learnt: with fewer, nine in ten cannot be told from all."""
SMALLEST = 0.5
"""Where ratios are taken, smaller figures count as this much."""
BOOTSTRAPS = 1000
Numbers = NDArray[np.float64]


def on_scale(outcome: Outcome, values: Numbers) -> Numbers:
    """Return figures on the scale on which differences are taken: logarithms of rates and counts, else as they are."""
    return np.log(np.maximum(values, SMALLEST)) if outcome.log else values


def off_scale(outcome: Outcome, values: Numbers) -> Numbers:
    """Return figures from that scale, within what is possible."""
    return np.minimum(np.exp(values), outcome.high) if outcome.log else np.clip(values, 0.0, outcome.high)


def fold_of(names: list[str]) -> dict[str, int]:
    """Return each authority's fold: sizes alike, the order by a hash of the name, so that nothing else decides it."""
    order = sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())
    return {name: place % FOLDS for place, name in enumerate(order)}


@dataclass(frozen=True, eq=False)
class Teachers:
    """The authorities that ranges are learnt from: the model's answers, their returns, and where both come from."""

    predicted: pd.DataFrame
    actual: pd.DataFrame
    source: str

    @cached_property
    def folds(self) -> dict[str, int]:
        """Return each authority's fold."""
        return fold_of([str(name) for name in self.predicted.index])

    def errors(self, outcome: Outcome) -> list[Numbers]:
        """Return others' returns less their answers, on the outcome's scale: without each fold, and last of all."""
        if outcome.column not in self.actual or outcome.column not in self.predicted:
            return [np.empty(0)] * (FOLDS + 1)
        known = pd.DataFrame({"p": self.predicted[outcome.column], "a": self.actual[outcome.column]}).dropna()
        returns, answers = (known[name].to_numpy(dtype=np.float64) for name in ("a", "p"))
        error, fold = (
            on_scale(outcome, returns) - on_scale(outcome, answers),
            [self.folds[name] for name in known.index],
        )
        return [error[np.array(fold) != left] for left in range(FOLDS)] + [error]


def teachers_of(found: Validation, record: Record | None) -> Teachers:
    """Return whom ranges are learnt from.

    For the packaged authorities and where there is no record of the same settings, the table's own authorities,
    fold by fold, if they are enough; else the record, without the fold of an authority that is in it.
    """
    own = Teachers(found.predicted, found.table.rows, f"the other authorities of {found.table.where}, fold by fold")
    if record is None or (_enough(found) and found.asked.table.packaged):
        return own
    source = f"{len(record.predicted)} authorities of the package's record, each told of without its own fold"
    told = Teachers(record.predicted, outcomes.packaged().rows, source)
    if record.parameters == found.asked.parameters or not _enough(found):
        return told
    return own


def _enough(found: Validation) -> bool:
    """Tell whether a range can be learnt from a table's own authorities: enough are left without the largest fold."""
    n = len(found.predicted)
    return n - math.ceil(n / FOLDS) >= LEAST


def note(found: Validation, record: Record | None) -> str:
    """Say where ranges cannot hold what they should: no record of these settings, or fewer children than its."""
    asked = found.asked
    if asked.table.packaged and _enough(found):
        return ""
    if record is None or record.parameters != asked.parameters:
        what = "There is no record of the packaged authorities" if record is None else "The record has other settings"
        return f"{what}; `familyabm validate --record FILE` makes one."
    if asked.children < 0.99 * record.children:
        return (
            f"{asked.children:,.0f} children of an average authority are lived here, and {record.children:,.0f} were "
            "for the record that ranges are learnt from: answers are less sure than their ranges say."
        )
    return ""


def ends(errors: Numbers) -> tuple[float, float]:
    """Return the errors within which nine in ten of those to come lie; NaN where too few are known."""
    n = len(errors)
    if n < LEAST:
        return math.nan, math.nan
    ordered = np.sort(errors)
    below = max(1, math.floor((n + 1) * TAIL))
    return float(ordered[below - 1]), float(ordered[n - below])


def _learnt(errors: Numbers, unknown: Numbers) -> tuple[float, float, float, float]:
    """Return the ends of a range, its middle and the errors' spread; NaN where too few are known.

    unknown: what settings leave open about the authority; every error is taken with every one of them.
    """
    if len(errors) < LEAST:
        return math.nan, math.nan, math.nan, math.nan
    return *ends((errors[:, None] + unknown).ravel()), float(np.median(errors)), float(errors.std()) or math.nan


@dataclass(frozen=True, eq=False)
class Held:
    """A validation with its ranges: what is told of it on pages, in JSON and in the documentation."""

    found: Validation
    teachers: Teachers

    @property
    def table(self) -> Table:
        """Return the outcomes compared."""
        return self.found.table

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Return (outcome, authority) rows: predicted, low, high, actual, inside, error and its size in spreads."""
        return pd.concat([self._rows_of(outcome) for outcome in self.table.columns], ignore_index=True)

    def _rows_of(self, outcome: Outcome) -> pd.DataFrame:
        names = list(self.table.rows.index)
        predicted = self.found.predicted.loc[names, outcome.column].to_numpy(dtype=np.float64)
        actual = self.table.rows.loc[names, outcome.column].to_numpy(dtype=np.float64)
        errors = self.teachers.errors(outcome)
        folds = [self.teachers.folds.get(name, FOLDS) for name in names]
        unknown = [self._unknown(outcome, name) for name in names]
        learnt = [_learnt(errors[fold], apart) for fold, apart in zip(folds, unknown, strict=True)]
        low, high, middle, spread = np.array(learnt).T
        at = on_scale(outcome, predicted)
        frame = pd.DataFrame(
            {"outcome": outcome.column, "area": names, "predicted": predicted,
             "levelled": off_scale(outcome, at + middle), "low": off_scale(outcome, at + low),
             "high": off_scale(outcome, at + high), "actual": actual}
        )  # fmt: skip
        known = frame["low"].notna() & frame["actual"].notna()
        within = (frame["low"] <= frame["actual"]) & (frame["actual"] <= frame["high"])
        frame["inside"] = within.where(known)
        frame["miss"] = (on_scale(outcome, actual) - at - middle) / spread
        return frame

    def _unknown(self, outcome: Outcome, name: str) -> Numbers:
        """Return how far accepted sets of parameters lie from their mean for an authority; nought with only one."""
        if self.found.asked.members == 1:
            return np.zeros(1)
        members = self.found.by_member.loc[[name], outcome.column].dropna()
        answers = on_scale(outcome, members.to_numpy(dtype=np.float64))
        return np.asarray(answers - answers.mean()) if len(answers) else np.zeros(1)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Return a row per outcome; see `_summary`."""
        rows = [self._summary(outcome) for outcome in self.table.columns]
        return pd.DataFrame(rows)

    @cached_property
    def _children(self) -> "pd.Series[float]":
        return areas.table().set_index("la_name")["children_0_17"]

    @property
    def told(self) -> list[Any]:
        """Return the rows of the summary, each with its columns as names."""
        return list(self.summary.itertuples())

    def _summary(self, outcome: Outcome) -> dict[str, object]:
        """Return how near the model comes: ranks, errors, level, spread, coverage and what luck leaves.

        level: mean answer to mean return, weighted by children.  spread: standard deviation between authorities of
        the answers to that of the returns, on the outcome's scale.  luck: share of the answers' variance that is
        luck.  levelled: error once the others' median error is taken off.
        """
        rows = self.rows[(self.rows["outcome"] == outcome.column)].dropna(subset=["actual", "predicted"])
        low, high = spearman_range(rows["predicted"].to_numpy(), rows["actual"].to_numpy())
        answers, returns = (on_scale(outcome, rows[name].to_numpy()) for name in ("predicted", "actual"))
        children = self._children.loc[rows["area"]].to_numpy(dtype=np.float64)
        means = [float(np.average(rows[name], weights=children)) for name in ("predicted", "actual")]
        return {
            "outcome": outcome.column, "title": outcome.title, "unit": outcome.unit, "n": len(rows),
            "predicted": means[0], "actual": means[1], "level": means[0] / means[1] if means[1] else math.nan,
            "spearman": spearman(rows["predicted"].to_numpy(), rows["actual"].to_numpy()), "spearman_low": low,
            "spearman_high": high, "error": float((rows["predicted"] - rows["actual"]).abs().mean()),
            "levelled": float((rows["levelled"] - rows["actual"]).abs().mean()),
            "coverage": float(100.0 * rows["inside"].dropna().astype(float).mean()),
            "spread": float(answers.std() / returns.std()) if len(rows) > 2 and returns.std() > 0.0 else math.nan,
            "luck": self._luck(outcome, answers),
        }  # fmt: skip

    def _luck(self, outcome: Outcome, answers: Numbers) -> float:
        """Return the share of the answers' variance that is luck: between seeds, each of which has every member."""
        by_run = self.found.by_run[outcome.column].dropna()
        runs = pd.Series(on_scale(outcome, by_run.to_numpy()), by_run.index)
        scaled = runs.groupby(level=["la_name", "seed"]).mean().groupby(level="la_name")
        left = float((scaled.var(ddof=1) / scaled.count()).mean())
        whole = float(answers.var(ddof=1)) if len(answers) > 1 else math.nan
        return min(1.0, left / whole) if whole > 0.0 else math.nan

    def misses(self, outcome: Outcome, most: int = 3) -> pd.DataFrame:
        """Return the authorities furthest from their answers, in spreads of others' errors."""
        rows = self.rows[self.rows["outcome"] == outcome.column].dropna(subset=["miss"])
        return rows.reindex(rows["miss"].abs().sort_values(ascending=False, kind="stable").index).head(most)


def spearman(one: Numbers, other: Numbers) -> float:
    """Return the rank correlation; NaN for fewer than three, or where all are alike."""
    known = np.isfinite(one) & np.isfinite(other)
    if known.sum() < 3:
        return math.nan
    ranks = [rankdata(values[known]) for values in (one, other)]
    if min(rank.std() for rank in ranks) == 0.0:
        return math.nan
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def spearman_range(one: Numbers, other: Numbers) -> tuple[float, float]:
    """Return the range in which the rank correlation lies 95 times in 100, had other authorities been drawn."""
    n = len(one)
    if n < LEAST or min(np.ptp(one), np.ptp(other)) == 0.0:
        return math.nan, math.nan
    draws = np.random.Generator(np.random.Philox(1)).integers(0, n, (BOOTSTRAPS, n))
    x, y = (rankdata(values[draws], axis=1) - (n + 1) / 2.0 for values in (one, other))
    low, high = np.quantile((x * y).sum(axis=1) / np.sqrt((x * x).sum(axis=1) * (y * y).sum(axis=1)), (0.025, 0.975))
    return float(low), float(high)
