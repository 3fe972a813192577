"""Rules worked by hand: pre-proceedings, proceedings and final orders (P14)."""

import numpy as np
import pytest
from scipy import stats
from test_rules_common import WEEK, events, heads, home, lever, put, rules

from familyabm.codes import NEVER, Event, Legal, Panel, Placement, Status
from familyabm.luck import Block

court, crowding = rules("court"), rules("crowding")
FALSE_ALARM = 1e-6


def in_court(harm: float = 0.6, *ages: float):
    """Return a family in pre-proceedings that is judged without error from the child itself: threshold 0.5."""
    town, family, children = home(*(ages or (5, 9)))
    put(town, court__noise=0.0, court__conference_worth=0.0, court__issue_threshold=0.5, court__pre_proceedings_weeks=16,
        court__interim_order=1.0, court__late_report=0.0, court__home_eased=1.0, effects__joint_issue=0.0,
        effects__joint_pre=4.0)  # fmt: skip
    lever(town, joint_response=0.0, information_sharing=0.0)
    town.p.chances[0].weight[:] = 0.0
    family.status, family.since = Status.PRE_PROCEEDINGS, WEEK - 16
    children[0].harm = family.harm = harm / 0.8
    return town, family, children


@pytest.mark.parametrize(
    ("harm", "status", "legal"), [(0.5001, Status.PROCEEDINGS, 5), (0.5, Status.CHILD_PROTECTION, 0)]
)
def test_proceedings_are_issued_above_the_threshold_and_children_are_looked_after_meanwhile(harm, status, legal):
    town, family, (one, two) = in_court(harm)
    court.pre_proceedings(town, family, WEEK)
    assert (family.panel == Panel.LEGAL) == (legal > 0)
    if family.panel == Panel.LEGAL:
        court.issue_through_gateway(town, family, WEEK)
    assert (family.status, one.legal_status, two.legal_status) == (status, legal, legal)
    assert town.authority[0].in_court == (1 if legal else 0)
    assert family.n_away == (2 if legal else 0)


@pytest.mark.parametrize(
    ("weeks", "joint", "over"), [(15, 0.0, False), (16, 0.0, True), (13, 0.5, False), (14, 0.5, True)]
)
def test_pre_proceedings_last_sixteen_weeks_and_less_where_services_act_together(weeks, joint, over):
    town, family, _ = in_court(0.6)
    lever(town, joint_response=joint)
    family.since = WEEK - weeks
    court.pre_proceedings(town, family, WEEK)
    assert (family.panel == Panel.LEGAL) == over
    assert family.status == Status.PRE_PROCEEDINGS


def test_a_family_group_decision_takes_judged_harm_off_and_more_when_prepared_by_all():
    town, family, _ = in_court(0.52)
    put(town, court__conference_worth=0.06, court__conference_effect=0.4, effects__joint_conference=0.8)
    assert court.family_group(town) == pytest.approx(0.024)
    lever(town, joint_response=0.5)
    assert court.family_group(town) == pytest.approx(0.048)
    lever(town, joint_response=1.0)
    assert court.family_group(town) == pytest.approx(0.06)
    court.pre_proceedings(town, family, WEEK)
    assert family.status == Status.CHILD_PROTECTION and family.judged == pytest.approx(0.46)


def test_fear_lowers_the_threshold_for_issuing_and_joint_work_raises_it():
    town, _, _ = in_court()
    put(town, court__issue_anxiety=0.05, effects__joint_issue=0.04)
    town.authority[0].risk_aversion = 1.0
    lever(town, joint_response=0.5)
    assert court.issue_threshold(town) == pytest.approx(0.5 + 0.02 - 0.05)


def test_without_an_interim_order_the_child_stays_at_home():
    town, family, (one, _) = in_court(0.6)
    put(town, court__interim_order=0.0)
    court.issue(town, family, WEEK)
    assert (one.legal_status, one.placement, family.n_away) == (Legal.NONE, Placement.HOME, 0)


def test_proceedings_take_longer_in_a_crowded_court_and_for_a_late_report():
    town, family, _ = in_court()
    put(town, court__weeks=30, court__weeks_queue=20, court__spread=0.0, court__shortest=20, court__longest=70,
        court__adjournment_weeks=4, effects__joint_court=6, effects__sharing_late=1.0)  # fmt: skip
    put(town, court__headroom=1.0, court__others=1.0)
    town.authority[0].court_fits = 1.0
    for used, joint, late, shared, weeks in (
        (0, 0, 0, 0, 30), (2, 0, 0, 0, 30), (3, 0, 0, 0, 40), (3, 0.5, 0, 0, 37), (0, 0, 1, 0, 34), (0, 0, 1, 1, 30), (20, 0, 0, 0, 70)
    ):  # fmt: skip
        town.authority[0].court_usual = used - 1.0
        lever(town, joint_response=joint, information_sharing=shared)
        put(town, court__late_report=late)
        assert court.hearing_weeks(town, family, WEEK) == weeks
    put(town, court__weeks=5, court__late_report=0)
    town.authority[0].court_usual = 0
    assert court.hearing_weeks(town, family, WEEK) == 20


