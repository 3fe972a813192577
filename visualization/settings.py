"""What a page is about: an area, two worlds, one luck. It is read from a link, a form or a file, and written back.

A link holds only what differs from where everybody starts, so that it is short and can be read.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from familyabm import areas, levers, population, shocks, simulation, takeouts
from familyabm.areas import Area
from familyabm.errors import InputError, nearest, plain_number, shown
from familyabm.levers import LEVER_TITLES, Scenario
from familyabm.parameters import DEFAULT, REGISTER, Parameters, changed
from familyabm.sources import model_hash
from familyabm.toml_fields import parsed

from . import limits

Given = Iterable[tuple[str, str]]
"""Names and values as a link or a form gives them."""
START = "Wakefield"
MOST = 200
"""Names and values that are read of a link or a file; nobody needs as many."""
OWN = "own-"
"""How the link of an area from somebody's own file begins; the rest is the hash of the file."""
NUMBERS = {
    "workforce.posts_per_team": "Social workers' posts in a team",
    "hiring.agency_cap": "Most agency workers, as a share of posts",
    "support_units.level": "Capacity of business support, legal, technology and placements teams",
    "workforce.target_pressure": "Pressure of timeliness targets on practice",
    "money.reserves": "Reserves at the start, as a share of a year's spending",
    "money.raid_rate": "Share of an overspend taken from early help each month",
    "money.early_help_floor": "Share of the early help budget that is never taken",
    "court.headroom": "Families the court can hear at a time, to those it has come to fit",
}
"""Settings of staff and money that the page offers, in plain English; both worlds have them."""
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
WHOLE = {"families": limits.FAMILIES, "years": limits.YEARS, "pairs": limits.PAIRS, "luck": limits.LUCK}
WORDS = {"families": "Number of families", "years": "Years", "pairs": "Pairs of runs", "luck": "Luck number"}


class Problem(NamedTuple):
    """Something given that cannot be used: which field, what was given, and what would be accepted."""

    field: str
    given: str
    message: str


@dataclass(frozen=True)
class World:
    """One world: a named scenario, levers set by hand in percent, and how far practice follows at the start."""

    scenario: str
    levers: tuple[tuple[str, int], ...] = ()
    practice: int | None = None

    def scenario_of(self, further: Iterable[str]) -> Scenario:
        """Return the world as the model takes it, hit by further shocks."""
        world = levers.find(self.scenario)
        if self.levers or self.practice is not None:
            world = replace(
                world, title=f"{world.title}, changed",
                levers=dict(world.levers) | {name: percent / 100.0 for name, percent in self.levers},
                maturity=world.maturity if self.practice is None else self.practice / 100.0,
            )  # fmt: skip
        return world.hit_by(further)


