"""Batch runs, collectors and models that are freed: the model as a Mesa user runs it."""

import gc
import warnings
import weakref

import mesa
import pandas as pd
import pytest
from mesa.batchrunner import batch_run
from test_mesa import SMALL, made

from familyabm.agents import Child, Family
from familyabm.model import FamilyServicesModel


def test_a_collector_takes_agent_reporters():
    model = made()
    model.datacollector = mesa.DataCollector(
        model_reporters={"Families": lambda model: len(model.families)},
        agenttype_reporters={Child: {"status": "legal_status"}, Family: {"trust": "trust"}},
    )
    model.views(Child), model.views(Family)
    model.step()
    model.step()
    children = model.datacollector.get_agenttype_vars_dataframe(Child)
    assert len(children.loc[2]) == len(model.children)
    trust = model.datacollector.get_agenttype_vars_dataframe(Family)
    assert trust.loc[2]["trust"].mean() == pytest.approx(model.table("families")["trust"].mean())


class Watched(FamilyServicesModel):
    """A model that batch runs can be watched by."""

    made_so_far: list = []  # noqa: RUF012

    def __init__(self, **given):
        super().__init__(**given)
        Watched.made_so_far.append(weakref.ref(self))

    def step(self):
        super().step()
        assert len(self.agents) == 0


def test_a_batch_run_varies_luck_makes_no_view_and_frees_its_models():
    Watched.made_so_far = []
    settings = {**SMALL, "scenario": ["status-quo", "whole-system"], "run": range(1, 4), "changes": [{}]}
    results = pd.DataFrame(batch_run(FamilyServicesModel, settings, max_steps=100, display_progress=False))
    assert len(results) == 6
    assert results.groupby("scenario")["Contacts"].count().tolist() == [3, 3]
    again = made(52, scenario="whole-system", run=2)
    expected = again.datacollector.get_model_vars_dataframe().iloc[-1]["Children looked after"]
    row = results.query("scenario == 'whole-system' and run == 2")
    assert row["Children looked after"].tolist() == [expected]

    batch_run(Watched, {**SMALL, "run": range(1, 4)}, max_steps=3, display_progress=False)
    gc.collect()
    assert len(Watched.made_so_far) == 3
    assert [ref() for ref in Watched.made_so_far] == [None] * 3


def test_a_batch_run_takes_seeds_and_its_iterations_repeat_one_life():
    settings = {**SMALL, "rng": [0, 5]}
    seeds = batch_run(FamilyServicesModel, settings, max_steps=20, data_collection_period=1, display_progress=False)
    by_seed = pd.DataFrame(seeds).groupby("rng")["Contacts"].apply(list)
    assert by_seed[0] != by_seed[5]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Mesa 3.5 would rather have rng=[None, None]
        twice = batch_run(FamilyServicesModel, SMALL, iterations=2, max_steps=5, display_progress=False)
    assert twice[0]["Contacts"] == twice[1]["Contacts"]


def test_a_model_is_freed_even_after_somebody_looked():
    model = made(2)
    assert len(model.families) + len(model.children) == len(model.agents)
    ref = weakref.ref(model)
    del model
    gc.collect()
    assert ref() is None


def test_removing_all_agents_frees_the_views_and_the_next_look_makes_them_anew():
    model = made(1)
    before = weakref.ref(next(iter(model.families)))
    key = before().key
    model.remove_all_agents()
    gc.collect()
    assert before() is None
    assert len(model.agents) == 0
    model.step()
    assert next(iter(model.families)).key == key


def test_an_agent_of_the_users_own_joins_with_a_number_of_its_own():
    model = made(1)
    families = model.families
    own = mesa.Agent(model)
    assert len(model.agents) == len(families) + 1
    assert own.unique_id not in families.get("unique_id")
    ref = weakref.ref(model)
    del model, families, own
    gc.collect()
    assert ref() is None
