"""The services around families, and the units that social workers depend on."""

import numpy as np
from numpy.typing import NDArray

from familyabm import network
from familyabm.codes import Service, Support
from familyabm.luck import Block
from familyabm.newcomers import SERVICE_KEY, SUPPORT_KEY
from familyabm.parameters import Parameters
from familyabm.population.draws import bells, keys_of, uniforms
from familyabm.tables import SERVICE, SUPPORT_UNIT, Table, empty

NEIGHBOURHOODS_PER = {
    Service.SCHOOL: 1.2, Service.GP_PRACTICE: 5.0, Service.POLICE_TEAM: 20.0, Service.HOUSING_OFFICE: 40.0,
    Service.ADULT_MENTAL_HEALTH: 60.0, Service.SUBSTANCE_MISUSE: 60.0, Service.DOMESTIC_ABUSE: 60.0,
    Service.EARLY_HELP_HUB: 40.0,
}  # fmt: skip
"""How many neighbourhoods one service of each kind serves (a school of about 400 pupils, a practice of about 9,500)."""


def services_of(parameters: Parameters, n_places: int, n_teams: int, fate: NDArray[np.uint64]) -> Table:
    """Found the services, kind by kind; those of which an area has one come last, in the order of their codes."""
    numbers = {kind: max(1, round(n_places / per)) for kind, per in NEIGHBOURHOODS_PER.items()}
    numbers |= {Service.FRONT_DOOR: 1, Service.SOCIAL_WORK_TEAM: n_teams, Service.COURT: 1}
    numbers |= dict.fromkeys((Service.HOSPITAL, Service.PROBATION, Service.VOLUNTARY_SECTOR, Service.HELPLINE), 1)
    table = empty(SERVICE, sum(numbers.values()))
    table["key"] = keys_of(SERVICE_KEY, len(table))
    table["kind"] = np.repeat([int(kind) for kind in numbers], list(numbers.values()))
    first = 0
    for number in numbers.values():
        table["neighbourhood"][first : first + number] = np.arange(number) * n_places // number
        first += number
    spread = parameters["noticing.service_spread"]
    traits = uniforms(fate, table["key"], Block.SERVICE_TRAITS)
    table["readiness"] = np.exp(spread * bells(traits) - spread**2 / 2.0)
    quality = parameters["noticing.relationship"] + parameters["noticing.relationship_spread"] * bells(traits[:, 2:])
    table["relationship"] = np.clip(quality, 0.02, 0.98)
    known = network.relationships(network.service_graph(table))
    for row, weight in known.items():
        table["relationship"][row] = weight
    table["rapport"] = table["relationship"] / parameters["noticing.relationship"]
    table["load"] = 1.0
    table["bureaucracy"] = parameters["partners.bureaucracy"]
    return table


def size_services(services: Table, families: Table, parameters: Parameters) -> None:
    """Count the families in each catchment, and give every service the places and hours that its past begins with."""
    for column in network.FAMILY_EDGES:
        services["n_families"] += np.bincount(families[column], minlength=len(services)).astype(np.int32)
    for_adults = (services["kind"] >= Service.HOUSING_OFFICE) & (services["kind"] <= Service.DOMESTIC_ABUSE)
    n_families = np.where(services["n_families"] > 0, services["n_families"], len(families))
    services["places"] = np.where(for_adults, parameters["adult_services.first_places"] / 1000.0 * n_families, 0.0)
    hours = np.maximum(parameters["partners.least_hours"], parameters["partners.first_hours"] * n_families)
    services["capacity"] = hours


def support_units() -> Table:
    """Set up the units that social workers depend on."""
    table = empty(SUPPORT_UNIT, len(Support))
    table["key"] = keys_of(SUPPORT_KEY, len(table))
    table["kind"] = [int(kind) for kind in Support]
    return table
