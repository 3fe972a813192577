"""Credibility: every stated pattern is an experiment, what fails is told first, and nothing passes by being vague."""

import csv
import io
import json
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from towns import snapshot, young_town

from familyabm import areas, cli
from familyabm.codes import Event
from familyabm.credibility import catalogue, judge, names, readings, run, settings, words
from familyabm.credibility.dynamics import DYNAMICS
from familyabm.credibility.experiments import (
    HELD_BACK,
    Change,
    Claim,
    Kept,
    Luck,
    Missing,
    Pattern,
    World,
    about,
    level,
)
from familyabm.credibility.falsifiers import FALSIFIERS
from familyabm.credibility.judge import Verdict, find, in_order, spread, weigh
from familyabm.credibility.levels import LEVELS
from familyabm.credibility.loops import LOOPS
from familyabm.credibility.run import Findings, examine, ring
from familyabm.errors import InputError
from familyabm.levers import Scenario
from familyabm.measures import MEASURES
from familyabm.parameters import DEFAULT, changed
from familyabm.report import credibility as page
from familyabm.simulation import Snapshot
from familyabm.tables import LEVERS, PERSISTENT, WEEK
from familyabm.worlds import STATUS_LINE

USUAL = settings.STATUS_QUO


def kept(tally: np.ndarray | None = None, extra: dict | None = None, **by_year: float | list[float]) -> Kept:
    """Return a rigged world: measures that stand still over five years, or as listed."""
    years = pd.RangeIndex(1, 6, name="year")
    frame = pd.DataFrame({name: np.broadcast_to(value, 5) for name, value in by_year.items()}, index=years)
    empty_table = np.zeros((260, len(Event)))
    return Kept(frame, {}, empty_table, empty_table.copy(), np.zeros((1, 8)) if tally is None else tally, extra or {})


@cache
def unlived() -> Snapshot:
    """Return a past that nobody has lived, where only its settings and tables matter."""
    town = young_town(0.004)
    return Snapshot(
        areas.named("Wakefield"), DEFAULT, 1, 0.004, {name: getattr(town, name) for name in PERSISTENT}, town.weekly
    )


def lucky(*values: float, low: float = 10.0, high: float = 20.0) -> judge.Row:
    """Return the row of one claim that measured these values in as many lucks."""
    return weigh(Claim("Referrals", "rate", level(USUAL, "referrals"), (USUAL,), low, high), values)


def pattern(code: str, low: float, high: float, kind: str = "pattern", fires: str = "all") -> Pattern:
    claim = Claim("Referrals", "per 10,000", level(USUAL, "referrals"), (USUAL,), low, high)
    return Pattern(code, f"Referrals lie in {low:g} to {high:g}.", "A study", (claim,), kind, fires)


def rigged(*patterns: Pattern, value: float = 500.0) -> Findings:
    """Return findings of a town in which every luck has about the same referrals."""
    lucks = [Luck(n, {USUAL.name: kept(referrals=value + n)}) for n in (1, 2, 3)]
    found = [find(each, [[judge.measure(claim, luck) for luck in lucks] for claim in each.claims]) for each in patterns]
    return Findings(unlived(), 5, 3, (1, 2, 3), (USUAL.name,), tuple(found))


MUST_FAIL, MUST_HOLD = pattern("V99", 1_000_000, 2_000_000), pattern("V1", 400, 600)
FIRES = pattern("F1", 400, 600, "falsifier")


# --- The list is whole -----------------------------------------------------------------------------------


def test_every_stated_pattern_is_an_experiment_and_none_of_those_held_back():
    stated = [f"V{number}" for number in range(1, 38) if f"V{number}" not in HELD_BACK]
    assert HELD_BACK == ("V13", "V16", "V31", "V36")
    assert [each.code for each in (*LEVELS, *DYNAMICS)] == stated


def test_every_falsifier_and_every_loop_is_an_experiment():
    assert [each.code for each in FALSIFIERS] == [f"F{number}" for number in range(1, 9)]
    assert [each.code for each in LOOPS] == [f"R{n}" for n in range(1, 9)] + [f"B{n}" for n in range(1, 5)]
    assert {each.kind for each in FALSIFIERS} == {"falsifier"} and {each.kind for each in LOOPS} == {"loop"}


