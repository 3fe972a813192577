"""P8: how many hours each worker has, how many of them are spent with families, and what an hour is worth."""

import math

from familyabm.codes import Worker
from familyabm.compiled import rule
from familyabm.journal import totals
from familyabm.rules.outside import target_pressure
from familyabm.tables import Row
from familyabm.town import Town


@rule
def direct_share(town: Town) -> float:
    """Return the share of paid hours spent with families: less with paperwork and targets, more in units."""
    p, effects, levers, base = town.p.hours[0], town.p.effects[0], town.levers[0], town.p.base[0]
    share = p.direct + effects.relief_direct * (levers.bureaucracy_relief - base.bureaucracy_relief)
    share += effects.unit_direct * (levers.unit_model - base.unit_model)
    share -= p.direct_bureaucracy * (town.authority[0].bureaucracy - p.bureaucracy)
    share -= p.direct_targets * (target_pressure(town) - 0.4)
    return max(0.12, min(0.55, share))


@rule
def competence(town: Town, worker: Row) -> float:
    """Return a worker's competence: most of the gap closes in the first years."""
    p = town.p.workforce[0]
    return 1.0 - p.competence_gap * math.exp(-worker.experience / p.competence_years)


@rule
def potency(town: Town, worker: Row) -> float:
    """Return what an hour of this worker does for a family, about one in a typical authority."""
    p, effects = town.p.hours[0], town.p.effects[0]
    worth = (town.authority[0].direct_share / p.direct) ** p.potency_direct
    worth *= min(p.potency_ceiling, max(0.3, town.authority[0].load) ** -p.potency_load)
    worth *= 0.8 + effects.continuity_potency * town.levers[0].continuity
    worth *= 1.0 - (p.potency_agency if worker.kind == Worker.AGENCY else 0.0)
    return worth * learnt(town) * competence(town, worker) / 0.93


@rule
def learnt(town: Town) -> float:
    """Return what practice quality and training add to the worth of an hour, one in a typical authority."""
    p, authority = town.p.learning[0], town.authority[0]
    better = p.quality_worth * (authority.practice_quality - p.usual_quality)
    return 1.0 + better + p.training_worth * (authority.trained - p.usual_trained)


@rule
def wasted(town: Town, week: int, paid: float) -> None:
    """Add up the hours that go to excess recording and to chasing partners."""
    p, effects, levers, base = town.p.hours[0], town.p.effects[0], town.levers[0], town.p.base[0]
    relief = effects.relief_recording * (levers.bureaucracy_relief - base.bureaucracy_relief)
    recording = p.recording_waste * town.authority[0].bureaucracy / p.bureaucracy * max(0.0, 1.0 - relief)
    chasing = p.chasing_waste * (1.0 - effects.sharing_chasing * levers.information_sharing)
    chasing *= (1.0 - effects.joint_chasing * levers.joint_response) / 0.65
    known = town.p.learning[0]
    saved = 1.0 - known.quality_waste * (town.authority[0].practice_quality - known.usual_quality)
    row = totals(town, week)
    row.recording_hours += recording * saved * paid
    row.chasing_hours += chasing * saved * paid
    row.audit_hours += town.authority[0].audit_share * paid


@rule
def hours_of(town: Town, worker: Row, week: int) -> None:
    """Work out one worker's week."""
    p = town.p.hours[0]
    present = worker.kind != Worker.VACANT
    worker.paid = p.week * worker.fte if present else 0.0
    available = worker.paid * (1.0 - p.leave - town.authority[0].audit_share) if worker.back <= week else 0.0
    available = max(0.0, available - (town.authority[0].training_hours * worker.fte if available > 0.0 else 0.0))
    first_year = town.p.workforce[0].first_year_caseload if worker.kind == Worker.NEWLY_QUALIFIED else 1.0
    worker.hours = available * first_year
    worker.direct = worker.paid * town.authority[0].direct_share if available > 0.0 else 0.0
    worker.potency = potency(town, worker) if present else 0.0


@rule
def budget(town: Town, week: int) -> None:
    """Run P8 over every worker."""
    authority, p = town.authority[0], town.p.hours[0]
    authority.direct_share = direct_share(town)
    authority.reflection = max(0.0, p.reflection - p.reflection_load * max(0.0, min(1.0, authority.load - 1.0)))
    row = totals(town, week)
    for place in range(len(town.workers)):
        worker = town.workers[place]
        hours_of(town, worker, week)
        row.paid_hours += worker.paid
        row.available_hours += worker.hours
        row.direct_hours += worker.direct
    wasted(town, week, row.paid_hours)
