"""The command line: run, compare and credibility; the studies and the catalogues are in modules of their own.

Results go to standard output, progress and messages to standard error. Exit codes: 0 done, 1 interrupted or
failed, 2 an input that cannot be used.
"""

import json
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from familyabm import (
    __version__,
    cli_app,
    cli_bench,
    cli_catalogues,
    cli_effects,
    cli_england,
    cli_lab,
    cli_lessons,
    cli_looking,
    cli_pack,
    cli_returns,
    cli_studies,
    cli_truth,
    cli_validation,
    cli_workshop,
)
from familyabm.cli_printing import comparison_json, print_comparison, print_run
from familyabm.cli_studies import AreaName, Json, Scale, Seed, Sets, Shocks, Years
from familyabm.console import (
    check_folder,
    progress,
    say,
    take_back_folders,
    write_csv,
)  # fmt: skip
from familyabm.errors import InputError, plain_number, shown

if TYPE_CHECKING:
    from familyabm.parameters import Parameters
    from familyabm.simulation import Snapshot

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode="rich", pretty_exceptions_enable=False,
    help="The same families, with the same luck, under services that work differently.",
)  # fmt: skip

INTERRUPTED = 130
"""What typer answers when it has caught Ctrl-C."""
Runs = Annotated[int, typer.Option(help="Futures with different luck.")]
Out = Annotated[Path | None, typer.Option(help="Folder for results.")]
Ensemble = Annotated[int, typer.Option(help="Also live this many accepted sets of settings; 0 lives none.")]
Whole = Annotated[bool, typer.Option("--all", help="Print every measure, not the main ones alone.")]
Contested = Annotated[bool, typer.Option("--contested", help="Again without each assumption that drives it.")]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", help="Leave an assumption out of both worlds; may be repeated. 'takeouts' lists them."),
]


def settings(given: list[str] | None) -> "Parameters":
    """Read --set options into parameters."""
    from familyabm.parameters import DEFAULT, changed

    changes: dict[str, float] = {}
    for entry in given or []:
        address, equals, text = entry.partition("=")
        if not equals:
            raise InputError(f"--set {shown(entry)} is not of the form group.parameter=value.")
        changes[address.strip()] = _number(address.strip(), text)
    return changed(DEFAULT, changes)


def _number(address: str, text: str) -> float:
    value = plain_number(text)
    if value is None:
        raise InputError(f"--set {address} = {shown(text)} is not a number; one in plain digits, as 0.5, is accepted.")
    return value


def past_of(area: str, sets: list[str] | None, seed: int, scale: float, without: list[str] | None = None) -> "Snapshot":
    """Live an authority's past with a progress bar, after checking every setting."""
    from familyabm import areas, compiled, simulation, takeouts

    place, parameters = areas.find(area), takeouts.applied(settings(sets), without or [])
    simulation.check_scale(place, scale)
    simulation.check_whole("seed", seed, 0, simulation.MAX_SEED)
    if place.filled or place.multipliers:
        say(place.filled_sentence())
    if not compiled.compiled_before():
        say("Compiling the rules, once on this machine: a minute or two.")
    with progress(f"The past of {place.la_name}", simulation.PAST_WEEKS) as step:
        return simulation.live_past(place, parameters, seed, scale, step)


