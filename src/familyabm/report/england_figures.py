"""Figures and tables of the national page: England over the years, every authority's range, and the league's rows."""

import math
from typing import Any

import pandas as pd

from familyabm import lives
from familyabm.lab.england import SAME, SIDES, England
from familyabm.report import charts, england_charts, england_words, words
from familyabm.report import sure as how_sure
from familyabm.report.figures import Figure, Grid, drawn
from familyabm.report.labels import SUBJECTS
from familyabm.truth import sureness

FIGURES = 3
"""Figures of a national number: more would promise what no model of this kind can know."""


def totals(found: England) -> list[Grid]:
    """Return England's rates, and what they come to as numbers for its children."""
    rates, numbers = [], []
    for row in found.table.itertuples():
        name, unit = str(row.measure), lives.unit(str(row.measure))
        rates.append([lives.title(name), *_cells(row, unit, 1.0)])
        times = _times(unit, float(found.children.sum()))
        if times:
            pounds = "£ million" if unit.startswith("£") else ""
            numbers.append([_counted(name, unit), *_cells(row, pounds, times, FIGURES)])
    heads = ["Measure", *(side[:1].upper() + side[1:] for side in england_words.SIDES.values())]
    units = [lives.unit(str(name)) for name in found.table["measure"]]
    children = f"{found.children.sum():,.0f} children"
    return [
        Grid("Mean of all years, with the range over lucks", heads, rates, units),
        Grid(f"The same as numbers, for {children}, to three figures", heads, numbers),
    ]


def sure(found: England) -> Grid:
    """Return the chance that each difference has the other sign, and the lucks still needed for an answer of use."""
    rows = []
    for name in found.study.measures:
        differences = found.national.loc[found.national["measure"] == name, "difference"].to_numpy(dtype=float)
        more = sureness.still_needed(sureness.needed(differences), found.lucks)
        rows.append([lives.title(name), how_sure.chance(sureness.wrong(differences)), how_sure.further(more)])
    units = [lives.unit(name) for name in found.study.measures]
    heads = ["World B less world A", "Chance that the sign is wrong", "Lucks still needed"]
    return Grid(f"How sure each difference is, {words.count(found.lucks, 'luck')}", heads, rows, units)


def _cells(row: Any, unit: str, times: float, figures: int = 0) -> list[str]:
    """Write each side's mean and range; rounded to so many figures of the largest, where figures are given."""
    cells = []
    for side in SIDES:
        ends = [times * float(getattr(row, f"{side}{end}")) for end in ("", "_low", "_high")]
        mean, low, high = _rounded(ends, figures) if figures else ends
        cells.append(_spread(mean, low, high, unit, side == "difference"))
    return cells


def _rounded(values: list[float], figures: int) -> list[float]:
    """Round values alike, to so many figures of the largest; to a tenth at the finest."""
    largest = max(abs(value) for value in values)
    digits = figures - 1 - math.floor(math.log10(largest)) if largest > 0.0 else 0
    return [round(value, min(digits, 1)) for value in values]


def _spread(mean: float, low: float, high: float, unit: str, signed: bool) -> str:
    places = words.together(mean, low, high)
    write = words.signed if signed else words.number
    pounds = "£" if unit.startswith("£") and not signed else ""
    return f"{pounds}{write(mean, places)} ({write(low, places)} to {write(high, places)})"


def _times(unit: str, children: float) -> float:
    """Return what turns a rate into England's number, 0 where nothing does: pounds become millions."""
    if unit.startswith("per 10,000 children"):
        return children / 10_000.0
    return children / 1e6 if unit == "£ per child a year" else 0.0


def _counted(name: str, unit: str) -> str:
    rest = "£ million a year" if unit.startswith("£") else unit.removeprefix("per 10,000 children").strip()
    return f"{lives.title(name)}, {rest}"


