"""The server: plain pages, the live page, and the guard before both; started by `familyabm app`."""

import re
import socket
import threading
import urllib.request
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount

from familyabm import areas
from familyabm.errors import InputError, shown

from . import (
    checking,
    compare,
    demand,
    family,
    lessons,
    limits,
    pages,
    report,
    sure,
    taking,
    tries,
    view,
    watch,
    worker,
)
from .door import check_password
from .guard import LIVE, Guard
from .jobs import Jobs
from .mounted import Live, cached
from .settings import START


def application(
    home: Path, start: str = START, hosts: tuple[str, ...] = (), studies: Path | None = None,
    base: str = "http://localhost:8750", password: str = "",
) -> Guard:  # fmt: skip
    """Return the whole application.

    home: where results are kept.  start: the area that pages begin with.  hosts: further names of this server.
    studies: a folder of studies that anybody may look at.  base: the address that the server is known by.
    password: what whoever opens a page is asked for, if anything.
    """
    jobs, live = Jobs(home, worker.work, worker.warm), Live(base)

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        jobs.warm()
        yield
        jobs.close()
        live.close()

    pages_ = (compare, watch, family, demand, report, taking, sure, tries, lessons, checking, pages)
    routes = [route for page in pages_ for route in page.ROUTES]
    app = Starlette(
        routes=[Mount(LIVE, app=live), *routes], lifespan=life,
        exception_handlers={404: pages.missing, InputError: _refused, 500: _failed},
    )  # fmt: skip
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.state.hosts, app.state.phone_seen, app.state.measured = hosts, None, {}
    app.state.home, app.state.start, app.state.jobs, app.state.studies = home, start, jobs, studies
    return Guard(app, hosts, cached, base, password)


async def _refused(request: Request, error: Exception) -> Response:
    return view.fault(request, error)


async def _failed(request: Request, error: Exception) -> Response:
    return view.fault(request, error)


def serve(
    area: str, host: str, port: int, browser: bool, home: Path, studies: Path | None = None, password: str = "",
    address: str = "", ready: Callable[[], None] = lambda: None,
) -> None:  # fmt: skip
    """Serve until stopped. Raises InputError for an area, a port, a password or an address that cannot be used.

    ready: called once nothing is left to be refused.
    address: where people open the pages, if something stands in front of this server; else its own.
    """
    import uvicorn

    place = areas.named(area)
    start = "England" if place.la_code == "average" else place.la_name
    check_port(host, port)
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host
    own = f"http://{name}:{port}/"
    base = check_address(address) if address else own
    whole = application(home, start, (host,), studies, base, check_password(password) if password else "")
    ready()
    if browser:
        threading.Thread(target=_open, args=(own,), daemon=True).start()
    uvicorn.run(
        whole, host=host, port=port, log_level="warning", server_header=False, proxy_headers=False,
        ws_max_size=limits.FRAME, ws_ping_timeout=limits.SILENT, timeout_graceful_shutdown=3,
    )  # fmt: skip


def check_address(address: str) -> str:
    """Return the address of a proxy in front, or refuse what is none."""
    found = re.fullmatch(r"https?://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?/?", address)
    if found is None:
        accepted = "one without a path, as https://familyabm.example.gov.uk, is"
        raise InputError(f"--address {shown(address)} is not accepted; {accepted}.")
    return address


def check_port(host: str, port: int) -> None:
    """Refuse a place that is taken or that is not this machine's, before anything is started."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise InputError(f"--host {host} --port {port} cannot be served: {reason}; another port is accepted.") from None


def _open(address: str) -> None:
    """Open a browser once the server answers."""
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            threading.Event().wait(0.2)
            continue
        webbrowser.open(address)
        return
