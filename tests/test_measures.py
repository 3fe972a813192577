"""Measures are what their definitions say, worked by hand on small tables, and equal from totals and from events."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from towns import lived

from familyabm import measures, worlds
from familyabm.codes import Agency, Event, Failure, Legal, Placement, Silo
from familyabm.credibility import readings
from familyabm.journal_frame import frame_of
from familyabm.measures import MEASURES, of_weeks
from familyabm.tables import WEEK, empty


def a_year():
    """Return a year in which nothing happened to 10,000 children."""
    rows = empty(WEEK, 52)
    rows["children_total"] = 10_000.0
    return rows


def value(rows, name):
    return of_weeks(rows, [name])[name]


def test_a_rate_is_children_a_year_per_10_000():
    rows = a_year()
    rows["children"][3, Event.REFERRAL, Agency.POLICE] = 4
    rows["children"][40, Event.REFERRAL, Agency.SCHOOL] = 6
    assert value(rows, "referrals") == 10.0
    assert value(rows, "referrals_police") == 40.0
    rows["children_total"] = 20_000.0
    assert value(rows, "referrals") == 5.0


def test_half_a_year_counts_double():
    rows = a_year()[:26]
    rows["children"][0, Event.CONTACT, Agency.POLICE] = 10
    assert value(rows, "contacts") == 20.0


def test_a_stock_is_taken_at_31_march():
    rows = a_year()
    rows["legal"][:, Legal.CARE_ORDER] = 90
    rows["legal"][-1, Legal.CARE_ORDER] = 50
    rows["legal"][-1, Legal.SECTION_20] = 17
    rows["legal"][-1, Legal.CHILD_PROTECTION_PLAN] = 41
    assert value(rows, "looked_after") == 67.0
    assert value(rows, "plans") == 41.0


def test_re_referrals_are_a_share_of_referrals():
    rows = a_year()
    rows["children"][1, Event.REFERRAL, Agency.POLICE] = 8
    rows["children"][1, Event.RE_REFERRAL, Agency.POLICE] = 2
    assert value(rows, "re_referrals") == 25.0


def test_nothing_to_divide_by_is_not_a_number_rather_than_zero():
    assert math.isnan(value(a_year(), "re_referrals"))
    assert math.isnan(value(a_year(), "failure_demand"))


def test_assessments_are_measured_in_working_days():
    rows = a_year()
    rows["children"][5, Event.ASSESSMENT_ENDED, Agency.SOCIAL_CARE] = 2
    rows["assessment_weeks"][5] = 13
    assert value(rows, "assessment_days") == 32.5


def test_failure_demand_is_all_codes_but_value():
    rows = a_year()
    rows["demand_hours"][0, Failure.VALUE, Event.CONTACT] = 60
    rows["demand_hours"][0, Failure.F1_REPEAT, Event.CONTACT] = 30
    rows["demand_hours"][9, Failure.F9_BROKEN_SOLUTION, Event.PLAN_STARTED] = 10
    assert value(rows, "failure_demand") == 40.0
    assert value(rows, "failure_f1") == 30.0
    assert value(rows, "failure_f9") == 10.0


def test_spending_is_pounds_per_child_and_adds_up():
    rows = a_year()
    rows["spend_staff"] = 100_00.0 * 10_000 / 52
    rows["spend_early_help"] = 25_00.0 * 10_000 / 52
    rows["spend_partners"] = 7_00.0 * 10_000 / 52
    assert value(rows, "spend_staff") == pytest.approx(100.0)
    assert value(rows, "spend") == pytest.approx(125.0)
    assert value(rows, "early_to_late") == pytest.approx(0.25)


def test_placements_are_shares_of_children_looked_after():
    rows = a_year()
    rows["placement"][-1, Placement.KINSHIP_FOSTER] = 16
    rows["placement"][-1, Placement.IN_HOUSE_FOSTER] = 50
    rows["placement"][-1, Placement.AGENCY_FOSTER] = 34
    assert value(rows, "placed_kinship") == 16.0
    assert value(rows, "placed_foster") == 84.0


def test_every_measure_is_documented_and_answers_on_a_real_run():
    run = lived(weeks=520)
    found = measures.by_year(run.weekly).mean()
    assert set(found.index) == set(MEASURES)
    never = {name for name in found.index if math.isnan(found[name])}
    of_every_tenth = {name for name in MEASURES if name.startswith("unequal_")}  # a town this small has six of the ten
    assert never <= {"placed_crisis", "panel_wait_joint"} | of_every_tenth  # and may have no joint package
    for measure in MEASURES.values():
        assert measure.title.code.startswith("K") and measure.title.unit and measure.title.definition.endswith(".")


def test_only_the_measures_asked_for_are_worked_out_and_they_are_the_same(monkeypatch):
    weekly = lived(weeks=520).weekly
    asked, whole = ["spend", "unequal_plans", "care_starts"], measures.by_year(weekly)
    refuse = dataclasses.replace(MEASURES["harm"], of=lambda year: pytest.fail("harm was not asked for"))
    monkeypatch.setitem(MEASURES, "harm", refuse)
    found = measures.by_year(weekly, asked)
    assert list(found.columns) == asked
    assert found.equals(whole[asked])
    assert measures.by_year(weekly, []).shape == (10, 0)


CONCEPT = [*(f"K{number}" for number in range(1, 57)), "K4b", "K4c", "K9b", "K14b", "K48b"]
ELSEWHERE = {"K4c": readings.back_after_closure, "K40": worlds.Comparison.avoidable}
"""Codes that no run's weekly totals can answer, and what does: the journal, and a comparison of worlds.

