"""Every measure, defined once, in the words of the official return it mirrors, read from the week's totals.

DfE conventions: children, not families; a year runs from 1 April to 31 March (52 weeks here); rates are per
10,000 children aged 0 to 17; a snapshot is the last week of the year.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.codes import (
    FAILURES,
    LOOKED_AFTER,
    N_SOURCES,
    Agency,
    Category,
    Clock,
    Event,
    Factor,
    Failure,
    Legal,
    Panel,
    Placement,
    Silo,
    Standing,
    Status,
)
from familyabm.measure_codes import TITLES, Title
from familyabm.tables import WEEK, Table

WEEKS_A_YEAR = 52
WORKING_DAYS = 5.0
_ENDS = (
    Event.CARE_ENDED_HOME,
    Event.CARE_ENDED_GUARDIAN,
    Event.CARE_ENDED_ADOPTED,
    Event.CARE_ENDED_ARRANGEMENTS,
    Event.CARE_ENDED_EIGHTEEN,
    Event.CARE_ENDED_OTHER,
)


@dataclass(frozen=True)
class Measure:
    """One measure: its code in the concept, its name, what people read, and how a year's value is worked out."""

    name: str
    title: Title
    of: Callable[["Year"], float]


class Year:
    """The weekly totals of one year (or of any run of weeks), with the words that definitions are made of."""

    def __init__(self, rows: Table) -> None:
        """Hold the rows; `rows` is (weeks,) of the weekly table."""
        self.rows = rows
        self.years = len(rows) / WEEKS_A_YEAR

    @cached_property
    def ten_thousands(self) -> float:
        """Return the mean number of children aged 0 to 17 in ten thousands."""
        return float(self.rows["children_total"].mean()) / 10_000.0

    def children(self, *events: Event) -> float:
        """Count children in events of these kinds."""
        return float(sum(self.rows["children"][:, event].sum() for event in events))

    def events(self, *events: Event) -> float:
        """Count events of these kinds."""
        return float(sum(self.rows["events"][:, event].sum() for event in events))

    def rate(self, *events: Event) -> float:
        """Return children in these events a year per 10,000."""
        return self.children(*events) / self.years / self.ten_thousands

    def stock(self, values: NDArray[np.float64] | float) -> float:
        """Return a 31 March number per 10,000 children."""
        return float(np.sum(values)) / float(self.rows["children_total"][-1]) * 10_000.0

    def total(self, column: str) -> float:
        """Add up a weekly column."""
        return float(self.rows[column].sum())

    def mean(self, column: str) -> float:
        """Average a weekly column."""
        return float(self.rows[column].mean())

    def last(self, column: str) -> NDArray[np.float64]:
        """Return a column at 31 March."""
        return np.asarray(self.rows[column][-1], dtype=np.float64)

    def pounds(self, *columns: str) -> float:
        """Return spending a year in pounds per child aged 0 to 17."""
        pence = sum(self.total(column) for column in columns)
        return pence / 100.0 / self.years / (self.ten_thousands * 10_000.0)


def share(part: float, whole: float) -> float:
    """Return a percentage; not a number where there is nothing to divide by."""
    return 100.0 * part / whole if whole > 0.0 else float("nan")


def over(part: float, whole: float) -> float:
    """Return a quotient; not a number where there is nothing to divide by."""
    return part / whole if whole > 0.0 else float("nan")


def _contacts_from(agency: Agency) -> Callable[[Year], float]:
    return lambda year: float(year.rows["children"][:, Event.CONTACT, agency].sum()) / year.years / year.ten_thousands


def _referrals_from(agency: Agency) -> Callable[[Year], float]:
    return lambda year: share(
        float(year.rows["children"][:, Event.REFERRAL, agency].sum()), year.children(Event.REFERRAL)
    )


def _care_ended(event: Event) -> Callable[[Year], float]:
    return lambda year: share(year.children(event), year.children(*_ENDS))


def _placed(*placements: Placement) -> Callable[[Year], float]:
    return lambda year: share(
        float(sum(year.last("placement")[place] for place in placements)), float(year.last("placement").sum())
    )


