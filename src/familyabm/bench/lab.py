"""What the lab adds to the model, what a second core brings, and all of England.

What a run costs beyond the model is told from two studies of the same past, one of them larger, so that starting
workers and living the past fall out of it.
"""

import os
import tempfile
import time
from pathlib import Path

from familyabm import areas, levers, simulation
from familyabm.bench.rows import Measured
from familyabm.bench.timing import COMMAND, process
from familyabm.lab import Options, Study, run_study
from familyabm.parameters import DEFAULT

SCALE, YEARS = 0.05, 10
MEASURES = ("care_starts", "spend", "harm")
ENGLAND_SCALE = 0.05


def studied(folder: Path, runs: int, workers: int, years: int) -> tuple[float, float]:
    """Return the wall and CPU seconds of a study of so many lucks of one past."""
    study = Study("bench", ("Wakefield",), lucks=runs, years=years, scale=SCALE, measures=MEASURES)
    begun, before = time.perf_counter(), os.times()
    run_study(study, folder / f"{runs}-{workers}", Options(workers=workers))
    after = os.times()
    return time.perf_counter() - begun, sum(after[:4]) - sum(before[:4])


def model(runs: int, years: int) -> float:
    """Return the CPU seconds of one run of the same past without the lab, the mean of some."""
    snapshot = simulation.live_past(areas.find("Wakefield"), DEFAULT, 1, SCALE)
    begun = time.thread_time()
    for luck in range(1, runs + 1):
        simulation.live(snapshot, levers.find("status-quo"), 52 * years, luck)
    return (time.thread_time() - begun) / runs


def sweep(runs: int, years: int = YEARS) -> list[Measured]:
    """Return the lab's overhead per run, and the gain from a second worker."""
    alone = model(20, years)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one, larger = studied(folder, runs, 1, years), studied(folder, 2 * runs, 1, years)
        two = studied(folder, runs, 2, years)
    overhead = 1e3 * ((larger[1] - one[1]) / runs - alone)
    note = f"{runs} runs of {years} years; the model alone takes {1e3 * alone:.1f} ms a run"
    return [Measured("sweep", overhead, note=note), Measured("two_cores", one[0] / two[0], note=f"{runs} runs")]


def england() -> Measured:
    """Return the minutes that all authorities would take at full scale, from the command at a part of it."""
    with tempfile.TemporaryDirectory() as name:
        words = ["england", "--years", "10", "--runs", "1", "--scale", str(ENGLAND_SCALE), "--workers", "2"]
        wall, _ = process([COMMAND, *words, "--out", str(Path(name) / "England")])
    return Measured("england", wall / ENGLAND_SCALE / 60.0, note=f"{wall:.0f} s at scale {ENGLAND_SCALE:g}")
