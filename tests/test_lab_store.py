"""The store: parts that are whole or not there, damage that is found, and what can be read and taken out."""

import json
import random
import shutil
import stat
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import familyabm
from familyabm import lives
from familyabm.errors import InputError
from familyabm.lab import execute, exports, gather, plan, provenance, running, store, tasks, verify
from familyabm.lab.designs import Design
from familyabm.lab.factors import Factor
from familyabm.lab.living import Outcome
from familyabm.lab.results import StudyResults
from familyabm.lab.store import Store, Stored
from familyabm.lab.study import Study
from tests import lab_models

MEASURES = ("harm", "care_starts", "spend")


def asked(**more: object) -> Study:
    return Study(
        "made up", ("Wakefield",), ("status-quo", "whole-system"), (Factor("levers.continuity", values=(0.1, 0.9)),),
        Design("grid"), **{"lucks": 3, "years": 1, "scale": 0.01, "measures": MEASURES, **more},
    )  # fmt: skip


def task_of(opened: Store, cells: list[plan.Cell], attempt: int = 1) -> tasks.Task:
    name = store.add_provenance(opened.folder, provenance.inputs(opened.study))
    return tasks.Task(
        str(opened.folder), opened.id, tuple(cells), frozenset(), attempt, name, provenance.code_hash(), False
    )


def lived(
    folder: Path, study: Study | None = None, together: int = 4, model: tasks.RunOne = lab_models.cheap, few: int = 99
) -> Store:
    """Return a study's folder with made-up runs in it, in parts of a few."""
    opened = store.create(folder, study or asked())
    cells = list({cell.address: cell for cell in plan.rows(opened.study)}.values())[:few]
    for first in range(0, len(cells), together):
        report = tasks.run_task(task_of(opened, cells[first : first + together]), model)
        for key, checksum in report.parts:
            store.enter(folder, "tests", key, checksum)
    return opened


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


def test_the_same_runs_stored_twice_count_once(study):
    cells = list(plan.rows(study.study))
    tasks.run_task(task_of(study, cells[:4]), lab_models.cheap)  # the same part: left as it is
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