def _failed(code: Failure) -> Callable[[Year], float]:
    return lambda year: share(float(year.rows["demand_hours"][:, code].sum()), float(year.rows["demand_hours"].sum()))


def failure_share(year: Year) -> float:
    """Return the share of demand hours that are failure demand."""
    hours = year.rows["demand_hours"].sum(axis=(0, 2))
    return share(float(hours[FAILURES].sum()), float(hours.sum()))


def failure_count_share(year: Year) -> float:
    """Return the share of demand events that are failure demand."""
    count = year.rows["demand_count"].sum(axis=(0, 2))
    return share(float(count[FAILURES].sum()), float(count.sum()))


def _looked_after(year: Year) -> float:
    return year.stock(year.last("legal")[[int(status) for status in LOOKED_AFTER]])


def _waiting(*statuses: Status) -> Callable[[Year], float]:
    """Return the share of all family-weeks of waiting that is spent at one station: the bottleneck."""
    stations = (
        Status.CONTACT,
        Status.EARLY_HELP_WAITING,
        Status.REFERRAL,
        Status.ASSESSMENT,
        Status.PROCEEDINGS,
    )

    def measure(year: Year) -> float:
        weeks = year.rows["status"].sum(axis=0)
        return share(float(sum(weeks[s] for s in statuses)), float(sum(weeks[s] for s in stations)))

    return measure


def _panel_wait(panel: Panel, agency: Agency) -> Callable[[Year], float]:
    """Return the mean weeks from a paper to its approval at one panel."""

    def measure(year: Year) -> float:
        approved = float(year.rows["events"][:, Event.PANEL_APPROVED, agency].sum())
        return over(float(year.rows["panel_weeks"][:, panel].sum()), approved)

    return measure


def _heard(year: Year, *events: Event) -> float:
    """Count hearings at the two panels that may say no, by what came of them."""
    secretaries = [int(Agency.SOCIAL_CARE), int(Agency.COUNCIL)]
    return float(sum(year.rows["events"][:, event][:, secretaries].sum() for event in events))


def _of_hearings(event: Event) -> Callable[[Year], float]:
    answers = (Event.PANEL_APPROVED, Event.PANEL_DEFERRED, Event.PANEL_REFUSED, Event.PANEL_DISPUTED)
    return lambda year: share(_heard(year, event), _heard(year, *answers) - _heard(year, Event.PANEL_SETTLED))


def _unused_discretion(year: Year) -> float:
    """Return the share of decisions sent up, contacts apart, that came back as they were proposed."""
    back = [float(year.rows["events"][:, e, Agency.SOCIAL_CARE].sum())
            for e in (Event.APPROVED_UNCHANGED, Event.DECISION_CHANGED)]  # fmt: skip
    return share(back[0], sum(back))


def _of_plans(category: Category) -> Callable[[Year], float]:
    return lambda year: share(
        float(year.last("plan_category")[category]), float(year.last("legal")[Legal.CHILD_PROTECTION_PLAN])
    )


_CARE = (Standing.LOOKED_AFTER, Standing.SETTLED_IN_CARE)
_BY_STANDING: dict[str, tuple[Standing, ...]] = {
    "all": tuple(Standing), "in_need": (Standing.IN_NEED,), "plan": (Standing.PLAN,), "looked_after": _CARE,
}  # fmt: skip
"""Those over whom outcomes are counted; children in need are those with neither a plan nor in care."""


def _among(part: str, whole: str, who: Iterable[Standing], times: float = 100.0) -> Callable[[Year], float]:
    """Return a column of the yearly census to another, over children of these standings."""
    rows = [int(standing) for standing in who]
    return lambda year: times * over(float(year.last(part)[rows].sum()), float(year.last(whole)[rows].sum()))


def _home_again(column: str) -> Callable[[Year], float]:
    return lambda year: share(year.total(column), year.children(Event.CARE_ENDED_HOME))


def _per_last(part: str, whole: str) -> Callable[[Year], float]:
    return lambda year: share(float(year.last(part)), float(year.last(whole)))


def _development(who: Iterable[Standing]) -> Callable[[Year], float]:
    physical, emotional = (_among(part, "growing", who, 0.5) for part in ("physical", "emotional"))
    return lambda year: physical(year) + emotional(year)


