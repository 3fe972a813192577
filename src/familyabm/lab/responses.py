"""What one measure came to at every point of a study under every luck, and which points have no answer.

A point counts only if every luck of it came to a finite value: a mean over fewer lucks would differ from its
neighbours' by luck alone. What does not count is named, never filled in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import lives
from familyabm.errors import InputError, nearest
from familyabm.lab import designs
from familyabm.lab.results import check_measure

Numbers = NDArray[np.float64]
NOT_RUN = "not run yet"
NOT_FINITE = "not a finite number"
FEWEST_POINTS = 10
SHOWN = 5
"""How many points a sentence names before it counts the rest."""


@dataclass(frozen=True)
class Response:
    """One measure over a study's points.

    factors: one row a setting: kind, low, high, unit, grade, title.  points: one row a point, one column a setting.
    values: (points, lucks), NaN where there is no answer.  why: what went wrong, by point.  size: points in a row
    that a design made together and that are alike (a Saltelli block, a trajectory): whatever is drawn again, mixed or
    kept for a test is whole blocks, because single points would look like more evidence than they are.
    world, against, area: what the values are of; with `against` they are differences within pairs.
    """

    measure: str
    factors: pd.DataFrame = field(repr=False)
    points: pd.DataFrame = field(repr=False)
    values: pd.DataFrame = field(repr=False)
    why: dict[int, str] = field(default_factory=dict, repr=False)
    world: str = ""
    against: str = ""
    area: str = ""
    size: int = 1

    @property
    def title(self) -> str:
        """Return the measure as people read it."""
        return lives.title(self.measure) if self.measure in lives.OUTCOMES else self.measure

    @property
    def unit(self) -> str:
        """Return the measure's unit."""
        return lives.unit(self.measure) if self.measure in lives.OUTCOMES else ""

    @property
    def of(self) -> str:
        """Say which world's value it is, or which world's less which other's."""
        worlds = f"{self.world} less {self.against}" if self.against else self.world
        return ", ".join(part for part in (self.area, worlds) if part)

    @cached_property
    def whole(self) -> NDArray[np.bool_]:
        """Return which points have a finite value under every luck."""
        if self.values.shape[1] == 0:
            return np.zeros(len(self.points), dtype=np.bool_)
        return np.asarray(np.isfinite(self.table).all(axis=1))

    @cached_property
    def table(self) -> Numbers:
        """Return the values as an array, shape (points, lucks)."""
        return self.values.reindex(self.points.index).to_numpy(dtype=np.float64)

    @cached_property
    def block(self) -> NDArray[np.int64]:
        """Return the number of each whole point's block, from 0 without gaps, in the order of the points."""
        places = np.flatnonzero(self.whole) // self.size
        return np.unique(places, return_inverse=True)[1].astype(np.int64)

    @property
    def lucks(self) -> int:
        """Return the number of lucks."""
        return self.values.shape[1]

    @cached_property
    def means(self) -> Numbers:
        """Return each whole point's mean over its lucks, in the order of the points."""
        means: Numbers = self.table[self.whole].mean(axis=1)
        return means

    @cached_property
    def lost(self) -> pd.DataFrame:
        """Return the points that do not count, with their settings in words and what went wrong."""
        numbers = [int(point) for point in self.points.index[~self.whole]]
        rows = [(point, settings(self.points, point), self.why.get(point, NOT_FINITE)) for point in numbers]
        return pd.DataFrame(rows, columns=["point", "settings", "why"])

    def coded(self) -> pd.DataFrame:
        """Return the points with words as whole numbers, in the order in which they first appear."""
        as_numbers = {
            name: column if column.dtype.kind in "if" else pd.factorize(column)[0]
            for name, column in self.points.items()
        }
        return pd.DataFrame(as_numbers, index=self.points.index)

    def numeric(self) -> list[str]:
        """Return the settings that are numbers and are varied."""
        kept = [name for name in self.points if self.points[name].dtype.kind in "if"]
        return [str(name) for name in kept if self.points[name].nunique() > 1]

    def varied(self) -> list[str]:
        """Return the settings that are varied, numbers and words."""
        return [str(name) for name in self.points if self.points[name].nunique() > 1]

    def check_enough(self, least: int = FEWEST_POINTS, purpose: str = "a ranking") -> None:
        """Raise InputError unless enough points count and their values differ.  purpose: what they are needed for."""
        n = int(self.whole.sum())
        if n < least:
            raise InputError(
                f"{self.measure}: {n} of {len(self.points)} points have a finite value under every luck; "
                f"{least} or more are needed for {purpose}{named(self.lost)}."
            )
        if np.ptp(self.means) <= 1e-12 * max(1.0, float(np.abs(self.means).max())):
            raise InputError(
                f"{self.measure} is {self.means[0]:g} at every point; there is no difference to account for."
            )


