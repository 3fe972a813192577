"""Rules worked by hand: early help (P10) and single assessments (P11)."""

import pytest
from test_rules_common import WEEK, events, fresh, heads, home, lever, put, rules, worked
from towns import awaken

from familyabm.codes import NEVER, NOBODY, Agency, Answer, Event, Failure, Outside, Permission, Status
from familyabm.luck import Block

early, assessment, front_door = rules("early_help"), rules("assessment"), rules("front_door")
seeing, offer = rules("seeing"), rules("offer")


@pytest.mark.parametrize(
    ("levels", "standard"), [((2, 0, 0, 0), 1.0), ((1, 1, 0, 0), 0.8), ((1, 1, 1, 3), 0.7), ((0, 0, 0, 0), 1.0)]
)
def test_a_standard_offer_suits_one_need_and_a_joint_one_follows_the_needs(levels, standard):
    town, family, _ = home(5)
    put(town, early_help__match_base=0.6, effects__joint_match=0.5)
    family.level[:] = levels
    family.seen[:] = levels
    lever(town, joint_response=0.0)
    assert offer.offer_match(town, family) == pytest.approx(standard)
    lever(town, joint_response=0.8)
    assert offer.offer_match(town, family) == pytest.approx(standard + (1 - standard) * 0.4)
    family.seen[:] = 0
    assert offer.offer_match(town, family) == pytest.approx(standard)


def test_the_strength_of_early_help_is_dose_times_lead_times_paper_times_relationship():
    town, family, _ = home(5)
    put(town, early_help__dose=0.6, early_help__potency_base=0.8, effects__continuity_potency=0.4, early_help__paper_base=0.9,
        early_help__paper_relief=0.2, early_help__relationship_base=0.5, early_help__relationship_gain=0.6)  # fmt: skip
    lever(town, continuity=0.5)
    town.authority[0].bureaucracy, family.working_relationship = 0.5, 0.5
    assert early.strength(town, family) == pytest.approx(0.6 * 1.0 * 1.0 * 0.8)
    put(town, plans__dose_ceiling=0.3)
    assert early.strength(town, family) == 0.3


def test_a_relationship_grows_by_a_share_of_what_is_missing_faster_with_one_lead():
    town, family, _ = home(5)
    put(town, early_help__relationship_grows=0.1, early_help__continuity_base=0.6, effects__continuity_grows=0.8)
    lever(town, continuity=0.5)
    family.working_relationship = 0.4
    early.grow_relationship(town, family)
    assert family.working_relationship == pytest.approx(0.4 + 0.1 * 1.0 * 0.6)


def waiting_list(places: float, used: float = 0.0):
    """Return a town in which families 0 to 3 wait: 1 in the greatest judged need, 2 the longest."""
    town = fresh()
    put(town, early_help__drop_out=0.0, early_help__small_first=0.0)
    town.authority[0].early_help_places, town.authority[0].early_help_used = places, used
    for row in range(4):
        family = town.families[row]
        family.status, family.since, family.judged = Status.EARLY_HELP_WAITING, WEEK, 0.2
        family.permission = Permission.OWN
    town.families[1].judged, town.families[2].since = 0.25, WEEK - 1
    awaken(town, *range(4))
    return town


@pytest.mark.parametrize(
    ("places", "used", "begun"), [(1.0, 0.0, {1}), (2.9, 0.0, {1, 2}), (3.0, 0.0, {0, 1, 2}), (9.0, 0.0, {0, 1, 2, 3}), (3.0, 3.0, set()), (2.0, 5.0, set())]
)  # fmt: skip
def test_free_places_go_to_the_neediest_and_a_week_waited_counts_as_four_hundredths_of_need(places, used, begun):
    town = waiting_list(places, used)
    early.give(town, WEEK)
    assert {row for row in range(4) if town.families[row].status == Status.EARLY_HELP} == begun
    assert town.authority[0].early_help_used == used + len(begun)
    assert events(town, Event.EARLY_HELP_STARTED) == len(begun)


def test_a_family_with_a_small_child_goes_before_one_of_somewhat_greater_need():
    town, family, (child,) = home(9)
    put(town, early_help__small_first=7.5)
    family.status, family.since, family.judged = Status.EARLY_HELP_WAITING, WEEK - 10, 0.2
    assert early.urgency(town, family, WEEK) == pytest.approx(20.0 + 40.0)
    child.born = WEEK - 4 * 52
    assert early.urgency(town, family, WEEK) == pytest.approx(20.0 + 40.0 + 30.0)


