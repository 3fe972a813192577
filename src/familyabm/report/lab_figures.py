"""Figures of the lab's pages: each with its finding, picture, words and table."""

from typing import Any

import pandas as pd

from familyabm.lab.looking import Look
from familyabm.lab.looking import pairs as every
from familyabm.lab.sensitivity import CALLED, Sensitivity
from familyabm.lab.tipping import BENDS, TURNS, Tip
from familyabm.report import lab_charts, lab_words, words
from familyabm.report.figures import Figure, Grid, drawn
from familyabm.report.lab_words import spread

MOST_BARS = 10


def identity_of(measure: str) -> str:
    """Return what a measure's parts of a page are called."""
    return f"of-{measure.replace('_', '-')}"


def ranked(found: Sensitivity) -> Figure:
    """Draw the highest indices; the table has all, with evidence and floor."""
    response, table = found.response, found.table
    names = [str(name) for name in table.index]
    top = pd.DataFrame(
        {"thing": [lab_words.setting(response, name) for name in names], "value": table["index"].to_numpy(),
         "low": table["low"].to_numpy(), "high": table["high"].to_numpy(), "floor": table["floor"].to_numpy()}
    ).head(MOST_BARS)  # fmt: skip
    top["words"] = [_words(row, str(table["grade"].iloc[place])) for place, (_, row) in enumerate(top.iterrows())]
    top[["value", "low", "high"]] = top[["value", "low", "high"]].clip(lower=0.0)  # less than nothing is luck
    alternative = "; ".join(f"{name}: {told}" for name, told in zip(names, top["words"], strict=False))
    line = f"{response.title}, {CALLED[found.method]}, with ranges; the upright tick is the floor. {response.of}"
    title = f"{names[0]} moves it most" if table["matters"].any() else "No setting can be told from nothing"
    alternative = f"Bars of {CALLED[found.method]}, longest first. {alternative}"
    return drawn(
        f"ranked-{identity_of(response.measure)}",
        title,
        line,
        lab_charts.ranked(top),
        alternative,
        sensitivity_grid(found, line),
    )


def _words(row: "pd.Series[Any]", grade: str) -> str:
    told = spread(float(row["value"]), float(row["low"]), float(row["high"]))
    return f"{told}; grade {grade}" if grade else told


def sensitivity_grid(found: Sensitivity, line: str) -> Grid:
    """Return every setting's index with its interval, evidence, range and direction."""
    own = {"sobol": "First-order (range)", "morris": "Mean effect and its spread", "pawn": "Highest in a part"}
    heads = ["Setting", "Index (range)", own[found.method], "Floor", "Evidence", "Varied from", "Raises or lowers"]
    rows = []
    for name, row in found.table.iterrows():
        grade = str(row["grade"])
        evidence = f"{grade}, {lab_words.GRADE_WORDS[grade]}" if grade in lab_words.GRADE_WORDS else "a choice"
        rows.append([
            lab_words.setting(found.response, str(name)), spread(row["index"], row["low"], row["high"]), _own(row),
            words.number(row["floor"]), evidence, _range(row), _way(float(row["way"])),
        ])  # fmt: skip
    return Grid(line, heads, rows)


def _own(row: "pd.Series[Any]") -> str:
    if "first" in row.index:
        return spread(row["first"], row["first_low"], row["first_high"])
    if "mu" in row.index:
        return f"{words.signed(row['mu'])}, spread {words.number(row['sigma'])}"
    return words.number(row["highest"])


def _range(row: "pd.Series[Any]") -> str:
    low, high = row["setting_low"], row["setting_high"]
    if pd.isna(low) or pd.isna(high):
        return "words"
    unit = "" if row["unit"] == "0 to 1" else row["unit"]
    return f"{float(low):g} to {float(high):g} {unit}".strip()


def _way(way: float) -> str:
    if abs(way) < 0.1:
        return "neither clearly"
    return "raises" if way > 0.0 else "lowers"


def heat(look: Look) -> Figure:
    """Draw a measure by two settings; the table has each cell and how many points it holds."""
    assert look.pair is not None
    response, (across, down) = look.response, look.pair
    frame = look.heat.assign(words=[words.number(value) for value in look.heat["value"]])
    chart = lab_charts.heat(frame, lab_words.setting(response, across), lab_words.setting(response, down),
                            bool(response.against))  # fmt: skip
    values = frame["value"].to_numpy(dtype=float)
    low, high = frame.iloc[int(values.argmin())], frame.iloc[int(values.argmax())]
    alternative = (
        f"Table of colours: {response.title} by {across} and {down}. Lowest, {low['words']}, at {low['across']} and "
        f"{low['down']}; highest, {high['words']}, at {high['across']} and {high['down']}."
    )
    line = f"{response.title}, {response.unit}, by two settings: mean of the points in each cell. {response.of}"
    rows = [[f"{r['across']}; {r['down']}", r["words"], f"{r['points']}"] for _, r in frame.iterrows()]
    grid = Grid(line, [f"{across}; {down}", "Mean", "Points"], rows)
    return drawn(f"heat-{identity_of(response.measure)}", "Two settings at once", line, chart, alternative, grid)


def pairs(look: Look) -> Figure:
    """Draw every pair or run; the table has where shares of them lie."""
    response = look.response
    values = every(response)["value"].to_numpy(dtype=float)
    told = lab_words.signs(values, response)
    chart, each = lab_charts.pairs(values, bool(response.against), response.unit)
    kind = "pair" if response.against else "run"
    dot = f"one dot for {'up to ' if each > 1 else ''}{words.count(each, kind)}"
    line = f"{response.title}, {response.unit}: {dot}. {response.of}"
    shares = (0.0, 0.025, 0.25, 0.5, 0.75, 0.975, 1.0)
    heads = ("Lowest", "2.5% lie below", "A quarter lie below", "Half lie below", "Three quarters lie below",
             "97.5% lie below", "Highest")  # fmt: skip
    ends = pd.Series(values).quantile(shares)
    rows = [[head, words.number(float(value))] for head, value in zip(heads, ends, strict=True)]
    return drawn(
        f"pairs-{identity_of(response.measure)}",
        f"Every {kind}",
        line,
        chart,
        f"Stacked dots. {told}",
        Grid(line, [f"Of the {kind}s", response.unit or "value"], rows),
    )


def bend(look: Look, tip: Tip) -> Figure:
    """Draw a measure over one setting, with its fitted lines."""
    response = look.response
    told = lab_words.bend(tip, response)
    bent = tip.verdict in (BENDS, TURNS)
    chart = lab_charts.bend(tip.curve, tip.levels, lab_words.setting(response, tip.setting),
                            (tip.at, tip.low, tip.high) if bent else None)  # fmt: skip
    line = f"{response.title}, {response.unit}, over {tip.setting}: dots are means, lines the fit. {response.of}"
    rows = [[words.number(float(r["setting"])), words.number(float(r["value"]))] for _, r in tip.levels.iterrows()]
    title = f"{tip.setting}: {tip.verdict if bent else 'changes sign'}"
    grid = Grid(line, [tip.setting, "Mean"], rows)
    identity = f"bend-{identity_of(response.measure)}-{tip.setting.replace('.', '-').replace('_', '-')}"
    return drawn(identity, title, line, chart, f"A line over a setting. {told}", grid)
