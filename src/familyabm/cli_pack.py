"""The commands for trainers besides the lessons: check this computer, and print the facilitator pack."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from familyabm import __version__
from familyabm.cli_lessons import TOWN, Area
from familyabm.cli_studies import Json, Seed
from familyabm.console import say
from familyabm.errors import InputError


def workshop_check(
    area: Area = TOWN,
    port: Annotated[int, typer.Option(help="Where the workshop would be served.")] = 8760,
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
            typer.echo(f"{ready.WORDS[check.verdict]}: {check.title}. {check.said} {check.help}".rstrip())
        typer.echo(
            "The page /workshop/check of “familyabm app --host 0.0.0.0” looks at the screen, a phone and the printer."
        )
    if ready.worst(found) == ready.NO:
        raise typer.Exit(1)


def pack(
    area: Area = TOWN,
    minutes: Annotated[int, typer.Option(help="60, 90 or 120; 0 writes a pack for each.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the pack.")] = Path("results/pack"),
    families: Annotated[int, typer.Option(help="Families of the town.")] = 3000,
    lucks: Annotated[int, typer.Option(help="Lucks in which every world of the paper tables is lived.")] = 8,
    seed: Seed = 1,
) -> None:  # fmt: skip
    """Write the facilitator pack: run sheet, script, slips, cards, paper tables; web page, Word and plain text."""
    from familyabm import areas, compiled, simulation
    from familyabm.console import check_folder, progress
    from familyabm.workshop import pack as pages
    from familyabm.workshop import paper, paper_files
    from familyabm.workshop.choices import LENGTHS

    if minutes not in (0, *LENGTHS):
        raise InputError(f"--minutes {minutes} is not accepted; {', '.join(map(str, LENGTHS))} or 0 is.")
    simulation.check_whole("lucks", lucks, 6, 100)
    simulation.check_whole("families", families, 500, 20_000)
    place = areas.find(area)
    check_folder(out)
    if not compiled.compiled_before():
        say("Compiling the rules, once on this machine: a minute or two.")
    snapshot = paper.past_of(place, families, seed)
    with progress("Town-lives for the paper tables", paper.n_lives(lucks)) as step:
        found = paper_files.kept_or_lived(out, snapshot, lucks, lambda finished, asked: step())
    for length in (minutes,) if minutes else LENGTHS:
        for path in pages.write(found, length, out):
            say(f"Written: {path}")
