"""P17: what law lays down and what is done: each statutory clock against the weeks that the work takes."""

from familyabm.codes import Clock, Event, Legal, Tier, Worker
from familyabm.compiled import rule
from familyabm.journal import children_in, events_of, totals
from familyabm.tables import Row
from familyabm.town import Town

LEAST_KEPT = 0.05
LONGEST_WAIT = 4.0
"""Waits are not reckoned beyond so many times the clock: at a pace near nothing they would have no end."""


@rule
def see(town: Town, clock: int, weeks: float, kept: float) -> None:
    """Remember how long this week's work took and which share of it was within the clock."""
    record = town.clocks[clock]
    record.practice += town.p.clocks[0].memory * (weeks - record.practice)
    see_kept(town, clock, kept)


@rule
def see_kept(town: Town, clock: int, kept: float) -> None:
    """Remember which share of this week's work was within the clock."""
    record = town.clocks[clock]
    record.kept += town.p.clocks[0].memory * (max(0.0, min(1.0, kept)) - record.kept)


@rule
def see_length(town: Town, clock: int, weeks: float) -> None:
    """The same where only the length is known: the time beyond the clock is the share not kept."""
    see(town, clock, weeks, town.clocks[clock].policy / max(weeks, town.clocks[clock].policy))


@rule
def see_share(town: Town, clock: int, kept: float) -> None:
    """The same where only the share is known: work that is kept so often comes round that much later."""
    see_kept(town, clock, kept)
    town.clocks[clock].practice = town.clocks[clock].policy / max(LEAST_KEPT, town.clocks[clock].kept)


@rule
def at_the_door(town: Town, row: Row) -> None:
    """Contacts still waiting at the week's end have missed the day."""
    waiting, decided = float(town.authority[0].n_left), events_of(row, Event.CONTACT)
    if decided + waiting > 0.0:
        weeks = town.clocks[Clock.CONTACT_DECISION].policy + waiting / max(1.0, decided)
        see(town, Clock.CONTACT_DECISION, weeks, decided / (decided + waiting))


@rule
def at_assessment(town: Town, row: Row) -> None:
    """Assessments, and conferences after a strategy discussion."""
    ended, held = children_in(row, Event.ASSESSMENT_ENDED), children_in(row, Event.CONFERENCE)
    if ended > 0.0:
        in_time = children_in(row, Event.ASSESSMENT_IN_TIME) / ended
        see(town, Clock.ASSESSMENT, row.assessment_weeks / ended, in_time)
    if held > 0.0:
        see_share(town, Clock.CONFERENCE, children_in(row, Event.CONFERENCE_IN_TIME) / held)


@rule
def hours_met(town: Town, tier: int) -> float:
    """Return the share of the hours that cases of one kind need which their workers have."""
    met, holders = 0.0, 0.0
    for row in range(len(town.workers)):
        worker = town.workers[row]
        if worker.kind != Worker.VACANT and worker.need[tier] > 0.0:
            met += worker.hours_met[tier]
            holders += 1.0
    return met / holders if holders > 0.0 else 1.0


@rule
def under_plans(town: Town, row: Row) -> None:
    """Visits and core groups take the hours they need; plans are reviewed when they are due."""
    see_share(town, Clock.CORE_GROUP, hours_met(town, Tier.PROTECTION))
    see_share(town, Clock.LOOKED_AFTER_REVIEW, hours_met(town, Tier.LOOKED_AFTER))
    if row.plan_reviews > 0.0:
        see_share(town, Clock.PLAN_REVIEW, events_of(row, Event.REVIEW_IN_TIME) / row.plan_reviews)


@rule
def at_court(town: Town, row: Row) -> None:
    """Pre-proceedings, proceedings, and from placement order to adoptive family (those waiting to those placed)."""
    ended, before = children_in(row, Event.PROCEEDINGS_ENDED), events_of(row, Event.PRE_PROCEEDINGS_ENDED)
    if before > 0.0:
        see_length(town, Clock.PRE_PROCEEDINGS, row.pre_weeks / before)
    if ended > 0.0:
        in_time = children_in(row, Event.PROCEEDINGS_IN_TIME) / ended
        see(town, Clock.PROCEEDINGS, row.proceedings_weeks / ended, in_time)


@rule
def waiting_for_adoption(town: Town, row: Row) -> None:
    """A wait is as long as it would take to place all who wait, at the pace of late."""
    record, waiting = town.clocks[Clock.ADOPTION], town.authority[0].legal[Legal.PLACEMENT_ORDER]
    record.pace += town.p.clocks[0].memory * (children_in(row, Event.CARE_ENDED_ADOPTED) - record.pace)
    longest = LONGEST_WAIT * record.policy
    if waiting > 0.0:
        see_length(town, Clock.ADOPTION, min(longest, waiting / max(waiting / longest, record.pace)))


@rule
def watch_clocks(town: Town, week: int) -> None:
    """Compare the week's work with its clocks."""
    row, late = totals(town, week), 0.0
    at_the_door(town, row)
    at_assessment(town, row)
    under_plans(town, row)
    at_court(town, row)
    waiting_for_adoption(town, row)
    for clock in range(len(town.clocks)):
        late += 1.0 - town.clocks[clock].kept
    row.clock_gap = late / len(town.clocks)
