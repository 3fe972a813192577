"""What the workshop is made of, read from `choices.toml`: stages, seats, rounds, options, bets and debrief screens.

The file is the one home of every word and number of the game; the room, its pages and the printed pack read it here.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from familyabm import toml_fields as fields
from familyabm.changes import HOURS, LEAST_HOURS, MOST_HOURS
from familyabm.errors import InputError
from familyabm.measures import MEASURES
from familyabm.shocks import Shock, read_shock
from familyabm.tables import LEVERS

LENGTHS = (60, 90, 120)
"""Minutes that a workshop may last."""
OWN, SHARED, PLAN = "own", "shared", "plan"
KINDS = (OWN, SHARED, PLAN)
"""Kinds of option: for one's own target, with sight of the others, and one plan for the whole room."""
ROOM = "room"
"""Stands for a seat where the whole room decides."""
YEAR = 52


@dataclass(frozen=True)
class Stage:
    """A part of the workshop. minutes: in the 60, 90 and 120 minute workshop; 0 leaves it out."""

    name: str
    title: str
    minutes: tuple[int, int, int]

    def lasts(self, length: int) -> int:
        """Return its minutes in a workshop of that length."""
        return self.minutes[LENGTHS.index(length)]


@dataclass(frozen=True)
class Seat:
    """A service that a table plays.

    agency, service: whose work in the model it sees, and whose hours its options take.
    strategy: the option of its own that an empty seat plays.  joins: the seat it shares a table with in a small group.
    """

    name: str
    title: str
    agency: str
    service: str
    people: str
    brief: str
    target: str
    target_shows: str
    strategy: str
    joins: str
    optional: bool


@dataclass(frozen=True)
class Round:
    """One year. options: the kind that is open.  sight: teams see the whole town.  talk: seconds across tables."""

    number: int
    title: str
    sentence: str
    options: str
    question: str
    sight: bool
    talk: int
    shocks: tuple[Shock, ...]

    @property
    def from_week(self) -> int:
        """Return the week in which its year begins: one year is lived as it is before the first round."""
        return YEAR * self.number


@dataclass(frozen=True)
class Option:
    """Something a seat can decide, with what it changes in the model.

    hours: share of the service's hours that it takes, below zero where it frees some.  funding: change of the council's
    early help budget.  levers: where policy wants a lever.  lifts: what is added to where a lever stands.
    carries_on: it goes on with what the seat did last.  measure, direction: what must move in the year, by test.
    """

    seat: str
    kind: str
    name: str
    words: str
    short: str
    explains: str
    hours: float
    funding: float | None
    said: str
    carries_on: bool
    shocks: tuple[Shock, ...]
    levers: Mapping[str, float]
    lifts: Mapping[str, float]
    measure: str
    direction: str

    @property
    def costs(self) -> str:
        """Say what it costs the team."""
        if self.said:
            return self.said
        if self.funding is not None:
            return _of_budget(self.funding)
        share = round(100 * abs(self.hours))
        if not share:
            return "Takes no hours." if not self.carries_on else "Takes the hours it takes now."
        whose = "each service's hours" if self.seat == ROOM else "your hours"
        return f"{'Takes' if self.hours > 0.0 else 'Frees'} {share} in 100 of {whose}."


def _of_budget(share: float) -> str:
    if share == 0.0:
        return "The same money."
    return f"{'Costs' if share > 0.0 else 'Saves'} {round(100 * abs(share))} in 100 of early help's money."


@dataclass(frozen=True)
class Answer:
    """An answer to the bet on the year's contacts. above: the change in per cent from which it is the right one."""

    name: str
    words: str
    above: float


@dataclass(frozen=True)
class Screen:
    """A screen of the debrief. share: of the debrief's minutes."""

    name: str
    title: str
    screen: str
    questions: tuple[str, ...]
    share: float


@dataclass(frozen=True)
class Workshop:
    """The whole workshop as its file has it."""

    title: str
    sentence: str
    small_group: int
    stages: tuple[Stage, ...]
    seats: tuple[Seat, ...]
    rounds: tuple[Round, ...]
    options: tuple[Option, ...]
    bet: str
    practice_bet: str
    bet_explains: str
    merged_bet: str
    answers: tuple[Answer, ...]
    debrief: tuple[Screen, ...]
    by_name: Mapping[tuple[str, str, str], Option] = field(repr=False, compare=False, default_factory=dict)

    def seat(self, name: str) -> Seat:
        """Return a seat by its name."""
        return next(seat for seat in self.seats if seat.name == name)

    def open_to(self, seat: str, kind: str) -> list[Option]:
        """Return the options of one kind that a seat has; a plan is the whole room's."""
        whose = ROOM if kind == PLAN else seat
        return [option for option in self.options if option.seat == whose and option.kind == kind]

    def option(self, seat: str, kind: str, name: str) -> Option | None:
        """Return an option by its name, None if there is none."""
        return self.by_name.get((ROOM if kind == PLAN else seat, kind, name))

    def rounds_of(self, length: int) -> list[Round]:
        """Return the rounds of a workshop of that length."""
        lasting = {stage.name for stage in self.stages if stage.lasts(length)}
        return [entry for entry in self.rounds if f"round-{entry.number}" in lasting]

    def answer_for(self, percent: float) -> Answer:
        """Return the answer that a change of contacts in per cent makes right."""
        return next((answer for answer in self.answers if percent > answer.above), self.answers[-1])


@cache
def workshop() -> Workshop:
    """Return the workshop that comes with the package."""
    return read((resources.files("familyabm.workshop") / "choices.toml").read_text(encoding="utf-8"), "choices.toml")


