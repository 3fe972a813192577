"""The store: what can be read and taken out of it, by this version and of earlier ones."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import familyabm
from familyabm import lives
from familyabm.errors import InputError
from familyabm.lab import exports, plan, provenance, store, tasks, verify
from familyabm.lab.designs import Design
from familyabm.lab.factors import Factor
from familyabm.lab.living import Outcome
from familyabm.lab.results import StudyResults
from familyabm.lab.store import Store
from familyabm.lab.study import Study
from tests import lab_models
from tests.lab_store import MEASURES, asked, fails, lived, task_of


@pytest.fixture
def study(tmp_path) -> Store:
    return lived(tmp_path / "study")


def test_a_study_can_be_opened_and_read_as_frames(study):
    results = familyabm.open_study(study.folder)
    assert (len(results.points), len(results.runs), set(results.runs["status"])) == (2, 12, {"done"})
    assert list(results.runs.columns[:10]) == [
        "address",
        "point",
        "area",
        "world",
        "luck",
        "seed",
        "status",
        "error_type",
        "error",
        "seconds",
    ]
    assert results.factors.loc["levers.continuity", ["kind", "low", "high"]].tolist() == ["lever", 0.1, 0.9]
    assert set(results.measures("harm")["measure"]) == {"harm"} and len(results.measures()) == 12 * 3
    assert results.runs["repeat"].str.startswith(f"familyabm study repeat {study.folder} ").all()
    rests = results.store.provenances()[results.runs["provenance"].iloc[0]]
    assert rests["code"] == provenance.code_hash() and set(rests["areas"]) == {"Wakefield"}


def test_differences_are_taken_within_pairs(study):
    results = StudyResults(study.folder)
    one, other = (results.outcome("harm", world) for world in ("status-quo", "whole-system"))
    pd.testing.assert_series_equal(results.outcome("harm", "whole-system", against="status-quo"), other - one)
    assert one.index.names == ["point", "luck"] and len(one) == 6
    values = results.measures("harm").query("world == 'status-quo'")
    assert one.tolist() == values["value"].tolist()
    with pytest.raises(InputError, match=r"world is not given; one of status-quo, whole-system"):
        results.outcome("harm")
    with pytest.raises(InputError, match="not in this study; it holds harm, care_starts"):
        results.outcome("looked_after", "status-quo")


def test_runs_not_stored_yet_are_not_a_number_in_an_outcome(tmp_path):
    results = StudyResults(lived(tmp_path / "study", few=3).folder)
    assert len(results.runs) == 3 and results.outcome("harm", "status-quo").notna().tolist() == [
        True,
        True,
        *[False] * 4,
    ]


def test_several_seeds_are_further_pairs(tmp_path):
    results = StudyResults(lived(tmp_path / "study", asked(seeds=[0, 7])).folder)
    outcome = results.outcome("harm", "status-quo")
    assert outcome.index.get_level_values("luck").unique().tolist() == [1, 2, 3, 4, 5, 6] and outcome.nunique() == 12


def test_the_store_answers_sql_and_nothing_else(study, tmp_path):
    results = StudyResults(study.folder)
    found = results.sql(
        "SELECT world, avg(value) AS mean FROM measures JOIN runs USING (address) WHERE measure = 'harm' GROUP BY world ORDER BY world"
    )
    by_hand = results.measures("harm").groupby("world")["value"].mean()
    assert found.set_index("world")["mean"].round(12).to_dict() == by_hand.round(12).to_dict()
    for query in ("SELECT * FROM '/etc/passwd'", "COPY runs TO 'x.csv'", "SELECT * FROM read_text('/etc/passwd')", "ATTACH 'x.db'",
                  "SET threads = 4", "SELEC", "INSTALL httpfs", "SELECT * FROM nothing"):  # fmt: skip
        with pytest.raises(InputError, match="cannot be answered"):
            results.sql(query)


def never(*given: object) -> Outcome:
    raise AssertionError("it is lived again")


def test_the_same_runs_stored_twice_count_once(study):
    cells = list(plan.rows(study.study))
    report = tasks.run_task(task_of(study, cells[:4]), never)  # the same part: told of, not lived again
    assert list(report.status.values()) == ["done"] * 4
    again = tasks.run_task(task_of(study, cells[2:9]), lab_models.cheap)  # another part with the same runs
    for key, checksum in again.parts:
        store.enter(study.folder, "other", key, checksum)
    results = StudyResults(study.folder)
    assert len(results.parts) == 4 and len(results.runs) == 12 and len(results.measures()) == 36
    assert results.sql("SELECT count(*) AS n FROM measures")["n"].tolist() == [36]


def test_two_settings_that_come_to_the_same_life_are_lived_once_and_read_twice(tmp_path):
    study = asked()
    study = Study("made up", study.areas, study.worlds, (Factor("levers.continuity", values=(0.1, 0.9), worlds=("whole-system",)),),
                  Design("grid"), lucks=3, years=1, scale=0.01, measures=MEASURES)  # fmt: skip
    opened = lived(tmp_path / "study", study)
    results = StudyResults(opened.folder)
    assert opened.size == 9 and len(results.runs) == 12
    quo = results.outcome("harm", "status-quo")
    assert quo.loc[0].tolist() == quo.loc[1].tolist() and results.outcome("harm", "whole-system").nunique() == 6


def test_values_that_are_not_finite_are_flagged_where_the_measure_was_asked_for(tmp_path):
    def one_nan(study, cell, pasts):
        return Outcome({name: np.nan if name == "harm" else 1.0 for name in study.measures})

    named = StudyResults(lived(tmp_path / "named", model=one_nan, few=1).folder)
    every = StudyResults(lived(tmp_path / "every", asked(measures=()), model=one_nan, few=1).folder)
    assert (named.runs["status"].tolist(), every.runs["status"].tolist()) == (["not finite"], ["done"])
    assert named.runs["error"].tolist() == ["harm not finite"] and set(every.study.measures) == set(lives.OUTCOMES)


def test_years_are_kept_where_asked(tmp_path):
    def two_years(study, cell, pasts):
        yearly = pd.DataFrame({"harm": [1.0, 2.0]}, index=pd.RangeIndex(1, 3, name="year"))
        return Outcome(dict.fromkeys(study.measures, 1.5), yearly)

    results = StudyResults(lived(tmp_path / "study", asked(by_year=True), model=two_years).folder)
    found = results.measures("harm", by_year=True)
    assert len(found) == 24 and found["value"].unique().tolist() == [1.0, 2.0] and len(results.measures("harm")) == 12
    assert results.sql("SELECT max(year) AS last FROM by_year")["last"].tolist() == [2]


def test_exports_hold_a_row_for_each_run_and_open_in_other_programs(tmp_path):
    import duckdb

    results = StudyResults(lived(tmp_path / "study", asked(lucks=4), model=fails).folder)
    for kind in exports.FORMATS:
        exports.export(results, tmp_path / "out" / f"study{kind}")
    table = pd.read_parquet(tmp_path / "out" / "study.parquet")
    assert len(table) == 16 and {"levers.continuity", "harm", "status"} <= set(table.columns)
    text = pd.read_csv(tmp_path / "out" / "study.csv")
    assert text["harm"].round(9).tolist() == pytest.approx(table["harm"].tolist(), nan_ok=True)
    assert set(text["error"].dropna()) == {"'=cmd()"}  # a spreadsheet must not take it for a formula
    sheets = pd.read_excel(tmp_path / "out" / "study.xlsx", sheet_name=None) if has_openpyxl() else {}
    with zipfile.ZipFile(tmp_path / "out" / "study.xlsx") as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
    assert not sheets or len(sheets["Runs"]) == 16
    with duckdb.connect(str(tmp_path / "out" / "study.duckdb"), read_only=True) as base:
        assert base.execute("SELECT count(*) FROM measures").fetchall() == [(12 * 3,)]
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == set(exports.FORMATS)


def has_openpyxl() -> bool:
    from importlib.util import find_spec

    return find_spec("openpyxl") is not None


@pytest.mark.parametrize(("name", "told"), [("x.pdf", "are accepted"), ("", "are accepted"), ("study", "are accepted")])
def test_an_export_that_cannot_be_made_is_refused(study, tmp_path, name, told):
    with pytest.raises(InputError, match=told):
        exports.export(StudyResults(study.folder), tmp_path / name)


GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["study-0.1"])
def test_a_study_stored_by_an_earlier_version_is_whole_and_can_be_read(name):
    assert verify.verify(GOLDEN / name) == []
    results = familyabm.open_study(GOLDEN / name)
    assert results.runs["status"].tolist() == ["done"] * 4 and results.factors.index.tolist() == ["levers.continuity"]
    assert results.outcome("harm", "status-quo").round(6).tolist() == GOLDEN_HARM
    assert results.sql("SELECT count(*) AS n FROM measures")["n"].tolist() == [12]


GOLDEN_HARM = [0.629417, 0.711814]
