"""Entities and their state variables: one agent is one row, and a row is never moved.

A row of `families` is a home: when the youngest child turns 18 the family leaves and another, with a key of
its own, moves in. Arrivals and departures depend on nothing that services do, so that the same families live
in both worlds. Real-valued states are 8-byte floats so that compiled and plain Python agree to the last bit.
"""

from typing import Any, TypeAlias

import numpy as np

from familyabm.codes import N_FAILURE, Agency, Event, Legal, Placement, Status, Tier

Row: TypeAlias = Any
"""One agent: a row whose fields are read and written as attributes."""
Table: TypeAlias = np.recarray

WEEKS_A_YEAR = 52
ADULTHOOD = 936
"""Age in weeks at which a child turns 18."""

FAMILY = {
    "key": ("u8", "identity, the same in every world"),
    "last_event": ("i8", "number of the last journal event, the cause of the next"),
    "neighbourhood": ("i4", "row of its neighbourhood"),
    "first_adult": ("i4", "row of the first of its adults"),
    "first_child": ("i4", "row of the first of its children"),
    "school": ("i4", "row of its school"),
    "gp_practice": ("i4", "row of its GP practice"),
    "police_team": ("i4", "row of its police neighbourhood team"),
    "housing_office": ("i4", "row of its housing office"),
    "hub": ("i4", "row of its early help hub"),
    "worker": ("i4", "row of its social worker, -1 none"),
    "frailty": ("f8", "multiplier on onset: lasting propensity to trouble"),
    "resilience": ("f8", "multiplier on recovery: the other side of frailty"),
    "network": ("f8", "support from kin and community, 0 to 1"),
    "responsiveness": ("f8", "how much help does for it, 0 to 2, mean 1"),
    "trust": ("f8", "trust in services, 0 to 1"),
    "working_relationship": ("f8", "relationship with the present worker, 0 to 1"),
    "help": ("f8", "effective help this week, 0 to 0.85"),
    "strain": ("f8", "strain that adults' factors put on the children"),
    "harm": ("f8", "worst harm of a child at home, 0 to 1: ground truth, no service reads it"),
    "judged": ("f8", "need as last judged by a service"),
    "answer_need": ("f8", "true need when it last had an answer without help"),
    "level": ("i1", "level of each of the four risk factors", (4,)),
    "seen": ("i1", "level of each factor that social care knows of", (4,)),
    "high_weeks": ("u1", "weeks at significant level or worse: housing, abuse", (2,)),
    "arrived": ("i2", "week the family came"),
    "leaves": ("i2", "week the youngest child turns 18"),
    "stirs": ("i2", "week of the next birth, birthday or fate of a child"),
    "fated": ("i2", "week of an unpreventable entry to care of one of its children"),
    "since": ("i2", "week the present status began"),
    "due": ("i2", "week the next decision falls due"),
    "assessed": ("i2", "week of the last assessment's end"),
    "contacted": ("i2", "week of the last contact"),
    "referred": ("i2", "week of the last referral"),
    "answered": ("i2", "week of the last answer without effective help"),
    "first_sign": ("i2", "week of the first event with unmet need: start of the end-to-end clock"),
    "first_help": ("i2", "week effective help began on that clock"),
    "missed": ("i2", "week of the last missed chance to help"),
    "supervised": ("i2", "week a supervision order began"),
    "begun": ("i2", "week the present spell with social care began"),
    "low_weeks": ("i2", "weeks running with need below level 2"),
    "drift_weeks": ("i2", "weeks running without direct work"),
    "missed_need": ("f4", "true need at the missed chance"),
    "n_adults": ("i1", "adults' places in the home"),
    "n_children": ("i1", "children the family ever has"),
    "deprivation_decile": ("i1", "1 least to 10 most deprived neighbourhood"),
    "status": ("u1", "where the case stands (Status)"),
    "source": ("u1", "agency of the contact being decided (Agency)"),
    "severe": ("u1", "1 if that contact needs action today"),
    "held_back": ("u1", "1 if a contact is being put off by a week (placebo)"),
    "answer": ("u1", "what it last heard (Answer)"),
    "n_contacts": ("i2", "contacts since it came"),
    "n_reviews": ("i2", "reviews since the status began"),
    "n_workers": ("i2", "workers met on the end-to-end clock"),
    "n_assessments": ("i2", "assessments met on the end-to-end clock"),
    "n_away": ("i1", "children looked after"),
    "n_settled": ("i1", "children who live for good with another family"),
    "tender": ("u1", "1 if a child has needs of its own"),
    "informed": ("u1", "1 if the last one who got in touch was told what happened"),
    "lead": ("u1", "1 if a lead professional is in place"),
    "generation": ("i2", "families that have lived in this home before"),
}

