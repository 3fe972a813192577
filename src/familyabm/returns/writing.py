"""An extract on disk: a folder for each year, the shape's files in it, and a README that says what they are.

Layout: OUT/README.md, OUT/extract.json and OUT/2025/*.csv, which tools that read returns year by year expect.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

import familyabm
from familyabm.errors import InputError
from familyabm.returns import annex_a, cin_census, shapes, ssda903
from familyabm.returns.coding import RULES
from familyabm.returns.dates import year_end, year_start
from familyabm.returns.histories import Histories
from familyabm.simulation import Run
from familyabm.worlds import STATUS_LINE
from familyabm.writing import write_whole

SYNTHETIC = "Synthetic: no row is about a real child. Every child's identifier begins with SYN."
TABLES: Mapping[str, Callable[[Histories, int], dict[str, pd.DataFrame]]] = {
    "ssda903": ssda903.tables, "cin-census": cin_census.tables, "annex-a": annex_a.tables,
}  # fmt: skip
XML, WORKBOOK = "cin_census.xml", "annex_a.xlsx"
NOTE_FILE = "extract.json"
ACCEPTED = "a folder for extracts is empty, or holds an extract"


@dataclass(frozen=True)
class Extract:
    """What an extract is of: told in the README, in extract.json and in the files that can hold it."""

    shape: str
    area: str
    scenario: str
    seed: int
    scale: float
    number: int
    address: str
    years: tuple[int, ...]
    children: Mapping[int, int]
    opened_by_care: Mapping[int, int]
    broken_off: int

    @property
    def line(self) -> str:
        """Return the one line that says what this is."""
        return (
            f"{STATUS_LINE} {SYNTHETIC} familyabm {familyabm.__version__}, {self.area}, {self.scenario}, "
            f"seed {self.seed}, run {self.number}, scale {self.scale:g}, address {self.address}"
        )


def describe(shape: str, run: Run, told: Histories) -> Extract:
    """Say what an extract of a run is of."""
    years = told.calendar.years
    ends = {year: 52 * (place + 1) - 1 for place, year in enumerate(years)}
    own = told.records[~told.records["in_model"]]
    opened = {year: _in_year(own["referred"], year) for year in years}
    return Extract(
        shapes.check(shape), run.snapshot.area.la_name, run.scenario.title, run.snapshot.seed, run.snapshot.scale,
        run.number, run.address, years, {year: round(run.weekly["children_total"][ends[year]]) for year in years},
        opened, told.broken_off,
    )  # fmt: skip


def _in_year(days: "pd.Series[pd.Timestamp]", year: int) -> int:
    return int(((days >= pd.Timestamp(year_start(year))) & (days <= pd.Timestamp(year_end(year)))).sum())


def write(out: Path, extract: Extract, told: Histories) -> list[Path]:
    """Write an extract; returns the files. Raises InputError if the folder will not take it or holds something else."""
    try:
        check_room(out)
        out.mkdir(parents=True, exist_ok=True)
        written = [
            write_whole(out / "README.md", readme(extract).encode()),
            write_whole(out / NOTE_FILE, _note(extract)),
        ]
        for year in extract.years:
            found = TABLES[extract.shape](told, year)
            written += _write_year(out / str(year), found, extract)
        return written
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None


def check_room(out: Path) -> None:
    """Refuse a folder that holds anything but an extract, whose files would be mistaken for this one's."""
    try:
        if not out.exists() or (out.is_dir() and not any(out.iterdir())) or (out / NOTE_FILE).is_file():
            return
    except OSError as error:
        raise InputError(f"--out {out} cannot be read: {(error.strerror or 'unreadable').lower()}.") from None
    raise InputError(f"--out {out} is not empty; {ACCEPTED}.")


def _write_year(folder: Path, found: Mapping[str, pd.DataFrame], extract: Extract) -> list[Path]:
    folder.mkdir(exist_ok=True)
    layouts = shapes.layouts(extract.shape)
    for old in folder.iterdir():  # of an extract of another shape, or of more tables
        if old.suffix in (".csv", ".xml", ".xlsx"):
            old.unlink()
    written = [write_whole(folder / layouts[name].file, as_csv(table)) for name, table in found.items()]
    if extract.shape == "cin-census":
        written.append(write_whole(folder / XML, cin_census.as_xml(found, extract.line)))
    if extract.shape == "annex-a":
        written.append(write_whole(folder / WORKBOOK, _workbook(found, extract)))
    return written


