"""The check of returns, any authority's or an extract's: every cell against its column, every row against the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from familyabm.returns import rules_annex_a, rules_census, rules_ssda903, shapes
from familyabm.returns.reading import Source
from familyabm.returns.rules import Finding, Returns, Rule, cells, findings

RULES: dict[str, tuple[Rule, ...]] = {
    "ssda903": rules_ssda903.RULES, "cin-census": rules_census.RULES, "annex-a": rules_annex_a.RULES,
}  # fmt: skip
NEEDED = {"ssda903": ("Header", "Episodes"), "cin-census": ("ChildIdentifiers", "CINdetails"), "annex-a": ()}
"""Tables without which nothing else can be checked."""


@dataclass(frozen=True)
class Checked:
    """What was checked, rows by table and the number of rules, and what was found."""

    counts: dict[str, int]
    rules: int
    found: tuple[Finding, ...]

    def table(self) -> pd.DataFrame:
        """Return what was found: file, row (the heading is 1), column, value, child, rule and its sentence."""
        columns = ["file", "row", "column", "value", "child", "rule", "sentence"]
        return pd.DataFrame([vars(one) for one in self.found], columns=columns)


def check(sources: Sequence[Source]) -> Checked:
    """Check every table that was read; those of one folder, shape and year are held against each other."""
    found: list[Finding] = []
    counts: dict[str, int] = {}
    groups: dict[tuple[Path, str], dict[str, Source]] = {}
    for source in sources:
        counts[source.where] = len(source.rows)
        found += cells(source) + _strange(source)
        groups.setdefault((source.folder, source.layout.shape), {})[source.layout.table] = source
    for (_, shape), tables in groups.items():
        found += _missing(shape, tables)
        year = max(one.year for one in tables.values())
        if year and all(name in tables for name in NEEDED[shape]):
            returns = Returns(tables, year)
            for rule in RULES[shape]:
                found += findings(rule, returns)
    kinds = {shape for _, shape in groups}
    return Checked(counts, sum(len(RULES[shape]) for shape in kinds) + 4, tuple(dict.fromkeys(found)))


def _strange(source: Source) -> list[Finding]:
    says = f"is not a column of {source.layout.table}."
    return [Finding("C3", source.where, 1, name, name, "", f"{name} {says}") for name in source.strange]


def _missing(shape: str, tables: dict[str, Source]) -> list[Finding]:
    folder = Path(next(iter(tables.values())).where).parent
    layouts = shapes.layouts(shape)
    return [
        Finding("C4", str(folder / layouts[name].file), 1, "", "", "", f"{name} is there.")
        for name in NEEDED[shape] if name not in tables
    ]  # fmt: skip
