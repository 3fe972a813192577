"""The model as a Mesa user meets it: agents as views, agent sets, collectors, batch runs, networks."""

import copy
import pickle
import subprocess
import sys

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from mesa.agent import Agent, AgentSet

from familyabm import areas, levers, simulation
from familyabm.agents import KINDS, ServiceView, View
from familyabm.codes import LOOKED_AFTER, Factor, Legal, Placement, Service, Status, Worker
from familyabm.errors import InputError
from familyabm.model import FamilyServicesModel
from familyabm.parameters import DEFAULT
from familyabm.tables import WEEK

SMALL = {"area": "Wakefield", "scale": 0.02, "years": 1}


def made(weeks: int = 0, **given) -> FamilyServicesModel:
    model = FamilyServicesModel(**SMALL | given)
    for _ in range(weeks):
        model.step()
    return model


def same(one: FamilyServicesModel, other: FamilyServicesModel, table: str) -> bool:
    """Tell whether two models agree on a table, field by field: bytes between fields are left to chance."""
    left, right = one.table(table), other.table(table)
    return all(np.array_equal(left[field], right[field]) for field in left.dtype.names)


@pytest.fixture(scope="module")
def lived() -> FamilyServicesModel:
    """Return a model half a year on; nobody may step it further."""
    return made(26, journal=True)


def test_importing_the_package_does_not_import_mesa():
    said = subprocess.run(
        [sys.executable, "-c", "import familyabm, sys; print('mesa' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "False"


def test_a_model_lives_exactly_what_the_engine_lives():
    model = made(10, scenario="whole-system", run=3)
    snapshot = simulation.past(areas.find("Wakefield"), DEFAULT, 1, 0.02)
    run = simulation.live(snapshot, levers.find("whole-system"), 52, number=3)
    assert all(np.array_equal(model.table("weekly")[field][:10], run.weekly[field][:10]) for field in WEEK)


def test_looking_at_every_agent_each_week_changes_nothing():
    unseen, seen = made(20), made()
    for _ in range(20):
        seen.step()
        for kind in KINDS:
            seen.views(kind)
        seen.families.get(["trust", "children", "worker"])
    for name in ("families", "children", "adults", "workers", "weekly"):
        assert same(unseen, seen, name)


def test_a_model_runs_to_the_end_of_its_years_and_no_further():
    model = made()
    model.run_model()
    assert (model.steps, model.running, len(model.weekly)) == (52, False, 52)
    with pytest.raises(InputError, match="52 weeks"):
        model.step()


def test_seed_and_rng_are_one_and_zero_is_a_seed():
    zero, also, other = made(rng=0), made(seed=0), made()
    assert zero.seed == also.seed == 0
    assert same(zero, also, "families")
    assert not same(zero, other, "families")
    assert made(rng=np.int64(7)).seed == 7
    drawn = made(rng=np.random.default_rng(5)).seed
    assert drawn == made(rng=np.random.default_rng(5)).seed != 5


def test_another_run_is_the_same_past_with_other_luck():
    one, two = made(run=1), made(run=2)
    assert same(one, two, "families")
    for _ in range(8):
        one.step()
        two.step()
    assert not same(one, two, "weekly")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"area": "Wakefeild"}, "Wakefield"),
        ({"area": 5}, "area = 5"),
        ({"scenario": "whole-sistem"}, "whole-system"),
        ({"scenario": None}, "scenario = None"),
        ({"years": 0}, "years = 0"),
        ({"years": 2.5}, "years = 2.5"),
        ({"scale": "big"}, "scale = 'big'"),
        ({"scale": 0.0001}, "200 children"),
        ({"rng": -1}, "rng = -1"),
        ({"rng": True}, "rng = True"),
        ({"rng": object}, "rng = "),
        ({"seed": "x"}, "seed = 'x'"),
        ({"rng": 2, "seed": 3}, "both given"),
        ({"run": 0}, "run = 0"),
        ({"changes": {"plans.works_abov": 0.1}}, "plans.works_above"),
        ({"changes": 3}, "changes = 3"),
        ({"journal": "yes"}, "journal = 'yes'"),
    ],
)
def test_an_argument_that_cannot_be_used_is_named(given, message):
    with pytest.raises(InputError, match=message.replace(".", r"\.")):
        made(**given)


