"""The world outside: each influence is felt by the one rule that it reaches, and nowhere else."""

import math

import numpy as np
import pytest
from test_rules_care import with_carers
from test_rules_common import WEEK, fresh, home, put, rules
from towns import bytes_of, copy_of, live_weeks, young_town

from familyabm.codes import Factor, Outside, Placement, Worker
from familyabm.shocks import quiet
from familyabm.week import SCHEDULE

AT_REST = quiet(1).outside[0]


REACHES = {
    Outside.EARLY_HELP_FUNDING: (0.5, {"P19"}),
    Outside.EARLY_HELP_PLACES: (0.5, {"P19"}),
    Outside.FOSTER_PLACES: (0.05, {"P15"}),
    Outside.COURT_PLACES: (0.05, {"P6", "P14"}),  # the court counts among services that buckle
    Outside.WORKERS: (5.0, {"P7"}),
    Outside.NOTIFY: (5.0, {"P4"}),
    Outside.POVERTY: (20.0, {"P1", "P2"}),
    Outside.THRESHOLD: (0.2, {"P5", "P10", "P11", "P12"}),
    Outside.TARGET_PRESSURE: (0.6, {"P7", "P8", "P11"}),
    Outside.RISK_AVERSION: (1.0, {"P18"}),
    Outside.INSPECTION: (4.0, {"P18"}),
}


@pytest.mark.slow
def test_each_influence_from_outside_acts_where_it_may_and_nowhere_else():
    town = live_weeks(young_town(scale=0.004), 36)
    found = {column: set() for column in REACHES}
    for now in range(36, 40):
        for code, _, _, process in SCHEDULE:
            plain = bytes_of(after(process, town, now))
            for column, (moved, _) in REACHES.items():
                if bytes_of(after(process, town, now, column, moved)) != plain:
                    found[column].add(code)
            process(town, now)
    for column, (_, allowed) in REACHES.items():
        assert found[column] <= allowed, column.name
    for column in (Outside.EARLY_HELP_FUNDING, Outside.POVERTY, Outside.TARGET_PRESSURE, Outside.RISK_AVERSION):
        assert found[column], column.name


def after(process, town, week: int, column: Outside = Outside.POVERTY, moved: float = 0.0):
    """Return a copy of the town after one process with one influence moved, which is then put back."""
    world = copy_of(town)
    world.outside[:, column] = moved
    process(world, week)
    world.outside[:] = AT_REST
    return world


def hit(town, column: Outside, value: float) -> None:
    """Let one influence from outside stand at a value this week."""
    town.outside[int(town.authority[0].now), column] = value


outside, circumstances, noticing = rules("outside"), rules("circumstances"), rules("noticing")
money, attendance, environment = rules("money"), rules("attendance"), rules("environment")
common, assessment, court = rules("common"), rules("assessment"), rules("court")
entry, workforce, hours = rules("entry"), rules("workforce"), rules("hours")


def test_the_week_opens_on_its_own_row_and_reckons_what_poverty_does():
    town = fresh()
    put(town, outside__poverty_onset=0.03)
    town.authority[0].first_week = 50
    town.outside[7, Outside.POVERTY] = 10.0
    outside.begin_week(town, 57)
    assert (town.authority[0].now, town.authority[0].hardship) == (7, math.exp(0.3))
    outside.begin_week(town, 58)
    assert town.authority[0].hardship == 1.0


@pytest.mark.parametrize("factor", Factor)
def test_hardship_multiplies_the_ordinary_rise_of_every_factor(factor):
    town, family, _ = home(5)
    before = circumstances.ordinary_rise(town, family, WEEK, factor, 1)
    town.authority[0].hardship = 1.5
    assert circumstances.ordinary_rise(town, family, WEEK, factor, 1) == pytest.approx(1.5 * before)


