"""Identical settings give identical bytes; a change changes nothing before it or beside it."""

import copy
import hashlib
import os
import pickle
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from test_rules_common import rules
from towns import bytes_of, copy_of, field_bytes, live_weeks, lived, snapshot, young_town

from familyabm.levers import LEVER_TITLES, Scenario, find
from familyabm.parameters import DEFAULT, REGISTER, changed
from familyabm.shocks import Shock
from familyabm.simulation import PAST_WEEKS, Life, live, load_snapshot, past
from familyabm.week import SCHEDULE, live_one_week

WEEKS = 80


KEPT = Path(__file__).parent / "golden" / "life.txt"


@cache
def digest_of_a_young_town() -> str:
    town = live_weeks(young_town(scale=0.004), 40)
    whole = hashlib.sha256()
    for name, data in sorted(bytes_of(town).items()):
        whole.update(name.encode() + data)
    return whole.hexdigest()


def test_identical_settings_in_both_worlds_give_identical_bytes_in_every_table_and_event():
    one, other = lived(weeks=WEEKS, journal=True), lived(weeks=WEEKS, journal=True)
    assert bytes_of(one.town) == bytes_of(other.town)
    assert field_bytes(one.journal) == field_bytes(other.journal)
    assert len(one.journal) > 100


def test_another_luck_gives_another_future():
    assert field_bytes(lived(weeks=WEEKS).weekly) != field_bytes(lived(weeks=WEEKS, number=2).weekly)


def test_a_change_at_week_t_leaves_everything_before_t_identical():
    shock = Scenario("shock", "Shock", "", shocks=(Shock("need", "all", 3.0, 40, 10),))
    plain, hit = lived(weeks=WEEKS), live(snapshot(), shock, WEEKS)
    assert field_bytes(plain.weekly[:40]) == field_bytes(hit.weekly[:40])
    assert field_bytes(plain.weekly[40:]) != field_bytes(hit.weekly[40:])


def test_keeping_the_journal_changes_nothing_else():
    with_page, without = lived(weeks=WEEKS, journal=True), lived(weeks=WEEKS)
    assert bytes_of(with_page.town) == bytes_of(without.town)


NO_POSTS = {
    "units.practitioner_fte": 0.0, "units.clinician_fte": 0.0, "units.coordinator_fte": 0.0, "units.meeting": 0.0,
    "units.coordinator_absorbs": 0.0, "units.practitioner_most": 0.0, "units.consultant_caseload": 1.0,
    "units.enquiry_holders": 0.0, "team.supervision_stress": 0.0,
}  # fmt: skip
"""What a unit is made of, its weekly meeting included, beside the effects of working as one."""
ITSELF = {
    "phase", "phase_since", "embedded_weeks", "programme_maturity", "maturity", "lever_gap", "relapses", "units", "unit",
    "nerve", "supervision", "supervision_given",
}  # fmt: skip
"""What describes a programme, or a team as a unit, rather than anything that it does to families and those who help."""


def field_by_field(town) -> dict[str, bytes]:
    """Return each field's bytes, but for those that only describe the programme."""
    found = {}
    for name in bytes_of(town):
        table = town.given[name]
        for field in table.dtype.names or [""]:
            if field not in ITSELF:
                found[f"{name}.{field}"] = np.ascontiguousarray(table[field] if field else table).tobytes()
    return found


@pytest.mark.parametrize("lever", LEVER_TITLES)
def test_a_lever_whose_effects_are_zero_moves_nothing(lever):
    code = f"L{list(LEVER_TITLES).index(lever) + 1}"
    none = {address: 0.0 for address, parameter in REGISTER.items() if parameter.lever == code}
    assert none, f"no effect is declared for {lever}"
    none |= {f"lever_costs.{lever}": 0.0, "programme.set_up": 0.0} | (NO_POSTS if lever == "unit_model" else {})
    low = replace(find("status-quo"), levers={lever: 0.0}, maturity=1.0, parameters=none)
    high = replace(low, levers={lever: 0.99})
    a, b = (field_by_field(live(snapshot(), world, WEEKS).town) for world in (low, high))
    moved = {name for name in a if a[name] != b[name]}
    assert {name for name in moved if name.split(".")[0] not in {"policy", "levers", "maturity"}} == set()


def test_an_added_family_that_no_service_meets_changes_no_other_family():
    town = young_town(scale=0.004)
    bigger = young_town(scale=0.004)
    lonely = len(bigger.families) - 1
    for table in (town, bigger):
        table.families[lonely].frailty = 0.0
        table.families[lonely].leaves = 20_000
        table.families[lonely].stirs = 20_000
        table.children["fated"][table.families[lonely].first_child :] = -9999
        table.children["own_need"][table.families[lonely].first_child :] = 0.0
        table.families[lonely].tender = 0
    bigger.p.noticing["public_base"] = town.p.noticing["public_base"] = 0.0
    smaller = without_last(town)
    live_weeks(bigger, 40)
    live_weeks(smaller, 40)
    assert field_bytes(bigger.families[:lonely]) == field_bytes(smaller.families)
    assert field_bytes(smaller.workers) == field_bytes(bigger.workers)
    assert np.array_equal(smaller.weekly["events"], bigger.weekly["events"])


