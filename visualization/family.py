"""One family's story: the page of two lives beside each other."""

import secrets
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from . import compare, knowing, stories, view
from .jobs import DONE
from .watch import meta_of


async def show(request: Request) -> Response:
    """Show the page in whatever state its lives are."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    asked, ignored = view.asked(request)
    job, state = compare.job_of(request, "lives", asked)
    how = request.query_params.get("choose", "typical")
    how = how if how in stories.CHOICES else "typical"
    shown: dict[str, Any] = {"told": None, "none": "", "homes": 0}
    if state.state == DONE:
        found = stories.features(job)
        if how == "random" and len(found):
            home = int(found["home"].iloc[secrets.randbelow(len(found))]) + 1  # the link names it from now on
            return RedirectResponse(f"/family{asked.query(family=str(home))}", 303)
        number = _number(request.query_params.get("family", ""))
        picked = stories.choose(found, how, number)
        shown["homes"] = meta_of(job)["homes"]
        shown["told"] = stories.tell(job, *picked) if picked else None
        shown["none"] = "" if picked else _none(number)
    return view.page(
        request, "family.html.j2", asked, "/family", ignored=ignored, choices=stories.CHOICES, how=how,
        **knowing.shown(request.app.state.jobs, asked), **shown,
        **compare.progress(request, "family", job, state, asked),
    )  # fmt: skip


def _number(text: str) -> int:
    """Return a home's number from a link, 0 where it names none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _none(number: int) -> str:
    if number:
        return f"Family {number:,} was not heard about by any service in these years, in either world. Choose another."
    return "There is no family of that kind among these. Choose another way."


ROUTES: list[BaseRoute] = [Route("/family", show), *compare.polls("/family", "lives")]
