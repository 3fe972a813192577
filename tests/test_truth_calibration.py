"""Calibration: places and priors, emulators, draws that targets allow, steps of a fit, and what is written."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from familyabm.errors import InputError
from familyabm.lab import running
from familyabm.parameters import DEFAULT, REGISTER
from familyabm.truth import apply, emulation, levels, matching, measuring, screening, settings, targets

NAMES = ["circumstances.housing_onset", "population.own_need_share", "hours.workload"]


# --- Places and priors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", settings.unknown()[::37])
def test_a_value_has_one_place_in_its_range_and_a_place_one_value(address):
    entry = REGISTER[address]
    assert settings.place(entry, settings.value(entry, 0.3)) == pytest.approx(0.3, abs=1e-4)
    assert settings.value(entry, -1.0) == pytest.approx(entry.low) and settings.value(entry, 2.0) <= entry.high
    assert entry.low <= settings.value(entry, 0.999999999) <= entry.high


def test_what_is_unknown_is_graded_c_or_d_and_is_no_policy():
    unknown = settings.unknown()
    assert all(REGISTER[address].grade in "CD" for address in unknown) and len(unknown) > 800
    assert not any(address.startswith("base.") for address in unknown)
    assert set(settings.levers()) < set(unknown)


def test_the_prior_lies_in_the_range_about_the_default_with_a_sixth_of_it_as_spread():
    drawn = settings.drawn(NAMES, 4000, np.random.default_rng(1))
    centre = settings.places(NAMES)
    assert drawn.shape == (4000, 3) and drawn.min() >= 0.0 and drawn.max() <= 1.0
    inside = (centre > 0.4) & (centre < 0.6)
    assert inside.any()
    assert drawn.std(axis=0)[inside] == pytest.approx(settings.SPREAD, rel=0.06)
    assert np.abs(drawn.mean(axis=0) - centre)[inside].max() < 0.02


# --- Emulators and allowed draws ----------------------------------------------------------------------------


def straight(n: int, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Return runs of two targets that are straight lines of four settings."""
    random = np.random.default_rng(2)
    x = random.normal(size=(n, 4))
    off = np.stack([1.0 + 2.0 * x[:, 0] - x[:, 1], -0.5 + x[:, 2]], axis=1)
    return x, off + noise * random.normal(size=off.shape)


def test_an_emulator_finds_straight_lines_and_says_how_much_is_noise():
    exact = emulation.fit(*straight(60))
    assert exact.weights == pytest.approx(np.array([[2, -1, 0, 0], [0, 0, 1, 0]]), abs=0.02)
    assert exact.level == pytest.approx([1.0, -0.5], abs=0.02) and exact.explained.min() > 0.99
    noisy = emulation.fit(*straight(400, 0.5))
    assert noisy.noise == pytest.approx([0.5, 0.5], rel=0.15)


def test_runs_in_which_a_target_could_not_be_measured_are_left_out_of_its_line_alone():
    x, off = straight(60)
    off[::3, 1] = np.nan
    found = emulation.fit(x, off)
    assert found.weights == pytest.approx(np.array([[2, -1, 0, 0], [0, 0, 1, 0]]), abs=0.03)


def test_allowed_draws_meet_the_targets_and_keep_the_prior_where_targets_say_nothing():
    emulator = emulation.fit(*straight(200))
    x = np.random.default_rng(3).normal(size=(4000, 4))
    moved = emulation.allowed(emulator, x, np.array([0.2, 0.2]), np.random.default_rng(4))
    off = emulator.at(moved)
    prior, noise = np.array([5.0, 1.0]), 0.04 + emulator.noise**2  # variances of the targets under the prior
    assert off.std(axis=0) == pytest.approx(np.sqrt(prior * noise / (prior + noise)), rel=0.1)  # conjugate normal
    assert moved[:, 3].std() == pytest.approx(1.0, rel=0.05)
    assert moved[:, 0].std() < 0.6
    assert np.corrcoef(moved[:, 0], moved[:, 1])[0, 1] > 0.8  # 2 x0 - x1 is held, so they trade off


# --- Matching -----------------------------------------------------------------------------------------------


