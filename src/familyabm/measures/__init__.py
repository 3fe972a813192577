"""Every measure, defined once, in the words of the official return it mirrors, read from the week's totals.

DfE conventions: children, not families; a year runs from 1 April to 31 March (52 weeks here); rates are per
10,000 children aged 0 to 17; a snapshot is the last week of the year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from familyabm.measures import (
    adults,
    care,
    change,
    children,
    demand,
    families,
    front_door,
    journey,
    money,
    plans,
    system,
    workforce,
)
from familyabm.measures.frames import weekly_frame
from familyabm.measures.titles import TITLES, Title
from familyabm.measures.years import WEEKS_A_YEAR, Definition, Year
from familyabm.tables import Table

__all__ = [
    "MEASURES", "WEEKS_A_YEAR", "Measure", "Title", "Year", "by_year", "catalogue", "of_weeks", "weekly_frame",
]  # fmt: skip

THEMES = (front_door, plans, care, journey, workforce, demand, money, children, change, adults, families, system)


@dataclass(frozen=True)
class Measure:
    """One measure: its name, what people read, and how a year's value is worked out."""

    name: str
    title: Title
    of: Definition

    @property
    def order(self) -> tuple[int, str]:
        """Return where the measure's code stands among the concept's codes."""
        digits = self.title.code[1:].rstrip("abc")
        return int(digits), self.title.code[1 + len(digits) :]


def _collected() -> dict[str, Measure]:
    """Bring the themes' definitions together with their words, in the order of the codes; refuse a name used twice."""
    found = [Measure(name, TITLES[name], of) for theme in THEMES for name, of in theme.DEFINITIONS.items()]
    by_name = {measure.name: measure for measure in sorted(found, key=lambda measure: measure.order)}
    if not len(found) == len(by_name) == len(TITLES):
        raise ValueError("a measure has two definitions, or words and no definition")
    return by_name


MEASURES: dict[str, Measure] = _collected()
"""Every measure by name, in the order of the concept's codes."""


def of_weeks(rows: Table, names: Iterable[str] = MEASURES) -> dict[str, float]:
    """Return the measures of one stretch of weeks, taken as a year.

    rows: (weeks,) of the weekly table.  Returns {name: value}, NaN where there is nothing to divide by.
    """
    year = Year(rows)
    return {name: MEASURES[name].of(year) for name in names}


def by_year(weekly: Table, names: Iterable[str] = MEASURES) -> pd.DataFrame:
    """Return measures, by default all, for every whole financial year; only those named are worked out.

    weekly: (weeks,) of the weekly table.  Returns a frame indexed by year (1 on), one column per measure.
    """
    columns, n_years = list(names), len(weekly) // WEEKS_A_YEAR
    plain: Any = np.asarray(weekly).view(np.ndarray)  # of a recarray a slice takes a hundred times as long
    years: Iterable[Any] = (plain[WEEKS_A_YEAR * year : WEEKS_A_YEAR * (year + 1)] for year in range(n_years))
    rows = [of_weeks(weeks, columns) for weeks in years]
    return pd.DataFrame(rows, pd.RangeIndex(1, n_years + 1, name="year"), columns, dtype=np.float64)


def catalogue() -> pd.DataFrame:
    """Return a frame of all measures: code, name, title, unit, which way is better, definition."""
    rows = [
        (m.title.code, m.name, m.title.title, m.title.unit, m.title.better, m.title.definition)
        for m in MEASURES.values()
    ]
    return pd.DataFrame(rows, columns=["code", "name", "title", "unit", "better", "definition"])
