"""The command line: help, refusals in one line, catalogues as JSON, runs and comparisons, and Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

import pandas as pd
import pytest

import familyabm
from familyabm import capability, cli, cli_studies, levers, measures, worlds
from familyabm.cli_printing import MAIN
from familyabm.codes import Agency, Event
from familyabm.parameters import REGISTER
from familyabm.tables import WEEK, empty

COMMANDS = [
    "run", "compare", "credibility", "attribute", "takeouts", "capability", "coverage", "areas", "scenarios", "parameters", "measures",
    "england", "targets", "evidence", "extract", "area", "bench",
]  # fmt: skip
NAMES = [agency.name.lower() for agency in Agency]
TINY = ["--scale", "0.01", "--years", "1"]
ENV = os.environ | {"PYTHONPATH": str(Path(familyabm.__file__).resolve().parents[1]), "COLUMNS": "120"}


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Return a function that runs the command line in an empty folder: (exit code, output, messages)."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["familyabm", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return (stopped.value.code or 0, *capsys.readouterr())

    return run


def outside(*words: str, folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "familyabm.cli", *words], cwd=folder, env=ENV, capture_output=True, text=True, timeout=500, check=False
    )  # fmt: skip


@pytest.mark.parametrize("words", [["--help"], *([command, "--help"] for command in COMMANDS)], ids=" ".join)
def test_every_command_helps(call, words):
    code, out, err = call(*words)
    assert code == 0 and err == ""
    assert "Usage" in out and len(out.splitlines()) > 5
    if words == ["--help"]:
        assert all(command in out for command in COMMANDS)


def test_the_version_is_the_packages(call):
    assert call("--version") == (0, familyabm.__version__ + "\n", "")


BAD = {
    "one set": (["compare", "Wakefield", "--ensemble", "1"], "--ensemble = 1 is not accepted; a whole number from 2"),
    "too many sets": (["run", "Wakefield", "--ensemble", "99999"], "--ensemble = 99999 is not accepted"),
    "no sets wanted": (["calibrate", "ensemble", "--sets", "0"], "1 to 10,000 sets"),
    "no settings to fit": (["calibrate", "levels", "--settings", "0"], "1 to 400 settings"),
    "nowhere": (["run", "Wakefeld"], "Wakefield"),
    "no area": (["run"], "Missing argument"),
    "no such command": (["rum"], "rum"),
    "no such option": (["run", "Wakefield", "--yaers", "1"], "--yaers"),
    "no years": (["run", "Wakefield", "--years", "0"], "years = 0 is not accepted; a whole number from 1 to 50 is"),
    "too many years": (["run", "Wakefield", "--years", "51"], "years = 51"),
    "half a year": (["run", "Wakefield", "--years", "0.5"], "--years"),
    "years in words": (["run", "Wakefield", "--years", "ten"], "--years"),
    "no runs": (["run", "Wakefield", "--runs", "0"], "runs = 0 is not accepted; a whole number from 1 to 1000 is"),
    "too many runs": (["compare", "Wakefield", "--runs", "1001"], "runs = 1001"),
    "no pairs": (["compare", "Wakefield", "--runs", "-1"], "runs = -1"),
    "seed below 0": (["run", "Wakefield", "--seed", "-1"], "seed = -1 is not accepted"),
    "seed too large": (["run", "Wakefield", "--seed", "4294967296"], "0 to 4294967295"),
    "seed in words": (["run", "Wakefield", "--seed", "x"], "--seed"),
    "no scale": (["run", "Wakefield", "--scale", "0"], "scale = 0.0 is not accepted"),
    "scale below 0": (["run", "Wakefield", "--scale", "-1"], "scale = -1.0"),
    "scale too large": (["run", "Wakefield", "--scale", "21"], "up to 20"),
    "scale is not a number": (["run", "Wakefield", "--scale", "nan"], "scale = nan"),
    "too few children": (["run", "Wakefield", "--scale", "0.001"], "children of Wakefield"),
    "infinite scale": (["compare", "Wakefield", "--scale", "inf"], "scale = inf"),
    "no such scenario": (["run", "Wakefield", "--scenario", "hole-system"], "did you mean whole-system"),
    "no such world": (["compare", "Wakefield", "--a", "silod"], "did you mean siloed"),
    "no such other world": (["compare", "Wakefield", "--b", "x.toml"], "x.toml cannot be read: no such file"),
    "no such area file": (["run", "nowhere.toml"], "nowhere.toml"),
    "no such area table": (["run", "nowhere.csv"], "nowhere.csv"),
    "no such parameter": (["run", "Wakefield", "--set", "harm.lvel_2=0.1"], "did you mean harm.level_2"),
    "parameter out of range": (["run", "Wakefield", "--set", "harm.level_2=9"], "harm.level_2 = 9 harm is outside 0.08 to 0.2 harm"),
    "parameter not a number": (["run", "Wakefield", "--set", "harm.level_2=x"], "harm.level_2 = 'x' is not a number"),
    "parameter nan": (["compare", "Wakefield", "--set", "harm.level_2=nan"], "harm.level_2 = 'nan' is not a number"),
    "parameter infinite": (["compare", "Wakefield", "--set", "harm.level_2=" + "9" * 400], "harm.level_2 = inf"),
    "parameter without a value": (["run", "Wakefield", "--set", "harm.level_2"], "group.parameter=value"),
    "empty setting": (["run", "Wakefield", "--set", ""], "group.parameter=value"),
    "journal without a folder": (["run", "Wakefield", "--journal"], "--out DIR is needed"),
    "an option without its value": (["run", "Wakefield", "--years"], "--years"),
    "one area too many": (["run", "Wakefield", "Leeds"], "Leeds"),
    "an empty area": (["run", ""], "''"),
    "no such assumption": (["compare", "Wakefield", "--without", "drug"], "did you mean drag"),
    "no such assumption to try": (["takeouts", "Wakefield", "--without", "drug"], "did you mean drag"),
    "nowhere to try them": (["takeouts", "Wakefeld"], "Wakefield"),
    "no such measure": (["attribute", "Wakefield", "--measures", "care_start"], "did you mean care_starts"),
    "no measure to try": (["takeouts", "Wakefield", "--measures", ","], "measure '' is not known"),
    "no such method": (["attribute", "Wakefield", "--method", "shapely"], "shapley or one-at-a-time is accepted"),
    "an odd number of orders": (["attribute", "Wakefield", "--orders", "3"], "orders = 3 is odd"),
    "two worlds that are one": (["attribute", "Wakefield", "--b", "status-quo"], "do not differ"),
    "no such time": (["capability", "Wakefield", "--time", "weeks_to_hlep"], "did you mean weeks_to_help"),
    "no such system": (["capability", "Wakefield", "--scenario", "hole-system"], "did you mean whole-system"),
    "capability of nowhere": (["capability", "Wakefeld"], "Wakefield"),
    "capability for no years": (["capability", "Wakefield", "--years", "0"], "years = 0"),
    "nowhere to share out": (["attribute", "Wakefeld"], "Wakefield"),
    "coverage into a folder": (["coverage", "--write", "."], "is a folder"),
    "areas takes no csv": (["areas", "--csv", "x.csv"], "--csv"),
    "parameters to a folder": (["parameters", "--csv", "."], "is a folder"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_used_is_refused_in_one_line_and_nothing_is_written(call, tmp_path, name):
    words, told = BAD[name]
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1 and err.endswith("\n")
    assert told in err and "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [("titel = 'x'", "did you mean title"), ("maturity = 2", "maturity = 2"), ("\x00", "not valid TOML")],
)
def test_a_scenario_file_that_cannot_be_used_is_refused_by_field(call, tmp_path, text, told):
    (tmp_path / "mine.toml").write_text(text)
    code, out, err = call("compare", "Wakefield", "--b", "mine.toml")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "mine.toml" in err and told in err


def test_refusals_are_the_same_from_outside(tmp_path):
    for words in (["run", "Wakefeld"], ["rum"], ["compare", "Wakefield", "--runs", "0"]):
        done = outside(*words, folder=tmp_path)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_areas_as_json_are_the_authorities_of_england(call):
    code, out, err = call("areas", "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "") and len(rows) > 150
    assert all(row["la_code"].startswith("E") and row["children_0_17"] > 0 for row in rows)
    found = json.loads(call("areas", "--search", "wakefield", "--json")[1])
    assert [row["la_name"] for row in found] == ["Wakefield"]


def test_areas_as_a_table_say_whose_figures_they_are(call):
    code, out, _ = call("areas", "--search", "Wakefield")
    assert code == 0 and "Open Government Licence v3.0" in out and "Wakefield" in out


def test_scenarios_as_json_are_those_of_the_package(call):
    rows = json.loads(call("scenarios", "--json")[1])
    assert [row["name"] for row in rows] == levers.names()
    assert all(row[key] for row in rows for key in ("title", "description", "expect", "surprise"))


def test_parameters_as_json_are_the_register(call):
    rows = json.loads(call("parameters", "--json")[1])
    assert {row["address"]: row["value"] for row in rows} == {
        address: entry.value for address, entry in REGISTER.items()
    }
    some = json.loads(call("parameters", "--search", "chronicity", "--json")[1])
    assert "circumstances.chronicity" in {row["address"] for row in some} and len(some) < 5


def test_parameters_as_csv_are_written_whole(call, tmp_path):
    code, out, err = call("parameters", "--csv", "new/folder/parameters.csv")
    assert (code, out) == (0, "") and "Written: new/folder/parameters.csv" in err
    frame = pd.read_csv(tmp_path / "new" / "folder" / "parameters.csv", keep_default_na=False)
    assert frame["address"].tolist() == list(REGISTER)
    assert frame["value"].tolist() == [entry.value for entry in REGISTER.values()]
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["parameters.csv"]


def test_measures_as_json_have_each_a_unit_and_a_definition(call):
    rows = json.loads(call("measures", "--json")[1])
    assert [row["name"] for row in rows] == list(measures.MEASURES)
    assert all(row["unit"] and row["definition"] and row["title"] for row in rows)


@pytest.mark.parametrize("command", ["areas", "parameters", "measures"])
def test_a_search_that_finds_nothing_is_an_empty_list_or_one_sentence(call, command):
    code, out, err = call(command, "--search", "zzzzzz", "--json")
    assert (code == 0 and json.loads(out) == []) or (code == 2 and len(err.splitlines()) == 1)


@pytest.mark.parametrize("command", ["scenarios", "parameters", "measures"])
def test_catalogues_are_tables_too(call, command):
    code, out, err = call(command)
    assert (code, err) == (0, "") and len(out.splitlines()) > 6


def behaviour():
    """Return how a made-up year behaved: need met after 20 weeks, one overload, failure that others bear."""
    weekly = empty(WEEK, 52)
    weekly["met_weeks"], weekly["events"][:, Event.NEED_MET, Agency.FAMILY] = 40.0, 2.0
    weekly["load"], weekly["peak_load"], weekly["peak_load"][7] = 1.0, 1.0, 1.5
    weekly["decile_children"][:, 10], weekly["decile_referred"][:, 10] = 1000, 1
    weekly["exported"][:, Agency.EARLY_HELP, Agency.POLICE] = 2.0
    return cli_studies.Behaviour(
        capability.chart(weekly), capability.resilience(weekly, weekly),
        capability.inequality(weekly), capability.exported(weekly),
    )  # fmt: skip


def test_how_a_system_behaves_can_be_read_as_json():
    whole = json.loads(json.dumps(behaviour().as_json(), allow_nan=False))
    assert [(row["point"], row["value"], row["outside"]) for row in whole["chart"]] == [
        (n, 20.0, False) for n in range(4)
    ]
    assert whole["resilience"] == {"peak": 1.5, "recovery": 0.0, "overload": pytest.approx(0.4), "bail_out": None}
    assert whole["inequality"][9]["referrals"] == 520.0 and whole["inequality"][0]["referrals"] is None
    failed = next(row for row in whole["exported"] if row["failed"] == "early_help")
    assert failed["police"] == 104.0 and sum(failed[name] for name in NAMES) == 104.0


def test_how_a_system_behaves_can_be_read_as_tables(capsys):
    behaviour().show("Wakefield", "weeks_to_need_met")
    out = capsys.readouterr().out
    assert "Weeks to need met" in out and "Overload" in out and "looked after" in out
    assert "early help" in out and "social care" not in out  # only those who have a part in it


@pytest.mark.slow
def test_a_tiny_run_prints_its_measures_by_year_and_writes_what_was_asked(call, tmp_path):
    code, out, _ = call("run", "Wakefield", *TINY, "--json", "--out", "kept", "--journal")
    whole = json.loads(out)
    assert code == 0 and whole["status"] == worlds.STATUS_LINE
    assert (whole["area"], whole["scale"], whole["seed"], whole["runs"]) == ("Wakefield", 0.01, 1, 1)
    assert {row["measure"] for row in whole["by_year"]} == set(measures.MEASURES)
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {"weekly-1.csv", "journal-1.parquet", "by_year.csv"}
    assert len(pd.read_csv(tmp_path / "kept" / "weekly-1.csv")) == 52
    assert len(pd.read_parquet(tmp_path / "kept" / "journal-1.parquet")) > 0


@pytest.mark.slow
def test_a_tiny_run_as_a_table_begins_with_what_it_is(call):
    code, out, _ = call("run", "Wakefield", *TINY)
    assert code == 0 and out.splitlines()[0] == worlds.STATUS_LINE


@pytest.mark.slow
def test_a_tiny_run_shows_what_its_system_can_be_expected_to_do(call):
    code, out, _ = call("capability", "Wakefield", *TINY, "--scenario", "whole-system", "--json")
    whole = json.loads(out)
    assert code == 0 and whole["status"] == worlds.STATUS_LINE and whole["time"] == "weeks_to_need_met"
    assert [row["point"] for row in whole["chart"]] == [0, 1, 2, 3]
    assert whole["resilience"]["peak"] > 0.0
    assert [row["decile"] for row in whole["inequality"]] == list(range(1, 11))
    assert len(whole["exported"]) == len(Agency) and set(whole["exported"][0]) == {"failed", *NAMES}


@pytest.mark.parametrize("words", [["run"], ["compare", "--runs", "2"]])
def test_a_table_holds_the_main_measures_and_all_of_them_when_asked(words, call):
    asked = [words[0], "Wakefield", *words[1:], *TINY]
    few, every = call(*asked)[1], call(*asked, "--all")[1]
    lines = {measures.MEASURES[name].title.title[:24] for name in MAIN}
    assert all(line in few for line in lines) and "Slope of inequality" not in few
    assert f"{len(measures.MEASURES) - len(MAIN)} other measures: --all prints them" in few
    assert "Slope of inequality" in every and "other measures:" not in every


@pytest.mark.slow
def test_a_tiny_comparison_has_every_measure_and_is_byte_for_byte_the_same_again(call, tmp_path):
    words = ["compare", "Wakefield", *TINY, "--runs", "3", "--json"]
    code, out, _ = call(*words)
    whole = json.loads(out)
    assert code == 0 and whole["status"] == worlds.STATUS_LINE
    assert (whole["a"], whole["b"], whole["runs"], whole["asked"]) == ("status-quo", "whole-system", 3, 3)
    assert [row["measure"] for row in whole["measures"]] == list(measures.MEASURES)
    for row in whole["measures"]:
        assert {"a", "b", "difference", "low", "high", "flips"} <= set(row)
        if row["difference"] is not None:
            assert row["low"] <= row["high"] and 0.0 <= row["flips"] <= 1.0
            assert row["low"] - 1e-9 <= row["difference"] <= row["high"] + 1e-9 or row["flips"] > 0
    assert len(whole["avoidable"]) == 8
    assert call(*words)[1] == out
    assert call(*words[:-1], "--seed", "2", "--json")[1] != out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_it_works_from_another_folder_and_says_the_same(call, tmp_path):
    words = ["run", "Wakefield", *TINY, "--json"]
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    done = outside(*words, folder=elsewhere)
    assert done.returncode == 0, done.stderr
    assert done.stdout == call(*words)[1]
    assert list(elsewhere.iterdir()) == []


LOUD = """
import contextlib, sys
from familyabm import cli
@contextlib.contextmanager
def loud(title, total):
    yield lambda step=1: print(title, file=sys.stderr, flush=True)
