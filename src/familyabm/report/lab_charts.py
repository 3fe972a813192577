"""Charts of the lab: ranked bars with their floor, a heat table, stacked dots of all pairs, and a bend.

As in `charts`, all are read at 320 pixels wide; a number is written wherever a colour stands for one.
"""

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.report import charts
from familyabm.report.charts import BAND, INK, SIGNED, WIDTH, A, B, Chart

STACK, BINS = 12, 40
LOW, MIDDLE, HIGH = "#F9C6A4", "#FFFFFF", "#9CC3E6"
"""Light enough for black figures on every one."""


def ranked(frame: pd.DataFrame) -> Chart:
    """Draw one bar for each thing from zero, with its interval and, if it has one, its floor; words stand above.

    frame: (thing, value, low, high, floor, words) rows in the order to show.
    """
    most = float(frame[["value", "high", "floor"]].max().max())
    scale = alt.Scale(domain=[0.0, 1.05 * (most or 1.0)], nice=False)
    placed, words, size = charts.rowed(frame)
    base = alt.Chart(placed)
    block = base.mark_bar(height=15, color=A).encode(
        alt.X("value:Q", title=None, axis=None, scale=scale), charts.DOWN, x2=alt.datum(0)
    )
    spans = base.mark_rule(strokeWidth=2.5, color=B).encode(alt.X("low:Q", scale=scale), alt.X2("high:Q"), charts.DOWN)
    floors = alt.Chart(placed.dropna(subset=["floor"])).mark_tick(color=INK, thickness=2, height=20)
    return (block + spans + floors.encode(alt.X("floor:Q", scale=scale), charts.DOWN) + words).properties(**size)


def heat(frame: pd.DataFrame, across: str, down: str, signed: bool) -> Chart:
    """Draw a table of two settings whose cells are coloured by a measure and bear its value.

    frame: (across, down, across_at, down_at, value, words) rows.  signed: white is zero, and not the middle.
    """
    reach = float(frame["value"].abs().max()) or 1.0
    ends = [-reach, 0.0, reach] if signed else _three(frame["value"])
    tints = alt.Scale(domain=ends, range=[LOW, MIDDLE, HIGH], interpolate="rgb")  # elsewhere a violet lies near white
    colour = alt.Color("value:Q", scale=tints, legend=None)
    first = alt.EncodingSortField("across_at")
    x = alt.X("across:N", title=across, sort=first, axis=alt.Axis(labelAngle=-40, labelLimit=110, orient="bottom"))
    y = alt.Y("down:N", title=None, sort=alt.EncodingSortField("down_at", order="descending"),
              axis=alt.Axis(labelLimit=110))  # fmt: skip
    cells = alt.Chart(frame).mark_rect(stroke="#505A5F", strokeWidth=0.5).encode(x, y, colour)
    words = alt.Chart(frame).mark_text(fontSize=12, color=INK).encode(x, y, text="words:N")
    title = alt.TitleParams(down, anchor="start", fontSize=13, fontWeight="normal", offset=6)
    return (cells + words).properties(width=WIDTH - 20, height=34 * frame["down"].nunique(), title=title)


def _three(values: pd.Series) -> list[float]:
    low, high = float(values.min()), float(values.max())
    return [low, (low + high) / 2.0, high] if high > low else [low - 1.0, low, low + 1.0]


def pairs(values: NDArray[np.float64], signed: bool, title: str) -> tuple[Chart, int]:
    """Draw all pairs as stacked dots; return the chart and how many pairs one dot stands for at most.

    values: (pairs,).  signed: differences, with a line at zero; dots on the side of fewer pairs are orange squares.
    """
    low, high = _ends(values, signed)
    place = np.clip(((values - low) / (high - low) * BINS).astype(int), 0, BINS - 1)
    counts = np.bincount(place, minlength=BINS)
    each = max(1, int(np.ceil(counts.max() / STACK)))
    stacks = [(bin_, level) for bin_ in range(BINS) for level in range(int(np.ceil(counts[bin_] / each)))]
    frame = pd.DataFrame(stacks, columns=["bin", "y"])
    frame["x"] = low + (frame["bin"] + 0.5) * (high - low) / BINS
    fewer = signed and (values > 0.0).mean() < 0.5
    frame["way"] = np.where((frame["x"] > 0.0) == fewer, "other", "same") if signed else "same"
    x = alt.X("x:Q", title=title, scale=alt.Scale(domain=[low, high], nice=False),
              axis=alt.Axis(tickCount=5, labelExpr=SIGNED) if signed else alt.Axis(tickCount=5))  # fmt: skip
    ways = ["same", "other"]
    marks = alt.Chart(frame).mark_point(filled=True, size=34, opacity=0.95).encode(
        x, alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-0.5, STACK])),
        color=alt.Color("way:N", scale=alt.Scale(domain=ways, range=[A, B]), legend=None),
        shape=alt.Shape("way:N", scale=alt.Scale(domain=ways, range=["circle", "square"]), legend=None),
    )  # fmt: skip
    rule = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=INK, strokeWidth=1.5).encode(x)
    return (rule + marks if signed else marks).properties(width=WIDTH + 20, height=96), each


def _ends(values: NDArray[np.float64], signed: bool) -> tuple[float, float]:
    """Return the ends of the axis: a bin's edge lies at zero where values are differences."""
    if signed:
        reach = 1.02 * (float(np.abs(values).max()) or 1.0)
        return -reach, reach
    low, high = float(values.min()), float(values.max())
    margin = 0.02 * (high - low) or 1.0
    return low - margin, high + margin


def bend(curve: pd.DataFrame, levels: pd.DataFrame, setting: str, at: tuple[float, float, float] | None) -> Chart:
    """Draw a measure over a setting: means as dots, the fitted lines with their interval, and where they meet.

    curve: (setting, value, low, high).  levels: (setting, value).  at: the meeting point and its interval.
    """
    x = alt.X("setting:Q", title=setting, scale=alt.Scale(nice=False, zero=False), axis=alt.Axis(tickCount=5))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5, format=",~r"))
    base = alt.Chart(curve)
    layers = base.mark_line(strokeWidth=2.5, color=A).encode(x, y)
    if curve["low"].notna().all():
        band = base.mark_area(opacity=0.25, color=BAND)
        layers = band.encode(x, alt.Y("low:Q", title=None, scale=alt.Scale(zero=False)), alt.Y2("high:Q")) + layers
    layers += alt.Chart(levels).mark_point(filled=True, color=INK, size=34, opacity=1).encode(x, y)
    if at is not None:
        place = alt.Chart(pd.DataFrame({"setting": [at[0]], "low": [at[1]], "high": [at[2]]}))
        layers += place.mark_rule(color=B, strokeWidth=2.5, strokeDash=[7, 4]).encode(x)
        layers += place.mark_rule(color=B, strokeWidth=5).encode(alt.X("low:Q"), alt.X2("high:Q"), y=alt.value(170))
    return layers.properties(width=WIDTH, height=170)
