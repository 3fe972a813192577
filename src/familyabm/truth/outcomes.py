"""What authorities' official returns say happened: the columns of an outcomes table, and how a file of it is read.

OUTCOMES is the only declaration of a column: reading, validation and the pages follow it. A blank, or one of DfE's
symbols for a figure that is not shown, is unknown, never zero.
"""

import csv
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import pandas as pd

from familyabm import areas
from familyabm.area_files import shown
from familyabm.areas import Area
from familyabm.errors import InputError, nearest, plain_number
from familyabm.parameters import Parameters
from familyabm.population.staff import case_holders
from familyabm.toml_fields import file_text

LARGEST_FILE = 5_000_000
"""Bytes; England's 153 authorities are some 30 kilobytes."""
UNKNOWN = ("", "c", "k", "u", "x", "z", "low", ":", "..", "-", "na", "n/a", "nan", "none")
"""Cells without a figure, whatever their case (DfE's symbols for suppressed, unreliable, not available)."""
KEYS = ("la_code", "la_name")
PACKAGED = "la_outcomes.csv"
SOURCE = (
    "DfE Local Authority Interactive Tool (data of 8 April 2026), Children in need 2025, Children looked after 2025 "
    "and Children's social work workforce 2025; Open Government Licence v3.0."
)
Values = Mapping[str, float]
"""What the model came to, by measure."""
Answer = Callable[[Values, Area, Parameters], float]


@dataclass(frozen=True)
class Outcome:
    """One column of an outcomes table, and the model's answer to it.

    measures: what the answer is worked out from by `of`; none where the model has no answer, for the reason in `why`.
    log: differences are ratios (rates, counts) rather than points (percentages).
    """

    column: str
    title: str
    unit: str
    high: float
    measures: tuple[str, ...] = ()
    of: Answer | None = None
    log: bool = False
    why: str = ""

    @property
    def missing(self) -> str:
        """Return what the model lacks, told where it falls short."""
        return MISSING.get(self.column, "")

    @property
    def predicted(self) -> bool:
        """Tell whether the model has an answer."""
        return bool(self.measures)

    def answer(self, values: Values, area: Area, parameters: Parameters) -> float:
        """Return the model's answer from its measures, as an area came to them under some parameters."""
        return values[self.measures[0]] if self.of is None else self.of(values, area, parameters)


def _conferences(values: Values, area: Area, parameters: Parameters) -> float:
    return values["section_47"] * values["section_47_to_conference"] / 100.0


def _ceased(values: Values, area: Area, parameters: Parameters) -> float:
    return values["care_ceased"] * area.children_0_17 / 10_000.0


def _held(values: Values, area: Area, parameters: Parameters) -> float:
    return values["caseload"] * area.social_workers_fte * case_holders(area, parameters)


def _fostered(values: Values, area: Area, parameters: Parameters) -> float:
    return values["placed_kinship"] + values["placed_foster"]


def _rate(column: str, title: str, *measures: str, of: Answer | None = None) -> Outcome:
    return Outcome(column, title, "per 10,000 children", 10_000.0, measures, of, log=True)


def _share(column: str, title: str, unit: str, *measures: str, of: Answer | None = None) -> Outcome:
    return Outcome(column, title, unit, 100.0, measures, of)


def _not_kept(column: str, title: str, unit: str, why: str) -> Outcome:
    return Outcome(column, title, unit, 100.0, why=why)


_FACTOR = "% of assessments"
_NOT_RECORDED = "assessments in the model find factors, and which of them the return would name is not modelled"

