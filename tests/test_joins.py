"""Where one part of the week reaches into another, worked by hand: each of these joins would fail in silence."""

import math

import numpy as np
import pytest
from test_rules_common import WEEK, events, fresh, heads, home, put, rules, worked
from test_rules_front_door import at_the_door
from test_rules_help import under_assessment
from test_rules_protection import enquired

from familyabm.codes import Agency, Event, Factor, Grade, Outside, Panel, Phase, Placement, Status
from familyabm.luck import Block

CALM = {"front_door__ration": 0.1, "front_door__usual_load": 1.0, "front_door__ration_floor": -0.5}
"""Thresholds that fall by 0.05 where half the hours are to spare."""


@pytest.mark.parametrize(
    ("factor", "owner"),
    [(Factor.HOUSING, Agency.HOUSING), (Factor.MENTAL_HEALTH, Agency.ADULT_MENTAL_HEALTH),
     (Factor.DOMESTIC_ABUSE, Agency.DOMESTIC_ABUSE_SERVICE)],
)  # fmt: skip
def test_a_service_that_refuses_a_family_owns_the_failure_demand_that_follows(factor, owner):
    town, family, _ = home(5)
    rules("adult_services").bounce(town, family, WEEK, factor, 1.0, 2.0)
    assert family.passed_by == owner


def test_only_a_programme_that_raises_a_lever_pays_for_its_design():
    town, money = fresh(), rules("money")
    town.authority[0].phase = Phase.DESIGN
    for name in town.policy.dtype.names:
        town.policy[name] = town.levers[name] = town.p.base[name]
    idle = money.lever_cost(town, WEEK)
    town.policy["continuity"] = 0.0
    assert money.lever_cost(town, WEEK) == idle
    town.policy["continuity"] = 0.9
    designed = town.p.programme[0].set_up / town.p.programme[0].design_weeks * town.facts[0].ten_thousands * 100
    assert money.lever_cost(town, WEEK) - idle == pytest.approx(designed, abs=1.0)


def test_a_blow_from_outside_is_felt_in_full_whatever_the_size_and_never_beyond_the_most():
    town, environment = fresh(), rules("environment")
    put(town, environment__most_fear=1.5)
    for whole in (10_000.0, 500_000.0):
        town.facts[0].whole, town.authority[0].risk_aversion, town.outside[:, Outside.RISK_AVERSION] = whole, 0.2, 0.6
        environment.take_a_blow(town)
        assert town.authority[0].risk_aversion == pytest.approx(0.8)
    town.outside[:, Outside.RISK_AVERSION] = 5.0
    environment.take_a_blow(town)
    assert town.authority[0].risk_aversion == 1.5


@pytest.mark.parametrize(("share", "status"), [(0.0, Status.REFERRAL), (1.0, Status.SECTION_47)])
def test_where_there_are_hours_to_spare_the_door_holds_a_strategy_discussion_sooner(share, status):
    town, family, _ = at_the_door(0.48)
    put(town, **CALM, assessment__enquiry_ration=share)
    town.authority[0].load = 0.5
    rules("front_door").decide_one(town, family, WEEK)
    assert family.status == status


@pytest.mark.parametrize(("share", "status"), [(0.0, Status.CHILD_IN_NEED), (1.0, Status.SECTION_47)])
def test_where_there_are_hours_to_spare_an_assessment_turns_into_an_enquiry_sooner(share, status):
    town, family, _ = under_assessment(0.48, assessment__enquiry_ration=share)
    put(town, **CALM)
    town.authority[0].load = 0.5
    rules("assessment").conclude(town, family, WEEK)
    assert family.status == status


@pytest.mark.parametrize(("share", "status"), [(0.0, Status.CHILD_IN_NEED), (1.0, Status.CONFERENCE)])
def test_where_there_are_hours_to_spare_a_conference_is_called_sooner(share, status):
    town, family, _ = enquired(0.48, 0.0)
    put(town, **CALM, assessment__enquiry_ration=share)
    town.authority[0].load = 0.5
    rules("enquiries").conclude_enquiry(town, family, WEEK)
    assert family.status == status


def test_a_few_families_have_trouble_that_lasts_and_the_rest_are_as_before():
    draw = rules("newcomers").draw_family
    found = {}
    for share in (0.0, 0.5):
        town = fresh()
        put(town, population__entrenched_share=share, population__entrenched_times=2.0)
        for family in town.families:
            draw(town, family)
        found[share] = town.families["frailty"].copy()
    times = found[0.5] / found[0.0]
    assert set(np.round(times, 9)) == {1.0, 2.0}
    assert 0.35 < (times > 1.5).mean() < 0.65