ADULT = {
    "key": ("u8", "identity"),
    "age": ("i2", "years"),
    "role": ("u1", "0 first parent, 1 partner, 2 another adult"),
    "resident": ("u1", "1 if living in the home"),
    "mental_health": ("i1", "level 0 to 3"),
    "substance_misuse": ("i1", "level 0 to 3"),
    "mental_high": ("u1", "weeks at significant level or worse"),
    "substance_high": ("u1", "weeks at significant level or worse"),
    "partners": ("u1", "partners who have lived here before"),
}

CHILD = {
    "key": ("u8", "identity, the same in every world"),
    "family": ("i4", "row of the family"),
    "harm": ("f8", "present harm, 0 to 1: ground truth, no service reads it"),
    "own_need": ("f8", "need that adults did not cause, in strain"),
    "born": ("i2", "week of birth"),
    "since": ("i2", "week the legal status began"),
    "fated": ("i2", "week of an entry to care that no service could prevent"),
    "placed": ("i2", "week the present placement began"),
    "care_began": ("i2", "week the present period of care began"),
    "came_home": ("i2", "week of the last return home from care"),
    "plan_ended": ("i2", "week the last child protection plan ended"),
    "referred": ("i2", "week of the last referral"),
    "broke_down": ("i2", "week of the last placement breakdown"),
    "high_weeks": ("i2", "weeks running of significant harm without a protective response"),
    "match": ("f4", "match of child and placement, 0 to 1"),
    "legal_status": ("u1", "its one legal status (Legal)"),
    "placement": ("u1", "where it lives (Placement)"),
    "n_plans": ("i1", "child protection plans so far"),
    "moves": ("i1", "placements in this financial year"),
    "changes": ("i1", "changes of social worker in this financial year"),
}

WORKER = {
    "key": ("u8", "identity of the holder"),
    "post": ("u8", "identity of the post"),
    "team": ("i4", "row of the team"),
    "fte": ("f8", "size of the post"),
    "experience": ("f8", "years"),
    "stress": ("f8", "0 to 1.2"),
    "hours": ("f8", "hours available this week"),
    "paid": ("f8", "hours paid this week"),
    "direct": ("f8", "share of hours spent with families"),
    "potency": ("f8", "worth of an hour of this worker"),
    "need": ("f8", "hours needed by own cases, by tier", (len(Tier),)),
    "hours_met": ("f8", "share of needed hours met, by tier", (len(Tier),)),
    "back": ("i2", "week of return from sickness"),
    "started": ("i2", "week the holder started"),
    "n_families": ("i2", "families held"),
    "n_children": ("i2", "children held"),
    "holders": ("i2", "holders of the post before"),
    "kind": ("u1", "who holds the post (Worker)"),
}

TEAM = {
    "hours": ("f8", "hours available this week"),
    "need": ("f8", "hours needed, by tier", (len(Tier),)),
    "hours_met": ("f8", "share of needed hours met if pooled, by tier", (len(Tier),)),
}

SERVICE = {
    "key": ("u8", "identity"),
    "kind": ("u1", "kind of service (Service)"),
    "neighbourhood": ("i4", "row of its neighbourhood"),
    "readiness": ("f8", "how readily it gets in touch, mean 1"),
    "relationship": ("f8", "quality of its relationship with social care, 0 to 1"),
    "n_families": ("i4", "families in its catchment"),
}

NEIGHBOURHOOD = {"key": ("u8", "identity"), "decile": ("i1", "national deprivation decile, 10 most deprived")}

LEVERS = {
    "information_sharing": ("f8", "L1"),
    "joint_response": ("f8", "L2"),
    "no_wrong_door": ("f8", "L3"),
    "continuity": ("f8", "L4"),
    "pooled_budget": ("f8", "L5"),
    "ring_fence": ("f8", "L6"),
    "unit_model": ("f8", "L7"),
    "bureaucracy_relief": ("f8", "L8"),
}

AUTHORITY = {
    "first_week": ("i8", "week of the first row of the weekly table"),
    "events": ("i8", "journal events so far"),
    "children": ("i8", "children aged 0 to 17"),
    "noted": ("i8", "rows of the journal's page in use"),
    "n_awake": ("i8", "families with anything going on"),
    "n_queue": ("i8", "rows of the working queue in use"),
    "load": ("f8", "need for social workers' hours to hours there are, smoothed"),
    "risk_aversion": ("f8", "0 to 1.5"),
    "bureaucracy": ("f8", "0.1 to 1"),
    "policy_shift": ("f8", "thresholds raised or lowered on purpose"),
    "prevention": ("f8", "community prevention relative to the start"),
    "deal_credit": ("f8", "screening capacity carried over, in families"),
    "early_help_places": ("f8", "funded places for families"),
    "early_help_used": ("f8", "places in use"),
    "in_house_used": ("f8", "in-house foster places in use"),
    "agency_used": ("f8", "independent foster places in use"),
    "homes_used": ("f8", "children's home places in use"),
    "in_court": ("f8", "families in proceedings"),
    "frozen": ("f8", "recruitment to ordinary, under a freeze"),
    "stress": ("f8", "mean stress of workers"),
    "direct_share": ("f8", "direct hours to paid hours"),
    "reflection": ("f8", "share of hours for reflection"),
    "raids": ("i8", "1 where months are settled: off while the past is lived"),
    "placebo": ("i8", "1 while a contact waits to be put off by a week"),
    "legal": ("f8", "children by legal status at week's end", (len(Legal),)),
}

