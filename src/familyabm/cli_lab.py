"""The commands of the lab: a study checked, run, looked at, taken out, gathered, verified and repeated."""

import json
import os
import re
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from familyabm.console import number_text, plain, records, say, show
from familyabm.errors import InputError, shown

if TYPE_CHECKING:
    from familyabm.lab.execute import Options, Progress
    from familyabm.lab.results import StudyResults
    from familyabm.lab.study_files import StudyFile

study = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode="rich",
    help="Many runs as one study: a design, a folder of results that survives, and what can be read from it.",
)  # fmt: skip

Folder = Annotated[Path, typer.Argument(help="The study's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Names = Annotated[str, typer.Option("--measures", help="Measures by name, with commas between; by default all.")]
Workers = Annotated[int, typer.Option(help="Processes on this machine; 0 takes one per core.")]
_MINUTE = 60.0
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)?")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, None: 1.0}


@study.command()
def check(
    file: Annotated[Path, typer.Argument(help="A study, a .toml file.")], workers: Workers = 0, as_json: Json = False
) -> None:
    """Say what a study will take, and what would be refused, before anything runs."""
    from familyabm.lab import cluster, execute, outlook

    read = _file(file)
    cluster.check(read.cluster, file.name)
    execute.compile_first(say)
    found = outlook.outlook(read.study, workers=workers, folder=_home(file))
    if found.disk > found.free:
        raise InputError(f"{file.name}: {_bytes(found.disk)} are needed and {_bytes(found.free)} of disk are free.")
    if as_json:
        typer.echo(json.dumps({"study": read.study.name, **vars(found)}, indent=1))
        return
    for line in _outlook_lines(read, found):
        typer.echo(line)


def _outlook_lines(read: "StudyFile", found: Any) -> list[str]:
    from familyabm.report.words import count

    asked, same = read.study, found.planned - found.runs
    return [
        f"{asked.title or asked.name}: {asked.design.kind} of {count(len(asked.factors), 'factor')}.",
        f"{count(found.runs, 'run')}: {count(found.points, 'point')}, {count(len(asked.areas), 'area')}, "
        f"{count(len(asked.worlds), 'world')}, {count(len(asked.lucks) * len(asked.seeds), 'luck')}, "
        f"{count(asked.years, 'year')} each"
        + (f"; {same:,} more come to the same lives and are lived once." if same else "."),
        f"{count(found.pasts, 'past')} of 17 years to be lived first.",
        f"About {_duration(found.seconds)} on {count(found.cores, 'core')} here "
        f"({_duration(found.core_seconds)} of one core).",
        f"About {_bytes(found.disk)} of disk; {_bytes(found.free)} are free.",
        "Nothing in it would be refused.",
    ]


def _file(path: Path) -> "StudyFile":
    from familyabm.lab import study_files

    return study_files.load(path)


def _home(file: Path) -> Path:
    return Path("results") / file.stem


def _duration(seconds: float) -> str:
    for size, unit in ((86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2.0 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(1.0, seconds):.0f} seconds"


def _bytes(size: float) -> str:
    for large, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if size >= large:
            return f"{size / large:.1f} {unit}"
    return f"{max(1.0, size / 1e3):.0f} kB"


@study.command()
def run(
    target: Annotated[Path, typer.Argument(help="A study (.toml), or the folder of one to go on with.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the study; by default results/NAME.")] = None,
    workers: Workers = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a Dask scheduler, such as tcp://host:8786.")] = "",
    stop_after: Annotated[str, typer.Option(help="Stop in good order after a time, such as 90s, 30m or 8h.")] = "",
    pilot: Annotated[bool, typer.Option("--pilot", help="Run one of each corner of the design only.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Live again what failed or timed out.")] = False,
    reuse: Annotated[Path | None, typer.Option(help="Take over the runs that another study's folder holds.")] = None,
    share: Annotated[str, typer.Option(help="Begin at a share of the runs, as 3/10; other runners take theirs.")] = "",
    script: Annotated[bool, typer.Option("--script", help="Write a SLURM job array, run nothing.")] = False,
    allow_mixed: Annotated[bool, typer.Option("--allow-mixed", help="Go on with other code, and record it.")] = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Run a study, or go on with it: what is stored is never lived again."""
    from familyabm.lab import cluster, running

    read = _file(target) if target.suffix == ".toml" or not os.path.isdir(target) else None
    place = out or (_home(target) if read else target)
    cluster.check(read.cluster if read else {}, target.name)
    options = _options(workers, scheduler, read, stop_after, share, retry_failed, pilot)
    if script:
        _write_script(running.prepare(read.study if read else None, place, allow_mixed).folder, read)
        return
    opened = running.prepare(read.study if read else None, place, allow_mixed)
    with _bar(opened.study.title or opened.study.name) as tell:
        results, progress = running.run_study(
            None, place, options, reuse=reuse, allow_mixed=allow_mixed, tell=tell, say=say
        )
    _tell_end(results, progress, as_json)


def _options(
    workers: int, scheduler: str, read: "StudyFile | None", stop_after: str, share: str, retry: bool,
    pilot: bool,
) -> "Options":  # fmt: skip
    from familyabm.lab.execute import Options

    if not 0 <= workers <= 4096:
        raise InputError(f"--workers {workers} is not accepted; 0 to 4096 is.")
    machines = {} if scheduler or read is None else dict(read.cluster)
    return Options(workers, scheduler, machines, _seconds(stop_after), _share(share), retry, pilot)


def _seconds(text: str) -> float | None:
    if not text:
        return None
    match = _TIME.fullmatch(text.strip())
    if match is None or not 0.0 < float(match[1]) * _UNITS[match[2]] <= 365 * 86_400.0:
        raise InputError(f"--stop-after {shown(text)} is not a time; 90s, 30m, 8h or 2d would be accepted.")
    return float(match[1]) * _UNITS[match[2]]


def _share(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise InputError(f"--share {shown(text)} is not a share; 3/10 would be accepted.")
    return int(match[1]), int(match[2])


def _write_script(folder: Path, read: "StudyFile | None") -> None:
    from familyabm.lab import cluster

    path = Path(f"{folder.name}.slurm")
    try:
        path.write_text(cluster.script(folder, read.cluster if read else {}), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None
    say(f"Written: {path}; the study is in {folder}. Send it with: sbatch {path}")


@contextmanager
def _bar(title: str) -> Iterator[Any]:
    """Show count, rate, time left and failures on standard error while a study runs."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(title)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[how]}"))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title.replace("[", r"\["), total=None, how="starting workers")
        yield lambda progress: bar.update(task, total=progress.total, completed=progress.stored, how=_how(progress))


