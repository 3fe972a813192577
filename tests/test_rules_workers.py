"""Rules worked by hand: social workers (P7), their hours (P8) and how both reach families (P9)."""

import math

import numpy as np
import pytest
from test_rules_common import WEEK, deal_key, events, fresh, home, lever, put, rules, worked

from familyabm.codes import NEVER, NOBODY, Event, Legal, Status, Tier, Worker
from familyabm.luck import Block

workforce, hours, allocation = rules("workforce"), rules("hours"), rules("allocation")


def plain_base(town) -> None:
    """Put every lever where a typical authority stands."""
    lever(town, **{name: float(town.p.base[0][name]) for name in town.levers.dtype.names})


def test_stress_follows_load_fear_and_targets_and_units_and_relief_ease_it():
    town = fresh()
    plain_base(town)
    put(town, workforce__stress_base=0.4, workforce__stress_load=0.5, workforce__stress_risk_aversion=0.2,
        workforce__stress_targets=0.1, workforce__target_pressure=0.5, effects__unit_stress=0.2,
        effects__relief_stress=0.1)  # fmt: skip
    town.authority[0].load, town.authority[0].risk_aversion = 1.2, 0.5
    assert workforce.conditions(town) == pytest.approx(0.4 + 0.1 + 0.1 + 0.05)
    lever(
        town,
        unit_model=town.p.base[0].unit_model + 0.5,
        bureaucracy_relief=town.p.base[0].bureaucracy_relief + 0.5,
    )
    assert workforce.conditions(town) == pytest.approx(0.65 - 0.1 - 0.05)
    for load, bound in ((9.0, 1.2), (-9.0, 0.1)):
        town.authority[0].load = load
        assert workforce.conditions(town) == bound


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(Worker.PERMANENT, 0.11), (Worker.NEWLY_QUALIFIED, 0.17), (Worker.AGENCY, 0.51)],
)
def test_the_leaving_rate_rises_with_stress_the_first_year_and_agency(kind, expected):
    town = fresh()
    put(
        town,
        workforce__quit_base=0.05,
        workforce__quit_stress=0.12,
        workforce__quit_new=0.06,
        workforce__quit_agency=0.4,
    )
    town.facts[0].turnover = 1.3
    worker = town.workers[0]
    worker.kind, worker.stress = kind, 0.5
    assert workforce.leaving_rate(town, worker, WEEK) == pytest.approx(expected * 1.3 / 52)


@pytest.mark.parametrize(("kind", "counted"), [(Worker.PERMANENT, 0.8), (Worker.AGENCY, 0.0)])
def test_an_agency_worker_who_goes_is_not_a_leaver(kind, counted):
    town = fresh()
    worker = town.workers[0]
    worker.kind, worker.fte = kind, 0.8
    workforce.leave(town, worker, WEEK)
    assert (worker.kind, town.weekly[WEEK].leavers) == (Worker.VACANT, counted)


def test_a_short_illness_lasts_a_week_or_two_and_a_long_one_months():
    town = fresh()
    put(
        town,
        workforce__sick_start=1.0,
        workforce__sick_stress=0.0,
        workforce__sick_short=0.8,
        workforce__sick_long_weeks=9,
    )
    town.facts[0].sickness, worker = 1.0, town.workers[0]
    for length, how_long, back in ((0.79, 0.49, 61), (0.79, 0.51, 62), (0.8, math.exp(-2.01), 60 + 3 + 18)):
        worker.back = NEVER
        workforce.fall_ill(town, worker, WEEK, 0.0, length, how_long)
        assert worker.back == back
    worker.back = NEVER
    workforce.fall_ill(town, worker, WEEK, 1 - math.exp(-1.0), 0.5, 0.5)
    assert worker.back == NEVER


def test_stress_moves_a_share_of_the_way_and_a_first_year_lasts_a_year():
    town = fresh()
    put(town, workforce__stress_moves=0.1, workforce__sick_start=0.0, workforce__quit_base=0.0, workforce__quit_stress=0.0,
        workforce__quit_new=0.0)  # fmt: skip
    worker = town.workers[0]
    for started, kind in ((WEEK - 51, Worker.NEWLY_QUALIFIED), (WEEK - 52, Worker.PERMANENT)):
        worker.kind, worker.started, worker.stress, worker.experience = (
            Worker.NEWLY_QUALIFIED,
            started,
            0.9,
            0.0,
        )
        target = workforce.conditions(town)
        workforce.one_week(town, worker, WEEK)
        assert worker.stress == pytest.approx(0.9 + 0.1 * (target - 0.9))
        assert (worker.kind, worker.experience) == (kind, pytest.approx(1 / 52))


