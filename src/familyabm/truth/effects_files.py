"""How an effect's TOML file is read: what cannot be used is refused in one sentence that names file and field."""

import math
from collections.abc import Iterable, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any, TypeVar

from familyabm import levers, measures
from familyabm import toml_fields as fields
from familyabm.codes import N_SOURCES, Agency, Event, Factor, Service, Status
from familyabm.credibility import settings as worlds
from familyabm.credibility.experiments import Change, World
from familyabm.credibility.readings import AGES
from familyabm.errors import InputError, shown
from familyabm.shocks import Shock
from familyabm.tables import AUTHORITY, CHILD, FAMILY, MONEY, SERVICE, WORKER
from familyabm.truth.effects import KINDS, WAYS, Arm, Effect, Outcome
from familyabm.truth.effects_reading import OF_FAMILIES, WHOLE, Counted, Selection

LARGEST_FILE = 100_000
MOST_YEARS = 10
_EFFECT = (
    "title",
    "design",
    "study",
    "source",
    "replay",
    "years",
    "selection",
    "comparison",
    "intervention",
    "outcomes",
)
_SELECTION = ("events", "weeks", "status", "troubles", "levels")
_ARM = ("world", "parts", "maturity", "levers", "parameters", "shocks", "start", "capacity", "links", "observers")
_WORLD = ("parts", "maturity", "levers", "parameters", "shocks")
_OUTCOME = (
    "code", "title", "kind", "way", "unit", "published", "low", "high", "interval", "measure", "years", "count",
    "events", "agencies", "weeks", "before", "factor", "below", "everyone", "per", "moved", "step", "times", "missing",
)  # fmt: skip
BEYOND_MEASURES = tuple(f"starts_{age}" for age in AGES[:-1])
"""What else is read at year ends and can be an outcome: starts in care by age at entry, per 100,000 of that age."""
CHANGEABLE = {
    table: tuple(name for name, entry in columns.items() if len(entry) == 2 and str(entry[0]).startswith("f"))
    for table, columns in (("families", FAMILY), ("children", CHILD), ("workers", WORKER), ("services", SERVICE),
                           ("authority", AUTHORITY), ("money", MONEY))
}  # fmt: skip
"""Numbers of the state that a world may start with otherwise, by table."""
Code = TypeVar("Code", bound=IntEnum)


def load(path: Path) -> Effect:
    """Read an effect from a file."""
    text = fields.file_text(path, LARGEST_FILE, "effect file", "an effect is a page of TOML")
    return read(text, path.stem, str(path))


def read(text: str, name: str, where: str) -> Effect:
    """Read an effect from TOML text."""
    given = fields.parsed(text, where)
    fields.only(given, _EFFECT, "an effect", where)
    years = fields.whole(given.get("years"), "years", where, 1, MOST_YEARS)
    selection = _selection(given, where)
    told = fields.tables(given, "outcomes", where)
    if not told:
        raise InputError(f"{where}: outcomes is missing; at least one [[outcomes]] is needed.")
    outcomes = tuple(_outcome(one, years, selection, f"{where}: outcomes[{n}]") for n, one in enumerate(told, start=1))
    return Effect(
        name=name, title=_needed(given, "title", where), design=_needed(given, "design", where),
        study=_needed(given, "study", where), source=_needed(given, "source", where),
        replay=_needed(given, "replay", where), years=years, selection=selection, outcomes=outcomes, given=given,
        comparison=_arm(fields.table(given, "comparison", where), "comparison", where),
        intervention=_arm(fields.table(given, "intervention", where), "intervention", where),
    )  # fmt: skip


def _needed(given: Mapping[str, Any], key: str, where: str) -> str:
    text = fields.text(given, key, where)
    if not text.strip():
        raise InputError(f"{where}: {key} is missing; a sentence in quotes is needed.")
    return text


def _selection(given: Mapping[str, Any], where: str) -> Selection | None:
    if "selection" not in given:
        return None
    told, place = fields.table(given, "selection", where), f"{where}: selection"
    fields.only(told, _SELECTION, "a selection", place)
    first, end = _window(told.get("weeks", [0, 52]), "weeks", place, 0)
    factors = fields.table(told, "levels", place)
    return Selection(
        _codes(told.get("events", []), "events", place, Event), first, end,
        _codes(told.get("status", []), "status", place, Status),
        tuple((_code(key, "levels", place, Factor), fields.whole(value, f"levels.{key}", place, 0, 3))
              for key, value in factors.items()),
        fields.whole(told.get("troubles", 0), "troubles", place, 0, len(Factor)),
    )  # fmt: skip


