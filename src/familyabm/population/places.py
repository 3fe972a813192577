"""Where families live: neighbourhoods with their deprivation, and homes with the services of their catchments."""

import math

import numpy as np
from numpy.typing import NDArray

from familyabm import network
from familyabm.areas import Area
from familyabm.codes import Service
from familyabm.errors import InputError
from familyabm.luck import Block
from familyabm.newcomers import FAMILY_KEY, NEIGHBOURHOOD_KEY
from familyabm.parameters import Parameters
from familyabm.population.draws import erfinv, keys_of, uniforms
from familyabm.tables import ADULTHOOD, FAMILY, NEIGHBOURHOOD, Table, empty
from familyabm.town import Town

NATIONAL_MEDIAN, NATIONAL_SPREAD = 2.90, 0.65
"""Log of neighbourhoods' deprivation scores in England (MHCLG, Indices of Deprivation 2019): median and spread."""


def family_sizes(parameters: Parameters) -> NDArray[np.float64]:
    """Return the (6,) shares of families by the number of children they ever have."""
    words = ("one_child", "two_children", "three_children", "four_children", "five_children")
    shares = [parameters[f"population.{word}"] for word in words]
    return np.array([*shares, max(0.0, 1.0 - sum(shares))]) / max(1.0, sum(shares))


def homes_for(children: float, parameters: Parameters) -> int:
    """Return the number of homes in which that many children live at any time."""
    gap = 52.0 * parameters["population.years_between_births"]
    stay = np.array([n * 936.0 / (936.0 + (n - 1) * gap) for n in range(1, 7)])
    return max(1, round(children / float(family_sizes(parameters) @ stay)))


def neighbourhoods_of(area: Area, parameters: Parameters, homes: int, fate: NDArray[np.uint64]) -> Table:
    """Spread deprivation over neighbourhoods around the area's own index, as national deciles."""
    n = max(1, round(homes / parameters["population.neighbourhood_families"]))
    table = empty(NEIGHBOURHOOD, n)
    table["key"] = keys_of(NEIGHBOURHOOD_KEY, n)
    spread = parameters["population.spread_of_deprivation"]
    places = (np.argsort(np.argsort(uniforms(fate, table["key"], Block.NEIGHBOURHOOD)[:, 0])) + 0.5) / n
    normal = np.sqrt(2.0) * erfinv(2.0 * places - 1.0)
    logs = math.log(max(1.0, area.imd2019_score)) - spread**2 / 2.0 + spread * normal
    ranks = np.array([0.5 * (1.0 + math.erf((x - NATIONAL_MEDIAN) / NATIONAL_SPREAD / math.sqrt(2.0))) for x in logs])
    table["decile"] = np.clip(np.ceil(ranks * 10.0), 1, 10)
    return table


def families_of(parameters: Parameters, homes: int, places: Table, services: Table, fate: NDArray[np.uint64]) -> Table:
    """Lay out the homes: size, neighbourhood and the services whose catchments they lie in."""
    table = empty(FAMILY, homes)
    most = int(np.iinfo(table["abuse_service"].dtype).max)
    if len(services) > most:
        raise InputError(f"The town would have {len(services):,} services; {most:,} are accepted: a smaller scale is.")
    u = uniforms(fate, keys_of(FAMILY_KEY, homes), Block.HOME_TRAITS)
    bounds = np.cumsum(family_sizes(parameters))[:-1]
    table["n_children"] = 1 + np.searchsorted(bounds, u[:, 0])
    table["n_adults"] = np.where(u[:, 2] < parameters["population.third_adult"], 3, 2)
    table["first_child"] = np.concatenate([[0], np.cumsum(table["n_children"], dtype=np.int64)[:-1]])
    table["first_adult"] = np.concatenate([[0], np.cumsum(table["n_adults"], dtype=np.int64)[:-1]])
    table["neighbourhood"] = np.arange(homes, dtype=np.int64) * len(places) // homes
    table["deprivation_decile"] = places["decile"][table["neighbourhood"]]
    where = table["neighbourhood"].astype(np.int64)
    for column, kind in network.FAMILY_EDGES.items():
        rows = np.flatnonzero(services["kind"] == kind)
        table[column] = network.catchment(where, len(places), int(rows[0]), len(rows))
    schools = np.flatnonzero(services["kind"] == Service.SCHOOL)
    elsewhere = u[:, 3] >= parameters["population.school_own_catchment"]
    table["school"] = schools[(table["school"] - schools[0] + elsewhere) % len(schools)]
    return table


def count_of_children(town: Town) -> int:
    """Count the children as the first week begins, those who turn 18 in it among them."""
    born = town.children["born"]
    return int(((born < 0) & (born >= -ADULTHOOD)).sum())


def children_by_decile(town: Town) -> NDArray[np.int64]:
    """Count the same children by their neighbourhood's deprivation decile, 0 to 10 (0 is never used)."""
    born = town.children["born"]
    decile = town.families["deprivation_decile"][town.children["family"]]
    return np.bincount(decile[(born < 0) & (born >= -ADULTHOOD)], minlength=11).astype(np.int64)
