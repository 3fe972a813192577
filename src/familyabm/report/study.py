"""Pages of the two studies of a comparison: which lever does how much, and what if an assumption is wrong."""

import shlex
from collections.abc import Mapping
from csv import QUOTE_NONNUMERIC
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

import pandas as pd

from familyabm import lives, simulation, takeouts
from familyabm.areas import ATTRIBUTION
from familyabm.attribution import Attribution
from familyabm.report import charts, page, study_words, words
from familyabm.report.figures import Figure, Grid, drawn
from familyabm.report.study_words import of_row, size, spread
from familyabm.takeouts import TakeOut
from familyabm.what_if import HOLDS, TOO_FEW, WhatIf
from familyabm.worlds import STATUS_LINE
from familyabm.writing import write_whole

Results: TypeAlias = Attribution | WhatIf
RANGES = (
    "Ranges show luck alone: where the mean would lie, 95 times in 100, had other lucks been drawn. What the model "
    "leaves out, and settings that nobody knows, are in no range."
)


@dataclass(frozen=True)
class Section:
    """One part of a page: its text, its list, its terms, its figures and its tables."""

    identity: str
    title: str
    text: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    terms: list[tuple[str, str]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)


@dataclass(frozen=True)
class Study:
    """All that the page of a study shows."""

    title: str
    sections: list[Section]
    settings: list[tuple[str, str]]
    command: str


def write_attribution(found: Attribution, folder: Path) -> Path:
    """Write the page and the CSV files of a difference shared out; return the page's path."""
    frames = {
        "together.csv": found.together.reset_index(), "levers.csv": found.by_lever,
        "owners.csv": found.by_owner, "lucks.csv": found.by_luck,
    }  # fmt: skip
    return _write(found, attribution_page(found), frames, folder, "attribution.html")


def write_what_if(found: WhatIf, folder: Path) -> Path:
    """Write the page and the CSV files of assumptions taken out; return the page's path."""
    frames = {"as_it_is.csv": found.whole.reset_index(), "takeouts.csv": found.table}
    return _write(found, what_if_page(found), frames, folder, "takeouts.html")


