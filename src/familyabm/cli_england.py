"""The command that lives all of England in two worlds; what is stored is never lived again.

It is added to the command line in `cli`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from familyabm import __version__
from familyabm.cli_studies import First, Json, Second, Seed, Sets, Shocks, Years
from familyabm.console import check_folder, records, say, show
from familyabm.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from familyabm.lab.england import Asked, England
    from familyabm.lab.execute import Options, Progress

STORE = "lives"
"""The study's folder within that of the page."""
Runs = Annotated[int, typer.Option(help="Lucks; each is lived in both worlds of every authority.")]
Scale = Annotated[float, typer.Option(help="Share of each authority; everything stays in proportion.")]
Only = Annotated[list[str] | None, typer.Option("--only", help="An authority or a region; may be repeated.")]
Out = Annotated[Path, typer.Option(help="Folder for the page, its CSV files and the study.")]


def england(
    a: First = "status-quo", b: Second = "whole-system", years: Years = 10, runs: Runs = 10, scale: Scale = 0.1,
    seed: Seed = 1, only: Only = None, shock: Shocks = None, sets: Sets = None, out: Out = Path("results/England"),
    workers: Annotated[int, typer.Option(help="Processes on this machine; 0 takes one per core.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler, such as tcp://host:8786.")] = "",
    stop_after: Annotated[str, typer.Option(help="Stop in good order after a time, such as 90s, 30m or 8h.")] = "",
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Live again what failed or timed out.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Live every English authority in two worlds, into one study and one national page; the same command goes on."""
    from familyabm.lab import england as nation
    from familyabm.report import england as report

    asked = nation.ask(
        a, b, years=years, runs=runs, scale=scale, seed=seed, only=only or [], shocks=shock or [], settings=_sets(sets)
    )
    found, progress = _lived(asked, out, _options(workers, scheduler, stop_after, retry_failed))
    given = {"a": a, "b": b, "only": only or [], "shock": shock or []}
    command = report.command_of(found, given)
    where = _page(found, out, command) if found.counted else None
    if found.counted:
        _tell(found, command, as_json)
    _finish(found, progress, where)


def _sets(sets: list[str] | None) -> dict[str, float]:
    """Return the settings that differ from the model as it comes."""
    from familyabm.cli import settings
    from familyabm.parameters import DEFAULT

    return {name: value for name, value in settings(sets).values.items() if value != DEFAULT[name]}


def _options(workers: int, scheduler: str, stop_after: str, retry: bool) -> "Options":
    from familyabm.cli_lab import _options as options

    return options(workers, scheduler, None, stop_after, "", retry, False)


def _lived(asked: "Asked", out: Path, options: "Options") -> tuple["England", "Progress"]:
    """Live what is not stored yet, with a bar, and return England as far as it has come."""
    from familyabm.cli_lab import _bar
    from familyabm.lab import running
    from familyabm.lab.england import England

    check_folder(out)
    running.prepare(asked.study, out / STORE, mixable=False)
    if asked.too_small:
        say(f"Left out, too few children for --scale {asked.study.scale:g}: {'; '.join(asked.too_small)}.")
    with _bar("All of England") as tell:
        results, progress = running.run_study(asked.study, out / STORE, options, mixable=False, tell=tell, say=say)
    return England(results, asked.too_small), progress


def _page(found: "England", out: Path, command: str) -> Path:
    from familyabm.report import england as report

    try:
        return report.write(found, out, command)
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None


def _tell(found: "England", command: str, as_json: bool) -> None:
    """Print what England comes to, the same sentences as on the page."""
    from familyabm import worlds
    from familyabm.report import england_words
    from familyabm.report import words as writing

    said = [writing.sentence(one) for one in england_words.findings(found).values()]
    opening = [england_words.opening(found), england_words.covered(found)]
    refused = _refusal(found)
    if as_json:
        whole: dict[str, Any] = {
            "status": worlds.STATUS_LINE, "version": __version__, "address": found.results.store.id,
            "a": found.study.worlds[0].name, "b": found.study.worlds[1].name, "years": found.study.years,
            "runs": found.lucks, "seed": found.study.seeds[0], "scale": found.study.scale, "said": [*opening, *said],
            "left_out": found.left_out, "no_league": refused, "command": command, "england": records(found.table),
            "authorities": records(found.authorities),
        }  # fmt: skip
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    typer.echo("\n".join([worlds.STATUS_LINE, *opening, *said]))
    show(f"England, mean of all years (range over lucks). Address {found.results.store.id[:16]}", _table(found))
    if refused:
        typer.echo(refused)


def _refusal(found: "England") -> str:
    """Return why there is no league, or nothing where there is one."""
    try:
        found.check_league()
    except InputError as refusal:
        return str(refusal)
    return ""


def _table(found: "England") -> "pd.DataFrame":
    import pandas as pd

    from familyabm.report.england_figures import totals

    grid = totals(found)[0]
    frame = pd.DataFrame(grid.rows, columns=grid.headers)
    frame.insert(1, "Unit", grid.units)
    return frame


def _finish(found: "England", progress: "Progress", where: Path | None) -> None:
    """Say where the page is, what failed and what is left; exit with 1 unless all is done."""
    failures = found.results.failures.drop_duplicates("address")
    for row in failures.head(3).itertuples():
        say(f"{row.area}: {row.status}: {row.error_type}: {row.error}  Repeat it: {row.repeat}")
    left = progress.total - progress.stored
    if left:
        say(f"Stopped{f', because {progress.stopped}' if progress.stopped else ''}: {left:,} of {progress.total:,} "
            "runs are left; the same command goes on.")  # fmt: skip
    say(f"Page: {where}" if where else "No authority is lived to its end yet, so there is no page.")
    if left or len(failures):
        raise typer.Exit(1)
