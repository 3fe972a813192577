"""What pages show of a room: numbers of the teams, bets, choices and results, each made ready for the templates once.

Every number comes from what the processes beside the server worked out; where it is not there yet, it is None.
"""

from typing import Any

from familyabm.report import words
from familyabm.workshop.choices import OWN, PLAN, ROOM, Option, Seat, workshop
from familyabm.workshop.room import BY_HAND, KEPT, STRATEGY, Room, Settled
from familyabm.workshop.steps import PRACTICE

from . import work
from .work import Runner

Row = dict[str, Any]


def year_of(room: Room, runner: Runner, number: int) -> dict[str, Any] | None:
    """Return what a round's year brought, None while it is being worked out."""
    return runner.found(work.year(room, number))


def last_year(room: Room, runner: Runner) -> dict[str, Any] | None:
    """Return the last closed round's year; while it is being worked out, None."""
    return year_of(room, runner, room.last_closed)


def known_year(room: Room) -> int:
    """Return the last year that tables may know of: a closed round's is not shown before it is revealed."""
    at = room.at
    hidden = at.stage.startswith("round-") and at.name in ("closed", "bets")
    return max(0, room.last_closed - 1) if hidden else room.last_closed


# --- What a seat sees ---


def rows_of(seat: Seat, now: dict[str, Any], before: dict[str, Any] | None) -> list[Row]:
    """Return a seat's numbers of a year, and of the year before if there is one."""
    mine, then = now["teams"][seat.name], before["teams"][seat.name] if before else {}
    return [
        {
            "label": label, "now": _written(mine[key], unit), "before": _written(then[key], unit) if then else "",
            "target": seat.target_shows == key or (seat.target_shows == "families" and key == "met"),
        }
        for key, label, unit in _labels(seat)
    ]  # fmt: skip


def _labels(seat: Seat) -> list[tuple[str, str, str]]:
    if seat.name == "finance":
        return [
            ("spend", "Spent on children's services", "£"), ("spend_placements", "Of this, on children in care", "£"),
            ("spend_early_help", "Of this, on early help", "£"),
        ]  # fmt: skip
    if seat.name == "family":
        return [
            ("met", "Families that asked for help", ""), ("closed", "Times the answer was no help", ""),
            ("told", "Times a story was told anew", ""), ("tellers", "Families that told it", ""),
        ]  # fmt: skip
    passed = "Contacts that came to you" if seat.name == "social_work" else "Passed on to social work"
    found = [
        ("met", "Families you met", ""), ("passed", passed, ""), ("closed", "Of these, closed with no help", ""),
        ("again", "Families back because it was not sorted", ""),
    ]  # fmt: skip
    hours = {
        "social_work": [("hours", "Hours needed for each 100 you have", "")],
        "police": [("hours", "Hours on calls and reports", "")],
        "housing": [("used", "Places to help with housing, in use", ""), ("waiting", "Families waiting for one", "")],
    }
    return found + hours.get(seat.name, [("hours", "Hours on reports", "")])


def _written(value: float, unit: str) -> str:
    return words.amount(float(value), unit, 0)


def town_rows(now: dict[str, Any]) -> list[Row]:
    """Return what everyone sees once there is sight: each service's families, all together, and how many families."""
    merged = now["merged"]
    seats = [seat for seat in workshop().seats if not seat.optional]
    found = [{"label": seat.title, "now": f"{n:,}"} for seat, n in zip(seats, merged["counts"], strict=True)]
    found.append({"label": "Added up", "now": f"{merged['total']:,}"})
    found.append({"label": "Different families", "now": f"{merged['families']:,}"})
    found.append({"label": "Families that three or more of you met", "now": f"{merged['often']:,}"})
    return found


# --- Choices and bets ---


def options_for(room: Room, seat: Seat | None, number: int) -> list[Option]:
    """Return the options that a seat has in a round; None stands for the whole room's plan."""
    kind = OWN if number == PRACTICE else room.kind(number)
    return workshop().open_to(seat.name if seat else ROOM, kind)


def sent_by(room: Room, table: str, number: int) -> dict[str, str]:
    """Return the options that a table has sent, by seat; by "room" where it voted for a plan."""
    chosen = room.choices.get(number, {})
    if room.kind(number) == PLAN:
        return {ROOM: chosen[table]} if table in chosen else {}
    return {seat.name: chosen[seat.name] for seat in room.table_of(table).seats if seat.name in chosen}


def settled_rows(room: Room, number: int) -> list[Row]:
    """Return what each seat did in a round and how that came about, in words."""
    entry = room.settled.get(number, {})
    kind = room.kind(number)
    if ROOM in entry:
        votes = [f"{workshop().option(ROOM, PLAN, name).words}: {n}" for name, n in room.votes(number) if n]  # type: ignore[union-attr]
        said = "Votes: " + ", ".join(votes) if votes else "No votes: no change"
        return [{"seat": "The town", "words": _words(ROOM, kind, entry[ROOM]), "short": "", "how": said}]
    return [
        {
            "seat": seat.title, "words": _words(seat.name, kind, entry[seat.name]),
            "short": _short(seat.name, kind, entry[seat.name]), "how": HOW.get(entry[seat.name].how, ""),
        }
        for seat in workshop().seats if seat.name in entry
    ]  # fmt: skip


