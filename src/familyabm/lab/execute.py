"""Running a study: tasks go to workers, parts come back, and whatever happens to a worker no stored run is lost.

The runner itself lives nothing and keeps nothing but addresses. It gives a task out again when its worker died, and
stops in good order when it is told to, when time is up or when the folder takes no more.
"""

import os
import queue as waiting_line
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pandas as pd

from familyabm.errors import InputError
from familyabm.lab import cluster, living, plan, provenance, store, tasks
from familyabm.lab.queue import TARGET_SECONDS, Queue
from familyabm.lab.store import DONE, LIVED, Store, Stored, UnwritableError
from familyabm.lab.tasks import Report, RunOne, Task

_PER_WORKER = 2
"""Tasks given out per worker: one that it does, one that waits for it."""
_MOST_TRIES = 8
_HEARD_WITHIN = 5.0
"""Seconds within which a report that is there is heard; one whose holder has died might never be."""
_MOST_STARTS = 20
"""Times that workers are started anew with no task ended in between."""
_HEARTBEAT = 5.0
_SILENT = 60.0
"""Seconds after which a runner that has not been heard of counts as gone."""


@dataclass(frozen=True)
class Options:
    """How a study is run. share: (which, of how many) begins there.  stop_after: seconds.  pilot: corners only."""

    workers: int = 0
    scheduler: str = ""
    cluster: Mapping[str, Any] = field(default_factory=dict)
    stop_after: float | None = None
    share: tuple[int, int] | None = None
    retry: bool = False
    pilot: bool = False


