"""Pictures of several small charts that stand alone: two columns, a heading over each, no page around them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import altair as alt
import pandas as pd

from familyabm.report import charts
from familyabm.report.charts import INK, SIGNED, WIDTH, A, Chart

COLUMNS = 2
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


class Panel(NamedTuple):
    """One chart with what stands over it."""

    title: str
    line: str | list[str]
    chart: Chart


def picture(panels: Sequence[Panel], identity: str, alternative: str) -> str:
    """Return the panels as one SVG of its own size, to be shown as an image."""
    whole = alt.concat(*[_headed(panel) for panel in panels], columns=COLUMNS, spacing=28)
    drawn = charts.svg(whole, identity, alternative)
    return _BOX.sub(r'width="\1" height="\2" \g<0>', drawn, count=1)


def _headed(panel: Panel) -> Chart:
    heading = alt.TitleParams(
        panel.title, subtitle=panel.line, anchor="start", fontSize=15, fontWeight="bold", subtitleFontSize=13,
        subtitleColor=INK, offset=8,
    )  # fmt: skip
    return alt.vconcat(panel.chart).properties(title=heading)


def steps(frame: pd.DataFrame, along: str) -> Chart:
    """Draw a difference at each of a few settings in their order: mean, range, and a line at zero.

    frame: (at, mean, low, high) rows, `at` in words.  along: what the settings are of.
    """
    order = list(dict.fromkeys(frame["at"]))
    axis = alt.Axis(labelAngle=-40, labelLimit=120, grid=False)
    x = alt.X("at:N", title=along or None, sort=order, axis=axis)
    y = alt.Y("mean:Q", title=None, axis=alt.Axis(tickCount=5, labelExpr=SIGNED))
    base = alt.Chart(frame)
    zero = alt.Chart(pd.DataFrame({"mean": [0.0]})).mark_rule(color=INK, strokeWidth=1.5).encode(y)
    spans = base.mark_rule(strokeWidth=2.5, color=A).encode(x, alt.Y("low:Q", title=None), alt.Y2("high:Q"))
    dots = base.mark_point(filled=True, size=70, opacity=1, color=A).encode(x, y)
    return (zero + spans + dots).properties(width=WIDTH, height=charts.HEIGHT)


def over_years(frame: pd.DataFrame, years: int) -> Chart:
    """Draw one or two differences over the years, each with its range, and a line at zero.

    frame: (year, world, mean, low, high) rows; world is "A" or "B".
    """
    zero = alt.Chart(pd.DataFrame({"mean": [0.0]})).mark_rule(color=INK, strokeWidth=1.5)
    lines = charts.trend(frame, years)
    return (zero.encode(alt.Y("mean:Q", title=None)) + lines).properties(width=WIDTH, height=charts.HEIGHT)
