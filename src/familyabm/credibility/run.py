"""Live every world that the experiments need, once per luck, and keep only what they measure."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd

from familyabm import areas, measures, simulation
from familyabm.areas import Area
from familyabm.credibility import names, readings
from familyabm.credibility.experiments import Change, Kept, Levels, Luck, Missing, Pattern, World
from familyabm.credibility.judge import ENOUGH, Finding, Verdict, decidable, find, measure
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT, Parameters
from familyabm.simulation import PAST_WEEKS, Life, Snapshot
from familyabm.sources import study_hash
from familyabm.tables import WEEK, WEEKS_A_YEAR
from familyabm.town import Town

CHILDREN = 12_000
"""Children at which other authorities are lived."""
LEAST_YEARS, MOST_YEARS = 5, 20
LEAST_RUNS, MOST_RUNS = 2, 100
APART = 1_000
"""Seeds between the families of one luck and of the next: seeds less than this apart have no families in common."""
Done = Callable[[int, int], None]
Measured = list[list[float | Missing]]


@dataclass(frozen=True)
class Findings:
    """What came of all experiments in one area.

    lucks: those in which every world was lived.  further: those lived after them for what they had left open, in the
    worlds that it needs.  asked, asked_further: how many of each were asked for.
    """

    snapshot: Snapshot
    years: int
    asked: int
    lucks: tuple[int, ...]
    worlds: tuple[str, ...]
    findings: tuple[Finding, ...]
    asked_further: int = 0
    further: tuple[int, ...] = ()

    @property
    def runs(self) -> int:
        """Return the number of lucks in which every world was lived."""
        return len(self.lucks)

    @property
    def address(self) -> str:
        """Return the hash that names these results."""
        further = (self.further,) if self.further else ()
        told = self.snapshot.address, study_hash(), self.years, self.lucks, self.worlds
        return simulation._hash(*told, *further)

    @property
    def lived(self) -> int:
        """Return the number of all lucks lived, further ones too."""
        return self.runs + len(self.further)

    @property
    def stopped(self) -> bool:
        """Tell whether fewer lucks were lived than were asked for."""
        return self.lived < self.asked + self.asked_further

    @property
    def gone_on(self) -> tuple[str, ...]:
        """Return the codes of experiments that were given the further lucks."""
        return tuple(one.pattern.code for one in self.findings if any(len(row.values) > self.runs for row in one.rows))

    def of_kind(self, kind: str) -> list[Finding]:
        """Return the findings of one kind, in the concept's order."""
        return [finding for finding in self.findings if finding.pattern.kind == kind]

    def number(self, kind: str, *verdicts: Verdict) -> int:
        """Count the findings of a kind with these verdicts."""
        return sum(finding.verdict in verdicts for finding in self.of_kind(kind))


def needed(patterns: Sequence[Pattern]) -> list[World]:
    """Return the worlds that some patterns need, each once."""
    found: dict[str, World] = {}
    for world in (world for pattern in patterns for world in pattern.worlds):
        if found.setdefault(world.name, world) != world:
            raise ValueError(f"two different worlds are called {world.name!r}")
    return list(found.values())


def scenario_of(world: World) -> Scenario | None:
    """Return the scenario that a world is lived under; None if the model does not have it."""
    return names.scenario(world.scenario) if isinstance(world.scenario, str) else world.scenario


def known(patterns: Sequence[Pattern]) -> list[tuple[World, Scenario]]:
    """Return the worlds that some patterns need and the model has, each with its scenario."""
    found = [(world, scenario_of(world)) for world in needed(patterns)]
    return [(world, scenario) for world, scenario in found if scenario is not None]


def area_of(world: World, own: Area) -> Area:
    """Return the area of a world: the authority asked for, another, or a changed one."""
    if world.area:
        return areas.named(world.area)
    changed = {name: getattr(own, name) * times + plus for name, times, plus in world.figures}
    return replace(own, **changed) if changed else own


def started(snapshot: Snapshot, changes: tuple[Change, ...]) -> Snapshot:
    """Return a past whose end differs in a few numbers; the given one is left as it is."""
    if not changes:
        return snapshot
    tables = dict(snapshot.tables)
    for change in changes:
        table = tables[change.table] = tables[change.table].copy()
        rows = slice(None) if change.kind < 0 else table["kind"] == change.kind
        table[change.name][rows] = table[change.name][rows] * change.times + change.plus
    return replace(snapshot, tables=tables)


