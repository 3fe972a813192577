"""The pairs of a comparison, lived one after the other: each is kept, and the page fills in as they come."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from familyabm import measures, simulation, worlds
from familyabm.codes import Agency, Event
from familyabm.levers import Scenario
from familyabm.report import page, words
from familyabm.report.figures import Pictures
from familyabm.simulation import Snapshot
from familyabm.worlds import Comparison, Pair, Side

from . import items, knowing, limits
from .jobs import DONE, STOPPED, WORKING, Job, put
from .knowing import FRAMES
from .settings import Settings
from .view import environment

PAUSE = 1.5
"""Seconds between two drawings of the page while pairs are lived, and at least four times as long as one takes."""
RESULTS = "results.html"
"""What a comparison found, as a part of a page."""
SUMMARY_HERE = "<!-- summary -->"
"""Where the summary goes, which is written anew whenever more is known of how sure it is."""
VERDICT, BET_ON = "verdict.txt", "failure_demand"
"""What may be said of the measure that people bet on."""
EARLY = ("looked_after", "failure_demand")
"""Measures drawn while pairs are still being lived; the rest are drawn at the end."""


@dataclass(frozen=True)
class Asked:
    """What a comparison is of, with the past that its pairs branch from."""

    settings: Settings
    snapshot: Snapshot
    a: Scenario
    b: Scenario

    def comparison(self, pairs: list[Pair]) -> Comparison:
        """Return the comparison of these pairs."""
        return Comparison(self.snapshot, self.a, self.b, self.settings.years, self.settings.pairs, pairs)


def prepared(job: Job, home: Path) -> Asked:
    """Return what a job asks for, its past lived; the last two pasts are kept in memory."""
    settings = job.settings(home)
    area = settings.place(home)
    past = simulation.past(area, settings.parameters(), settings.luck, settings.scale(area))
    return Asked(settings, past, *settings.worlds())


def live(job: Job, home: Path) -> None:
    """Live every pair that is not kept yet, until all are done, somebody presses Stop or time is up."""
    asked, began = prepared(job, home), time.monotonic()
    found: list[Pair] = []
    here, drawn, pause = 0, 0.0, 0.0
    pool = ThreadPoolExecutor(2)
    try:
        numbers = range(1, asked.settings.pairs + 1)
        for pair, new in pool.map(lambda number: kept_or_lived(job, asked, number), numbers):
            found.append(pair)
            here += new
            took = (time.monotonic() - began) / max(1, here) * len(found)
            job.write(replace(job.state(), state=WORKING, done=len(found), asked=asked.settings.pairs, seconds=took))
            last = len(found) == asked.settings.pairs
            if last or time.monotonic() - drawn > pause:
                start = time.monotonic()
                show(job, asked.comparison(found), asked.settings.query())
                drawn = time.monotonic()
                pause = max(PAUSE, 4.0 * (drawn - start))
            if not last and (job.told_to_stop or time.monotonic() - began > 60.0 * limits.MINUTES):
                finish(job, asked, found, STOPPED)
                return
    finally:
        pool.shutdown(cancel_futures=True)
    finish(job, asked, found, DONE)


def finish(job: Job, asked: Asked, found: list[Pair], state: str) -> None:
    """Show what was found, and say how it ended."""
    show(job, asked.comparison(found), asked.settings.query(), whole=True)
    job.write(replace(job.state(), state=state))


def show(job: Job, comparison: Comparison, query: str, whole: bool = False) -> None:
    """Write the results as a part of a page, and let the page know; before the end, what is quick to draw.

    query: the end of links to other pages of the same settings.
    """
    pictures = Pictures(comparison)
    sure = knowing.settle(job, comparison, pictures, query) if whole else None
    shown = page.context(comparison, pictures, sure) if whole else page.headlines(comparison, pictures)
    text = (
        environment()
        .get_template("compare_results.html.j2")
        .render(shown, whole=whole, early=EARLY, files=job.files if whole else "", summary_here=SUMMARY_HERE)
    )
    put(job.folder / VERDICT, words.sentence(pictures.findings[BET_ON]).encode())
    put(job.folder / RESULTS, text.encode())
    if whole:
        items.keep(_items(shown, pictures), job.folder)
        for name, frame in page.frames(comparison, sure).items():
            if name != knowing.NUMBERS:  # it is written anew whenever more is known
                put(job.folder / f"{FRAMES}{name}", page.csv(frame, comparison).encode())
        meta = {"address": comparison.address, "command": shown["command"]}
        put(job.folder / "address.json", json.dumps(meta).encode())
    state = job.state()
    job.write(replace(state, state=WORKING, done=comparison.runs, asked=comparison.asked, version=state.version + 1))


def _items(shown: dict[str, Any], pictures: Pictures) -> list[items.Item]:
    """Return what a report can be made of."""
    sentences = [
        items.Item("summary", "Summary", said=[shown["opening"], *shown["summary"]]),
        items.Item("costs", "What it costs", said=shown["costs"]),
        items.Item("worse", "What else came out clearly worse", said=shown["worse"] or ["Nothing else did."]),
    ]
    apart = [replace(figure, title=f"Difference. {figure.title}") for figure in pictures.differences()]
    figures = [*pictures.trends(), *apart, pictures.dots(), pictures.sources(), pictures.outcomes()]
    tables = [items.of_grid("avoidable", "Demand that could be avoided", shown["avoidable"])]
    tables += [
        items.of_grid(f"measures-{place}" if place else "measures", grid.caption, grid)
        for place, grid in enumerate(pictures.measures())
    ]
    return [*sentences, *(items.of_figure(figure) for figure in (*figures, pictures.costs())), *tables]


def kept_or_lived(job: Job, asked: Asked, number: int) -> tuple[Pair, bool]:
    """Return one pair, and whether it had to be lived."""
    path = job.folder / f"pair-{number}.npz"
    kept = load(path, number)
    if kept is not None:
        return kept, False
    pair = worlds.live_pair(asked.snapshot, asked.a, asked.b, asked.settings.years, number)
    save(pair, path)
    return pair, True


def all_kept(job: Job, most: int) -> Iterator[Pair]:
    """Return the pairs kept so far, in order, up to the first that is not."""
    for number in range(1, most + 1):
        pair = load(job.folder / f"pair-{number}.npz", number)
        if pair is None:
            return
        yield pair


def save(pair: Pair, path: Path) -> None:
    """Keep a pair as arrays, whole or not at all."""
    parts: dict[str, Any] = {
        f"{world}_{part}": values
        for world, side in (("a", pair.a), ("b", pair.b))
        for part, values in (("years", side.by_year.to_numpy()), ("tally", side.tally), ("flows", side.flows))
    }
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, placebo=pair.placebo, **parts)
    partial.replace(path)


def load(path: Path, number: int) -> Pair | None:
    """Return a kept pair, None if it is not there or not whole."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            return Pair(number, _side(data, "a"), _side(data, "b"), data["placebo"])
    except (OSError, KeyError, ValueError, EOFError, BadZipFile):
        return None


def _side(data: "np.lib.npyio.NpzFile", world: str) -> Side:
    years = data[f"{world}_years"]
    index = pd.RangeIndex(1, len(years) + 1, name="year")
    frame = pd.DataFrame(years, index=index, columns=list(measures.MEASURES))
    flows = data[f"{world}_flows"]
    if flows.shape != (len(Event), len(Agency)):
        raise ValueError("flows of another version")
    return Side(frame, data[f"{world}_tally"], flows)
