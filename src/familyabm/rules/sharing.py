"""P9, second half: what hours cases need, and how workers, teams and units share out those they have.

The safety floor: enquiries are always staffed in full, by the whole team if need be; the rest share what is left.
"""

import numpy as np

from familyabm.codes import NOBODY, Status, Tier
from familyabm.compiled import rule
from familyabm.journal import totals
from familyabm.rules.family_help import left_to_social_workers
from familyabm.rules.units import beyond_usual, help_of_practitioner, holds_cases, relieved
from familyabm.tables import Row
from familyabm.town import Town

TIERS = len(Tier)


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
def harder(town: Town, family: Row, tier: int) -> float:
    """Return how many hours a family takes compared with the usual: an assessment or a plan takes more as need does."""
    if tier != Tier.ASSESSMENT and tier != Tier.IN_NEED:
        return 1.0
    p = town.p.hours[0]
    return min(2.0, max(0.4, 1.0 + p.harder * (family.judged - p.usual_need)))


@rule
def burden(town: Town, unit: float) -> float:
    """Return how many hours a case of a team takes compared with a typical authority; unit: how far it is one."""
    p, effects, levers, base = town.p.hours[0], town.p.effects[0], town.levers[0], town.p.base[0]
    scale = 1.0 - effects.unit_need * beyond_usual(town, unit)
    scale -= effects.relief_need * (levers.bureaucracy_relief - base.bureaucracy_relief)
    scale += p.need_bureaucracy * (town.authority[0].bureaucracy - p.bureaucracy)
    scale += p.need_risk_aversion * town.authority[0].risk_aversion
    return max(0.3, scale) * p.workload


@rule
def add_needs(town: Town) -> None:
    """Add up the hours that every worker's and every team's cases need."""
    town.authority[0].family_help_hours = 0.0
    for row in range(len(town.workers)):
        for tier in range(TIERS):
            town.workers[row].need[tier] = 0.0
    for row in range(len(town.teams)):
        town.teams[row].hours = 0.0
        for tier in range(TIERS):
            town.teams[row].need[tier] = 0.0
    for place in range(town.authority[0].n_known):
        family = town.families[town.known[place]]
        if family.worker == NOBODY:
            continue
        worker, tier = town.workers[family.worker], tier_of(family)
        scale = burden(town, town.teams[worker.team].unit)
        if tier >= 0:
            hours = hours_for(town, tier) * scale * harder(town, family, tier)
            worker.need[tier] += left_to_social_workers(town, tier, hours)
        worker.need[Tier.LOOKED_AFTER] += town.p.hours[0].looked_after * scale * family.n_away


@rule
def share_out(hours: float, need: np.ndarray, fill: np.ndarray) -> float:
    """Give hours to the tiers in order until they run out; return the hours used.

    need: (7,) hours needed.  fill: (7,) overwritten with the share of each that is met; tier 0 is left alone.
    """
    left = hours
    for tier in range(1, TIERS):
        met = 1.0 if need[tier] <= 0.0 else max(0.0, min(1.0, left / need[tier]))  # rounding leaves less than none
        fill[tier] = met
        left -= met * need[tier]
    return hours - left


@rule
def pool(town: Town) -> None:
    """Add up each team's hours and needs; a children's practitioner takes a part of those that are no enquiry."""
    for row in range(len(town.workers)):
        worker = town.workers[row]
        if not holds_cases(worker):
            continue
        team = town.teams[worker.team]
        team.hours += worker.hours
        for tier in range(TIERS):
            team.need[tier] += worker.need[tier]
    for row in range(len(town.teams)):
        team = town.teams[row]
        help_of_practitioner(town, team)
        for tier in range(TIERS):
            team.need[tier] *= 1.0 - relieved(town, team, tier)
    for row in range(len(town.workers)):
        for tier in range(TIERS):
            town.workers[row].need[tier] *= 1.0 - relieved(town, town.teams[town.workers[row].team], tier)


@rule
def fill_worker(town: Town, worker: Row, week: int) -> None:
    """Work out how far one worker's cases get their hours: alone, or as far as the unit pools them."""
    team = town.teams[worker.team]
    pooled = town.p.effects[0].unit_pool * team.unit
    for_enquiries = min(1.0, team.need[Tier.ENQUIRY] / team.hours) if team.hours > 0.0 else 1.0
    share_out(worker.hours * (1.0 - for_enquiries) * worker.pace, worker.need, worker.hours_met)
    worker.hours_met[Tier.ENQUIRY] = 1.0
    used = 0.0
    for tier in range(1, TIERS):
        worker.hours_met[tier] = (1.0 - pooled) * worker.hours_met[tier] + pooled * team.hours_met[tier]
        used += worker.hours_met[tier] * worker.need[tier]
    totals(town, week).used_hours += used


@rule
def fill_team(town: Town, team: Row, week: int) -> float:
    """Share out a team's hours, enquiries first; return the hours that its cases need."""
    row, needed = totals(town, week), 0.0
    for_enquiries = min(team.hours, team.need[Tier.ENQUIRY])
    share_out(team.hours - for_enquiries, team.need, team.hours_met)
    row.used_hours += for_enquiries
    row.practitioner_hours += team.practitioner
    for tier in range(TIERS):
        needed += team.need[tier]
    return needed


@rule
def feel_load(town: Town, week: int, needed: float, available: float) -> None:
    """Move the load that people feel towards this week's need for hours to the hours there are."""
    memory = town.p.hours[0].load_memory
    now = needed / available if available > 0.0 else 3.0
    totals(town, week).peak_load = min(3.0, now)
    town.authority[0].load = memory * town.authority[0].load + (1.0 - memory) * min(3.0, now)
