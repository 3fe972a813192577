"""Studies as files: TOML as people write it, and JSON as a study is frozen in its folder.

The frozen form holds areas, worlds and shocks in full, so that a folder can be read, resumed and repeated without
any other file.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, NamedTuple

from familyabm import toml_fields
from familyabm.areas import Area
from familyabm.changes import Change
from familyabm.errors import InputError, shown
from familyabm.lab.designs import Design
from familyabm.lab.factors import About, Factor
from familyabm.lab.study import Study
from familyabm.levers import Scenario
from familyabm.parameters.register import known
from familyabm.shocks import Shock, read_shock

LARGEST_FILE = 5_000_000
_FIELDS = (
    "name", "title", "question", "areas", "worlds", "lucks", "seeds", "years", "scale", "measures", "by_year", "keep",
    "limit", "set", "shocks", "factors", "design", "cluster",
)  # fmt: skip
_FACTOR = ("name", "low", "high", "values", "from", "worlds", "relative")
_DESIGN = tuple(entry.name for entry in fields(Design))


class StudyFile(NamedTuple):
    """What a study's file says: the study, and the machines it is to run on."""

    study: Study
    cluster: Mapping[str, Any]


def load(path: Path) -> StudyFile:
    """Read a study from a TOML file; what cannot be used is refused by line and field."""
    text = toml_fields.file_text(path, LARGEST_FILE, "study file", "a study is a page or two of TOML")
    return read(text, path.name if path.name.isprintable() else "study", path.stem, path.parent)


def read(text: str, where: str = "study", name: str = "study", folder: Path = Path()) -> StudyFile:
    """Read a study from TOML text; files that it names are looked for beside it."""
    given = toml_fields.parsed(text, where)
    try:
        return of_content(given, where, name, folder)
    except InputError as error:
        raise InputError(with_line(str(error), text, where)) from None


def of_content(given: Mapping[str, Any], where: str = "study", name: str = "study", folder: Path = Path()) -> StudyFile:
    """Return the study that the content of a TOML file describes."""
    toml_fields.only(given, _FIELDS, "a study", where)
    if "areas" not in given:
        raise InputError(f'{where}: areas is missing; areas = ["Wakefield"] would be accepted.')
    plain = {key: given[key] for key in ("lucks", "seeds", "years", "scale", "keep", "limit") if key in given}
    shocks = {
        key: read_shock(_table(entry, f"shocks.{key}", where), f"{where}: shocks.{key}")
        for key, entry in toml_fields.table(given, "shocks", where).items()
    }
    entries = toml_fields.tables(given, "factors", where)
    study = Study(
        name=toml_fields.text(given, "name", where) or name, title=toml_fields.text(given, "title", where),
        question=toml_fields.text(given, "question", where), areas=_near(given["areas"], folder),
        worlds=_near(given.get("worlds", ["status-quo"]), folder), shocks=shocks, settings=_settings(given, where),
        factors=tuple(_factor(entry, f"{where}: factors[{n}]") for n, entry in enumerate(entries, start=1)),
        design=_design(toml_fields.table(given, "design", where), bool(entries), f"{where}: design"),
        measures=_measures(given, where), by_year=toml_fields.yes_or_no(given, "by_year", where), where=where, **plain,
    )  # fmt: skip
    return StudyFile(study, toml_fields.table(given, "cluster", where))


def _table(entry: object, label: str, where: str) -> Mapping[str, Any]:
    if not isinstance(entry, dict):
        raise InputError(f"{where}: {label} = {shown(entry)} is not a table; [{label}] is accepted.")
    return entry


def _near(given: Any, folder: Path) -> Any:
    """Return names as they are, and files as they lie beside the study."""
    entries = given if isinstance(given, list) else [given]
    return tuple(
        str(folder / entry) if isinstance(entry, str) and (folder / entry).suffix in (".toml", ".csv") else entry
        for entry in entries
    )


