"""The working week: hours add up, waste has seven kinds and a price, and interruptions displace visits."""

import math

import numpy as np
import pytest
from test_rules_common import WEEK, fresh, home, lever, put, rules, worked
from towns import live_weeks, snapshot, young_town

from familyabm.codes import NEVER, Agency, Event, Failure, Tier, Worker
from familyabm.levers import Scenario, find
from familyabm.measures import MEASURES, of_weeks
from familyabm.simulation import live
from familyabm.tables import WEEK as WEEK_TABLE

hours, time_use, managers = rules("hours"), rules("time_use"), rules("managers")
WASTES = ("recording", "chasing", "hand_over", "duplicate", "panel", "audit", "rework")
PARTS = (
    "direct_hours", "supervision_hours", "reflection_hours", "travel_hours", "court_hours", "casework_hours",
    *(f"{name}_hours" for name in WASTES),
)  # fmt: skip


def staffed(scale: float = 0.05):
    """Return a town with everybody here, as a week of work begins."""
    town = fresh(scale)
    town.workers["kind"], town.workers["back"], town.workers["long_spell"] = Worker.PERMANENT, NEVER, 0
    town.authority[0].first_week = 0
    return town


def spent(row) -> float:
    """Add up everything that a week's hours were spent on."""
    return float(sum(row[name] for name in PARTS))