def test_every_experiment_has_a_statement_a_source_claims_and_bounds_in_order():
    for each in catalogue.everything():
        assert each.statement.endswith(".") and each.source and each.claims
        for claim in each.claims:
            assert claim.needs and claim.low <= claim.high
            assert (claim.low, claim.high) != (float("-inf"), float("inf")), claim.statement


def test_codes_are_given_once_and_worlds_of_one_name_are_one_world():
    codes = [each.code for each in catalogue.everything()]
    assert len(set(codes)) == len(codes)
    found = run.needed(catalogue.everything())
    assert len({world.name for world in found}) == len(found)
    other = Claim("x", "", level(USUAL, "load"), (replace(USUAL, journal=False),), 0, 1)
    with pytest.raises(ValueError, match="two different worlds"):
        run.needed([MUST_FAIL, Pattern("V98", "x.", "y", (other,))])


def test_a_figure_without_a_tolerance_is_taken_with_fifteen_percent_either_side():
    assert about(100) == pytest.approx((85, 115)) and about(20, 40) == pytest.approx((17, 46))


def test_only_picks_experiments_by_code_or_group_and_refuses_what_is_unknown_or_held_back():
    assert [each.code for each in catalogue.chosen("v9, F3")] == ["V9", "F3"]
    assert len(catalogue.chosen("")) == len(catalogue.everything())
    assert {each.kind for each in catalogue.chosen("V9,scenarios,Loops")} == {"pattern", "scenario", "size", "loop"}
    assert (
        catalogue.briefly(catalogue.chosen("V9,Falsifiers,F3")) == "falsifiers,V9"
        and catalogue.briefly(LOOPS) == "loops"
    )
    assert catalogue.briefly(catalogue.everything()) == ""
    with pytest.raises(InputError, match=r"V13 is held back for validation"):
        catalogue.chosen("V1,v13")
    with pytest.raises(InputError, match=r"V99.*accepted: patterns, .*V1, V2"):
        catalogue.chosen("V99")


def full(number: int) -> Kept:
    """Return a rigged world that has every measure, weekly column and reading that the model has, all different."""
    rng = np.random.Generator(np.random.Philox(number))
    states = [
        "authority.bureaucracy",
        *(f"maturity.{name}" for name in LEVERS),
        *(f"starts_{age}" for age in readings.AGES[:-1]),
    ]
    columns = [name for name, entry in WEEK.items() if len(entry) == 2] + ["looked_after", "contacts_school"]
    extra = dict.fromkeys(readings.FROM_JOURNAL, rng.random()) | {
        "deciles": 1 + rng.random((3, 11)),
        "tally_deciles": 1 + rng.random((8, 11)),
    }
    one = kept(rng.random((4, 8)), extra, **{name: rng.random() for name in [*MEASURES, *states]})
    weekly = {name: rng.random(260) for name in columns}
    return replace(one, weekly=weekly, events=rng.random((260, len(Event))), children=rng.random((260, len(Event))))


def test_experiments_ask_only_for_what_the_model_has_or_for_names_that_are_kept_in_one_place():
    everything = catalogue.everything()
    worlds_ = {world.name: full(place) for place, (world, _) in enumerate(run.known(everything))}
    asked = [judge.measure(claim, Luck(1, worlds_, worlds_)) for each in everything for claim in each.claims]
    missing = {str(found).split()[-1] for found in asked if isinstance(found, Missing)}
    to_come = {value for name, value in vars(names).items() if name.isupper() and isinstance(value, str)}
    assert missing <= to_come | set(names.SCENARIOS)
    assert sum(isinstance(found, float) for found in asked) > 100


