"""Every measure at once, on a year of drawn numbers: what a longer time or a larger place must not change, and values kept.

`python tests/test_measures_scaled.py` writes tests/golden/measures.csv anew after a definition was changed on purpose.
"""

import math
from pathlib import Path

import numpy as np
import pandas as pd

from familyabm.measures import MEASURES, of_weeks
from familyabm.tables import WEEK, WEEKS_A_YEAR, empty

KEPT = Path(__file__).parent / "golden" / "measures.csv"


def drawn(weeks: int = WEEKS_A_YEAR) -> np.ndarray:
    """Return weeks in which every number of every column is a whole one between 1 and 99, the children many more."""
    chance, rows = np.random.default_rng(26), empty(WEEK, weeks)
    for name in rows.dtype.names:
        rows[name] = chance.integers(1, 100, rows[name].shape)
    rows["children_total"] = 40_000.0
    return rows


def told(rows: np.ndarray) -> dict[str, float]:
    return of_weeks(rows, list(MEASURES))


def close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def test_the_same_year_twice_over_has_the_measures_of_one():
    once, twice = told(drawn()), told(np.concatenate([drawn(), drawn()]))
    assert not any(math.isnan(value) for value in once.values())
    other = {name for name in MEASURES if not close(once[name], twice[name])}
    assert other == {"bureaucracy_growth"}  # from the first week to the last, a year
    assert close(twice["bureaucracy_growth"], once["bureaucracy_growth"] / 2.0)


def test_twice_of_everything_leaves_a_rate_as_it_is_and_doubles_a_number():
    one, rows = told(drawn()), drawn()
    for name in rows.dtype.names:
        rows[name] = rows[name] * 2
    times = {name: value / one[name] for name, value in told(rows).items() if one[name] != 0.0}
    other = {name for name, value in times.items() if not close(value, 1.0) and not close(value, 2.0)}
    assert len(times) > 0.95 * len(MEASURES)
    assert other == {"discussibility", "overload"}  # a product of two columns; weeks above a load
    assert close(times["discussibility"], 4.0)


def test_every_measure_is_what_it_was():
    kept = pd.read_csv(KEPT, index_col="measure")["value"].to_dict()
    found = told(drawn())
    assert list(kept) == list(found), f"measures came or went: python {Path(__file__).name} writes {KEPT.name} anew"
    moved = {name: (value, found[name]) for name, value in kept.items() if not close(value, found[name])}
    assert moved == {}


if __name__ == "__main__":
    pd.Series(told(drawn()), name="value").rename_axis("measure").to_csv(KEPT, float_format="%.17g")
