"""A room: who sits where, which step it is at, what was chosen and bet, and the few things that can happen to it.

Everything here is plain data that a file can hold; nothing of it says who anybody is. What is done to a room either
happens whole or is refused with one sentence.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from familyabm.errors import InputError
from familyabm.workshop import plan
from familyabm.workshop.choices import OWN, PLAN, ROOM, Seat, workshop
from familyabm.workshop.plan import Taken
from familyabm.workshop.steps import MERGED_BET, OPEN, PRACTICE, Step, place_of, steps

MOST_FAMILIES = 1_000_000
LONGEST_TEXT = 160
SENT, BY_HAND, KEPT, STRATEGY, VOTED = "sent", "by hand", "kept", "strategy", "voted"
"""How a seat's choice of a round came about: from a device, from paper, none sent, played by rule, by votes."""
SIZES = (100, 110, 120, 135)
"""Text sizes of the shared screen, in per cent."""


@dataclass(frozen=True)
class Table:
    """People who sit and decide together: one seat, or two where the group is small."""

    name: str
    title: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True)
class Settled:
    """What a seat did in a round, and how that came about. option: "" where it did nothing new."""

    option: str
    how: str


@dataclass
class Timer:
    """The step's time. ends: when it is over, in seconds since 1970; left: what is left while it stands."""

    ends: float = 0.0
    left: float = 0.0
    going: bool = False

    def remaining(self, now: float) -> float:
        """Return the seconds left, below zero when time is over."""
        return self.ends - now if self.going else self.left

    def start(self, seconds: float, now: float) -> None:
        """Let so many seconds run from now."""
        self.ends, self.left, self.going = now + seconds, seconds, True


