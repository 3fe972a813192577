"""How sure are we: luck, settings nobody knows and what is left out, kept apart; and two ways to test a result."""

from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from familyabm.report.sure import LEFT_OUT, ONE_SET

from . import compare, doubting, view
from .jobs import DONE, STOPPED


async def show(request: Request) -> Response:
    """Show the page in whatever state its work is."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    asked, ignored = view.asked(request)
    kinds = {"doubts": ("doubts", doubting.RESULTS), "shares": ("shares", doubting.RESULTS)}
    kinds["equity"] = ("lives", "equity.html")
    parts = {name: _part(request, name, kind, file, asked) for name, (kind, file) in kinds.items()}
    return view.page(
        request, "sure.html.j2", asked, "/sure", ignored=ignored, left_out=LEFT_OUT, one_set=ONE_SET,
        parts=parts, runs=doubting.RUNS, same=compare.same(asked),
    )  # fmt: skip


def _part(request: Request, name: str, kind: str, file: str, asked: Any) -> dict[str, Any]:
    job, state = compare.job_of(request, kind, asked)
    found = compare.progress(request, name, job, state, asked)
    found |= {"poll": f"/sure/{kind}/state{asked.query()}", "fill": ""}
    return found | {"results": Markup(job.text(file)) if state.state in (DONE, STOPPED) else ""}


ROUTES: list[BaseRoute] = [
    Route("/sure", show),
    *[route for kind in ("doubts", "shares", "lives") for route in compare.polls(f"/sure/{kind}", kind)],
]
