"""What the record of a world shows at a week: the table that is equal to the picture, and the months of its charts."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.report.figures import Grid

from .record import ARRIVED, BACK, NOBODY, SERVICES, UNHELPED, WAITS, Record

MONTH, YEAR = 4, 52
"""Weeks over which the table counts, and over which families known to several services are counted."""
BANDS = ("Calm", "Worried", "In crisis")


class Row(NamedTuple):
    """What one service had to do in the last four weeks."""

    service: str
    families: int
    new: int
    back: int
    unhelped: int
    passed: int


class Count(NamedTuple):
    """Everything that is shown of one week. seen: families that this service, or any, has ever met in these years."""

    rows: list[Row]
    new: int
    back: int
    bands: tuple[int, int, int]
    waiting: int
    several: int
    seen: int


def count(record: Record, week: int, look: int = -1) -> Count:
    """Count what stands at the end of a week. look: only what this service has seen, -1 for everyone."""
    touches = record.touches
    month = _between(touches, week - MONTH + 1, week)
    year = _between(touches, week - YEAR + 1, week)
    ever = _between(touches, 0, week)
    shown = range(len(SERVICES)) if look < 0 else (look,)
    rows = [_row(month, place) for place in shown]
    state = states(record, week)
    met = np.unique(ever["row"] if look < 0 else ever["row"][ever["service"] == look])
    pairs = np.unique(year["row"].astype(np.int64) * 256 + year["service"]) // 256
    return Count(
        rows, sum(row.new for row in rows), sum(row.back for row in rows),
        tuple(int(((state & 3) == band).sum()) for band in range(3)),  # type: ignore[arg-type]
        int(((state >> 2) == WAITS).sum()), int((np.unique(pairs, return_counts=True)[1] >= 3).sum()), len(met),
    )  # fmt: skip


def states(record: Record, week: int) -> NDArray[np.uint8]:
    """Return the state of every home at the end of a week."""
    upto = record.states[: int(np.searchsorted(record.states["week"], week, side="right"))]
    state = np.zeros(record.homes, dtype=np.uint8)
    state[upto["row"]] = upto["state"]  # the last of several changes stays
    return state


def _between(touches: NDArray[np.void], first: int, last: int) -> NDArray[np.void]:
    start, end = np.searchsorted(touches["week"], (max(0, first), last + 1))
    return touches[start:end]


def _row(month: NDArray[np.void], place: int) -> Row:
    own = month[month["service"] == place]
    arrived, back = (own["marks"] & ARRIVED) > 0, (own["marks"] & BACK) > 0
    return Row(
        list(SERVICES.values())[place], len(np.unique(own["row"])), int((arrived & ~back).sum()),
        int((arrived & back).sum()), int(((own["marks"] & UNHELPED) > 0).sum()), int((month["by"] == place).sum()),
    )  # fmt: skip


def grid(found: Count, week: int) -> Grid:
    """Return the table of a week."""
    headers = ["Service", "Families in touch", "New need", "Came back", "Ended without help", "Passed on"]
    rows = [[row.service, *(f"{value:,}" for value in row[1:])] for row in found.rows]
    return Grid(f"The four weeks up to week {week + 1}", headers, rows)


def months(record: Record) -> pd.DataFrame:
    """Return (month, kind, value): arrivals of new need and of what came back, four weeks a month."""
    arrived = record.touches[(record.touches["marks"] & ARRIVED) > 0]
    month = arrived["week"] // MONTH
    back = (arrived["marks"] & BACK) > 0
    n = record.weeks // MONTH
    parts = [
        ("New need", np.bincount(month[~back], minlength=n)[:n]),
        ("Came back", np.bincount(month[back], minlength=n)[:n]),
    ]
    frames = [pd.DataFrame({"month": np.arange(1, n + 1), "kind": kind, "value": values}) for kind, values in parts]
    return pd.concat(frames, ignore_index=True)


def passes(record: Record, week: int) -> NDArray[np.int64]:
    """Return how often each service passed families to each other in the year up to a week, (from, to)."""
    year = _between(record.touches, week - YEAR + 1, week)
    year = year[year["by"] != NOBODY]
    whole = np.zeros((len(SERVICES), len(SERVICES)), dtype=np.int64)
    np.add.at(whole, (year["by"], year["service"]), 1)
    return whole


def last_year(record: Record) -> NDArray[np.void]:
    """Return the touches of the last year."""
    return _between(record.touches, record.weeks - YEAR, record.weeks - 1)
