"""A study of England whose lives are made up: rates known beforehand, with luck of a known size."""

from pathlib import Path

import numpy as np
import pandas as pd

from familyabm.lab import england
from familyabm.lab.england import England
from familyabm.lab.living import Outcome, Pasts
from familyabm.lab.plan import Cell
from familyabm.lab.study import Study
from tests.lab_store import stored

GAIN = {"looked_after": -4.0, "failure_demand": -3.0, "harm": -100.0, "spend": 20.0, "spend_levers": 12.0}
LEVEL = {"looked_after": 70.0, "failure_demand": 25.0, "harm": 2000.0, "spend": 1200.0, "spend_levers": 0.2}


def made_up(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """An authority's rate follows from its poverty; luck has a standard deviation of a fiftieth of the rate."""
    poverty = study.area(cell.area).child_poverty_pct / 30.0
    place = sum(map(ord, cell.area))
    years = range(1, study.years + 1)
    found = {}
    for number, name in enumerate(study.measures):
        level = LEVEL.get(name, 300.0)
        rng = np.random.default_rng([number, cell.luck, place])
        other = np.random.default_rng([number, cell.luck, place, cell.world == "status-quo"])
        drift = level * 0.02 * (rng.standard_normal(study.years) + 0.3 * other.standard_normal(study.years))
        gain = 0.0 if cell.world == "status-quo" else GAIN.get(name, 0.0)
        found[name] = level * poverty + gain + drift
    by_year = pd.DataFrame(found, index=pd.Index(years, name="year"))
    return Outcome(by_year.mean().to_dict(), by_year)


def england_of(folder: Path, run_one=made_up, **asked) -> England:
    """Return all of what was asked for, lived in this process."""
    question = england.ask(**{"runs": 10, "years": 3, "scale": 0.1} | asked)
    return England(stored(folder, question.study, run_one), question.too_small)