def test_an_inspections_action_plan_takes_workers_hours_as_audit():
    town, time_use = fresh(), rules("time_use")
    usual = time_use.audit(town)
    town.authority[0].audit_share += 0.03
    assert time_use.audit(town) == pytest.approx(usual + 0.03)


def test_what_practice_has_learnt_makes_an_hour_worth_more():
    town, family, _ = home(5)
    worker, hours = worked(town, family), rules("hours")
    put(town, learning__quality_worth=0.2, learning__usual_quality=0.5, learning__training_worth=0.0)
    worker.visits, town.teams[worker.team].direct_share, town.authority[0].practice_quality = 1.0, 0.24, 0.5
    usual = hours.potency(town, worker)
    assert usual > 0.1
    town.authority[0].practice_quality = 1.0
    assert hours.potency(town, worker) == pytest.approx(usual * 1.1)


def test_an_inadequate_authority_fills_fewer_posts():
    town, workforce = fresh(), rules("workforce")
    put(
        town,
        workforce__attract_base=1.0,
        workforce__attract_stress=0.0,
        inspection__attraction=0.9,
        workforce__hire=0.5,
    )
    town.facts[0].hiring = town.authority[0].frozen = 1.0
    filled = {}
    for grade in (Grade.GOOD, Grade.INADEQUATE):
        town.authority[0].grade = grade
        luck = [
            rules("luck").four(town.luck, town.workers[0].post, week, Block.WORKER_STARTS)[0] for week in range(200)
        ]
        worker, filled[grade] = town.workers[0], 0
        for week in range(200):
            worker.starts = -1
            workforce.appoint(town, worker, week)
            filled[grade] += int(worker.starts >= 0)
        attraction = 1.0 if grade == Grade.GOOD else 0.1
        assert filled[grade] == sum(number < 1 - math.exp(-0.5 * attraction) for number in luck)
    assert filled[Grade.INADEQUATE] < 0.3 * filled[Grade.GOOD]


@pytest.mark.parametrize(("judged", "event"), [(0.1, Event.EARLY_HELP_ENDED_MET), (0.2, Event.EARLY_HELP_ENDED_UNMET)])
def test_help_whose_time_is_up_ended_as_those_who_gave_it_judge(judged, event):
    town, family, children = home(5)
    put(town, early_help__longest=28, early_help__met_below=0.14)
    family.status, family.since, family.due, family.judged = Status.EARLY_HELP, WEEK - 28, WEEK + 5, judged
    family.harm = children[0].harm = 0.3 - judged
    rules("early_help").help_family(town, family, WEEK)
    assert (events(town, event), family.status) == (1, Status.CLOSED)


def test_an_omission_is_recorded_once_when_harm_has_gone_unanswered_for_too_long():
    town, family, (child,) = home(5)
    put(town, demand__omission_weeks=4)
    child.harm = 0.9
    for week in range(WEEK - 5, WEEK + 1):
        rules("ledger").count_harm(town, family, child, week)
    assert [heads(town, Event.OMISSION, week) for week in range(WEEK - 5, WEEK + 1)] == [0, 0, 0, 1, 0, 0]


def test_a_child_stays_in_the_home_where_no_family_can_be_found():
    town, family, (child,) = home(12)
    child.placement, child.placed, child.carer = Placement.CHILDRENS_HOME, WEEK - 30, -1
    family.panel, family.panel_child = Panel.RESOURCE, family.first_child
    town.outside[:, Outside.FOSTER_PLACES] = 0.0
    rules("panels").step_down(town, family, WEEK)
    assert (child.placement, child.placed, family.panel) == (Placement.CHILDRENS_HOME, WEEK - 30, Panel.NONE)
    assert events(town, Event.PLACEMENT_STEPPED_DOWN) == 0


def test_children_are_counted_by_the_deprivation_of_where_they_live():
    town, family, (child,) = home(5)
    households, before = rules("households"), town.authority[0].decile_children.copy()
    child.born = WEEK
    households.stir(town, family, WEEK)
    assert town.authority[0].decile_children[5] == before[5] + 1
    child.born = WEEK - 936
    households.stir(town, family, WEEK)
    assert (town.authority[0].decile_children == before).all()