_ALL = (
    _rate("referral_rate", "Referrals", "referrals"),
    _share("rereferral_pct", "Re-referrals", "% of referrals", "re_referrals"),
    _share("no_further_action_pct", "Referrals with no further action", "% of referrals", "referrals_no_action"),
    _share("assessed_not_in_need_pct", "Assessed, not in need", "% of referrals", "not_in_need"),
    _rate("cin_rate", "Children in need", "in_need"),
    _rate("s47_rate", "Section 47 enquiries", "section_47"),
    _rate("icpc_rate", "Initial conferences", "section_47", "section_47_to_conference", of=_conferences),
    _rate("cpp_rate", "Child protection plans", "plans"),
    _rate("cpp_start_rate", "Child protection plans started", "plan_starts"),
    _share("repeat_cpp_pct", "Second or later plans", "% of plans started", "plans_again"),
    _share("cpp_2_years_plus_pct", "Plans of two years or more", "% of plans", "plans_two_years"),
    _rate("cla_rate", "Children looked after", "looked_after"),
    _rate("cla_start_rate", "Children starting to be looked after", "care_starts"),
    Outcome("cla_ceased", "Children ceasing to be looked after", "children", 100_000.0, ("care_ceased",), _ceased,
            log=True),
    _share("assessment_45_days_pct", "Assessments within 45 working days", "% of assessments", "assessments_in_time"),
    _share("icpc_15_days_pct", "Conferences within 15 working days", "% of conferences", "conferences_in_time"),
    Outcome("caseload_per_worker", "Caseload", "children per case holder", 200.0, ("caseload",), log=True),
    Outcome("cases_held", "Cases held", "children", 1_000_000.0, ("caseload",), _held, True),
    _not_kept("social_worker_stability_pct", "Stability of social workers", "% of social workers",
              "the return's definition changed between years, and no measure of the model mirrors it"),
    _not_kept("factor_domestic_abuse_parent_pct", "Factor: domestic abuse, parent", _FACTOR, _NOT_RECORDED),
    _not_kept("factor_mental_health_parent_pct", "Factor: mental health, parent", _FACTOR, _NOT_RECORDED),
    _not_kept("factor_drugs_parent_pct", "Factor: drugs, parent", _FACTOR, _NOT_RECORDED),
    _not_kept("factor_alcohol_parent_pct", "Factor: alcohol, parent", _FACTOR, _NOT_RECORDED),
    _not_kept("factor_neglect_pct", "Factor: neglect", _FACTOR, _NOT_RECORDED),
    _share("foster_placement_pct", "Fostered", "% of children looked after", "placed_kinship", "placed_foster",
           of=_fostered),
    _share("homes_placement_pct", "In children's homes", "% of children looked after", "placed_homes"),
    _share("adopted_pct", "Left care adopted", "% of leavers", "ceased_adopted"),
    _share("sgo_pct", "Left care to a special guardian", "% of leavers", "ceased_guardian"),
    _share("cin_persistent_absence_pct", "Persistent absence, children in need", "% of pupils",
           "persistent_absence_in_need"),
)  # fmt: skip
OUTCOMES: Mapping[str, Outcome] = {outcome.column: outcome for outcome in _ALL}
"""Every column of an outcomes table, in the order in which they are told."""
_PRACTICE = "how an authority records and screens is its own practice, which no input tells of."
MISSING: Mapping[str, str] = {
    "referral_rate": "where an authority draws the line between a contact and a referral is its own practice.",
    "rereferral_pct": _PRACTICE,
    "no_further_action_pct": _PRACTICE,
    "assessed_not_in_need_pct": _PRACTICE,
    "cpp_rate": "how readily an authority makes plans is a practice of its own, beyond deprivation and staff.",
    "cpp_2_years_plus_pct": "reviews and legal planning that end long plans are only modelled as thresholds of harm.",
    "cla_rate": "deprivation in London goes with less care than elsewhere, and an authority's children in care reach "
    "back longer than its inputs; of these only the adult mental health indicator tells London apart.",
    "cla_start_rate": "as for children looked after.",
    "caseload_per_worker": "authorities allocate by rules of their own and employ family help workers; in the model "
    "caseloads follow from staff and children in need alone.",
    "cin_persistent_absence_pct": "schooling is set to the mean share of school that children in need miss; "
    "its tail is too thin.",
    "foster_placement_pct": "the local market and geography of foster care are not modelled.",
    "homes_placement_pct": "the local market of children's homes is not modelled.",
    "adopted_pct": "courts' and agencies' local practice in permanence is not modelled.",
    "sgo_pct": "courts' and agencies' local practice in permanence is not modelled.",
    "assessment_45_days_pct": "managers' grip on timeliness differs between authorities for reasons no input tells of.",
    "icpc_15_days_pct": "managers' grip on timeliness differs between authorities for reasons no input tells of.",
}
"""What the model lacks, told where an outcome falls short of its bar, its level or what inputs alone can tell."""
PREDICTED = tuple(outcome for outcome in _ALL if outcome.predicted)
MEASURES = tuple(dict.fromkeys(name for outcome in PREDICTED for name in outcome.measures))
"""The measures that answers are worked out from."""


