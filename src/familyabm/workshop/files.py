"""A room as a file: written whole and to the disk before anybody is told that it is kept, and read with suspicion."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, NoReturn

from familyabm import areas
from familyabm.errors import InputError, finite, shown
from familyabm.toml_fields import file_text, only
from familyabm.workshop.choices import LENGTHS, PLAN, ROOM, workshop
from familyabm.workshop.room import LONGEST_TEXT, MOST_FAMILIES, Room, Settled, Timer, tables
from familyabm.workshop.steps import steps
from familyabm.writing import write_whole

FORMAT = "familyabm workshop 1"
LARGEST_FILE = 200_000
LEAST, MOST = 500, 20_000
"""Families that a room's town may have."""


def put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and return only once it is on the disk.

    Raises InputError in one sentence where the disk is full or the folder cannot be written.
    """
    try:
        write_whole(path, data, flushed=True)
    except OSError as error:
        raise InputError(f"{path.name} could not be kept: {(error.strerror or 'unwritable').lower()}.") from None


def as_bytes(room: Room) -> bytes:
    """Return a room as its file holds it."""
    whole = asdict(room)
    for name in ("choices", "bets", "settled"):
        whole[name] = {str(number): entry for number, entry in sorted(whole[name].items())}
    for name in ("sent", "by_hand"):
        whole[name] = {str(number): sorted(entry) for number, entry in sorted(whole[name].items())}
    whole["here"] = sorted(room.here)
    return (json.dumps({"format": FORMAT} | whole, ensure_ascii=False, indent=1) + "\n").encode()


def load(path: Path) -> Room:
    """Read a room's file. Raises InputError in one sentence."""
    return read(file_text(path, LARGEST_FILE, "room file", "a room's file is a page or two"), str(path))


def read(text: str, where: str = "room") -> Room:
    """Read a room from the text of its file, checking every part of it."""
    try:
        given = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise InputError(f"{where} is not the file of a workshop: it is not JSON.") from None
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise InputError(f"{where} is not the file of a workshop; one with format = {FORMAT!r} is accepted.")
    only(given, ("format", *(entry.name for entry in fields(Room))), "a room", where)
    return _Reading(given, where).room()


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


