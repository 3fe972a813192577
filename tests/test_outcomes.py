"""Children's development, behaviour, schooling, drinking and risk outside the home (P3), and the yearly census."""

import numpy as np
import pytest
from test_rules_common import WEEK, events, fresh, home, put, rules
from towns import awaken, copy_of, snapshot, young_town

from familyabm import measures
from familyabm.codes import NEVER, Category, Event, Factor, Failure, Fate, Legal, Placement, Standing
from familyabm.luck import fate_of
from familyabm.parameters import DEFAULT
from familyabm.tables import ADULTHOOD

outcomes, census, harm, noticing = rules("outcomes"), rules("census"), rules("harm"), rules("noticing")
coding, newcomers, households, entry = rules("coding"), rules("newcomers"), rules("households"), rules("entry")
STATES = ("physical", "emotional", "behaviour", "missed")


def pupil(age: float = 9.0):
    """Return a town and a child of this age whose development is worked out up to four weeks ago."""
    town, family, (child,) = home(age)
    child.grown, child.drinking, child.risk_outside, child.missed = WEEK - 4, 0, 0, 0.0
    child.physical_start, child.emotional_start, child.temper, child.attends = 0.2, -0.1, 8.0, -2.6
    child.physical, child.emotional, child.behaviour = -0.5, -0.9, 15.0
    return town, family, child


@pytest.mark.parametrize("age", [0.5, 4.8, 11.8, 15.7])
def test_weeks_of_quiet_worked_out_at_once_equal_weeks_lived_one_by_one(age):
    at_once, _, one = pupil(age)
    stepped = copy_of(at_once)
    other = stepped.children[stepped.families[at_once.awake[0]].first_child]
    outcomes.rest(at_once, one, 52)
    for _ in range(52):
        outcomes.rest(stepped, other, 1)
    assert one.grown == other.grown == WEEK + 48
    for state in STATES:
        digits = 1e-5 if state in ("physical", "emotional") else 1e-12  # those two are kept in 4 bytes
        assert one[state] == pytest.approx(other[state], rel=digits, abs=digits)
    assert one.absence == other.absence


@pytest.mark.parametrize("split", [4, 20, 48])
def test_quiet_drinking_is_the_same_however_often_it_is_looked_at(split):
    for seed in range(12):
        town, _, child = pupil(15)
        town.luck[0] = seed
        put(town, young_drinking__worse=0.05, young_drinking__eases=0.05)
        child.grown, child.drinking = WEEK - 1, 1
        other = copy_of(town)
        again = other.children[other.families[town.awake[0]].first_child]
        outcomes.rest(town, child, 52)
        outcomes.rest(other, again, split)
        outcomes.rest(other, again, 52 - split)
        assert (child.drinking, child.drinks) == (again.drinking, again.drinks)


def test_a_drink_begins_on_the_date_drawn_at_birth_where_nothing_goes_on():
    town, _, child = pupil(14)
    child.drinks = WEEK + 9
    outcomes.rest(town, child, 12)
    assert child.drinking == 0
    outcomes.rest(town, child, 4)
    assert child.drinking == 1


def test_dates_of_risk_are_drawn_at_birth_and_are_the_same_in_every_future():
    first = young_town(0.01, seed=5)
    second = copy_of(first)
    second.luck[:] = fate_of(5, 7)
    newcomers.settle_all(second)
    for name in ("at_risk", "drinks", "physical_start", "emotional_start", "temper", "attends", "fated", "fate"):
        assert np.array_equal(first.children[name], second.children[name])
    dated = first.children[first.children["at_risk"] != NEVER]
    age = dated["at_risk"].astype(int) - dated["born"]
    assert len(dated) and (age >= 11 * 52).all() and (age < ADULTHOOD).all()


def test_the_base_onset_of_risk_has_the_chance_that_its_rate_says():
    rate = 0.001
    drawn = [newcomers.week_of_onset(0, 572, rate, (n + 0.5) / 2000) for n in range(2000)]
    begun = np.mean([week != NEVER for week in drawn])
    assert begun == pytest.approx(1.0 - np.exp(-rate * (ADULTHOOD - 572)), abs=0.002)
    assert newcomers.week_of_onset(0, 572, 0.0, 0.5) == NEVER


