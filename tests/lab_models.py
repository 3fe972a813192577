"""Runs that cost nothing, and runs that go wrong as planted, for tests of the lab."""

import contextlib
import math
import os
import re
import time

import numpy as np

from familyabm.lab.living import Outcome, Pasts
from familyabm.lab.plan import Cell
from familyabm.lab.study import Study


def cheap(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Return numbers that depend on everything a run depends on, at once."""
    values = np.random.default_rng(int(cell.address[:12], 16)).random(len(study.measures))
    return Outcome(dict(zip(study.measures, values.tolist(), strict=True)))


def quick(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """The same, in ten milliseconds."""
    time.sleep(0.01)
    return cheap(study, cell, pasts)


def slow(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """The same, in a tenth of a second."""
    time.sleep(0.1)
    return cheap(study, cell, pasts)


def long(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """The same, in a second."""
    time.sleep(1.0)
    return cheap(study, cell, pasts)


def planted(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Luck 3 raises, 4 is not a number, 5 hangs, 6 kills its process, 7 hangs and lets no thread run."""
    if cell.luck == 3:
        raise ZeroDivisionError("planted, = 1 / 0")
    if cell.luck == 4:
        return Outcome(dict.fromkeys(study.measures, math.nan))
    if cell.luck == 5:
        time.sleep(10_000)
    if cell.luck == 6:
        os._exit(1)
    if cell.luck == 7:
        re.match("(a+)+$", "a" * 60 + "b")  # takes longer than the universe has, and never lets go
    return cheap(study, cell, pasts)


def greedy(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Luck 3 takes all memory there is, 4 asks for more than there is, 6 takes it to the last page and sits on it."""
    taken: list[object] = []
    if cell.luck == 3:
        while True:
            taken.append(bytearray(2**28))
    if cell.luck == 4:
        taken.append(np.zeros(2**44))
    if cell.luck == 6:
        for size in (2**28, 2**20, 2**12):
            with contextlib.suppress(MemoryError):
                while True:
                    taken.append(bytearray(size))
        time.sleep(2.0)
        taken.append(bytearray(2**28))
    return cheap(study, cell, pasts)
