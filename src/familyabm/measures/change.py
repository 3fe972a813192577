"""Bureaucracy, the programme of change, what is learnt, and who is blamed (K36, K38, K50 and K53)."""

from familyabm.codes import Clock, Event
from familyabm.measures.years import Definition, Year, share
from familyabm.tables import LEVERS


def _change(year: Year, column: str) -> float:
    """Return how far a weekly column moved in a year."""
    return float(year.rows[column][-1] - year.rows[column][0]) / year.years


def _imagined_done(year: Year) -> float:
    """Return the mean gap between policy and practice over the eight levers and the clocks, in per cent."""
    gaps = len(LEVERS) * year.mean("lever_gap") + len(Clock) * year.mean("clock_gap")
    return 100.0 * gaps / (len(LEVERS) + len(Clock))


def _settled(year: Year) -> float:
    """Count the recommendations that were implemented, filed or dropped."""
    return sum(year.total(column) for column in ("compliance_done", "adaptive_done", "paper_only", "dropped"))


def _of_settled(*columns: str) -> Definition:
    return lambda year: share(sum(year.total(column) for column in columns), _settled(year))


def _for_procedure(year: Year) -> float:
    issued = year.total("compliance_issued")
    return share(issued, issued + year.total("adaptive_issued"))


def _discussibility(year: Year) -> float:
    return 100.0 * float((year.rows["discuss_range"] * year.rows["discuss_ease"]).mean())


def _a_year(event: Event) -> Definition:
    return lambda year: year.events(event) / year.years


def _mean_percent(column: str) -> Definition:
    return lambda year: 100.0 * year.mean(column)


def _last_percent(column: str) -> Definition:
    return lambda year: 100.0 * float(year.last(column))


DEFINITIONS: dict[str, Definition] = {
    "bureaucracy": _last_percent("bureaucracy"),
    "bureaucracy_growth": lambda y: 100.0 * _change(y, "bureaucracy"),
    "procedure_added": lambda y: 100.0 * y.total("procedure_added") / y.years,
    "imagined_done_gap": _imagined_done,
    "levers_gap": _mean_percent("lever_gap"),
    "clocks_gap": _mean_percent("clock_gap"),
    "relapses": lambda y: y.total("relapses") / y.years,
    "programme_maturity": _last_percent("programme_maturity"),
    "practice_quality": _last_percent("practice_quality"),
    "recommendations": _a_year(Event.RECOMMENDATION),
    "recommendations_procedure": _for_procedure,
    "recommendations_acted_on": _of_settled("compliance_done", "adaptive_done"),
    "recommendations_paper": _of_settled("paper_only"),
    "recommendations_dropped": _of_settled("dropped"),
    "recommendations_pending": lambda y: float(y.last("pending")),
    "serious_incidents": _a_year(Event.SERIOUS_INCIDENT),
    "incidents_known": lambda y: share(y.total("incidents_known"), y.events(Event.SERIOUS_INCIDENT)),
    "incidents_below": lambda y: share(y.total("incidents_below"), y.total("incidents_known")),
    "ofsted_grade": lambda y: float(y.last("grade")),
    "leaders_left": _a_year(Event.LEADER_LEFT),
    "discussibility": _discussibility,
    "problems_raised": lambda y: share(y.total("surfaced"), y.total("problems")),
    "risk_aversion": _mean_percent("risk_aversion"),
    "criticism": _mean_percent("criticism"),
    "nerve": _mean_percent("nerve"),
}
