"""P14: pre-proceedings, family group decisions, care proceedings and final orders."""

from familyabm.codes import Agency, Event, Factor, Legal, Panel, Permission, Placement, Status
from familyabm.compiled import rule
from familyabm.journal import judge, note, note_child, rework, totals
from familyabm.luck import Block, bell, four
from familyabm.rules.common import (
    children_at_home,
    go_to,
    is_child,
    lives_at_home,
    looked_after,
    set_legal,
)
from familyabm.rules.crowding import crowding, remember
from familyabm.rules.enquiries import end_plan, help_in_need, release
from familyabm.rules.entry import enter_care, place
from familyabm.rules.leaving_care import leave_care
from familyabm.rules.panel_requests import ask_for_legal_gateway
from familyabm.rules.seeing import as_judged, know_well
from familyabm.tables import Row
from familyabm.town import Town

UNDER_FIVE = 5 * 52
HARMFUL = 2
"""Level from which an adult's trouble is harmful."""


@rule
def issue_threshold(town: Town) -> float:
    """Return the threshold for issuing proceedings as it is practised now."""
    p = town.p.court[0]
    wider = town.p.effects[0].joint_issue * town.levers[0].joint_response
    return p.issue_threshold + wider - p.issue_anxiety * town.authority[0].risk_aversion


@rule
def family_group(town: Town) -> float:
    """Return the judged harm that a family group decision takes off: always offered, better when prepared by all."""
    p = town.p.court[0]
    quality = p.conference_effect + town.p.effects[0].joint_conference * town.levers[0].joint_response
    return p.conference_worth * min(1.0, quality)


@rule
def pre_proceedings_last(town: Town) -> float:
    """Return the weeks that pre-proceedings take: fewer where the response is joined up, and where fear hurries."""
    p, wait = town.p.court[0], 1.0 - town.p.court[0].pre_anxiety * min(1.0, town.authority[0].risk_aversion)
    return (p.pre_proceedings_weeks - town.p.effects[0].joint_pre * town.levers[0].joint_response) * wait


@rule
def pre_proceedings(town: Town, family: Row, week: int) -> None:
    """At the end of pre-proceedings: issue, or go back to a child protection plan."""
    if family.permission == Permission.ABOVE:
        issue_through_gateway(town, family, week)
        return
    p = town.p.court[0]
    if week - family.since < pre_proceedings_last(town) or family.panel == Panel.LEGAL:
        return
    first, second, _, _ = four(town.luck, family.key, week, Block.COURT)
    family.judged = as_judged(town, family, week, 0.8) + p.noise * bell(first, second) - family_group(town)
    at_home = children_at_home(town, family, week)
    if at_home > 0 and family.judged > issue_threshold(town):
        ask_for_legal_gateway(town, family, week)
        return
    end_pre_proceedings(town, family, week)
    if at_home == 0:
        release(town, family, week)
    else:
        resume_plan(town, family, week)


@rule
def end_pre_proceedings(town: Town, family: Row, week: int) -> None:
    """Note that pre-proceedings end, and how long they took."""
    threshold, at_home = issue_threshold(town), children_at_home(town, family, week)
    totals(town, week).pre_weeks += week - family.since
    judge(town, week, family, Event.PRE_PROCEEDINGS_ENDED, Agency.SOCIAL_CARE, at_home, family.judged, threshold)


@rule
def issue_through_gateway(town: Town, family: Row, week: int) -> None:
    """The legal gateway agrees to issue."""
    end_pre_proceedings(town, family, week)
    issue(town, family, week)