def test_every_world_starts_from_tables_parameters_and_areas_that_exist():
    tables = unlived().tables
    for world, scenario in run.known(catalogue.everything()):
        assert changed(DEFAULT, scenario.parameters)
        assert set(scenario.levers) <= set(LEVERS)
        assert all(change.name in tables[change.table].dtype.names for change in world.start)
        assert run.area_of(world, areas.england()).children_0_17 >= run.CHILDREN
    poorer = run.area_of(settings.POORER, areas.england())
    assert (
        poorer.child_poverty_pct == areas.england().child_poverty_pct + 5.0
        and poorer.imd2019_score > areas.england().imd2019_score
    )


# --- Verdicts --------------------------------------------------------------------------------------------


def test_a_claim_holds_only_if_the_whole_range_lies_in_what_was_expected():
    assert lucky(12, 15, 18).verdict == Verdict.HOLDS
    assert lucky(2, 3, 4).verdict == Verdict.FALLS_SHORT
    assert lucky(22, 23, 24).verdict == Verdict.FALLS_SHORT
    assert lucky(18, 19, 20.1).verdict == Verdict.NOT_DECIDED
    assert lucky(9.9, 15, 16).why == "not decided with 3 runs"


def test_few_runs_are_spread_over_all_that_was_seen_and_many_are_bootstrapped():
    assert spread([3.0, 1.0, 2.0]) == (1.0, 3.0)
    low, high = spread([float(n) for n in range(100)])
    assert 40 < low < 46 and 53 < high < 59  # the mean is 49.5, its standard error 2.9


def test_what_the_model_lacks_is_not_available_and_never_holds():
    found = find(MUST_HOLD, [[Missing("measure referrals")]])
    assert found.verdict == Verdict.NOT_AVAILABLE and found.rows[0].why == "not available: measure referrals"
    assert lucky(float("nan"), 12.0).verdict == Verdict.NOT_AVAILABLE


def test_a_measure_or_scenario_that_is_missing_is_named():
    luck = Luck(1, {USUAL.name: kept(load=1.0)})
    missing = judge.measure(MUST_HOLD.claims[0], luck)
    assert isinstance(missing, Missing) and str(missing) == "measure referrals"
    nowhere = World("nowhere", "S99")
    absent = judge.measure(Claim("x", "", level(nowhere, "load"), (nowhere,), 0, 1), luck)
    assert str(absent) == "scenario S99" and names.scenario("S99") is None


def test_a_pattern_is_as_good_as_its_worst_claim():
    both = replace(MUST_HOLD, claims=MUST_HOLD.claims + MUST_FAIL.claims)
    assert rigged(both).findings[0].verdict == Verdict.FALLS_SHORT


@pytest.mark.parametrize(("fires", "expected"), [("all", Verdict.CLEAR), ("any", Verdict.FIRED)])
def test_a_falsifier_fires_when_what_is_feared_is_seen_in_all_or_in_any_of_its_claims(fires, expected):
    one_of_two = replace(FIRES, claims=MUST_HOLD.claims + MUST_FAIL.claims, fires=fires)
    assert rigged(one_of_two).findings[0].verdict == expected
    assert rigged(FIRES).findings[0].verdict == Verdict.FIRED
    assert rigged(FIRES, value=900).findings[0].verdict == Verdict.CLEAR
    assert rigged(FIRES, value=598).findings[0].verdict == Verdict.NOT_DECIDED


# --- Worlds ------------------------------------------------------------------------------------------


def test_a_changed_start_leaves_the_past_as_it_was():
    past = unlived()
    before = float(past.tables["money"]["early_help_budget"][0])
    changed = run.started(
        past, (Change("money", "early_help_budget", times=0.55), Change("authority", "load", plus=0.06))
    )
    assert changed.tables["money"]["early_help_budget"][0] == 0.55 * before
    assert changed.tables["authority"]["load"][0] == pytest.approx(0.06 + past.tables["authority"]["load"][0])
    assert past.tables["money"]["early_help_budget"][0] == before
    assert run.started(past, ()) is past


def test_lucks_stand_beside_the_next_and_the_last_beside_the_first():
    lived = [(number, {"a": kept(load=float(number))}) for number in (1, 2, 3)]
    assert [(luck.number, luck.after["a"].mean("load")) for luck in ring(lived)] == [(1, 2.0), (2, 3.0), (3, 1.0)]
    assert list(ring([])) == []


