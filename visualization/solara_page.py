"""One world, week by week, in Mesa's own viewer: `solara run visualization/solara_page.py`."""

import networkx as nx
import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz, make_plot_component

from familyabm import levers
from familyabm.model import FamilyServicesModel

CHARTS = ("Contacts", ("Children in need", "Children on a plan", "Children looked after"))
SHARE = {"type": "SliderFloat", "value": 0.05, "min": 0.02, "max": 0.2, "step": 0.01}
SETTINGS = {
    "scenario": {"type": "Select", "value": "status-quo", "values": levers.names(), "label": "Scenario"},
    "scale": SHARE | {"label": "Share of the area"},
    "run": {"type": "SliderInt", "value": 1, "min": 1, "max": 20, "step": 1, "label": "Luck"},
}
NAME = "Wakefield: model results, made-up families, not a forecast"


def draw_neighbourhood(model: FamilyServicesModel) -> None:
    """Draw the services around the family that has been in contact most often."""
    family = max(model.families, key=lambda family: family.n_contacts)
    graph = nx.convert_node_labels_to_integers(model.network(family), ordering="sorted")  # 0 is the family
    labels = {node: kind.replace("_", " ") for node, kind in graph.nodes(data="kind")}
    colours = ["#d4351c"] + ["#1d70b8"] * (len(graph) - 1)
    widths = [4 * weight for _, _, weight in graph.edges(data="weight")]
    axes = (figure := Figure()).subplots()
    status = family.status.name.replace("_", " ").lower()
    axes.set_title(f"One made-up family's services ({status}, {family.n_contacts} contacts)")
    look = {"node_color": colours, "node_size": 90, "width": widths, "edge_color": "#b1b4b6", "margins": 0.2}
    places = nx.shell_layout(graph, [[0], range(1, len(graph))])
    nx.draw_networkx(graph, places, ax=axes, labels=labels, verticalalignment="bottom", **look)
    solara.FigureMatplotlib(figure, bbox_inches="tight")


plots = [make_plot_component(chart, lambda axes: axes.set(ylim=(0, None))) for chart in CHARTS]
shown = [*plots, draw_neighbourhood]
page = SolaraViz(FamilyServicesModel("Wakefield"), components=shown, model_params=SETTINGS, name=NAME)
