"""Targets: one home, each bound to a measure, and read by credibility."""

import math
from dataclasses import replace

import pytest

from familyabm import measures
from familyabm.credibility.levels import LEVELS, MEASURED
from familyabm.errors import InputError
from familyabm.truth import targets


def test_every_target_is_bound_to_one_measure_that_there_is():
    codes = [target.code for target in targets.all_targets()]
    assert len(codes) == len(set(codes)) > 60
    for target in targets.all_targets():
        assert (target.measure in MEASURED) != (target.measure in measures.MEASURES), target.code
    bound = [target.measure for target in targets.all_targets()]
    assert len(bound) == len(set(bound))


def test_every_target_has_a_source_a_unit_a_year_and_a_value_within_what_is_accepted():
    for target in targets.all_targets():
        assert target.source and target.unit and target.year and 0.0 < target.known <= 1.0, target.code
        assert target.low < target.high and (math.isfinite(target.low) or math.isfinite(target.high)), target.code
        assert math.isnan(target.value) or target.low <= target.value <= target.high, target.code
        assert target.across is None or target.across[0] < target.across[1]


def test_there_are_25_headline_targets_each_with_the_spread_of_authorities():
    headline = targets.headline()
    assert len(headline) == 25
    assert all(target.fitted and target.across is not None for target in headline)
    assert all(target.p10 <= target.value <= target.p90 for target in headline)


def test_patterns_of_levels_claim_what_the_targets_say_and_nothing_else():
    for pattern in LEVELS:
        stated = targets.of_pattern(pattern.code)
        assert [(c.statement, c.low, c.high, c.across) for c in pattern.claims] == [
            (t.statement, t.low, t.high, t.across) for t in stated
        ]
        assert stated
    assert {t.pattern for t in targets.all_targets()} - {""} == {pattern.code for pattern in LEVELS}


def test_how_far_off_is_told_in_tolerances_on_a_log_scale():
    target = replace(targets.find("plans"), value=40.0, low=20.0, high=80.0)
    assert target.tolerance == pytest.approx(math.log(2.0))
    assert [target.off(value) for value in (20.0, 40.0, 80.0)] == pytest.approx([-1.0, 0.0, 1.0])
    assert target.off(0.0) == pytest.approx(-math.log(100.0) / math.log(2.0))
    assert math.isnan(target.off(float("nan")))


def test_a_target_without_a_size_is_a_bound_and_is_not_fitted():
    lead = targets.find("police_lead")
    assert not lead.fitted and math.isnan(lead.tolerance) and lead not in targets.fitted()


def test_an_unknown_target_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="did you mean plans_again"):
        targets.find("plans_agan")
