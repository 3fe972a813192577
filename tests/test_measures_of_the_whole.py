"""What a whole system does, worked by hand: codes of demand, who bears it, where families wait, load, inequality."""

import math
from functools import cache

import pytest
from test_measures import a_year, value
from towns import live_weeks, young_town

from familyabm.codes import FAILURES, Agency, Event, Factor, Failure, Panel, Status
from familyabm.measures import MEASURES, of_weeks
from familyabm.measures.journey import STATIONS


@cache
def lived():
    """Return the first half year of a very small town."""
    return live_weeks(young_town(0.004), 26).weekly[:26]


def test_requests_are_contacts_from_the_family_and_the_rest_is_told_by_others():
    rows = a_year()
    rows["children"][2, Event.CONTACT, Agency.FAMILY] = 3
    rows["children"][9, Event.CONTACT, Agency.POLICE] = 9
    assert value(rows, "requests") == 25.0
    assert (value(rows, "contacts"), value(rows, "contacts_family"), value(rows, "contacts_police")) == (12.0, 3.0, 9.0)


def test_unwanted_and_double_demand_are_shares_of_hours_and_of_events():
    rows = a_year()
    for code, hours, events in ((Failure.VALUE, 80, 10), (Failure.F4_DEFENSIVE, 15, 25), (Failure.F5_DUPLICATE, 5, 15)):
        rows["demand_hours"][4, code, Event.CONTACT] = hours
        rows["demand_count"][4, code, Event.CONTACT] = events
    assert (value(rows, "failure_f4"), value(rows, "failure_f5")) == (15.0, 5.0)
    assert (value(rows, "failure_f4_events"), value(rows, "failure_f5_events")) == (50.0, 30.0)
    assert (value(rows, "failure_demand"), value(rows, "failure_demand_events")) == (20.0, 80.0)


def test_planned_work_news_and_relapses_are_value_demand_and_told_apart():
    rows = a_year()
    by_code = {Failure.VALUE: 4, Failure.V2_PLANNED: 3, Failure.V3_NEW_INFORMATION: 2, Failure.V4_RELAPSE: 1}
    for code, hours in by_code.items():
        rows["demand_hours"][0, code, Event.REVIEW_HELD] = hours
    shares = [value(rows, f"value_{name}") for name in ("new", "planned", "news", "relapse")]
    assert shares == [40.0, 30.0, 20.0, 10.0]
    assert value(rows, "failure_demand") == 0.0


def test_codes_of_demand_in_weeks_that_were_lived_add_up_to_all_of_it():
    rows = lived()
    codes = [f"failure_f{number}" for number in range(1, 10)]
    assert rows["demand_hours"].sum() > 0.0
    for ending, value_too in (("", True), ("_events", False)):
        found = of_weeks(rows, [f"{code}{ending}" for code in codes])
        assert sum(found.values()) == pytest.approx(value(rows, f"failure_demand{ending}"))
        if value_too:
            value_demand = sum(value(rows, f"value_{name}") for name in ("new", "planned", "news", "relapse"))
            assert value_demand + sum(found.values()) == pytest.approx(100.0)
    assert list(range(*FAILURES.indices(99))) == list(range(1, 10))


def test_failure_demand_is_exported_where_it_lands_on_another_agency_than_the_one_that_failed():
    rows = a_year()
    rows["exported"][3, Agency.SOCIAL_CARE, Agency.SOCIAL_CARE] = 50
    rows["exported"][3, Agency.EARLY_HELP, Agency.SOCIAL_CARE] = 30
    rows["exported"][8, Agency.SOCIAL_CARE, Agency.POLICE] = 15
    rows["exported"][8, Agency.SOCIAL_CARE, Agency.ADULT_MENTAL_HEALTH] = 5
    assert value(rows, "failure_exported") == 50.0
    assert value(rows, "failure_exported_by_early_help") == 30.0
    assert value(rows, "failure_exported_by_social_care") == 20.0
    landed = {name: share for name, share in of_weeks(rows).items() if name.startswith("failure_exported_to_")}
    assert landed.pop("failure_exported_to_social_care") == 30.0
    assert landed.pop("failure_exported_to_police") == 15.0
    assert landed.pop("failure_exported_to_mental_health") == 5.0
    assert set(landed.values()) == {0.0}


def test_with_no_failure_demand_nothing_can_be_exported():
    assert math.isnan(value(a_year(), "failure_exported"))


def test_the_spread_of_times_is_the_standard_deviation_over_families():
    rows = a_year()
    weeks = [10.0, 20.0, 60.0]
    rows["events"][5, Event.NEED_MET, Agency.FAMILY] = 3
    rows["met_weeks"][5], rows["met_squares"][5] = sum(weeks), sum(week * week for week in weeks)
    assert value(rows, "weeks_to_need_met") == 30.0
    assert value(rows, "weeks_to_need_met_spread") == pytest.approx(math.sqrt((400 + 100 + 900) / 3))
    rows["met_weeks"][5], rows["met_squares"][5] = 90.0, 2700.0
    assert value(rows, "weeks_to_need_met_spread") == 0.0
    assert math.isnan(value(a_year(), "weeks_to_need_met_spread"))


