"""Twin worlds: the same families with the same luck under two scenarios, pair by pair, with an honest floor.

A third world differs from the first only in that one contact is put off by a week. What it "avoids" and
"induces" is the noise that any change stirs up through shared queues, and is taken off every gross figure.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import islice

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import areas, levers, measures, simulation, takeouts
from familyabm.areas import Area
from familyabm.codes import Agency, Event, Tally
from familyabm.errors import InputError
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT, Parameters
from familyabm.simulation import Run, Snapshot
from familyabm.tables import Table

STATUS_LINE = "Model results. Made-up families. Not a forecast."
RANGE = (0.025, 0.975)
"""The range that pairs are shown with: 95 of 100 of them fall in it."""
FEWEST_PAIRS = 6
"""Six pairs that all point one way would do so by luck alone 1 time in 32; fewer show nothing clearly."""
BOOTSTRAPS = 2000
MAX_RUNS = 1000
MAX_YEARS = 50
Done = Callable[[int, int], None]


@dataclass(frozen=True)
class Side:
    """What is kept of one world of one pair."""

    by_year: pd.DataFrame
    tally: NDArray[np.float64]
    flows: NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """One luck lived twice, and once more with one contact put off by a week."""

    number: int
    a: Side
    b: Side
    placebo: NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Comparison:
    """Paired results of two scenarios in one area. All frames are worked out from `pairs`."""

    snapshot: Snapshot
    a: Scenario
    b: Scenario
    years: int
    asked: int
    pairs: list[Pair]

    def __repr__(self) -> str:
        worlds = f"{self.a.title}, and {self.b.title}"
        return f"<Comparison of {self.area.la_name}: {worlds}; {self.runs} pairs of {self.years} years; not a forecast>"

    @property
    def area(self) -> Area:
        """Return the area compared."""
        return self.snapshot.area

    @property
    def runs(self) -> int:
        """Return the number of pairs that finished."""
        return len(self.pairs)

    @property
    def address(self) -> str:
        """Return the hash that names this comparison."""
        ends = [
            simulation.run_address(self.snapshot, world, pair.number, self.years * 52)
            for pair in self.pairs
            for world in (self.a, self.b)
        ]
        return simulation._hash(*ends)

    @cached_property
    def by_pair(self) -> pd.DataFrame:
        """Return (measure, pair) rows with each world's value, its mean over the years, and the difference b - a."""
        frames = []
        for pair in self.pairs:
            both = pd.DataFrame({"a": pair.a.by_year.mean(), "b": pair.b.by_year.mean()})
            both["difference"] = both["b"] - both["a"]
            frames.append(both.assign(pair=pair.number))
        whole = pd.concat(frames)
        whole.index.name = "measure"
        return whole.reset_index()

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return one row per measure: a, b, difference, low, high, mean_low, mean_high, flips and words.

        low, high: the range in which 95 of 100 pairs' differences fall.  mean_low, mean_high: a bootstrap
        interval of the mean difference.  flips: share of pairs whose difference has the other sign.
        """
        rows = [summary(name, group) for name, group in self.by_pair.groupby("measure", sort=False)]
        return pd.DataFrame(rows).set_index("measure").loc[list(measures.MEASURES)]

    @cached_property
    def trends(self) -> pd.DataFrame:
        """Return (measure, year) rows with each world's mean and range over pairs, and the difference's."""
        frames = []
        for pair in self.pairs:
            for world, side in (("a", pair.a), ("b", pair.b)):
                long = side.by_year.melt(ignore_index=False, var_name="measure").reset_index()
                frames.append(long.assign(world=world, pair=pair.number))
        wide = pd.concat(frames).pivot_table(
            index=["measure", "year", "pair"], columns="world", values="value", dropna=False, observed=False
        )
        wide["difference"] = wide["b"] - wide["a"]
        grouped = wide.groupby(level=["measure", "year"], sort=False)
        parts = {
            "mean": grouped.mean(),
            "low": grouped.quantile(RANGE[0]),
            "high": grouped.quantile(RANGE[1]),
        }
        joined = pd.concat(parts, axis=1)
        joined.columns = ["_".join(reversed(label)) for label in joined.columns.to_flat_index()]
        return joined.reset_index()

    @cached_property
    def avoidable(self) -> pd.DataFrame:
        """Return net, gross avoidable and gross induced demand by kind, corrected by the placebo floor.

        Rows: kinds of demand.  Columns per 10,000 children over the whole window: a, b, net (a - b), low and high
        of net over pairs, avoidable, induced, floor_avoidable, floor_induced.  See `_avoidable`.
        """
        return pd.DataFrame([_avoidable(self, kind) for kind in Tally]).set_index("kind")

    def flows(self, world: str) -> pd.DataFrame:
        """Return children a year by event and agency in world "a" or "b", mean over pairs and years."""
        mean = np.mean([getattr(pair, world).flows for pair in self.pairs], axis=0)
        index = [event.name.lower() for event in Event]
        return pd.DataFrame(mean, index=index, columns=[agency.name.lower() for agency in Agency])

    def _repr_html_(self) -> str:
        """Show itself in a notebook; the report stands above this module and is looked for by name."""
        return str(import_module("familyabm.report.notebook").of_comparison(self))


def summary(name: object, group: pd.DataFrame) -> dict[str, object]:
    """Summarise one measure over pairs, as a row of `Comparison.table`. group: its rows of `Comparison.by_pair`."""
    difference = group["difference"].dropna().to_numpy()
    title = measures.MEASURES[str(name)].title
    row: dict[str, object] = {
        "measure": name, "code": title.code, "title": title.title, "unit": title.unit, "better": title.better,
        "a": group["a"].mean(), "b": group["b"].mean(),
    }  # fmt: skip
    if len(difference) == 0:
        return row | dict.fromkeys(("difference", "low", "high", "mean_low", "mean_high", "flips"), float("nan"))
    mean = float(difference.mean())
    low, high = (float(end) for end in np.quantile(difference, RANGE))
    mean_low, mean_high = bootstrap(difference)
    flips = float(np.mean(np.sign(difference) == -np.sign(mean))) if mean != 0.0 else 0.0
    return row | {
        "difference": mean, "low": float(low), "high": float(high), "mean_low": mean_low, "mean_high": mean_high,
        "flips": flips,
    }  # fmt: skip


def bootstrap(difference: NDArray[np.float64]) -> tuple[float, float]:
    """Return a percentile bootstrap interval of the mean; the same numbers for the same differences."""
    draws = np.random.Generator(np.random.Philox(1)).integers(0, len(difference), (BOOTSTRAPS, len(difference)))
    low, high = np.quantile(difference[draws].mean(axis=1), RANGE)
    return float(low), float(high)


def interval(values: NDArray[np.float64], name: str) -> dict[str, float]:
    """Return the mean over pairs as `name`, and its bootstrap interval as name_low and name_high; NaN is left out."""
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), float("nan"))
    low, high = bootstrap(known)
    return {name: float(known.mean()), f"{name}_low": low, f"{name}_high": high}


def _avoidable(comparison: Comparison, kind: Tally) -> dict[str, float | str]:
    """Work out CONCEPT 4.4 for one kind of demand.

    Net avoidable N = mean over pairs of the sum over homes of (A - B). Gross avoidable and induced take each
    home's mean over pairs first, then only the falls or only the rises; the placebo's are shown as the floor.
    """
    per = 10_000.0 / (comparison.snapshot.area.children_0_17 * comparison.snapshot.scale)
    a = np.array([pair.a.tally[:, kind] for pair in comparison.pairs])
    b = np.array([pair.b.tally[:, kind] for pair in comparison.pairs])
    placebo = np.array([pair.placebo[:, kind] for pair in comparison.pairs])
    net = (a - b).sum(axis=1) * per
    fall, floor = (a - b).mean(axis=0), (a - placebo).mean(axis=0)
    low, high = np.quantile(net, RANGE)
    gross, induced = np.maximum(fall, 0.0).sum() * per, np.maximum(-fall, 0.0).sum() * per
    gross_floor, induced_floor = np.maximum(floor, 0.0).sum() * per, np.maximum(-floor, 0.0).sum() * per
    return {
        "kind": kind.name.lower(), "a": float(a.sum(axis=1).mean() * per), "b": float(b.sum(axis=1).mean() * per),
        "net": float(net.mean()), "low": float(low), "high": float(high),
        "avoidable": float(gross - gross_floor), "induced": float(induced - induced_floor),
        "floor_avoidable": float(gross_floor), "floor_induced": float(induced_floor),
    }  # fmt: skip


def _side(run: Run) -> Side:
    """Keep what a comparison needs of a run, and let the rest go."""
    years = len(run.weekly) // 52
    flows = np.asarray(run.weekly["children"]).sum(axis=0) / max(1, years)
    return Side(measures.by_year(run.weekly), run.tally, flows)


def live_pair(snapshot: Snapshot, a: Scenario, b: Scenario, years: int, number: int) -> Pair:
    """Live one luck in both worlds and in the placebo world."""
    weeks = years * 52
    one = simulation.live(snapshot, a, weeks, number)
    other = simulation.live(snapshot, b, weeks, number)
    placebo = simulation.live(snapshot, a, weeks, number, placebo=True)
    return Pair(number, _side(one), _side(other), placebo.tally)


def _pairs(
    snapshot: Snapshot, a: Scenario, b: Scenario, years: int, runs: int, workers: int, done: Done | None
) -> list[Pair]:
    """Live the pairs on a few threads (compiled weeks hold no lock); on Ctrl-C stop and keep the finished ones."""
    kept: list[Pair] = []
    numbers = iter(range(1, runs + 1))
    with ThreadPoolExecutor(max_workers=workers) as pool:
        waiting = {pool.submit(live_pair, snapshot, a, b, years, number) for number in islice(numbers, workers)}
        try:
            while waiting:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                kept += [future.result() for future in ready]
                waiting |= {
                    pool.submit(live_pair, snapshot, a, b, years, number) for number in islice(numbers, len(ready))
                }
                for finished in range(len(kept) - len(ready) + 1, len(kept) + 1):
                    if done is not None:
                        done(finished, runs)
        except KeyboardInterrupt:
            kept += [future.result() for future in waiting if not future.cancel()]
    return kept


def check_run(years: int, runs: int) -> None:
    """Raise InputError unless the length and number of runs can be run."""
    simulation.check_whole("years", years, 1, MAX_YEARS)
    simulation.check_whole("runs", runs, 1, MAX_RUNS)


def compare(
    area: str | Area, a: str | Scenario = "status-quo", b: str | Scenario = "whole-system", runs: int = 20,
    seed: int = 1, *, years: int = 10, scale: float = 1.0, parameters: Parameters = DEFAULT,
    workers: int | None = None, done: Done | None = None, snapshot: Snapshot | None = None,
    without: Iterable[str] = (),
) -> Comparison:  # fmt: skip
    """Compare two scenarios in one area over pairs of runs that share families and luck.

    area, a, b: names, paths or objects.  runs: pairs of futures of the one past that `seed` gives.
    workers: threads, by default the machine's cores; the result is the same for any number.
    done: called as done(finished, asked).  Ctrl-C keeps the finished pairs.  Raises InputError for bad input.
    without: assumptions by name (see `takeouts`), left out of both worlds and of their past.
    """
    check_run(years, runs)
    left_out = list(without)
    place = areas.find(area) if isinstance(area, str) else area
    worlds = [levers.find(world) if isinstance(world, str) else world for world in (a, b)]
    if snapshot is None:
        snapshot = simulation.past(place, takeouts.applied(parameters, left_out), seed, scale)
    elif takeouts.applied(snapshot.parameters, left_out).values != snapshot.parameters.values:
        raise InputError(f"without = {', '.join(left_out)} is not accepted for a past that was lived with it.")
    threads = workers or max(1, min(8, os.cpu_count() or 1))
    pairs = sorted(_pairs(snapshot, worlds[0], worlds[1], years, runs, threads, done), key=lambda pair: pair.number)
    if not pairs:
        raise InputError(f"none of the {runs} pairs had finished when the comparison was stopped.")
    return Comparison(snapshot, worlds[0], worlds[1], years, runs, pairs)


@dataclass(frozen=True)
class Parting:
    """Where one family's two lives first part: the last thing they shared, and what then differed."""

    family: int
    week: int
    a: str
    b: str
    shared: int

    @property
    def sentence(self) -> str:
        """Say it in words."""
        return (
            f"Until week {self.week} both lives were the same ({self.shared} events). Then, A: {self.a}; B: {self.b}."
        )


