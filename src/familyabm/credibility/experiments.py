"""What an experiment is made of: the worlds it needs, what it claims of them, and what is kept of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.codes import Event
from familyabm.levers import Scenario
from familyabm.simulation import Run

HELD_BACK = ("V13", "V16", "V31", "V36")
"""Patterns kept for validation: nothing here states, runs or looks at them."""
ANY = float("inf")
WEEKS_A_YEAR = 52


class Missing(Exception):  # noqa: N818 (it is an answer, not an error)
    """The model does not have what an experiment asks for."""


class Levels(NamedTuple):
    """Families' keys and the levels of their four risk factors at one time: shapes (homes,) and (homes, 4)."""

    keys: NDArray[np.uint64]
    levels: NDArray[np.int8]


@dataclass(frozen=True)
class Change:
    """A change to one number of the state from which a world starts: field x times + plus.

    kind: in a table of several kinds (services, workers), only the rows of this one; -1 for all rows.
    """

    table: str
    name: str
    times: float = 1.0
    plus: float = 0.0
    kind: int = -1


class Reader(Protocol):
    """Something read once from a finished life whose journal was kept, entered among what is kept under its name."""

    @property
    def name(self) -> str:
        """Return the name under which it is kept."""

    def __call__(self, run: Run, levels: Sequence[Levels]) -> Any:
        """Read it; levels are those of the start and of every year's end."""


@dataclass(frozen=True)
class World:
    """One world to be lived: a scenario (or the code of one), and what else differs from the authority asked for.

    area: another authority by name, at some 12,000 children.  figures: (field, times, plus) of the area's figures.
    start: changes to the state at the start.  journal: keep the journal for readings.  placebo: see worlds.py.
    reads: what else is read of it; the journal is kept for these too.  other_luck: added to the number of its luck.
    """

    name: str
    scenario: Scenario | str = field(hash=False)
    area: str = ""
    figures: tuple[tuple[str, float, float], ...] = ()
    start: tuple[Change, ...] = ()
    journal: bool = False
    placebo: bool = False
    reads: tuple[Reader, ...] = ()
    other_luck: int = 0


@dataclass(frozen=True)
class Kept:
    """What is kept of one world of one luck.

    by_year: measures by year, and state read at year ends under the names of `readings`.
    weekly: plain weekly columns.  events, children: (weeks, kinds) counts over agencies.  tally: (homes, kinds).
    extra: numbers read once, from the town or the journal.
    """

    by_year: pd.DataFrame
    weekly: Mapping[str, NDArray[np.float64]]
    events: NDArray[np.float64]
    children: NDArray[np.float64]
    tally: NDArray[np.float64]
    extra: Mapping[str, Any] = field(default_factory=dict)

    def mean(self, measure: str, first: int = 1, last: int = 0) -> float:
        """Return a measure's mean over years first to last (0: the last year lived)."""
        if measure not in self.by_year:
            raise Missing(f"measure {measure}")
        years = self.by_year[measure].loc[first : last or len(self.by_year)]
        return float(years.mean())

    def total(self, column: str, first_week: int = 0, end_week: int | None = None) -> float:
        """Add up a weekly column over weeks first_week to end_week - 1."""
        if column not in self.weekly:
            raise Missing(f"weekly column {column}")
        return float(self.weekly[column][first_week:end_week].sum())

    def count(self, event: Event, first_week: int = 0, end_week: int | None = None) -> float:
        """Count children in events of a kind over some weeks."""
        return float(self.children[first_week:end_week, event].sum())

    def read(self, name: str) -> Any:
        """Return a reading by name."""
        if name not in self.extra:
            raise Missing(f"reading {name}")
        return self.extra[name]


@dataclass(frozen=True)
class Luck:
    """All the worlds of one luck by name; `after` holds those of the next luck."""

    number: int
    worlds: Mapping[str, Kept]
    after: Mapping[str, Kept] = field(default_factory=dict)

    def __getitem__(self, world: World) -> Kept:
        """Return a world of this luck."""
        if world.name not in self.worlds:
            raise Missing(f"scenario {world.scenario if isinstance(world.scenario, str) else world.scenario.name}")
        return self.worlds[world.name]


Measure = Callable[[Luck], float]


@dataclass(frozen=True)
class Claim:
    """One thing to be measured once per luck, and the range in which it is expected (for a falsifier, feared).

    across: the range in which eight of ten authorities lie, where official figures give one; it is what is expected
    of a single authority, as low to high is of England.
    """

    statement: str
    unit: str
    of: Measure
    needs: tuple[World, ...]
    low: float = -ANY
    high: float = ANY
    across: tuple[float, float] | None = None

    @property
    def of_one_authority(self) -> "Claim":
        """Return the claim as it is made of a single authority."""
        return self if self.across is None else replace(self, low=self.across[0], high=self.across[1])


@dataclass(frozen=True)
class Pattern:
    """A published pattern, a loop or a falsifier. It holds if every claim holds; it fires as `fires` says.

    kind: "pattern", "loop", "scenario" (directions), "size" (of what scenarios move) or "falsifier".
    fires: "all" or "any" of a falsifier's claims.
    """

    code: str
    statement: str
    source: str
    claims: tuple[Claim, ...]
    kind: str = "pattern"
    fires: str = "all"

    @property
    def of_one_authority(self) -> "Pattern":
        """Return the pattern as it is expected of a single authority."""
        return replace(self, claims=tuple(claim.of_one_authority for claim in self.claims))

    @property
    def worlds(self) -> tuple[World, ...]:
        """Return the worlds that the pattern needs, each once."""
        return tuple(dict.fromkeys(world for claim in self.claims for world in claim.needs))


def about(low: float, high: float | None = None) -> tuple[float, float]:
    """Return the range of a published figure for which no tolerance is stated: 15% either side."""
    return 0.85 * low, 1.15 * (low if high is None else high)


def over(part: float, whole: float) -> float:
    """Return a quotient, or not a number."""
    return part / whole if whole != 0.0 else float("nan")


def percent(new: float, old: float) -> float:
    """Return the change from old to new in percent."""
    return 100.0 * over(new - old, old)


def level(world: World, measure: str, first: int = 1, last: int = 0) -> Measure:
    """Return a measure of a world's mean over some years."""
    return lambda luck: luck[world].mean(measure, first, last)


def change(world: World, against: World, measure: str, first: int = 1, last: int = 0) -> Measure:
    """Return the change in percent of a measure between two worlds of the same luck."""
    return lambda luck: percent(luck[world].mean(measure, first, last), luck[against].mean(measure, first, last))


def points(world: World, against: World, measure: str, first: int = 1, last: int = 0) -> Measure:
    """Return the difference of a measure between two worlds of the same luck, in its own unit."""
    return lambda luck: luck[world].mean(measure, first, last) - luck[against].mean(measure, first, last)


def reading(world: World, name: str) -> Measure:
    """Return what was read from a world's town or journal."""
    return lambda luck: float(luck[world].read(name))
