"""Designs: which points of the factors' ranges a study visits.

Samples come from SALib and SciPy; what is ours is refusing a design that its analysis could not use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.errors import InputError, nearest, shown
from familyabm.lab.factors import About, Factor, Value

DESIGNS = ("single", "list", "grid", "factorial", "one-at-a-time", "latin-hypercube", "sobol", "morris")
RANDOM = ("latin-hypercube", "sobol", "morris")
MOST_POINTS = 1_000_000


@dataclass(frozen=True)
class Design:
    """How a study's points are chosen.

    kind: "single" (nothing varies), "list" (the rows given), "grid" (every mixture of the factors' values, or of
    `steps` of each range), "factorial" (every mixture of lowest and highest), "one-at-a-time" (as usual, then each
    factor lowest and highest), "latin-hypercube", "sobol" (`points` a power of two; `second_order` adds pairs of
    factors), "morris" (`points` trajectories over an even number of `levels`).
    rows: the points of a list, {factor: value}; a factor left out has its usual value.
    """

    kind: str = "single"
    points: int = 0
    seed: int = 1
    second_order: bool = False
    levels: int = 4
    steps: int = 3
    rows: tuple[Mapping[str, Value], ...] = ()


def together(design: Design, n: int) -> int:
    """Return how many points in a row were made together, of n factors: a Saltelli block, a trajectory, or one."""
    if design.kind == "sobol":
        return 2 * n + 2 if design.second_order else n + 2
    return n + 1 if design.kind == "morris" else 1


def size(design: Design, factors: Sequence[Factor]) -> int:
    """Return how many points a design has."""
    n = len(factors)
    whole = {
        "single": 1,
        "list": len(design.rows),
        "latin-hypercube": design.points,
        "sobol": design.points * together(design, n),
        "morris": design.points * together(design, n),
        "one-at-a-time": 1 + sum(len(factor.values) or 2 for factor in factors),
    }
    if design.kind in whole:
        return whole[design.kind]
    return int(np.prod([float(len(_steps(design, factor))) for factor in factors]))


def check(design: Design, factors: Sequence[Factor], known: Mapping[str, About], where: str) -> None:
    """Raise InputError unless the design can be made, and its analysis can use it."""
    if design.kind not in DESIGNS:
        hint = nearest(str(design.kind), DESIGNS)
        raise InputError(f"{where}: kind = {shown(design.kind)} is not a design{hint}; accepted: {', '.join(DESIGNS)}.")
    if (design.kind == "single") != (not factors):
        given = "factors are given" if factors else "no factor is given"
        raise InputError(f"{where}: kind = {design.kind!r} is not accepted where {given}; [[factors]] are what varies.")
    _check_numbers(design, factors, where)
    if design.kind in RANDOM:
        for factor in factors:
            if known[factor.name].words or factor.values:
                raise InputError(f"{where}: kind = {design.kind!r} draws from ranges, and {factor.name} has values.")
    if design.kind in ("list", "one-at-a-time"):
        _check_usual(design, factors, known, where)
    if size(design, factors) > MOST_POINTS:
        n = size(design, factors)
        raise InputError(f"{where}: kind = {design.kind!r} has {n:,} points; up to {MOST_POINTS:,} are accepted.")


def _check_numbers(design: Design, factors: Sequence[Factor], where: str) -> None:
    _whole(design.seed, "seed", where, 0, 2**32 - 1)
    if design.kind in RANDOM:
        _whole(design.points, "points", where, 1, MOST_POINTS)
    if design.kind == "latin-hypercube" and design.points < 2:
        raise InputError(f"{where}: points = {design.points} is too few for a Latin hypercube; 2 or more are accepted.")
    if design.kind == "sobol" and design.points & (design.points - 1):
        below = 2 ** (design.points.bit_length() - 1)
        raise InputError(
            f"{where}: points = {design.points} is not a power of two, and a Sobol design needs one; "
            f"{below} or {2 * below} would be accepted."
        )
    if design.kind == "morris":
        _whole(design.levels, "levels", where, 2, 100)
        if design.levels % 2:
            raise InputError(f"{where}: levels = {design.levels} is odd; an even number is accepted, usually 4.")
    if design.kind == "grid":
        _whole(design.steps, "steps", where, 2, 1000)
    if design.kind == "list" and not design.rows:
        raise InputError(f"{where}: rows is empty; a list of points, {{{factors[0].name} = …}} each, is accepted.")


def _whole(value: object, label: str, where: str, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{where}: {label} = {shown(value)} is not accepted; a whole number from {low} to {high} is.")


def _check_usual(design: Design, factors: Sequence[Factor], known: Mapping[str, About], where: str) -> None:
    """Refuse a point that leaves out a factor without a usual value, or has a value beyond its range."""
    names = [factor.name for factor in factors]
    for place, row in enumerate(design.rows, start=1):
        for name, value in row.items():
            if name not in names:
                hint = nearest(name, names)
                raise InputError(f"{where}: rows[{place}].{name} is not a factor of this study{hint}.")
            _check_value(value, known[name], f"{where}: rows[{place}].{name}")
    for name in names:
        everywhere = design.kind == "list" and all(name in row for row in design.rows)
        if known[name].usual is None and not everywhere:
            raise InputError(f"{where}: {name} differs by area, so it has no usual value; relative = true is accepted.")


def _check_value(value: Value, known: About, where: str) -> None:
    if known.words:
        if value not in known.words:
            raise InputError(f"{where} = {shown(value)} is not known; accepted: {', '.join(known.words)}.")
    elif isinstance(value, bool | str) or not known.low <= value <= known.high:
        raise InputError(f"{where} = {shown(value)} is outside {known.range}.")


def points(design: Design, factors: Sequence[Factor], known: Mapping[str, About]) -> pd.DataFrame:
    """Return the design's points: one row each, indexed `point` from 0, one column per factor in their order."""
    if design.kind in RANDOM:
        rows: Any = _sampled(design, factors, known)
    else:
        makers: Mapping[str, Callable[[Design, Sequence[Factor], Mapping[str, About]], list[tuple[Value, ...]]]] = {
            "single": lambda design, factors, known: [()], "list": _listed, "grid": _mixtures,
            "factorial": _mixtures, "one-at-a-time": _one_at_a_time,
        }  # fmt: skip
        rows = makers[design.kind](design, factors, known)
    index = pd.RangeIndex(len(rows), name="point")
    return pd.DataFrame(rows, columns=[factor.name for factor in factors], index=index)


