"""The eight levers, and scenarios: named worlds of lever policies and shocks, kept as TOML files."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from familyabm.codes import Agency, Factor
from familyabm.errors import InputError, finite, nearest, shown
from familyabm.parameters import REGISTER
from familyabm.parameters.register import known
from familyabm.tables import LEVERS, Table, empty

LEVER_TITLES = {
    "information_sharing": "Information sharing",
    "joint_response": "Whole-family joint response",
    "no_wrong_door": "Shared threshold, no wrong door",
    "continuity": "Lead professional continuity",
    "pooled_budget": "Pooled, needs-led resources",
    "ring_fence": "Early help ring-fence",
    "unit_model": "Social work units",
    "bureaucracy_relief": "Relief from bureaucracy",
}
"""The levers L1 to L8 by name, with the title that people read."""

_NEEDS = {factor.name.lower(): int(factor) for factor in Factor}
_SOURCES = {agency.name.lower(): int(agency) for agency in list(Agency)[:7]}
_OF_THE_PAST = ("population.", "base.", "workforce.posts_per_team", "workforce.mean_experience", "money.reserves")
_LARGEST_FILE = 100_000
_LONGEST = 5200


@dataclass(frozen=True)
class Shock:
    """A change from outside: `times` the usual need or contacts, from a week, for some weeks.

    what: "need" (adults' risk factors arise more or less) or "contacts" (a source gets in touch more or less).
    which: one factor or one source by name, or "all".
    """

    what: str
    which: str
    times: float
    from_week: int
    weeks: int


@dataclass(frozen=True)
class Scenario:
    """A named world: what policy intends for each lever, what hits from outside, and what is assumed.

    levers: {name: 0 to 1}; a lever not named stays where a typical authority stands.
    maturity: how far practice already follows policy at the start, 0 to 1.
    """

    name: str
    title: str
    description: str
    levers: Mapping[str, float] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    maturity: float = 0.0
    expect: str = ""
    surprise: str = ""

    def policy(self, base: Mapping[str, float]) -> Table:
        """Return the one-row table of intended lever values; `base` gives those that the scenario leaves alone."""
        table = empty(LEVERS, 1)
        for name in LEVERS:
            table[name] = self.levers.get(name, base[name])
        return table

    def as_address(self) -> str:
        """Return the text that stands for this scenario in a run's address; names and prose do not count."""
        shocks = [(s.what, s.which, s.times, s.from_week, s.weeks) for s in self.shocks]
        return repr((sorted(self.levers.items()), shocks, sorted(self.parameters.items()), self.maturity))


def shock_curves(shocks: tuple[Shock, ...], weeks: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weekly multipliers on need, shape (weeks, 4), and on contacts, shape (weeks, 7)."""
    need, contacts = np.ones((weeks, len(_NEEDS))), np.ones((weeks, len(_SOURCES)))
    for shock in shocks:
        span = slice(shock.from_week, shock.from_week + shock.weeks)
        table, names = (need, _NEEDS) if shock.what == "need" else (contacts, _SOURCES)
        columns = list(names.values()) if shock.which == "all" else [names[shock.which]]
        table[span, columns] *= shock.times
    return need, contacts


def names() -> list[str]:
    """Return the names of the scenarios that come with the package, in their order."""
    folder = resources.files("familyabm") / "scenarios"
    return [name for name in _ORDER if (folder / f"{name}.toml").is_file()]


_ORDER = ("status-quo", "siloed", "whole-system", "spike-nerve-held", "spike-raided", "spike-whole-system")


def find(name_or_path: str) -> Scenario:
    """Return the scenario of that name, or read it from a TOML file of the same shape.

    Raises InputError naming the nearest known scenario, or the field of the file that cannot be used.
    """
    if name_or_path.endswith(".toml"):
        return load(Path(name_or_path))
    if name_or_path not in _ORDER:
        hint = nearest(name_or_path, _ORDER)
        raise InputError(
            f"scenario {name_or_path!r} is not known{hint}; one of {', '.join(_ORDER)} or a .toml file is accepted."
        )
    source = resources.files("familyabm") / "scenarios" / f"{name_or_path}.toml"
    return read(source.read_text(encoding="utf-8"), name_or_path, name_or_path)


def load(path: Path) -> Scenario:
    """Read a scenario from a TOML file."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(f"{path} is larger than {_LARGEST_FILE:,} bytes; a scenario file is a page of TOML.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise InputError(f"scenario file {path} cannot be read: {reason}.") from None
    except UnicodeDecodeError:
        raise InputError(f"scenario file {path} is not UTF-8 text.") from None
    return read(text, path.stem, str(path))


def read(text: str, name: str, where: str) -> Scenario:
    """Read a scenario from TOML text, checking it field by field."""
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{where} is not valid TOML: {str(error).splitlines()[0]}.") from None
    allowed = ("title", "description", "expect", "surprise", "maturity", "levers", "shocks", "parameters")
    for key in given:
        if key not in allowed:
            raise InputError(
                f"{where}: {key} is not a field of a scenario{nearest(key, allowed)}; accepted: {', '.join(allowed)}."
            )
    return Scenario(
        name=name,
        title=_text(given, "title", where) or name,
        description=_text(given, "description", where),
        expect=_text(given, "expect", where),
        surprise=_text(given, "surprise", where),
        maturity=_number(given.get("maturity", 0.0), "maturity", where, 0.0, 1.0),
        levers=_levers(_table(given, "levers", where), where),
        shocks=tuple(_shocks(given.get("shocks", []), where)),
        parameters=_parameters(_table(given, "parameters", where), where),
    )


def _text(given: Mapping[str, Any], key: str, where: str) -> str:
    value = given.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{where}: {key} = {value!r} is not text; a sentence in quotes would be accepted.")
    return value


def _table(given: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    value = given.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{where}: {key} = {value!r} is not a table; [{key}] with one line per name is accepted.")
    return value


def _number(value: object, label: str, where: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{where}: {label} = {shown(value)} is not a number; {low:g} to {high:g} is accepted.")
    if not finite(value) or not low <= value <= high:
        raise InputError(f"{where}: {label} = {shown(value)} is outside {low:g} to {high:g}.")
    return float(value)


def _whole(value: object, label: str, where: str, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{where}: {label} = {shown(value)} is not a whole number; {low} to {high} is accepted.")
    return int(_number(value, label, where, low, high))


def _levers(given: Mapping[str, Any], where: str) -> dict[str, float]:
    for key in given:
        if key not in LEVERS:
            raise InputError(
                f"{where}: levers.{key} is not a lever{nearest(key, LEVERS)}; accepted: {', '.join(LEVERS)}."
            )
    return {key: _number(value, f"levers.{key}", where, 0.0, 1.0) for key, value in given.items()}


def _parameters(given: Mapping[str, Any], where: str) -> dict[str, float]:
    flat: dict[str, Any] = {}
    for key, value in given.items():
        inner = value.items() if isinstance(value, dict) else [("", value)]
        flat.update({f"{key}.{name}" if name else key: number for name, number in inner})
    for address in flat:
        if address.startswith(_OF_THE_PAST):
            raise InputError(
                f"{where}: parameters.{address} shapes the past, which both worlds share; --set is accepted for it."
            )
    try:
        return {address: REGISTER[known(REGISTER, address)].check(value) for address, value in flat.items()}
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _shocks(given: object, where: str) -> list[Shock]:
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise InputError(f"{where}: shocks is not a list of tables; [[shocks]] is accepted.")
    return [_shock(entry, f"{where}: shocks[{place}]") for place, entry in enumerate(given, start=1)]


def _shock(entry: Mapping[str, Any], where: str) -> Shock:
    fields = ("what", "which", "times", "from_week", "weeks")
    for key in entry:
        if key not in fields:
            raise InputError(
                f"{where}: {key} is not a field of a shock{nearest(key, fields)}; accepted: {', '.join(fields)}."
            )
    what = entry.get("what", "need")
    if what not in ("need", "contacts"):
        raise InputError(f"{where}: what = {what!r} is not known; need or contacts is accepted.")
    which, known_names = entry.get("which", "all"), _NEEDS if what == "need" else _SOURCES
    if not isinstance(which, str) or which not in {"all", *known_names}:
        raise InputError(f"{where}: which = {which!r} is not known; accepted: all, {', '.join(known_names)}.")
    return Shock(
        what=what,
        which=which,
        times=_number(entry.get("times"), "times", where, 0.0, 5.0),
        from_week=_whole(entry.get("from_week", 0), "from_week", where, 0, _LONGEST),
        weeks=_whole(entry.get("weeks", 26), "weeks", where, 1, _LONGEST),
    )
