"""Assumptions that can be taken out: what each is, that it is really gone, and how far the result moves without it."""

import json
import re

import pandas as pd
import pytest
from games import past, play
from towns import snapshot

from familyabm import areas, cli, simulation, takeouts, what_if, worlds
from familyabm.errors import InputError
from familyabm.levers import find
from familyabm.parameters import DEFAULT, REGISTER, changed
from familyabm.parameters.register import GRADES
from familyabm.report import page, study, study_words
from familyabm.takeouts import TAKE_OUTS, TakeOut
from familyabm.what_if import GROWS, HOLDS, SHRINKS, TOO_FEW, became, try_each


@pytest.mark.parametrize("name", TAKE_OUTS)
def test_an_assumption_says_what_it_is_how_sure_it_is_and_can_be_taken_out(name):
    entry = TAKE_OUTS[name]
    assert entry.name == name == name.lower() and entry.says.endswith(".") and entry.without.endswith(".")
    assert entry.grade in GRADES and GRADES[entry.grade] in entry.evidence and entry.source
    without = takeouts.applied(DEFAULT, [name])
    differs = {address for address in REGISTER if without[address] != DEFAULT[address]}
    assert differs == set(entry.changes), "every number of an assumption is changed by taking it out, and no other"


def test_there_are_eight_to_ten_assumptions_and_the_model_comes_with_all_of_them():
    assert 8 <= len(TAKE_OUTS) <= 10
    assert takeouts.taken_out(DEFAULT) == []


def test_the_grade_is_the_weakest_of_the_numbers_that_hold_it():
    mixed = TakeOut("x", "X", "x.", "x.", {"effects.joint_help": 0.0, "effects.joint_drag": 0.0})
    assert {REGISTER[address].grade for address in mixed.changes} == {"C", "D"} and mixed.grade == "D"
    assert TakeOut("x", "X", "x.", "x.", {"effects.joint_help": 0.0}).grade == "C"
    assert mixed.source == "; ".join(REGISTER[address].source for address in mixed.changes)


def test_several_can_be_taken_out_at_once_and_none_leaves_all_as_it_was():
    without = takeouts.applied(DEFAULT, ["drag", "raids"])
    assert without["circumstances.drag_ratio"] == without["money.raid_rate"] == 0.0
    assert [entry.name for entry in takeouts.taken_out(without)] == ["drag", "raids"]
    assert takeouts.applied(DEFAULT, []) is DEFAULT


def test_an_unknown_assumption_is_met_with_the_nearest_known_one():
    for call in (lambda: takeouts.applied(DEFAULT, ["drug"]), lambda: try_each("Wakefield", names=["drug"])):
        with pytest.raises(InputError, match=r"assumption 'drug' is not known \(did you mean drag"):
            call()


def test_a_comparison_without_an_assumption_needs_a_past_without_it():
    with pytest.raises(InputError, match="without = drag is not accepted for a past that was lived with it"):
        worlds.compare("Wakefield", without=["drag"], snapshot=past())


def tried(monkeypatch, worth, **options) -> what_if.WhatIf:
    """Try assumptions on lives that come to what `worth` says of (levers moved, luck, parameters)."""
    play(monkeypatch, lambda names, ask: worth(names, ask.number, ask.snapshot.parameters))
    ours = past()
    monkeypatch.setattr(
        simulation, "past", lambda area, parameters, seed, scale: simulation.Snapshot(area, parameters, seed, scale, {}, ours.past)
    )  # fmt: skip
    options = {"runs": 6, "years": 1, "names": ["drag", "raids", "help-works"], "outcomes": ["care_starts"]} | options
    return try_each("Wakefield", **options)


def worth(names: set[str], luck: int, parameters) -> float:
    """World B has 10 fewer; without drag 4 fewer; without raids as before; without help it has 10 more."""
    if not names:
        return 100.0 + luck
    if parameters["circumstances.help_on_recovery"] == 0.0:
        return 110.0 + luck
    return (96.0 if parameters["circumstances.drag_ratio"] == 0.0 else 90.0) + luck + 0.1 * (luck % 2)


def test_each_is_taken_out_of_both_worlds_and_of_their_past_and_the_moves_are_worked_out_luck_by_luck(monkeypatch):
    found = tried(monkeypatch, worth)
    assert found.whole.loc["care_starts", "difference"] == pytest.approx(-9.95)
    rows = found.table.set_index("assumption")
    assert rows["difference"].to_dict() == pytest.approx({"drag": -3.95, "raids": -9.95, "help-works": 10.0})
    assert rows.loc["drag", ["move", "move_low", "move_high"]].tolist() == pytest.approx([6.0, 6.0, 6.0])
    assert rows["became"].to_dict() == {"drag": SHRINKS, "raids": HOLDS, "help-works": "turns round"}
    assert rows.loc["drag", "percent"] == pytest.approx(100.0 * -3.95 / 103.5)
    assert found.without["drag"].shape == (6, 2, 1)