def matched(off: np.ndarray) -> matching.Matched:
    """Return a matching of given runs, the first of wave 1 and the rest of wave 2, with one tolerance allowed."""
    n, codes = len(off), matching.fitted_codes()
    random = np.random.default_rng(5)
    values = pd.DataFrame(np.ones((n, len(codes))), columns=codes)
    default, x = np.zeros((4, len(codes))), random.normal(size=(n, 3))
    wave = np.array([1] + [2] * (n - 1))
    return matching.Matched(matching.Asked(), NAMES, 2, x, off, wave, values, default, emulation.fit(x[:, :2], off))


def test_a_set_is_accepted_for_what_it_came_to_and_two_targets_may_be_out():
    codes = matching.fitted_codes()
    off = np.zeros((6, len(codes)))
    far = 3.5 * matching.FIGURE / math.sqrt(min(targets.find(code).known for code in codes))
    off[2, :2] = far
    off[3, :3] = far
    off[4, 0] = np.nan
    found = matched(off)
    assert list(found.accepted) == [False, True, True, False, True, True]  # the prior's wave is never accepted
    assert len(found.sets) == 4 and set(found.sets) == set(NAMES)
    for address in NAMES:
        entry = REGISTER[address]
        assert found.sets[address].between(entry.low, entry.high).all()


def test_headline_targets_are_counted_by_authorities_spread_and_within_a_tenth():
    found = matched(np.zeros((3, len(matching.fitted_codes()))))
    values = pd.DataFrame([[targets.find(code).value for code in matching.fitted_codes()]] * 3)
    values.columns = matching.fitted_codes()
    values["plans"] *= 1.2
    values["caseload"] *= 2.0
    counted = matching.headline(replace(found, values=values))
    assert counted["defaults"] == {"of": 25, "inside_p10_p90": 25, "within_a_tenth": 25}
    assert counted["sets"] == {"of": 25, "inside_p10_p90": 24, "within_a_tenth": 23}


def test_what_the_defaults_miss_is_allowed_for_and_said():
    found = matched(np.zeros((3, len(matching.fitted_codes()))))
    wider = replace(found, default=np.full((4, len(matching.fitted_codes())), -3.0))
    assert (wider.allowance > found.allowance).all()
    assert {row["missed_by_defaults"] for row in matching.diagnosed(wider)["targets"]} == {2.0}


def test_what_was_taught_names_free_settings_and_those_that_trade_off():
    off = np.zeros((400, len(matching.fitted_codes())))
    found = matched(off)
    x = found.x.copy()
    x[:, 1] = x[:, 0] + 0.1 * np.random.default_rng(6).normal(size=len(x))
    wave = np.array([1] * 200 + [2] * 200)
    x[200:, 2] *= 0.3
    taught = matching.diagnosed(replace(found, x=x, wave=wave))
    by_name = {row["address"]: row for row in taught["settings"]}
    assert by_name[NAMES[0]]["free"] and not by_name[NAMES[2]]["free"]
    assert by_name[NAMES[2]]["narrowed"] == pytest.approx(0.3, rel=0.15)
    assert [(row["one"], row["other"]) for row in taught["trade_offs"]] == [(NAMES[0], NAMES[1])]


@pytest.mark.parametrize("asked", [{"wanted": 0}, {"wave": 2}, {"waves": 1}])
def test_a_matching_that_could_not_be_made_is_refused_in_one_sentence(asked):
    with pytest.raises(InputError, match="are not accepted together"):
        matching.Asked(**asked)


# --- Fitting levels -----------------------------------------------------------------------------------------


def test_steps_go_down_a_straight_valley_to_its_floor_and_stay_within_the_ranges():
    random = np.random.default_rng(7)
    n_targets = len(matching.fitted_codes())
    slopes = random.normal(size=(n_targets, 5)) * 4.0
    there = np.array([0.7, 0.4, 0.5, 0.45, 0.62])
    at = np.full(5, 0.5)
    before = levels.distance(slopes @ (at - there))
    for _ in range(12):
        moved = levels.step(slopes, slopes @ (at - there), at, 0.01)
        assert np.abs(moved).max() <= levels.LONGEST + 1e-9
        at = at + moved
        assert at.min() >= 0.0 and at.max() <= 1.0
    assert levels.distance(slopes @ (at - there)) < 0.1 * before
    assert at == pytest.approx(there, abs=0.03)


