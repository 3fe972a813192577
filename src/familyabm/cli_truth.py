"""The commands that say why the model should be believed: targets, evidence and calibrate; and how sure results are.

They are added to the command line in `cli`.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from familyabm import __version__
from familyabm.cli_catalogues import Json, Search
from familyabm.console import check_folder, matching, progress, records, report, say, show, write_csv

if TYPE_CHECKING:
    import pandas as pd

    from familyabm.levers import Scenario
    from familyabm.simulation import Snapshot

calibrate = typer.Typer(
    no_args_is_help=True, help="Fit the model to England's figures: screen, levels and ensemble; each goes on again."
)
Folder = Annotated[Path, typer.Option("--out", help="Folder that holds the runs; the same command goes on from it.")]
Workers = Annotated[int, typer.Option(help="Processes on this machine; 0 takes one per core.")]
Scale = Annotated[float, typer.Option(help="Share of the average authority.")]
Lucks = Annotated[int, typer.Option(help="Lucks in which each point is lived.")]
Seed = Annotated[int, typer.Option(help="Luck number: the families and the draws of settings.")]
Ship = Annotated[bool, typer.Option("--ship", help="For developers: also write it into the package's data.")]


def targets(search: Search = "", as_json: Json = False) -> None:
    """List the official figures that the model is held against, each with what is accepted and its source."""
    from familyabm.areas import ATTRIBUTION
    from familyabm.truth import targets as figures

    frame = matching(figures.table(), search)
    if not as_json:
        typer.echo(ATTRIBUTION)
        frame = frame[["code", "statement", "unit", "value", "low", "high", "p10", "p90", "year", "source"]]
    report(frame, f"{len(frame)} targets", as_json)


def evidence(
    most: Annotated[int, typer.Option(help="How many of the most influential judgements to show.")] = 20,
    as_json: Json = False,
) -> None:
    """Say what the numbers rest on: counts by grade, the judgements that matter most, and what would replace them."""
    from familyabm.truth import evidence as register

    if as_json:
        typer.echo(json.dumps(register.as_records(most), ensure_ascii=False, indent=1))
        return
    show("Parameters by grade of evidence, and how many rest on a figure of the register", register.counts())
    found = register.influential(most)
    shown = found[["address", "mu_star", "alone", "most", "meaning", "reason", "study"]]
    show("The judgements (grade D) that move the targets most, and the study that would replace each", shown)
    typer.echo(
        "mu_star, alone: tolerances of the targets, root mean square; 'familyabm calibrate screen' remakes them."
    )


@calibrate.command()
def screen(
    out: Folder = Path("results/screen"), scale: Scale = 0.05, lucks: Lucks = 1,
    trajectories: Annotated[int, typer.Option(help="Trajectories of Morris's design.")] = 6,
    workers: Workers = 0, ship: Ship = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Rank the unknown settings by how far they move the targets: each alone, then the foremost by Morris."""
    from familyabm.cli_lab import _bar
    from familyabm.truth import screening

    check_folder(out)
    with _bar("Screening") as tell:
        ranking = screening.screen(
            out, scale=scale, lucks=lucks, trajectories=trajectories, workers=workers, tell=tell, say=say
        )
    rounded = screening.as_shipped(ranking)
    write_csv(rounded, out / "screening.csv")
    if ship:
        write_csv(rounded, _data() / "screening.csv")
    report(rounded if as_json else rounded.head(40), "Settings that move the targets most", as_json)