def _measures(given: Mapping[str, Any], where: str) -> tuple[str, ...]:
    value = given.get("measures", [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise InputError(f'{where}: measures = {shown(value)} is not a list of names; ["care_starts"] would be.')
    return tuple(value)


def _settings(given: Mapping[str, Any], where: str) -> dict[str, float]:
    from familyabm.parameters import REGISTER

    flat: dict[str, Any] = {}
    for key, value in toml_fields.table(given, "set", where).items():
        inner = value.items() if isinstance(value, dict) else [("", value)]
        flat.update({f"{key}.{name}" if name else key: number for name, number in inner})
    try:
        return {address: REGISTER[known(REGISTER, address)].check(value) for address, value in flat.items()}
    except InputError as error:
        raise InputError(f"{where}: set: {error}") from None


def _factor(entry: Mapping[str, Any], where: str) -> Factor:
    toml_fields.only(entry, _FACTOR, "a factor", where)
    if not isinstance(entry.get("name"), str):
        raise InputError(f"{where}: name = {shown(entry.get('name'))} is not the name of what varies, in quotes.")
    values, worlds = entry.get("values", []), entry.get("worlds", [])
    if not isinstance(values, list) or ("values" in entry and not values):
        raise InputError(f"{where}: values = {shown(values)} is not a list of values; [0.1, 0.9] would be.")
    if "values" in entry and ("low" in entry or "high" in entry):
        raise InputError(f"{where}: values and low or high are both given; one of the two is accepted.")
    if not isinstance(worlds, list) or not all(isinstance(world, str) for world in worlds):
        raise InputError(f'{where}: worlds = {shown(worlds)} is not a list of names; ["whole-system"] would be.')
    return Factor(
        entry["name"], entry.get("low"), entry.get("high"), tuple(values), entry.get("from", "past"), tuple(worlds),
        toml_fields.yes_or_no(entry, "relative", where),
    )  # fmt: skip


def _design(given: Mapping[str, Any], varied: bool, where: str) -> Design:
    toml_fields.only(given, _DESIGN, "a design", where)
    if varied and "kind" not in given:
        raise InputError(f'{where}: kind is missing; [design] with kind = "grid" would be accepted.')
    plain = {key: value for key, value in given.items() if key not in ("rows", "second_order")}
    rows = toml_fields.tables(given, "rows", where)
    return Design(**plain, second_order=toml_fields.yes_or_no(given, "second_order", where), rows=tuple(rows))


# --- Which line a message is about ------------------------------------------------------------------------------------
_LABEL = re.compile(r"(?:([a-z_]+(?:\[\d+\])?(?:\.[A-Za-z0-9_-]+)*): )?([A-Za-z_][A-Za-z0-9_-]*)?")


def with_line(message: str, text: str, where: str) -> str:
    """Return a message that begins "WHERE: FIELD …" as "WHERE, line 12: FIELD …", if the field has a line."""
    rest = message.removeprefix(f"{where}: ")
    match = _LABEL.match(rest) if rest != message else None
    if match is None:
        return message
    table, key = match[1] or "", match[2] or ""
    line = line_of(text, table, key) or line_of(text, "", key) or line_of(text, "", table)
    return f"{where}, line {line}: {rest}" if line else message


def line_of(text: str, table: str, key: str) -> int:
    """Return the line of a field, of its table where the field has none, or 0. Entries of lists count from 1."""
    within, counts, heading = "", dict[str, int](), 0
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if header := re.match(r"\[\[\s*([^\]]+?)\s*\]\]", stripped):
            counts[header[1]] = counts.get(header[1], 0) + 1
            within = f"{header[1]}[{counts[header[1]]}]"
        elif header := re.match(r"\[\s*([^\[\]]+?)\s*\]", stripped):
            within = header[1].replace('"', "")
        elif within == table and re.match(rf'"?{re.escape(key)}"?\s*[.=]', stripped) and key:
            return number
        if within == table and not heading and table:
            heading = number
        if header and within == key and not table:
            return number
    return heading


# --- Frozen -----------------------------------------------------------------------------------------------------------
_PLAIN = ("name", "title", "question", "reads", "years", "scale", "keep", "limit")


def as_json(study: Study) -> dict[str, Any]:
    """Return a study in full as JSON can hold it."""
    plain = {entry: getattr(study, entry) for entry in _PLAIN}
    return plain | {
        "by_year": study.by_year, "lucks": list(study.lucks), "seeds": list(study.seeds),
        "measures": list(study.measures), "every_measure": study.every_measure, "settings": dict(study.settings),
        "areas": [area.as_dict() | {"filled": list(area.filled)} for area in study.areas],
        "worlds": [_world_json(world) for world in study.worlds],
        "shocks": {name: asdict(shock) for name, shock in study.shocks.items()},
        "factors": [asdict(factor) for factor in study.factors], "design": asdict(study.design),
        "known": {name: known._asdict() for name, known in study.known.items()},
    }  # fmt: skip


def _world_json(world: Scenario) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "name": world.name, "title": world.title, "description": world.description, "code": world.code,
        "levers": dict(world.levers), "maturity": world.maturity, "parameters": dict(world.parameters),
        "shocks": [asdict(shock) for shock in world.shocks],
    }  # fmt: skip
    return whole | ({"changes": [asdict(change) for change in world.changes]} if world.changes else {})


def from_json(given: Mapping[str, Any], where: str = "study") -> Study:
    """Return the study that was frozen so, as it was then; InputError if it was not."""
    try:
        made = ("areas", "worlds", "shocks", "factors", "known")
        rest = {key: value for key, value in given.items() if key not in made}
        rest |= {key: tuple(rest[key]) for key in ("lucks", "seeds", "measures")}
        design = dict(rest.pop("design"))
        return Study(
            areas=tuple(_area(area) for area in given["areas"]),
            worlds=tuple(_world(world) for world in given["worlds"]),
            shocks={name: Shock(**entry) for name, entry in given["shocks"].items()},
            factors=tuple(_frozen_factor(entry) for entry in given["factors"]),
            design=Design(**(design | {"rows": tuple(design["rows"])})), where=where,
            frozen={name: _about(entry) for name, entry in given["known"].items()}, **rest,
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"{where} is not a frozen study: {type(error).__name__}, {error}.") from None


def _area(given: Mapping[str, Any]) -> Area:
    pairs = tuple((str(name), float(times)) for name, times in given.get("multipliers", {}).items())
    return Area(**(dict(given) | {"filled": tuple(given["filled"]), "multipliers": pairs}))


def _world(given: Mapping[str, Any]) -> Scenario:
    shocks = tuple(Shock(**shock) for shock in given["shocks"])
    changes = tuple(Change(**change) for change in given.get("changes", ()))
    return Scenario(**(dict(given) | {"shocks": shocks, "changes": changes}))


def _frozen_factor(given: Mapping[str, Any]) -> Factor:
    return Factor(**(dict(given) | {"values": tuple(given["values"]), "worlds": tuple(given["worlds"])}))


def _about(given: Mapping[str, Any]) -> About:
    return About(**(dict(given) | {"words": tuple(given["words"])}))


def canonical(content: Any) -> bytes:
    """Write content as JSON in the one way that its hash is taken of."""
    return (json.dumps(content, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()