Of K49 the totals hold what adult services do, not how many adults have which trouble.
"""


def test_every_measure_of_the_concept_has_a_definition():
    served = {measure.title.code for measure in MEASURES.values()}
    assert set(CONCEPT) - served == set(ELSEWHERE)
    assert served <= set(CONCEPT)


def test_measures_stand_in_the_order_of_their_codes():
    codes = [measure.title.code for measure in MEASURES.values()]
    numbers = [int(code[1:].rstrip("abc")) for code in codes]
    assert numbers == sorted(numbers)
    assert codes.index("K4b") == codes.index("K4") + 1
    assert measures.catalogue()["code"].tolist() == codes


def test_shares_are_between_0_and_100():
    found = of_weeks(lived(weeks=520).weekly)
    for name, measure in MEASURES.items():
        if measure.title.unit.startswith("%") and name not in (
            "early_help_step_up",
            "section_47_per_referral",
        ):
            assert math.isnan(found[name]) or 0.0 <= found[name] <= 100.0, (name, found[name])


def test_measures_from_the_journal_equal_measures_from_totals():
    run = lived(weeks=104, journal=True)
    journal = frame_of(run)
    children = run.weekly["children_total"].mean()
    referred = journal.loc[journal["event"] == "referral", "children"].sum()
    assert of_weeks(run.weekly)["referrals"] == pytest.approx(referred / 2 / children * 10_000)
    failed = journal.loc[journal["code"].str.match(r"f\d"), "hours"].sum() / journal["hours"].sum() * 100
    assert of_weeks(run.weekly)["failure_demand"] == pytest.approx(failed)
    assert journal["week"].between(0, 103).all()


def test_weekly_totals_come_out_as_a_plain_frame():
    run = lived(weeks=20)
    frame = measures.weekly_frame(run.weekly)
    assert isinstance(frame, pd.DataFrame) and len(frame) == 20
    assert np.array_equal(frame["legal_care_order"], run.weekly["legal"][:, Legal.CARE_ORDER])
    assert all(dtype.kind == "f" for dtype in frame.dtypes)


def test_a_plain_frame_leaves_no_number_out():
    rows = empty(WEEK, 1)
    for name in WEEK:
        rows[name] = 1
    none = sum(name.startswith("decile_") for name in WEEK) + len(Silo)  # no decile 0, no way from a silo to itself
    assert measures.weekly_frame(rows).to_numpy().sum() == sum(rows[name].size for name in WEEK) - none