def as_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV with one heading row, in UTF-8, lines ending as on every system's spreadsheets."""
    return table.to_csv(index=False, lineterminator="\r\n").encode()


def _workbook(found: Mapping[str, pd.DataFrame], extract: Extract) -> bytes:
    """Return Annex A as a workbook: what it is, then a sheet for each list with days as days and numbers as numbers."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"title": shapes.SHAPES[extract.shape], "comments": extract.line})
    book.set_size(2400, 1200)
    head, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    about = book.add_worksheet("Read me")
    about.set_column(0, 0, 110)
    for row, line in enumerate(_about(extract)):
        about.write_string(row, 0, line)
    for name, layout in shapes.layouts(extract.shape).items():
        sheet, table = book.add_worksheet(name), found[name]
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(layout.columns) - 1, 18)
        for place, column in enumerate(layout.columns):
            sheet.write_string(0, place, column.name, head)
            for row, cell in enumerate(table[column.name], start=1):
                _cell(sheet, row, place, cell, column.kind, day)
    book.close()
    return content.getvalue()


def _cell(sheet: Any, row: int, place: int, cell: str, kind: str, day: Any) -> None:
    if not cell:
        return
    if kind == "date":
        sheet.write_datetime(row, place, pd.to_datetime(cell, format=shapes.BRITISH).to_pydatetime(), day)
    elif kind == "whole":
        sheet.write_number(row, place, int(cell))
    else:
        sheet.write_string(row, place, cell)


def _note(extract: Extract) -> bytes:
    """Return what an extract is of as JSON: from-returns and the check read nothing else about it."""
    whole = {"status": STATUS_LINE, "synthetic": True, "version": familyabm.__version__} | vars(extract)
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _about(extract: Extract) -> list[str]:
    first, last = extract.years[0], extract.years[-1]
    return [
        STATUS_LINE, SYNTHETIC, f"{shapes.SHAPES[extract.shape]}, years ending 31 March {first} to {last}.",
        f"familyabm {familyabm.__version__}; {extract.area}; scenario: {extract.scenario}; seed {extract.seed}; run "
        f"{extract.number}; scale {extract.scale:g}.", f"Address: {extract.address}",
    ]  # fmt: skip


def readme(extract: Extract) -> str:
    """Return the README of an extract's folder."""
    layouts = shapes.layouts(extract.shape)
    tables = [f"- `{layout.file}`: {name}" for name, layout in layouts.items()]
    extra = {"cin-census": [f"- `{XML}`: the same as XML"], "annex-a": [f"- `{WORKBOOK}`: the same as a workbook"]}
    people = ", ".join(f"{count:,} on 31 March {year}" for year, count in extract.children.items())
    opened = ", ".join(f"{count} in {year}" for year, count in extract.opened_by_care.items())
    return "\n".join([
        f"# Synthetic returns of {extract.area}", "", *(f"{line}  " for line in _about(extract)), "",
        f"Children aged 0 to 17 of whom this is: {people}. Rates need them.", "",
        "A folder for each year holds", "", *tables, *extra.get(extract.shape, []), "",
        "Years are dated backwards from the last one; they are no past of this authority. Each year's files hold what "
        "that year's return would, so that a case that goes on is in several.", "",
        "## How the figures agree with the model's measures", "",
        "Children looked after, starts, ends and their reasons, plans, enquiries, conferences, assessments, referrals "
        "and children in need on 31 March are those of the run, child by child. Referrals of the census are the "
        f"model's and those that social care opens itself, which the model does not count as referrals: {opened}. "
        f"Assessments left out because they were cut short, in all years: {extract.broken_off}.", "",
        "## What is filled or blank, and by which rule", "", *(f"- **{name}.** {rule}" for name, rule in RULES), "",
    ])  # fmt: skip
