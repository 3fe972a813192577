"""Would another made-up town give another answer? How far pairs' differences spread within a town and between towns."""

import pandas as pd

from familyabm import areas, levers, measures, simulation
from familyabm.parameters import DEFAULT

MEASURES = ["referrals", "looked_after", "harm", "failure_demand", "spend"]
WORLDS = [levers.find(name) for name in ("status-quo", "whole-system")]


def pairs(town: int, lucks: int, scale: float, years: int) -> pd.DataFrame:
    """Return the second world less the first in % of the first, a row a luck. `town` is the seed: families and past."""
    past, rows = simulation.past(areas.find("Wakefield"), DEFAULT, town, scale), []
    for luck in range(1, lucks + 1):
        lived = [simulation.live(past, world, 52 * years, luck).weekly for world in WORLDS]
        first, second = (measures.by_year(weekly, MEASURES).mean() for weekly in lived)
        rows.append(100.0 * (second - first) / first)
    return pd.DataFrame(rows)


def spreads(towns: int = 10, lucks: int = 4, scale: float = 0.1, years: int = 10) -> pd.DataFrame:
    """Return each measure's mean difference, the SD of pairs within a town, and that of what towns themselves add."""
    found = pd.concat({town: pairs(town, lucks, scale, years) for town in range(1, towns + 1)}, names=["town"])
    by_town = found.groupby("town")
    within = by_town.var().mean()
    between = (by_town.mean().var() - within / lucks).clip(lower=0.0)  # towns' means differ by luck too
    return pd.DataFrame({"difference": found.mean(), "within towns": within**0.5, "between towns": between**0.5})


if __name__ == "__main__":
    print(spreads().round(1))