def test_changed_parameters_change_the_life():
    address = "front_door.workers_per_10k"
    usual = DEFAULT[address]
    low, high = made(4, changes={address: usual * 0.9}), made(4, changes={address: usual * 1.1})
    assert low.life.parameters[address] == pytest.approx(usual * 0.9)
    assert not same(low, high, "families")


def test_a_model_is_neither_copied_nor_pickled(lived):
    for way in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="same life"):
            way(lived)


def test_weekly_totals_are_a_row_a_week_and_add_up(lived):
    weekly = lived.weekly
    assert len(weekly) == 26
    assert {"events_contact", "children_referral", "legal_care_order", "status_early_help"} <= set(weekly)
    legal = weekly.filter(regex="^legal_").sum(axis=1)
    assert (legal == weekly["children_total"]).all()
    assert weekly["events_contact"].sum() > 0


def test_the_journal_names_its_codes_and_adds_up_to_the_weekly_totals(lived):
    contacts = lived.journal.query("event == 'contact'").groupby("week").size().reindex(range(26), fill_value=0)
    assert contacts.tolist() == lived.weekly["events_contact"].tolist()
    assert {"police", "school"} <= set(lived.journal["agency"])
    assert lived.journal.loc[lived.journal["event"] == "contact", "judged"].isna().all()
    assert lived.journal.loc[lived.journal["event"] == "referral", "judged"].notna().all()


def test_a_journal_that_was_not_kept_is_not_shown():
    with pytest.raises(InputError, match="journal=True"):
        _ = made(1).journal


def test_the_network_holds_every_family_and_service_and_one_familys_neighbourhood(lived):
    whole = lived.network()
    kinds = pd.Series(nx.get_node_attributes(whole, "what")).value_counts()
    assert kinds["family"] == len(lived.families)
    assert kinds["service"] == len(lived.table("services"))
    family = next(iter(lived.families))
    around = lived.network(family)
    assert f"service-{family.school.key}" in around.neighbors(f"family-{family.key}")
    assert nx.utils.graphs_equal(around, lived.network(family.key))


@pytest.mark.parametrize("unknown", [12, "Smith", -1])
def test_a_family_that_is_not_in_the_model_has_no_network(lived, unknown):
    with pytest.raises(InputError, match=r"family = "):
        lived.network(unknown)


def test_there_are_no_agents_until_somebody_looks():
    model = made(3)
    assert len(model.agents) == 0
    families = model.families
    assert len(model.agents) == len(families) == len(model.table("families"))
    assert model.families is families
    assert set(model.agents) == set(families)


def test_every_kind_can_be_looked_at_and_is_a_mesa_agent_set(lived):
    services = 0
    for kind in KINDS:
        found = lived.views(kind)
        assert isinstance(found, AgentSet)
        assert all(isinstance(agent, Agent) and type(agent) is kind for agent in found)
        services += len(found) if issubclass(kind, ServiceView) else 0
    assert services == len(lived.table("services"))
    with pytest.raises(InputError, match="KINDS"):
        lived.views(View)
    assert len(set(lived.agents.get("unique_id"))) == len(lived.agents)
    named = (
        "families", "children", "adults", "social_workers", "social_work_teams", "schools", "gp_practices",
        "police_teams", "housing_offices", "early_help_hubs", "adult_mental_health_services", "courts",
        "substance_misuse_services", "domestic_abuse_services", "front_doors", "hospitals", "probation_services",
        "voluntary_sector", "helplines",
    )  # fmt: skip
    assert all(len(getattr(lived, name)) > 0 for name in named)


def test_no_state_variable_is_hidden_by_an_attribute_of_mesas():
    for kind in KINDS:
        assert not set(kind.columns) & set(dir(Agent)), kind


def test_a_view_shows_its_row_with_codes_as_enum_members(lived):
    rows = lived.table("families")
    for row, family in enumerate(lived.families):
        assert family.key == rows[row].key
        assert (family.status, family.trust) == (Status(rows[row].status), rows[row].trust)
    assert isinstance(family.status, Status)
    assert isinstance(family.trust, float)
    child, worker = next(iter(lived.children)), next(iter(lived.social_workers))
    kinds = (type(child.legal_status), type(child.placement), type(worker.kind), type(family.school.kind))
    assert kinds == (Legal, Placement, Worker, Service)


