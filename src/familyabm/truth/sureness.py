"""How sure a comparison is: luck, unknown settings, what is left out; signs that may be wrong, and runs still needed.

Everything here is worked out from differences that have been lived; nothing is assumed about what was not run.
"""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import measures
from familyabm.takeouts import TAKE_OUTS
from familyabm.truth import spread
from familyabm.truth.spread import Spread
from familyabm.what_if import CHANGES_SIGN, WhatIf
from familyabm.worlds import MAX_RUNS, Comparison

Numbers = NDArray[np.float64]
USABLE = 0.5
"""An answer is usable when the mean's 95% interval reaches no farther either way than this share of the difference."""
FEWEST = 6


@dataclass(frozen=True)
class Sure:
    """How sure a comparison is, as far as that was tried.

    spread: the worlds under other settings.  contested: without each assumption that drives the result.
    """

    comparison: Comparison = field(repr=False)
    spread: Spread | None = field(default=None, repr=False)
    contested: WhatIf | None = field(default=None, repr=False)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return one row per measure.

        difference: mean over pairs.  luck_low, luck_high: where 95 of 100 pairs lie.  settings_low, settings_high:
        where 95 of 100 sets of settings lie, luck taken off; NaN without a spread.  wrong: the chance that the mean
        difference has the other sign.  needed: pairs in all for a usable answer, infinite where more than can be run,
        NaN where it is not known.
        share: of the variance, that is settings'.
        """
        rows = [self._row(name) for name in measures.MEASURES]
        return pd.DataFrame(rows).set_index("measure")

    @cached_property
    def _pairs(self) -> dict[str, Numbers]:
        """Return the pairs' differences of each measure."""
        groups = self.comparison.by_pair.dropna(subset=["difference"]).groupby("measure", sort=False)["difference"]
        return {str(name): differences.to_numpy(dtype=float) for name, differences in groups}

    def _row(self, name: str) -> dict[str, Any]:
        pairs = self._pairs.get(name, np.empty(0))
        whole = self.comparison.table.loc[name]
        row: dict[str, Any] = {
            "measure": name, "title": whole["title"], "unit": whole["unit"], "difference": whole["difference"],
            "luck_low": whole["low"], "luck_high": whole["high"],
        }  # fmt: skip
        other = None if self.spread is None else self.spread.differences(name)
        between = spread.apart(other) if other is not None else {}
        row |= {end: between.get(end, float("nan")) for end in ("settings_low", "settings_high")}
        row |= {"wrong": wrong(pairs, other), "needed": needed(pairs)}
        luck, settings = between.get("luck", 0.0) ** 2, between.get("settings", 0.0) ** 2
        return row | {"share": settings / (luck + settings) if luck + settings > 0.0 else float("nan")}

    def row(self, name: str) -> dict[str, Any]:
        """Return a measure's row."""
        return {column: value for column, value in self._row(name).items() if column != "measure"}

    def flips(self, outcome: str) -> list[str]:
        """Return the assumptions without which an outcome's difference turns round."""
        if self.contested is None:
            return []
        rows = self.contested.table
        turned = rows[(rows["outcome"] == outcome) & (rows["became"] == CHANGES_SIGN)]
        return [TAKE_OUTS[name].says for name in turned["assumption"]]

    def further(self, name: str) -> float:
        """Return how many pairs are still needed for a usable answer, as `needed` says."""
        return still_needed(float(self.row(name)["needed"]), self.comparison.runs)


def wrong(pairs: Numbers, sets: Numbers | None = None) -> float:
    """Return the chance that the true mean difference has the other sign than the mean of the pairs.

    pairs: (pairs,) differences with the settings as they come.  sets: (sets, lucks) differences under other settings.
    Student's t for luck; over sets, the mean of that chance at each set's own difference, luck taken off.  NaN if it
    cannot be told, or nothing moved in any pair.
    """
    from scipy.stats import t

    if len(pairs) < 2:
        return float("nan")
    mean, error = float(pairs.mean()), float(pairs.std(ddof=1)) / math.sqrt(len(pairs))
    if mean == 0.0:
        return float("nan") if error == 0.0 else 0.5  # what is the same in every pair has no sign
    if sets is None or len(sets[~np.isnan(sets).any(axis=1)]) < 2:
        return float(t.sf(abs(mean) / error, len(pairs) - 1)) if error > 0.0 else 0.0
    own = _of_sets(sets) * np.sign(mean)
    if error == 0.0:
        return float(np.mean(own < 0.0))
    return float(t.sf(own / error, len(pairs) - 1).mean())


def _of_sets(sets: Numbers) -> Numbers:
    """Return each set's own mean difference, luck taken off."""
    known = sets[~np.isnan(sets).any(axis=1)]
    means, between = known.mean(axis=1), float(known.mean(axis=1).var(ddof=1))
    settings = spread.apart(sets)["settings"] ** 2
    return spread.shrunk(means, settings, between)


def still_needed(in_all: float, had: int) -> float:
    """Return how many of the pairs needed in all are still to be lived; NaN where that is not known."""
    return in_all if math.isnan(in_all) else max(0.0, in_all - had)


def needed(pairs: Numbers) -> float:
    """Return the pairs needed in all for a usable answer; infinite where more than can be run, NaN if not known.

    The interval of a mean of n pairs reaches 1.96 sd / sqrt(n) either way.
    """
    if len(pairs) < 2:
        return float("nan")
    mean, deviation = float(pairs.mean()), float(pairs.std(ddof=1))
    if deviation == 0.0:
        return float(FEWEST)
    if mean == 0.0:
        return math.inf
    n = max(float(FEWEST), math.ceil((1.96 * deviation / (USABLE * abs(mean))) ** 2))
    return n if n <= MAX_RUNS else math.inf
