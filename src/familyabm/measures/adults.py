"""Services for adults and police at homes (K49)."""

from familyabm.codes import Agency, Event, Factor
from familyabm.measures.years import Definition, Year, over, share

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


_NAMED = {factor.name.lower(): factor for factor in Factor}

DEFINITIONS: dict[str, Definition] = {
    "adult_asked": _asked(*Factor),
    "adult_bounced": _of_requests(Event.BOUNCED, *Factor),
    "adult_completed": _of_requests(Event.TREATMENT_COMPLETED, *Factor),
    "adult_wait": _wait(*Factor),
    **{f"adult_asked_{name}": _asked(factor) for name, factor in _NAMED.items()},
    **{f"adult_bounced_{name}": _of_requests(Event.BOUNCED, factor) for name, factor in _NAMED.items()},
    **{f"adult_completed_{name}": _of_requests(Event.TREATMENT_COMPLETED, factor) for name, factor in _NAMED.items()},
    **{f"adult_wait_{name}": _wait(factor) for name, factor in _NAMED.items()},
    "clinician_helped": lambda y: y.events(Event.CLINICIAN_HELPED) / y.years / y.ten_thousands,
    "police_attended": lambda y: y.events(Event.ATTENDED) / y.years / y.ten_thousands,
}
