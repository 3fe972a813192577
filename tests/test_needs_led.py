"""Needs-led review of plans and placements, Family Help, and watching for relapse."""

import pytest
from test_rules_care import with_carers
from test_rules_common import WEEK, deal_key, events, fresh, home, lever, put, rules, worked

from familyabm.codes import NOBODY, Event, Legal, Placement, Status, Tier
from familyabm.luck import Block
from familyabm.parameters import DEFAULT
from familyabm.tables import LEVERS

money, common, assessment = rules("money"), rules("common"), rules("assessment")
needs_led, plans, family_help = rules("needs_led"), rules("plans"), rules("family_help")
allocation, early_help, front_door = rules("allocation"), rules("early_help"), rules("front_door")
improvement = rules("improvement")


@pytest.mark.parametrize(
    ("scope", "before", "now", "said"),
    [
        (2, 0.50, 0.48, "continue"), (2, 0.50, 0.49, "change"), (2, 0.40, 0.50, "change"), (2, 0.24, 0.24, "stop"),
        (1, 0.50, 0.50, "continue"), (0, 0.24, 0.24, "continue"),
    ],
)  # fmt: skip
def test_a_plan_goes_on_changes_or_stops_by_what_a_thousand_pounds_have_bought(scope, before, now, said):
    town, family, _ = home(5)
    put(town, needs_led__scope=scope, needs_led__worth=0.015, needs_led__stop_within=0.03, money__worker_hour=50)
    family.judged = now
    verdict = needs_led.verdict(town, family, before, 20.0, 0.22)
    assert verdict == {"continue": 0, "change": 1, "stop": 2}[said]
    family.plan_fits = 1
    assert needs_led.verdict(town, family, before, 20.0, 0.22) == (2 if said == "stop" else 0)


def test_a_changed_plan_helps_more_and_is_told_once():
    town, family, _ = home(5)
    put(town, needs_led__fits_better=0.2, needs_led__change_hours=8, plans__dose_ceiling=1.0)
    worked(town, family)
    family.status = Status.CHILD_IN_NEED
    usual = plans.strength(town, family, 0.4)
    needs_led.change_plan(town, family, WEEK)
    assert plans.strength(town, family, 0.4) == pytest.approx(1.2 * usual)
    assert events(town, Event.PLAN_CHANGED) == 1 and town.weekly[WEEK].demand_hours.sum() == 8
    common.let_go(family, WEEK)
    assert family.plan_fits == 0


@pytest.mark.parametrize(
    ("scope", "status"), [(0, Status.CHILD_IN_NEED), (1, Status.CHILD_IN_NEED), (2, Status.CLOSED)]
)
def test_a_review_stops_a_plan_that_buys_nothing_only_where_all_plans_are_needs_led(scope, status):
    town, family, (child,) = home(5)
    put(town, needs_led__scope=scope, plans__review_noise=0.0, plans__need_drift_close=0.0, plans__step_down=0.0,
        effects__door_closure=0.0, plans__need_close=0.22, front_door__ration=0.0, needs_led__stop_within=0.05)  # fmt: skip
    worked(town, family)
    child.legal_status, child.harm = Legal.CHILD_IN_NEED, 0.24 / 0.8
    town.p.chances[0].weight[:] = 0.0
    family.status, family.since, family.judged = Status.CHILD_IN_NEED, WEEK - 6, 0.24
    plans.review_need(town, family, WEEK)
    assert family.judged == pytest.approx(0.24) and family.status == status


@pytest.mark.parametrize(
    ("scope", "harm", "lived", "vacant", "moves"),
    [(1, 0.2, 26, True, True), (2, 0.2, 52, True, True), (0, 0.2, 26, True, False), (1, 0.31, 26, True, False),
     (1, 0.2, 25, True, False), (1, 0.2, 26, False, False)],
)  # fmt: skip
def test_a_needs_led_review_finds_a_family_for_a_child_in_a_home_whose_need_it_could_meet(
    scope, harm, lived, vacant, moves
):
    town, family, (child,) = home(13, town=with_carers(fresh(), 3))
    put(
        town,
        carers__least_fit=0.0,
        needs_led__scope=scope,
        needs_led__judgement=0.0,
        needs_led__family_could=0.3,
        needs_led__found=0.5,
    )
    child.legal_status, child.placement, child.placed, child.harm = (
        Legal.CARE_ORDER,
        Placement.CHILDRENS_HOME,
        WEEK - lived,
        harm,
    )
    family.n_away, town.authority[0].homes_used = 1, 1.0
    town.authority[0].in_house_used = 0.0 if vacant else 1e6
    town.authority[0].agency_used = 1e6
    deal_key(town, child, found=(Block.STEP_DOWN, 2, 0.0, 0.5))
    assert needs_led.step_down_to_family(town, family, child, WEEK) == moves
    assert child.placement == (Placement.IN_HOUSE_FOSTER if moves else Placement.CHILDRENS_HOME)
    assert events(town, Event.PLACEMENT_STEPPED_DOWN) == moves and town.authority[0].homes_used == 1 - moves