@dataclass
class Progress:
    """How far a study is: runs wanted now, stored by this runner and in all, what failed, and since when."""

    total: int
    stored: int
    here: int = 0
    failed: int = 0
    seconds: float = 0.0
    began: float = field(default_factory=time.monotonic)
    stopped: str = ""

    @property
    def elapsed(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Return runs a second."""
        return self.here / self.elapsed if self.here else 0.0

    @property
    def left(self) -> float | None:
        """Return the seconds left at this rate, None while that cannot be told."""
        return (self.total - self.stored) / self.rate if self.rate else None


Tell = Callable[[Progress], None]


def run(
    opened: Store, options: Options = Options(), run_one: RunOne = living.live_cell, tell: Tell = lambda progress: None
) -> Progress:  # fmt: skip
    """Live every run of a study that is not stored yet, and return how far it came."""
    stored = Stored(opened)
    stored.refresh()
    cells = _corners(opened) if options.pilot else opened.plan()
    queue = Queue(cells, stored, opened.folder / "pasts", options.retry)
    with _runner(opened.folder, options.share) as (name, start):
        n_wanted = queue.begin(start)
        n_cells = int(cells["address"].nunique())
        progress = Progress(n_cells, n_cells - n_wanted)
        tell(progress)
        if not queue:
            return progress
        _forget_failed_pasts(opened.folder)
        n_workers = min(options.workers or cluster.cores(), max(1, n_wanted))
        with cluster.client(n_workers, options.scheduler, options.cluster, opened.folder) as client:
            _Running(opened, queue, client, name, options, run_one, progress, tell).go()
        stored.refresh()  # another runner may have stored runs that were left out here
        progress.stored = sum(address in stored.status for address in set(cells["address"]))
    return progress


def _corners(opened: Store) -> pd.DataFrame:
    """Return one run of each corner of the design, in every area and world."""
    table, study = opened.plan(), opened.study
    one = (table["luck"] == study.lucks[0]) & (table["seed"] == study.seeds[0])
    return table[one & table["point"].isin(plan.corners(study))]


@contextmanager
def _runner(folder: Path, share: tuple[int, int] | None) -> Iterator[tuple[str, float]]:
    """Show that a runner is at work as long as it is; return its name and where in the plan it begins."""
    name, done = uuid.uuid4().hex[:16], threading.Event()
    sign = folder / "runners" / name
    others = alive(folder)
    try:
        sign.touch()
    except OSError as error:
        raise store.unwritable(folder, error) from None

    def beat() -> None:
        while not done.wait(_HEARTBEAT):
            try:
                sign.touch()
            except OSError:
                continue

    threading.Thread(target=beat, daemon=True).start()
    try:
        yield name, (share[0] - 1) / share[1] if share else _between(len(others))
    finally:
        done.set()
        sign.unlink(missing_ok=True)


def alive(folder: Path) -> list[str]:
    """Return the runners that are at work on a folder now, by the folder's own clock."""
    clock = folder / "tmp" / f"clock-{uuid.uuid4().hex}"
    try:
        clock.touch()
        now = clock.stat().st_mtime
        clock.unlink()
        with os.scandir(folder / "runners") as entries:
            return [entry.name for entry in entries if now - entry.stat().st_mtime < _SILENT]
    except OSError:
        return []


def _between(n: int) -> float:
    """Return where the nth runner begins: 0, 1/2, 1/4, 3/4, 1/8 …, as far from the others as can be."""
    share, step = 0.0, 0.5
    while n:
        share += step * (n & 1)
        n, step = n >> 1, step / 2.0
    return share


def _forget_failed_pasts(folder: Path) -> None:
    for path in (folder / "pasts").glob("*.failed"):
        path.unlink(missing_ok=True)


@dataclass
class _Running:
    """A study being run."""

    opened: Store
    queue: Queue
    client: Any
    name: str
    options: Options
    run_one: RunOne
    progress: Progress
    tell: Tell
    given: dict[Any, Task] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    started_anew: int = 0
    ended: "waiting_line.Queue[Any]" = field(default_factory=waiting_line.Queue)
    looked: float = 0.0
    counted: float = 0.0
    places: int = 1
    told: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.provenance = store.add_provenance(self.opened.folder, provenance.inputs(self.opened.study))

    def go(self) -> None:
        """Give out tasks and take reports until all is done or it is time to stop."""
        try:
            with _one_ctrl_c(self.told):
                while not self._time_is_up() and (self._give_out() or self.given):
                    self._take(0.5)
                if self.progress.stopped:
                    self._finish()
        except KeyboardInterrupt:
            self.progress.stopped = "it was told twice to stop"

    def _time_is_up(self) -> bool:
        limit = self.options.stop_after
        if self.told.is_set():
            self.progress.stopped = "it was told to stop"
        if limit is not None and self.progress.elapsed >= limit and (self.queue or self.given):
            self.progress.stopped = "its time was up"
        return bool(self.progress.stopped)

    def _finish(self) -> None:
        """Take back what no worker has been given, and wait for the tasks that workers have, which take seconds."""
        idle = self.client.run_on_scheduler(_take_back, client=self.client.id)
        for future in [future for future in self.given if future.key in idle]:
            self._cancel(future)
        until = time.monotonic() + 3.0 * TARGET_SECONDS + 2.0 * self.queue.pace.run
        while self.given and time.monotonic() < until:
            self._take(0.5)

    def _cancel(self, future: Any) -> None:
        self.given.pop(future, None)
        future.cancel()

    def _give_out(self) -> bool:
        """Keep every worker busy; tell whether anything was given out."""
        some = False
        while self.queue and len(self.given) < _PER_WORKER * self._n_places():
            self._look_around()
            cells, shared = self.queue.next(self.places)
            if not cells:
                break
            attempt = 1 + max(self.queue.stored.attempts.get(cell.address, 0) for cell in cells)
            self._submit(
                Task(
                    str(self.opened.folder.resolve()), self.opened.id, tuple(cells), shared, attempt, self.provenance,
                    provenance.code_hash(),
                )
            )  # fmt: skip
            some = True
        return some

    def _n_places(self) -> int:
        """Return how many tasks can be done at once; workers may come and go, and are counted once a second at most."""
        if time.monotonic() - self.counted > 1.0:
            workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
            self.places, self.counted = max(1, sum(int(worker["nthreads"]) for worker in workers)), time.monotonic()
        return self.places

    def _look_around(self) -> None:
        """See, once a second at most, what other runners have stored."""
        if time.monotonic() - self.looked > 1.0:
            before = len(self.queue.stored.status)
            self.queue.stored.refresh()
            self.progress.stored += len(self.queue.stored.status) - before
            self.looked = time.monotonic()

    def _submit(self, task: Task) -> None:
        self.tries[task.key] += 1
        future = self.client.submit(
            tasks.run_task, task, self.run_one, key=("live", task.key, self.tries[task.key]), pure=False
        )
        self.given[future] = task
        future.add_done_callback(self.ended.put)

    def _take(self, seconds: float) -> None:
        """Wait for a task to end, and take every report there is."""
        try:
            future = self.ended.get(timeout=seconds)
        except waiting_line.Empty:
            self._check_workers()
            return
        while True:
            self._taken(future)
            try:
                future = self.ended.get_nowait()
            except waiting_line.Empty:
                break
        self.tell(self.progress)

    def _taken(self, future: Any) -> None:
        task = self.given.pop(future, None)
        if task is None:
            return
        if future.status == "finished":
            report = self._report(future)
            if report is not None:
                self._enter(task, report)
            return
        error = future.exception() if future.status == "error" else None
        if isinstance(error, UnwritableError | InputError):
            raise error
        if self.tries[task.key] >= _MOST_TRIES:
            raise InputError(f"workers cannot do a task of {len(task.cells)} runs: {_words(error)}.")
        self._submit(task)

    def _report(self, future: Any) -> Report | None:
        """Return what a task told; if its worker died unheard the task is done again, unless all is to stop."""
        while True:
            try:
                return cast(Report, future.result(timeout=_HEARD_WITHIN))
            except TimeoutError:
                if self._time_is_up():
                    return None
                self._check_workers()

    def _enter(self, task: Task, report: Report) -> None:
        """Enter a task's parts in the ledger and its runs among those stored."""
        self.started_anew = 0
        for key, checksum in report.parts:
            store.enter(self.opened.folder, self.name, key, checksum)
            self.queue.stored.seen.add(key)
        new = 0
        own = {cell.address: cell.address for cell in task.cells}
        for told, status in report.status.items():
            address = own.get(told, told)  # the plan's own text: one copy of each is enough
            new += address not in self.queue.stored.status or self.queue.retry
            self.queue.stored.note(address, status, task.attempt)
            self.progress.failed += status != DONE
        self.progress.here += len(report.status)
        self.progress.stored += new
        self.progress.seconds += report.seconds
        n_lived = sum(status in LIVED for status in report.status.values())
        self.queue.pace.note(report.seconds, n_lived, report.past_seconds, len({cell.past for cell in task.cells}))
        self.queue.finished(task.cells, task.shared)

    def _check_workers(self) -> None:
        if self.client.status not in ("running", "newly-created", "connecting"):
            raise InputError("the scheduler no longer answers; every stored run is kept, and the same command goes on.")
        if not self.progress.stopped and cluster.mend(self.client):
            self.started_anew += 1
            if self.started_anew > _MOST_STARTS:
                raise InputError(
                    "workers end as soon as they start; every stored run is kept, and the same command goes on."
                )


@contextmanager
def _one_ctrl_c(told: threading.Event) -> Iterator[None]:
    """Note the first Ctrl-C, so that it falls into no report's midst; the second breaks off as ever."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or before in (None, signal.SIG_IGN):
        yield
        return

    def note(number: int, frame: Any) -> None:
        told.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _take_back(dask_scheduler: Any, client: str) -> set[Any]:
    """Take back, before any other can begin, the tasks that no worker has been given, and return their keys."""
    waiting = ("released", "waiting", "no-worker", "queued")
    keys = {key for key, state in dask_scheduler.tasks.items() if state.state in waiting}
    dask_scheduler.client_releases_keys(keys, client)
    return keys


def _words(error: BaseException | None) -> str:
    return f"{type(error).__name__}, {str(error).splitlines()[0][:200]}" if error and str(error) else repr(error)


def compile_first(tell: Callable[[str], None]) -> None:
    """Compile the rules before several workers would all do it, if this machine never has."""
    from familyabm import areas, compiled, levers, simulation
    from familyabm.parameters import DEFAULT

    if compiled.compiled_before():
        return
    tell("Compiling the rules, once on this machine: a few minutes.")
    area = areas.england()
    snapshot = simulation.live_past(area, DEFAULT, 1, 300.0 / area.children_0_17)
    simulation.live(snapshot, levers.find("status-quo"), 52)