def ordered(age: float, n: int, **numbers: float) -> list[tuple[int, int]]:
    """Return the legal status and placement after a final order for n children of an age, under interim orders."""
    found = []
    town, family, (child,) = in_court(0.6, age)
    put(town, **numbers)
    for key in range(1, n + 1):
        child.key, child.legal_status, child.placement = (
            np.uint64(key),
            Legal.INTERIM_CARE_ORDER,
            Placement.KINSHIP_FOSTER,
        )
        family.n_away, family.n_settled = 1, 0
        court.order_for(town, family, child, WEEK)
        found.append((int(child.legal_status), int(child.placement)))
        away, settled = found[-1][0] in (6, 7), found[-1][0] in (9, 10)
        assert (family.n_away, family.n_settled) == (int(away), int(settled))
    return found


@pytest.mark.parametrize("age", [3, 8])
def test_every_final_order_is_made_in_its_share_of_cases(age):
    """A chi-square test over 1,500 children that fails by chance less than once in a million."""
    numbers = {"home": 0.25, "guardian": 0.15, "arrangements": 0.1, "placement_order": 0.3, "placed_at_home": 0.4}
    found = ordered(age, 1500, **{f"court__{name}": value for name, value in numbers.items()})
    adoption = 0.3 if age < 5 else 0.0
    shares = {(8, 0): 0.25, (9, 9): 0.15, (10, 9): 0.1, (6, 6): 0.4 * (0.5 - adoption), (6, 1): 0.6 * (0.5 - adoption)}
    shares |= {(7, 1): adoption} if adoption else {}
    assert set(found) == set(shares)
    counts = [found.count(kind) for kind in shares]
    assert stats.chisquare(counts, 1500 * np.array(list(shares.values()))).pvalue > FALSE_ALARM


@pytest.mark.parametrize(("order", "status"), [("home", 8), ("guardian", 9), ("arrangements", 10), ("none", 6)])
def test_a_certain_order_is_the_order_made_for_a_child_still_at_home(order, status):
    town, family, (child,) = in_court(0.6, 8)
    chances = {f"court__{name}": float(name == order) for name in ("home", "guardian", "arrangements")}
    put(town, **chances, court__placed_at_home=0.0)
    child.legal_status = Legal.CHILD_PROTECTION_PLAN
    court.order_for(town, family, child, WEEK)
    assert (child.legal_status, child.since, events(town, Event.PLAN_ENDED)) == (status, WEEK, 1)
    assert (child.placement == Placement.HOME) == (status == Legal.SUPERVISION_ORDER)
    assert (family.n_settled, family.n_away) == (int(status in (9, 10)), int(status == 6))


@pytest.mark.parametrize(("level", "times"), [(1, 2.5), (2, 1.0), (3, 1.0)])
@pytest.mark.parametrize("factor", [1, 2, 3])
def test_a_child_stays_at_home_more_often_where_no_known_trouble_of_the_parents_is_still_harmful(factor, level, times):
    town, family, _ = in_court()
    put(town, court__home=0.12, court__home_eased=2.5)
    family.seen[:] = (3, 0, 0, 0)  # the home they live in is no trouble of theirs
    family.seen[factor] = level
    assert court.home_share(town, family) == pytest.approx(0.12 * times)


@pytest.mark.parametrize("eased", [False, True])
def test_a_court_hears_how_the_parents_are_now_and_not_what_was_first_told(eased):
    town, family, children = in_court()
    least = min(rules("luck").four(town.luck, child.key, WEEK, Block.CHILD_COURT)[0] for child in children)
    put(town, court__home=0.99 * least, court__guardian=0.0, court__arrangements=0.0)  # below every draw
    put(town, court__home_eased=1.1 / (0.99 * least))  # and beyond every draw where trouble has eased
    family.status, family.since, town.authority[0].in_court = Status.PROCEEDINGS, WEEK - 30, 1.0
    family.seen[:] = (0, 3, 0, 0) if eased else (0, 0, 0, 0)
    family.level[:] = (0, 1, 0, 0) if eased else (0, 3, 0, 0)
    court.final_hearing(town, family, WEEK)
    assert [child.legal_status == Legal.SUPERVISION_ORDER for child in children] == [eased, eased]


@pytest.mark.parametrize(("weeks", "in_time"), [(26, 2), (27, 0)])
def test_a_final_hearing_within_twenty_six_weeks_is_in_time_and_frees_the_court(weeks, in_time):
    town, family, children = in_court()
    put(town, court__home=1.0)
    family.status, family.since, family.due, town.authority[0].in_court = Status.PROCEEDINGS, WEEK - weeks, WEEK, 1.0
    court.hear(town, WEEK)
    assert heads(town, Event.PROCEEDINGS_ENDED) == 2 and heads(town, Event.PROCEEDINGS_IN_TIME) == in_time
    assert town.weekly[WEEK].proceedings_weeks == 2 * weeks
    assert (town.authority[0].in_court, family.status) == (0, Status.CHILD_IN_NEED)
    assert all(child.legal_status == Legal.SUPERVISION_ORDER for child in children)


