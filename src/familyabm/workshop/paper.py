"""The workshop with no computer in the room: what each choice adds to the town's work, worked out beforehand.

243 ways to choose in a round, four rounds long, are too many to print. The rule of paper is that choices add up: each
option has its points, per cent of the year's contacts as they would be if nobody did anything new, and a year is their
sum. How far the rule is off is measured against whole
paths that the engine lives, and printed with the tables.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import areas, measures, simulation
from familyabm.areas import Area
from familyabm.codes import Agency, Event
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT
from familyabm.population import homes_for
from familyabm.simulation import PAST_WEEKS, Run, Snapshot
from familyabm.workshop import plan
from familyabm.workshop.choices import OWN, PLAN, ROOM, SHARED, YEAR, Option, Seat, workshop
from familyabm.workshop.plan import Taken

FAMILIES, LUCKS, SEED = 3000, 8, 1
PATHS = 12
"""Whole paths through the workshop, drawn anew by the same numbers each time, that the rule is held against."""
BASE, TODAY = "base", "today"
CONTACTS, BACK = "contacts_made", "failure_demand"
"""Contacts, each time that somebody gets in touch counted, as the room counts them; and what came back."""
OWN_NUMBER = {
    "social_work": "referrals", "schools": "contacts_school", "health": "contacts_health", "police": "contacts_police",
    "housing": "contacts_housing",
}  # fmt: skip
"""What a team counts of its own on paper: the contacts that it makes, or the referrals that it takes on."""
DECADE = ("failure_demand", "looked_after", "plans", "early_help_wait", "spend")
"""What is looked at ten years on."""
LEAST_OWN = 20.0
"""Children a year of whom a change can be told at all."""
LAST = 3
"""Years at the end of the decade whose mean is taken: one year alone is mostly luck."""
Done = Callable[[int, int], None]
Values = NDArray[np.float64]
Years = dict[str, list[pd.DataFrame]]
"""What every world came to: a frame of measures by year for each luck."""


def seats() -> list[Seat]:
    """Return the seats that choose on paper: the services. The family reads its story, finance reads the money."""
    return [seat for seat in workshop().seats if not seat.optional]


def options() -> list[Option]:
    """Return the options that are played on paper, in the order in which they are read."""
    own = [option for kind in (OWN, SHARED) for seat in seats() for option in workshop().open_to(seat.name, kind)]
    return [*own, *workshop().open_to(ROOM, PLAN)]


def key_of(option: Option) -> str:
    """Return the name of an option that no other has."""
    return f"{option.seat}.{option.kind}.{option.name}"


def rounds() -> range:
    """Return the numbers of the rounds."""
    return range(1, len(workshop().rounds) + 1)


def path(choices: Mapping[int, Mapping[str, str]]) -> list[Taken]:
    """Return all rounds with what is chosen in each; a seat that is not named goes on with what it did."""
    return [Taken(number, choices.get(number, {}), plan.kind_of(number)) for number in rounds()]


def _first(option: Option) -> int:
    return next(number for number in rounds() if plan.kind_of(number) == option.kind)


def alone(option: Option) -> Scenario:
    """Return the world in which one seat takes one option when it first can, goes on with it, and nobody else moves."""
    chosen = {number: {option.seat: option.name} for number in rounds() if plan.kind_of(number) == option.kind}
    return plan.world(path(chosen), key_of(option), option.words)


def drawn_paths() -> list[dict[int, dict[str, str]]]:
    """Return whole paths through the workshop, each choice as likely as the others; the same ones every time."""
    draws = np.random.Generator(np.random.Philox(1))
    found = []
    for _ in range(PATHS):
        chosen: dict[int, dict[str, str]] = {}
        for number in rounds():
            kind = plan.kind_of(number)
            names = [ROOM] if kind == PLAN else [seat.name for seat in seats()]
            given = {name: [option.name for option in workshop().open_to(name, kind)] for name in names}
            chosen[number] = {name: str(draws.choice(known)) for name, known in given.items()}
        found.append(chosen)
    return found


def strategies() -> dict[str, str]:
    """Return what every service chooses for its own target alone."""
    return {seat.name: seat.strategy for seat in seats()}


def sharing() -> dict[str, str]:
    """Return the first option of every service that is not to go on as before."""
    return {
        seat.name: next(o.name for o in workshop().open_to(seat.name, SHARED) if not o.carries_on) for seat in seats()
    }


def ends() -> dict[tuple[bool, str], Scenario]:
    """Return the worlds of the decade, by whether the services shared in round 3 and by the plan of round 4."""
    own, shared = strategies(), sharing()
    return {
        (together, option.name): plan.world(
            path({1: own, 2: own, 3: shared if together else {}, 4: {ROOM: option.name}}),
            f"{'shared' if together else 'apart'}-{option.name}", option.words,
        )
        for together in (False, True) for option in workshop().open_to(ROOM, PLAN)
    }  # fmt: skip


def worlds() -> dict[str, tuple[Scenario, int]]:
    """Return every world that the tables need, with the years for which it is lived."""
    short = max(rounds()) + 1
    found = {BASE: (plan.world(path({}), BASE, "Nobody does anything new"), short)}
    found |= {key_of(option): (alone(option), short) for option in options()}
    found |= {
        f"path-{place}": (plan.world(path(chosen), f"path-{place}", "A path"), short)
        for place, chosen in enumerate(drawn_paths(), start=1)
    }
    found[TODAY] = (plan.as_it_is(path({})), plan.YEARS)
    return found | {world.name: (world, plan.YEARS) for world in ends().values()}


def past_of(area: str | Area, families: int = FAMILIES, seed: int = SEED) -> Snapshot:
    """Return the town at the end of its past."""
    place = areas.find(area) if isinstance(area, str) else area
    return simulation.past(place, DEFAULT, seed, round(families / homes_for(place.children_0_17, DEFAULT), 6))


def live(snapshot: Snapshot, lucks: int = LUCKS, done: Done | None = None) -> "Paper":
    """Live every world with every luck and return the tables; worlds that come to the same are lived once.

    done: called as done(finished, all) after each life.
    """
    wanted = worlds()
    numbers = range(1, lucks + 1)
    asks = {(world.as_address(), years, luck): world for world, years in wanted.values() for luck in numbers}

    def one(ask: tuple[str, int, int]) -> pd.DataFrame:
        return by_year(simulation.live(snapshot, asks[ask], ask[1] * YEAR, ask[2]))

    lived = {}
    with ThreadPoolExecutor(max(1, min(8, os.cpu_count() or 1))) as pool:
        for ask, frame in zip(asks, pool.map(one, asks), strict=True):
            lived[ask] = frame
            if done is not None:
                done(len(lived), len(asks))
    years = {
        name: [lived[world.as_address(), length, luck] for luck in range(1, lucks + 1)]
        for name, (world, length) in wanted.items()
    }
    return Paper(snapshot, lucks, years, reveal(snapshot))


def by_year(run: Run) -> pd.DataFrame:
    """Return a life's measures by year, and the contacts made."""
    weekly = np.asarray(run.weekly["events"])[:, Event.CONTACT].sum(axis=1, dtype=np.float64)
    return measures.by_year(run.weekly).assign(**{CONTACTS: weekly.reshape(-1, YEAR).sum(axis=1)})


