"""networkx: which services stand between families and others, and the network as GraphML for Gephi or Cytoscape."""

from pathlib import Path

import networkx as nx
import pandas as pd

from familyabm import FamilyServicesModel


def central(scale: float = 0.02, weeks: int = 52, out: Path = Path("network.graphml")) -> pd.DataFrame:
    """Return services by how often they lie on the shortest way between others, and write the whole network."""
    model = FamilyServicesModel("Wakefield", "status-quo", scale=scale, years=5)
    for _ in range(weeks):
        model.step()
    graph = model.network()
    nx.write_graphml(graph, out)
    between = nx.betweenness_centrality(graph, k=min(200, len(graph)), seed=1)
    rows = [
        {"node": node, "kind": graph.nodes[node]["kind"], "between": share, "ties": graph.degree(node)}
        for node, share in between.items()
        if graph.nodes[node]["kind"] != "family"
    ]
    return pd.DataFrame(rows).sort_values("between", ascending=False).reset_index(drop=True)


if __name__ == "__main__":
    print(central().head(10))
