"""The store: a study that is gone on with, gathered, or takes over the runs of another."""

import os

import pandas as pd
import pytest

from familyabm.errors import InputError
from familyabm.lab import execute, gather, plan, provenance, running, store, tasks, verify
from familyabm.lab.designs import Design
from familyabm.lab.factors import Factor
from familyabm.lab.results import StudyResults
from familyabm.lab.store import Store
from familyabm.lab.study import Study
from tests import lab_models
from tests.lab_store import asked, fails, lived, task_of, wanted


@pytest.fixture
def study(tmp_path) -> Store:
    return lived(tmp_path / "study")


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
