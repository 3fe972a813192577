"""Which lever does how much of the difference between two worlds: alone, last, and on average over all orders.

Every figure is worked out luck by luck and only then averaged, so that the parts of a pair add up to that
pair's whole difference exactly, whatever is drawn and however few orders are walked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from math import factorial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import areas, levers, lives, simulation, worlds
from familyabm.areas import Area
from familyabm.errors import InputError
from familyabm.levers import LEVER_TITLES, Scenario
from familyabm.lives import Ask, Done, Values
from familyabm.parameters import DEFAULT, Parameters
from familyabm.simulation import Snapshot

EVERYTHING_ELSE = "everything_else"
"""The player that holds what belongs to no lever: shocks, assumptions, and how mature practice already is."""
PLAYER_TITLES = {**LEVER_TITLES, EVERYTHING_ELSE: "Everything else (shocks, assumptions)"}
OWNERS = {
    "services": ("Children's services alone", ("continuity", "unit_model", "bureaucracy_relief")),
    "council": ("The council", ("pooled_budget", "ring_fence")),
    "partnership": ("The partnership", ("information_sharing", "joint_response", "no_wrong_door")),
    "outside": ("Nobody here", (EVERYTHING_ELSE,)),
}
"""Who can pull which lever: by name, with the title that people read."""
HEADLINES = ("care_starts", "looked_after", "contacts", "failure_demand", "harm", "spend")
METHODS = ("shapley", "one-at-a-time")
MOST_ORDERS = 1000
Subset = frozenset[str]
Row = dict[str, Any]
RowOf = Callable[[str, int], Row]


def policies(scenario: Scenario, parameters: Parameters) -> dict[str, float]:
    """Return what a scenario intends for every lever, named or not."""
    base = {name: parameters[f"base.{name}"] for name in LEVER_TITLES}
    return {name: float(scenario.levers.get(name, base[name])) for name in LEVER_TITLES}


def players_of(a: Scenario, b: Scenario, parameters: Parameters) -> tuple[str, ...]:
    """Return the levers that the worlds set apart, and everything else if that does; InputError if nothing does."""
    ours, theirs = policies(a, parameters), policies(b, parameters)
    found = [name for name in LEVER_TITLES if ours[name] != theirs[name]]
    if replace(a, levers={}).as_address() != replace(b, levers={}).as_address():
        found.append(EVERYTHING_ELSE)
    if not found:
        raise InputError(f"{a.name} and {b.name} do not differ; there is nothing to share out.")
    return tuple(found)


def world_of(a: Scenario, b: Scenario, moved: Subset, parameters: Parameters) -> Scenario:
    """Return world A with the players of `moved` as world B has them."""
    ours, theirs = policies(a, parameters), policies(b, parameters)
    values = {name: theirs[name] if name in moved else ours[name] for name in LEVER_TITLES}
    apart = {name: value for name, value in values.items() if value != parameters[f"base.{name}"]}
    return replace(b if EVERYTHING_ELSE in moved else a, levers=apart)


def all_subsets(players: Sequence[str]) -> list[Subset]:
    """Return every subset of the players; bit i of a subset's place tells whether player i is in it."""
    return [
        frozenset(name for bit, name in enumerate(players) if place >> bit & 1) for place in range(2 ** len(players))
    ]


def one_at_a_time(players: Sequence[str]) -> list[Subset]:
    """Return none, all, each one alone, and all but each one."""
    whole = frozenset(players)
    ends = [frozenset(), whole, *(frozenset([name]) for name in players), *(whole - {name} for name in players)]
    return list(dict.fromkeys(ends))