def test_help_within_a_week_of_the_familys_own_request_is_pulled():
    town, family, _ = home(5)
    family.permission = Permission.OWN
    for since, source, pulled in ((WEEK - 1, Agency.FAMILY, 1), (WEEK - 2, Agency.FAMILY, 0), (WEEK, Agency.SCHOOL, 0)):
        town.weekly[:] = 0
        family.since = family.contacted = since
        family.source = source
        early.begin(town, family, WEEK)
        assert (town.weekly[WEEK].pulled, town.weekly[WEEK].early_wait) == (pulled, WEEK - since)


@pytest.mark.parametrize("answer", [Answer.REFUSED_REQUEST, Answer.ENDED_MET, Answer.NONE])
def test_a_waiting_family_may_give_up_and_what_it_heard_before_counts_no_more(answer):
    town, family, _ = home(5)
    put(town, early_help__drop_out=1.0)
    family.status, family.answer, family.harm = Status.EARLY_HELP_WAITING, answer, 0.3
    early.wait(town, family, WEEK)
    assert (family.status, family.answer, family.missed) == (Status.CLOSED, Answer.CLOSED_NO_HELP, WEEK)
    assert events(town, Event.EARLY_HELP_DROPPED) == 1


def in_early_help(weeks: int, harm: float):
    town, family, children = home(5)
    put(town, early_help__review_noise=0.0, early_help__shortest=20, early_help__longest=28, early_help__met_below=0.14,
        early_help__review_weeks=6, early_help__trust_gain=0.01, front_door__ration=0.0,
        front_door__referral_threshold=0.3)  # fmt: skip
    family.status, family.since, family.due = Status.EARLY_HELP, WEEK - weeks, WEEK
    children[0].harm = family.harm = harm
    family.level[:] = family.seen[:] = 0
    town.authority[0].early_help_used = 3.0
    return town, family


@pytest.mark.parametrize(
    ("weeks", "harm", "event"),
    [(19, 0.13, None), (20, 0.13, Event.EARLY_HELP_ENDED_MET), (20, 0.2001, None), (27, 0.21, None), (28, 0.21, Event.EARLY_HELP_ENDED_UNMET),
     (28, 0.139, Event.EARLY_HELP_ENDED_MET), (12, 0.45, Event.STEPPED_UP)],
)  # fmt: skip
def test_early_help_goes_on_ends_met_ends_when_time_is_up_or_steps_up(weeks, harm, event):
    town, family = in_early_help(weeks, harm)
    early.help_family(town, family, WEEK)
    ended = event is not None
    assert town.authority[0].early_help_used == (2.0 if ended else 3.0)
    if ended:
        assert events(town, event) == 1
        assert family.status == (Status.REFERRAL if event == Event.STEPPED_UP else Status.CLOSED)
    else:
        assert (family.status, family.due) == (Status.EARLY_HELP, WEEK + 6)


@pytest.mark.parametrize(("works", "trust"), [(0.0, 0.51), (0.99, 0.5)])
def test_help_that_works_earns_trust(works, trust):
    town, family = in_early_help(3, 0.2)
    put(town, plans__works_above=works)
    early.help_family(town, family, WEEK)
    assert family.trust == pytest.approx(trust)
    assert family.help == pytest.approx(early.strength(town, family))


def planned(luck_at_least: float = 0.0, **values: float):
    town, family, _ = home(5)
    put(
        town,
        assessment__weeks=6.0,
        assessment__load_base=0.5,
        assessment__spread=0.0,
        assessment__statutory_weeks=9,
        **values,
    )
    return town, family


@pytest.mark.parametrize(("load", "weeks"), [(1.0, 6), (1.01, 7), (1.9, 9), (2.4, 11), (0.01, 4)])
def test_an_assessment_takes_longer_under_load(load, weeks):
    town, family = planned(workforce__target_pressure=0.0)
    town.authority[0].load = load
    assert assessment.planned_weeks(town, family, WEEK) == weeks


