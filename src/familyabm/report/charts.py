"""Charts: one function a chart, Altair to SVG, drawn to be read at 320 pixels wide and on paper.

World A is dark blue, solid and round; world B orange, dashed and square; every line and bar is labelled where
it stands. Only this package may import Altair.
"""

import re
from html import escape
from typing import Any, TypeAlias

import altair as alt
import numpy as np
import pandas as pd
import vl_convert
from numpy.typing import NDArray

A, B, INK, FAINT, BAND = "#12436D", "#F46A25", "#0B0C0C", "#D9DEE3", "#5B6B7A"
COLOURS = alt.Scale(domain=["A", "B"], range=[A, B])
WIDTH, HEIGHT = 300, 170
Chart: TypeAlias = Any
"""An Altair chart of any kind; they share no class that has the methods used here."""
FONT = "Liberation Sans"
"""Drawn with the one font that the renderer brings, so that a chart is the same on every machine."""
AXIS: dict[str, Any] = {
    "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal", "labelColor": INK,
    "titleColor": INK, "gridColor": FAINT, "domainColor": "#505A5F", "tickColor": "#505A5F",
}  # fmt: skip
SIGNED = "datum.value == 0 ? '0' : format(datum.value, '+,~r')"
"""How an axis of differences writes its numbers."""
SHOWN = "Arial, 'Liberation Sans', Helvetica, sans-serif"


LOOK: dict[str, Any] = {
    "font": FONT, "background": "white", "padding": {"left": 2, "right": 6, "top": 6, "bottom": 2}, "axis": AXIS,
    "view": {"continuousWidth": 300, "continuousHeight": 300, "stroke": None},
    "title": {"anchor": "start", "fontSize": 13},
}  # fmt: skip
"""The look that all charts share; set on the specification, because Altair copies a whole chart for each setting."""


def specification(chart: Chart) -> dict[str, Any]:
    """Return a chart as Vega-Lite, with the look that all share."""
    found: dict[str, Any] = chart.to_dict(validate=False)
    return found | {"config": LOOK}


_LONG = re.compile(r"-?\d+\.\d{3,}")
_DRAWN = re.compile(r' (?:d|transform|x|y|x2|y2|width|height)="[^"]*"')
_ARIA = re.compile(r' (?:aria-[a-z]+|role|pointer-events)="[^"]*"')
_HEAD = re.compile(r'<svg [^>]*viewBox="([^"]+)"[^>]*>')


def svg(chart: Chart, identity: str, alternative: str) -> str:
    """Draw a chart as SVG to stand within a page.

    chart: as Altair or as its specification.  identity: unique on the page; ids inside the picture start with it.
    alternative: its alternative text.
    """
    drawn = str(vl_convert.vegalite_to_svg(chart if isinstance(chart, dict) else specification(chart)))
    drawn = _DRAWN.sub(lambda found: _LONG.sub(lambda n: f"{float(n[0]):.2f}", found[0]), _ARIA.sub("", drawn))
    drawn = re.sub(r'\bid="', f'id="{identity}-', drawn).replace("url(#", f"url(#{identity}-")
    drawn = re.sub(r'font-family="[^"]*"', f'font-family="{SHOWN}"', drawn)
    said = escape(alternative).replace("\\", "&#92;")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{said}" viewBox="\\1">'
    return _HEAD.sub(head, drawn, count=1)


