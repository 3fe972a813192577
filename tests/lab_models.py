"""Runs that cost nothing, and runs that go wrong as planted, for tests of the lab."""

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
