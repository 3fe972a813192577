"""The commands that study a comparison or a run: attribute, takeouts and capability.

They are added to the command line in `cli`; what they share with it they take from it when they are called.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from familyabm import __version__
from familyabm.console import check_folder, number_text, plain, progress, records, report, say, show
from familyabm.errors import InputError
from familyabm.shocks import GRAMMAR

if TYPE_CHECKING:
    import pandas as pd

    from familyabm.capability import Resilience

AreaName = Annotated[str, typer.Argument(help="A local authority by name or code, or a .toml or .csv file.")]
First = Annotated[str, typer.Option("--a", help="The first world.")]
Second = Annotated[str, typer.Option("--b", help="The second world.")]
Years = Annotated[int, typer.Option(help="Years to live.")]
Runs = Annotated[int, typer.Option(help="Lucks; each is lived in every world needed.")]
Seed = Annotated[int, typer.Option(help="Luck number: the families and their past.")]
Scale = Annotated[float, typer.Option(help="Share of the authority; everything stays in proportion.")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="group.parameter=value; may be repeated.")]
Out = Annotated[Path | None, typer.Option(help="Folder for the page and its CSV files.")]
Shocks = Annotated[
    list[str] | None,
    typer.Option(
        "--shock",
        metavar="SHOCK",
        help=f"Something that strikes from outside; may be repeated. {GRAMMAR}; or a .toml file of shocks.",
    ),
]
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


def capability(
    area: AreaName, scenario: Annotated[str, typer.Option(help="A scenario by name, or a .toml file.")] = "status-quo",
    shock: Shocks = None, time: Annotated[str, typer.Option(help="An end-to-end time.")] = "weeks_to_need_met",
    sets: Sets = None, years: Years = 10, seed: Seed = 1, scale: Scale = 1.0, as_json: Json = False,
) -> None:  # fmt: skip
    """Show what a system can be expected to do: its times, how it stands up to load, whom it reaches, whom it burdens.

    Load is set against that of the status quo with no shock, lived with the same luck.
    """
    from familyabm import capability as study
    from familyabm import levers, simulation, worlds
    from familyabm.cli import past_of

    worlds.check_run(years, 1)
    study.check_time(time)
    world, usual = levers.find(scenario).hit_by(shock or []), levers.find("status-quo")
    snapshot = past_of(area, sets, seed, scale)
    with progress(world.title, years * 52 * (1 if world == usual else 2)) as step:
        lived = simulation.live(snapshot, world, years * 52, progress=step)
        twin = lived if world == usual else simulation.live(snapshot, usual, years * 52, progress=step)
    found = Behaviour(
        study.chart(lived.weekly, time), study.resilience(lived.weekly, twin.weekly),
        study.inequality(lived.weekly), study.exported(lived.weekly),
    )  # fmt: skip
    if as_json:
        whole = {
            "status": worlds.STATUS_LINE, "version": __version__, "area": snapshot.area.la_name,
            "filled": list(snapshot.area.filled), "scenario": world.title, "years": years, "seed": seed,
            "scale": scale, "address": lived.address, "time": time,
        }  # fmt: skip
        typer.echo(json.dumps(whole | found.as_json(), ensure_ascii=False, indent=1))
    else:
        typer.echo(worlds.STATUS_LINE)
        found.show(f"{snapshot.area.la_name}, {world.title}. Address {lived.address[:16]}", time)


@dataclass(frozen=True)
class Behaviour:
    """How one run behaved: its capability chart, resilience, rates by decile, and export of failure demand."""

    chart: "pd.DataFrame"
    resilience: "Resilience"
    inequality: "pd.DataFrame"
    exported: "pd.DataFrame"

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return {
            "chart": records(self.chart.reset_index()),
            "resilience": {name: plain(value) for name, value in vars(self.resilience).items()},
            "inequality": records(self.inequality.reset_index()),
            "exported": records(self.exported.reset_index()),
        }

    def show(self, heading: str, time: str) -> None:
        """Print it as tables."""
        chart = self.chart.assign(outside=self.chart["outside"].map({True: "outside", False: ""})).reset_index()
        chart["point"] += 1
        show(f"{spaced(time).capitalize()}, quarter by quarter, with natural limits. {heading}", chart)
        show("Load, against the status quo with no shock", self._load())
        deciles = self.inequality.rename(columns=spaced).reset_index()
        show("Per 10,000 children, by deprivation of neighbourhood (10 most deprived)", deciles)
        show("Hours a year of failure demand: who failed (rows), on whom it lands", self._burdens())

    def _load(self) -> "pd.DataFrame":
        """Return how load was borne, in words."""
        import pandas as pd

        came = self.resilience
        rows = [
            ("Highest load of a week", "hours needed per hour there is", came.peak),
            ("From the peak until load is as usual again", "weeks; – if it never is", came.recovery),
            ("Overload", "load-weeks above 1.1", came.overload),
            ("Moved from early help for each further referral", "£ a year", came.bail_out),
        ]
        return pd.DataFrame(rows, columns=["", "unit", "value"])

    def _burdens(self) -> "pd.DataFrame":
        """Return the matrix of failure demand without the agencies that have no part in it."""
        part = self.exported.loc[self.exported.any(axis=1), self.exported.any(axis=0)]
        words = part.rename(index=spaced, columns=spaced)
        return words.rename_axis(index="failed", columns=None).reset_index()


def spaced(name: str) -> str:
    """Return a name of the model as words."""
    return name.replace("_", " ")
