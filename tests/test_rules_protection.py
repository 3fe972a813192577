"""Rules worked by hand: enquiries and conferences (P11), plans and their reviews (P12)."""

import pytest
from test_rules_common import WEEK, deal_key, events, fresh, heads, home, lever, put, rules, worked

from familyabm.codes import NEVER, NOBODY, Answer, Event, Failure, Legal, Panel, Status, Worker
from familyabm.luck import Block

enquiries, plans = rules("enquiries"), rules("plans")


def enquired(harm: float = 0.6, other: float = 0.3):
    """Return a family under an enquiry that sees everything: conference above 0.5, in need above 0.25."""
    town, family, children = home(5, 9)
    put(town, assessment__sees_child=1.0, assessment__conference_noise=0.0, assessment__conference_threshold=0.5,
        assessment__in_need_threshold=0.25, assessment__sibling_margin=0.2, assessment__gravest=0.95, assessment__late_report=0.0,
        assessment__plan_made=1.0, assessment__enquiry_weeks=2, front_door__ration=0.0)  # fmt: skip
    lever(town, information_sharing=0.0)
    children[0].harm, children[1].harm, family.harm = harm, other, max(harm, other)
    family.status, family.since, family.due, family.judged = Status.SECTION_47, WEEK - 2, WEEK, harm
    return town, family, children


@pytest.mark.parametrize(("harm", "commission"), [(0.2699, 2), (0.27, 0)])
def test_an_enquiry_that_was_not_called_for_is_flagged_and_costs_trust(harm, commission):
    town, family, _ = enquired(harm, 0.1)
    put(town, assessment__commission_enquiry=0.27, plans__trust_commission=0.05)
    enquiries.start_enquiry(town, family, WEEK)
    assert heads(town, Event.COMMISSION_ENQUIRY) == commission
    assert family.trust == pytest.approx(0.45 if commission else 0.5)
    assert (family.status, family.due, heads(town, Event.SECTION_47_STARTED)) == (Status.SECTION_47, WEEK + 2, 2)


def test_an_enquiry_after_a_missed_chance_is_failure_demand():
    town, family, _ = enquired(0.6)
    family.missed, family.missed_need = WEEK - 50, 0.2
    enquiries.start_enquiry(town, family, WEEK)
    assert (
        town.weekly[WEEK].demand_hours[Failure.F6_MISSED_CHANCE, Event.SECTION_47_STARTED] == town.p.demand[0].enquiry
    )


@pytest.mark.parametrize(
    ("harm", "status"),
    [(0.5001, Status.CONFERENCE), (0.5, Status.CHILD_IN_NEED), (0.2501, Status.CHILD_IN_NEED), (0.25, Status.CLOSED)],
)
def test_an_enquiry_ends_in_a_conference_help_in_need_or_closure(harm, status):
    town, family, _ = enquired(harm, 0.0)
    enquiries.conclude_enquiry(town, family, WEEK)
    assert (family.status, family.since) == (status, WEEK)
    assert events(town, Event.SECTION_47_ENDED) == 1
    assert family.answer == (Answer.ENDED_UNMET if status == Status.CLOSED else Answer.NONE)


def test_fear_lowers_the_threshold_for_a_conference():
    town, family, _ = enquired(0.45)
    put(town, assessment__conference_anxiety=0.1)
    town.authority[0].risk_aversion = 0.6
    enquiries.conclude_enquiry(town, family, WEEK)
    assert family.status == Status.CONFERENCE


@pytest.mark.parametrize(("late", "weeks", "adjourned"), [(0.0, 3, 0), (1.0, 4, 1)])
def test_a_conference_is_held_by_the_third_week_unless_a_report_is_late(late, weeks, adjourned):
    town, family, _ = enquired()
    put(town, assessment__late_report=late, effects__sharing_late=1.0)
    length = rules("luck").four(town.luck, family.key, WEEK, Block.CONFERENCE)[1]
    enquiries.call_conference(town, family, WEEK)
    assert family.due == WEEK - 2 + weeks + (int(3 * length) if late else 0)
    assert events(town, Event.ADJOURNED) == adjourned
    lever(town, information_sharing=1.0)
    enquiries.call_conference(town, family, WEEK + 1)
    assert family.due == WEEK + 1 - 2 + 3


@pytest.mark.parametrize(("chance", "status"), [(1.0, Legal.EMERGENCY_PROTECTION), (0.0, Legal.NONE)])
def test_children_in_the_gravest_harm_may_be_protected_at_once(chance, status):
    town, family, (one, two) = enquired(0.96, 0.3)
    put(town, assessment__emergency=chance)
    enquiries.conclude_enquiry(town, family, WEEK)
    assert one.legal_status == status and two.legal_status == Legal.NONE
    assert family.n_away == (1 if chance else 0)
    assert family.status == Status.CONFERENCE


