"""Measures of services for adults, of partners' spending, and of who bailed out whom."""

from collections.abc import Callable

from familyabm.codes import Agency, Event, Factor, Silo
from familyabm.years import WEEKS_A_YEAR, Year, over, share

Definition = Callable[[Year], float]
AGENCIES = (Agency.HOUSING, Agency.ADULT_MENTAL_HEALTH, Agency.SUBSTANCE_MISUSE, Agency.DOMESTIC_ABUSE_SERVICE)
"""The agencies that treat adults' risk factors, in the order of the factors."""


def _agencies(factors: tuple[Factor, ...]) -> tuple[Agency, ...]:
    return tuple(AGENCIES[factor] for factor in factors)


def _asked(*factors: Factor) -> Definition:
    return lambda year: year.events_of(Event.ASKED, *_agencies(factors)) / year.years / year.ten_thousands


def _of_requests(event: Event, *factors: Factor) -> Definition:
    at = _agencies(factors)
    return lambda year: share(year.events_of(event, *at), year.events_of(Event.ASKED, *at))


def _wait(*factors: Factor) -> Definition:
    def measure(year: Year) -> float:
        weeks = float(sum(year.rows["treatment_wait"][:, factor].sum() for factor in factors))
        return over(weeks, year.events_of(Event.TREATMENT_STARTED, *_agencies(factors)))

    return measure


def _pounds(year: Year, pence: float) -> float:
    return pence / 100.0 / year.years / (year.ten_thousands * 10_000.0)


def _spent(*factors: Factor) -> Definition:
    return lambda year: _pounds(year, float(sum(year.rows["spend_adult"][:, factor].sum() for factor in factors)))


def _given(silo: Silo) -> Definition:
    return lambda year: _pounds(year, float(year.rows["moved"][:, silo].sum()) * WEEKS_A_YEAR)


_NAMED = {factor.name.lower(): factor for factor in Factor}

ADULT_SERVICES: dict[str, Definition] = {
    "adult_asked": _asked(*Factor),
    "adult_bounced": _of_requests(Event.BOUNCED, *Factor),
    "adult_completed": _of_requests(Event.TREATMENT_COMPLETED, *Factor),
    "adult_wait": _wait(*Factor),
    **{f"adult_asked_{name}": _asked(factor) for name, factor in _NAMED.items()},
    **{f"adult_bounced_{name}": _of_requests(Event.BOUNCED, factor) for name, factor in _NAMED.items()},
    **{f"adult_completed_{name}": _of_requests(Event.TREATMENT_COMPLETED, factor) for name, factor in _NAMED.items()},
    **{f"adult_wait_{name}": _wait(factor) for name, factor in _NAMED.items()},
    "clinician_helped": lambda year: year.events(Event.CLINICIAN_HELPED) / year.years / year.ten_thousands,
    "police_attended": lambda year: year.events(Event.ATTENDED) / year.years / year.ten_thousands,
}
SPENDING: dict[str, Definition] = {
    "spend_adult_services": _spent(*Factor),
    **{f"spend_{name}": _spent(factor) for name, factor in _NAMED.items()},
    "spend_police": lambda year: year.pounds("spend_police"),
}
BAIL_OUTS: dict[str, Definition] = {
    **{f"bail_out_{factor.name.lower()}": _given(Silo(Silo.HOUSING + factor)) for factor in Factor},
    "buckled": lambda year: year.mean("buckled"),
    "defensive": lambda year: year.mean("defensive"),
}
