"""The authority's own foster households."""

import math

import numpy as np
from numpy.typing import NDArray

from familyabm.codes import NEVER, Carer
from familyabm.luck import Block
from familyabm.newcomers import CARER_KEY
from familyabm.parameters import Parameters
from familyabm.population.draws import keys_of, uniforms
from familyabm.tables import CARER, Table, empty


def carers_for(places: float, parameters: Parameters) -> int:
    """Return the number of foster households that have so many places between them, at least one."""
    one, two = parameters["carers.one_place"], parameters["carers.two_places"]
    return max(1, round(places / (one + 2.0 * two + 3.0 * max(0.0, 1.0 - one - two))))


def carers_of(parameters: Parameters, facts: Table, n_places: int, fate: NDArray[np.uint64]) -> Table:
    """Approve the foster households there are, with as many places as the authority has, and leave rows for others."""
    n = int(facts[0].carers)
    table = empty(CARER, math.ceil(1.3 * n) + 2)
    table["key"] = keys_of(CARER_KEY, len(table))
    u = uniforms(fate, table["key"], Block.CARER)
    one, two = parameters["carers.one_place"], parameters["carers.two_places"]
    order = (np.argsort(np.argsort(u[:n, 0])) + 0.5) / n
    table["places"][:n] = 1 + (order >= one) + (order >= one + two)
    table["band"] = (3.0 * u[:, 1]).astype(np.uint8)
    table["skill"] = parameters["carers.skill_least"] + parameters["carers.skill_spread"] * u[:, 2]
    table["neighbourhood"] = (u[:, 3] * n_places).astype(np.int32)
    table["state"][:n] = Carer.VACANT
    table["since"], table["approved"] = NEVER, NEVER
    return table
