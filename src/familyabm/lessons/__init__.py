"""Ready lessons of 10 to 20 minutes: a question, a bet, what the model shows, and what to talk about.

A lesson says what its writer expected and never what the model found: that is lived anew each time it is run, and
where the model does not show what was expected, the lesson says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from familyabm import levers, measures, simulation, worlds
from familyabm import toml_fields as fields
from familyabm.areas import Area
from familyabm.errors import InputError, nearest
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT
from familyabm.population import homes_for
from familyabm.worlds import Comparison, Done, Pair, Side

_FOLDER = resources.files(__name__)
ORDER = ("failure-demand", "thresholds", "hold-your-nerve", "one-family", "open-door")
"""The lessons in the order in which a trainer might use them."""
WORLDS = ("a", "b", "difference")
WAYS = ("fewer", "same", "more")
"""What a bet on a difference may be: world B has fewer, no clear difference, or more."""
EXPECTED = ("down", "same", "up", "some", "")
"""What a lesson may expect: of a difference down, same or up; of one world's own value some, which is not nil."""
FAMILY = {
    "family_services": "How many kinds of service or people got in touch about the family or acted for it",
    "family_contacts": "How often somebody got in touch with social care about the family",
}
"""What can be bet on and shown of one family's life, beside the measures."""


@dataclass(frozen=True)
class Option:
    """One answer to bet on: a way that a difference may go, or from `low` up to but not including `high`."""

    says: str
    way: str = ""
    low: float = float("-inf")
    high: float = float("inf")


@dataclass(frozen=True)
class Shown:
    """One thing that a lesson shows: a measure over some years, of one world or the difference, and what is expected.

    measure: of `measures.MEASURES`, or of FAMILY.  of: "a", "b" or "difference" (world B less world A).
    """

    title: str
    measure: str
    years: tuple[int, int]
    of: str
    expects: str
    note: str


@dataclass(frozen=True)
class Bet:
    """What people are asked before anything is shown, and the first of what is then shown."""

    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Lesson:
    """A lesson as its file says it. families, years, pairs: how large a run it takes, with which its bets make sense.

    says: the set-up, in short sentences.  journey: whether it tells one family's life.  chart: a measure drawn over
    the years, if any.  notes: for the speaker, by step.
    """

    name: str
    title: str
    minutes: int
    question: str
    a: Scenario
    b: Scenario
    families: int
    years: int
    pairs: int
    journey: bool
    chart: str
    says: tuple[str, ...]
    bet: Bet
    shows: tuple[Shown, ...]
    debrief: tuple[str, ...]
    check: str
    care: str
    notes: Mapping[str, str]

    @property
    def two_worlds(self) -> bool:
        """Tell whether anything that it shows sets one world against the other."""
        return any(shown.of == "difference" for shown in self.shows)


def names() -> list[str]:
    """Return the lessons' names in their order."""
    return list(ORDER)