def _arm(given: Mapping[str, Any], name: str, where: str) -> Arm:
    """Read one world: a scenario's fields, and what is changed at the start.

    world: one of credibility's experiments by name, and nothing else beside it, so that it has one definition.
    capacity: times the budget of a kind of service for adults.  links: times its relationship with social care; 0 is
    off.  observers: times the contacts from a source.
    """
    place = f"{where}: {name}"
    fields.only(given, _ARM, "a world of an effect", place)
    if "world" in given:
        return _known_world(given, place)
    scenario = levers.made_of({key: given[key] for key in _WORLD if key in given}, name, place)
    seen = fields.table(given, "observers", place)
    names = [agency.name.lower() for agency in list(Agency)[:N_SOURCES]]
    watched = tuple(
        Shock("contacts", fields.one_of(key, "observers", place, names),
              fields.number(value, f"observers.{key}", place, 0.0, 5.0), 0, MOST_YEARS * 52)
        for key, value in seen.items()
    )  # fmt: skip
    whole = levers.Scenario(
        name, name, "", scenario.levers, (*scenario.shocks, *watched), scenario.parameters, scenario.maturity
    )
    return Arm(whole, (*_start(given, place), *_capacity(given, place), *_links(given, place)))


def _known_world(given: Mapping[str, Any], where: str) -> Arm:
    """Return the world of credibility's experiments of that name."""
    known = {
        world.name: Arm(world.scenario, world.start)
        for world in vars(worlds).values()
        if isinstance(world, World) and isinstance(world.scenario, levers.Scenario)
    }
    beside = [key for key in given if key != "world"]
    if beside:
        raise InputError(f"{where}: {beside[0]} cannot stand beside world, which is whole as it is.")
    return known[fields.one_of(given["world"], "world", where, known)]


def _start(given: Mapping[str, Any], where: str) -> tuple[Change, ...]:
    return tuple(
        _change(one, f"{where}: start[{n}]") for n, one in enumerate(fields.tables(given, "start", where), start=1)
    )


def _change(given: Mapping[str, Any], where: str) -> Change:
    fields.only(given, ("table", "field", "times", "plus"), "a change at the start", where)
    table = fields.one_of(given.get("table"), "table", where, CHANGEABLE)
    name = fields.one_of(given.get("field"), "field", where, CHANGEABLE[table])
    times = fields.number(given.get("times", 1.0), "times", where, -100.0, 100.0)
    return Change(table, name, times, fields.number(given.get("plus", 0.0), "plus", where, -1e12, 1e12))


def _capacity(given: Mapping[str, Any], where: str) -> tuple[Change, ...]:
    kinds = [kind.name.lower() for kind in Service if Service.HOUSING_OFFICE <= kind <= Service.DOMESTIC_ABUSE]
    return tuple(
        Change("services", column, fields.number(value, f"capacity.{key}", where, 0.0, 20.0), 0.0,
               int(Service[fields.one_of(key, "capacity", where, kinds).upper()]))
        for key, value in fields.table(given, "capacity", where).items()
        for column in ("places", "budget")
    )  # fmt: skip


def _links(given: Mapping[str, Any], where: str) -> tuple[Change, ...]:
    return tuple(
        Change("services", "relationship", fields.number(value, f"links.{key}", where, 0.0, 5.0), 0.0,
               int(_code(key, "links", where, Service)))
        for key, value in fields.table(given, "links", where).items()
    )  # fmt: skip


def _outcome(given: Mapping[str, Any], years: int, selection: Selection | None, where: str) -> Outcome:
    fields.only(given, _OUTCOME, "an outcome", where)
    kind = fields.one_of(given.get("kind"), "kind", where, KINDS)
    way = fields.one_of(given.get("way"), "way", where, WAYS)
    low, high = (_end(given, key, where) for key in ("low", "high"))
    if low > high:
        raise InputError(f"{where}: low = {low:g} is above high = {high:g}.")
    published = math.nan
    if "published" in given:
        published = fields.number(given["published"], "published", where, -1e9, 1e9)
    measure, counted, before = _measured(given, years, selection, where)
    if (before is not None) != (way == "before"):
        raise InputError(f'{where}: before = [FIRST, END] goes with way = "before" and with no other.')
    return Outcome(
        title=_needed(given, "title", where), kind=kind, way=way, unit=fields.text(given, "unit", where) or WAYS[way],
        published=published, low=low, high=high, interval=_needed(given, "interval", where),
        code=fields.text(given, "code", where), measure=measure, counted=counted, counted_before=before,
        years=_years(given.get("years", [1, years]), years, where), **_per(given, way, where),
        missing=fields.text(given, "missing", where),
    )  # fmt: skip