@pytest.mark.parametrize(("other", "legal"), [(0.4001, Legal.CHILD_PROTECTION_PLAN), (0.3999, Legal.CHILD_IN_NEED)])
def test_a_sibling_far_better_off_is_a_child_in_need_rather_than_on_a_plan(other, legal):
    town, family, (one, two) = enquired(0.6, other)
    family.status, family.since = Status.CONFERENCE, WEEK - 1
    enquiries.hold_conference(town, family, WEEK)
    assert (one.legal_status, two.legal_status) == (Legal.CHILD_PROTECTION_PLAN, legal)
    assert (family.status, family.due, one.n_plans) == (Status.CHILD_PROTECTION, WEEK + 13, 1)
    assert heads(town, Event.PLAN_STARTED) == (2 if legal == Legal.CHILD_PROTECTION_PLAN else 1)


@pytest.mark.parametrize(("weeks", "in_time"), [(1, 1), (2, 0)])
def test_a_conference_within_three_weeks_of_the_strategy_discussion_is_in_time(weeks, in_time):
    town, family, _ = enquired()
    family.status, family.since = Status.CONFERENCE, WEEK - weeks
    enquiries.hold_conference(town, family, WEEK)
    assert events(town, Event.CONFERENCE_IN_TIME) == in_time


def test_a_conference_that_makes_no_plan_leaves_help_in_need():
    town, family, (one, two) = enquired(0.6, 0.3)
    put(town, assessment__plan_made=0.0)
    enquiries.hold_conference(town, family, WEEK)
    assert family.status == Status.CHILD_IN_NEED
    assert (one.legal_status, two.legal_status) == (Legal.CHILD_IN_NEED, Legal.NONE)


@pytest.mark.parametrize(("harm", "flagged"), [(0.3999, 1), (0.4, 0)])
def test_a_plan_that_was_not_called_for_is_flagged_and_one_again_is_counted(harm, flagged):
    town, family, (one, _) = enquired(harm)
    put(town, assessment__commission_plan=0.4)
    one.n_plans, one.plan_ended = 2, WEEK - 104
    one.category = rules("coding").named_category(town, family, one, WEEK)
    enquiries.put_on_plan(town, family, one, WEEK)
    assert (events(town, Event.COMMISSION_PLAN), events(town, Event.PLAN_AGAIN), one.n_plans) == (flagged, 1, 3)
    assert town.weekly[WEEK].demand_count[Failure.F9_BROKEN_SOLUTION, Event.PLAN_STARTED] == 1


def test_release_takes_children_at_home_off_their_plans_and_leaves_those_in_care():
    town, family, (one, two) = enquired()
    one.legal_status, two.legal_status, two.placement, family.n_away = (
        Legal.CHILD_PROTECTION_PLAN,
        Legal.CARE_ORDER,
        2,
        1,
    )
    enquiries.release(town, family, WEEK)
    assert (one.legal_status, one.plan_ended, two.legal_status) == (Legal.NONE, WEEK, Legal.CARE_ORDER)
    assert (family.status, events(town, Event.PLAN_ENDED)) == (Status.CLOSED, 1)


def planned(status=Status.CHILD_IN_NEED, harm: float = 0.3, weeks: int = 6):
    """Return a family with a plan and a worker, judged without error from the child itself."""
    town, family, children = home(5, 9)
    put(town, plans__review_noise=0.0, plans__need_close=0.2, plans__need_to_enquiry=0.7, plans__protection_end=0.4,
        plans__need_drift_close=0.0, plans__step_down=0.0, plans__worker_change=0.0, plans__long_plan_threshold=0.6,
        plans__legal_threshold=0.8, front_door__ration=0.0, effects__continuity_change=0.0, effects__joint_surfaces=0.0)  # fmt: skip
    lever(town, no_wrong_door=0.0)
    town.p.chances[0].weight[:], town.p.harm[0].together = 0.0, 0.0
    family.status, family.since, family.due = status, WEEK - weeks, WEEK
    children[0].harm, family.harm = harm / 0.8, harm / 0.8
    worked(town, family)
    return town, family, children


