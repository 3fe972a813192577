"""The commands that list what there is: areas, scenarios, parameters, measures, and what the model covers."""

import json
from pathlib import Path
from typing import Annotated

import typer

from familyabm.console import matching, report, say

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Search = Annotated[str, typer.Option(help="Show only rows that contain this text.")]


def areas(search: Search = "", as_json: Json = False) -> None:
    """List the local authorities of England and their published figures."""
    from familyabm import areas as places

    frame = places.search(search) if search else places.table()
    if not as_json:
        typer.echo(places.ATTRIBUTION)
        frame = frame[["la_code", "la_name", "region", "children_0_17", "imd2019_score", "child_poverty_pct",
                       "social_workers_fte", "spend_total_gbp"]]  # fmt: skip
    report(frame, f"{len(frame)} local authorities", as_json)


def scenarios(
    name: Annotated[str, typer.Argument(help="Show one in full: a name, or a .toml file.")] = "", as_json: Json = False
) -> None:  # fmt: skip
    """List the scenarios that come with the package, or show one in full."""
    import pandas as pd

    from familyabm import levers, scenario_card

    if name:
        world = levers.find(name)
        if as_json:
            typer.echo(json.dumps(scenario_card.card(world), ensure_ascii=False, indent=1))
        else:
            scenario_card.show_card(world)
        return
    found = [levers.find(name) for name in levers.names()]
    rows = [(s.code, s.name, s.title, s.description, s.expect, s.surprise) for s in found]
    frame = pd.DataFrame(rows, columns=["code", "name", "title", "description", "expect", "surprise"])
    report(frame if as_json else frame[["code", "name", "title", "description"]], "Scenarios", as_json)


def parameters(
    search: Search = "", csv: Annotated[Path | None, typer.Option(help="Write them to this file.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """List every number of the model: value, unit, plausible range, grade, source and meaning."""
    import pandas as pd

    from familyabm.parameters import REGISTER

    frame = matching(pd.DataFrame([vars(parameter) for parameter in REGISTER.values()]), search)
    shown = frame if as_json or csv else frame[["address", "value", "unit", "low", "high", "grade", "meaning"]]
    if not as_json and csv is None:
        shown = shown.assign(**{column: shown[column].map("{:g}".format) for column in ("value", "low", "high")})
    report(shown, f"{len(frame)} parameters", as_json, csv)


def measures(search: Search = "", as_json: Json = False) -> None:
    """List every measure with its definition."""
    from familyabm import measures as all_measures

    frame = matching(all_measures.catalogue(), search)
    report(
        frame if as_json else frame[["code", "title", "unit", "definition"]],
        f"{len(frame)} measures",
        as_json,
    )


def coverage(
    write: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None, as_json: Json = False
) -> None:
    """Show where each line of the model's two sources lives: process, rule, measure, scenario and test."""
    from familyabm import coverage as register

    if write is not None:
        register.write(write)
        say(f"Written: {write}")
    elif as_json:
        typer.echo(json.dumps(register.as_records(), ensure_ascii=False, indent=1))
    else:
        typer.echo(register.page(), nl=False)
