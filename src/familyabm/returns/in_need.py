"""Histories before care: contacts, early help, records in need, assessments, enquiries and conferences."""

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from familyabm.codes import Event, Fate
from familyabm.returns import coding, spells
from familyabm.returns.replay import Replay, Told, by_family, keyed
from familyabm.returns.spells import LONG_AGO, Lives, Spell, State
from familyabm.returns.watching import Watched
from familyabm.rules.common import CARE_ENDED

if TYPE_CHECKING:
    from familyabm.returns.histories import Days

Seen = tuple[int, int, int, int]
CLOSED = {Event.CARE_ENDED_ADOPTED: "RC1", Event.CARE_ENDED_GUARDIAN: "RC4", Event.CARE_ENDED_ARRANGEMENTS: "RC3"}


class Book:
    """What the tables are written from, looked up by family and week."""

    def __init__(self, watched: Watched, told: Replay, lives: Lives, days: "Days", coins: coding.Coins) -> None:
        """Lay out the run's events and what was seen."""
        self.told, self.lives, self.days, self.coins = told, lives, days, coins
        self.broken_off = 0
        self.referrals = {(child, one.week): one for one in told.of(Event.REFERRAL) for child in one.children}
        self.no_action = {(child, one.week) for one in told.of(Event.REFERRAL_CLOSED) for child in one.children}
        self.not_in_need = keyed(told.of(Event.NOT_IN_NEED))
        self.stepped_down = keyed(told.of(Event.STEPPED_DOWN))
        self.exits = {(one.children[0], one.week): one.event for one in told.of(*CARE_ENDED)}
        self.enquired = defaultdict(list)
        for one in told.of(Event.SECTION_47_STARTED):
            for child in one.children:
                self.enquired[child].append(one.week)
        self._seen: dict[int, tuple[list[int], list[Seen]]] = defaultdict(lambda: ([], []))
        seen = ("family", "week", "housing", "mental", "substance", "abuse")
        for family, week, *levels in zip(*(watched.seen[name].tolist() for name in seen), strict=True):
            self._seen[family][0].append(week)
            self._seen[family][1].append((levels[0], levels[1], levels[2], levels[3]))

    def seen(self, family: int, week: int) -> Seen | None:
        """Return what social care had seen of a family by a week; nothing if it has not met it in this run."""
        weeks, levels = self._seen.get(family, ([], []))
        place = bisect_right(weeks, week)
        return levels[place - 1] if place else None

    def state(self, child: int, week: int) -> State:
        """Return how a child stood at the end of a week."""
        life = self.lives[child]
        return life[max(0, bisect_right(life, week, key=lambda state: state.week) - 1)]


def need_tables(book: Book) -> dict[str, pd.DataFrame]:
    """Return the tables of what comes before care."""
    enquiries, conferences = _enquiries(book)
    return {
        "contacts": _contacts(book), "early_help": _early_help(book), "records": _records(book),
        "assessments": _assessments(book), "enquiries": enquiries, "conferences": conferences,
    }  # fmt: skip


def _frame(rows: list[tuple[Any, ...]], *columns: str, days: tuple[str, ...]) -> pd.DataFrame:
    from familyabm.returns.histories import frame

    return frame(rows, *columns, days=days)


def _contacts(book: Book) -> pd.DataFrame:
    rows = [
        (child, book.days.on(child, one.week), coding.SOURCE.get(one.agency, coding.UNKNOWN_SOURCE))
        for one in book.told.of(Event.CONTACT) for child in one.children
    ]  # fmt: skip
    return _frame(rows, "child", "day", "source", days=("day",))


def _early_help(book: Book) -> pd.DataFrame:
    """Return early help by child; help that goes on is without an end."""
    ends = by_family(book.told.of(Event.EARLY_HELP_ENDED_MET, Event.EARLY_HELP_ENDED_UNMET))
    rows = []
    for one in book.told.of(Event.EARLY_HELP_STARTED):
        end = next((other.week for other in ends.get(one.family, ()) if other.week >= one.week), None)
        rows += [(child, book.days.on(child, one.week), book.days.ended(child, end)) for child in one.children]
    return _frame(rows, "child", "start", "end", days=("start", "end"))


def _records(book: Book) -> pd.DataFrame:
    """Return a row for each case in need of a child, from referral (or how else it opened) to closure."""
    rows, opened = [], set()
    for child, life in book.lives.items():
        for one in spells.in_need(life):
            opened.add((child, one.start))
            rows.append(_record(book, one))
    for (child, week), referral in book.referrals.items():
        if (child, week) not in opened:  # referred and closed in the same week
            state = book.state(child, week)
            rows.append(_record(book, Spell(child, referral.family, week, week, state, state, None)))
    columns = ("child", "referred", "source", "need", "closed", "reason", "no_action", "in_model")
    found = _frame(rows, *columns, days=("referred", "closed"))
    return found.sort_values(["child", "referred"], kind="stable", ignore_index=True)


