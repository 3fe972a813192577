"""The pages that only show: home and what is read. They are plain HTML and need no script."""

from collections.abc import Awaitable, Callable
from functools import cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from familyabm.report.page import data_years
from familyabm.report.page import environment as report

from . import texts, view
from .forms import area_names

DOORS = (
    ("/compare", "Compare two worlds", "Services as they are, or another way of working: what differs, what it costs, and how sure that is."),
    ("/watch", "Watch it happen", "The network of families and services, week by week: what each service sees, and what it misses."),
    ("/family", "One family's story", "One family's two lives beside each other, and the moment they part."),
    ("/demand", "Where demand comes from", "Who gets in touch, what becomes of it, and what comes back because it was not sorted."),
    ("/sure", "How sure are we?", "Luck, settings nobody knows, what is left out; which assumption a result rests on; who is reached."),
    ("/try", "Try many settings", "Vary the settings, and see which ones matter."),
    ("/lessons", "Ready lessons", "Ten to twenty minutes each, to project from one laptop: a question, a bet, what the model shows, and what to talk about."),
    ("/live/", "Live", "A town lived as you look, in which you can pull a lever. For trying out, not for figures."),
    ("/report", "Report", "Take the figures along: web page, Word, spreadsheet, data and pictures."),
)  # fmt: skip
"""Where one can go from the home page, and what each page is for."""
READ = {
    "/about": texts.about,
    "/glossary": texts.glossary,
    "/accessibility": texts.accessibility,
    "/privacy": texts.privacy,
}


async def home(request: Request) -> Response:
    """Show where one can go."""
    asked, ignored = view.asked(request)
    doors = [{"path": path, "name": name, "says": says} for path, name, says in DOORS]
    return await run_in_threadpool(
        view.page, request, "home.html.j2", asked, "/", doors=doors, areas=area_names(), data_years=data_years(),
        ignored=ignored,
    )  # fmt: skip


@cache
def _text(path: str) -> texts.Text:
    return READ[path]()


def reading(path: str) -> Callable[[Request], Awaitable[Response]]:
    """Return the page of one text."""

    async def show(request: Request) -> Response:
        asked, ignored = view.asked(request)
        return await run_in_threadpool(
            view.page, request, "text.html.j2", asked, path, ignored=ignored, **_text(path)._asdict()
        )

    return show


async def numbers(request: Request) -> Response:
    """Show the numbers of one group."""
    asked, ignored = view.asked(request)
    text = texts.numbers(request.query_params.get("part", ""))
    return await run_in_threadpool(
        view.page, request, "text.html.j2", asked, "/about", ignored=ignored, **text._asdict()
    )


async def style(request: Request) -> Response:
    """Return the look that pages share with reports."""
    loader = report().loader
    assert loader is not None  # the report's templates always have one
    text = loader.get_source(report(), "style.css")[0]
    return Response(text, media_type="text/css", headers={"cache-control": "no-cache"})


async def missing(request: Request, error: Exception) -> Response:
    """Say that there is no such page."""
    asked, _ = view.asked(request)
    return view.page(request, "fault.html.j2", asked, "", 404, said="There is no such page.", title_="Page not found")


async def icon(request: Request) -> Response:
    """Return the icon that browsers ask for by habit."""
    return FileResponse(view.HERE / "static" / "icon.svg", media_type="image/svg+xml")


ROUTES: list[BaseRoute] = [
    Route("/", home),
    *[Route(path, reading(path)) for path in READ],
    Route("/numbers", numbers),
    Route("/static/report.css", style),
    Route("/favicon.ico", icon),
    Mount("/static", StaticFiles(directory=view.HERE / "static")),
]
