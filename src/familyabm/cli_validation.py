"""The commands that hold the model against authorities it has not seen, and fit it to one council's own figures.

They are added to the command line in `cli`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from familyabm.cli_studies import Json, Seed, Sets
from familyabm.console import check_folder, say, show, write_text
from familyabm.errors import InputError

if TYPE_CHECKING:
    from familyabm.truth.fitting import Fitted
    from familyabm.truth.validation import Asked, Validation
    from familyabm.truth.validation_ranges import Held

STORE = "lives"
"""The studies' folder within that of the page."""
Runs = Annotated[int, typer.Option(help="Pasts of each authority, with a future each.")]
Scale = Annotated[
    float, typer.Option(help="Share of an average authority; small ones are lived at more, large at less.")
]
Outcomes = Annotated[Path | None, typer.Option(help="A CSV file of outcomes; the package's 77 authorities by default.")]
Folder = Annotated[Path, typer.Option(help="Folder for page, JSON and runs.")]
Written = Annotated[Path | None, typer.Option(help="The area file to write; by default the area's name, here.")]
Areas = Annotated[list[str] | None, typer.Option("--areas", help="Only this authority; may be repeated.")]


def validate(
    outcomes: Outcomes = None, areas: Areas = None, runs: Runs = 2, scale: Scale = 0.1, seed: Seed = 1,
    sets: Sets = None, out: Folder = Path("results/Validation"),
    workers: Annotated[int, typer.Option(help="Processes on this machine; 0 takes one per core.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler, such as tcp://host:8786.")] = "",
    stop_after: Annotated[str, typer.Option(help="Stop in good order after a time, such as 90s, 30m or 8h.")] = "",
    record: Annotated[Path | None, typer.Option(help="Write what ranges of other files are learnt from.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write the documentation page, docs/validation.md.")] = None,
    effects: Annotated[Path | None, typer.Option(help="For --write: the folder of `familyabm effects`.")] = None,
    ensemble: Annotated[int, typer.Option(help="Accepted sets of settings to live all under; 0 for the defaults.")] = 0,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Live authorities from their inputs alone and hold them against their returns; the same command goes on."""
    from familyabm.cli import settings
    from familyabm.report import validation as report
    from familyabm.truth import outcomes as tables
    from familyabm.truth import validation, validation_ranges

    table = tables.packaged() if outcomes is None else tables.read(outcomes)
    if record is not None and (outcomes is not None or areas):
        raise InputError("--record is of all the package's authorities; --outcomes and --areas cannot go with it.")
    values = dict(settings(sets).values)
    asked = validation.ask(
        table,
        only=areas or [],
        runs=runs,
        scale=scale,
        seed=seed,
        settings=_changed(values),
        members=_members(ensemble),
    )
    found = _lived(asked, out, workers, scheduler, stop_after)
    known = validation.record()
    held = validation_ranges.Held(found, validation_ranges.teachers_of(found, known))
    note = " ".join(filter(None, [validation_ranges.note(found, known), _stale(ensemble)]))
    command = report.command_of(
        held, {"outcomes": str(outcomes or ""), "areas": areas or [], "scale": scale, "ensemble": ensemble}
    )
    where = _written(lambda: report.write(held, out, command, note), out)
    if record is not None:
        write_text(validation.record_text(found), record)
    if write is not None:
        _document(held, write, effects, command)
    _tell(held, command, note, as_json)
    say(f"Page: {where}")
    if len(found.failures):
        raise typer.Exit(1)


def _members(n: int) -> list[dict[str, float]]:
    """Return n accepted sets, each as what differs from the defaults."""
    from familyabm.cli_truth import check_ensemble
    from familyabm.truth import ensemble

    check_ensemble(n)
    return [_changed(dict(found.values)) for found in ensemble.sets(n)] if n else []


def _stale(n: int) -> str:
    """Say on the page too that accepted sets were made about other defaults."""
    from familyabm.truth import ensemble

    return ensemble.stale() if n else ""


def _changed(values: dict[str, float]) -> dict[str, float]:
    from familyabm.parameters import DEFAULT

    return {name: value for name, value in values.items() if value != DEFAULT[name]}


def _lived(asked: "Asked", out: Path, workers: int, scheduler: str, stop_after: str) -> "Validation":
    """Live what is not stored yet, with a bar for each size of authority."""
    from familyabm.cli_lab import _bar, _options
    from familyabm.truth import validation

    check_folder(out)
    options = _options(workers, scheduler, None, stop_after, "", False, False)
    with _bar(f"{len(asked.table.rows)} authorities, in {len(asked.studies)} sizes") as tell:
        found = validation.live(asked, out / STORE, options, tell, say)
    if not len(found.predicted):
        raise InputError("no authority could be lived to its end: " + "; ".join(found.failures["error"].head(2)))
    for row in found.failures.head(3).itertuples():
        say(f"{row.area}: {row.status}: {row.error_type}: {row.error}  Repeat it: {row.repeat}")
    return found


def _written(make: Any, out: Path) -> Path:
    try:
        path: Path = make()
        return path
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None


def _document(held: "Held", path: Path, effects: Path | None, command: str) -> None:
    from familyabm.report import validation_doc

    write_text(validation_doc.text(held, command, validation_doc.read_effects(effects)), path)


def _tell(held: "Held", command: str, note: str, as_json: bool) -> None:
    """Print what came of it, the same sentences as on the page."""
    import pandas as pd

    from familyabm.report import validation as report
    from familyabm.report import validation_words
    from familyabm.worlds import STATUS_LINE

    if as_json:
        typer.echo(json.dumps(report.as_json(held, command, note), ensure_ascii=False, indent=1))
        return
    typer.echo("\n".join([STATUS_LINE, validation_words.headline(held), *validation_words.said(held)]))
    for title, grid in (("Predicted and actual", report.measures_grid(held)), ("Levels", report.spread_grid(held)),
                        ("The worst misses", report.misses_grid(held))):  # fmt: skip
        frame = pd.DataFrame(grid.rows, columns=grid.headers).drop(columns=list(report.PAGE_ONLY), errors="ignore")
        show(f"{title}. Address {held.found.address[:16]}", frame)
    typer.echo(f"Ranges are learnt from {held.teachers.source}.")
    if note:
        typer.echo(note)


def fit(
    area: Annotated[str, typer.Argument(help="A local authority by name or code, or a .toml or .csv file.")],
    outcomes: Annotated[Path, typer.Option(help="A CSV file with the council's own outcomes.")],
    out: Written = None,
    runs: Runs = 2, scale: Annotated[float, typer.Option(help="Share of the authority.")] = 0.1, seed: Seed = 1,
    rounds: Annotated[int, typer.Option(help="Steps towards the council's figures, at most.")] = 6,
    sets: Sets = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Fit an area to a council's own returns, and write an area file that says so for `run`, `compare` and the rest."""
    from familyabm import areas
    from familyabm.cli import settings
    from familyabm.console import progress
    from familyabm.truth import fitting
    from familyabm.truth import outcomes as tables

    place, table = areas.find(area), tables.read(outcomes)
    with progress(f"Trials of {place.la_name}", rounds + 1) as step:
        found = fitting.fit(
            place, table, settings(sets), runs=runs, scale=scale, seed=seed, rounds=rounds,
            done=lambda tried, asked: step(),
        )  # fmt: skip
    path = out or Path(f"{'-'.join(place.la_name.casefold().replace(',', '').split())}-fitted.toml")
    write_text(fitting.text_of(found), path)
    _tell_fitted(found, path, as_json)


def _tell_fitted(found: "Fitted", path: Path, as_json: bool) -> None:
    """Print the multipliers, what they brought about, and what was not fitted as a check."""
    from familyabm.console import records
    from familyabm.worlds import STATUS_LINE

    if as_json:
        whole = {
            "status": STATUS_LINE, "area": found.area.la_name, "fitted": True, "outcomes": found.where,
            "file": str(path), "rounds": found.rounds, "multipliers": dict(found.area.multipliers),
            "at_their_ends": list(found.at_their_ends), "table": records(found.table),
        }  # fmt: skip
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    typer.echo("\n".join([STATUS_LINE, found.area.filled_sentence()]))
    if found.at_their_ends:
        typer.echo(f"At the end of their plausible range: {', '.join(found.at_their_ends)}.")
    show(f"{found.area.la_name} ({found.where}), {found.rounds} steps", found.table.drop(columns="outcome"))
