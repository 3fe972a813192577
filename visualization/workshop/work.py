"""What a room needs worked out, in the order in which it will be shown, and the processes that do it.

A piece of work is a file named by what it rests on. Whatever is asked for again, by a reload, a step back or a server
that was killed and started again, is found or done once more; nothing is waited for before somebody could see it.
"""

import contextlib
import hashlib
import json
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from familyabm.parameters import DEFAULT
from familyabm.sources import model_hash
from familyabm.workshop import plan, study
from familyabm.workshop.choices import OWN, workshop
from familyabm.workshop.plan import Taken
from familyabm.workshop.room import Room
from familyabm.workshop.study import BLIND, LUCKS, TODAY, TOGETHER

from ..jobs import Jobs
from . import living

YEAR_LUCKS = 8
"""Lucks that a round's year is lived with: the room's own, and seven more for its range."""
CHUNK = 5
"""Lucks of the decade in one piece of work, so that two processes share it."""
MOST_TRIES = 3


@dataclass(frozen=True)
class Work:
    """One thing to work out. given: JSON."""

    kind: str
    given: str

    @cached_property
    def file(self) -> str:
        """Return the name of its file."""
        digest = hashlib.sha256(f"{model_hash()}\n{DEFAULT.address}\n{self.given}".encode()).hexdigest()
        return f"{self.kind}-{digest[:24]}.json"


Key = tuple[tuple[int, str, tuple[tuple[str, str], ...]], ...]
"""What was settled, as something that a cache can hold."""


def _key(taken: Sequence[Taken]) -> Key:
    return tuple((entry.round, entry.kind, tuple(sorted(entry.options.items()))) for entry in taken)


def _taken(key: Key) -> list[Taken]:
    return [Taken(number, dict(options), kind) for number, kind, options in key]


def year(room: Room, number: int) -> Work:
    """Return the work of a round's year; 0 is the year before the first round."""
    return _year(room.area, room.seed, study.scale_of(room), _key(room.taken_up_to(number)), number)


@lru_cache(maxsize=256)
def _year(area: str, seed: int, scale: float, key: Key, number: int) -> Work:
    taken = _taken(key)
    worlds = {"chosen": plan.world(taken, "chosen", "As the room chose"), "today": plan.as_it_is(taken)}
    asked: dict[str, Any] = {name: study.world_toml(world) for name, world in worlds.items()}
    asked |= {"area": area, "seed": seed, "scale": scale, "year": number, "lucks": list(range(1, YEAR_LUCKS + 1))}
    return Work("year", json.dumps(asked, sort_keys=True))


def decade(room: Room, name: str) -> list[Work]:
    """Return the work of one world of the room's decade, in parts; none if there is no such world yet."""
    late = room.at.stage in ("decade", "debrief")
    return _decade(room.area, room.seed, study.scale_of(room), _key(room.taken), name, late)


@lru_cache(maxsize=256)
def _decade(area: str, seed: int, scale: float, key: Key, name: str, late: bool) -> list[Work]:
    taken = _taken(key)
    world = study.worlds_of(taken).get(name)
    blind = plan.apart(taken)
    if name == BLIND and world is None and blind and not late:
        said = f"The first {len(blind)} rounds gone on with."  # round 3 is still to come
        world = plan.world(blind, BLIND, "As played blind", said, struck=taken)
    if world is None:
        return []
    asked = {"area": area, "seed": seed, "scale": scale, "world": study.world_toml(world)}
    parts = [list(range(first, first + CHUNK)) for first in range(1, LUCKS + 1, CHUNK)]
    return [Work("decade", json.dumps(asked | {"lucks": part}, sort_keys=True)) for part in parts]


def needed(room: Room) -> list[Work]:
    """Return what the room needs, the soonest to be seen first."""
    found = [year(room, room.last_closed)] if room.last_closed else []
    found.append(year(room, 0))
    rounds = workshop().rounds_of(room.length)
    blind = [entry.number for entry in rounds if entry.options == OWN]
    late = room.at.stage in ("decade", "debrief") or room.last_closed == rounds[-1].number
    if late:
        found += decade(room, TOGETHER)
    if late or room.last_closed >= blind[-1]:
        found += decade(room, TODAY)
        found += decade(room, BLIND)
    return found


class Runner:
    """Does a room's work in processes of its own; each piece is a file in the room's folder."""

    def __init__(self, jobs: Jobs, folder: Path) -> None:
        """Keep what is found in a folder."""
        self.folder = folder / "found"
        self.folder.mkdir(exist_ok=True)
        self._jobs, self._lock = jobs, threading.Lock()
        self._going: dict[str, Future[Any]] = {}
        self._failed: dict[str, int] = {}
        self._closed = False

    def path(self, work: Work) -> Path:
        """Return where a piece of work is kept."""
        return self.folder / work.file

    def look(self, room: Room) -> None:
        """Start whatever the room needs and has not got."""
        for work in needed(room):
            with self._lock:
                idle = work.file not in self._going and self._failed.get(work.file, 0) < MOST_TRIES
            if idle and not self._closed and not self.path(work).exists():
                self._start(work)

    def _start(self, work: Work) -> None:
        future = self._jobs.beside(living.do, work.kind, str(self.path(work)), work.given)
        with self._lock:
            self._going[work.file] = future
        future.add_done_callback(lambda done: self._ended(work, done))

    def _ended(self, work: Work, done: "Future[Any]") -> None:
        with self._lock:
            self._going.pop(work.file, None)
        if self._closed or done.cancelled():
            return
        error = done.exception()
        if error is None:
            return
        with self._lock:
            self._failed[work.file] = self._failed.get(work.file, 0) + 1
        if isinstance(error, BrokenProcessPool) and self._failed[work.file] < MOST_TRIES:
            self._start(work)
        else:
            text = f"{work.kind}: {type(error).__name__}: {error}\n{work.given}\n"
            with contextlib.suppress(OSError):
                (self.folder / "fault.txt").write_text(text, encoding="utf-8")

    def again(self) -> None:
        """Let what failed be tried again."""
        with self._lock:
            self._failed.clear()

    def found(self, work: Work) -> dict[str, Any] | None:
        """Return what was worked out, None while it is not there."""
        path = self.path(work)
        try:
            return _read(path, path.stat().st_mtime_ns)
        except (OSError, ValueError):
            return None

    def failed(self, work: Work) -> bool:
        """Tell whether a piece of work was given up."""
        with self._lock:
            return self._failed.get(work.file, 0) > 0 and work.file not in self._going

    def close(self) -> None:
        """Start nothing more."""
        self._closed = True


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return whole