# --- Damage -----------------------------------------------------------------------------------------------------------
def everything(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_study_as_it_was_stored_has_no_damage(study):
    assert verify.verify(study.folder) == []


def test_every_flipped_byte_truncation_and_missing_file_is_found(study, tmp_path):
    chance, found = random.Random(1), 0
    for path in everything(study.folder):
        content = path.read_bytes()
        places = {0, len(content) // 2, len(content) - 1, *(chance.randrange(len(content)) for _ in range(6))}
        damages = [
            content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :] for at in places
        ]
        damages += [content[: chance.randrange(len(content))] for _ in range(3)]
        for damaged in damages:
            path.write_bytes(damaged)
            assert verify.verify(study.folder), (path, len(damaged))
            found += 1
        path.unlink()
        assert verify.verify(study.folder), path
        path.write_bytes(content)
    assert found > 100 and verify.verify(study.folder) == []


def test_foreign_files_and_parts_of_other_studies_are_found(study, tmp_path):
    other = lived(tmp_path / "other", asked(lucks=[7, 8]))
    part = other.parts()[0]
    for path in (study.folder / "notes.txt", study.folder / "parts" / "x.parquet", study.folder / "ledger" / "x.txt",
                 study.parts()[0].path / "more.parquet"):  # fmt: skip
        path.write_text("x")
        assert [damage.what for damage in verify.verify(study.folder)] == ["does not belong here"]
        path.unlink()
    shutil.copytree(part.path, study.folder / "parts" / part.key)
    assert "holds runs of another study" in {damage.what for damage in verify.verify(study.folder)}


def test_a_missing_part_is_found_and_its_runs_are_wanted_again(study):
    shutil.rmtree(study.parts()[0].path)
    assert [damage.what for damage in verify.verify(study.folder)] == ["is missing"]
    assert "its runs are lived again" in verify.mend(study, "mender")[0]
    assert verify.verify(study.folder) == []
    assert len(wanted(study)) == 4


def test_a_part_that_is_lost_lived_again_and_lost_again_is_found_both_times(study, tmp_path):
    part = study.parts()[0]
    shutil.copytree(part.path, tmp_path / "kept")
    entered = verify.checksum(part.path / "part.json")
    store.enter(study.folder, "another", part.key, entered)  # two runners did the same task
    for _ in range(2):
        shutil.rmtree(part.path)
        assert [damage.what for damage in verify.verify(study.folder)] == ["is missing"]
        assert len(verify.mend(study, "mender")) == 1 and verify.verify(study.folder) == []
        shutil.copytree(tmp_path / "kept", part.path)
        store.enter(study.folder, "again", part.key, entered)
        assert verify.verify(study.folder) == []


def wanted(opened: Store) -> list[str]:
    stored = Stored(opened)
    stored.refresh()
    return [address for address in opened.plan()["address"].unique() if address not in stored.status]


@pytest.mark.parametrize("table", ["runs.parquet", "measures.parquet", "part.json"])
def test_a_damaged_part_is_set_aside_and_its_runs_are_lived_again(study, table):
    path = study.parts()[1].path / table
    path.write_bytes(path.read_bytes()[:-9])
    (said,) = verify.mend(study, "mender")  # once, and not a second time as missing
    assert "set aside" in said
    assert len(wanted(study)) == 4 and verify.verify(study.folder) == []
    assert len(list((study.folder / "damaged").iterdir())) == 1  # never deleted


def test_a_part_stored_just_before_a_kill_is_entered_by_the_next_run(study):
    (study.folder / "ledger" / "tests.jsonl").unlink()
    assert all("no ledger" in damage.what for damage in verify.verify(study.folder))
    assert verify.mend(study, "mender") == [] and verify.verify(study.folder) == []


def test_a_line_cut_short_by_a_kill_is_no_damage(study):
    with (study.folder / "ledger" / "tests.jsonl").open("a") as file:
        file.write('{"part": "abc", "sha')
    assert verify.verify(study.folder) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b'{"format": 99}', b"\xff\xfe", b"[" * 100_000])
def test_a_design_that_cannot_be_read_is_one_sentence(study, content):
    (study.folder / "design.json").write_bytes(content)
    with pytest.raises(InputError) as refused:
        familyabm.open_study(study.folder)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("name", ["plan.parquet", "points.parquet", "parts/*/runs.parquet", "parts/*/measures.parquet"])
def test_a_study_with_damage_says_so_in_one_sentence_when_it_is_read(study, name):
    path = next(study.folder.glob(name))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match="'familyabm study verify' says what is wrong"):
        familyabm.open_study(study.folder).outcome("harm", "status-quo")


def test_a_study_is_read_as_it_was_frozen_whatever_is_registered_or_drawn_by_now(study, monkeypatch):
    from familyabm.lab import designs, factors

    before = StudyResults(study.folder)
    monkeypatch.setattr(factors, "about", None)
    monkeypatch.setattr(designs, "points", None)
    after = familyabm.open_study(study.folder)
    pd.testing.assert_frame_equal(after.factors, before.factors)
    pd.testing.assert_frame_equal(after.points, before.points)
    assert after.study.values_at(1) == before.study.values_at(1)


# --- Going on, gathering and taking over ------------------------------------------------------------------------------
def test_a_changed_study_is_refused_by_field(study):
    running.prepare(asked(), study.folder)
    for more, told in (({"lucks": 4}, "study.lucks was [1, 2, 3] and is [1, 2, 3, 4]"), ({"years": 2}, "study.years was 1 and is 2"),
                       ({"lucks": 200}, "study.lucks was [1, 2, 3] and is 1 to 200"),
                       ({"settings": {"harm.level_2": 0.1}}, "settings.harm.level_2 was absent and is 0.1")):  # fmt: skip
        with pytest.raises(InputError) as refused:
            running.prepare(asked(**more), study.folder, allow_mixed=True)
        assert told in str(refused.value) and "--reuse" in str(refused.value)


