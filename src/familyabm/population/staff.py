"""Social workers in their teams and units, and those who manage them."""

import math

import numpy as np
from numpy.typing import NDArray

from familyabm import areas
from familyabm.areas import Area
from familyabm.codes import NEVER, Role, Worker
from familyabm.luck import Block
from familyabm.newcomers import MANAGER_KEY, POST_KEY, WORKER_KEY
from familyabm.parameters import Parameters
from familyabm.population.draws import keys_of, uniforms
from familyabm.tables import MANAGER, TEAM, WORKER, Table, empty


def workers_of(area: Area, parameters: Parameters, scale: float, fate: NDArray[np.uint64]) -> Table:
    """Fill the case-holding posts, team after team, then the posts that stand beside them in a unit."""
    permanent = area.social_workers_fte * case_holders(area, parameters) * scale
    agency = area.social_workers_fte * scale * area.agency_pct / max(1.0, 100.0 - area.agency_pct)
    posts = max(permanent / max(0.3, 1.0 - area.vacancy_pct / 100.0), permanent + agency, 0.2)
    n, roles = max(1, math.ceil(posts)), (Role.CHILDRENS_PRACTITIONER, Role.CLINICIAN, Role.COORDINATOR)
    teams = teams_for(n, parameters)
    table = empty(WORKER, n + len(roles) * teams)
    holders, beside = table[:n], table[n:]
    table["post"] = keys_of(POST_KEY, len(table))
    table["key"] = keys_of(WORKER_KEY, len(table))
    holders["fte"] = posts / n
    holders["team"] = np.arange(n) * teams // n
    holders["role"] = np.where(np.diff(holders["team"], prepend=-1) > 0, int(Role.CONSULTANT), int(Role.SOCIAL_WORKER))
    kind = uniforms(fate, table["post"], Block.WORKER_TRAITS)
    order = (np.argsort(np.argsort(kind[:n, 0])) + 0.5) / n
    held, lent = permanent / posts, (permanent + agency) / posts
    holders["kind"] = np.select(
        [order < held * 0.12, order < held, order < lent], [2, 1, 3], default=int(Worker.VACANT)
    )
    beside["team"], beside["role"] = np.repeat(np.arange(teams), len(roles)), np.tile(roles, teams)
    beside["kind"] = Worker.PERMANENT
    years = -parameters["workforce.mean_experience"] * np.log(kind[:, 1])
    table["experience"] = np.where(table["kind"] == Worker.NEWLY_QUALIFIED, 0.5, years)
    table["stress"] = parameters["workforce.stress_base"]
    table["back"] = table["starts"] = NEVER
    table["hours_met"] = 1.0
    table["fidelity"] = _fidelity(parameters)
    return table


def case_holders(area: Area, parameters: Parameters) -> float:
    """Return the share of social workers who hold cases: England's, and a part of the area's own difference from it."""
    typical = areas.england().case_holders_pct
    return (typical + parameters["workforce.case_holders_own"] * (area.case_holders_pct - typical)) / 100.0


def _fidelity(parameters: Parameters) -> float:
    """Return the fidelity to its method that an authority's usual training keeps up."""
    gained = parameters["training.fidelity"] * parameters["training.usual"]
    return min(1.0, gained * parameters["training.half_life"] / math.log(2.0))


def teams_for(posts: int, parameters: Parameters) -> int:
    """Return the number of teams for that many posts."""
    return max(1, round(posts / parameters["workforce.posts_per_team"]))


def teams_of(parameters: Parameters, workers: Table) -> Table:
    """Found the teams: their posts lie side by side, and as many are units as a typical authority has."""
    holders = workers["role"] <= Role.CONSULTANT
    sizes = np.bincount(workers["team"][holders])
    table = empty(TEAM, len(sizes))
    table["n_workers"] = sizes
    table["first_worker"] = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    table["first_support"] = holders.sum() + 3 * np.arange(len(sizes))
    table["unit"] = np.clip(parameters["base.unit_model"] * len(sizes) - np.arange(len(sizes)), 0.0, 1.0)
    table["direct_share"] = parameters["hours.direct"]
    table["cohesion"] = parameters["team.cohesion_usual"]
    table["supervision"] = parameters["team.supervision_usual"]
    return table


def managers_of(parameters: Parameters, n_teams: int) -> Table:
    """Appoint a manager for each team, and a group manager for every six teams or units."""
    groups = max(1, round(n_teams / parameters["managers.span"]))
    table = empty(MANAGER, n_teams + groups)
    table["key"] = keys_of(MANAGER_KEY, len(table))
    first = np.arange(groups) * n_teams // groups
    table["role"][:n_teams], table["role"][n_teams:] = Role.TEAM_MANAGER, Role.GROUP_MANAGER
    table["first_team"][:n_teams], table["first_team"][n_teams:] = np.arange(n_teams), first
    table["n_teams"][:n_teams], table["n_teams"][n_teams:] = 1, np.diff(np.append(first, n_teams))
    table["fte"] = np.minimum(1.0, table["n_teams"] / parameters["managers.span"])
    table["fte"][:n_teams] = 1.0
    return table
