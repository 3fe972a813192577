"""Managers, support units and records: what stands around social workers (P8, P9)."""

import pytest
from test_rules_common import WEEK, events, fresh, home, put, rules, worked

from familyabm import population
from familyabm.codes import NEVER, Event, Legal, Role, Support, Worker
from familyabm.parameters import DEFAULT

allocation, hours, managers = rules("allocation"), rules("hours"), rules("managers")
ledger, support = rules("ledger"), rules("support")


def manager_at_work():
    town = fresh()
    put(town, managers__fire_fighting=0.2, managers__usual_failure=0.4, managers__reports=0.1, managers__unread=0.5,
        managers__decision_hours=1.5, managers__tiers=2, managers__service=0.2, managers__supervision=0.5)  # fmt: skip
    town.authority[0].bureaucracy = town.p.hours[0].bureaucracy
    town.authority[0].failure_share = 0.4
    return town, town.managers[0]


def test_failure_demand_pulls_managers_into_fire_fighting_and_away_from_supervision():
    town, manager = manager_at_work()
    managers.manage(town, WEEK)
    usual = float(manager.supervision)
    assert manager.fire_fighting == pytest.approx(0.2 * manager.hours)
    assert manager.supervision == pytest.approx(0.5 * manager.hours)
    town.authority[0].failure_share = 0.8
    managers.manage(town, WEEK)
    assert manager.fire_fighting == pytest.approx(0.4 * manager.hours)
    assert manager.supervision == pytest.approx(0.3 * manager.hours) and manager.supervision < usual
    assert town.teams[0].supervision < 1.0


def test_approvals_that_change_nothing_and_reports_nobody_acts_on_are_waste_that_action_learning_lessens():
    town, manager = manager_at_work()
    town.authority[0].decisions_sent_up, town.authority[0].decisions_unchanged = 2.0, 1.5
    managers.manage(town, WEEK)
    each = 2.0 * 1.5 * 2 / len(town.managers)
    assert manager.decisions == pytest.approx(min(each, 0.3 * manager.hours))
    assert manager.unchanged == pytest.approx(0.75 * manager.decisions)
    assert manager.unread == pytest.approx(0.05 * manager.hours)
    put(town, training__action_learning=2.0, training__action_learning_works=0.25)
    managers.manage(town, WEEK)
    assert manager.unread == pytest.approx(0.025 * manager.hours)
    assert manager.unchanged == pytest.approx(0.375 * manager.decisions)
    assert manager.supervision < 0.5 * manager.hours


@pytest.mark.parametrize("teams", [6, 21, 64, 100])
def test_a_group_manager_has_five_to_eight_teams_and_every_team_is_managed_twice(teams):
    table = population.managers_of(DEFAULT, teams)
    groups = table[table["role"] == Role.GROUP_MANAGER]
    assert ((groups["n_teams"] >= 5) & (groups["n_teams"] <= 8)).all()
    assert groups["n_teams"].sum() == teams
    assert (table["role"] == Role.TEAM_MANAGER).sum() == teams


def test_a_support_unit_with_too_little_capacity_makes_people_wait_up_to_a_point():
    town = fresh()
    put(town, support_units__level=0.5, support_units__legal=1.0, support_units__longest_wait=4)
    unit = town.support_units[Support.LEGAL]
    for _ in range(60):
        support.work_off(town, unit, 10.0)
    assert unit.wait == pytest.approx(4.0)
    put(town, support_units__level=2.0)
    for _ in range(60):
        support.work_off(town, unit, 10.0)
    assert unit.wait == 0.0


def test_waiting_for_support_units_costs_hours_for_cases():
    town = fresh()
    put(town, support_units__drag=0.02)
    worker = town.workers[0]
    worker.kind, worker.back, worker.long_spell = Worker.PERMANENT, NEVER, 0
    found = {}
    for wait in (0.0, 3.0):
        town.authority[0].support_wait = wait
        hours.hours_of(town, worker, WEEK)
        found[wait] = float(worker.hours)
    assert found[3.0] == pytest.approx(0.94 * found[0.0])


def test_children_held_by_others_do_not_count_on_case_holders():
    town, family, (child,) = home(5)
    put(town, working_time__held_by_others=0.4)
    for legal, counted in ((Legal.CHILD_IN_NEED, 0.6), (Legal.CHILD_PROTECTION_PLAN, 1.0), (Legal.CARE_ORDER, 1.0)):
        child.legal_status = legal
        assert ledger.held(town, child) == pytest.approx(counted)


def test_better_records_save_some_of_what_a_change_of_worker_loses():
    kept = {}
    for quality in (0.3, 0.6, 0.9):
        town, family, _ = home(5)
        put(town, working_time__record_usual=0.6, working_time__record_keeps=0.3)
        worked(town, family)
        town.authority[0].record_quality, family.working_relationship = quality, 0.8
        allocation.hand_over(town, family, WEEK)
        kept[quality] = float(family.working_relationship)
        assert events(town, Event.WORKER_CHANGED) == 1
    assert kept[0.3] < kept[0.6] < kept[0.9]


def test_records_are_poorer_with_bureaucracy_load_and_agency_cover():
    time_use, town = rules("time_use"), fresh()
    now = town.authority[0]
    now.bureaucracy, now.load, now.agency_share = 0.2, 1.0, 0.0
    time_use.records(town)
    best = float(now.record_quality)
    for name, value in (("bureaucracy", 0.9), ("load", 1.5), ("agency_share", 0.4)):
        usual = float(now[name])
        now[name] = value
        time_use.records(town)
        assert now.record_quality < best, name
        now[name] = usual
    put(town, working_time__record_bureaucracy=0.0)
    time_use.records(town)
    assert now.record_quality == pytest.approx(DEFAULT["working_time.record_base"])
