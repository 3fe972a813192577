"""Every kind of failure and value demand is told apart, in order of precedence, and lands on somebody."""

import numpy as np
import pytest
from test_rules_common import WEEK, home, put, rules

from familyabm.codes import FAILURES, Agency, Answer, Event, Failure, Status

coding, journal, noticing = rules("coding"), rules("journal"), rules("noticing")


def known(harm=0.3):
    town, family, children = home(5)
    family.harm = children[0].harm = harm
    family.level[:] = (0, 1, 0, 0)
    return town, family


def let_go(family, answer, weeks_ago, need=0.3):
    family.answer, family.answered, family.answer_need, family.low_weeks = answer, WEEK - weeks_ago, need, 0


def reported(family, weeks_ago, source, status=Status.CONTACT):
    family.contacted, family.source, family.status = WEEK - weeks_ago, source, status


def test_a_second_agency_within_four_weeks_of_an_unanswered_contact_is_a_duplicate():
    town, family = known()
    reported(family, 4, Agency.SCHOOL)
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) == Failure.F5_DUPLICATE
    assert coding.of_contact(town, family, WEEK, Agency.SCHOOL) != Failure.F5_DUPLICATE
    reported(family, 5, Agency.SCHOOL)
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) != Failure.F5_DUPLICATE
    reported(family, 4, Agency.SCHOOL, Status.CLOSED)
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) != Failure.F5_DUPLICATE


def test_a_refusal_comes_before_a_duplicate_and_a_duplicate_before_a_repeat():
    town, family = known()
    reported(family, 1, Agency.SCHOOL)
    let_go(family, Answer.REFUSED_REQUEST, 3)
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) == Failure.F3_BOUNCE
    let_go(family, Answer.CLOSED_NO_HELP, 3)
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) == Failure.F5_DUPLICATE
    family.status = Status.CLOSED
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) == Failure.F1_REPEAT


def test_a_notification_without_need_or_news_is_the_senders_own_making():
    town, family = known(harm=0.0)
    family.level[:] = 0
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) == Failure.F4_DEFENSIVE
    assert coding.of_contact(town, family, WEEK, Agency.FAMILY) == Failure.VALUE
    family.level[3] = 1
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) == Failure.VALUE
    family.seen[3] = 1
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) == Failure.F4_DEFENSIVE


def test_news_about_an_open_case_and_a_relapse_after_need_was_met_are_value_demand():
    town, family = known()
    family.status = Status.CHILD_IN_NEED
    assert coding.of_contact(town, family, WEEK, Agency.HEALTH) == Failure.V3_NEW_INFORMATION
    family.seen[1] = 1
    assert coding.of_contact(town, family, WEEK, Agency.HEALTH) == Failure.VALUE
    family.status = Status.CLOSED
    let_go(family, Answer.ENDED_MET, 30)
    assert coding.of_contact(town, family, WEEK, Agency.HEALTH) == Failure.V4_RELAPSE


def test_a_repeat_plan_comes_before_a_missed_chance():
    town, family = known()
    family.missed, family.missed_need = WEEK - 10, np.float32(0.1)
    assert coding.of_entry(town, family, WEEK, WEEK - 104) == Failure.F9_BROKEN_SOLUTION
    assert coding.of_entry(town, family, WEEK, WEEK - 105) == Failure.F6_MISSED_CHANCE


def test_value_and_failure_codes_part_cleanly():
    failures = set(list(range(len(Failure)))[FAILURES])
    assert failures == {code for code in Failure if code.name.startswith("F")}
    assert all(journal.is_failure(code) == (code in failures) for code in Failure)


@pytest.mark.parametrize(
    ("event", "agency", "station"),
    [(Event.CONTACT, Agency.POLICE, Agency.SOCIAL_CARE), (Event.ASKED, Agency.HOUSING, Agency.HOUSING),
     (Event.ATTENDED, Agency.POLICE, Agency.POLICE)],
)  # fmt: skip
def test_failure_demand_is_booked_from_the_silo_that_failed_to_the_silo_it_lands_on(event, agency, station):
    town, family = known()
    family.passed_by = Agency.EARLY_HELP
    week = int(town.authority[0].first_week)
    before = town.weekly["exported"].sum()
    journal.demand(town, week, family, event, agency, 1, Failure.F1_REPEAT, 2.0, np.uint64(0))
    assert town.weekly["exported"][0, Agency.EARLY_HELP, station] == 2.0
    journal.demand(town, week, family, event, agency, 1, Failure.V2_PLANNED, 2.0, np.uint64(0))
    assert town.weekly["exported"].sum() - before == 2.0


def test_the_window_for_duplicates_is_a_parameter():
    town, family = known()
    reported(family, 4, Agency.SCHOOL)
    put(town, demand__duplicate_window=3)
    assert coding.of_contact(town, family, WEEK, Agency.POLICE) != Failure.F5_DUPLICATE