@calibrate.command()
def levels(
    out: Folder = Path("results/levels"),
    settings: Annotated[int, typer.Option(help="How many of the foremost settings may move.")] = 60,
    steps: Annotated[int, typer.Option(help="Steps after the slopes.")] = 8,
    scale: Scale = 0.4, lucks: Lucks = 4, seed: Seed = 1, workers: Workers = 0,
    apply: Annotated[bool, typer.Option("--apply", help="For developers: write the values into the register.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Fit the defaults to England's levels; prints each target before and after, and writes the changes as TOML."""
    from familyabm.cli_lab import _bar
    from familyabm.truth import levels as fitting
    from familyabm.truth.apply import rewrite

    asked = fitting.Asked(settings, steps, scale, lucks, seed)
    check_folder(out)
    with _bar("Fitting") as tell:
        found = fitting.fit(out, asked, workers, tell, say)
    path = out / "settings.toml"
    path.write_text(fitting.as_toml(found.changed, *found.unseen), encoding="utf-8")
    if as_json:
        whole = {
            "distance": found.distance,
            "unseen": found.unseen,
            "targets": records(found.table),
            "settings": found.changed,
        }
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        show("England's levels, before and after", found.table)
    say(f"Written: {path}")
    if apply:
        fitting.check_better(found)
    for changed in rewrite(found.changed) if apply else ():
        say(f"Written: {changed}")


@calibrate.command()
def ensemble(
    out: Folder = Path("results/ensemble"),
    sets: Annotated[int, typer.Option(help="Accepted sets wanted.")] = 100,
    wave: Annotated[int, typer.Option(help="Sets lived in each wave.")] = 160,
    waves: Annotated[int, typer.Option(help="Waves at most.")] = 4,
    scale: Scale = 0.2, lucks: Lucks = 1, seed: Seed = 1, workers: Workers = 0, ship: Ship = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Find the sets of settings that England's figures do not rule out, wave by wave."""
    from familyabm.cli_lab import _bar
    from familyabm.truth import matching as history

    asked = history.Asked(sets, wave, waves, scale, lucks, seed)
    check_folder(out)
    with _bar("Matching") as tell:
        found = history.match(out, asked, workers, tell, say)
    command = (
        f"familyabm calibrate ensemble --sets {sets} --wave {wave} --waves {waves} --scale {scale:g} --lucks {lucks} "
        f"--seed {seed}"
    )
    n = int(found.accepted.sum())
    for folder in (out, _data()) if ship and n else (out,):
        for path in history.ship(found, folder, command, __version__):
            say(f"Written: {path}")
    taught = history.diagnosed(found) if n else {"targets": [], "settings": [], "trade_offs": []}
    if as_json:
        typer.echo(json.dumps({"accepted": n, "lived": len(found.wave)} | history.rounded(taught), indent=1))
    else:
        _print_ensemble(n, len(found.wave), taught)
        for name, one in history.headline(found).items():
            typer.echo(f"{name.capitalize()}: of {one['of']} headline targets, {one['inside_p10_p90']} lie between "
                       f"authorities' P10 and P90, {one['within_a_tenth']} within a tenth.")  # fmt: skip
    if n < sets:
        say(f"{n} sets of {sets} wanted were accepted in {waves} waves; more --waves go on from here.")
        raise typer.Exit(1)


@calibrate.command()
def path(
    runs: Annotated[int, typer.Option(help="Lucks in which the path is lived.")] = 4, scale: Scale = 0.2,
    seed: Seed = 1, csv: Annotated[Path | None, typer.Option(help="Write the path to this file.")] = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Live England's path of 2010 to 2025 from early help's money, poverty and police notification alone."""
    from familyabm.truth import national

    with progress("England, 2010 to 2025", runs) as step:
        found = national.path(runs, scale=scale, seed=seed, done=lambda lived, asked: step())
    report(found, "England's path, driven from outside, and what was published", as_json, csv)


def _print_ensemble(n: int, lived: int, taught: dict[str, Any]) -> None:
    import pandas as pd

    typer.echo(f"{n} sets accepted of {lived} lived.")
    if not n:
        return
    columns = ["code", "value", "low", "high", "set_low", "set_middle", "set_high", "within_before", "within_after"]
    show("What the accepted sets come to, target by target", pd.DataFrame(taught["targets"])[columns])
    free = sum(one["free"] for one in taught["settings"])
    typer.echo(f"{free} of {len(taught['settings'])} settings remain free: their spread is nine tenths of the prior's.")
    narrow = pd.DataFrame(taught["settings"]).sort_values("narrowed")
    show("The settings that England's figures narrow most", narrow.head(15))
    if taught["trade_offs"]:
        show("Settings that trade off", pd.DataFrame(taught["trade_offs"]))


def _data() -> Path:
    import familyabm

    return Path(familyabm.__file__).parent / "data"


# --- How sure a result is ----------------------------------------------------------------------------------


def check_ensemble(n: int) -> None:
    """Refuse a number of sets that there is not, before anything is lived."""
    if n:
        from familyabm.truth import ensemble as accepted

        accepted.sets(n)
        if told := accepted.stale():
            say(told)


def sure_of(found: Any, n: int, contested: bool) -> Any:
    """Live what was asked for beyond a comparison's own pairs, and return how sure it is."""
    from familyabm import what_if
    from familyabm.takeouts import TAKE_OUTS
    from familyabm.truth import spread
    from familyabm.truth.sureness import Sure

    other = without = None
    if n:
        with progress("Other settings that England's figures allow", n) as step:
            other = spread.lived(
                found.snapshot, found.a, found.b, n, years=found.years, done=lambda lived, asked: step()
            )
    if contested:
        lucks = min(found.runs, 10)
        with progress("Without each contested assumption", len(TAKE_OUTS) + 1) as step:
            without = what_if.try_each(
                found.area, found.a, found.b, lucks, found.snapshot.seed, years=found.years,
                scale=found.snapshot.scale, parameters=found.snapshot.parameters,
                done=lambda lived, asked: step(),
            )  # fmt: skip
    return Sure(found, other, without)


def sure_json(sure: Any) -> dict[str, Any]:
    """Return how sure a comparison is, as JSON can hold it."""
    from familyabm.report import sure as how_sure

    return how_sure.as_json(sure)


def print_sure(sure: Any) -> None:
    """Print how sure a comparison is: a table of the headlines, then a sentence for each kind."""
    import pandas as pd

    from familyabm.report import sure as how_sure

    grid = how_sure.grid(sure)
    show(grid.caption, pd.DataFrame(grid.rows, columns=grid.headers))
    for term, said in how_sure.said(sure):
        typer.echo(f"{term}. {said}")


def ranges_of(
    snapshot: "Snapshot", world: "Scenario", n: int, years: int, lucks: int, whole: "pd.DataFrame"
) -> "pd.DataFrame | None":
    """Return each measure's range of luck and of unknown settings, if sets were asked for."""
    if not n:
        return None
    from familyabm.truth import ranges

    by_luck = whole.drop(columns="year").groupby("run").mean()
    with progress("Other settings that England's figures allow", n) as step:
        return ranges.of_world(
            snapshot, world, n, years=years, lucks=lucks, by_luck=by_luck, done=lambda lived, asked: step()
        )