def read(text: str, where: str) -> Workshop:
    """Read a workshop from TOML text. Raises InputError naming what cannot be used."""
    given = tomllib.loads(text)
    bets = fields.table(given, "bets", where)
    options = tuple(_option(entry, _at(where, "options", n)) for n, entry in _numbered(given, "options", where))
    seats = tuple(_seat(entry, _at(where, "seats", n)) for n, entry in _numbered(given, "seats", where))
    whole = Workshop(
        title=given["title"], sentence=given["sentence"], small_group=int(given["small_group"]), seats=seats,
        stages=tuple(
            Stage(entry["name"], entry["title"], tuple(entry["minutes"])) for entry in given["stages"]
        ),
        rounds=tuple(_round(entry, _at(where, "rounds", n)) for n, entry in _numbered(given, "rounds", where)),
        options=options, bet=bets["question"], practice_bet=bets["practice"],
        bet_explains=bets["explains"], merged_bet=bets["merged"],
        answers=tuple(Answer(entry["name"], entry["words"], float(entry["above"])) for entry in bets["answers"]),
        debrief=tuple(
            Screen(entry["name"], entry["title"], entry["screen"], tuple(entry["questions"]), float(entry["share"]))
            for entry in given["debrief"]
        ),
        by_name={(option.seat, option.kind, option.name): option for option in options},
    )  # fmt: skip
    _check(whole, where)
    return whole


def _numbered(given: Mapping[str, Any], key: str, where: str) -> list[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(fields.tables(given, key, where), start=1))


def _at(where: str, key: str, number: int) -> str:
    return f"{where}: {key}[{number}]"


def _seat(entry: Mapping[str, Any], where: str) -> Seat:
    words = ("name", "title", "agency", "service", "people", "brief", "target", "target_shows", "strategy", "joins")
    fields.only(entry, (*words, "optional"), "a seat", where)
    if entry.get("service"):
        fields.one_of(entry["service"], "service", where, HOURS)
    return Seat(**{key: fields.text(entry, key, where) for key in words}, optional=bool(entry.get("optional", False)))


_ROUND = ("number", "title", "sentence", "options", "question", "sight", "talk", "shocks")


def _round(entry: Mapping[str, Any], where: str) -> Round:
    fields.only(entry, _ROUND, "a round", where)
    number = fields.whole(entry.get("number"), "number", where, 1, 9)
    year = {"from_week": YEAR * number, "weeks": YEAR}
    shocks = tuple(read_shock({**shock, **year}, where) for shock in fields.tables(entry, "shocks", where))
    return Round(
        number, fields.text(entry, "title", where), fields.text(entry, "sentence", where),
        fields.one_of(entry.get("options"), "options", where, KINDS), fields.text(entry, "question", where),
        fields.yes_or_no(entry, "sight", where), fields.whole(entry.get("talk", 0), "talk", where, 0, 900), shocks,
    )  # fmt: skip


_OPTION = (
    "seat", "kind", "name", "words", "short", "explains", "hours", "funding", "costs", "carries_on", "shocks", "levers",
    "lifts", "moves",
)  # fmt: skip


def _option(entry: Mapping[str, Any], where: str) -> Option:
    fields.only(entry, _OPTION, "an option", where)
    moves = fields.table(entry, "moves", where)
    levers, lifts = fields.table(entry, "levers", where), fields.table(entry, "lifts", where)
    fields.only({**levers, **lifts}, LEVERS, "levers", where)
    funding = entry.get("funding")
    return Option(
        seat=fields.text(entry, "seat", where), kind=fields.one_of(entry.get("kind"), "kind", where, KINDS),
        name=fields.text(entry, "name", where), words=fields.text(entry, "words", where),
        short=fields.text(entry, "short", where),
        explains=fields.text(entry, "explains", where),
        hours=fields.number(entry.get("hours", 0.0), "hours", where, LEAST_HOURS, MOST_HOURS),
        funding=None if funding is None else fields.number(funding, "funding", where, -0.5, 0.5),
        said=fields.text(entry, "costs", where), carries_on=fields.yes_or_no(entry, "carries_on", where),
        shocks=tuple(read_shock({"weeks": YEAR, **shock}, where) for shock in fields.tables(entry, "shocks", where)),
        levers={name: fields.number(value, name, where, 0.0, 1.0) for name, value in levers.items()},
        lifts={name: fields.number(value, name, where, 0.0, 1.0) for name, value in lifts.items()},
        measure=fields.one_of(moves.get("measure"), "measure", where, MEASURES),
        direction=fields.one_of(moves.get("direction"), "direction", where, ("up", "down", "same")),
    )  # fmt: skip


def _check(whole: Workshop, where: str) -> None:
    """Refuse a workshop whose minutes do not add up, or whose parts name what is not there."""
    for length in LENGTHS:
        total = sum(stage.lasts(length) for stage in whole.stages)
        if total != length:
            raise InputError(f"{where}: stages of the {length} minute workshop add up to {total} minutes.")
    names = {seat.name for seat in whole.seats}
    for seat in whole.seats:
        if seat.joins and seat.joins not in names:
            raise InputError(f"{where}: seat {seat.name} joins {seat.joins!r}, which is no seat.")
        if whole.option(seat.name, OWN, seat.strategy) is None:
            raise InputError(f"{where}: the strategy of seat {seat.name} is {seat.strategy!r}, which is no option.")
    if len(whole.by_name) != len(whole.options):
        raise InputError(f"{where}: two options of one seat and kind have the same name.")
