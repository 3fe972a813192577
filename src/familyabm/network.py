"""Who knows whom: services joined by the quality of their relationships, families joined to the services they use.

networkx builds and exports; rules read the same network as columns of the tables.
"""

from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from familyabm.codes import Service
from familyabm.tables import Table
from familyabm.town import Town

FAMILY_EDGES = {
    "school": Service.SCHOOL,
    "gp_practice": Service.GP_PRACTICE,
    "police_team": Service.POLICE_TEAM,
    "housing_office": Service.HOUSING_OFFICE,
    "hub": Service.EARLY_HELP_HUB,
    "mental_health_service": Service.ADULT_MENTAL_HEALTH,
    "substance_service": Service.SUBSTANCE_MISUSE,
    "abuse_service": Service.DOMESTIC_ABUSE,
}
"""Columns of `families` that are edges to services."""


def catchment(places: NDArray[np.int64], n_places: int, first: int, n_services: int) -> NDArray[np.int64]:
    """Return the row of the service whose catchment holds each neighbourhood; neighbours share services.

    places: (n,) neighbourhood rows.  first: row of the first service of the kind.
    """
    return first + places * n_services // n_places


def service_graph(services: Table) -> nx.Graph:
    """Build the service-service network: each service knows the front door, and those who share its neighbourhood.

    Nodes are rows of `services`; edge weights are qualities of relationship from 0 to 1.
    """
    graph = nx.Graph()
    front_door = int(np.flatnonzero(services["kind"] == Service.FRONT_DOOR)[0])
    for row, service in enumerate(services):
        graph.add_node(row, kind=Service(service["kind"]).name.lower(), neighbourhood=int(service["neighbourhood"]))
        if row != front_door:
            graph.add_edge(row, front_door, weight=float(service["relationship"]), tie="relationship")
    _join_neighbours(graph, services)
    return graph


def _join_neighbours(graph: nx.Graph, services: Table) -> None:
    """Join the services that stand in one neighbourhood, as well as the weaker of the two relates outward."""
    by_place: dict[int, list[int]] = {}
    for row, service in enumerate(services):
        by_place.setdefault(int(service["neighbourhood"]), []).append(row)
    for rows in by_place.values():
        for place, one in enumerate(rows):
            for other in rows[place + 1 :]:
                weight = float(min(services[one]["relationship"], services[other]["relationship"]))
                if not graph.has_edge(one, other):
                    graph.add_edge(one, other, weight=weight, tie="neighbours")


def relationships(graph: nx.Graph) -> dict[int, float]:
    """Return each service's quality of relationship with the front door, read off the graph."""
    front_door = next(node for node, data in graph.nodes(data=True) if data["kind"] == "front_door")
    return {int(row): float(graph.edges[row, front_door]["weight"]) for row in graph.neighbors(front_door)}


def whole(town: Town, only: NDArray[np.int64] | None = None) -> nx.Graph:
    """Return the network of families and services as a networkx graph with plain attributes.

    only: rows of the families to include, all by default.  Nodes are "service-…" and "family-…" by key, so that
    GraphML, node-link JSON and pandas all read them.
    """
    services, graph = town.services, nx.Graph()
    names = {row: f"service-{int(services[row]['key'])}" for row in range(len(services))}
    for row, data in service_graph(services).nodes(data=True):
        graph.add_node(names[row], **data, what="service")
    for one, other, data in service_graph(services).edges(data=True):
        graph.add_edge(names[one], names[other], **data)
    rows = np.arange(len(town.families)) if only is None else only
    for row in rows:
        _add_family(graph, town, int(row), names)
    return graph


def _add_family(graph: nx.Graph, town: Town, row: int, names: dict[int, str]) -> None:
    """Add one family and its ties to the services whose catchment it lives in."""
    family: Any = town.families[row]
    node = f"family-{int(family.key)}"
    graph.add_node(
        node, what="family", kind="family", neighbourhood=int(family.neighbourhood),
        decile=int(family.deprivation_decile), status=int(family.status), children=int(family.n_children),
    )  # fmt: skip
    for column in FAMILY_EDGES:
        graph.add_edge(node, names[int(family[column])], weight=float(family.trust), tie=column)
    if family.worker >= 0:
        team = int(np.flatnonzero(town.services["kind"] == Service.SOCIAL_WORK_TEAM)[0])
        team += int(town.workers[family.worker].team)
        graph.add_edge(node, names[team], weight=float(family.working_relationship), tie="social worker")


def around(town: Town, family_key: int) -> nx.Graph:
    """Return the network around one family: its services and their ties with one another."""
    row = np.flatnonzero(town.families["key"] == np.uint64(family_key))
    if len(row) == 0:
        raise KeyError(f"no family has the key {family_key}")
    graph = whole(town, only=row)
    node = f"family-{family_key}"
    near = set(graph.neighbors(node)) | {node}
    near |= {other for other, data in graph.nodes(data=True) if data["kind"] == "front_door"}
    return graph.subgraph([other for other in graph if other in near]).copy()
