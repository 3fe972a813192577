"""Failure demand and value demand, who bears what others failed to do, and errors of decision (K39 and K41)."""

import numpy as np
from numpy.typing import NDArray

from familyabm.codes import FAILURES, Agency, Event, Failure
from familyabm.measures.years import Definition, Year, children_share, rate, share

_FAILED = {int(code): f"failure_f{int(code)}" for code in list(Failure)[FAILURES]}
_VALUE = {
    "new": Failure.VALUE,
    "planned": Failure.V2_PLANNED,
    "news": Failure.V3_NEW_INFORMATION,
    "relapse": Failure.V4_RELAPSE,
}
_WHO_FAILS = (
    Agency.EARLY_HELP, Agency.SOCIAL_CARE, Agency.HOUSING, Agency.ADULT_MENTAL_HEALTH, Agency.SUBSTANCE_MISUSE,
    Agency.DOMESTIC_ABUSE_SERVICE,
)  # fmt: skip
"""Those who can let a family go without help, as the journal keeps it."""
_WHO_BEARS = {
    "social_care": Agency.SOCIAL_CARE,
    "police": Agency.POLICE,
    "housing": Agency.HOUSING,
    "mental_health": Agency.ADULT_MENTAL_HEALTH,
    "substance_misuse": Agency.SUBSTANCE_MISUSE,
    "domestic_abuse": Agency.DOMESTIC_ABUSE_SERVICE,
}


def _of_demand(column: str, code: int | slice) -> Definition:
    """Return demand of some codes as a share of all demand, by hours or by events."""

    def measure(year: Year) -> float:
        by_code = year.added(column, 2)
        return share(float(np.sum(by_code[code])), float(by_code.sum()))

    return measure


def _matrix(year: Year) -> NDArray[np.float64]:
    """Return hours of failure demand by who failed and on whom they landed."""
    return year.added("exported")


def _exported(year: Year) -> float:
    hours = _matrix(year)
    return share(float(hours.sum() - np.trace(hours)), float(hours.sum()))


def _exported_by(agency: Agency) -> Definition:
    """Return the share of all failure demand that one agency caused and others bear."""

    def measure(year: Year) -> float:
        hours = _matrix(year)
        return share(float(hours[agency].sum() - hours[agency, agency]), float(hours.sum()))

    return measure


def _borne_by(agency: Agency) -> Definition:
    """Return the share of all failure demand that one agency bears and others caused."""

    def measure(year: Year) -> float:
        hours = _matrix(year)
        return share(float(hours[:, agency].sum() - hours[agency, agency]), float(hours.sum()))

    return measure


DEFINITIONS: dict[str, Definition] = {
    "failure_demand": _of_demand("demand_hours", FAILURES),
    "failure_demand_events": _of_demand("demand_count", FAILURES),
    **{name: _of_demand("demand_hours", code) for code, name in _FAILED.items()},
    **{f"{name}_events": _of_demand("demand_count", code) for code, name in _FAILED.items()},
    **{f"value_{name}": _of_demand("demand_hours", code) for name, code in _VALUE.items()},
    "failure_exported": _exported,
    **{f"failure_exported_by_{agency.name.lower()}": _exported_by(agency) for agency in _WHO_FAILS},
    **{f"failure_exported_to_{name}": _borne_by(agency) for name, agency in _WHO_BEARS.items()},
    "omissions": lambda y: y.mean("omissions") / y.ten_thousands,
    "omission_events": rate(Event.OMISSION),
    "drift": rate(Event.DRIFT),
    "commission_enquiries": children_share(Event.SECTION_47_STARTED, Event.COMMISSION_ENQUIRY),
    "commission_plans": children_share(Event.PLAN_STARTED, Event.COMMISSION_PLAN),
    "commission_care": children_share(Event.CARE_STARTED, Event.COMMISSION_CARE),
}