cli.progress = loud
sys.argv = ["familyabm", *sys.argv[1:]]
cli.main()
"""
"""The command line with a progress bar that another program can read."""


PROGRESS = ("The past of", "Pairs of lives", "Typical")


def interrupted(folder: Path, after: str, times: int, *words: str) -> tuple[int, str, str]:
    """Run the command line, press Ctrl-C when progress has been told that often, and return how it ended."""
    with TemporaryFile("w+", encoding="utf-8") as printed:
        going = subprocess.Popen(
            [sys.executable, "-c", LOUD, *words], cwd=folder, env=ENV, text=True, stdout=printed, stderr=subprocess.PIPE
        )  # fmt: skip
        said, seen = [], 0
        with going.stderr as told:
            for line in told:
                seen += line.startswith(after)
                if seen == times and line.startswith(after):
                    going.send_signal(signal.SIGINT)
                if "Stopped" in line:  # it may follow a line of progress that was cut short
                    said.append(line[line.index("Stopped") :].rstrip())
                elif not line.startswith(PROGRESS):
                    said.append(line.rstrip())
        code = going.wait(timeout=300)
        printed.seek(0)
        return code, printed.read(), "\n".join(said)


@pytest.mark.slow
def test_ctrl_c_keeps_the_pairs_that_have_finished_and_says_so(tmp_path):
    words = ["compare", "Wakefield", *TINY, "--runs", "1000", "--json"]
    code, out, err = interrupted(tmp_path, "Pairs of lives", 2, *words)
    whole = json.loads(out)
    assert code == 1 and 2 <= whole["runs"] < whole["asked"] == 1000
    assert err.strip() == f"Stopped: {whole['runs']} of 1000 pairs had finished and are kept."
    assert len(whole["measures"]) == len(measures.MEASURES)


@pytest.mark.slow
def test_ctrl_c_before_anything_has_finished_says_so_in_one_line(tmp_path):
    code, out, err = interrupted(
        tmp_path, "The past of", 5, "run", "Wakefield", "--scale", "0.2", "--years", "1", "--out", "x"
    )
    assert (code, out) == (1, "")
    assert err.strip() == "Stopped before the end; a file already written is whole."
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.slow
def test_ctrl_c_between_runs_never_says_that_nothing_was_written_when_something_was(tmp_path):
    words = ["run", "Wakefield", *TINY, "--runs", "1000", "--out", "x"]
    code, out, err = interrupted(tmp_path, "Typical", 120, *words)
    assert (code, out) == (1, "")
    assert (tmp_path / "x" / "weekly-1.csv").exists()
    assert "Stopped" in err and "nothing was written" not in err