_OUTCOMES: dict[str, Callable[[Year], float]] = {
    **{f"development_{key}": _development(who) for key, who in _BY_STANDING.items()},
    "ready_for_school": _per_last("ready", "fives"),
    **{f"absence_{key}": _among("missed_school", "pupils", who) for key, who in _BY_STANDING.items()},
    "absence_settled_in_care": _among("missed_school", "pupils", (Standing.SETTLED_IN_CARE,)),
    **{f"persistent_absence_{key}": _among("persistent", "pupils", who) for key, who in _BY_STANDING.items()},
    **{f"severe_absence_{key}": _among("severe", "pupils", who) for key, who in _BY_STANDING.items()},
    **{f"behaviour_{key}": _among("difficult", "rated", who) for key, who in _BY_STANDING.items()},
    "suspension": _per_last("suspended", "older_pupils"),
    "drinking": _per_last("drinking", "teenagers"),
    "risk_outside": _per_last("outside", "teenagers"),
    "risk_outside_high": _per_last("outside_high", "teenagers"),
}

_ACUTE = ("spend_staff", "spend_placements", "spend_legal")
_COUNCIL = (*_ACUTE, "spend_support", "spend_early_help", "spend_levers")


def _unmet(year: Year) -> float:
    ended = year.events(Event.EARLY_HELP_ENDED_MET, Event.EARLY_HELP_ENDED_UNMET, Event.STEPPED_UP)
    return share(year.events(Event.EARLY_HELP_ENDED_MET), ended)


ADULT_AGENCIES = (
    Agency.HOUSING,
    Agency.ADULT_MENTAL_HEALTH,
    Agency.SUBSTANCE_MISUSE,
    Agency.DOMESTIC_ABUSE_SERVICE,
)
"""The agencies that treat adults' risk factors, in the order of the factors."""


def _at(year: Year, event: Event, agencies: tuple[Agency, ...]) -> float:
    return float(sum(year.rows["events"][:, event, agency].sum() for agency in agencies))


def _asked(*agencies: Agency) -> Callable[[Year], float]:
    return lambda year: _at(year, Event.ASKED, agencies) / year.years / year.ten_thousands


def _bounced(*agencies: Agency) -> Callable[[Year], float]:
    return lambda year: share(_at(year, Event.BOUNCED, agencies), _at(year, Event.ASKED, agencies))


def _completed(*agencies: Agency) -> Callable[[Year], float]:
    return lambda year: share(_at(year, Event.TREATMENT_COMPLETED, agencies), _at(year, Event.ASKED, agencies))


def _treatment_wait(*factors: Factor) -> Callable[[Year], float]:
    def measure(year: Year) -> float:
        began = _at(year, Event.TREATMENT_STARTED, tuple(ADULT_AGENCIES[factor] for factor in factors))
        return over(float(sum(year.rows["treatment_wait"][:, factor].sum() for factor in factors)), began)

    return measure


def _spent_on(*factors: Factor) -> Callable[[Year], float]:
    def measure(year: Year) -> float:
        pence = sum(year.rows["spend_adult"][:, factor].sum() for factor in factors)
        return float(pence) / 100.0 / year.years / (year.ten_thousands * 10_000.0)

    return measure


def _bailed_out(*silos: Silo) -> Callable[[Year], float]:
    """Return what these silos gave to others, as a yearly value of budget in pounds per child."""

    def measure(year: Year) -> float:
        pence = sum(year.rows["moved"][:, silo].sum() for silo in silos)
        return float(pence) / 100.0 * WEEKS_A_YEAR / year.years / (year.ten_thousands * 10_000.0)

    return measure


_BY_FACTOR = {
    factor.name.lower(): (factor, agency, silo)
    for factor, agency, silo in zip(Factor, ADULT_AGENCIES, list(Silo)[2:], strict=True)
}


def _change(year: Year, column: str) -> float:
    """Return how far a weekly column moved in a year."""
    return float(year.rows[column][-1] - year.rows[column][0]) / year.years


