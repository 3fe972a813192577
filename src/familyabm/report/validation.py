"""The page on authorities that the model had not seen: predicted beside actual, with ranges and the worst misses.

Nothing here reads a clock or the machine: the same runs give the same page, byte for byte.
"""

import json
import math
import shlex
from csv import QUOTE_NONNUMERIC
from pathlib import Path
from typing import Any

import pandas as pd

from familyabm import simulation
from familyabm.areas import ATTRIBUTION
from familyabm.console import records
from familyabm.parameters import DEFAULT
from familyabm.report import charts, page, validation_words, words
from familyabm.report.figures import Figure, Grid, drawn
from familyabm.report.study import Section, Study
from familyabm.truth import validation_inputs
from familyabm.truth.outcomes import OUTCOMES
from familyabm.truth.validation_ranges import LEAST, Held
from familyabm.worlds import STATUS_LINE
from familyabm.writing import write_whole

PAGE, DATA = "index.html", "validation.json"
PAGE_ONLY = ("Authorities", "Once levelled")
"""Columns for which a terminal has no room."""


def write(held: Held, folder: Path, command: str, note: str) -> Path:
    """Write the page, its CSV files and validation.json into a folder; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames(held).items():
        write_whole(folder / name, _csv(frame, held).encode("utf-8-sig"))
    data = json.dumps(as_json(held, command, note), ensure_ascii=False, indent=1)
    write_whole(folder / DATA, f"{data}\n".encode())
    write_whole(folder / PAGE, html(held, command, note).encode())
    return folder / PAGE


def frames(held: Held) -> dict[str, pd.DataFrame]:
    """Return the figures behind the page by file name."""
    return {
        "measures.csv": held.summary.assign(yardstick=held.summary["outcome"].map(validation_inputs.yardstick(held))),
        "authorities.csv": held.rows, "inputs.csv": validation_inputs.relations(held),
    }  # fmt: skip


def _csv(frame: pd.DataFrame, held: Held) -> str:
    whole = frame.assign(address=held.found.address, status=STATUS_LINE)
    return whole.map(page._safe).to_csv(index=False, lineterminator="\n", quoting=QUOTE_NONNUMERIC)


def as_json(held: Held, command: str, note: str) -> dict[str, Any]:
    """Return everything as JSON can hold it."""
    study = held.found.asked.studies[0]
    told = frames(held)
    return {
        "status": STATUS_LINE, "version": simulation.VERSION, "address": held.found.address,
        "parameters": held.found.asked.parameters, "outcomes": held.table.where, "authorities": len(held.table.rows),
        "runs": len(study.seeds), "sets": held.found.asked.members, "seed": study.seeds[0],
        "years": study.years, "ranges_from": held.teachers.source,
        "note": note, "command": command, "said": validation_words.said(held),
        "measures": records(told["measures.csv"]), "misses": records(_misses(held)),
        "rows": records(told["authorities.csv"]), "inputs": records(told["inputs.csv"]),
        "not_compared": held.table.left_out, "failed": records(_failed(held)),
    }  # fmt: skip


def _misses(held: Held) -> pd.DataFrame:
    return pd.concat([held.misses(outcome) for outcome in held.table.columns], ignore_index=True)


def _failed(held: Held) -> pd.DataFrame:
    failures: pd.DataFrame = held.found.failures[["area", "seed", "status", "error_type", "error"]]
    return failures


def html(held: Held, command: str, note: str) -> str:
    """Return the whole page as text."""
    told = Study("Authorities that the model had not seen", sections(held, note), _settings(held), command)
    settings = held.found.asked.studies[0].settings
    return page.environment().get_template("validation.html.j2").render(
        study=told, places=validation_words.covered(held), status=STATUS_LINE, version=simulation.VERSION,
        data_years=page.data_years(), attribution=ATTRIBUTION,
        changes=[f"{name} = {value:g}" for name, value in settings.items() if value != DEFAULT[name]],
    )  # fmt: skip


def sections(held: Held, note: str) -> list[Section]:
    """Return the page's parts in their order."""
    return [
        Section("summary", "Summary", [validation_words.headline(held)], validation_words.said(held)),
        Section("how", "How", list(filter(None, [*validation_words.how(held), note]))),
        Section("pictures", "Predicted and actual", figures=[picture(held, name) for name in _drawn(held)]),
        Section("measures", "Measure by measure", grids=[measures_grid(held), spread_grid(held)]),
        Section("misses", "The worst misses", grids=[misses_grid(held)]),
        Section("inputs", "What inputs go with", [validation_words.INPUTS], grids=input_grids(held)),
        *_rows(held),
        Section("left-out", "What is not compared", said=validation_words.left_out(held)),
    ]