@dataclass(frozen=True)
class Settings:
    """Everything that decides what a page shows."""

    area: str = START
    families: int = 1000
    years: int = 5
    pairs: int = 20
    luck: int = 1
    a: World = field(default_factory=lambda: World("status-quo"))
    b: World = field(default_factory=lambda: World("whole-system"))
    numbers: tuple[tuple[str, float], ...] = ()
    without: tuple[str, ...] = ()
    shocks: tuple[str, ...] = ()

    def given(self, start: "Settings | None" = None) -> list[tuple[str, str]]:
        """Return the area and what differs from where everybody starts, as names and values in a fixed order."""
        start = start or Settings(area="")
        one = ("area", *WHOLE)
        found = [(name, str(getattr(self, name))) for name in one if getattr(self, name) != getattr(start, name)]
        for letter in "ab":
            found += _world_given(letter, getattr(self, letter), getattr(start, letter))
        found += [(name, f"{value:g}") for name, value in self.numbers]
        found += [("without", name) for name in self.without]
        return found + [("shock", text) for text in self.shocks]

    def query(self, **more: str) -> str:
        """Return the end of a link to these settings, with further names and values before them."""
        return f"?{urlencode([*more.items(), *self.given()])}"

    @property
    def address(self) -> str:
        """Return the hash that names these settings; what was lived under other numbers of the model has another."""
        text = repr((model_hash(), DEFAULT.address, self.given()))
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def place(self, folder: Path) -> Area:
        """Return the area; `folder` holds people's own files."""
        if self.area.startswith(OWN):
            return areas.load(own_file(folder, self.area))
        return areas.named(self.area)

    def parameters(self) -> Parameters:
        """Return the model's numbers with the changed settings, without the assumptions taken out."""
        return takeouts.applied(changed(DEFAULT, dict(self.numbers)), self.without)

    def scale(self, area: Area) -> float:
        """Return the share of the area in which that many families live."""
        return round(self.families / population.homes_for(area.children_0_17, self.parameters()), 6)

    def worlds(self) -> tuple[Scenario, Scenario]:
        """Return both worlds."""
        return self.a.scenario_of(self.shocks), self.b.scenario_of(self.shocks)

    def toml(self) -> str:
        """Return the settings as the text of a file, all of them, so that a file does not depend on a start."""
        lines = [f"# Settings of familyabm {simulation.VERSION}: open this file on the Settings page."]
        several: dict[str, list[str]] = {}
        for name, value in self.given(_NOTHING):
            several.setdefault(name, []).append(value)
        for name, values in several.items():
            written = [value if _is_number(value) else f'"{value}"' for value in values]
            many = name in ("without", "shock")
            lines.append(f'"{name}" = ' + (f"[{', '.join(written)}]" if many else written[0]))
        return "\n".join(lines) + "\n"


_NOTHING = Settings("", -1, -1, -1, -1, World(""), World(""))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def _world_given(letter: str, world: World, start: World) -> Iterator[tuple[str, str]]:
    if world.scenario != start.scenario:
        yield letter, world.scenario
    for name, percent in world.levers:
        yield f"{letter}.{name}", str(percent)
    if world.practice is not None:
        yield f"{letter}.practice", str(world.practice)


def own_file(folder: Path, name: str) -> Path:
    """Return where somebody's own area file is kept."""
    return folder / "areas" / f"{name}.toml"


def is_own(name: str) -> bool:
    """Tell whether a name can be that of an own file, and nothing else."""
    rest = name.removeprefix(OWN)
    return name.startswith(OWN) and len(rest) == 16 and all(letter in "0123456789abcdef" for letter in rest)


def read(given: Given, folder: Path, start: Settings | None = None) -> tuple[Settings, list[Problem]]:
    """Return the settings, and a problem for each thing given that cannot be used; the start stands in its place.

    Names that other parts of a page use (such as `week`) are to be left out by the caller.
    """
    reader = _Reader(folder, start or Settings())
    for name, value in given:
        reader.take(name, value.strip())
    return reader.done()