def n_lives(lucks: int) -> int:
    """Return how many lives the tables take; worlds that come to the same count once."""
    return len({(world.as_address(), years) for world, years in worlds().values()}) * lucks


def address(snapshot: Snapshot, lucks: int) -> str:
    """Return the hash that names the tables of a town, lived or not."""
    runs = [
        simulation.run_address(snapshot, world, luck, years * YEAR)
        for world, years in worlds().values() for luck in range(1, lucks + 1)
    ]  # fmt: skip
    return simulation._hash(*runs)


@dataclass(frozen=True)
class Met:
    """Which families each service met in the year before the reveal, when everybody minded their own target.

    families: {seat: numbers of the families it met}.  contacts: {family: how often somebody got in touch about it}.
    """

    families: Mapping[str, tuple[int, ...]]
    contacts: Mapping[int, int]

    @cached_property
    def counted(self) -> int:
        """Return the sum of what the services count."""
        return sum(len(met) for met in self.families.values())

    @cached_property
    def different(self) -> tuple[int, ...]:
        """Return the families that are behind it, each once."""
        return tuple(sorted({family for met in self.families.values() for family in met}))

    def known_to(self, family: int) -> int:
        """Return how many services met a family."""
        return sum(family in met for met in self.families.values())

    @cached_property
    def heaviest(self) -> tuple[int, float]:
        """Return how many families three or more services met, and their share of the contacts."""
        several = [family for family in self.different if self.known_to(family) >= 3]
        total = sum(self.contacts.values())
        return len(several), sum(self.contacts.get(family, 0) for family in several) / total if total else 0.0


def blind_life(snapshot: Snapshot, luck: int = 1) -> tuple[Run, int]:
    """Live the blind rounds, every service minding its own target; return the life, and where its last year begins."""
    own = strategies()
    blind = [Taken(number, own, OWN) for number in rounds() if plan.kind_of(number) == OWN]
    last = blind[-1].from_week
    return simulation.live(snapshot, plan.world(blind, "blind", "Blind"), last + YEAR, luck, journal=True), last


def homes_of(run: Run) -> dict[int, int]:
    """Return the number of the home, from 1, in which each family lives that is still here, by the family's key."""
    return {int(key): row + 1 for row, key in enumerate(run.town.families["key"].tolist())}


def reveal(snapshot: Snapshot) -> Met:
    """Return who met whom in the last blind year."""
    run, last = blind_life(snapshot)
    homes, rows = homes_of(run), np.asarray(run.journal)
    rows = rows[(rows["week"] >= PAST_WEEKS + last) & np.isin(rows["family"], run.town.families["key"])]
    met = {}
    for seat in seats():
        own_rows = rows[rows["agency"] == int(Agency[seat.agency.upper()])]
        met[seat.name] = tuple(sorted({homes[int(key)] for key in own_rows["family"].tolist()}))
    asked = rows[rows["event"] == int(Event.CONTACT)]
    keys, counts = np.unique(asked["family"], return_counts=True)
    return Met(met, {homes[int(key)]: int(n) for key, n in zip(keys, counts, strict=True)})