def test_targets_squeeze_a_long_assessment_to_the_statutory_limit():
    town, family = planned(workforce__target_pressure=1.0)
    town.authority[0].load = 2.4
    assert assessment.planned_weeks(town, family, WEEK) == 9
    draw = rules("luck").luck(town.luck, family.key, WEEK, Block.ASSESSMENT, 3)
    put(town, workforce__target_pressure=draw)
    assert assessment.planned_weeks(town, family, WEEK) == 11


def test_luck_spreads_the_length_about_its_mean():
    town, family = planned(workforce__target_pressure=0.0)
    put(town, assessment__spread=1.0)
    town.authority[0].load = 1.0
    draw = rules("luck").luck(town.luck, family.key, WEEK, Block.ASSESSMENT, 2)
    assert assessment.planned_weeks(town, family, WEEK) == max(1, -(-(6 * (0.5 + draw)) // 1))


@pytest.mark.parametrize(("closed", "status"), [(0.0, Status.ASSESSMENT), (1.0, Status.CLOSED)])
def test_a_manager_may_close_a_referral_with_no_further_action(closed, status):
    town, family, _ = home(5, 9)
    put(town, referral__no_further_action=closed)
    family.status, family.assessed = Status.REFERRAL, WEEK - 10
    worked(town, family)
    assessment.advance(town, family, WEEK)
    assert family.status == status
    row = town.weekly[WEEK]
    if closed:
        assert heads(town, Event.REFERRAL_CLOSED) == 2 and family.answer == Answer.CLOSED_NO_HELP
    else:
        assert heads(town, Event.ASSESSMENT_STARTED) == 2 and family.due > WEEK
        assert row.demand_hours[Failure.F7_REWORK, Event.ASSESSMENT_STARTED] == town.p.demand[0].assessment


@pytest.mark.parametrize(("load", "status"), [(0.5, Status.ASSESSMENT), (1.0, Status.ASSESSMENT), (2.0, Status.CLOSED)])
def test_a_referral_is_closed_before_its_time_where_load_is_above_the_usual(load, status):
    town, family, _ = home(5, 9)
    put(town, referral__no_further_action=0.0, plans__close_early=1.0, front_door__usual_load=1.0,
        front_door__ration_ceiling=1.0)  # fmt: skip
    family.status, family.assessed, town.authority[0].load = Status.REFERRAL, WEEK - 10, load
    worked(town, family)
    assessment.advance(town, family, WEEK)
    assert family.status == status


def test_a_referral_waits_for_a_worker():
    town, family, _ = home(5)
    family.status, family.worker = Status.REFERRAL, NOBODY
    assessment.advance(town, family, WEEK)
    assert family.status == Status.REFERRAL


@pytest.mark.parametrize(("finds", "seen"), [(1.0, [1, 2, 3, 1]), (0.0, [0, 0, 0, 0])])
def test_visits_find_the_adults_factors_or_do_not(finds, seen):
    town, family, _ = home(5)
    put(town, assessment__finds_factor=finds)
    lever(town, information_sharing=0.0)
    family.level[:] = (1, 2, 3, 1)
    seeing.find_out(town, family, WEEK)
    assert family.seen.tolist() == seen


def test_the_error_of_an_assessment_shrinks_with_reflection_alone_and_grows_with_hurry():
    town, family, (child,) = home(5)
    put(town, assessment__noise=0.2, assessment__sees_child=1.0, assessment__reflection_calms=0.5, assessment__noise_targets=0.1,
        workforce__target_pressure=0.3, effects__sharing_noise=0.5, hours__reflection=0.06)  # fmt: skip
    child.harm = 0.4
    a, b, _, _ = rules("luck").four(town.luck, family.key, WEEK, Block.ASSESSMENT)
    bell = rules("luck").bell(a, b)
    for sharing, reflection, spread in ((0.0, 0.0, 0.23), (0.4, 0.0, 0.23), (0.0, 0.03, 0.18), (0.0, 0.06, 0.13)):
        lever(town, information_sharing=sharing)
        town.authority[0].reflection = reflection
        assert assessment.assessed_need(town, family, WEEK) == pytest.approx(0.4 + spread * bell)


def under_assessment(harm: float, **values: float):
    """Return a family due for the end of an assessment without error, thresholds 0.25 and 0.5."""
    town, family, children = home(5, 9)
    put(town, assessment__noise=0.0, assessment__noise_targets=0.0, assessment__sees_child=1.0, front_door__ration=0.0,
        assessment__in_need_threshold=0.25, assessment__enquiry_threshold=0.5, **values)  # fmt: skip
    lever(town, no_wrong_door=0.0, information_sharing=0.0)
    family.status, family.since, family.due, children[0].harm = Status.ASSESSMENT, WEEK - 9, WEEK, harm
    family.harm = harm
    worked(town, family)
    return town, family, children


@pytest.mark.parametrize(
    ("harm", "status"),
    [(0.25, Status.CLOSED), (0.2501, Status.CHILD_IN_NEED), (0.5, Status.CHILD_IN_NEED), (0.5001, Status.SECTION_47)],
)
def test_an_assessment_ends_in_closure_help_in_need_or_an_enquiry(harm, status):
    town, family, _ = under_assessment(harm, assessment__step_down=0.0)
    assessment.advance(town, family, WEEK)
    assert (family.status, family.assessed) == (status, WEEK)
    assert heads(town, Event.ASSESSMENT_ENDED) == heads(town, Event.ASSESSMENT_IN_TIME) == 2
    assert town.weekly[WEEK].assessment_weeks == 18
    assert events(town, Event.NOT_IN_NEED) == (status == Status.CLOSED)
    assert family.answer == (Answer.CLOSED_NO_HELP if status == Status.CLOSED else Answer.NONE)


def test_fear_lowers_the_thresholds_of_an_assessment():
    town, family, _ = under_assessment(0.45, assessment__enquiry_anxiety=0.1, assessment__anxiety=0.04)
    town.authority[0].risk_aversion = 1.0
    assert assessment.in_need_threshold(town) == pytest.approx(0.21)
    assessment.conclude(town, family, WEEK)
    assert family.status == Status.SECTION_47


def test_policy_shifts_this_threshold_by_a_share():
    town, _, _ = under_assessment(0.3, assessment__threshold_ration=0.5)
    town.outside[:, Outside.THRESHOLD] = 0.04
    assert assessment.in_need_threshold(town) == pytest.approx(0.27)
    put(town, front_door__ration=0.1, front_door__usual_load=1.0)
    town.authority[0].load = 1.5
    assert assessment.in_need_threshold(town) == pytest.approx(0.32)


def test_an_assessment_of_ten_weeks_is_out_of_time():
    town, family, _ = under_assessment(0.3)
    family.since = WEEK - 10
    assessment.conclude(town, family, WEEK)
    assert events(town, Event.ASSESSMENT_IN_TIME) == 0


@pytest.mark.parametrize(("likely", "door", "away"), [(0.0, 0.0, 0), (1.0, 0.0, 0), (0.0, 1.0, 1)])
def test_not_in_need_may_step_down_into_early_help_and_likelier_through_an_open_door(likely, door, away):
    town, family, _ = under_assessment(0.1, assessment__step_down=likely, effects__door_step_down=1.0)
    lever(town, no_wrong_door=door)
    family.n_away, family.lead, family.help = away, 1, 0.2
    assessment.conclude(town, family, WEEK)
    if likely + door > 0:
        assert (family.status, family.lead, family.help) == (Status.EARLY_HELP_WAITING, 0, 0.0)
        assert family.worker == (0 if away else NOBODY)
        assert events(town, Event.STEPPED_DOWN) == 1 and events(town, Event.CASE_CLOSED) == 0
    else:
        assert (family.status, family.worker, events(town, Event.CASE_CLOSED)) == (Status.CLOSED, NOBODY, 1)


def test_being_assessed_helps_a_little():
    town, family, _ = under_assessment(0.3, plans__dose_assessment=0.15)
    family.due, town.workers[0].potency = WEEK + 1, 0.8
    assessment.advance(town, family, WEEK)
    assert family.help == pytest.approx(0.12) and family.status == Status.ASSESSMENT
    family.worker = NOBODY
    assert assessment.helped_while_assessed(town, family) == 0.0


def test_no_children_at_home_means_the_referral_is_closed():
    town, family, (one, two) = under_assessment(0.3, referral__no_further_action=0.0)
    one.born = two.born = WEEK - 936
    family.status = Status.REFERRAL
    assessment.advance(town, family, WEEK)
    assert family.status == Status.CLOSED and family.assessed == NEVER