def test_a_view_is_live(lived):
    model = made(1)
    family = next(iter(model.families))
    model.table("families")[0].trust = 0.125
    assert family.trust == 0.125


def test_children_and_workers_are_those_who_are_there(lived):
    assert len(lived.children) == lived.weekly["children_total"].iloc[-1]
    looked_after = lived.children.select(lambda child: child.looked_after)
    stock = [f"legal_{status.name.lower()}" for status in LOOKED_AFTER]
    assert len(looked_after) == lived.weekly[stock].iloc[-1].sum()
    assert len(looked_after) > 0
    assert all(0 <= age < 18 for age in lived.children.get("age"))
    assert lived.social_workers.agg("fte", sum) == pytest.approx(lived.weekly["holders"].iloc[-1])
    assert all(kind is not Worker.VACANT for kind in lived.social_workers.get("kind"))


def test_agent_sets_follow_births_birthdays_and_families_that_move():
    model = made(years=3)
    first = {family.key: family for family in model.families}
    children = model.children
    for _ in range(60):
        model.step()
        assert len(children) == model.table("weekly")[model.life.week - 1].children_total
        assert set(model.families.get("key")) == set(model.table("families")["key"].tolist())
    gone = [family for key, family in first.items() if key not in set(model.families.get("key"))]
    assert gone
    assert set(model.agents) == set(model.families) | set(children)
    with pytest.raises(LookupError, match="has left the model"):
        _ = gone[0].trust
    with pytest.raises(LookupError, match="has left the model"):
        _ = gone[0].children


def test_relations_lead_there_and_back(lived):
    for family in lived.families:
        assert all(child.family is family for child in family.children)
        assert all(adult.family is family for adult in family.adults)
        assert family.worker is None or family in family.worker.families
    assert sum(len(family.children) for family in lived.families) == len(lived.children)
    for relation in ("school", "gp_practice", "police_team", "housing_office", "hub"):
        service = getattr(family, relation)
        assert family in service.families
        assert len(service.families) == service.n_families
    team = next(iter(lived.social_work_teams))
    assert all(worker.team is team for worker in team.workers)


def test_a_family_with_a_worker_finds_it_by_its_row(lived):
    held = lived.families.select(lambda family: family.worker is not None)
    assert len(held) > 0
    keys = lived.table("workers")["key"]
    rows = {family.key: lived.table("families")[row].worker for row, family in enumerate(lived.families)}
    assert all(family.worker.key == keys[rows[family.key]] for family in held)


def test_an_unknown_state_variable_names_the_nearest(lived):
    family = next(iter(lived.families))
    with pytest.raises(AttributeError, match=r"Family has no state variable truts \(did you mean trust\?\)"):
        _ = family.truts
    with pytest.raises(AttributeError, match="legal_status"):
        lived.children.get("legal_statuses")


def test_a_view_is_read_and_never_set(lived):
    family = next(iter(lived.families))
    for name in ("trust", "key", "children", "anything"):
        with pytest.raises(AttributeError, match="only rules change rows"):
            setattr(family, name, 1)
    with pytest.raises(ValueError, match="read-only"):
        family.level[Factor.HOUSING] = 3


def test_agent_sets_select_group_and_aggregate_like_the_table(lived):
    rows = lived.table("families")
    protected = lived.families.select(lambda family: family.status is Status.CHILD_PROTECTION)
    assert len(protected) == (rows["status"] == Status.CHILD_PROTECTION).sum() > 0
    counts = lived.families.groupby("status").count()
    assert counts == {Status(code): n for code, n in zip(*np.unique(rows["status"], return_counts=True), strict=True)}
    assert lived.families.agg("trust", np.mean) == pytest.approx(rows["trust"].mean())


def test_the_models_own_collector_agrees_with_the_weekly_totals(lived):
    collected, weekly = lived.datacollector.get_model_vars_dataframe(), lived.weekly
    assert collected["Contacts"].tolist() == weekly["events_contact"].tolist()
    assert collected["Children on a plan"].tolist() == weekly["legal_child_protection_plan"].tolist()
    stock = weekly[[f"legal_{status.name.lower()}" for status in LOOKED_AFTER]].sum(axis=1)
    assert collected["Children looked after"].tolist() == stock.tolist()