def test_a_quiet_family_wakes_in_the_week_that_risk_outside_the_home_begins():
    town, family, child = pupil(13)
    child.at_risk, family.stirs = WEEK + 2, WEEK
    households.stir(town, family, WEEK)
    assert (family.stirs, child.risk_outside) == (WEEK + 2, 0)
    households.stir(town, family, WEEK + 2)
    assert (child.risk_outside, family.outside) == (1, 1)
    assert rules("circumstances").awake(family, WEEK + 2)


def test_harm_takes_development_and_quiet_gives_it_back_within_bounds():
    town, family, child = pupil(1.0)
    before = child.physical, child.emotional
    child.harm = 0.9
    outcomes.develop(town, child, 52, 26)
    assert child.physical < before[0] and child.emotional < before[1]
    assert before[1] - child.emotional > before[0] - child.physical
    for _ in range(60):
        outcomes.develop(town, child, 52, 26)
    p = town.p.development[0]
    assert child.emotional == p.lowest <= child.physical
    child.harm = 0.0
    outcomes.develop(town, child, 52, 52)
    assert child.emotional > p.lowest


def test_the_youngest_lose_most():
    lost = []
    for age in (1, 4, 8, 14):
        town, _, child = pupil(age)
        child.harm, before = 0.5, child.emotional
        outcomes.develop(town, child, 52 * age, 4)
        lost.append(before - child.emotional)
    assert lost == sorted(lost, reverse=True) and lost[0] > lost[-1]


@pytest.mark.parametrize("cause", ["harm", "risk_outside", "far"])
def test_difficulties_rise_with_harm_risk_and_unsettled_care_and_stay_within_the_scale(cause):
    town, _, child = pupil(13)
    child.legal_status, child.placed, child.broke_down = Legal.SECTION_20, WEEK - 100, NEVER
    calm = copy_of(town).children[np.flatnonzero(town.children["key"] == child.key)[0]]
    child[cause] = 1
    for one in (child, calm):
        outcomes.behave(town, one, WEEK, 52)
    assert 0.0 <= calm.behaviour < child.behaviour <= 40.0


def test_school_is_missed_with_harm_and_less_in_a_settled_placement():
    town, family, child = pupil(9)
    child.harm = 0.4
    at_home = outcomes.trouble_at_school(town, family, child, WEEK)
    child.legal_status, child.placed, child.broke_down = Legal.CARE_ORDER, WEEK - 52, NEVER
    settled = outcomes.trouble_at_school(town, family, child, WEEK)
    child.placed = WEEK - 4
    assert settled < outcomes.trouble_at_school(town, family, child, WEEK) == at_home
    calm = outcomes.absence(town, child, 9 * 52, 0.0)
    assert calm < outcomes.absence(town, child, 9 * 52, at_home) < 1.0
    assert calm < outcomes.absence(town, child, 12 * 52, 0.0)


def test_school_weeks_are_counted_as_the_calendar_has_them():
    weeks = [week for week in range(200) if week % 52 not in outcomes.CLOSED]
    for first, last in ((0, 51), (10, 10), (17, 21), (30, 140), (51, 52), (9, 8)):
        assert outcomes.school_weeks(first, last) == sum(first <= week <= last for week in weeks)


def test_nobody_misses_school_before_five_or_after_sixteen():
    for age in (4.0, 16.2):
        town, _, child = pupil(age)
        child.grown = WEEK
        outcomes.rest(town, child, 40)
        assert child.missed == 0.0 and child.absence == 0.0


def test_school_protects_missing_it_raises_risk_outside_the_home():
    town, _, child = pupil(14)
    child.harm, child.absence = 0.3, 0.0
    there = outcomes.push_outside(town, child)
    child.absence = 0.8
    assert outcomes.push_outside(town, child) > there > 1.0


def test_youth_work_holds_risk_outside_the_home_down_and_its_loss_raises_it():
    town, _, child = pupil(15)
    put(town, extra_familial__youth_work=0.8)
    child.harm, child.absence = 0.0, 0.0
    town.authority[0].prevention = 1.0
    assert outcomes.push_outside(town, child) == 1.0
    town.authority[0].prevention = 0.5
    assert outcomes.push_outside(town, child) == pytest.approx(np.exp(0.4))
    town.authority[0].prevention = 1.3
    assert outcomes.push_outside(town, child) < 1.0