def test_a_change_that_luck_may_have_made_is_none():
    moved_a_little = {"move": 1.0, "move_low": -0.5, "move_high": 2.5}
    assert became(-10.0, -12.0, -6.0, moved_a_little) == HOLDS
    assert became(-10.0, -12.0, 6.0, {"move": 7.0, "move_low": 5.0, "move_high": 9.0}) == SHRINKS
    assert became(-10.0, -22.0, -16.0, {"move": -7.0, "move_low": -9.0, "move_high": -5.0}) == GROWS
    assert became(-10.0, 1.0, 2.0, {"move": 12.0, "move_low": 11.0, "move_high": 13.0}) == "turns round"
    assert became(-1.0, 1.0, 2.0, {"move": 2.5, "move_low": -1.0, "move_high": 6.0}) == HOLDS


def test_too_few_lucks_show_nothing(monkeypatch):
    few = tried(monkeypatch, worth, runs=5)
    assert study_words.assumption(few.table, few.runs) == "5 lucks are too few to tell."
    assert set(few.table["became"]) == {TOO_FEW}
    enough = tried(monkeypatch, worth)
    rows = enough.table[enough.table["assumption"] == "drag"]
    assert study_words.assumption(rows, 6) == (
        "The difference between the worlds without it: on children starting to be looked after it is smaller."
    )


def test_an_interruption_keeps_the_assumptions_that_had_been_tried(monkeypatch):
    def stop(finished: int, asked: int) -> None:
        if finished == 3:
            raise KeyboardInterrupt

    found = tried(monkeypatch, worth, done=stop)
    assert list(found.without) == ["drag", "raids"] and found.asked == 3

    def stop_at_once(finished: int, asked: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(InputError, match="none of the 3 assumptions had been tried"):
        tried(monkeypatch, worth, done=stop_at_once)


@pytest.mark.slow
def test_the_page_says_what_rests_on_what_and_repeats_itself(monkeypatch, tmp_path):
    found = tried(monkeypatch, worth)
    text = study.write_what_if(found, tmp_path).read_text(encoding="utf-8")
    assert not re.search(r"<th[^>]*>\s*</th>", text) and ">Assumption</th>" in text
    assert "What if an assumption is wrong?" in text and worlds.STATUS_LINE in text
    assert "--without drag --without raids --without help-works" in text and "D: expert judgement" in text
    assert "1 of 3" not in text and "2 of 3 assumptions move it" in text
    assert "https://" not in text and "<script" not in text
    assert {path.name for path in tmp_path.iterdir()} == {"takeouts.html", "as_it_is.csv", "takeouts.csv"}
    assert pd.read_csv(tmp_path / "takeouts.csv")["assumption"].tolist() == ["drag", "raids", "help-works"]


def test_the_assumptions_are_listed_without_an_area(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["familyabm", "takeouts", "--json"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert not stopped.value.code
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == list(TAKE_OUTS)


def test_the_page_of_a_comparison_says_what_was_left_out_and_its_command_repeats_it():
    without = takeouts.applied(DEFAULT, ["raids"])
    assert page.set_words(without) == ["--set", "money.raid_rate=0.0"] and page.set_words(DEFAULT) == []
    said = page.changes(without, find("status-quo"), find("siloed"))
    assert said[0] == "Both worlds, without the assumption: A council that overspends takes money from early help."
    assert page.set_words(changed(DEFAULT, {"court.weeks": 30})) == ["--set", "court.weeks=30.0"]


@pytest.mark.slow
def test_without_raids_nothing_is_taken_from_early_help_in_either_world():
    area = areas.named("Wakefield")
    found = worlds.compare(area, "spike-raided", "siloed", runs=2, years=4, scale=0.02, without=["raids"])
    assert (found.table.loc["bail_out", ["a", "b"]] == 0.0).all()
    with_it = worlds.compare(area, "spike-raided", "siloed", runs=2, years=4, snapshot=snapshot())
    assert with_it.table.loc["bail_out", "a"] > 0.0


@pytest.mark.slow
def test_the_command_prints_how_far_the_result_moves(monkeypatch, capsys, tmp_path):
    words = [
        "familyabm",
        "takeouts",
        "Wakefield",
        "--scale",
        "0.01",
        "--years",
        "1",
        "--runs",
        "2",
        "--without",
        "drag",
    ]
    monkeypatch.setattr("sys.argv", [*words, "--measures", "harm", "--out", str(tmp_path / "kept")])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    out = capsys.readouterr().out
    assert not stopped.value.code and out.splitlines()[0] == worlds.STATUS_LINE
    assert "as it is" in out and "without drag" in out and (tmp_path / "kept" / "takeouts.html").exists()
