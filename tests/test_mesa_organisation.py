"""The authority's own people and bodies as Mesa agents: teams and units, managers, panels, services for adults."""

import numpy as np
import pytest
from mesa.agent import AgentSet
from towns import young_town

from familyabm import areas, simulation
from familyabm import model as mesa_model
from familyabm.agents import KINDS, AdultService, PanelView
from familyabm.codes import (
    Carer,
    Category,
    Complaint,
    Decision,
    Fate,
    Grade,
    Panel,
    Permission,
    Phase,
    Posture,
    Role,
    Stage,
    Support,
    Treatment,
    Worker,
)  # fmt: skip
from familyabm.parameters import DEFAULT, changed
from familyabm.tables import AUTHORITY, CARER, MANAGER, PERSISTENT, SERVICE, SUPPORT_UNIT, TEAM

ADULT_SERVICES = tuple(kind for kind in KINDS if issubclass(kind, AdultService))
PANELS = tuple(kind for kind in KINDS if issubclass(kind, PanelView))


SCALE = 0.08


@pytest.fixture(scope="module")
def snapshot():
    """Return a town of two teams that has no past: a test may write its rows by hand, in a model of its own."""
    town = young_town(SCALE, parameters=changed(DEFAULT, {"workforce.posts_per_team": 5.0}))
    tables = {name: getattr(town, name) for name in PERSISTENT}
    return simulation.Snapshot(areas.named("Wakefield"), DEFAULT, 1, SCALE, tables, town.weekly)


@pytest.fixture
def model(snapshot, monkeypatch):
    monkeypatch.setattr(mesa_model, "past", lambda *given: snapshot)
    return mesa_model.FamilyServicesModel("Wakefield", years=1, scale=SCALE)


def the(views: AgentSet):
    """Return the only one of a set of one."""
    (one,) = views
    return one


def test_every_state_variable_of_the_new_kinds_can_be_read_and_none_is_missing(model):
    kinds = {
        "foster_carers": CARER, "managers": MANAGER, "social_work_teams": SERVICE | TEAM,
        "support_units": SUPPORT_UNIT, "authorities": AUTHORITY,
    }  # fmt: skip
    for name, columns in kinds.items():
        views = getattr(model, name)
        assert len(views) > 0
        for view in views:
            assert all(getattr(view, column) is not None or column == "family" for column in columns)


def test_a_team_shows_how_far_it_is_a_unit_and_who_belongs_to_it(model):
    teams, rows = list(model.social_work_teams), model.table("teams")
    assert len(teams) == len(rows) > 1
    rows["unit"], rows["cohesion"] = 0.0, np.linspace(0.2, 0.9, len(rows))
    model.table("workers")["fte"][model.table("workers")["role"] > Role.CONSULTANT] = 0.0
    assert len(model.social_work_units) == 0
    assert [team.cohesion for team in teams] == rows["cohesion"].tolist()
    assert set(teams[0].members) == set(teams[0].workers)

    rows[0].unit = 1.0
    first = rows[0].first_support
    model.table("workers")["fte"][first : first + 3] = 0.5
    model.remove_all_agents()
    unit = the(model.social_work_units)
    assert unit.unit == 1.0 and unit.key == teams[0].key
    beside = [member.role for member in unit.members if member.role > Role.CONSULTANT]
    assert beside == [Role.CHILDRENS_PRACTITIONER, Role.CLINICIAN, Role.COORDINATOR]
    assert len(model.unit_colleagues) == 3
    assert all(member.team is unit for member in unit.members)
    holders = model.table("workers")[: rows[1].first_worker]
    assert len(unit.workers) == (holders["kind"] != Worker.VACANT).sum()


def test_every_team_has_a_manager_of_its_own_and_one_group_manager(model):
    for team in model.social_work_teams:
        assert team.manager.role is Role.TEAM_MANAGER and set(team.manager.teams) == {team}
        assert team.group_manager.role is Role.GROUP_MANAGER and team in team.group_manager.teams
    answered_for = [team for manager in model.group_managers for team in manager.teams]
    assert len(answered_for) == len(set(answered_for)) == len(model.social_work_teams)
    assert len(model.managers) == len(model.table("managers"))


@pytest.mark.parametrize("kind", ADULT_SERVICES, ids=lambda kind: kind.__name__)
def test_a_service_for_adults_shows_its_places_its_queue_and_how_it_meets_its_partners(model, kind):
    service = next(iter(model.views(kind)))
    row, families = model.table("services")[service._row], model.table("families")
    row.places, row.posture = 7.5, Posture.DEFENSIVE
    assert (service.places, service.posture) == (7.5, Posture.DEFENSIVE)
    assert len(service.waiting) == len(service.treated) == 0
    own = np.flatnonzero(families[kind.ties] == service._row)[:3]
    families["treatment"][own[:2], kind.factor] = Treatment.WAITING
    families["treatment"][own[2], kind.factor] = Treatment.ACTIVE
    families["treatment"][own[2], (kind.factor + 1) % 4] = Treatment.WAITING
    assert set(service.waiting.get("key")) == set(families["key"][own[:2]].tolist())
    assert service.treated.get("key") == [int(families["key"][own[2]])]


