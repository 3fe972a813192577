"""Before a workshop: how to start it, what the server and the browser can tell, and a phone to try with."""

import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from familyabm import lessons
from familyabm.workshop import ready
from familyabm.workshop.choices import LENGTHS, workshop
from familyabm.workshop.ready import GOOD, LOOK, Check

from . import qr, view
from .jobs import DONE, Jobs
from .lessons import settings_of
from .settings import OWN, Settings

START = "/workshop"
HERE = f"{START}/check"
PHONE = f"{HERE}/phone"
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1", "testclient")


async def start(request: Request) -> Response:
    """Say how a workshop is started: it is a server of its own, for it answers a whole room."""
    asked, ignored = view.asked(request)
    town = request.app.state.start if asked.area.startswith(OWN) else asked.area  # a room's town is an authority
    return await run_in_threadpool(
        view.page, request, "workshop.html.j2", asked, START, ignored=ignored, game=workshop(), lengths=LENGTHS,
        town=town,
    )  # fmt: skip


async def show(request: Request) -> Response:
    """Show what can be told now."""
    return await run_in_threadpool(_show, request)


def _show(request: Request) -> Response:
    asked, ignored = view.asked(request)
    port = request.url.port or 80
    found = ready.checks(asked.area, _host(request), port, request.app.state.home, serving=True)
    found += [_lessons(request, asked), _speed(request, asked)]
    address = phone_address(request)
    return view.page(
        request, "check.html.j2", asked, HERE, ignored=ignored, checks=found, words=ready.WORDS, address=address,
        code=qr.drawn(address) if address else "", open=ready.open_to_phones(_host(request)), seen=_seen(request),
    )  # fmt: skip


def _host(request: Request) -> str:
    hosts: tuple[str, ...] = request.app.state.hosts
    return hosts[0] if hosts else "127.0.0.1"


def phone_address(request: Request) -> str:
    """Return the address of the page for a phone to try, empty where there is no network."""
    found = ready.addresses()
    return f"http://{found[0]}:{request.url.port or 80}{PHONE}" if found else ""


def _lessons(request: Request, asked: Settings) -> Check:
    """Tell which lessons have been lived already for this area."""
    jobs: Jobs = request.app.state.jobs
    done = [
        lesson.title for lesson in map(lessons.find, lessons.names())
        if jobs.of("lesson", settings_of(lesson, asked), lesson.name).state().state == DONE
    ]  # fmt: skip
    total = len(lessons.names())
    if len(done) == total:
        return Check("lessons", "Lessons", GOOD, f"All {total} lessons have been run for this town.")
    named = f": {', '.join(done)}" if done else ""
    said = f"{len(done)} of {total} lessons have been run for this town{named}."
    return Check("lessons", "Lessons", LOOK, said, "Run the ones that you will use before people arrive.")


def _speed(request: Request, asked: Settings) -> Check:
    measured: dict[str, Check] = request.app.state.measured
    usual = Check("speed", "Speed", LOOK, "Not measured yet.", "Press “Measure the speed”. It takes a few seconds.")
    return measured.get(asked.area, usual)


async def measure(request: Request) -> Response:
    """Measure one year of the town in one of the processes beside the server."""
    asked, _ = view.asked(request)
    jobs: Jobs = request.app.state.jobs
    found = await run_in_threadpool(lambda: jobs.beside(ready.speed, asked.area).result(120))
    request.app.state.measured[asked.area] = found
    return RedirectResponse(f"{HERE}{asked.query()}#speed", 303)


def _seen(request: Request) -> str:
    """Say whether another device has opened the page for phones."""
    at: float | None = request.app.state.phone_seen
    if at is None:
        return "No phone has opened the page yet."
    minutes = int((time.monotonic() - at) // 60)
    return f"A phone has reached this computer, {f'{minutes} minutes ago' if minutes > 1 else 'just now'}."


async def state(request: Request) -> Response:
    """Tell the page's script whether a phone has come by."""
    return JSONResponse({"said": _seen(request)}, headers={"cache-control": "no-store"})


async def phone(request: Request) -> Response:
    """Greet a phone, and note that one came; nothing else about it is kept."""
    asked, _ = view.asked(request)
    client = request.client.host if request.client else ""
    if client not in LOOPBACK:
        request.app.state.phone_seen = time.monotonic()
    return view.page(request, "check_phone.html.j2", asked, HERE, using=None, phone=client not in LOOPBACK)


ROUTES: list[BaseRoute] = [
    Route(START, start),
    Route(HERE, show),
    Route(f"{HERE}/measure", measure, methods=["POST"]),
    Route(f"{HERE}/state", state),
    Route(PHONE, phone),
]
