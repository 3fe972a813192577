"""The page a person takes to a committee: one HTML file that needs nothing else, and CSV files.

Nothing here reads a clock or the machine: the same comparison gives the same page, byte for byte.
"""

import re
import shlex
from csv import QUOTE_NONNUMERIC
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from familyabm import simulation, takeouts
from familyabm.areas import ATTRIBUTION, FIELDS
from familyabm.levers import LEVER_TITLES, Scenario
from familyabm.parameters import Parameters
from familyabm.report import story, words
from familyabm.report import sure as how_sure
from familyabm.report.figures import Grid, Pictures, records
from familyabm.report.labels import HEADLINES, SUBJECTS
from familyabm.report.words import Finding, amount, sentence
from familyabm.truth.sureness import Sure
from familyabm.worlds import STATUS_LINE, Comparison
from familyabm.writing import write_whole

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""First characters that make a spreadsheet take text for a formula."""
COSTS = ("spend_levers", "spend_early_help", "spend_partners", "early_help_wait")


def write(comparison: Comparison, folder: Path, sure: Sure | None = None) -> Path:
    """Write index.html and the CSV files of a comparison into a folder, each whole or not at all.

    sure: how sure it is, if more was tried than its own pairs.  Returns the page's path.  The folder is made if
    need be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = sure or Sure(comparison)
    page = html(comparison, known)
    for name, frame in frames(comparison, known).items():
        write_whole(folder / name, csv(frame, comparison).encode("utf-8-sig"))
    write_whole(folder / "index.html", page.encode())
    return folder / "index.html"


def frames(comparison: Comparison, sure: Sure | None = None) -> dict[str, pd.DataFrame]:
    """Return the figures behind the page by file name, with plain columns."""
    known = sure or Sure(comparison)
    return {
        "sure.csv": known.table.reset_index(),
        "measures.csv": comparison.table.reset_index(),
        "by_year.csv": comparison.trends,
        "pairs.csv": comparison.by_pair,
        "avoidable.csv": comparison.avoidable.reset_index(),
    }


def csv(frame: pd.DataFrame, comparison: Comparison) -> str:
    """Write a frame as CSV that says what it is of and that no spreadsheet takes for formulas."""
    of = {
        "area": comparison.area.la_name,
        "world_a": comparison.a.name,
        "world_b": comparison.b.name,
        "address": comparison.address,
        "status": STATUS_LINE,
    }
    return frame.assign(**of).map(_safe).to_csv(index=False, lineterminator="\n", quoting=QUOTE_NONNUMERIC)


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def html(comparison: Comparison, sure: Sure | None = None) -> str:
    """Return the whole page as text; the first pair is lived once more, for one family's story."""
    shown = context(comparison, Pictures(comparison), sure)
    return environment().get_template("page.html.j2").render(**shown, story=story.tell(comparison))


def headlines(comparison: Comparison, pictures: Pictures, sure: Sure | None = None) -> dict[str, Any]:
    """Return the headline figures of a comparison, for the template of its cards."""
    known = sure or Sure(comparison)
    cards = [_card(pictures.findings[name], how_sure.apart(known, pictures.findings[name])) for name in HEADLINES]
    return {"comparison": comparison, "pictures": pictures, "cards": cards}


def summary(comparison: Comparison, pictures: Pictures, sure: Sure | None = None) -> dict[str, Any]:
    """Return what may be said of a comparison, for the template of its summary."""
    found, known = pictures.findings, sure or Sure(comparison)
    return headlines(comparison, pictures, known) | {
        "opening": opening(comparison), "summary": [sentence(found[name]) for name in HEADLINES],
        "costs": _costs(comparison, found), "worse": _worse(found), "sure": how_sure.said(known),
        "how_sure": how_sure.grid(known),
    }  # fmt: skip


