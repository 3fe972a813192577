"""The commands of the two studies of a comparison, and of the register of what the model covers.

They are added to the command line in `cli`; what they share with it they take from it when they are called.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from familyabm import __version__
from familyabm.console import check_folder, number_text, progress, records, report, say, show
from familyabm.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

AreaName = Annotated[str, typer.Argument(help="A local authority by name or code, or a .toml or .csv file.")]
First = Annotated[str, typer.Option("--a", help="The first world.")]
Second = Annotated[str, typer.Option("--b", help="The second world.")]
Years = Annotated[int, typer.Option(help="Years to live.")]
Runs = Annotated[int, typer.Option(help="Lucks; each is lived in every world needed.")]
Seed = Annotated[int, typer.Option(help="Luck number: the families and their past.")]
Scale = Annotated[float, typer.Option(help="Share of the authority; everything stays in proportion.")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="group.parameter=value; may be repeated.")]
Out = Annotated[Path | None, typer.Option(help="Folder for the page and its CSV files.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Measures = Annotated[str, typer.Option(help="Measures or tallies of demand, by name, with commas between.")]


def _names(measures: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    from familyabm import lives

    return lives.check_outcomes(measures.split(",")) if measures else usual


def attribute(
    area: AreaName, a: First = "status-quo", b: Second = "whole-system",
    method: Annotated[str, typer.Option(help="shapley, or one-at-a-time (quicker).")] = "shapley",
    orders: Annotated[int, typer.Option(help="Orders to draw for each luck; 0 takes all subsets.")] = 0,
    measures: Measures = "", sets: Sets = None, years: Years = 10, runs: Runs = 10, seed: Seed = 1,
    scale: Scale = 1.0, out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Say which lever does how much of the difference between two worlds."""
    from familyabm import attribution, levers, worlds
    from familyabm.cli import past_of, settings

    worlds.check_run(years, runs)
    check_folder(out)
    one, other = levers.find(a), levers.find(b)
    names = _names(measures, attribution.HEADLINES)
    players = attribution.players_of(one, other, settings(sets))
    todo = attribution.plan(players, method, attribution.check_orders(orders), seed, range(1, runs + 1))
    total = sum(len(subsets) for subsets, _ in todo.values())
    snapshot = past_of(area, sets, seed, scale)
    say(f"{total:,} lives of {years} years to be lived.")
    with progress("Lives", total) as step:
        found = attribution.attribute(
            snapshot.area, one, other, runs, seed, years=years, scale=scale, method=method, orders=orders,
            outcomes=names, snapshot=snapshot, done=lambda finished, asked: step(),
        )  # fmt: skip
    if found.runs < runs:
        say(f"Stopped: {found.runs} of {runs} lucks had finished in every world and are kept.")
    where = _page("write_attribution", found, out)
    if as_json:
        typer.echo(json.dumps(_attribution_json(found), ensure_ascii=False, indent=1))
    else:
        _print_attribution(found)
    _finish(where, found.runs < runs)


def _page(writer: str, found: Any, out: Path | None) -> Path | None:
    """Write a study's page and CSV files, if a folder was asked for."""
    if out is None:
        return None
    from familyabm.report import study

    try:
        path: Path = getattr(study, writer)(found, out)
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None
    return path


def _finish(where: Path | None, stopped: bool) -> None:
    if where is not None:
        say(f"Page: {where}")
    if stopped:
        raise typer.Exit(1)


def _what_was_run(found: Any) -> dict[str, Any]:
    from familyabm import worlds

    return {
        "status": worlds.STATUS_LINE, "version": __version__, "area": found.area.la_name,
        "filled": list(found.area.filled), "a": found.a.name, "b": found.b.name, "years": found.years,
        "runs": found.runs, "asked": found.asked, "seed": found.snapshot.seed, "scale": found.snapshot.scale,
        "address": found.address,
    }  # fmt: skip


def _attribution_json(found: Any) -> dict[str, Any]:
    from familyabm.report import study_words

    said = [study_words.together(str(name), row) for name, row in found.together.iterrows()]
    return _what_was_run(found) | {
        "way": found.way, "lives": found.lived, "said": said, "together": records(found.together.reset_index()),
        "levers": records(found.by_lever), "owners": records(found.by_owner),
    }  # fmt: skip


