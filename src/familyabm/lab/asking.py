"""What a goal-seek is asked: settings to vary, goals to keep and a measure to make least, as written on a line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from familyabm import levers, lives
from familyabm.errors import InputError, finite, nearest, plain_number, shown
from familyabm.lab import factors
from familyabm.lab.factors import BRANCH, About, Factor
from familyabm.levers import LEVER_TITLES, Scenario

_GOAL = re.compile(r"\s*([^<>=]+?)\s*(<=|>=)\s*(?:([-+0-9.eE]+)\s*\*\s*)?(\S.*?)\s*")
LONGEST_GOAL = 200
"""Characters; the expression above takes far longer over a text far longer."""
_KNOWN = ("levers.",)


@dataclass(frozen=True)
class Vary:
    """A setting that may be moved between two values, with what is known of it."""

    factor: Factor
    known: About

    @property
    def name(self) -> str:
        """Return its name."""
        return self.factor.name

    @property
    def low(self) -> float:
        """Return its lowest value."""
        return float(self.factor.low or 0.0)

    @property
    def high(self) -> float:
        """Return its highest value."""
        return float(self.factor.high or 0.0)


@dataclass(frozen=True)
class Goal:
    """A measure that must stay on one side: of a number, or of a world's own value with the same luck, times `times`.

    side: "<=" or ">=".
    """

    measure: str
    side: str
    number: float = 0.0
    world: Scenario | None = None
    times: float = 1.0

    @property
    def words(self) -> str:
        """Return it as it is written."""
        if self.world is None:
            return f"{self.measure} {self.side} {self.number:g}"
        times = "" if self.times == 1.0 else f"{self.times:g} * "
        return f"{self.measure} {self.side} {times}{self.world.name}"


def read_vary(text: str) -> Vary:
    """Read "levers.continuity", "levers.continuity=0:0.5" or "group.parameter=low:high".

    A parameter holds in the future only. Raises InputError for what is unknown, shapes the past or is out of range.
    """
    where = f"--vary {text if len(text) <= LONGEST_GOAL else shown(text)}"
    name, equals, given = (part.strip() for part in text.partition("="))
    name = f"levers.{name}" if name in LEVER_TITLES else name
    low, high = _ends(given, where) if equals else (None, None)
    parameter = not name.startswith(_KNOWN)
    factor = Factor(name, low, high, since=BRANCH) if parameter else Factor(name, low, high)
    if factor.kind in ("area", "shock"):
        raise InputError(f"{where}: {name} cannot be chosen by anybody; a lever or a parameter is accepted.")
    known = factors.about(factor, (), {}, where)
    return Vary(factors.settled(factor, known, where), known)


def _ends(given: str, where: str) -> tuple[float, float]:
    low, high = (plain_number(end) for end in given.partition(":")[::2])
    if low is not None and high is not None:
        return low, high
    raise InputError(f"{where}: {shown(given)} is not a range; one like 0.2:0.8 is accepted.")


def read_goal(text: str) -> Goal:
    """Read "looked_after<=status-quo", "looked_after<=0.95*status-quo" or "reserves>=100".

    Raises InputError for an unknown measure or world, or what is no goal.
    """
    where = f"--keep {text if len(text) <= LONGEST_GOAL else shown(text)}"
    found = _GOAL.fullmatch(text) if len(text) <= LONGEST_GOAL else None
    if found is None:
        raise InputError(
            f"{where} is not a goal; a measure, <= or >=, and a number or a world are, as in looked_after<=status-quo."
        )
    measure, side, times, target = found.groups()
    name = read_measure(measure, where)
    if times is None and (number := _number(target)) is not None:
        return Goal(name, side, number)
    factor = 1.0 if times is None else _number(times)
    if factor is None or factor <= 0.0:
        raise InputError(f"{where}: {shown(times)} is not a number above 0 to multiply a world's value with.")
    try:
        return Goal(name, side, world=levers.find(target), times=factor)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _number(text: str | None) -> float | None:
    value = plain_number(text or "")
    return value if value is not None and finite(value) else None


def read_measure(name: str, where: str) -> str:
    """Return a measure's name, or raise InputError naming the nearest."""
    if name not in lives.OUTCOMES:
        hint = nearest(name, lives.OUTCOMES)
        raise InputError(f"{where}: measure {shown(name)} is not known{hint}; 'familyabm measures' lists all.")
    return name


def distinct(varied: Iterable[Vary]) -> tuple[Vary, ...]:
    """Return settings to vary if there is one and none is given twice, else raise InputError."""
    found = tuple(varied)
    names = [vary.name for vary in found]
    if not found:
        raise InputError("--vary is needed: a lever or a parameter, as in --vary levers.continuity=0:1.")
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"--vary {name} is given twice; once is accepted.")
    return found


def as_toml(base: Scenario, found: Scenario) -> str:
    """Write a world that was found as a scenario file; what it has of a packaged base comes by its name.

    Shocks of a base that is a file of its own are not written.
    """
    parts = [f'parts = ["{base.name}"]'] if base.name in levers.names() else []
    lines = ['title = "Found by familyabm seek"', *parts, f"maturity = {found.maturity!r}", "", "[levers]"]
    lines += [f"{name} = {value!r}" for name, value in found.levers.items()]
    lines += ["", "[parameters]", *(f'"{name}" = {value!r}' for name, value in found.parameters.items())]
    return "\n".join(lines) + "\n"
