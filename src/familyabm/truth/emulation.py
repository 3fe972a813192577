"""Straight-line emulators of the targets, and draws of settings that the targets allow.

Places are counted from the defaults in units of the prior's spread, and targets in tolerances off (`Target.off`), so
that both are of order one. The emulator is a ridge regression whose penalty is chosen by leaving each run out in turn;
what it misses, luck included, is its noise. Draws follow Oliver, He and Reynolds 1996 (randomised maximum likelihood),
which is exact where the emulator is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
PENALTIES = np.logspace(-1.0, 4.0, 21)
FARTHEST = 8.0
"""Tolerances beyond which being farther off tells nothing more."""


@dataclass(frozen=True)
class Emulator:
    """What each target comes to: level + weights @ x, off by noise.

    level, noise, explained: (targets,).  weights: (targets, settings).  explained: share of the variance over runs that
    is foretold of a run left out.
    """

    level: Numbers
    weights: Numbers
    noise: Numbers
    explained: Numbers

    def at(self, x: Numbers) -> Numbers:
        """Return the targets' expected offs at settings x: (n, settings) to (n, targets)."""
        return np.asarray(self.level + x @ self.weights.T)


def fit(x: Numbers, off: Numbers) -> Emulator:
    """Fit an emulator to runs.  x: (runs, settings).  off: (runs, targets); NaN where a target was not measured."""
    fitted = [_fit_one(x, np.clip(column, -FARTHEST, FARTHEST)) for column in off.T]
    level, weights, noise, explained = (np.array(part) for part in zip(*fitted, strict=True))
    return Emulator(level, weights, noise, explained)


def _fit_one(x: Numbers, off: Numbers) -> tuple[float, Numbers, float, float]:
    known = ~np.isnan(off)
    x, off = x[known], off[known]
    middle, level = x.mean(axis=0), off.mean()
    u, size, v = np.linalg.svd(x - middle, full_matrices=False)
    turned = u.T @ (off - level)
    best = min((_left_out(u, size, turned, off - level, penalty), penalty) for penalty in PENALTIES)
    weights = v.T @ (size / (size**2 + best[1]) * turned)
    variance = float(off.var()) or 1.0
    return level - middle @ weights, weights, float(np.sqrt(best[0])), 1.0 - best[0] / variance


def _left_out(u: Numbers, size: Numbers, turned: Numbers, off: Numbers, penalty: float) -> float:
    """Return the mean square error of each run foretold from all the others."""
    kept = size**2 / (size**2 + penalty)
    hat = (u**2) @ kept + 1.0 / len(off)
    missed = (off - u @ (kept * turned)) / np.maximum(1e-6, 1.0 - hat)
    return float(np.mean(missed**2))


def allowed(emulator: Emulator, x: Numbers, spread: Numbers, random: np.random.Generator) -> Numbers:
    """Move draws from the prior to where the targets allow them to be.

    x: (n, settings) from the prior, standard normal.  spread: (targets,) how far off each may be, one standard
    deviation, without the emulator's own noise.
    """
    variance = spread**2 + emulator.noise**2
    gain = emulator.weights.T @ np.linalg.inv(emulator.weights @ emulator.weights.T + np.diag(variance))
    wanted = random.normal(size=(len(x), len(variance))) * np.sqrt(variance)
    return np.asarray(x + (wanted - emulator.at(x)) @ gain.T)
