"""P9, first half: families are given to workers; then hours go to the most urgent cases first."""

import numpy as np

from familyabm.codes import NOBODY, Agency, Event, Legal, Role, Status, Worker
from familyabm.compiled import rule
from familyabm.journal import note, rework, totals
from familyabm.rules.common import children_at_home, has_social_worker
from familyabm.rules.family_help import keeps_lead
from familyabm.rules.sharing import add_needs, feel_load, fill_team, fill_worker, pool
from familyabm.rules.trust import handed_over
from familyabm.rules.unit_enquiries import put_off_enquiries
from familyabm.rules.units import holds_cases, team_of
from familyabm.tables import Row
from familyabm.town import Town

LONG_ABSENCE = 3


@rule
def needs_worker(town: Town, family: Row, week: int) -> bool:
    """Tell whether the family should have a social worker and has none who is here."""
    if not has_social_worker(family) and family.n_away == 0:
        return False
    if family.worker == NOBODY:
        return True
    worker = town.workers[family.worker]
    return worker.kind == Worker.VACANT or worker.back > week + LONG_ABSENCE


@rule
def room_of(town: Town, worker: Row, week: int) -> float:
    """Return how full a worker is, 1 at the norm; a very large number when nobody is there."""
    if worker.kind == Worker.VACANT or worker.back > week:
        return 1e9
    full = town.p.workforce[0].first_year_caseload if worker.kind == Worker.NEWLY_QUALIFIED else 1.0
    if worker.role == Role.CONSULTANT:
        full *= 1.0 - (1.0 - town.p.units[0].consultant_caseload) * town.teams[worker.team].unit
    return worker.n_families / (town.p.hours[0].caseload_norm * worker.fte * full)


@rule
def least_full(town: Town, team: int, week: int) -> int:
    """Find the team's worker with the most room."""
    best, best_room = NOBODY, 1e8
    first = town.teams[team].first_worker
    for row in range(first, first + town.teams[team].n_workers):
        room = room_of(town, town.workers[row], week)
        if room < best_room:
            best, best_room = row, room
    return best


@rule
def meet(town: Town, family: Row, week: int, row: int) -> None:
    """A social worker takes on the family; if it is a second one, something of the relationship is lost."""
    had_worker = family.worker != NOBODY
    worker = town.workers[row]
    if had_worker:
        hand_over(town, family, week)
    else:
        if not keeps_lead(town, family):
            begin_relationship(town, family, worker)
        note(town, week, family, Event.ALLOCATED, Agency.SOCIAL_CARE, children_at_home(town, family, week))
    if had_worker or not keeps_lead(town, family):
        family.n_workers = min(30000, family.n_workers + 1)
    family.worker = row
    family.lead = 1
    worker.n_families += 1
    worker.n_children += children_at_home(town, family, week) + family.n_away


@rule
def begin_relationship(town: Town, family: Row, worker: Row) -> None:
    """A working relationship begins, weaker with an agency worker."""
    agency = worker.kind == Worker.AGENCY
    start = town.p.workforce[0].agency_start_relationship if agency else town.p.plans[0].relationship_start
    family.working_relationship = start


@rule
def hand_over(town: Town, family: Row, week: int) -> None:
    """A change of worker costs trust and much of the working relationship; units, continuity and records keep more."""
    effects, levers, p = town.p.effects[0], town.levers[0], town.p.plans[0]
    knows = town.teams[team_of(town, family)].unit
    lost = (1.0 - p.hand_over_keeps) * (1.0 - effects.unit_hand_over * knows)
    lost *= 1.0 - effects.continuity_keeps * levers.continuity
    time = town.p.working_time[0]
    lost = min(1.0, lost * (1.0 - time.record_keeps * (town.authority[0].record_quality - time.record_usual)))
    family.working_relationship *= 1.0 - lost
    handed_over(town, family, week, lost)
    concerned = 0
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if Legal.NONE < child.legal_status <= Legal.SUPERVISION_ORDER:
            concerned += 1
            child.changes = min(100, child.changes + 1)
    rework(town, week, family, Event.WORKER_CHANGED, Agency.SOCIAL_CARE, concerned, town.p.demand[0].hand_over)


@rule
def welcome_new_holder(town: Town, family: Row, week: int) -> None:
    """A post that changed hands this week is a change of worker for each of its families."""
    if family.worker != NOBODY and town.workers[family.worker].started == week:
        hand_over(town, family, week)
        family.n_workers = min(30000, family.n_workers + 1)


@rule
def hold(town: Town, family: Row, week: int) -> None:
    """Count a family on its worker's caseload."""
    if family.worker != NOBODY:
        worker = town.workers[family.worker]
        worker.n_families += 1
        worker.n_children += children_at_home(town, family, week) + family.n_away


@rule
def gather(town: Town, week: int) -> int:
    """Count caseloads and list the families that need a worker; return how many."""
    for row in range(len(town.workers)):
        town.workers[row].n_families = 0
        town.workers[row].n_children = 0
    waiting = 0
    for place in range(town.authority[0].n_known):
        row = town.known[place]
        family = town.families[row]
        if needs_worker(town, family, week):
            town.queue[waiting] = row
            town.rank[waiting] = priority(town, family, row, week)
            waiting += 1
        else:
            welcome_new_holder(town, family, week)
            hold(town, family, week)
    return waiting


@rule
def priority(town: Town, family: Row, row: int, week: int) -> float:
    """Return the place in the allocation queue: enquiries, then urgent referrals, then the wait, then the key."""
    urgent = family.judged > town.p.front_door[0].referral_threshold + town.p.referral[0].urgent
    rank = 2.0 if family.status == Status.REFERRAL else 0.0
    rank -= 1.0 if urgent and family.status == Status.REFERRAL else 0.0
    return (rank * 1000.0 + 1000.0 - min(999.0, float(week - family.since))) * 4294967296.0 + float(row)


@rule
def allocate(town: Town, week: int) -> None:
    """Give a worker to each family that needs one, until every worker is full."""
    waiting = gather(town, week)
    order = np.argsort(town.rank[:waiting])
    unallocated = 0.0
    for place in range(waiting):
        family = town.families[town.queue[order[place]]]
        best = least_full(town, team_of(town, family), week)
        full = best == NOBODY or room_of(town, town.workers[best], week) >= town.p.hours[0].overflow
        if full and (family.status == Status.REFERRAL or best == NOBODY):
            unallocated += 1.0
        else:
            meet(town, family, week, best)
    totals(town, week).unallocated = unallocated


@rule
def prioritise(town: Town, week: int) -> None:
    """Run P9: allocate families, then share out hours in order of urgency."""
    allocate(town, week)
    add_needs(town)
    pool(town)
    needed, available = 0.0, 0.0
    for place in range(len(town.teams)):
        needed += fill_team(town, town.teams[place], week)
        available += town.teams[place].hours
    for place in range(len(town.workers)):
        if holds_cases(town.workers[place]):
            fill_worker(town, town.workers[place], week)
    put_off_enquiries(town, week)
    totals(town, week).needed_hours = needed
    feel_load(town, week, needed, available)
