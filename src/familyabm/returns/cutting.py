"""Cutting histories to a financial year, and laying rows out as a table of a shape has them."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from familyabm.returns.dates import WEEKS_A_YEAR, age_on, year_end, year_start
from familyabm.returns.histories import Histories
from familyabm.returns.shapes import Layout

MARK = "SYN"
"""What every child's identifier begins with: nobody can take these children for real ones."""


class Year:
    """A financial year of some histories."""

    def __init__(self, told: Histories, ending: int) -> None:
        """Take the year that ends in `ending`."""
        self._told = told
        self.first, self.last = year_start(ending), year_end(ending)
        self.start, self.end = pd.Timestamp(self.first), pd.Timestamp(self.last)
        self.last_week = WEEKS_A_YEAR * (ending - told.calendar.first_year + 1) - 1

    def holds(self, days: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
        """Tell which days lie in the year."""
        return (days >= self.start) & (days <= self.end)

    def lasting(self, rows: pd.DataFrame, start: str = "start", end: str = "end") -> pd.DataFrame:
        """Return the rows that held at any time in the year."""
        return rows[(rows[start] <= self.end) & ~(rows[end] < self.start)]

    def people(self, keys: Iterable[int]) -> pd.DataFrame:
        """Return the children of these keys, each once."""
        children = self._told.children
        return children[children["child"].isin(set(keys))].sort_values("child", ignore_index=True)


def ids(told: Histories) -> dict[int, str]:
    """Return every child's identifier by key: SYN and a number, the same in all years and shapes of a run."""
    return {key: f"{MARK}{place:07d}" for place, key in enumerate(sorted(told.children["child"].tolist()), start=1)}


def upn(born: pd.Timestamp, day: date) -> str:
    """Return the code that stands for a UPN."""
    return "UN1" if age_on(born.date(), day) < 5 else "UN5"


def laid_out(rows: pd.DataFrame, layout: Layout, names: dict[int, str]) -> pd.DataFrame:
    """Return rows as text in a table's columns; columns that are not there are blank."""
    found = pd.DataFrame(index=rows.index)
    for column in layout.columns:
        if column.name not in rows or len(rows) == 0:
            found[column.name] = pd.Series("", index=rows.index, dtype=object)
        elif column.kind == "date":
            found[column.name] = pd.to_datetime(rows[column.name]).dt.strftime(layout.date_format).fillna("")
        elif column.kind == "id":
            found[column.name] = rows[column.name].map(names)
        else:
            found[column.name] = rows[column.name].fillna("").astype(str)
    days = [column.name for column in layout.columns if column.kind == "date" and column.name in rows]
    by = [name for name in (layout.child, *days[:2]) if name in rows]
    order = rows.sort_values(by, kind="stable").index if by else rows.index
    return found.loc[order].reset_index(drop=True)
