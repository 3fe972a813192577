"""P11, second half: strategy discussions, section 47 enquiries and child protection conferences."""

import numpy as np

from familyabm.codes import NEVER, Agency, Event, Legal, Status, Tally
from familyabm.compiled import rule
from familyabm.journal import count, demand, judge, note, note_child, rework
from familyabm.luck import Block, bell, four, luck
from familyabm.rules.coding import named_category, of_entry, of_plan
from familyabm.rules.common import (
    children_at_home,
    go_to,
    let_go,
    lives_at_home,
    rationing,
    set_legal,
)
from familyabm.rules.entry import enter_care
from familyabm.rules.ground_truth import check_plan, ended_answer, not_called_for
from familyabm.rules.seeing import as_judged, as_reckoned
from familyabm.rules.trust import intruded
from familyabm.tables import Row
from familyabm.town import Town


@rule
def start_enquiry(town: Town, family: Row, week: int) -> None:
    """Hold a strategy discussion and start a section 47 enquiry about the children at home."""
    at_home = children_at_home(town, family, week)
    code = of_entry(town, family, week, NEVER)
    demand(
        town, week, family, Event.SECTION_47_STARTED, Agency.SOCIAL_CARE, at_home, code, town.p.demand[0].enquiry,
        np.uint64(0),
    )  # fmt: skip
    count(town, family, Tally.SECTION_47, float(at_home))
    if not_called_for(town, family, week):
        intruded(town, family, week)
    go_to(family, Status.SECTION_47, week)
    family.due = week + int(town.p.assessment[0].enquiry_weeks)


@rule
def found(town: Town, family: Row, week: int) -> float:
    """Judge the family at the end of an enquiry, when much is seen and little is noise."""
    p = town.p.assessment[0]
    first, second, _, _ = four(town.luck, family.key, week, Block.ENQUIRY)
    return as_judged(town, family, week, 0.5 + 0.5 * p.sees_child) + p.conference_noise * bell(first, second)


@rule
def conclude_enquiry(town: Town, family: Row, week: int) -> None:
    """End an enquiry: emergency protection, a conference, or no further protection."""
    p = town.p.assessment[0]
    family.judged = found(town, family, week)
    threshold = p.conference_threshold - p.conference_anxiety * town.authority[0].risk_aversion
    threshold += p.enquiry_ration * rationing(town)
    at_home = children_at_home(town, family, week)
    judge(town, week, family, Event.SECTION_47_ENDED, Agency.SOCIAL_CARE, at_home, family.judged, threshold)
    if family.judged > p.gravest:
        protect_at_once(town, family, week)
    if family.judged > threshold and children_at_home(town, family, week) > 0:
        call_conference(town, family, week)
    else:
        after_enquiry(town, family, week)


@rule
def protect_at_once(town: Town, family: Row, week: int) -> None:
    """Take children in the gravest harm into emergency protection."""
    p = town.p.assessment[0]
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        grave = lives_at_home(child, week) and as_reckoned(town, family, child, p.sees_child) > p.gravest
        if grave and luck(town.luck, child.key, week, Block.CHILD_ENQUIRY, 0) < p.emergency:
            enter_care(town, family, child, week, Legal.EMERGENCY_PROTECTION)


@rule
def call_conference(town: Town, family: Row, week: int) -> None:
    """Book a conference for next week, later if a partner's report is late."""
    effects = town.p.effects[0]
    late = town.p.assessment[0].late_report * (1.0 - effects.sharing_late * town.levers[0].information_sharing)
    delay, length, _, _ = four(town.luck, family.key, week, Block.CONFERENCE)
    go_to(family, Status.CONFERENCE, week)
    started = week - int(town.p.assessment[0].enquiry_weeks)
    family.due = started + 3 + (1 + int(3.0 * length) if delay < late else 0)
    if delay < late:
        hours = town.p.demand[0].adjournment
        rework(town, week, family, Event.ADJOURNED, Agency.SOCIAL_CARE, children_at_home(town, family, week), hours)


@rule
def after_enquiry(town: Town, family: Row, week: int) -> None:
    """No plan is needed: help as children in need, or close."""
    if family.judged > town.p.assessment[0].in_need_threshold and children_at_home(town, family, week) > 0:
        help_in_need(town, family, week)
    else:
        note(town, week, family, Event.CASE_CLOSED, Agency.SOCIAL_CARE, children_at_home(town, family, week))
        ended_answer(town, family, week)
        release(town, family, week)