def context(comparison: Comparison, pictures: Pictures, sure: Sure | None = None) -> dict[str, Any]:
    """Return what the templates of a comparison show, but for one family's story."""
    return summary(comparison, pictures, sure) | {
        "area": comparison.area, "a": comparison.a, "b": comparison.b, "status": STATUS_LINE,
        "version": simulation.VERSION, "data_years": data_years(), "title": _title(comparison),
        "avoidable": pictures.avoidable(), "floor": _floor(comparison), "settings": _settings(comparison),
        "levers": _levers(comparison), "command": command(comparison), "sources": _sources(),
        "changes": changes(comparison.snapshot.parameters, comparison.a, comparison.b), "attribution": ATTRIBUTION,
    }  # fmt: skip


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates of reports."""
    return Environment(
        loader=PackageLoader("familyabm.report"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _title(comparison: Comparison) -> str:
    return f"{comparison.area.la_name}: two ways of working with families"


def data_years() -> str:
    """Return the span of years that the official figures describe; the page bears their date, not today's."""
    years = [int(year) for field in FIELDS for year in re.findall(r"\d{4}", field.year)]
    return f"{min(years)} to {max(years)}"


def opening(comparison: Comparison) -> str:
    """Say in one sentence what was compared."""
    size = "" if comparison.snapshot.scale == 1.0 else f", in a model at {_scaled(comparison)} of the area's size"
    times = "" if comparison.runs == 1 else f", {comparison.runs:,} times over with different luck each time"
    return (
        f"The same made-up families of {comparison.area.la_name} lived "
        f"{words.count(comparison.years, 'year')} in each of two worlds, "
        f"with the same luck in both{times}{size}."
    )


def _scaled(comparison: Comparison) -> str:
    return f"{100.0 * comparison.snapshot.scale:,.3g}%"


def _card(found: Finding, apart: str) -> dict[str, str]:
    """Return one headline figure: what, in which unit, in each world, and what may be said.

    apart: the range of unknown settings, where other settings were tried.
    """
    unit = "% of demand hours" if found.unit.startswith("%") else found.unit
    return {
        "title": SUBJECTS[found.name],
        "unit": unit,
        "tag": found.tag,
        "a": amount(found.a, found.unit),
        "b": amount(found.b, found.unit),
        "span": "" if found.verdict in ("same", "not known") else found.span(),
        "apart": apart,
    }


def _costs(comparison: Comparison, found: dict[str, Finding]) -> list[str]:
    """Say what world B costs, whatever else it does: the levers, early help, partners, waiting, reserves."""
    return [*(sentence(found[name]) for name in COSTS), _reserves(comparison)]


def _worse(found: dict[str, Finding]) -> list[str]:
    """List everything that came out clearly for the worse and is not among the costs above it."""
    return [sentence(f) for name, f in found.items() if f.judgement == "worse" and name not in COSTS]


def _reserves(comparison: Comparison) -> str:
    rows = comparison.trends[comparison.trends["measure"] == "reserves"].sort_values("year")
    last = rows.iloc[-1]
    ends = [f"{_left(float(last[f'{world}_mean']))} in world {world.upper()}" for world in ("a", "b")]
    year = f"{last['year']:.0f}"
    return f"At the end of year {year}, the council's reserves in the model were {' and '.join(ends)}."


def _left(pounds: float) -> str:
    return f"{amount(abs(pounds), '£')} per child {'in deficit' if pounds < 0.0 else 'in hand'}"


def _floor(comparison: Comparison) -> str:
    """Explain the floor with this comparison's own numbers."""
    row = records(comparison.avoidable.loc[["contacts"]])[0]
    fewer, more = words.number(row["floor_avoidable"]), words.number(row["floor_induced"])
    return (
        "Any change, even one that means nothing, stirs up who waits for whom: with a single contact put off "
        f"by a week, some families had fewer contacts ({fewer} per 10,000 children in all) and others more "
        f"({more}). That noise is the floor, and it has been taken off the two columns before it."
    )