@pytest.mark.parametrize("unit", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("rework", [0.0, 20.0, 900.0])
def test_direct_enabling_and_wasted_hours_add_up_to_the_hours_present(unit, rework):
    town = staffed()
    lever(town, unit_model=unit)
    rules("units").form(town)
    town.authority[0].rework_hours = rework
    hours.budget(town, WEEK)
    row = town.weekly[WEEK]
    assert spent(row) == pytest.approx(row.present_hours, rel=1e-12)
    assert all(row[name] >= 0.0 for name in PARTS)
    here = town.workers["present"][town.workers["role"] <= 1].sum()
    assert row.present_hours == pytest.approx(here)
    least = town.p.working_time[0].casework_least * here / (1.0 - town.p.hours[0].leave)
    assert row.casework_hours >= least * (1.0 - 1e-9)


def test_hours_add_up_in_weeks_that_were_lived():
    town = live_weeks(young_town(0.004), 12)
    for week in range(12):
        row = town.weekly[week]
        assert spent(row) == pytest.approx(row.present_hours, rel=1e-9)
        assert row.present_hours <= row.paid_hours


def test_when_too_much_is_done_again_families_get_less_and_everything_gives_way():
    calm, flooded = staffed(), staffed()
    flooded.authority[0].rework_hours = 300.0
    hours.budget(calm, WEEK)
    hours.budget(flooded, WEEK)
    one, two = calm.weekly[WEEK], flooded.weekly[WEEK]
    assert two.rework_hours > 0.0 and two.direct_hours < one.direct_hours and two.travel_hours < one.travel_hours


def test_work_done_again_this_week_is_worked_off_in_the_next():
    town = fresh()
    row = town.weekly[WEEK]
    row.demand_hours[Failure.F7_REWORK, Event.WORKER_CHANGED] = 9.0
    row.demand_hours[Failure.F7_REWORK, Event.ASSESSMENT_STARTED] = 19.0
    row.demand_hours[Failure.F5_DUPLICATE, Event.CONTACT] = 2.0
    row.demand_hours[Failure.F7_REWORK, Event.ADJOURNED] = 10.0
    row.demand_hours[Failure.F7_REWORK, Event.PANEL_DEFERRED] = 4.0
    row.demand_hours[Failure.VALUE, Event.CONTACT] = 66.0
    row.panel_prep_hours = 12.0
    row.events[Event.DECISION_SENT_UP, Agency.SOCIAL_CARE] = 4
    row.events[Event.APPROVED_UNCHANGED, Agency.COUNCIL] = 3
    put(town, managers__memory=0.9)
    now = town.authority[0]
    now.bureaucracy, now.failure_share = town.p.hours[0].bureaucracy, 0.3
    time_use.remember(town, WEEK)
    assert (now.hand_over_hours, now.duplicate_hours, now.rework_hours, now.panel_prep_hours) == (9.0, 21.0, 10.0, 12.0)
    assert (now.decisions_sent_up, now.decisions_unchanged) == (4.0, 3.0)
    assert now.failure_share == pytest.approx(0.27 + 0.1 * 0.4)


def test_rework_beyond_the_usual_is_felt_slowly():
    town = fresh()
    lever(town, information_sharing=0.0, joint_response=0.0)
    put(town, managers__memory=0.9, working_time__usual_rework=0.02)
    town.p.working_time[0].usual_chasing = time_use.chasing(town)
    now = town.authority[0]
    now.squeezed, now.hand_over_hours, now.duplicate_hours, now.rework_hours = 0.01, 4.0, 1.0, 1.0
    time_use.feel_rework(town, 100.0)
    assert now.squeezed == pytest.approx(0.009 + 0.1 * 0.04)


def test_rework_and_chasing_beyond_the_usual_come_partly_out_of_time_with_families():
    town = fresh()
    put(town, working_time__squeezes=0.5)
    town.authority[0].squeezed = 0.0
    usual = hours.direct_share(town, 0.1)
    town.authority[0].squeezed = 0.04
    assert hours.direct_share(town, 0.1) == pytest.approx(usual - 0.02)
    put(town, working_time__squeezes=0.0)
    assert hours.direct_share(town, 0.1) == pytest.approx(usual)


@pytest.mark.parametrize(
    ("share", "lever_name"), [("chasing", "information_sharing"), ("chasing", "joint_response"), ("recording", "bureaucracy_relief")]
)  # fmt: skip
def test_each_kind_of_waste_falls_with_its_lever(share, lever_name):
    town = fresh()
    found = []
    for value in (0.0, 1.0):
        lever(town, **{lever_name: value})
        found.append(getattr(time_use, share)(town))
    assert found[1] < found[0]


def test_a_unit_coordinator_takes_on_two_thirds_of_administration_hours_permitting():
    town = staffed()
    team = town.teams[0]
    put(town, units__coordinator_absorbs=0.65)
    hours.budget(town, WEEK)
    here = time_use.present_of(town, team)
    administration = here * (time_use.recording(town) + time_use.chasing(town) + time_use.audit(town))
    coordinator = town.workers[team.first_support + 2]
    for unit, present, taken in (
        (1.0, 1e6, 0.65),
        (0.5, 1e6, 0.325),
        (1.0, 0.1 * administration, 0.1),
        (0.0, 1e6, 0.0),
    ):
        team.unit, coordinator.present = unit, present
        time_use.coordinate(town, team)
        assert team.coordinator == pytest.approx(taken)


def test_waste_has_a_price():
    town = staffed()
    town.authority[0].hand_over_hours = 5.0
    put(town, money__worker_hour=50, managers__hour=60)
    hours.budget(town, WEEK)
    row = town.weekly[WEEK]
    assert row.waste_pence == round(5000 * sum(float(row[f"{name}_hours"]) for name in WASTES))
    lost = row.fire_fighting_hours + row.unread_hours + row.unchanged_hours
    assert row.leadership_waste_pence == round(6000 * lost) > 0


def test_interruptions_displace_planned_visits():
    town, family, _ = home(5)
    worker = worked(town, family)
    put(town, working_time__interrupted=0.5, working_time__enquiry_interrupts=0.4, working_time__family_interrupts=0.01,
        hours__enquiry=9.0)  # fmt: skip
    town.authority[0].load, worker.n_families, worker.need[Tier.ENQUIRY] = 1.2, 10, 18.0
    assert hours.visits_kept(town, worker) == pytest.approx(math.exp(-0.5 * (0.8 + 0.12)))
    put(town, working_time__interrupted=0.0)
    assert hours.visits_kept(town, worker) == 1.0


def test_leave_peaks_in_august_and_the_year_adds_up():
    town = fresh()
    put(town, hours__leave=0.14, working_time__august=1.8)
    weeks = [time_use.leave_now(town, 104 + week) for week in range(52)]
    assert np.mean(weeks) == pytest.approx(0.14)
    assert np.flatnonzero(np.array(weeks) > 0.2).tolist() == [18, 19, 20, 21]


def test_long_sickness_ends_in_a_phased_return_and_short_sickness_does_not():
    town = fresh()
    put(town, working_time__phased_weeks=4, working_time__phased_hours=0.5, working_time__august=1.0)
    worker = town.workers[0]
    worker.kind, worker.back = Worker.PERMANENT, WEEK
    found = []
    for long_spell in (1, 0):
        worker.long_spell = long_spell
        for week in (WEEK - 1, WEEK, WEEK + 3, WEEK + 4):
            hours.hours_of(town, worker, week)
            found.append(worker.present / worker.paid / (1.0 - town.p.hours[0].leave))
    assert found == pytest.approx([0.0, 0.5, 0.5, 1.0, 0.0, 1.0, 1.0, 1.0])


def test_training_beyond_the_usual_costs_hours_for_cases():
    town = fresh()
    worker = town.workers[0]
    worker.kind, worker.back, worker.long_spell = Worker.PERMANENT, NEVER, 0
    hours.hours_of(town, worker, WEEK)
    usual = float(worker.hours)
    put(town, training__weekly=town.p.training[0].usual + 3.7)
    hours.hours_of(town, worker, WEEK)
    assert worker.hours == pytest.approx(0.9 * usual)


def test_the_measures_of_waste_are_those_hours():
    town = live_weeks(young_town(0.004), 8)
    rows = town.weekly[:8]
    read = of_weeks(rows, [name for name in MEASURES if MEASURES[name].title.code in ("K36", "K37")])
    practice = sum(rows[f"{name}_hours"].sum() for name in WASTES)
    assert read["practice_waste"] == pytest.approx(100 * practice / rows["present_hours"].sum())
    assert sum(read[f"waste_{name}"] for name in WASTES) == pytest.approx(read["practice_waste"])
    pounds = sum(read[f"waste_{name}_pounds"] for name in WASTES)
    per_child = rows["children_total"].mean() * 8 / 52
    assert pounds == pytest.approx(rows["waste_pence"].sum() / 100 / per_child)
    parts = ("fire_fighting", "unread", "unchanged")
    assert sum(read[f"leadership_{name}"] for name in parts) == pytest.approx(read["leadership_waste"])
    assert all(f"{name}_hours" in WEEK_TABLE for name in (*WASTES, *parts))


RECLAIMING = Scenario("units", "Units", "", levers={"unit_model": 0.9, "bureaucracy_relief": 0.7, "continuity": 0.7})


@pytest.mark.slow
def test_reclaiming_units_lower_stress_and_sickness_and_leave_more_time_for_families():
    past = snapshot("Wakefield", 0.2)
    worlds = (find("status-quo"), RECLAIMING)
    before, after = (
        np.concatenate([live(past, world, 364, number).weekly[-156:] for number in (1, 2, 3)]) for world in worlds
    )
    assert after["units"].mean() > 3.0 * before["units"].mean()
    assert after["stress"].mean() < before["stress"].mean() - 0.05
    assert after["absent"].sum() / after["holders"].sum() < before["absent"].sum() / before["holders"].sum()
    share = [rows["direct_hours"].sum() / rows["paid_hours"].sum() for rows in (before, after)]
    assert share[1] > share[0] + 0.02
    assert after["practitioner_hours"].sum() > before["practitioner_hours"].sum()
    assert after["enquiries_waiting"].sum() >= before["enquiries_waiting"].sum()


@pytest.mark.slow
def test_more_social_work_hours_lower_load_by_less_than_their_share_because_more_is_let_in():
    past = snapshot("Wakefield", 0.2)
    more = Scenario("hours", "Hours", "", parameters={"hours.week": 40.0, "hours.leave": 0.10})
    before, after = (
        np.concatenate([live(past, world, 260, luck).weekly[-208:] for luck in (1, 2, 3, 4)])
        for world in (find("status-quo"), more)
    )
    hours_more = after["available_hours"].sum() / before["available_hours"].sum()
    assert hours_more > 1.05
    assert after["load"].mean() < before["load"].mean()
    referred = [rows["events"][:, Event.REFERRAL].sum() for rows in (before, after)]
    assert referred[1] > referred[0]
    assert (
        after["needed_hours"].sum() / after["available_hours"].sum()
        < before["needed_hours"].sum() / before["available_hours"].sum()
    )
