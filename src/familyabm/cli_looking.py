"""The commands that read a study's results or seek an answer: sensitivity, study look and seek.

They are added to the command line in `cli` and `cli_lab`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from familyabm import __version__
from familyabm.cli_studies import AreaName, Json, Scale, Seed, Sets, Years
from familyabm.console import check_folder, progress, records, say, show, write_csv
from familyabm.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Folder = Annotated[Path, typer.Argument(help="The study's folder.")]
Measures = Annotated[
    str,
    typer.Option("--measures", "--measure", help="Measures by name, with commas between; by default the main ones."),
]
World = Annotated[str, typer.Option(help="The world looked at; by default the study's last.")]
Against = Annotated[
    str, typer.Option(help="The world it is held against, pair by pair; by default the first where there are more.")
]
Area = Annotated[str, typer.Option(help="The area, where the study has more than one.")]
Out = Annotated[Path | None, typer.Option(help="Folder for the page and its CSV files.")]
Method = Annotated[str, typer.Option(help="auto (what the design is for), morris, sobol or pawn (any design).")]


def sensitivity(
    folder: Folder, measures: Measures = "", world: World = "", against: Against = "", area: Area = "",
    method: Method = "auto", out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Say which settings of a study move its measures most, what is luck, and how good the evidence for each is."""
    from familyabm.lab import looking
    from familyabm.lab.results import open_study
    from familyabm.lab.sensitivity import every_measure

    check_folder(out)
    results = open_study(folder)
    names = looking.chosen(results, measures.split(","))
    found, refused = every_measure(
        results, names, world=world or None, against=against or None, area=area or None, method=method
    )
    where = _page("write_sensitivity", results, found, out, refused)
    if as_json:
        typer.echo(json.dumps(_sensitivity_json(results, found, refused), ensure_ascii=False, indent=1))
    else:
        _print_sensitivity(results, found, refused)
    if where is not None:
        say(f"Page: {where}")


def look(
    folder: Folder, out: Annotated[Path, typer.Option(help="Folder for the page and its CSV files.")],
    measures: Measures = "", world: World = "", against: Against = "", area: Area = "",
    settings: Annotated[str, typer.Option(help="The two settings of the heat table, with a comma between.")] = "",
    method: Method = "auto",
) -> None:  # fmt: skip
    """Write a page of a study: rankings, two settings at once, every pair, bends, and where things happen."""
    from familyabm.lab import looking
    from familyabm.lab.results import open_study

    pair = _two(settings)
    check_folder(out)
    results = open_study(folder)
    names = looking.chosen(results, measures.split(","))
    looks, refused = [], []
    with progress("Measures", len(names)) as step:
        for name in names:
            try:
                looks.append(looking.look(results, name, world or None, against or None, area or None, pair, method))
            except InputError as error:
                refused.append(str(error))
            step()
    if not looks:
        raise InputError(" ".join(dict.fromkeys(refused)))
    for sentence in refused:
        say(sentence)
    say(f"Page: {_page('write_look', results, looks, out, refused)}")


def _two(settings: str) -> tuple[str, str] | None:
    if not settings:
        return None
    names = [name.strip() for name in settings.split(",")]
    if len(names) != 2:
        raise InputError(f"--settings {settings!r} names {len(names)}; two with a comma between are accepted.")
    return names[0], names[1]


def _page(writer: str, results: Any, found: Any, out: Path | None, refused: list[str]) -> Path | None:
    """Write a page and its CSV files, if a folder was asked for."""
    if out is None:
        return None
    from familyabm.report import lab

    try:
        path: Path = getattr(lab, writer)(results, found, out, refused)
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None
    return path


def _sensitivity_json(results: Any, found: list[Any], refused: list[str]) -> dict[str, Any]:
    from familyabm import worlds
    from familyabm.console import plain
    from familyabm.report import lab, lab_words

    each = [
        {
            "measure": one.response.measure, "of": one.response.of, "method": one.method,
            "said": [lab_words.ranking(one), lab_words.chance(one), lab_words.judgements(one)],
            "chance": {name: plain(value) for name, value in vars(one.chance).items()},
            "left_out": one.left_out, "without_answer": records(one.response.lost),
            "settings": records(one.table.reset_index()),
        }
        for one in found
    ]  # fmt: skip
    return {
        "status": worlds.STATUS_LINE, "version": __version__, "study": results.study.name,
        "address": lab.address(results), "measures": each, "refused": refused,
    }  # fmt: skip