def command(comparison: Comparison) -> str:
    """Return the command that makes this page again; a world or an area from a file is named as a file."""
    snapshot, area = comparison.snapshot, comparison.area
    place = area.la_name if area.la_code != "own" else "AREA.toml"
    words_ = [
        "familyabm",
        "compare",
        place,
        "--a",
        comparison.a.name,
        "--b",
        comparison.b.name,
        "--years",
        str(comparison.years),
        "--runs",
        str(comparison.runs),
        "--seed",
        str(snapshot.seed),
        "--scale",
        f"{snapshot.scale:g}",
        *set_words(snapshot.parameters),
    ]
    return shlex.join(words_)


def set_words(parameters: Parameters) -> list[str]:
    """Return the options that set what differs from the model as it comes."""
    changed = {key: value for key, value in parameters.values.items() if value != parameters.register[key].value}
    return [word for key, value in changed.items() for word in ("--set", f"{key}={value!r}")]


def _settings(comparison: Comparison) -> list[tuple[str, str]]:
    """Return what was run, as terms and values."""
    snapshot, area = comparison.snapshot, comparison.area
    finished = f"{comparison.runs:,}"
    if comparison.runs < comparison.asked:
        finished += f" of {comparison.asked:,} asked for; the run was stopped early"
    return [
        (
            "Area",
            f"{area.la_name} ({area.la_code}), {area.region}, {area.children_0_17:,} children aged 0 to 17",
        ),
        ("Figures filled in", area.filled_sentence() or "None: every figure is the area's own."),
        ("World A", f"{comparison.a.title} ({comparison.a.name}). {comparison.a.description}"),
        ("World B", f"{comparison.b.title} ({comparison.b.name}). {comparison.b.description}"),
        ("Size of the model", f"{_scaled(comparison)} of the area's families"),
        ("Years", f"{comparison.years}"),
        ("Pairs of runs", finished),
        ("Luck number (seed)", f"{snapshot.seed}"),
        ("Version", f"familyabm {simulation.VERSION}"),
        ("Address", comparison.address),
    ]


def _levers(comparison: Comparison) -> Grid:
    """Return what policy intends for each lever in both worlds, and how far practice follows at the start."""
    base = {name: comparison.snapshot.parameters[f"base.{name}"] for name in LEVER_TITLES}
    policies = [world.policy(base) for world in (comparison.a, comparison.b)]
    rows = [
        [title, *(f"{100.0 * float(policy[name][0]):.0f}%" for policy in policies)]
        for name, title in LEVER_TITLES.items()
    ]
    start = [f"{100.0 * world.maturity:.0f}%" for world in (comparison.a, comparison.b)]
    rows.append(["Practice already at its aim when the run begins", *start])
    return Grid("How far each lever is meant to be pulled", ["Lever", "World A", "World B"], rows)


def changes(parameters: Parameters, a: Scenario, b: Scenario) -> list[str]:
    """List what differs from the model as it comes: assumptions left out, settings changed, and shocks from outside."""
    values, register = parameters.values, parameters.register
    said = [f"Both worlds, without the assumption: {entry.says}" for entry in takeouts.taken_out(parameters)]
    said += [
        f"Both worlds: {name} is {value:g} {register[name].unit} (usually {register[name].value:g})."
        for name, value in values.items()
        if value != register[name].value
    ]
    for label, world in (("A", a), ("B", b)):
        said += [f"World {label}: {shock.sentence}" for shock in world.shocks]
        said += [f"World {label}: {change.sentence}" for change in world.changes]
        said += _assumed(label, world)
    return said


def _assumed(label: str, world: Scenario) -> list[str]:
    return [f"World {label}: {name} is {value:g}." for name, value in world.parameters.items()]


def _sources() -> list[tuple[str, str]]:
    """Return each source of the official figures once, with the years that its figures describe."""
    years: dict[str, set[str]] = {}
    for field in FIELDS:
        years.setdefault(field.source, set()).add(field.year)
    return [(source, ", ".join(sorted(of))) for source, of in years.items()]
