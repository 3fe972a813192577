"""Try many settings: the page of a study, from what to vary to what the runs show."""

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from familyabm import lives
from familyabm.errors import InputError

from . import compare, trying, view
from .jobs import DONE, ENDED, NONE, STOPPED, Job, State, put
from .settings import Problem, Settings, read
from .trying import CHOICES, Trial
from .wording import duration

FILES = {"results.csv": "text/csv", "results.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _given(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what is tried as a link holds it; rows of the form are put together."""
    found = [(name, value) for name, value in pairs if name in ("vary", "each", "record")]
    rows = dict(pairs)
    for n in range(1, trying.MOST + 1):
        name = rows.get(f"vary.{n}.name", "")
        if name in CHOICES:
            least, most = trying.bounds(name)
            parts = [rows.get(f"vary.{n}.{part}", "").strip() for part in ("low", "high", "steps")]
            low, high, steps = (
                part or usual for part, usual in zip(parts, (f"{least:g}", f"{most:g}", "3"), strict=True)
            )
            found.append(("vary", f"{name}:{low}:{high}:{steps}"))
    return found


def job_of(request: Request, asked: Settings, trial: Trial) -> Job:
    """Return the job of a trial."""
    more = hashlib.sha256(repr(trial.given()).encode()).hexdigest()[:16]
    found: Job = request.app.state.jobs.of("tries", asked, more)
    return found


def studies(request: Request) -> dict[str, Path]:
    """Return the studies that the server was told to show, by name."""
    folder: Path | None = request.app.state.studies
    if folder is None or not folder.is_dir():
        return {}
    return {path.name: path for path in sorted(folder.iterdir()) if (path / "design.json").exists()}


async def show(request: Request) -> Response:
    """Show the page in whatever state its study is."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    pairs = request.query_params.multi_items()
    if any(name.startswith("vary.") for name, _ in pairs):
        asked, _ = view.asked(request)
        return RedirectResponse(f"/try?{urlencode([*asked.given(), *_given(pairs)])}", 303)
    if request.query_params.get("study") in studies(request):
        return _opened(request, request.query_params["study"])
    asked, ignored = view.asked(request)
    shown, problems = _trial(request, asked, _given(pairs))
    return view.page(request, "try.html.j2", asked, "/try", ignored=ignored, problems=problems, **shown)


def _trial(request: Request, asked: Settings, given: list[tuple[str, str]]) -> tuple[dict[str, Any], list[Problem]]:
    """Return what the page shows of a trial, and what of it cannot be used."""
    shown = _form(given) | {"studies": list(studies(request)), "opened": ""}
    nothing = {
        "told": "",
        "started": False,
        "results": "",
        "python": "",
        "toml": "",
        "link": "",
        "given": asked.given(),
    }
    if not any(name == "vary" for name, _ in given):
        return shown | nothing, []
    home = request.app.state.home
    try:
        trial = trying.read(given)
        study = trying.study_of(asked, trial, home)
        found = trying.expected(study, home)
    except InputError as error:
        return shown | nothing, [Problem("try", "", str(error))]
    job = job_of(request, asked, trial)
    state = request.app.state.jobs.state(job)
    told = (
        f"{found.points:,} points, {trial.lucks} lucks, two worlds: {found.runs:,} runs. "
        f"{duration(found.seconds).capitalize()} on this computer, {max(1, round(found.disk / 1e6))} MB of disk."
    )
    whole = [*asked.given(), *trial.given()]
    done = state.state in (DONE, STOPPED)
    return shown | nothing | {
        "told": told, "started": True, "given": whole, "link": f"?{urlencode(whole)}",
        "results": Markup(job.text(trying.RESULTS)) if done else "",
        "python": trying.python(asked, trial, home), "toml": trying.toml(asked, trial, home),
        **_progress(request, job, state, urlencode(whole)),
    }, []  # fmt: skip


def _form(given: list[tuple[str, str]]) -> dict[str, Any]:
    rows = []
    for value in [value for name, value in given if name == "vary"][: trying.MOST]:
        name, low, high, steps = (*value.split(":"), "", "", "", "")[:4]
        rows.append({"name": name, "low": low, "high": high, "steps": steps})
    rows += [{"name": "", "low": "", "high": "", "steps": ""}] * (trying.MOST - len(rows))
    taken = [value for name, value in given if name == "record"] or list(Trial.measures)
    return {
        "rows": rows, "choices": CHOICES, "ranges": {name: _range(name) for name in CHOICES}, "lucks": trying.LUCKS,
        "each": next((value for name, value in given if name == "each"), "4"), "taken": taken,
        "measures": {name: lives.title(name) for name in trying.MEASURES},
    }  # fmt: skip


def _range(name: str) -> str:
    least, most = trying.bounds(name)
    return f"{least:g} to {most:g}{'%' if name.startswith('levers.') else ''}"


def _progress(request: Request, job: Job, state: State, query: str) -> dict[str, Any]:
    return {
        "state": state, "said": compare.said(job, state, request.app.state.jobs.ahead(job)), "go": "try",
        "poll": f"/try/state?{query}", "fill": "", "what_runs": "Runs",
        "places": {"start": "/try/start", "stop": "/try/stop", "pause": "/try/pause"},
        "button": "Start" if state.state == NONE else "Go on",
    }  # fmt: skip


def _opened(request: Request, name: str) -> Response:
    """Show a study that was made elsewhere, looked at in a process beside the server."""
    asked = Settings(area=request.app.state.start)
    folder = studies(request)[name]
    jobs = request.app.state.jobs
    job = jobs.of("look", asked, hashlib.sha256(f"{folder} {folder.stat().st_mtime}".encode()).hexdigest()[:16])
    if jobs.state(job).state == NONE:
        job.folder.mkdir(parents=True, exist_ok=True)
        put(job.folder / "study.json", json.dumps(str(folder)).encode())
        jobs.start(job, asked)
    state = jobs.state(job)
    query = urlencode({"study": name})
    shown = _form([]) | _progress(request, job, state, query) | {
        "studies": list(studies(request)), "opened": name, "told": "",
        "started": state.state != DONE,
        "results": Markup(job.text(trying.RESULTS)) if state.state == DONE else "", "python": "", "toml": "",
        "link": f"?{query}", "given": [("study", name)],
    }  # fmt: skip
    return view.page(request, "try.html.j2", asked, "/try", **shown)


def _asked_job(request: Request) -> Job | None:
    """Return the job that a link is of, a study's or a trial's; None if it is of neither."""
    pairs = request.query_params.multi_items()
    name = request.query_params.get("study")
    asked, _ = view.asked(request)
    if name in studies(request):
        folder = studies(request)[str(name)]
        more = hashlib.sha256(f"{folder} {folder.stat().st_mtime}".encode()).hexdigest()[:16]
        found: Job = request.app.state.jobs.of("look", Settings(area=request.app.state.start), more)
        return found
    try:
        return job_of(request, asked, trying.read(_given(pairs)))
    except InputError:
        return None


async def tell(request: Request) -> Response:
    """Say how far the runs are, for the page's script."""
    job = await run_in_threadpool(_asked_job, request)
    if job is None:
        return Response(status_code=404)
    jobs = request.app.state.jobs
    state = jobs.state(job)
    words = compare.said(job, state, jobs.ahead(job))
    ended = state.state in (*ENDED, NONE)
    whole = {"done": state.done, "asked": state.asked, "version": state.version, "said": words, "ended": ended}
    return JSONResponse(whole, headers={"cache-control": "no-store"})


async def start(request: Request) -> Response:
    """Start a trial, or go on with it."""
    asked, trial, whole = await _sent(request)
    await run_in_threadpool(trying.study_of, asked, trial, request.app.state.home)
    job = job_of(request, asked, trial)
    job.folder.mkdir(parents=True, exist_ok=True)
    put(job.folder / "trial.json", json.dumps(trial.given()).encode())
    request.app.state.jobs.start(job, asked)
    return RedirectResponse(f"/try?{whole}", 303)


async def stop(request: Request) -> Response:
    """Stop a trial or let it pause, and keep what is done."""
    asked, trial, whole = await _sent(request)
    request.app.state.jobs.stop(job_of(request, asked, trial), request.url.path.endswith("pause"))
    return RedirectResponse(f"/try?{whole}", 303)


async def _sent(request: Request) -> tuple[Settings, Trial, str]:
    form = await request.form(max_files=0, max_fields=200)
    pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name != "go"]
    own = _given(pairs)
    rest = [pair for pair in pairs if pair[0] not in ("vary", "each", "record")]
    asked, problems = read(rest, request.app.state.home, Settings(area=request.app.state.start))
    if problems:
        raise InputError(problems[0].message)
    trial = trying.read(own)
    return asked, trial, urlencode([*asked.given(), *trial.given()])


async def file(request: Request) -> Response:
    """Return the results as a file."""
    job = await run_in_threadpool(_asked_job, request)
    name = request.path_params["name"]
    path = job.folder / name if job is not None and name in FILES else None
    if path is None or not path.exists():
        return Response(status_code=404)
    return FileResponse(path, media_type=FILES[name], filename=f"familyabm-{name}")


ROUTES: list[BaseRoute] = [
    Route("/try", show),
    Route("/try/state", tell),
    Route("/try/start", start, methods=["POST"]),
    Route("/try/stop", stop, methods=["POST"]),
    Route("/try/pause", stop, methods=["POST"]),
    Route("/try/{name}", file),
]
