"""docs/validation.md: what the model predicts and reproduces, what it does not, by how much, and what is missing.

It is made by one command from finished runs; every figure stands under the address of the runs that it came from.
"""

import json
import math
from pathlib import Path
from typing import Any

from familyabm.errors import InputError
from familyabm.report import validation, validation_words, words
from familyabm.report.effects import DATA, shown
from familyabm.report.figures import Grid
from familyabm.truth import validation_inputs
from familyabm.truth.outcomes import OUTCOMES, SOURCE
from familyabm.truth.validation_ranges import Held
from familyabm.worlds import STATUS_LINE

FAR_FROM_LEVEL = 0.10
"""Share by which a level may miss before it is told among what cannot be met."""
FAR_FROM_YARDSTICK = 0.15
"""Rank correlation by which inputs alone may do better before the model is told to make too little of them."""
TOLD = 5
"""Inputs told of an outcome."""


def read_effects(folder: Path | None) -> dict[str, Any] | None:
    """Return the results of `familyabm effects --out FOLDER`, or None where no folder is given."""
    if folder is None:
        return None
    path = folder / DATA
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found["outcomes"], found["address"], found["count"], found["command"]
    except OSError:
        raise InputError(f"--effects {folder} holds no {DATA}; `familyabm effects --out {folder}` makes it.") from None
    except (ValueError, KeyError, TypeError):
        raise InputError(f"--effects {path} is not what `familyabm effects --out` writes.") from None
    return found


def text(held: Held, command: str, effects: dict[str, Any] | None) -> str:
    """Return the whole page as Markdown."""
    parts = [
        "# What the model predicts, and what it reproduces", "",
        f"**{STATUS_LINE}** Made by `make validation`; do not edit.", "",
        *_authorities(held, command), *_short(held), *_inputs(held), *(_effects(effects) if effects else []),
    ]  # fmt: skip
    return "\n".join(parts).rstrip() + "\n"


def _authorities(held: Held, command: str) -> list[str]:
    return [
        "## Authorities that it had not seen", "", validation_words.headline(held), "",
        *(f"- {said}" for said in validation_words.said(held)), "",
        *(line for said in validation_words.how(held) for line in (said, "")),
        f"Ranges are learnt from {held.teachers.source}. Returns: {SOURCE}", "",
        _address(command, held.found.address), "",
        *_table(validation.measures_grid(held)), *_table(validation.spread_grid(held)),
        *_table(validation.misses_grid(held)),
        *(f"- {said}" for said in validation_words.left_out(held)), "",
    ]  # fmt: skip


def _short(held: Held) -> list[str]:
    """Say which levels and ranks are not met and by how much."""
    yardstick = validation_inputs.yardstick(held)
    said = []
    for row in held.told:
        parts = []
        if math.isfinite(row.level) and abs(row.level - 1.0) > FAR_FROM_LEVEL:
            parts.append(f"the level is {validation_words._level(row.level)}")
        if row.outcome in validation_words.BARS and validation_words.below(row):
            parts.append(f"the rank correlation of {words.number(row.spearman, 2)} is below the bar")
        if yardstick[str(row.outcome)] - row.spearman > FAR_FROM_YARDSTICK:
            told = words.number(yardstick[str(row.outcome)], 2)
            parts.append(f"inputs alone reach a rank correlation of {told}, the model {words.number(row.spearman, 2)}")
        if parts:
            lacks = OUTCOMES[str(row.outcome)].missing
            said.append(f"- {row.title}: {'; '.join(parts)}.{f' Missing: {lacks}' if lacks else ''}")
    heading = f"What is off by more than {100.0 * FAR_FROM_LEVEL:.0f}%, below its bar, or told better by inputs alone."
    return ["### What falls short", "", heading, "", *(said or ["- Nothing."]), ""]


def _inputs(held: Held) -> list[str]:
    """Say which inputs go with what."""
    every = validation_inputs.relations(held)
    lines = ["### What inputs go with", "", validation_words.INPUTS, ""]
    for name in every["outcome"].unique():
        rows = validation_inputs.strongest(every, str(name), TOLD)
        told = [
            f"{row.label[:1].lower() + row.label[1:] if row.label[1:2].islower() else row.label} "
            f"{words.number(row.returns, 2)} / {words.number(row.model, 2)}"
            for row in list[Any](rows.itertuples())
        ]
        lines.append(f"- {OUTCOMES[str(name)].title} (returns / model): {'; '.join(told)}.")
    return [*lines, ""]


def _effects(found: dict[str, Any]) -> list[str]:
    """Return the replayed studies as a table, what falls short first, and what the model lacks."""
    rows = [
        [one["effect"], f"{one['code']} {one['outcome']} ({one['unit']})", _number(one["published"]), _bounds(one),
         _number(one["model"]), _range(one), one["verdict"] + _itself(one)]
        for one in found["outcomes"]
    ]  # fmt: skip
    heads = ["Effect", "What was found", "Published", "Interval or bound", "Model", "Range over lucks", "Verdict"]
    lacks = dict.fromkeys(
        f"- {one['effect']}, {one['code']}: {one['missing']}" for one in found["outcomes"] if one["missing"]
    )
    left = [f"- {row['code']}, {row['effect']}: {row['why']}." for row in found["not_replayed"]]
    return [
        "## Published effects, replayed", "", f"{found['count']}.", "",
        f"{found['area']}, {found['runs']} lucks, {100.0 * found['scale']:g}% of its families, others in "
        "each luck. Ranges hold luck and the draw of families.",
        "", _address(found["command"], found["address"]), "", *_table(Grid("", heads, rows)),
        "### What is missing", "", *(lacks or ["- Nothing is told to be missing."]), "",
        "### What is not replayed", "", *left, "",
    ]  # fmt: skip


def _address(command: str, address: str) -> str:
    return f"`{command}`, address `{address[:16]}`."


def _number(value: float | None) -> str:
    return "–" if value is None else shown(value)


def _bounds(one: dict[str, Any]) -> str:
    low, high = one["published_low"], one["published_high"]
    if low is None or high is None:
        return (
            "–"
            if low is None and high is None
            else f"{_number(low)} or more"
            if high is None
            else f"{_number(high)} or less"
        )
    return f"{_number(low)} to {_number(high)}"


def _range(one: dict[str, Any]) -> str:
    return "too few lucks" if one["low"] is None else f"{_number(one['low'])} to {_number(one['high'])}"


def _itself(one: dict[str, Any]) -> str:
    if one["by_itself"] is None:
        return ""
    low, high = one.get("beyond_low"), one.get("beyond_high")
    more = "" if low is None or high is None else f"; beyond that {shown(low)} to {shown(high)}"
    return f"; by itself {_number(one['by_itself'])}{more}"


def _table(grid: Grid) -> list[str]:
    """Write a table as Markdown, units beside the first cell."""
    rows = grid.rows
    if grid.units:
        rows = [[f"{row[0]} ({unit})", *row[1:]] for row, unit in zip(rows, grid.units, strict=True)]
    told = ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
    caption = [f"**{grid.caption}**", ""] if grid.caption else []
    return [
        *caption,
        "| " + " | ".join(grid.headers) + " |",
        "| " + " | ".join("---" for _ in grid.headers) + " |",
        *told,
        "",
    ]
