"""What is known about an area, field by field, and how a user's own area file is read.

FIELDS is the only declaration of a field: validation, `familyabm areas` and the documentation read it. A
blank is unknown, never zero, and a figure that cannot be used is refused, never repaired.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from familyabm.errors import InputError, nearest, plain_number
from familyabm.toml_fields import parsed

Kind = Literal["text", "count", "rate", "amount"]
Record = dict[str, Any]
"""The figures of one area by field name; None where a figure is unknown."""

ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0 (Department for "
    "Education, Department for Work and Pensions, Ministry of Housing, Communities and Local Government, "
    "Ofsted, Office for National Statistics)."
)
REGIONS = (
    "East Midlands", "East of England", "Inner London", "North East", "North West", "Outer London",
    "South East", "South West", "West Midlands", "Yorkshire and The Humber", "England",
)  # fmt: skip
"""The regions of the official table, and England for an area that belongs to no single one."""

LARGEST_FILE = 200_000
"""Bytes; a file of one area is a few kilobytes."""

_LAIT = "read from the DfE Local Authority Interactive Tool, data of 8 April 2026"
_POPULATION = "ONS mid-year population estimates, as used by DfE for children looked after in England 2025"
_IMD_2019 = "MHCLG, English indices of deprivation 2019"
_IMD_2025 = "MHCLG, English indices of deprivation 2025, underlying indicators"
_POVERTY = f"DWP, children in low-income families (relative, before housing costs), {_LAIT}"
_WORKFORCE = f"DfE, Children's social work workforce (30 September), {_LAIT}"
_SPEND = f"DfE, section 251 outturn, gross expenditure, {_LAIT}"
_UNIT_COST = f"DfE, section 251 outturn divided by children on 31 March, {_LAIT}"
_FOSTERING = "Ofsted, Fostering in England, places with the authority's own carers"
_ASYLUM = "DfE, Children looked after in England including adoptions (31 March)"
_NEED = f"DfE, Children in need, {_LAIT}"


@dataclass(frozen=True)
class Field:
    """Declare one field of an area: its meaning, unit, accepted range, and source.

    `low` and `high` bound the value (kinds count and rate), the value per 10,000 children (kind amount: it
    grows with the size of the area) or the number of characters (kind text). `year` is the year the figure
    describes.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    kind: Kind
    source: str
    year: str

    def accepted(self) -> str:
        """Say in words which values are accepted."""
        per = " per 10,000 children" if self.kind == "amount" else ""
        return f"{self.low:,.12g} to {self.high:,.12g} {self.unit}{per}"

    def allows(self, value: float, children: float) -> bool:
        """Tell whether a figure is plausible for an area of this many children."""
        size = children / 10_000 if self.kind == "amount" else 1.0
        return self.low * size <= value <= self.high * size


Row = tuple[str, str, str, float, float]
"""Name, label, unit, low and high of a field."""


def _fields(kind: Kind, source: str, year: str, *rows: Row) -> tuple[Field, ...]:
    return tuple(Field(*row, kind, source, year) for row in rows)


