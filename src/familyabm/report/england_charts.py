"""Charts of all authorities at once: every range, and none by name, because their order is mostly luck."""

import altair as alt
import pandas as pd

from familyabm.report.charts import BAND, INK, SIGNED, WIDTH, A, B, Chart

HEIGHT = 200
APART, ALIKE = "apart", "alike"


def ranges(frame: pd.DataFrame, england: tuple[float, float, float], signed: bool) -> Chart:
    """Draw one upright line for each authority's range, in the order of means, over a band for England.

    frame: (mean, low, high, way) rows; way is "apart" where a range lies wholly above or below England's, else
    "alike".  england: mean, low and high.  signed: differences, with a line at zero.
    """
    ordered = frame.sort_values("mean", kind="stable").reset_index(drop=True)
    ordered["place"] = ordered.index + 1
    x = alt.X("place:Q", title=None, axis=None, scale=alt.Scale(domain=[0, len(ordered) + 1], nice=False))
    axis = alt.Axis(tickCount=5, labelExpr=SIGNED) if signed else alt.Axis(tickCount=5, format=",~r")
    y = alt.Y("low:Q", title=None, scale=alt.Scale(zero=signed, nice=True), axis=axis)
    ways = alt.Scale(domain=[APART, ALIKE], range=[A, BAND])
    colour = alt.Color("way:N", scale=ways, legend=None)
    base = alt.Chart(ordered)
    width = max(1.2, min(6.0, 0.5 * WIDTH / max(1, len(ordered))))
    lines = base.mark_rule(strokeWidth=width).encode(x, y, alt.Y2("high:Q"), color=colour)
    shape = alt.Shape("way:N", scale=alt.Scale(domain=[APART, ALIKE], range=["diamond", "circle"]), legend=None)
    dots = base.mark_point(filled=True, size=14 + 6 * width, opacity=1).encode(
        x, alt.Y("mean:Q", title=None), color=colour, shape=shape
    )
    whole = alt.Chart(pd.DataFrame([dict(zip(("mean", "low", "high"), england, strict=True))]))
    band = whole.mark_rect(color=B, opacity=0.3).encode(y, alt.Y2("high:Q"))
    middle = whole.mark_rule(color=B, strokeWidth=2.5, strokeDash=[7, 4]).encode(alt.Y("mean:Q", title=None))
    layers = [band, lines, dots, middle]
    if signed:
        zero = alt.Chart(pd.DataFrame({"mean": [0.0]}))
        layers.insert(0, zero.mark_rule(color=INK, strokeWidth=1.5).encode(alt.Y("mean:Q", title=None)))
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT)
