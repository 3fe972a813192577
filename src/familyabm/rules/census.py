"""P3, at the year's end: on 31 March every child is counted, by how it stands with social care."""

from familyabm.codes import Legal, Standing
from familyabm.compiled import rule
from familyabm.journal import totals
from familyabm.newcomers import ELEVEN
from familyabm.rules.common import YEAR, is_child, looked_after
from familyabm.rules.outcomes import FIVE, SIXTEEN, rest, school_weeks
from familyabm.tables import Row
from familyabm.town import Town

FOUR, SIX, SEVENTEEN = 4 * YEAR, 6 * YEAR, 17 * YEAR


@rule
def standing(child: Row, week: int) -> int:
    """Return how a child stands with social care."""
    if looked_after(child):
        return Standing.SETTLED_IN_CARE if week - child.care_began >= YEAR else Standing.LOOKED_AFTER
    if child.legal_status == Legal.CHILD_PROTECTION_PLAN:
        return Standing.PLAN
    in_need = child.legal_status == Legal.CHILD_IN_NEED or child.legal_status == Legal.SUPERVISION_ORDER
    return Standing.IN_NEED if in_need else Standing.NONE


@rule
def count_pupil(town: Town, row: Row, child: Row, week: int, now: int) -> None:
    """Count the share of the year that a pupil missed."""
    p, since = town.p.schooling[0], max(week - YEAR + 1, child.born + FIVE)
    weeks = school_weeks(since, week)
    if weeks == 0:
        return
    share = child.missed / weeks
    row.pupils[now] += 1.0
    row.missed_school[now] += share
    row.persistent[now] += 1.0 if share >= p.persistent else 0.0
    row.severe[now] += 1.0 if share >= p.severe else 0.0
    if week - child.born >= ELEVEN:
        row.older_pupils += 1.0
        row.suspended += 1.0 if child.behaviour >= p.suspended else 0.0


@rule
def count_development(town: Town, row: Row, child: Row, age: int, now: int) -> None:
    """Count a child's development and behaviour."""
    p = town.p.development[0]
    row.growing[now] += 1.0
    row.physical[now] += child.physical
    row.emotional[now] += child.emotional
    if FOUR <= age < SEVENTEEN:
        row.rated[now] += 1.0
        row.difficult[now] += 1.0 if child.behaviour >= p.behaviour_high else 0.0
    if FIVE <= age < SIX:
        row.fives += 1.0
        row.ready += 1.0 if 0.5 * (child.physical + child.emotional) > p.ready else 0.0


@rule
def take_census(town: Town, week: int) -> None:
    """Count every child's outcomes on 31 March; a new year of attendance begins."""
    if week % YEAR != YEAR - 1:
        return
    row = totals(town, week)
    for place in range(len(town.children)):
        child, age = town.children[place], week - town.children[place].born
        if not is_child(child, week):
            continue
        rest(town, child, week - child.grown)
        now = standing(child, week)
        count_development(town, row, child, age, now)
        if FIVE <= age < SIXTEEN:
            count_pupil(town, row, child, week, now)
        if age >= ELEVEN:
            row.teenagers += 1.0
            row.drinking += 1.0 if child.drinking >= 2 else 0.0
            row.outside += 1.0 if child.risk_outside >= 1 else 0.0
            row.outside_high += 1.0 if child.risk_outside >= 2 else 0.0
        child.missed = 0.0
