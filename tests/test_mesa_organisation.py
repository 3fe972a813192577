"""The authority's own people and bodies as Mesa agents: teams and units, managers, panels, services for adults."""

import pytest
from towns import young_town

from familyabm import areas
from familyabm import model as mesa_model
from familyabm.parameters import DEFAULT
from familyabm.simulation import PAST_WEEKS, Snapshot
from familyabm.tables import PERSISTENT

UNITS = ("children", "families")


@pytest.fixture
def model(monkeypatch):
    """Return a model of a town that has no past, so that its rows can be written by hand."""
    town = young_town(0.02, weeks=PAST_WEEKS)
    area = areas.named("Wakefield")
    snapshot = Snapshot(area, DEFAULT, 1, 0.02, {name: getattr(town, name) for name in PERSISTENT}, town.weekly)
    monkeypatch.setattr(mesa_model, "past", lambda *given: snapshot)
    return mesa_model.FamilyServicesModel("Wakefield", years=1, scale=0.02)
