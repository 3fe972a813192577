"""P20: the week's stocks are counted; nothing here feeds back."""

import numpy as np

from familyabm.codes import NEVER, NOBODY, Agency, Carer, Event, Legal, Placement, Status, Tally, Worker
from familyabm.compiled import rule
from familyabm.journal import count, note, note_child, totals
from familyabm.rules.common import YEAR, fetch_ahead, is_child, is_open, looked_after
from familyabm.rules.each_lever import mean_of
from familyabm.rules.time_use import describe_teams, remember
from familyabm.rules.units import holds_cases
from familyabm.tables import Row
from familyabm.town import Town

NEARLY_TWO_YEARS = 104
SIXTEEN = 16 * YEAR
LONG_CARE = 130
"""Two and a half years."""


@rule
def first_sign_and_help(town: Town, family: Row, week: int) -> None:
    """Keep the family's end-to-end clock: first sign, first effective help, need met."""
    p = town.p.harm[0]
    if family.first_sign == NEVER and family.contacted == week and family.harm >= p.level_2:
        family.first_sign = week
        family.first_help = NEVER
        family.n_workers = 0
        family.n_assessments = 0
        note(town, week, family, Event.FIRST_SIGN, Agency.FAMILY, 0)
    if family.first_sign == NEVER:
        return
    row = totals(town, week)
    if family.first_help == NEVER and family.help >= town.p.plans[0].works_above:
        family.first_help = week
        row.help_weeks += week - family.first_sign
        note(town, week, family, Event.FIRST_HELP, Agency.FAMILY, 0)
    if family.low_weeks >= town.p.demand[0].met_weeks:
        row.met_weeks += week - family.first_sign
        row.met_squares += float(week - family.first_sign) ** 2
        row.met_workers += family.n_workers
        row.met_assessments += family.n_assessments
        family.first_sign = NEVER
        note(town, week, family, Event.NEED_MET, Agency.FAMILY, 0)


@rule
def protected(town: Town, family: Row, child: Row) -> bool:
    """Tell whether significant harm to the child has a protective response."""
    under_enquiry = family.status == Status.SECTION_47 or family.status == Status.CONFERENCE
    planned = child.legal_status >= Legal.CHILD_PROTECTION_PLAN
    return under_enquiry or planned or family.help >= town.p.plans[0].intensive


@rule
def count_child(town: Town, family: Row, child: Row, week: int) -> None:
    """Count one child's status, place and harm."""
    row = totals(town, week)
    row.harm_sum += child.harm
    if child.legal_status != Legal.NONE:
        row.legal[child.legal_status] += 1.0
    if looked_after(child):
        row.placement[child.placement] += 1.0
        row.moved_often += 1.0 if child.moves >= 3 else 0.0
        row.decile_looked_after[family.deprivation_decile] += np.float32(1.0)
        count_stability(row, family, child, week)
    if child.legal_status == Legal.CHILD_PROTECTION_PLAN:
        row.plan_category[child.category] += 1.0
        row.decile_plans[family.deprivation_decile] += np.float32(1.0)
    if child.legal_status == Legal.CHILD_PROTECTION_PLAN and week - child.since >= NEARLY_TWO_YEARS:
        row.long_plans += 1.0
    if Legal.NONE < child.legal_status <= Legal.SUPERVISION_ORDER:
        row.changed_often += 1.0 if child.changes >= 3 else 0.0
        row.changes_sum += child.changes
    assessed = Status.REFERRAL <= family.status <= Status.CONFERENCE and child.placement == Placement.HOME
    if Legal.NONE < child.legal_status <= Legal.SUPERVISION_ORDER or assessed:
        row.open_children += 1.0
        row.allocated += held(town, child) if family.worker != NOBODY else 0.0
    count_harm(town, family, child, week)


@rule
def count_stability(row: Row, family: Row, child: Row, week: int) -> None:
    """Count how far from home, how near to brothers and sisters and for how long a child lives where it does."""
    row.far_placed += child.far
    if family.n_away > 1:
        row.siblings_away += 1.0
        row.siblings_together += child.with_sibling
    if week - child.born < SIXTEEN and week - child.care_began >= LONG_CARE:
        row.long_care += 1.0
        row.long_placed += 1.0 if week - child.placed >= 2 * YEAR else 0.0


