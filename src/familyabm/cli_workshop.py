"""`familyabm workshop`: serve a room, live a room's file again as a study, and list what each option does."""

from pathlib import Path
from typing import Annotated

import typer

from familyabm.console import report, say

workshop = typer.Typer(help="Run a workshop for a room of people, and what belongs to it.", no_args_is_help=False)


@workshop.callback(invoke_without_command=True)
def room(
    context: typer.Context,
    area: Annotated[str, typer.Option(help="The area that the room's town is like.")] = "Wakefield",
    minutes: Annotated[int, typer.Option(help="60, 90 or 120.")] = 90,
    host: Annotated[str, typer.Option(help="0.0.0.0: this computer's network; 127.0.0.1: itself alone.")] = "0.0.0.0",
    port: Annotated[int, typer.Option(help="Where the pages are served.")] = 8760,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the facilitator's view.")] = True,
    new: Annotated[bool, typer.Option(help="Begin a new workshop even if there is one to go on with.")] = False,
    families: Annotated[int, typer.Option(help="Families in the room's town.")] = 3000,
    address: Annotated[str, typer.Option(help="What phones are told to open, if it is not the one found.")] = "",
    folder: Annotated[Path | None, typer.Option(help="Where rooms are kept; by default the user's cache.")] = None,
) -> None:  # fmt: skip
    """Serve a workshop: phones join by code, the facilitator leads, one screen is shared. It needs no internet."""
    if context.invoked_subcommand is not None:
        return
    from familyabm.cli_app import home_of, pages
    from familyabm.lab.execute import compile_first

    home = home_of(folder, port)
    server = pages("workshop.server")
    compile_first(say)
    server.serve(server.Start(area, minutes, families), host, port, browser, home, new, address)


@workshop.command()
def study(
    file: Annotated[Path, typer.Argument(help="A room's file, as the facilitator's view gives it.")],
    out: Annotated[Path, typer.Option(help="The folder that the study is written into.")] = Path("workshop-study"),
    lucks: Annotated[int, typer.Option(help="Lucks that each world is lived with.")] = 20,
) -> None:  # fmt: skip
    """Write a room's decade as a study of the lab, to be run with `familyabm study run`."""
    from familyabm.simulation import check_whole
    from familyabm.workshop import files
    from familyabm.workshop import study as studies

    check_whole("--lucks", lucks, 1, 1000)
    path = studies.write(files.load(file), out, lucks)
    typer.echo(f"familyabm study run {path}")


@workshop.command()
def options(
    measure: Annotated[bool, typer.Option(help="Live each option for a year and show what it moves.")] = False,
    area: Annotated[str, typer.Option(help="The area that the town is like.")] = "Wakefield",
    families: Annotated[int, typer.Option(help="Families in the town.")] = 3000,
    lucks: Annotated[int, typer.Option(help="Lucks that each option is lived with.")] = 8,
    json: Annotated[bool, typer.Option(help="Print JSON.")] = False,
) -> None:  # fmt: skip
    """List every option: what it costs the team, what it changes in the model and, measured, what that moves."""
    from familyabm.simulation import check_whole
    from familyabm.workshop import effects

    check_whole("--families", families, 500, 20_000)
    check_whole("--lucks", lucks, 1, 100)
    table = effects.measured(area, families, lucks) if measure else effects.listed()
    report(table, "Options of the workshop", json)