def test_slopes_are_mended_to_foretell_the_step_that_was_taken():
    slopes, moved, change = np.zeros((2, 3)), np.array([0.1, 0.0, -0.2]), np.array([1.0, 2.0])
    assert levels.mended(slopes, moved, change) @ moved == pytest.approx(change)
    assert (levels.mended(slopes, np.zeros(3), change) == slopes).all()


def test_a_target_that_is_far_off_counts_less_than_by_its_square():
    off = np.zeros(len(matching.fitted_codes()))
    near, far = off.copy(), off.copy()
    near[0], far[0] = 1.0, 10.0
    assert levels.distance(far) < 10.0 * levels.distance(near)
    assert levels.distance(off) == 0.0


def test_changed_settings_are_written_with_what_they_were():
    text = levels.as_toml({"hours.workload": 0.8}, 2.0, 1.0)
    assert '"hours.workload" = 0.8' in text and f"was {DEFAULT['hours.workload']!r}" in text


def test_a_fit_that_is_no_nearer_with_lucks_it_never_saw_is_not_written_into_the_register():
    codes = [target.code for target in measuring.measured()]
    near = pd.Series({code: targets.find(code).value for code in codes})
    far = near * 1.5
    levels.check_better(levels.Fitted(NAMES, settings.places(NAMES), far, near, [2.0, 1.0]))
    for after in (far, near):
        with pytest.raises(InputError, match="--apply is refused: with lucks that the fit never saw"):
            levels.check_better(levels.Fitted(NAMES, settings.places(NAMES), near, after, [2.0, 1.0]))


# --- Resuming -----------------------------------------------------------------------------------------------


def test_a_folder_is_not_gone_on_with_when_other_targets_or_another_status_quo_are_measured(tmp_path, monkeypatch):
    folder = tmp_path / "slopes"
    running.prepare(measuring.study_of("tiny", [{}], scale=0.02), folder)
    running.prepare(measuring.study_of("tiny", [{}], scale=0.02), folder, mixable=False)
    first, *rest = measuring.measured()
    for name, value in (("measured", lambda: (replace(first, measure="contacts"), *rest)), ("STATUS_QUO", "another")):
        with monkeypatch.context() as changed:
            changed.setattr(measuring, name, value)
            with pytest.raises(InputError, match=r"study\.reads was") as refused:
                running.prepare(measuring.study_of("tiny", [{}], scale=0.02), folder, mixable=False)
            assert "(--out)" in str(refused.value) and "--reuse" not in str(refused.value)


def test_a_target_that_no_run_could_measure_is_refused():
    codes = [target.code for target in measuring.measured()]
    rows = pd.DataFrame([("a", code, 1.0) for code in codes[1:]] + [("a", codes[0], np.nan)])
    rows.columns = ["address", "measure", "value"]
    results = SimpleNamespace(
        runs=pd.DataFrame({"address": ["a"], "status": ["done"], "point": [0], "luck": [1]}),
        store=SimpleNamespace(folder="here"),
        stored_rows=lambda table, addresses: SimpleNamespace(to_pandas=lambda: rows),
    )
    with pytest.raises(InputError, match=f"here: in no run could {codes[0]} be measured"):
        measuring.values(results)
    rows["value"] = 1.0
    assert measuring.values(results).notna().all().all()


# --- Writing values into the register -----------------------------------------------------------------------


def test_a_value_is_rewritten_where_its_parameter_is_declared_and_nowhere_else(tmp_path, monkeypatch):
    original = apply._home("harm").read_text(encoding="utf-8")
    copy = tmp_path / "need.py"
    copy.write_text(original, encoding="utf-8")
    monkeypatch.setattr(apply, "_home", lambda group: copy)
    name = next(address for address in REGISTER if address.startswith("harm."))
    entry = REGISTER[name]
    new = settings.value(entry, 0.123)
    assert apply.rewrite({name: new}) == [copy]
    lines = zip(original.splitlines(), copy.read_text(encoding="utf-8").splitlines(), strict=True)
    changed = [(was, now) for was, now in lines if was != now]
    assert len(changed) == 1 and f"param({new:.6g}," in changed[0][1] and name.partition(".")[2] in changed[0][1]


