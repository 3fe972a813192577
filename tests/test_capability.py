"""Capability charts, resilience, inequality and the export of failure demand, worked by hand on made-up weeks."""

import math

import numpy as np
import pytest

from familyabm import capability
from familyabm.codes import Agency, Event
from familyabm.errors import InputError
from familyabm.tables import WEEK, empty


def weeks(n=52):
    return empty(WEEK, n)


def test_a_steady_system_has_narrow_limits_and_nothing_outside_them():
    weekly = weeks(52)
    weekly["met_weeks"], weekly["events"][:, Event.NEED_MET, Agency.FAMILY] = 40.0, 2.0
    chart = capability.chart(weekly)
    assert len(chart) == 4
    assert (chart[["value", "mean", "lower", "upper"]] == 20.0).all().all()
    assert not chart["outside"].any()


def test_limits_are_the_mean_and_two_point_six_six_moving_ranges_and_never_below_zero():
    weekly = weeks(26)
    weekly["met_weeks"][:13], weekly["met_weeks"][13:] = 10.0, 20.0
    weekly["events"][:, Event.NEED_MET, Agency.FAMILY] = 1.0
    chart = capability.chart(weekly)
    assert chart["value"].tolist() == [10.0, 20.0]
    assert (chart["upper"][0], chart["lower"][0]) == (pytest.approx(15 + 2.66 * 10), 0.0)


def test_an_end_to_end_time_with_nothing_to_count_is_blank():
    assert math.isnan(capability.chart(weeks(13), "proceedings_weeks")["value"][0])


def test_an_unknown_time_is_refused_with_the_nearest_name():
    with pytest.raises(InputError, match=r"weeks_to_hlep.*weeks_to_help"):
        capability.chart(weeks(), "weeks_to_hlep")


def test_a_shock_has_a_peak_a_recovery_and_an_overload():
    usual, weekly = weeks(10), weeks(60)
    usual["load"], weekly["load"] = 1.0, 1.0
    weekly["load"][10:20] = 1.5
    weekly["peak_load"][:10], weekly["peak_load"][10:20] = 1.0, 1.6
    found = capability.resilience(weekly, usual)
    assert found.peak == 1.6
    assert found.recovery == 10.0
    assert found.overload == pytest.approx(5.0)
    assert math.isnan(found.bail_out)


def test_a_system_that_never_comes_back_has_no_recovery_and_bail_out_is_per_extra_referral():
    usual, weekly = weeks(10), weeks(60)
    usual["load"], weekly["load"], weekly["load"][30:] = 1.0, 1.0, 1.5
    weekly["events"][:, Event.REFERRAL, Agency.POLICE], weekly["raided"][5] = 1.0, 6000.0
    found = capability.resilience(weekly, usual)
    assert math.isnan(found.recovery)
    assert found.bail_out == pytest.approx(6000.0 * 52 / 100 / 60)


def test_rates_by_decile_are_per_ten_thousand_children_and_blank_where_there_are_none():
    weekly = weeks(104)
    weekly["decile_children"][:, 10], weekly["decile_referred"][:, 10], weekly["decile_looked_after"][:, 10] = (
        1000,
        1,
        9,
    )
    table = capability.inequality(weekly)
    assert table.loc[10, ["referrals", "looked_after"]].tolist() == [520.0, 90.0]
    assert np.isnan(table.loc[1, "plans"])


def test_exported_failure_demand_is_read_by_who_failed_and_where_it_lands():
    weekly = weeks(52)
    weekly["exported"][:, Agency.EARLY_HELP, Agency.SOCIAL_CARE] = 2.0
    table = capability.exported(weekly)
    assert table.loc["early_help", "social_care"] == 104.0
    assert table.to_numpy().sum() == 104.0
