"""Fitting a council's area to its own returns: four multipliers, and no more than its returns can tell.

This is the only place where an authority's own outcomes are read before it is lived. What comes of it is an area file
that says so in its name, so that every output of it does; what was not fitted is shown as a check.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import levers, measures, multipliers, simulation
from familyabm.area_files import FIELDS, MOST, MULTIPLIERS
from familyabm.areas import Area
from familyabm.errors import InputError
from familyabm.parameters import Parameters
from familyabm.truth.outcomes import MEASURES, OUTCOMES, PREDICTED, Table
from familyabm.truth.validation import YEARS
from familyabm.truth.validation_ranges import SMALLEST
from familyabm.worlds import check_run

FITTED: Mapping[str, str] = {
    "referral_rate": "contacts", "cin_rate": "need", "cpp_rate": "plans", "cla_rate": "care",
}  # fmt: skip
"""The outcomes that are fitted, and the multiplier that each of them tells most of."""
FIRST_GUESS = np.array([[0.9, 0.0, 0.0, 0.0], [0.7, 0.8, 0.0, 0.0], [0.5, 0.2, 1.0, 0.0], [0.4, 0.1, 0.2, 0.8]])
"""How outcomes (rows) answer to multipliers (columns), both as logarithms, before anything is known better."""
STEP = 0.8
NEAR = 0.03
"""Mean error, as a logarithm, at which fitting ends: nearer than luck leaves it."""
MOST_ROUNDS = 12
Numbers = NDArray[np.float64]
Done = Callable[[int, int], None]


@dataclass(frozen=True)
class Fitted:
    """An area fitted to its own returns, and how near it came: a row per known outcome with before, after and actual.

    fitted: that the outcome was aimed at; the others are a check.
    """

    area: Area
    table: pd.DataFrame
    rounds: int
    at_their_ends: tuple[str, ...]
    where: str


def fit(
    place: Area, table: Table, parameters: Parameters, *, runs: int = 2, scale: float = 0.1, seed: int = 1,
    rounds: int = 6, done: Done | None = None,
) -> Fitted:  # fmt: skip
    """Find the multipliers with which an area comes nearest to its own returns.

    runs: pasts of each trial.  Raises InputError where the table does not know the area, or nothing that is fitted.
    """
    check_run(YEARS, runs)
    simulation.check_scale(place, scale)
    simulation.check_whole("seed", seed, 0, simulation.MAX_SEED - runs)
    simulation.check_whole("rounds", rounds, 1, MOST_ROUNDS)
    actual = _returns(place, table)
    aims = [column for column in FITTED if math.isfinite(actual.get(column, math.nan))]
    if not aims:
        raise InputError(
            f"{table.where} knows none of {', '.join(FITTED)} of {place.la_name}, and nothing else is fitted."
        )
    search = _Search(replace(place, multipliers=()), parameters, runs, scale, seed, aims, actual)
    tried = search.go(rounds, done)
    best = min(tried, key=lambda trial: trial.error)
    named = replace(best.area, la_name=name_of(place), la_code="own")
    return Fitted(
        named, _compared(tried[0].values, best.values, actual, aims), len(tried) - 1,
        tuple(multipliers.at_their_ends(parameters, named)), table.where,
    )  # fmt: skip


def name_of(place: Area) -> str:
    """Return the fitted area's name, which says on every output what it is."""
    return f"{place.la_name[:50].strip()}, fitted to its own figures"


def _returns(place: Area, table: Table) -> dict[str, float]:
    if place.la_name not in table.rows.index:
        raise InputError(f"{table.where} does not hold {place.la_name}; a row with its la_code or la_name is needed.")
    row = table.rows.loc[place.la_name].to_dict()
    return {str(column): float(value) for column, value in row.items()}


@dataclass(frozen=True)
class _Trial:
    """One set of multipliers, what came of it, and how far it is from the returns (mean, as a logarithm)."""

    area: Area
    values: Mapping[str, float]
    error: float


