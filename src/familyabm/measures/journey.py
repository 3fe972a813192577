"""Early help, the way from first sign to need met, and where families wait on it (K27 and K28)."""

import math

from familyabm.codes import Agency, Event, Panel, Status
from familyabm.measures.years import Definition, Year, events_share, mean_over, over, rate, share, total_share


def _ended_met(year: Year) -> float:
    ended = year.events(Event.EARLY_HELP_ENDED_MET, Event.EARLY_HELP_ENDED_UNMET, Event.STEPPED_UP)
    return share(year.events(Event.EARLY_HELP_ENDED_MET), ended)


def _spread(year: Year) -> float:
    """Return the standard deviation of weeks from first sign to need met."""
    families = year.events(Event.NEED_MET)
    mean = over(year.total("met_weeks"), families)
    return math.sqrt(max(0.0, over(year.total("met_squares"), families) - mean * mean)) if families > 0 else mean


def _hand_offs(year: Year) -> float:
    return over(year.events(Event.WORKER_CHANGED, Event.STEPPED_UP, Event.STEPPED_DOWN), year.events(Event.NEED_MET))


def _at(status: Status) -> Definition:
    return lambda year: float(year.rows["status"][:, status].sum())


def _on_early_help_list(year: Year) -> float:
    """Return family-weeks on the waiting list that are not already counted as waiting for its panel."""
    before_panel = float(year.rows["panel_waiting"][:, Panel.EARLY_HELP].sum())
    return max(0.0, _at(Status.EARLY_HELP_WAITING)(year) - before_panel)


STATIONS: dict[str, Definition] = {
    "front_door": _at(Status.CONTACT),
    "early_help": _on_early_help_list,
    "allocation": _at(Status.REFERRAL),
    "assessment": _at(Status.ASSESSMENT),
    "panels": lambda year: year.total("panel_waiting"),
    "adult_services": lambda year: year.total("waiting"),
    "court": _at(Status.PROCEEDINGS),
}
"""Family-weeks of waiting at each station; a family that waits at two of them at once counts at both."""


def _waiting(station: str) -> Definition:
    """Return the share of all family-weeks of waiting that is spent at one station: the bottleneck."""
    return lambda year: share(STATIONS[station](year), sum(weeks(year) for weeks in STATIONS.values()))


def _panel_wait(panel: Panel, agency: Agency) -> Definition:
    """Return the mean weeks from a paper to its approval at one panel."""

    def measure(year: Year) -> float:
        weeks = float(year.rows["panel_weeks"][:, panel].sum())
        return over(weeks, year.events_of(Event.PANEL_APPROVED, agency))

    return measure


def _heard(year: Year, *events: Event) -> float:
    """Count hearings at the two panels that may say no, by what came of them."""
    return sum(year.events_of(event, Agency.SOCIAL_CARE, Agency.COUNCIL) for event in events)


def _of_hearings(event: Event) -> Definition:
    answers = (Event.PANEL_APPROVED, Event.PANEL_DEFERRED, Event.PANEL_REFUSED, Event.PANEL_DISPUTED)
    return lambda year: share(_heard(year, event), _heard(year, *answers) - _heard(year, Event.PANEL_SETTLED))


def _disputes(year: Year) -> float:
    return share(year.events(Event.PANEL_DISPUTED), year.events_of(Event.PANEL_ASKED, Agency.COUNCIL))


_PANELS: dict[str, Definition] = {
    "panel_wait_early_help": _panel_wait(Panel.EARLY_HELP, Agency.EARLY_HELP),
    "panel_wait_resource": _panel_wait(Panel.RESOURCE, Agency.SOCIAL_CARE),
    "panel_wait_joint": _panel_wait(Panel.JOINT, Agency.COUNCIL),
    "panel_wait_legal": _panel_wait(Panel.LEGAL, Agency.COURT),
    "panel_deferrals": _of_hearings(Event.PANEL_DEFERRED),
    "panel_refusals": _of_hearings(Event.PANEL_REFUSED),
    "panel_disputes": _disputes,
}

DEFINITIONS: dict[str, Definition] = {
    "early_help": rate(Event.EARLY_HELP_STARTED),
    "early_help_wait": mean_over("early_wait", Event.EARLY_HELP_STARTED),
    "early_help_met": _ended_met,
    "early_help_step_up": events_share(Event.EARLY_HELP_STARTED, Event.STEPPED_UP),
    "early_help_pull": lambda y: share(y.total("pulled"), y.events(Event.EARLY_HELP_STARTED)),
    "flexible_help": rate(Event.FLEXIBLE_SPEND),
    "led_by_nobody": total_share("open_families", "led_by_nobody"),
    "weeks_to_help": mean_over("help_weeks", Event.FIRST_HELP),
    "weeks_to_need_met": mean_over("met_weeks", Event.NEED_MET),
    "weeks_to_need_met_spread": _spread,
    "workers_to_need_met": mean_over("met_workers", Event.NEED_MET),
    "assessments_to_need_met": mean_over("met_assessments", Event.NEED_MET),
    "hand_offs": _hand_offs,
    **{f"wait_{station}": _waiting(station) for station in STATIONS},
    **_PANELS,
}