@app.command()
def run(
    area: AreaName, scenario: Annotated[str, typer.Option(help="A scenario by name, or a .toml file.")] = "status-quo",
    shock: Shocks = None, sets: Sets = None, years: Years = 10, runs: Runs = 1, seed: Seed = 1, scale: Scale = 1.0,
    journal: Annotated[bool, typer.Option("--journal", help="Keep every event (needs --out).")] = False,
    ensemble: Ensemble = 0, out: Out = None, as_json: Json = False, whole: Whole = False,
) -> None:  # fmt: skip
    """Live an authority's years under one scenario."""
    import pandas as pd

    from familyabm import levers, measures, simulation, worlds

    world = levers.find(scenario).hit_by(shock or [])
    worlds.check_run(years, runs)
    cli_truth.check_ensemble(ensemble)
    check_folder(out)
    if journal and out is None:
        raise InputError("--journal keeps events in a folder; --out DIR is needed with it.")
    snapshot = past_of(area, sets, seed, scale)
    frames = []
    with progress(world.title, runs * years * 52) as step:
        for number in range(1, runs + 1):
            lived = simulation.live(snapshot, world, years * 52, number, journal=journal, progress=step)
            frames.append(measures.by_year(lived.weekly).assign(run=number).reset_index())
            if out is not None:
                write_csv(measures.weekly_frame(lived.weekly).reset_index(), out / f"weekly-{number}.csv")
                if journal:
                    write_journal(lived, out / f"journal-{number}.parquet")
    lives = pd.concat(frames)
    if out is not None:
        write_csv(lives, out / "by_year.csv")
    summary = lives.drop(columns=["run"]).groupby("year").mean().T.rename_axis("measure").reset_index()
    ranges = cli_truth.ranges_of(snapshot, world, ensemble, years, runs, lives)
    if out is not None and ranges is not None:
        write_csv(ranges, out / "ranges.csv")
    print_run(snapshot, world.title, summary, runs, as_json, lived.address, ranges, whole)


def write_journal(lived: Any, path: Path) -> None:
    """Write a run's journal as Parquet, with the words for its codes."""
    from familyabm import journal_frame

    partial = path.with_name(path.name + ".partial")
    journal_frame.frame_of(lived).to_parquet(partial, index=False)
    partial.replace(path)
    say(f"Written: {path}")


