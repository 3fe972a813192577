"""P7: social workers feel the load, fall ill, leave and are replaced; vacancies are partly covered by agencies."""

import math

import numpy as np

from familyabm.codes import NEVER, Grade, Outside, Support, Worker
from familyabm.compiled import rule
from familyabm.journal import totals
from familyabm.luck import Block, four
from familyabm.newcomers import WORKER_KEY, draw_traits, key_of
from familyabm.rules.common import YEAR, chance
from familyabm.rules.outside import outside_now, target_pressure
from familyabm.rules.units import beyond_usual, bonds, form, holds_cases
from familyabm.tables import Row
from familyabm.town import Town

_HOME = np.uint64(20)
LN_2 = math.log(2.0)


@rule
def conditions(town: Town, team: Row, caution: float) -> float:
    """Return the stress that load, fear, targets and paperwork lead to; units, colleagues and supervision ease it.

    caution: the worker's own risk aversion.
    """
    p, effects, levers, base = town.p.workforce[0], town.p.effects[0], town.levers[0], town.p.base[0]
    stress = p.stress_base + p.stress_load * (town.authority[0].load - 1.0)
    stress += p.stress_risk_aversion * caution + p.stress_targets * target_pressure(town)
    stress -= effects.unit_stress * beyond_usual(town, team.unit)
    stress -= effects.relief_stress * (levers.bureaucracy_relief - base.bureaucracy_relief)
    return max(0.1, min(1.2, stress + unsupported(town, team)))


@rule
def unsupported(town: Town, team: Row) -> float:
    """Return the stress of a team that holds together less, or is supervised less, than usual; below zero for more."""
    p = town.p.team[0]
    return p.cohesion_shields * (p.cohesion_usual - team.cohesion) + p.supervision_stress * (
        p.supervision_usual - team.supervision
    )


@rule
def fall_ill(town: Town, worker: Row, week: int, starts: float, length: float, how_long: float) -> None:
    """A worker may fall ill: mostly for a week or two, sometimes for months, with a phased return to follow."""
    p = town.p.workforce[0]
    rate = p.sick_start * math.exp(p.sick_stress * worker.stress) * town.facts[0].sickness
    if worker.back > week or starts >= chance(rate):
        return
    worker.long_spell = 0 if length < p.sick_short else 1
    if worker.long_spell == 0:
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
    worker.starts = NEVER
    worker.long_spell = 0
    worker.fidelity = 0.0
    draw_traits(town, worker)
    worker.stress = conditions(town, town.teams[worker.team], own_caution(town, worker))


@rule
def own_caution(town: Town, worker: Row) -> float:
    """Return a worker's own aversion to risk: the organisation's, and what the worker brings; below zero is bold."""
    return max(-0.5, min(1.5, town.authority[0].risk_aversion + worker.caution))


@rule
def appoint(town: Town, worker: Row, week: int) -> None:
    """A permanent worker, half of them newly qualified, may be appointed to a post, and comes weeks later."""
    p, facts = town.p.workforce[0], town.facts[0]
    permanent, _, new, _ = four(town.luck, worker.post, week, Block.WORKER_STARTS)
    attraction = max(0.1, p.attract_base - p.attract_stress * town.authority[0].stress - disgrace(town))
    attraction *= outside_now(town, Outside.WORKERS)
    if permanent < chance(p.hire * attraction * facts.hiring * town.authority[0].frozen):
        worker.recruited = 1 if new < p.newly_qualified else 0
        worker.starts = week + int(town.p.hiring[0].lead_weeks + town.support_units[Support.RECRUITMENT].wait)


@rule
def disgrace(town: Town) -> float:
    """Return the attraction that an inadequate grade costs the authority."""
    return town.p.inspection[0].attraction if town.authority[0].grade == Grade.INADEQUATE else 0.0


