"""From what the room decided, round by round, to a world of the model: its shocks, and its changes in later weeks.

Nothing else turns a decision into a setting, so that a room, its study and its tests cannot differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from familyabm.changes import MOST_HOURS, Change
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT
from familyabm.shocks import Shock
from familyabm.workshop.choices import OWN, PLAN, ROOM, YEAR, Option, workshop

YEARS = 11
"""Years that are compared: one as it is, then ten from the first round on."""


@dataclass(frozen=True)
class Taken:
    """What was settled in one round. options: {seat: option}; a seat that is not in it does what it did before."""

    round: int
    options: Mapping[str, str]
    kind: str = OWN

    @property
    def from_week(self) -> int:
        """Return the week in which its year begins."""
        return YEAR * self.round


@dataclass(frozen=True)
class InForce:
    """What every seat does in one round's year, and the plan of the whole room if there is one."""

    taken: Taken
    seats: Mapping[str, Option] = field(default_factory=dict)

    @property
    def options(self) -> list[Option]:
        """Return everything that is done."""
        return list(self.seats.values())


def in_force(taken: Sequence[Taken]) -> list[InForce]:
    """Return what is done in each round's year: an option that carries on leaves what the seat did last."""
    found: list[InForce] = []
    doing: dict[str, Option] = {}
    for entry in taken:
        for seat, name in entry.options.items():
            option = workshop().option(seat, entry.kind, name)
            if option is not None and not option.carries_on:
                doing[seat] = option
        found.append(InForce(entry, dict(doing)))
    return found


def world(
    taken: Sequence[Taken], name: str, title: str, description: str = "", struck: Sequence[Taken] | None = None
) -> Scenario:
    """Return the world in which these rounds are played and the last goes on for good. taken: in order of rounds.

    struck: the rounds whose shocks strike the town, by default those played.
    """
    years = in_force(taken)
    shocks = [shock for entry in years for shock in _shocks(entry, entry is years[-1])]
    outside = pressures(taken if struck is None else struck)
    return Scenario(name, title, description, shocks=(*outside, *shocks), changes=tuple(_changes(years)))


def as_it_is(taken: Sequence[Taken]) -> Scenario:
    """Return services as they work today, under what struck the town in the rounds that were played."""
    return Scenario("today", "Services as they work today", "No service changes anything.", shocks=pressures(taken))


def pressures(taken: Sequence[Taken]) -> tuple[Shock, ...]:
    """Return what strikes the town in these rounds, whatever anybody chooses."""
    played = {entry.round for entry in taken}
    return tuple(shock for entry in workshop().rounds if entry.number in played for shock in entry.shocks)


def _shocks(entry: InForce, last: bool) -> list[Shock]:
    """Return the shocks of one year's options; those of the last round stay."""
    return [
        replace(shock, from_week=entry.taken.from_week, weeks=YEAR, hold=last)
        for option in entry.options for shock in option.shocks
    ]  # fmt: skip


def _changes(years: Sequence[InForce]) -> list[Change]:
    """Return one change a round, holding only what it makes different."""
    found: list[Change] = []
    levers: dict[str, float] = {}
    hours: dict[str, float] = {}
    for entry in years:
        wanted, taken = policy(entry.options), hours_taken(entry)
        # What was moved before and is not wanted any more goes back to where it stood.
        moved = _different(wanted, levers, {name: DEFAULT[f"base.{name}"] for name in levers})
        spoken = _different(taken, hours, dict.fromkeys(hours, 0.0))
        if moved or spoken:
            found.append(Change(entry.taken.from_week, moved, spoken))
        levers, hours = levers | moved, hours | spoken
    return found


def _different(now: Mapping[str, float], before: Mapping[str, float], at_rest: Mapping[str, float]) -> dict[str, float]:
    whole = {**at_rest, **now}
    return {name: value for name, value in whole.items() if before.get(name) != value}


def policy(options: Sequence[Option]) -> dict[str, float]:
    """Return where policy wants each lever that these options move: lifts add up, a level is the least there is."""
    wanted: dict[str, float] = {}
    for option in options:
        for name, lift in option.lifts.items():
            wanted[name] = min(1.0, round(wanted.get(name, DEFAULT[f"base.{name}"]) + lift, 6))
    for option in options:
        for name, level in option.levers.items():
            wanted[name] = max(wanted.get(name, 0.0), level)
    return wanted


def hours_taken(entry: InForce) -> dict[str, float]:
    """Return the share of each service's hours that is spoken for: its own option's, and the room's plan's."""
    shared = entry.seats[ROOM].hours if ROOM in entry.seats else 0.0
    found: dict[str, float] = {}
    for seat in workshop().seats:
        own = entry.seats[seat.name].hours if seat.name in entry.seats else 0.0
        if seat.service and (own or shared):
            found[seat.service] = min(MOST_HOURS, round(own + shared, 6))
    return found


def kind_of(number: int) -> str:
    """Return the kind of option that a round opens."""
    return next(entry.options for entry in workshop().rounds if entry.number == number)


def apart(taken: Sequence[Taken]) -> list[Taken]:
    """Return the rounds that were played blind."""
    return [entry for entry in taken if entry.kind == OWN]


def is_plan(entry: Taken) -> bool:
    """Tell whether a round settles one plan for the whole room."""
    return entry.kind == PLAN