@dataclass(frozen=True)
class Table:
    """An outcomes table: one row per authority indexed by name, one column per known outcome; NaN is unknown.

    ignored: columns of the file that are no outcome.  packaged: that it is the one that comes with the package, or
    part of it, whatever a file of a user's is called.
    """

    where: str
    rows: pd.DataFrame
    ignored: tuple[str, ...] = ()
    packaged: bool = False

    @property
    def columns(self) -> list[Outcome]:
        """Return the outcomes of which anything is known and the model has an answer."""
        return [
            outcome for outcome in PREDICTED if outcome.column in self.rows and self.rows[outcome.column].notna().any()
        ]

    @property
    def left_out(self) -> dict[str, str]:
        """Return the columns that are not compared, each with the reason."""
        unanswered = {name: OUTCOMES[name].why for name in map(str, self.rows) if not OUTCOMES[name].predicted}
        return unanswered | dict.fromkeys(self.ignored, "it is no outcome that is known here")

    def of(self, names: Sequence[str]) -> "Table":
        """Return the table with only these authorities."""
        return replace(self, rows=self.rows.loc[list(names)])


@lru_cache(maxsize=1)
def packaged() -> Table:
    """Return the outcomes of the 77 authorities that come with the package. Source: SOURCE."""
    text = (files("familyabm") / "data" / PACKAGED).read_text(encoding="utf-8")
    return replace(parse(text, PACKAGED), packaged=True)


def read(path: Path) -> Table:
    """Read an outcomes table from a CSV file.

    Raises InputError, with one sentence that names the file, the row and the column, if it cannot be used.
    """
    where = path.name if path.name.isprintable() and len(path.name) <= 60 else shown(path.name)
    text = file_text(path, LARGEST_FILE, "outcomes table", "it has a row for each authority")
    return parse(text.removeprefix("\ufeff"), where)


def parse(text: str, where: str) -> Table:
    """Read an outcomes table from the text of a CSV file."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(map(str.strip, row))]
    except csv.Error as error:
        raise InputError(f"{where} is not valid CSV: {error}.") from None
    if len(rows) < 2:
        raise InputError(f"{where} has no authority in it; a heading and a row for each authority are accepted.")
    header = [name.strip().casefold() for name in rows[0]]
    _check_header(header, where)
    records: dict[str, dict[str, float]] = {}
    for number, cells in enumerate(rows[1:], start=2):
        name, figures = _record(header, cells, f"{where}: row {number}")
        if name in records:
            raise InputError(f"{where}: row {number}: {name} is given twice; once is accepted.")
        records[name] = figures
    known = [column for column in OUTCOMES if column in header]
    frame = pd.DataFrame.from_dict(records, orient="index", columns=known).astype("float64")
    ignored = tuple(name for name in header if name and name not in OUTCOMES and name not in KEYS)
    return Table(where, frame.rename_axis("la_name"), ignored)


def _check_header(header: Sequence[str], where: str) -> None:
    if not any(key in header for key in KEYS):
        raise InputError(f"{where} names no authority; a column la_code or la_name is needed.")
    for name in header:
        if name and header.count(name) > 1:
            raise InputError(f"{where}: column {shown(name)} is given twice; once is accepted.")
    if not any(name in OUTCOMES for name in header):
        named = [name for name in header if name not in KEYS]
        hint = nearest(named[0][:80], OUTCOMES) if named else ""
        raise InputError(f"{where} has no column of outcomes{hint}; such as {', '.join(list(OUTCOMES)[:3])}.")


def _record(header: Sequence[str], cells: Sequence[str], where: str) -> tuple[str, dict[str, float]]:
    """Return a row's authority and its figures."""
    if len(cells) > len(header):
        raise InputError(f"{where} has {len(cells)} cells under {len(header)} headings.")
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    figures = {name: _figure(OUTCOMES[name], cell, where) for name, cell in row.items() if name in OUTCOMES}
    return _authority(row.get("la_code", ""), row.get("la_name", ""), where).la_name, figures


def _authority(code: str, name: str, where: str) -> Area:
    """Return the authority of a code, or of a name where the code is not known."""
    for given in filter(None, (code, name)):
        try:
            return areas.named(given)
        except InputError as error:
            last = error
    if not code and not name:
        raise InputError(f"{where} names no authority in la_code or la_name.")
    raise InputError(f"{where}: {last}")


def _figure(outcome: Outcome, cell: str, where: str) -> float:
    if cell.casefold() in UNKNOWN:
        return math.nan
    wanted = f"0 to {outcome.high:,.0f} {outcome.unit} is accepted, or a blank if it is not known"
    value = plain_number(cell.replace(",", "").rstrip("%"))
    if value is None:
        raise InputError(f"{where}: {outcome.column} = {shown(cell)} is not a number; {wanted}.")
    if not 0.0 <= value <= outcome.high:
        raise InputError(f"{where}: {outcome.column} = {shown(cell)} is outside what is possible; {wanted}.")
    return value