def vacancy(**values: float):
    town = fresh()
    put(town, workforce__attract_base=1.5, workforce__attract_stress=1.0, **values)
    town.facts[0].hiring, town.facts[0].agency, town.authority[0].stress, town.authority[0].frozen = (
        1.2,
        1.5,
        0.5,
        1.0,
    )
    worker = town.workers[0]
    worker.kind = Worker.VACANT
    return town, worker


def test_a_vacancy_is_filled_for_good_as_far_as_the_authority_attracts():
    town, worker = vacancy(workforce__hire=0.1, workforce__agency_fill=0.0, workforce__newly_qualified=0.0)
    chance = 1 - math.exp(-0.1 * 1.0 * 1.2)
    deal_key(town, worker, permanent=(Block.WORKER_STARTS, 0, 0.0, 1.0))
    for low, high, kind in (
        (chance, chance + 0.02, Worker.VACANT),
        (chance - 0.02, chance, Worker.PERMANENT),
    ):
        post = next(np.uint64(k) for k in range(1, 5000)
                    if low <= rules("luck").four(town.luck, np.uint64(k), WEEK, Block.WORKER_STARTS)[0] < high)  # fmt: skip
        worker.post, worker.kind = post, Worker.VACANT
        workforce.recruit(town, worker, WEEK)
        assert worker.kind == kind
    town.authority[0].frozen, worker.kind = 0.5, Worker.VACANT
    workforce.recruit(town, worker, WEEK)
    assert worker.kind == Worker.VACANT


def test_a_vacancy_may_go_to_an_agency_and_an_agency_worker_makes_way_only_for_a_permanent_one():
    town, worker = vacancy(workforce__hire=0.0, workforce__agency_fill=50.0)
    before = worker.holders
    workforce.recruit(town, worker, WEEK)
    assert (worker.kind, worker.holders, worker.started) == (Worker.AGENCY, before + 1, WEEK)
    assert 1.0 < worker.experience < 9.0
    workforce.recruit(town, worker, WEEK)
    assert worker.holders == before + 1
    put(town, workforce__hire=500.0, workforce__newly_qualified=1.0)
    workforce.recruit(town, worker, WEEK)
    assert (worker.kind, worker.experience) == (Worker.NEWLY_QUALIFIED, 0.0)


def test_mean_stress_weighs_workers_by_their_posts_and_falls_back_on_conditions():
    town = fresh(0.05)
    put(town, workforce__stress_moves=0.0, workforce__quit_base=0.0, workforce__quit_stress=0.0, workforce__quit_new=0.0,
        workforce__quit_agency=0.0, workforce__hire=0.0, workforce__agency_fill=0.0)  # fmt: skip
    town.workers["kind"] = Worker.VACANT
    for row, fte, stress in ((0, 1.0, 0.3), (1, 0.5, 0.9)):
        worker = town.workers[row]
        worker.kind, worker.fte, worker.stress = Worker.PERMANENT, fte, stress
    workforce.change(town, WEEK)
    assert town.authority[0].stress == pytest.approx(0.5)
    town.workers["kind"] = Worker.VACANT
    workforce.change(town, WEEK)
    assert town.authority[0].stress == pytest.approx(workforce.conditions(town))


def test_direct_work_grows_with_units_and_relief_and_has_bounds():
    town = fresh()
    plain_base(town)
    put(town, hours__direct=0.25, hours__direct_bureaucracy=0.1, hours__bureaucracy=0.5, hours__direct_targets=0.05,
        workforce__target_pressure=0.6, effects__unit_direct=0.04, effects__relief_direct=0.06)  # fmt: skip
    town.authority[0].bureaucracy = 0.7
    assert hours.direct_share(town) == pytest.approx(0.25 - 0.02 - 0.01)
    lever(
        town,
        unit_model=town.p.base[0].unit_model + 0.5,
        bureaucracy_relief=town.p.base[0].bureaucracy_relief + 0.5,
    )
    assert hours.direct_share(town) == pytest.approx(0.22 + 0.02 + 0.03)
    for direct, bound in ((0.9, 0.55), (0.0, 0.12)):
        put(town, hours__direct=direct)
        assert hours.direct_share(town) == bound


