"""The shared screen: one thing at a time, large enough for the back of a hall; its state is the room's own."""

import asyncio
import time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from familyabm.report import words
from familyabm.workshop.choices import ROOM, workshop
from familyabm.workshop.room import SIZES, Room
from familyabm.workshop.steps import PRACTICE
from familyabm.workshop.study import BLIND, TODAY, TOGETHER

from .. import qr
from . import decade, shown, work
from .keeper import Keeper
from .web import keeper, leads, page, to

PATIENCE = 20.0
"""Seconds for which a screen's question for news stays open."""
LOOKS = 0.05


async def screen(request: Request) -> Response:
    """Show the shared screen; with ?part=1 only what changes."""
    if not leads(request):
        return to("/facilitator")
    if keeper(request).room is None:
        return to("/facilitator")
    part = request.query_params.get("part") == "1"
    return await run_in_threadpool(_screen, request, part)


def _screen(request: Request, part: bool) -> Response:
    own = keeper(request)
    whole = view(own, own.there, request.app.state.addresses)
    return page("screen_part.html.j2" if part else "screen.html.j2", **whole)


async def wait(request: Request) -> Response:
    """Answer once the room has changed, or after a while, so that a screen follows at once without asking often."""
    if not leads(request):
        return JSONResponse({"version": -1}, 403)
    own = keeper(request)
    since, until = request.query_params.get("since", ""), time.monotonic() + PATIENCE
    stopping = request.app.state.stopping
    while stamp(own) == since and time.monotonic() < until and not stopping():
        await asyncio.sleep(LOOKS)
    return JSONResponse({"version": stamp(own)})


def stamp(own: Keeper) -> str:
    """Return what changes whenever the screen does: the room's version, and whether its results are there."""
    if own.room is None:
        return "gone"
    room = own.room
    return f"{room.name}.{own.version}.{int(ready(own, room))}"


def ready(own: Keeper, room: Room) -> bool:
    """Tell whether everything is there that this step and the next show."""
    if room.at.stage in ("decade", "debrief"):
        return compared(own, room, TODAY) is not None
    return shown.last_year(room, own.running) is not None


def compared(own: Keeper, room: Room, against: str) -> decade.Compared | None:
    """Return the room's decade against another world's, None while it is being worked out or if there is none."""
    return decade.compared(room, own.running, against, TOGETHER)


def view(own: Keeper, room: Room, addresses: list[str]) -> dict[str, Any]:
    """Return what the screen shows at this step."""
    at = room.at
    number = at.round if at.round is not None else room.last_closed
    whole: dict[str, Any] = {
        "room": room, "at": at, "number": number, "stamp": stamp(own), "size": SIZES[room.size], "code": own.code,
        "addresses": addresses, "qr": joining(addresses, own.code), "tables": room.tables,
        "sent": room.has_sent(number),
        "entry": next((entry for entry in workshop().rounds if entry.number == number), None),
        "left": round(room.timer.remaining(time.time())), "going": room.timer.going,
        "screen": next((screen for screen in workshop().debrief if screen.name == at.name), None),
        "bets": shown.bets_of(room, number), "settled": shown.settled_rows(room, number),
        "practice": number == PRACTICE, "playing": [table for table in room.tables if room.playing(table)],
        "plan": ROOM in room.settled.get(number, {}), "words": words,
    }  # fmt: skip
    return whole | _results(own, room, number)


def joining(addresses: list[str], code: str) -> str:
    """Return the way in as a QR code, with the room's code typed already; empty where phones have no way in."""
    return qr.drawn(f"{addresses[0]}/?code={code}") if addresses else ""


def _results(own: Keeper, room: Room, number: int) -> dict[str, Any]:
    """Return the results that the step shows, None where they are still being worked out."""
    name = room.at.name
    found: dict[str, Any] = {"result": None, "merged": None, "compared": None, "line": None, "loops": None}
    if room.at.stage == "debrief":
        found["line"] = shown.timeline(room, own.running) if name == "happened" else None
        found["compared"] = compared(own, room, TODAY) if name == "why" else None
    elif name in ("happened", "talk"):
        found["result"] = shown.happened(room, own.running, number)
    elif room.at.stage == "reveal":
        found["merged"] = shown.merged(room, own.running)
    elif room.at.stage == "decade":
        found["compared"] = compared(own, room, BLIND if name == "blind" else TODAY)
    if found["compared"] is not None:
        found["loops"] = decade.loops(found["compared"])
    return found | {"decade": decade, "has_blind": bool(work.decade(room, BLIND))}


ROUTES = [Route("/screen", screen), Route("/screen/wait", wait)]