def test_hand_offs_are_changes_of_worker_and_steps_up_and_down():
    rows = a_year()
    rows["events"][5, Event.NEED_MET, Agency.FAMILY] = 4
    rows["events"][6, Event.WORKER_CHANGED, Agency.SOCIAL_CARE] = 5
    rows["events"][7, Event.STEPPED_UP, Agency.EARLY_HELP] = 2
    rows["events"][8, Event.STEPPED_DOWN, Agency.SOCIAL_CARE] = 1
    assert value(rows, "hand_offs") == 2.0


def test_the_bottleneck_is_the_station_with_most_of_the_waiting_and_shares_add_up():
    rows = a_year()
    weeks = {
        Status.CONTACT: 5,
        Status.EARLY_HELP_WAITING: 30,
        Status.REFERRAL: 10,
        Status.ASSESSMENT: 15,
        Status.PROCEEDINGS: 5,
    }
    for status, families in weeks.items():
        rows["status"][9, status] = families
    rows["status"][9, Status.UNIVERSAL] = 900
    rows["panel_waiting"][9, Panel.EARLY_HELP], rows["panel_waiting"][9, Panel.LEGAL] = 10, 5
    rows["waiting"][9, Factor.MENTAL_HEALTH], rows["waiting"][9, Factor.HOUSING] = 20, 10
    shares = {station: value(rows, f"wait_{station}") for station in STATIONS}
    assert shares == {
        "front_door": 5.0, "early_help": 20.0, "allocation": 10.0, "assessment": 15.0, "panels": 15.0,
        "adult_services": 30.0, "court": 5.0,
    }  # fmt: skip


def test_plans_again_soon_are_those_that_the_journal_codes_as_a_solution_that_broke():
    rows = a_year()
    rows["children"][4, Event.PLAN_STARTED, Agency.SOCIAL_CARE] = 8
    rows["demand_count"][4, Failure.F9_BROKEN_SOLUTION, Event.PLAN_STARTED] = 2
    rows["demand_count"][4, Failure.F9_BROKEN_SOLUTION, Event.CARE_STARTED] = 5
    assert value(rows, "plans_again_soon") == 25.0


def test_omissions_and_drift_are_counted_when_they_happen():
    rows = a_year()
    rows["children"][3, Event.OMISSION, Agency.SOCIAL_CARE] = 4
    rows["children"][3, Event.DRIFT, Agency.SOCIAL_CARE] = 6
    rows["children"][9, Event.DRIFT, Agency.EARLY_HELP] = 1
    assert (value(rows, "omission_events"), value(rows, "drift")) == (4.0, 7.0)


def test_months_of_bail_out_are_those_in_which_early_help_lost_money():
    rows = a_year()
    rows["events"][[4, 8, 12], Event.BAILED_OUT, Agency.EARLY_HELP] = 1
    rows["events"][12, Event.BAILED_OUT, Agency.HOUSING] = 1
    assert value(rows, "bail_out_months") == 3.0


def test_peak_weeks_of_overload_and_their_area_are_read_from_each_weeks_own_load():
    rows = a_year()
    rows["load"], rows["peak_load"] = 1.0, 1.0
    rows["peak_load"][10:14], rows["peak_load"][20] = 1.3, 1.1
    assert value(rows, "peak_load") == 1.3
    assert value(rows, "overload_weeks") == 4.0
    assert value(rows, "overload") == pytest.approx(0.8)
    assert value(rows[:26], "overload_weeks") == 8.0


def test_inequality_is_the_most_deprived_tenth_to_the_least_and_the_slope_between():
    rows = a_year()
    for decile in range(1, 11):
        rows["decile_children"][:, decile] = 1000.0
        rows["decile_referred"][0, decile] = 5 * decile
        rows["decile_plans"][:, decile] = 2
        rows["decile_looked_after"][:, decile] = decile + 2
    assert value(rows, "unequal_referrals") == pytest.approx(10.0)
    assert value(rows, "slope_referrals") == pytest.approx(50.0)
    assert value(rows, "unequal_plans") == pytest.approx(1.0)
    assert value(rows, "slope_plans") == pytest.approx(0.0, abs=1e-9)
    assert value(rows, "unequal_looked_after") == pytest.approx(4.0)
    assert value(rows, "slope_looked_after") == pytest.approx(10.0)


def test_the_slope_weighs_tenths_by_their_children_and_passes_over_empty_ones():
    rows = a_year()
    for decile, children, plans in ((2, 2000, 2), (6, 1000, 3), (10, 1000, 5)):
        rows["decile_children"][:, decile], rows["decile_plans"][:, decile] = children, plans
    # rates 10, 30 and 50 at 2, 6 and 10: a straight line
    assert value(rows, "slope_plans") == pytest.approx(5.0)
    assert math.isnan(value(rows, "unequal_plans"))
    rows["decile_children"][:, 2] = 4000.0  # rates 5, 30, 50, weights 4, 1, 1: about the mean decile 4
    assert value(rows, "slope_plans") == pytest.approx((4 * -2 * 5 + 2 * 30 + 6 * 50) / (4 * 4 + 4 + 36))


def test_a_town_of_one_tenth_has_no_slope():
    rows = a_year()
    rows["decile_children"][:, 7] = 1000.0
    assert math.isnan(value(rows, "slope_referrals"))


def test_every_measure_answers_for_weeks_that_were_lived():
    found = of_weeks(lived())
    assert list(found) == list(MEASURES)
    assert all(isinstance(number, float) for number in found.values())
    assert found["peak_load"] > 0.0 and found["value_new"] > 0.0
