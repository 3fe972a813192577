"""P19, third part: one silo buckles and others pay, and what they lent comes back slowly.

Every sum is whole pence a week of budget; nothing is made or lost, only moved.
"""

import math

from familyabm.codes import Agency, Event, Service, Silo
from familyabm.compiled import rule
from familyabm.journal import announce_sum, totals
from familyabm.rules.partners import AGENCY_OF, is_for_adults
from familyabm.tables import Row
from familyabm.town import Town


@rule
def silo_of(service: Row) -> int:
    """Return the silo that pays for a service for adults."""
    return Silo.HOUSING + service.kind - Service.HOUSING_OFFICE


@rule
def held_by_council(town: Town, service: Row) -> float:
    """Return the part of a service's budget that the council can move, in pence a week."""
    return service.budget * town.p.chances[0].council_share[service.kind - Service.HOUSING_OFFICE]


@rule
def give(town: Town, week: int, service: Row, to: int, pence: float) -> None:
    """Move part of a service's budget to another silo, which holds it until it comes back."""
    service.budget -= pence
    service.lent += pence
    totals(town, week).moved[silo_of(service), to] += pence


@rule
def move_acute(town: Town, week: int, pence: float) -> None:
    """Add to the acute budget, or take from it where the sum is below zero."""
    town.money[0].acute_budget += pence
    totals(town, week).budget_moves += pence


@rule
def pay_for_overspend(town: Town, week: int, over: float) -> None:
    """Services for adults lose part of their budgets to the council's overspend, unless budgets are pooled."""
    p, m = town.p.partners[0], town.p.money[0]
    exposed = max(0.0, 1.0 - town.p.effects[0].pooled_shields * town.levers[0].pooled_budget)
    share = p.contagion * min(m.raid_ceiling, m.raid_rate * (over - m.overspend_notice)) * exposed
    for kind in range(Service.HOUSING_OFFICE, Service.DOMESTIC_ABUSE + 1):
        givers, taken = 0, 0.0
        for row in range(len(town.services)):
            service = town.services[row]
            part = float(math.floor(share * held_by_council(town, service))) if service.kind == kind else 0.0
            if part > 0.0:
                give(town, week, service, Silo.ACUTE, part)
                givers, taken = givers + 1, taken + part
        if givers > 0:
            move_acute(town, week, taken)
            announce_sum(town, week, Event.BAILED_OUT, AGENCY_OF[kind], givers, taken)


@rule
def note_raid(town: Town, week: int) -> None:
    """Enter what early help lost to or gained from acute services in the month's matrix."""
    row = totals(town, week)
    row.moved[Silo.EARLY_HELP, Silo.ACUTE] += row.raided
    row.moved[Silo.ACUTE, Silo.EARLY_HELP] += row.reinvested
    if row.raided > 0.0:
        announce_sum(town, week, Event.BAILED_OUT, Agency.EARLY_HELP, 1, row.raided)


@rule
def least_loaded(town: Town, borrower: int) -> int:
    """Return the service for adults, other than the borrower, that has most to spare, or -1."""
    found, least = -1, 1.0
    for row in range(len(town.services)):
        service = town.services[row]
        if row != borrower and is_for_adults(service) and service.load < least:
            found, least = row, service.load
    return found


@rule
def second(town: Town, week: int) -> None:
    """A service for adults that has buckled borrows staff from the one with most to spare, whose load then rises."""
    p = town.p.partners[0]
    for row in range(len(town.services)):
        borrower = town.services[row]
        if not is_for_adults(borrower) or borrower.over_weeks < p.buckles_after:
            continue
        place = least_loaded(town, row)
        if place < 0:
            continue
        lender = town.services[place]
        sum_lent = float(math.floor(p.secondment * held_by_council(town, lender)))
        if sum_lent > 0.0:
            give(town, week, lender, silo_of(borrower), sum_lent)
            borrower.budget += sum_lent
            borrower.lent -= sum_lent
            announce_sum(town, week, Event.BAILED_OUT, AGENCY_OF[lender.kind], 1, sum_lent)


@rule
def give_back(town: Town, week: int) -> None:
    """In April part of what was moved goes back where it came from, through the acute budget; budgets grow."""
    p = town.p.partners[0]
    for row in range(len(town.services)):
        service = town.services[row]
        if is_for_adults(service):
            back = float(round(p.comes_back * service.lent))
            if back > 0.0:
                totals(town, week).moved[Silo.ACUTE, silo_of(service)] += back
            else:
                totals(town, week).moved[silo_of(service), Silo.ACUTE] -= back
            service.lent -= back
            move_acute(town, week, -back)
            service.budget += back + float(math.floor(town.p.adult_services[0].growth * service.budget))


@rule
def settle_between(town: Town, week: int, over: float) -> None:
    """At a month's end, settle between silos: who pays for an overspend, who is lent a hand."""
    if over > town.p.money[0].overspend_notice:
        pay_for_overspend(town, week, over)
    note_raid(town, week)
    second(town, week)
