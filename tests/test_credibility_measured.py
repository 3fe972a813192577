"""Credibility: what experiments measure, and what scenarios promise."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from test_credibility import USUAL, kept

from familyabm import levers
from familyabm.codes import Event
from familyabm.credibility import judge, promises, readings, settings
from familyabm.credibility.experiments import Kept, Luck, percent
from familyabm.credibility.falsifiers import FALSIFIERS, bend, cheaper_and_safer, floor_share
from familyabm.credibility.judge import Verdict, find
from familyabm.levers import Scenario
from familyabm.tables import NOTE, empty


def side(spend: float, harm: float, contacts: list[float]) -> Kept:
    """Return a rigged world of a year with its weekly spending and harm, and its homes' contacts."""
    tally = np.zeros((len(contacts), 8))
    tally[:, 0] = contacts
    columns = {
        name: np.full(52, spend)
        for name in ("spend_early_help", "spend_staff", "spend_placements", "spend_legal", "spend_levers")
    }
    return replace(kept(tally), weekly=columns | {"harm_weeks": np.full(52, harm)})


def twins(whole: Kept, usual: Kept, placebo: Kept) -> Luck:
    lived = {settings.WHOLE_SYSTEM.name: whole, USUAL.name: usual, settings.PLACEBO.name: placebo}
    return Luck(1, lived, lived)


def test_a_whole_system_that_is_cheaper_and_safer_from_the_first_month_fires():
    usual = side(10, 10, [5, 5])
    firing = [cheaper_and_safer(twins(side(9, 9, [4, 4]), usual, usual))] * 2
    assert find(FALSIFIERS[0], [firing]).verdict == Verdict.FIRED
    dearer = [cheaper_and_safer(twins(side(11, 9, [4, 4]), usual, usual))] * 2
    assert find(FALSIFIERS[0], [dearer]).verdict == Verdict.CLEAR


def test_a_floor_of_nothing_means_that_the_placebo_changed_nothing():
    usual, whole = side(1, 1, [5, 5, 3]), side(1, 1, [3, 5, 3])
    assert floor_share(0)(twins(whole, usual, usual)) == 0.0
    assert floor_share(0)(twins(whole, usual, side(1, 1, [5, 4, 4]))) == pytest.approx(50.0)


def test_a_straight_line_has_no_bend():
    luck = Luck(
        1,
        {
            USUAL.name: kept(harm=100),
            settings.HALF["continuity"].name: kept(harm=95),
            settings.ALONE["continuity"].name: kept(harm=90),
        },
    )
    assert bend("continuity")(luck) == pytest.approx(0.0)


def test_a_change_is_counted_in_percent_of_what_it_changes():
    assert percent(110.0, 100.0) == pytest.approx(10.0) and np.isnan(percent(1.0, 0.0))


def test_a_gradient_is_recovered_from_counts_that_follow_it_and_from_deciles_with_gaps():
    children = np.array([0, *([1000.0] * 10)])
    cases = children * 0.002 * np.exp(np.log(9.0) / 9.0 * (np.arange(11) - 1))
    assert readings.gradient(cases, children) == pytest.approx(9.0, rel=1e-6)
    children[[2, 3, 9]] = cases[[2, 3, 9]] = 0.0
    assert readings.gradient(cases, children) == pytest.approx(9.0, rel=1e-6)
    assert np.isnan(readings.gradient(np.zeros(11), children))


def test_authorities_are_compared_at_equal_deprivation_whatever_their_mix_of_neighbourhoods():
    rate = np.linspace(0.001, 0.02, 11)
    rich, poor = np.linspace(1000, 100, 11), np.linspace(100, 1000, 11)
    assert readings.at_equal_deprivation((1.5 * rate * rich, rich), (rate * poor, poor)) == pytest.approx(1.5)


def journal_of(*rows: tuple[int, int, Event]) -> np.recarray:
    """Return a journal of (family, week, event) rows."""
    journal = empty(NOTE, len(rows))
    for place, (family, week, event) in enumerate(rows):
        journal[place].number, journal[place].family, journal[place].week, journal[place].event = (
            place,
            family,
            week,
            event,
        )
        journal[place].agency = 0
    return journal


