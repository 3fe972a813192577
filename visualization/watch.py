"""Watch it happen: the picture of both worlds, and the equal table, at any week."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from familyabm.report.figures import Grid

from . import compare, counts, knowing, record, view
from .jobs import DONE, Job
from .record import SERVICES, Record

PARTS = {"meta.json": "application/json"} | dict.fromkeys(
    ("a.bin", "b.bin", "places.bin", "parted.bin"), "application/octet-stream"
)
NAMES = list(SERVICES.values())


class Table(NamedTuple):
    """What stands in the table for one world."""

    letter: str
    title: str
    said: str
    grid: Grid
    passes: Grid


@lru_cache(maxsize=6)
def _record(path: Path, changed: float) -> Record:
    return record.load(path)


def record_of(job: Job, letter: str) -> Record:
    """Return one world's record; the last few are kept in memory."""
    path = job.folder / f"{letter}.bin"
    return _record(path, path.stat().st_mtime)


def meta_of(job: Job) -> dict[str, Any]:
    """Return what goes with the records, nothing before they are there."""
    found: dict[str, Any] = json.loads(job.text("meta.json") or "{}")
    return found


async def show(request: Request) -> Response:
    """Show the page in whatever state its lives are."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    asked, ignored = view.asked(request)
    job, state = compare.job_of(request, "lives", asked)
    meta = meta_of(job) if state.state == DONE else {}
    shown: dict[str, Any] = {
        "meta": meta,
        "tables": [],
        "week": 0,
        "look": -1,
        "world": "both",
        "counted": "",
        "charts": "",
        "family": "",
    }
    if meta:
        week, look, world = _chosen(request, meta)
        shown |= {"week": week, "look": look, "world": world, "charts": Markup(job.text("charts.html"))}
        shown["tables"] = tables(job, meta, week, look, "ab" if world == "both" else world)
        shown["counted"] = shown["tables"][0].said
        number = request.query_params.get("family", "")
        shown["family"] = number if number.isascii() and number.isdigit() and len(number) < 7 else ""
    return view.page(
        request, "watch.html.j2", asked, "/watch", ignored=ignored, **shown,
        **knowing.shown(request.app.state.jobs, asked),
        **compare.progress(request, "watch", job, state, asked),
    )  # fmt: skip


def _chosen(request: Request, meta: dict[str, Any]) -> tuple[int, int, str]:
    """Return the week from 0, the service looked as, and the world, of a link; what cannot be is as at the start."""
    given = request.query_params
    week = given.get("week", "")
    look, world = given.get("look", "-1"), given.get("world", "both")
    found = int(week) - 1 if week.isascii() and week.isdigit() and 1 <= len(week) <= 5 else 51
    place = int(look) if look.isascii() and look.isdigit() and len(look) < 3 and int(look) < len(NAMES) else -1
    return max(0, min(meta["weeks"] - 1, found)), place, world if world in ("a", "b") else "both"


def tables(job: Job, meta: dict[str, Any], week: int, look: int, letters: str) -> list[Table]:
    """Return the tables of a week."""
    found = []
    for letter in letters:
        kept = record_of(job, letter)
        counted = counts.count(kept, week, look)
        title = meta["worlds"]["ab".index(letter)]
        found.append(
            Table(letter, title, sentence(counted, kept, look), counts.grid(counted, week), _passes(kept, week))
        )
    return found


def sentence(counted: counts.Count, kept: Record, look: int) -> str:
    """Say what a week's table comes to."""
    if look >= 0:
        name = NAMES[look]
        return (
            f"What {name.lower()} can see: {counted.seen:,} of {kept.homes:,} families. "
            f"In these four weeks {counted.new:,} arrived with new need and {counted.back:,} came back."
        )
    calm, worried, crisis = counted.bands
    return (
        f"In these four weeks {counted.new:,} pieces of work came with new need and {counted.back:,} came back because "
        f"the need was not sorted. {calm:,} families are calm, {worried:,} worried, {crisis:,} in crisis; "
        f"{counted.waiting:,} wait; {counted.several:,} met three services or more within a year."
    )


def _passes(kept: Record, week: int) -> Grid:
    whole = counts.passes(kept, week)
    pairs = sorted(((int(n), one, other) for (one, other), n in _items(whole) if n and one != other), reverse=True)
    rows = [[NAMES[one], NAMES[other], f"{n:,}"] for n, one, other in pairs[:30]]
    return Grid("The year up to this week", ["From", "To", "Times"], rows)


def _items(whole: Any) -> Any:
    return (((one, other), whole[one, other]) for one in range(len(NAMES)) for other in range(len(NAMES)))


async def table(request: Request) -> Response:
    """Return the tables of a week, as a part of the page."""
    return await run_in_threadpool(_table, request)


def _table(request: Request) -> Response:
    asked, _ = view.asked(request)
    job, state = compare.job_of(request, "lives", asked)
    meta = meta_of(job)
    if state.state != DONE or not meta:
        return Response(status_code=404)
    week, look, world = _chosen(request, meta)
    found = tables(job, meta, week, look, "ab" if world == "both" else world)
    text = view.environment().get_template("watch_tables.html.j2").render(tables=found)
    return Response(text, media_type="text/html")


async def part(request: Request) -> Response:
    """Return a part of what the picture plays."""
    asked, _ = view.asked(request)
    job, _ = compare.job_of(request, "lives", asked)
    name = request.path_params["name"]
    path = job.folder / name
    if name not in PARTS or not path.exists():
        return Response(status_code=404)
    return FileResponse(path, media_type=PARTS[name], headers={"cache-control": "private, max-age=600"})


ROUTES: list[BaseRoute] = [
    Route("/watch", show),
    Route("/watch/table", table),
    Route("/lives/{name}", part),
    *compare.polls("/watch", "lives"),
]
