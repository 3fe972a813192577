"""Speed and size of the whole model: `make bench` prints the figures and writes them, dated, to benchmarks/results/.

CPU seconds of one thread, medians of five; the anchor is the dealing of luck alone, measured in the same run.
"""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from familyabm import areas, levers, luck, simulation
from familyabm.parameters import DEFAULT

WEEKS = 520
FAMILIES = {"33,000 families": 0.95, "1,000 families": 0.029}
"""Shares of the average authority of 60,000 children."""


def seconds(task: Callable[[], object], repeats: int) -> float:
    """Return the median CPU seconds of a task on this thread."""
    taken = []
    for _ in range(repeats):
        start = time.thread_time()
        task()
        taken.append(time.thread_time() - start)
    return statistics.median(taken)


def bytes_per_family(snapshot: simulation.Snapshot) -> float:
    """Return the memory of a living town's tables per family, without the weekly totals."""
    town = simulation.Life(snapshot, levers.find("status-quo"), 1).town
    whole = sum(town.given[name].nbytes for name in town if name not in ("weekly", "page"))
    return whole / len(town.families)


def anchor(n: int, repeats: int) -> float:
    """Return nanoseconds per agent of dealing one block of luck."""
    keys, hand = np.arange(n, dtype=np.uint64) << np.uint64(20), np.zeros(4 * n, np.uint32)
    fate = luck.fate_of(1, 1)
    luck.deal(hand, keys, fate, 1, 0)
    return seconds(lambda: [luck.deal(hand, keys, fate, week, 0) for week in range(100)], repeats) / 100 / n * 1e9


def measured(scale: float, repeats: int) -> dict[str, float]:
    """Return the figures of one size of town."""
    snapshot = simulation.live_past(areas.england(), DEFAULT, 1, scale)
    scenario, n = levers.find("status-quo"), len(snapshot.tables["families"])
    totals = seconds(lambda: simulation.live(snapshot, scenario, WEEKS), repeats)
    journal = seconds(lambda: simulation.live(snapshot, scenario, WEEKS, journal=True), repeats)
    return {
        "families": n,
        "family_weeks_per_cpu_second": round(n * WEEKS / totals),
        "journal_to_totals": round(journal / totals, 3),
        "bytes_per_family": round(bytes_per_family(snapshot)),
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    simulation.live_past(areas.england(), DEFAULT, 1, 0.02)
    found = {name: measured(scale, repeats) for name, scale in FAMILIES.items()}
    result = {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "anchor_deal_ns_per_agent": round(anchor(70_000, repeats), 2),
        **found,
    }
    folder = Path(__file__).parent / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{result['date']}.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
