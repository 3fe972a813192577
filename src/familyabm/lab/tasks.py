"""What a worker does: lives the runs of one task, stores them as one part, and outlives none that hangs.

A run that does not return cannot be stopped from within Python. So a watching thread stores what the task has done,
with a row for the run that took too long, and ends the process; whoever gives out tasks starts another process,
which goes on after that run. What a task was doing when its process died stands in its mark; a run in which a
process died three times is given up, so that one deadly run cannot hold up a study.
"""

import faulthandler
import hashlib
import json
import os
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import familyabm
from familyabm.errors import InputError
from familyabm.lab import living, provenance, store
from familyabm.lab.living import Outcome, Pasts
from familyabm.lab.plan import Cell
from familyabm.lab.store import DONE, FAILED, NOT_FINITE, TIMED_OUT, Store, UnwritableError
from familyabm.lab.study import Study
from familyabm.simulation import PAST_WEEKS

RunOne = Callable[[Study, Cell, Pasts], Outcome]
MOST_DEATHS = 3
_LONGEST_GRACE = 20.0
"""Seconds, at most, after a run's limit until a process that holds on to the interpreter is ended from outside it."""
TIMED_OUT_CODE = 86


@dataclass(frozen=True)
class Task:
    """Runs to be lived by one worker and stored as one part. `code`: what the worker's own has to be."""

    folder: str
    study: str
    cells: tuple[Cell, ...]
    shared: frozenset[str]
    attempt: int
    provenance: str
    code: str
    guarded: bool = True

    @property
    def key(self) -> str:
        """Return the part's name: a hash of what it will hold."""
        return key_of([cell.address for cell in self.cells], self.attempt)