@pytest.mark.parametrize(("scope", "cost"), [(0, 0), (1, 10_000), (2, 30_000)])
def test_needs_led_review_costs_money(scope, cost):
    town = fresh()
    put(town, needs_led__scope=scope, needs_led__cost_care=10_000, needs_led__cost_plans=20_000)
    town.facts[0].ten_thousands = 2.0
    assert money.lever_cost(town, WEEK) == pytest.approx(cost * 2.0 * 100.0 / 52.0, abs=1)


@pytest.mark.parametrize("merged", [0, 1])
def test_in_family_help_a_family_that_steps_up_keeps_its_lead_and_the_relationship(merged):
    town, family, _ = home(5)
    put(town, family_help__merged=merged, plans__relationship_start=0.25)
    worker = worked(town, family)
    family.worker, family.status, family.lead, family.n_workers, family.working_relationship = (
        NOBODY,
        Status.EARLY_HELP,
        1,
        1,
        0.8,
    )
    town.authority[0].early_help_used = 1.0
    front_door.step_out_of_early_help(town, family, WEEK)
    assert family.lead == merged
    allocation.meet(town, family, WEEK, 0)
    assert (family.n_workers, family.lead, worker.n_families) == ((1, 1, 1) if merged else (2, 1, 1))
    assert family.working_relationship == (0.8 if merged else 0.25)


@pytest.mark.parametrize("merged", [0, 1])
def test_in_family_help_a_family_that_steps_down_keeps_its_lead(merged):
    town, family, _ = home(5)
    put(town, family_help__merged=merged, plans__relationship_start=0.25)
    worked(town, family)
    family.status, family.lead, family.n_workers, family.working_relationship = Status.ASSESSMENT, 1, 3, 0.7
    assessment.step_down(town, family, WEEK, 0.2)
    early_help.begin(town, family, WEEK)
    assert (family.n_workers, family.working_relationship) == ((3, 0.7) if merged else (4, 0.25))


def test_family_help_workers_hold_a_share_of_child_in_need_work_out_of_early_helps_places():
    town, family, _ = home(5)
    put(town, family_help__merged=1, family_help__others_hold=0.4, early_help__hours=2.0, hours__in_need=2.0, hours__workload=1.0,
        hours__harder=0.0, early_help__targeted_share=0.2, early_help__place_cost=200)  # fmt: skip
    worker = worked(town, family)
    family.status, town.authority[0].bureaucracy = Status.CHILD_IN_NEED, DEFAULT["hours.bureaucracy"]
    lever(town, unit_model=DEFAULT["base.unit_model"], bureaucracy_relief=DEFAULT["base.bureaucracy_relief"])
    allocation.add_needs(town)
    assert worker.need[Tier.IN_NEED] == pytest.approx(1.2)
    assert family_help.places_taken(town) == pytest.approx(0.4)
    town.money[0].early_help_budget, town.authority[0].early_help_places = 1_000_000.0, 100.0
    money.fund_places(town)
    assert town.authority[0].early_help_places == pytest.approx(10.0 - 0.4)
    put(town, family_help__merged=0)
    allocation.add_needs(town)
    assert worker.need[Tier.IN_NEED] == pytest.approx(2.0) and family_help.places_taken(town) == 0.0


def test_watching_for_relapse_halves_slipping():
    town = fresh()
    put(town, programmes__monitoring_halves=0.5)
    town.authority[0].load, town.maturity[0].continuity, town.policy[0].continuity = 3.0, 0.8, 1.0
    lost = []
    for watched in (0.0, 1.0):
        put(town, programmes__relapse_monitoring=watched)
        lost.append(improvement.slipping(town, list(LEVERS).index("continuity"), 0.1))
    assert lost[0] > 0.0 and lost[1] == pytest.approx(lost[0] / 2)