@pytest.mark.parametrize(
    ("harm", "status"),
    [(0.1999, Status.CLOSED), (0.2, Status.CHILD_IN_NEED), (0.7, Status.CHILD_IN_NEED), (0.7001, Status.SECTION_47)],
)
def test_a_child_in_need_review_closes_goes_on_or_becomes_an_enquiry(harm, status):
    town, family, children = planned(harm=harm)
    children[0].legal_status = Legal.CHILD_IN_NEED
    plans.review_need(town, family, WEEK)
    assert family.status == status and family.judged == pytest.approx(harm)
    if status == Status.CHILD_IN_NEED:
        assert family.due == WEEK + 6
    assert children[0].legal_status == (Legal.NONE if status == Status.CLOSED else Legal.CHILD_IN_NEED)


@pytest.mark.parametrize(("weeks", "status"), [(23, Status.CHILD_IN_NEED), (24, Status.CLOSED)])
def test_a_plan_may_drift_to_its_end_unmet(weeks, status):
    town, family, _ = planned(harm=0.4, weeks=weeks)
    put(town, plans__need_drift_close=1.0, plans__need_drift_weeks=24)
    plans.review_need(town, family, WEEK)
    assert family.status == status
    assert family.answer == (Answer.ENDED_UNMET if status == Status.CLOSED else Answer.NONE)


@pytest.mark.parametrize(("load", "status"), [(1.0, Status.CHILD_IN_NEED), (2.0, Status.CLOSED)])
def test_a_long_plan_is_closed_before_its_time_where_load_is_above_the_usual(load, status):
    town, family, _ = planned(harm=0.4, weeks=24)
    put(
        town,
        plans__need_drift_weeks=24,
        plans__close_early=1.0,
        front_door__usual_load=1.0,
        front_door__ration_ceiling=1.0,
    )
    town.authority[0].load = load
    plans.review_need(town, family, WEEK)
    assert family.status == status


@pytest.mark.parametrize(
    ("weeks", "status", "legal"), [(51, Status.CHILD_IN_NEED, Legal.SUPERVISION_ORDER), (52, Status.CLOSED, Legal.NONE)]
)
def test_a_supervision_order_holds_a_case_open_for_a_year(weeks, status, legal):
    town, family, (one, _) = planned(harm=0.1)
    put(town, court__supervision_weeks=52)
    one.legal_status, one.since = Legal.SUPERVISION_ORDER, WEEK - weeks
    plans.review_need(town, family, WEEK)
    assert (family.status, one.legal_status) == (status, legal)


@pytest.mark.parametrize(
    ("step", "door", "status"),
    [(0, 0, Status.CLOSED), (1, 0, Status.EARLY_HELP_WAITING), (0, 1, Status.EARLY_HELP_WAITING)],
)
def test_a_closed_plan_steps_down_to_early_help_or_does_not(step, door, status):
    town, family, _ = planned(harm=0.1)
    put(town, plans__step_down=step, effects__door_closure=1.0)
    lever(town, no_wrong_door=door)
    plans.review_need(town, family, WEEK)
    assert (family.status, family.worker, events(town, Event.CASE_CLOSED)) == (status, NOBODY, 1)


def test_reviews_of_a_protection_plan_fall_in_week_13_and_every_26_weeks_after():
    town, family, _ = planned(Status.CHILD_PROTECTION, 0.5, weeks=0)
    put(town, plans__long_plan_weeks=9999)
    held = []
    for week in range(WEEK, WEEK + 57):
        before = family.n_reviews
        plans.core_group(town, family, week)
        held += [week - WEEK] if family.n_reviews > before else []
    assert held == [13, 39]
    assert events(town, Event.REVIEW_IN_TIME, WEEK + 13) == 1


@pytest.mark.parametrize(
    ("harm", "status", "legal"), [(0.3999, Status.CHILD_IN_NEED, 1), (0.4, Status.CHILD_PROTECTION, 2)]
)
def test_a_review_conference_steps_down_below_its_threshold(harm, status, legal):
    town, family, (one, _) = planned(Status.CHILD_PROTECTION, harm, 13)
    one.legal_status = Legal.CHILD_PROTECTION_PLAN
    plans.core_group(town, family, WEEK)
    assert (family.status, one.legal_status) == (status, legal)
    assert events(town, Event.PLAN_ENDED) == (1 if legal == 1 else 0)


@pytest.mark.parametrize(
    ("harm", "weeks", "enters"),
    [(0.8, 12, False), (0.8001, 12, True), (0.61, 48, False), (0.61, 54, True), (0.6, 54, False)],
)
def test_the_legal_gateway_is_entered_for_grave_harm_or_an_old_plan(harm, weeks, enters):
    town, family, _ = planned(Status.CHILD_PROTECTION, harm, weeks)
    put(town, plans__long_plan_weeks=52)
    began, family.n_reviews = family.since, 3
    plans.core_group(town, family, WEEK)
    assert (family.panel == Panel.LEGAL) == enters
    assert family.status == Status.CHILD_PROTECTION
    if enters:
        plans.enter_pre_proceedings(town, family, WEEK)
        assert (family.since, family.due) == (WEEK, began)


