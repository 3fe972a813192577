"""The store: parts that are whole or not there, and damage that is found and mended."""

import json
import os
import random
import shutil
import stat
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import familyabm
from familyabm.errors import InputError
from familyabm.lab import designs, factors, plan, store, tasks, verify
from familyabm.lab.results import StudyResults
from familyabm.lab.store import Store
from tests import lab_models
from tests.lab_store import asked, lived, task_of, wanted


@pytest.fixture
def study(tmp_path) -> Store:
    return lived(tmp_path / "study")


def test_a_part_is_flushed_before_it_is_in_place(study, monkeypatch):
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
    before = StudyResults(study.folder)
    monkeypatch.setattr(factors, "about", None)
    monkeypatch.setattr(designs, "points", None)
    after = familyabm.open_study(study.folder)
    pd.testing.assert_frame_equal(after.factors, before.factors)
    pd.testing.assert_frame_equal(after.points, before.points)
    assert after.study.values_at(1) == before.study.values_at(1)