# Ranges: wide enough for every official figure of an authority of ordinary size and for the years to come,
# narrow enough to catch a slipped decimal point and the odd ratios of a few hundred children.
FIELDS: tuple[Field, ...] = (
    *_fields("text", "ONS geography, London split into Inner and Outer", "2025",
        ("la_code", "Code of the authority", "characters", 1, 20),
        ("la_name", "Name of the authority", "characters", 1, 80),
        ("region", "Region", "characters", 1, 30)),
    *_fields("count", _POPULATION, "mid-2024",
        ("children_0_17", "Children aged 0-17", "children", 100, 2_000_000)),
    *_fields("rate", _IMD_2019, "2019",
        ("imd2019_score", "IMD 2019 average score", "points", 1, 80),
        ("idaci2019_score", "IDACI 2019 average score", "share of children", 0.01, 0.7)),
    *_fields("rate", _POVERTY, "2025",
        ("child_poverty_pct", "Children in low-income families", "%", 1, 70)),
    *_fields("rate", _IMD_2025, "2025",
        ("homelessness_per_1000_households", "Homelessness", "per 1,000 households", 0, 30),
        ("overcrowding_rooms", "Households short of rooms", "share of households", 0, 0.6),
        ("mental_health_indicator", "Adult mental ill-health indicator", "points", -3, 3)),
    *_fields("amount", _WORKFORCE, "2025",
        ("social_workers_fte", "Children's social workers in post", "FTE", 5, 100)),
    *_fields("rate", _WORKFORCE, "2025",
        ("case_holders_pct", "Social workers who hold cases", "%", 5, 95),
        ("vacancy_pct", "Vacancy rate", "%", 0, 60),
        ("agency_pct", "Agency rate", "%", 0, 60),
        ("turnover_pct", "Turnover rate", "%", 1, 60),
        ("sickness_absence_pct", "Sickness absence rate", "%", 0, 20)),
    *_fields("rate", _UNIT_COST, "2024-25",
        ("residential_cost_gbp_per_week", "Cost of residential care", "GBP/week", 1_500, 30_000),
        ("foster_cost_gbp_per_week", "Cost of foster care", "GBP/week", 150, 3_000),
        ("looked_after_cost_gbp_per_week", "Cost of a child looked after", "GBP/week", 400, 6_000),
        ("social_work_cost_gbp_per_cin_week", "Cost of social work per child in need", "GBP/week", 30, 500)),
    *_fields("amount", _SPEND, "2024-25",
        ("spend_total_gbp", "Spend on children's services", "GBP", 3e6, 50e6),
        ("spend_looked_after_gbp", "Spend on children looked after", "GBP", 1e6, 23e6),
        ("spend_safeguarding_gbp", "Spend on safeguarding", "GBP", 0.5e6, 12e6),
        ("spend_family_support_gbp", "Spend on family support", "GBP", 0.1e6, 10e6),
        ("spend_sure_start_early_years_gbp", "Spend on Sure Start and early years", "GBP", 0, 8e6),
        ("spend_young_people_gbp", "Spend on services for young people", "GBP", 0, 6e6)),
    *_fields("amount", _FOSTERING, "latest to April 2026",
        ("foster_places", "Approved foster places", "places", 1, 200),
        ("foster_places_filled", "Foster places filled", "places", 0, 150)),
    *_fields("amount", _ASYLUM, "2025",
        ("uasc_31_march", "Unaccompanied asylum-seeking children looked after", "children", 0, 50)),
    *_fields("rate", _NEED, "2025",
        ("source_police_pct", "Referrals from the police", "% of referrals", 5, 50),
        ("source_schools_pct", "Referrals from schools", "% of referrals", 0, 50),
        ("source_health_pct", "Referrals from health services", "% of referrals", 1, 50),
        ("source_housing_pct", "Referrals from housing", "% of referrals", 0, 20),
        ("source_la_services_pct", "Referrals from other council services", "% of referrals", 1, 50),
        ("source_individual_pct", "Referrals from individuals", "% of referrals", 0, 40)),
)  # fmt: skip
FIELD: Mapping[str, Field] = {field.name: field for field in FIELDS}
FIGURES = tuple(field for field in FIELDS if field.kind in ("rate", "amount"))
"""The fields a file may leave out: they are filled from similar authorities."""
REQUIRED = ("la_name", "region", "children_0_17")

SHARES = tuple(name for name in FIELD if name.startswith("source_"))
SPENDS = tuple(name for name in FIELD if name.startswith("spend_") and name != "spend_total_gbp")
WHOLES: tuple[tuple[str | None, tuple[str, ...]], ...] = (
    (None, SHARES),
    ("spend_total_gbp", SPENDS),
    ("foster_places", ("foster_places_filled",)),
)
"""Wholes and the parts that may not exceed them; the referral sources are parts of 100%."""

MULTIPLIERS: Mapping[str, str] = {
    "contacts": "contacts from every source",
    "need": "children who are in need, and stay so",
    "plans": "children who come onto protection plans, and stay on them",
    "care": "children who enter care, and stay there",
}
"""What a council's own area file may have more or less of than its figures give; `multipliers` says how it acts."""
MOST = 4.0
"""Times by which it may be more, or less."""


