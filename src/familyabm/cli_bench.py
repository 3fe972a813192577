"""The command that measures speed and size. It is added to the command line in `cli`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from familyabm.console import say, show, write_text
from familyabm.errors import InputError


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Small towns, a minute: that it runs.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Measure only this figure; may be repeated.")] = None,
    to: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
    read: Annotated[Path | None, typer.Option(help="Measure nothing: read the figures from such a file.")] = None,
    write: Annotated[Path | None, typer.Option(help="Write the documentation page, docs/bench.md.")] = None,
) -> None:
    """Measure speed and size against their bars, with the anchors in C and in Mesa in the same run."""
    import pandas as pd

    from familyabm.bench import page, run

    if read is not None and (quick or only or to is not None):
        raise InputError("--read measures nothing; --quick, --only and --json cannot go with it.")
    run.check(only or [])
    for path in filter(None, (to, write)):
        if path.is_dir() or not path.parent.is_dir():
            raise InputError(f"{path} cannot be written; the name of a file in a folder that exists is accepted.")
    found = figures(read) if read is not None else run.measured(quick, only or [], say)
    if to is not None:
        write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", to)
    if write is not None:
        write_text(page.document(found), write)
    show(f"Speed and size, {found['date']}", pd.DataFrame(page.rows(found)))


def figures(path: Path) -> dict[str, Any]:
    """Read figures that were measured before."""
    from familyabm.bench.rows import NAMES

    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        names = tuple(figure["name"] for figure in found["figures"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"--read {path} is not a file that 'familyabm bench --json' wrote.") from None
    if names != NAMES:
        raise InputError(f"--read {path} holds other figures than this version measures; measure anew.")
    return found
