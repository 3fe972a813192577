"""The commands about statutory returns: extract writes a run as returns, area from-returns reads an authority's own.

They are added to the command line in `cli`.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from familyabm import __version__
from familyabm.cli_studies import Json, Scale, Seed, Sets, Shocks
from familyabm.console import progress, records, show, write_text
from familyabm.errors import InputError

area = typer.Typer(no_args_is_help=True, help="An authority of one's own: from its own returns to an area file.")
CHECK = "check"


def extract(
    place: Annotated[
        str, typer.Argument(metavar="AREA", help="An authority by name or code, or a .toml or .csv file; or: check.")
    ],
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="With check: the folder to check.")] = None,
    shape: Annotated[str, typer.Option(help="ssda903, cin-census or annex-a.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the extract: empty, or one that holds one.")] = None,
    scenario: Annotated[str, typer.Option(help="A scenario by name, or a .toml file.")] = "status-quo",
    shock: Shocks = None, sets: Sets = None,
    years: Annotated[int, typer.Option(help="Years to return.")] = 3,
    ending: Annotated[int, typer.Option(help="The year in which the last of them ends, on 31 March.")] = 2025,
    run: Annotated[int, typer.Option(help="Which luck, from 1.")] = 1, seed: Seed = 1, scale: Scale = 1.0,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Write a run as synthetic statutory returns; `extract check DIR` checks the codes and dates of any returns."""
    if place == CHECK:
        check(folder, as_json)
        return
    from familyabm import levers, simulation, worlds
    from familyabm.cli import past_of
    from familyabm.returns import histories, shapes, watching, writing

    if folder is not None:
        raise InputError(f"{str(folder)!r} is one word too many; only 'extract check DIR' takes a folder so.")
    shapes.check(shape)
    worlds.check_run(years, 1)
    simulation.check_whole("ending", ending, 2010, 2090)
    if out is None:
        raise InputError("--out DIR is needed: an extract is a folder of files.")
    writing.check_room(out)
    world = levers.find(scenario).hit_by(shock or [])
    snapshot = past_of(place, sets, seed, scale)
    with progress(world.title, years * 52) as step:
        watched = watching.live(snapshot, world, years * 52, run, step)
    told = histories.histories(watched, ending)
    described = writing.describe(shape, watched.run, told)
    files = writing.write(out, described, told)
    if as_json:
        whole = {"version": __version__, **vars(described), "files": [str(path) for path in files]}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        typer.echo(described.line)
        typer.echo(f"{len(files)} files in {out}; README.md there says what is filled and by which rule.")


def check(folder: Path | None, as_json: bool) -> None:
    """Check every code and date rule of the returns in a folder; exit code 1 if anything was found."""
    from familyabm.returns import checking, reading

    if folder is None:
        raise InputError("extract check needs a folder: extract check DIR.")
    found = checking.check(reading.read(folder))
    table = found.table()
    if as_json:
        typer.echo(json.dumps({"checked": found.counts, "rules": found.rules, "found": records(table)}, indent=1))
    else:
        said = ", ".join(f"{count:,} rows of {name}" for name, count in found.counts.items())
        typer.echo(f"Checked {said} against {found.rules} rules.")
        if len(table):
            show(f"{len(table)} found", table.head(50))
        typer.echo("Nothing found." if not len(table) else f"{len(table)} found; --json lists all.")
    if len(table):
        raise typer.Exit(1)


@area.command("from-returns")
def from_returns(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of SSDA903, census and Annex A files.")],
    place: Annotated[str, typer.Option("--area", help="The authority whose returns they are, by name or code.")],
    children: Annotated[
        int | None, typer.Option(help="Children aged 0-17 of whom they tell, if not all the authority's.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="The year to read, by its end; the last one by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="The area file; outcomes go beside it as -outcomes.csv.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Aggregate an authority's own returns, on this machine, to an area file and outcomes for run, fit and validate."""
    import pandas as pd

    from familyabm import simulation
    from familyabm.returns import own_area, reading
    from familyabm.truth.outcomes import OUTCOMES

    authority = own_area.named(place)
    if children is not None:
        simulation.check_whole("children", children, 100, 2_000_000)
    told = own_area.own(reading.read(folder), authority, children, year)
    path = out or own_area.default_path(authority)
    beside = path.with_name(f"{path.stem}-outcomes.csv")
    write_text(own_area.area_text(told), path)
    write_text(own_area.outcomes_text(told), beside)
    rows = [
        {"outcome": OUTCOMES[name].title, "unit": OUTCOMES[name].unit, "value": "c" if value is None else value}
        for name, value in told.outcomes.items()
    ]
    if as_json:
        whole = {
            "version": __version__, "area": authority.la_name, "year": told.year, "children": told.children,
            "tables": told.tables, "outcomes": told.outcomes, "fields": told.fields, "files": [str(path), str(beside)],
        }  # fmt: skip
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    show(f"{authority.la_name}, year ending 31 March {told.year}, of {told.children:,} children", pd.DataFrame(rows))
    typer.echo("c: suppressed, as it would tell of one to five children. Nothing about single children was written.")
    typer.echo(f"Next: familyabm fit {path} --outcomes {beside}")
