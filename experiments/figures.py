"""From a study's store to its summary and its figure: differences luck by luck, with their range over lucks."""

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.catalogue import Sketch
from familyabm import lives
from familyabm.lab import looking
from familyabm.lab.responses import response
from familyabm.lab.results import StudyResults
from familyabm.report import charts, lab_charts, panels, words
from familyabm.report.panels import Panel
from familyabm.worlds import RANGE

COLUMNS = ["measure", "what", "at", "level", "mean", "low", "high", "lucks"]
Row = tuple[str, str, str, float, float, float, float, int]
"""A row of COLUMNS."""
MOST_TOGETHER = 3
"""Pairs of levers whose joint effect is shown, those that matter most."""


def summary(results: StudyResults, sketch: Sketch) -> pd.DataFrame:
    """Return the figure's numbers: (measure, what, at) rows with level, mean difference, low, high and lucks."""
    make = {"steps": _steps, "years": _years, "heat": _steps, "effects": _effects}[sketch.kind]
    rows = [row for measure in sketch.measures for row in make(results, sketch, measure)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(measure: str, what: str, at: str, level: float, differences: NDArray[np.float64]) -> Row:
    known = differences[np.isfinite(differences)]
    if len(known) == 0:
        return (measure, what, at, level, np.nan, np.nan, np.nan, 0)
    low, high = np.quantile(known, RANGE)
    return (measure, what, at, level, float(known.mean()), float(low), float(high), len(known))


def _table(results: StudyResults, measure: str, world: str) -> pd.DataFrame:
    """Return a measure's values, a row for each point and a column for each luck."""
    return results.outcome(measure, world=world).unstack("luck").reindex(results.points.index)


def _steps(results: StudyResults, sketch: Sketch, measure: str) -> list[Row]:
    """Return each point less the reference point, luck by luck."""
    table = _table(results, measure, results.study.worlds[-1].name)
    labels = sketch.labels or [_written(results.points, point) for point in table.index]
    base = table.loc[sketch.reference].to_numpy()
    return [
        _row(measure, "difference", label, float(table.loc[point].mean()), table.loc[point].to_numpy() - base)
        for point, label in zip(table.index, labels, strict=True)
    ]


def _written(points: pd.DataFrame, point: int) -> str:
    return ", ".join(f"{float(points[name].loc[point]):g}" for name in points)


def _years(results: StudyResults, sketch: Sketch, measure: str) -> list[Row]:
    """Return each line's world less the other, by year; and the first line less the second."""
    long = results.measures(measure, by_year=True)
    wide = long.pivot_table(index=["year", "luck"], columns="world", values="value")
    rows = []
    for year in sorted(long["year"].unique()):
        of = wide.loc[year]
        for world in sketch.lines:
            difference = (of[world] - of[sketch.against]).to_numpy()
            rows.append(_row(measure, f"{world} less {sketch.against}", f"{year}", float(of[world].mean()), difference))
        if len(sketch.lines) == 2:
            one, other = sketch.lines
            rows.append(_row(measure, f"{other} less {one}", f"{year}", np.nan, (of[other] - of[one]).to_numpy()))
    return rows


def _effects(results: StudyResults, sketch: Sketch, measure: str) -> list[Row]:
    """Return what each factor does on average over all mixtures of the others, and what two do only together.

    Alone: mean at its highest less mean at its lowest.  Together: half of how much one's effect grows as the other
    goes from lowest to highest, as usual for two-level designs (Box, Hunter and Hunter 2005, chapter 5).
    """
    table = _table(results, measure, results.study.worlds[-1].name)
    values, titles = table.to_numpy(), results.factors["title"]
    columns = {str(name): results.points[name] for name in results.points}
    signs = {name: np.where(of == of.max(), 1.0, -1.0) for name, of in columns.items()}
    half = len(table) / 2.0
    rows = [_row(measure, "alone", str(titles[name]), np.nan, sign @ values / half) for name, sign in signs.items()]
    both = [
        _row(measure, "together", _pair(titles[one], titles[other]), np.nan, signs[one] * signs[other] @ values / half)
        for one, other in combinations(signs, 2)
    ]
    return rows + sorted(both, key=lambda row: -abs(row[4]))[:MOST_TOGETHER]


def _pair(one: str, other: str) -> str:
    return f"{one} with {other[:1].lower()}{other[1:]}"


def draw(results: StudyResults, sketch: Sketch, table: pd.DataFrame) -> str:
    """Return the figure as SVG."""
    make = {"steps": _steps_panel, "years": _years_panel, "heat": _heat_panel, "effects": _effects_panel}[sketch.kind]
    shown = [make(results, sketch, table[table["measure"] == measure], measure) for measure in sketch.measures]
    name = results.study.name
    alternative = f"{results.study.title}. Charts of {'; '.join(lives.title(m).lower() for m in sketch.measures)}."
    return panels.picture(shown, name, words.cut(alternative))


def _steps_panel(results: StudyResults, sketch: Sketch, table: pd.DataFrame, measure: str) -> Panel:
    line = f"{lives.unit(measure)}, less {sketch.labels[sketch.reference].lower()}"
    return Panel(lives.title(measure), line, panels.steps(table, sketch.along))


def _years_panel(results: StudyResults, sketch: Sketch, table: pd.DataFrame, measure: str) -> Panel:
    frame = table[table["what"].str.endswith(f" less {sketch.against}")].copy()
    letters = {f"{world} less {sketch.against}": letter for world, letter in zip(sketch.lines, "AB", strict=False)}
    frame["world"], frame["year"] = frame["what"].map(letters), frame["at"].astype(int)
    named = ", ".join(f"{letter}: {_title(results, name.partition(' less ')[0])}" for name, letter in letters.items())
    line = [lives.unit(measure), named, f"each less: {_title(results, sketch.against)}"]
    return Panel(lives.title(measure), line, panels.over_years(frame.dropna(subset=["mean"]), results.study.years))


def _title(results: StudyResults, world: str) -> str:
    return results.study.world(world).title


def _heat_panel(results: StudyResults, sketch: Sketch, table: pd.DataFrame, measure: str) -> Panel:
    across, down = (factor.name for factor in results.study.factors)
    cells = looking.heat(response(results, measure), across, down)
    base = table["level"].iloc[sketch.reference]
    cells["value"] -= base
    cells["words"] = [words.signed(value) for value in cells["value"]]
    chart = lab_charts.heat(cells, _setting(results, across), _setting(results, down), signed=True)
    line = f"{lives.unit(measure)}, less {sketch.labels[sketch.reference].lower()}"
    return Panel(lives.title(measure), line, chart)


def _setting(results: StudyResults, name: str) -> str:
    """Return a factor as an axis bears it."""
    title, unit = (str(results.factors.loc[name, column]) for column in ("title", "unit"))
    return f"{title[:1].upper()}{title[1:].partition(':')[0]}, {unit}"


def _effects_panel(results: StudyResults, sketch: Sketch, table: pd.DataFrame, measure: str) -> Panel:
    frame = table.rename(columns={"at": "thing", "mean": "value"})[["thing", "value", "low", "high"]].copy()
    frame["words"] = [spread(*row) for row in zip(frame["value"], frame["low"], frame["high"], strict=True)]
    line = [
        lives.unit(measure),
        f"on average over all mixtures; last, the {MOST_TOGETHER} pairs",
        "that do most together",
    ]
    return Panel(lives.title(measure), line, charts.parts(frame))


def spread(mean: float, low: float, high: float) -> str:
    """Write a difference with its range over lucks."""
    places = words.together(mean, low, high)
    if low == high == mean:
        return words.signed(mean, places)
    return f"{words.signed(mean, places)} ({words.signed(low, places)} to {words.signed(high, places)})"