def test_a_week_of_social_work_is_dose_times_worth_times_hours_times_relationship():
    town, family, _ = planned(Status.CHILD_IN_NEED)
    put(town, early_help__relationship_base=0.5, early_help__relationship_gain=0.6, plans__dose_ceiling=0.9,
        plans__hours_return=1.0)  # fmt: skip
    worker, family.working_relationship = town.workers[0], 0.5
    worker.potency, worker.hours_met[6] = 0.9, 0.5
    assert plans.strength(town, family, 0.8) == pytest.approx(0.8 * 0.9 * 0.5 * 0.8)
    put(town, plans__hours_return=0.5)
    assert plans.strength(town, family, 0.8) == pytest.approx(0.8 * 0.9 * 0.5**0.5 * 0.8)
    worker.potency = 9.0
    assert plans.strength(town, family, 0.8) == 0.9
    worker.kind = Worker.VACANT
    assert plans.strength(town, family, 0.8) == 0.0
    family.worker = NOBODY
    assert plans.strength(town, family, 0.8) == plans.hours_met(town, family) == 0.0


def test_three_weeks_running_without_direct_work_are_drift_once():
    town, family, _ = planned()
    put(town, plans__drift_fill=0.15, plans__drift_weeks=3)
    town.workers[0].hours_met[6] = 0.1499
    for week in range(WEEK, WEEK + 5):
        plans.drift(town, family, week)
    assert [events(town, Event.DRIFT, week) for week in range(WEEK, WEEK + 5)] == [0, 0, 1, 0, 0]
    town.workers[0].hours_met[6] = 0.15
    plans.drift(town, family, WEEK)
    assert family.drift_weeks == 0


@pytest.mark.parametrize(("met", "slips"), [(0.5, False), (0.0, True)])
def test_a_review_slips_where_visits_were_missed(met, slips):
    town, family, _ = planned()
    put(town, plans__visits_for_review=0.5)
    town.workers[0].hours_met[:] = met
    deal_key(town, family, late=(Block.REVIEW, 3, 0.4, 0.5))
    assert bool(plans.slipped(town, family, WEEK)) == slips
    deal_key(town, family, late=(Block.REVIEW, 3, 0.5, 0.6))
    assert not plans.slipped(town, family, WEEK)


@pytest.mark.parametrize(("above_base", "changes"), [(0.0, 1), (0.5, 0)])
def test_the_service_changes_workers_less_often_with_continuity(above_base, changes):
    town, family, _ = home(5, town=fresh(0.05))
    put(town, plans__worker_change=520.0, effects__continuity_change=1040.0)
    lever(town, continuity=town.p.base[0].continuity + above_base)
    worked(town, family)
    town.workers["team"], town.workers["kind"], town.workers["back"] = 0, Worker.PERMANENT, NEVER
    town.teams[0].first_worker, town.teams[0].n_workers = 0, int((town.workers["role"] <= 1).sum())
    town.workers["n_families"] = 5
    town.workers[1].n_families, family.neighbourhood, family.status = 0, 0, Status.CHILD_IN_NEED
    plans.change_worker(town, family, WEEK)
    assert (family.worker, events(town, Event.WORKER_CHANGED)) == (changes, changes)


@pytest.mark.parametrize(
    ("joint", "fear", "at"), [(0.2, 0.0, 0.7), (0.7, 0.0, 0.6), (0.0, 0.0, 0.74), (0.2, 0.5, 0.65)]
)
def test_a_review_leads_to_an_enquiry_sooner_where_services_share_the_plan_or_fear(joint, fear, at):
    town, _, _ = home(5)
    put(
        town, plans__need_to_enquiry=0.7, effects__joint_surfaces=0.2, assessment__anxiety=0.1, base__joint_response=0.2
    )
    lever(town, joint_response=joint)
    town.authority[0].risk_aversion = fear
    assert plans.enquiry_at_review(town) == pytest.approx(at)


@pytest.mark.parametrize(("joint", "status"), [(0.2, Status.CHILD_IN_NEED), (0.8, Status.SECTION_47)])
def test_a_shared_plans_review_finds_at_lesser_harm_that_an_enquiry_is_called_for(joint, status):
    town, family, _ = planned(harm=0.65)
    put(town, effects__joint_surfaces=0.2, base__joint_response=0.2)
    lever(town, joint_response=joint)
    plans.review_need(town, family, WEEK)
    assert family.status == status
