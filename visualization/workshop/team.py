"""A table's own page on any phone: join by code, see one's own numbers, choose, bet. It needs no script."""

import hashlib
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from familyabm.errors import InputError
from familyabm.workshop.choices import PLAN, ROOM, workshop
from familyabm.workshop.room import MOST_FAMILIES, Room, Table
from familyabm.workshop.steps import MERGED_BET, OPEN, PRACTICE

from . import shown
from .keeper import Keeper, tidy
from .web import DEVICE, address, device, keeper, page, remember, sent, status_of, to

# --- Joining ---


async def join(request: Request) -> Response:
    """Ask for the code, or go on where the device was."""
    if keeper(request).knows(device(request)):
        return to("/team")
    given = tidy(request.query_params.get("code", ""))
    return page("join.html.j2", given=given, open=keeper(request).room is not None)


async def joined(request: Request) -> Response:
    """Let a device in that gives the code."""
    given = (await sent(request)).get("code", "")
    try:
        number = await run_in_threadpool(keeper(request).let_in, given, address(request))
    except InputError as error:
        return page("join.html.j2", status_of(error), given=tidy(given), open=True, wrong=str(error))
    return remember(to("/seat"), DEVICE, number)


async def seats(request: Request, wrong: str = "") -> Response:
    """Show the tables to choose from."""
    own = keeper(request)
    if not own.knows(device(request)):
        return to("/")
    return page(
        "seat.html.j2", 422 if wrong else 200, tables=own.there.tables, mine=own.table_of(device(request)), wrong=wrong
    )


async def seated(request: Request) -> Response:
    """Seat a device at a table."""
    chosen = (await sent(request)).get("table", "")
    try:
        await run_in_threadpool(keeper(request).seat, device(request), chosen)
    except InputError as error:
        return await seats(request, str(error) if chosen else "Choose your table.")
    return to("/team")


# --- The table's page ---


async def team(request: Request) -> Response:
    """Show a table its page; with ?part=1 only what changes."""
    return await run_in_threadpool(_team, request, {}, "")


def _team(request: Request, given: dict[str, str], wrong: str) -> Response:
    own, mine = keeper(request), keeper(request).table_of(device(request))
    if not mine:
        return to("/seat" if own.knows(device(request)) else "/")
    room = own.there
    part = request.query_params.get("part") == "1"
    template = "team_part.html.j2" if part else "team.html.j2"
    return page(template, 422 if wrong else 200, **view(own, room, room.table_of(mine), given), wrong=wrong)


def view(own: Keeper, room: Room, table: Table, given: dict[str, str]) -> dict[str, Any]:
    """Return what a table's page shows at this step. given: what was typed and could not be used."""
    at, runner = room.at, own.running
    number = at.round if at.round is not None else room.last_closed
    known = shown.known_year(room)
    now = shown.year_of(room, runner, known)
    before = shown.year_of(room, runner, known - 1) if known else None
    mine = shown.sent_by(room, table.name, number)
    kind = room.kind(number)
    asks = [None] if kind == PLAN else list(table.seats)
    return {
        "room": room, "at": at, "table": table, "seen": seen(own, room, table.name), "number": number,
        "rounds": len(workshop().rounds_of(room.length)), "entry": _entry(number),
        "numbers": [(seat, shown.rows_of(seat, now, before)) for seat in table.seats] if now else None,
        "known": known, "sight": shown.town_rows(now) if now and _sight(room) else None,
        "asks": [
            {
                "seat": seat.name if seat else ROOM, "title": seat.title if seat else "the whole town",
                "options": shown.options_for(room, seat, number),
                "chosen": given.get(f"choice.{seat.name if seat else ROOM}", mine.get(seat.name if seat else ROOM, "")),
            }
            for seat in asks
        ],
        "bet": given.get("bet", room.bets.get(number, {}).get(table.name, "")),
        "sent": table.name in room.has_sent(number), "deciding": at.name == OPEN,
        "question": workshop().practice_bet if number == PRACTICE else workshop().bet,
        "merging": at.name == MERGED_BET, "merged_bet": given.get("families", room.merged_bets.get(table.name, "")),
        "line": given.get("line", room.commitments.get(table.name, "")), "most": MOST_FAMILIES,
        "story": now["story"] if now and any(seat.name == "family" for seat in table.seats) else None,
        "done": [row for row in shown.settled_rows(room, number) if row["seat"] in
                 {*(seat.title for seat in table.seats), "The town"}],
        "screen": next((screen for screen in workshop().debrief if screen.name == at.name), None),
    }  # fmt: skip


def _entry(number: int) -> Any:
    return next((entry for entry in workshop().rounds if entry.number == number), None)


def _sight(room: Room) -> bool:
    """Tell whether tables see the whole town: from the merge of the reveal on."""
    after = {"round-3", "round-4", "decade", "debrief"}
    return room.at.stage in after or room.at.name in ("merge", "story", "wrong", "nothing")


def seen(own: Keeper, room: Room, table: str) -> str:
    """Return a stamp of what a table's page shows, which changes when the page does."""
    number = room.at.round if room.at.round is not None else room.last_closed
    known = shown.known_year(room)
    parts = (
        room.name, room.at.place, room.small, shown.sent_by(room, table, number), room.bets.get(number, {}).get(table),
        room.merged_bets.get(table), room.commitments.get(table),
        shown.year_of(room, own.running, known) is not None,
    )  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


async def now(request: Request) -> Response:
    """Tell a page's script whether there is anything new."""
    return await run_in_threadpool(_now, request)


def _now(request: Request) -> Response:
    own, mine = keeper(request), keeper(request).table_of(device(request))
    if not mine:
        return JSONResponse({"seen": "gone"})
    return JSONResponse({"seen": seen(own, own.there, mine), "place": own.there.at.place})


# --- What a table sends ---


async def send(request: Request) -> Response:
    """Take what a table sends."""
    return await run_in_threadpool(_send, request, await sent(request))


def _send(request: Request, given: dict[str, str]) -> Response:
    own, mine = keeper(request), keeper(request).table_of(device(request))
    if not mine:
        return to("/")
    try:
        _take(own, mine, given)
    except InputError as error:
        return _team(request, given, str(error))
    return to("/team")


def _take(own: Keeper, mine: str, given: dict[str, str]) -> None:
    if "families" in given:
        number = whole(given["families"])
        own.change(lambda room: room.bet_merged(mine, number))
    elif "line" in given:
        own.change(lambda room: room.commit(mine, given["line"]))
    else:
        of = whole(given.get("round", ""))
        own.change(lambda room: room.choose(mine, of, chosen(given), given.get("bet", "")))


def chosen(given: dict[str, str]) -> dict[str, str]:
    """Return the options that a form holds, by seat."""
    return {key.removeprefix("choice."): value for key, value in given.items() if key.startswith("choice.")}


def whole(text: str) -> int:
    """Return a whole number as people type it, -1 where it is none."""
    plain = "".join(text.split()).replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else -1


ROUTES = [
    Route("/", join),
    Route("/join", joined, methods=["POST"]),
    Route("/seat", seats),
    Route("/seat", seated, methods=["POST"]),
    Route("/team", team),
    Route("/team", send, methods=["POST"]),
    Route("/team/now", now),
]
