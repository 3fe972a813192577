"""The published shapes: tables, columns and code sets, read from data files that are their only declaration.

Source of each code set: the `source` column of codes.csv.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from familyabm.errors import InputError, nearest

SHAPES: Mapping[str, str] = {
    "ssda903": "Children looked-after return (SSDA903), 2024 to 2025",
    "cin-census": "Children in need census, 2024 to 2025",
    "annex-a": "Annex A of Ofsted's inspections of local authority children's services, lists 1 to 11",
}
"""The shapes by name, with what they are."""
ISO, BRITISH = "%Y-%m-%d", "%d/%m/%Y"


@dataclass(frozen=True)
class Column:
    """A column: what its cells hold (id, date, code, codes with spaces between, whole, text); if all are filled."""

    name: str
    kind: str
    detail: str
    required: bool

    @property
    def accepted(self) -> str:
        """Say in words what is accepted."""
        if self.kind in ("code", "codes"):
            codes = list(code_set(self.detail))
            shown = ", ".join(codes[:12]) + (f" and {len(codes) - 12} more" if len(codes) > 12 else "")
            return f"one of {shown}" if self.kind == "code" else f"any of {shown}, with spaces between"
        if self.kind == "whole":
            low, high = self.bounds
            return f"a whole number from {low} to {high}"
        return {"date": "a day", "id": "a child's identifier"}.get(self.kind, "text")

    @property
    def bounds(self) -> tuple[int, int]:
        """Return the lowest and highest whole number accepted."""
        low, high = self.detail.split("-")
        return int(low), int(high)


@dataclass(frozen=True)
class Layout:
    """A table of a shape: its name, its file and its columns in order."""

    shape: str
    table: str
    file: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Return the column names in order."""
        return [column.name for column in self.columns]

    @property
    def date_format(self) -> str:
        """Return how days are written: the census as in its XML, else day, month, year."""
        return ISO if self.shape == "cin-census" else BRITISH

    @property
    def child(self) -> str:
        """Return the column of the child's identifier; empty where rows are not about children."""
        return next((column.name for column in self.columns if column.kind == "id"), "")


@lru_cache(maxsize=1)
def _layouts() -> tuple[Layout, ...]:
    tables: dict[tuple[str, str, str], list[Column]] = {}
    for row in _rows("columns.csv"):
        kind, _, detail = row["kind"].partition(":")
        column = Column(row["column"], kind, detail, row["required"] == "yes")
        tables.setdefault((row["shape"], row["table"], row["file"]), []).append(column)
    return tuple(Layout(*key, tuple(columns)) for key, columns in tables.items())


@lru_cache(maxsize=1)
def _code_sets() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in _rows("codes.csv"):
        found.setdefault(row["set"], {})[row["code"]] = row["meaning"]
    return found


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("familyabm") / "data" / "returns" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def check(shape: str) -> str:
    """Return a shape's name, or raise InputError naming those there are."""
    if shape not in SHAPES:
        raise InputError(
            f"--shape {shape!r} is not known{nearest(shape, SHAPES)}; one of {', '.join(SHAPES)} is accepted."
        )
    return shape


def layouts(shape: str) -> dict[str, Layout]:
    """Return the tables of a shape by name, in order."""
    return {layout.table: layout for layout in _layouts() if layout.shape == shape}


def every() -> tuple[Layout, ...]:
    """Return the tables of all shapes."""
    return _layouts()


def code_set(name: str) -> Mapping[str, str]:
    """Return a code set: meaning by code."""
    return _code_sets()[name]


def labelled(name: str, code: str) -> str:
    """Return Annex A's label of a code, such as `q) 6: Police` of 6, or an empty text of an empty code."""
    if not code:
        return ""
    for label in code_set(name):
        words = label.split(") ", 1)[-1].replace(":", " ").split()
        if words and words[0] == code:
            return label
    raise KeyError(f"{code} has no label in {name}")
