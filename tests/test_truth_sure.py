"""How sure a comparison is: luck and settings told apart, signs, runs needed, and what the page says of them."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from familyabm import levers, lives, measures, worlds
from familyabm.errors import InputError
from familyabm.parameters import DEFAULT, REGISTER, changed
from familyabm.report import page
from familyabm.report import sure as how_sure
from familyabm.truth import ensemble, national, ranges, spread, sureness
from familyabm.truth.spread import Spread
from familyabm.truth.sureness import Sure
from familyabm.what_if import WhatIf
from familyabm.worlds import Comparison


@lru_cache(maxsize=1)
def comparison() -> Comparison:
    return worlds.compare("Rutland", runs=3, years=1, scale=0.05, workers=1)


def spread_of(difference: np.ndarray) -> Spread:
    """Return a spread in which every outcome of world B exceeds A's by the differences given, (sets, lucks)."""
    ends = np.zeros((*difference.shape, 2, len(lives.OUTCOMES)))
    ends[:, :, 1, :] = difference[:, :, None]
    sets = tuple(DEFAULT for _ in difference)
    return Spread(comparison().snapshot, 1, len(difference), sets, ends, "address")


# --- Luck and settings apart ------------------------------------------------------------------------------


def test_variance_between_sets_and_within_them_is_told_apart():
    random = np.random.default_rng(1)
    own = random.normal(-5.0, 2.0, size=(4000, 1))
    found = spread.apart(own + random.normal(0.0, 3.0, size=(4000, 4)))
    assert found["difference"] == pytest.approx(-5.0, abs=0.15)
    assert found["settings"] == pytest.approx(2.0, rel=0.08) and found["luck"] == pytest.approx(3.0, rel=0.03)
    assert found["settings_low"] == pytest.approx(-5.0 - 1.96 * 2.0, abs=0.35)


def test_where_sets_differ_by_luck_alone_settings_have_no_range():
    random = np.random.default_rng(2)
    found = spread.apart(random.normal(1.0, 3.0, size=(2000, 2)))
    assert found["settings"] < 0.6 and found["settings_high"] - found["settings_low"] < 2.2


def test_a_set_in_which_something_is_missing_is_left_out_and_one_set_tells_nothing():
    difference = np.array([[1.0, 1.0], [np.nan, 2.0], [3.0, 3.0]])
    assert spread.apart(difference)["difference"] == pytest.approx(2.0)
    assert np.isnan(spread.apart(difference[:1])["settings"])


def test_a_setting_is_named_as_a_driver_only_if_chance_would_hardly_name_one():
    names = list(ensemble.table())[:40]
    random = np.random.default_rng(5)
    places = random.uniform(0.2, 0.8, size=(60, 40))
    sets = tuple(
        changed(
            DEFAULT,
            {n: REGISTER[n].low + at * (REGISTER[n].high - REGISTER[n].low) for n, at in zip(names, row, strict=True)},
        )
        for row in places
    )
    luck = random.normal(0.0, 0.02, size=(60, 2))
    driven = replace(spread_of(places[:, [7]] + luck), sets=sets)
    assert [name for name, _ in driven.drivers("looked_after")] == [names[7]]
    assert replace(spread_of(random.normal(size=(60, 2))), sets=sets).drivers("looked_after") == []


# --- Signs and runs needed --------------------------------------------------------------------------------


def test_the_chance_of_a_wrong_sign_is_students_without_other_settings():
    pairs = np.array([1.0, 2.0, 3.0, 4.0])  # t = 2.5 / (1.291 / 2) = 3.873 with 3 degrees of freedom
    assert sureness.wrong(pairs) == pytest.approx(0.01523, abs=2e-4)
    assert sureness.wrong(-pairs) == sureness.wrong(pairs)
    assert sureness.wrong(np.array([2.0, 2.0])) == 0.0
    assert np.isnan(sureness.wrong(np.array([2.0])))
    assert np.isnan(sureness.wrong(np.array([0.0, 0.0]))) and sureness.wrong(np.array([-1.0, 1.0])) == 0.5


def test_settings_under_which_the_sign_turns_count_by_their_share():
    pairs = np.full(50, 2.0) + np.tile([0.01, -0.01], 25)
    sets = np.repeat([[5.0], [4.0], [3.0], [-2.0]], 2, axis=1)
    assert sureness.wrong(pairs, sets) == pytest.approx(0.25, abs=1e-6)
    assert sureness.wrong(-pairs, -sets) == pytest.approx(0.25, abs=1e-6)


