"""The facilitator's view: one large button at each stage, and everything that a room may need when things go wrong."""

import time
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from familyabm import areas
from familyabm.errors import InputError
from familyabm.workshop.choices import LENGTHS, PLAN, ROOM, workshop
from familyabm.workshop.files import LEAST, MOST
from familyabm.workshop.room import Room
from familyabm.workshop.steps import BRIEFING, PRACTICE, Step, steps

from ..forms import area_names
from . import exporting, screen, shown
from .keeper import Keeper
from .team import chosen, whole
from .web import FACILITATOR, address, keeper, leads, page, remember, sent, status_of, to

SAYS = {
    "join": "Point a phone at the screen, or type what stands beside it. One a table is enough. No names, please.",
    "paper": "Everyone finds a table. Tables choose on paper; you type it in under Enter choices by hand.",
    "hello": "Families here are made up. Some of it may be close to home: step out whenever you like, no reasons.",
    "briefing": "Read the round's title aloud. Ask if anyone is unsure what to do.",
    "talking": "Everybody may walk about and talk to other tables until the clock is down. Then open the round.",
    "open": "Choose and bet at your table. You can change it until I close the round.",
    "closed": "All choices are in. What do you think will happen?",
    "bets": "Ask one table that bet high, and one that bet low: why?",
    "happened": "Read the two numbers. Say whose bet was right. No praise, no blame.",
    "talk": "Ask the question on the screen. Let the quietest table speak first.",
    "counts": "Each of you counted the families you met. Read the bars one by one.",
    "merged-bet": "How many different families is that? Each table types a number.",
    "merge": "Let it play out in silence. Then read the two numbers.",
    "story": "Ask the family, or one table, to read the story from its own page.",
    "wrong": "Count to twenty in silence. Do not answer it yourself.",
    "nothing": "Wait. Then go on.",
    "ten": "This is your plan over ten years, the same families and luck. It may be worse. Read what it says.",
    "blind": "And this is your plan against going on as you did blind.",
    "costs": "Ask who pays, and who gains.",
    "out": "Everyone stands up, turns round once, and sits down as themselves.",
    "debrief.happened": "Read the rounds from left to right. When did it feel out of control?",
    "why": "Follow one loop with your finger. Ask where the room put its hours.",
    "real": "Ask for what is wrong with the model before you defend it.",
    "so_what": "Each table writes one line on its page. Names stay on paper.",
    "end": "Thank everyone. Save what you need below, then delete this workshop.",
}
"""What to say or do at each step, in a line; the pack has the full script."""
FILLS = {
    "closed": "While the model runs: hands up, who thinks contacts went up?",
    "bets": "While the model runs: what would have to happen for you to be wrong?",
}
"""What fills the time while the model still runs."""


async def facilitator(request: Request) -> Response:
    """Show the facilitator's view, a form for the key, or one that begins a workshop."""
    key = request.query_params.get("key", "")
    if key:
        return await run_in_threadpool(_with_key, request, key[:128])
    if not leads(request):
        return page("key.html.j2", 403)
    if keeper(request).room is None:
        return beginning(request)
    part = request.query_params.get("part") == "1"
    return await run_in_threadpool(_view, request, part, "")


def _with_key(request: Request, key: str) -> Response:
    try:
        keeper(request).check_key(key, address(request))
    except InputError as error:
        return page("key.html.j2", status_of(error), wrong=str(error))
    return remember(to("/facilitator"), FACILITATOR, key)


async def key_sent(request: Request) -> Response:
    """Take the facilitator's key from a form."""
    given = (await sent(request)).get("key", "")
    return await run_in_threadpool(_with_key, request, given[:128])


def _view(request: Request, part: bool, wrong: str) -> Response:
    own = keeper(request)
    template = "facilitator_part.html.j2" if part else "facilitator.html.j2"
    return page(template, 422 if wrong else 200, **view(own, own.there, request.app.state.addresses), wrong=wrong)