FACTS = {
    "children": ("f8", "children aged 0 to 17 for rates"),
    "ten_thousands": ("f8", "the same in ten thousands"),
    "screeners": ("f8", "screening workers at the front door"),
    "in_house_places": ("f8", "usable in-house foster places"),
    "agency_places": ("f8", "independent foster places at the ordinary price"),
    "homes_places": ("f8", "children's home places at the ordinary price"),
    "court_places": ("f8", "families that the court can hear at a time"),
    "foster_cost": ("f8", "GBP a week, in-house foster place"),
    "homes_cost": ("f8", "GBP a week, children's home place"),
    "mental_onset": ("f8", "the area's multiplier on onset of mental illness"),
    "housing_onset": ("f8", "the area's multiplier on onset of housing trouble"),
    "source": ("f8", "the area's multiplier on contacts, by source", (7,)),
    "sickness": ("f8", "the area's sickness to England's"),
    "turnover": ("f8", "the area's turnover to England's"),
    "agency": ("f8", "the area's agency use to England's"),
    "hiring": ("f8", "the area's ease of filling posts to England's"),
    "early_help_start": ("f8", "pence a week of early help and prevention at the start"),
}

MONEY = {
    "early_help_budget": ("f8", "pence a week"),
    "early_help_base": ("f8", "pence a week at the start"),
    "acute_budget": ("f8", "pence a week: staff, placements, legal"),
    "year_spent": ("f8", "pence spent on acute services since 1 April"),
    "year_budget": ("f8", "pence of acute budget since 1 April"),
    "reserves": ("f8", "pence; below zero is a deficit"),
    "scarcity": ("f8", "price of homes to the ordinary price"),
}

WEEK = {
    "events": ("f8", "events by kind and agency", (len(Event), len(Agency))),
    "children": ("f8", "children in them", (len(Event), len(Agency))),
    "demand_hours": ("f8", "hours of demand by failure code and kind of event", (N_FAILURE, len(Event))),
    "demand_count": ("f8", "demand events by failure code and kind of event", (N_FAILURE, len(Event))),
    "legal": ("f8", "children by legal status at week's end", (len(Legal),)),
    "placement": ("f8", "looked-after children by placement at week's end", (len(Placement),)),
    "status": ("f8", "families by case status at week's end", (len(Status),)),
    "children_status": ("f8", "children at home or away by their family's case status", (len(Status),)),
    "children_total": ("f8", "children aged 0 to 17"),
    "families": ("f8", "families with a child under 18"),
    "harm_weeks": ("f8", "children in significant harm"),
    "harm_sum": ("f8", "sum of harm over children"),
    "harm_unknown": ("f8", "children in significant harm known to no service"),
    "omissions": ("f8", "children in significant harm with no protective response for too long"),
    "assessment_weeks": ("f8", "weeks of assessments that ended"),
    "proceedings_weeks": ("f8", "weeks of proceedings that ended, children"),
    "pre_weeks": ("f8", "weeks of pre-proceedings that ended"),
    "early_wait": ("f8", "weeks waited by families whose early help began"),
    "help_weeks": ("f8", "weeks from first sign to first effective help"),
    "met_weeks": ("f8", "weeks from first sign to need met"),
    "met_workers": ("f8", "workers met on the way to need met"),
    "met_assessments": ("f8", "assessments on the way to need met"),
    "pulled": ("f8", "early help begun within a week of the family's own request"),
    "plan_reviews": ("f8", "review conferences of child protection plans"),
    "long_plans": ("f8", "children on a plan for two years or more"),
    "moved_often": ("f8", "looked-after children with three or more placements this year"),
    "changed_often": ("f8", "open children with three or more social workers this year"),
    "changes_sum": ("f8", "changes of social worker this year, open children"),
    "open_children": ("f8", "children in need in the sense of the census: plan, care or open assessment"),
    "allocated": ("f8", "children held by a case holder"),
    "unallocated": ("f8", "families waiting for a worker"),
    "holders": ("f8", "case-holding posts filled, full-time equivalent"),
    "posts": ("f8", "case-holding posts, full-time equivalent"),
    "agency_workers": ("f8", "agency workers, full-time equivalent"),
    "permanent_workers": ("f8", "permanent workers, full-time equivalent"),
    "leavers": ("f8", "permanent workers who left, full-time equivalent"),
    "absent": ("f8", "workers off sick, full-time equivalent"),
    "paid_hours": ("f8", "hours paid"),
    "direct_hours": ("f8", "hours spent with families"),
    "used_hours": ("f8", "hours used on cases"),
    "available_hours": ("f8", "hours available"),
    "needed_hours": ("f8", "hours needed by cases"),
    "recording_hours": ("f8", "hours of excess recording"),
    "chasing_hours": ("f8", "hours chasing partners"),
    "load": ("f8", "smoothed load"),
    "stress": ("f8", "mean stress"),
    "early_help_places": ("f8", "funded early help places"),
    "early_help_used": ("f8", "early help places in use"),
    "spend_early_help": ("f8", "pence"),
    "spend_staff": ("f8", "pence"),
    "spend_placements": ("f8", "pence"),
    "spend_legal": ("f8", "pence"),
    "spend_levers": ("f8", "pence: what the levers cost"),
    "spend_partners": ("f8", "pence of partners' time on contacts"),
    "budget_acute": ("f8", "pence"),
    "budget_early_help": ("f8", "pence"),
    "raided": ("f8", "pence a week moved from early help to acute"),
    "reinvested": ("f8", "pence a week moved to early help"),
    "reserves": ("f8", "pence"),
    "budget_moves": ("f8", "pence a week added to or taken from the acute budget otherwise"),
    "maturity": ("f8", "mean maturity of the programme"),
}

