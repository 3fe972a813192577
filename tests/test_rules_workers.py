"""Rules worked by hand: social workers (P7) and their hours (P8)."""

import math

import numpy as np
import pytest
from test_rules_common import WEEK, fresh, lever, put, rules

from familyabm.codes import NEVER, Worker
from familyabm.luck import Block

workforce, hours = rules("workforce"), rules("hours")


def plain_base(town) -> None:
    """Put every lever where a typical authority stands."""
    lever(town, **{name: float(town.p.base[0][name]) for name in town.levers.dtype.names})
    town.teams["unit"] = town.p.base[0].unit_model
    town.teams["cohesion"], town.teams["supervision"] = town.p.team[0].cohesion_usual, town.p.team[0].supervision_usual
    town.authority[0].squeezed = 0.0


def test_stress_follows_load_fear_and_targets_and_units_and_relief_ease_it():
    town = fresh()
    plain_base(town)
    put(town, workforce__stress_base=0.4, workforce__stress_load=0.5, workforce__stress_risk_aversion=0.2,
        workforce__stress_targets=0.1, workforce__target_pressure=0.5, effects__unit_stress=0.2,
        effects__relief_stress=0.1)  # fmt: skip
    town.authority[0].load, town.authority[0].risk_aversion = 1.2, 0.5
    assert workforce.conditions(town, town.teams[0], float(town.authority[0].risk_aversion)) == pytest.approx(
        0.4 + 0.1 + 0.1 + 0.05
    )
    lever(town, bureaucracy_relief=town.p.base[0].bureaucracy_relief + 0.5)
    town.teams["unit"] = town.p.base[0].unit_model + 0.5
    assert workforce.conditions(town, town.teams[0], float(town.authority[0].risk_aversion)) == pytest.approx(
        0.65 - 0.1 - 0.05
    )
    for load, bound in ((9.0, 1.2), (-9.0, 0.1)):
        town.authority[0].load = load
        assert workforce.conditions(town, town.teams[0], float(town.authority[0].risk_aversion)) == bound


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
        target = workforce.conditions(town, town.teams[worker.team], workforce.own_caution(town, worker))
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
    town, worker = vacancy(
        hiring__lead_weeks=0, workforce__hire=0.1, workforce__agency_fill=0.0, workforce__newly_qualified=0.0
    )
    chance = 1 - math.exp(-0.1 * 1.0 * 1.2)
    for low, high, kind in (
        (chance, chance + 0.02, Worker.VACANT),
        (chance - 0.02, chance, Worker.PERMANENT),
    ):
        post = next(np.uint64(k) for k in range(1, 5000)
                    if low <= rules("luck").four(town.luck, np.uint64(k), WEEK, Block.WORKER_STARTS)[0] < high)  # fmt: skip
        worker.post, worker.kind, worker.starts = post, Worker.VACANT, NEVER
        workforce.recruit(town, worker, WEEK)
        assert worker.kind == kind
    town.authority[0].frozen, worker.kind, worker.starts = 0.5, Worker.VACANT, NEVER
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
    put(town, workforce__hire=500.0, workforce__newly_qualified=1.0, hiring__lead_weeks=12)
    for week in range(WEEK, WEEK + 12):
        workforce.recruit(town, worker, week)
        assert worker.kind == Worker.AGENCY
    workforce.recruit(town, worker, WEEK + 12)
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
    assert town.authority[0].stress == pytest.approx(
        workforce.conditions(town, town.teams[0], float(town.authority[0].risk_aversion))
    )


def test_direct_work_grows_with_units_and_relief_and_has_bounds():
    town = fresh()
    plain_base(town)
    put(town, hours__direct=0.25, hours__direct_bureaucracy=0.1, hours__bureaucracy=0.5, hours__direct_targets=0.05,
        workforce__target_pressure=0.6, effects__unit_direct=0.04, effects__relief_direct=0.06)  # fmt: skip
    town.authority[0].bureaucracy = 0.7
    assert hours.direct_share(town, float(town.teams[0].unit)) == pytest.approx(0.25 - 0.02 - 0.01)
    lever(town, bureaucracy_relief=town.p.base[0].bureaucracy_relief + 0.5)
    town.teams["unit"] = town.p.base[0].unit_model + 0.5
    assert hours.direct_share(town, float(town.teams[0].unit)) == pytest.approx(0.22 + 0.02 + 0.03)
    for direct, bound in ((0.9, 0.55), (0.0, 0.12)):
        put(town, hours__direct=direct)
        assert hours.direct_share(town, float(town.teams[0].unit)) == bound


def test_an_hour_is_worth_less_under_load_from_an_agency_and_from_the_inexperienced():
    town = fresh()
    put(town, hours__direct=0.25, hours__potency_direct=0.5, hours__potency_load=1.0, hours__potency_ceiling=1.1,
        hours__potency_agency=0.2, effects__continuity_potency=0.4, workforce__competence_gap=0.3,
        workforce__competence_years=2.0)  # fmt: skip
    lever(town, continuity=0.5)
    worker, authority, team = town.workers[0], town.authority[0], town.teams[0]
    worker.visits = town.p.working_time[0].usual_visits
    worker.kind, worker.experience, team.direct_share, authority.load = Worker.PERMANENT, 2.0, 0.16, 1.25
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
    put(town, working_time__august=1.0)
    worker, town.teams[0].direct_share = town.workers[0], 0.25
    worker.kind, worker.back, worker.fte = kind, back, 0.5
    hours.hours_of(town, worker, WEEK)
    hours.worth_of(town, worker, WEEK)
    assert (worker.paid, worker.hours) == (paid, pytest.approx(available))
    assert worker.direct == pytest.approx(0.25 * paid if available else 0.0)
    assert (worker.potency > 0) == (kind != Worker.VACANT)