def read(path: Path) -> Record:
    """Read and check the one area of a TOML or CSV file; figures it leaves out are None.

    Raises InputError, with one sentence that names the file and the field, if anything in it cannot be used.
    """
    where = path.name if path.name.isprintable() and len(path.name) <= 60 else shown(path.name)
    reader = {".toml": _from_toml, ".csv": _from_csv}.get(path.suffix.casefold())
    if reader is None:
        raise InputError(f"{where} is not an area file; its name must end in .toml or .csv.")
    return checked(reader(_text(path, where), where), where)


def checked(given: Mapping[str, object], where: str) -> Record:
    """Return a whole record from given values, or raise InputError about the first that cannot be used.

    where: what to call the source of the values in the message, such as the file's name.
    """
    multipliers = _multipliers(given.get("multipliers", {}), where)
    given = {name: value for name, value in given.items() if name != "multipliers"}
    _refuse_unknown(given, where)
    for name in REQUIRED:
        if given.get(name) is None:
            raise InputError(f"{where}: {name} is missing; an area needs {', '.join(REQUIRED)}.")
    values = {name: _value(FIELD[name], value, where) for name, value in given.items() if value is not None}
    for field in FIGURES:
        _refuse_implausible(field, values, where)
    record: Record = {field.name: values.get(field.name) for field in FIELDS}
    record["la_code"] = record["la_code"] or "own"
    _refuse_parts_above_wholes(record, where)
    return record | {"multipliers": multipliers} if multipliers else record


def _multipliers(given: object, where: str) -> tuple[tuple[str, float], ...]:
    """Return what the area has more or less of, by name."""
    if not isinstance(given, Mapping):
        raise InputError(f"{where}: multipliers = {shown(given)} is not a table; [multipliers] is accepted.")
    accepted = f"{1.0 / MOST:g} to {MOST:g} is accepted"
    for name, value in given.items():
        if name not in MULTIPLIERS:
            hint = nearest(str(name)[:80], MULTIPLIERS)
            raise InputError(
                f"{where}: multipliers.{name} is not known{hint}; one of {', '.join(MULTIPLIERS)} is accepted."
            )
        if isinstance(value, bool) or not isinstance(value, int | float) or not 1.0 / MOST <= value <= MOST:
            raise InputError(f"{where}: multipliers.{name} = {shown(value)} cannot be used; {accepted}.")
    return tuple((name, float(given[name])) for name in MULTIPLIERS if name in given)


def part_sum(record: Mapping[str, Any], parts: Iterable[str]) -> float:
    """Add up the known parts of a whole."""
    return math.fsum(record[part] for part in parts if record[part] is not None)


def _refuse_unknown(given: Mapping[str, object], where: str) -> None:
    for name in given:
        if name not in FIELD:
            raise InputError(f"{where}: {shown(name)} is not a field of an area{nearest(name[:80], FIELD)}.")


def _refuse_implausible(field: Field, values: Mapping[str, Any], where: str) -> None:
    value, children = values.get(field.name), values["children_0_17"]
    if value is None or field.allows(value, children):
        return
    size = f" for {children:,} children" if field.kind == "amount" else ""
    given = f"{field.name} = {value:.10g} {field.unit}{size}"
    raise InputError(f"{where}: {given} is outside {field.accepted()}.")


def _refuse_parts_above_wholes(record: Record, where: str) -> None:
    for whole, parts in WHOLES:
        limit = 100.0 if whole is None else record[whole]
        total = part_sum(record, parts)
        if limit is None or total <= limit * 1.005:  # published figures are rounded one by one
            continue
        known = " + ".join(part for part in parts if record[part] is not None)
        most = f"{whole} = {limit:.10g}" if whole else "100% of referrals"
        raise InputError(f"{where}: {known} = {total:.10g} is more than {most}.")


