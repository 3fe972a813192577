"""The engine's figures: whole towns, the anchors in C and in Mesa, journal, memory and growth."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from familyabm import areas, levers, population, simulation
from familyabm.bench import in_c, in_mesa
from familyabm.bench.rows import Measured
from familyabm.bench.timing import once, ratio, seconds
from familyabm.parameters import DEFAULT
from familyabm.rules import circumstances, front_door, households, noticing
from familyabm.simulation import PAST_WEEKS, Life, Snapshot
from familyabm.town import Town
from familyabm.week import SCHEDULE, live_one_week

WEEKS = 520
LARGE, SMALL = 0.95, 0.029
"""Shares of the average authority of 60,000 children that give 33,000 and 1,000 families."""
SCENARIO = "status-quo"


def speeds(large: Snapshot, small: Snapshot, weeks: int, repeats: int) -> list[Measured]:
    """Return family-weeks per CPU second of both towns, and what the journal costs the larger."""
    scenario, found = levers.find(SCENARIO), []
    for name, snapshot in (("speed", large), ("speed_small", small)):
        n = len(snapshot.tables["families"])
        taken = seconds(partial(simulation.live, snapshot, scenario, weeks), repeats)
        found.append(Measured(name, n * weeks / taken / 1e6, repeats, f"{n:,} families, {weeks} weeks"))
    journal = ratio(
        lambda: simulation.live(large, scenario, weeks, journal=True),
        lambda: simulation.live(large, scenario, weeks), repeats,
    )  # fmt: skip
    return [*found, Measured("journal", journal, repeats)]


def processes(snapshot: Snapshot, weeks: int) -> list[dict[str, Any]]:
    """Return what each process of the week takes in a town of usual age: CPU nanoseconds per family-week, the mean."""
    town, taken = settled(snapshot, weeks + 2), np.zeros(len(SCHEDULE))
    for week in range(PAST_WEEKS + 1, PAST_WEEKS + 2 + weeks):
        now = [once(partial(process, town, week)) for *_, process in SCHEDULE]
        if week > PAST_WEEKS + 1:  # the first compiles what Python has not called before
            taken += now
    each_family = 1e9 * taken / (weeks * len(town.families))
    return [
        {"code": code, "name": name, "ns": round(float(ns), 1)}
        for (code, name, *_), ns in zip(SCHEDULE, each_family, strict=True)
    ]


def memory(snapshot: Snapshot) -> Measured:
    """Return the bytes of a living town's tables per family."""
    town = Life(snapshot, levers.find(SCENARIO), 1).town
    whole = sum(town.given[name].nbytes for name in town if name not in ("weekly", "page"))
    return Measured("memory", whole / len(town.families))


def settled(snapshot: Snapshot, weeks: int) -> Town:
    """Return a town whose future has begun, with room for so many weeks of it."""
    life = Life(snapshot, levers.find(SCENARIO), weeks)
    life.step()
    return life.town


def each(weeks: Iterable[int], live: Callable[[int], object]) -> None:
    """Live some weeks."""
    for week in weeks:
        live(week)


def adult_risk(town: Town, week: int) -> None:
    """Deal families the week's luck and run P2, which deals adults theirs."""
    households.deal_luck(town, week)
    circumstances.escalate_or_resolve(town, week)


def against_c(snapshot: Snapshot, repeats: int) -> Measured:
    """Return the compiled adult-risk process's time to that of the same in C, both having given the same results."""
    if in_c.compiler() is None:
        return Measured("against_c", None, note="no C compiler here")
    ours, theirs = settled(snapshot, 60), settled(snapshot, 60)
    in_c_now, first = in_c.process(theirs), PAST_WEEKS + 1
    each(range(first, first + 52), partial(adult_risk, ours))
    each(range(first, first + 52), in_c_now)
    same = all(np.array_equal(ours.given[name], theirs.given[name]) for name in ("families", "adults", "awake"))
    if not same:
        return Measured("against_c", None, note="results differ from C's")
    weeks = range(first, first + 52)
    found = ratio(lambda: each(weeks, partial(adult_risk, ours)), lambda: each(weeks, in_c_now), repeats)
    return Measured("against_c", found, repeats, f"{len(ours.families):,} families; results equal over 52 weeks")


def three_processes(town: Town, week: int) -> None:
    """Run P2, P4 and P5."""
    adult_risk(town, week)
    noticing.contact(town, week)
    front_door.decide(town, week)


def against_mesa(snapshot: Snapshot, weeks: int, repeats: int) -> Measured:
    """Return the Mesa anchor's time to that of the same three processes compiled, both with the same results."""
    ours, rounds = settled(snapshot, (weeks + 1) * repeats + 2), []
    anchor = in_mesa.Anchor(ours, PAST_WEEKS + 1)
    for turn in range(repeats):
        first = PAST_WEEKS + 1 + turn * weeks
        now = range(first, first + weeks)
        compiled = once(partial(each, now, partial(three_processes, ours)))
        rounds.append(once(partial(each, now, anchor.live)) / compiled)
    wrong = in_mesa.differences(anchor, ours)
    if wrong:
        return Measured("against_mesa", None, note=f"results differ from Mesa's in {', '.join(wrong[:3])}")
    return Measured("against_mesa", float(np.median(rounds)), repeats,
                    f"{len(ours.families):,} families; results equal over {weeks * repeats} weeks")  # fmt: skip


def week_of(scale: float, before: int, weeks: int) -> tuple[int, float]:
    """Return a young town's families and CPU nanoseconds per family-week, some weeks on."""
    town = population.build(areas.england(), DEFAULT, scale, 1, before + weeks)
    for week in range(before):
        live_one_week(town, week)
    n = len(town.families)
    taken = [once(partial(live_one_week, town, week)) for week in range(before, before + weeks)]
    return n, float(np.median(taken)) / n * 1e9


def growth(scales: tuple[float, ...], before: int, weeks: int) -> Measured:
    """Return a family-week's time in the largest of these towns to that in the smallest."""
    found = [week_of(scale, before, weeks) for scale in scales]
    note = ", ".join(f"{n:,} families {taken:.0f} ns" for n, taken in found)
    return Measured("growth", found[-1][1] / found[0][1], weeks, note)