@rule
def recruit(town: Town, worker: Row, week: int) -> None:
    """Whoever was appointed starts; failing that a vacancy may go to an agency worker, as far as the cap allows."""
    if worker.starts < 0:
        appoint(town, worker, week)
    _, agency, _, years = four(town.luck, worker.post, week, Block.WORKER_STARTS)
    if 0 <= worker.starts <= week:
        newly = worker.recruited == 1
        join(
            town,
            worker,
            week,
            Worker.NEWLY_QUALIFIED if newly else Worker.PERMANENT,
            0.0 if newly else 8.0 * years,
        )
        return
    allowed = town.authority[0].agency_share < town.p.hiring[0].agency_cap
    if (
        worker.kind == Worker.VACANT
        and allowed
        and agency < chance(town.p.workforce[0].agency_fill * town.facts[0].agency)
    ):
        join(town, worker, week, Worker.AGENCY, 1.0 + 8.0 * years)


@rule
def train(town: Town, worker: Row) -> None:
    """Hours of training turn into experience and fidelity to the method, which wears off."""
    p = town.p.training[0]
    worker.experience += (1.0 + max(0.0, p.experience * (p.weekly - p.usual))) / YEAR
    worker.fidelity += p.fidelity * p.weekly - LN_2 / p.half_life * worker.fidelity
    worker.fidelity = max(0.0, min(1.0, worker.fidelity))


@rule
def feel(town: Town, worker: Row) -> None:
    """Stress moves towards what conditions lead to."""
    worker.risk_aversion = own_caution(town, worker)
    felt = conditions(town, town.teams[worker.team], worker.risk_aversion)
    worker.stress += town.p.workforce[0].stress_moves * (felt - worker.stress)


@rule
def one_week(town: Town, worker: Row, week: int) -> None:
    """One week in the life of one post; supporting posts are held throughout."""
    if holds_cases(worker) and (worker.kind == Worker.VACANT or worker.kind == Worker.AGENCY):
        recruit(town, worker, week)
    if worker.kind == Worker.VACANT:
        return
    starts, length, how_long, leaves = four(town.luck, worker.key, week, Block.WORKER)
    feel(town, worker)
    train(town, worker)
    if worker.kind == Worker.NEWLY_QUALIFIED and week - worker.started >= YEAR:
        worker.kind = Worker.PERMANENT
    fall_ill(town, worker, week, starts, length, how_long)
    if holds_cases(worker) and leaves < chance(leaving_rate(town, worker, week)):
        leave(town, worker, week)


@rule
def live_team(town: Town, team: Row, week: int) -> None:
    """One week in the life of a team: its posts, then what comings and goings do to its cohesion."""
    moved = 0.0
    for row in range(team.first_worker, team.first_worker + team.n_workers):
        one_week(town, town.workers[row], week)
        moved += 1.0 if town.workers[row].started == week else 0.0
    for row in range(team.first_support, team.first_support + 3):
        one_week(town, town.workers[row], week)
    bonds(town, team, moved)
    totals(town, week).units += team.unit


@rule
def take_stock(town: Town) -> None:
    """Reckon the mean stress of case holders and the share of posts held by agency workers."""
    stress, filled, agency, posts = 0.0, 0.0, 0.0, 0.0
    for row in range(len(town.workers)):
        worker = town.workers[row]
        if not holds_cases(worker):
            continue
        posts += worker.fte
        if worker.kind != Worker.VACANT:
            stress += worker.stress * worker.fte
            filled += worker.fte
            agency += worker.fte if worker.kind == Worker.AGENCY else 0.0
    authority = town.authority[0]
    authority.stress = stress / filled if filled > 0.0 else conditions(town, town.teams[0], authority.risk_aversion)
    authority.agency_share = agency / posts if posts > 0.0 else 0.0


@rule
def change(town: Town, week: int) -> None:
    """Run P7 over every team and its posts."""
    form(town)
    for row in range(len(town.teams)):
        live_team(town, town.teams[row], week)
    take_stock(town)
