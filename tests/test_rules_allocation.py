"""Rules worked by hand: families are given workers, and workers' hours go to the most urgent first (P9)."""

import numpy as np
import pytest
from test_rules_common import WEEK, events, fresh, home, lever, put, rules, worked
from test_rules_workers import plain_base
from towns import awaken

from familyabm.codes import NEVER, NOBODY, Event, Legal, Role, Status, Tier, Worker

allocation, sharing, units = rules("allocation"), rules("sharing"), rules("units")


@pytest.mark.parametrize(
    ("available", "met", "used"),
    [(20.0, [1, 1, 1, 1, 1, 1], 16.0), (9.0, [1, 1, 0.5, 0, 1, 0], 9.0), (0.0, [0, 0, 0, 0, 1, 0], 0.0), (5.0, [1, 0.25, 0, 0, 1, 0], 5.0)],
)  # fmt: skip
def test_hours_go_to_the_most_urgent_tier_until_they_run_out(available, met, used):
    need, fill = np.array([7.0, 4.0, 4.0, 2.0, 4.0, 0.0, 2.0]), np.full(7, -1.0)
    assert sharing.share_out(available, need, fill) == pytest.approx(used)
    assert fill.tolist() == pytest.approx([-1.0, *met])


def test_hours_that_ran_out_leave_nothing_and_never_less_than_nothing():
    need, fill = np.array([0.0, 8.4, 4.7, 3.2, 1.0, 1.0, 1.0]), np.full(7, -1.0)
    sharing.share_out(9.7, need, fill)
    assert (9.7 - 8.4) - (9.7 - 8.4) / 4.7 * 4.7 < 0.0  # what is left, in floating point
    assert fill[3:].tolist() == [0.0] * 4


TIERS = {
    Status.SECTION_47: 0, Status.CONFERENCE: 0, Status.PROCEEDINGS: 1, Status.CHILD_PROTECTION: 2, Status.PRE_PROCEEDINGS: 3,
    Status.ASSESSMENT: 4, Status.CHILD_IN_NEED: 6, Status.REFERRAL: -1, Status.EARLY_HELP: -1, Status.CLOSED: -1,
}  # fmt: skip


@pytest.mark.parametrize("status", TIERS)
def test_every_status_has_its_tier_and_every_tier_its_hours(status):
    town, family, _ = home(5)
    family.status = status
    tier = sharing.tier_of(family)
    assert tier == TIERS[status]
    names = (
        "enquiry",
        "proceedings",
        "protection",
        "pre_proceedings",
        "assessment",
        "looked_after",
        "in_need",
    )
    if tier >= 0:
        assert sharing.hours_for(town, tier) == town.p.hours[0][names[tier]]


def test_enquiries_are_staffed_in_full_at_the_cost_of_the_rest():
    town, family, _ = home(5)
    worker, team = town.workers[0], town.teams[0]
    worker.hours, worker.team, worker.pace, team.unit = 30.0, 0, 1.0, 0.0
    put(town, effects__unit_pool=1.0)
    worker.need[:], team.need[:] = (0, 0, 20, 0, 0, 0, 10), (15, 0, 20, 0, 0, 0, 10)
    team.hours = 60.0
    sharing.fill_worker(town, worker, WEEK)
    assert worker.hours_met.tolist() == pytest.approx([1, 1, 1, 1, 1, 1, 0.25])
    assert town.weekly[WEEK].used_hours == pytest.approx(22.5)
    team.hours_met[:] = (1, 1, 0.5, 1, 1, 1, 0.0)
    team.unit = 0.4
    sharing.fill_worker(town, worker, WEEK)
    assert worker.hours_met.tolist() == pytest.approx([1, 1, 0.8, 1, 1, 1, 0.15])
    team.need[0], team.unit = 600.0, 0.0
    sharing.fill_worker(town, worker, WEEK)
    assert worker.hours_met[0] == 1.0 and worker.hours_met[2] == 0.0


