"""The examples run with the packages they are for, are short, and answer what they say they answer."""

import importlib
import sys
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from tools.tutorials import small

EXAMPLES = Path(__file__).parent.parent / "examples"
SMALL = {"scale": 0.004}
MOST_LINES = 40


def example(name):
    sys.path.insert(0, str(EXAMPLES))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(EXAMPLES))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_an_example_is_short(path):
    assert len(path.read_text().splitlines()) < MOST_LINES


def test_mesa_runs_a_batch_and_collects_what_is_asked_for():
    mesa = example("with_mesa")
    batch = mesa.batch(**SMALL, years=1, lucks=2)
    assert batch.groupby("scenario")["run"].nunique().tolist() == [2, 2]
    watched = mesa.watched(**SMALL, weeks=3)
    assert (watched["families"] > 0).all() and len(watched) == 3
    assert watched["trust"].between(0.0, 1.0).all()


def test_a_solara_page_is_made():
    import solara

    page = example("with_solara")
    box, rendered = solara.render(page.page, handle_error=False)
    assert page.model.week > 0
    rendered.close()


@pytest.mark.slow
def test_ema_workbench_explores_uncertainties_and_levers_together():
    found = example("with_ema_workbench").explore(scenarios=3, policies=2, **SMALL, years=1)
    assert len(found) == 6
    assert {"effects_joint_help", "no_wrong_door", "looked_after", "spend"} <= set(found.columns)
    assert np.isfinite(found[["looked_after", "early_help", "spend"]].to_numpy()).all()


def test_salib_says_which_settings_move_the_difference():
    found = example("with_salib").indices(points=4, **SMALL, years=1)
    assert list(found.columns) == ["S1", "S1_conf", "ST", "ST_conf"] and (found["ST"] > 0.0).any()


def test_optuna_returns_settings_that_no_other_beats_in_both_aims():
    found = example("with_optuna").front(trials=5, lucks=1, **SMALL, years=1)
    ordered = found.sort_values("harm")
    assert ordered["spend"].is_monotonic_decreasing and found["information_sharing"].between(0.0, 1.0).all()


def test_networkx_finds_who_stands_between_and_writes_graphml(tmp_path):
    import networkx as nx

    found = example("with_networkx").central(**SMALL, weeks=4, out=tmp_path / "town.graphml")
    assert "front_door" in set(found.head(10)["kind"])
    assert set(found["node"]) <= set(nx.read_graphml(tmp_path / "town.graphml"))


@pytest.mark.slow
def test_duckdb_answers_about_a_study(tmp_path):
    found = example("with_duckdb").asked(tmp_path / "study", lucks=2, **SMALL, years=1)
    assert len(found) == 6 and set(found["lucks"]) == {2}
    assert found["threshold"].nunique() == 3 and (found["referrals"] > 0.0).all()


def test_another_town_tells_luck_and_towns_apart(monkeypatch):
    town = example("another_town")
    found = town.spreads(towns=2, lucks=2, scale=0.02, years=1)
    assert found.index.tolist() == town.MEASURES and np.isfinite(found.to_numpy()).all()
    worked = {1: [4.0, 6.0], 2: [10.0, 12.0]}  # variances: 2 within each town, 18 between their means, 1 of it luck
    monkeypatch.setattr(town, "pairs", lambda number, *_: pd.DataFrame({"spend": worked[number]}))
    assert town.spreads(towns=2, lucks=2).loc["spend"].tolist() == pytest.approx([8.0, 2.0**0.5, 17.0**0.5])
    worked[2] = worked[1]
    assert town.spreads(towns=2, lucks=2).loc["spend", "between towns"] == 0.0, "luck alone is no town's doing"


def test_a_notebook_shows_a_comparison_as_words_a_picture_and_a_table(monkeypatch):
    """In a shell of this process; `make release-check` runs it with a kernel of its own."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # the shell puts its own here and there
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    notebook = nbformat.read(EXAMPLES / "with_jupyter.ipynb", as_version=4)
    nbformat.validate(notebook)
    shell, shown = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}})), []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs, "a notebook is kept without what it put out"
            ran = shell.run_cell(small(cell.source))
            ran.raise_error()
            shown.append(shell.display_formatter.format(ran.result)[0])
    assert all(len(one["text/plain"]) < 2000 for one in shown), "what is printed is a line or a table"
    shown = [one.get("text/html", "") for one in shown]
    assert len(shown) == 3 and all("<table" in html for html in shown)
    assert "<svg" in shown[0] and all("Made-up families" in html for html in (shown[0], shown[2]))