def view(own: Keeper, room: Room, addresses: list[str]) -> dict[str, Any]:
    """Return what the facilitator sees at this step."""
    at = room.at
    number = at.round if at.round is not None else room.last_closed
    every = steps(room.length)
    working = not screen.ready(own, room)
    stages = list(dict.fromkeys(step.stage for step in every))
    titles = {stage.name: stage.title for stage in workshop().stages}
    return {
        "room": room, "at": at, "number": number, "seen": seen(own), "code": own.code, "addresses": addresses,
        "qr": screen.joining(addresses, own.code),
        "says": SAYS.get(_spoken(at, bool(addresses)), ""), "working": working,
        "fills": FILLS.get(at.name, "") if working else "", "failed": failed(own, room),
        "left": round(room.timer.remaining(time.time())), "going": room.timer.going,
        "stages": [{"title": titles[stage], "now": stage == at.stage, "done": stages.index(stage) <
                    stages.index(at.stage)} for stage in stages],
        "teams": [_team(room, table.name, number) for table in room.tables],
        "settled": shown.settled_rows(room, number) if number in room.settled and at.round is not None else [],
        "entry": next((entry for entry in workshop().rounds if entry.number == number), None),
        "last": room.step + 1 >= len(every), "first": room.step == 0, "practice": number == PRACTICE,
        "next": every[room.step + 1].name if room.step + 1 < len(every) else "",
        "debriefing": at.stage == "debrief", "revealed": stages.index(at.stage) >= stages.index("reveal"),
    }  # fmt: skip


def _spoken(at: Step, phones: bool) -> str:
    """Return the name of what is said at a step. phones: whether any can reach this computer."""
    if at.name == "join" and not phones:
        return "paper"
    if at.name == BRIEFING and any(entry.talk for entry in workshop().rounds if entry.number == at.round):
        return "talking"
    return at.place if at.place in SAYS else at.name


def _team(room: Room, name: str, number: int) -> dict[str, Any]:
    table = room.table_of(name)
    if room.at.name == "merged-bet":
        state = "bet in" if name in room.merged_bets else "not yet"
    elif room.at.deciding:
        state = "sent" if name in room.has_sent(number) else "not yet"
    else:
        state = "here" if name in room.here else "empty"
    if name not in room.here and state != "sent":
        state = "empty"
    optional = all(seat.optional for seat in table.seats)
    return {"title": table.title, "state": state, "optional": optional, "here": name in room.here}


def failed(own: Keeper, room: Room) -> bool:
    """Tell whether something that the room needs was given up."""
    from .work import needed

    return any(own.running.failed(one) for one in needed(room))


def seen(own: Keeper) -> str:
    """Return what changes whenever the view does."""
    return screen.stamp(own)


async def now(request: Request) -> Response:
    """Tell the view's script whether there is anything new."""
    if not leads(request):
        return JSONResponse({"seen": "gone"}, 403)
    return JSONResponse({"seen": await run_in_threadpool(seen, keeper(request))})


# --- What the facilitator does ---


async def go(request: Request) -> Response:
    """Do what a button says."""
    if not leads(request):
        return page("key.html.j2", 403)
    return await run_in_threadpool(_go, request, await sent(request))


def _go(request: Request, given: dict[str, str]) -> Response:
    own, does = keeper(request), given.get("does", "")
    step = whole(given["step"]) if "step" in given else None
    try:
        if does == "again":
            own.running.again()
            own.running.look(own.there)
        else:
            own.change(lambda room: act(room, does, step))
    except InputError as error:
        return _view(request, False, str(error))
    back = "/screen" if given.get("from") == "screen" else "/facilitator"
    return to(back)


def act(room: Room, does: str, step: int | None) -> None:
    """Do one thing to a room. step: where whoever pressed believed it to be, so that a second press does nothing."""
    if does in ("forward", "back") and step != room.step:
        return
    acts: dict[str, Callable[[], None]] = {
        "forward": room.forward, "back": room.back, "minute": room.add_minute, "timer": room.stop_timer,
        "reveal": lambda: room.skip("reveal"), "debrief": lambda: room.skip("debrief"),
        "small": lambda: room.group(True), "large": lambda: room.group(False),
    }  # fmt: skip
    if does in acts:
        acts[does]()
    else:
        room.show(does)


def beginning(request: Request, wrong: str = "", given: dict[str, str] | None = None) -> Response:
    """Show the form that begins a workshop."""
    start = request.app.state.start
    values = {"area": start.area, "minutes": str(start.minutes), "families": str(start.families), "people": ""}
    return page(
        "begin.html.j2", 422 if wrong else 200, areas=area_names(), lengths=LENGTHS, values=values | (given or {}),
        wrong=wrong,
    )  # fmt: skip


