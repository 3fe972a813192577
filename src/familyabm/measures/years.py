"""A year of weekly totals, with the words that measures are defined in."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from familyabm import capability
from familyabm.codes import Agency, Event
from familyabm.tables import Table

WEEKS_A_YEAR = 52


class Year:
    """The weekly totals of one year (or of any run of weeks), with the words that definitions are made of."""

    def __init__(self, rows: Table) -> None:
        """Hold the rows; `rows` is (weeks,) of the weekly table."""
        self.rows: Any = np.asarray(rows).view(np.ndarray)  # a recarray's fields take ten times as long to find
        self.years = len(rows) / WEEKS_A_YEAR
        self._added: dict[tuple[str, tuple[int, ...]], NDArray[np.float64]] = {}

    def added(self, column: str, *more: int) -> NDArray[np.float64]:
        """Add a column up over the weeks, and over further axes of it; worked out once for all that read it."""
        if (column, more) not in self._added:
            self._added[column, more] = np.asarray(self.rows[column].sum(axis=(0, *more), dtype=np.float64))
        return self._added[column, more]

    @cached_property
    def ten_thousands(self) -> float:
        """Return the mean number of children aged 0 to 17 in ten thousands."""
        return float(self.rows["children_total"].mean()) / 10_000.0

    def children(self, *events: Event) -> float:
        """Count children in events of these kinds."""
        return float(sum(self.added("children")[event].sum() for event in events))

    def events(self, *events: Event) -> float:
        """Count events of these kinds."""
        return float(sum(self.added("events")[event].sum() for event in events))

    def events_of(self, event: Event, *agencies: Agency) -> float:
        """Count events of one kind at these agencies."""
        return float(sum(self.added("events")[event, agency] for agency in agencies))

    def rate(self, *events: Event) -> float:
        """Return children in these events a year per 10,000."""
        return self.children(*events) / self.years / self.ten_thousands

    def stock(self, values: NDArray[np.float64] | float) -> float:
        """Return a 31 March number per 10,000 children."""
        return float(np.sum(values)) / float(self.rows["children_total"][-1]) * 10_000.0

    @cached_property
    def by_decile(self) -> dict[str, NDArray[np.float64]]:
        """Return children and rates per 10,000 of them by neighbourhood deprivation decile, 1 to 10."""
        return {str(name): column.to_numpy() for name, column in capability.inequality(self.rows).items()}

    def total(self, column: str) -> float:
        """Add up a weekly column."""
        return float(self.rows[column].sum())

    def mean(self, column: str) -> float:
        """Average a weekly column."""
        return float(self.rows[column].mean())

    def last(self, column: str) -> NDArray[np.float64]:
        """Return a column at 31 March."""
        return np.asarray(self.rows[column][-1], dtype=np.float64)

    def pounds(self, *columns: str) -> float:
        """Return spending a year in pounds per child aged 0 to 17."""
        pence = sum(self.total(column) for column in columns)
        return pence / 100.0 / self.years / (self.ten_thousands * 10_000.0)


Definition = Callable[[Year], float]
"""How one measure is worked out from a year."""


def share(part: float, whole: float) -> float:
    """Return a percentage; not a number where there is nothing to divide by."""
    return 100.0 * part / whole if whole > 0.0 else float("nan")


def over(part: float, whole: float) -> float:
    """Return a quotient; not a number where there is nothing to divide by."""
    return part / whole if whole > 0.0 else float("nan")


def last_share(part: str, whole: str) -> Definition:
    """Return a column at 31 March as a percentage of another."""
    return lambda year: share(float(year.last(part)), float(year.last(whole)))


def total_share(whole: str, *columns: str) -> Definition:
    """Return the year's total of some columns as a percentage of another's."""
    return lambda year: share(sum(year.total(column) for column in columns), year.total(whole))


def children_share(whole: Event, *events: Event) -> Definition:
    """Return children in events of some kinds as a percentage of those in another."""
    return lambda year: share(year.children(*events), year.children(whole))


def events_share(whole: Event, *events: Event) -> Definition:
    """Return events of some kinds as a percentage of those of another."""
    return lambda year: share(year.events(*events), year.events(whole))


def rate(*events: Event) -> Definition:
    """Return children in these events a year per 10,000."""
    return lambda year: year.rate(*events)


def mean_over(column: str, event: Event) -> Definition:
    """Return the year's total of a column for each event of a kind."""
    return lambda year: over(year.total(column), year.events(event))


def children_mean(column: str, event: Event) -> Definition:
    """Return the year's total of a column for each child in events of a kind."""
    return lambda year: over(year.total(column), year.children(event))