def find(name: str) -> Lesson:
    """Return a lesson by name; InputError names the nearest known."""
    if name not in ORDER:
        raise InputError(f"lesson {name!r:.60} is not known{nearest(name, ORDER)}; accepted: {', '.join(ORDER)}.")
    return read((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"), name)


_FIELDS = (
    "title", "minutes", "question", "a", "b", "families", "years", "pairs", "journey", "chart", "says", "bet", "shows",
    "debrief", "check", "care", "notes",
)  # fmt: skip
STEPS = ("open", "says", "bet", "shows", "chart", "journey", "verdict", "debrief", "check")
"""Steps that have notes for the speaker."""


def read(text: str, name: str) -> Lesson:
    """Read a lesson from TOML text, checking it field by field."""
    given = fields.parsed(text, name)
    fields.only(given, _FIELDS, "a lesson", name)
    years = fields.whole(given.get("years"), "years", name, 1, worlds.MAX_YEARS)
    lesson = Lesson(
        name=name, title=_needed(given, "title", name), question=_needed(given, "question", name),
        minutes=fields.whole(given.get("minutes"), "minutes", name, 10, 20),
        a=levers.find(_needed(given, "a", name)), b=levers.find(_needed(given, "b", name)),
        families=fields.whole(given.get("families"), "families", name, 200, 20_000), years=years,
        pairs=fields.whole(given.get("pairs"), "pairs", name, 6, 100), journey=fields.yes_or_no(given, "journey", name),
        chart=_chart(given, name), says=_texts(given, "says", name), bet=_bet(given, name),
        shows=tuple(_shown(entry, years, f"{name}: shows[{place}]")
                    for place, entry in enumerate(fields.tables(given, "shows", name), start=1)),
        debrief=_texts(given, "debrief", name), check=_needed(given, "check", name), care=_needed(given, "care", name),
        notes=_notes(given, name),
    )  # fmt: skip
    _fits(lesson)
    return lesson


def _needed(given: Mapping[str, Any], key: str, where: str) -> str:
    found = fields.text(given, key, where)
    if not found:
        raise InputError(f"{where}: {key} is missing; a text is needed.")
    return found


def _texts(given: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = given.get(key, [])
    if not isinstance(value, list) or not value or not all(isinstance(entry, str) and entry for entry in value):
        raise InputError(f"{where}: {key} is not a list of sentences; at least one is needed.")
    return tuple(value)


def _chart(given: Mapping[str, Any], where: str) -> str:
    name = fields.text(given, "chart", where)
    return fields.one_of(name, "chart", where, measures.MEASURES) if name else ""


def _notes(given: Mapping[str, Any], where: str) -> dict[str, str]:
    table = fields.table(given, "notes", where)
    fields.only(table, STEPS, "notes", where)
    return {step: fields.text(table, step, f"{where}: notes") for step in STEPS}


def _bet(given: Mapping[str, Any], where: str) -> Bet:
    table = fields.table(given, "bet", where)
    fields.only(table, ("question", "options"), "a bet", where)
    options = tuple(
        _option(entry, f"{where}: bet.options[{place}]")
        for place, entry in enumerate(fields.tables(table, "options", where), start=1)
    )
    if len(options) < 2:
        raise InputError(f"{where}: bet.options are fewer than two; two or more are needed.")
    return Bet(_needed(table, "question", f"{where}: bet"), options)


def _option(entry: Mapping[str, Any], where: str) -> Option:
    fields.only(entry, ("says", "way", "low", "high"), "an option", where)
    way = fields.one_of(entry["way"], "way", where, WAYS) if "way" in entry else ""
    ends = {key: fields.number(entry[key], key, where, -1e9, 1e9) for key in ("low", "high") if key in entry}
    if bool(way) == bool(ends):
        raise InputError(f"{where}: way or low and high are needed, and not both.")
    return Option(_needed(entry, "says", where), way, **ends)


def _shown(entry: Mapping[str, Any], years: int, where: str) -> Shown:
    fields.only(entry, ("title", "measure", "years", "of", "expects", "note"), "a thing shown", where)
    measure = fields.one_of(entry.get("measure"), "measure", where, (*FAMILY, *measures.MEASURES))
    span = entry.get("years", [1, years])
    if not isinstance(span, list) or len(span) != 2:
        raise InputError(f"{where}: years = {span!r:.60} is not a first and a last year; [1, 2] would be accepted.")
    first, last = (fields.whole(year, "years", where, 1, years) for year in span)
    if first > last:
        raise InputError(f"{where}: years = [{first}, {last}] end before they begin.")
    return Shown(
        _needed(entry, "title", where), measure, (first, last),
        fields.one_of(entry.get("of", "difference"), "of", where, WORLDS),
        fields.one_of(entry.get("expects", ""), "expects", where, EXPECTED), fields.text(entry, "note", where),
    )  # fmt: skip


def _fits(lesson: Lesson) -> None:
    """Refuse a lesson whose parts do not fit each other."""
    if not lesson.shows:
        raise InputError(f"{lesson.name}: shows is empty; something to show is needed.")
    if any(shown.measure in FAMILY for shown in lesson.shows) and not lesson.journey:
        raise InputError(f"{lesson.name}: one family's life is shown, and journey is not true.")
    ways = {bool(option.way) for option in lesson.bet.options}
    if ways != {lesson.shows[0].of == "difference"}:
        raise InputError(f"{lesson.name}: bet.options do not fit what shows[1] shows, which the bet is on.")
    if len(lesson.debrief) != 3:
        raise InputError(f"{lesson.name}: debrief holds {len(lesson.debrief)} questions; three are accepted.")


def scale_of(area: Area, families: int) -> float:
    """Return the share of an area in which that many families live."""
    scale = round(families / homes_for(area.children_0_17, DEFAULT), 6)
    simulation.check_scale(area, scale)
    return scale


def run(lesson: Lesson, area: Area, seed: int = 1, *, done: Done | None = None) -> Comparison:
    """Live a lesson's worlds in an area: pairs that share families and luck. done: called as done(finished, asked)."""
    return worlds.compare(
        area, lesson.a, lesson.b, lesson.pairs, seed, years=lesson.years, scale=scale_of(area, lesson.families),
        done=done,
    )  # fmt: skip


def between(comparison: Comparison, years: tuple[int, int]) -> Comparison:
    """Return a comparison of which only some years count, first and last, counted from 1."""
    first, last = years
    pairs = [
        Pair(pair.number, _only(pair.a, first, last), _only(pair.b, first, last), pair.placebo)
        for pair in comparison.pairs
    ]
    return replace(comparison, pairs=pairs)


def _only(side: Side, first: int, last: int) -> Side:
    return replace(side, by_year=side.by_year.loc[first:last])
