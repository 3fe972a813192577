"""How soon one can begin: import, help, the first compilation and the second start."""

import sys
import tempfile

from familyabm.bench.rows import Measured
from familyabm.bench.timing import COMMAND, process, processes

FIRST_WEEK = """
from familyabm import areas, population
from familyabm.parameters import DEFAULT
from familyabm.week import live_one_week
live_one_week(population.build(areas.named("Wakefield"), DEFAULT, 0.01, 1, 1), 0)
"""


def starts(repeats: int) -> list[Measured]:
    """Return what import, help and a second start take."""
    _, imported = processes([sys.executable, "-c", "import familyabm"], repeats)
    helped, _ = processes([COMMAND, "--help"], repeats)
    week, _ = processes([sys.executable, "-c", FIRST_WEEK], repeats)
    return [
        Measured("import", imported, repeats), Measured("help", helped, repeats),
        Measured("second_start", week, repeats),
    ]  # fmt: skip


def first_compilation() -> Measured:
    """Return the CPU seconds of compiling all rules into an empty cache."""
    words = [sys.executable, "-c", FIRST_WEEK]
    with tempfile.TemporaryDirectory() as folder:
        _, first = process(words, NUMBA_CACHE_DIR=folder)
        _, second = process(words, NUMBA_CACHE_DIR=folder)
    return Measured("compile", first - second)
