"""English local authorities and users' own areas: the starting conditions of a run.

The official table is never altered: `table` shows it as published, and whatever an `Area` holds beyond it is
named in `Area.filled`, so that no filled figure can pass for an official one.
"""

import csv
import hashlib
import io
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from statistics import median, pstdev
from typing import TYPE_CHECKING, Any

from familyabm.area_files import (
    ATTRIBUTION,
    FIELD,
    FIELDS,
    FIGURES,
    MULTIPLIERS,
    REGIONS,
    WHOLES,
    Field,
    Record,
    part_sum,
    read,
    shown,
)
from familyabm.errors import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ATTRIBUTION", "FIELD", "FIELDS", "REGIONS", "Area", "Field", "england", "find", "load", "named", "peers",
    "search", "table",
]  # fmt: skip

ENGLAND = "England (average authority)"
ENGLAND_CHILDREN = 60_000
"""Children in the average English authority used for calibration; the median authority has 62,520."""
TINY = 5_000
"""Children below which an authority's ratios are not trusted (City of London, Isles of Scilly)."""
N_PEERS = 5
DEPRIVATION = ("imd2019_score", "child_poverty_pct")
"""The measures by which authorities are alike, the first known one deciding."""
OTHER_REGION = 0.5
"""Distance added to an authority of another region, in standard deviations of deprivation."""