def test_cases_that_come_back_are_counted_with_those_not_yet_watched_for_a_year():
    closed = [(family, 0, Event.CASE_CLOSED) for family in range(4)]
    journal = journal_of(*closed, (0, 20, Event.REFERRAL), (1, 60, Event.REFERRAL), (9, 10, Event.REFERRAL))
    assert readings.back_after_closure(journal, 100) == pytest.approx(25.0)
    gap, watched = np.array([10.0, np.nan, np.nan, 30.0]), np.array([100.0, 20.0, 100.0, 100.0])
    assert readings.kaplan_meier(gap, watched, 52) == pytest.approx(1 - 3 / 4 * 1 / 2)


def test_repeat_referrals_of_a_few_families_are_told_from_those_spread_over_many():
    many = [(family, week, Event.REFERRAL) for family in range(200) for week in (1, 50)]
    assert readings.concentration(journal_of(*many), 100) == pytest.approx(8.5)
    few = [(family, 1, Event.REFERRAL) for family in range(200)] + [(0, week, Event.REFERRAL) for week in range(2, 22)]
    assert readings.concentration(journal_of(*few), 100) == pytest.approx(100.0)


def test_assessments_that_end_just_in_time_are_a_pile_up():
    lengths = [6, 7, 8, 8, 8, 9, 9, 9, 10, 11]
    started = [(family, 0, Event.ASSESSMENT_STARTED) for family in range(10)]
    ended = [(family, weeks, Event.ASSESSMENT_ENDED) for family, weeks in enumerate(lengths)]
    assert readings.pile_up(journal_of(*started, *ended)) == pytest.approx(6 / 2)


def test_calls_about_families_chosen_at_their_worst_fall_by_themselves():
    start = readings.PAST_WEEKS + 104
    end = start + 4 * readings.WEEKS_A_YEAR
    calls = [(1, start + week, Event.CONTACT) for week in (-20, -10, 0, 40)] + [(2, start - 5, Event.CONTACT)]
    too_late = [(3, end - 10, Event.PLAN_STARTED), (3, end - 12, Event.CONTACT)]
    journal = journal_of((1, start, Event.PLAN_STARTED), *calls, *too_late)
    assert readings.fall_after_peak(journal, end) == pytest.approx(100 * (1 - 1 / 3))
    later = [(4, start + 130, Event.PLAN_STARTED), (4, start + 120, Event.CONTACT)]
    journal = journal_of((1, start, Event.PLAN_STARTED), *calls, *later)
    assert readings.fall_after_peak(journal, end) == pytest.approx(100 * (1 - 1 / 4))


# --- Scenarios' expectations -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Expected:
    """An expectation as scenario files will state it."""

    measure: str = "referrals"
    years: tuple[int, int] = (2, 3)
    against: str = "status-quo"
    direction: str = "up"
    low: float | None = 0.1
    high: float | None = 0.2
    source: str = "A study"


@dataclass(frozen=True)
class Promising(Scenario):
    """A scenario that says what to expect."""

    code: str = "S9"
    expected: tuple[Expected, ...] = ()


def promised(entry: Expected, value: float | list[float]) -> Verdict:
    """Return what becomes of one expectation where a scenario's referrals are so many, against 100."""
    both = promises.promises([levers.find("status-quo"), Promising("busy", "Busy", "", expected=(entry,))])
    found = both[-1]
    lucks = [Luck(n, {USUAL.name: kept(referrals=100.0), "scenario busy": kept(referrals=value)}) for n in (1, 2)]
    kinds = [("S9", "scenario"), ("S9-size", "size")] if promises.sized(entry) else [("S9", "scenario")]
    assert [(each.code, each.kind) for each in both][-len(kinds) :] == kinds
    return find(found, [[judge.measure(found.claims[0], luck) for luck in lucks]]).verdict


def test_a_scenario_keeps_its_word_or_not():
    assert promised(Expected(), 115.0) == Verdict.HOLDS
    assert promised(Expected(), 130.0) == Verdict.FALLS_SHORT
    assert promised(Expected(direction="down", low=None, high=None), 115.0) == Verdict.FALLS_SHORT
    assert promised(Expected(direction="same", low=-0.03, high=0.03), 104.0) == Verdict.FALLS_SHORT
    assert promised(Expected(direction="same", low=None, high=None), 104.0) == Verdict.HOLDS
    assert promised(Expected(against="start"), [100.0, 115.0, 115.0, 1.0, 1.0]) == Verdict.HOLDS
    assert promised(Expected(measure="happiness"), 115.0) == Verdict.NOT_AVAILABLE