def test_an_hour_is_worth_less_under_load_from_an_agency_and_from_the_inexperienced():
    town = fresh()
    put(town, hours__direct=0.25, hours__potency_direct=0.5, hours__potency_load=1.0, hours__potency_ceiling=1.1,
        hours__potency_agency=0.2, effects__continuity_potency=0.4, workforce__competence_gap=0.3,
        workforce__competence_years=2.0)  # fmt: skip
    lever(town, continuity=0.5)
    worker, authority = town.workers[0], town.authority[0]
    worker.kind, worker.experience, authority.direct_share, authority.load = Worker.PERMANENT, 2.0, 0.16, 1.25
    able = 1 - 0.3 * math.exp(-1)
    expected = 0.8 * 0.8 * 1.0 * able / 0.93
    assert hours.potency(town, worker) == pytest.approx(expected)
    worker.kind = Worker.AGENCY
    assert hours.potency(town, worker) == pytest.approx(expected * 0.8)
    authority.load = 0.2
    assert hours.potency(town, worker) == pytest.approx(expected * 0.8 / 0.8 * 1.1)


@pytest.mark.parametrize(
    ("kind", "back", "paid", "available"),
    [(Worker.PERMANENT, WEEK, 20.0, 18.0), (Worker.NEWLY_QUALIFIED, WEEK, 20.0, 10.8), (Worker.PERMANENT, WEEK + 1, 20.0, 0.0),
     (Worker.VACANT, WEEK, 0.0, 0.0)],
)  # fmt: skip
def test_hours_are_paid_in_sickness_and_not_in_a_vacancy(kind, back, paid, available):
    town = fresh()
    put(town, hours__week=40, hours__leave=0.1, workforce__first_year_caseload=0.6)
    worker, town.authority[0].direct_share = town.workers[0], 0.25
    worker.kind, worker.back, worker.fte = kind, back, 0.5
    hours.hours_of(town, worker, WEEK)
    assert (worker.paid, worker.hours) == (paid, pytest.approx(available))
    assert worker.direct == pytest.approx(0.25 * paid if available else 0.0)
    assert (worker.potency > 0) == (kind != Worker.VACANT)


@pytest.mark.parametrize(
    ("available", "met", "used"),
    [(20.0, [1, 1, 1, 1, 1, 1], 16.0), (9.0, [1, 1, 0.5, 0, 1, 0], 9.0), (0.0, [0, 0, 0, 0, 1, 0], 0.0), (5.0, [1, 0.25, 0, 0, 1, 0], 5.0)],
)  # fmt: skip
def test_hours_go_to_the_most_urgent_tier_until_they_run_out(available, met, used):
    need, fill = np.array([7.0, 4.0, 4.0, 2.0, 4.0, 0.0, 2.0]), np.full(7, -1.0)
    assert allocation.share_out(available, need, fill) == pytest.approx(used)
    assert fill.tolist() == pytest.approx([-1.0, *met])


TIERS = {
    Status.SECTION_47: 0, Status.CONFERENCE: 0, Status.PROCEEDINGS: 1, Status.CHILD_PROTECTION: 2, Status.PRE_PROCEEDINGS: 3,
    Status.ASSESSMENT: 4, Status.CHILD_IN_NEED: 6, Status.REFERRAL: -1, Status.EARLY_HELP: -1, Status.CLOSED: -1,
}  # fmt: skip


@pytest.mark.parametrize("status", TIERS)
def test_every_status_has_its_tier_and_every_tier_its_hours(status):
    town, family, _ = home(5)
    family.status = status
    tier = allocation.tier_of(family)
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
        assert allocation.hours_for(town, tier) == town.p.hours[0][names[tier]]


