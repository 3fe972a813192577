"""What the lab adds to the model, what a second core brings, and all of England.

What a run costs beyond the model is all that the runner and its workers take from the first run stored to the last,
less what the model takes in the same processes at the same moments: on a machine with other work it takes a tenth more
or less from one minute to the next, which is more than the lab takes.
"""

import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import psutil

from familyabm import simulation
from familyabm.bench.rows import Measured
from familyabm.bench.timing import COMMAND, process
from familyabm.lab import Options, Study, living, plan, run_study
from familyabm.lab.living import Outcome, Pasts
from familyabm.lab.plan import Cell

SCALE, YEARS = 0.05, 10
MEASURES = ("care_starts", "spend", "harm")
ENGLAND_SCALE = 0.2


class Taken(NamedTuple):
    """What a study took: seconds by the clock, and CPU seconds a run, in all and in the model alone."""

    wall: float
    run: float
    model: float


def used() -> float:
    """Return the CPU seconds that this process and those it has started, as far as they still run, have taken."""
    here, taken = psutil.Process(), 0.0
    for each in (here, *here.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            taken += sum(each.cpu_times()[:2])
    return taken


def counted(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Live one run as the lab does, and keep beside its measures the CPU seconds that the model took of it."""
    lived = plan.settings(study, cell.point, cell.area, cell.world)
    snapshot = pasts.of(study, cell, lived)
    begun = time.thread_time()
    run = simulation.live(snapshot, lived.scenario, study.years * 52, cell.luck)
    model = time.thread_time() - begun
    outcome = living.outcome_of(run, study)
    return replace(outcome, measures={**outcome.measures, "model": model})


def studied(folder: Path, runs: int, workers: int, years: int) -> Taken:
    """Return what a study of so many lucks of one past takes."""
    study = Study("bench", ("Wakefield",), lucks=runs, years=years, scale=SCALE, measures=MEASURES)
    told: list[tuple[int, float]] = []
    begun = time.perf_counter()
    results, _ = run_study(
        study, folder / str(workers), Options(workers=workers), run_one=counted,
        tell=lambda progress: told.append((progress.stored, used())),
    )  # fmt: skip
    wall = time.perf_counter() - begun
    _, (first, before), *_, (last, after) = told
    model = results.sql("select avg(value) as seconds from measures where measure = 'model'")
    return Taken(wall, (after - before) / (last - first), float(model["seconds"].iloc[0]))


def sweep(runs: int, years: int = YEARS) -> list[Measured]:
    """Return the lab's overhead per run, and the gain from a second worker."""
    with tempfile.TemporaryDirectory() as name:
        one, two = (studied(Path(name), runs, workers, years) for workers in (1, 2))
    note = f"{runs} runs of {years} years; the model takes {1e3 * one.model:.1f} ms a run"
    gain = Measured("two_cores", one.wall / two.wall, note=f"{runs} runs")
    return [Measured("sweep", 1e3 * (one.run - one.model), note=note), gain]


def england() -> Measured:
    """Return the minutes that all authorities would take at full scale, from the command at a part of it."""
    with tempfile.TemporaryDirectory() as name:
        words = ["england", "--years", "10", "--runs", "1", "--scale", str(ENGLAND_SCALE), "--workers", "2"]
        wall, _ = process([COMMAND, *words, "--out", str(Path(name) / "England")])
    return Measured("england", wall / ENGLAND_SCALE / 60.0, note=f"{wall:.0f} s at scale {ENGLAND_SCALE:g}")