async def begin(request: Request) -> Response:
    """Begin a workshop."""
    if not leads(request):
        return page("key.html.j2", 403)
    return await run_in_threadpool(_begin, request, await sent(request))


def _begin(request: Request, given: dict[str, str]) -> Response:
    own = keeper(request)
    try:
        if own.room is not None:
            raise InputError("A workshop is open. Delete it first, or start a second server on another port.")
        length, families, people = (whole(given.get(name, "") or "0") for name in ("minutes", "families", "people"))
        check(given.get("area", ""), length, families)
        own.begin(given["area"], length, families, 0 < people < workshop().small_group)
    except InputError as error:
        return beginning(request, str(error), given)
    return to("/facilitator")


def check(area: str, length: int, families: int) -> None:
    """Raise InputError unless a workshop can be begun so."""
    areas.named(area)
    if length not in LENGTHS:
        raise InputError(f"Minutes must be {', '.join(map(str, LENGTHS[:-1]))} or {LENGTHS[-1]}.")
    if not LEAST <= families <= MOST:
        raise InputError(f"Number of families must be a whole number from {LEAST:,} to {MOST:,}.")


async def by_hand(request: Request) -> Response:
    """Show the form for choices that were made on paper."""
    if not leads(request):
        return page("key.html.j2", 403)
    return await run_in_threadpool(_by_hand, request, "", {})


def _by_hand(request: Request, wrong: str, given: dict[str, str]) -> Response:
    own = keeper(request)
    room = own.there
    number = room.at.round if room.at.round is not None else room.last_closed
    plan = room.kind(number) == PLAN
    forms = [
        {
            "table": table, "bet": room.bets.get(number, {}).get(table.name, ""),
            "in": table.name in room.has_sent(number),
            "merged": room.merged_bets.get(table.name, ""),
            "asks": [
                {
                    "seat": seat.name if seat else ROOM, "title": seat.title if seat else "the whole town",
                    "options": shown.options_for(room, seat, number),
                    "chosen": shown.sent_by(room, table.name, number).get(seat.name if seat else ROOM, ""),
                }
                for seat in ([None] if plan else table.seats)
            ],
        }
        for table in room.tables
    ]  # fmt: skip
    return page(
        "hand.html.j2", 422 if wrong else 200, room=room, at=room.at, number=number, forms=forms, wrong=wrong,
        merging=room.at.name == "merged-bet", kept=request.query_params.get("kept", "")[:40],
        given=given,
    )  # fmt: skip


async def hand_sent(request: Request) -> Response:
    """Take what one table put on paper."""
    if not leads(request):
        return page("key.html.j2", 403)
    return await run_in_threadpool(_hand_sent, request, await sent(request))


def _hand_sent(request: Request, given: dict[str, str]) -> Response:
    own, name = keeper(request), given.get("table", "")
    try:
        if "families" in given:
            number = whole(given["families"])
            own.change(lambda room: room.bet_merged(name, number))
        else:
            of = whole(given.get("round", ""))
            own.change(lambda room: room.choose(name, of, chosen(given), given.get("bet", ""), hand=True))
    except InputError as error:
        return _by_hand(request, str(error), given)
    return to(f"/facilitator/hand?kept={name}#{name}")


async def deleting(request: Request) -> Response:
    """Ask whether the workshop is to be deleted, and delete it when told so."""
    if not leads(request):
        return page("key.html.j2", 403)
    own = keeper(request)
    if request.method == "POST":
        if (await sent(request)).get("sure") != "yes":
            return page("delete.html.j2", 422, room=own.there, wrong="Tick the box to delete it.")
        await run_in_threadpool(own.delete)
        return to("/facilitator")
    return page("delete.html.j2", room=own.there)


ROUTES = [
    Route("/facilitator", facilitator),
    Route("/facilitator/key", key_sent, methods=["POST"]),
    Route("/facilitator/go", go, methods=["POST"]),
    Route("/facilitator/now", now),
    Route("/facilitator/begin", begin, methods=["POST"]),
    Route("/facilitator/hand", by_hand),
    Route("/facilitator/hand", hand_sent, methods=["POST"]),
    Route("/facilitator/delete", deleting, methods=["GET", "POST"]),
    *exporting.ROUTES,
]
