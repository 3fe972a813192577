"""Many lives at once: what each world comes to with each luck, lived once and kept by its address."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from familyabm import measures, simulation
from familyabm.codes import Tally
from familyabm.errors import InputError, nearest
from familyabm.levers import Scenario
from familyabm.simulation import Snapshot

Values = NDArray[np.float64]
"""One life's outcomes, in the order of OUTCOMES."""
Done = Callable[[int, int], None]
TALLIES = {f"tally_{kind.name.lower()}": kind for kind in Tally}
"""Demand counted home by home, as outcomes: added up over all years, per 10,000 children."""
OUTCOMES: tuple[str, ...] = (*measures.MEASURES, *TALLIES)
"""Every measure (its mean over the years) and every tally of demand."""
MOST_KEPT = 20_000
_KEPT: dict[str, Values] = {}


def title(name: str) -> str:
    """Return an outcome as people read it."""
    if name in measures.MEASURES:
        return measures.MEASURES[name].title.title
    return f"{name.removeprefix('tally_').replace('_', ' ').capitalize()}, all years together"


def unit(name: str) -> str:
    """Return an outcome's unit."""
    return measures.MEASURES[name].title.unit if name in measures.MEASURES else "per 10,000 children"


def check_outcomes(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names if every one is an outcome, each once; else raise InputError naming the nearest known."""
    found = tuple(dict.fromkeys(name.strip() for name in names))
    for name in found:
        if name not in OUTCOMES:
            raise InputError(f"measure {name!r} is not known{nearest(name, OUTCOMES)}; 'familyabm measures' lists all.")
    if not found:
        raise InputError("measures = '' names no measure; 'familyabm measures' lists all.")
    return found


def columns(names: Iterable[str]) -> list[int]:
    """Return where outcomes stand in a life's values."""
    return [OUTCOMES.index(name) for name in names]


@dataclass(frozen=True)
class Ask:
    """One life to live: a past, a world, a luck, and for how many years."""

    snapshot: Snapshot
    scenario: Scenario
    number: int
    years: int

    @property
    def address(self) -> str:
        """Return the hash that names this life."""
        return simulation.run_address(self.snapshot, self.scenario, self.number, self.years * 52)


def live_one(ask: Ask) -> Values:
    """Live one life and return its outcomes."""
    run = simulation.live(ask.snapshot, ask.scenario, ask.years * 52, ask.number)
    per = 10_000.0 / (ask.snapshot.area.children_0_17 * ask.snapshot.scale)
    means = measures.by_year(run.weekly).mean()[list(measures.MEASURES)]
    return np.concatenate([means.to_numpy(dtype=np.float64), run.tally.sum(axis=0) * per])


def live_all(asks: Iterable[Ask], workers: int | None = None, done: Done | None = None) -> dict[str, Values]:
    """Live every life that has not been lived yet, on a few threads; return outcomes by address.

    done: called as done(finished, all).  Ctrl-C keeps the finished lives and returns what there is.
    """
    wanted = {ask.address: ask for ask in asks}
    found = {address: _KEPT[address] for address in wanted if address in _KEPT}
    left = iter([address for address in wanted if address not in found])
    threads = workers or max(1, min(8, os.cpu_count() or 1))
    waiting: dict[Future[Values], str] = {}
    with ThreadPoolExecutor(max_workers=threads) as pool:
        try:
            while True:
                more = islice(left, threads - len(waiting))
                waiting |= {pool.submit(live_one, wanted[address]): address for address in more}
                if not waiting:
                    break
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    _keep(found, waiting.pop(future), future.result())
                    if done is not None:
                        done(len(found), len(wanted))
        except KeyboardInterrupt:
            for future, address in waiting.items():
                if not future.cancel():
                    _keep(found, address, future.result())
    return found


def _keep(found: dict[str, Values], address: str, values: Values) -> None:
    """Enter a life among those found, and remember it for the next study."""
    while len(_KEPT) >= MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)))
    found[address] = _KEPT[address] = values