def _listed(design: Design, factors: Sequence[Factor], known: Mapping[str, About]) -> list[tuple[Value, ...]]:
    return [tuple(row.get(factor.name, _usual(factor, known)) for factor in factors) for row in design.rows]


def _mixtures(design: Design, factors: Sequence[Factor], known: Mapping[str, About]) -> list[tuple[Value, ...]]:
    steps = [[_rounded(value, known[factor.name]) for value in _steps(design, factor)] for factor in factors]
    return list(product(*(dict.fromkeys(values) for values in steps)))


def _steps(design: Design, factor: Factor) -> list[Value]:
    """Return the values of a factor that are mixed with each other's."""
    if factor.values:
        return list(factor.values)
    n = 2 if design.kind == "factorial" else design.steps
    return [float(value) for value in np.linspace(*factor.bounds, n)]


def _one_at_a_time(design: Design, factors: Sequence[Factor], known: Mapping[str, About]) -> list[tuple[Value, ...]]:
    usual = tuple(_usual(factor, known) for factor in factors)
    rows = [usual]
    for place, factor in enumerate(factors):
        for value in factor.values or factor.bounds:
            rows.append((*usual[:place], _rounded(value, known[factor.name]), *usual[place + 1 :]))
    return rows


def _usual(factor: Factor, known: Mapping[str, About]) -> Value:
    usual = known[factor.name].usual
    assert usual is not None, factor.name
    return usual


def _rounded(value: Any, known: About) -> Value:
    exact: Value = round(value) if known.whole else value
    return exact


def problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """Return the factors as SALib's problem, for sampling and for analysis."""
    bounds = [list(factor.bounds) for factor in factors]
    return {"num_vars": len(factors), "names": [factor.name for factor in factors], "bounds": bounds}


def _sampled(design: Design, factors: Sequence[Factor], known: Mapping[str, About]) -> pd.DataFrame:
    """Draw the points; a draw that rounding put outside its range is put back, a whole factor made whole."""
    drawn = {"latin-hypercube": _latin, "sobol": _sobol, "morris": _morris}[design.kind](design, factors)
    table = pd.DataFrame(drawn, columns=[factor.name for factor in factors])
    for factor in factors:
        inside = table[factor.name].clip(factor.low, factor.high)
        table[factor.name] = inside.round().astype("int64") if known[factor.name].whole else inside
    return table


def _latin(design: Design, factors: Sequence[Factor]) -> NDArray[np.float64]:
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(len(factors), rng=np.random.default_rng(design.seed)).random(design.points)
    bounds = np.array(problem(factors)["bounds"])
    return np.asarray(bounds[:, 0] + drawn * (bounds[:, 1] - bounds[:, 0]))


def _sobol(design: Design, factors: Sequence[Factor]) -> NDArray[np.float64]:
    from SALib.sample import sobol

    return np.asarray(
        sobol.sample(problem(factors), design.points, calc_second_order=design.second_order, seed=design.seed)
    )


def _morris(design: Design, factors: Sequence[Factor]) -> NDArray[np.float64]:
    from SALib.sample import morris

    return np.asarray(morris.sample(problem(factors), design.points, num_levels=design.levels, seed=design.seed))
