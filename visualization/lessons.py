"""Ready lessons: choose one, let the model live it, and project it from this server or take it along as one file."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from familyabm import lessons
from familyabm.errors import InputError
from familyabm.lessons import Lesson
from familyabm.report.page import environment as report

from . import compare, teaching, view
from .jobs import DONE, ENDED, NONE, Job, Jobs, State, put
from .settings import Settings, World, read


def settings_of(lesson: Lesson, asked: Settings) -> Settings:
    """Return what a lesson runs: its own worlds and size, in the area and with the luck asked for."""
    return Settings(
        area=asked.area, luck=asked.luck, families=lesson.families, years=lesson.years, pairs=lesson.pairs,
        a=World(lesson.a.name), b=World(lesson.b.name),
    )  # fmt: skip


def job_of(request: Request, lesson: Lesson, asked: Settings) -> tuple[Job, State]:
    """Return a lesson's job and how far it is."""
    jobs: Jobs = request.app.state.jobs
    job = jobs.of("lesson", asked, lesson.name)
    return job, jobs.state(job)


def _asked(request: Request) -> tuple[Lesson, Settings]:
    """Return the lesson that a page is of and what it runs; there is no such page if there is no such lesson."""
    name = request.path_params["name"]
    if name not in lessons.names():
        raise LookupError(name)
    lesson = lessons.find(name)
    return lesson, settings_of(lesson, view.asked(request)[0])


async def listed(request: Request) -> Response:
    """Show all lessons."""
    asked, ignored = view.asked(request)
    found = [lessons.find(name) for name in lessons.names()]
    return await run_in_threadpool(
        view.page, request, "lessons.html.j2", asked, "/lessons", ignored=ignored, lessons=found
    )


async def show(request: Request) -> Response:
    """Show one lesson: what it asks, how far its runs are, and where to open it."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    try:
        lesson, asked = _asked(request)
    except LookupError:
        return _missing(request)
    job, state = job_of(request, lesson, asked)
    here, query = f"/lessons/{lesson.name}", asked.query()
    shown: dict[str, Any] = {
        "state": state, "said": compare.said(job, state, request.app.state.jobs.ahead(job)), "given": asked.given(),
        "go": "", "poll": f"{here}/state{query}", "fill": "", "what_runs": "Pairs",
        "button": "Run the lesson" if state.state == NONE else "Go on",
        "places": {"start": f"{here}/start", "stop": f"{here}/stop"}, "done": state.state == DONE,
    }  # fmt: skip
    return view.page(request, "lesson_door.html.j2", asked, "/lessons", lesson=lesson, link=query, **shown)


def _missing(request: Request) -> Response:
    asked, _ = view.asked(request)
    return view.page(request, "fault.html.j2", asked, "", 404, said="There is no such lesson.", title_="Page not found")


async def tell(request: Request) -> Response:
    """Tell the page's script how far the runs are."""
    try:
        lesson, asked = _asked(request)
    except LookupError:
        return _missing(request)
    job, state = await run_in_threadpool(job_of, request, lesson, asked)
    words = compare.said(job, state, request.app.state.jobs.ahead(job))
    return JSONResponse({
        "done": state.done, "asked": state.asked, "version": state.version, "said": words,
        "ended": state.state in (*ENDED, NONE),
    }, headers={"cache-control": "no-store"})  # fmt: skip


async def _sent(request: Request) -> tuple[Lesson, Settings]:
    """Return the lesson and the settings that its own button sent."""
    form = await request.form(max_files=0, max_fields=50)
    given = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name != "go"]
    asked, problems = read(given, request.app.state.home, Settings(area=request.app.state.start))
    if problems:
        raise InputError(problems[0].message)
    lesson = lessons.find(request.path_params["name"])
    return lesson, settings_of(lesson, asked)


async def start(request: Request) -> Response:
    """Start a lesson's runs, or go on with them."""
    lesson, asked = await _sent(request)
    jobs: Jobs = request.app.state.jobs
    job = jobs.of("lesson", asked, lesson.name)
    try:
        await run_in_threadpool(_start, jobs, job, lesson, asked)
    except InputError as error:
        return view.page(request, "fault.html.j2", asked, "", 503, said=str(error), title_="familyabm is busy")
    return RedirectResponse(f"/lessons/{lesson.name}{asked.query()}", 303)


def _start(jobs: Jobs, job: Job, lesson: Lesson, asked: Settings) -> None:
    job.folder.mkdir(parents=True, exist_ok=True)
    put(job.folder / teaching.NAME, lesson.name.encode())
    jobs.start(job, asked)


async def stop(request: Request) -> Response:
    """Stop a lesson's runs and keep what is done."""
    lesson, asked = await _sent(request)
    jobs: Jobs = request.app.state.jobs
    jobs.stop(jobs.of("lesson", asked, lesson.name))
    return RedirectResponse(f"/lessons/{lesson.name}{asked.query()}", 303)


async def projected(request: Request) -> Response:
    """Return the lesson to be projected; before its runs are done, the page that tells of them."""
    return await _page(request, teaching.PROJECTED)


async def taken(request: Request) -> Response:
    """Return the lesson as one file that needs nothing else."""
    return await _page(request, teaching.FILE)


async def _page(request: Request, name: str) -> Response:
    try:
        lesson, asked = _asked(request)
    except LookupError:
        return _missing(request)
    job, state = await run_in_threadpool(job_of, request, lesson, asked)
    text = job.text(name)
    if state.state != DONE or not text:
        return RedirectResponse(f"/lessons/{lesson.name}{asked.query()}", 303)
    if name == teaching.FILE:
        return view.download(text.encode(), f"familyabm-lesson-{lesson.name}.html", "text/html; charset=utf-8")
    return HTMLResponse(text)


async def script(request: Request) -> Response:
    """Return the script of a projected lesson, which a file has within it."""
    loader = report().loader
    assert loader is not None  # the report's templates always have one
    text = loader.get_source(report(), "lesson.js")[0]
    return Response(text, media_type="text/javascript", headers={"cache-control": "no-cache"})


ROUTES: list[BaseRoute] = [
    Route("/lessons", listed),
    Route(teaching.SCRIPT, script),
    Route("/lessons/{name}", show),
    Route("/lessons/{name}/state", tell),
    Route("/lessons/{name}/start", start, methods=["POST"]),
    Route("/lessons/{name}/stop", stop, methods=["POST"]),
    Route("/lessons/{name}/show", projected),
    Route("/lessons/{name}/file", taken),
]
