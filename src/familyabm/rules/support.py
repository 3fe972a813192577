"""P8, first part: the units that social workers depend on have queues of their own, and waiting costs workers' time."""

from familyabm.codes import Event, Support, Worker
from familyabm.compiled import rule
from familyabm.journal import events_of, totals
from familyabm.rules.units import holds_cases
from familyabm.tables import Row
from familyabm.town import Town

LONG_MEMORY = 0.99
"""Capacity follows the work of about two years."""


@rule
def posts(town: Town, vacant: bool) -> float:
    """Return the case-holding posts that are vacant, or those that are filled."""
    found = 0.0
    for row in range(len(town.workers)):
        worker = town.workers[row]
        if holds_cases(worker) and (worker.kind == Worker.VACANT) == vacant:
            found += worker.fte
    return found


@rule
def in_care(row: Row) -> float:
    """Count the children who were placed as the week ended."""
    found = 0.0
    for placement in range(len(row.placement)):
        found += row.placement[placement]
    return found


@rule
def jobs_for(town: Town, kind: int, row: Row) -> float:
    """Return the jobs that came to a support unit, from what happened last week; row: that week's totals."""
    if kind == Support.BUSINESS_SUPPORT:
        return events_of(row, Event.CONFERENCE) + events_of(row, Event.ASSESSMENT_ENDED) + row.plan_reviews
    if kind == Support.LEGAL:
        return town.authority[0].in_court + events_of(row, Event.PRE_PROCEEDINGS_STARTED)
    if kind == Support.TECHNOLOGY:
        return posts(town, False)
    if kind == Support.RECRUITMENT:
        return posts(town, True)
    if kind == Support.PLACEMENTS_TEAM:
        return events_of(row, Event.PLACED) + 0.02 * in_care(row)
    return events_of(row, Event.CONTACT)


@rule
def ease_of(town: Town, kind: int) -> float:
    """Return a support unit's capacity to its usual work."""
    p = town.p.support_units[0]
    if kind == Support.BUSINESS_SUPPORT:
        return p.level * p.business_support
    if kind == Support.LEGAL:
        return p.level * p.legal
    if kind == Support.TECHNOLOGY:
        return p.level * p.technology
    if kind == Support.RECRUITMENT:
        return p.level * p.recruitment
    return p.level * (p.placements_team if kind == Support.PLACEMENTS_TEAM else p.contact_centre)


@rule
def work_off(town: Town, unit: Row, came: float) -> None:
    """Take in the week's jobs and work off what can be; those who would wait too long do it themselves."""
    unit.usual = came if unit.usual == 0.0 else LONG_MEMORY * unit.usual + (1.0 - LONG_MEMORY) * came
    capacity = max(1e-6, ease_of(town, unit.kind) * unit.usual)
    unit.jobs = max(0.0, unit.jobs + came - capacity)
    unit.jobs = min(unit.jobs, town.p.support_units[0].longest_wait * capacity)
    unit.wait = unit.jobs / capacity


@rule
def serve_workers(town: Town, week: int) -> None:
    """Let every support unit work through last week's jobs; keep the mean wait."""
    if week == town.authority[0].first_week:
        return
    row, wait = totals(town, week - 1), 0.0
    for place in range(len(town.support_units)):
        unit = town.support_units[place]
        work_off(town, unit, jobs_for(town, unit.kind, row))
        wait += unit.wait / len(town.support_units)
    town.authority[0].support_wait = wait
