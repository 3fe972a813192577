"""Single figures taken along as files, and what a page adds to a report that no job has kept: a family, a week."""

import csv
import io
import json
import re
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from familyabm import simulation
from familyabm.report import word
from familyabm.report.lab_sure import RANGES
from familyabm.report.sure import IN_SHORT
from familyabm.worlds import STATUS_LINE

from . import exports, items, stories, view, watch
from .items import Item
from .jobs import DONE, Job
from .settings import Settings

JOB = re.compile(r"[a-z]+-[0-9a-f]{24}(-[0-9a-f]{16})?")
TYPES = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8", "json": "application/json"}
FAMILY, WEEK = re.compile(r"family-(\d{1,6})"), re.compile(r"week-(\d{1,4})(?:-(\d{1,2}))?")
ONE_LUCK = "One luck of many: it shows how things happen, not how often. What the model leaves out could change it."
OF_DESIGN = f"{RANGES} What it does not vary and what the model leaves out are in no range."
HOW_SURE = {"lives": ONE_LUCK, "tries": OF_DESIGN, "look": OF_DESIGN}
"""What a file says of how sure it is, by kind of job, where that is not of pairs."""
ONE = "One family in one luck is an illustration: it shows how, not how often."
SAID = 60
"""Weeks of a family's life that a report tells."""


async def file(request: Request) -> Response:
    """Return one figure of a job as a file."""
    return await run_in_threadpool(_file, request)


def _file(request: Request) -> Response:
    name, (identity, _, ending) = request.path_params["job"], request.path_params["name"].rpartition(".")
    folder = request.app.state.home / "jobs" / name
    if not JOB.fullmatch(name) or ending not in TYPES or not folder.is_dir():
        return Response(status_code=404)
    job = Job(name.partition("-")[0], folder)
    item = next((one for one in items.kept(job) if one.identity == identity), None)
    data = None if item is None else _made(item, ending, _of(job.settings(request.app.state.home), name))
    if data is None:
        return Response(status_code=404)
    return view.download(data, f"familyabm-{identity}.{ending}", TYPES[ending])


def _of(settings: Settings, address: str) -> dict[str, str]:
    """Return what every such file says of itself."""
    changed = "; ".join(f"{name} = {value}" for name, value in settings.given())
    return {
        "status": STATUS_LINE,
        "how_sure": HOW_SURE.get(address.partition("-")[0], IN_SHORT),
        "version": simulation.VERSION,
        "settings": changed,
        "address": address,
    }


def _made(item: Item, ending: str, of: dict[str, str]) -> bytes | None:
    """Make a file of an item, None where there is nothing to make it of."""
    if ending == "csv":
        return _csv(item, of) if item.rows else None
    if ending == "json":
        whole = [{"usermeta": {"title": item.title, **of}} | one for one in item.specifications]
        return json.dumps(whole[0] if len(whole) == 1 else whole, indent=1).encode() if whole else None
    if not item.svgs:
        return None
    svg = exports.stacked(item.svgs)
    if ending == "png":
        return word.png(exports.titled(svg, item.title))
    said = f"<desc>{escape('. '.join(of.values()))}</desc>"
    return re.sub(r"(<svg [^>]*>)", lambda found: found[1] + said, svg, count=1).encode()


def _csv(item: Item, of: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*exports.unique(item.headers), *of])
    writer.writerows([[*map(exports.as_cell, row), *of.values()] for row in exports.with_units(item)])
    return text.getvalue().encode("utf-8-sig")


# --- What no job has kept --------------------------------------------------------------------------------------------


def asked_for(job: Job, state: str, taken: list[str]) -> list[Item]:
    """Return the families and weeks among what is taken, made from a job that has lived both worlds."""
    if state != DONE:
        return []
    found = [_family(job, one) or _week(job, one) for one in taken]
    return [item for item in found if item is not None]


def _family(job: Job, identity: str) -> Item | None:
    named = FAMILY.fullmatch(identity)
    picked = stories.choose(stories.features(job), "typical", int(named[1])) if named else None
    if picked is None:
        return None
    told = stories.tell(job, *picked)
    said = [told.who, told.parting, told.standing, ONE]
    said += [f"World {world}, {when}: {words}" for world, life in told.lives.items() for when, words in life[:SAID]]
    item = Item(identity, f"Family {told.number:,} (made up)", told.chosen, said=[one for one in said if one],
                svgs=[str(picture) for picture in told.pictures.values()])  # fmt: skip
    return items.replace_grid(item, told.totals)


def _week(job: Job, identity: str) -> Item | None:
    named = WEEK.fullmatch(identity)
    meta = watch.meta_of(job)
    if named is None or not 1 <= int(named[1]) <= meta["weeks"]:
        return None
    look = int(named[2]) if named[2] and int(named[2]) < len(watch.NAMES) else -1
    tables = watch.tables(job, meta, int(named[1]) - 1, look, "ab")
    rows = [[f"World {one.letter.upper()}: {row[0]}", *row[1:]] for one in tables for row in one.grid.rows]
    said = [f"World {one.letter.upper()}. {one.said}" for one in tables]
    grid = tables[0].grid
    return Item(identity, f"Week {named[1]}", "One luck of many.", said, [], grid.caption, grid.headers, rows)


ROUTES: list[BaseRoute] = [Route("/item/{job}/{name}", file)]
