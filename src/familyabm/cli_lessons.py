"""The commands of the ready lessons. They are added to the command line in `cli`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from familyabm import __version__
from familyabm.cli_studies import Json, Seed
from familyabm.console import check_folder, progress, say
from familyabm.errors import InputError

lesson = typer.Typer(no_args_is_help=True, help="Ready lessons of 10 to 20 minutes, to project from one laptop.")
Name = Annotated[str, typer.Argument(help="A lesson by name; 'familyabm lesson list' shows them.")]
TOWN = "Wakefield"
"""The area where none is named, as in the app."""
Area = Annotated[str, typer.Option(help="A local authority by name or code, or a .toml or .csv file.")]


@lesson.command("list")
def list_(as_json: Json = False) -> None:
    """List the lessons."""
    import pandas as pd

    from familyabm import lessons
    from familyabm.console import report

    rows = [
        {"name": one.name, "title": one.title, "minutes": one.minutes, "question": one.question}
        for one in map(lessons.find, lessons.names())
    ]
    report(pd.DataFrame(rows), "Lessons", as_json)


@lesson.command("show")
def show(name: Name, as_json: Json = False) -> None:
    """Show what a lesson asks, what it expects, and its questions; nothing is run."""
    from familyabm import lessons

    said = card(lessons.find(name))
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{said['title']}: {said['minutes']} minutes\n{said['question']}\n")
    for line in said["says"]:
        typer.echo(line)
    typer.echo(f"\nBet: {said['bet']}")
    for option in said["options"]:
        typer.echo(f"  {option}")
    typer.echo("\nIt shows, and expects:")
    for shown in said["shows"]:
        typer.echo(f"  {shown['title']}: {shown['expects'] or 'nothing in particular'}")
    typer.echo("\nTo talk about:")
    for question in said["debrief"]:
        typer.echo(f"  {question}")


def card(of: Any) -> dict[str, Any]:
    """Return a lesson as JSON can hold it."""
    return {
        "name": of.name, "title": of.title, "minutes": of.minutes, "question": of.question, "a": of.a.name,
        "b": of.b.name, "families": of.families, "years": of.years, "pairs": of.pairs, "says": list(of.says),
        "bet": of.bet.question, "options": [option.says for option in of.bet.options],
        "shows": [
            {"title": shown.title, "measure": shown.measure, "years": list(shown.years), "of": shown.of,
             "expects": shown.expects} for shown in of.shows
        ],
        "debrief": list(of.debrief), "check": of.check, "care": of.care,
    }  # fmt: skip


@lesson.command("run")
def run(
    name: Name, area: Area = TOWN, seed: Seed = 1,
    out: Annotated[Path, typer.Option(help="Folder for the page.")] = Path("results/lessons"), as_json: Json = False,
) -> None:  # fmt: skip
    """Live a lesson's worlds and write its page: one file that needs nothing else."""
    from familyabm import areas, compiled, lessons
    from familyabm.report import lesson as page

    wanted, place = lessons.find(name), areas.find(area)
    check_folder(out)
    if not compiled.compiled_before():
        say("Compiling the rules, once on this machine: a minute or two.")
    with progress(f"{wanted.title}, pairs of lives", wanted.pairs) as step:
        found = page.found(wanted, lessons.run(wanted, place, seed, done=lambda finished, asked: step()))
    try:
        path = page.write(found, out)
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None
    if as_json:
        typer.echo(json.dumps(findings(found), ensure_ascii=False, indent=1))
    else:
        for result in found.results:
            typer.echo(f"{result.shown.title}: {result.sentence} [{page.SAID[result.verdict]}]")
        typer.echo(found.summing_up)
    say(f"Page: {path}")


def findings(found: Any) -> dict[str, Any]:
    """Return what a lesson showed as JSON can hold it."""
    from familyabm.console import plain
    from familyabm.worlds import STATUS_LINE

    run_ = found.comparison
    return {
        "status": STATUS_LINE, "version": __version__, "lesson": found.lesson.name, "area": run_.area.la_name,
        "seed": run_.snapshot.seed, "scale": run_.snapshot.scale, "runs": run_.runs, "address": run_.address,
        "answer": found.answer.says if found.answer else None, "summing_up": found.summing_up,
        "shown": [
            {"title": result.shown.title, "measure": result.shown.measure, "years": list(result.shown.years),
             "of": result.shown.of, "expects": result.shown.expects, "value": plain(result.value),
             "verdict": result.verdict, "sentence": result.sentence} for result in found.results
        ],
    }  # fmt: skip
