"""The commands for trainers besides the lessons: check this computer, and print the facilitator pack."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from familyabm import __version__
from familyabm.cli_lessons import TOWN, Area
from familyabm.cli_studies import Json
from familyabm.console import say


def workshop_check(
    area: Area = TOWN,
    port: Annotated[int, typer.Option(help="Where the pages would be served.")] = 8750,
    host: Annotated[str, typer.Option(help="127.0.0.1: this computer; 0.0.0.0: its network too.")] = "0.0.0.0",
    folder: Annotated[Path | None, typer.Option(help="Where results are kept; by default the user's cache.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Check that this computer is ready for a workshop. Nothing is sent anywhere."""
    from familyabm import compiled
    from familyabm.workshop import ready

    home = folder or compiled.cache_folder().parent / "app"
    found = ready.checks(area, host, port, home)
    if compiled.compiled_before():
        say("Measuring one year of the town.")
        found.append(ready.speed(area))
    if as_json:
        whole = {"version": __version__, "worst": ready.worst(found), "checks": [asdict(check) for check in found]}
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        for check in found:
            typer.echo(
                f"{ready.WORDS[check.verdict]}: {check.title}. {check.said}{f' {check.help}' if check.help else ''}"
            )
        typer.echo("In the browser, /workshop/check looks at the screen, the phones and the printer.")
    if ready.worst(found) == ready.NO:
        raise typer.Exit(1)
