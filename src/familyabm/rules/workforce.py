"""P7: social workers feel the load, fall ill, leave and are replaced; vacancies are partly covered by agencies."""

import math

import numpy as np

from familyabm.codes import NEVER, Grade, Outside, Worker
from familyabm.compiled import rule
from familyabm.journal import totals
from familyabm.luck import Block, four
from familyabm.newcomers import WORKER_KEY, key_of
from familyabm.rules.common import YEAR, chance
from familyabm.rules.outside import outside_now, target_pressure
from familyabm.tables import Row
from familyabm.town import Town

_HOME = np.uint64(20)


@rule
def conditions(town: Town) -> float:
    """Return the stress that load, fear, targets, units and paperwork together lead to."""
    p, effects, levers, base = town.p.workforce[0], town.p.effects[0], town.levers[0], town.p.base[0]
    stress = p.stress_base + p.stress_load * (town.authority[0].load - 1.0)
    stress += p.stress_risk_aversion * town.authority[0].risk_aversion + p.stress_targets * target_pressure(town)
    stress -= effects.unit_stress * (levers.unit_model - base.unit_model)
    stress -= effects.relief_stress * (levers.bureaucracy_relief - base.bureaucracy_relief)
    return max(0.1, min(1.2, stress))


@rule
def fall_ill(town: Town, worker: Row, week: int, starts: float, length: float, how_long: float) -> None:
    """A worker may fall ill: mostly for a week or two, sometimes for months."""
    p = town.p.workforce[0]
    rate = p.sick_start * math.exp(p.sick_stress * worker.stress) * town.facts[0].sickness
    if worker.back > week or starts >= chance(rate):
        return
    if length < p.sick_short:
        worker.back = week + 1 + int(2.0 * how_long)
    else:
        worker.back = week + 3 + int(-math.log(how_long) * p.sick_long_weeks)


@rule
def leaving_rate(town: Town, worker: Row, week: int) -> float:
    """Return the weekly rate at which a worker leaves."""
    p = town.p.workforce[0]
    yearly = p.quit_base + p.quit_stress * worker.stress
    if worker.kind == Worker.NEWLY_QUALIFIED:
        yearly += p.quit_new
    if worker.kind == Worker.AGENCY:
        yearly += p.quit_agency
    return yearly * town.facts[0].turnover / YEAR


@rule
def leave(town: Town, worker: Row, week: int) -> None:
    """A worker leaves the post."""
    if worker.kind != Worker.AGENCY:
        totals(town, week).leavers += worker.fte
    worker.kind = Worker.VACANT
    worker.back = NEVER
    worker.started = week


@rule
def join(town: Town, worker: Row, week: int, kind: int, experience: float) -> None:
    """A new holder takes the post."""
    worker.holders += 1
    worker.key = key_of(WORKER_KEY, int((worker.post >> _HOME) & np.uint64(0xFFFFFFFF)), worker.holders)
    worker.kind = kind
    worker.experience = experience
    worker.started = week
    worker.back = NEVER
    worker.stress = conditions(town)


@rule
def disgrace(town: Town) -> float:
    """Return the attraction that an inadequate grade costs the authority."""
    return town.p.inspection[0].attraction if town.authority[0].grade == Grade.INADEQUATE else 0.0


@rule
def recruit(town: Town, worker: Row, week: int) -> None:
    """A vacancy may be filled: by a permanent worker, half of them newly qualified, or by an agency worker."""
    p, facts = town.p.workforce[0], town.facts[0]
    permanent, agency, new, years = four(town.luck, worker.post, week, Block.WORKER_STARTS)
    attraction = max(0.1, p.attract_base - p.attract_stress * town.authority[0].stress - disgrace(town))
    attraction *= outside_now(town, Outside.WORKERS)
    if permanent < chance(p.hire * attraction * facts.hiring * town.authority[0].frozen):
        newly = new < p.newly_qualified
        join(
            town,
            worker,
            week,
            Worker.NEWLY_QUALIFIED if newly else Worker.PERMANENT,
            0.0 if newly else 8.0 * years,
        )
    elif worker.kind == Worker.VACANT and agency < chance(p.agency_fill * facts.agency):
        join(town, worker, week, Worker.AGENCY, 1.0 + 8.0 * years)


@rule
def one_week(town: Town, worker: Row, week: int) -> None:
    """One week in the life of one post."""
    if worker.kind == Worker.VACANT or worker.kind == Worker.AGENCY:
        recruit(town, worker, week)
    if worker.kind == Worker.VACANT:
        return
    starts, length, how_long, leaves = four(town.luck, worker.key, week, Block.WORKER)
    worker.stress += town.p.workforce[0].stress_moves * (conditions(town) - worker.stress)
    worker.experience += 1.0 / YEAR
    if worker.kind == Worker.NEWLY_QUALIFIED and week - worker.started >= YEAR:
        worker.kind = Worker.PERMANENT
    fall_ill(town, worker, week, starts, length, how_long)
    if leaves < chance(leaving_rate(town, worker, week)):
        leave(town, worker, week)


@rule
def change(town: Town, week: int) -> None:
    """Run P7 over every post."""
    stress, filled = 0.0, 0.0
    for row in range(len(town.workers)):
        worker = town.workers[row]
        one_week(town, worker, week)
        if worker.kind != Worker.VACANT:
            stress += worker.stress * worker.fte
            filled += worker.fte
    town.authority[0].stress = stress / filled if filled > 0.0 else conditions(town)
