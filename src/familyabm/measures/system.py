"""How the system stands up to load, and how unequal it is (K55 and K56)."""

import numpy as np

from familyabm import capability
from familyabm.measures.years import Definition, Year, over

_RATES = ("referrals", "plans", "looked_after")


def _overload_weeks(year: Year) -> float:
    return float((year.rows["peak_load"] > capability.OVERLOAD).sum()) / year.years


def _overload(year: Year) -> float:
    return capability.overload(year.rows) / year.years


def _ratio(rate: str) -> Definition:
    """Return the rate in the most deprived tenth of neighbourhoods to that in the least deprived."""
    return lambda year: over(float(year.by_decile[rate][-1]), float(year.by_decile[rate][0]))


def _slope(rate: str) -> Definition:
    """Return how far a rate rises from one tenth of neighbourhoods to the next, by weighted least squares."""

    def measure(year: Year) -> float:
        lived_in = year.by_decile["children"] > 0.0
        if lived_in.sum() < 2:
            return float("nan")
        weight, value = year.by_decile["children"][lived_in], year.by_decile[rate][lived_in]
        decile = 1.0 + np.flatnonzero(lived_in)
        apart = decile - np.average(decile, weights=weight)
        return float((weight * apart * value).sum() / (weight * apart * apart).sum())

    return measure


DEFINITIONS: dict[str, Definition] = {
    "peak_load": lambda y: float(y.rows["peak_load"].max()),
    "overload_weeks": _overload_weeks,
    "overload": _overload,
    **{f"unequal_{rate}": _ratio(rate) for rate in _RATES},
    **{f"slope_{rate}": _slope(rate) for rate in _RATES},
}
