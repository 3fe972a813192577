"""What a facilitator takes home: a summary to read, every choice as a table, the room's file, and its study."""

import csv
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from familyabm.workshop import files, study
from familyabm.workshop.choices import PLAN, ROOM, workshop
from familyabm.workshop.room import Room
from familyabm.workshop.study import BLIND, TODAY
from familyabm.worlds import STATUS_LINE

from ..view import download
from . import decade, shown
from .keeper import Keeper
from .screen import compared
from .web import keeper, leads, page

HEAD = ("round", "seat", "option", "words", "cost", "how", "bet", "contacts", "contacts_if_nothing_changed",
        "change_percent", "low_percent", "high_percent")  # fmt: skip


def table(own: Keeper, room: Room) -> list[list[str]]:
    """Return every seat's choice of every closed round, with its table's bet and what the round did."""
    found: list[list[str]] = [list(HEAD)]
    tables = {seat.name: entry.name for entry in room.tables for seat in entry.seats}
    for number in sorted(room.settled):
        done, kind = shown.happened(room, own.running, number), room.kind(number)
        result = ["", "", "", "", ""]
        if done is not None:
            result = [
                str(done["chosen"]),
                str(done["today"]),
                *(f"{done[key]:.1f}" for key in ("percent", "low", "high")),
            ]
        for seat, one in room.settled[number].items():
            option = workshop().option(seat, kind, one.option)
            bet = room.bets.get(number, {}).get(tables.get(seat, ""), "")
            words = option.words if option else "No change"
            found.append([str(number), seat, one.option, words, option.costs if option else "", one.how, bet, *result])
        for name, vote in room.choices.get(number, {}).items() if kind == PLAN else ():
            option = workshop().option(ROOM, PLAN, vote)
            bet = room.bets.get(number, {}).get(name, "")
            found.append([str(number), name, vote, option.words if option else "", "", "vote", bet, *result])
    return found


def as_csv(own: Keeper, room: Room) -> bytes:
    """Return the choices as CSV; every cell is a number or a word of the workshop's own."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows(table(own, room))
    return text.getvalue().encode("utf-8-sig")


def decades(own: Keeper, room: Room) -> list[dict[str, Any]]:
    """Return each comparison of the decade with its sentences and table, as far as they are worked out."""
    found = []
    for against in (TODAY, BLIND):
        one = compared(own, room, against)
        if one is not None:
            found.append({
                "title": decade.headline(one), "against": decade.NAMES[against], "rows": decade.rows(one),
                "sentences": [decade.sentence(entry, one.a, one.b) for entry in one.findings.values()],
            })  # fmt: skip
    return found


def summary(own: Keeper, room: Room) -> Response:
    """Return the summary as one page that needs nothing else."""
    rounds = [
        {
            "number": number, "settled": shown.settled_rows(room, number), "bets": shown.bets_of(room, number),
            "done": shown.happened(room, own.running, number),
            "title": next(entry.title for entry in workshop().rounds if entry.number == number),
        }
        for number in sorted(room.settled) if number > 0
    ]  # fmt: skip
    answer = page(
        "summary.html.j2", room=room, rounds=rounds, decades=decades(own, room), merged=shown.merged(room, own.running),
        lucks=study.LUCKS, lines=[(room.table_of(name).title, said) for name, said in room.commitments.items()],
    )  # fmt: skip
    return download(bytes(answer.body), f"familyabm-workshop-{room.name}.html", "text/html")


def study_zip(room: Room) -> bytes:
    """Return the room's study and its worlds as one archive."""
    data = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        study.write(room, Path(folder))
        for path in sorted(Path(folder).iterdir()):
            archive.writestr(f"workshop-{room.name}/{path.name}", path.read_bytes())
        archive.writestr(f"workshop-{room.name}/README.txt", f"{STATUS_LINE}\nfamilyabm study run study.toml\n")
    return data.getvalue()


async def give(request: Request) -> Response:
    """Return one of the files."""
    if not leads(request):
        return page("key.html.j2", 403)
    return await run_in_threadpool(_give, request, request.path_params["what"])


def _give(request: Request, what: str) -> Response:
    own = keeper(request)
    room = own.there
    name = f"familyabm-workshop-{room.name}"
    if what == "summary.html":
        return summary(own, room)
    if what == "choices.csv":
        return download(as_csv(own, room), f"{name}-choices.csv", "text/csv")
    if what == "room.json":
        return download(files.as_bytes(room), f"{name}.json", "application/json")
    if what == "study.zip":
        return download(study_zip(room), f"{name}-study.zip", "application/zip")
    return page("missing.html.j2", 404)


ROUTES = [Route("/facilitator/take/{what}", give)]
