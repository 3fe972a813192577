"""The lab's commands, from what they refuse to a small study of the real model, run, read, taken out and repeated."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import familyabm
from familyabm import areas, cli, cli_lab, levers, lives, simulation
from familyabm.lab import store, verify
from familyabm.lab.execute import Progress
from familyabm.parameters import DEFAULT, changed

ENV = os.environ | {"PYTHONPATH": str(Path(familyabm.__file__).resolve().parents[1]), "COLUMNS": "120"}
STUDY = """
title = "Sharing, and how long trouble lasts"
areas = ["Wakefield"]
worlds = ["status-quo", "whole-system"]
lucks = 2
years = 1
scale = 0.01
keep = "journal"
by_year = true

[[factors]]
name = "circumstances.chronicity"
values = [0.7, 0.9]

[[factors]]
name = "levers.information_sharing"
values = [0.2]

[design]
kind = "grid"
"""


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Return a function that runs the command line in an empty folder: (exit code, output, messages)."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["familyabm", "study", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return (stopped.value.code or 0, *capsys.readouterr())

    return run


def outside(folder: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "familyabm.cli", "study", *words], cwd=folder, env=ENV, capture_output=True, text=True, timeout=300, check=False
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        *([name, "--help"] for name in ("check", "run", "status", "table", "export", "compact", "verify", "repeat")),
    ],
    ids=" ".join,
)
def test_every_command_helps(call, words):
    code, out, err = call(*words)
    assert (code, err) == (0, "") and "Usage" in out


REFUSED = {
    "no such file": (["check", "none.toml"], "study file none.toml cannot be read: no such file"),
    "no such study": (["run", "none"], "study file none cannot be read"),
    "a file that is none": (["run", "bad.toml"], "bad.toml, line 2: yeers is not a field of a study (did you mean years?)"),
    "nothing there": (["status", "."], "holds no study: design.json is not there"),
    "no folder": (["verify", "nowhere"], "is not a folder"),
    "no time": (["run", "good.toml", "--stop-after", "soon"], "--stop-after 'soon' is not a time; 90s, 30m, 8h or 2d"),
    "no share": (["run", "good.toml", "--share", "4/3"], "--share '4/3' is not a share; 3/10"),
    "too few workers": (["run", "good.toml", "--workers", "-1"], "--workers -1 is not accepted"),
    "no scheduler": (["run", "good.toml", "--scheduler", "nonsense"], "nonsense"),
    "a binary file": (["check", "binary.toml"], "binary.toml is not UTF-8 text"),
    "a bad cluster": (["check", "cluster.toml"], "cluster: system = 'slrum' is not known (did you mean slurm?)"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line(call, tmp_path, name):
    words, told = REFUSED[name]
    (tmp_path / "good.toml").write_text(STUDY)
    (tmp_path / "bad.toml").write_text('areas = ["Wakefield"]\nyeers = 3\n')
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "cluster.toml").write_text('areas = ["Wakefield"]\n[cluster]\nsystem = "slrum"\n')
    code, out, err = call(*words)
    assert (code, out, len(err.splitlines())) == (2, "", 1), err
    assert told in err and "Traceback" not in err


def test_a_job_array_is_written_beside_the_frozen_study(call, tmp_path):
    (tmp_path / "good.toml").write_text(STUDY + '[cluster]\nsystem = "slurm"\njobs = 3\ncores = 2\n')
    code, _, err = call("run", "good.toml", "--script")
    text = (tmp_path / "good.slurm").read_text()
    assert code == 0 and "sbatch good.slurm" in err and "#SBATCH --array=1-3" in text
    assert store.open_store(tmp_path / "results" / "good").size == 8


def test_progress_tells_rate_time_left_and_failures():
    progress = Progress(total=100, stored=20)
    assert cli_lab._how(progress) == "starting workers"
    progress.here, progress.stored, progress.failed, progress.began = 10, 30, 2, progress.began - 10.0
    assert cli_lab._how(progress) == "1.0 a second, 70 seconds left, 2 failed"


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """Return the folder of a small study of the real model, checked, piloted and run from outside."""
    folder = tmp_path_factory.mktemp("lab")
    (folder / "sharing.toml").write_text(STUDY)
    checked = json.loads(outside(folder, "check", "sharing.toml", "--json").stdout)
    assert (checked["runs"], checked["pasts"], checked["points"]) == (8, 2, 2) and checked["seconds"] < 120
    pilot = outside(folder, "run", "sharing.toml", "--pilot")
    assert pilot.returncode == 0 and "4 runs done; 4 of them now" in pilot.stdout, pilot.stderr
    done = outside(folder, "run", "sharing.toml", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["counts"] == {"done": 8}, done.stderr
    return folder / "results" / "sharing"


@pytest.mark.slow
def test_a_studys_runs_are_the_models_own(small):
    results = familyabm.open_study(small)
    past = simulation.past(areas.named("Wakefield"), changed(DEFAULT, {"circumstances.chronicity": 0.9}), 1, 0.01)
    for name in ("status-quo", "whole-system"):
        world = levers.find(name)
        world = replace(world, levers=dict(world.levers) | {"information_sharing": 0.2})
        by_hand = lives.live_one(lives.Ask(past, world, 2, 1))
        run = results.runs.query("point == 1 and luck == 2 and world == @name").iloc[0]
        assert run["address"] == lives.Ask(past, world, 2, 1).address
        mine = results.measures().query("address == @run.address").set_index("measure")["value"]
        pd.testing.assert_series_equal(
            mine[list(lives.OUTCOMES)], pd.Series(by_hand, lives.OUTCOMES), check_names=False
        )


@pytest.mark.slow
def test_a_study_is_looked_at_taken_out_gathered_and_gone_on_with(small, call, tmp_path):
    assert call("verify", str(small)) == (0, f"{small}: everything is as it was stored.\n", "")
    code, out, _ = call("status", str(small), "--json")
    assert code == 0 and json.loads(out)["stored"] == 8 and json.loads(out)["runners"] == 0
    assert "8 of 8 runs stored" in call("status", str(small))[1]
    code, out, _ = call("table", str(small), "--measures", "harm", "--by-point", "--json")
    assert code == 0 and [row["runs"] for row in json.loads(out)] == [2, 2, 2, 2]
    assert [row["circumstances.chronicity"] for row in json.loads(out)] == [0.7, 0.7, 0.9, 0.9]
    assert "harm" in call("table", str(small), "--measures", "harm")[1]
    code, out, _ = call("table", str(small), "--sql", "SELECT count(*) AS n FROM weekly", "--json")
    assert (code, json.loads(out)) == (0, [{"n": 8 * 52}])
    assert call("table", str(small), "--sql", "SELECT count(*) FROM journal", "--json")[0] == 0
    assert (
        call("table", str(small), "--sql", "nonsense")[0] == 2
        and call("table", str(small), "--measures", "hram")[0] == 2
    )
    for kind in ("csv", "duckdb"):
        assert (
            call("export", str(small), "--to", f"out.{kind}")[0] == 0 and (tmp_path / f"out.{kind}").stat().st_size > 0
        )
    assert "are one" in call("compact", str(small))[2] and verify.verify(small) == []
    code, out, _ = call("run", str(small))
    assert code == 0 and "8 runs done; 0 of them now" in out
    assert call("export", str(small), "--to", "out.pdf")[0] == 2


@pytest.mark.slow
def test_one_run_is_repeated_to_the_same_numbers_or_the_same_error(small, call, monkeypatch):
    results = familyabm.open_study(small)
    run = results.runs.iloc[3]
    code, out, _ = call(*run["repeat"].split()[2:], "--json")
    whole = json.loads(out)
    kept = results.measures().query("address == @run.address").set_index("measure")["value"]
    assert code == 0 and whole["address"] == run["address"]
    assert {name: value for name, value in whole["measures"].items() if value is not None} == kept.dropna().to_dict()
    assert call("repeat", str(small), run["address"][:12])[1].startswith(f"Run {run['address'][:16]}: Wakefield")
    assert call("repeat", str(small), "0000000000")[0] == 2 and call("repeat", str(small), "x")[0] == 2

    def fails(*given: object, **more: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(simulation, "live", fails)
    code, out, err = call("repeat", str(small), run["address"])
    assert (code, out) == (1, "") and err.endswith("ZeroDivisionError: planted\n")