def told(row: pd.Series) -> str:
    """Put one journal event into words, with what was judged and against which threshold."""
    words = Event(int(row["event"])).name.lower().replace("_", " ")
    who = Agency(int(row["agency"])).name.lower().replace("_", " ")
    text = f"week {int(row['week']) - simulation.PAST_WEEKS}, {words} ({who})"
    if row["judged"] >= 0.0:
        text += f", need judged {row['judged']:.2f} against {row['threshold']:.2f}"
    return text


SAME = ["week", "event", "agency", "child", "children"]


def part(journal_a: Table, journal_b: Table, family: int) -> Parting | None:
    """Find where one family's two lives first part, or None if they never do.

    journal_a, journal_b: the journals of one luck in two worlds.  family: the family's key.
    """
    lives = [_life(journal, family) for journal in (journal_a, journal_b)]
    length = min(len(lives[0]), len(lives[1]))
    same = (lives[0][SAME].head(length) == lives[1][SAME].head(length)).all(axis=1).to_numpy()
    first = int(np.argmin(same)) if not same.all() else length
    if first == len(lives[0]) and first == len(lives[1]):
        return None
    words = [told(life.iloc[first]) if first < len(life) else "nothing more happens" for life in lives]
    if words[0] == words[1]:
        words[1] += ", about another child or other children"
    weeks = [int(life.iloc[first]["week"]) for life in lives if first < len(life)]
    return Parting(family, min(weeks) - simulation.PAST_WEEKS, words[0], words[1], first)


def _life(journal: Table, family: int) -> pd.DataFrame:
    """Return one family's events in order."""
    mine = np.asarray(journal)[np.asarray(journal)["family"] == np.uint64(family)]
    return pd.DataFrame(mine).reset_index(drop=True)


def partings(run_a: Run, run_b: Run, families: list[int] | None = None) -> list[Parting]:
    """Find where families' lives part in two runs of one luck that kept their journals.

    families: keys, by default all who appear in either journal.
    """
    keys = families
    if keys is None:
        both = np.concatenate([np.asarray(run_a.journal)["family"], np.asarray(run_b.journal)["family"]])
        keys = [int(key) for key in np.unique(both) if key]  # key 0 is the authority as a whole
    found = (part(run_a.journal, run_b.journal, key) for key in keys)
    return [parting for parting in found if parting is not None]
