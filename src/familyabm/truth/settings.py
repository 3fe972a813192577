"""Which parameters are unknown, and the scale on which they are drawn, searched and compared.

A place is where a value lies in its plausible range, 0 to 1; on a log scale where the range lies above 0. The prior of
an unknown parameter is normal about its default with a sixth of the range as its spread, cut off at the range's ends.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from familyabm.parameters import DEFAULT, REGISTER
from familyabm.parameters.register import Parameter

Places = NDArray[np.float64]
UNKNOWN = ("C", "D")
"""Grades of evidence that leave a parameter unknown within its range."""
POLICY = ("base",)
"""Groups that say what an authority chooses, not what is unknown."""
SPREAD = 1.0 / 6.0
"""Standard deviation of the prior, as a share of the range."""


def unknown() -> list[str]:
    """Return the addresses of the parameters whose values evidence leaves open."""
    return [
        address for address, entry in REGISTER.items()
        if entry.grade in UNKNOWN and address.partition(".")[0] not in POLICY and entry.low < entry.high
    ]  # fmt: skip


def levers() -> list[str]:
    """Return the addresses of the unknown sizes of levers' effects, which levels at status quo say little of."""
    return [address for address in unknown() if REGISTER[address].lever]


def place(entry: Parameter, value: float) -> float:
    """Return where a value lies in its parameter's range."""
    if entry.low > 0.0:
        return math.log(value / entry.low) / math.log(entry.high / entry.low)
    return (value - entry.low) / (entry.high - entry.low)


def value(entry: Parameter, at: float) -> float:
    """Return the value at a place, to six figures, so that a set is the same however it was written down."""
    at = min(1.0, max(0.0, at))
    raw = entry.low * (entry.high / entry.low) ** at if entry.low > 0.0 else entry.low + at * (entry.high - entry.low)
    return min(entry.high, max(entry.low, float(f"{raw:.6g}")))


def places(addresses: Iterable[str], values: Mapping[str, float] | None = None) -> Places:
    """Return the places of some parameters, by default of their defaults."""
    given = DEFAULT.values if values is None else values
    return np.array([place(REGISTER[address], given.get(address, DEFAULT[address])) for address in addresses])


def row(addresses: Sequence[str], at: Places) -> dict[str, float]:
    """Return values by address from their places."""
    return {address: value(REGISTER[address], float(spot)) for address, spot in zip(addresses, at, strict=True)}


def drawn(addresses: Sequence[str], n: int, random: np.random.Generator) -> Places:
    """Draw places from the prior: shape (n, parameters)."""
    from scipy.stats import truncnorm

    centre = places(addresses)
    low, high = -centre / SPREAD, (1.0 - centre) / SPREAD
    found: Places = truncnorm.rvs(low, high, centre, SPREAD, size=(n, len(centre)), random_state=random)
    return found