class _Lines:
    """Progress as lines of a log, the first after a minute and then one a minute."""

    def __init__(self, title: str) -> None:
        self._title, self._last = title, time.monotonic()

    def __call__(self, progress: "Progress") -> None:
        """Tell how far a study is, if a minute has gone by."""
        if time.monotonic() - self._last >= _MINUTE:
            self._last = time.monotonic()
            say(f"{self._title}: {progress.stored:,} of {progress.total:,} runs, {_how(progress)}")


def _how(progress: "Progress") -> str:
    if progress.left is None:
        return "starting workers"
    failed = f", {progress.failed:,} failed" if progress.failed else ""
    return f"{progress.rate:,.1f} a second, {_duration(progress.left)} left{failed}"


def _tell_end(results: "StudyResults", progress: "Progress", as_json: bool) -> None:
    """Say how a study ended; exit with 1 where it was stopped or a run failed."""
    counts = results.runs.drop_duplicates("address")["status"].value_counts().to_dict()
    left = progress.total - progress.stored
    if as_json:
        typer.echo(json.dumps(_status(results), indent=1))
    else:
        typer.echo(f"{results.folder}: {_counted(counts)}; {progress.here:,} of them now.")
    failures = results.failures.drop_duplicates("address")
    for row in failures.head(3).itertuples():
        say(f"{row.status}: {row.error_type}: {row.error}  Repeat it: {row.repeat}")
    if len(failures) > 3:
        say(f"… and {len(failures) - 3:,} more: familyabm study status {results.folder}")
    if progress.stopped:
        say(f"Stopped, because {progress.stopped}: {left:,} runs are left; the same command goes on.")
    if progress.stopped or len(failures) or left:
        raise typer.Exit(1)


def _counted(counts: dict[Any, int]) -> str:
    return ", ".join(f"{n:,} runs {status}" for status, n in counts.items()) or "no run stored yet"


@study.command()
def status(folder: Folder, as_json: Json = False) -> None:
    """Say how far a study is, whether it is being run, and what failed."""
    results = _results(folder)
    whole = _status(results)
    if as_json:
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=1))
        return
    typer.echo(f"{whole['title']}: {whole['stored']:,} of {whole['runs']:,} runs stored in {whole['parts']:,} parts.")
    typer.echo(f"{_counted(whole['counts'])}. {_at_work(whole['runners'])} at work within the last minute.")
    if whole["failures"]:
        show("What failed", _frame_of(whole["failures"]))


