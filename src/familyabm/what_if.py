"""What if an assumption is wrong? The comparison of two worlds, made again without each assumption in turn.

An assumption is left out of the past as well as of both worlds; the lucks are the same throughout, so that a
move of the difference is worked out luck by luck.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import areas, levers, lives, simulation, takeouts, worlds
from familyabm.areas import Area
from familyabm.errors import InputError
from familyabm.levers import Scenario
from familyabm.lives import Ask, Done
from familyabm.parameters import DEFAULT, Parameters
from familyabm.simulation import Snapshot
from familyabm.takeouts import TakeOut

HEADLINES = ("care_starts", "looked_after", "spend", "harm", "failure_demand")
CHANGES_SIGN, SHRINKS, GROWS, HOLDS = "turns round", "shrinks", "grows", "no clear change"
TOO_FEW = "too few lucks"
Ends = NDArray[np.float64]
"""What both worlds came to, shape (lucks, 2, outcomes)."""


@dataclass(frozen=True)
class WhatIf:
    """Two worlds compared as the model comes, and without each assumption; frames are worked out from the arrays."""

    snapshot: Snapshot
    a: Scenario
    b: Scenario
    years: int
    runs: int
    outcomes: tuple[str, ...]
    asked: int
    address: str
    as_it_is: Ends = field(repr=False)
    without: dict[str, Ends] = field(repr=False)

    @property
    def area(self) -> Area:
        """Return the area."""
        return self.snapshot.area

    @cached_property
    def whole(self) -> pd.DataFrame:
        """Return one row per outcome as the model comes: a, b, and the difference with its interval."""
        rows = [
            {"outcome": name, "title": lives.title(name), "unit": lives.unit(name)} | _ends(self.as_it_is[:, :, place])
            for place, name in enumerate(self.outcomes)
        ]
        return pd.DataFrame(rows).set_index("outcome")

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return (assumption, outcome) rows: a, b and the difference without it, how far that moved, and what became.

        percent: the difference in percent of world A, for without an assumption world A too lies elsewhere.
        became: "no clear change", "shrinks" or "grows" by more than luck, "turns round", or "too few lucks".
        """
        rows = [
            self._row(takeouts.find(name), ends, place)
            for name, ends in self.without.items() for place in range(len(self.outcomes))
        ]  # fmt: skip
        return pd.DataFrame(rows)

    def _row(self, entry: TakeOut, ends: Ends, place: int) -> dict[str, Any]:
        first, now = self.as_it_is[:, :, place], ends[:, :, place]
        moved = worlds.interval(_difference(now) - _difference(first), "move")
        row: dict[str, Any] = (
            {"assumption": entry.name, "outcome": self.outcomes[place], "grade": entry.grade} | _ends(now) | moved
        )
        with_it = _mean(_difference(first))
        enough = len(first) >= worlds.FEWEST_PAIRS
        row["became"] = became(with_it, row["difference_low"], row["difference_high"], moved) if enough else TOO_FEW
        return row


def became(with_it: float, low: float, high: float, moved: dict[str, float]) -> str:
    """Say what became of a difference; the intervals decide, so that luck alone is never called a change."""
    if not (moved["move_low"] > 0.0 or moved["move_high"] < 0.0):
        return HOLDS
    if low * with_it < 0.0 and high * with_it < 0.0:
        return CHANGES_SIGN
    return SHRINKS if moved["move"] * with_it < 0.0 else GROWS


def _difference(ends: Ends) -> NDArray[np.float64]:
    return np.asarray(ends[:, 1] - ends[:, 0])


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _ends(ends: Ends) -> dict[str, float]:
    a, b, spread = _mean(ends[:, 0]), _mean(ends[:, 1]), worlds.interval(_difference(ends), "difference")
    return {"a": a, "b": b} | spread | {"percent": 100.0 * spread["difference"] / a if a else float("nan")}


def try_each(
    area: str | Area, a: str | Scenario = "status-quo", b: str | Scenario = "whole-system", runs: int = 10,
    seed: int = 1, *, names: Iterable[str] = (), years: int = 10, scale: float = 1.0,
    outcomes: Iterable[str] = HEADLINES, parameters: Parameters = DEFAULT, workers: int | None = None,
    done: Done | None = None,
) -> WhatIf:  # fmt: skip
    """Compare two worlds as the model comes, and again without each assumption.

    names: assumptions, by default all that can be taken out.  runs: lucks, the same throughout.
    done: called as done(finished, asked) after each comparison.  Ctrl-C keeps the finished ones.
    """
    worlds.check_run(years, runs)
    wanted = lives.check_outcomes(outcomes)
    one, other = (levers.find(world) if isinstance(world, str) else world for world in (a, b))
    place = areas.find(area) if isinstance(area, str) else area
    tried = [takeouts.find(name).name for name in names] or list(takeouts.TAKE_OUTS)
    found: dict[str, Ends] = {}
    first: Snapshot | None = None
    try:
        for name in ("", *dict.fromkeys(tried)):
            past = simulation.past(place, takeouts.applied(parameters, [name] if name else []), seed, scale)
            first = first or past
            found[name] = both(past, one, other, years, runs, wanted, workers)
            if done is not None:
                done(len(found), len(tried) + 1)
    except KeyboardInterrupt:
        pass
    if first is None or len(found) < 2:
        raise InputError(f"none of the {len(tried)} assumptions had been tried when it was stopped.")
    address = simulation._hash(first.address, one.as_address(), other.as_address(), years, runs, wanted, list(found))
    return WhatIf(first, one, other, years, runs, wanted, len(tried), address, found.pop(""), found)


def both(
    past: Snapshot, a: Scenario, b: Scenario, years: int, runs: int, outcomes: tuple[str, ...], workers: int | None
) -> Ends:
    """Live both worlds with every luck; all of it or, when interrupted, none of it."""
    asks = [[Ask(past, world, number, years) for world in (a, b)] for number in range(1, runs + 1)]
    values = lives.live_all([ask for pair in asks for ask in pair], workers)
    columns = lives.columns(outcomes)
    if any(ask.address not in values for pair in asks for ask in pair):
        raise KeyboardInterrupt
    return np.array([[values[ask.address][columns] for ask in pair] for pair in asks])
