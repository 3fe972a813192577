"""What families make of it: complaints, chasing, trust and what they say; and services' relationships (K51 to K54)."""

from familyabm.codes import Event
from familyabm.measures.years import Definition, Year, events_share, over, total_share


def _complaints(year: Year) -> float:
    return over(1000.0 * year.events(Event.COMPLAINT) / year.years, year.mean("open_children"))


DEFINITIONS: dict[str, Definition] = {
    "complaints": _complaints,
    "complaints_stage_2": events_share(Event.COMPLAINT, Event.COMPLAINT_STAGE_2),
    "complaints_stage_3": events_share(Event.COMPLAINT, Event.COMPLAINT_STAGE_3),
    "complaints_ombudsman": events_share(Event.COMPLAINT, Event.OMBUDSMAN),
    "complaints_in_time": events_share(Event.COMPLAINT_ANSWERED, Event.COMPLAINT_IN_TIME),
    "complaints_upheld": events_share(Event.COMPLAINT_ANSWERED, Event.COMPLAINT_UPHELD),
    "chase_calls": lambda y: over(y.events(Event.CHASED), y.total("open_families") / 100.0),
    "overdue": lambda y: over(y.total("overdue_actions"), y.total("open_families") / 100.0),
    "trust": lambda y: over(y.total("trust_sum"), y.total("open_families")),
    "feedback": total_share("feedback", "feedback_good"),
    "relationships": lambda y: y.mean("relationship"),
}