def test_a_value_out_of_range_is_refused_and_nothing_is_written(tmp_path, monkeypatch):
    copy = tmp_path / "need.py"
    copy.write_text(apply._home("harm").read_text(encoding="utf-8"), encoding="utf-8")
    before = copy.read_bytes()
    monkeypatch.setattr(apply, "_home", lambda group: copy)
    name = next(address for address in REGISTER if address.startswith("harm."))
    with pytest.raises(InputError, match="outside"):
        apply.rewrite({name: REGISTER[name].high + 1.0})
    assert copy.read_bytes() == before


# --- Screening ----------------------------------------------------------------------------------------------


def test_a_setting_alone_is_moved_half_way_to_the_farther_end():
    for address in settings.unknown()[::53]:
        entry = REGISTER[address]
        at, moved = settings.place(entry, DEFAULT[address]), settings.place(entry, screening.moved(address))
        assert moved - at == pytest.approx(0.5 * ((1.0 if at < 0.5 else 0.0) - at), abs=1e-3)


def test_settings_that_move_targets_by_themselves_are_told_with_the_target_they_move_most():
    codes = matching.fitted_codes()
    values = pd.DataFrame([[targets.find(code).value for code in codes]] * 3, columns=codes)
    values.index = pd.MultiIndex.from_product([range(3), [1]], names=["point", "luck"])
    values.loc[(2, 1), "plans"] *= math.exp(targets.find("plans").tolerance)
    none = np.zeros(len(matching.fitted_codes()))
    found = screening.of_alone(values, ["one", "other"], none).set_index("address")
    assert found.loc["one", "alone"] == 0.0 and found.loc["other", "alone"] > 0.0
    assert found.loc["other", "most"] == "plans" and found.loc["other", "moves"] == pytest.approx(1.0)


def test_the_shipped_screening_ranks_unknown_settings_and_the_foremost_went_on_to_morris():
    ranked = screening.shipped()
    assert ranked["address"].is_unique and set(ranked["address"]) <= set(REGISTER)
    assert ranked["mu_star"].notna().sum() >= 0.9 * screening.FOREMOST
    assert ranked["alone"].notna().all()


# --- End to end ---------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_targets_are_measured_in_a_study_that_goes_on_from_its_folder(tmp_path):
    rows = [{}, {NAMES[0]: REGISTER[NAMES[0]].high}]
    study = measuring.study_of("tiny", rows, scale=0.02, years=5, lucks=2)
    values = measuring.values(measuring.live(study, tmp_path / "tiny", 1))
    assert list(values.columns) == [target.code for target in measuring.measured()]
    assert list(values.index) == [(point, luck) for point in range(2) for luck in (1, 2)]
    assert (values["referrals"] > 0.0).all() and values.loc[0, "referrals"].tolist() != values.loc[
        1, "referrals"
    ].tolist()
    again = measuring.values(measuring.live(study, tmp_path / "tiny", 1))
    pd.testing.assert_frame_equal(values, again)


@pytest.mark.slow
def test_a_matching_lives_its_waves_and_goes_on_from_its_folder_to_the_same_sets(tmp_path):
    asked = matching.Asked(wanted=1000, wave=8, waves=2, scale=0.02)
    found = matching.match(tmp_path, asked, 1)
    assert found.x.shape == (16, len(found.names)) and sorted(set(found.wave)) == [1, 2]
    assert found.n_active == matching.ACTIVE and found.off.shape == (16, len(matching.fitted_codes()))
    assert set(found.names[found.n_active :]) <= set(settings.levers())
    again = matching.match(tmp_path, asked, 1)
    assert (again.x == found.x).all() and np.array_equal(again.off, found.off, equal_nan=True)
    written = matching.ship(replace(found, off=np.zeros_like(found.off)), tmp_path / "ship", "the command", "1")
    sets = pd.read_csv(written[0])
    assert len(sets) == 8 and list(sets) == found.names  # only the second wave can be accepted


@pytest.mark.slow
def test_a_fit_moves_settings_within_their_ranges_and_never_ends_farther_off(tmp_path):
    found = levels.fit(tmp_path, levels.Asked(n=2, steps=1, scale=0.02, lucks=1), 1)
    assert len(found.distance) == 2 and found.distance[1] <= found.distance[0]
    for name, value in found.changed.items():
        assert REGISTER[name].low <= value <= REGISTER[name].high
    before, after = found.unseen
    assert before > 0.0 and after > 0.0
    assert list(found.table["code"]) == [target.code for target in measuring.measured()]
