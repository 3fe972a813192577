"""P9, third part: the unit's own bottleneck: at most two members of a unit hold section 47 enquiries at a time."""

import numpy as np

from familyabm.codes import Status, Worker
from familyabm.compiled import rule
from familyabm.journal import totals
from familyabm.rules.sharing import burden
from familyabm.rules.units import holds_cases, team_of
from familyabm.tables import Row
from familyabm.town import Town


@rule
def may_hold_enquiries(worker: Row, week: int) -> bool:
    """Tell whether a member is here and qualified long enough to hold a section 47 enquiry."""
    here = worker.kind != Worker.VACANT and worker.back <= week
    return here and holds_cases(worker) and worker.kind != Worker.NEWLY_QUALIFIED


@rule
def open_enquiries(town: Town, team: Row, week: int) -> None:
    """Find the hours that a unit has for enquiries: those of the two members who may hold them."""
    team.enquiries = 0
    held, limit, hours = 0, town.p.units[0].enquiry_holders, 0.0
    for row in range(team.first_worker, team.first_worker + team.n_workers):
        if held < limit and may_hold_enquiries(town.workers[row], week):
            held += 1
            hours += town.workers[row].hours
    limited = team.unit >= 0.5 and limit > 0.0
    team.enquiry_room = hours if limited else 1e9


@rule
def take_enquiry(team: Row, hours: float, first: bool) -> bool:
    """Take an enquiry's hours from what the unit's two holders have, or tell that it must wait a week.

    The first enquiry of a unit is never put off: whoever is there answers it.
    """
    if not first and team.enquiry_room < hours:
        return False
    team.enquiry_room -= hours
    return True


@rule
def put_off_enquiries(town: Town, week: int) -> None:
    """In a unit at most two members hold enquiries: when both are full, the latest enquiry to end waits a week."""
    for row in range(len(town.teams)):
        open_enquiries(town, town.teams[row], week)
    listed = 0
    for place in range(town.authority[0].n_known):
        family = town.families[town.known[place]]
        if family.status == Status.SECTION_47:
            town.queue[listed] = town.known[place]
            town.rank[listed] = float(family.since) * 4294967296.0 + float(town.known[place])
            listed += 1
    order = np.argsort(town.rank[:listed])
    for place in range(listed):
        hold_or_put_off(town, town.families[town.queue[order[place]]], week)


@rule
def hold_or_put_off(town: Town, family: Row, week: int) -> None:
    """One enquiry is worked on this week, or waits for those who may hold it."""
    team = town.teams[team_of(town, family)]
    first = team.enquiries == 0
    team.enquiries += 1
    if not take_enquiry(team, town.p.hours[0].enquiry * burden(town, team.unit), first) and family.due <= week:
        family.due = week + 1
        totals(town, week).enquiries_waiting += 1.0
