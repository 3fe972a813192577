"""The calendar of returns: which day a week of the model is, working days and bank holidays.

A year of the model has 52 weeks and begins on 1 April. The one or two days that a real year has over are put into
the week of Christmas, where a bank holiday takes them, so that a year's counts stay within the year and nothing takes
more working days than five for each week. Whatever happens to a family in a week happens on the family's own day of
the week: the model knows no days.
"""

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from dateutil.easter import easter
from numpy.typing import NDArray

WEEKS_A_YEAR = 52
CHRISTMAS_WEEK = 38
"""Week of the year that begins on 23 December and is longer than the others."""
ONE_OFF = (date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8))
"""Bank holidays beyond the yearly ones, from 2020. Source: gov.uk, UK bank holidays (England and Wales)."""
MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}
"""Bank holidays held on another day. Source: as above."""


def year_of(day: date) -> int:
    """Return the calendar year in which the financial year of a day ends."""
    return day.year + (1 if (day.month, day.day) >= (4, 1) else 0)


def year_start(year: int) -> date:
    """Return the 1 April that begins the financial year ending in `year`."""
    return date(year - 1, 4, 1)


def year_end(year: int) -> date:
    """Return the 31 March that ends the financial year ending in `year`."""
    return date(year, 3, 31)


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> tuple[date, ...]:
    """Return the bank holidays of a calendar year in England and Wales.

    Source: Banking and Financial Dealings Act 1971 and gov.uk, UK bank holidays, read in 2026.
    """
    sunday = easter(year)
    found = {_next_working(date(year, 1, 1)), sunday - timedelta(2), sunday + timedelta(1)}
    found |= {_monday(date(year, 5, 1)), _monday(date(year, 5, 25)), _monday(date(year, 8, 25))}
    christmas = _next_working(date(year, 12, 25))
    found |= {christmas, _next_working(max(date(year, 12, 26), christmas + timedelta(1)))}
    found = {MOVED.get(day, day) for day in found} | {day for day in ONE_OFF if day.year == year}
    return tuple(sorted(found))


def _next_working(day: date) -> date:
    """Return a day, or the Monday after it if it falls on a weekend."""
    return day + timedelta((7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _monday(day: date) -> date:
    """Return the first Monday from a day on."""
    return day + timedelta(-day.weekday() % 7)


@lru_cache(maxsize=1)
def _holidays() -> NDArray[np.datetime64]:
    return np.array([day for year in range(1985, 2101) for day in bank_holidays(year)], dtype="datetime64[D]")


def working_days(first: NDArray[np.datetime64], last: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Count the working days after `first` up to and with `last`; the arrays hold days, none of them missing."""
    return np.asarray(np.busday_count(first + 1, last + 1, holidays=_holidays()), dtype=np.int64)


def add_working_days(day: date, count: int) -> date:
    """Return the day that is so many working days after another."""
    moved = np.busday_offset(np.datetime64(day), count, roll="backward", holidays=_holidays())
    return date.fromisoformat(str(moved))


def _week_start(year: int, week: int) -> date:
    """Return the first day of a week of the financial year ending in `year`; week 52 is the next 1 April."""
    if week > CHRISTMAS_WEEK:
        return date(year, 4, 1) - timedelta(7 * (WEEKS_A_YEAR - week))
    return year_start(year) + timedelta(7 * week)


@lru_cache(maxsize=8192)
def _working(year: int, week: int) -> tuple[date, ...]:
    first = _week_start(year, week)
    days = [first + timedelta(n) for n in range((_week_start(year, week + 1) - first).days)]
    closed = {*bank_holidays(year), *bank_holidays(year - 1)}
    return tuple(day for day in days if day.weekday() < 5 and day not in closed)


class Calendar:
    """Which day a week of a run is, for a run whose last year ends in a given financial year."""

    def __init__(self, n_weeks: int, last_year: int) -> None:
        """Lay the run's weeks, from 0, so that its last one ends the financial year ending in `last_year`."""
        self.first_year = last_year - (n_weeks - 1) // WEEKS_A_YEAR
        self.years = tuple(range(self.first_year, last_year + 1))

    def working_day(self, week: int, place: int) -> date:
        """Return the working day of a week, from 0, that a family's own place (0 to 4) falls on; weeks before 0 too."""
        days = _working(self.first_year + week // WEEKS_A_YEAR, week % WEEKS_A_YEAR)
        return days[min(place, len(days) - 1)]

    def birthday(self, week: int, place: int) -> date:
        """Return the day of a birth: the place (1 to 5) within its week, so that birthdays fall into the same week."""
        year, of_year = self.first_year + week // WEEKS_A_YEAR, week % WEEKS_A_YEAR
        return _week_start(year, of_year) + timedelta(place)


def birthday(born: date, age: int) -> date:
    """Return the birthday on which a child reaches an age; 1 March for one born on 29 February."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, day: date) -> int:
    """Return the age in whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a shorter month."""
    month = day.month - 1 + months
    year, of_year = day.year + month // 12, month % 12 + 1
    longest = (date(year + of_year // 12, of_year % 12 + 1, 1) - timedelta(1)).day
    return date(year, of_year, min(day.day, longest))
