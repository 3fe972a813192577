"""What a study's results are looked at with: rankings, two settings at once, every pair, bends, and where it happens.

Each part that cannot be worked out is a sentence that says why, so that one gap never hides the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from familyabm import lives
from familyabm.errors import InputError, nearest
from familyabm.lab.discovery import Rule, rule
from familyabm.lab.responses import Response, response
from familyabm.lab.results import check_measure
from familyabm.lab.sensitivity import Sensitivity, of_response
from familyabm.lab.tipping import Tip, tips

HEADLINES = ("care_starts", "looked_after", "spend", "harm", "failure_demand")
"""The measures looked at where none are named, as far as the study has them."""
MOST_MEASURES = 5
CELLS = 6
MOST_TIPS = 8


@dataclass(frozen=True)
class Look:
    """All that is to be seen of one measure.

    rules: where it rises and where it falls, or lies high and low.  heat: see `heat`; empty if fewer than two
    settings vary.  refused: sentences on what could not be worked out.
    """

    response: Response
    ranking: Sensitivity | None
    tips: list[Tip]
    rules: list[Rule]
    heat: pd.DataFrame = field(repr=False)
    pair: tuple[str, str] | None = None
    refused: list[str] = field(default_factory=list)


def chosen(results: Any, names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the measures to look at: those named, else the headlines that the study has, else its first five.

    Raises InputError for a name that the study does not hold.
    """
    held = [str(name) for name in results.study.measures]
    asked = tuple(dict.fromkeys(check_measure(held, name.strip()) for name in names if name.strip()))
    usual = [name for name in HEADLINES if name in held] or [name for name in held if name in lives.OUTCOMES] or held
    return asked or tuple(usual[:MOST_MEASURES])


def look(
    results: Any, measure: str, world: str | None = None, against: str | None = None, area: str | None = None,
    settings: tuple[str, str] | None = None, method: str = "auto",
) -> Look:  # fmt: skip
    """Return all that is to be seen of one measure.

    settings: the two of the heat table, by default those that rank highest.  Raises InputError for unknown names,
    and if no point of the study has an answer.
    """
    known = response(results, measure, world, against, area)
    if not known.whole.any():
        known.check_enough()
    refused: list[str] = []
    ranking = _or_refused(refused, lambda: of_response(known, results.study.design, method))
    pair = _pair(known, ranking, settings)
    found_tips, no_tips = _all_tips(known, refused)
    rules = [found for way in (True, False) if (found := _or_refused(refused, lambda way=way: rule(known, rises=way)))]
    table = pd.DataFrame() if pair is None else heat(known, *pair)
    return Look(known, ranking, found_tips[:MOST_TIPS], rules, table, pair, list(dict.fromkeys([*refused, *no_tips])))


def _or_refused(refused: list[str], work: Any) -> Any:
    try:
        return work()
    except InputError as error:
        refused.append(str(error))
        return None


def _all_tips(known: Response, refused: list[str]) -> tuple[list[Tip], list[str]]:
    found: tuple[list[Tip], list[str]] | None = _or_refused(refused, lambda: tips(known))
    return found or ([], [])


def _pair(known: Response, ranking: Sensitivity | None, settings: tuple[str, str] | None) -> tuple[str, str] | None:
    """Return the two settings of the heat table; None if fewer than two vary."""
    varied = known.varied()
    for name in settings or ():
        if name not in varied:
            raise InputError(f"setting {name!r} is not varied{nearest(name, varied)}; {', '.join(varied)} are.")
    if settings is not None:
        if settings[0] == settings[1]:
            raise InputError(f"settings = {settings[0]!r} is given twice; two different ones are accepted.")
        return settings
    ranked = varied if ranking is None else [name for name in ranking.table.index if name in varied]
    return (ranked[0], ranked[1]) if len(ranked) > 1 else None


def heat(response: Response, across: str, down: str) -> pd.DataFrame:
    """Return a measure's mean where two settings lie in each of a few steps.

    Columns: across, down (words), across_at, down_at (places from 0), value and points (how many).  Cells without a
    point are left out.
    """
    points = response.points.loc[response.whole]
    cells = {name: _steps(points[name]) for name in (across, down)}
    frame = pd.DataFrame(
        {"across": cells[across][1], "across_at": cells[across][0], "down": cells[down][1],
         "down_at": cells[down][0], "value": response.means}
    )  # fmt: skip
    grouped = frame.groupby(["across_at", "down_at", "across", "down"], sort=True)["value"]
    return grouped.agg(value="mean", points="size").reset_index()


def _steps(setting: "pd.Series[Any]") -> tuple[np.ndarray[Any, Any], list[str]]:
    """Return each point's step and its words: its own value where there are few, else one of six equal ranges."""
    levels = list(pd.unique(setting)) if setting.dtype.kind not in "if" else sorted(setting.unique())
    if len(levels) <= CELLS + 2:
        codes = np.array([levels.index(value) for value in setting])
        return codes, [_written(value) for value in setting]
    edges = np.linspace(float(setting.min()), float(setting.max()), CELLS + 1)
    codes = np.clip(np.digitize(setting.to_numpy(dtype=np.float64), edges[1:-1]), 0, CELLS - 1)
    return codes, [f"{_written(edges[code])} to {_written(edges[code + 1])}" for code in codes]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else f"{float(value):.3g}"


def pairs(response: Response) -> pd.DataFrame:
    """Return every life or, with another world, every pair: point, luck and value, finite ones only."""
    long = response.values.rename_axis(columns="luck").reset_index().melt("point", value_name="value")
    return long.dropna(subset=["value"]).sort_values(["point", "luck"]).reset_index(drop=True)