@dataclass(frozen=True)
class Area:
    """Hold the starting conditions of one area; FIELDS gives each one's meaning, unit, range and source.

    `filled` names the fields that are not the area's own figures but come from similar authorities.
    `multipliers`: what a council's own file says it has more or less of than its figures give; see `multipliers`.
    """

    la_code: str
    la_name: str
    region: str
    children_0_17: int
    imd2019_score: float
    idaci2019_score: float
    child_poverty_pct: float
    homelessness_per_1000_households: float
    overcrowding_rooms: float
    mental_health_indicator: float
    social_workers_fte: float
    case_holders_pct: float
    vacancy_pct: float
    agency_pct: float
    turnover_pct: float
    sickness_absence_pct: float
    residential_cost_gbp_per_week: float
    foster_cost_gbp_per_week: float
    looked_after_cost_gbp_per_week: float
    social_work_cost_gbp_per_cin_week: float
    spend_total_gbp: float
    spend_looked_after_gbp: float
    spend_safeguarding_gbp: float
    spend_family_support_gbp: float
    spend_sure_start_early_years_gbp: float
    spend_young_people_gbp: float
    foster_places: float
    foster_places_filled: float
    uasc_31_march: float
    source_police_pct: float
    source_schools_pct: float
    source_health_pct: float
    source_housing_pct: float
    source_la_services_pct: float
    source_individual_pct: float
    filled: tuple[str, ...] = ()
    multipliers: tuple[tuple[str, float], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return every field by name in the order of FIELDS, then `filled`, and `multipliers` if there are any."""
        told = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "multipliers"}
        return told | {"multipliers": dict(self.multipliers)} if self.multipliers else told

    def fingerprint(self) -> str:
        """Return the SHA-256 hex digest of the area's values; how they came to be known does not enter."""
        values: dict[str, Any] = {field.name: _canonical(field, getattr(self, field.name)) for field in FIELDS}
        if self.multipliers:
            values["multipliers"] = sorted(self.multipliers)
        text = json.dumps(values, sort_keys=True, ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def filled_sentence(self) -> str:
        """Say which figures come from similar authorities, and what was fitted; an empty string where neither is so."""
        return " ".join(filter(None, [self._filled(), self._fitted()]))

    def _filled(self) -> str:
        if not self.filled:
            return ""
        labels = [_mid_sentence(FIELD[name].label) for name in self.filled]
        return f"Filled from similar authorities: {_listed(labels)}."

    def _fitted(self) -> str:
        if not self.multipliers:
            return ""
        told = [f"{MULTIPLIERS[name]} times {value:.3g}" for name, value in self.multipliers]
        return f"Fitted, so that this is no prediction of the area: {_listed(told)}."


def table() -> "pd.DataFrame":
    """Return the official figures of the 153 English authorities as published, one a row; NaN is unknown.

    The columns are the names of FIELDS.  Source and date of each: FIELDS; licence: ATTRIBUTION.
    """
    return _frame().copy()


def search(text: str) -> "pd.DataFrame":
    """Return the rows of `table` whose name, code or region contains the text, whatever its case."""
    wanted = text.strip().casefold()
    columns = ("la_name", "la_code", "region")
    found = [any(wanted in row[column].casefold() for column in columns) for row in _official()]
    return _frame()[found].reset_index(drop=True)


def find(name_or_path: str) -> Area:
    """Return the area that a name, a code or a file stands for.

    A text that ends in .toml or .csv is a file. Any other is a name or code first, so that a folder called
    Leeds does not hide Leeds. Raises InputError as `named` and `load` do.
    """
    known = _key(name_or_path) in (*_by_key(), *_ENGLAND_KEYS)
    ends_like_a_file = name_or_path.casefold().endswith((".toml", ".csv"))
    if ends_like_a_file or (not known and os.path.exists(name_or_path)):  # Path.exists fails on a long name
        return load(Path(name_or_path))
    return named(name_or_path)


def named(name: str) -> Area:
    """Return an English authority by name or ONS code, whatever its case; England is the average authority.

    Raises InputError, naming the nearest known authority, if there is none of that name.
    """
    if _key(name) in _ENGLAND_KEYS:
        return england()
    record = _by_key().get(_key(name))
    if record is None:
        unknown = f"{shown(name.strip())} is not an English local authority{_hint(name)}"
        raise InputError(f"{unknown}; `familyabm areas` lists all {len(_official())}.")
    return _area(_without_the_absurd(record))


def as_published(area: Area) -> Area:
    """Return the official authority of the same code, as it was before anybody tried other figures; else the area."""
    if _key(area.la_code) == "average":
        return england()
    record = _by_key().get(_key(area.la_code))
    return area if record is None else _area(_without_the_absurd(record))


def load(path: Path) -> Area:
    """Read an area from a TOML file, or a CSV file with one row, whose keys are the names of FIELDS.

    `la_name`, `region` and `children_0_17` are required; other figures may be left out and are then filled
    from similar authorities and named in `Area.filled`: a rate by the median of the area's `peers`, an amount
    that grows with size by the median of the peers' amounts per child, times the area's children. Where
    filled and own figures together would exceed a whole (all referrals, total spend, approved foster places),
    the filled ones give way. `la_code` is "own" unless given.
    Raises InputError, with one sentence that names the file or the field, if the file cannot be used.
    """
    return _area(read(path))


@lru_cache(maxsize=1)
def england() -> Area:
    """Return the average English authority, to which the model is calibrated: 60,000 children.

    A rate is the mean over authorities weighted by their children; an amount that grows with size is
    England's amount per child times 60,000. An authority whose figure is unknown does not enter into it.
    """
    rows = [_without_the_absurd(row) for row in _official()]
    figures: Record = {field.name: round(_national(field, rows), 4) for field in FIGURES}
    return Area("average", ENGLAND, "England", ENGLAND_CHILDREN, **figures)


def peers(figures: Mapping[str, Any], field: str, among: Sequence[Record] | None = None) -> list[Record]:
    """Return the five authorities most like an area that know a figure, nearest first.

    Distance = |difference in IMD 2019 score| / spread + 0.5 if in another region, where spread is the
    standard deviation of the score over `among`. If the area's IMD score is unknown, child poverty takes its
    place; if that is unknown too, all authorities of its region are its peers (all authorities, if the region
    is England). Ties go by code. An authority is not its own peer.

    figures: the area's values by field name, None where unknown.  among: the authorities to choose from; by
    default all with at least 5,000 children, because the ratios of smaller ones are not typical of anything.
    """
    among = _peerable() if among is None else among
    measure = next((name for name in DEPRIVATION if figures[name] is not None), None)
    spread = _spread(measure, among)

    def distance(peer: Record) -> tuple[float, str]:
        apart = abs(peer[measure] - figures[measure]) / spread if measure else 0.0
        return apart + OTHER_REGION * (peer["region"] != figures["region"]), peer["la_code"]

    able = [row for row in among if row[field] is not None and row["la_code"] != figures["la_code"]]
    ranked = sorted((row for row in able if not measure or row[measure] is not None), key=distance)
    if measure:
        return ranked[:N_PEERS]
    return [row for row in ranked if distance(row)[0] == distance(ranked[0])[0]]


def _area(record: Record) -> Area:
    """Fill what is unknown from peers, and name it."""
    unknown = [field for field in FIGURES if record[field.name] is None]
    whole = record | {field.name: round(_from_peers(record, field), 4) for field in unknown}
    filled = tuple(field.name for field in unknown)
    _fit_filled_parts(whole, filled)
    return Area(**whole, filled=filled)


def _from_peers(record: Record, field: Field) -> float:
    alike = peers(record, field.name)
    if field.kind == "rate":
        return float(median(peer[field.name] for peer in alike))
    per_child = median(peer[field.name] / peer["children_0_17"] for peer in alike)
    return float(per_child * record["children_0_17"])


def _fit_filled_parts(record: Record, filled: Sequence[str]) -> None:
    """Where filled and own figures together exceed a whole, let the filled ones give way, in place."""
    for whole, parts in WHOLES:
        excess = part_sum(record, parts) - (100.0 if whole is None else record[whole])
        if excess <= 0.0:
            continue
        if whole is not None and whole in filled:
            record[whole] += excess
        else:
            _shrink(record, [part for part in parts if part in filled], excess)


def _shrink(record: Record, parts: Sequence[str], excess: float) -> None:
    total = part_sum(record, parts)
    if total > 0.0:
        kept = max(0.0, 1.0 - excess / total)
        record.update({part: round(record[part] * kept, 4) for part in parts})


def _national(field: Field, rows: Sequence[Record]) -> float:
    known = [row for row in rows if row[field.name] is not None]
    children = math.fsum(row["children_0_17"] for row in known)
    if field.kind == "amount":
        return math.fsum(row[field.name] for row in known) / children * ENGLAND_CHILDREN
    return math.fsum(row[field.name] * row["children_0_17"] for row in known) / children


def _without_the_absurd(record: Record) -> Record:
    """Treat a tiny authority's figure outside the plausible range as unknown: 100% of posts vacant, say."""
    children = record["children_0_17"]
    if children >= TINY:
        return record
    known = [field for field in FIGURES if record[field.name] is not None]
    return record | {field.name: None for field in known if not field.allows(record[field.name], children)}


def _spread(measure: str | None, among: Sequence[Record]) -> float:
    values = [row[measure] for row in among if row[measure] is not None] if measure else []
    return pstdev(values) or 1.0 if values else 1.0  # all alike: any spread ranks them the same


@lru_cache(maxsize=1)
def _official() -> tuple[Record, ...]:
    text = (files("familyabm") / "data" / "areas.csv").read_text(encoding="utf-8")
    return tuple(_official_row(row) for row in csv.DictReader(io.StringIO(text, newline="")))


def _official_row(row: Mapping[str, str]) -> Record:
    return {field.name: _official_value(field, row[field.name]) for field in FIELDS}


def _official_value(field: Field, cell: str) -> str | float | None:
    if field.kind == "text":
        return cell
    number = float(cell) if cell else None
    return int(number) if field.kind == "count" and number is not None else number


@lru_cache(maxsize=1)
def _peerable() -> tuple[Record, ...]:
    return tuple(row for row in _official() if row["children_0_17"] >= TINY)


@lru_cache(maxsize=1)
def _frame() -> "pd.DataFrame":
    import pandas as pd  # here, because a run that only needs one area should not wait for it

    frame = pd.DataFrame.from_records(list(_official()), columns=[field.name for field in FIELDS])
    return frame.astype({field.name: "float64" for field in FIGURES})


@lru_cache(maxsize=1)
def _by_key() -> Mapping[str, Record]:
    return {_key(row[name]): row for row in _official() for name in ("la_name", "la_code")}


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


_ENGLAND_KEYS = ("england", _key(ENGLAND), "average")


def _hint(name: str) -> str:
    """Name the authorities whose names hold the text, as Kingston upon Hull for Hull, else the nearest."""
    names = [row["la_name"] for row in _official()]
    wanted = _key(name)
    holding = [known for known in names if wanted in known.casefold()] if len(wanted) > 2 else []
    holding.sort(key=lambda known: not known.casefold().startswith(wanted))
    return f" (did you mean {' or '.join(holding[:3])}?)" if holding else nearest(name[:80], names)


def _canonical(field: Field, value: str | float) -> str | float:
    return value if field.kind == "text" else int(value) if field.kind == "count" else float(value)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _mid_sentence(label: str) -> str:
    return label if label[1].isupper() else label[0].lower() + label[1:]
