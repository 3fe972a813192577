"""Designs whose points belong together: a block with a point that has no answer is left out whole, and named.

One NaN turns all of SALib's Sobol indices into zeros without a word, so that no incomplete block reaches it.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.errors import InputError
from familyabm.lab.responses import Response, named

LEAST_SHARE = 0.5
"""The share of blocks that must be left: points fail for reasons, and what is left may not stand for the rest."""


@dataclass(frozen=True)
class Blocks:
    """The blocks that are whole.  rows: places of their points, shape (blocks, size); left_out: numbers of others."""

    rows: NDArray[np.int64] = field(repr=False)
    left_out: list[int]
    asked: int
    kinds: str
    lost: pd.DataFrame = field(repr=False)

    def sentence(self) -> str:
        """Say what was left out; nothing if nothing was."""
        if not self.left_out:
            return ""
        numbers = ", ".join(str(number) for number in self.left_out[:10])
        more = f" and {len(self.left_out) - 10} more" if len(self.left_out) > 10 else ""
        return (
            f"{len(self.left_out)} of {self.asked} {self.kinds} were left out whole (number {numbers}{more})"
            f"{named(self.lost)}. Points fail for reasons, so the rest may not stand for them."
        )


def whole_blocks(response: Response, size: int, kinds: str, fewest: int) -> Blocks:
    """Return the blocks of `size` points in a row that have every answer.

    Raises InputError if the points are no multiple of the size, or too few blocks are left, naming the points.
    """
    asked, rest = divmod(len(response.points), size)
    if rest or not asked:
        raise InputError(
            f"{len(response.points)} points are no whole number of {kinds} of {size}; the study's own design is needed."
        )
    fine = response.whole.reshape(asked, size).all(axis=1)
    rows = np.arange(asked * size).reshape(asked, size)[fine]
    left_out = [int(place) for place in np.flatnonzero(~fine)]
    needed = max(fewest, int(np.ceil(LEAST_SHARE * asked)))
    if len(rows) < needed:
        raise InputError(
            f"{response.measure}: {len(rows)} of {asked} {kinds} are whole and {needed} are needed"
            f"{named(response.lost)}."
        )
    return Blocks(rows, left_out, asked, kinds, response.lost)
