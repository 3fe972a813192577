"""Tables that start empty: those that fill up as weeks are lived, and those that every week works with."""

from typing import Any

import numpy as np

from familyabm.luck import HAND
from familyabm.tables import Table, zeros
from familyabm.town import LAYOUT

LEVELS = 4
"""Levels of each of the four risk factors."""
RECOMMENDATIONS, INCIDENTS = 256, 64
"""Recommendations and serious incidents that an authority can have before it; the oldest rows are used again."""


def blank(name: str, rows: int) -> Table:
    """Return a table of the town with that many rows, zero in every field."""
    kind, columns = LAYOUT[name]
    table: Any = zeros((rows, columns) if columns else rows, kind)
    shown: Table = table.view(np.recarray) if kind.names else table
    return shown


def kept(homes: int, adults: int, children: int) -> dict[str, Table]:
    """Return the tables that life fills, and that a future takes over from its past."""
    rows = {
        "records": homes, "adults": adults, "children": children,
        "money": 1, "maturity": 1, "nudge": 1, "recommendations": RECOMMENDATIONS, "incidents": INCIDENTS,
    }  # fmt: skip
    return {name: blank(name, n) for name, n in rows.items()}


def written(homes: int, weeks: int, events: int) -> dict[str, Table]:
    """Return what is written about a run: its weekly totals, its tally by home and the page of its journal."""
    return {name: blank(name, n) for name, n in {"weekly": weeks, "tally": homes, "page": events}.items()}


def working(homes: int) -> dict[str, Table]:
    """Return what a week works with: the keys of families and of some agents, numbers drawn ahead, lists and queues.

    Families are dealt numbers all at once; adults, and awake families what else they need, some hundreds at a time.
    """
    rows = {
        "family_keys": homes, "hand_keys": HAND, "family_hand": 4 * homes, "hands": 8 * HAND,
        "awake": homes, "known": homes, "queue": homes, "rank": homes,
        "limits": 1, "troubles": LEVELS**4,
    }  # fmt: skip
    return {name: blank(name, n) for name, n in rows.items()}