def _write(found: Results, study: Study, frames: Mapping[str, pd.DataFrame], folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = html(found, study)
    for file, frame in frames.items():
        write_whole(folder / file, _csv(frame, found).encode("utf-8-sig"))
    write_whole(folder / name, text.encode())
    return folder / name


def _csv(frame: pd.DataFrame, found: Results) -> str:
    of = {
        "area": found.area.la_name, "world_a": found.a.name, "world_b": found.b.name, "address": found.address,
        "status": STATUS_LINE,
    }  # fmt: skip
    return frame.assign(**of).map(page._safe).to_csv(index=False, lineterminator="\n", quoting=QUOTE_NONNUMERIC)


def html(found: Results, study: Study) -> str:
    """Return the whole page as text."""
    template = page.environment().get_template("study.html.j2")
    return template.render(
        study=study, area=found.area, a=found.a, b=found.b, status=STATUS_LINE, version=simulation.VERSION,
        data_years=page.data_years(), attribution=ATTRIBUTION,
        changes=page.changes(found.snapshot.parameters, found.a, found.b),
    )  # fmt: skip


def _row(frame: pd.DataFrame, name: str) -> "pd.Series[Any]":
    return cast("pd.Series[Any]", frame.loc[name])


def _population(found: Results) -> str:
    years = words.count(found.years, "year")
    return f"{found.area.la_name}, {years}, {words.count(found.runs, 'luck')}, mean of all."


def _bars(
    identity: str, title: str, line: str, rows: list[tuple[str, float, float, float]], unit: str, head: str
) -> Figure:
    """Draw signed bars with their intervals, and the same as a table whose first column is headed `head`."""
    frame = pd.DataFrame(rows, columns=["thing", "value", "low", "high"]).dropna()
    cells = [[thing, spread(value, low, high, unit)] for thing, value, low, high in rows if value == value]
    frame["words"] = [told for _, told in cells]
    alternative = "; ".join(f"{thing}: {told}" for thing, told in cells)
    grid = Grid(line, [head, "Mean (range)"], cells)
    return drawn(identity, title, line, charts.parts(frame), f"Bars from zero. {alternative}", grid)


def _command(verb: str, found: Results, *more: str) -> str:
    """Return the command that makes a study again."""
    place = found.area.la_name if found.area.la_code != "own" else "AREA.toml"
    sets = page.set_words(found.snapshot.parameters)
    return shlex.join(
        ["familyabm", verb, place, "--a", found.a.name, "--b", found.b.name, "--years", f"{found.years}",
         "--runs", f"{found.asked if isinstance(found, Attribution) else found.runs}",
         "--seed", f"{found.snapshot.seed}", "--scale", f"{found.snapshot.scale:g}",
         "--measures", ",".join(found.outcomes), *more, *sets]
    )  # fmt: skip


def _settings(found: Results, *more: tuple[str, str]) -> list[tuple[str, str]]:
    area, snapshot = found.area, found.snapshot
    return [
        ("Area", f"{area.la_name} ({area.la_code}), {area.region}, {area.children_0_17:,} children aged 0 to 17"),
        ("Figures filled in", area.filled_sentence() or "None: every figure is the area's own."),
        ("World A", f"{found.a.title} ({found.a.name}). {found.a.description}"),
        ("World B", f"{found.b.title} ({found.b.name}). {found.b.description}"),
        *more,
        ("Size of the model", f"{100.0 * snapshot.scale:,.4g}% of the area's families"),
        ("Years and lucks", f"{words.count(found.years, 'year')}, {words.count(found.runs, 'luck')}"),
        ("Luck number (seed)", f"{snapshot.seed}"),
        ("Version", f"familyabm {simulation.VERSION}"),
        ("Address", found.address),
    ]


def attribution_page(found: Attribution) -> Study:
    """Return the page that shares a difference out among the levers."""
    sections = [
        Section("together", "Acted upon together", said=[
            study_words.together(str(name), row) for name, row in found.together.iterrows()
        ] + [RANGES]),
        Section("levers", "Which lever does how much", [_shared(found)],
                figures=[_lever_figure(found, name) for name in found.outcomes],
                grids=[_lever_grid(found, name) for name in found.outcomes]),
    ]  # fmt: skip
    if found.parts is not None:
        rows = found.by_owner
        sections.append(
            Section("owners", "In whose hands it lies", [
                "Some levers an organisation can pull alone; others only move if partners move with it.",
            ], [study_words.control(name, rows[rows["outcome"] == name]) for name in found.outcomes])
        )  # fmt: skip
    method = "one-at-a-time" if found.parts is None else "shapley"
    orders = ["--orders", f"{found.orders}"] if found.orders else []
    settings = _settings(found, ("How it was shared out", f"{found.way}: {found.lived:,} lives"))
    command = _command("attribute", found, "--method", method, *orders)
    return Study(f"{found.area.la_name}: which change does how much", sections, settings, command)


def _shared(found: Attribution) -> str:
    if found.parts is None:
        return (
            "Each bar is what one change does as the first to be made. The tables also show what it does as the "
            "last, when all others are already made. The two differ wherever changes need, or replace, each other."
        )
    return (
        "Each bar is a change's fair part of the difference: what it adds when it is made, averaged over the orders in "
        "which the changes can be made. The parts add up to the whole difference exactly."
    )


def _lever_figure(found: Attribution, name: str) -> Figure:
    rows, whole = found.by_lever[found.by_lever["outcome"] == name], _row(found.together, name)
    column = "alone" if found.parts is None else "part"
    bars = [
        (str(row["title"]), float(row[column]), float(row[f"{column}_low"]), float(row[f"{column}_high"]))
        for _, row in rows.iterrows()
    ]
    largest = max(bars, key=lambda bar: abs(bar[1]) if bar[1] == bar[1] else -1.0)[0]
    title = lives.title(name)
    return _bars(
        f"levers-{name.replace('_', '-')}", f"{title}: most from {largest.lower()}",
        f"{title}, {whole['unit']}: change by lever. {_population(found)}", bars, str(whole["unit"]), "Lever",
    )  # fmt: skip


def _lever_grid(found: Attribution, name: str) -> Grid:
    whole = _row(found.together, name)
    unit = str(whole["unit"])
    rows = found.by_lever[found.by_lever["outcome"] == name].assign(unit=unit)
    shown = ("part", "alone", "last") if found.parts is not None else ("alone", "last")
    heads = {"part": "Its part", "alone": "Made first, alone", "last": "Made last"}
    cells = [[str(r["title"]), str(r["owner"]), *(of_row(r, column) for column in shown)] for _, r in rows.iterrows()]
    cells.append(["All of them", "", *_totals(found, whole, name)])
    return Grid(f"{lives.title(name)}, {unit}", ["Lever", "Who can pull it", *(heads[c] for c in shown)], cells)


def _totals(found: Attribution, whole: pd.Series, name: str) -> list[str]:
    """Write the bottom row: what the parts add up to, and what each first and each last adds up to."""
    rows, unit = found.by_lever[found.by_lever["outcome"] == name], str(whole["unit"])
    sums = [of_row(whole, "sum_alone"), size(float(rows["last"].sum()), unit)]
    return sums if found.parts is None else [of_row(whole, "whole"), *sums]


def what_if_page(found: WhatIf) -> Study:
    """Return the page that takes out one assumption after the other."""
    entries = [takeouts.find(name) for name in found.without]
    rows = {entry.name: found.table[found.table["assumption"] == entry.name] for entry in entries}
    terms = [(f"{entry.title} ({entry.name})", _entry(entry, rows[entry.name], found.runs)) for entry in entries]
    sections = [
        Section("wrong", "What if an assumption is wrong?", [
            "The same comparison was made again without each of these assumptions, one at a time, in both worlds and "
            "in the past before them. Where the difference between the worlds shrinks, the result rests on it.",
        ], [RANGES], terms),
        Section("figures", "How far the difference moves", [
            "Without an assumption both worlds lie elsewhere, so the bars show world B less world A in percent of "
            "world A.",
        ], figures=[_what_if_figure(found, name) for name in found.outcomes],
            grids=[_what_if_grid(found, name) for name in found.outcomes]),
    ]  # fmt: skip
    without = [word for entry in entries for word in ("--without", entry.name)]
    settings = _settings(found, ("Assumptions tried", f"{len(entries)} of {found.asked} asked for"))
    return Study(
        f"{found.area.la_name}: what if an assumption is wrong?", sections, settings,
        _command("takeouts", found, *without),
    )  # fmt: skip


def _what_if_figure(found: WhatIf, name: str) -> Figure:
    whole, rows = _row(found.whole, name), found.table[found.table["outcome"] == name]
    bars = [("As the model comes", *_percent(whole))]
    bars += [(_without(row), *_percent(row)) for _, row in rows.iterrows()]
    title = lives.title(name)
    moved = int((rows["became"] != HOLDS).sum())
    told = f"{moved} of {len(rows)} assumptions move it" if TOO_FEW not in set(rows["became"]) else TOO_FEW + " to tell"
    return _bars(
        f"what-if-{name.replace('_', '-')}", f"{title}: {told}",
        f"{title}: world B less world A, % of world A. {_population(found)}", bars, "% of world A", "Assumption",
    )  # fmt: skip


def _without(row: pd.Series) -> str:
    return f"Without: {takeouts.find(str(row['assumption'])).title.lower()}"


def _percent(row: pd.Series) -> tuple[float, float, float]:
    a = float(row["a"]) or float("nan")
    mean, low, high = (100.0 * float(row[f"difference{end}"]) / a for end in ("", "_low", "_high"))
    return (mean, low, high) if a > 0.0 else (mean, high, low)


def _what_if_grid(found: WhatIf, name: str) -> Grid:
    whole = _row(found.whole, name)
    unit = str(whole["unit"])
    rows = found.table[found.table["outcome"] == name].assign(unit=unit)
    cells = [["As the model comes", words.amount(float(whole["a"]), unit), of_row(whole, "difference"), "", ""]]
    cells += [
        [_without(row), words.amount(float(row["a"]), unit), of_row(row, "difference"),
         of_row(row, "move"), str(row["became"])] for _, row in rows.iterrows()
    ]  # fmt: skip
    heads = ["Assumption", "World A", "B less A", "Moved by", "The difference"]
    return Grid(f"{lives.title(name)}, {unit}", heads, cells)


def became_grid(found: WhatIf) -> Grid:
    """Return what became of every difference without each assumption: a row an assumption, a column an outcome."""
    known = {(str(row["assumption"]), str(row["outcome"])): str(row["became"]) for _, row in found.table.iterrows()}
    rows = [
        [takeouts.find(name).title, *(known[name, outcome] for outcome in found.outcomes)] for name in found.without
    ]
    heads = ["Without this assumption", *(lives.title(name) for name in found.outcomes)]
    return Grid("What becomes of the difference between the worlds", heads, rows)


def _entry(entry: TakeOut, rows: pd.DataFrame, lucks: int) -> str:
    """Say what an assumption is, what is there without it, what became of the difference, and how sure it is."""
    verdict = study_words.assumption(rows, lucks)
    return f"{entry.says} Taken out: {entry.without} {verdict} Evidence, {entry.evidence} ({entry.source})."