def test_pairs_are_needed_until_the_mean_is_known_to_within_half_of_itself():
    random = np.random.default_rng(3)
    pairs = random.normal(1.0, 2.0, size=20000)
    assert sureness.needed(pairs) == pytest.approx((1.96 * 2.0 / 0.5) ** 2, rel=0.08)
    assert sureness.needed(np.array([5.0, 5.01])) == sureness.FEWEST
    assert np.isinf(sureness.needed(np.array([0.01, -0.0, 50.0, -50.0])))  # no number of runs that can be made
    assert np.isinf(sureness.needed(np.array([1.0, -1.0]))) and np.isnan(sureness.needed(np.array([1.0])))


# --- On the page, in JSON and in files --------------------------------------------------------------------


def test_the_page_says_what_was_not_tried_and_how_to_try_it():
    source = page.html(comparison())
    assert "--ensemble" in source and "--contested" in source and "Chance that the sign is wrong" in source
    rows = how_sure.grid(Sure(comparison())).rows
    assert all(row[3] == "not tried" for row in rows)


def test_of_one_pair_it_is_not_known_how_many_are_needed():
    few = replace(comparison(), pairs=comparison().pairs[:1])
    assert few.runs == 1 < comparison().runs
    text = dict(how_sure.said(Sure(few)))["Runs still needed"]
    assert "Not known from these pairs" in text and "Not to be told" not in text and "enough for every" not in text
    assert {row[-1] for row in how_sure.grid(Sure(few)).rows} == {"not known"}


def test_sets_that_were_accepted_about_other_defaults_are_said_to_be_on_page_and_in_json(monkeypatch):
    sure = Sure(comparison(), spread_of(np.full((12, 2), -1.0)))
    for current in (True, False):
        monkeypatch.setattr(ensemble, "made_for_these_defaults", lambda current=current: current)
        told = how_sure.as_json(sure)["said"]["Settings we do not know"]
        assert ("made about other defaults" in told) is not current
        assert ("made about other defaults" in page.html(comparison(), sure)) is not current


def test_the_shipped_sets_were_accepted_about_the_defaults_as_they_are():
    assert ensemble.made_for_these_defaults()


def test_other_settings_and_contested_assumptions_are_told_apart_from_luck():
    random = np.random.default_rng(4)
    other = spread_of(np.linspace(-8.0, 4.0, 12)[:, None] + random.normal(0, 0.1, (12, 2)))
    ends = np.zeros((6, 2, len(worlds_outcomes())))
    ends[:, 0, :], ends[:, 1, :] = 10.0, 5.0 + np.arange(6)[:, None] * 0.01
    turned = ends.copy()
    turned[:, 1, :] = 15.0 + np.arange(6)[:, None] * 0.01
    contested = WhatIf(
        comparison().snapshot, comparison().a, comparison().b, 1, 6, worlds_outcomes(), 2, "address", ends,
        {"drag": ends, "help-works": turned},
    )  # fmt: skip
    few = replace(contested, as_it_is=ends[:3], without={"drag": ends[:3], "help-works": turned[:3]}, runs=3)
    assert how_sure.contested(Sure(comparison(), other, few)).endswith("with 3 lucks: too few to tell.")
    sure = Sure(comparison(), other, contested)
    said = dict(how_sure.said(sure))
    assert "12 sets of settings" in said["Settings we do not know"]
    assert "turns round without this: Help from services" in said["Contested assumptions"]
    assert sure.flips("looked_after") and "Each trouble" not in said["Contested assumptions"]
    row = sure.row("looked_after")
    assert row["settings_low"] < -6.0 and row["settings_high"] > 2.0 and row["share"] > 0.9
    whole = how_sure.as_json(sure)
    assert whole["sets"] == 12 and {r["assumption"] for r in whole["contested"]} == {"drag", "help-works"}
    assert len(whole["measures"]) == len(measures.MEASURES)
    assert "12 sets of settings" in page.html(comparison(), sure)


def worlds_outcomes() -> tuple[str, ...]:
    return ("care_starts", "looked_after", "spend", "harm", "failure_demand")


