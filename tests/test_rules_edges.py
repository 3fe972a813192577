"""Rules at points where a wrong sign, field or order would go unnoticed elsewhere."""

import math

import pytest
from test_rules_common import WEEK, fresh, home, put, rules

from familyabm.codes import Agency, Factor, Origin, Placement
from familyabm.levers import LEVERS


@pytest.mark.parametrize(
    ("origin", "agency"),
    [(Origin.OFSTED, Agency.OFSTED), (Origin.NATIONAL_REVIEW, Agency.GOVERNMENT), (Origin.DIRECTIVE, Agency.GOVERNMENT),
     (Origin.CABINET, Agency.COUNCIL), (Origin.COMPLAINT, Agency.FAMILY), (Origin.CASE_REVIEW, Agency.SOCIAL_CARE)],
)  # fmt: skip
def test_a_recommendation_bears_the_name_of_whoever_asked_for_it(origin, agency):
    assert rules("recommendations").agency_of(origin) == agency


def test_kin_and_friends_make_a_home_safer_to_come_back_to():
    town, family, (child,) = home(5)
    put(town, harm__network_shelter=0.5)
    family.seen[:], child.own_need = 0, 1.2
    family.seen[Factor.DOMESTIC_ABUSE] = 3
    harms = []
    for family.network in (0.0, 1.0):
        harms.append(rules("seeing").home_as_seen(town, family, child))
    assert harms[0] > 0.0 and harms[1] == pytest.approx(0.5 * harms[0])


def test_trouble_moves_those_more_who_miss_more_school_anyway():
    town, _, (child,) = home(8)
    put(town, schooling__intercept=-3.0, schooling__spread=0.5, schooling__older=0.4)
    child.attends = -2.0
    odds = -2.0 + 0.1 * 2.0
    assert rules("outcomes").absence(town, child, 8 * 52, 0.1) == pytest.approx(1.0 / (1.0 + math.exp(-odds)))
    assert rules("outcomes").absence(town, child, 12 * 52, 0.1) == pytest.approx(1.0 / (1.0 + math.exp(-odds - 0.4)))


@pytest.mark.parametrize(("placement", "shows"), [(Placement.HOME, True), (Placement.IN_HOUSE_FOSTER, False)])
def test_absence_shows_at_home_and_not_that_of_a_child_who_lives_elsewhere(placement, shows):
    town, family, (child,) = home(8)
    child.placement, child.absence, family.missing = placement, 0.9, 0
    rules("outcomes").follow_family(town, family, WEEK)
    assert bool(family.missing > 0) == shows


@pytest.mark.parametrize(("unit", "share"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_a_unit_meets_weekly_however_little_time_its_manager_has(unit, share):
    town = fresh()
    put(town, managers__supervision=0.2, team__supervision_usual=1.0)
    manager = town.managers[0]
    team = town.teams[manager.first_team]
    manager.hours, manager.supervision, team.unit = 40.0, 4.0, unit
    rules("managers").supervised_team(town, manager)
    assert team.supervision == pytest.approx(share)


def test_only_the_ring_fence_needs_nerve_and_only_to_rise():
    town = fresh()
    put(town, environment__usual_nerve=0.8)
    town.authority[0].nerve = 0.4
    improvement = rules("improvement")
    for name, base, policy, held in (("ring_fence", 0.2, 0.9, 0.5), ("ring_fence", 0.9, 0.2, 1.0),
                                     ("continuity", 0.2, 0.9, 1.0), ("continuity", 0.9, 0.2, 1.0)):  # fmt: skip
        put(town, **{f"base__{name}": base})
        town.policy[0][name] = policy
        assert improvement.nerved(town, list(LEVERS).index(name)) == pytest.approx(held), name


@pytest.mark.parametrize(("grade", "first", "last"), [(2, 130, 170), (4, 60, 80)])
def test_the_next_inspection_comes_within_the_spread_of_a_cycle_and_sooner_to_an_inadequate_authority(
    grade, first, last
):
    town = fresh()
    put(town, inspection__cycle=150, inspection__cycle_spread=40, inspection__again_from=60, inspection__again_to=80)
    town.authority[0].raids, ahead = 1, []
    for week in range(WEEK, WEEK + 20):
        rules("inspection").inspect(town, WEEK, grade)
        ahead.append(int(town.authority[0].next_inspection) - WEEK)
        town.luck[0] += 1 + week
    assert first <= min(ahead) < max(ahead) <= last
