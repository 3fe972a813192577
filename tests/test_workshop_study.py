"""A room lived again as a study: the same town, lucks and worlds, and so the same numbers."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import familyabm
from familyabm import areas, simulation
from familyabm.cli import main
from familyabm.parameters import DEFAULT
from familyabm.workshop import files, plan, study
from familyabm.workshop.room import Room
from tests.workshop_room import BETS, FIVE, PICKS
from visualization.workshop import decade, living


def played() -> Room:
    room = Room("tried", "Rutland", 600, 1, 60, "2026-11-27 10:00")
    while room.at.stage != "decade":
        if room.at.deciding:
            number = room.at.round or 0
            for seat in FIVE:
                room.choose(seat, number, {seat: PICKS[number][seat]}, BETS[seat])
        room.forward()
    return room


@pytest.mark.slow
def test_the_file_of_a_room_runs_next_day_as_a_study_with_the_same_numbers(tmp_path: Path):
    room = played()
    files.put(tmp_path / "room.json", files.as_bytes(room))
    command = [sys.executable, "-m", "familyabm.cli"]
    written = subprocess.run(
        [*command, "workshop", "study", "room.json", "--lucks", "2"], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert written.returncode == 0, written.stderr
    assert written.stdout.split() == ["familyabm", "study", "run", "workshop-study/study.toml"]
    ran = subprocess.run(
        [*command, "study", "run", "workshop-study/study.toml", "--out", "results"], cwd=tmp_path, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    kept = familyabm.open_study(tmp_path / "results").measures(study.DECADE, by_year=True)
    town = simulation.past(areas.find("Rutland"), DEFAULT, room.seed, study.scale_of(room))
    for name, world in study.worlds_of(room.taken).items():
        own = living.by_year(simulation.live(town, world, plan.YEARS * 52, 2))
        rows = kept[(kept["world"] == name) & (kept["luck"] == 2)].sort_values("year")
        for measure in study.DECADE:
            theirs = rows.loc[(rows["year"] > 1) & (rows["measure"] == measure), "value"].to_numpy(dtype=float)
            assert len(theirs) == 10
            assert np.array_equal(theirs, np.array(own[measure], dtype=float), equal_nan=True), (name, measure)


def test_a_file_that_is_no_room_is_refused_with_a_sentence_and_exit_code_2(tmp_path, capsys, monkeypatch):
    (tmp_path / "other.json").write_text(json.dumps({"format": "other"}))
    monkeypatch.setattr(sys, "argv", ["familyabm", "workshop", "study", str(tmp_path / "other.json")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "is not the file of a workshop" in said and said.count("\n") == 1


# --- What may be said of the decade ---


def found(a: list[float], b: list[float], name: str = "harm") -> decade.Finding:
    return decade.finding(name, np.array(a), np.array(b))


def test_a_plan_that_comes_out_worse_is_called_worse_and_one_that_luck_could_explain_is_not():
    usual = [100.0 + n for n in range(20)]
    worse = found(usual, [value + 10.0 + value % 3 for value in usual])
    better = found(usual, [value - 10.0 - value % 3 for value in usual])
    unclear = found(usual, [value + (5.0 if value % 2 else -6.0) for value in usual])
    assert [decade.verdict(one) for one in (worse, better, unclear)] == ["Worse", "Better", "Cannot tell"]
    said = decade.sentence(worse, "today", "together")
    assert said.startswith("In the model, your plan had 11.1 more weeks of significant harm")
    assert "than services as they work today" in said and said.endswith("That is worse.")
    assert decade.sentence(unclear, "today", "blind").startswith("The model cannot tell these apart")
    assert "world A" not in decade.sentence(better, "today", "together")


def test_the_headline_counts_better_and_worse_and_never_leaves_the_worse_out():
    usual = [100.0 + n for n in range(20)]
    findings = {name: found(usual, usual, name) for name in study.DECADE}
    findings["harm"] = found(usual, [value + 10.0 for value in usual], "harm")
    findings["repeat_contacts"] = found(usual, [value - 10.0 for value in usual], "repeat_contacts")
    compared = decade.Compared("today", "together", findings)
    assert decade.headline(compared) == "Your plan: better on 1, worse on 1, neither on 4"
    marks = decade.marks(compared, decade.HEADLINES)
    assert all(0.0 <= mark.left <= mark.left + mark.width <= 100.5 for mark in marks)
    assert next(mark for mark in marks if mark.title == "Serious harm").middle > 50.0