def _print_attribution(found: Any) -> None:
    """Print what acting together does, then one table per outcome, then in whose hands it lies."""
    import pandas as pd

    from familyabm import lives, worlds
    from familyabm.report import study_words

    typer.echo(worlds.STATUS_LINE)
    for name, row in found.together.iterrows():
        typer.echo(study_words.together(str(name), row))
    columns = {"part": "its part", "alone": "first, alone", "last": "last"}
    for name in found.outcomes:
        rows = found.by_lever[found.by_lever["outcome"] == name].assign(unit=lives.unit(name))
        frame = pd.DataFrame({"lever": rows["title"], "who can pull it": rows["owner"]})
        for column, head in columns.items():
            if rows[column].notna().any():
                frame[head] = [study_words.of_row(row, column) for _, row in rows.iterrows()]
        show(f"{lives.title(name)}, {lives.unit(name)}. {found.area.la_name}. Address {found.address[:16]}", frame)
        if found.parts is not None:
            typer.echo(study_words.control(name, found.by_owner[found.by_owner["outcome"] == name]))


def takeouts(
    area: Annotated[str, typer.Argument(help="A local authority; without one, the assumptions are listed.")] = "",
    a: First = "status-quo", b: Second = "whole-system",
    without: Annotated[list[str] | None, typer.Option("--without", help="Only this one; may be repeated.")] = None,
    measures: Measures = "", sets: Sets = None, years: Years = 10, runs: Runs = 10, seed: Seed = 1,
    scale: Scale = 1.0, out: Out = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Say how far the result moves when each assumption that drives it is taken out."""
    if not area:
        report(_catalogue(), "Assumptions that can be taken out", as_json)
        return
    from familyabm import areas, levers, lives, simulation, what_if, worlds
    from familyabm import takeouts as assumptions
    from familyabm.cli import settings

    worlds.check_run(years, runs)
    check_folder(out)
    place, parameters, one, other = areas.find(area), settings(sets), levers.find(a), levers.find(b)
    simulation.check_scale(place, scale)
    simulation.check_whole("seed", seed, 0, simulation.MAX_SEED)
    names = [assumptions.find(name).name for name in without or assumptions.TAKE_OUTS]
    outcomes = lives.check_outcomes(_names(measures, what_if.HEADLINES))
    with progress("The comparison, as it is and without each assumption", len(names) + 1) as step:
        found = what_if.try_each(
            place, one, other, runs, seed, names=names, years=years, scale=scale, outcomes=outcomes,
            parameters=parameters, done=lambda finished, asked: step(),
        )  # fmt: skip
    stopped = len(found.without) < found.asked
    if stopped:
        say(f"Stopped: {len(found.without)} of {found.asked} assumptions had been tried and are kept.")
    where = _page("write_what_if", found, out)
    if as_json:
        whole = {"whole": records(found.whole.reset_index()), "takeouts": records(found.table)}
        typer.echo(json.dumps(_what_was_run(found) | whole, ensure_ascii=False, indent=1))
    else:
        _print_what_if(found)
    _finish(where, stopped)


def _catalogue() -> "pd.DataFrame":
    import pandas as pd

    from familyabm.takeouts import TAKE_OUTS

    rows = [(e.name, e.says, e.without, e.evidence, e.source) for e in TAKE_OUTS.values()]
    return pd.DataFrame(rows, columns=["name", "says", "without", "evidence", "source"])


def _print_what_if(found: Any) -> None:
    """Print one table per outcome: the difference as the model comes, and without each assumption."""
    import pandas as pd

    from familyabm import lives, worlds
    from familyabm.report import study_words

    typer.echo(worlds.STATUS_LINE)
    for name in found.outcomes:
        unit, whole = lives.unit(name), found.whole.loc[name]
        rows = found.table[found.table["outcome"] == name].assign(unit=unit)
        first = ["as it is", whole["a"], study_words.of_row(whole, "difference"), whole["percent"], "", ""]
        cells = [first] + [
            [f"without {row['assumption']}", row["a"], study_words.of_row(row, "difference"), row["percent"],
             study_words.of_row(row, "move"), row["became"]] for _, row in rows.iterrows()
        ]  # fmt: skip
        heads = ["", "A", "B - A (range)", "% of A", "moved by (range)", "the difference"]
        frame = pd.DataFrame(cells, columns=heads)
        frame["A"], frame["% of A"] = frame["A"].map(number_text), frame["% of A"].map("{:+.0f}".format)
        show(f"{lives.title(name)}, {unit}. {found.area.la_name}. Address {found.address[:16]}", frame)


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