HOW = {KEPT: "nothing sent", BY_HAND: "on paper", STRATEGY: "empty seat, plays for its own target"}


def _words(seat: str, kind: str, one: Settled) -> str:
    option = workshop().option(seat, kind, one.option)
    return option.words if option else "No change"


def _short(seat: str, kind: str, one: Settled) -> str:
    option = workshop().option(seat, kind, one.option)
    return option.short if option else "No change"


def bets_of(room: Room, number: int) -> list[Row]:
    """Return how many tables bet on each answer, in the order of the answers."""
    cast = list(room.bets.get(number, {}).values())
    most = max((cast.count(answer.name) for answer in workshop().answers), default=0) or 1
    return [
        {"words": answer.words, "n": cast.count(answer.name), "share": round(100 * cast.count(answer.name) / most)}
        for answer in workshop().answers
    ]


# --- What happened ---


def happened(room: Room, runner: Runner, number: int) -> dict[str, Any] | None:
    """Return what a round did to the town's contacts: against the same year, families and luck with nothing chosen.

    The practice round, in which nothing counts, is set against the year before it.
    """
    found = year_of(room, runner, number)
    if found is None:
        return None
    pairs = found["pairs"]
    if number == PRACTICE:
        pairs = [(chosen, found["before"]) for chosen, _ in pairs]
    changes = [percent(chosen, today) for chosen, today in pairs]
    chosen, today = pairs[0]
    answer = workshop().answer_for(changes[0])
    cast = list(room.bets.get(number, {}).values())
    most = max((sum(month) for month in found["months"]), default=1) or 1
    return {
        "chosen": chosen, "today": today, "before": found["before"], "percent": changes[0], "low": min(changes),
        "high": max(changes), "lucks": len(changes), "answer": answer, "right": cast.count(answer.name),
        "cast": len(cast), "months": found["months"], "most": most, "said": _said(changes[0], number),
        "back": sum(back for _, back in found["months"]), "all": sum(map(sum, found["months"])),
    }  # fmt: skip


def percent(chosen: int, today: int) -> float:
    """Return a change in per cent."""
    return 100.0 * (chosen - today) / today if today else 0.0


def _said(change: float, number: int) -> str:
    size = words.number(abs(change), 0)
    against = "the year before" if number == PRACTICE else "if nobody had changed anything"
    if size == "0":
        return f"The same as {against}"
    return f"{size}% {'more' if change > 0.0 else 'fewer'} than {against}"


def merged(room: Room, runner: Runner) -> dict[str, Any] | None:
    """Return the reveal of the last closed round's year: counts, families, and the dots that stand for them."""
    found = last_year(room, runner)
    if found is None:
        return None
    seats = [seat for seat in workshop().seats if not seat.optional]
    most = max(found["merged"]["counts"]) or 1
    bars = [
        {"title": seat.title, "n": n, "share": round(100 * n / most, 1)}
        for seat, n in zip(seats, found["merged"]["counts"], strict=True)
    ]
    guesses = [
        {"title": room.table_of(name).title, "n": n} for name, n in room.merged_bets.items()
        if name in {table.name for table in room.tables}
    ]  # fmt: skip
    closest = min(guesses, key=lambda one: abs(one["n"] - found["merged"]["families"])) if guesses else None
    merged: dict[str, Any] = found["merged"]
    return merged | {"bars": bars, "guesses": guesses, "closest": closest, "story": found["story"]}


def timeline(room: Room, runner: Runner) -> dict[str, Any]:
    """Return every closed round with its choices and what it did, for the debrief."""
    rounds = [number for number in sorted(room.settled) if number > 0]
    heads = []
    for number in rounds:
        done = happened(room, runner, number)
        plan_ = room.settled[number].get(ROOM)
        option = workshop().option(ROOM, PLAN, plan_.option) if plan_ else None
        heads.append({
            "title": f"Round {number}", "change": words.signed(done["percent"], 0) + "%" if done else "…",
            "plan": option.short if option else "", "is_plan": plan_ is not None,
        })  # fmt: skip
    seats = [seat for seat in workshop().seats if any(seat.name in room.settled[number] for number in rounds)]
    cells = [
        [
            _short(seat.name, room.kind(number), room.settled[number][seat.name])
            if seat.name in room.settled[number] else ""
            for number in rounds
        ]
        for seat in seats
    ]  # fmt: skip
    lines = [{"title": seat.title, "cells": line} for seat, line in zip(seats, cells, strict=True)]
    return {"rounds": heads, "lines": lines}