def _years(years: int) -> alt.X:
    step = max(1, -(-years // 5))
    ticks = list(range(step, years + 1, step))
    return alt.X(
        "year:Q", title="Year", scale=alt.Scale(domain=[1, max(2, years)], nice=False),
        axis=alt.Axis(values=ticks, grid=False, format="d"),
    )  # fmt: skip


def _value(column: str, zero: bool = True) -> alt.Y:
    return alt.Y(column, title=None, scale=alt.Scale(zero=zero, nice=True), axis=alt.Axis(tickCount=5, format=",~r"))


def trend(frame: pd.DataFrame, years: int) -> Chart:
    """Draw one measure over the years in both worlds, each with the range over pairs.

    frame: (year, world, mean, low, high) rows; world is "A" or "B".
    """
    base = alt.Chart(frame)
    colour = alt.Color("world:N", scale=COLOURS, legend=None)
    dash = alt.StrokeDash("world:N", scale=alt.Scale(domain=["A", "B"], range=[[1, 0], [7, 4]]), legend=None)
    shape = alt.Shape("world:N", scale=alt.Scale(domain=["A", "B"], range=["circle", "square"]), legend=None)
    band = base.mark_area(opacity=0.16).encode(_years(years), _value("low:Q"), alt.Y2("high:Q"), color=colour)
    line = base.mark_line(strokeWidth=2.5).encode(_years(years), _value("mean:Q"), color=colour, strokeDash=dash)
    marks = base.mark_point(filled=True, size=38, opacity=1).encode(
        _years(years), _value("mean:Q"), color=colour, shape=shape
    )
    return (band + line + marks + _ends(frame, years)).properties(width=WIDTH, height=HEIGHT)


def _ends(frame: pd.DataFrame, years: int) -> Chart:
    """Write A and B where the lines end, moved apart where they would lie over each other."""
    last = frame[frame["year"] == years].dropna(subset=["mean"]).sort_values("mean").reset_index(drop=True)
    gap = 0.1 * _reach(frame)
    if len(last) == 2 and last["mean"].diff().iloc[1] < gap:
        middle = float(last["mean"].mean())
        last["mean"] = [middle - gap / 2.0, middle + gap / 2.0]
    words = alt.Chart(last).mark_text(align="left", dx=9, fontSize=15, fontWeight="bold", color=INK)
    return words.encode(_years(years), _value("mean:Q"), text="world:N")


def _reach(frame: pd.DataFrame) -> float:
    """Return how far from zero the ranges go; 1 where there is nothing to show."""
    return float(np.abs(frame[["low", "high"]].to_numpy(dtype=float)).max(initial=0.0)) or 1.0


def difference(frame: pd.DataFrame, years: int) -> Chart:
    """Draw world B less world A over the years, with the range over pairs and a zero line.

    frame: (year, mean, low, high) rows.
    """
    base = alt.Chart(frame)
    y = _value("mean:Q")
    band = base.mark_area(opacity=0.25, color=BAND).encode(_years(years), _value("low:Q"), alt.Y2("high:Q"))
    line = base.mark_line(strokeWidth=2.5, color=INK, point=alt.OverlayMarkDef(color=INK, size=38))
    zero = alt.Chart(pd.DataFrame({"mean": [0.0]})).mark_rule(color=INK, strokeWidth=1.5).encode(y=y)
    texts = _side("Higher in world B", 9) + _side("Lower in world B", HEIGHT - 9)
    reach = 1.25 * _reach(frame)
    ends = alt.Chart(pd.DataFrame({"mean": [-reach, reach]})).mark_point(opacity=0).encode(y=y)
    return (band + zero + line.encode(_years(years), y) + texts + ends).properties(width=WIDTH, height=HEIGHT)


def _side(words: str, height: int) -> Chart:
    """Say which world has more, at a height in pixels from the top."""
    text = alt.Chart(pd.DataFrame({"words": [words]})).mark_text(align="left", fontSize=13, color=INK)
    return text.encode(text="words:N", x=alt.value(8), y=alt.value(height))


def dots(title: str, lines: list[str], differences: NDArray[np.float64]) -> Chart:
    """Draw one dot per pair of runs, so that one sees how often the answer flips.

    lines: words under the title.  differences: (pairs,) world B less world A.
    """
    mean = float(differences.mean()) if len(differences) else 0.0
    reach = 1.08 * (float(np.abs(differences).max(initial=0.0)) or 1.0)
    frame = pd.DataFrame({"x": differences, "y": _levels(differences, reach)})
    frame["way"] = np.where(np.sign(differences) == -np.sign(mean), "other", "same")
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[-reach, reach]),
        axis=alt.Axis(tickCount=5, labelExpr=SIGNED),
    )
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.5, 5.5]))
    ways = ["same", "other"]
    marks = alt.Chart(frame).mark_point(filled=True, size=48, opacity=0.9, stroke="white", strokeWidth=0.7)
    points = marks.encode(
        x, y, color=alt.Color("way:N", scale=alt.Scale(domain=ways, range=[A, B]), legend=None),
        shape=alt.Shape("way:N", scale=alt.Scale(domain=ways, range=["circle", "square"]), legend=None),
    )  # fmt: skip
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=INK, strokeWidth=1.5).encode(x)
    heading = alt.TitleParams(
        title, subtitle=lines, anchor="start", fontSize=14, subtitleFontSize=13, subtitleColor=INK, offset=0
    )
    return (zero + points).properties(width=WIDTH, height=58, title=heading)


