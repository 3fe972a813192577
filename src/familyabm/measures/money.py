"""Spending, by whom and on what, and who bails out whom (K42 and K43)."""

from familyabm.codes import Agency, Event, Factor, Silo
from familyabm.measures.years import WEEKS_A_YEAR, Definition, Year, over

_ACUTE = ("spend_staff", "spend_placements", "spend_legal")
_COUNCIL = (*_ACUTE, "spend_support", "spend_early_help", "spend_levers")
_LINES = ("early_help", "staff", "placements", "legal", "support", "levers", "partners", "police")
_NAMED = {factor.name.lower(): factor for factor in Factor}


def _pounds(*columns: str) -> Definition:
    return lambda year: year.pounds(*columns)


def _per_child(year: Year, pence: float) -> float:
    return pence / 100.0 / year.years / (year.ten_thousands * 10_000.0)


def _spent(*factors: Factor) -> Definition:
    return lambda year: _per_child(year, float(sum(year.rows["spend_adult"][:, factor].sum() for factor in factors)))


def _given(silo: Silo) -> Definition:
    return lambda year: _per_child(year, float(year.rows["moved"][:, silo].sum()) * WEEKS_A_YEAR)


def _raids(year: Year) -> float:
    """Return the months of a year in which early help lost money to acute services."""
    return year.events_of(Event.BAILED_OUT, Agency.EARLY_HELP) / year.years


DEFINITIONS: dict[str, Definition] = {
    "spend": _pounds(*_COUNCIL),
    **{f"spend_{line}": _pounds(f"spend_{line}") for line in _LINES},
    "spend_adult_services": _spent(*Factor),
    **{f"spend_{name}": _spent(factor) for name, factor in _NAMED.items()},
    "early_to_late": lambda y: over(y.total("spend_early_help"), sum(y.total(column) for column in _ACUTE)),
    "spend_per_need_met": lambda y: over(sum(y.total(c) for c in _COUNCIL) / 100.0, y.events(Event.NEED_MET)),
    "grants": _pounds("grants"),
    "bail_out": lambda y: y.pounds("raided") * WEEKS_A_YEAR,
    "bail_out_months": _raids,
    **{f"bail_out_{factor.name.lower()}": _given(Silo(Silo.HOUSING + factor)) for factor in Factor},
    "buckled": lambda y: y.mean("buckled"),
    "defensive": lambda y: y.mean("defensive"),
    "reserves": lambda y: float(y.last("reserves")) / 100.0 / (y.ten_thousands * 10_000.0),
    "section_114_risk": lambda y: float(y.last("section_114")),
}
