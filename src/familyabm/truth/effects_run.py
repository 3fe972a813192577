"""Replaying effects: the worlds they need, each lived once per luck, and what lucks together say of each outcome.

Counts of all lucks are added up before shares are compared: a trial's arms are pooled, and a luck with nobody in care
is an observation, not a missing one. Ranges are bootstraps over lucks, both worlds of a luck together.
"""

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from familyabm import simulation
from familyabm.credibility import run as credibility
from familyabm.credibility.experiments import Kept, Reader, World
from familyabm.simulation import Snapshot
from familyabm.sources import study_hash
from familyabm.truth.effects import Arm, Effect, Outcome
from familyabm.worlds import BOOTSTRAPS, RANGE

FEWEST = 5
"""Lucks below which no range is told."""
Done = Callable[[int, int], None]
Numbers = NDArray[np.float64]
Sums = NDArray[np.float64]
"""(lucks, 2 worlds, 6): numerator and denominator after and before, what it is told per, and one."""


@dataclass(frozen=True)
class Measured:
    """What the model makes of one outcome: the estimate, its range over lucks, both worlds, and the change by itself.

    by_itself: of a change before and after, the change that the comparison shows: regression to the mean.
    beyond_low, beyond_high: the range over lucks of what the intervention's change is beyond that.
    """

    outcome: Outcome
    value: float
    low: float
    high: float
    comparison: float
    intervention: float
    by_itself: float
    beyond_low: float = math.nan
    beyond_high: float = math.nan


@dataclass(frozen=True)
class Replayed:
    """What came of some effects in one area."""

    snapshot: Snapshot
    asked: int
    lucks: tuple[int, ...]
    effects: tuple[Effect, ...]
    measured: tuple[tuple[Measured, ...], ...]

    @property
    def address(self) -> str:
        """Return the hash that names these results."""
        told = [(effect.comparison.address, effect.intervention.address, effect.years) for effect in self.effects]
        return simulation._hash(
            self.snapshot.address, study_hash(), self.lucks, told, [effect.outcomes for effect in self.effects]
        )


def worlds_of(effects: Iterable[Effect]) -> dict[tuple[int, str], World]:
    """Return the worlds that some effects need by years and address, each with all that is read of it."""
    arms: dict[tuple[int, str], Arm] = {}
    reads: dict[tuple[int, str], dict[Reader, None]] = {}
    for effect in effects:
        for arm in (effect.comparison, effect.intervention):
            key = (effect.years, arm.address)
            arms.setdefault(key, arm)
            wanted = [each for outcome in effect.outcomes for each in (outcome.counted, outcome.counted_before) if each]
            reads.setdefault(key, {}).update(dict.fromkeys(wanted))
    return {
        key: World(f"{key[0]} years, {place}", arm.scenario, start=arm.start, reads=tuple(reads[key]))
        for place, (key, arm) in enumerate(arms.items())
    }


def replay(
    snapshot: Snapshot, effects: Sequence[Effect], runs: int = 20, workers: int | None = None, done: Done | None = None
) -> Replayed:
    """Live what the effects need and measure every outcome; Ctrl-C keeps the lucks that are whole.

    done: called as done(lives lived, lives to live).
    """
    simulation.check_whole("runs", runs, 2, 1000)
    worlds = worlds_of(effects)
    threads = workers or max(1, min(8, os.cpu_count() or 1))
    sums: list[list[list[Numbers]]] = [[[] for _ in effect.outcomes] for effect in effects]
    lucks: list[int] = []
    lived, whole = 0, len(worlds) * runs
    for number in range(1, runs + 1):
        kept: dict[tuple[int, str], Kept] = {}
        for years in sorted({years for years, _ in worlds}):
            needed = {key: world for key, world in worlds.items() if key[0] == years}
            found = _live(snapshot, list(needed.values()), years, number, threads)
            if found is None:
                break
            kept |= {key: found[world.name] for key, world in needed.items()}
            lived += len(needed)
            if done is not None:
                done(lived, whole)
        if len(kept) < len(worlds):
            break
        lucks.append(number)
        for effect, rows in zip(effects, sums, strict=True):
            pair = [kept[effect.years, arm.address] for arm in (effect.comparison, effect.intervention)]
            for outcome, row in zip(effect.outcomes, rows, strict=True):
                row.append(np.array([_sums(outcome, world) for world in pair]))
    if len(lucks) < 2:
        raise KeyboardInterrupt
    measured = tuple(
        tuple(measure(outcome, np.array(row)) for outcome, row in zip(effect.outcomes, rows, strict=True))
        for effect, rows in zip(effects, sums, strict=True)
    )
    return Replayed(snapshot, runs, tuple(lucks), tuple(effects), measured)