def live(snapshot: Snapshot, world: World, scenario: Scenario, years: int, number: int) -> Kept:
    """Live one world of one luck, reading the town at each year's end, and let all but what is kept go."""
    weeks = years * WEEKS_A_YEAR
    journal = world.journal or bool(world.reads)
    luck = number + world.other_luck
    life = Life(started(snapshot, world.start), scenario, weeks, luck, journal, world.placebo)
    levels = [levels_of(life.town)]
    states: list[dict[str, Any]] = []
    deciles = np.zeros((3, readings.DECILES))
    for week in range(weeks):
        life.step()
        if (week + 1) % WEEKS_A_YEAR == 0:
            states.append(readings.year_end(life.town, PAST_WEEKS + week))
            deciles += readings.by_decile(life.town, PAST_WEEKS + week)
            levels.append(levels_of(life.town))
    run = life.result()
    extra: dict[str, Any] = {"deciles": deciles, "tally_deciles": readings.tally_by_decile(life.town)}
    if world.journal:
        end = PAST_WEEKS + weeks
        extra |= {name: read(run.journal, end) for name, read in readings.FROM_JOURNAL.items()}
    extra |= {reader.name: reader(run, levels) for reader in world.reads}
    by_year = measures.by_year(run.weekly)
    state = pd.DataFrame(states, index=by_year.index)
    by_year = pd.concat([by_year, state[[name for name in state if name not in by_year]]], axis=1)
    columns = {name: np.array(run.weekly[name]) for name, entry in WEEK.items() if len(entry) == 2}
    columns["looked_after"] = run.weekly["placement"].sum(axis=1)
    columns["contacts_school"] = run.weekly["events"][:, 0, 1].astype(np.float64)
    events, children = (run.weekly[name].sum(axis=2).astype(np.float64) for name in ("events", "children"))
    return Kept(by_year, columns, events, children, run.tally, extra)


def levels_of(town: Town) -> Levels:
    """Copy the levels of families' risk factors as they are now."""
    return Levels(town.families["key"].copy(), town.families["level"].copy())


def past_of(own: Snapshot, number: int) -> Snapshot:
    """Return the past of a luck: the given one of the first, and for each other the same authority's other families.

    What one draw of families happens to be like would otherwise be in every luck, and no number of lucks would tell.
    """
    if number == 1:
        return own
    seed = (own.seed + APART * (number - 1)) % (simulation.MAX_SEED + 1)
    return simulation.past(own.area, own.parameters, seed, own.scale)


class Pasts:
    """The pasts from which one luck's worlds start, each lived once."""

    def __init__(self, own: Snapshot) -> None:
        """Hold the past of the authority asked for."""
        self.own = own
        self._lived: dict[str, Snapshot] = {own.area.fingerprint(): own}
        self._lock = Lock()

    def of(self, world: World) -> Snapshot:
        """Return a world's past, living it first if need be."""
        area = area_of(world, self.own.area)
        if area.fingerprint() in self._lived:
            return self._lived[area.fingerprint()]
        with self._lock:
            if area.fingerprint() not in self._lived:
                scale = min(1.0, CHILDREN / area.children_0_17) if world.area else self.own.scale
                self._lived[area.fingerprint()] = simulation.live_past(area, self.own.parameters, self.own.seed, scale)
            return self._lived[area.fingerprint()]


def live_all(
    own: Snapshot,
    worlds: Sequence[tuple[World, Scenario]],
    years: int,
    runs: int,
    workers: int,
    done: Done | None = None,
    first: int = 1,
) -> Iterator[tuple[int, dict[str, Kept]]]:
    """Live the worlds luck by luck on a few threads; yield each luck once all of its worlds are lived.

    On Ctrl-C the lucks that are whole are kept. One luck's worlds are lived at a time, beside the next one's past.
    first: number of the first.
    """
    lived, last = 0, first + runs - 1
    with ThreadPoolExecutor(max_workers=workers) as pool:
        coming = pool.submit(past_of, own, first)
        for number in range(first, last + 1):
            past = _waited(pool, coming)
            if past is None:
                return
            kept, pasts = {}, Pasts(past)
            coming = pool.submit(past_of, own, min(last, number + 1))
            for name, found in _luck(pool, pasts, worlds, years, number):
                kept[name] = found
                lived += 1
                if done is not None:
                    done(lived, len(worlds) * runs)
            if len(kept) < len(worlds):
                return
            yield number, kept


def live_luck(
    own: Snapshot, worlds: Sequence[tuple[World, Scenario]], years: int, number: int, workers: int
) -> dict[str, Kept] | None:
    """Live the worlds of one luck on a few threads; None if Ctrl-C stopped them."""
    with ThreadPoolExecutor(max_workers=workers) as pool:
        past = _waited(pool, pool.submit(past_of, own, number))
        kept = dict(_luck(pool, Pasts(past), worlds, years, number)) if past is not None else {}
    return kept if len(kept) == len(worlds) else None


def _waited(pool: ThreadPoolExecutor, coming: Future[Snapshot]) -> Snapshot | None:
    """Wait for a past that is being lived; None if Ctrl-C came first."""
    try:
        return coming.result()
    except KeyboardInterrupt:
        pool.shutdown(wait=True, cancel_futures=True)
        return None


