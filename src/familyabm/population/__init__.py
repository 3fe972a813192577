"""Synthesise the families, neighbourhoods, workers and services of an area, at any scale and in proportion."""

from familyabm.areas import Area
from familyabm.codes import Status
from familyabm.luck import fate_of
from familyabm.newcomers import draw_traits, settle_all
from familyabm.parameters import Parameters
from familyabm.population import blank
from familyabm.population.carers import carers_for, carers_of
from familyabm.population.conditions import authority_of, clocks_at, levers_at_base, open_accounts
from familyabm.population.facts import chances, facts_of, numbers_of
from familyabm.population.places import (
    children_by_decile,
    count_of_children,
    families_of,
    family_sizes,
    homes_for,
    neighbourhoods_of,
)
from familyabm.population.services import services_of, size_services, support_units
from familyabm.population.staff import managers_of, teams_for, teams_of, workers_of
from familyabm.shocks import quiet
from familyabm.town import Town

__all__ = [
    "build",
    "carers_for",
    "carers_of",
    "chances",
    "children_by_decile",
    "clocks_at",
    "count_of_children",
    "facts_of",
    "families_of",
    "family_sizes",
    "homes_for",
    "levers_at_base",
    "managers_of",
    "neighbourhoods_of",
    "numbers_of",
    "services_of",
    "size_services",
    "support_units",
    "teams_for",
    "teams_of",
    "workers_of",
]


def build(area: Area, parameters: Parameters, scale: float, seed: int, weeks: int) -> Town:
    """Synthesise a town before anything has happened in it.

    scale: share of the authority, everything in proportion.  weeks: rows of the weekly table.
    """
    births, curves = fate_of(seed, 0), quiet(weeks)
    facts = facts_of(area, parameters, scale)
    homes = homes_for(area.children_0_17 * scale, parameters)
    places = neighbourhoods_of(area, parameters, homes, births)
    workers = workers_of(area, parameters, scale, births)
    teams = teams_of(parameters, workers)
    services = services_of(parameters, len(places), len(teams), births)
    families = families_of(parameters, homes, places, services, births)
    size_services(services, families, parameters)
    adults, children = int(families["n_adults"].sum()), int(families["n_children"].sum())
    town = Town(
        families=families, neighbourhoods=places, services=services, support_units=support_units(),
        workers=workers, teams=teams, managers=managers_of(parameters, len(teams)),
        carers=carers_of(parameters, facts, len(places), births),
        authority=authority_of(parameters), facts=facts, clocks=clocks_at(parameters),
        levers=levers_at_base(parameters), policy=levers_at_base(parameters),
        shocks=curves.need, source_shocks=curves.contacts, outside=curves.outside, luck=births, births=births,
        p=numbers_of(parameters, facts),
        **blank.kept(homes, adults, children), **blank.written(homes, weeks, 0), **blank.working(homes),
    )  # fmt: skip
    settle_all(town)
    for worker in town.workers:
        draw_traits(town, worker)
    town.authority[0].children = count_of_children(town)
    town.authority[0].decile_children = children_by_decile(town)
    open_accounts(town, parameters)
    assert int(families["status"].max()) == Status.UNIVERSAL
    return town
