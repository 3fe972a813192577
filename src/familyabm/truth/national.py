"""England's path from 2010 to 2025, driven by what came from outside: early help's money, poverty, police notification.

The model's past is one of today's services. So the path starts with some years in which the drivers stand where they
stood in 2010, for the system to settle there, and only then do they move from year to year as they were published;
before a series begins and after it ends they stay as they were. What else changed in those years (the number of
social workers, foster care's supply, law and guidance, the pandemic) is not driven: where the path is missed, it may
be for that.
"""

from collections.abc import Callable
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import areas, measures, simulation
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT, Parameters
from familyabm.shocks import Shock
from familyabm.tables import WEEKS_A_YEAR

FIRST, LAST = 2010, 2025
SETTLING = 6
"""Years with the drivers of the first year, before the path begins."""
Numbers = NDArray[np.float64]


@cache
def published() -> pd.DataFrame:
    """Return the published series: kind ("input" or "outcome"), name, year, value, unit and source."""
    with (resources.files("familyabm") / "data" / "national.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def yearly(name: str) -> Numbers:
    """Return a driver for every year from 2010 to 2025: gaps drawn straight across, ends kept."""
    rows = published()[published()["name"] == name]
    found: Numbers = np.interp(np.arange(FIRST, LAST + 1), rows["year"], rows["value"])
    return found


def drivers() -> pd.DataFrame:
    """Return what drives each year, against 2025: early_help_funding and notify as ratios, poverty in points.

    Notification is the police's share of referrals times the rate of referrals.
    """
    money, poverty = yearly("early_help_funding"), yearly("poverty")
    notified = yearly("police") * yearly("referrals")
    table = {
        "early_help_funding": money / money[-1],
        "poverty": poverty - poverty[-1],
        "notify": notified / notified[-1],
    }
    return pd.DataFrame(table, index=pd.RangeIndex(FIRST, LAST + 1, name="year"))


def scenario() -> Scenario:
    """Return the path as a scenario: a step to 2010 in the first week, then a ramp in every year."""
    table = drivers()
    shocks: list[Shock] = []
    for what in table:
        course = table[what].to_numpy()
        shocks += _steps(str(what), course)
    return Scenario("national-path", "England, 2010 to 2025", "Driven by what was published.", {}, tuple(shocks), {})


def _steps(what: str, course: Numbers) -> list[Shock]:
    """Return shocks that compose to a course by year: ratios multiply, points add up."""
    adds = what == "poverty"
    moves = np.diff(course, prepend=0.0) if adds else course / np.concatenate([[1.0], course[:-1]])
    made = []
    for number, move in enumerate(moves):
        if move == (0.0 if adds else 1.0):
            continue
        week = 0 if number == 0 else (SETTLING + number - 1) * WEEKS_A_YEAR
        made.append(
            Shock(what, "all", 1.0 if adds else float(move), week, 1 if number == 0 else WEEKS_A_YEAR,
                  "step" if number == 0 else "ramp", True, float(move) if adds else 0.0)
        )  # fmt: skip
    return made


def path(
    runs: int = 4, *, area: str = "England", scale: float = 0.2, seed: int = 1, parameters: Parameters = DEFAULT,
    done: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Live the path and return (measure, year) rows: published, and the model's mean, low and high over lucks.

    mean_index, published_index: each against its own last year, as a ratio; a path is of changes first.
    """
    simulation.check_whole("runs", runs, 1, 100)
    snapshot = simulation.past(areas.find(area), parameters, seed, scale)
    world, weeks = scenario(), (SETTLING + LAST - FIRST) * WEEKS_A_YEAR
    lived = []
    for number in range(1, runs + 1):
        lived.append(measures.by_year(simulation.live(snapshot, world, weeks, number).weekly).iloc[SETTLING - 1 :])
        if done is not None:
            done(number, runs)
    outcomes = published()[published()["kind"] == "outcome"]
    return pd.concat([_against(str(name), rows, lived) for name, rows in outcomes.groupby("name", sort=False)])


def _against(name: str, rows: pd.DataFrame, lived: list[pd.DataFrame]) -> pd.DataFrame:
    """Return one measure's years beside what was published of them."""
    values = np.array([frame[name].to_numpy(dtype=float) for frame in lived])
    table = pd.DataFrame({
        "measure": name, "year": range(FIRST, LAST + 1), "mean": values.mean(axis=0), "low": values.min(axis=0),
        "high": values.max(axis=0),
    })  # fmt: skip
    table = table.merge(rows[["year", "value"]].rename(columns={"value": "published"}), on="year", how="left")
    last = table.dropna().iloc[-1]
    return table.assign(mean_index=table["mean"] / last["mean"], published_index=table["published"] / last["published"])