@rule
def release(town: Town, family: Row, week: int) -> None:
    """End social work with the family: its children at home have no plan any more."""
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if lives_at_home(child, week) and child.legal_status != Legal.NONE:
            end_plan(town, family, child, week, Legal.NONE)
    let_go(family, week)


@rule
def end_plan(town: Town, family: Row, child: Row, week: int, status: int) -> None:
    """Move a child off a plan to another status."""
    if child.legal_status == Legal.CHILD_PROTECTION_PLAN:
        note_child(town, week, family, Event.PLAN_ENDED, Agency.SOCIAL_CARE, child)
    set_legal(child, status, week)


@rule
def help_in_need(town: Town, family: Row, week: int) -> None:
    """Make or go on with a child in need plan for the children at home."""
    p = town.p.assessment[0]
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if not lives_at_home(child, week) or child.legal_status == Legal.SUPERVISION_ORDER:
            continue
        if child.legal_status == Legal.CHILD_PROTECTION_PLAN:
            end_plan(town, family, child, week, Legal.CHILD_IN_NEED)
        elif child.legal_status == Legal.NONE and in_need_too(town, family, child, p.sibling_margin):
            note_child(town, week, family, Event.IN_NEED_STARTED, Agency.SOCIAL_CARE, child)
            set_legal(child, Legal.CHILD_IN_NEED, week)
    go_to(family, Status.CHILD_IN_NEED, week)
    family.drift_weeks = 0
    family.due = week + int(town.p.plans[0].need_review_weeks)


@rule
def in_need_too(town: Town, family: Row, child: Row, margin: float) -> bool:
    """Tell whether a child is near enough the worst-placed sibling to share the plan."""
    return as_reckoned(town, family, child, town.p.assessment[0].sees_child) > family.judged - margin


@rule
def hold_conference(town: Town, family: Row, week: int) -> None:
    """Hold the initial conference: a plan for the children it concerns, or help in need."""
    p, at_home = town.p.assessment[0], children_at_home(town, family, week)
    judge(
        town,
        week,
        family,
        Event.CONFERENCE,
        Agency.SOCIAL_CARE,
        at_home,
        family.judged,
        p.conference_threshold,
    )
    weeks = week - family.since + int(p.enquiry_weeks)
    if weeks <= p.conference_weeks:
        note(town, week, family, Event.CONFERENCE_IN_TIME, Agency.SOCIAL_CARE, at_home)
    if at_home > 0 and luck(town.luck, family.key, week, Block.CONFERENCE, 2) < p.plan_made:
        make_plan(town, family, week)
    else:
        after_enquiry(town, family, week)


@rule
def make_plan(town: Town, family: Row, week: int) -> None:
    """Make child protection plans; a sibling who is much better off may have a plan as a child in need instead."""
    p = town.p.assessment[0]
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if not lives_at_home(child, week) or child.legal_status == Legal.CHILD_PROTECTION_PLAN:
            continue
        if in_need_too(town, family, child, p.sibling_margin):
            put_on_plan(town, family, child, week)
        elif child.legal_status == Legal.NONE:
            note_child(town, week, family, Event.IN_NEED_STARTED, Agency.SOCIAL_CARE, child)
            set_legal(child, Legal.CHILD_IN_NEED, week)
    go_to(family, Status.CHILD_PROTECTION, week)
    family.drift_weeks = 0
    family.due = week + int(town.p.plans[0].first_protection_review)


@rule
def put_on_plan(town: Town, family: Row, child: Row, week: int) -> None:
    """Start a child protection plan for one child."""
    category = named_category(town, family, child, week)
    code = of_plan(town, family, child, week, category)
    child.category = category
    demand(town, week, family, Event.PLAN_STARTED, Agency.SOCIAL_CARE, 1, code, town.p.demand[0].plan, child.key)
    count(town, family, Tally.PLANS, 1.0)
    if child.n_plans > 0:
        note_child(town, week, family, Event.PLAN_AGAIN, Agency.SOCIAL_CARE, child)
    check_plan(town, family, child, week)
    child.n_plans = min(100, child.n_plans + 1)
    set_legal(child, Legal.CHILD_PROTECTION_PLAN, week)
