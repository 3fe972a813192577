"""Where demand comes from: the page around what the worker read off one luck."""

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from . import compare, knowing, view
from .jobs import DONE


async def show(request: Request) -> Response:
    """Show the page in whatever state its lives are."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    asked, ignored = view.asked(request)
    job, state = compare.job_of(request, "lives", asked)
    return view.page(
        request, "demand.html.j2", asked, "/demand", ignored=ignored, **knowing.shown(request.app.state.jobs, asked),
        parts=Markup(job.text("demand.html")) if state.state == DONE else "",
        **compare.progress(request, "demand", job, state, asked),
    )  # fmt: skip


ROUTES: list[BaseRoute] = [Route("/demand", show), *compare.polls("/demand", "lives")]