@dataclass
class _Reader:
    folder: Path
    settings: Settings
    problems: list[Problem] = field(default_factory=list)
    levers: dict[str, dict[str, int]] = field(default_factory=lambda: {"a": {}, "b": {}})
    numbers: dict[str, float] = field(default_factory=dict)

    def take(self, name: str, value: str) -> None:
        """Take one name and value; empty means as it is."""
        if not value:
            return
        try:
            self._take(name, value)
        except InputError as error:
            self.problems.append(Problem(name, value, _sentence(str(error))))

    def _take(self, name: str, value: str) -> None:
        letter, dot, rest = name.partition(".")
        if name in WHOLE:
            whole: dict[str, Any] = {name: _whole(name, value)}
            self.settings = replace(self.settings, **whole)
        elif name == "area":
            self.settings = replace(self.settings, area=_area(value, self.folder))
        elif name in ("a", "b"):
            self._world(name, scenario=_scenario(value))
        elif dot and letter in self.levers:
            self._lever(letter, rest, value)
        elif name in NUMBERS:
            self.numbers[name] = REGISTER[name].check(_number(NUMBERS[name], value))
        elif name in ("without", "shock"):
            self._several(name, value)
        else:
            raise InputError(f"{name[:40]} is not a setting.")

    def _world(self, letter: str, **changes: Any) -> None:
        self.settings = replace(self.settings, **{letter: replace(getattr(self.settings, letter), **changes)})

    def _lever(self, letter: str, name: str, value: str) -> None:
        if name != "practice" and name not in LEVER_TITLES:
            raise InputError(f"{name[:40]} is not one of the eight changes.")
        title = f"{LEVER_TITLES.get(name, 'Practice at the start')} in world {letter.upper()}"
        percent = whole_within(title, value, 0, 100)
        if name == "practice":
            self._world(letter, practice=percent)
        else:
            self.levers[letter][name] = percent

    def _several(self, name: str, value: str) -> None:
        if name == "without":
            found = takeouts.find(value).name
            self.settings = replace(self.settings, without=tuple(dict.fromkeys((*self.settings.without, found))))
            return
        if value.endswith(".toml") or len(self.settings.shocks) >= limits.SHOCKS:
            raise InputError(f"Shocks must be written out, at most {limits.SHOCKS} of them.")
        shocks.written(value)
        self.settings = replace(self.settings, shocks=(*self.settings.shocks, value))

    def done(self) -> tuple[Settings, list[Problem]]:
        """Return what was read, once the whole has been looked at."""
        for letter, chosen in self.levers.items():
            if chosen:
                ordered = tuple((name, chosen[name]) for name in LEVER_TITLES if name in chosen)
                self._world(letter, levers=ordered)
        self._check_numbers()
        self._check_size()
        return self.settings, self.problems

    def _check_numbers(self) -> None:
        kept = tuple((name, self.numbers[name]) for name in NUMBERS if name in self.numbers)
        self.settings = replace(self.settings, numbers=tuple(
            (name, value) for name, value in kept if value != REGISTER[name].value
        ))  # fmt: skip

    def _check_size(self) -> None:
        asked = self.settings
        if asked.families * asked.years * asked.pairs > limits.MOST_LIVED:
            most = max(limits.PAIRS[0], limits.MOST_LIVED // (asked.families * asked.years))
            self.problems.append(Problem(
                "pairs", str(asked.pairs),
                f"{asked.families:,} families over {asked.years} years leave room for at most {most} pairs of runs",
            ))  # fmt: skip
            self.settings = replace(asked, pairs=most)
        try:
            area = asked.place(self.folder)
            simulation.check_scale(area, asked.scale(area))
        except InputError as error:
            self.problems.append(Problem("families", str(asked.families), _sentence(str(error))))
            self.settings = replace(self.settings, area=START, families=Settings.families)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _scenario(value: str) -> str:
    """Return the name of a world that comes with the model; a file of the server's is nobody's business here."""
    if value not in levers.names():
        raise InputError(f"World {shown(value)} is not known{nearest(value[:60], levers.names())}")
    return value


def _area(value: str, folder: Path) -> str:
    if value.startswith(OWN):
        if not is_own(value) or not own_file(folder, value).exists():
            raise InputError("That area's own file is not on this computer. Open the area file again.")
        return value
    return areas.named(value).la_name if value.casefold() not in ("england", "average") else "England"


def _whole(name: str, value: str) -> int:
    return whole_within(WORDS[name], value, *WHOLE[name])


def whole_within(title: str, value: str, low: int, high: int) -> int:
    """Return a whole number as people type it; InputError unless it lies within bounds."""
    text = value.replace(",", "") if _THOUSANDS.fullmatch(value) else value
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and low <= int(text) <= high):
        raise InputError(f"{title} must be a whole number from {low:,} to {high:,}")
    return int(text)


def _number(title: str, value: str) -> float:
    number = plain_number(value)
    if number is None:
        raise InputError(f"{title} must be a number in plain digits")
    return number


def of_toml(text: str, folder: Path) -> tuple[Settings, list[Problem]]:
    """Read a settings file; InputError if it is not one at all."""
    whole = parsed(text, "The file is not a settings file saved from familyabm: it")
    return read(list(_flat(whole))[:MOST], folder)


def _flat(whole: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in whole.items():
        for entry in value if isinstance(value, list) else [value]:
            plain = isinstance(entry, str | bool | float) or (isinstance(entry, int) and abs(entry) < 10**15)
            yield str(name)[:60], str(entry)[:200] if plain else "neither a text nor a number of ordinary size"
