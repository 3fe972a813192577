"""Numbers drawn for many rows at once, each from the address of its own row."""

import math

import numpy as np
from numpy.typing import NDArray

from familyabm.luck import philox
from familyabm.newcomers import key_of


def uniforms(fate: NDArray[np.uint64], keys: NDArray[np.uint64], block: int) -> NDArray[np.float64]:
    """Return the (n, 4) addressed uniform numbers of n keys at week 0 in one block."""
    rows = [
        philox(key & np.uint64(0xFFFFFFFF), key >> np.uint64(32), np.uint64(0), np.uint64(block), *fate) for key in keys
    ]
    return (np.array(rows, dtype=np.float64).reshape(-1, 4) + 0.5) * 2.0**-32


def bells(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n,) standard normal numbers from the first two columns of (n, 4) uniforms."""
    return np.array([math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b) for a, b in u[:, :2]])


def keys_of(kind: int, n: int) -> NDArray[np.uint64]:
    """Return the keys of n agents of a kind."""
    return np.array([key_of(kind, number, 0) for number in range(n)], dtype=np.uint64)


def erfinv(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse error function, by Newton's method on math.erf."""
    y = np.zeros_like(x)
    for _ in range(60):
        error = np.array([math.erf(value) for value in y]) - x
        y = np.clip(y - error * math.sqrt(math.pi) / 2.0 * np.exp(y * y), -5.0, 5.0)
    return y
