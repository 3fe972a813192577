"""Returns in a folder, read into memory and nowhere else: which file is which table, of which year.

Files are told apart by their headings, whatever they are called and however they lie in folders; those of one folder
are one year's. What cannot be read is one sentence that names the file, the row, the column, the value and what is
accepted.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from familyabm.errors import InputError, shown
from familyabm.returns import shapes
from familyabm.returns.dates import year_of
from familyabm.returns.shapes import Column, Layout

LARGEST_FILE = 500_000_000
"""Bytes; a large authority's largest table is some tens of megabytes."""
FORMATS = (shapes.BRITISH, shapes.ISO)
PLANNED = frozenset({"DUC", "InitialCPCtarget", "DOB", "MC_DOB", "PersonBirthDate", "Date of Birth", "DATE_PERM"})
"""Days that do not tell of which year a return is."""
BLANK = ("", "nan", "n/a", "#n/a")
"""Cells that spreadsheets and programs write for one that is blank."""


@dataclass(frozen=True)
class Source:
    """One table read: what it is, where it stood, its year, and its cells as text with the columns of its layout.

    The row of a heading is 1.  strange: columns of the file that its table does not have.
    """

    layout: Layout
    where: str
    folder: Path
    rows: pd.DataFrame
    strange: tuple[str, ...] = ()
    year: int = 0

    def refuse(self, row: int, column: str, value: object, accepted: str) -> InputError:
        """Return the error about one cell; row: its place in `rows`."""
        return InputError(f"{self.where}: row {row + 2}: {column} = {shown(value)} is not accepted; {accepted} is.")

    def days(self, column: str) -> "pd.Series[pd.Timestamp]":
        """Return a column of days, NaT where blank; InputError names the first cell that is none."""
        cells = self.rows[column]
        style = shapes.ISO if (cells.str[4:5] == "-").any() and not (cells.str[2:3] == "/").any() else shapes.BRITISH
        found = pd.to_datetime(cells.where(cells != ""), format=style, errors="coerce")
        bad = (found.isna() & (cells != "")).to_numpy()
        if bad.any():
            place = int(bad.argmax())
            raise self.refuse(
                place, column, cells.iloc[place], "a day as 31/03/2025 or 2025-03-31, one way in a column,"
            )
        return found

    def codes(self, column: str) -> "pd.Series[str]":
        """Return a column of codes in the letter-case of their set; InputError names a strange one."""
        cells = self.rows[column]
        by_folded = {code.casefold(): code for code in shapes.code_set(self._column(column).detail)}
        found = cells.str.casefold().map(by_folded)
        bad = found.isna() & (cells != "")
        if bad.any():
            place = int(bad.to_numpy().argmax())
            raise self.refuse(place, column, cells.iloc[place], self._column(column).accepted)
        return found.fillna("")

    def whole(self, column: str) -> "pd.Series[float]":
        """Return a column of whole numbers, NaN where blank."""
        cells = self.rows[column]
        found = pd.to_numeric(cells.where(cells != ""), errors="coerce")
        low, high = self._column(column).bounds
        bad = (found.isna() & (cells != "")) | (found < low) | (found > high) | (found % 1 != 0) & found.notna()
        if bad.any():
            place = int(bad.to_numpy().argmax())
            raise self.refuse(place, column, cells.iloc[place], self._column(column).accepted)
        return found

    def children(self) -> "pd.Series[str]":
        """Return the identifiers; InputError if one is blank."""
        cells = self.rows[self.layout.child]
        if (cells == "").any():
            raise self.refuse(int((cells == "").to_numpy().argmax()), self.layout.child, "", "a child's identifier")
        return cells

    def _column(self, name: str) -> Column:
        return next(column for column in self.layout.columns if column.name == name)


def day_of(cell: str) -> date | None:
    """Return the day that a cell says, or nothing."""
    for style in FORMATS:
        try:
            return datetime.strptime(cell, style).date()
        except ValueError:
            continue
    return None


def read(folder: Path) -> list[Source]:
    """Return every table that the folder and those in it hold, each with its year; at least one, or InputError."""
    if not folder.is_dir():
        raise InputError(f"{shown(str(folder))} is not a folder; a folder of returns as CSV or XML files is accepted.")
    found = [source for path in sorted(folder.rglob("*")) if path.is_file() for source in _file(path, folder)]
    if not found:
        kinds = "; ".join(f"{name}: {', '.join(list(shapes.layouts(name))[:3])} …" for name in shapes.SHAPES)
        raise InputError(f"{folder.name} holds no file with the headings of a return ({kinds}).")
    return _dated(_without_twins(found))


def _file(path: Path, folder: Path) -> list[Source]:
    where = str(path.relative_to(folder))
    where = where if where.isprintable() and len(where) <= 100 else shown(where)
    if path.suffix.casefold() == ".xml":
        return _xml(_bytes(path, where), where, path.parent)
    return _csv(_bytes(path, where), where, path.parent) if path.suffix.casefold() == ".csv" else []