def _at_work(n: int) -> str:
    return f"{n or 'No'} runner{'' if n == 1 else 's'}"


def _results(folder: Path) -> "StudyResults":
    from familyabm.lab.results import open_study

    return open_study(folder)


def _frame_of(rows: list[dict[str, Any]]) -> Any:
    import pandas as pd

    return pd.DataFrame(rows)[["status", "error_type", "error", "repeat"]].head(50)


def _status(results: "StudyResults") -> dict[str, Any]:
    from familyabm.lab import execute

    runs = results.runs.drop_duplicates("address")
    failures = runs[runs["status"] != "done"][["address", "status", "error_type", "error", "settings", "repeat"]]
    return {
        "title": results.study.title or results.study.name, "runs": results.store.size, "stored": len(runs),
        "counts": {str(name): int(n) for name, n in runs["status"].value_counts().items()}, "parts": len(results.parts),
        "seconds": float(runs["seconds"].sum()), "runners": len(execute.alive(results.folder)),
        "failures": records(failures),
    }  # fmt: skip


@study.command()
def table(
    folder: Folder, measures: Names = "",
    by_point: Annotated[bool, typer.Option("--by-point", help="Each point of the design by itself.")] = False,
    sql: Annotated[str, typer.Option(help="A query about runs, measures, by_year, points, factors and plan.")] = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Print each measure's mean and spread over runs (with --by-point over lucks), or the answer to a query."""
    from familyabm.lab import exports

    results = _results(folder)
    found = results.sql(sql) if sql else exports.summary(results, _list(measures), by_point)
    if as_json:
        typer.echo(json.dumps(records(found), ensure_ascii=False, indent=1, default=str))
    else:
        show(f"{results.study.title or results.study.name}: {len(results.runs):,} runs", found)


def _list(measures: str) -> list[str] | None:
    return [name.strip() for name in measures.split(",")] if measures else None


@study.command()
def export(
    folder: Folder,
    to: Annotated[Path, typer.Option("--to", help="File to write: .parquet, .duckdb, .csv or .xlsx.")],
    measures: Names = "",
) -> None:
    """Write a study's results to one file, a row for each run."""
    from familyabm.lab import exports

    say(f"Written: {exports.export(_results(folder), to, _list(measures))}")


@study.command()
def compact(folder: Folder) -> None:
    """Gather the many parts of a study into one, so that it is quick to read and to copy."""
    from familyabm.lab import gather, store

    say(f"{gather.gather(store.open_store(folder)):,} parts are one.")


@study.command()
def verify(folder: Folder, as_json: Json = False) -> None:
    """Check a study's folder byte for byte against its checksums; exit with 1 if anything is not as it was stored."""
    from familyabm.lab import verify as checks

    if not os.path.isdir(folder):  # Path.is_dir raises for a name that is too long
        raise InputError(f"{shown(str(folder))} is not a folder.")
    found = checks.verify(folder)
    if as_json:
        typer.echo(json.dumps([damage._asdict() for damage in found], indent=1))
    else:
        typer.echo("\n".join(f"{d.file} {d.what}." for d in found) or f"{folder}: everything is as it was stored.")
    if found:
        raise typer.Exit(1)


@study.command()
def repeat(
    folder: Folder, address: Annotated[str, typer.Argument(help="The run's address, or how it begins.")],
    as_json: Json = False,
) -> None:  # fmt: skip
    """Live one run of a study again, here and now, and show what it comes to or how it fails."""
    from familyabm.lab import living, plan, store

    opened = store.open_store(folder)
    cell = plan.of_address(opened.plan(), address)
    try:
        outcome = living.live_cell(opened.study, cell, living.Pasts())
    except Exception:
        say(traceback.format_exc().rstrip())
        raise typer.Exit(1) from None
    if as_json:
        values = {name: plain(value) for name, value in outcome.measures.items()}
        typer.echo(json.dumps({"address": cell.address, "measures": values}, indent=1))
        return
    typer.echo(f"Run {cell.address[:16]}: {cell.area}, {cell.world}, point {cell.point}, luck {cell.luck}.")
    for name, value in outcome.measures.items():
        typer.echo(f"{name:40} {number_text(value)}")