@dataclass(frozen=True)
class _Search:
    area: Area
    parameters: Parameters
    runs: int
    scale: float
    seed: int
    aims: list[str]
    actual: Mapping[str, float]

    def go(self, rounds: int, done: Done | None) -> list[_Trial]:
        """Step towards the returns with what is known of the slopes, and learn the slopes from each step (Broyden)."""
        rows = [list(FITTED).index(column) for column in self.aims]
        slopes, at = FIRST_GUESS[np.ix_(rows, rows)].copy(), np.zeros(len(rows))
        tried = [self._try(at)]
        self._say(done, 1, rounds)
        for number in range(rounds):
            if tried[-1].error < NEAR:
                break
            step = STEP * np.linalg.lstsq(slopes, -self._gap(tried[-1]), rcond=0.1)[0]
            step = np.clip(at + step, -math.log(MOST), math.log(MOST)) - at
            if not float(step @ step) > 0.0:
                break
            at = at + step
            tried.append(self._try(at))
            moved = self._gap(tried[-1]) - self._gap(tried[-2])
            slopes += 0.5 * np.outer(moved - slopes @ step, step) / float(step @ step)
            self._say(done, number + 2, rounds)
        return tried

    def _say(self, done: Done | None, number: int, rounds: int) -> None:
        if done is not None:
            done(number, rounds + 1)

    def _try(self, at: Numbers) -> _Trial:
        pairs = tuple((FITTED[column], round(float(np.exp(x)), 4)) for column, x in zip(self.aims, at, strict=True))
        area = replace(self.area, multipliers=pairs if np.any(at) else ())
        values = lived(area, self.parameters, self.runs, self.scale, self.seed)
        return _Trial(area, values, float(np.abs(self._gap_of(values)).mean()))

    def _gap(self, trial: _Trial) -> Numbers:
        return self._gap_of(trial.values)

    def _gap_of(self, values: Mapping[str, float]) -> Numbers:
        """Return the logarithms of answers less those of returns."""
        pairs = [(values[column], self.actual[column]) for column in self.aims]
        return np.array([math.log(max(SMALLEST, one)) - math.log(max(SMALLEST, other)) for one, other in pairs])


def lived(area: Area, parameters: Parameters, runs: int, scale: float, seed: int) -> dict[str, float]:
    """Return the model's answer to every outcome for an area, mean over years and pasts."""
    answers = []
    for number in range(seed, seed + runs):
        snapshot = simulation.live_past(area, parameters, number, scale)
        run = simulation.live(snapshot, levers.find("status-quo"), YEARS * 52)
        values = {str(name): float(value) for name, value in measures.by_year(run.weekly, MEASURES).mean().items()}
        answers.append({outcome.column: outcome.answer(values, area, parameters) for outcome in PREDICTED})
    return {column: fmean(answer[column] for answer in answers) for column in answers[0]}


def _compared(
    before: Mapping[str, float], after: Mapping[str, float], actual: Mapping[str, float], aims: list[str]
) -> pd.DataFrame:
    rows = [
        {"outcome": column, "title": OUTCOMES[column].title, "unit": OUTCOMES[column].unit, "fitted": column in aims,
         "before": before[column], "after": after[column], "actual": value}
        for column, value in actual.items()
        if column in after and math.isfinite(value)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def text_of(found: Fitted) -> str:
    """Return the fitted area as an area file, with what it was fitted to in its first lines."""
    own = [field.name for field in FIELDS if field.name not in found.area.filled]
    head = [
        f"# Fitted to its own figures in {found.where}: no prediction of this area.",
        "# Outcome: before, after, actual.",
    ]
    head += [
        f"# {row.title}{'' if row.fitted else ' (not fitted)'}: {row.before:.4g}, {row.after:.4g}, {row.actual:.4g}"
        for row in found.table.itertuples()
    ]
    lines = [f"{name} = {toml_value(getattr(found.area, name))}" for name in own]
    told = [f"{name} = {value!r}  # {MULTIPLIERS[name]}" for name, value in found.area.multipliers]
    return "\n".join([*head, "", *lines, "", "[multipliers]", *told, ""])


def toml_value(value: str | float) -> str:
    """Write a field of an area file as TOML has it."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