@pytest.mark.parametrize("stopped_at", [1, 3])
def test_ctrl_c_while_a_past_is_waited_for_keeps_the_lucks_that_are_whole(monkeypatch, stopped_at):
    def past_of(own, number):
        if number == stopped_at:
            raise KeyboardInterrupt
        return own

    monkeypatch.setattr(run, "past_of", past_of)
    monkeypatch.setattr(run, "live", lambda *_: kept(load=1.0))
    worlds = [(USUAL, Scenario("status-quo", "", ""))]
    assert [number for number, _ in run.live_all(unlived(), worlds, 5, 4, 1)] == list(range(1, stopped_at))
    assert run.live_luck(unlived(), worlds, 5, stopped_at, 1) is None


def test_a_run_too_short_or_too_few_is_refused():
    with pytest.raises(InputError, match="runs = 1 is not accepted"):
        run.check(10, 1)
    with pytest.raises(InputError, match="years = 4 is not accepted"):
        run.check(4, 3)
    with pytest.raises(InputError, match="further = 1 is not accepted"):
        run.check(10, 8, 1)
    with pytest.raises(InputError, match="runs = 7 is not accepted"):  # the range of so few does not shrink
        run.check(10, 7, 8)


def lived_of(*numbers: int):
    """Return what stands in for the living of worlds: as many lucks as given, of rigged worlds."""
    return lambda *_: iter([(number, {USUAL.name: kept(referrals=500.0 + number)}) for number in numbers])


def test_what_was_whole_when_stopped_is_kept_and_one_luck_is_too_few(monkeypatch):
    monkeypatch.setattr(run, "live_all", lived_of(1, 2))
    found = examine("Wakefield", [MUST_HOLD], 4, snapshot=unlived())
    assert (found.runs, found.asked, found.findings[0].rows[0].values) == (2, 4, (501.0, 502.0))
    monkeypatch.setattr(run, "live_all", lived_of(1))
    with pytest.raises(KeyboardInterrupt):
        examine("Wakefield", [MUST_HOLD], 4, snapshot=unlived())