def _settled(year: Year) -> float:
    """Count the recommendations that were implemented, filed or dropped."""
    return sum(year.total(column) for column in ("compliance_done", "adaptive_done", "paper_only", "dropped"))


_DEFINITIONS: dict[str, Callable[[Year], float]] = {
    "contacts": lambda y: y.rate(Event.CONTACT),
    **{f"contacts_{agency.name.lower()}": _contacts_from(agency) for agency in list(Agency)[:N_SOURCES]},
    "contacts_no_action": lambda y: share(
        y.children(Event.CONTACT_CLOSED, Event.SIGNPOSTED), y.children(Event.CONTACT)
    ),
    "referrals": lambda y: y.rate(Event.REFERRAL),
    **{f"referrals_{agency.name.lower()}": _referrals_from(agency) for agency in list(Agency)[:N_SOURCES]},
    "re_referrals": lambda y: share(y.children(Event.RE_REFERRAL), y.children(Event.REFERRAL)),
    "repeat_contacts": lambda y: share(y.children(Event.REPEAT_CONTACT), y.children(Event.CONTACT)),
    "referrals_no_action": lambda y: share(y.children(Event.REFERRAL_CLOSED), y.children(Event.REFERRAL)),
    "not_in_need": lambda y: share(y.children(Event.NOT_IN_NEED), y.children(Event.REFERRAL)),
    "assessments_in_time": lambda y: share(y.children(Event.ASSESSMENT_IN_TIME), y.children(Event.ASSESSMENT_ENDED)),
    "assessment_days": lambda y: WORKING_DAYS * over(y.total("assessment_weeks"), y.children(Event.ASSESSMENT_ENDED)),
    "section_47": lambda y: y.rate(Event.SECTION_47_STARTED),
    "section_47_per_referral": lambda y: share(y.children(Event.SECTION_47_STARTED), y.children(Event.REFERRAL)),
    "section_47_to_conference": lambda y: share(y.children(Event.CONFERENCE), y.children(Event.SECTION_47_STARTED)),
    "conferences_in_time": lambda y: share(y.children(Event.CONFERENCE_IN_TIME), y.children(Event.CONFERENCE)),
    "plans": lambda y: y.stock(y.last("legal")[Legal.CHILD_PROTECTION_PLAN]),
    "plan_starts": lambda y: y.rate(Event.PLAN_STARTED),
    "plans_again": lambda y: share(y.children(Event.PLAN_AGAIN), y.children(Event.PLAN_STARTED)),
    **{
        f"plans_{category.name.lower()}": _of_plans(category) for category in Category if category != Category.NONE
    },
    "plans_two_years": lambda y: share(
        float(y.last("long_plans")), float(y.last("legal")[Legal.CHILD_PROTECTION_PLAN])
    ),
    "reviews_in_time": lambda y: share(
        y.events(Event.REVIEW_IN_TIME), float(y.rows["plan_reviews"].sum())
    ),
    "in_need": lambda y: y.stock(y.last("open_children")),
    "looked_after": _looked_after,
    "care_starts": lambda y: y.rate(Event.CARE_STARTED),
    "starts_unpreventable": lambda y: share(y.total("unpreventable"), y.children(Event.CARE_STARTED)),
    "starts_alone": lambda y: y.rate(Event.ARRIVED_ALONE),
    "care_ceased": lambda y: y.rate(*_ENDS),
    "ceased_home": _care_ended(Event.CARE_ENDED_HOME),
    "ceased_guardian": _care_ended(Event.CARE_ENDED_GUARDIAN),
    "ceased_adopted": _care_ended(Event.CARE_ENDED_ADOPTED),
    "ceased_arrangements": _care_ended(Event.CARE_ENDED_ARRANGEMENTS),
    "ceased_eighteen": _care_ended(Event.CARE_ENDED_EIGHTEEN),
    "ceased_other": _care_ended(Event.CARE_ENDED_OTHER),
    "placed_kinship": _placed(Placement.KINSHIP_FOSTER),
    "placed_foster": _placed(Placement.IN_HOUSE_FOSTER, Placement.AGENCY_FOSTER),
    "placed_homes": _placed(Placement.CHILDRENS_HOME, Placement.SECURE),
    "placed_supported": _placed(Placement.SUPPORTED),
    "placed_parents": _placed(Placement.WITH_PARENTS),
    "placed_crisis": _placed(Placement.CRISIS),
    "placed_adoption": _placed(Placement.FOR_ADOPTION),
    "placed_far": lambda y: share(float(y.last("far_placed")), float(y.last("placement").sum())),
    "placed_with_siblings": _per_last("siblings_together", "siblings_away"),
    "three_placements": lambda y: share(float(y.last("moved_often")), float(y.last("placement").sum())),
    "long_placed": _per_last("long_placed", "long_care"),
    "adoption_placed_weeks": lambda y: over(
        y.total("adoption_placed_weeks"), y.children(Event.CARE_ENDED_ADOPTED)
    ),
    "adoption_order_weeks": lambda y: over(y.total("adoption_order_weeks"), y.children(Event.CARE_ENDED_ADOPTED)),
    **{
        f"home_again_{years}": _home_again(f"home_again_{years}") for years in (1, 2, 5)
    },
    "foster_households": lambda y: y.stock(y.last("carers")),
    "foster_places": lambda y: y.stock(y.last("carer_places")),
    "foster_occupancy": _per_last("carer_children", "carer_places"),
    "foster_strain": _per_last("carers_strained", "carers"),
    "foster_approved": lambda y: share(y.events(Event.CARER_APPROVED) / y.years, y.mean("carers")),
    "foster_resigned": lambda y: share(y.events(Event.CARER_RESIGNED) / y.years, y.mean("carers")),
    "proceedings": lambda y: y.rate(Event.PROCEEDINGS_STARTED),
    "proceedings_weeks": lambda y: over(y.total("proceedings_weeks"), y.children(Event.PROCEEDINGS_ENDED)),
    "proceedings_in_time": lambda y: share(
        y.children(Event.PROCEEDINGS_IN_TIME), y.children(Event.PROCEEDINGS_ENDED)
    ),
    "pre_proceedings_weeks": lambda y: over(y.total("pre_weeks"), y.events(Event.PRE_PROCEEDINGS_ENDED)),
    "early_help": lambda y: y.rate(Event.EARLY_HELP_STARTED),
    "early_help_wait": lambda y: over(y.total("early_wait"), y.events(Event.EARLY_HELP_STARTED)),
    "early_help_met": _unmet,
    "early_help_step_up": lambda y: share(y.events(Event.STEPPED_UP), y.events(Event.EARLY_HELP_STARTED)),
    "early_help_pull": lambda y: share(y.total("pulled"), y.events(Event.EARLY_HELP_STARTED)),
    "adult_asked": _asked(*ADULT_AGENCIES),
    "adult_bounced": _bounced(*ADULT_AGENCIES),
    "adult_completed": _completed(*ADULT_AGENCIES),
    "adult_wait": _treatment_wait(*Factor),
    **{
        f"adult_{what}_{name}": of(part)
        for name, (factor, agency, _) in _BY_FACTOR.items()
        for what, of, part in (
            ("asked", _asked, agency), ("bounced", _bounced, agency), ("completed", _completed, agency),
            ("wait", _treatment_wait, factor),
        )
    },
    "clinician_helped": lambda y: y.events(Event.CLINICIAN_HELPED) / y.years / y.ten_thousands,
    "police_attended": lambda y: y.events(Event.ATTENDED) / y.years / y.ten_thousands,
    "flexible_help": lambda y: y.rate(Event.FLEXIBLE_SPEND),
    "led_by_nobody": lambda y: share(y.total("led_by_nobody"), y.total("open_families")),
    "weeks_to_help": lambda y: over(y.total("help_weeks"), y.events(Event.FIRST_HELP)),
    "weeks_to_need_met": lambda y: over(y.total("met_weeks"), y.events(Event.NEED_MET)),
    "workers_to_need_met": lambda y: over(y.total("met_workers"), y.events(Event.NEED_MET)),
    "assessments_to_need_met": lambda y: over(y.total("met_assessments"), y.events(Event.NEED_MET)),
    "wait_front_door": _waiting(Status.CONTACT),
    "wait_early_help": _waiting(Status.EARLY_HELP_WAITING),
    "wait_allocation": _waiting(Status.REFERRAL),
    "wait_assessment": _waiting(Status.ASSESSMENT),
    "wait_court": _waiting(Status.PROCEEDINGS),
    "panel_wait_early_help": _panel_wait(Panel.EARLY_HELP, Agency.EARLY_HELP),
    "panel_wait_resource": _panel_wait(Panel.RESOURCE, Agency.SOCIAL_CARE),
    "panel_wait_joint": _panel_wait(Panel.JOINT, Agency.COUNCIL),
    "panel_wait_legal": _panel_wait(Panel.LEGAL, Agency.COURT),
    "panel_deferrals": _of_hearings(Event.PANEL_DEFERRED),
    "panel_refusals": _of_hearings(Event.PANEL_REFUSED),
    "panel_disputes": lambda y: over(
        y.events(Event.PANEL_DISPUTED), float(y.rows["events"][:, Event.PANEL_ASKED, Agency.COUNCIL].sum()) / 100.0
    ),
    "caseload": lambda y: over(float(y.last("allocated")), float(y.last("holders"))),
    "load": lambda y: y.mean("load"),
    "turnover": lambda y: share(y.total("leavers") / y.years, y.mean("permanent_workers")),
    "vacancies": lambda y: share(
        float(y.last("posts")) - float(y.last("permanent_workers")), float(y.last("posts"))
    ),
    "agency": lambda y: share(float(y.last("agency_workers")), float(y.last("holders"))),
    "sickness": lambda y: share(y.mean("absent"), y.mean("holders")),
    "worker_changes": lambda y: over(y.children(Event.WORKER_CHANGED) / y.years, y.mean("open_children")),
    "three_workers": lambda y: share(float(y.last("changed_often")), float(y.last("open_children"))),
    "direct_time": lambda y: share(y.total("direct_hours"), y.total("paid_hours")),
    "panel_prep": lambda y: share(y.total("panel_prep_hours"), y.total("paid_hours")),
    "unused_discretion": _unused_discretion,
    "approval_hours": lambda y: y.total("manager_hours_decisions") / y.years / y.ten_thousands,
    "failure_demand": failure_share,
    "failure_demand_events": failure_count_share,
    "failure_f1": _failed(Failure.F1_REPEAT),
    "failure_f2": _failed(Failure.F2_CHASE),
    "failure_f3": _failed(Failure.F3_BOUNCE),
    "failure_f6": _failed(Failure.F6_MISSED_CHANCE),
    "failure_f7": _failed(Failure.F7_REWORK),
    "failure_f8": _failed(Failure.F8_COMPLAINT),
    "failure_f9": _failed(Failure.F9_BROKEN_SOLUTION),
    "omissions": lambda y: y.mean("omissions") / y.ten_thousands,
    "commission_enquiries": lambda y: share(
        y.children(Event.COMMISSION_ENQUIRY), y.children(Event.SECTION_47_STARTED)
    ),
    "commission_plans": lambda y: share(y.children(Event.COMMISSION_PLAN), y.children(Event.PLAN_STARTED)),
    "commission_care": lambda y: share(y.children(Event.COMMISSION_CARE), y.children(Event.CARE_STARTED)),
    "spend": lambda y: y.pounds(*_COUNCIL),
    "spend_early_help": lambda y: y.pounds("spend_early_help"),
    "spend_staff": lambda y: y.pounds("spend_staff"),
    "spend_placements": lambda y: y.pounds("spend_placements"),
    "spend_legal": lambda y: y.pounds("spend_legal"),
    "spend_support": lambda y: y.pounds("spend_support"),
    "spend_levers": lambda y: y.pounds("spend_levers"),
    "spend_partners": lambda y: y.pounds("spend_partners"),
    "spend_adult_services": _spent_on(*Factor),
    **{f"spend_{name}": _spent_on(factor) for name, (factor, _, _) in _BY_FACTOR.items()},
    "spend_police": lambda y: y.pounds("spend_police"),
    "early_to_late": lambda y: over(y.total("spend_early_help"), sum(y.total(column) for column in _ACUTE)),
    "spend_per_need_met": lambda y: over(sum(y.total(c) for c in _COUNCIL) / 100.0, y.events(Event.NEED_MET)),
    "bail_out": lambda y: y.pounds("raided") * WEEKS_A_YEAR,
    **{f"bail_out_{name}": _bailed_out(silo) for name, (_, _, silo) in _BY_FACTOR.items()},
    "buckled": lambda y: y.mean("buckled"),
    "defensive": lambda y: y.mean("defensive"),
    "reserves": lambda y: float(y.last("reserves")) / 100.0 / (y.ten_thousands * 10_000.0),
    "harm": lambda y: y.total("harm_weeks") / y.years / y.ten_thousands,
    "harm_mean": lambda y: over(y.total("harm_sum"), y.total("children_total")),
    "harm_unknown": lambda y: share(y.total("harm_unknown"), y.total("harm_weeks")),
    "relationships": lambda y: y.mean("relationship"),
    "complaints": lambda y: over(1000.0 * y.events(Event.COMPLAINT) / y.years, y.mean("open_children")),
    "complaints_stage_2": lambda y: share(y.events(Event.COMPLAINT_STAGE_2), y.events(Event.COMPLAINT)),
    "complaints_stage_3": lambda y: share(y.events(Event.COMPLAINT_STAGE_3), y.events(Event.COMPLAINT)),
    "complaints_ombudsman": lambda y: share(y.events(Event.OMBUDSMAN), y.events(Event.COMPLAINT)),
    "complaints_in_time": lambda y: share(y.events(Event.COMPLAINT_IN_TIME), y.events(Event.COMPLAINT_ANSWERED)),
    "complaints_upheld": lambda y: share(y.events(Event.COMPLAINT_UPHELD), y.events(Event.COMPLAINT_ANSWERED)),
    "chase_calls": lambda y: over(y.events(Event.CHASED), y.total("open_families") / 100.0),
    "overdue": lambda y: over(y.total("overdue_actions"), y.total("open_families") / 100.0),
    "trust": lambda y: over(y.total("trust_sum"), y.total("open_families")),
    "feedback": lambda y: share(y.total("feedback_good"), y.total("feedback")),
    "bureaucracy": lambda y: 100.0 * float(y.last("bureaucracy")),
    "bureaucracy_growth": lambda y: 100.0 * _change(y, "bureaucracy"),
    "procedure_added": lambda y: 100.0 * y.total("procedure_added") / y.years,
    "audit_time": lambda y: share(y.total("audit_hours"), y.total("paid_hours")),
    "imagined_done_gap": lambda y: (
        100.0 * (8.0 * y.mean("lever_gap") + len(Clock) * y.mean("clock_gap")) / (8 + len(Clock))
    ),
    "levers_gap": lambda y: 100.0 * y.mean("lever_gap"),
    "clocks_gap": lambda y: 100.0 * y.mean("clock_gap"),
    "relapses": lambda y: y.total("relapses") / y.years,
    "programme_maturity": lambda y: 100.0 * float(y.last("programme_maturity")),
    "practice_quality": lambda y: 100.0 * float(y.last("practice_quality")),
    "recommendations": lambda y: y.events(Event.RECOMMENDATION) / y.years,
    "recommendations_procedure": lambda y: share(
        y.total("compliance_issued"), y.total("compliance_issued") + y.total("adaptive_issued")
    ),
    "recommendations_acted_on": lambda y: share(y.total("compliance_done") + y.total("adaptive_done"), _settled(y)),
    "recommendations_paper": lambda y: share(y.total("paper_only"), _settled(y)),
    "recommendations_dropped": lambda y: share(y.total("dropped"), _settled(y)),
    "recommendations_pending": lambda y: float(y.last("pending")),
    "serious_incidents": lambda y: y.events(Event.SERIOUS_INCIDENT) / y.years,
    "incidents_known": lambda y: share(y.total("incidents_known"), y.events(Event.SERIOUS_INCIDENT)),
    "incidents_below": lambda y: share(y.total("incidents_below"), y.total("incidents_known")),
    "discussibility": lambda y: 100.0 * float((y.rows["discuss_range"] * y.rows["discuss_ease"]).mean()),
    "problems_raised": lambda y: share(y.total("surfaced"), y.total("problems")),
    "risk_aversion": lambda y: 100.0 * y.mean("risk_aversion"),
    "criticism": lambda y: 100.0 * y.mean("criticism"),
    "nerve": lambda y: 100.0 * y.mean("nerve"),
    "ofsted_grade": lambda y: float(y.last("grade")),
    "leaders_left": lambda y: y.events(Event.LEADER_LEFT) / y.years,
    "section_114_risk": lambda y: float(y.last("section_114")),
    "senior_hours": lambda y: y.total("senior_hours") / y.years,
    "grants": lambda y: y.pounds("grants"),
    **_OUTCOMES,
}  # fmt: skip