def settings(points: pd.DataFrame, point: int) -> str:
    """Write a point's settings."""
    row: dict[str, Any] = {str(name): points.at[point, name] for name in points}
    return ", ".join(
        f"{name} = {value:g}" if isinstance(value, float) else f"{name} = {value}" for name, value in row.items()
    )


def named(lost: pd.DataFrame) -> str:
    """Name points that do not count, as the end of a sentence; nothing where there are none."""
    if lost.empty:
        return ""
    told = [f"{row.point} ({row.why})" for row in lost.head(SHOWN).itertuples()]
    more = f" and {len(lost) - SHOWN} more" if len(lost) > SHOWN else ""
    return f"; without an answer: point {', '.join(told)}{more}"


def response(
    results: Any, measure: str, world: str | None = None, against: str | None = None, area: str | None = None
) -> Response:
    """Read one measure from a study's results.

    results: a StudyResults.  world: by default the last of the study's worlds, less the first where there are more
    than one.  Raises InputError for a name that the study does not hold.
    """
    study = results.study
    place = _one_of(area, [entry.la_name for entry in study.areas], "area", needed=True)
    worlds = [entry.name for entry in study.worlds]
    chosen = _one_of(world, worlds, "world") or worlds[-1]
    other = _one_of(against, worlds, "against")
    if world is None and against is None and len(worlds) > 1:
        other = worlds[0]
    if other == chosen:
        raise InputError(f"against = {other!r} is the world itself; another world of the study would be accepted.")
    found = results.outcome(check_measure(study.measures, measure), world=chosen, against=other, area=place)
    values = found.unstack("luck").reindex(results.points.index)
    values = values.where(np.isfinite(values.to_numpy(dtype=np.float64)))
    runs = results.runs
    part = runs[(runs["area"] == place) & runs["world"].isin([chosen, other])]
    return Response(
        measure, results.factors, results.points, values, _why(part, values), chosen, other or "", place or "",
        designs.together(study.design, results.points.shape[1]),
    )  # fmt: skip


def _why(runs: pd.DataFrame, values: pd.DataFrame) -> dict[int, str]:
    """Say what went wrong at each point without an answer under some luck: the first error, or that it has not run."""
    why: dict[int, str] = {}
    for row in runs[runs["status"] != "done"].itertuples():
        told = f"{row.error_type}: {row.error}" if str(row.status) == "failed" else str(row.status)
        why.setdefault(int(cast(int, row.point)), told)
    done = runs.loc[runs["status"] == "done", "point"].value_counts()
    for point in values.index[values.isna().any(axis=1)]:
        if int(point) not in why and done.get(point, 0) < values.shape[1] * max(1, runs["world"].nunique()):
            why[int(point)] = NOT_RUN
    return why


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


def _one_of(given: str | None, known: list[str], what: str, needed: bool = False) -> str | None:
    """Return a name that the study holds; without one, the only one there is."""
    if given is None:
        if needed and len(known) > 1:
            raise InputError(f"the study holds {len(known)} {what}s; one of {_list(known)} is needed as {what}.")
        return known[0] if needed and known else None
    if given not in known:
        raise InputError(f"{what} {given!r} is not in this study{nearest(given, known)}; it holds {_list(known)}.")
    return given