@pytest.mark.slow
def test_a_family_that_services_have_nothing_to_do_with_is_passed_by_without_effect(monkeypatch):
    listed, all_awake = (Life(snapshot(), find("siloed"), 30).town for _ in range(2))
    monkeypatch.setitem(rules("front_door").list_known.__globals__, "concerns_services", lambda family, week: True)
    for week in range(PAST_WEEKS, PAST_WEEKS + 12):
        live_one_week(listed, week)
        for *_, process in SCHEDULE:
            getattr(rules(process.__module__.rpartition(".")[2]), process.__name__)(all_awake, week)
        assert listed.authority[0].n_known < all_awake.authority[0].n_known == listed.authority[0].n_awake
    listed.authority["n_known"] = all_awake.authority["n_known"]
    assert bytes_of(listed) == bytes_of(all_awake)


def without_last(town):
    """Return a copy of a town without its last home."""
    from familyabm.town import Town

    last = town.families[-1]
    cut = {name: town.given[name].copy() for name in town}
    n_adults, n_children = int(last.first_adult), int(last.first_child)
    for name, rows in (("families", -1), ("adults", n_adults), ("children", n_children), ("tally", -1),
                       ("awake", -1), ("known", -1), ("queue", -1), ("rank", -1), ("family_keys", -1)):  # fmt: skip
        cut[name] = cut[name][:rows].copy()
    cut["family_hand"] = np.zeros(4 * len(cut["families"]), np.uint32)
    gone = town.children[n_children:]
    cut["authority"]["children"] -= int(((gone["born"] < 0) & (gone["born"] > -936)).sum())
    return Town(p={name: table.copy() for name, table in town.p.groups.items()}, **cut)


def test_threads_give_the_same_results_as_one_after_another():
    alone = [field_bytes(lived(weeks=WEEKS, number=number).weekly) for number in (1, 2, 3, 4)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda number: field_bytes(lived(weeks=WEEKS, number=number).weekly), (1, 2, 3, 4)))
    assert alone == together


@pytest.mark.slow
@pytest.mark.parametrize("environment", [{"NUMBA_DISABLE_JIT": "1"}, {"PYTHONHASHSEED": "77"}])
def test_without_the_compiler_or_with_another_hash_seed_the_results_are_identical(environment):
    code = "import sys; sys.path.insert(0, 'tests'); import test_exactness as t; print(t.digest_of_a_young_town())"
    child = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    assert child.stdout.strip() == digest_of_a_young_town()


@pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="docs/numbers.md: not promised elsewhere"
)
def test_a_life_is_the_one_that_is_kept():
    found = digest_of_a_young_town()
    assert found == KEPT.read_text(encoding="utf-8").split()[0], (
        f"What the model gives has moved. If the rules or numbers were meant to, say so under Results in CHANGELOG.md and "
        f"write {found} to {KEPT.name}; if a library (the system's for mathematics too) was raised, its new version changes results."
    )


def test_a_life_taken_week_by_week_equals_one_lived_at_once():
    life = Life(snapshot(), find("whole-system"), WEEKS)
    for _ in range(WEEKS):
        life.step()
    assert bytes_of(life.town) == bytes_of(lived("whole-system", WEEKS).town)


def test_a_snapshot_saved_and_loaded_gives_the_same_future(tmp_path):
    ours = snapshot()
    ours.save(tmp_path / "past.npz")
    again = load_snapshot(tmp_path / "past.npz", ours.area, ours.parameters, ours.seed, ours.scale)
    assert field_bytes(live(again, find("status-quo"), 30).weekly) == field_bytes(
        live(ours, find("status-quo"), 30).weekly
    )


@pytest.mark.parametrize("week", [1, 17, 59])
def test_a_life_copied_or_pickled_at_any_week_goes_on_as_it_would_have(week):
    life = Life(snapshot(), find("whole-system"), 60, journal=True)
    for _ in range(week):
        life.step()
    for again in (copy.deepcopy(life), pickle.loads(pickle.dumps(life))):
        for _ in range(60 - week):
            again.step()
        assert bytes_of(again.town) == bytes_of(lived("whole-system", 60, journal=True).town)
        assert field_bytes(again.result().journal) == field_bytes(lived("whole-system", 60, journal=True).journal)
    assert life.week == week


def test_two_towns_never_share_their_tables():
    with pytest.raises(TypeError, match="deepcopy"):
        copy.copy(Life(snapshot(), find("whole-system"), 60).town)


def test_living_a_future_leaves_the_snapshot_as_it_was():
    before = {name: field_bytes(table) for name, table in snapshot().tables.items()}
    lived("siloed", 60)
    assert before == {name: field_bytes(table) for name, table in snapshot().tables.items()}


def test_both_worlds_start_from_the_same_bytes():
    one, other = (Life(snapshot(), find(name), 10).town for name in ("siloed", "whole-system"))
    a, b = bytes_of(one), bytes_of(other)
    assert {name for name in a if a[name] != b[name]} == {"policy"}


def test_an_address_changes_with_every_part_of_it():
    ours = snapshot()
    others = [
        replace(ours, seed=2), replace(ours, scale=0.03),
        replace(ours, parameters=changed(DEFAULT, {"noticing.school": 0.03})),
        replace(ours, area=replace(ours.area, imd2019_score=ours.area.imd2019_score + 0.001)),
    ]  # fmt: skip
    assert len({ours.address, *(other.address for other in others)}) == 5


def test_the_past_is_lived_once_and_kept():
    ours = snapshot()
    first = past(ours.area, DEFAULT, 1, 0.01)
    assert past(ours.area, DEFAULT, 1, 0.01) is first
    assert int(first.tables["authority"]["raids"][0]) == 1
    assert len(first.past) == PAST_WEEKS


def test_a_town_can_be_copied_whole():
    town = young_town(scale=0.004)
    twin = copy_of(town)
    live_weeks(town, 5)
    live_weeks(twin, 5)
    assert bytes_of(town) == bytes_of(twin)
