"""One family's dealings with services as swim lanes: a lane a service, a mark a dealing, and below how the family is.

Shapes carry the meaning, colour only repeats it: a disc is new need, a ring what came back, a cross an end without
help, a wedge a family passed on, a tick any other dealing.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from familyabm.report import words
from familyabm.report.charts import FAINT, INK, SHOWN, A, B

WIDE, LEFT, RIGHT, LANE = 360, 6, 354, 38
NEW, BACK, UNHELPED, PASSED, OTHER = range(5)
KINDS = ("new need", "came back", "ended without help", "passed on", "other dealing")
LEVELS = ("Calm", "Worried", "In crisis")


class Mark(NamedTuple):
    """One dealing: which lane, in which week from 0, and of which kind."""

    lane: int
    week: int
    kind: int


def picture(
    lanes: Sequence[str], marks: Iterable[Mark], steps: Sequence[tuple[int, int]], weeks: int, world: str
) -> str:
    """Draw a family's lanes as SVG.

    lanes: names of services.  steps: (week, level) from which the family was calm (0), worried (1) or in crisis (2).
    """
    marks = list(marks)
    tall = LANE * len(lanes) + 102
    counted = ", ".join(f"{name} {sum(mark.lane == lane for mark in marks)}" for lane, name in enumerate(lanes))
    label = words.cut(f"Timeline of one family in world {world}. Dealings by service: {counted or 'none'}.")
    inside = [_lane(name, lane) for lane, name in enumerate(lanes)]
    inside += [_mark(mark, weeks, A if world == "A" else B) for mark in marks]
    inside += [_steps(steps, weeks, LANE * len(lanes) + 22), _years(weeks, tall)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDE} {tall}" '
        f'font-family="{SHOWN}" font-size="12.5" fill="{INK}">{"".join(inside)}</svg>'
    )


def _x(week: float, weeks: int) -> float:
    return round(LEFT + 8 + (RIGHT - LEFT - 16) * week / max(1, weeks), 1)


def _lane(name: str, lane: int) -> str:
    y = LANE * lane + 28
    return (
        f'<text x="{LEFT}" y="{y - 14}">{escape(name)}</text>'
        f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}" stroke="{FAINT}" stroke-width="2"/>'
    )


def _mark(mark: Mark, weeks: int, colour: str) -> str:
    x, y = _x(mark.week, weeks), LANE * mark.lane + 28
    if mark.kind == NEW:
        return f'<circle cx="{x}" cy="{y}" r="4.5" fill="{colour}" stroke="{INK}" stroke-width=".8"/>'
    if mark.kind == BACK:
        return f'<circle cx="{x}" cy="{y}" r="4.5" fill="#fff" stroke="{INK}" stroke-width="2.2"/>'
    if mark.kind == UNHELPED:
        cross = f'<path d="M{x - 4},{y - 4}l8,8m0,-8l-8,8" fill="none" stroke'
        return f'{cross}="#fff" stroke-width="5"/>{cross}="{INK}" stroke-width="2.2"/>'
    if mark.kind == PASSED:
        return f'<path d="M{x - 4},{y - 5}l9,5l-9,5z" fill="{colour}" stroke="{INK}" stroke-width=".8"/>'
    return f'<line x1="{x}" x2="{x}" y1="{y - 5}" y2="{y + 5}" stroke="{INK}" stroke-width="1.2"/>'


def _steps(steps: Sequence[tuple[int, int]], weeks: int, top: int) -> str:
    """Draw how the family is as a line of three levels."""
    level = {2: top, 1: top + 19, 0: top + 38}
    names = "".join(
        f'<text x="{LEFT}" y="{level[of] - 4}" font-size="11" fill="#434C54">{LEVELS[of]}</text>' for of in level
    )
    before = [of for _, of in [*steps[:1], *steps[:-1]]]
    turns = [
        f"{'L' if place else 'M'}{_x(week, weeks)},{level[was]}L{_x(week, weeks)},{level[of]}"
        for place, ((week, of), was) in enumerate(zip(steps, before, strict=True))
    ]
    path = "".join(turns)
    end = f"L{_x(weeks, weeks)},{level[steps[-1][1]]}" if steps else ""
    return f'{names}<path d="{path}{end}" fill="none" stroke="{INK}" stroke-width="1.8"/>'


def _years(weeks: int, tall: int) -> str:
    years = max(1, weeks // 52)
    every = max(1, years // 5)
    return "".join(
        f'<text x="{_x(52 * year + 26, weeks)}" y="{tall - 8}" text-anchor="middle">Year {year + 1}</text>'
        for year in range(0, years, every)
    )