def test_the_quick_looks_stay_upper_bounds_in_hardship_and_when_police_notify_everything():
    random = np.random.default_rng(1)
    town = fresh()
    for trial in range(300):
        row = int(random.integers(len(town.families)))
        family = town.families[row]
        family.level[:] = 0
        town.authority[0].hardship = float(random.uniform(1.0, 3.0))
        town.authority[0].prevention = float(random.uniform(0.0, 2.0))
        circumstances.set_limits(town, WEEK)
        hit(town, Outside.NOTIFY, float(random.uniform(0.0, 5.0)))
        town.family_hand[:] = random.integers(0, 2**32, len(town.family_hand), dtype=np.uint32) // (
            1 + 400 * (trial % 2)
        )
        town.hands[:] = random.integers(0, 2**32, len(town.hands), dtype=np.uint32) // (1 + 400 * (trial % 2))
        for place in range(family.first_adult, family.first_adult + family.n_adults):
            town.adults[place].mental_health = town.adults[place].substance_misuse = 0
        if circumstances.untouched(town, family, WEEK, row):
            circumstances.home_changes(town, family, WEEK, row)
            for place in range(family.first_adult, family.first_adult + family.n_adults):
                circumstances.adult_changes(town, family, WEEK, place)
                assert town.adults[place].mental_health == town.adults[place].substance_misuse == 0
            assert family.level.sum() == 0
        family.level[:] = random.integers(0, 4, 4)
        family.harm = family.strain = float(random.uniform(0.0, 1.0))
        rate = np.zeros(7)
        noticing.rates(town, family, WEEK, rate)
        total = noticing.weigh(town, family, WEEK, rate)
        assert total <= noticing.at_most(town, family) * noticing.busiest(town, WEEK) + 1e-12


def test_police_notify_a_multiple_of_what_they_did_and_never_more_than_all():
    town, family, _ = home(5)
    put(town, noticing__police_notify=0.4)
    family.level[:] = (0, 0, 0, 2)
    assert attendance.notified(town, family) == pytest.approx(0.4)
    for worst, told in ((1, 0.4**2.0), (3, 0.4 ** (2.0 / 3.0)), (2, 0.4)):
        family.level[:] = (0, 0, worst, 1)
        put(town, noticing__police_selects=1.0)
        assert attendance.notified(town, family) == pytest.approx(told)
        put(town, noticing__police_selects=0.0)
        assert attendance.notified(town, family) == pytest.approx(0.4)
    hit(town, Outside.NOTIFY, 1.5)
    assert attendance.notified(town, family) == pytest.approx(0.6)
    hit(town, Outside.NOTIFY, 5.0)
    assert attendance.notified(town, family) == 1.0


def test_an_order_from_outside_moves_the_door_in_full_and_the_assessment_by_its_share():
    town = fresh()
    put(town, assessment__threshold_ration=0.7)
    door, need = common.rationing(town), assessment.in_need_threshold(town)
    hit(town, Outside.THRESHOLD, 0.06)
    assert common.rationing(town) == pytest.approx(door + 0.06)
    assert assessment.in_need_threshold(town) == pytest.approx(need + 0.042)


@pytest.mark.parametrize(
    ("own", "added", "felt"), [(0.4, 0.3, 0.7), (0.4, 0.9, 1.0), (0.4, -0.9, 0.0), (0.4, 0.0, 0.4)]
)
def test_target_pressure_adds_to_the_authoritys_own_between_none_and_full(own, added, felt):
    town = fresh()
    put(town, workforce__target_pressure=own, workforce__stress_targets=0.1, hours__direct_targets=0.05)
    town.authority[0].load = 1.0
    team = town.teams[0]
    stress, direct = workforce.conditions(town, team, 0.0), hours.direct_share(town, 0.0)
    hit(town, Outside.TARGET_PRESSURE, added)
    assert outside.target_pressure(town) == pytest.approx(felt)
    assert workforce.conditions(town, team, 0.0) - stress == pytest.approx(0.1 * (felt - own))
    assert hours.direct_share(town, 0.0) - direct == pytest.approx(-0.05 * (felt - own))


