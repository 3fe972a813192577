"""P18: Ofsted comes every three years or when criticism calls it, and grades what files and figures show."""

from familyabm.codes import NEVER, Agency, Clock, Event, Grade, Origin, Outside
from familyabm.compiled import rule
from familyabm.journal import announce, children_in, totals
from familyabm.luck import Block, bell, four
from familyabm.newcomers import AUTHORITY_KEY, key_of
from familyabm.rules.improvement import new_leader
from familyabm.rules.incidents import frighten
from familyabm.rules.outside import outside_now
from familyabm.rules.recommendations import add_procedure, issue
from familyabm.tables import Row
from familyabm.town import Town

NO_GRADE = 0
WORST_IN_THE_PAST = int(Grade.REQUIRES_IMPROVEMENT)
MOST = 2.0
"""Standard deviations beyond which an inspector tells no further difference."""


@rule
def better_than(value: float, usual: float, spread: float) -> float:
    """Return how far a value is above the usual in standard deviations, within what an inspector can tell."""
    return max(-MOST, min(MOST, (value - usual) / spread))


@rule
def see_files(town: Town, row: Row) -> None:
    """Keep what a year's files would show an inspector: decisions made again, and cases without a worker or visits."""
    authority, memory = town.authority[0], town.p.clocks[0].memory / 2.0
    decided = children_in(row, Event.REFERRAL) + children_in(row, Event.PLAN_STARTED)
    again = children_in(row, Event.RE_REFERRAL) + children_in(row, Event.PLAN_AGAIN)
    if decided > 0.0:
        authority.seen_again += memory * (again / decided - authority.seen_again)
    if row.needed_hours > 0.0:
        undone = max(0.0, 1.0 - row.used_hours / row.needed_hours)
        authority.seen_undone += memory * (undone - authority.seen_undone)


@rule
def timeliness(town: Town) -> float:
    """Return the mean share of work within the clocks of the official returns."""
    kept = town.clocks[Clock.ASSESSMENT].kept + town.clocks[Clock.CONFERENCE].kept
    return (kept + town.clocks[Clock.PLAN_REVIEW].kept) / 3.0


@rule
def score(town: Town, noise: float) -> float:
    """Score an authority by timeliness, decisions in files, leadership, work undone and what it offers early."""
    p, authority = town.p.inspection[0], town.authority[0]
    good = p.timeliness * better_than(timeliness(town), p.usual_kept, p.spread_kept)
    good -= p.quality * better_than(authority.seen_again, p.usual_again, p.spread_again)
    steady = town.p.environment[0].usual_stability
    good += p.leadership * better_than(authority.stability, steady, p.spread_stability)
    good -= p.omission * better_than(authority.seen_undone, p.usual_undone, p.spread_undone)
    good += p.prevention * max(-1.0, min(1.0, authority.prevention - 1.0))
    return good - p.deprivation * town.facts[0].deprivation + p.noise * noise


@rule
def grade_of(town: Town, points: float) -> int:
    """Turn a score into one of the four grades."""
    p = town.p.inspection[0]
    if points >= p.outstanding_above:
        return Grade.OUTSTANDING
    if points >= p.good_above:
        return Grade.GOOD
    return Grade.REQUIRES_IMPROVEMENT if points >= p.improvement_above else Grade.INADEQUATE


@rule
def burden(town: Town, share: float) -> None:
    """Add audits and reports to workers' weeks."""
    authority = town.authority[0]
    authority.audit_share = min(town.p.environment[0].most_audit, authority.audit_share + share)


@rule
def leader_leaves(town: Town, week: int) -> None:
    """The director leaves; what the next one makes of the programme of change is open."""
    town.authority[0].stability *= town.p.environment[0].leader_keeps
    announce(town, week, Event.LEADER_LEFT, Agency.COUNCIL, 1)
    new_leader(town, week)


@rule
def found_inadequate(town: Town, week: int, leaves: float) -> None:
    """An inadequate grade: fear, procedure, an action plan, and often another director."""
    p = town.p.inspection[0]
    frighten(town, p.fear, p.criticism)
    add_procedure(town, week, p.procedure)
    burden(town, p.audit)
    town.authority[0].next_visit = week + int(p.visit_from)
    if leaves < p.leader_leaves:
        leader_leaves(town, week)


@rule
def inspect(town: Town, week: int, forced: int) -> None:
    """Ofsted inspects, grades and recommends; `forced` is a grade given from outside, 0 none.

    While the past is lived no authority is found inadequate, so that all futures start from a typical one.
    """
    authority, p = town.authority[0], town.p.inspection[0]
    a, b, leaves, when = four(town.luck, key_of(AUTHORITY_KEY, 0, 0), week, Block.INSPECTION)
    grade = forced if forced != NO_GRADE else grade_of(town, score(town, bell(a, b)))
    if authority.raids == 0:
        grade = min(grade, WORST_IN_THE_PAST)
    authority.grade = grade
    authority.inspected = week
    authority.next_visit = NEVER
    announce(town, week, Event.INSPECTION, Agency.OFSTED, grade)
    totals(town, week).senior_hours += p.hours
    issue(town, week, Origin.OFSTED, int(town.p.recommending[0].inspection_number))
    burden(town, p.ordinary_audit)
    first, last = p.cycle - p.cycle_spread / 2.0, p.cycle + p.cycle_spread / 2.0
    if grade == Grade.INADEQUATE:
        first, last = p.again_from, max(p.again_from, p.again_to)
        found_inadequate(town, week, leaves)
    elif grade == Grade.REQUIRES_IMPROVEMENT:
        frighten(town, 0.0, p.improvement_criticism)
    authority.next_inspection = week + int(first + (last - first) * when)


@rule
def visit(town: Town, week: int) -> None:
    """A monitoring visit to an inadequate authority."""
    p = town.p.inspection[0]
    draw = four(town.luck, key_of(AUTHORITY_KEY, 0, 0), week, Block.INSPECTION)[3]
    announce(town, week, Event.MONITORING_VISIT, Agency.OFSTED, 1)
    totals(town, week).senior_hours += p.hours / 5.0
    burden(town, p.visit_audit)
    town.authority[0].next_visit = week + int(p.visit_from + (p.visit_to - p.visit_from) * draw)


@rule
def called_for(town: Town, week: int) -> bool:
    """Tell whether criticism calls an inspection before its time."""
    p, authority = town.p.inspection[0], town.authority[0]
    return authority.criticism > p.trigger and week - authority.inspected > p.trigger_after


@rule
def come(town: Town, week: int) -> None:
    """Ofsted comes if it is due, called for, or sent by an outside event."""
    authority, forced = town.authority[0], int(outside_now(town, Outside.INSPECTION))
    see_files(town, totals(town, week))
    if authority.next_inspection == NEVER:
        draw = four(town.births, key_of(AUTHORITY_KEY, 0, 0), 0, Block.INSPECTION)[0]
        authority.next_inspection = week + int(town.p.inspection[0].cycle * draw)
    if forced != NO_GRADE or week >= authority.next_inspection or called_for(town, week):
        inspect(town, week, forced)
    elif authority.next_visit != NEVER and week >= authority.next_visit:
        visit(town, week)
