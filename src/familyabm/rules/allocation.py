"""P9: families are given to workers, and workers' hours go to the most urgent cases first.

The safety floor: enquiries are always staffed in full, by the whole team if need be; the rest share what is left.
"""

import numpy as np

from familyabm.codes import NOBODY, Agency, Event, Legal, Status, Tier, Worker
from familyabm.compiled import rule
from familyabm.journal import note, rework, totals
from familyabm.rules.common import children_at_home, has_social_worker
from familyabm.rules.family_help import keeps_lead, left_to_social_workers
from familyabm.rules.trust import handed_over
from familyabm.tables import Row
from familyabm.town import Town

LONG_ABSENCE = 3
TIERS = len(Tier)


@rule
def team_of(town: Town, family: Row) -> int:
    """Return the row of the social work team that serves the family's neighbourhood."""
    return family.neighbourhood * len(town.teams) // len(town.neighbourhoods)


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
    first_year = town.p.workforce[0].first_year_caseload if worker.kind == Worker.NEWLY_QUALIFIED else 1.0
    return worker.n_families / (town.p.hours[0].caseload_norm * worker.fte * first_year)


@rule
def least_full(town: Town, team: int, week: int) -> int:
    """Find the team's worker with the most room."""
    best, best_room = NOBODY, 1e8
    for row in range(len(town.workers)):
        worker = town.workers[row]
        if worker.team == team:
            room = room_of(town, worker, week)
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
    """A change of worker: costs trust and much of the working relationship; units and continuity keep more."""
    effects, levers, p = town.p.effects[0], town.levers[0], town.p.plans[0]
    lost = (1.0 - p.hand_over_keeps) * (1.0 - effects.unit_hand_over * levers.unit_model)
    lost *= 1.0 - effects.continuity_keeps * levers.continuity
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
    for place in range(town.authority[0].n_awake):
        row = town.awake[place]
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
def tier_of(family: Row) -> int:
    """Return the kind of work that the family's case is now, or -1 for none."""
    status = family.status
    if status == Status.SECTION_47 or status == Status.CONFERENCE:
        return Tier.ENQUIRY
    if status == Status.PROCEEDINGS:
        return Tier.PROCEEDINGS
    if status == Status.PRE_PROCEEDINGS:
        return Tier.PRE_PROCEEDINGS
    if status == Status.CHILD_PROTECTION:
        return Tier.PROTECTION
    if status == Status.ASSESSMENT:
        return Tier.ASSESSMENT
    return Tier.IN_NEED if status == Status.CHILD_IN_NEED else -1


@rule
def hours_for(town: Town, tier: int) -> float:
    """Return the weekly hours that a case of this kind takes."""
    p = town.p.hours[0]
    if tier == Tier.ENQUIRY:
        return p.enquiry
    if tier == Tier.PROCEEDINGS:
        return p.proceedings
    if tier == Tier.PRE_PROCEEDINGS:
        return p.pre_proceedings
    if tier == Tier.PROTECTION:
        return p.protection
    if tier == Tier.ASSESSMENT:
        return p.assessment
    return p.in_need if tier == Tier.IN_NEED else p.looked_after


@rule
def burden(town: Town) -> float:
    """Return how many hours a case takes compared with a typical authority."""
    p, effects, levers, base = town.p.hours[0], town.p.effects[0], town.levers[0], town.p.base[0]
    scale = 1.0 - effects.unit_need * (levers.unit_model - base.unit_model)
    scale -= effects.relief_need * (levers.bureaucracy_relief - base.bureaucracy_relief)
    scale += p.need_bureaucracy * (town.authority[0].bureaucracy - p.bureaucracy)
    scale += p.need_risk_aversion * town.authority[0].risk_aversion
    return max(0.3, scale) * p.workload


@rule
def add_needs(town: Town) -> None:
    """Add up the hours that every worker's and every team's cases need."""
    scale = burden(town)
    town.authority[0].family_help_hours = 0.0
    for row in range(len(town.workers)):
        for tier in range(TIERS):
            town.workers[row].need[tier] = 0.0
    for row in range(len(town.teams)):
        town.teams[row].hours = 0.0
        for tier in range(TIERS):
            town.teams[row].need[tier] = 0.0
    for place in range(town.authority[0].n_awake):
        family = town.families[town.awake[place]]
        if family.worker == NOBODY:
            continue
        worker, tier = town.workers[family.worker], tier_of(family)
        if tier >= 0:
            worker.need[tier] += left_to_social_workers(town, tier, hours_for(town, tier) * scale)
        worker.need[Tier.LOOKED_AFTER] += town.p.hours[0].looked_after * scale * family.n_away


@rule
def share_out(hours: float, need: np.ndarray, fill: np.ndarray) -> float:
    """Give hours to the tiers in order until they run out; return the hours used.

    need: (7,) hours needed.  fill: (7,) overwritten with the share of each that is met; tier 0 is left alone.
    """
    left = hours
    for tier in range(1, TIERS):
        met = 1.0 if need[tier] <= 0.0 else min(1.0, left / need[tier])
        fill[tier] = met
        left -= met * need[tier]
    return hours - left


@rule
def pool(town: Town) -> None:
    """Add up each team's hours and needs."""
    for row in range(len(town.workers)):
        worker = town.workers[row]
        team = town.teams[worker.team]
        team.hours += worker.hours
        for tier in range(TIERS):
            team.need[tier] += worker.need[tier]


@rule
def fill_worker(town: Town, worker: Row, pooled: float, week: int) -> None:
    """Work out how far one worker's cases get their hours: alone, or as far as the unit pools them."""
    team = town.teams[worker.team]
    for_enquiries = min(1.0, team.need[Tier.ENQUIRY] / team.hours) if team.hours > 0.0 else 1.0
    share_out(worker.hours * (1.0 - for_enquiries), worker.need, worker.hours_met)
    worker.hours_met[Tier.ENQUIRY] = 1.0
    used = 0.0
    for tier in range(1, TIERS):
        worker.hours_met[tier] = (1.0 - pooled) * worker.hours_met[tier] + pooled * team.hours_met[tier]
        used += worker.hours_met[tier] * worker.need[tier]
    totals(town, week).used_hours += used


@rule
def prioritise(town: Town, week: int) -> None:
    """Run P9: allocate families, then share out hours in order of urgency."""
    allocate(town, week)
    add_needs(town)
    pool(town)
    pooled = town.p.effects[0].unit_pool * town.levers[0].unit_model
    row = totals(town, week)
    needed, available = 0.0, 0.0
    for place in range(len(town.teams)):
        team = town.teams[place]
        for_enquiries = min(team.hours, team.need[Tier.ENQUIRY])
        share_out(team.hours - for_enquiries, team.need, team.hours_met)
        row.used_hours += for_enquiries
        available += team.hours
        for tier in range(TIERS):
            needed += team.need[tier]
    for place in range(len(town.workers)):
        fill_worker(town, town.workers[place], pooled, week)
    row.needed_hours = needed
    feel_load(town, week, needed, available)


@rule
def feel_load(town: Town, week: int, needed: float, available: float) -> None:
    """Move the load that people feel towards this week's need for hours to the hours there are."""
    memory = town.p.hours[0].load_memory
    now = needed / available if available > 0.0 else 3.0
    totals(town, week).peak_load = min(3.0, now)
    town.authority[0].load = memory * town.authority[0].load + (1.0 - memory) * min(3.0, now)
