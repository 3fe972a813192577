"""The machinery of the check: what a rule is, what it finds, and the rules that every table of a shape must keep."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from familyabm.returns import shapes
from familyabm.returns.reading import Source, day_of

NO_DAY = pd.Timestamp(2262, 1, 1)
"""Stands for a day that has not come where one is compared."""


@dataclass(frozen=True)
class Finding:
    """One thing found: file, row (the heading is 1), column and value, child, and the rule that it breaks."""

    rule: str
    file: str
    row: int
    column: str
    value: str
    child: str
    sentence: str


@dataclass(frozen=True)
class Rule:
    """One rule: its code, the sentence that holds of good returns, and what finds the rows of which it does not."""

    code: str
    sentence: str
    run: "Callable[[Returns], Iterable[tuple[str, str, pd.Series[bool]]]]"


@dataclass
class Returns:
    """The tables of one shape and year, with their days read; cells that are no days are NaT here."""

    sources: Mapping[str, Source]
    year: int
    _days: dict[tuple[str, str], "pd.Series[pd.Timestamp]"] = field(default_factory=dict)

    def __contains__(self, table: str) -> bool:
        """Tell whether a table is there and has rows."""
        return table in self.sources and len(self.sources[table].rows) > 0

    def rows(self, table: str) -> pd.DataFrame:
        """Return a table's cells."""
        return self.sources[table].rows

    def days(self, table: str, column: str) -> "pd.Series[pd.Timestamp]":
        """Return a column's days."""
        key = (table, column)
        if key not in self._days:
            cells = self.sources[table].rows[column]
            known = {cell: day_of(cell) for cell in cells.unique()}
            self._days[key] = pd.to_datetime(cells.map(known))
        return self._days[key]

    @property
    def start(self) -> pd.Timestamp:
        """Return the year's first day."""
        return pd.Timestamp(self.year - 1, 4, 1)

    @property
    def end(self) -> pd.Timestamp:
        """Return the year's last day."""
        return pd.Timestamp(self.year, 3, 31)

    def born(self, table: str, child: str, people: str, identity: str, birth: str) -> "pd.Series[pd.Timestamp]":
        """Return the day of birth of each row's child, as the table of children has it."""
        known = pd.Series(self.days(people, birth).to_numpy(), index=self.rows(people)[identity])
        known = known[~known.index.duplicated()]
        return pd.to_datetime(self.rows(table)[child].map(known))


def findings(rule: Rule, returns: Returns) -> list[Finding]:
    """Return what a rule finds in returns."""
    found = []
    for table, column, broken in rule.run(returns):
        source = returns.sources[table]
        for place in np.flatnonzero(broken.fillna(False).to_numpy(dtype=bool)):
            row = source.rows.iloc[place]
            value = str(row[column]) if column in row else ""
            child = str(row[source.layout.child]) if source.layout.child else ""
            found.append(Finding(rule.code, source.where, int(place) + 2, column, value, child, rule.sentence))
    return found


# --- Cells -----------------------------------------------------------------------------------------------------------


def cells(source: Source) -> list[Finding]:
    """Check each cell of a table against its column: filled where it must be, a day, a code of the set, a number."""
    found = []
    for column in source.layout.columns:
        values = source.rows[column.name]
        blank = values == ""
        if column.required:
            found += _cells(source, column, blank, "C1", "is filled")
        wrong = ~blank & ~values.map(lambda cell, one=column: _fits(one, cell)).astype(bool)
        found += _cells(source, column, wrong, f"C2 {column.kind}", f"holds {column.accepted}")
    return found


def _cells(source: Source, column: shapes.Column, broken: "pd.Series[bool]", code: str, says: str) -> list[Finding]:
    child = source.rows[source.layout.child] if source.layout.child else None
    return [
        Finding(code, source.where, int(place) + 2, column.name, str(source.rows[column.name].iloc[place]),
                "" if child is None else str(child.iloc[place]), f"{column.name} {says}.")
        for place in np.flatnonzero(broken.to_numpy(dtype=bool))
    ]  # fmt: skip


def _fits(column: shapes.Column, cell: str) -> bool:
    if column.kind == "date":
        return day_of(cell) is not None
    if column.kind == "code":
        return cell in shapes.code_set(column.detail)
    if column.kind == "codes":
        return all(code in shapes.code_set(column.detail) for code in cell.split())
    if column.kind == "whole":
        low, high = column.bounds
        return cell.isdecimal() and low <= int(cell) <= high
    return True
