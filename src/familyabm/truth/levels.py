"""Fitting the defaults to England's levels: regularised least squares with a secant update of the slopes.

The levels are smooth in the settings, so that slopes serve better than a blind search: the foremost settings are each
moved once (a finite difference), then steps are taken that lessen the weighted square of how far the targets are off,
kept short by a ridge and within the plausible ranges (Levenberg 1944; Marquardt 1963), and the slopes are mended by
what each step did (Broyden 1965). Several lengths of step are lived at once and the best is gone on from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from familyabm.errors import InputError
from familyabm.parameters import DEFAULT, REGISTER
from familyabm.truth import matching, measuring, settings, targets
from familyabm.truth.emulation import Numbers
from familyabm.truth.measuring import Say, Tell

MOVE = 0.06
"""How far each setting is moved for its slope, as a share of its range."""
RIDGES = (0.3, 1.0, 3.0, 10.0)
"""Penalties tried at every step, per squared tenth of a range."""
LONGEST = 0.15
"""The most that a setting moves in one step, as a share of its range."""
ROBUST = 2.0
"""Tolerances from which on a target counts by its distance, no more by its square."""


@dataclass(frozen=True)
class Asked:
    """What is fitted: how many of the foremost settings, steps, and the size of the runs."""

    n: int = 60
    steps: int = 8
    scale: float = 0.4
    lucks: int = 4
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be fitted."""
        if not 1 <= self.n <= 400 or not 1 <= self.steps <= 100:
            raise InputError(
                f"--settings {self.n} and --steps {self.steps} are not accepted; 1 to 400 settings and 1 to 100 "
                "steps are."
            )


@dataclass(frozen=True)
class Fitted:
    """What came of a fit.  places: (settings,) of the best point.  distance: of the defaults, then after each step.

    before, after: values of every target with the defaults and at the best point, with families and lucks that the fit
    never saw, because the best of many looks better than it is.
    """

    names: list[str]
    places: Numbers = field(repr=False)
    before: pd.Series = field(repr=False)
    after: pd.Series = field(repr=False)
    distance: list[float]

    @property
    def unseen(self) -> tuple[float, float]:
        """Return the distance before and after with lucks that the fit never saw."""
        both = np.nan_to_num(matching.offs(pd.DataFrame([self.before, self.after])))
        return distance(both[0]), distance(both[1])

    @property
    def changed(self) -> dict[str, float]:
        """Return the settings that moved, with their new values."""
        new = settings.row(self.names, self.places)
        old = settings.places(self.names)
        moved = np.abs(self.places - old) > 1e-9
        return {name: new[name] for name, has in zip(self.names, moved, strict=True) if has}

    @property
    def table(self) -> pd.DataFrame:
        """Return one row per target: value wanted and accepted, before, after, and how far off each, in tolerances."""
        rows = []
        for target in measuring.measured():
            before, after = float(self.before[target.code]), float(self.after[target.code])
            rows.append({
                "code": target.code, "statement": target.statement, "unit": target.unit, "value": target.value,
                "low": target.low, "high": target.high, "before": before, "after": after,
                "off_before": target.off(before) if target.fitted else float("nan"),
                "off_after": target.off(after) if target.fitted else float("nan"),
                "holds": bool(target.low <= after <= target.high),
            })  # fmt: skip
        return pd.DataFrame(rows)


def distance(off: Numbers) -> float:
    """Return the weighted distance of targets: root mean square, with those far off counted less (Huber 1964)."""
    size = np.abs(off)
    loss = np.where(size <= ROBUST, size**2, 2.0 * ROBUST * size - ROBUST**2)
    return float(np.sqrt(np.average(loss, weights=_known())))


def _known() -> Numbers:
    return np.array([targets.find(code).known for code in matching.fitted_codes()])


