"""A flow drawn as bands between columns: how many went from what to what. It never stands without its table."""

from collections import defaultdict
from collections.abc import Sequence
from html import escape

import pandas as pd

from familyabm.report import words
from familyabm.report.charts import INK, SHOWN, A, B

WIDE, TALL, BAR, GAP, TOP = 880, 430, 14, 12, 30
LABEL = 230
"""Room to the right of the last column for its labels."""


def picture(frame: pd.DataFrame, heads: Sequence[str], warm: str) -> str:
    """Draw a flow as SVG.

    frame: one column of labels for each step, then n.  heads: what each step is called.
    warm: the label of the last step whose bands are orange; all others are blue.
    """
    steps = [name for name in frame.columns if name != "n"]
    total = float(frame["n"].sum()) or 1.0
    places = [_column(frame.groupby(step, sort=False)["n"].sum(), total) for step in steps]
    at = [round((WIDE - LABEL - BAR) * step / (len(steps) - 1), 1) for step in range(len(steps))]
    bands = [
        band
        for step in range(len(steps) - 1)
        for band in _bands(frame, steps, step, places, at, total, warm)
    ]  # fmt: skip
    nodes = [_node(label, at[step], *places[step][label]) for step in range(len(steps)) for label in places[step]]
    titles = [
        f'<text x="{x}" y="14" font-weight="bold">{escape(head)}</text>' for x, head in zip(at, heads, strict=True)
    ]
    last = frame.groupby(steps[-1], sort=False)["n"].sum()
    said = ", ".join(f"{label} {n:,}" for label, n in last.items())
    label = words.cut(f"Flow of {int(total):,} from {heads[0].lower()} to {heads[-1].lower()}: {said}.")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDE} {TALL}" '
        f'font-family="{SHOWN}" font-size="13.5" fill="{INK}">{"".join([*bands, *nodes, *titles])}</svg>'
    )


def _height(n: float, total: float, parts: int) -> float:
    return (TALL - TOP - 10 - GAP * (parts - 1)) * n / total


def _column(sums: pd.Series, total: float) -> dict[str, tuple[float, float, int]]:
    """Return each label's top, height and count in one column."""
    found, top = {}, float(TOP)
    for label, n in sums.items():
        tall = _height(float(n), total, len(sums))
        found[str(label)] = (round(top, 1), round(tall, 1), int(n))
        top += tall + GAP
    return found


def _bands(
    frame: pd.DataFrame, steps: list[str], step: int, places: list[dict[str, tuple[float, float, int]]],
    at: list[float], total: float, warm: str,
) -> list[str]:  # fmt: skip
    """Draw the bands between one column and the next, split by whether they end warm."""
    one, other, last = steps[step], steps[step + 1], steps[-1]
    links = frame.assign(warm=frame[last] == warm).groupby([one, other, "warm"], sort=False)["n"].sum()
    used: dict[tuple[int, str], float] = defaultdict(float)
    drawn = []
    for left, right, hot, n in links.reset_index().itertuples(index=False):
        ends = []
        for side, label in ((step, str(left)), (step + 1, str(right))):
            top, tall, count = places[side][label]
            mine = tall * float(n) / count if count else 0.0
            start = top + used[side, label]
            used[side, label] += mine
            ends.append((start, start + mine))
        drawn.append(_band(at[step] + BAR, at[step + 1], ends[0], ends[1], B if hot else A))
    return drawn


def _band(x: float, u: float, left: tuple[float, float], right: tuple[float, float], colour: str) -> str:
    middle = (x + u) / 2
    return (
        f'<path d="M{x:.1f},{left[0]:.1f}C{middle:.1f},{left[0]:.1f} {middle:.1f},{right[0]:.1f} {u:.1f},{right[0]:.1f}'
        f"L{u:.1f},{right[1]:.1f}C{middle:.1f},{right[1]:.1f} {middle:.1f},{left[1]:.1f} {x:.1f},{left[1]:.1f}Z"
        f'" fill="{colour}" fill-opacity=".38"/>'
    )


def _node(label: str, x: float, top: float, tall: float, n: int) -> str:
    return (
        f'<rect x="{x}" y="{top}" width="{BAR}" height="{max(1.0, tall)}" fill="{INK}"/>'
        f'<text x="{x + BAR + 6}" y="{round(top + tall / 2 + 4.5, 1)}" stroke="#fff" stroke-width="3" '
        f'paint-order="stroke">{escape(label)} {n:,}</text>'
    )
