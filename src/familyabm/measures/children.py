"""Harm to children, and how they fare: development, school, behaviour, risk outside the home (K44 to K48)."""

from collections.abc import Iterable

from familyabm.codes import Standing
from familyabm.measures.years import Definition, Year, last_share, over, share

_CARE = (Standing.LOOKED_AFTER, Standing.SETTLED_IN_CARE)
_BY_STANDING: dict[str, tuple[Standing, ...]] = {
    "all": tuple(Standing), "in_need": (Standing.IN_NEED,), "plan": (Standing.PLAN,), "looked_after": _CARE,
}  # fmt: skip
"""Those over whom outcomes are counted; children in need are those with neither a plan nor in care."""


def _among(part: str, whole: str, who: Iterable[Standing], times: float = 100.0) -> Definition:
    """Return a column of the yearly census to another, over children of these standings."""
    rows = [int(standing) for standing in who]
    return lambda year: times * over(float(year.last(part)[rows].sum()), float(year.last(whole)[rows].sum()))


def _development(who: Iterable[Standing]) -> Definition:
    physical, emotional = (_among(part, "growing", who, 0.5) for part in ("physical", "emotional"))
    return lambda year: physical(year) + emotional(year)


def _harm(year: Year) -> float:
    return year.total("harm_weeks") / year.years / year.ten_thousands


DEFINITIONS: dict[str, Definition] = {
    "harm": _harm,
    "harm_mean": lambda y: over(y.total("harm_sum"), y.total("children_total")),
    "harm_unknown": lambda y: share(y.total("harm_unknown"), y.total("harm_weeks")),
    **{f"development_{key}": _development(who) for key, who in _BY_STANDING.items()},
    "ready_for_school": last_share("ready", "fives"),
    **{f"absence_{key}": _among("missed_school", "pupils", who) for key, who in _BY_STANDING.items()},
    "absence_settled_in_care": _among("missed_school", "pupils", (Standing.SETTLED_IN_CARE,)),
    **{f"persistent_absence_{key}": _among("persistent", "pupils", who) for key, who in _BY_STANDING.items()},
    **{f"severe_absence_{key}": _among("severe", "pupils", who) for key, who in _BY_STANDING.items()},
    **{f"behaviour_{key}": _among("difficult", "rated", who) for key, who in _BY_STANDING.items()},
    "suspension": last_share("suspended", "older_pupils"),
    "drinking": last_share("drinking", "teenagers"),
    "risk_outside": last_share("outside", "teenagers"),
    "risk_outside_high": last_share("outside_high", "teenagers"),
}
