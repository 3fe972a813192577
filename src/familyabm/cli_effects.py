"""The command that replays published studies and puts what was found of them beside what the model makes of them.

It is added to the command line in `cli`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from familyabm.cli_studies import Json, Seed, Sets
from familyabm.console import check_folder, progress, report, say, show
from familyabm.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from familyabm.truth.effects_run import Replayed

Names = Annotated[list[str] | None, typer.Argument(help="Effects by name, or .toml files; by default all.")]
Runs = Annotated[int, typer.Option(help="Lucks; each lives every world needed, with families of its own.")]
Scale = Annotated[float, typer.Option(help="Share of the authority; everything stays in proportion.")]


def effects(
    names: Names = None, area: Annotated[str, typer.Option(help="A local authority, or England.")] = "England",
    runs: Runs = 20, seed: Seed = 1, scale: Scale = 0.25, sets: Sets = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the page, its CSV and JSON files.")] = None,
    workers: Annotated[int, typer.Option(help="Threads; 0 takes one per core.")] = 0,
    listed: Annotated[bool, typer.Option("--list", help="List the effects and stop.")] = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Replay published studies: what was done to whom, and what was found beside what the model makes of it."""
    from familyabm.cli import past_of
    from familyabm.report import effects as pages
    from familyabm.truth import effects as told
    from familyabm.truth import effects_run

    if listed:
        report(_catalogue(), "Published effects that can be replayed", as_json)
        return
    wanted = told.chosen(names or [])
    check_folder(out)
    if not 0 <= workers <= 64:
        raise InputError(f"--workers {workers} is not accepted; 0 to 64 is.")
    snapshot = past_of(area, sets, seed, scale)
    worlds = len(effects_run.worlds_of(wanted))
    with progress("Lives", worlds * runs) as step:
        last = 0

        def done(lived: int, asked: int) -> None:
            nonlocal last
            step(lived - last)
            last = lived

        found = effects_run.replay(snapshot, wanted, runs, workers or None, done)
    if len(found.lucks) < runs:
        say(f"Stopped: {len(found.lucks)} of {runs} lucks had finished in every world and are kept.")
    command = pages.command_of(found, names or [])
    where = _page(found, out, command)
    if as_json:
        typer.echo(json.dumps(pages.as_json(found, command), ensure_ascii=False, indent=1))
    else:
        _tell(found)
    if where is not None:
        say(f"Page: {where}")
    if len(found.lucks) < runs:
        raise typer.Exit(1)


def _catalogue() -> "pd.DataFrame":
    import pandas as pd

    from familyabm.truth import effects as told

    rows = [
        (effect.name, effect.title, effect.design, ", ".join(dict.fromkeys(one.code for one in effect.outcomes)))
        for effect in told.catalogue().values()
    ]
    return pd.DataFrame(rows, columns=["name", "title", "design", "rows of evidence"])


def _page(found: "Replayed", out: Path | None, command: str) -> Path | None:
    from familyabm.report import effects as pages

    if out is None:
        return None
    try:
        return pages.write(found, out, command)
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None


def _tell(found: "Replayed") -> None:
    """Print each effect as lines of text, what counts against the model first."""
    import pandas as pd

    from familyabm.report import effects as pages
    from familyabm.truth import effects_judge
    from familyabm.worlds import STATUS_LINE

    typer.echo(STATUS_LINE)
    typer.echo(f"{pages.count(found)} ({found.snapshot.area.la_name}, scale {found.snapshot.scale:g}, "
               f"{len(found.lucks)} lucks, seed {found.snapshot.seed}).")  # fmt: skip
    for effect, measured in effects_judge.in_order(found):
        rows = [[cell.split(" (")[0] if place == 2 else cell for place, cell in enumerate(pages.cells(one))]
                for one in measured]  # fmt: skip
        frame = pd.DataFrame(rows, columns=list(pages.HEADS))
        frame.insert(1, "Unit", [one.outcome.unit for one in measured])
        show(f"{effect.name}: {effect.title} ({effect.design})", frame)
        for lacks in dict.fromkeys(filter(None, map(pages.missing, measured))):
            typer.echo(f"Missing: {lacks}")
    typer.echo(f"Address {found.address[:16]}")