def _drawn(held: Held) -> list[str]:
    """Return the outcomes that have a picture: those with a bar, where there are authorities enough."""
    enough = held.summary.loc[held.summary["n"] >= LEAST, "outcome"]
    return [name for name in validation_words.BARS if name in set(enough)]


def picture(held: Held, name: str) -> Figure:
    """Draw one outcome's answers against its returns."""
    outcome, row = OUTCOMES[name], next(row for row in held.told if row.outcome == name)
    frame = held.rows.loc[held.rows["outcome"] == name, ["predicted", "actual", "inside"]].dropna()
    frame = frame[(frame["predicted"] > 0.0) & (frame["actual"] > 0.0)].assign(inside=frame["inside"].astype(bool))
    line = (
        f"{outcome.title}, {outcome.unit}. One mark for each of {len(frame)} authorities; orange squares lie outside "
        "their 90% range; on the dashed line both agree. Both scales are logarithmic."
    )
    title = f"{outcome.title}: rank correlation {words.number(row.spearman, 2)}"
    grid, chart = rows_grid(held, name), charts.against(frame)
    return drawn(f"against-{name.replace('_', '-')}", title, line, chart, f"Scatter chart. {title}.", grid)


def _rows(held: Held) -> list[Section]:
    """Return the authorities' own rows, where no picture holds them as its table."""
    known = [outcome.column for outcome in held.table.columns if outcome.column not in _drawn(held)]
    shown = [name for name in validation_words.BARS if name in known] or (known if len(held.table.rows) < LEAST else [])
    grids = [rows_grid(held, name) for name in shown]
    return [Section("authorities", "Authority by authority", grids=grids)] if grids else []


def measures_grid(held: Held) -> Grid:
    """Return how near the model comes, a row an outcome."""
    yardstick = validation_inputs.yardstick(held)
    heads = ["Measure", "Authorities", "Predicted, mean", "Actual, mean", "Spearman (95% range)", "Inputs alone",
             "Mean absolute error", "Once levelled", "In the 90% range"]  # fmt: skip
    rows = [
        [row.title, f"{row.n}", words.number(row.predicted), words.number(row.actual), _ranked(row),
         _two(yardstick[row.outcome]), words.number(row.error), words.number(row.levelled), _percent(row.coverage)]
        for row in held.told
    ]  # fmt: skip
    return Grid(f"Predicted and actual, {validation_words.covered(held)}", heads, rows, list(held.summary["unit"]))


def spread_grid(held: Held) -> Grid:
    """Return whether authorities differ as much in the model as they do, a row an outcome."""
    heads = [
        "Measure",
        "Level: predicted to actual",
        "Spread between authorities: predicted to actual",
        "Of that, luck",
    ]
    rows = [[row.title, _two(row.level), _two(row.spread), _percent(100.0 * row.luck)] for row in held.told]
    return Grid("Levels and spreads", heads, rows)


def misses_grid(held: Held) -> Grid:
    """Return the authorities furthest from their answers."""
    rows = [
        [OUTCOMES[str(row["outcome"])].title, str(row["area"]), words.number(row["predicted"]), _span(row),
         words.number(row["actual"]), words.signed(float(row["miss"]), 1)]
        for _, row in _misses(held).iterrows()
    ]  # fmt: skip
    heads = ["Measure", "Authority", "Predicted", "90% range", "Actual", "Miss, in spreads of others' errors"]
    return Grid("The three furthest from each measure's answers", heads, rows)


