"""The programme of change from policy to practice, and work as imagined beside work as done (P17)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_change import programme, still
from test_rules_common import WEEK, lever, put, rules

from familyabm.codes import Clock, Event, Phase, Status, Tier, Worker
from familyabm.parameters import DEFAULT
from familyabm.tables import LEVERS

improvement, clocks, front_door = rules("improvement"), rules("clocks"), rules("front_door")


def test_a_programme_is_designed_for_half_a_year_then_conducted_then_embedded():
    town = still()
    town.authority[0].criticism = 0.0
    town.p.groups["programme"]["matures"] = 0.2
    put(town, programmes__embedded_after=26)
    for name in LEVERS:
        town.policy[name] = 0.9
    phases = []
    for week in range(118):
        improvement.run_programme(town, week)
        town.weekly[week].programme_maturity = improvement.programme_maturity(town)
        phases.append(int(town.authority[0].phase))
    assert phases[:26] == [Phase.DESIGN] * 26 and phases[26] == Phase.CONDUCT
    assert phases[-1] == Phase.EMBEDDED and Phase.RELAPSING not in phases
    assert (town.weekly["programme_maturity"][:26] == 0.0).all()


def fall_of(town, weeks: int = 78) -> float:
    """Return how far maturity falls in a year and a half of overload, criticism of an inadequate grade easing."""
    before = improvement.programme_maturity(town)
    for week in range(weeks):
        town.authority[0].load, town.authority[0].criticism = 1.6, 0.9 * 0.974**week
        improvement.run_programme(town, week)
        improvement.follow_policy(town, week)
        town.weekly[week].programme_maturity = improvement.programme_maturity(town)
    return float(before - improvement.programme_maturity(town))


def test_under_shock_and_criticism_practice_slips_back_and_a_relapse_is_counted():
    town = programme(0.95)
    fall = fall_of(town)
    assert 0.3 <= fall <= 0.6, fall
    assert town.weekly["relapses"].sum() == 1.0
    assert town.weekly["events"][:, Event.PROGRAMME_RELAPSED].sum() == 1.0
    assert town.authority[0].phase == Phase.RELAPSING


def test_watching_for_relapse_halves_what_slips():
    plain, watched = programme(0.9), programme(0.9)
    put(watched, programmes__relapse_monitoring=1.0)
    for town in (plain, watched):
        town.authority[0].load = 1.6
    for number in range(8):
        ratio = improvement.slipping(watched, number, 0.9) / improvement.slipping(plain, number, 0.9)
        assert ratio == pytest.approx(0.5)
    assert fall_of(watched) < 0.75 * fall_of(plain)


def test_a_lever_changed_alone_slips_faster_than_eight_together():
    together, alone = programme(0.9), programme(0.9, continuity=0.9)
    for town in (together, alone):
        town.authority[0].load = 1.6
        lever(town, ring_fence=0.15)
    mean = improvement.mean_of(alone.maturity[0])
    assert improvement.slipping(alone, 3, mean) > 1.3 * improvement.slipping(together, 3, 0.9) > 0.0


def test_what_policy_takes_away_does_not_slip_back_and_needs_no_board():
    town = programme(0.9, continuity=0.0)
    town.authority[0].load, town.authority[0].criticism = 2.0, 1.0
    put(town, boards__project=0.0)
    assert improvement.slipping(town, 3, 0.5) == 0.0 and improvement.growth(town, 3, 0.5) > 0.0


def test_an_abandoned_programme_fades():
    town = programme(0.8)
    town.authority[0].phase, town.authority[0].load, town.authority[0].criticism = Phase.ABANDONED, 1.0, 0.0
    for week in range(52):
        improvement.run_programme(town, week)
    assert improvement.programme_maturity(town) == pytest.approx(0.8 * 0.99**52)


@settings(max_examples=20, deadline=None)
@given(
    loads=st.lists(st.floats(0.5, 3.0), min_size=5, max_size=30), criticism=st.floats(0.0, 1.0),
    fence=st.floats(0.0, 1.0), start=st.floats(0.0, 1.0), phase=st.sampled_from(list(Phase)),
)  # fmt: skip
def test_maturity_stays_between_none_and_all_whatever_happens(loads, criticism, fence, start, phase):
    town = programme(start)
    lever(town, ring_fence=fence)
    town.authority[0].phase, town.authority[0].criticism = phase, criticism
    for week, load in enumerate(loads):
        town.authority[0].load = load
        improvement.run_programme(town, week)
        improvement.follow_policy(town, week)
        assert all(0.0 <= town.maturity[0][name] <= 1.0 for name in LEVERS)
        assert all(0.0 <= town.levers[0][name] <= 1.0 for name in LEVERS)


def test_better_evaluation_matures_a_programme_faster():
    plain, evaluated = programme(0.3), programme(0.3)
    evaluated.authority[0].evaluation = 0.9
    assert improvement.growth(evaluated, 3, 0.3) > improvement.growth(plain, 3, 0.3)


# --- work as imagined and work as done -----------------------------------------------------------------------------


def test_the_gap_over_levers_is_the_mean_distance_of_practice_from_policy():
    town = programme(0.0)
    improvement.follow_policy(town, WEEK)
    starts = [DEFAULT[f"base.{name}"] for name in LEVERS]
    assert town.weekly[WEEK].lever_gap == pytest.approx(np.mean([0.9 - start for start in starts]))


def test_clocks_compare_what_law_lays_down_with_what_is_done():
    town = still()
    row = town.weekly[WEEK]
    row.children[Event.ASSESSMENT_ENDED, 8], row.children[Event.ASSESSMENT_IN_TIME, 8] = 10, 5
    row.assessment_weeks = 120.0
    row.children[Event.CONFERENCE, 8], row.children[Event.CONFERENCE_IN_TIME, 8] = 4, 3
    row.events[Event.PRE_PROCEEDINGS_ENDED, 8], row.pre_weeks = 2, 64.0
    put(town, clocks__memory=0.2)
    town.clocks["kept"], town.clocks["practice"] = 1.0, town.clocks["policy"]
    clocks.watch_clocks(town, WEEK)
    assessment, conference, before = (
        town.clocks[clock] for clock in (Clock.ASSESSMENT, Clock.CONFERENCE, Clock.PRE_PROCEEDINGS)
    )
    assert (assessment.practice, assessment.kept) == (pytest.approx(9 + 0.2 * 3), pytest.approx(0.9))
    assert (conference.practice, conference.kept) == (pytest.approx(3 / 0.95), pytest.approx(0.95))
    assert (before.practice, before.kept) == (pytest.approx(16 + 0.2 * 16), pytest.approx(0.9))


def test_contacts_that_wait_miss_the_day():
    town = still()
    put(town, clocks__memory=0.2)
    row = town.weekly[WEEK]
    row.events[Event.CONTACT, 0] = 6
    town.authority[0].n_queue, town.queue[:3] = 3, (0, 1, 2)
    town.families["status"][:3] = (Status.CONTACT, Status.CONTACT, Status.CLOSED)
    town.authority[0].n_left = front_door.left_waiting(town)
    town.clocks["kept"] = 1.0
    clocks.at_the_door(town, row)
    assert town.clocks[Clock.CONTACT_DECISION].kept == pytest.approx(1 - 0.2 * 0.25)
    assert town.clocks[Clock.CONTACT_DECISION].practice == pytest.approx(0.2 + 0.2 * 2 / 6)


def test_visits_and_reviews_are_kept_as_far_as_workers_have_the_hours():
    town = still()
    town.workers["kind"] = Worker.PERMANENT
    town.workers["need"][:, Tier.PROTECTION], town.workers["hours_met"][:, Tier.PROTECTION] = 10.0, 0.5
    assert clocks.hours_met(town, Tier.PROTECTION) == 0.5
    town.workers["need"][:, Tier.PROTECTION] = 0.0
    assert clocks.hours_met(town, Tier.PROTECTION) == 1.0


def test_the_wait_for_adoption_is_reckoned_from_those_who_wait_and_the_pace():
    town = still()
    put(town, clocks__memory=0.2)
    town.authority[0].legal[7], town.clocks[Clock.ADOPTION].pace = 26.0, 0.5
    clocks.waiting_for_adoption(town, town.weekly[WEEK])
    assert town.clocks[Clock.ADOPTION].practice == pytest.approx(26 + 0.2 * (65 - 26))