def _levels(values: NDArray[np.float64], reach: float) -> list[int]:
    """Stack dots that would lie on one another, lowest free level first, six levels at most."""
    width, ends = reach / 18.0, [-np.inf] * 6
    levels = np.zeros(len(values), dtype=int)
    for place in np.argsort(values, kind="stable"):
        free = [level for level in range(6) if values[place] >= ends[level] + width]
        levels[place] = free[0] if free else int(np.argmin(ends))
        ends[levels[place]] = float(values[place])
    return [int(level) for level in levels]


def bars(frame: pd.DataFrame) -> Chart:
    """Draw a pair of bars for each thing, one a world, from zero, the value written at its end.

    frame: (thing, world, value, words) rows in the order to show.
    """
    most = max(float(frame["value"].max()), 1e-9)
    x = alt.X("value:Q", title=None, axis=None, scale=alt.Scale(domain=[0.0, most * 1.42], nice=False))
    things = list(dict.fromkeys(frame["thing"]))
    group = frame["thing"].map(things.index)
    placed = frame.assign(y=GROUP * group + 28 + 19 * (frame["world"] == "B"))
    base = alt.Chart(placed).encode(x, DOWN)
    colour = alt.Color("world:N", scale=COLOURS, legend=None)
    block = base.mark_bar(height=15).encode(x2=alt.datum(0), color=colour)
    words = base.mark_text(align="left", dx=5, fontSize=13, color=INK).encode(text="words:N")
    names = pd.DataFrame({"said": things, "y": [GROUP * place + 9 for place in range(len(things))]})
    return (block + words + _written(names)).properties(width=WIDTH + 30, height=GROUP * len(things) - 9)


GROUP, ROW = 66, 62
"""Pixels from one pair of bars to the next, and from one bar with two lines above it to the next."""
DOWN = alt.Y("y:Q", axis=None, scale=None)
"""Pixels from the top: one chart of many bars is drawn several times as fast as many charts of one."""


def _written(frame: pd.DataFrame) -> Chart:
    """Write words at the left. frame: (said, y) rows."""
    text = alt.Chart(frame).mark_text(align="left", fontSize=13, color=INK)
    return text.encode(text="said:N", x=alt.value(0), y=DOWN)


def rowed(frame: pd.DataFrame) -> tuple[pd.DataFrame, Chart, dict[str, int]]:
    """Give each row its own place: its thing and its words above, its bar at `y`.

    frame: (thing, words, ...) rows.  Returns the frame with `y`, the words written, and the size of the whole.
    """
    top = [ROW * place for place in range(len(frame))]
    said = pd.DataFrame({"said": [*frame["thing"], *frame["words"]], "y": [y + 9 for y in top] + [y + 26 for y in top]})
    size = {"width": WIDTH + 30, "height": max(1, ROW * len(frame) - 10)}
    return frame.assign(y=[y + 44 for y in top]), _written(said), size