def test_risk_outside_the_home_begins_sooner_under_trouble_worsens_eases_and_comes_to_be_known():
    began = []
    for trouble in (0.0, 0.9):
        town, family, child = pupil(14)
        put(town, extra_familial__onset=0.01, extra_familial__eases=0.0, extra_familial__seen=1.0)
        child.harm, weeks = trouble, range(3, 300, 4)
        levels = []
        for week in weeks:
            child.born = week - 14 * 52
            outcomes.month_of_risk(town, family, child, week)
            levels.append(int(child.risk_outside))
        began.append(levels)
        assert set(levels) <= {0, 1, 2, 3}
    assert max(began[0]) == 0 < max(began[1])
    assert child.risk_seen == child.risk_outside
    put(town, extra_familial__worse=0.0, extra_familial__eases=10.0)
    for week in (303, 307, 311):
        outcomes.month_of_risk(town, family, child, week)
    assert (child.risk_outside, child.risk_seen) == (0, 0)


def test_risk_outside_puts_half_a_level_of_strain_on_that_child_alone():
    town, family, (one, two) = home(13, 13)
    one.risk_outside, one.own_need = 2, 0.25
    assert harm.strain_of_its_own(town, one) == pytest.approx(0.25 + 2 * town.p.extra_familial[0].strain)
    one.harm = two.harm = family.strain = 0.0
    for child in (one, two):
        harm.feel(town, family, child, WEEK, 0.0)
    assert one.harm > two.harm == 0.0


def test_risk_outside_and_absence_raise_contacts_and_the_quick_bound_still_holds():
    town, family, _ = home(14)
    rate = np.zeros(7)
    family.harm = 0.3
    noticing.rates(town, family, 4, rate)
    calm = rate.copy()
    family.outside, family.missing = 2, 60
    noticing.rates(town, family, 4, rate)
    assert rate[0] > calm[0] and rate[1] > calm[1] * (1.0 - town.p.schooling[0].unseen * 0.6)
    for outside in range(4):
        for missing in (0, 30, 60, 100):
            family.outside, family.missing = outside, missing
            for week in range(52):
                noticing.rates(town, family, week, rate)
                most = noticing.at_most(town, family) * noticing.busiest(town, week)
                assert noticing.weigh(town, family, week, rate) <= most + 1e-12
    family.missing, family.outside = 40, 0
    noticing.rates(town, family, 4, rate)
    assert rate[1] < calm[1]


def test_significant_risk_outside_brings_teenagers_into_care_whatever_happens_at_home():
    placements = rules("placements")
    town, family, child = pupil(15)
    assert placements.edge_rate(town, family, child, WEEK) == 0.0
    child.risk_outside = 3
    assert placements.edge_rate(town, family, child, WEEK) == pytest.approx(2 * town.p.extra_familial[0].entry)


def test_young_people_drink_more_with_harm_parents_who_drink_and_risk_outside():
    town, family, child = pupil(15)
    calm = outcomes.push_to_drink(town, family, child)
    assert calm == 1.0
    for row, field, value in ((child, "harm", 0.5), (child, "risk_outside", 1)):
        row[field] = value
        assert outcomes.push_to_drink(town, family, child) > calm
        calm = outcomes.push_to_drink(town, family, child)
    family.level[Factor.SUBSTANCE_MISUSE] = 2
    assert outcomes.push_to_drink(town, family, child) > calm
    child.placement = Placement.IN_HOUSE_FOSTER
    assert outcomes.push_to_drink(town, family, child) == calm


def test_a_plan_names_the_kind_of_harm_that_is_known_and_a_second_for_the_same_is_a_broken_solution():
    town, family, child = pupil(9)
    put(town, category_mix__sexual=0.0)
    family.seen[:] = 0
    family.seen[Factor.SUBSTANCE_MISUSE] = 3
    assert coding.named_category(town, family, child, WEEK) == Category.NEGLECT
    family.seen[:] = 0
    family.seen[Factor.DOMESTIC_ABUSE] = 3
    assert coding.named_category(town, family, child, WEEK) in (Category.EMOTIONAL, Category.PHYSICAL)
    child.plan_ended, child.category = WEEK - 50, Category.NEGLECT
    assert coding.of_plan(town, family, child, WEEK, Category.NEGLECT) == Failure.F9_BROKEN_SOLUTION
    assert coding.of_plan(town, family, child, WEEK, Category.EMOTIONAL) == Failure.VALUE


