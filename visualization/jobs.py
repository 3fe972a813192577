"""Long work, in processes of its own: what is asked for is a folder on disk, named by its settings.

Whoever asks for the same thing meets the same folder, so a reload, another browser or a restarted server find what
was done. Nobody can list what others asked for.
"""

import contextlib
import json
import multiprocessing
import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from familyabm.errors import InputError

from . import limits
from .settings import Settings, read

WAITING, WORKING, DONE, STOPPED, FAILED, CUT = "waiting", "working", "done", "stopped", "failed", "cut off"
PAUSED = "paused"
ENDED = (DONE, STOPPED, FAILED, CUT, PAUSED)
NONE = "none"
KEEP = 2_000_000_000
"""Bytes of jobs kept on disk; the oldest go first."""


@dataclass(frozen=True)
class State:
    """How far a job is. version: rises whenever there is more to show."""

    state: str = NONE
    done: int = 0
    asked: int = 0
    began: float = 0.0
    seconds: float = 0.0
    version: int = 0
    said: str = ""

    @property
    def left(self) -> float | None:
        """Return the seconds left at the pace so far, None while that cannot be told."""
        return self.seconds / self.done * (self.asked - self.done) if self.done and self.seconds else None


@dataclass(frozen=True)
class Job:
    """One thing asked for, in its folder."""

    kind: str
    folder: Path

    def state(self) -> State:
        """Return how far it is."""
        try:
            return State(**json.loads((self.folder / "state.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return State()

    def write(self, state: State) -> None:
        """Write how far it is, whole or not at all."""
        put(self.folder / "state.json", json.dumps(asdict(state)).encode())

    def settings(self, home: Path) -> Settings:
        """Return the settings that it is of."""
        given = json.loads((self.folder / "settings.json").read_text(encoding="utf-8"))
        return read([(name, value) for name, value in given], home)[0]

    @property
    def files(self) -> str:
        """Return where the pages find the files of what it found."""
        return f"/item/{self.folder.name}"

    @property
    def told_to_stop(self) -> bool:
        """Tell whether somebody pressed Stop."""
        return (self.folder / "stop").exists()

    @property
    def told_to_pause(self) -> bool:
        """Tell whether what told it to stop means to go on later, and wants nothing drawn now."""
        return (self.folder / "pause").exists()

    def text(self, name: str) -> str:
        """Return a part of what it found, empty if it is not there yet."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except OSError:
            return ""


def put(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there, so that no reader meets half of it."""
    partial = path.with_name(f".{path.name}.{threading.get_ident()}.partial")
    partial.write_bytes(data)
    partial.replace(path)


class Jobs:
    """All jobs of one server; `work` is called as work(kind, folder, home) in a process of its own."""

    def __init__(
        self, home: Path, work: Callable[[str, str, str], None], warm: Callable[[], None], workers: int = 2
    ) -> None:
        """Keep jobs in a folder, and processes ready for them."""
        self.home, self._work, self._warm, self._workers = home, work, warm, workers
        self._lock, self._going = threading.Lock(), dict[str, Future[Any]]()
        (home / "jobs").mkdir(parents=True, exist_ok=True)
        (home / "areas").mkdir(exist_ok=True)
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        """Start processes afresh; each is replaced after some jobs, so that none grows old and large."""
        return ProcessPoolExecutor(
            self._workers, multiprocessing.get_context("spawn"), self._warm, max_tasks_per_child=50
        )

    def warm(self) -> None:
        """Start the processes before anybody waits for them."""
        for _ in range(self._workers):
            self._pool.submit(time.sleep, 0.2)

    def of(self, kind: str, asked: Settings, more: str = "") -> Job:
        """Return the job that these settings name, begun or not.  more: what else it depends on."""
        return Job(kind, self.home / "jobs" / f"{kind}-{asked.address}{f'-{more}' if more else ''}")

    def state(self, job: Job) -> State:
        """Return how far a job is; one that nobody is at any more was cut off."""
        found = job.state()
        with self._lock:
            going = job.folder.name in self._going
        if found.state in (WAITING, WORKING) and not going:
            found = job.state()  # it may have ended between the two looks
            if found.state in (WAITING, WORKING):
                return State(**asdict(found) | {"state": CUT})
        return found

    def ahead(self, job: Job) -> int:
        """Return how many jobs stand before this one."""
        with self._lock:
            names = list(self._going)
        return max(0, names.index(job.folder.name) - self._workers + 1) if job.folder.name in names else 0

    def start(self, job: Job, asked: Settings, given: list[tuple[str, str]] | None = None) -> None:
        """Start a job, or go on with one that ended early; one that is done or at work is left alone.

        given: further names and values that the worker needs.  Raises InputError when too many wait.
        """
        if self.state(job).state in (WAITING, WORKING, DONE):
            return
        with self._lock:
            if len(self._going) >= limits.WAITING:
                raise InputError("The server is busy: many people are running the model. Try again in a few minutes.")
        self._make_room()
        job.folder.mkdir(parents=True, exist_ok=True)
        for told in ("stop", "pause"):
            (job.folder / told).unlink(missing_ok=True)
        whole: list[Any] = asked.given() + (given or [])
        put(job.folder / "settings.json", json.dumps(whole).encode())
        before = job.state()
        job.write(State(WAITING, before.done, asked.pairs, time.time(), version=before.version))
        self._submit(job)

    def _submit(self, job: Job) -> None:
        name = job.folder.name
        future = self.beside(self._work, job.kind, str(job.folder), str(self.home))
        with self._lock:
            self._going[name] = future
        future.add_done_callback(lambda _: self._ended(name))

    def beside(self, does: Callable[..., Any], *given: Any) -> "Future[Any]":
        """Do something in one of the processes."""
        try:
            return self._pool.submit(does, *given)
        except (BrokenProcessPool, RuntimeError):  # a process died: the others of that pool went with it
            self._pool = self._new_pool()
            return self._pool.submit(does, *given)

    def _ended(self, name: str) -> None:
        with self._lock:
            self._going.pop(name, None)

    def stop(self, job: Job, pause: bool = False) -> None:
        """Ask a job to stop; it keeps what is done.  pause: without showing it yet."""
        if self.state(job).state in (WAITING, WORKING):
            if pause:
                (job.folder / "pause").touch()
            (job.folder / "stop").touch()

    def _make_room(self) -> None:
        """Let go of the oldest jobs where there are too many."""
        folders = sorted((self.home / "jobs").iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        kept = 0
        for folder in folders:
            kept += sum(path.stat().st_size for path in folder.iterdir() if path.exists())
            with self._lock:
                going = folder.name in self._going
            if kept > KEEP and not going:
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Stop what is going on and let the processes go."""
        with self._lock:
            names = list(self._going)
        for name in names:
            with contextlib.suppress(OSError):
                (self.home / "jobs" / name / "stop").touch()
        self._pool.shutdown(wait=False, cancel_futures=True)