def trend(found: England, name: str) -> Figure:
    """Draw England over the years in both worlds."""
    rows = found.trends[found.trends["measure"] == name].sort_values("year")
    sides = [
        rows[["year", side, f"{side}_low", f"{side}_high"]].set_axis(["year", "mean", "low", "high"], axis=1)
        for side in ("a", "b")
    ]
    frame = pd.concat([sides[0].assign(world="A"), sides[1].assign(world="B")])
    told, unit = england_words.findings(found)[name], lives.unit(name)
    where = f"{england_words.place(found)}, {words.count(found.lucks, 'luck')}"
    line = f"{lives.title(name)}, {unit}. {where}. The scale includes zero."
    grid = Grid(line, ["Year", "World A", "World B", "World B less world A"],
                [[f"{row.year}", *_cells(row, unit, 1.0)] for row in rows.itertuples()])  # fmt: skip
    return drawn(
        f"trend-{name.replace('_', '-')}", words.headline(told, SUBJECTS.get(name, lives.title(name))), line,
        charts.trend(frame, found.study.years), words.alternative("Line chart by year", lives.title(name), told), grid,
    )  # fmt: skip


def ranges(found: England, name: str, side: str = "difference") -> Figure:
    """Draw every authority's range; the table has what part of authorities lies where."""
    rows = found.authorities[found.authorities["measure"] == name]
    means = rows[side].quantile([0.0, 0.25, 0.5, 0.75, 1.0]).tolist()
    heads = ("Lowest mean", "A quarter lie below", "Half lie below", "Three quarters lie below", "Highest mean")
    write = words.signed if side == "difference" else words.number
    cells = [[head, write(float(value))] for head, value in zip(heads, means, strict=True)]
    of = f"{lives.title(name)}, {lives.unit(name)}, {england_words.SIDES[side]}"
    return _every(found, name, side, Grid(f"Authorities' means: {of}", ["Means", "Value"], cells))


def league(found: England, name: str, side: str) -> Figure:
    """Draw every authority's range, with none by name; the table has the names in their groups."""
    return _every(found, name, side, league_grid(found.league(name, side), name, side, england_words.within(found)))


def _every(found: England, name: str, side: str, grid: Grid) -> Figure:
    """Draw every authority's range over that of the whole."""
    rows = found.authorities[found.authorities["measure"] == name]
    england = found.table[found.table["measure"] == name].iloc[0]
    frame = rows[[side, f"{side}_low", f"{side}_high"]].set_axis(["mean", "low", "high"], axis=1)
    mean, low, high = (float(england[f"{side}{end}"]) for end in ("", "_low", "_high"))
    apart = (frame["low"] > high) | (frame["high"] < low)
    frame["way"] = apart.map({True: england_charts.APART, False: england_charts.ALIKE})
    signed = side == "difference"
    line = (
        f"{lives.title(name)}, {lives.unit(name)}: {england_words.SIDES[side]}. One upright line for each authority's "
        f"range; dashed, with its band: {england_words.within(found)}. Dark blue: wholly above or below that band."
    )
    said = f"{int(apart.sum())} of {len(frame)} authorities apart from the whole"
    title = f"{SUBJECTS.get(name, lives.title(name))}, {england_words.SIDES[side]}: {said}"
    return drawn(
        f"ranges-{side}-{name.replace('_', '-')}", title, line,
        england_charts.ranges(frame, (mean, low, high), signed),
        f"Upright lines, one for each authority. {england_words.across(found, name) if signed else title}", grid,
    )  # fmt: skip


def league_grid(frame: pd.DataFrame, name: str, side: str, whole: str) -> Grid:
    """Write one league: groups from the lowest, names by the alphabet within them."""
    unit, signed = lives.unit(name), side == "difference"
    rows = [
        [str(row["area"]), _spread(row["mean"], row["low"], row["high"], unit, signed),
         _against(str(row["england"]), whole), _places(int(row["first"]), int(row["last"])), f"{row['group']}"]
        for _, row in frame.iterrows()
    ]  # fmt: skip
    heads = ["Authority", "Mean (range)", f"Against {whole}", "Places it may have, from the lowest", "Group"]
    return Grid(f"{lives.title(name)}, {unit}: {england_words.SIDES[side]}", heads, rows)


def _against(told: str, whole: str) -> str:
    return told if told == SAME else f"{told} {whole}"


def _places(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first} to {last}"