def against(frame: pd.DataFrame) -> Chart:
    """Draw what was predicted (across) against what was (up), a mark for each authority, and the line where both agree.

    frame: (predicted, actual, inside) rows, above zero; those outside their range are orange squares.
    """
    ends = [
        float(frame[["predicted", "actual"]].to_numpy().min()),
        float(frame[["predicted", "actual"]].to_numpy().max()),
    ]
    scale = alt.Scale(type="log", domain=[0.9 * ends[0], 1.1 * ends[1]], nice=False)
    x, y = (
        alt.X("predicted:Q", title="Predicted", scale=scale, axis=alt.Axis(tickCount=4)),
        alt.Y("actual:Q", title="Actual", scale=scale, axis=alt.Axis(tickCount=4)),
    )
    same = alt.Chart(pd.DataFrame({"predicted": ends, "actual": ends})).mark_line(
        color=INK, strokeWidth=1.5, strokeDash=[5, 4]
    )
    marks = alt.Chart(frame).mark_point(filled=True, size=34, opacity=0.8)
    where = alt.condition("datum.inside", alt.value(A), alt.value(B))
    shape = alt.condition("datum.inside", alt.value("circle"), alt.value("square"))
    return (same.encode(x, y) + marks.encode(x, y, color=where, shape=shape)).properties(width=WIDTH, height=WIDTH)


def parts(frame: pd.DataFrame) -> Chart:
    """Draw one bar for each thing from zero, to the left or right, with its interval; its words stand above it.

    frame: (thing, value, low, high, words) rows in the order to show.
    """
    reach = 1.05 * max(_reach(frame), float(frame["value"].abs().max()) if len(frame) else 1.0)
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    placed, words, size = rowed(frame)
    base = alt.Chart(placed)
    x = alt.X("value:Q", title=None, axis=None, scale=scale)
    block = base.mark_bar(height=15, color=A).encode(x, DOWN, x2=alt.datum(0))
    whisker = base.mark_rule(strokeWidth=2.5, color=B).encode(alt.X("low:Q", scale=scale), alt.X2("high:Q"), DOWN)
    zero = base.mark_tick(color=INK, thickness=1.5, height=20).encode(alt.X(datum=0.0, scale=scale), DOWN)
    return (block + whisker + zero + words).properties(**size)


def two_lines(frame: pd.DataFrame, most: float) -> Chart:
    """Draw two counts over months, solid and dashed, each named where it ends.

    frame: (month, kind, value) rows of two kinds.  most: where the scale ends at least.
    """
    kinds = list(dict.fromkeys(frame["kind"]))
    last = int(frame["month"].max())
    x = alt.X("month:Q", title="Month", axis=alt.Axis(tickCount=6, grid=False, format="d"))
    scale, axis = alt.Scale(domain=[0.0, most or 1.0], nice=True), alt.Axis(tickCount=5, format=",~r")
    y = alt.Y("value:Q", title=None, scale=scale, axis=axis)
    colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[A, B]), legend=None)
    dash = alt.StrokeDash("kind:N", scale=alt.Scale(domain=kinds, range=[[1, 0], [7, 4]]), legend=None)
    lines = alt.Chart(frame).mark_line(strokeWidth=2).encode(x, y, colour, dash)
    ends = frame[frame["month"] == last].sort_values("value").reset_index(drop=True)
    gap = 0.1 * float(frame["value"].max() or 1)
    if len(ends) == 2 and ends["value"].diff().iloc[1] < gap:
        middle = float(ends["value"].mean())
        ends = ends.assign(value=[middle - gap / 2.0, middle + gap / 2.0])
    names = alt.Chart(ends).mark_text(align="left", dx=6, fontSize=13, color=INK).encode(x, y, text="kind:N")
    return (lines + names).properties(width=WIDTH, height=HEIGHT)