def test_children_who_arrive_alone_are_counted_apart_and_cannot_go_home():
    town, family, child = pupil(16.5)
    child.fated, child.fate = WEEK, Fate.ALONE
    entry.enter_care(town, family, child, WEEK, Legal.SECTION_20)
    assert events(town, Event.ARRIVED_ALONE) == 1 == town.weekly[WEEK].unpreventable
    assert rules("leaving_care").home_rate(town, family, child, WEEK) == 0.0
    child.fate = Fate.OTHER
    assert rules("leaving_care").home_rate(town, family, child, WEEK) > 0.0


def test_more_children_arrive_alone_where_more_are_looked_after():
    town = young_town(0.02)
    town.facts[0].arriving_alone = 0.0
    newcomers.settle_all(town)
    assert not (town.children["fate"] == Fate.ALONE).any()
    town.facts[0].arriving_alone = 100.0
    newcomers.settle_all(town)
    alone = town.children["fate"] == Fate.ALONE
    assert alone.mean() == pytest.approx(0.18, abs=0.05)
    age = town.children["fated"].astype(int)[alone] - town.children["born"][alone]
    assert (age >= 15 * 52).all() and (age < ADULTHOOD).all()


def test_a_home_with_a_guardian_may_not_last():
    town, family, child = pupil(9)
    put(town, edge_of_care__settled_breaks=1e6)
    child.legal_status, child.placement, family.n_settled = Legal.SPECIAL_GUARDIANSHIP, Placement.PERMANENT_FAMILY, 1
    child.care_began = WEEK - 100
    rules("placements").care_for(town, family, WEEK)
    assert (child.legal_status, family.n_settled, family.n_away) == (Legal.SECTION_20, 0, 1)
    assert events(town, Event.CARE_AGAIN) == 1


@pytest.mark.parametrize(("weeks", "counted"), [(40, (1, 1, 1)), (90, (0, 1, 1)), (200, (0, 0, 1)), (300, (0, 0, 0))])
def test_children_back_in_care_are_counted_by_the_time_since_they_went_home(weeks, counted):
    town, family, child = pupil(9)
    child.care_began, child.came_home = WEEK - 350, WEEK - weeks
    entry.enter_care(town, family, child, WEEK, Legal.SECTION_20)
    row = town.weekly[WEEK]
    assert (row.home_again_1, row.home_again_2, row.home_again_5) == counted


def test_the_census_counts_every_child_once_and_starts_a_new_year_of_attendance():
    town = fresh(0.004)
    awaken(town)
    for child in town.children:
        child.missed = 3.7 if 6 * 52 <= 51 - child.born < 16 * 52 else 0.0
        child.grown = max(child.born, 51)
    town.children["legal_status"][:40] = Legal.CHILD_PROTECTION_PLAN
    census.take_census(town, 51)
    age = 51 - town.children["born"].astype(int)
    living = (age >= 0) & (age < ADULTHOOD)
    row = town.weekly[51]
    assert row.growing.sum() == living.sum()
    assert row.growing[Standing.PLAN] == living[:40].sum()
    assert row.persistent.sum() == ((age >= 6 * 52) & (age < 16 * 52)).sum() > 0 == row.severe.sum()
    assert row.pupils.sum() > row.persistent.sum()
    assert (town.children["missed"][living] == 0.0).all()
    census.take_census(town, 50)
    assert town.weekly[50].growing.sum() == 0


@pytest.mark.slow
def test_absence_is_ordered_as_official_figures_have_it():
    """V15: in need about twice all pupils, plans the worst for severe absence, settled care better than in need."""
    past = snapshot("Wakefield", 0.4).past
    years = measures.by_year(past[-520:])
    found = years.mean()
    assert 1.5 < found["absence_in_need"] / found["absence_all"] < 3.0
    assert found["severe_absence_plan"] > found["severe_absence_in_need"] > found["severe_absence_all"]
    assert found["absence_settled_in_care"] < found["absence_in_need"]
    assert 5.0 < found["absence_all"] < 10.0
    assert found["development_plan"] < found["development_all"]


def test_every_number_here_is_within_its_range():
    groups = ("development.", "schooling.", "extra_familial.", "young_drinking.", "category_mix.", "carers.", "market.")
    found = [address for address in DEFAULT.values if address.startswith(groups)]
    assert len(found) > 60
    assert all(DEFAULT.register[a].low <= DEFAULT[a] <= DEFAULT.register[a].high for a in found)
