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
    ("/compare", "Compare two worlds", "What differs between services as they are and another way of working, what it costs and whom, and how often luck turns it round.", "About 5 minutes. Place a bet first."),
    ("/watch", "Watch it happen", "The town week by week: which service meets which family, who passes them on, and what each service cannot see.", "About 2 minutes to look, as long as you like to play."),
    ("/family", "One family's story", "Two lives of one family, and the moment they part.", ""),
    ("/demand", "Where demand comes from", "What comes back because it was not sorted, and on whom it lands.", ""),
    ("/sure", "How sure are we?", "Luck, settings nobody knows, what is left out, and which assumption a result rests on.", ""),
    ("/try", "Try many settings", "For researchers: vary settings, and see which ones matter.", ""),
    ("/lessons", "Ready lessons", "Ten to twenty minutes each, to project from one laptop: a question, a bet, what the model shows, and what to talk about.", ""),
    ("/workshop", "Workshop for a room", "One to two hours for twenty to thirty people: each table is one service of a town, by phone or on paper. Then the same families, ten years on.", ""),
    ("/report", "Report", "Web page, Word, spreadsheet, data and pictures.", ""),
    ("/live/", "Live", "Pull a lever while a town lives on. For trying out, not for figures.", ""),
)  # fmt: skip
"""Where one can go from the home page, and what each page is for; the first two take the time that is said."""
READ = {
    "/about": texts.about,
    "/glossary": texts.glossary,
    "/accessibility": texts.accessibility,
    "/privacy": texts.privacy,
    "/measures": texts.every_measure,
}


async def home(request: Request) -> Response:
    """Show where one can go."""
    asked, ignored = view.asked(request)
    doors = [{"path": path, "name": name, "says": says, "takes": takes} for path, name, says, takes in DOORS]
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
