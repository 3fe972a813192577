"""Runs that cost nothing, and runs that go wrong as planted, for tests of the lab."""

import math
import os
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


def planted(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Luck 3 raises, luck 4 is not a number, luck 5 hangs, luck 6 kills its process; the others are cheap."""
    if cell.luck == 3:
        raise ZeroDivisionError("planted, = 1 / 0")
    if cell.luck == 4:
        return Outcome(dict.fromkeys(study.measures, math.nan))
    if cell.luck == 5:
        time.sleep(10_000)
    if cell.luck == 6:
        os._exit(1)
    return cheap(study, cell, pasts)
