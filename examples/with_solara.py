"""Mesa's SolaraViz: `solara run examples/with_solara.py` opens a town that is lived as one looks."""

from mesa.visualization import SolaraViz, make_plot_component

from familyabm import FamilyServicesModel, levers

SETTINGS = {
    "scenario": {"type": "Select", "value": "status-quo", "values": levers.names(), "label": "Scenario"},
    "run": {"type": "SliderInt", "value": 1, "min": 1, "max": 20, "step": 1, "label": "Luck"},
}
CHARTS = ["Contacts", "Families in early help", "Children looked after"]

model = FamilyServicesModel("Wakefield", scale=0.02)
page = SolaraViz(
    model,
    components=[make_plot_component(chart) for chart in CHARTS],
    model_params=SETTINGS,
    name="Wakefield: model results, made-up families, not a forecast",
)
