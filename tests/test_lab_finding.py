"""Bends and boxes: what was put in is found within its interval, and what is not there is not claimed."""

import numpy as np
import pandas as pd
import pytest

from familyabm.errors import InputError
from familyabm.lab.designs import Design
from familyabm.lab.discovery import rule
from familyabm.lab.responses import Response, response
from familyabm.lab.tipping import BENDS, STRAIGHT, TOO_FEW, TURNS, UNPLACED, tip, tips
from tests.lab_frames import made

GRID = Design("grid", steps=11)
ONE, TWO, SIX = {"a": (0, 10)}, {"a": (0, 10), "b": (0, 2)}, dict.fromkeys("abcdef", (0.0, 1.0))


def turned(x, luck):
    return 0.2 * x["a"] - 0.6 * max(0.0, x["a"] - 6.0)


def kinked(x, luck):
    return 0.2 * x["a"] + 0.5 * max(0.0, x["a"] - 4.0)


def straight(x, luck):
    return 0.1 * x["a"] - 0.55


def found(function, factors=ONE, design=GRID, lucks=8, noise=0.2, name="a", against=None):
    return tip(response(made(function, factors, design, lucks, noise, against=against), "spend"), name)


def test_a_bend_is_found_within_its_interval_and_its_slopes_too():
    bend = found(turned)
    assert bend.verdict == TURNS and bend.low <= 6.0 <= bend.high < bend.low + 2.0
    assert bend.before[1] <= 0.2 <= bend.before[2] and bend.after[1] <= -0.4 <= bend.after[2]
    kink = found(kinked)
    assert kink.verdict == BENDS and kink.low <= 4.0 <= kink.high


def test_a_bend_is_found_among_other_settings_that_move_the_measure_more():
    def mixed(x, luck):
        return turned(x, luck) + 3.0 * x["b"] ** 2

    known = response(made(mixed, TWO, Design("latin-hypercube", 300), 2, 0.3), "spend")
    whole, refused = tips(known)
    assert not refused and whole[0].setting == "a"
    assert whole[0].verdict == TURNS and whole[0].low <= 6.0 <= whole[0].high


def test_straight_responses_are_seldom_called_bent():
    called = [
        found(straight, design=Design("grid", steps=9, seed=seed), lucks=6, noise=0.5).verdict != STRAIGHT
        for seed in range(1, 41)
    ]
    assert sum(called) <= 6  # 1 in 20 is the error rate: more than 6 of 40 in one set of seeds of 300


def test_a_bend_whose_place_luck_hides_is_said_to_be_somewhere():
    """A gentle curve is no straight line, and two lines meet anywhere along it."""
    bend = found(lambda x, luck: 0.01 * x["a"] ** 2, noise=0.3, lucks=20)
    assert bend.verdict == UNPLACED and bend.high - bend.low > 6.0 and bend.chance < 0.05


def test_where_a_difference_changes_sign_is_found_within_its_interval():
    crossing = found(straight, noise=0.1, against=lambda x, luck: 0.0)
    assert crossing.zero_low <= 5.5 <= crossing.zero_high < crossing.zero_low + 2.0
    assert np.isnan(found(lambda x, luck: 1.0 + straight(x, luck), against=lambda x, luck: 0.0).zero)
    assert np.isnan(found(straight).zero)


def test_few_lucks_tell_nothing_and_few_values_are_refused():
    few = found(turned, lucks=2)
    assert few.verdict == TOO_FEW and np.isnan(few.low)
    three = response(made(turned, SIX, Design("grid", steps=3), 1), "spend")
    with pytest.raises(InputError, match="a has 3 values; a bend needs 5"):
        tip(three, "a")
    assert len(tips(three)[1]) == 6
    with pytest.raises(InputError, match="g is not a number that varies"):
        tip(three, "g")


def test_the_curve_and_the_levels_follow_the_response():
    bend = found(turned, noise=0.05)
    assert bend.curve["setting"].tolist() == pytest.approx(np.linspace(0, 10, 41).tolist())
    assert np.abs(bend.curve["value"] - [turned({"a": a}, None) for a in bend.curve["setting"]]).max() < 0.1
    assert (bend.curve["low"] <= bend.curve["high"]).all() and len(bend.levels) == 11


def boxed(x, luck):
    return 1.0 if x["a"] > 0.6 and x["b"] < 0.5 else -1.0


@pytest.mark.parametrize("noise", [0.0, 0.6])
def test_a_box_is_found_and_tested_on_points_it_was_not_found_on(noise):
    known = response(made(boxed, SIX, Design("latin-hypercube", 400), 2, noise, against=lambda x, luck: 0.0), "spend")
    box = rule(known)
    assert box.case == "rises" and box.ranges["name"].tolist() == ["a", "b"]
    low, high = box.ranges["low"].tolist(), box.ranges["high"].tolist()
    assert low[0] == pytest.approx(0.6, abs=0.03) and high[1] == pytest.approx(0.5, abs=0.03)
    assert np.isinf([high[0], low[1]]).all()
    assert box.holds and box.tested_density > 0.8 and box.tested_coverage > 0.75
    assert box.base == pytest.approx(0.2, abs=0.06)


def test_a_fall_is_asked_about_likewise():
    design = Design("latin-hypercube", 400)
    known = response(made(lambda x, luck: -boxed(x, luck), SIX, design, 2, 0.1, against=lambda x, luck: 0.0), "spend")
    box = rule(known, rises=False)
    assert box.case == "falls" and box.holds and box.ranges["name"].tolist() == ["a", "b"]
    everywhere = rule(known)
    assert everywhere.ranges.empty and not everywhere.holds


def test_a_rule_is_not_tested_on_points_of_the_blocks_it_was_found_on():
    """Ten points of a block are all but the same point, and which blocks rise is chance."""
    found = []
    for seed in range(1, 11):
        rng = np.random.default_rng(seed)
        points = pd.DataFrame(np.repeat(rng.random((40, 4)), 10, axis=0), columns=list("abcd"))
        values = pd.DataFrame({1: np.repeat(rng.standard_normal(40), 10)})
        found.append(rule(Response("spend", pd.DataFrame(), points, values, against="before", size=10)))
    assert sum(box.holds for box in found) <= 2
    assert (
        abs(np.mean([box.tested_density - box.base for box in found])) < 0.15
    )  # a test on near copies of what was learnt would say 0.3 and more


def test_where_there_is_no_box_none_holds():
    wrong = [
        rule(response(made(lambda x, luck: 0.0, SIX, Design("latin-hypercube", 200, seed=seed), 2, 1.0), "spend")).holds
        for seed in range(1, 11)
    ]
    assert sum(wrong) <= 2


def test_without_another_world_the_highest_quarter_is_explained_or_what_lies_above_a_value():
    known = response(made(lambda x, luck: x["a"], SIX, Design("latin-hypercube", 200), 1), "spend")
    box = rule(known)
    assert box.case.startswith("is above 0.7") and box.ranges["name"].tolist() == ["a"]
    assert rule(known, above=0.9).ranges["low"].tolist() == pytest.approx([0.9], abs=0.02)
    with pytest.raises(InputError, match="spend is above 2 at 0 of 200 points; from 10 to 190 are needed"):
        rule(known, above=2.0)
    with pytest.raises(InputError, match="40 or more are needed"):
        rule(response(made(lambda x, luck: x["a"], SIX, Design("latin-hypercube", 30)), "spend"))