def test_the_files_hold_how_sure_every_measure_is(tmp_path):
    page.write(comparison(), tmp_path)
    read = pd.read_csv(tmp_path / "sure.csv", encoding="utf-8-sig").set_index("measure")
    table = Sure(comparison()).table
    assert list(read.index) == list(measures.MEASURES)
    pd.testing.assert_series_equal(read["wrong"], table["wrong"])
    assert set(read["address"]) == {comparison().address}


# --- The sets that are shipped ----------------------------------------------------------------------------


def test_at_least_a_hundred_sets_are_shipped_each_within_the_plausible_ranges():
    table = ensemble.table()
    assert len(table) >= 100 and not table.duplicated().any()
    for address in table:
        assert table[address].between(REGISTER[address].low, REGISTER[address].high).all(), address
    about = ensemble.about()
    assert about["about"]["command"].startswith("familyabm calibrate ensemble")
    assert about["about"]["sets"] == len(table) and about["targets"] and about["settings"]


def test_sets_are_spread_from_the_most_central_on_and_leave_what_was_set_alone():
    address = next(iter(ensemble.table()))
    entry = REGISTER[address]
    own = entry.low if DEFAULT[address] != entry.low else entry.high
    found = ensemble.sets(5, changed(DEFAULT, {address: own}))
    assert len({one.address for one in found}) == 5
    assert {one[address] for one in found} == {own}
    first = ensemble.table().iloc[0]
    assert all(found[0][name] == pytest.approx(first[name]) for name in first.index if name != address)


@pytest.mark.parametrize("n", [1, 100_000])
def test_a_number_of_sets_that_there_is_not_is_refused(n):
    with pytest.raises(InputError, match="--ensemble"):
        ensemble.sets(n)


@pytest.mark.slow
def test_two_worlds_and_one_world_are_lived_under_accepted_sets():
    found = spread.lived(comparison().snapshot, comparison().a, comparison().b, 2, years=1)
    assert found.n == 2 and found.lucks == spread.LUCKS and found.address
    assert np.isfinite(found.differences("contacts")).all() and found.differences("contacts").shape == (2, spread.LUCKS)
    assert found.drivers("contacts") == []  # two sets tell nothing
    by_luck = pd.DataFrame([pair.a.by_year.mean() for pair in comparison().pairs])
    table = ranges.of_world(
        comparison().snapshot, levers.find("status-quo"), 2, years=1, lucks=2, by_luck=by_luck
    ).set_index("measure")
    assert table.loc["contacts", "luck_low"] <= table.loc["contacts", "mean"] <= table.loc["contacts", "luck_high"]
    a = found.ends[:, :, 0, lives.OUTCOMES.index("contacts")]
    assert table.loc["contacts", "settings_low"] >= a.mean(axis=1).min() - 1e-9


# --- The national path ------------------------------------------------------------------------------------


def test_the_path_s_shocks_compose_to_what_was_published_for_every_year():
    from familyabm.codes import Outside
    from familyabm.shocks import shock_curves

    world, table = national.scenario(), national.drivers()
    weeks = (national.SETTLING + 15) * 52
    outside = shock_curves(world.shocks, weeks).outside
    ends = [(national.SETTLING + year) * 52 - 1 for year in range(16)]
    for name, column in (("early_help_funding", Outside.EARLY_HELP_FUNDING), ("notify", Outside.NOTIFY),
                         ("poverty", Outside.POVERTY)):  # fmt: skip
        assert outside[ends, column] == pytest.approx(table[name].to_numpy(), abs=1e-5), name
    assert table.loc[2010, "early_help_funding"] > 1.5 and table.loc[2025, "poverty"] == 0.0


@pytest.mark.slow
def test_the_path_is_told_beside_what_was_published(monkeypatch):
    monkeypatch.setattr(national, "SETTLING", 1)
    found = national.path(1, scale=0.02)
    referrals = found[found["measure"] == "referrals"].set_index("year")
    assert list(referrals.index) == list(range(2010, 2026))
    assert referrals.loc[2010, "published"] == 548 and np.isnan(referrals.loc[2021, "published"])
    assert referrals.loc[2025, ["mean_index", "published_index"]].tolist() == [1.0, 1.0]
    assert (referrals["mean"] > 0.0).all()


def test_a_comparison_without_other_settings_does_not_claim_any():
    sure = Sure(replace(comparison()))
    assert np.isnan(sure.row("looked_after")["settings_low"]) and np.isnan(sure.row("looked_after")["share"])
