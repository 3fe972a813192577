"""What the command line prints and writes: messages, progress, tables, JSON and CSV."""

import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from familyabm.errors import InputError
from familyabm.writing import write_whole

if TYPE_CHECKING:
    import pandas as pd


def say(text: str) -> None:
    """Write a message for people, not for programs."""
    typer.echo(text, err=True)


@contextmanager
def progress(title: str, total: int) -> Iterator[Any]:
    """Show a bar with count and time left on standard error; silent when that is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=total)
        yield lambda step=1: bar.advance(task, step)


def plain(value: Any) -> Any:
    """Return a value that JSON can hold: not-a-number becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value.item() if hasattr(value, "item") else value


def records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    """Return a frame's rows as dictionaries that JSON can hold."""
    rows: list[dict[str, Any]] = frame.to_dict(orient="records")  # type: ignore[assignment]
    return [{str(key): plain(value) for key, value in row.items()} for row in rows]


def show(title: str, frame: "pd.DataFrame") -> None:
    """Print a frame as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for column in frame.columns:
        number = frame[column].dtype.kind in "fi"
        table.add_column(str(column), justify="right" if number else "left", overflow="fold")
    for row in frame.itertuples(index=False):
        table.add_row(*(Text(number_text(value)) for value in row))
    width = None if sys.stdout.isatty() else 140
    Console(width=width).print(table)


def number_text(value: Any) -> str:
    """Write a number as people read it."""
    if not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"


def report(frame: "pd.DataFrame", title: str, as_json: bool, csv: Path | None = None) -> None:
    """Print a catalogue as a table or as JSON, or write it as CSV."""
    if csv is not None:
        write_csv(frame, csv)
    if as_json:
        typer.echo(json.dumps(records(frame), ensure_ascii=False, indent=1))
    elif csv is None:
        show(title, frame)


def write_csv(frame: "pd.DataFrame", path: Path) -> None:
    """Write a frame as CSV, whole or not at all; one sentence if the folder will not take it."""
    write_text(frame.to_csv(index=False, lineterminator="\n"), path)


def write_text(text: str, path: Path) -> None:
    """Write a text, whole or not at all, and say where; one sentence if the folder will not take it."""
    if not path.name or path.is_dir():
        raise InputError(f"{path} is a folder; the name of a file to write would be accepted.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode())
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None
    say(f"Written: {path}")


def matching(frame: "pd.DataFrame", text: str) -> "pd.DataFrame":
    """Keep the rows that contain the text in any column."""
    if not text:
        return frame
    found = frame.astype(str).apply(lambda column: column.str.contains(text, case=False, regex=False))
    kept: pd.DataFrame = frame[found.any(axis=1)]
    return kept


_MADE: list[Path] = []
"""Folders that this command has made."""


def make_folder(path: Path) -> None:
    """Make a folder, to be taken back if the command is refused after all; raise OSError where it cannot be made."""
    _MADE.extend(one for one in (path, *path.parents) if not one.exists())
    path.mkdir(parents=True, exist_ok=True)


def check_folder(out: Path | None) -> None:
    """Make the folder for results, or refuse one that cannot be written before anything is worked out."""
    if out is None:
        return
    try:
        make_folder(out)
        trial = out / ".trial"
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None


def take_back_folders() -> None:
    """Take away the folders that this command has made and that hold nothing, because it was then refused."""
    for path in sorted(_MADE, key=lambda made: len(made.parts), reverse=True):
        with suppress(OSError):
            path.rmdir()
    _MADE.clear()
