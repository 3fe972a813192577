"""Which runs come next, what a task does, and what the runner does about it: with no cluster behind it."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from familyabm import simulation
from familyabm.errors import InputError
from familyabm.lab import cluster, execute, living, plan, queue, running, store, tasks, verify
from familyabm.lab.designs import Design
from familyabm.lab.factors import Factor
from familyabm.lab.living import Outcome, Pasts
from familyabm.lab.queue import Pace, Queue
from familyabm.lab.store import Stored
from familyabm.lab.study import Study
from tests import lab_models


def asked(*factors: Factor, **more: object) -> Study:
    design = Design("grid", steps=2) if factors else Design()
    given = {"lucks": 8, "years": 1, "scale": 0.01, "measures": ("harm",)} | more
    return Study("made up", ("Wakefield",), ("status-quo", "siloed"), factors, design, **given)


def queue_of(tmp_path, study: Study, start: float = 0.0, retry: bool = False, **seconds: float) -> Queue:
    opened = store.create(tmp_path / "study", study)
    found = Queue(opened.plan(), Stored(opened), opened.folder / "pasts", retry)
    found.pace.run, found.pace.past = seconds.get("run", 1.0), seconds.get("past", 0.0)
    found.begin(start)
    return found


def drained(found: Queue) -> list[list[plan.Cell]]:
    """Take every task at once, each finished before the next."""
    given = []
    while found:
        cells, shared = found.next()
        if not cells:
            break
        given.append(cells)
        found.finished(cells, shared)
    return given


def test_every_run_is_given_out_once_whatever_a_run_takes(tmp_path):
    for n, seconds in enumerate((0.001, 0.2, 1.0, 10.0)):
        study = asked(Factor("levers.continuity"), Factor("harm.level_2"), seeds=2)
        found = drained(queue_of(tmp_path / str(n), study, run=seconds))
        addresses = [cell.address for cells in found for cell in cells]
        assert len(addresses) == len(set(addresses)) == study.size == 4 * 2 * 2 * 8


def test_tasks_take_a_few_seconds(tmp_path):
    sizes = [len(cells) for cells in drained(queue_of(tmp_path, asked(lucks=16), run=0.5))]
    assert sizes == [1, 6, 6, 6, 6, 3, 2, 1, 1]  # the first lives the past that all share, the last end together


def test_a_past_that_many_tasks_need_is_lived_before_they_begin(tmp_path):
    found = queue_of(tmp_path, asked(), run=0.5)
    cells, shared = found.next()
    assert len(cells) == 1 and shared == {cells[0].past}
    assert found.next() == ([], frozenset())  # the others wait for it
    found.finished(cells, shared)
    assert len(found.next()[0]) == 6


def test_other_pasts_are_lived_meanwhile(tmp_path):
    found = queue_of(tmp_path, asked(seeds=3), run=0.5)
    assert len({found.next()[0][0].past for _ in range(3)}) == 3 and found.next()[0] == []


def test_pasts_that_one_task_can_use_up_are_not_saved(tmp_path):
    given = queue_of(tmp_path, asked(Factor("harm.level_2"), lucks=1), run=0.1)
    cells, shared = given.next()
    assert len(cells) == 4 and shared == frozenset()


def test_a_saved_past_is_taken_away_when_no_run_needs_it_any_more(tmp_path):
    found = queue_of(tmp_path, asked(), run=0.5)
    past = found.cells["past"].iloc[0]
    found._path(past).touch()
    while found:
        cells, shared = found.next()
        assert found._path(past).exists()
        found.finished(cells, shared)
    assert not found._path(past).exists()


def test_runs_that_another_runner_stored_are_left_out(tmp_path):
    found = queue_of(tmp_path, asked(), run=0.5)
    first, shared = found.next()
    for address in found.cells["address"][4:]:
        found.stored.note(address, "done", 1)
    found.finished(first, shared)
    assert sum(len(cells) for cells in drained(found)) == 3


def test_runners_begin_far_from_each_other(tmp_path):
    starts = [execute._between(n) for n in range(5)]
    assert starts == [0.0, 0.5, 0.25, 0.75, 0.125]
    one, other = (
        queue_of(tmp_path / str(n), asked(), start, run=0.1).next()[0][0] for n, start in enumerate(starts[:2])
    )
    assert (one.luck, other.luck) == (1, 5)


def test_failed_runs_come_again_only_when_asked(tmp_path):
    for retry, n in ((False, 15), (True, 16)):
        opened = store.create(tmp_path / str(retry), asked())
        stored = Stored(opened)
        stored.note(opened.plan()["address"][0], "failed", 1)
        stored.note(opened.plan()["address"][1], "done", 1)
        found = Queue(opened.plan(), stored, opened.folder / "pasts", retry)
        assert found.begin() == n - 1


def test_the_pace_follows_what_runs_take():
    pace = Pace()
    pace.note(2.0, 4, 9.0, 1)
    assert (pace.run, pace.past, pace.together) == (0.5, 9.0, 6)
    for _ in range(40):
        pace.note(0.01, 10, 0.0, 0)
    assert pace.run == pytest.approx(0.001, rel=0.01) and pace.together == queue.MOST_TOGETHER


# --- A runner with no cluster -----------------------------------------------------------------------------------------
class Future:
    """A task that has ended."""

    def __init__(self, key, status, result=None, error=None, unheard=0):
        self.key, self.status, self._result, self._error, self.unheard = key, status, result, error, unheard

    def add_done_callback(self, call):
        call(self)

    def result(self, timeout):
        if self.unheard:
            self.unheard -= 1
            raise TimeoutError
        return self._result

    def exception(self):
        return self._error

    def cancel(self):
        self.status = "cancelled"


class Client:
    """A client whose only worker does every task at once, and ends as often as it is told."""

    status = "running"

    def __init__(self, deaths=0, unheard=0, **changes):
        self.deaths, self.unheard, self.changes, self.given = deaths, unheard, changes, []

    def scheduler_info(self, n_workers):
        return {"workers": {"one": {"nthreads": 1}}}

    def processing(self):
        return {}

    def submit(self, do, task, run_one, key, pure):
        self.given.append(task)
        if self.deaths:
            self.deaths -= 1
            return Future(key, "error", error=RuntimeError("the worker died"))
        try:
            return Future(key, "finished", do(replace(task, **self.changes), run_one), unheard=self.unheard)
        except InputError as error:
            return Future(key, "error", error=error)


@pytest.fixture
def clustered(monkeypatch):
    """Return a function that puts a made-up client in the place of a cluster."""

    def use(client):
        @contextmanager
        def one(*given):
            yield client

        monkeypatch.setattr(cluster, "client", one)
        return client

    return use


def test_a_task_whose_worker_died_is_given_out_again(tmp_path, clustered):
    client = clustered(Client(deaths=3))
    results, progress = running.run_study(asked(), tmp_path / "study", run_one=lab_models.cheap)
    assert (progress.stored, progress.here, progress.failed, len(results.runs)) == (16, 16, 0, 16)
    assert Counter(task.key for task in client.given).most_common(1)[0][1] == 4
    assert verify.verify(tmp_path / "study") == []


def test_workers_are_looked_after_while_a_report_is_not_heard_and_those_that_only_end_are_given_up(
    tmp_path, clustered, monkeypatch
):
    mended = []
    monkeypatch.setattr(cluster, "mend", lambda client: mended.append(client) or True)
    client = clustered(Client(unheard=2))
    assert running.run_study(asked(), tmp_path / "study", run_one=lab_models.cheap)[1].stored == 16
    assert len(mended) == 2 * len(client.given)
    clustered(Client(unheard=99))
    with pytest.raises(InputError, match="workers end as soon as they start; every stored run is kept"):
        running.run_study(asked(), tmp_path / "other", run_one=lab_models.cheap)


def test_a_task_that_no_worker_can_do_is_one_sentence_and_nothing_is_lost(tmp_path, clustered):
    clustered(Client(deaths=999))
    with pytest.raises(InputError, match="workers cannot do a task of 1 runs: RuntimeError, the worker died"):
        running.run_study(asked(), tmp_path / "study", run_one=lab_models.cheap)
    clustered(Client())
    assert running.run_study(asked(), tmp_path / "study", run_one=lab_models.cheap)[1].stored == 16


@pytest.mark.parametrize(
    ("change", "told"),
    [({"code": "a" * 64}, "a worker's familyabm differs"), ({"study": "x"}, "holds another study here")],
)
def test_a_worker_with_other_code_or_another_folder_is_refused(tmp_path, clustered, change, told):
    clustered(Client(**change))
    with pytest.raises(InputError, match=told):
        running.run_study(asked(), tmp_path / "study", run_one=lab_models.cheap)


def test_a_study_already_lived_starts_no_worker(tmp_path, clustered, monkeypatch):
    clustered(Client())
    running.run_study(asked(), tmp_path / "study", run_one=lab_models.cheap)
    monkeypatch.setattr(cluster, "client", None)
    assert running.run_study(None, tmp_path / "study", run_one=lab_models.cheap)[1].here == 0


def test_a_pilot_lives_one_of_each_corner(tmp_path, clustered):
    clustered(Client())
    study = asked(Factor("levers.continuity"), Factor("harm.level_2"), lucks=3)
    results, progress = running.run_study(
        study, tmp_path / "study", execute.Options(pilot=True), run_one=lab_models.cheap
    )
    assert len(results.runs) == progress.total == 4 * 2 and set(results.runs["luck"]) == {1}


def test_what_failed_is_tried_again_and_counted(tmp_path, clustered):
    clustered(Client())
    results, progress = running.run_study(asked(), tmp_path / "study", run_one=raises_once)
    assert progress.failed == 2 and results.failures["error_type"].tolist() == ["OSError", "OSError"]
    results, progress = running.run_study(None, tmp_path / "study", run_one=lab_models.cheap)
    assert progress.here == 0 and len(results.failures) == 2
    results, progress = running.run_study(
        None, tmp_path / "study", execute.Options(retry=True), run_one=lab_models.cheap
    )
    assert (progress.here, progress.stored, len(results.failures)) == (2, 16, 0)
    assert results.runs["attempt"].value_counts().to_dict() == {1: 14, 2: 2} and verify.verify(tmp_path / "study") == []


def raises_once(study: Study, cell: plan.Cell, pasts: Pasts) -> Outcome:
    if cell.luck == 2:
        raise OSError("gone")
    return lab_models.cheap(study, cell, pasts)


# --- Pasts ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def lived_pasts(monkeypatch):
    """Count the pasts lived, each of which is quick and made up."""
    seen = []
    living._KEPT.clear()

    def one(area, parameters, seed, scale):
        seen.append(seed)
        if seed == 9:
            raise FloatingPointError("no such past")
        return simulation.Snapshot(area, parameters, seed, scale, {}, np.zeros(0).view(np.recarray))

    monkeypatch.setattr(simulation, "live_past", one)
    yield seen
    living._KEPT.clear()


def with_past(study: Study, cell: plan.Cell, pasts: Pasts) -> Outcome:
    pasts.of(study, cell, plan.settings(study, cell.point, cell.area, cell.world))
    return lab_models.cheap(study, cell, pasts)


def test_a_past_is_lived_once_for_all_its_runs(tmp_path, clustered, lived_pasts, monkeypatch):
    monkeypatch.setattr(simulation.Snapshot, "save", lambda snapshot, path, small: path.touch())
    clustered(Client())
    results, _ = running.run_study(asked(seeds=[1, 2]), tmp_path / "study", run_one=with_past)
    assert lived_pasts == [1, 2] and set(results.runs["status"]) == {"done"}
    assert list((tmp_path / "study" / "pasts").iterdir()) == []


def test_a_past_that_cannot_be_lived_is_tried_once_and_fails_its_runs_only(
    tmp_path, clustered, lived_pasts, monkeypatch
):
    monkeypatch.setattr(simulation.Snapshot, "save", lambda snapshot, path, small: path.touch())
    clustered(Client())
    results, progress = running.run_study(asked(seeds=[9, 2]), tmp_path / "study", run_one=with_past)
    assert lived_pasts == [9, 2] and progress.failed == 16
    told = results.failures
    assert set(told["seed"]) == {9} and set(told["error_type"]) == {"FloatingPointError", "PastError"}
    assert told["error"].str.contains("no such past").all()


def test_a_broken_saved_past_is_lived_again(tmp_path, lived_pasts):
    opened = store.create(tmp_path / "study", asked())
    cell = next(plan.rows(opened.study))
    (opened.folder / "pasts" / f"{cell.past}.npz").write_bytes(b"PK\x03\x04 broken")
    with_past(opened.study, cell, Pasts(opened.folder))
    assert lived_pasts == [1]


def test_a_real_past_is_saved_and_found_again(tmp_path):
    opened = store.create(tmp_path / "study", asked())
    cell = next(plan.rows(opened.study))
    settings = plan.settings(opened.study, cell.point, cell.area, cell.world)
    living._KEPT.clear()
    one = Pasts(opened.folder, frozenset([cell.past])).of(opened.study, cell, settings)
    living._KEPT.clear()
    found = Pasts(opened.folder)._found(opened.study, cell, settings)
    assert found is not None and found.address == one.address == cell.past
    assert all(np.array_equal(found.tables[name], table) for name, table in one.tables.items())


def test_a_mark_tells_in_which_run_processes_died(tmp_path):
    mark = tasks.Mark(tmp_path / "mark.txt")
    assert mark.read() == {}
    mark.begin("a")
    mark.begin("b")
    assert tasks.Mark(mark.path).read() == {"b": 1}
    mark.begin("a")
    mark.stored("key", "sum")
    again = tasks.Mark(mark.path)
    assert again.read() == {"b": 1} and again.parts == [("key", "sum")]
    mark.begin("b")
    mark.dump.write_text("Timeout!")
    last = tasks.Mark(mark.path)
    assert last.read() == {"b": 2} and last.overdue == {"b"} and not mark.dump.exists()
    later = tasks.Mark(mark.path)
    later.read()
    assert later.overdue == {"b"}
