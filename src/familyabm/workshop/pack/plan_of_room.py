"""The room as a drawing: tables for the services, the screen, the wall for slips and the way to the quiet room."""

from collections.abc import Sequence
from html import escape

from familyabm.report.charts import INK, SHOWN, A, B

WIDE, TALL = 640, 400
PLACES = ((144, 160), (328, 130), (512, 160), (226, 270), (430, 270))
"""Where tables stand, for up to five."""


def said(titles: Sequence[str]) -> str:
    """Say what the drawing shows."""
    return (
        "Room plan. Screen in the middle of the front wall, facilitator beside it. "
        f"{len(titles)} tables apart from each other: {', '.join(titles)}. "
        "A free wall for slips on the left. The door and the way to the quiet room at the back right."
    )


def picture(titles: Sequence[str]) -> str:
    """Draw the room as SVG."""
    inside = [
        f'<rect x="4" y="4" width="{WIDE - 8}" height="{TALL - 8}" fill="#fff" stroke="{INK}" stroke-width="3"/>',
        f'<rect x="220" y="14" width="200" height="26" fill="{A}"/><text x="320" y="33" fill="#fff">Screen</text>',
        f'<text x="500" y="34" fill="{INK}">Facilitator</text>',
        f'<rect x="4" y="90" width="14" height="230" fill="{B}"/>'
        f'<text x="38" y="205" fill="{INK}" transform="rotate(-90 38 205)">Wall for slips</text>',
        f'<path d="M{WIDE - 90},{TALL - 4}h70" stroke="#fff" stroke-width="6"/>'
        f'<text x="{WIDE - 20}" y="{TALL - 16}" text-anchor="end" fill="{INK}">Door, way to the quiet room</text>',
        f'<text x="30" y="{TALL - 16}" text-anchor="start" fill="{INK}">Chairs for those who watch</text>',
    ]
    for (x, y), title in zip(PLACES, titles, strict=False):
        inside.append(
            f'<ellipse cx="{x}" cy="{y}" rx="86" ry="42" fill="#f4f7f9" stroke="{INK}" stroke-width="2"/>'
            f'<text x="{x}" y="{y + 5}" fill="{INK}">{escape(title)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(said(titles))}" '
        f'viewBox="0 0 {WIDE} {TALL}" font-family="{SHOWN}" font-size="14.5" text-anchor="middle">'
        f"{''.join(inside)}</svg>"
    )