@dataclass
class Room:
    """The state of one workshop."""

    name: str
    area: str
    families: int
    seed: int
    length: int
    began: str
    small: bool = False
    step: int = 0
    here: set[str] = field(default_factory=set)
    choices: dict[int, dict[str, str]] = field(default_factory=dict)
    by_hand: dict[int, set[str]] = field(default_factory=dict)
    bets: dict[int, dict[str, str]] = field(default_factory=dict)
    sent: dict[int, set[str]] = field(default_factory=dict)
    settled: dict[int, dict[str, Settled]] = field(default_factory=dict)
    merged_bets: dict[str, int] = field(default_factory=dict)
    commitments: dict[str, str] = field(default_factory=dict)
    timer: Timer = field(default_factory=Timer)
    blank: bool = False
    table: bool = False
    size: int = 0
    replays: int = 0
    keys: bool = True

    # --- Looking ---------------------------------------------------------------------------------------------------

    @property
    def at(self) -> Step:
        """Return the step that the room is at."""
        return steps(self.length)[self.step]

    @property
    def tables(self) -> list[Table]:
        """Return the tables in the order of their first seats."""
        return tables(self.small)

    def table_of(self, name: str) -> Table:
        """Return a table by its name."""
        for table in self.tables:
            if table.name == name:
                return table
        raise InputError("There is no such table. Choose one of those shown.")

    @property
    def last_closed(self) -> int:
        """Return the last round that is closed, 0 before the first."""
        return max((number for number in self.settled if number > 0), default=0)

    @property
    def taken(self) -> list[Taken]:
        """Return what was settled in every closed round, in order."""
        return [
            Taken(number, {seat: one.option for seat, one in self.settled[number].items() if one.option},
                  plan.kind_of(number))
            for number in sorted(self.settled) if number > 0
        ]  # fmt: skip

    def taken_up_to(self, number: int) -> list[Taken]:
        """Return what was settled up to a round."""
        return [entry for entry in self.taken if entry.round <= number]

    def has_sent(self, number: int) -> set[str]:
        """Return the tables that have sent something this round."""
        return self.sent.get(number, set())

    def playing(self, table: Table) -> bool:
        """Tell whether a table counts: its people are here, or it is one of the five."""
        return table.name in self.here or not all(seat.optional for seat in table.seats)

    # --- What tables do --------------------------------------------------------------------------------------------

    def sit(self, name: str) -> None:
        """Note that somebody sits at a table."""
        self.here.add(self.table_of(name).name)

    def choose(self, name: str, number: int, chosen: Mapping[str, str], bet: str, hand: bool = False) -> None:
        """Take a table's choices and bet for the round that is open; what was sent before is replaced.

        chosen: {seat: option}, or {"room": plan} where the whole room decides.  hand: from paper, by the facilitator.
        """
        table, at = self.table_of(name), self.at
        if not at.deciding or at.round != number:
            raise InputError("This round is closed. Your last choice stands.")
        self._check(table, self.kind(number), chosen)
        if bet not in {answer.name for answer in workshop().answers}:
            raise InputError("Choose your bet.")
        mine = self.choices.setdefault(number, {})
        for seat, option in chosen.items():
            mine[table.name if seat == ROOM else seat] = option
        self.bets.setdefault(number, {})[table.name] = bet
        self.sent.setdefault(number, set()).add(table.name)
        self.here.add(table.name)
        hands = self.by_hand.setdefault(number, set())
        (hands.add if hand else hands.discard)(table.name)

    def _check(self, table: Table, kind: str, chosen: Mapping[str, str]) -> None:
        wanted = {ROOM} if kind == PLAN else {seat.name for seat in table.seats}
        for seat in sorted(wanted | set(chosen)):
            if seat not in wanted or workshop().option(seat, kind, chosen.get(seat, "")) is None:
                title = "the town" if seat == ROOM or seat not in wanted else workshop().seat(seat).title
                raise InputError(f"Choose what {title} will do.")

    def bet_merged(self, name: str, families: int) -> None:
        """Take a table's bet on how many different families there are."""
        table = self.table_of(name)
        if self.at.name != MERGED_BET:
            raise InputError("This bet is closed. Your last bet stands.")
        if not 0 <= families <= MOST_FAMILIES:
            raise InputError(f"A whole number from 0 to {MOST_FAMILIES:,} is accepted.")
        self.merged_bets[table.name] = families
        self.here.add(table.name)

    def commit(self, name: str, text: str) -> None:
        """Take a table's line of what it will check; an empty one takes it back."""
        table, said = self.table_of(name), " ".join(text.split())
        if self.at.stage != "debrief":
            raise InputError("This comes at the end of the workshop.")
        if len(said) > LONGEST_TEXT or not said.isprintable():
            raise InputError(f"One line of up to {LONGEST_TEXT} letters is accepted.")
        if said:
            self.commitments[table.name] = said
        else:
            self.commitments.pop(table.name, None)

    # --- What the facilitator does ---------------------------------------------------------------------------------

    def kind(self, number: int) -> str:
        """Return the kind of option that a round opens; practice is like round 1."""
        return OWN if number == PRACTICE else plan.kind_of(number)

    def forward(self, now: float | None = None) -> None:
        """Go to the next step; leaving an open round closes it."""
        if self.step + 1 >= len(steps(self.length)):
            raise InputError("The workshop is at its end.")
        if self.at.deciding:
            self._close(self.at.round or PRACTICE)
        self._go(self.step + 1, now)

    def back(self, now: float | None = None) -> None:
        """Go back a step; nothing that was sent is lost."""
        if self.step == 0:
            raise InputError("The workshop is at its beginning.")
        self._go(self.step - 1, now)

    def skip(self, stage: str, now: float | None = None) -> None:
        """Go to the reveal or to the debrief at once."""
        if stage not in ("reveal", "debrief"):
            raise InputError("Only the reveal and the debrief can be skipped to.")
        if self.at.deciding:
            self._close(self.at.round or PRACTICE)
        self._go(place_of(self.length, stage), now)

    def _go(self, step: int, now: float | None) -> None:
        self.step, self.replays, self.blank, self.table = step, 0, False, False
        if self.at.deciding and self.at.round in self.settled:
            del self.settled[self.at.round]  # it is open again
        self.timer.start(self.at.seconds, time.time() if now is None else now)

    def _close(self, number: int) -> None:
        self.settled[number] = self._settle(number)

    def _settle(self, number: int) -> dict[str, Settled]:
        """Settle what every seat does: as sent; else as before if its table is here; else by its strategy."""
        if self.kind(number) == PLAN:
            return {ROOM: self._voted(number)}
        return {
            seat.name: self._of(table, seat, number)
            for table in self.tables if self.playing(table) for seat in table.seats
        }  # fmt: skip

    def _of(self, table: Table, seat: Seat, number: int) -> Settled:
        chosen = self.choices.get(number, {}).get(seat.name, "")
        if chosen:
            return Settled(chosen, BY_HAND if table.name in self.by_hand.get(number, set()) else SENT)
        if table.name in self.here or self.kind(number) != OWN:
            return Settled("", KEPT)
        return Settled(seat.strategy, STRATEGY)

    def votes(self, number: int) -> list[tuple[str, int]]:
        """Return each plan's votes, in the order of the plans; every table has one."""
        cast = Counter(self.choices.get(number, {}).values())
        return [(option.name, cast[option.name]) for option in workshop().open_to(ROOM, PLAN)]

    def _voted(self, number: int) -> Settled:
        """Return the plan with the most votes; of several, the one that changes least, which stands first."""
        cast = self.votes(number)
        most = max(votes for _, votes in cast)
        return Settled(next(name for name, votes in cast if votes == most), VOTED if most else KEPT)

    def group(self, small: bool) -> None:
        """Seat a small group at fewer tables, or each service at its own again; before the first round only."""
        if self.at.stage != "welcome":
            raise InputError("Tables can be joined or parted before the practice round only.")
        self.small = small
        self.here &= {table.name for table in self.tables}

    def add_minute(self, now: float | None = None) -> None:
        """Give a minute more; time that was over begins anew."""
        now = time.time() if now is None else now
        left = max(0.0, self.timer.remaining(now)) + 60.0
        if self.timer.going:
            self.timer.start(left, now)
        else:
            self.timer.left = left

    def stop_timer(self, now: float | None = None) -> None:
        """Stop the timer, or let it go on."""
        now = time.time() if now is None else now
        if self.timer.going:
            self.timer.left, self.timer.going = max(0.0, self.timer.remaining(now)), False
        else:
            self.timer.start(self.timer.left, now)

    def show(self, what: str) -> None:
        """Change how the shared screen shows its step: blank, table, replay, larger, smaller, keys."""
        if what == "blank":
            self.blank = not self.blank
        elif what == "table":
            self.table = not self.table
        elif what == "replay":
            self.replays += 1
        elif what in ("larger", "smaller"):
            self.size = min(len(SIZES) - 1, max(0, self.size + (1 if what == "larger" else -1)))
        elif what == "keys":
            self.keys = not self.keys
        else:
            raise InputError("The shared screen cannot do that.")


def tables(small: bool) -> list[Table]:
    """Return the tables: one a seat, or fewer where the group is small and seats join."""
    seats = workshop().seats
    joined = {seat.name: seat.joins for seat in seats if small and seat.joins}
    found = []
    for seat in seats:
        if seat.name in joined:
            continue
        own = (seat, *(other for other in seats if joined.get(other.name) == seat.name))
        found.append(Table(seat.name, " and ".join(one.title for one in own), own))
    return found


def is_open(room: Room) -> bool:
    """Tell whether tables can choose now."""
    return room.at.name == OPEN