class _Reading:
    """A room being read: each part is checked against what the workshop has."""

    def __init__(self, given: Mapping[str, Any], where: str) -> None:
        self.given, self.where = given, where

    def room(self) -> Room:
        length = self._one_of("length", LENGTHS)
        small = self._yes("small")
        self.tables = {table.name for table in tables(small)}
        self.rounds = {"0": 0} | {str(entry.number): entry.number for entry in workshop().rounds}
        area = self._text("area", 200)
        areas.named(area)
        return Room(
            name=self._text("name", 40), area=area, families=self._whole("families", LEAST, MOST),
            seed=self._whole("seed", 0, 2**32 - 1), length=length, began=self._text("began", 40), small=small,
            step=self._whole("step", 0, len(steps(length)) - 1), here=set(self._list("here", self.tables)),
            choices=self._rounds("choices", self._choices), bets=self._rounds("bets", self._bets),
            by_hand=self._rounds("by_hand", self._some), sent=self._rounds("sent", self._some),
            settled=self._rounds("settled", self._settled), merged_bets=self._merged(),
            commitments=self._commitments(), timer=self._timer(), blank=self._yes("blank"), table=self._yes("table"),
            size=self._whole("size", 0, 3), replays=self._whole("replays", 0, 10**9), keys=self._yes("keys"),
        )  # fmt: skip

    def _refuse(self, label: str, value: object, accepted: str) -> NoReturn:
        raise InputError(f"{self.where}: {label} = {shown(value)} is not accepted; {accepted} is.")

    def _text(self, name: str, most: int) -> str:
        value = self.given.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
            self._refuse(name, value, f"a text of up to {most} letters")
        return value

    def _whole(self, name: str, low: int, high: int) -> int:
        return self._number(name, self.given.get(name), low, high)

    def _number(self, label: str, value: object, low: int, high: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self._refuse(label, value, f"a whole number from {low} to {high}")
        return value

    def _yes(self, name: str) -> bool:
        value = self.given.get(name)
        if not isinstance(value, bool):
            self._refuse(name, value, "true or false")
        return value

    def _one_of(self, name: str, accepted: tuple[int, ...]) -> int:
        value = self.given.get(name)
        if isinstance(value, bool) or value not in accepted:
            self._refuse(name, value, " or ".join(map(str, accepted)))
        assert isinstance(value, int)  # it is one of those
        return value

    def _list(self, label: str, accepted: set[str], value: object = None) -> list[str]:
        found = self.given.get(label) if value is None else value
        if not isinstance(found, list) or not all(isinstance(one, str) and one in accepted for one in found):
            self._refuse(label, found, f"a list of {', '.join(sorted(accepted))}")
        return found

    def _table(self, label: str, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._refuse(label, value, "a table")
        return value

    def _rounds(self, name: str, each: Callable[[str, int, Any], Any]) -> dict[int, Any]:
        whole = self._table(name, self.given.get(name))
        for number in whole:
            if number not in self.rounds:
                self._refuse(f"{name} round", number, f"a round of {', '.join(self.rounds)}")
        return {
            self.rounds[number]: each(f"{name}.{number}", self.rounds[number], one) for number, one in whole.items()
        }

    def _kind(self, number: int) -> str:
        return next((entry.options for entry in workshop().rounds if entry.number == number), "own")

    def _choices(self, label: str, number: int, value: object) -> dict[str, str]:
        whole, kind = self._table(label, value), self._kind(number)
        for who, option in whole.items():
            known = isinstance(option, str) and workshop().option(who, kind, option) is not None
            if not known or (kind == PLAN and who not in self.tables):
                self._refuse(f"{label}.{who}", option, "an option of that seat")
        return whole

    def _bets(self, label: str, number: int, value: object) -> dict[str, str]:
        whole, answers = self._table(label, value), {answer.name for answer in workshop().answers}
        for who, answer in whole.items():
            if who not in self.tables or answer not in answers:
                self._refuse(f"{label}.{who}", answer, f"one of {', '.join(sorted(answers))} from a table")
        return whole

    def _some(self, label: str, number: int, value: object) -> set[str]:
        return set(self._list(label, self.tables, value))

    def _settled(self, label: str, number: int, value: object) -> dict[str, Settled]:
        whole, kind = self._table(label, value), self._kind(number)
        found = {}
        for seat, entry in whole.items():
            one = self._table(f"{label}.{seat}", entry)
            option, how = one.get("option"), one.get("how")
            known = option == "" or (isinstance(option, str) and workshop().option(seat, kind, option) is not None)
            right = (seat == ROOM) == (kind == PLAN)
            if not known or not right or how not in ("sent", "by hand", "kept", "strategy", "voted"):
                self._refuse(f"{label}.{seat}", entry, "an option of that seat and how it came about")
            found[seat] = Settled(str(option), str(how))
        return found

    def _merged(self) -> dict[str, int]:
        whole = self._table("merged_bets", self.given.get("merged_bets"))
        self._list("merged_bets", self.tables, list(whole))
        return {who: self._number(f"merged_bets.{who}", value, 0, MOST_FAMILIES) for who, value in whole.items()}

    def _commitments(self) -> dict[str, str]:
        whole = self._table("commitments", self.given.get("commitments"))
        self._list("commitments", self.tables, list(whole))
        for who, said in whole.items():
            if not isinstance(said, str) or len(said) > LONGEST_TEXT or not said.isprintable():
                self._refuse(f"commitments.{who}", said, f"a line of up to {LONGEST_TEXT} letters")
        return whole

    def _timer(self) -> Timer:
        whole = self._table("timer", self.given.get("timer"))
        ends, left, going = whole.get("ends"), whole.get("left"), whole.get("going")
        for value in (ends, left):
            if isinstance(value, bool) or not isinstance(value, int | float) or not finite(value) or abs(value) > 1e11:
                self._refuse("timer", whole, "seconds")
        return Timer(float(ends or 0.0), float(left or 0.0), bool(going))
