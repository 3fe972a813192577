"""Entities and their state variables: one agent is one row, and a row is never moved.

A row of `families` is a home: when the youngest child turns 18 the family leaves and another, with a key of
its own, moves in. Arrivals and departures depend on nothing that services do, so that the same families live
in both worlds. States that rules move and decide by are 8-byte floats so that compiled and plain Python agree to the
last bit. What a person is born with and tends to, a child's development and the homes' tallies are kept in 4 bytes:
nothing but numbers of 8 bytes and one another ever meets them, so that both work alike.
"""

from typing import Any, TypeAlias

import numpy as np

from familyabm.compiled import LINE
from familyabm.tables.authority import AUTHORITY, CLOCK, FACTS, INCIDENT, LEVERS, MONEY, RECOMMENDATION
from familyabm.tables.people import ADULT, CHILD, FAMILY, LIMITS, RECORD, TROUBLE
from familyabm.tables.services import CARER, MANAGER, NEIGHBOURHOOD, SERVICE, SUPPORT_UNIT, TEAM, WORKER
from familyabm.tables.totals import NOTE, WEEK

Row: TypeAlias = Any
"""One agent: a row whose fields are read and written as attributes."""
Table: TypeAlias = np.recarray

WEEKS_A_YEAR = 52
LONG = 256
"""Bytes of a row above which it fills whole lines of the processor's cache."""
ADULTHOOD = 936
"""Age in weeks at which a child turns 18."""


def dtype_of(columns: dict[str, tuple[Any, ...]]) -> np.dtype[Any]:
    """Return the structured dtype of a table declared as {name: (type, meaning[, shape])}.

    A long row fills whole lines of the processor's cache, so that what it begins with lies in as few as may be.
    """
    fields = [(name, entry[0], entry[2]) if len(entry) == 3 else (name, entry[0]) for name, entry in columns.items()]
    kind = np.dtype(fields, align=True)
    if kind.itemsize <= LONG:
        return kind
    places: Any = kind.fields
    formats, offsets = zip(*(places[name] for name in columns), strict=True)
    filled: Any = {"names": list(columns), "formats": formats, "offsets": offsets, "itemsize": lines(kind.itemsize)}
    long: np.dtype[Any] = np.dtype(filled, align=True)
    return long


def lines(size: int) -> int:
    """Return a number of bytes rounded up to whole lines of the processor's cache."""
    return size + -size % LINE


def zeros(shape: int | tuple[int, ...], kind: np.dtype[Any]) -> np.ndarray[Any, Any]:
    """Return zeros of this kind that begin with a line of the processor's cache, which NumPy does not see to."""
    size = int(np.prod(shape)) * kind.itemsize
    room = np.zeros(size + LINE, dtype=np.uint8)
    first = -room.ctypes.data % LINE
    return room[first : first + size].view(kind).reshape(shape)


def empty(columns: dict[str, tuple[Any, ...]], rows: int) -> Table:
    """Return a table of `rows` rows, zero in every field, whose rows read as attributes."""
    return zeros(rows, dtype_of(columns)).view(np.recarray)


def copied(table: Table) -> Table:
    """Return a copy of a table that begins with a line of the processor's cache."""
    copy = zeros(table.shape, table.dtype)
    copy.view(np.uint8)[...] = np.ascontiguousarray(table).view(np.ndarray).view(np.uint8)
    return copy.view(np.recarray)


CHANCES = {
    "rise": ("f8", "chance rates of rising by factor and level", (4, 3)),
    "ease": ("f8", "chance rates of easing by factor and level", (4, 4)),
    "coupling": ("f8", "push of row on column", (4, 4)),
    "by_deprivation": ("f8", "log rise of onset per SD of deprivation", (4,)),
    "decile_rise": ("f8", "multiplier on rises by factor, level and decile", (4, 3, 11)),
    "decile_ease": ("f8", "log change of recovery by decile", (11,)),
    "weight": ("f8", "strain per level", (4,)),
    "accept_level": ("f8", "level at which services for adults accept a family, in writing", (4,)),
    "usual_wait": ("f8", "weeks that a family usually waits for treatment", (4,)),
    "place_cost": ("f8", "GBP a week of a place in treatment", (4,)),
    "council_share": ("f8", "share of these services' budgets that the council holds", (4,)),
    "most_rise": ("f8", "most that anything multiplies a rise by, but for frailty"),
    "most_ease": ("f8", "most that anything multiplies an easing by, but for resilience"),
}

PERSISTENT = (
    "families", "records", "adults", "children", "workers", "teams", "managers", "support_units", "services",
    "carers", "neighbourhoods", "authority", "facts", "money", "levers", "policy", "maturity", "nudge", "clocks",
    "recommendations", "incidents",
)  # fmt: skip
"""Tables that make up a snapshot."""


def _check_names() -> None:
    """Refuse a column whose name a record array keeps for itself: plain Python would read the wrong thing."""
    declared = (
        FAMILY, ADULT, CHILD, RECORD, WORKER, TEAM, MANAGER, SUPPORT_UNIT, SERVICE, CARER, NEIGHBOURHOOD, LEVERS,
        AUTHORITY, FACTS, MONEY, CLOCK, RECOMMENDATION, INCIDENT, WEEK, NOTE, TROUBLE,
        LIMITS,
    )  # fmt: skip
    taken = {name for columns in declared for name in columns if hasattr(np.record, name)}
    if taken:
        raise ValueError(f"columns {sorted(taken)} need other names")


_check_names()

__all__ = [
    "ADULT",
    "ADULTHOOD",
    "AUTHORITY",
    "CARER",
    "CHANCES",
    "CHILD",
    "CLOCK",
    "FACTS",
    "FAMILY",
    "INCIDENT",
    "LEVERS",
    "LIMITS",
    "MANAGER",
    "MONEY",
    "NEIGHBOURHOOD",
    "NOTE",
    "PERSISTENT",
    "RECOMMENDATION",
    "RECORD",
    "SERVICE",
    "SUPPORT_UNIT",
    "TEAM",
    "TROUBLE",
    "WEEK",
    "WEEKS_A_YEAR",
    "WORKER",
    "Row",
    "Table",
    "copied",
    "dtype_of",
    "empty",
    "zeros",
]
