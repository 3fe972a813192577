"""One watched run of a small authority, lived once, and its extracts, for the tests of returns."""

from functools import cache

import pandas as pd

from familyabm import areas, levers, simulation
from familyabm.parameters import DEFAULT
from familyabm.returns import histories, watching, writing

SCALE, SEED, YEARS, LAST = 0.05, 2, 3, 2025


@cache
def watched():
    """Three watched years of a twentieth of Wakefield."""
    snapshot = simulation.past(areas.find("Wakefield"), DEFAULT, SEED, SCALE)
    return watching.live(snapshot, levers.find("status-quo"), YEARS * 52)


@cache
def told():
    """Their histories."""
    return histories.histories(watched(), LAST)


@cache
def tables(shape, year=LAST):
    """A year's tables of a shape; they are shared, and nobody changes them."""
    return writing.TABLES[shape](told(), year)


def extract(shape, out):
    """Write an extract of a shape and return its folder."""
    writing.write(out, writing.describe(shape, watched().run, told()), told())
    return out


def days(table, column, style="%Y-%m-%d"):
    """A column of a table as days, NaT where blank."""
    return pd.to_datetime(table[column].replace("", None), format=style)