@app.command()
def compare(
    area: AreaName, a: Annotated[str, typer.Option("--a", help="The first world.")] = "status-quo",
    b: Annotated[str, typer.Option("--b", help="The second world.")] = "whole-system", shock: Shocks = None,
    sets: Sets = None, without: Without = None, years: Years = 10, runs: Runs = 20, seed: Seed = 1,
    scale: Scale = 1.0, ensemble: Ensemble = 0,
    contested: Contested = False, out: Out = None, as_json: Json = False, whole: Whole = False,
) -> None:  # fmt: skip
    """Live the same families with the same luck under two scenarios, pair by pair."""
    from familyabm import levers, worlds

    worlds.check_run(years, runs)
    cli_truth.check_ensemble(ensemble)
    check_folder(out)
    one, other = (levers.find(world).hit_by(shock or []) for world in (a, b))
    snapshot = past_of(area, sets, seed, scale, without)
    with progress("Pairs of lives", runs) as step:
        found = worlds.compare(
            snapshot.area, one, other, runs, seed, years=years, scale=scale, snapshot=snapshot,
            done=lambda finished, asked: step(),
        )  # fmt: skip
    if found.runs < runs:
        say(f"Stopped: {found.runs} of {runs} pairs had finished and are kept.")
    sure = cli_truth.sure_of(found, ensemble, contested)
    page = write_page(found, out, sure)
    if as_json:
        told = comparison_json(found) | {"sure": cli_truth.sure_json(sure)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print_comparison(found, whole)
        cli_truth.print_sure(sure)
    if page is not None:
        say(f"Page: {page}")
    if found.runs < runs:
        raise typer.Exit(1)


for study in (
    cli_studies.attribute, cli_studies.takeouts, cli_studies.capability, cli_looking.sensitivity, cli_looking.seek,
):  # fmt: skip
    app.command()(study)


def write_page(found: Any, out: Path | None, sure: Any) -> Path | None:
    """Write the results page and tables, if a folder was asked for."""
    if out is None:
        return None
    from familyabm.report import page

    try:
        return page.write(found, out, sure)
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None


@app.command()
def credibility(
    area: Annotated[str, typer.Option(help="A local authority by name or code, England, or a file.")] = "England",
    runs: Annotated[int, typer.Option(help="Lucks; each lives every world, with families of its own.")] = 4,
    years: Years = 10, scale: Annotated[float, typer.Option(help="Share of the authority.")] = 0.2,
    only: Annotated[str, typer.Option(help='Codes or groups, as "V9,falsifiers".')] = "",
    further: Annotated[int, typer.Option(help="Further lucks for patterns that are open and can be decided.")] = 0,
    seed: Seed = 1, sets: Sets = None, out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Put the model to the test: published patterns, feedback loops, scenarios' expectations and falsifiers."""
    from familyabm.credibility import catalogue, run, words

    experiments = catalogue.chosen(only)
    run.check(years, runs, further)
    check_folder(out)
    snapshot = past_of(area, sets, seed, scale)
    with progress("Worlds lived", len(run.known(experiments)) * runs) as step:
        found = run.examine(
            snapshot.area, experiments, runs, seed, years=years, scale=scale, snapshot=snapshot,
            done=lambda lived, asked: step(),
        )  # fmt: skip
    if left := [one.pattern for one in run.left_open(found, further)] if further and not found.stopped else []:
        with progress(f"Worlds lived for {catalogue.codes(left)}", len(run.known(left)) * further) as step:
            found = run.go_on(found, further, done=lambda lived, asked: step())
    whole = json.dumps(words.as_json(found, __version__), ensure_ascii=False, indent=1)
    typer.echo(whole if as_json else "\n".join(words.text(found)))
    page = write_findings(found, out)
    if page is not None:
        say(f"Page: {page}")
    if found.stopped:
        say(f"Stopped: {found.lived} of {found.asked + found.asked_further} runs had finished and are kept.")
        raise typer.Exit(1)


def write_findings(found: Any, out: Path | None) -> Path | None:
    """Write the page of the experiments, if a folder was asked for."""
    if out is None:
        return None
    from familyabm.report import credibility as page

    try:
        return page.write(found, out)
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None


for listing in (
    cli_catalogues.areas,
    cli_catalogues.scenarios,
    cli_catalogues.parameters,
    cli_catalogues.measures,
    cli_catalogues.coverage,
    cli_truth.targets,
):
    app.command()(listing)

app.command()(cli_app.app)
cli_lab.study.command()(cli_looking.look)
app.command()(cli_england.england)
app.command()(cli_bench.bench)
app.command()(cli_validation.validate)
app.command()(cli_validation.fit)
app.command()(cli_effects.effects)
app.command()(cli_truth.evidence)
app.command()(cli_returns.extract)
app.add_typer(cli_returns.area, name="area")
app.add_typer(cli_truth.calibrate, name="calibrate")
app.command()(cli_pack.pack)
app.command("workshop-check")(cli_pack.workshop_check)
app.add_typer(cli_lab.study, name="study")
app.add_typer(cli_lessons.lesson, name="lesson")
app.add_typer(cli_workshop.workshop, name="workshop")


def version(value: bool) -> None:
    """Print the version and stop."""
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Say nothing: options that stand before a command."""


def main() -> None:
    """Run the command line and turn what a user can cause into one sentence and an exit code."""
    try:
        code = app(standalone_mode=False) or 0
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        sys.exit(code)
    except InputError as error:
        take_back_folders()
        say(str(error))
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        say("Stopped before the end; a file already written is whole.")
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        say(usage_sentence(error))
        sys.exit(2)


def usage_sentence(error: Exception) -> str:
    """Return typer's own complaint about the command's words as one sentence; raise anything else again."""
    if isinstance(error, typer.BadParameter) or hasattr(error, "format_message"):
        sentence = (error.format_message().splitlines() or ["A command is needed; 'familyabm --help' lists them."])[0]
        return f"{sentence}{given_for(sentence)}"
    raise error


def given_for(sentence: str) -> str:
    """Return what was given for the option that a complaint names, to end the complaint with."""
    option = next((word.strip("':") for word in sentence.split() if word.startswith("'--")), None)
    values = [after for before, after in pairwise(sys.argv) if before == option]
    values += [word.partition("=")[2] for word in sys.argv if option and word.startswith(f"{option}=")]
    return f" (given: {shown(values[0])})" if values else ""


if __name__ == "__main__":
    main()
