"""P8: how many hours each worker has, how many of them are spent with families, and what an hour is worth."""

import math

from familyabm.codes import PracticeModel, Tier, Worker
from familyabm.compiled import rule
from familyabm.journal import totals
from familyabm.rules.managers import manage
from familyabm.rules.outside import target_pressure
from familyabm.rules.support import serve_workers
from familyabm.rules.time_use import coordinate, feel_rework, leave_now, price_waste, records, spend_time, trained
from familyabm.rules.units import beyond_usual, holds_cases
from familyabm.tables import Row
from familyabm.town import Town


@rule
def direct_share(town: Town, unit: float) -> float:
    """Return the share of a team's paid hours spent with families.

    It falls with paperwork, targets and work done again, and rises in units (`unit`: how far the team is one).
    """
    p, effects, levers, base = town.p.hours[0], town.p.effects[0], town.levers[0], town.p.base[0]
    share = p.direct + effects.relief_direct * (levers.bureaucracy_relief - base.bureaucracy_relief)
    share += effects.unit_direct * beyond_usual(town, unit)
    share -= p.direct_bureaucracy * (town.authority[0].bureaucracy - p.bureaucracy)
    share -= p.direct_targets * (target_pressure(town) - 0.4)
    share -= town.p.working_time[0].squeezes * town.authority[0].squeezed
    return max(0.12, min(0.55, share))


@rule
def competence(town: Town, worker: Row) -> float:
    """Return a worker's competence: most of the gap closes in the first years."""
    p = town.p.workforce[0]
    return 1.0 - p.competence_gap * math.exp(-worker.experience / p.competence_years)


@rule
def method(town: Town, worker: Row) -> float:
    """Return what the authority's method of practice adds to an hour, as far as the worker keeps to it."""
    p = town.p.training[0]
    taught = int(p.method)
    if taught == PracticeModel.STRENGTHS_BASED:
        return 1.0 + p.strengths_based * worker.fidelity
    if taught == PracticeModel.SYSTEMIC:
        return 1.0 + p.systemic * worker.fidelity
    return 1.0 + (p.motivational * worker.fidelity if taught == PracticeModel.MOTIVATIONAL else 0.0)


@rule
def potency(town: Town, worker: Row) -> float:
    """Return what an hour of this worker does for a family, about one in a typical authority."""
    p, effects = town.p.hours[0], town.p.effects[0]
    worth = (town.teams[worker.team].direct_share / p.direct) ** p.potency_direct
    worth *= min(p.potency_ceiling, max(0.3, town.authority[0].load) ** -p.potency_load)
    worth *= 0.8 + effects.continuity_potency * town.levers[0].continuity
    worth *= 1.0 - (p.potency_agency if worker.kind == Worker.AGENCY else 0.0)
    worth *= method(town, worker) * worker.visits / town.p.working_time[0].usual_visits
    return worth * learnt(town) * competence(town, worker) / 0.93


@rule
def learnt(town: Town) -> float:
    """Return what practice quality and training add to the worth of an hour, one in a typical authority."""
    p, authority = town.p.learning[0], town.authority[0]
    better = p.quality_worth * (authority.practice_quality - p.usual_quality)
    return 1.0 + better + p.training_worth * (authority.trained - p.usual_trained)


@rule
def visits_kept(town: Town, worker: Row) -> float:
    """Return the share of planned visits that stand: urgent interruptions displace the rest."""
    p = town.p.working_time[0]
    enquiries = worker.need[Tier.ENQUIRY] / town.p.hours[0].enquiry
    interrupts = p.enquiry_interrupts * enquiries
    interrupts += p.family_interrupts * worker.n_families * town.authority[0].load
    return math.exp(-p.interrupted * interrupts)


@rule
def phased(town: Town, worker: Row, week: int) -> float:
    """Return the share of full hours that a worker does: fewer in the weeks after a long sickness."""
    p = town.p.working_time[0]
    returning = worker.long_spell == 1 and worker.back <= week < worker.back + p.phased_weeks
    return p.phased_hours if returning else 1.0


@rule
def hours_of(town: Town, worker: Row, week: int) -> None:
    """Work out one worker's week: hours paid, hours present, and what remains of them for cases."""
    p = town.p.hours[0]
    filled = worker.kind != Worker.VACANT
    worker.paid = p.week * worker.fte if filled else 0.0
    here = filled and worker.back <= week
    worker.present = worker.paid * (1.0 - leave_now(town, week)) * phased(town, worker, week) if here else 0.0
    first_year = town.p.workforce[0].first_year_caseload if worker.kind == Worker.NEWLY_QUALIFIED else 1.0
    lost = town.p.support_units[0].drag * town.authority[0].support_wait + trained(town)
    lost += town.authority[0].audit_share + town.authority[0].training_hours / p.week
    worker.hours = worker.present * first_year * max(0.0, 1.0 - lost)
    worker.visits = visits_kept(town, worker)


@rule
def worth_of(town: Town, worker: Row, week: int) -> None:
    """Work out what of the week reaches families, and add it to the week's totals."""
    row, present = totals(town, week), worker.present / (1.0 - town.p.hours[0].leave)
    worker.direct = present * town.teams[worker.team].direct_share
    worker.potency = potency(town, worker) if worker.kind != Worker.VACANT else 0.0
    row.paid_hours += worker.paid
    row.available_hours += worker.hours
    row.direct_hours += worker.direct
    row.visits_kept += worker.visits * worker.direct


@rule
def budget(town: Town, week: int) -> None:
    """Run P8 over support units, every worker and team, and the managers."""
    authority, p = town.authority[0], town.p.hours[0]
    authority.reflection = max(0.0, p.reflection - p.reflection_load * max(0.0, min(1.0, authority.load - 1.0)))
    serve_workers(town, week)
    for place in range(len(town.workers)):
        hours_of(town, town.workers[place], week)
    present, direct = 0.0, 0.0
    for place in range(len(town.teams)):
        present += coordinate(town, town.teams[place])
    feel_rework(town, present)
    for place in range(len(town.teams)):
        team = town.teams[place]
        team.direct_share = direct_share(town, team.unit)
        direct += spend_time(town, team, present, week)
    authority.direct_share = direct / present if present > 0.0 else direct_share(town, town.teams[0].unit)
    for place in range(len(town.workers)):
        if holds_cases(town.workers[place]):
            worth_of(town, town.workers[place], week)
    records(town)
    manage(town, week)
    price_waste(town, week)