def input_grids(held: Held) -> list[Grid]:
    """Return, for each main outcome, the inputs that go with it in the returns and in the model."""
    every = validation_inputs.relations(held)
    heads = ["Input", "With the returns", "With the model's answers"]
    return [
        Grid(f"{OUTCOMES[str(name)].title}: rank correlations of inputs", heads,
             [[str(row["label"]), _two(row["returns"]), _two(row["model"])]
              for _, row in validation_inputs.strongest(every, str(name)).iterrows()])
        for name in every["outcome"].unique()
    ]  # fmt: skip


def rows_grid(held: Held, name: str) -> Grid:
    """Return one outcome, authority by authority in the order of their answers."""
    frame = held.rows[held.rows["outcome"] == name].sort_values("predicted", kind="stable")
    rows = [
        [str(row["area"]), words.number(row["predicted"]), _span(row), words.number(row["actual"]), _inside(row)]
        for _, row in frame.iterrows()
    ]
    outcome = OUTCOMES[name]
    heads = ["Authority", "Predicted", "90% range", "Actual", "Inside"]
    return Grid(f"{outcome.title}, {outcome.unit}", heads, rows)


def _inside(row: "pd.Series[Any]") -> str:
    return "–" if pd.isna(row["inside"]) else "yes" if row["inside"] else "no"


def _span(row: "pd.Series[Any]") -> str:
    low, high = float(row["low"]), float(row["high"])
    if math.isnan(low):
        return "not known"
    places = words.together(low, high)
    return f"{words.number(low, places)} to {words.number(high, places)}"


def _ranked(row: Any) -> str:
    if math.isnan(row.spearman_low):
        return _two(row.spearman)
    return f"{_two(row.spearman)} ({_two(row.spearman_low)} to {_two(row.spearman_high)})"


def _two(value: float) -> str:
    return "–" if not math.isfinite(value) else words.number(value, 2)


def _percent(value: float) -> str:
    return "–" if not math.isfinite(value) else f"{value:.0f}%"


def _settings(held: Held) -> list[tuple[str, str]]:
    studies = held.found.asked.studies
    study = studies[0]
    sizes = ", ".join(f"{len(each.areas)} at {100.0 * each.scale:.3g}%" for each in studies)
    return [
        ("Outcomes", held.table.where),
        ("Ranges are learnt from", held.teachers.source),
        ("Size of the model", f"Share of families lived: {sizes} of their own"),
        ("Years and pasts", f"{words.count(study.years, 'year')}, {words.count(len(study.seeds), 'past')}"),
        ("Settings", "As the model comes, but for what is listed below" if held.found.asked.members == 1
         else f"{held.found.asked.members} accepted sets, each lived by every authority"),
        ("Luck number (seed)", f"{study.seeds[0]}"),
        ("Version", f"familyabm {simulation.VERSION}"),
        ("Address", held.found.address),
    ]  # fmt: skip


def command_of(held: Held, given: dict[str, Any]) -> str:
    """Return the command that makes the page again."""
    study = held.found.asked.studies[0]
    outcomes = ["--outcomes", given["outcomes"]] if given.get("outcomes") else []
    only = [word for name in given.get("areas", ()) for word in ("--areas", name)]
    members = ["--ensemble", f"{given['ensemble']}"] if given.get("ensemble") else []
    sets = [word for name, value in study.settings.items() if value != DEFAULT[name]
            for word in ("--set", f"{name}={value!r}")]  # fmt: skip
    return shlex.join(
        ["familyabm", "validate", *outcomes, *only, "--runs", f"{len(study.seeds)}", "--scale", f"{given['scale']:g}",
         "--seed", f"{study.seeds[0]}", *members, *sets]
    )  # fmt: skip