MEASURES: dict[str, Measure] = {name: Measure(name, TITLES[name], of) for name, of in _DEFINITIONS.items()}
"""Every measure by name, in the order of the concept's codes."""


def of_weeks(rows: Table, names: Iterable[str] = MEASURES) -> dict[str, float]:
    """Return the measures of one stretch of weeks, taken as a year.

    rows: (weeks,) of the weekly table.  Returns {name: value}, NaN where there is nothing to divide by.
    """
    year = Year(rows)
    return {name: MEASURES[name].of(year) for name in names}


def by_year(weekly: Table) -> pd.DataFrame:
    """Return every measure for every whole financial year.

    weekly: (weeks,) of the weekly table.  Returns a frame indexed by year (1 on), one column per measure.
    """
    n_years = len(weekly) // WEEKS_A_YEAR
    rows = [of_weeks(weekly[52 * year : 52 * (year + 1)].view(np.recarray)) for year in range(n_years)]
    return pd.DataFrame(rows, index=pd.RangeIndex(1, n_years + 1, name="year"))


_KINDS: dict[str, type[IntEnum]] = {
    "legal": Legal, "placement": Placement, "status": Status, "children_status": Status, "plan_category": Category,
    "panel_weeks": Panel, "panel_waiting": Panel,
} | dict.fromkeys(("waiting", "treated", "treatment_wait", "adult_places", "spend_adult"), Factor)  # fmt: skip
"""What the columns of a weekly array stand for, where it is not children's standing."""