def _end(given: Mapping[str, Any], key: str, where: str) -> float:
    if key not in given:
        return -math.inf if key == "low" else math.inf
    return fields.number(given[key], key, where, -1e9, 1e9)


def _measured(
    given: Mapping[str, Any], years: int, selection: Selection | None, where: str
) -> tuple[str, Counted | None, Counted | None]:
    """Return the measure, or what is counted and what is counted before."""
    if ("measure" in given) == ("count" in given):
        raise InputError(f"{where}: measure or count is needed, and only one of them.")
    if "measure" in given:
        return fields.one_of(given["measure"], "measure", where, (*measures.MEASURES, *BEYOND_MEASURES)), None, None
    among = None if fields.yes_or_no(given, "everyone", where) else selection
    what = fields.one_of(given["count"], "count", where, OF_FAMILIES if among else WHOLE)
    events = _codes(given.get("events", []), "events", where, Event)
    if what in ("share", "events", "children") and not events:
        raise InputError(f"{where}: events is missing; what is counted needs at least one.")
    factor = _code(given["factor"], "factor", where, Factor) if "factor" in given else None
    if (what == "eased") != (factor is not None):
        raise InputError(f'{where}: factor goes with count = "eased" and with no other.')
    agencies = _codes(given.get("agencies", []), "agencies", where, Agency)
    below = fields.whole(given.get("below", 1), "below", where, 1, 3)
    window = _window(given.get("weeks"), "weeks", where, -years * 52 if among else 0)
    counted = Counted(what, window, events, agencies, factor, below, among)
    if "before" not in given:
        return "", counted, None
    earlier = _window(given["before"], "before", where, -years * 52)
    return "", counted, Counted(what, earlier, events, agencies, factor, below, among)


def _window(value: object, label: str, where: str, lowest: int) -> tuple[int, int]:
    """Return the first week of a window and the week at which it has ended."""
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(f"{where}: {label} = {shown(value)} is not a window; [FIRST, END] in weeks is accepted.")
    first, end = (fields.whole(week, label, where, lowest, MOST_YEARS * 52) for week in value)
    if first >= end:
        raise InputError(f"{where}: {label} = [{first}, {end}] ends before it begins.")
    return first, end


def _years(value: object, years: int, where: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise InputError(f"{where}: years = {shown(value)} is not accepted; [FIRST, LAST] is.")
    first = fields.whole(value[0], "years", where, 1, years)
    return first, fields.whole(value[1], "years", where, first, years)


def _per(given: Mapping[str, Any], way: str, where: str) -> dict[str, Any]:
    """Return what a difference is told for each of, and how units are turned into the published ones."""
    told = [name for name in ("per", "moved", "step", "times") if name in given]
    if way not in ("per", "elasticity"):
        if told:
            raise InputError(f'{where}: {told[0]} goes with way = "per" or "elasticity".')
        return {}
    if ("per" in given) == ("moved" in given):
        raise InputError(f"{where}: per (a measure) or moved (an amount) is needed, and only one of them.")
    numbers = {name: fields.number(given[name], name, where, -1e6, 1e6) for name in told if name != "per"}
    for name, value in numbers.items():
        if value == 0.0:
            raise InputError(f"{where}: {name} = 0 is not accepted; any other number is.")
    per = fields.one_of(given["per"], "per", where, measures.MEASURES) if "per" in given else ""
    return {"per": per, **numbers}


def _codes(value: object, label: str, where: str, kind: type[Code]) -> tuple[Code, ...]:
    """Return codes by their names, given as one name or a list."""
    names: Iterable[object] = value if isinstance(value, list) else [value]
    return tuple(_code(name, label, where, kind) for name in names)


def _code(name: object, label: str, where: str, kind: type[Code]) -> Code:
    return kind[fields.one_of(name, label, where, [code.name.lower() for code in kind]).upper()]