def test_enquiries_are_staffed_in_full_at_the_cost_of_the_rest():
    town, family, _ = home(5)
    worker, team = town.workers[0], town.teams[0]
    worker.hours, worker.team = 30.0, 0
    worker.need[:], team.need[:] = (0, 0, 20, 0, 0, 0, 10), (15, 0, 20, 0, 0, 0, 10)
    team.hours = 60.0
    allocation.fill_worker(town, worker, 0.0, WEEK)
    assert worker.hours_met.tolist() == pytest.approx([1, 1, 1, 1, 1, 1, 0.25])
    assert town.weekly[WEEK].used_hours == pytest.approx(22.5)
    team.hours_met[:] = (1, 1, 0.5, 1, 1, 1, 0.0)
    allocation.fill_worker(town, worker, 0.4, WEEK)
    assert worker.hours_met.tolist() == pytest.approx([1, 1, 0.8, 1, 1, 1, 0.15])
    team.need[0] = 600.0
    allocation.fill_worker(town, worker, 0.0, WEEK)
    assert worker.hours_met[0] == 1.0 and worker.hours_met[2] == 0.0


def test_a_case_takes_fewer_hours_in_units_and_more_under_fear():
    town = fresh()
    plain_base(town)
    put(town, hours__workload=0.5, hours__need_bureaucracy=0.2, hours__bureaucracy=0.5, hours__need_risk_aversion=0.1,
        effects__unit_need=0.1, effects__relief_need=0.06)  # fmt: skip
    town.authority[0].bureaucracy, town.authority[0].risk_aversion = 0.75, 1.0
    assert allocation.burden(town) == pytest.approx(0.5 * 1.15)
    lever(
        town,
        unit_model=town.p.base[0].unit_model + 0.5,
        bureaucracy_relief=town.p.base[0].bureaucracy_relief + 0.5,
    )
    assert allocation.burden(town) == pytest.approx(0.5 * (1.15 - 0.05 - 0.03))


@pytest.mark.parametrize(
    ("needed", "available", "load"), [(12, 10, 0.8 + 0.24), (90, 10, 0.8 + 0.6), (5, 0, 0.8 + 0.6)]
)
def test_load_remembers_and_never_takes_in_more_than_three(needed, available, load):
    town = fresh()
    put(town, hours__load_memory=0.8)
    town.authority[0].load = 1.0
    allocation.feel_load(town, float(needed), float(available))
    assert town.authority[0].load == pytest.approx(load)


def staffed_team():
    """Return a bigger town in which two workers serve the first team and nobody else is there."""
    town = fresh(0.05)
    town.workers["kind"], town.workers["team"], town.workers["n_families"] = Worker.VACANT, 0, 0
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
    for place, row in enumerate(rows):
        family = town.families[row]
        family.status, family.since, family.judged, family.worker = status, WEEK - 1, 0.0, worker
        town.awake[place] = row
    town.authority[0].n_awake = len(rows)


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
    lever(town, unit_model=unit, continuity=continuity)
    worked(town, family)
    one.legal_status, family.working_relationship = Legal.CHILD_IN_NEED, 0.8
    allocation.meet(town, family, WEEK, 0)
    assert family.working_relationship == pytest.approx(0.8 * (1 - lost))
    assert family.trust == pytest.approx(0.5 - 0.1 * lost)
    assert (one.changes, two.changes, events(town, Event.WORKER_CHANGED)) == (1, 0, 1)


def test_teams_serve_neighbourhoods_in_order_and_all_of_them():
    town = fresh(0.05)
    teams = [allocation.team_of(town, family) for family in town.families]
    assert teams == sorted(teams)
    assert set(teams) == set(range(len(town.teams)))


def test_needs_add_up_by_worker_and_children_in_care_take_hours_of_their_own():
    town, family, _ = home(5, 9)
    worked(town, family)
    family.status, family.n_away = Status.CHILD_PROTECTION, 2
    allocation.add_needs(town)
    scale = allocation.burden(town)
    assert town.workers[0].need[Tier.PROTECTION] == pytest.approx(town.p.hours[0].protection * scale)
    assert town.workers[0].need[Tier.LOOKED_AFTER] == pytest.approx(2 * town.p.hours[0].looked_after * scale)
    assert town.workers["need"].sum() == pytest.approx(town.workers[0].need[2] + town.workers[0].need[5])
