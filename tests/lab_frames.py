"""Study results made from a function of the settings, so that what the lab finds in them is known beforehand."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from familyabm.lab import designs
from familyabm.lab.designs import Design
from familyabm.lab.factors import About, Factor

Function = Callable[[Any, np.random.Generator], float]
"""Takes a point's settings by name, and the luck's own draws at that point."""


def ishigami(x: Any, luck: np.random.Generator) -> float:
    """Return sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 (Ishigami and Homma 1990)."""
    return float(np.sin(x["x1"]) + 7.0 * np.sin(x["x2"]) ** 2 + 0.1 * x["x3"] ** 4 * np.sin(x["x1"]))


ISHIGAMI_FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
ISHIGAMI_TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}


@dataclass(frozen=True)
class Made:
    """What a StudyResults offers, over a function instead of lives."""

    study: Any
    factors: pd.DataFrame
    points: pd.DataFrame
    runs: pd.DataFrame
    values: dict[str, pd.Series] = field(default_factory=dict)
    folder: Path = Path("made")
    store: Any = field(default_factory=lambda: SimpleNamespace(id="0123456789abcdef" * 4))

    def outcome(
        self, measure: str, world: str | None = None, against: str | None = None, area: str | None = None
    ) -> pd.Series:
        one = self.values[f"{measure}/{world}"]
        return one - self.values[f"{measure}/{against}"] if against else one


def made(
    function: Function, factors: dict[str, tuple[float, float]], design: Design, lucks: int = 1, noise: float = 0.0,
    measure: str = "spend", grades: dict[str, str] | None = None,
    against: Function | None = None, years: int = 1,
) -> Made:  # fmt: skip
    """Return results of a function at a design's points; with `against`, of two worlds."""
    known = [Factor(name, low, high) for name, (low, high) in factors.items()]
    about = {name: About(name, "", "D", low, high, (low + high) / 2) for name, (low, high) in factors.items()}
    points = designs.points(design, known, about)
    worlds = {"world": function} if against is None else {"before": against, "world": function}
    series = {
        f"{measure}/{name}": _values(of, points, lucks, noise, 10 * design.seed + place)
        for place, (name, of) in enumerate(worlds.items())
    }
    rows = [
        {"address": f"{point}-{world}-{luck}", "point": point, "area": "Wakefield", "world": world, "luck": luck,
         "seed": 1, "status": "done", "error_type": "", "error": "", "seconds": 0.0, "repeat": ""}
        for point in points.index for luck in range(1, lucks + 1) for world in worlds
    ]  # fmt: skip
    table = pd.DataFrame(
        [("parameter", low, high, "share", (grades or {}).get(name, "D"), f"Setting {name}")
         for name, (low, high) in factors.items()],
        columns=["kind", "low", "high", "unit", "grade", "title"], index=pd.Index(factors, name="name"),
    )  # fmt: skip
    study = SimpleNamespace(
        name="made", title="A made study", question="", design=design, measures=(measure,), years=years, scale=1.0,
        worlds=tuple(SimpleNamespace(name=name, title=name.capitalize()) for name in worlds), areas=(SimpleNamespace(la_name="Wakefield", la_code="E08000036"),), seeds=(1,),
        lucks=tuple(range(1, lucks + 1)),
    )  # fmt: skip
    return Made(study, table, points, pd.DataFrame(rows), series)


def _values(function: Function, points: pd.DataFrame, lucks: int, noise: float, key: int) -> pd.Series:
    found = {}
    for point, row in points.iterrows():
        for luck in range(1, lucks + 1):
            rng = np.random.default_rng([int(point), luck, key])
            found[(point, luck)] = function(row, rng) + noise * rng.standard_normal()
    series = pd.Series(found, name="value")
    series.index.names = ["point", "luck"]
    return series


def broken(results: Made, failed: dict[int, str], nan: tuple[int, ...] = ()) -> Made:
    """Return the same results with failed runs at some points, and NaN at others, all of their first luck."""
    runs, values = results.runs.copy(), {}
    for point, error in failed.items():
        hit = (runs["point"] == point) & (runs["luck"] == 1)
        runs.loc[hit, ["status", "error_type", "error"]] = ["failed", "ZeroDivisionError", error]
    for point in nan:
        hit = (runs["point"] == point) & (runs["luck"] == 1)
        runs.loc[hit, "status"] = "not finite"
    for name, series in results.values.items():
        values[name] = series.copy()
        values[name].loc[[(point, 1) for point in (*failed, *nan)]] = np.nan
    return replace(results, runs=runs, values=values)