def test_where_all_children_are_in_care_for_good_the_case_itself_closes():
    town, family, children = in_court()
    put(town, court__home=0.0, court__guardian=0.0, court__arrangements=0.0, court__placed_at_home=0.0)
    family.status, family.since, family.due, family.worker, family.n_away = Status.PROCEEDINGS, WEEK - 30, WEEK, 0, 2
    for child in children:
        child.legal_status, child.placement = Legal.INTERIM_CARE_ORDER, Placement.KINSHIP_FOSTER
    court.final_hearing(town, family, WEEK)
    assert (family.status, family.worker, family.n_away) == (Status.CLOSED, 0, 2)
    assert all(child.legal_status == Legal.CARE_ORDER for child in children)


@pytest.mark.parametrize(("weeks", "legal"), [(0, Legal.EMERGENCY_PROTECTION), (1, Legal.INTERIM_CARE_ORDER)])
def test_emergency_protection_becomes_an_interim_order_and_proceedings_the_week_after(weeks, legal):
    town, family, (one, _) = in_court()
    one.legal_status, one.since, one.placement, family.n_away = Legal.EMERGENCY_PROTECTION, WEEK - weeks, 1, 1
    family.status = Status.CONFERENCE
    court.hear(town, WEEK)
    began = legal == Legal.INTERIM_CARE_ORDER
    assert one.legal_status == legal
    assert (family.status == Status.PROCEEDINGS, town.authority[0].in_court) == (began, float(began))
    assert heads(town, Event.PROCEEDINGS_STARTED) == (2 if began else 0)


def test_emergency_protection_within_proceedings_opens_no_second_case():
    town, family, (one, _) = in_court()
    one.legal_status, one.since, one.placement, family.n_away = Legal.EMERGENCY_PROTECTION, WEEK - 1, 1, 1
    family.status, family.due, town.authority[0].in_court = Status.PROCEEDINGS, WEEK + 9, 1.0
    court.hear(town, WEEK)
    assert (one.legal_status, town.authority[0].in_court, family.due) == (Legal.INTERIM_CARE_ORDER, 1.0, WEEK + 9)


def test_a_court_order_depends_on_the_childs_own_luck():
    town, family, (child,) = in_court(0.6, 8)
    draw = rules("luck").four(town.luck, child.key, WEEK, Block.CHILD_COURT)[0]
    child.legal_status, child.placement, family.n_away, child.came_home = Legal.INTERIM_CARE_ORDER, 1, 1, NEVER
    put(town, court__home=draw + 1e-9)
    court.order_for(town, family, child, WEEK)
    assert (child.legal_status, child.came_home) == (Legal.SUPERVISION_ORDER, WEEK)


def test_the_court_comes_to_fit_an_area_while_the_past_is_lived_and_not_after():
    town, _, _ = in_court()
    put(town, court__fits=0.5, court__memory=0.5)
    authority = town.authority[0]
    authority.court_usual, authority.court_fits, authority.in_court = 0.0, 0.0, 10.0
    for raids, usual, fits in ((0, 5.0, 5.0), (0, 7.5, 7.5), (1, 8.75, 7.5)):
        authority.raids = raids
        crowding.remember(town)
        assert (authority.court_usual, authority.court_fits) == (usual, fits)


def test_a_court_is_as_crowded_as_families_of_this_area_and_of_others_make_it():
    town, _, _ = in_court()
    put(town, court__headroom=1.25, court__others=2.0)
    for usual, fits, ratio in ((8.0, 8.0, 0.8), (10.5, 8.0, 1.0), (23.0, 8.0, 2.0), (0.0, 0.0, 0.8)):
        town.authority[0].court_usual, town.authority[0].court_fits = usual, fits
        assert crowding.crowding(town) == pytest.approx(ratio)


@pytest.mark.parametrize(("fear", "joint", "weeks"), [(0.0, 0.0, 16.0), (0.13, 0.0, 15.48), (1.0, 0.0, 12.0),
                                                      (1.5, 0.0, 12.0), (1.0, 0.5, 9.0)])  # fmt: skip
def test_fear_and_a_joined_up_response_shorten_pre_proceedings(fear: float, joint: float, weeks: float):
    town, _, _ = in_court()
    put(town, court__pre_proceedings_weeks=16, court__pre_anxiety=0.25, effects__joint_pre=8.0)
    town.authority[0].risk_aversion = fear
    lever(town, joint_response=joint)
    assert court.pre_proceedings_last(town) == pytest.approx(weeks)
    put(town, court__pre_anxiety=0.0)
    assert court.pre_proceedings_last(town) == 16.0 - 8.0 * joint