def _print_sensitivity(results: Any, found: list[Any], refused: list[str]) -> None:
    from familyabm import worlds
    from familyabm.lab.sensitivity import CALLED
    from familyabm.report import lab, lab_words

    typer.echo(worlds.STATUS_LINE)
    for one in found:
        said = [lab_words.ranking(one), lab_words.chance(one), lab_words.judgements(one), one.left_out]
        for sentence in filter(None, said):
            typer.echo(sentence)
        heading = f"{one.response.title}, {one.response.unit}: {CALLED[one.method]}. {one.response.of}"
        show(f"{heading}. Address {lab.address(results)[:16]}", _table(one))
    for sentence in refused:
        say(sentence)


def _table(one: Any) -> "pd.DataFrame":
    """Return what a person sees of one measure's sensitivities."""
    import pandas as pd

    from familyabm.report.lab_figures import sensitivity_grid

    grid = sensitivity_grid(one, "")
    return pd.DataFrame(grid.rows, columns=grid.headers)


def seek(
    area: AreaName,
    vary: Annotated[
        list[str] | None, typer.Option("--vary", help="A lever or parameter, as levers.continuity=0:1; repeatable.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="A goal, as 'looked_after<=status-quo'; may be repeated.")
    ] = None,
    least: Annotated[str, typer.Option(help="The measure to be made least.")] = "spend_early_help",
    scenario: Annotated[str, typer.Option(help="The world whose settings are varied.")] = "status-quo",
    trials: Annotated[int, typer.Option(help="Settings to try.")] = 60,
    runs: Annotated[int, typer.Option(help="Lucks of each trial; as many fresh ones try the winner.")] = 10,
    sets: Sets = None, years: Years = 10, seed: Seed = 1, scale: Scale = 1.0,
    out: Annotated[Path | None, typer.Option(help="Folder for trials and lives; the same command goes on.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Seek the settings with the least of one measure that keep others where they must be."""
    from familyabm import levers
    from familyabm.cli import past_of
    from familyabm.lab import asking
    from familyabm.lab import seek as search

    varied = asking.distinct(asking.read_vary(text) for text in vary or [])
    goals = tuple(asking.read_goal(text) for text in keep or [])
    measure = asking.read_measure(least, f"--least {least}")
    base = levers.find(scenario)
    search.check(goals, years, runs, trials)
    check_folder(out)
    snapshot = past_of(area, sets, seed, scale)
    question = search.Question(snapshot, base, varied, goals, measure, years, runs, trials, seed)
    book = search.Book(None if out is None else out / "lives.jsonl")
    with progress("Trials", trials) as step:
        found = search.seek(question, book, done=lambda finished, asked: step())
    if out is not None:
        _write_found(found, out)
    _tell_found(found, snapshot.area.la_name, as_json)
    if found.stopped:
        say(
            f"Stopped after {len(found.trials)} of {trials} trials; the same command with --out goes on from its lives."
        )
        raise typer.Exit(1)


def _write_found(found: Any, out: Path) -> None:
    """Write the trials, and the winner as a world that other commands take."""
    from familyabm.lab.asking import as_toml

    write_csv(found.trials, out / "trials.csv")
    if found.found:
        path = out / "found.toml"
        path.write_text(as_toml(found.question.base, found.world), encoding="utf-8")
        say(f"The winner as a world: {path}")


def _tell_found(found: Any, place: str, as_json: bool) -> None:
    from familyabm import worlds
    from familyabm.report import lab_words

    said = lab_words.sought(found)
    if not as_json:
        typer.echo("\n".join([worlds.STATUS_LINE, f"{place}.", *said]))
        return
    question = found.question
    whole = {
        "status": worlds.STATUS_LINE, "version": __version__, "area": place, "scenario": question.base.name,
        "least": question.least, "keep": [goal.words for goal in question.goals], "years": question.years,
        "runs": question.runs, "seed": question.seed, "scale": question.snapshot.scale, "said": said,
        "sure": found.sure, "settings": found.settings, "goals": records(found.goals),
        "found": records(found.least), "trials": records(found.trials),
    }  # fmt: skip
    typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