def weekly_frame(weekly: Table) -> pd.DataFrame:
    """Return the weekly totals as a pandas frame with one plain column per number.

    Events become `events_contact`, `children_referral` …, stocks `legal_care_order`, `status_early_help`,
    `placement_kinship_foster` …; the rest keep their names. Index: week, from 0.
    """
    columns: dict[str, NDArray[np.float64]] = {}
    for name, entry in WEEK.items():
        values = np.asarray(weekly[name])
        if len(entry) == 2:
            columns[name] = values
        elif name in ("events", "children"):
            columns |= {f"{name}_{event.name.lower()}": values[:, event].sum(axis=1) for event in Event}
        elif name in ("demand_hours", "demand_count"):
            columns |= {f"{name}_{code.name.lower()}": values[:, code].sum(axis=1) for code in Failure}
        elif name == "exported":
            columns |= {f"exported_by_{agency.name.lower()}": values[:, agency].sum(axis=1) for agency in Agency}
        elif name.startswith("decile_"):
            columns |= {f"{name}_{decile}": values[:, decile] for decile in range(1, 11)}
        elif name == "moved":
            columns |= {
                f"moved_{a.name.lower()}_to_{b.name.lower()}": values[:, a, b] for a in Silo for b in Silo if a != b
            }
        else:
            kinds = _KINDS.get(name, Standing)
            columns |= {f"{name}_{kind.name.lower()}": values[:, kind] for kind in kinds}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(weekly), name="week"))


def catalogue() -> pd.DataFrame:
    """Return a frame of all measures: code, name, title, unit, which way is better, definition."""
    rows = [
        (m.title.code, m.name, m.title.title, m.title.unit, m.title.better, m.title.definition)
        for m in MEASURES.values()
    ]
    return pd.DataFrame(rows, columns=["code", "name", "title", "unit", "better", "definition"])