NOTE = {
    "number": ("i8", "the event's number within its run"),
    "cause": ("i8", "number of the event that caused it, -1 none"),
    "family": ("u8", "key of the family"),
    "child": ("u8", "key of the child, 0 for the whole family"),
    "worker": ("u8", "key of the worker, 0 none"),
    "hours": ("f8", "hours the event takes"),
    "pence": ("f8", "cost of those hours"),
    "judged": ("f8", "need as judged, -1 where nothing was judged"),
    "threshold": ("f8", "threshold that it was judged against"),
    "need": ("f8", "true need at the time: ground truth"),
    "week": ("i2", "week"),
    "event": ("u1", "what happened (Event)"),
    "agency": ("u1", "who acted or asked (Agency)"),
    "code": ("u1", "value or failure demand (Failure)"),
    "children": ("u1", "children concerned"),
}


def dtype_of(columns: dict[str, tuple[Any, ...]]) -> np.dtype[Any]:
    """Return the structured dtype of a table declared as {name: (type, meaning[, shape])}."""
    fields = [(name, entry[0], entry[2]) if len(entry) == 3 else (name, entry[0]) for name, entry in columns.items()]
    return np.dtype(fields, align=True)


def empty(columns: dict[str, tuple[Any, ...]], rows: int) -> Table:
    """Return a table of `rows` rows, zero in every field, whose rows read as attributes."""
    return np.zeros(rows, dtype=dtype_of(columns)).view(np.recarray)


CHANCES = {
    "rise": ("f8", "chance rates of rising by factor and level", (4, 3)),
    "ease": ("f8", "chance rates of easing by factor and level", (4, 4)),
    "coupling": ("f8", "push of row on column", (4, 4)),
    "by_deprivation": ("f8", "log rise of onset per SD of deprivation", (4,)),
    "decile_rise": ("f8", "multiplier on onset by factor and decile", (4, 11)),
    "decile_ease": ("f8", "log change of recovery by decile", (11,)),
    "weight": ("f8", "strain per level", (4,)),
    "most_contact": ("f8", "most that area and sharing multiply any source's contacts by"),
    "most_rise": ("f8", "most that anything multiplies a rise by, but for frailty"),
    "most_ease": ("f8", "most that anything multiplies an easing by, but for resilience"),
}

PERSISTENT = (
    "families", "adults", "children", "workers", "teams", "services", "neighbourhoods",
    "authority", "facts", "money", "levers", "policy", "maturity",
)  # fmt: skip
"""Tables that make up a snapshot."""


def _check_names() -> None:
    """Refuse a column whose name a record array keeps for itself: plain Python would read the wrong thing."""
    declared = (
        FAMILY,
        ADULT,
        CHILD,
        WORKER,
        TEAM,
        SERVICE,
        NEIGHBOURHOOD,
        LEVERS,
        AUTHORITY,
        FACTS,
        MONEY,
        WEEK,
        NOTE,
    )
    taken = {name for columns in declared for name in columns if hasattr(np.record, name)}
    if taken:
        raise ValueError(f"columns {sorted(taken)} need other names")


_check_names()