def _bytes(path: Path, where: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{where} is larger than {LARGEST_FILE // 10**6} MB, which no return is.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{where} cannot be read: {(error.strerror or 'unreadable').lower()}.") from None


def _csv(content: bytes, where: str, folder: Path) -> list[Source]:
    try:
        text = content.decode("utf-8-sig")
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except UnicodeDecodeError:
        raise InputError(f"{where} is not UTF-8 text; save it as CSV in UTF-8 and try again.") from None
    except csv.Error as error:
        raise InputError(f"{where} is not valid CSV: {error}.") from None
    if not rows or not any(rows[0]):
        return []
    layout = _layout_of(rows[0])
    if layout is None:
        return []
    names = _names(rows[0], layout, where)
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(rows[0]) and any(row):
            raise InputError(f"{where}: row {number} has {len(row)} cells under {len(rows[0])} headings.")
    cells = [row for row in rows[1:] if any(row)]
    frame = pd.DataFrame(cells, columns=names, dtype=object).map(lambda cell: "" if cell.casefold() in BLANK else cell)
    for column in layout.columns:
        if column.name not in frame:
            frame[column.name] = ""
    strange = tuple(name for name in names if name not in layout.names)
    return [Source(layout, where, folder, frame[layout.names], strange)]


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").replace("‘", "'").split())


SAME = {"gendercurrent": "sex", "age": "age of child (years)", "childid": "child", "pl": "place"}
"""Headings of other years' returns and what they are now."""


def _layout_of(heading: Sequence[str]) -> Layout | None:
    """Return the table whose needed columns a heading has; of several, the one with which it shares the most."""
    given = {_folded(name) for name in heading}
    given |= {SAME[name] for name in given if name in SAME}
    able = [one for one in shapes.every() if all(_folded(c.name) in given for c in one.columns if c.required)]
    return max(able, key=lambda one: len({_folded(name) for name in one.names} & given), default=None)


def _names(heading: Sequence[str], layout: Layout, where: str) -> list[str]:
    """Return a heading in the words of its table; InputError if a column is given twice."""
    known = {_folded(name): name for name in layout.names}
    names = [known.get(_folded(name)) or known.get(SAME.get(_folded(name), ""), name) for name in heading]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{where}: column {shown(name)} is given twice; once is accepted.")
    return names


def _without_twins(found: list[Source]) -> list[Source]:
    """Leave the XML of a census out where its tables lie beside it; refuse a table that is twice in a folder."""
    kept: dict[tuple[Path, str, str], Source] = {}
    for source in found:
        key = (source.folder, source.layout.shape, source.layout.table)
        if key in kept and source.where.endswith(".xml"):
            continue
        if key in kept and not kept[key].where.endswith(".xml"):
            raise InputError(f"{source.where} and {kept[key].where} are both {source.layout.table}; one is accepted.")
        kept[key] = source
    return list(kept.values())


def _dated(found: list[Source]) -> list[Source]:
    """Give every table the financial year of its folder and shape: that of the latest day in it."""
    latest: dict[tuple[Path, str], date] = {}
    for source in found:
        for column in source.layout.columns:
            if column.kind == "date" and column.name not in PLANNED:
                for day in filter(None, map(day_of, source.rows[column.name].unique())):
                    key = (source.folder, source.layout.shape)
                    latest[key] = max(day, latest.get(key, day))
    return [replace(one, year=year_of(latest[key]) if (key := (one.folder, one.layout.shape)) in latest else 0)
            for one in found]  # fmt: skip


# --- The census as XML -----------------------------------------------------------------------------------------------


def _xml(content: bytes, where: str, folder: Path) -> list[Source]:
    """Return the tables of a children in need census; nothing of any other XML."""
    if b"\0" in content[:1000]:  # as UTF-16 has it, in which a document type would not be seen
        raise InputError(f"{where} is not UTF-8 text; save it as XML in UTF-8 and try again.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InputError(f"{where} declares a document type; the census as the department specifies it has none.")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, LookupError, ValueError) as error:  # ValueError: of an encoding it does not know
        raise InputError(f"{where} is not valid XML: {error}.") from None
    if root.find(".//CINdetails") is None and root.findtext(".//Collection") != "CIN":
        return []
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in shapes.layouts("cin-census")}
    rows["Header"] = [{leaf.tag: leaf.text or "" for leaf in root.iterfind("Header/*/*")}]
    for number, child in enumerate(root.iterfind("Children/Child"), start=1):
        _child(child, rows, number)
    return [
        Source(layout, where, folder, pd.DataFrame(rows[name], columns=layout.names, dtype=object).fillna(""))
        for name, layout in shapes.layouts("cin-census").items()
    ]


def _child(child: ElementTree.Element, rows: dict[str, list[dict[str, str]]], number: int) -> None:
    identity = _leaves(child.find("ChildIdentifiers"))
    identity["Sex"] = identity.pop("Sex", identity.pop("GenderCurrent", ""))
    key = {"LAchildID": identity.get("LAchildID", "")}
    rows["ChildIdentifiers"].append(identity)
    rows["ChildCharacteristics"].append(key | {"Ethnicity": child.findtext("ChildCharacteristics/Ethnicity") or ""})
    rows["Disabilities"] += [key | {"Disability": one.text or ""} for one in child.iterfind(".//Disability")]
    for place, case in enumerate(child.iterfind("CINdetails"), start=1):
        of_case = key | {"CINdetailsID": f"{number}-{place}"}
        rows["CINdetails"].append(of_case | _leaves(case))
        for one in case.iterfind("Assessments"):
            factors = " ".join(factor.text or "" for factor in one.iterfind(".//AssessmentFactors"))
            rows["Assessments"].append(of_case | _leaves(one) | {"AssessmentFactors": factors})
        rows["CINplanDates"] += [of_case | _leaves(one) for one in case.iterfind("CINPlanDates")]
        rows["Section47"] += [of_case | _leaves(one) for one in case.iterfind("Section47")]
        for turn, one in enumerate(case.iterfind("ChildProtectionPlans"), start=1):
            of_plan = of_case | {"CPPID": f"{number}-{place}-{turn}"}
            rows["ChildProtectionPlans"].append(of_plan | _leaves(one))
            rows["Reviews"] += [of_plan | {"CPPreviewDate": day.text or ""} for day in one.iterfind(".//CPPreviewDate")]


def _leaves(element: ElementTree.Element | None) -> dict[str, str]:
    return {} if element is None else {leaf.tag: (leaf.text or "").strip() for leaf in element if len(leaf) == 0}