def _luck(
    pool: ThreadPoolExecutor, pasts: "Pasts", worlds: Sequence[tuple[World, Scenario]], years: int, number: int
) -> Iterator[tuple[str, Kept]]:
    """Yield the worlds of one luck as they are lived, in their order; on Ctrl-C stop short."""
    waiting: dict[str, Future[Kept]] = {
        world.name: pool.submit(lambda w, s: live(pasts.of(w), w, s, years, number), world, scenario)
        for world, scenario in worlds
    }
    try:
        for name, future in waiting.items():
            yield name, future.result()
    except KeyboardInterrupt:
        pool.shutdown(wait=True, cancel_futures=True)


def ring(lived: Iterable[tuple[int, dict[str, Kept]]]) -> Iterator[Luck]:
    """Yield the lucks, each beside the next, the last beside the first; no more than three are held."""
    first = before = None
    for luck in lived:
        if before is not None:
            yield Luck(*before, luck[1])
        first, before = first or luck, luck
    if first is not None and before is not None:
        yield Luck(*before, first[1])


def measure_all(patterns: Sequence[Pattern], lucks: Iterable[Luck]) -> tuple[list[int], list[Measured]]:
    """Return the lucks' numbers, and for each pattern the values of each claim in each luck."""
    numbers: list[int] = []
    values: list[Measured] = [[[] for _ in pattern.claims] for pattern in patterns]
    for luck in lucks:
        numbers.append(luck.number)
        for pattern, rows in zip(patterns, values, strict=True):
            for claim, row in zip(pattern.claims, rows, strict=True):
                row.append(measure(claim, luck))
    return numbers, values


def check(years: int, runs: int, further: int = 0) -> None:
    """Raise InputError unless the length and number of runs can tell anything; few runs' range does not shrink.

    further: lucks to be added to the first runs, 0 for none.
    """
    simulation.check_whole("years", years, LEAST_YEARS, MOST_YEARS)
    simulation.check_whole("runs", runs, LEAST_RUNS if further == 0 else ENOUGH, MOST_RUNS)
    if further != 0:
        simulation.check_whole("further", further, LEAST_RUNS, MOST_RUNS)


def examine(
    area: str | Area, patterns: Sequence[Pattern], runs: int = 4, seed: int = 1, *, years: int = 10,
    scale: float = 1.0, parameters: Parameters = DEFAULT, workers: int | None = None, done: Done | None = None,
    snapshot: Snapshot | None = None,
) -> Findings:  # fmt: skip
    """Make the experiments in one area and say what came of each.

    done: called as done(worlds lived, worlds to live).  Ctrl-C keeps the lucks that are whole.
    Raises InputError for bad input, and KeyboardInterrupt if too few lucks were whole when it was stopped.
    """
    check(years, runs)
    if snapshot is None:
        place = areas.find(area) if isinstance(area, str) else area
        snapshot = simulation.past(place, parameters, seed, scale)
    patterns = [pattern if snapshot.area.la_name == areas.ENGLAND else pattern.of_one_authority for pattern in patterns]
    worlds = known(patterns)
    lived = live_all(snapshot, worlds, years, runs, _threads(workers), done)
    numbers, values = measure_all(patterns, ring(lived))
    if len(numbers) < LEAST_RUNS:
        raise KeyboardInterrupt
    found = tuple(find(pattern, measured) for pattern, measured in zip(patterns, values, strict=True))
    return Findings(snapshot, years, runs, tuple(numbers), tuple(world.name for world, _ in worlds), found)


def _threads(workers: int | None) -> int:
    return workers or max(1, min(8, os.cpu_count() or 1))


def left_open(found: Findings, further: int) -> list[Finding]:
    """Return the experiments that are not decided, and would be by so many further lucks if nothing else changed.

    A falsifier that is not decided has not fired, and is left so: falsifiers need the most worlds.
    """
    share = math.sqrt(found.runs / (found.runs + further))
    opened = [finding for finding in found.findings if finding.verdict == Verdict.NOT_DECIDED]
    return [finding for finding in opened if finding.pattern.kind != "falsifier" and decidable(finding, share)]


def go_on(found: Findings, further: int, *, workers: int | None = None, done: Done | None = None) -> Findings:
    """Live further lucks for the experiments left open, in the worlds that they need, and weigh all lucks together.

    further: how many.  done: as in `examine`.  Ctrl-C keeps the lucks that are whole.
    """
    opened = left_open(found, further)
    patterns = [finding.pattern for finding in opened]
    worlds = known(patterns)
    if not worlds:
        return found
    lived = live_all(found.snapshot, worlds, found.years, further, _threads(workers), done, max(found.lucks) + 1)
    numbers, values = measure_all(patterns, ring(lived))
    if len(numbers) < LEAST_RUNS:
        return replace(found, asked_further=further)
    weighed = {
        finding.pattern.code: find(
            finding.pattern, [[*row.values, *more] for row, more in zip(finding.rows, rows, strict=True)]
        )
        for finding, rows in zip(opened, values, strict=True)
    }
    findings = tuple(weighed.get(finding.pattern.code, finding) for finding in found.findings)
    return replace(found, findings=findings, asked_further=further, further=tuple(numbers))
