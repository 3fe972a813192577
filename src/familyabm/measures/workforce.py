"""Social workers: caseload, turnover, time with families, and waste in practice and leadership (K29 to K37)."""

from familyabm.codes import Agency, Event
from familyabm.measures.years import Definition, Year, over, share, total_share

_WASTES = {
    name: f"{name}_hours" for name in ("recording", "chasing", "hand_over", "duplicate", "panel", "audit", "rework")
}
"""The seven kinds of practice waste, by the column of their hours."""
_LEADERSHIP = {"fire_fighting": "fire_fighting_hours", "unread": "unread_hours", "unchanged": "unchanged_hours"}


def _wasted_pounds(column: str) -> Definition:
    """Return one kind of waste in pounds per child, at the price that all kinds share."""

    def measure(year: Year) -> float:
        hours = sum(year.total(name) for name in _WASTES.values())
        return year.pounds("waste_pence") * over(year.total(column), hours)

    return measure


def _unused_discretion(year: Year) -> float:
    """Return the share of decisions sent up, contacts apart, that came back as they were proposed."""
    same, other = (
        year.events_of(event, Agency.SOCIAL_CARE) for event in (Event.APPROVED_UNCHANGED, Event.DECISION_CHANGED)
    )
    return share(same, same + other)


def _vacancies(year: Year) -> float:
    posts = float(year.last("posts"))
    return share(posts - float(year.last("permanent_workers")), posts)


DEFINITIONS: dict[str, Definition] = {
    "caseload": lambda y: over(float(y.last("allocated")), float(y.last("holders"))),
    "load": lambda y: y.mean("load"),
    "turnover": lambda y: share(y.total("leavers") / y.years, y.mean("permanent_workers")),
    "vacancies": _vacancies,
    "agency": lambda y: share(float(y.last("agency_workers")), float(y.last("holders"))),
    "sickness": lambda y: share(y.mean("absent"), y.mean("holders")),
    "stress": lambda y: y.mean("stress"),
    "worker_changes": lambda y: over(y.children(Event.WORKER_CHANGED) / y.years, y.mean("open_children")),
    "three_workers": lambda y: share(float(y.last("changed_often")), float(y.last("open_children"))),
    "direct_time": total_share("paid_hours", "direct_hours"),
    "visits_kept": total_share("direct_hours", "visits_kept"),
    "practice_waste": total_share("present_hours", *_WASTES.values()),
    **{f"waste_{name}": total_share("present_hours", column) for name, column in _WASTES.items()},
    **{f"waste_{name}_pounds": _wasted_pounds(column) for name, column in _WASTES.items()},
    "waste_pounds": lambda y: y.pounds("waste_pence", "leadership_waste_pence"),
    "panel_prep": total_share("paid_hours", "panel_prep_hours"),
    "audit_time": total_share("paid_hours", "audit_hours"),
    "leadership_waste": total_share("managers_hours", *_LEADERSHIP.values()),
    **{f"leadership_{name}": total_share("managers_hours", column) for name, column in _LEADERSHIP.items()},
    "unused_discretion": _unused_discretion,
    "approval_hours": lambda y: y.total("manager_hours_decisions") / y.years / y.ten_thousands,
    "senior_hours": lambda y: y.total("senior_hours") / y.years,
}