@pytest.mark.parametrize(("whole", "expected"), [((1, 2), 0), ((1,), 1)])
def test_the_command_succeeds_whatever_falls_short_unless_it_was_interrupted(monkeypatch, capsys, whole, expected):
    monkeypatch.setattr(run, "live_all", lived_of(*whole))
    monkeypatch.setattr(cli, "past_of", lambda *_: unlived())
    monkeypatch.setattr(catalogue, "chosen", lambda only: (MUST_HOLD, MUST_FAIL))
    monkeypatch.setattr(sys, "argv", ["familyabm", "credibility", "--runs", "2", "--only", "V1"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    out, err = capsys.readouterr()
    assert (stopped.value.code or 0) == expected
    assert ("1 of 2 stated patterns hold" in out) == (expected == 0)
    assert ("Stopped before the end" in err) == (expected == 1)


# --- What people and programs read -----------------------------------------------------------------------


def test_what_fails_is_told_first_whatever_the_order_of_the_experiments():
    found = rigged(MUST_HOLD, replace(MUST_HOLD, code="V2"), MUST_FAIL, FIRES)
    assert [finding.pattern.code for finding in in_order(found.findings)] == ["F1", "V99", "V1", "V2"]
    text = "\n".join(words.text(found))
    assert text.index("F1  FIRES") < text.index("V99  FALLS SHORT") < text.index("V1  HOLDS")
    assert "2 of 3 stated patterns hold; 1 falsifiers fired" in text.splitlines()[1]
    assert STATUS_LINE in text and "V13, V16, V31, V36: held back for validation, not run here." in text


def test_a_pattern_that_is_not_decided_does_not_count_as_holding():
    found = rigged(pattern("V1", 400, 502))
    assert words.count(found) == "0 of 1 stated patterns hold; 0 falsifiers fired"
    assert "not decided with 3 runs" in "\n".join(words.text(found))


def test_the_reason_known_so_far_is_told_where_a_pattern_falls_short_and_nowhere_else():
    reason = words.KNOWN["V27"]
    short, held = (rigged(replace(one, code="V27")) for one in (MUST_FAIL, MUST_HOLD))
    for said in ("\n".join(words.text(short)), page.html(short), words.as_json(short, "1")["experiments"][0]["why"]):
        assert reason in said
    assert reason not in "\n".join(words.text(held)) and words.as_json(held, "1")["experiments"][0]["why"] == ""
    assert set(words.KNOWN) <= {pattern.code for pattern in catalogue.everything()}


def test_json_holds_every_claim_and_no_number_that_json_cannot_hold():
    found = rigged(MUST_HOLD, MUST_FAIL, pattern("V3", 1, float("inf")))
    whole = json.loads(json.dumps(words.as_json(found, "1"), allow_nan=False))
    assert [each["code"] for each in whole["experiments"]] == ["V99", "V1", "V3"]
    assert whole["experiments"][0]["claims"][0]["value"] == pytest.approx(502.0)
    assert whole["held_back"] == list(HELD_BACK) and whole["experiments"][2]["claims"][0]["expected_high"] is None


def test_numbers_are_written_as_people_read_them():
    assert [words.number(value) for value in (1234.5, 12.34, -0.126, -0.001, float("nan"))] == [
        "1,234",
        "12.3",
        "−0.13",
        "0",
        "–",
    ]
    assert words.expected(Claim("", "", level(USUAL, "x"), (USUAL,), 3)) == "3.00 or more"


def test_the_page_tells_what_falls_short_before_what_holds_and_leaves_nothing_out(tmp_path):
    found = rigged(MUST_HOLD, MUST_FAIL, FIRES)
    text = page.write(found, tmp_path).read_text(encoding="utf-8")
    assert text.index("F1 fires.") < text.index("V99 falls short.") < text.index("V1 holds.")
    assert "1 of 2 stated patterns hold; 1 falsifiers fired." in text and "held back for validation" in text
    rows = list(csv.DictReader(io.StringIO((tmp_path / "credibility.csv").read_text(encoding="utf-8-sig"))))
    assert [row["code"] for row in rows] == ["F1", "V99", "V1"] and rows[1]["finding"] == "falls short"
    assert text == page.html(found)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1366, 320])
def test_the_page_is_accessible_and_does_not_scroll_sideways(browser, tmp_path, width):
    path = page.write(rigged(MUST_HOLD, MUST_FAIL, FIRES), tmp_path)
    opened = browser.new_page(viewport={"width": width, "height": 900})
    opened.goto(path.as_uri())
    wide, screen = opened.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= screen
    assert [found["id"] for found in Axe().run(opened).response["violations"]] == []
    opened.close()


# --- For real --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_few_experiments_run_from_end_to_end_on_a_tiny_town(monkeypatch, capsys, tmp_path):
    words_ = ["familyabm", "credibility", "--area", "Rutland", "--scale", "0.1", "--years", "5", "--runs", "2"]
    monkeypatch.setattr(sys, "argv", [*words_, "--only", "V1,V2,V9,V30,R3,F1,F7", "--out", str(tmp_path), "--json"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert not stopped.value.code
    whole = json.loads(capsys.readouterr().out)
    assert {each["code"] for each in whole["experiments"]} == {"V1", "V2", "V9", "V30", "R3", "F1", "F7"}
    by_code = {each["code"]: each for each in whole["experiments"]}
    assert by_code["F7"]["verdict"] == "clear" and by_code["F7"]["claims"][0]["value"] > 0.0
    assert all(len(claim["values"]) == 2 for claim in by_code["V1"]["claims"])
    assert (tmp_path / "credibility.html").is_file()


@pytest.mark.slow
def test_any_number_of_threads_gives_the_same_findings():
    past = snapshot("Rutland", 0.1)
    some = catalogue.chosen("V1,V9,R3,F7")
    one, two = (examine(past.area, some, 2, years=5, scale=0.1, workers=workers, snapshot=past) for workers in (1, 2))
    assert words.as_json(one, "") == words.as_json(two, "")