@pytest.mark.parametrize("kind", PANELS, ids=lambda kind: kind.__name__)
def test_a_panel_shows_whose_papers_are_before_it_and_which_of_them_wait(model, kind):
    panel, families = the(model.views(kind)), model.table("families")
    assert len(panel.families) == 0
    families["panel"][:4] = kind.panel
    families["panel"][4] = Panel.LEGAL if kind.panel != Panel.LEGAL else Panel.JOINT
    families["panel_stage"][:5] = Stage.PROPOSED, Stage.QUEUED, Stage.DISPUTED, Stage.ARRANGED, Stage.QUEUED
    assert set(panel.families.get("key")) == set(families["key"][:4].tolist())
    assert set(panel.waiting.get("key")) == set(families["key"][1:3].tolist())
    model.table("authority")[0].panel_slots[kind.panel] = 0.25
    assert panel.slots == 0.25


def test_panels_and_the_authority_are_different_agents_with_keys_of_their_own(model):
    sets = (model.authorities, model.early_help_panels, model.resource_panels, model.joint_panels, model.legal_gateways)
    keys = {the(views).key for views in sets}
    assert len(keys) == len(sets) and 0 not in keys
    assert keys.isdisjoint(key for kind in set(KINDS) - {type(the(views)) for views in sets}
                           for key in model.views(kind).get("key"))  # fmt: skip


def test_the_authority_shows_its_grade_and_its_programme_by_name(model):
    authority, row = the(model.authorities), model.table("authority")[0]
    row.grade, row.phase, row.risk_aversion = Grade.INADEQUATE, Phase.CONDUCT, 1.25
    assert (authority.grade, authority.phase, authority.risk_aversion) == (Grade.INADEQUATE, Phase.CONDUCT, 1.25)
    assert isinstance(authority.grade, Grade)


def test_support_units_are_one_of_each_kind(model):
    assert model.support_units.get("kind") == list(Support)


def test_foster_households_come_and_go_and_know_whose_children_they_have(model):
    rows, families = model.table("carers"), model.table("families")
    assert len(model.foster_carers) == (rows["state"] == Carer.VACANT).sum() > 0
    carer = next(iter(model.foster_carers))
    assert carer.family is None
    rows[0].family, rows[0].state = families[2].key, Carer.STRAINED
    assert carer.state is Carer.STRAINED and carer.family.key == families[2].key
    model.table("children")["carer"] = -1
    model.table("children")["carer"][int(families[2].first_child)] = 0
    assert all(child.carer is carer for child in carer.children)
    rows[0].state = Carer.RESIGNED
    before = len(model.foster_carers)
    model.roll(type(carer)).keep_up()
    assert len(model.foster_carers) == before - 1 and carer not in model.foster_carers


def test_what_is_asked_of_a_panel_and_complained_of_reads_by_name(model):
    row, family = model.table("families")[0], next(iter(model.families))
    row.panel, row.panel_stage, row.panel_about = Panel.JOINT, Stage.DISPUTED, Decision.TRIPARTITE
    row.permission, row.complaint = Permission.ABOVE, Complaint.STAGE_2
    assert (family.panel, family.panel_stage, family.panel_about) == (Panel.JOINT, Stage.DISPUTED, Decision.TRIPARTITE)
    assert (family.permission, family.complaint) == (Permission.ABOVE, Complaint.STAGE_2)
    assert (type(family.panel), type(family.complaint)) == (Panel, Complaint)
    child = next(iter(model.children))
    assert isinstance(child.category, Category) and isinstance(child.fate, Fate)


def test_the_models_own_collector_has_what_is_new_to_be_followed(model):
    for _ in range(3):
        model.step()
    collected, weekly = model.datacollector.get_model_vars_dataframe(), model.table("weekly")[:3]
    assert collected["Approved foster households"].tolist() == weekly["carers"].tolist()
    assert collected["Social workers in post"].tolist() == weekly["holders"].tolist()
    assert collected["Social work units"].tolist() == weekly["units"].tolist()
    assert collected["Families waiting for adult services"].tolist() == weekly["waiting"].sum(axis=1).tolist()
    assert collected["Papers waiting for panels"].tolist() == weekly["panel_waiting"].sum(axis=1).tolist()
    assert collected["Hours of failure demand"].tolist() == weekly["demand_hours"][:, 1:10].sum(axis=(1, 2)).tolist()
    assert weekly["holders"].min() > 0 and weekly["carers"].min() > 0 and weekly["demand_hours"][:, 1:10].sum() > 0
