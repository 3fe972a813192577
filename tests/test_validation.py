"""Authorities that the model had not seen: what is read of their returns, how ranges are learnt, and what is told."""

import html
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from familyabm import areas
from familyabm.errors import InputError
from familyabm.parameters import DEFAULT, changed
from familyabm.report import validation as report
from familyabm.report import validation_doc, validation_words
from familyabm.truth import outcomes, validation, validation_inputs, validation_ranges
from familyabm.truth.outcomes import OUTCOMES, PREDICTED
from familyabm.truth.validation_ranges import Held, Teachers, ends, fold_of, spearman
from tests.test_cli import call  # noqa: F401 # a fixture

CIN = OUTCOMES["cin_rate"]
HEADER = "la_code,la_name,referral_rate,cin_rate"


# --- The table of outcomes --------------------------------------------------------------------------------------------
def test_the_packaged_table_holds_77_authorities_and_every_outcome_declared():
    table = outcomes.packaged()
    assert len(table.rows) == 77 and list(table.rows) == list(OUTCOMES)
    assert set(table.rows.index) <= set(areas.table()["la_name"])
    assert set(table.left_out) == {name for name, outcome in OUTCOMES.items() if not outcome.predicted}


def test_a_file_never_seen_is_read_whatever_its_order_symbols_and_further_columns():
    text = 'cin_rate,note,LA_NAME,la_code,referral_rate\n 351.5 ,x,Leeds,E08000035,c\n\n"1,051",,,E06000001,\n'
    table = outcomes.parse(text, "own.csv")
    assert list(table.rows.index) == ["Leeds", "Hartlepool"] and table.ignored == ("note",)
    assert table.rows["cin_rate"].tolist() == [351.5, 1051.0] and table.rows["referral_rate"].isna().all()
    assert [outcome.column for outcome in table.columns] == ["cin_rate"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "own.csv has no authority in it"),
        (HEADER, "own.csv has no authority in it"),
        ("cin_rate\n3", "own.csv names no authority"),
        ("la_name,cin_rte\nLeeds,3", "has no column of outcomes (did you mean cin_rate?)"),
        ("la_name,cin_rate,cin_rate\nLeeds,3,4", "column 'cin_rate' is given twice"),
        (f"{HEADER}\nE08000035,Leeds,1,2,3", "row 2 has 5 cells under 4 headings"),
        (f"{HEADER}\n,Leds,1,2", "row 2: 'Leds' is not an English local authority (did you mean Leeds?)"),
        (f"{HEADER}\n,,1,2", "row 2 names no authority in la_code or la_name"),
        (f"{HEADER}\n,Leeds,1,2\nE08000035,,1,2", "row 3: Leeds is given twice"),
        (f"{HEADER}\n,Leeds,many,2", "row 2: referral_rate = 'many' is not a number; 0 to 10,000 per 10,000 children"),
        (f"{HEADER}\n,Leeds,-1,2", "row 2: referral_rate = '-1' is outside what is possible"),
        (f"{HEADER}\n,Leeds,inf,2", "row 2: referral_rate = 'inf' is not a number"),
        (f'{HEADER}\n,"Leeds,1,2', "own.csv is not valid CSV"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence_with_row_and_column(text, told):
    with pytest.raises(InputError) as refused:
        outcomes.parse(text, "own.csv")
    assert told in str(refused.value) and "\n" not in str(refused.value)


def test_a_file_that_is_not_there_or_not_text_is_refused_with_exit_code_2(call, tmp_path):  # noqa: F811
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    for name, told in (("none.csv", "cannot be read"), ("bytes.csv", "is not UTF-8 text"), (".", "cannot be read")):
        code, _, said = call("validate", "--outcomes", name)
        assert code == 2 and told in said and len(said.strip().splitlines()) == 1


def test_the_command_refuses_what_it_cannot_run_before_it_runs_anything(call, tmp_path):  # noqa: F811
    for words, told in (
        (("--runs", "0"), "runs = 0"), (("--scale", "0"), "scale = 0"), (("--seed", "-1"), "seed = -1"),
        (("--areas", "City of London"), "City of London is not in la_outcomes.csv"), (("--areas", "Leds"), "did you mean Leeds"),
        (("--set", "harm.level_2=9"), "harm.level_2"), (("--record", "r.csv", "--areas", "Rutland"), "--record"),
    ):  # fmt: skip
        code, _, said = call("validate", *words)
        assert code == 2 and told in said, words
    assert not list(tmp_path.iterdir())


# --- What is lived ----------------------------------------------------------------------------------------------------
def test_small_authorities_are_lived_at_more_and_large_ones_at_less_so_that_luck_weighs_alike():
    sizes = {area: validation.size_for(areas.named(area), 0.1) for area in ("Rutland", "Torbay", "Kent")}
    for area, size in sizes.items():
        children = areas.named(area).children_0_17 * size
        assert 0.7 * 6_000 <= children <= 1.42 * 6_000, area
    assert validation.size_for(areas.named("City of London"), 0.1) == 1.0


def test_every_authority_of_the_table_is_asked_for_once():
    asked = validation.ask(outcomes.packaged(), runs=2, scale=0.1, seed=5)
    names = [area.la_name for study in asked.studies for area in study.areas]
    assert sorted(names) == sorted(outcomes.packaged().rows.index)
    assert {study.seeds for study in asked.studies} == {(5, 6)} and {study.lucks for study in asked.studies} == {(1,)}


def test_authorities_are_named_one_by_one_or_with_commas():
    table = outcomes.parse('la_name,cin_rate\n"Bristol, City of",3\nLeeds,4\nKent,5\n', "own.csv")
    asked = validation.ask(table, only=["Bristol, City of", "Leeds,kent"])
    assert list(asked.table.rows.index) == ["Bristol, City of", "Leeds", "Kent"]


# --- Ranges, worked by hand -------------------------------------------------------------------------------------------
def test_the_range_of_39_errors_runs_from_the_second_smallest_to_the_second_largest():
    assert ends(np.arange(39.0)[::-1]) == (1.0, 37.0)  # floor(40 x 5%) = 2
    assert all(np.isnan(end) for end in ends(np.arange(19.0)))


def test_nine_in_ten_of_what_is_to_come_lie_inside():
    """1,000 ranges of 66 errors each hold the next one 90.5% of the time or a little more: 4 standard errors either way."""
    rng = np.random.default_rng(1)
    bounds = [ends(rng.standard_normal(66)) for _ in range(1000)]
    held = np.mean([low <= error <= high for (low, high), error in zip(bounds, rng.standard_normal(1000), strict=True)])
    assert 0.87 < held < 0.96


def test_folds_are_of_one_size_and_the_same_whatever_the_order():
    names = list(outcomes.packaged().rows.index)
    folds = fold_of(names)
    assert set(np.bincount(list(folds.values()))) == {11} and folds == fold_of(names[::-1])


def test_rank_correlations_are_those_of_ranks():
    one = np.array([1.0, 2.0, 3.0, 4.0])
    assert spearman(one, np.exp(one)) == pytest.approx(1.0)
    assert spearman(one, np.array([4.0, 3.0, np.nan, 1.0])) == pytest.approx(-1.0)
    assert np.isnan(spearman(one, np.ones(4))) and np.isnan(spearman(one[:2], one[:2]))


# --- A validation whose answers are made up ---------------------------------------------------------------------------
def made_up(times: float = 1.25, seed: int = 1, where: str = outcomes.PACKAGED, names: list[str] | None = None):
    """A validation whose answers are the returns times a constant and luck of a known size, of two runs."""
    table = replace(outcomes.packaged(), where=where, packaged=where == outcomes.PACKAGED)
    asked = validation.ask(table.of(names) if names else table, runs=2)
    rng, frames = np.random.default_rng(seed), []
    for run in (1, 2):
        noise = rng.normal(0.0, 0.1, asked.table.rows.shape)
        frames.append(np.exp(np.log(asked.table.rows.clip(lower=1.0) * times) + noise).assign(member=0, seed=run))
    by_run = (
        pd.concat(frames)
        .fillna(5.0)
        .set_index(["member", "seed"], append=True)[[outcome.column for outcome in PREDICTED]]
    )
    found = validation.Validation(asked, ())
    vars(found).update(by_run=by_run, failures=pd.DataFrame(columns=["area", "seed", "status", "error_type", "error"]))
    return found


def held_of(found) -> Held:
    return Held(found, validation_ranges.teachers_of(found, None))


def test_a_planted_level_rank_and_luck_are_found_again():
    row = held_of(made_up()).summary.set_index("outcome").loc["cin_rate"]
    assert row["level"] == pytest.approx(1.25, rel=0.03) and row["spearman"] > 0.9
    assert row["levelled"] < 0.5 * row["error"] and 80.0 <= row["coverage"] <= 99.0
    actual = np.log(outcomes.packaged().rows["cin_rate"])
    assert row["luck"] == pytest.approx(0.005 / (actual.var() + 0.005), rel=0.4)
    assert row["spread"] == pytest.approx(1.0, abs=0.1)


def test_an_authoritys_own_returns_never_move_its_own_range():
    found = made_up()
    lied = outcomes.packaged().rows.copy()
    lied.loc["Leeds"] = lied.loc["Leeds"] * 0.0 + 90.0
    changed = Held(found, Teachers(found.predicted, lied, "lies"))
    before = held_of(found).rows.set_index(["outcome", "area"])[["low", "high"]]
    after = changed.rows.set_index(["outcome", "area"])[["low", "high"]]
    of_leeds = after.xs("Leeds", level="area")
    pd.testing.assert_frame_equal(of_leeds, before.xs("Leeds", level="area"))
    assert not after.drop(index="Leeds", level="area").equals(before.drop(index="Leeds", level="area"))


def test_ranges_for_another_file_come_from_the_record_of_the_same_parameters_else_from_its_own_folds():
    found = made_up(where="own.csv")
    record = validation.Record(found.predicted, found.asked.parameters, "address", 12_000.0)
    assert "record" in validation_ranges.teachers_of(found, record).source
    assert validation_ranges.note(found, record) == ""
    assert "less sure than their ranges say" in validation_ranges.note(found, replace(record, children=20_000.0))
    stale = replace(record, parameters="other")
    assert "fold by fold" in validation_ranges.teachers_of(found, stale).source
    assert "The record has other settings" in validation_ranges.note(found, stale)
    few = made_up(where="own.csv", names=["Hartlepool", "Middlesbrough"])
    assert "record" in validation_ranges.teachers_of(few, stale).source
    assert Held(few, validation_ranges.teachers_of(few, record)).rows["low"].notna().any()


def test_what_accepted_sets_disagree_on_widens_the_ranges_of_all_and_moves_no_answer():
    asked = validation.ask(outcomes.packaged(), runs=2, members=[{"harm.rises": 0.05}, {"harm.rises": 0.09}])
    assert asked.members == 2 and asked.studies[0].points["harm.rises"].tolist() == [0.05, 0.09]
    usual, many = made_up(), of_members(asked, 0.6, 1.4)
    vars(usual)["by_run"] = many.by_run
    one, other = (held_of(found).rows.set_index(["outcome", "area"]) for found in (usual, many))
    rates = [outcome.column for outcome in PREDICTED if outcome.log]
    assert one["predicted"].equals(other["predicted"])
    assert (other.loc[rates, "low"] < one.loc[rates, "low"]).all() and (
        other.loc[rates, "high"] > one.loc[rates, "high"]
    ).all()


def of_members(asked, *times: float):
    """A validation in which every member's answers are its own times those of the made-up one, seed by seed."""
    found = made_up()
    rows = found.by_run.reset_index("member", drop=True)
    parts = [(rows * own).assign(member=number) for number, own in enumerate(times)]
    apart = pd.concat(parts).set_index("member", append=True).reorder_levels(["la_name", "member", "seed"])
    vars(found).update(by_run=apart)
    object.__setattr__(found, "asked", asked)
    return found


def test_what_sets_disagree_on_is_no_luck_and_luck_is_not_taken_for_what_they_disagree_on():
    asked = validation.ask(outcomes.packaged(), runs=2, members=[{"harm.rises": 0.05}, {"harm.rises": 0.09}])
    one, alike, apart = held_of(made_up()), held_of(of_members(asked, 1.0, 1.0)), held_of(of_members(asked, 0.6, 1.4))
    luck = [held._summary(CIN)["luck"] for held in (one, alike, apart)]
    assert luck[1] == pytest.approx(luck[0]) and luck[2] == pytest.approx(luck[0], rel=0.01)
    pd.testing.assert_frame_equal(alike._rows_of(CIN), one._rows_of(CIN))  # sets that agree widen nothing


def test_a_record_of_other_sets_is_not_a_record_of_these():
    alone = validation.ask(outcomes.packaged(), runs=2)
    both = [
        validation.ask(outcomes.packaged(), members=[{"harm.rises": low}, {"harm.rises": 0.09}]) for low in (0.05, 0.06)
    ]
    assert alone.parameters == DEFAULT.address
    assert len({asked.parameters for asked in (alone, *both)}) == 3


def test_unaccompanied_children_come_at_englands_rate_and_not_from_the_authoritys_own_count():
    asked = validation.ask(outcomes.packaged(), runs=2)
    lived = {area.la_name: area for study in asked.studies for area in study.areas}
    rates = [area.uasc_31_march / area.children_0_17 for area in lived.values()]
    england = areas.england()
    assert rates == pytest.approx([england.uasc_31_march / england.children_0_17] * len(rates), abs=1e-6)
    assert all(validation.UNACCOMPANIED in area.filled for area in lived.values())
    assert validation.UNACCOMPANIED not in validation_inputs.inputs_of(list(lived))
    assert lived["Essex"].spend_family_support_gbp == areas.named("Essex").spend_family_support_gbp


def test_what_is_said_to_be_read_is_what_lives_rest_on():
    labels = {name: field.label for name, field in areas.FIELD.items()}
    told = validation_words.HOW[0]
    assert labels["social_workers_fte"][11:] in told and "Sure Start" in told
    assert "low-income" not in told and "safeguarding" not in told and labels["spend_total_gbp"] not in told


def test_too_few_is_never_told_as_failed_and_a_few_packaged_authorities_learn_from_the_record():
    whole = made_up()
    record = validation.Record(whole.predicted, whole.asked.parameters, "address", 12_000.0)
    few = made_up(names=["Hartlepool", "Leeds", "Essex"])
    alone = Held(few, validation_ranges.teachers_of(few, None))
    assert "too few authorities to tell" in validation_words.headline(alone)
    taught = Held(few, validation_ranges.teachers_of(few, record))
    said = "\n".join([validation_words.headline(taught), *validation_words.said(taught)])
    assert taught.rows["low"].notna().all() and "below the bar" not in said and "outside 75" not in said
    assert "below the bar" not in "\n".join(validation_doc._short(taught))
    usual = held_of(whole)._rows_of(CIN).set_index("area")
    own = taught._rows_of(CIN).set_index("area")  # each without its own fold, as among all
    assert (own["high"] / own["predicted"]).to_numpy() == pytest.approx(
        (usual["high"] / usual["predicted"])[own.index].to_numpy()
    )


def test_a_file_of_the_same_name_as_the_packages_is_not_the_packages(tmp_path):
    (tmp_path / outcomes.PACKAGED).write_text("la_name,cin_rate\nLeeds,3\n")
    assert not outcomes.read(tmp_path / outcomes.PACKAGED).packaged
    assert outcomes.packaged().packaged and outcomes.packaged().of(["Leeds"]).packaged


def test_cases_held_are_those_of_the_workers_who_hold_cases_in_the_model():
    place = replace(areas.named("Leeds"), case_holders_pct=90.0)
    half = changed(DEFAULT, {"workforce.case_holders_own": 0.5})
    typical = areas.england().case_holders_pct
    held = OUTCOMES["cases_held"].answer({"caseload": 10.0}, place, half)
    assert held == pytest.approx(10.0 * place.social_workers_fte * (typical + 0.5 * (90.0 - typical)) / 100.0)


def test_the_shipped_record_was_made_with_the_defaults_as_they_are():
    known = validation.record()
    assert known is not None and known.parameters == DEFAULT.address


def test_few_authorities_and_no_record_give_answers_without_ranges():
    few = held_of(made_up(where="own.csv", names=["Hartlepool", "Middlesbrough"]))
    assert few.rows["predicted"].notna().all() and few.rows["low"].isna().all()
    assert "too few to tell" in validation_words.said(few)[0]


def test_the_worst_misses_are_the_furthest_in_spreads_of_others_errors():
    held = held_of(made_up())
    misses = held.misses(CIN)
    every = held.rows[held.rows["outcome"] == "cin_rate"]["miss"].abs()
    assert misses["miss"].abs().tolist() == sorted(every, reverse=True)[:3]


def test_the_yardstick_finds_what_inputs_tell_and_nothing_in_noise():
    names = list(outcomes.packaged().rows.index)
    inputs = validation_inputs.inputs_of(names)
    planted = np.exp(inputs["imd2019_score"] / 20.0) * 100.0
    noise = pd.Series(np.random.default_rng(3).lognormal(5.0, 0.3, len(names)), names)
    assert validation_inputs._regressed(planted, CIN, names) > 0.9
    assert abs(validation_inputs._regressed(noise, CIN, names)) < 0.45  # 4 standard errors


def test_inputs_are_told_with_the_returns_and_with_the_answers():
    relations = validation_inputs.relations(held_of(made_up()))
    row = relations.set_index(["outcome", "input"]).loc[("cla_rate", "mental_health_indicator")]
    assert row["returns"] == pytest.approx(0.87, abs=0.05) and row["model"] == pytest.approx(row["returns"], abs=0.1)


# --- Page, JSON and documentation -------------------------------------------------------------------------------------
def test_page_json_and_documentation_tell_the_same_and_leave_no_outcome_out(tmp_path):
    held = held_of(made_up())
    page = html.unescape(report.write(held, tmp_path, "familyabm validate", "").read_text())
    told = json.loads((tmp_path / report.DATA).read_text())
    doc = validation_doc.text(held, "familyabm validate", None)
    for outcome in PREDICTED:
        assert outcome.title in page and outcome.title in doc
    assert len(told["measures"]) == len(PREDICTED) and len(told["rows"]) == 77 * len(PREDICTED)
    for text in (page, doc, "\n".join(told["said"])):
        assert validation_words.said(held)[1].split(";")[0] in text
    assert held.found.address[:16] in doc and "Not a forecast" in doc
    assert "the level is 25% too high" in doc


def test_a_bar_that_is_not_met_is_said_to_be_not_met():
    found = made_up()
    predicted = found.by_run.copy()
    predicted["cpp_rate"] = predicted["cpp_rate"].to_numpy()[np.random.default_rng(2).permutation(len(predicted))]
    vars(found)["by_run"] = predicted
    said = validation_words.said(held_of(found))
    assert "(below the bar)" in next(text for text in said if text.startswith("Child protection plans"))
    assert "Of 4 outcomes with a bar, 3 have" in validation_words.headline(held_of(found))


def test_numbers_that_were_set_with_these_authorities_in_view_are_named_and_only_for_them(monkeypatch):
    known = dict(validation_words.REGISTER)
    told = replace(known["harm.rises"], source="regression over 77 authorities, DfE 2025")
    monkeypatch.setattr(validation_words, "REGISTER", {"harm.rises": told})
    assert "harm.rises" in validation_words.how(held_of(made_up()))[-1]
    assert validation_words.how(held_of(made_up(where="own.csv"))) == list(validation_words.HOW)
    monkeypatch.setattr(validation_words, "REGISTER", {"harm.rises": known["harm.rises"]})
    assert validation_words.how(held_of(made_up())) == list(validation_words.HOW)


def test_documentation_needs_effects_that_are_there_and_whole(tmp_path):
    with pytest.raises(InputError, match=r"holds no effects\.json"):
        validation_doc.read_effects(tmp_path)
    (tmp_path / "effects.json").write_text("{}")
    with pytest.raises(InputError, match="is not what"):
        validation_doc.read_effects(tmp_path)


def test_a_record_holds_every_authority_with_its_parameters():
    found = made_up()
    text = validation.record_text(found)
    assert text.splitlines()[0].startswith("la_name,parameters,address,children,referral_rate")
    assert len(text.splitlines()) == 78 and text.count(found.asked.parameters) == 77


# --- End to end -------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_a_file_of_two_authorities_is_lived_told_and_gone_on_with(call, tmp_path):  # noqa: F811
    rows = "la_name,cin_rate,cla_rate,extra\nHartlepool,635.8,157.4,1\nSurrey,200,,2\n"
    (tmp_path / "own.csv").write_text(rows)
    words = ("validate", "--outcomes", "own.csv", "--runs", "1", "--scale", "0.02", "--workers", "1", "--json")
    code, out, _ = call(*words)
    told = json.loads(out)
    assert code == 0 and told["authorities"] == 2 and told["outcomes"] == "own.csv" and "extra" in told["not_compared"]
    by_place = {(row["outcome"], row["area"]): row for row in told["rows"]}
    assert by_place["cin_rate", "Hartlepool"]["predicted"] > by_place["cin_rate", "Surrey"]["predicted"] > 0.0
    assert (tmp_path / "results/Validation/index.html").exists()
    parts = sorted(path.name for path in tmp_path.glob("results/Validation/lives/*/parts/*"))
    again = call(*words)
    assert json.loads(again[1]) == told
    assert parts == sorted(path.name for path in tmp_path.glob("results/Validation/lives/*/parts/*"))
