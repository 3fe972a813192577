"""Two feedback loops drawn with a run's own numbers: the front-door flood and the late-intervention trap."""

import math
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from familyabm.report import words
from familyabm.report.charts import INK, SHOWN, A, B
from familyabm.report.figures import Grid

WIDE, TALL, BOX_WIDE, BOX_TALL = 360, 500, 152, 62


class Node(NamedTuple):
    """One thing in a loop: its words, the measure whose numbers it shows, and where it stands."""

    title: str
    measure: str
    x: int
    y: int


NODES = (
    Node("Contacts", "contacts", 80, 38),
    Node("Load on workers", "load", 280, 38),
    Node("Closed with no help", "contacts_no_action", 280, 148),
    Node("Weeks of serious harm", "harm", 180, 258),
    Node("Came back", "repeat_contacts", 80, 148),
    Node("Cost of placements", "spend_placements", 280, 368),
    Node("Early help money", "spend_early_help", 180, 462),
    Node("Early help begun", "early_help", 80, 368),
)
ARROWS = (
    (0, 1, "+"),
    (1, 2, "+"),
    (2, 3, "+"),
    (3, 4, "+"),
    (4, 0, "+"),
    (3, 5, "+"),
    (5, 6, "\N{MINUS SIGN}"),
    (6, 7, "+"),
    (7, 3, "\N{MINUS SIGN}"),
)
"""From, to, and whether more of the one makes more (+) or less (minus) of the other."""
Values = Mapping[str, tuple[float, float, str]]
"""By measure: world A, world B, unit."""


def picture(values: Values) -> str:
    """Draw both loops as SVG, each box with the numbers of both worlds."""
    said = "; ".join(f"{node.title} {_both(values[node.measure])}" for node in NODES)
    label = words.cut(f"Two feedback loops. {said}.")
    inside = [_arrow(NODES[one], NODES[other], sign) for one, other, sign in ARROWS]
    inside += [_box(node, values[node.measure]) for node in NODES]
    inside.append(_round(180, 92, "1") + _round(180, 356, "2"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" viewBox="0 0 {WIDE} {TALL}" '
        f'font-family="{SHOWN}" font-size="13" fill="{INK}" text-anchor="middle">'
        f'<defs><marker id="loop-head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0,0L10,5L0,10Z" fill="{INK}"/></marker></defs>{"".join(inside)}</svg>'
    )


def grid(values: Values) -> Grid:
    """Return the numbers of the loops as a table."""
    rows = [
        [node.title, words.amount(a, unit), words.amount(b, unit)]
        for node in NODES
        for a, b, unit in [values[node.measure]]
    ]
    return Grid(
        "The loops in numbers", ["In the loop", "World A", "World B"], rows, [values[n.measure][2] for n in NODES]
    )


def _both(value: tuple[float, float, str]) -> str:
    a, b, unit = value
    return f"A {words.amount(a, unit)}, B {words.amount(b, unit)}"


def _box(node: Node, value: tuple[float, float, str]) -> str:
    a, b, unit = value
    x, y = node.x - BOX_WIDE / 2, node.y - BOX_TALL / 2
    return (
        f'<rect x="{x}" y="{y}" width="{BOX_WIDE}" height="{BOX_TALL}" rx="6" fill="#fff" stroke="{INK}" '
        'stroke-width="1.5"/>'
        f'<text x="{node.x}" y="{node.y - 8}" font-weight="bold">{escape(node.title)}</text>'
        f'<circle cx="{node.x - 62}" cy="{node.y + 14}" r="7" fill="{A}"/>'
        f'<text x="{node.x - 62}" y="{node.y + 18}" font-size="10.5" fill="#fff">A</text>'
        f'<text x="{node.x - 51}" y="{node.y + 18.5}" text-anchor="start">{escape(words.amount(a, unit))}</text>'
        f'<rect x="{node.x + 8}" y="{node.y + 7}" width="14" height="14" fill="{B}"/>'
        f'<text x="{node.x + 15}" y="{node.y + 18}" font-size="10.5">B</text>'
        f'<text x="{node.x + 27}" y="{node.y + 18.5}" text-anchor="start">{escape(words.amount(b, unit))}</text>'
    )


def _edge(one: Node, other: Node) -> tuple[float, float]:
    """Return where a line from one box to another leaves the first."""
    dx, dy = other.x - one.x, other.y - one.y
    reach = min(BOX_WIDE / 2 / abs(dx) if dx else math.inf, BOX_TALL / 2 / abs(dy) if dy else math.inf)
    return round(one.x + dx * reach, 1), round(one.y + dy * reach, 1)


def _arrow(one: Node, other: Node, sign: str) -> str:
    (x, y), (u, v) = _edge(one, other), _edge(other, one)
    middle = ((x + u) / 2, (y + v) / 2)
    far = math.hypot(u - x, v - y) or 1.0
    side = (-(v - y) / far * 12, (u - x) / far * 12)
    return (
        f'<line x1="{x}" y1="{y}" x2="{u}" y2="{v}" stroke="{INK}" stroke-width="1.8" marker-end="url(#loop-head)"/>'
        f'<text x="{middle[0] + side[0]:.1f}" y="{middle[1] + side[1] + 5:.1f}" font-size="16" '
        f'font-weight="bold">{sign}</text>'
    )


def _round(x: int, y: int, name: str) -> str:
    return (
        f'<circle cx="{x}" cy="{y}" r="13" fill="#F4F7F9" stroke="{INK}"/>'
        f'<text x="{x}" y="{y + 5}" font-weight="bold">{name}</text>'
    )
