"""The benchmark: that every figure is measured beside its anchor, judged rightly and told the same everywhere."""

import json
from pathlib import Path

import numpy as np
import pytest
from towns import snapshot

from familyabm.bench import engine, in_c, in_mesa, lab, page, rows
from familyabm.bench.rows import BARS, LESS, Measured
from familyabm.errors import InputError
from familyabm.simulation import PAST_WEEKS
from familyabm.week import SCHEDULE
from tests.test_cli import call  # noqa: F401 # a fixture

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results"


@pytest.mark.slow
def test_a_quick_run_measures_and_writes_every_figure_and_its_page(call, tmp_path):  # noqa: F811
    code, out, _ = call("bench", "--quick", "--json", "found.json", "--write", "bench.md")
    found = json.loads((tmp_path / "found.json").read_text())
    assert code == 0 and [figure["name"] for figure in found["figures"]] == list(rows.NAMES)
    measured = {figure["name"]: figure["value"] for figure in found["figures"]}
    left_out = {name for name, value in measured.items() if value is None}
    assert left_out == {"compile", "sweep", "two_cores", "england"} | (set() if in_c.compiler() else {"against_c"})
    assert all(value > 0.0 for value in measured.values() if value is not None)
    assert (tmp_path / "bench.md").read_text() == page.document(found)
    assert [one["code"] for one in found["processes"]] == [code for code, *_ in SCHEDULE]
    assert all(one["ns"] > 0.0 for one in found["processes"])
    assert all(figure["verdict"] in out for figure in found["figures"])


@pytest.mark.slow
def test_what_the_lab_adds_is_told_apart_from_what_the_model_takes(tmp_path):
    taken = lab.studied(tmp_path, 4, 1, 1)
    assert 0.0 < taken.model < taken.run < taken.wall


def test_goal_bar_and_neither_are_told_apart_whichever_way_is_better():
    for bar in BARS:
        step = -0.01 if bar.better == LESS else 0.01
        beyond, between = Measured(bar.name, bar.goal + step), Measured(bar.name, (bar.bar + bar.goal) / 2.0)
        assert (beyond.verdict, Measured(bar.name, bar.goal).verdict) == ("goal met", "goal met")
        assert (between.verdict, Measured(bar.name, bar.bar).verdict) == ("bar met", "bar met")
        assert Measured(bar.name, bar.bar - step).verdict == "bar not met"
        assert Measured(bar.name, None).verdict == "not measured"


@pytest.mark.skipif(in_c.compiler() is None, reason="no C compiler here")
def test_the_process_in_c_gives_the_same_tables_and_tells_when_it_does_not(monkeypatch):
    found = engine.against_c(snapshot(), 1)
    assert found.value is not None and found.value > 0.0
    monkeypatch.setattr(
        in_c,
        "whole_source",
        lambda source=in_c.whole_source: source().replace("other < easing", "other < 2.0 * easing"),
    )
    assert engine.against_c(snapshot(), 1) == Measured("against_c", None, note="results differ from C's")


def test_source_that_does_not_compile_is_told_in_one_sentence(monkeypatch, tmp_path):
    if in_c.compiler() is None:
        pytest.skip("no C compiler here")
    monkeypatch.setattr(in_c, "whole_source", lambda: "no C at all")
    with pytest.raises(InputError, match="cannot compile adult_risk"):
        in_c.built(tmp_path)


def test_the_mesa_anchor_lives_the_same_weeks_and_tells_when_it_does_not():
    town = engine.settled(snapshot(), 8)
    anchor, before = in_mesa.Anchor(town, PAST_WEEKS + 1), town.families.copy()
    for week in range(PAST_WEEKS + 1, PAST_WEEKS + 7):
        engine.three_processes(town, week)
        anchor.live(week)
    assert in_mesa.differences(anchor, town) == []
    assert (
        not np.array_equal(before["level"], town.families["level"])
        and (town.families["status"] != before["status"]).any()
    )
    town.families["harm"][0] += 0.1
    assert in_mesa.differences(anchor, town) == ["families.harm"]


def test_the_documentation_page_is_of_the_newest_results():
    newest = max(path for path in RESULTS.glob("2*.json"))
    found = json.loads(newest.read_text())
    assert (Path(__file__).parents[1] / "docs" / "bench.md").read_text() == page.document(found)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(["--read", "gone.json"], "is not a file that"), (["--read", "x.json", "--quick"], "cannot go with it"), (["--only", "spede"], "no figure"),
     (["--quick", "--json", "no/such.json"], "a folder that exists"), (["--quick", "--write", "."], "cannot be written")],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_sentence_before_anything_is_measured(call, words, sentence):  # noqa: F811
    code, out, err = call("bench", *words)
    assert code == 2 and out == "" and sentence in err and len(err.strip().splitlines()) == 1


def test_figures_of_another_version_are_refused(call, tmp_path):  # noqa: F811
    (tmp_path / "old.json").write_text(json.dumps({"figures": [{"name": "speed"}]}))
    code, _, err = call("bench", "--read", "old.json")
    assert code == 2 and "measure anew" in err
