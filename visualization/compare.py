"""Compare two worlds: a bet, the pairs as they come, and what they show."""

from dataclasses import replace
from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from familyabm.errors import InputError

from . import forms, view
from .comparing import RESULTS, SUMMARY_HERE, VERDICT
from .jobs import CUT, ENDED, FAILED, NONE, PAUSED, STOPPED, WAITING, Job, Jobs, State
from .knowing import SETS, SUMMARY
from .settings import Settings, read
from .wording import BETS, duration

SKIPPED = "skip"
LUCK_ALONE = (
    f"So far the ranges show luck alone. The worlds can also be lived under {SETS} other sets of settings that fit "
    "England’s figures as well; their range then stands beside that of luck."
)
STEPS = {
    "pairs": "pairs",
    "lives": "steps",
    "doubts": "comparisons",
    "shares": "lives",
    "sets": "sets of settings",
    "equity": "lucks",
    "tries": "runs",
    "look": "studies",
    "lesson": "pairs",
}
"""What is counted while a job of each kind is at work."""


def same(asked: Settings) -> bool:
    """Tell whether both worlds come to the same."""
    one, other = asked.worlds()
    return one.as_address() == other.as_address()


async def show(request: Request) -> Response:
    """Show the page in whatever state its pairs are."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    asked, ignored = view.asked(request)
    bet = _placed(request.query_params.get("bet", ""))
    job, state = job_of(request, "pairs", asked)
    before, after = results(job)
    return view.page(
        request, "compare.html.j2", asked, "/compare", ignored=ignored, same=same(asked), bet=bet, bets=BETS,
        verdict=job.text(VERDICT) if state.state in ENDED else "", skip=asked.query(bet=SKIPPED),
        before=before, after=after, sets=_sets(request, asked) if after and state.state in ENDED else None,
        **progress(request, "compare", job, state, asked),
    )  # fmt: skip


def results(job: Job) -> tuple[Markup, Markup]:
    """Return what the pairs show: up to the end of the summary, and the rest, which is there once all are drawn."""
    first, here, rest = job.text(RESULTS).partition(SUMMARY_HERE)
    return Markup(first + (job.text(SUMMARY) if here else "")), Markup(rest)


def _sets(request: Request, asked: Settings) -> dict[str, Any]:
    """Return how far the same worlds under other settings are, for their part of the page."""
    job, state = job_of(request, "sets", asked)
    found = progress(request, "sets-here", job, state, asked)
    found |= {"poll": f"/sure/sets/state{asked.query()}", "fill": ""}
    if state.state == NONE:
        found |= {"said": LUCK_ALONE, "button": f"Live {SETS} other sets too"}
    return found


def job_of(request: Request, kind: str, asked: Settings) -> tuple[Job, State]:
    """Return a page's job and how far it is."""
    jobs: Jobs = request.app.state.jobs
    job = jobs.of(kind, asked)
    return job, jobs.state(job)


def progress(request: Request, go: str, job: Job, state: State, asked: Settings) -> dict[str, Any]:
    """Return what the part of a page that tells of a job needs."""
    query = asked.query()
    return {
        "state": state, "said": said(job, state, request.app.state.jobs.ahead(job)), "given": asked.given(), "go": go,
        "poll": f"/{go}/state{query}", "fill": f"/{go}/part{query}", "what_runs": STEPS[job.kind].capitalize(),
        "button": "Run the model" if state.state == NONE else "Go on",
    }  # fmt: skip


def said(job: Job, state: State, ahead: int) -> str:
    """Say how far a job is, in words."""
    count = f"{state.done} of {state.asked} {STEPS[job.kind]} done"
    if state.state == NONE:
        return "Nothing has run yet with these settings."
    if state.state == WAITING:
        return f"Waiting: {ahead} ahead of you." if ahead else "Starting."
    if state.state == FAILED:
        return f"The model could not finish. {state.said}"
    if state.state == STOPPED:
        return f"Stopped: {count}, and kept."
    if state.state == PAUSED:
        return f"Paused: {count}, and kept."
    if state.state == CUT:
        return f"The server was restarted: {count}, and kept."
    if state.done and state.done == state.asked:
        return f"All {state.asked} {STEPS[job.kind]} are done. Drawing the charts."
    left = f", {duration(state.left)} left" if state.left else ""
    return f"{count}{left}." if state.done else "Getting the families ready: seventeen years of their past come first."


def polls(path: str, kind: str) -> list[Route]:
    """Return the address at which a page's script asks how far its job is."""

    async def tell(request: Request) -> Response:
        asked, _ = view.asked(request)
        job, state = await run_in_threadpool(job_of, request, kind, asked)
        words = said(job, state, request.app.state.jobs.ahead(job))
        return JSONResponse({
            "done": state.done, "asked": state.asked, "version": state.version, "said": words,
            "ended": state.state in (*ENDED, NONE),
        }, headers={"cache-control": "no-store"})  # fmt: skip

    return [Route(f"{path}/state", tell)]


async def part(request: Request) -> Response:
    """Return the results so far, as a part of the page."""
    asked, _ = view.asked(request)
    job, _ = job_of(request, "pairs", asked)
    return HTMLResponse("".join(results(job)), headers={"cache-control": "no-store"})


async def start(request: Request) -> Response:
    """Start, or go on with, what a page shows."""
    asked, go, bet = await _sent(request)
    return forms.start(request, go, asked, bet)


async def stop(request: Request) -> Response:
    """Stop what a page shows, and keep what is done."""
    asked, go, bet = await _sent(request)
    jobs: Jobs = request.app.state.jobs
    jobs.stop(jobs.of(forms.GOES[go].kind, asked))
    return RedirectResponse(forms.GOES[go].address(asked, bet), 303)


def _placed(bet: str) -> str:
    """Return a bet, or nothing where it is none."""
    return bet if bet in (*BETS, SKIPPED) else ""


async def _sent(request: Request) -> tuple[Settings, str, str]:
    """Return settings, goal and bet that a page's own button sent; they came from a link that had been read."""
    form = await request.form(max_files=0, max_fields=200)
    beside = ("go", "bet")
    given = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name not in beside]
    asked, problems = read(given, request.app.state.home, Settings(area=request.app.state.start))
    if problems:
        raise InputError(problems[0].message)
    go, bet = str(form.get("go", "")), _placed(str(form.get("bet", "")))
    return replace(asked), go if go in forms.GOES else "compare", bet


ROUTES: list[BaseRoute] = [
    Route("/compare", show),
    Route("/compare/part", part),
    *polls("/compare", "pairs"),
    Route("/settings", forms.settings),
    Route("/run", forms.run, methods=["POST"]),
    Route("/start", start, methods=["POST"]),
    Route("/stop", stop, methods=["POST"]),
    Route("/open", forms.open_file, methods=["POST"]),
    Route("/area", forms.open_area, methods=["POST"]),
]
