"""Which runs come next: runs of one past together, in tasks of a few seconds, a shared past lived before its runs.

Where a runner begins does not matter to the result; runners that work on one folder begin at different places and
leave out what the others have stored by then, so that they cooperate without a lock.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from familyabm.lab.plan import Cell
from familyabm.lab.store import LIVED, Stored

TARGET_SECONDS = 3.0
_LEAST_SECONDS = 0.5
MOST_TOGETHER = 500


@dataclass
class Pace:
    """How long a run and a past take, as far as is known; tells how many runs make a task."""

    run: float = TARGET_SECONDS
    past: float = 0.0
    runs_seen: int = 0
    pasts_seen: int = 0

    def note(self, seconds: float, runs: int, past_seconds: float, pasts: int) -> None:
        """Take a task into account; recent ones count more."""
        if runs and seconds > 0.0:  # of a part that was only taken over nothing is known
            weight = 1.0 if not self.runs_seen else 0.3
            self.run += weight * (seconds / runs - self.run)
            self.runs_seen += runs
        if pasts and past_seconds:
            self.past += (1.0 if not self.pasts_seen else 0.3) * (past_seconds / pasts - self.past)
            self.pasts_seen += pasts

    @property
    def together(self) -> int:
        """Return how many runs make a task of a few seconds."""
        return int(max(1, min(MOST_TOGETHER, TARGET_SECONDS / max(self.run, 1e-4))))


Rows = deque[int]


@dataclass
class Queue:
    """The runs still to be lived, in an order that keeps those of one past together."""

    cells: pd.DataFrame
    stored: Stored
    pasts: Path
    retry: bool = False
    pace: Pace = field(default_factory=Pace)
    _ready: deque[tuple[str, Rows]] = field(default_factory=deque, init=False)
    _held: dict[str, Rows] = field(default_factory=dict, init=False)
    _given: set[str] = field(default_factory=set, init=False)
    _open: Counter[str] = field(default_factory=Counter, init=False)

    def begin(self, start: float = 0.0) -> int:
        """Put the runs that are wanted in order, beginning at a share of the whole; return how many they are."""
        table = self.cells.drop_duplicates("address")
        table = table[[self.wanted(address) for address in table["address"]]].reset_index(drop=True)
        past, _ = pd.factorize(table["past"].astype(str))
        order = np.roll(np.argsort(past, kind="stable"), -int(start * len(table)))
        self._columns = {name: table[name].to_numpy() for name in table.columns}
        groups: dict[str, Rows] = {}
        for row in order.tolist():
            groups.setdefault(str(self._columns["past"][row]), deque()).append(row)
        self._ready = deque(groups.items())
        self._left = len(table)
        self._open = Counter({name: len(rows) for name, rows in groups.items()})
        return len(table)

    def __bool__(self) -> bool:
        """Tell whether any run is left to be given out."""
        return bool(self._ready or self._held)

    def wanted(self, address: str) -> bool:
        """Tell whether a run has to be lived: it is neither stored nor given out."""
        status = self.stored.status.get(address)
        return address not in self._given and (status is None or (self.retry and status not in LIVED))

    def next(self, places: int = 1) -> tuple[list[Cell], frozenset[str]]:
        """Return the next task's runs, and which of their pasts other tasks need too; no run while all have to wait.

        places: how many tasks can be done at once; the last ones are shorter, so that all of them end together.
        """
        found: list[Cell] = []
        shared: set[str] = set()
        room = min(TARGET_SECONDS, max(_LEAST_SECONDS, self._left * self.pace.run / (2.0 * places)))
        while self._ready and (not found or room > self.pace.run):
            past, rows = self._ready.popleft()
            lived, fits = self._lived(past), len(rows) <= self.pace.together
            most = max(1, min(MOST_TOGETHER - len(found), int(room / max(self.pace.run, 1e-4))))
            most = len(rows) if fits and not lived and not found else most  # or its past would be lived twice
            if found and (len(found) >= MOST_TOGETHER or (not lived and (not fits or len(rows) > most))):
                self._ready.appendleft((past, rows))  # it is better begun with a task of its own
                break
            leads = not lived and not fits
            taken = self._take(rows, 1 if leads else most)
            found += taken
            room -= len(taken) * self.pace.run + (0.0 if lived or not taken else self.pace.past)
            if not fits and taken:
                shared.add(past)
            if rows and leads and taken:
                self._held[past] = rows
                break
            if rows:
                self._ready.appendleft((past, rows))
        return found, frozenset(shared)

    def _take(self, rows: Rows, most: int) -> list[Cell]:
        """Give out runs; those that another runner has stored by now are left out."""
        found: list[Cell] = []
        while rows and len(found) < most:
            cell = self._cell(rows.popleft())
            self._left -= 1
            if self.wanted(cell.address):
                self._given.add(cell.address)
                found.append(cell)
            else:
                self._close(cell.past)
        return found

    def _cell(self, row: int) -> Cell:
        get = self._columns
        return Cell(
            int(get["point"][row]), str(get["area"][row]), int(get["seed"][row]), int(get["luck"][row]),
            str(get["world"][row]), str(get["address"][row]), str(get["past"][row]),
        )  # fmt: skip

    def _path(self, past: str) -> Path:
        return self.pasts / f"{past}.npz"

    def _lived(self, past: str) -> bool:
        return past in self._begun or self._path(past).exists()

    _left: int = field(default=0, init=False)
    _begun: set[str] = field(default_factory=set, init=False)
    _columns: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def finished(self, cells: Iterable[Cell], shared: Iterable[str]) -> None:
        """Let the other runs of a past go ahead once it is lived, and take away a past that no run needs any more."""
        for past in shared:
            self._begun.add(past)
            if past in self._held:
                self._ready.appendleft((past, self._held.pop(past)))
        for cell in cells:
            self._close(cell.past)
            if not self.retry:
                self._given.discard(cell.address)  # from now on it counts as stored

    def _close(self, past: str) -> None:
        self._open[past] -= 1
        if self._open[past] <= 0:
            self._path(past).unlink(missing_ok=True)