def step(slopes: Numbers, off: Numbers, at: Numbers, ridge: float) -> Numbers:
    """Return the step that lessens how far the targets are off, within ranges and no longer than is trusted.

    slopes: (targets, settings) tolerances per range.  off: (targets,).  at: (settings,) places.
    """
    from scipy.optimize import lsq_linear

    weight = np.sqrt(_known() * np.minimum(1.0, ROBUST / np.maximum(1e-9, np.abs(off))))
    penalty = np.sqrt(ridge) * 10.0 * np.eye(len(at)) / np.sqrt(len(at))
    whole = np.vstack([slopes * weight[:, None], penalty])
    wanted = np.concatenate([-off * weight, np.zeros(len(at))])
    low, high = np.maximum(-LONGEST, -at), np.minimum(LONGEST, 1.0 - at)
    found: Numbers = lsq_linear(whole, wanted, (np.minimum(low, -1e-9), np.maximum(high, 1e-9))).x
    return np.asarray(np.clip(found, low, high))


def mended(slopes: Numbers, moved: Numbers, change: Numbers) -> Numbers:
    """Return slopes that foretell what a step did (Broyden's update)."""
    size = float(moved @ moved)
    return slopes if size == 0.0 else slopes + np.outer(change - slopes @ moved, moved) / size


def fit(
    folder: Path, asked: Asked, workers: int = 0, tell: Tell = lambda progress: None, say: Say = lambda text: None
) -> Fitted:
    """Fit the foremost settings to the targets, going on from what the folder holds."""
    names = matching.active(asked.n)
    start = settings.places(names)
    aside = start + np.where(start < 0.5, MOVE, -MOVE)
    points = np.vstack([start, np.where(np.eye(len(names), dtype=bool), aside, start)])
    values = _live(folder / "slopes", names, points, asked, workers, tell, say)
    offs = matching.offs(values)
    slopes = np.nan_to_num((offs[1:] - offs[0]).T / (aside - start))
    at, off = start, np.nan_to_num(offs[0])
    run = [distance(off)]
    say(f"The defaults are {run[0]:.2f} tolerances off.")
    for number in range(1, asked.steps + 1):
        tried = np.array([at + step(slopes, off, at, ridge) for ridge in RIDGES])
        values = _live(folder / f"step-{number}", names, tried, asked, workers, tell, say)
        offs = np.nan_to_num(matching.offs(values))
        order = np.argsort([distance(one) for one in offs])
        for one in order[::-1]:
            slopes = mended(slopes, tried[one] - at, offs[one] - off)
        if distance(offs[order[0]]) < run[-1]:
            at, off = tried[order[0]], offs[order[0]]
        run.append(distance(off))
        say(f"Step {number}: {run[-1]:.2f} tolerances off.")
    unseen = replace(asked, seed=asked.seed + 1)
    both = _live(folder / "unseen", names, np.array([start, at]), unseen, workers, tell, say)
    found = Fitted(names, at, both.iloc[0], both.iloc[-1], run)
    say(f"With lucks that the fit never saw: {found.unseen[0]:.2f} tolerances off before, {found.unseen[1]:.2f} after.")
    return found


def check_better(found: Fitted) -> None:
    """Refuse a fit that is no nearer to the targets with lucks that it never saw: it has only learnt luck."""
    before, after = found.unseen
    if not after < before:
        raise InputError(
            f"--apply is refused: with lucks that the fit never saw the targets are {after:.2f} tolerances off after "
            f"it, and {before:.2f} before; more --lucks or a larger --scale leave less to luck."
        )


def _live(
    folder: Path, names: list[str], points: Numbers, asked: Asked, workers: int, tell: Tell, say: Say
) -> pd.DataFrame:
    rows = [settings.row(names, point) for point in points]
    study = measuring.study_of(f"Fit: {folder.name}", rows, scale=asked.scale, lucks=asked.lucks, seed=asked.seed)
    values = measuring.values(measuring.live(study, folder, workers, tell, say)).groupby(level="point").mean()
    if len(values) < len(rows):
        raise InputError(f"{folder}: {len(rows) - len(values)} points could not be lived; 'study status' says why.")
    return values


def as_toml(changes: Mapping[str, float], before: float, after: float) -> str:
    """Return changed settings as the [set] of a study, which --set takes one by one."""
    lines = [
        f"# Fitted to England's levels: {before:.2f} tolerances off before, {after:.2f} after, with unseen lucks.",
        "[set]",
    ]  # fmt: skip
    lines += [
        f'"{name}" = {value!r}  # {REGISTER[name].unit}; was {DEFAULT[name]!r}' for name, value in changes.items()
    ]
    return "\n".join(lines) + "\n"
