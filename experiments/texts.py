"""Sentences and tables whose numbers come from a study's summary, and the page that shows all studies."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from experiments.catalogue import SHOWS, SHOWS_NOT, Experiment
from experiments.figures import spread
from familyabm import lives, simulation, worlds
from familyabm.areas import ATTRIBUTION
from familyabm.lab.study import Study
from familyabm.report import words
from familyabm.worlds import STATUS_LINE

HEAD = "<!-- Made by `make experiments`; do not edit. -->\n\n# Experiments\n\n"
RANGES = (
    "A range holds 95 of 100 of the lucks lived, whose number stands under each table; that of a few lucks is too "
    "narrow. What the model leaves out, and settings that nobody knows, are in no range; every "
    "number is one made-up authority's. A difference whose range includes zero could be luck. Each experiment was "
    "lived with the settings that its address names; what has moved since is under Results in the changelog."
)


@dataclass(frozen=True)
class Done:
    """An experiment that has been run: what was lived, its address, and its summary."""

    experiment: Experiment
    study: Study
    address: str
    table: pd.DataFrame
    left_out: int
    """Runs that failed or are not lived yet."""


def said(done: Done) -> list[str]:
    """Return a sentence for each measure, after a warning where nothing can be told from luck."""
    lucks = len(done.study.lucks)
    few = f"{words.count(lucks, 'luck is', 'lucks are')} too few to tell any of these differences from luck."
    tell = {"steps": _ends, "heat": _ends, "years": _last_year, "effects": _largest}[done.experiment.sketch.kind]
    told = [tell(done, measure, done.table[done.table["measure"] == measure]) for measure in _measures(done)]
    return [few, *told] if lucks < worlds.FEWEST_PAIRS else told


def _measures(done: Done) -> tuple[str, ...]:
    return done.experiment.sketch.measures


def _ends(done: Done, measure: str, rows: pd.DataFrame) -> str:
    """Say where a measure stood at the reference, and its lowest and highest difference from it."""
    reference = done.experiment.sketch.reference
    base, rest = rows.iloc[reference], rows.drop(index=rows.index[reference])
    shown = rest.loc[list(dict.fromkeys([rest["mean"].idxmin(), rest["mean"].idxmax()]))]
    parts = [f"{_difference(row)} at {_quoted(row['at'])}" for _, row in shown.iterrows()]
    level = words.amount(float(base["level"]), lives.unit(measure))
    return f"{_name(measure)}: {level} at {_quoted(base['at'])}; lowest, {'; highest, '.join(parts)}."


def _last_year(done: Done, measure: str, rows: pd.DataFrame) -> str:
    """Say what each world comes to against the other in the last year."""
    last = rows[rows["at"].astype(int) == rows["at"].astype(int).max()]
    parts = [f"{_worlds(done, str(row['what']))}, {_difference(row)}" for _, row in last.iterrows()]
    return f"{_name(measure)}, in year {last['at'].iloc[0]}: {'; '.join(parts)}."


def _worlds(done: Done, what: str) -> str:
    one, _, other = what.partition(" less ")
    return f"{_quoted(done.study.world(one).title)} less {_quoted(done.study.world(other).title)}"


def _quoted(text: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def _largest(done: Done, measure: str, rows: pd.DataFrame) -> str:
    """Say which lever does most alone, and which two do most together."""
    told = []
    for what, words_ in (("alone", "most of one alone"), ("together", "most of two only together")):
        part = rows[rows["what"] == what]
        row = part.iloc[int(part["mean"].abs().argmax())]
        told.append(f"{words_}, {_quoted(row['at'])}, {_difference(row)}")
    return f"{_name(measure)}: {'; '.join(told)}."


def _name(measure: str) -> str:
    return f"{lives.title(measure)} ({lives.unit(measure)})"


def _difference(row: pd.Series) -> str:
    """Write a difference with its range, and what may not be read into it."""
    mean, low, high = (float(row[name]) for name in ("mean", "low", "high"))
    if not math.isfinite(mean):
        return "not known"
    text = spread(mean, low, high)
    if low == high == 0.0:
        return "no difference"
    could = low <= 0.0 <= high and int(row["lucks"]) >= worlds.FEWEST_PAIRS
    return f"{text}, which could be luck" if could else text


def markdown(done: Done) -> str:
    """Return the summary as a table: what each difference is of stands over its column."""
    yearly = done.experiment.sketch.kind == "years"
    heads = [_worlds(done, kind) for kind in dict.fromkeys(done.table["what"])] if yearly else ["Difference (range)"]
    rule = ["---", "---", *["---:"] * len(heads)]
    lines = [_line(["Measure", "Year" if yearly else "At", *heads]), _line(rule)]
    for (measure, at), rows in done.table.groupby(["measure", "at"], sort=False):
        lines.append(_line([_name(str(measure)), str(at), *(_cell(row) for _, row in rows.iterrows())]))
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(row: pd.Series) -> str:
    return spread(*(float(row[name]) for name in ("mean", "low", "high"))) if int(row["lucks"]) else "not known"


def section(done: Done, figure: str) -> str:
    """Return one experiment's part of the page. figure: its picture, as seen from the page."""
    one = done.experiment
    alternative = f"{one.study.title}: charts of {'; '.join(lives.title(m).lower() for m in _measures(done))}"
    parts = [
        f"## {one.study.title}", one.study.question, f"![{alternative}]({figure})",
        "\n".join(f"- {told}" for told in said(done)),
        f"<details><summary>The same as a table</summary>\n\n{markdown(done)}\n\n</details>",
        f"**{SHOWS.removeprefix('## ')}.** {one.prose(SHOWS)}",
        f"**{SHOWS_NOT.removeprefix('## ')}.** {one.prose(SHOWS_NOT)}", _sizes(done), f"```\n{one.command}\n```",
    ]  # fmt: skip
    return "\n\n".join(parts)


def _sizes(done: Done) -> str:
    study = done.study
    places = ", ".join(area.la_name for area in study.areas)
    size = (
        f"{places}, {100.0 * study.scale:,.4g}% of its families, {words.count(study.years, 'year')}, "
        f"{words.count(len(study.lucks), 'luck')}, {words.count(len(study.points), 'point')}, "
        f"{words.count(len(study.worlds), 'world')}. familyabm {simulation.VERSION}, address `{done.address}`."
    )
    whole = done.experiment.study
    at_full_size = (study.lucks, study.years, study.scale) == (whole.lucks, whole.years, whole.scale)
    short = "" if at_full_size else " This is a short run of it; the command runs it at full size."
    lost = (
        f" {words.count(done.left_out, 'run failed and is', 'runs failed and are')} left out." if done.left_out else ""
    )
    return f"{size}{short}{lost}"


def page(every: Iterable[Done], figures: dict[str, str]) -> str:
    """Return the page of all experiments. figures: each one's picture by name, as seen from the page."""
    opening = (
        f"**{STATUS_LINE}** {RANGES} `make experiments` runs them all at small size, `make experiments FULL=1` as here."
    )
    sections = [section(done, figures[done.experiment.name]) for done in every]
    return f"{HEAD}{opening}\n\n" + "\n\n".join(sections) + f"\n\n{ATTRIBUTION}\n"


def write(path: Path, text: str) -> None:
    """Write a file beside its place and move it there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