def test_a_cut_takes_its_share_of_early_help_as_it_is_now_and_gives_it_back_when_it_ends():
    town = fresh()
    account = town.money[0]
    account.early_help_budget, acute = 800_000.0, account.acute_budget
    hit(town, Outside.EARLY_HELP_FUNDING, 0.5)
    money.follow_funding(town)
    money.follow_funding(town)
    assert (account.early_help_budget, account.acute_budget) == (400_000.0, acute)
    assert account.early_help_base == town.facts[0].early_help_start
    hit(town, Outside.EARLY_HELP_FUNDING, 1.0)
    money.follow_funding(town)
    assert account.early_help_budget == 800_000.0


def test_fewer_places_for_the_same_money():
    town = fresh()
    put(town, early_help__targeted_share=0.2, early_help__place_cost=200)
    town.money[0].early_help_budget, town.authority[0].early_help_places = 1_000_000.0, 100.0
    hit(town, Outside.EARLY_HELP_PLACES, 0.6)
    money.fund_places(town)
    assert town.authority[0].early_help_places == pytest.approx(6.0)
    assert town.money[0].early_help_budget == 1_000_000.0


def test_lost_foster_places_send_a_child_on_to_independent_carers_and_then_to_a_home():
    town, family, (child,) = home(8, town=with_carers(fresh(), 10))
    put(town, placements__foster_full=1.0, carers__least_fit=0.0)
    town.facts[0].agency_places, town.facts[0].homes_places = 20.0, 9.0
    town.authority[0].in_house_used, town.authority[0].agency_used = 8.0, 15.0
    places = []
    for left in (1.0, 0.79, 0.74):
        hit(town, Outside.FOSTER_PLACES, left)
        places.append(entry.family_place(town, family, child, WEEK))
    assert places == [Placement.IN_HOUSE_FOSTER, Placement.AGENCY_FOSTER, Placement.CHILDRENS_HOME]


def test_fewer_court_places_lengthen_the_queue():
    town, family, _ = home(5)
    put(
        town,
        court__weeks=30,
        court__weeks_queue=20,
        court__spread=0.0,
        court__late_report=0.0,
        effects__joint_court=0.0,
    )
    put(town, court__headroom=1.0, court__others=1.0)
    town.authority[0].court_usual, town.authority[0].court_fits = 9.0, 9.0
    assert court.hearing_weeks(town, family, WEEK) == 30
    hit(town, Outside.COURT_PLACES, 0.5)
    assert court.hearing_weeks(town, family, WEEK) == 50


def test_recruitment_stands_still_when_nobody_can_be_found():
    town = fresh()
    put(town, workforce__hire=0.06, workforce__agency_fill=0.0)
    town.facts[0].hiring = 100.0
    worker = town.workers[0]
    for found, kind in ((0.0, Worker.VACANT), (5.0, Worker.PERMANENT)):
        worker.kind = Worker.VACANT
        hit(town, Outside.WORKERS, found)
        for week in range(WEEK, WEEK + 20):
            if worker.kind == Worker.VACANT:
                workforce.recruit(town, worker, week)
        assert worker.kind in ((kind,) if kind == Worker.VACANT else (kind, Worker.NEWLY_QUALIFIED))


def test_a_blow_from_outside_frightens_and_fear_fades_by_a_share_a_week_up_to_a_ceiling():
    town, _, _ = home(5)
    put(town, environment__fear_keeps=0.9)
    town.facts[0].whole = town.p.incidents[0].reach
    now, felt = town.authority[0], []
    now.raids = 1
    for blow in (1.0, 1.0, 0.0):
        hit(town, Outside.RISK_AVERSION, blow)
        environment.calm_down(town)
        environment.frighten(town, outside.outside_now(town, Outside.RISK_AVERSION), 0.0)
        felt.append(float(now.risk_aversion))
    assert felt == pytest.approx([1.0, 1.5, 1.35])