def test_a_case_takes_fewer_hours_in_units_and_more_under_fear():
    town = fresh()
    plain_base(town)
    put(town, hours__workload=0.5, hours__need_bureaucracy=0.2, hours__bureaucracy=0.5, hours__need_risk_aversion=0.1,
        effects__unit_need=0.1, effects__relief_need=0.06)  # fmt: skip
    town.authority[0].bureaucracy, town.authority[0].risk_aversion = 0.75, 1.0
    assert sharing.burden(town, town.teams[0].unit) == pytest.approx(0.5 * 1.15)
    lever(town, bureaucracy_relief=town.p.base[0].bureaucracy_relief + 0.5)
    town.teams[0].unit = town.p.base[0].unit_model + 0.5
    assert sharing.burden(town, town.teams[0].unit) == pytest.approx(0.5 * (1.15 - 0.05 - 0.03))


@pytest.mark.parametrize(
    ("needed", "available", "load"), [(12, 10, 0.8 + 0.24), (90, 10, 0.8 + 0.6), (5, 0, 0.8 + 0.6)]
)
def test_load_remembers_and_never_takes_in_more_than_three(needed, available, load):
    town = fresh()
    put(town, hours__load_memory=0.8)
    town.authority[0].load = 1.0
    sharing.feel_load(town, WEEK, float(needed), float(available))
    assert town.authority[0].load == pytest.approx(load)


def staffed_team():
    """Return a bigger town in which two workers serve the first team and nobody else is there."""
    town = fresh(0.05)
    town.workers["kind"], town.workers["team"], town.workers["n_families"] = Worker.VACANT, 0, 0
    town.teams[0].first_worker, town.teams[0].n_workers = 0, int((town.workers["role"] <= Role.CONSULTANT).sum())
    town.workers["role"] = Role.SOCIAL_WORKER
    for row in (0, 1):
        worker = town.workers[row]
        worker.kind, worker.back, worker.fte = Worker.PERMANENT, NEVER, 1.0
    put(town, hours__caseload_norm=10, hours__overflow=1.5, workforce__first_year_caseload=0.5)
    return town


def test_the_worker_with_most_room_is_found_and_a_first_year_fills_sooner():
    town = staffed_team()
    one, two = town.workers[0], town.workers[1]
    one.n_families, two.n_families = 6, 4
    assert allocation.room_of(town, one, WEEK) == pytest.approx(0.6)
    assert allocation.least_full(town, 0, WEEK) == 1
    two.kind = Worker.NEWLY_QUALIFIED
    assert allocation.room_of(town, two, WEEK) == pytest.approx(0.8)
    assert allocation.least_full(town, 0, WEEK) == 0
    one.back = WEEK + 1
    assert allocation.least_full(town, 0, WEEK) == 1
    two.kind = Worker.VACANT
    assert allocation.least_full(town, 0, WEEK) == NOBODY


def referred(town, rows, status=Status.REFERRAL, worker=NOBODY):
    for row in rows:
        family = town.families[row]
        family.status, family.since, family.judged, family.worker = status, WEEK - 1, 0.0, worker
    awaken(town, *rows)


def test_a_full_worker_gets_no_further_referral_but_other_work_must_be_held():
    town = staffed_team()
    town.workers[1].kind = Worker.VACANT
    referred(town, range(20))
    allocation.allocate(town, WEEK)
    assert town.workers[0].n_families == 15
    assert town.weekly[WEEK].unallocated == 5
    assert (town.families["worker"][:15] == 0).all() and (town.families["worker"][15:20] == NOBODY).all()
    town.families["status"][15:20] = Status.CHILD_PROTECTION
    allocation.allocate(town, WEEK + 1)
    assert town.workers[0].n_families == 20 and town.weekly[WEEK + 1].unallocated == 0


def test_the_urgent_and_the_longest_waiting_referral_are_allocated_first():
    town = staffed_team()
    town.workers[1].kind = Worker.VACANT
    put(town, hours__caseload_norm=2, hours__overflow=1.0)
    referred(town, range(4))
    town.families["judged"][3], town.families["since"][2] = 0.9, WEEK - 9
    allocation.allocate(town, WEEK)
    assert np.flatnonzero(town.families["worker"][:4] == 0).tolist() == [2, 3]


@pytest.mark.parametrize(
    ("away", "status", "needs"), [(0, Status.EARLY_HELP, 0), (1, Status.CLOSED, 1), (0, Status.REFERRAL, 1)]
)
def test_a_worker_is_needed_for_social_care_and_for_children_in_care(away, status, needs):
    town, family, _ = home(5)
    family.status, family.n_away = status, away
    assert bool(allocation.needs_worker(town, family, WEEK)) == needs