@rule
def resume_plan(town: Town, family: Row, week: int) -> None:
    """Go back to the child protection plan, whose clocks have run on since it began."""
    p, began = town.p.plans[0], family.due
    go_to(family, Status.CHILD_PROTECTION, week)
    family.since = began
    if week - began >= p.first_protection_review:
        family.n_reviews = 1 + int((week - began - p.first_protection_review) // p.protection_review_weeks)


@rule
def hearing_weeks(town: Town, family: Row, week: int) -> int:
    """Return how long proceedings will take: a queue lengthens them, kin assessed early shorten them."""
    p, effects, levers = town.p.court[0], town.p.effects[0], town.levers[0]
    mean = p.weeks + p.weeks_queue * max(0.0, crowding(town) - 1.0) - effects.joint_court * levers.joint_response
    first, second, late, _ = four(town.luck, family.key, week, Block.HEARING)
    weeks = mean * (1.0 + p.spread * bell(first, second))
    if late < p.late_report * (1.0 - effects.sharing_late * levers.information_sharing):
        weeks += p.adjournment_weeks
        hours = town.p.demand[0].adjournment
        rework(town, week, family, Event.ADJOURNED, Agency.COURT, children_at_home(town, family, week), hours)
    return int(max(p.shortest, min(p.longest, weeks)))


@rule
def issue(town: Town, family: Row, week: int) -> None:
    """Issue care proceedings; most children are looked after meanwhile under interim orders."""
    at_home = children_at_home(town, family, week)
    judge(
        town,
        week,
        family,
        Event.PROCEEDINGS_STARTED,
        Agency.COURT,
        at_home,
        family.judged,
        issue_threshold(town),
    )
    weeks = hearing_weeks(town, family, week)
    go_to(family, Status.PROCEEDINGS, week)
    family.due = week + weeks
    town.authority[0].in_court += 1.0
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if lives_at_home(child, week):
            interim = four(town.luck, child.key, week, Block.CHILD_COURT)[0]
            if interim < town.p.court[0].interim_order:
                enter_care(town, family, child, week, Legal.INTERIM_CARE_ORDER)


@rule
def home_share(town: Town, family: Row) -> float:
    """Return the share of final orders that leave a child at home: larger where the parents' troubles have eased.

    The court goes by the assessments made for the final hearing: no known trouble of an adult is at a harmful level.
    """
    p, seen = town.p.court[0], family.seen
    worst = max(seen[Factor.MENTAL_HEALTH], seen[Factor.SUBSTANCE_MISUSE], seen[Factor.DOMESTIC_ABUSE])
    return p.home * (p.home_eased if worst < HARMFUL else 1.0)


@rule
def order_for(town: Town, family: Row, child: Row, week: int) -> None:
    """Make a final order for one child in proceedings."""
    p, age = town.p.court[0], week - child.born
    order, at_home, _, _ = four(town.luck, child.key, week, Block.CHILD_COURT)
    adoption = p.placement_order if age < UNDER_FIVE else 0.0
    home = home_share(town, family)
    if order < home:
        supervise(town, family, child, week)
    elif order < home + p.guardian:
        settle_with(town, family, child, week, Event.CARE_ENDED_GUARDIAN, Legal.SPECIAL_GUARDIANSHIP)
    elif order < home + p.guardian + p.arrangements:
        settle_with(town, family, child, week, Event.CARE_ENDED_ARRANGEMENTS, Legal.CHILD_ARRANGEMENTS)
    else:
        status = Legal.PLACEMENT_ORDER if order > 1.0 - adoption else Legal.CARE_ORDER
        stay_in_care(town, family, child, week, status, at_home < p.placed_at_home)


@rule
def stay_in_care(town: Town, family: Row, child: Row, week: int, status: int, with_parents: bool) -> None:
    """Make a care or placement order; some children under a care order live with their parents."""
    if looked_after(child):
        child.legal_status = status
        child.since = week
    else:
        enter_care(town, family, child, week, status)
    if with_parents and status == Legal.CARE_ORDER:
        place(town, family, child, week, Placement.WITH_PARENTS)


@rule
def settle_with(town: Town, family: Row, child: Row, week: int, event: int, status: int) -> None:
    """A relative takes the child for good under an order."""
    if looked_after(child):
        leave_care(town, family, child, week, event, status)
    else:
        end_plan(town, family, child, week, status)
        child.placement = Placement.PERMANENT_FAMILY
        family.n_settled += 1


@rule
def supervise(town: Town, family: Row, child: Row, week: int) -> None:
    """The child lives at home under a supervision order."""
    if looked_after(child):
        leave_care(town, family, child, week, Event.CARE_ENDED_HOME, Legal.SUPERVISION_ORDER)
    else:
        end_plan(town, family, child, week, Legal.SUPERVISION_ORDER)
    set_legal(child, Legal.SUPERVISION_ORDER, week)
    note_child(town, week, family, Event.SUPERVISION_STARTED, Agency.COURT, child)
    family.supervised = week


@rule
def in_proceedings(child: Row, family: Row, week: int) -> bool:
    """Tell whether the court decides about this child."""
    at_home = lives_at_home(child, week)
    interim = child.legal_status == Legal.INTERIM_CARE_ORDER or child.legal_status == Legal.EMERGENCY_PROTECTION
    return is_child(child, week) and (at_home or interim)


@rule
def final_hearing(town: Town, family: Row, week: int) -> None:
    """Make final orders for the children in the proceedings and end them."""
    weeks, concerned = week - family.since, 0
    know_well(family)
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if in_proceedings(child, family, week):
            concerned += 1
            order_for(town, family, child, week)
    note(town, week, family, Event.PROCEEDINGS_ENDED, Agency.COURT, concerned)
    totals(town, week).proceedings_weeks += weeks * concerned
    if weeks <= town.p.court[0].statutory_weeks:
        note(town, week, family, Event.PROCEEDINGS_IN_TIME, Agency.COURT, concerned)
    town.authority[0].in_court -= 1.0
    if children_at_home(town, family, week) > 0:
        help_in_need(town, family, week)
    else:
        release(town, family, week)


@rule
def emergency_ends(town: Town, family: Row, week: int) -> None:
    """Emergency protection lasts eight days: then an interim order and proceedings."""
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if child.legal_status == Legal.EMERGENCY_PROTECTION and week - child.since >= 1:
            child.legal_status = Legal.INTERIM_CARE_ORDER
            child.since = week
            if family.status != Status.PROCEEDINGS:
                go_to_court(town, family, week)


@rule
def go_to_court(town: Town, family: Row, week: int) -> None:
    """Open proceedings about a child already under emergency protection."""
    note(town, week, family, Event.PROCEEDINGS_STARTED, Agency.COURT, 1 + children_at_home(town, family, week))
    weeks = hearing_weeks(town, family, week)
    go_to(family, Status.PROCEEDINGS, week)
    family.due = week + weeks
    town.authority[0].in_court += 1.0


@rule
def hear(town: Town, week: int) -> None:
    """Run P14 over the families in the legal process."""
    remember(town)
    for row in range(town.authority[0].n_known):
        family = town.families[town.known[row]]
        if family.n_away > 0:
            emergency_ends(town, family, week)
        if family.status == Status.PRE_PROCEEDINGS:
            pre_proceedings(town, family, week)
        elif family.status == Status.PROCEEDINGS and week >= family.due:
            final_hearing(town, family, week)
