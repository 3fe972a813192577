"""The workshop's server: joining, tables, facilitator and shared screen behind one guard; `familyabm workshop`."""

import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from familyabm.errors import InputError
from familyabm.workshop import ready

from .. import pages, view, worker
from ..guard import Guard
from ..jobs import Jobs
from ..server import check_address, check_port
from . import facilitator, screen, team
from .keeper import Keeper
from .web import page


class Start(NamedTuple):
    """What a workshop begins with unless the facilitator says otherwise."""

    area: str = "Wakefield"
    minutes: int = 90
    families: int = 3000


def application(
    home: Path, start: Start, addresses: list[str], hosts: tuple[str, ...] = (), go_on: bool = True, base: str = ""
) -> Guard:  # fmt: skip
    """Return the whole application.

    home: where rooms are kept.  addresses: those that phones can reach.  hosts: further names of this server.
    go_on: go on with the last room if there is one.  base: the address that it is known by, where it is not its own.
    """
    jobs = Jobs(home, worker.work, worker.warm)
    keeper = Keeper(home, jobs, go_on)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        jobs.warm()
        if keeper.room is not None:
            keeper.running.look(keeper.room)
        yield
        keeper.close()
        jobs.close()

    routes = [
        *team.ROUTES, *screen.ROUTES, *facilitator.ROUTES, Route("/privacy", privacy),
        Route("/static/report.css", pages.style), Route("/favicon.ico", pages.icon),
        Mount("/static", StaticFiles(directory=view.HERE / "static")),
    ]  # fmt: skip
    app = Starlette(routes=routes, lifespan=life, exception_handlers={404: missing, InputError: refused, 500: broken})
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.state.keeper, app.state.start, app.state.addresses = keeper, start, addresses
    app.state.stopping = lambda: False
    return Guard(app, hosts, base=base)


async def privacy(request: Request) -> Response:
    """Say what is kept: nothing about anybody."""
    return page("privacy.html.j2")


async def missing(request: Request, error: Exception) -> Response:
    """Say that there is no such page."""
    return page("missing.html.j2", 404)


async def refused(request: Request, error: Exception) -> Response:
    """Say what cannot be done."""
    return page("missing.html.j2", 422, wrong=str(error))


async def broken(request: Request, error: Exception) -> Response:
    """Say that something went wrong, and that nothing sent is lost."""
    return page("missing.html.j2", 500, wrong="Something went wrong. What was sent is kept: go back and try again.")


def reachable(host: str, port: int) -> list[str]:
    """Return the addresses at which phones reach this server, none where it answers this computer alone."""
    if not ready.open_to_phones(host):
        return []
    if host not in ("0.0.0.0", "::"):
        return [f"http://{f'[{host}]' if ':' in host else host}:{port}"]
    return [f"http://{own}:{port}" for own in ready.addresses()]


def serve(
    start: Start, host: str, port: int, browser: bool, home: Path, begin: bool, address: str = ""
) -> None:  # fmt: skip
    """Serve until stopped. Raises InputError.

    begin: begin a new room even if there is one.  address: the one that phones are told instead of those found.
    """
    import uvicorn

    facilitator.check(start.area, start.minutes, start.families)
    check_port(host, port)
    addresses = [check_address(address).rstrip("/")] if address else reachable(host, port)
    whole = application(home, start, addresses, (host,), not begin, address)
    keeper: Keeper = whole.app.state.keeper  # type: ignore[attr-defined]
    if keeper.room is None:
        keeper.begin(start.area, start.minutes, start.families, False)
    local = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host
    said(keeper, addresses, f"http://{local}:{port}/facilitator?key={keeper.key}")
    if browser:
        link = f"http://{local}:{port}/facilitator?key={keeper.key}"
        threading.Timer(2.0, webbrowser.open, (link,)).start()
    config = uvicorn.Config(
        whole, host=host, port=port, log_level="warning", server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    whole.app.state.stopping = lambda: server.should_exit  # type: ignore[attr-defined]
    server.run()


def said(keeper: Keeper, addresses: list[str], link: str) -> None:
    """Say on the terminal where everyone goes."""
    from familyabm.console import say

    room = keeper.there
    say(
        f"Workshop in {room.area}, {room.length} minutes, begun {room.began}. Ctrl-C stops the server; nothing is lost."
    )
    say(f"Facilitator: {link}")
    if addresses:
        say(f"Phones: {' or '.join(addresses)} with the code {keeper.code}")
    else:
        say("Phones: none can reach this computer now. Tables choose on paper, and the facilitator types that in.")