@pytest.mark.parametrize(("back", "needs"), [(WEEK + 3, False), (WEEK + 4, True)])
def test_a_long_absence_takes_the_family_to_another_worker(back, needs):
    town, family, _ = home(5)
    family.status = Status.CHILD_IN_NEED
    worked(town, family).back = back
    assert bool(allocation.needs_worker(town, family, WEEK)) == needs


@pytest.mark.parametrize(("kind", "start"), [(Worker.PERMANENT, 0.3), (Worker.AGENCY, 0.1)])
def test_a_first_worker_brings_a_beginning_and_no_hand_over(kind, start):
    town, family, _ = home(5, 9)
    put(town, plans__relationship_start=0.3, workforce__agency_start_relationship=0.1)
    town.workers[0].kind, town.workers[0].n_families, town.workers[0].n_children = kind, 0, 0
    allocation.meet(town, family, WEEK, 0)
    assert (family.working_relationship, family.worker, family.lead, family.n_workers) == (start, 0, 1, 1)
    assert (town.workers[0].n_families, town.workers[0].n_children, events(town, Event.WORKER_CHANGED)) == (
        1,
        2,
        0,
    )


@pytest.mark.parametrize(
    ("unit", "continuity", "lost"), [(0.0, 0.0, 0.6), (1.0, 0.0, 0.3), (0.0, 1.0, 0.48), (1.0, 1.0, 0.24)]
)
def test_a_hand_over_costs_trust_and_relationship_and_units_and_continuity_keep_more(unit, continuity, lost):
    town, family, (one, two) = home(5, 9)
    put(
        town,
        plans__hand_over_keeps=0.4,
        plans__trust_hand_over=0.1,
        effects__unit_hand_over=0.5,
        effects__continuity_keeps=0.2,
    )
    lever(town, continuity=continuity)
    town.teams["unit"] = unit
    town.authority[0].record_quality = town.p.working_time[0].record_usual
    worked(town, family)
    one.legal_status, family.working_relationship = Legal.CHILD_IN_NEED, 0.8
    allocation.meet(town, family, WEEK, 0)
    assert family.working_relationship == pytest.approx(0.8 * (1 - lost))
    assert family.trust == pytest.approx(0.5 - 0.1 * lost)
    assert (one.changes, two.changes, events(town, Event.WORKER_CHANGED)) == (1, 0, 1)


def test_teams_serve_neighbourhoods_in_order_and_all_of_them():
    town = fresh(0.1)
    teams = [int(units.team_of(town, family)) for family in town.families]
    assert len(town.teams) > 1
    assert teams == sorted(teams) and set(teams) == set(range(len(town.teams)))


@pytest.mark.parametrize(
    ("status", "tier", "judged", "times"),
    [
        (Status.CHILD_IN_NEED, Tier.IN_NEED, 0.5, 1.0), (Status.CHILD_IN_NEED, Tier.IN_NEED, 0.6, 1.3),
        (Status.ASSESSMENT, Tier.ASSESSMENT, 0.4, 0.7), (Status.ASSESSMENT, Tier.ASSESSMENT, -1.0, 0.4),
        (Status.CHILD_PROTECTION, Tier.PROTECTION, 0.9, 1.0),
    ],
)  # fmt: skip
def test_an_assessment_or_a_child_in_need_plan_takes_more_hours_as_judged_need_does(status, tier, judged, times):
    town, family, _ = home(5)
    worked(town, family)
    put(town, hours__harder=3.0, hours__usual_need=0.5)
    family.status, family.judged = status, judged
    sharing.add_needs(town)
    usual = sharing.hours_for(town, tier) * sharing.burden(town, town.teams[0].unit)
    assert town.workers[0].need[tier] == pytest.approx(times * usual)


def test_needs_add_up_by_worker_and_children_in_care_take_hours_of_their_own():
    town, family, _ = home(5, 9)
    worked(town, family)
    family.status, family.n_away = Status.CHILD_PROTECTION, 2
    sharing.add_needs(town)
    scale = sharing.burden(town, town.teams[0].unit)
    assert town.workers[0].need[Tier.PROTECTION] == pytest.approx(town.p.hours[0].protection * scale)
    assert town.workers[0].need[Tier.LOOKED_AFTER] == pytest.approx(2 * town.p.hours[0].looked_after * scale)
    assert town.workers["need"].sum() == pytest.approx(town.workers[0].need[2] + town.workers[0].need[5])
