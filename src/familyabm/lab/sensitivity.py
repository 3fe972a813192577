"""Which settings move a measure most, with what is luck told apart, and how good the evidence for each is.

Sobol and Morris need studies designed so; PAWN takes any. What cannot be told is refused in a sentence.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from familyabm.errors import InputError, nearest
from familyabm.lab import by_morris, by_pawn, by_sobol
from familyabm.lab.chance import Chance, chance_of
from familyabm.lab.designs import Design
from familyabm.lab.responses import Response, named, response

METHODS = ("auto", "morris", "sobol", "pawn")
CALLED = {"sobol": "total Sobol index", "morris": "mean absolute effect (mu*)", "pawn": "PAWN index"}


@dataclass(frozen=True)
class Sensitivity:
    """One measure's sensitivities.

    table: one row a setting, the largest first: title, kind, unit, grade, index, low, high, floor, way (rank
    correlation with the measure), matters (the whole interval lies above the floor), and the method's own columns.
    left_out: what was left out for want of an answer, in words; nothing if nothing was.
    """

    response: Response = field(repr=False)
    method: str
    table: pd.DataFrame
    chance: Chance
    left_out: str = ""

    def assumptions(self, grade: str = "D") -> pd.DataFrame:
        """Return the parameters whose evidence has this grade, the one that matters most first."""
        return self.table[(self.table["kind"] == "parameter") & (self.table["grade"] == grade)]


def sensitivity(
    results: Any, measure: str, world: str | None = None, against: str | None = None, area: str | None = None,
    method: str = "auto",
) -> Sensitivity:  # fmt: skip
    """Return which settings of a study move a measure, by the method asked for or the one the design is for.

    results: a StudyResults.  Raises InputError if the design does not fit the method, or too few points have answers.
    """
    return of_response(response(results, measure, world, against, area), results.study.design, method)


def of_response(response: Response, design: Design, method: str = "auto") -> Sensitivity:
    """Return the sensitivities of a response that has been read."""
    chosen = _method(method, design)
    response.check_enough()
    if chosen == "sobol":
        table, blocks = by_sobol.indices(response, design.second_order)
    elif chosen == "morris":
        table, blocks = by_morris.effects(response, design.levels)
    else:
        table, blocks = by_pawn.indices(response), None
    left_out = _left_out(response) if blocks is None else blocks.sentence()
    if blocks is None:
        chance = chance_of(response.table[response.whole], response.block)
    else:
        n, size = blocks.rows.shape
        chance = chance_of(response.table[blocks.rows.ravel()], np.repeat(np.arange(n), size))
    return Sensitivity(response, chosen, _dressed(table, response), chance, left_out)


def _method(method: str, design: Design) -> str:
    if method not in METHODS:
        raise InputError(
            f"method = {method!r} is not known{nearest(method, METHODS)}; {', '.join(METHODS)} are accepted."
        )
    if method == "auto":
        return design.kind if design.kind in ("sobol", "morris") else "pawn"
    if method != "pawn" and method != design.kind:
        raise InputError(
            f"method = {method!r} needs a study designed so, and this one's design is {design.kind}; "
            "auto or pawn would be accepted."
        )
    return method


def _left_out(response: Response) -> str:
    if response.lost.empty:
        return ""
    return f"{len(response.lost)} of {len(response.points)} points were left out{named(response.lost)}."


def _dressed(table: pd.DataFrame, response: Response) -> pd.DataFrame:
    """Put each setting's words and evidence beside its index, and the largest first."""
    told = response.factors.reindex(table.index)[["title", "kind", "unit", "grade", "low", "high"]]
    told = told.rename(columns={"low": "setting_low", "high": "setting_high"})
    points = response.coded().loc[response.whole]
    means = pd.Series(response.means, index=points.index)
    way = [_rank_correlation(points[name], means) for name in table.index]
    whole = told.join(table).assign(way=way, matters=table["low"] > table["floor"].fillna(0.0))
    return whole.sort_values("index", ascending=False, kind="stable")


def _rank_correlation(setting: "pd.Series[Any]", means: "pd.Series[Any]") -> float:
    if setting.nunique() < 2:
        return 0.0
    return float(np.corrcoef(setting.rank(), means.rank())[0, 1])


def every_measure(results: Any, names: Iterable[str], **how: Any) -> tuple[list[Sensitivity], list[str]]:
    """Return the sensitivities of each measure, and a sentence for each that was refused.

    Raises InputError if all were refused, with every sentence once.
    """
    found: list[Sensitivity] = []
    refused: list[str] = []
    for name in list(names) or results.study.measures:
        try:
            found.append(sensitivity(results, name, **how))
        except InputError as error:
            refused.append(str(error))
    if not found:
        raise InputError(" ".join(dict.fromkeys(refused)))
    return found, refused
