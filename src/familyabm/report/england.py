"""The national page: England in two worlds, the spread across its authorities, and a league that ranks no luck.

Nothing here reads a clock or the machine: the same study gives the same page, byte for byte.
"""

import shlex
from csv import QUOTE_NONNUMERIC
from pathlib import Path
from typing import Any

import pandas as pd

from familyabm import lives, measures, simulation
from familyabm.areas import ATTRIBUTION
from familyabm.errors import InputError
from familyabm.lab.england import FEWEST_YEARS, SIDES, England
from familyabm.parameters import DEFAULT
from familyabm.report import england_figures, england_words, page, words
from familyabm.report.study import Section, Study
from familyabm.worlds import STATUS_LINE
from familyabm.writing import write_whole

TRENDS = ("looked_after", "care_starts", "failure_demand", "spend")
ACROSS = ("looked_after", "failure_demand", "harm", "spend")
"""Measures whose differences between authorities are told."""
DRAWN = ("failure_demand", "harm")
"""Those of them that have no league, and so a picture of their own."""
LEAGUES = (("looked_after", "a"), ("looked_after", "difference"), ("spend", "difference"))
"""Which measures have a league on the page; the CSV file has all."""


def write(found: England, folder: Path, command: str) -> Path:
    """Write index.html and the CSV files of England into a folder; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in frames(found).items():
        write_whole(folder / name, _csv(frame, found).encode("utf-8-sig"))
    write_whole(folder / "index.html", html(found, command).encode())
    return folder / "index.html"


def frames(found: England) -> dict[str, pd.DataFrame]:
    """Return the figures behind the page by file name; there is no league.csv where a league is refused."""
    england = found.table.assign(title=[lives.title(name) for name in found.table["measure"]])
    whole = {
        "england.csv": england.assign(unit=[lives.unit(name) for name in england["measure"]]),
        "by_year.csv": found.trends, "lucks.csv": found.national, "authorities.csv": _with_codes(found),
    }  # fmt: skip
    try:
        found.check_league()
    except InputError:
        return whole
    every = [
        found.league(name, side).assign(measure=name, of=england_words.SIDES[side])
        for name in found.study.measures
        for side in SIDES
    ]
    return whole | {"league.csv": pd.concat(every)}


def _with_codes(found: England) -> pd.DataFrame:
    rows = [(area.la_name, area.la_code, area.region, area.children_0_17) for area in found.counted]
    codes = pd.DataFrame(rows, columns=["area", "la_code", "region", "children_0_17"])
    return codes.merge(found.authorities, on="area", how="right", sort=False)


def _csv(frame: pd.DataFrame, found: England) -> str:
    a, b = (world.name for world in found.study.worlds)
    of = {"world_a": a, "world_b": b, "address": found.results.store.id, "status": STATUS_LINE}
    return frame.assign(**of).map(page._safe).to_csv(index=False, lineterminator="\n", quoting=QUOTE_NONNUMERIC)


def html(found: England, command: str) -> str:
    """Return the whole page as text."""
    study = found.study
    told = Study(england_words.title(found), sections(found), _settings(found), command)
    return page.environment().get_template("england.html.j2").render(
        study=told, places=england_words.place(found), a=study.worlds[0], b=study.worlds[1], status=STATUS_LINE,
        version=simulation.VERSION, data_years=page.data_years(), attribution=ATTRIBUTION,
        changes=page.changes(study.parameters, *study.worlds),
    )  # fmt: skip


def sections(found: England) -> list[Section]:
    """Return the page's parts in their order."""
    told = england_words.findings(found)
    shown = [england_words.opening(found), england_words.covered(found), *england_words.left_out(found)]
    return [
        Section("england", england_words.name(found), shown, [words.sentence(one) for one in told.values()],
                grids=england_figures.totals(found)),
        Section("sure", "How sure this is", [], [
            england_words.WEIGHTED, england_words.NO_JUDGEMENT, *filter(None, [england_words.size_of_luck(found)]),
        ], terms=england_words.sure(), grids=[england_figures.sure(found)]),
        Section("years", "Over the years", figures=[england_figures.trend(found, name) for name in TRENDS]),
        Section("across", "Across authorities", [england_words.NO_JUDGEMENT],
                [england_words.across(found, name) for name in ACROSS],
                figures=[england_figures.ranges(found, name) for name in DRAWN]),
        _league(found),
    ]  # fmt: skip


def _league(found: England) -> Section:
    """Return the league, or the sentence that refuses it."""
    try:
        found.check_league()
    except InputError as refusal:
        return Section("league", "League", [str(refusal)])
    said = [england_words.OVERLAP] + [
        england_words.league(found.league(name, side), name, side, england_words.within(found))
        for name, side in LEAGUES
    ]
    text = [
        f"Means over {words.count(found.study.years, 'year')}, each with its range over "
        f"{words.count(found.lucks, 'luck')}; a league of fewer than {FEWEST_YEARS} years is refused."
    ]
    figures = [england_figures.league(found, name, side) for name, side in LEAGUES]
    return Section("league", "League, as far as luck allows one", text, said, figures=figures)


def _settings(found: England) -> list[tuple[str, str]]:
    study = found.study
    a, b = study.worlds
    filled = [area.la_name for area in found.counted if area.filled]
    return [
        ("Areas", england_words.covered(found)),
        ("Figures filled in", f"{len(filled)} authorities have figures from similar ones: {'; '.join(filled)}."
         if filled else "None: every figure is the authority's own."),
        ("World A", f"{a.title} ({a.name}). {a.description}"), ("World B", f"{b.title} ({b.name}). {b.description}"),
        ("Size of the model", f"{100.0 * study.scale:,.4g}% of each authority's families"),
        ("Years and lucks", f"{words.count(study.years, 'year')}, {words.count(found.lucks, 'luck')}"),
        ("Luck number (seed)", f"{study.seeds[0]}"), ("Measures", "; ".join(
            f"{measures.MEASURES[name].title.code} {lives.title(name)}" for name in study.measures)),
        ("Version", f"familyabm {simulation.VERSION}"), ("Address", found.results.store.id),
    ]  # fmt: skip


def command_of(found: England, given: dict[str, Any]) -> str:
    """Return the command that makes a study of England again."""
    study = found.study
    sets = [word for name, value in study.settings.items() if value != DEFAULT[name]
            for word in ("--set", f"{name}={value!r}")]  # fmt: skip
    parts = [word for name in ("only", "shock") for value in given.get(name, ()) for word in (f"--{name}", value)]
    return shlex.join(
        ["familyabm", "england", "--a", given["a"], "--b", given["b"], "--years", f"{study.years}", "--runs",
         f"{found.lucks}", "--seed", f"{study.seeds[0]}", "--scale", f"{study.scale:g}", *parts, *sets]
    )  # fmt: skip