@dataclass(frozen=True)
class Points:
    """What an option adds in a round: the middle of the lucks and their range.

    The middle, because one luck in which the town without the option has a bad year would move every option's mean.
    own: what it adds to what its team counts of its own; NaN where that is too few to tell.
    """

    contacts: float
    low: float
    high: float
    back: float
    own: float


@dataclass(frozen=True)
class Paper:
    """The tables of paper, worked out from the years that every world came to."""

    snapshot: Snapshot
    lucks: int
    years: Years
    met: Met

    @property
    def address(self) -> str:
        """Return the hash of all runs behind the tables."""
        return address(self.snapshot, self.lucks)

    def _moved(self, world: str, measure: str, number: int) -> Values:
        """Return by luck how far a measure is moved in a round's year, against nobody doing anything new.

        In percent of what it would be; what came back, which is itself a share, in percentage points.
        """
        now, base = (
            np.array([float(frame[measure].iloc[number]) for frame in self.years[name]]) for name in (world, BASE)
        )
        return np.asarray(now - base if measure == BACK else 100.0 * (now - base) / np.where(base > 0.0, base, np.nan))

    def back(self, world: str, number: int) -> float:
        """Return the share of demand that came back in a round's year, mean over lucks."""
        return float(np.mean([frame[BACK].iloc[number] for frame in self.years[world]]))

    def points(self, option: Option, number: int) -> Points:
        """Return what an option adds in a round, from the first in which it can be chosen."""
        world, own = key_of(option), OWN_NUMBER.get(option.seat, CONTACTS)
        more, back, mine = (self._moved(world, measure, number) for measure in (CONTACTS, BACK, own))
        told = float(np.median(mine)) if self.counted(own) >= LEAST_OWN else float("nan")
        return Points(float(np.median(more)), float(more.min()), float(more.max()), float(np.median(back)), told)

    def points_if_open(self, option: Option, number: int) -> Points | None:
        """Return what an option adds in a round, None before it can be chosen."""
        return self.points(option, number) if number >= _first(option) else None

    def counted(self, measure: str) -> float:
        """Return how many children a rate stands for in this town, in the year before the first round."""
        if measure == CONTACTS:
            return float(np.mean([frame[measure].iloc[0] for frame in self.years[BASE]]))
        rate = float(np.mean([frame[measure].iloc[0] for frame in self.years[BASE]]))
        return rate * self.snapshot.area.children_0_17 * self.snapshot.scale / 10_000.0

    def rows(self, kind: str) -> Iterator[tuple[Option, dict[int, Points]]]:
        """Return the options of a kind with their points in every round in which they may be at work."""
        for option in options():
            if option.kind == kind:
                yield option, {number: self.points(option, number) for number in rounds() if number >= _first(option)}

    def sums(self, chosen: Mapping[int, Mapping[str, str]], number: int) -> float:
        """Return by how many per cent contacts are moved in a round by the rule of paper: the printed points, added up.

        chosen: {round: {seat: option}}, every round up to this one.
        """
        doing: dict[str, Option] = {}
        for before in range(1, number + 1):
            for seat, name in chosen.get(before, {}).items():
                option = workshop().option(seat, plan.kind_of(before), name)
                if option is not None and not option.carries_on:
                    doing[seat] = option
        return float(sum(round(self.points(option, number).contacts) for option in doing.values()))

    @cached_property
    def checked(self) -> pd.DataFrame:
        """Return (path, round) rows: contacts moved by the rule and as lived, in percent, and what came back."""
        rows = []
        for place, chosen in enumerate(drawn_paths(), start=1):
            for number in rounds():
                rows.append({
                    "path": place, "round": number, "rule": self.sums(chosen, number),
                    "lived": float(np.median(self._moved(f"path-{place}", CONTACTS, number))),
                    "back": self.back(f"path-{place}", number),
                })  # fmt: skip
        return pd.DataFrame(rows)

    def off(self, numbers: Sequence[int] | None = None) -> tuple[float, float]:
        """Return by how many points the rule is off in some rounds, or in all: in the middle of checks, and at most."""
        found = self.checked if numbers is None else self.checked[self.checked["round"].isin(numbers)]
        gap = (found["rule"] - found["lived"]).abs()
        return float(gap.median()), float(gap.max())

    def decade(self, together: bool, option: str, measure: str) -> tuple[float, Values]:
        """Return a measure at the end of a decade's world, and by luck its distance from playing blind to the end."""
        here, blind = (
            self._end(ends()[key].name, measure)
            for key in ((together, option), (False, workshop().open_to(ROOM, PLAN)[0].name))
        )
        return float(here.mean()), here - blind

    def _end(self, world: str, measure: str) -> Values:
        return np.array([float(frame[measure].iloc[-LAST:].mean()) for frame in self.years[world]])