def key_of(addresses: Sequence[str], attempt: int) -> str:
    """Return the name of the part that holds these runs."""
    return hashlib.sha256("\n".join([str(attempt), *addresses]).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Report:
    """What a task did: parts in place with their checksums, and each run's status and seconds (past apart)."""

    parts: tuple[tuple[str, str], ...]
    status: dict[str, str]
    seconds: float
    past_seconds: float


@lru_cache(maxsize=2)
def _opened(folder: str, study: str) -> Store:
    """Return the study's folder, or raise InputError where this machine does not see it."""
    found = store.open_store(Path(folder))
    if found.id != study:
        raise InputError(f"{folder} holds another study here; a folder that every worker sees is needed.")
    return found


def run_task(task: Task, run_one: RunOne = living.live_cell) -> Report:
    """Live the runs of a task and store them."""
    if task.code != provenance.code_hash():
        raise InputError(f"a worker's familyabm differs from that of the study's runner (code {task.code[:12]}).")
    return _Doing(task, _opened(task.folder, task.study), run_one).all()


@dataclass
class _Doing:
    """A task being done."""

    task: Task
    store: Store
    run_one: RunOne
    parts: list[tuple[str, str]] = field(default_factory=list)
    status: dict[str, str] = field(default_factory=dict)
    runs: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    seconds: float = 0.0
    past_seconds: float = 0.0
    lock: Any = field(default_factory=threading.Lock)

    def all(self) -> Report:
        """Do the task and report."""
        mark = Mark(self.store.folder / "marks" / f"{self.task.key}.txt")
        deaths = mark.read()
        for key, checksum in mark.parts:
            self._taken_over(key, checksum)
        if checksum := store.in_place(self.store.folder, self.task.key):  # whoever stored it died before it could tell
            self._taken_over(self.task.key, checksum)
        watch = Watch(mark.dump if self.task.guarded else None)
        self._pasts = Pasts(self.store.folder, self.task.shared)
        try:
            for cell in self.task.cells:
                if cell.address in self.status:
                    continue
                if cell.address in mark.overdue:
                    self._failed(cell, TIMED_OUT, "TimedOut", _HELD, "", self.store.study.limit)
                elif deaths.get(cell.address, 0) >= MOST_DEATHS:
                    self._failed(cell, FAILED, "WorkerDied", _DIED, "", 0.0)
                if cell.address in self.status:
                    continue
                mark.begin(cell.address)
                self._one(cell, watch, mark)
        finally:
            watch.close()
        if self.runs:
            self.parts.append(self._store())
        self.tables.clear()  # at once, however long Python takes to notice
        pa.default_memory_pool().release_unused()
        mark.remove()
        return Report(tuple(self.parts), self.status, self.seconds, self.past_seconds)

    def _taken_over(self, key: str, checksum: str) -> None:
        """Count the runs that this task stored before its process was ended."""
        rows = pq.read_table(self.store.folder / "parts" / key / "runs.parquet", columns=["address", "status"])
        self.status |= {row["address"]: row["status"] for row in rows.to_pylist()}
        self.parts.append((key, checksum))

    def _one(self, cell: Cell, watch: "Watch", mark: "Mark") -> None:
        """Live one run and note what became of it."""
        began, stage = time.perf_counter(), _Stages()
        limit = self.store.study.limit
        past_limit = limit * max(1.0, PAST_WEEKS / 52 / self.store.study.years)

        def entered(name: str) -> None:
            stage.enter(name)
            watch.start(past_limit if name == "past" else limit, lambda: self._overdue(cell, stage, mark))

        self._pasts.begun = entered
        entered("future")
        try:
            outcome = self.run_one(self.store.study, cell, self._pasts)
            watch.stop()
            with self.lock:
                self._lived(cell, outcome, stage.seconds("future"))
        except UnwritableError:
            raise
        except Exception as error:
            watch.stop()
            with self.lock:
                told = "".join(traceback.format_exception(error))[-4000:]
                self._failed(cell, FAILED, type(error).__name__, str(error), told, time.perf_counter() - began)
        self.past_seconds += stage.seconds("past")
        self.seconds += stage.seconds("future")

    def _lived(self, cell: Cell, outcome: Outcome, seconds: float) -> None:
        study = self.store.study
        tables = {name: living.arrow(cell.address, frame) for name, frame in outcome.tables.items()}
        tables["measures"] = living.long_table(cell.address, outcome)
        bad = [] if living.is_finite(outcome, study) else [n for n, v in outcome.measures.items() if v - v != 0.0]
        for name, table in tables.items():
            self.tables.setdefault(name, []).append(table)
        said = f"{', '.join(bad[:5])}{' …' if bad[5:] else ''} not finite" if bad else ""
        self._row(cell, NOT_FINITE if bad else DONE, "NotFinite" if bad else "", said, "", seconds)

    def _failed(self, cell: Cell, status: str, kind: str, said: str, told: str, seconds: float) -> None:
        self._row(cell, status, kind, " ".join(said.split())[:2000], told, seconds)

    def _row(self, cell: Cell, status: str, kind: str, said: str, told: str, seconds: float) -> None:
        self.status[cell.address] = status
        values = {factor.name: value for factor, value in self.store.study.values_at(cell.point).items()}
        settings = {"area": cell.area, "world": cell.world, "seed": cell.seed, "luck": cell.luck} | values
        self.runs.append(
            {"address": cell.address, "past": cell.past, "area": cell.area, "world": cell.world, "point": cell.point,
             "seed": cell.seed, "luck": cell.luck, "status": status, "error_type": kind, "error": said,
             "traceback": told, "settings": json.dumps(settings, ensure_ascii=False), "seconds": seconds,
             "version": familyabm.__version__, "provenance": self.task.provenance, "attempt": self.task.attempt}
        )  # fmt: skip

    def _overdue(self, cell: Cell, stage: "_Stages", mark: "Mark") -> None:
        """Store what has been done, with a row for the run that takes too long, and end this process."""
        with self.lock:
            if cell.address in self.status:  # it ended at the last moment
                return
            try:
                if stage.now == "past":
                    self._pasts.give_up(cell, f"it took more than {stage.seconds('past'):.0f} s")
                said = f"its {stage.now} had not ended after {stage.seconds(stage.now):.0f} s"
                self._failed(cell, TIMED_OUT, "TimedOut", said, "", stage.seconds(stage.now))
                mark.stored(*self._store())
            finally:
                os._exit(TIMED_OUT_CODE)

    def _store(self) -> tuple[str, str]:
        """Put what has been done in place as one part; return its name and checksum."""
        key = key_of([row["address"] for row in self.runs], self.task.attempt)
        tables = {"runs": pa.Table.from_pylist([row | {"part": key} for row in self.runs], schema=store.RUNS)}
        for name, several in self.tables.items():
            table = pa.concat_tables(several, promote_options="default")
            tables[name] = table.append_column("part", pa.array([key] * table.num_rows))
        tables.setdefault("measures", store.MEASURES.empty_table())
        return key, store.add_part(self.store.folder, key, tables)


_DIED = f"the process that lived it ended {MOST_DEATHS} times: it was killed, or ran out of memory"
_HELD = "it had not ended after its limit, and let nothing else in its process run"


class _Stages:
    """Which part of a life is being lived, and for how long each has been."""

    def __init__(self) -> None:
        self.now = "future"
        self._since = time.perf_counter()
        self._spent: dict[str, float] = {}

    def enter(self, name: str) -> None:
        """Begin another part."""
        spent = time.perf_counter() - self._since
        self._spent[self.now] = self._spent.get(self.now, 0.0) + spent
        self.now, self._since = name, time.perf_counter()

    def seconds(self, name: str) -> float:
        """Return the seconds spent in a part so far."""
        return self._spent.get(name, 0.0) + (time.perf_counter() - self._since if name == self.now else 0.0)


class Mark:
    """What a task was doing, line by line, so that whoever goes on after its process died can tell."""

    def __init__(self, path: Path) -> None:
        self.path, self.dump = path, path.with_suffix(".dump")
        self.parts: list[tuple[str, str]] = []
        self.overdue: set[str] = set()

    def read(self) -> dict[str, int]:
        """Return in which runs processes died and how often, and begin another attempt at the task.

        A process that was ended by the last resort has left a dump: its last run was overdue.
        """
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        deaths: dict[str, int] = {}
        for line, after in zip(lines, [*lines[1:], "again"][: len(lines)], strict=True):
            word, _, rest = line.partition(" ")
            if word == "run" and after == "again":
                deaths[rest] = deaths.get(rest, 0) + 1
            elif word == "overdue":
                self.overdue.add(rest)
            elif word == "part":
                key, _, checksum = rest.partition(" ")
                self.parts.append((key, checksum))
        word, _, last = (lines or [""])[-1].partition(" ")
        if word == "run" and self.dump.exists() and self.dump.stat().st_size:
            self.overdue.add(last)
            self._add(f"overdue {last}")
        self.dump.unlink(missing_ok=True)
        self._add("again")
        return deaths

    def begin(self, address: str) -> None:
        """Note which run comes next."""
        self._add(f"run {address}")

    def stored(self, key: str, checksum: str) -> None:
        """Note that a part has been stored."""
        self._add(f"part {key} {checksum}")

    def _add(self, line: str) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise store.unwritable(self.path.parent.parent, error) from None

    def remove(self) -> None:
        """Take the mark away: the task is done."""
        self.path.unlink(missing_ok=True)
        self.dump.unlink(missing_ok=True)


class Watch:
    """A thread that calls when time is up, and a last resort for code that lets no other thread run."""

    def __init__(self, dump: Path | None) -> None:
        """Make a watch that leaves a dump there as its last resort; one without a place for it never calls."""
        self._dump = None if dump is None else os.open(dump, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self._open = True
        self._changed = threading.Condition()
        self._deadline: float | None = None
        self._call: Callable[[], None] = lambda: None
        self._thread: threading.Thread | None = None

    def start(self, seconds: float, call: Callable[[], None]) -> None:
        """Call after so many seconds, unless stopped or started again before."""
        if self._dump is None:
            return
        with self._changed:
            self._deadline, self._call = time.monotonic() + seconds, call
            if self._thread is None:
                self._thread = threading.Thread(target=self._wait, daemon=True)
                self._thread.start()
            self._changed.notify()
        grace = max(1.0, min(_LONGEST_GRACE, seconds))
        faulthandler.dump_traceback_later(seconds + grace, exit=True, file=self._dump)

    def stop(self) -> None:
        """Call no more."""
        if self._dump is not None:
            faulthandler.cancel_dump_traceback_later()
            with self._changed:
                self._deadline = None

    def close(self) -> None:
        """End the thread."""
        self.stop()
        with self._changed:
            self._open = False
            self._changed.notify()
        if self._dump is not None:
            os.close(self._dump)
            self._dump = None

    def _wait(self) -> None:
        while self._overdue():
            self._call()

    def _overdue(self) -> bool:
        """Wait until time is up and tell so, or until the watch is closed."""
        with self._changed:
            while self._open:
                left = None if self._deadline is None else self._deadline - time.monotonic()
                if left is not None and left <= 0.0:
                    self._deadline = None
                    return True
                self._changed.wait(left)
        return False
