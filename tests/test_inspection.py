"""Ofsted comes, weighs, grades and comes again (P18)."""

import numpy as np
import pytest
from test_environment import events
from test_rules_common import WEEK, fresh, put, rules

from familyabm import areas, levers, simulation
from familyabm.codes import NEVER, Agency, Event, Grade
from familyabm.parameters import DEFAULT

inspection, workforce = rules("inspection"), rules("workforce")


@pytest.mark.parametrize(
    ("kept", "again", "stability", "undone", "less", "deprivation", "points"),
    [(0, 0, 0, 0, 0, 0, 0.0), (1, 0, 0, 0, 0, 0, 0.35), (0, 1, 0, 0, 0, 0, -0.25), (0, 0, 1, 0, 0, 0, 0.2),
     (0, 0, 0, 1, 0, 0, -0.2), (0, 0, 0, 0, 0.45, 0, -0.18), (0, 0, 0, 0, 0, 1, -0.08), (9, 0, 0, 0, 0, 0, 0.7),
     (0, 0, 0, 9, 0, 0, -0.4)],
)  # fmt: skip
def test_an_inspector_weighs_timeliness_files_leadership_work_undone_and_early_help(
    kept, again, stability, undone, less, deprivation, points
):
    town = fresh()
    p, authority = town.p.inspection[0], town.authority[0]
    town.clocks["kept"] = p.usual_kept + kept * p.spread_kept
    authority.seen_again = p.usual_again + again * p.spread_again
    authority.stability = town.p.environment[0].usual_stability + stability * p.spread_stability
    authority.seen_undone = p.usual_undone + undone * p.spread_undone
    authority.prevention = 1.0 - less
    town.facts[0].deprivation = deprivation
    assert inspection.score(town, 0.0) == pytest.approx(points)
    assert inspection.score(town, 1.0) == pytest.approx(points + 0.5)


@pytest.mark.parametrize(("points", "grade"), [(0.45, 1), (0.44, 2), (-0.10, 2), (-0.11, 3), (-0.75, 3), (-0.76, 4)])
def test_a_score_becomes_one_of_four_grades(points, grade):
    town = fresh()
    put(town, inspection__outstanding_above=0.45, inspection__good_above=-0.1, inspection__improvement_above=-0.75)
    assert inspection.grade_of(town, points) == grade


def test_in_no_known_way_does_harm_itself_reach_the_grade():
    town = fresh()
    before = inspection.score(town, 0.0)
    town.families["harm"], town.children["harm"], town.children["high_weeks"] = 1.0, 1.0, 99
    town.weekly["omissions"], town.weekly["harm_weeks"] = 999.0, 999.0
    assert inspection.score(town, 0.0) == before


def test_an_inadequate_grade_brings_fear_procedure_visits_and_a_return_within_two_and_a_half_years():
    town = fresh()
    authority = town.authority[0]
    town.facts[0].whole = 60_000.0
    authority.risk_aversion, authority.criticism, authority.bureaucracy, authority.raids = 0.0, 0.0, 0.55, 1
    inspection.inspect(town, WEEK, Grade.INADEQUATE)
    assert authority.grade == Grade.INADEQUATE and authority.risk_aversion == pytest.approx(0.9)
    assert authority.bureaucracy == pytest.approx(0.70) and authority.criticism == pytest.approx(0.5)
    assert WEEK + 104 <= authority.next_inspection <= WEEK + 130
    assert authority.next_visit == WEEK + 13
    assert events(town, Event.RECOMMENDATION) == 4 and town.weekly[WEEK].children[Event.INSPECTION, Agency.OFSTED] == 4
    visits = 0
    for week in range(WEEK + 1, min(119, int(authority.next_inspection))):
        inspection.come(town, week)
        visits += events(town, Event.MONITORING_VISIT, week)
    assert 3 <= visits <= 5


def test_no_authority_is_found_inadequate_while_the_past_is_lived():
    town = fresh()
    inspection.inspect(town, WEEK, Grade.INADEQUATE)
    assert town.authority[0].grade == Grade.REQUIRES_IMPROVEMENT and town.authority[0].next_visit == NEVER


def test_a_good_grade_brings_neither_fear_nor_visits():
    town = fresh()
    authority = town.authority[0]
    before = authority.risk_aversion, authority.bureaucracy
    inspection.inspect(town, WEEK, Grade.GOOD)
    assert (authority.risk_aversion, authority.bureaucracy) == before and authority.next_visit == NEVER
    assert WEEK + 143 <= authority.next_inspection <= WEEK + 169


def test_an_inspection_comes_at_least_about_every_three_years():
    town = fresh()
    inspection.come(town, 0)
    assert 0 <= town.authority[0].next_inspection <= 156
    for luck in range(40):
        town.luck[1] = luck
        inspection.inspect(town, WEEK, 0)
        assert WEEK + 104 <= town.authority[0].next_inspection <= WEEK + 169


def test_criticism_calls_an_inspection_but_not_within_a_year_of_the_last():
    town = fresh()
    authority = town.authority[0]
    authority.next_inspection, authority.criticism = WEEK + 500, 0.6
    authority.inspected = WEEK - 52
    assert not inspection.called_for(town, WEEK)
    authority.inspected = WEEK - 53
    assert inspection.called_for(town, WEEK)
    authority.criticism = 0.4
    assert not inspection.called_for(town, WEEK)


def test_nobody_wants_to_work_for_an_inadequate_authority():
    town = fresh()
    town.authority[0].grade = Grade.GOOD
    assert workforce.disgrace(town) == 0.0
    town.authority[0].grade = Grade.INADEQUATE
    assert workforce.disgrace(town) == 0.25


def test_files_show_what_is_done_again_and_what_is_left_undone():
    town = fresh()
    row = town.weekly[WEEK]
    row.children[Event.REFERRAL, 0], row.children[Event.RE_REFERRAL, 0] = 10, 10
    row.needed_hours, row.used_hours = 100.0, 0.0
    before = town.authority[0].seen_again, town.authority[0].seen_undone
    inspection.see_files(town, row)
    assert town.authority[0].seen_again == pytest.approx(before[0] + 0.02 * (1 - before[0]))
    assert town.authority[0].seen_undone == pytest.approx(before[1] + 0.02 * (1 - before[1]))


@pytest.mark.slow
def test_over_ten_years_authorities_are_graded_as_ofsted_has_graded_them():
    """About a fifth outstanding, 60% good or better, one in twelve inadequate; sixteen authorities, some fifty inspections."""
    grades = []
    for luck in range(16):
        snapshot = simulation.live_past(areas.england(), DEFAULT, 1 + 1000 * luck, 0.2)
        lived = simulation.live(snapshot, levers.find("status-quo"), 520).weekly
        grades += lived["grade"][lived["events"][:, Event.INSPECTION].sum(axis=1) > 0].tolist()
    shares = [np.mean([grade == one for grade in grades]) for one in (1, 2, 3, 4)]
    assert len(grades) > 40
    assert 0.08 <= shares[0] <= 0.35 and 0.45 <= shares[0] + shares[1] <= 0.75 and 0.01 <= shares[3] <= 0.18, shares
