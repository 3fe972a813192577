"""How sure are we: luck, settings nobody knows and what is left out, kept apart; and two ways to test a result."""

from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from familyabm.truth import ensemble

from . import compare, doubting, knowing, view
from .jobs import DONE, STOPPED

KINDS = ("sets", "doubts", "shares", "equity")
"""The pieces of work that the page can start."""


async def show(request: Request) -> Response:
    """Show the page in whatever state its work is."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    asked, ignored = view.asked(request)
    parts = {name: _part(request, name, asked) for name in KINDS}
    return view.page(
        request, "sure.html.j2", asked, "/sure", ignored=ignored, parts=parts, runs=knowing.RUNS, sets=knowing.SETS,
        stale=ensemble.stale(), same=compare.same(asked), **knowing.shown(request.app.state.jobs, asked),
    )  # fmt: skip


def _part(request: Request, kind: str, asked: Any) -> dict[str, Any]:
    job, state = compare.job_of(request, kind, asked)
    found = compare.progress(request, kind, job, state, asked)
    found |= {"poll": f"/sure/{kind}/state{asked.query()}", "fill": ""}
    return found | {"results": Markup(job.text(doubting.RESULTS)) if state.state in (DONE, STOPPED) else ""}


ROUTES: list[BaseRoute] = [
    Route("/sure", show),
    *[route for kind in KINDS for route in compare.polls(f"/sure/{kind}", kind)],
]
