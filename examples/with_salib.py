"""SALib: which settings move the difference between two worlds. For many runs a study of the lab is safer."""

from dataclasses import replace

import numpy as np
import pandas as pd
from SALib.analyze import sobol
from SALib.sample import sobol as sample

from familyabm import areas, levers, measures, simulation
from familyabm.parameters import DEFAULT

NAMES = ["front_door.referral_threshold", "effects.joint_help", "early_help.dose"]


def difference(values: np.ndarray, scale: float, years: int) -> float:
    """Return the rate of referrals in the second world less the first, with the same luck in both."""
    past = simulation.past(areas.find("Wakefield"), DEFAULT, 1, scale)
    numbers = dict(zip(NAMES, values.tolist(), strict=True))
    worlds = [replace(levers.find(name), parameters=numbers) for name in ("status-quo", "whole-system")]
    a, b = (measures.by_year(simulation.live(past, w, 52 * years).weekly, ["referrals"]).mean() for w in worlds)
    return float((b - a).iloc[0])


def indices(points: int = 32, scale: float = 0.02, years: int = 5) -> pd.DataFrame:
    """Return first-order and total Sobol indices with their intervals, a row a setting."""
    bounds = [[DEFAULT.register[name].low, DEFAULT.register[name].high] for name in NAMES]
    problem = {"num_vars": len(NAMES), "names": NAMES, "bounds": bounds}
    rows = sample.sample(problem, points, calc_second_order=False)
    answers = np.array([difference(row, scale, years) for row in rows])
    assert np.isfinite(answers).all(), "SALib would turn one missing answer into zeros without a word"
    found = sobol.analyze(problem, answers, calc_second_order=False, seed=1)
    return pd.DataFrame({key: found[key] for key in ("S1", "S1_conf", "ST", "ST_conf")}, index=NAMES)


if __name__ == "__main__":
    print(indices())