def _value(field: Field, value: object, where: str) -> str | int | float:
    if field.kind == "text":
        return _words(field, value, where)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{where}: {field.name} = {shown(value)} is not a number; {_wanted(field)}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{where}: {field.name} = {value} is not a finite number; {_wanted(field)}.")
    if abs(value) > 1e15:  # a whole number of a file may be too long to become a float
        raise InputError(f"{where}: {field.name} is far too large; {_wanted(field)}.")
    return _whole(field, value, where) if field.kind == "count" else float(value) + 0.0  # never minus nought


def _whole(field: Field, value: float, where: str) -> int:
    if value != int(value):
        raise InputError(f"{where}: {field.name} = {value:.10g} is not a whole number; {_wanted(field)}.")
    if not field.low <= value <= field.high:
        raise InputError(f"{where}: {field.name} = {value:.10g} {field.unit} is outside {field.accepted()}.")
    return int(value)


def _words(field: Field, value: object, where: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{where}: {field.name} = {shown(value)} is not text; write it in quotation marks.")
    text = value.strip()
    if not text.isprintable() or not field.low <= len(text) <= field.high:
        raise InputError(f"{where}: {field.name} = {shown(value)} is not plain text of {field.accepted()}.")
    return _region(text, where) if field.name == "region" else text


def _region(text: str, where: str) -> str:
    for region in REGIONS:
        if region.casefold() == text.casefold():
            return region
    hint = nearest(text, REGIONS)
    raise InputError(f"{where}: region = {shown(text)} is not one of {', '.join(REGIONS)}{hint}.")


def _wanted(field: Field) -> str:
    return f"write {field.accepted()}" + (", or leave it out if unknown" if field in FIGURES else "")


def shown(value: object) -> str:
    """Show a value from a file on one line, cut short; a number may be too long for Python to print."""
    try:
        text = ascii(value) if not isinstance(value, str) or not value.isprintable() else f"'{value}'"
    except (ValueError, RecursionError):
        return f"a {type(value).__name__} too long to show"
    return text if len(text) <= 60 else f"{text[:56]} ..."


def _text(path: Path, name: str) -> str:
    try:
        if not path.exists():
            raise InputError(f"{name} was not found in {shown(str(path.absolute().parent))}.")
        if not path.is_file():
            raise InputError(f"{name} is not a file.")
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"{name} could not be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(content) > LARGEST_FILE:
        raise InputError(f"{name} is larger than 200 kB; an area file holds one area.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text; save it as UTF-8 and try again.") from error


def _from_toml(text: str, where: str) -> dict[str, object]:
    given: dict[str, object] = parsed(text, where)
    return given


def _from_csv(text: str, where: str) -> dict[str, object]:
    try:
        every_row = csv.reader(io.StringIO(text, newline=""), strict=True)
        rows = [row for row in every_row if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{where} is not valid CSV: {error}.") from error
    if len(rows) != 2:
        n_rows = max(len(rows) - 1, 0)
        raise InputError(f"{where} has {n_rows} rows under its heading; an area file holds exactly one.")
    names, cells = [name.strip() for name in rows[0]], rows[1]
    _refuse_bad_columns(names, cells, where)
    return {name: _cell(name, cell.strip()) for name, cell in zip(names, cells, strict=True) if name}


def _refuse_bad_columns(names: Sequence[str], cells: Sequence[str], where: str) -> None:
    if len(names) != len(cells):
        raise InputError(f"{where} has {len(names)} column names and {len(cells)} values; they must match.")
    for position, (name, cell) in enumerate(zip(names, cells, strict=True)):
        if name and name in names[:position]:
            raise InputError(f"{where}: the column {shown(name)} appears twice; keep one.")
        if cell.strip() and not name:
            raise InputError(f"{where}: column {position + 1} has a value but no name.")


def _cell(name: str, cell: str) -> object:
    """Turn a cell into a number where its column holds numbers; any other stays text, to be refused."""
    if not cell:
        return None
    is_text = name in FIELD and FIELD[name].kind == "text"
    number = None if is_text else plain_number(cell)
    return cell if number is None else number