def _record(book: Book, one: Spell) -> tuple[Any, ...]:
    """Return a case: the date and source of the referral, need, end and reason, and whether the model referred it."""
    child, days = one.child, book.days
    referral = book.referrals.get((child, one.start))
    before_run = one.start < 0
    source = coding.SOURCE[referral.agency] if referral else coding.OWN_SOURCE
    no_action = (child, one.end) in book.no_action
    protected = any(one.start <= at and (one.end is None or at <= one.end) for at in book.enquired.get(child, ()))
    protected = protected or one.last.n_plans > 0
    seen = None if no_action else book.seen(one.family, one.start if one.end is None else one.end)
    need = coding.primary_need(one.first.fate, seen, protected)
    return (
        child, days.on(child, one.start), coding.UNKNOWN_SOURCE if before_run else source, need,
        days.ended(child, one.end), _reason(book, one, no_action), no_action, referral is not None or before_run,
    )  # fmt: skip


def _reason(book: Book, one: Spell, no_action: bool) -> str:
    """Return the reason for closure."""
    if one.end is None:
        return ""
    left = book.exits.get((one.child, one.end))
    if left in CLOSED:
        return CLOSED[Event(left)]
    if left == Event.CARE_ENDED_OTHER and one.last.fate == Fate.ALONE:
        return "RC5"
    ended = book.not_in_need.get((one.family, one.end))
    if ended is not None and one.child in ended.children and not no_action:
        return "RC9" if (one.family, one.end) in book.stepped_down else "RC8"
    return "RC7"


def _assessments(book: Book) -> pd.DataFrame:
    """Return assessments that ended, for the children at home then, and those still under way."""
    ends, rows = by_family(book.told.of(Event.ASSESSMENT_ENDED)), []
    broken = by_family(book.told.of(Event.SECTION_47_STARTED))
    starts = by_family(book.told.of(Event.ASSESSMENT_STARTED))
    for family in starts.keys() | ends.keys():
        left = list(starts.get(family, ()))
        for ended in ends.get(family, ()):
            begun = [one for one in left if one.week <= ended.week]
            left = [one for one in left if one.week > ended.week]
            book.broken_off += sum(len(one.children) for one in begun[:-1])
            if begun:
                rows += _assessed(book, begun[-1], ended)
            else:
                rows += _begun_before(book, ended)
        for one in left:
            cut = any(other.week >= one.week for other in broken.get(family, ()))
            going_on = [
                child for child in one.children if not cut and book.state(child, 10**6).open and one is left[-1]
            ]
            book.broken_off += len(one.children) - len(going_on)
            rows += [(child, book.days.on(child, one.week), None, "") for child in going_on]
    return _frame(rows, "child", "start", "end", "factors", days=("start", "end"))


def _assessed(book: Book, begun: Told, ended: Told) -> list[tuple[Any, ...]]:
    return [
        (child, book.days.on(child, max(begun.week, book.state(child, begun.week).born)),
         book.days.on(child, ended.week), _factors(book, child, ended))
        for child in ended.children
    ]  # fmt: skip


def _begun_before(book: Book, ended: Told) -> list[tuple[Any, ...]]:
    """Return an assessment that was under way as the run began: of its start, only the referral's week is known."""
    return [
        (child, book.days.on(child, max(book.state(child, -1).referred, book.state(child, -1).born)),
         book.days.on(child, ended.week), _factors(book, child, ended))
        for child in ended.children if book.state(child, -1).referred > LONG_AGO
    ]  # fmt: skip


def _factors(book: Book, child: int, ended: Told) -> str:
    state = book.state(child, ended.week)
    seen = book.seen(ended.family, ended.week) or (0, 0, 0, 0)
    closed = (ended.family, ended.week) in book.not_in_need
    return " ".join(coding.factors(seen, state.risk_seen, state.fate, book.coins.four(ended.family)[3], closed))


def _enquiries(book: Book) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return section 47 enquiries with the conference that followed, if any; and every conference."""
    held, rows, meetings = by_family(book.told.of(Event.CONFERENCE)), [], []
    ended = by_family(book.told.of(Event.SECTION_47_ENDED))
    in_time = keyed(book.told.of(Event.CONFERENCE_IN_TIME))
    starts = by_family(book.told.of(Event.SECTION_47_STARTED))
    linked: set[tuple[int, int]] = set()
    for family, begun in starts.items():
        for number, one in enumerate(begun):
            until = begun[number + 1].week if number + 1 < len(begun) else 10**6
            meeting = next((other for other in held.get(family, ()) if one.week < other.week <= until), None)
            done = any(one.week <= other.week <= until for other in ended.get(family, ()))
            for child in one.children:
                there = meeting is not None and child in meeting.children
                day = book.days.on(child, meeting.week) if there and meeting else None
                decided = done and (meeting is not None or not _awaited(book, child, family, until))
                rows.append((child, book.days.on(child, one.week), day, decided and not there))
                linked |= {(child, meeting.week)} if there and meeting else set()
    for told in (one for meetings_held in held.values() for one in meetings_held):
        timely = (told.family, told.week) in in_time
        meetings += [
            (child, book.days.on(child, told.week), timely, (child, told.week) in linked) for child in told.children
        ]
    enquiries = _frame(rows, "child", "start", "conference", "not_required", days=("start", "conference"))
    return enquiries, _frame(meetings, "child", "day", "in_time", "enquired", days=("day",))


def _awaited(book: Book, child: int, family: int, until: int) -> bool:
    """Tell whether a conference may still come: the case is open and no plan or closure has settled it."""
    state = book.lives[child][-1]
    return until == 10**6 and bool(state.open) and state.legal == 0