def orders_of(players: Sequence[str], orders: int, seed: int, number: int) -> list[list[str]]:
    """Draw orders for one luck; every second one is the one before it walked backwards (antithetic)."""
    draw = np.random.Generator(np.random.Philox(key=[seed, number]))
    found: list[list[str]] = []
    for _ in range(orders // 2):
        order = [players[place] for place in draw.permutation(len(players))]
        found += [order, order[::-1]]
    return found


def along(order: Sequence[str]) -> list[Subset]:
    """Return the subsets that are met when players join in this order."""
    return [frozenset(order[:joined]) for joined in range(len(order) + 1)]


def exact_parts(players: Sequence[str], worth: Mapping[Subset, Values]) -> NDArray[np.float64]:
    """Return each player's part, averaged over all orders: Shapley's value, shape (players, outcomes).

    part(i) = sum over S without i of |S|! (k - |S| - 1)! / k! x [worth(S and i) - worth(S)].
    """
    k = len(players)
    weight = [factorial(size) * factorial(k - size - 1) / factorial(k) for size in range(k)]
    subsets = all_subsets(players)
    parts = [
        sum((weight[len(s)] * (worth[s | {name}] - worth[s]) for s in subsets if name not in s), np.zeros(()))
        for name in players
    ]
    return np.array(parts)


def sampled_parts(
    players: Sequence[str], worth: Mapping[Subset, Values], orders: Sequence[Sequence[str]]
) -> NDArray[np.float64]:
    """Return each player's part averaged over the given orders only: unbiased, and it adds up all the same."""
    parts = {name: np.zeros_like(worth[frozenset()]) for name in players}
    for order in orders:
        for name, (before, after) in zip(order, pairwise(along(order)), strict=True):
            parts[name] = parts[name] + (worth[after] - worth[before]) / len(orders)
    return np.array([parts[name] for name in players])


@dataclass(frozen=True)
class Attribution:
    """The difference between two worlds, shared out. All frames are worked out from the arrays, luck by luck.

    ends: (lucks, 2, outcomes), worlds A and B.  alone, last: (lucks, players, outcomes), what a player changes
    as the first to move and as the last.  parts: the same shape, averaged over orders; None if not asked for.
    """

    snapshot: Snapshot
    a: Scenario
    b: Scenario
    years: int
    asked: int
    orders: int
    outcomes: tuple[str, ...]
    players: tuple[str, ...]
    numbers: tuple[int, ...]
    lived: int
    address: str
    ends: NDArray[np.float64] = field(repr=False)
    alone: NDArray[np.float64] = field(repr=False)
    last: NDArray[np.float64] = field(repr=False)
    parts: NDArray[np.float64] | None = field(repr=False)

    @property
    def area(self) -> Area:
        """Return the area."""
        return self.snapshot.area

    @property
    def runs(self) -> int:
        """Return the number of lucks that finished in every world."""
        return len(self.numbers)

    @property
    def whole(self) -> NDArray[np.float64]:
        """Return world B less world A, shape (lucks, outcomes)."""
        return self.ends[:, 1] - self.ends[:, 0]

    @property
    def way(self) -> str:
        """Say how it was worked out."""
        if self.parts is None:
            return "each lever first and last"
        walked = f"{self.orders} orders for each luck, drawn in pairs" if self.orders else "all orders"
        return f"each lever first and last, and its average over {walked}"

    @cached_property
    def together(self) -> pd.DataFrame:
        """Return one row per outcome: a, b, whole, the sum of each alone, and the interaction that remains.

        *_low, *_high: a bootstrap interval of the mean over lucks.
        """
        summed = self.alone.sum(axis=1)
        rows = []
        for place, name in enumerate(self.outcomes):
            rest = self.whole[:, place] - summed[:, place]
            rows.append(
                {"outcome": name, "title": lives.title(name), "unit": lives.unit(name), "players": len(self.players),
                 "lucks": self.runs, "a": _mean(self.ends[:, 0, place]), "b": _mean(self.ends[:, 1, place])}
                | worlds.interval(self.whole[:, place], "whole") | worlds.interval(summed[:, place], "sum_alone")
                | worlds.interval(rest, "interaction")
            )  # fmt: skip
        return pd.DataFrame(rows).set_index("outcome")

    @cached_property
    def by_lever(self) -> pd.DataFrame:
        """Return (outcome, player) rows: alone, last and part, each with its interval."""
        return self._rows(self.players, self._of_player)

    def _of_player(self, name: str, place: int) -> Row:
        row = self.players.index(name)
        owner = next(title for title, group in OWNERS.values() if name in group)
        part = np.full(self.runs, np.nan) if self.parts is None else self.parts[:, row, place]
        return (
            {"lever": name, "title": PLAYER_TITLES[name], "owner": owner}
            | worlds.interval(part, "part") | worlds.interval(self.alone[:, row, place], "alone")
            | worlds.interval(self.last[:, row, place], "last")
        )  # fmt: skip

    @cached_property
    def by_owner(self) -> pd.DataFrame:
        """Return (outcome, owner) rows: the owner's part and control share; empty without parts.

        control_share: the size of the owner's mean part to the sizes of all owners' mean parts together, in
        percent; it says how much of what moved the outcome lies in these hands alone, whichever way it moved.
        """
        if self.parts is None:
            return pd.DataFrame()
        return self._rows([key for key in OWNERS if self._held(key)], self._of_owner)

    def _held(self, owner: str) -> list[int]:
        return [self.players.index(name) for name in OWNERS[owner][1] if name in self.players]

    def _owned(self, owner: str, place: int) -> NDArray[np.float64]:
        assert self.parts is not None
        total: NDArray[np.float64] = self.parts[:, self._held(owner), place].sum(axis=1)
        return total

    def _of_owner(self, owner: str, place: int) -> Row:
        owned = {key: self._owned(key, place) for key in OWNERS if self._held(key)}
        share, low, high = _control(owner, owned)
        return (
            {"owner": owner, "title": OWNERS[owner][0]} | worlds.interval(owned[owner], "part")
            | {"control_share": share, "control_share_low": low, "control_share_high": high}
        )  # fmt: skip

    def _rows(self, keys: Sequence[str], row_of: RowOf) -> pd.DataFrame:
        rows = [{"outcome": name} | row_of(key, place) for place, name in enumerate(self.outcomes) for key in keys]
        return pd.DataFrame(rows)

    @cached_property
    def by_luck(self) -> pd.DataFrame:
        """Return (luck, outcome, player) rows as they came out, before any mean."""
        rows = [
            {"luck": number, "outcome": outcome, "lever": player, "whole": self.whole[luck, place],
             "alone": self.alone[luck, row, place], "last": self.last[luck, row, place],
             "part": np.nan if self.parts is None else self.parts[luck, row, place]}
            for luck, number in enumerate(self.numbers) for place, outcome in enumerate(self.outcomes)
            for row, player in enumerate(self.players)
        ]  # fmt: skip
        return pd.DataFrame(rows)


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _control(owner: str, owned: Mapping[str, NDArray[np.float64]]) -> tuple[float, float, float]:
    """Return an owner's control share in percent, with its bootstrap interval over lucks."""
    together = np.array(list(owned.values()))
    together = together[:, ~np.isnan(together).any(axis=0)]
    if together.shape[1] == 0 or not together.any():
        return (float("nan"),) * 3
    n = together.shape[1]
    draws = np.random.Generator(np.random.Philox(1)).integers(0, n, (worlds.BOOTSTRAPS, n))
    row = list(owned).index(owner)
    again = _share(together[:, draws].mean(axis=2), row)
    low, high = np.nanquantile(again, worlds.RANGE)
    return float(_share(together.mean(axis=1)[:, None], row)[0]), float(low), float(high)


def _share(means: NDArray[np.float64], row: int) -> NDArray[np.float64]:
    sizes = np.abs(means)
    total = sizes.sum(axis=0)
    shares = np.full(len(total), np.nan)
    np.divide(100.0 * sizes[row], total, out=shares, where=total > 0.0)
    return shares


def check_orders(orders: int) -> int:
    """Raise InputError unless orders can be walked in pairs; 0 stands for all of them."""
    simulation.check_whole("orders", orders, 0, MOST_ORDERS)
    if orders % 2:
        raise InputError(f"orders = {orders} is odd; orders are walked in pairs, there and back, so an even number is.")
    return orders


def plan(
    players: Sequence[str], method: str, orders: int, seed: int, numbers: Iterable[int]
) -> dict[int, tuple[list[Subset], list[list[str]]]]:
    """Return for each luck the subsets to live and the orders to walk (none where all subsets are lived)."""
    if method not in METHODS:
        raise InputError(f"method = {method!r} is not known; {' or '.join(METHODS)} is accepted.")
    found = {}
    for number in numbers:
        walked = orders_of(players, orders, seed, number) if method == "shapley" and orders else []
        subsets = all_subsets(players) if method == "shapley" and not orders else one_at_a_time(players)
        subsets += [subset for order in walked for subset in along(order)]
        found[number] = (list(dict.fromkeys(subsets)), walked)
    return found


def attribute(
    area: str | Area, a: str | Scenario = "status-quo", b: str | Scenario = "whole-system", runs: int = 10,
    seed: int = 1, *, years: int = 10, scale: float = 1.0, method: str = "shapley", orders: int = 0,
    outcomes: Iterable[str] = HEADLINES, parameters: Parameters = DEFAULT, workers: int | None = None,
    done: Done | None = None, snapshot: Snapshot | None = None,
) -> Attribution:  # fmt: skip
    """Share the difference between two worlds out among the levers that set them apart.

    method: "shapley", over all subsets or over `orders` drawn for each luck, or "one-at-a-time".
    runs: lucks, each lived in every world needed.  outcomes: measures, or tallies of demand.
    Ctrl-C keeps the lucks that had finished in every world.  Raises InputError for bad input.
    """
    worlds.check_run(years, runs)
    names = lives.check_outcomes(outcomes)
    one, other = (levers.find(world) if isinstance(world, str) else world for world in (a, b))
    place = areas.find(area) if isinstance(area, str) else area
    numbers_ = snapshot.parameters if snapshot is not None else parameters
    players = players_of(one, other, numbers_)
    todo = plan(players, method, check_orders(orders), seed, range(1, runs + 1))
    past = snapshot or simulation.past(place, parameters, seed, scale)
    asks = {
        (number, subset): Ask(past, world_of(one, other, subset, numbers_), number, years)
        for number, (subsets, _) in todo.items() for subset in subsets
    }  # fmt: skip
    found = lives.live_all(asks.values(), workers, done)
    return _gather(
        Attribution(past, one, other, years, runs, orders if method == "shapley" else 0, names, players, (), 0, "",
                    *(np.zeros(0),) * 3, parts=None), method, todo, asks, found,
    )  # fmt: skip


def _gather(
    empty: Attribution, method: str, todo: Mapping[int, tuple[list[Subset], list[list[str]]]],
    asks: Mapping[tuple[int, Subset], Ask], found: Mapping[str, Values],
) -> Attribution:  # fmt: skip
    """Work out every finished luck's figures from what its worlds came to."""
    players, columns = empty.players, lives.columns(empty.outcomes)
    whole, ends, alone, last, parts, kept = frozenset(players), [], [], [], [], []
    addresses = {key: ask.address for key, ask in asks.items()}
    for number, (subsets, walked) in todo.items():
        if not all(addresses[number, subset] in found for subset in subsets):
            continue
        worth = {subset: found[addresses[number, subset]][columns] for subset in subsets}
        kept.append(number)
        ends.append([worth[frozenset()], worth[whole]])
        alone.append([worth[frozenset([name])] - worth[frozenset()] for name in players])
        last.append([worth[whole] - worth[whole - {name}] for name in players])
        if method == "shapley":
            parts.append(sampled_parts(players, worth, walked) if walked else exact_parts(players, worth))
    if not kept:
        raise InputError(f"none of the {empty.asked} lucks had finished in every world when it was stopped.")
    return replace(
        empty, numbers=tuple(kept), lived=len(set(addresses.values()) & set(found)),
        address=simulation._hash(empty.outcomes, *sorted(found)), ends=np.array(ends), alone=np.array(alone),
        last=np.array(last), parts=np.array(parts) if parts else None,
    )  # fmt: skip