def test_changed_code_numbers_or_libraries_are_refused_by_name_unless_mixing_is_allowed(study, monkeypatch):
    as_it_was = provenance.inputs
    changes = {
        "code": "f" * 64,
        "numpy": "9.9",
        "parameters": as_it_was(study.study)["parameters"] | {"harm.level_2": 0.5},
    }
    for name, value in changes.items():
        monkeypatch.setattr(
            provenance, "inputs", lambda study, name=name, value=value: as_it_was(study) | {name: value}
        )
        with pytest.raises(InputError, match=f"begun with another model: {name}") as refused:
            running.prepare(None, study.folder)
        assert "--allow-mixed" in str(refused.value)
        running.prepare(None, study.folder, allow_mixed=True)
    assert "harm.level_2 was 0." in str(refused.value) and "and is 0.5" in str(refused.value)


def test_runs_lived_by_other_code_say_so(study, monkeypatch):
    cells = list(plan.rows(study.study))[:2]
    as_it_was = provenance.inputs
    monkeypatch.setattr(provenance, "inputs", lambda study: as_it_was(study) | {"code": "f" * 64})
    tasks.run_task(task_of(study, cells, attempt=2), lab_models.cheap)
    assert sorted(content["code"][:4] for content in study.provenances().values())[-1] == "ffff"
    assert StudyResults(study.folder).runs["provenance"].nunique() == 2


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("x")
    with pytest.raises(InputError, match="is not empty and holds no study"):
        running.prepare(asked(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError):
        running.prepare(asked(), tmp_path / "file")

    def full(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    with pytest.raises(InputError, match="no space left on device; what is stored there is whole"):
        running.prepare(asked(), tmp_path / "study")
    monkeypatch.undo()
    running.prepare(asked(), tmp_path / "study")


def test_gathered_parts_read_the_same_and_the_study_goes_on(tmp_path):
    opened = lived(tmp_path / "study", few=9)
    before = StudyResults(opened.folder)
    runs, measures = before.runs.drop(columns="part"), before.measures()
    assert gather.gather(opened) == 3
    after = StudyResults(opened.folder)
    assert len(after.parts) == 1 and verify.verify(opened.folder) == []
    pd.testing.assert_frame_equal(after.runs.drop(columns="part"), runs)
    pd.testing.assert_frame_equal(after.measures(), measures)
    assert len(wanted(opened)) == 3 and gather.gather(opened) == 1


def test_a_kill_while_gathering_leaves_a_study_that_reads_the_same(tmp_path, monkeypatch):
    opened = lived(tmp_path / "study")
    monkeypatch.setattr(gather, "_remove_replaced", lambda folder: None)  # killed before the old parts went
    gather.gather(opened)
    assert len(list((opened.folder / "parts").iterdir())) == 4 and verify.verify(opened.folder) == []
    assert len(StudyResults(opened.folder).runs) == 12 and len(StudyResults(opened.folder).measures()) == 36
    monkeypatch.undo()
    gather.gather(opened)
    assert len(list((opened.folder / "parts").iterdir())) == 1


def test_a_study_being_run_is_not_gathered(study):
    (study.folder / "runners" / "somebody").touch()
    assert execute.alive(study.folder) == ["somebody"]
    with pytest.raises(InputError, match="is being run"):
        gather.gather(study)


def test_a_runner_long_silent_is_not_at_work(study):
    import os

    sign = study.folder / "runners" / "killed"
    sign.touch()
    os.utime(sign, (0, 0))
    assert execute.alive(study.folder) == []


def test_another_studys_runs_are_taken_over_and_not_lived_again(tmp_path):
    other = lived(tmp_path / "other", asked(lucks=[2, 3, 4]))
    opened = store.create(tmp_path / "study", asked())
    assert gather.reuse(opened, other.folder, "taker") == 8
    assert len(wanted(opened)) == 4 and verify.verify(opened.folder) == []
    here, there = (
        StudyResults(folder).measures().set_index(["address", "measure"])["value"]
        for folder in (opened.folder, other.folder)
    )
    assert here.equals(there.reindex(here.index)) and len(here) == 24
    assert gather.reuse(opened, other.folder, "taker") == 0


def test_runs_of_other_code_or_with_fewer_measures_are_not_taken_over(tmp_path, monkeypatch):
    other = lived(tmp_path / "other", asked(measures=("harm",)))
    opened = store.create(tmp_path / "study", asked())
    with pytest.raises(InputError, match="does not keep the measure care_starts"):
        gather.reuse(opened, other.folder, "taker")
    with pytest.raises(InputError, match="by_year"):
        gather.reuse(store.create(tmp_path / "yearly", asked(measures=("harm",), by_year=True)), other.folder, "taker")
    as_it_was = provenance.inputs
    monkeypatch.setattr(provenance, "inputs", lambda study: as_it_was(study) | {"code": "f" * 64})
    assert gather.reuse(store.create(tmp_path / "third", asked(measures=("harm",))), other.folder, "taker") == 0


def test_what_failed_is_lived_again_when_asked_and_the_life_counts(tmp_path):
    opened = lived(tmp_path / "study", asked(lucks=4), model=fails)
    assert StudyResults(opened.folder).failures["luck"].tolist() == [3, 3, 3, 3]
    cells = [cell for cell in plan.rows(opened.study) if cell.luck == 3]
    tasks.run_task(task_of(opened, cells, attempt=2), lab_models.cheap)
    results = StudyResults(opened.folder)
    assert len(results.failures) == 0 and results.runs["attempt"].max() == 2


def fails(study: Study, cell: plan.Cell, pasts: object) -> Outcome:
    if cell.luck == 3:
        raise RuntimeError("=cmd()")
    return Outcome(dict.fromkeys(study.measures, cell.luck + 0.5))


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


# --- Taking out -------------------------------------------------------------------------------------------------------
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


def test_a_part_is_flushed_before_it_is_in_place(study, monkeypatch):
    import os

    done = []
    real_sync, real_rename = os.fsync, os.rename
    monkeypatch.setattr(
        os, "fsync", lambda n: (done.append("folder" if stat.S_ISDIR(os.fstat(n).st_mode) else "file"), real_sync(n))
    )
    monkeypatch.setattr(os, "rename", lambda a, b: (done.append("rename"), real_rename(a, b)))
    cells = list(plan.rows(study.study))
    tasks.run_task(task_of(study, cells[:3]), lab_models.cheap)
    assert done == ["file", "file", "file", "folder", "rename", "folder"]


def test_what_describes_a_part_counts_its_rows(study):
    for part in study.parts():
        about = json.loads((part.path / "part.json").read_bytes())
        for name, table in about["tables"].items():
            assert pq.read_metadata(part.path / f"{name}.parquet").num_rows == table["rows"]


# --- What earlier versions stored ---------------------------------------------------------------------------------------
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["study-0.1"])
def test_a_study_stored_by_an_earlier_version_is_whole_and_can_be_read(name):
    assert verify.verify(GOLDEN / name) == []
    results = familyabm.open_study(GOLDEN / name)
    assert results.runs["status"].tolist() == ["done"] * 4 and results.factors.index.tolist() == ["levers.continuity"]
    assert results.outcome("harm", "status-quo").round(6).tolist() == GOLDEN_HARM
    assert results.sql("SELECT count(*) AS n FROM measures")["n"].tolist() == [12]


GOLDEN_HARM = [0.629417, 0.711814]


def test_a_list_whose_rows_name_their_factors_in_any_order_is_gone_on_with(tmp_path):
    names = ("levers.unit_model", "levers.continuity")
    rows = (dict(zip(names, (0.5, 0.2), strict=True)), dict(zip(names, (0.1, 0.9), strict=True)))

    def listed(*points: dict[str, float]) -> Study:
        worlds = ("status-quo",)
        return Study(
            "a list", ("Wakefield",), worlds, tuple(map(Factor, names)), Design("list", rows=points), scale=0.01
        )

    running.prepare(listed(*rows), tmp_path / "study")
    assert running.prepare(listed(*rows), tmp_path / "study").study.design.rows == rows
    with pytest.raises(InputError, match="another study"):
        running.prepare(listed(*reversed(rows)), tmp_path / "study")