@rule
def count_carers(town: Town, week: int) -> None:
    """Count foster households, their places and the children placed with them."""
    row = totals(town, week)
    for place in range(len(town.carers)):
        carer = town.carers[place]
        if carer.state < Carer.VACANT or carer.state > Carer.STRAINED:
            continue
        row.carers += 1.0
        row.carer_places += carer.places
        row.carer_children += carer.n_children
        row.carers_strained += 1.0 if carer.state == Carer.STRAINED else 0.0


@rule
def held(town: Town, child: Row) -> float:
    """Return how far a child counts on case-holding social workers: others hold some with neither plan nor care."""
    others = town.p.working_time[0].held_by_others
    return 1.0 - others if child.legal_status == Legal.CHILD_IN_NEED else 1.0


@rule
def count_harm(town: Town, family: Row, child: Row, week: int) -> None:
    """Count a child in significant harm: known or not, answered or not."""
    row = totals(town, week)
    if child.harm < town.p.harm[0].level_4:
        child.high_weeks = 0
        return
    row.harm_weeks += 1.0
    count(town, family, Tally.HARM_WEEKS, 1.0)
    row.harm_unknown += 0.0 if is_open(family) or looked_after(child) else 1.0
    child.high_weeks = 0 if protected(town, family, child) else min(30000, child.high_weeks + 1)
    if child.high_weeks == int(town.p.demand[0].omission_weeks):
        note_child(town, week, family, Event.OMISSION, Agency.SOCIAL_CARE, child)
    row.omissions += 1.0 if child.high_weeks >= town.p.demand[0].omission_weeks else 0.0


@rule
def count_family(town: Town, family: Row, week: int) -> None:
    """Count one awake family."""
    low = family.harm < town.p.harm[0].level_2 and family.n_away == 0
    family.low_weeks = min(30000, family.low_weeks + 1) if low else 0
    if family.first_sign != NEVER or family.contacted == week:
        first_sign_and_help(town, family, week)
    counts, at_rest, children = totals(town, week), not is_open(family), 0
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if not is_child(child, week):
            continue
        children += 1
        if at_rest and child.legal_status == Legal.NONE and child.harm < town.p.harm[0].level_4:
            counts.harm_sum += child.harm
            child.high_weeks = 0
        else:
            count_child(town, family, child, week)
    counts.children_status[family.status] += children
    if at_rest:
        family.help = 0.0


@rule
def count_statuses(town: Town, week: int) -> None:
    """Count every family's case status; a year after closure a family is simply in universal services again."""
    row, others = totals(town, week), 0
    for place in range(len(town.families)):
        family = town.families[place]
        if family.status == Status.UNIVERSAL:
            continue
        if family.status == Status.CLOSED and week - family.since >= YEAR:
            family.status = Status.UNIVERSAL
            family.since = week
            continue
        row.status[family.status] += 1.0
        others += 1
    row.families = len(town.families)
    row.status[Status.UNIVERSAL] = row.families - others


@rule
def count_workers(town: Town, week: int) -> None:
    """Count posts, holders and absences."""
    row = totals(town, week)
    for place in range(len(town.workers)):
        worker = town.workers[place]
        if not holds_cases(worker):
            continue
        row.posts += worker.fte
        if worker.kind == Worker.VACANT:
            continue
        row.holders += worker.fte
        row.absent += worker.fte if worker.back > week else 0.0
        if worker.kind == Worker.AGENCY:
            row.agency_workers += worker.fte
        else:
            row.permanent_workers += worker.fte


@rule
def count_children(town: Town, week: int) -> None:
    """Count all children, and those of quiet families as in no legal status."""
    row, counted = totals(town, week), 0.0
    row.children_total = float(town.authority[0].children)
    for status in range(len(row.legal)):
        counted += row.legal[status]
    row.legal[Legal.NONE] += row.children_total - counted
    town.authority[0].legal[:] = row.legal
    for decile in range(11):
        row.decile_children[decile] = town.authority[0].decile_children[decile]


@rule
def close_week(town: Town, week: int) -> None:
    """Run P20."""
    authority, row = town.authority[0], totals(town, week)
    for place in range(authority.n_awake):
        fetch_ahead(town, place)
        count_family(town, town.families[town.awake[place]], week)
    count_statuses(town, week)
    count_workers(town, week)
    count_carers(town, week)
    count_children(town, week)
    describe_teams(town, week)
    remember(town, week)
    row.load = authority.load
    row.stress = authority.stress
    row.early_help_places = authority.early_help_places
    row.early_help_used = authority.early_help_used
    row.maturity = mean_of(town.maturity[0])