def _live(snapshot: Snapshot, worlds: list[World], years: int, number: int, threads: int) -> dict[str, Kept] | None:
    """Live some worlds of one luck; None where it was stopped."""
    pairs = [(world, world.scenario) for world in worlds if not isinstance(world.scenario, str)]
    return credibility.live_luck(snapshot, pairs, years, number, threads)


def _sums(outcome: Outcome, kept: Kept) -> Numbers:
    """Return an outcome's numerator and denominator in a world, after and before, and what it is told per."""
    if outcome.counted is None:
        after = (kept.mean(outcome.measure, *outcome.years), 1.0)
    else:
        after = kept.read(outcome.counted.name)
    before = kept.read(outcome.counted_before.name) if outcome.counted_before else (math.nan, math.nan)
    per = kept.mean(outcome.per, *outcome.years) if outcome.per else math.nan
    return np.array([*after, *before, per, 1.0])


def measure(outcome: Outcome, sums: Sums) -> Measured:
    """Return what lucks together say of an outcome.

    sums: (lucks, 2 worlds, 6).
    """
    whole = sums.sum(axis=0)
    ends, beyond = (math.nan, math.nan), (math.nan, math.nan)
    if len(sums) >= FEWEST:
        draws = np.random.Generator(np.random.Philox(1)).integers(0, len(sums), (BOOTSTRAPS, len(sums)))
        drawn = [sums[draw].sum(axis=0) for draw in draws]
        ends = _range([compare(outcome, one) for one in drawn])
        if outcome.way == "before":
            beyond = _range([_level(outcome, one[1]) - _level(outcome, one[0]) for one in drawn])
    levels = [_level(outcome, world) for world in whole]
    itself = levels[0] if outcome.way == "before" else math.nan
    return Measured(outcome, compare(outcome, whole), *ends, levels[0], levels[1], itself, *beyond)


def _range(many: list[float]) -> tuple[float, float]:
    """Return the range of bootstraps; NaN where a tenth or more of them tell nothing."""
    if np.isfinite(many).mean() <= 0.9:
        return math.nan, math.nan
    low, high = np.nanquantile(many, RANGE)
    return float(low), float(high)


def _level(outcome: Outcome, world: Numbers) -> float:
    """Return a world's own level: a percentage where shares are compared, a change where before and after are."""
    level = _over(world[0], world[1])
    if outcome.way == "before":
        return 100.0 * (_over(level, _over(world[2], world[3])) - 1.0)
    return 100.0 * level if outcome.counted is not None and outcome.counted.what in SHARES else level


SHARES = ("share", "looked_after", "eased")


def compare(outcome: Outcome, sums: Numbers) -> float:
    """Return the estimate from both worlds' sums over lucks."""
    a, b = (_level(outcome, world) for world in sums)
    if outcome.way == "before":
        return b
    if outcome.way == "percent":
        return 100.0 * (_over(b, a) - 1.0)
    if outcome.way == "ratio":
        return _over(b, a)
    if outcome.way == "odds":
        return _over(b * (100.0 - a), a * (100.0 - b))
    if outcome.way == "elasticity":
        return _over(_over(b, a) - 1.0, _over(sums[1][4], sums[0][4]) - 1.0)
    if outcome.way == "per":
        moved = (sums[1][4] - sums[0][4]) / sums[0][5] if outcome.per else outcome.moved
        return _over((b - a) * outcome.times, moved / outcome.step)
    return b - a


def _over(part: float, whole: float) -> float:
    return float(part / whole) if whole != 0.0 else math.nan
