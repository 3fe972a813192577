"""Report: what was found, chosen, ordered and put into words, as a file."""

import asyncio
import json
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from . import compare, exports, items, knowing, taking, view
from .items import Item
from .jobs import DONE, STOPPED
from .knowing import FRAMES
from .settings import Problem, Settings, read

FIRST = ("summary", "costs", "trend-looked-after", "difference-spend", "pairs", "measures")
"""What a report holds unless somebody chooses otherwise."""
KINDS = ("pairs", "lives", "sets", "doubts", "shares", "equity")
"""Jobs whose figures a report can hold."""
MOST_TAKEN = 40
NOTHING = "Choose at least one thing to go into the report"


async def show(request: Request) -> Response:
    """Show what a report can be made of."""
    asked, ignored = view.asked(request)
    taken = request.query_params.getlist("take")
    return await run_in_threadpool(_show, request, asked, ignored, {"taken": taken} if taken else {}, "")


def _show(request: Request, asked: Settings, ignored: list[Problem], typed: dict[str, Any], wrong: str) -> Response:
    job, state = compare.job_of(request, "pairs", asked)
    taken = typed.get("taken") or list(FIRST)
    found = _in_order(available(request, asked, taken), taken) if state.state in (DONE, STOPPED) else []
    area = asked.place(request.app.state.home).la_name
    listed = [
        {"identity": item.identity, "title": item.title, "place": f"{10 * place}", "kind": _kind(item)}
        for place, item in enumerate(found, start=1)
    ]
    shown = {
        "items": listed, "taken": taken, "title": f"{area}: two ways of working with families", "words": "",
        "lives": any(item.identity.startswith("months-") for item in found), "wrong": wrong,
        "formats": [(kind, exports.FORMATS[kind][0]) for kind in exports.offered()],
        "pdf": exports.can_make_pdf(),
    }  # fmt: skip
    problems = [Problem("items", "", wrong)] if wrong else []
    return view.page(
        request, "report.html.j2", asked, "/report", 422 if wrong else 200, ignored=ignored, problems=problems,
        **knowing.shown(request.app.state.jobs, asked), **(shown | typed),
        **compare.progress(request, "report", job, state, asked),
    )  # fmt: skip


def _kind(item: Item) -> str:
    return "figure and table" if item.svgs else "sentences" if item.said else "table"


def _in_order(found: list[Item], taken: list[str]) -> list[Item]:
    """Return what is taken first, in the order in which it was, and then the rest."""
    return sorted(found, key=lambda item: taken.index(item.identity) if item.identity in taken else len(taken))


def available(request: Request, asked: Settings, taken: list[str]) -> list[Item]:
    """Return everything that has been found for these settings, and the families and weeks that somebody took."""
    jobs = request.app.state.jobs
    lives = jobs.of("lives", asked)
    kept = [item for kind in KINDS for item in items.kept(jobs.of(kind, asked))]
    return [*kept, *taking.asked_for(lives, jobs.state(lives).state, taken[:MOST_TAKEN])]


async def file(request: Request) -> Response:
    """Make the file that was asked for, in a process beside the server."""
    form = await request.form(max_files=0, max_fields=400)
    own = ("title", "words", "item", "kind")
    given = [(name, value) for name, value in form.multi_items()
             if isinstance(value, str) and name not in own and not name.startswith(("place.", "title."))]  # fmt: skip
    asked, _ = read(given, request.app.state.home, Settings(area=request.app.state.start))
    ticked = [str(value) for value in form.getlist("item")]
    found = await run_in_threadpool(available, request, asked, ticked)
    chosen = choose(form, found)
    words = [part.strip() for part in str(form.get("words", ""))[:5000].replace("\r", "").split("\n\n") if part.strip()]
    title = str(form.get("title", ""))[:150].strip() or "Two ways of working with families"
    kind = str(form.get("kind", "html"))
    if not chosen or kind not in exports.offered():
        typed = {"title": title, "words": str(form.get("words", ""))[:5000], "taken": ["nothing"]}
        return await run_in_threadpool(_show, request, asked, [], typed, NOTHING)
    jobs = request.app.state.jobs
    known = knowing.read(jobs, asked)
    if known.table is not None:
        chosen.append(items.of_grid("how-sure", "Both ranges, signs, and pairs still needed", known.table))
    made = exports.Report(title, words, chosen, _about(request, asked), known.said, _extra(request, asked))
    data = await asyncio.wrap_future(jobs.beside(exports.make, kind, made))
    name = f"familyabm-report-{asked.address[:8]}.{exports.FORMATS[kind][1]}"
    return view.download(data, name, exports.FORMATS[kind][2])


def choose(form: FormData, found: list[Item]) -> list[Item]:
    """Return the items that a form ticks, in the order of its numbers, with its titles."""
    ticked = {str(value) for value in form.getlist("item")}
    chosen = [(_place(str(form.get(f"place.{item.identity}", "")), at), at, item) for at, item in enumerate(found)]
    kept = [(place, at, item) for place, at, item in chosen if item.identity in ticked]
    return [
        replace(item, title=str(form.get(f"title.{item.identity}", ""))[:150].strip() or item.title)
        for _, _, item in sorted(kept, key=lambda entry: entry[:2])
    ]


def _place(text: str, usual: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 10 * (usual + 1)


def _about(request: Request, asked: Settings) -> list[tuple[str, str]]:
    home = request.app.state.home
    job = request.app.state.jobs.of("pairs", asked)
    meta = json.loads(job.text("address.json") or '{"address": "", "command": ""}')
    link = f"{str(request.base_url).rstrip('/')}/compare{asked.query()}"
    found = items.about(asked, asked.place(home), asked.worlds(), meta["address"], link)
    return [*found, ("Command", meta["command"])]


def _extra(request: Request, asked: Settings) -> dict[str, str]:
    """Return the files of plain numbers: every measure, year and pair, low and high beside each value."""
    folder = request.app.state.jobs.of("pairs", asked).folder
    return {
        f"numbers-{path.name.removeprefix(FRAMES)}": path.read_text(encoding="utf-8")
        for path in sorted(folder.glob(f"{FRAMES}*.csv"))
    }


ROUTES: list[BaseRoute] = [
    Route("/report", show),
    Route("/report/file", file, methods=["POST"]),
    *compare.polls("/report", "pairs"),
]
