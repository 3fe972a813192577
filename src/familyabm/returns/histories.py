"""What the returns are written from: every child's history with social care, dated, one table for each kind of record.

The tables hold the model's facts in the returns' codes; how they are cut to years and laid out is each shape's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from familyabm.codes import Event, Fate, Legal
from familyabm.returns import coding, spells
from familyabm.returns.dates import WEEKS_A_YEAR, Calendar, birthday
from familyabm.returns.in_need import Book, need_tables
from familyabm.returns.replay import Replay, replay
from familyabm.returns.spells import Lives, Spell, known
from familyabm.returns.watching import Watched
from familyabm.rules.common import CARE_ENDED
from familyabm.tables import ADULTHOOD

Table = pd.DataFrame


@dataclass(frozen=True)
class Histories:
    """Every child's history, one frame a kind of record; days are Timestamps, NaT where something still lasts.

    children: child, dob, sex, alone, disabled.  contacts, early_help, records (a case in need, from referral to
    closure), assessments, enquiries (section 47), conferences, need_plans, plans, plan_reviews, care, episodes,
    reviews, adoptions, workers, difficulties: `child` and what their columns say.  broken_off: assessments left out.
    """

    calendar: Calendar
    seed: int
    children: Table
    contacts: Table
    early_help: Table
    records: Table
    assessments: Table
    enquiries: Table
    conferences: Table
    need_plans: Table
    plans: Table
    plan_reviews: Table
    care: Table
    episodes: Table
    reviews: Table
    adoptions: Table
    workers: Table
    difficulties: Table
    broken_off: int


class Days:
    """The day of each week for each family and child: the one way from the model's weeks to dates."""

    def __init__(self, calendar: Calendar, coins: coding.Coins, lives: Lives) -> None:
        """Draw each family's day of the week and each child's birthday within its week."""
        self.calendar = calendar
        self._place: dict[int, int] = {}
        self.dob: dict[int, date] = {}
        self._weeks: dict[int, tuple[int, int]] = {}
        for child, life in lives.items():
            family = life[0].family
            if family not in self._place:
                self._place[family] = int(5.0 * coins.four(family)[0])
            self.dob[child] = calendar.birthday(life[0].born, 1 + int(5.0 * coins.four(child)[1]))
            self._weeks[child] = (family, life[0].born)

    def on(self, child: int, week: int) -> date:
        """Return the day of something that happened to a child in a week: not before birth, and at 18 the birthday."""
        family, born = self._weeks[child]
        if week - born == ADULTHOOD:
            return birthday(self.dob[child], 18)
        day = self.calendar.working_day(week, self._place[family])
        return max(day, self.dob[child]) if week == born else day

    def in_care(self, child: int, week: int) -> date:
        """Return the day of something about care: in the week of the sixteenth birthday not before it."""
        day = self.on(child, week)
        turns_sixteen = week - self._weeks[child][1] == 16 * WEEKS_A_YEAR
        return max(day, birthday(self.dob[child], 16)) if turns_sixteen else day

    def care_ended(self, child: int, week: int | None) -> date | None:
        """Return the day on which a placement or care ended, none while it lasts."""
        return None if week is None else self.in_care(child, week)

    def ended(self, child: int, week: int | None) -> date | None:
        """Return the day on which something ended, none while it lasts."""
        return None if week is None else self.on(child, week)


def frame(rows: Iterable[tuple[Any, ...]], *columns: str, days: tuple[str, ...] = ()) -> Table:
    """Return rows as a frame whose columns named in `days` are Timestamps."""
    found = pd.DataFrame(list(rows), columns=list(columns))
    for name in days:
        found[name] = pd.to_datetime(found[name])
    return found


def histories(watched: Watched, last_year: int) -> Histories:
    """Return the histories of a watched run whose last year is the financial year ending in `last_year`."""
    seed = watched.run.snapshot.seed
    coins, lives = coding.Coins(seed), spells.lives_of(watched.states)
    calendar = Calendar(watched.run.weeks, last_year)
    days = Days(calendar, coins, lives)
    told = replay(watched)
    book = Book(watched, told, lives, days, coins)
    return Histories(
        calendar=calendar, seed=seed, children=_children(lives, days, coins), **need_tables(book),
        plans=_plans(lives, days), plan_reviews=_plan_reviews(told, lives, days),
        need_plans=_need_plans(lives, days), **_care_tables(watched, told, lives, days, coins),
        workers=_workers(lives, days), difficulties=watched.difficulties, broken_off=book.broken_off,
    )  # fmt: skip


def _children(lives: Lives, days: Days, coins: coding.Coins) -> Table:
    rows = [
        (child, days.dob[child], _sex(life[0].fate, coins.four(child)[2]), life[0].fate == Fate.ALONE,
         life[0].fate == Fate.DISABILITY)
        for child, life in lives.items()
    ]  # fmt: skip
    return frame(rows, "child", "dob", "sex", "alone", "disabled", days=("dob",))


def _sex(fate: int, coin: float) -> str:
    return "F" if fate != Fate.ALONE and coin < 0.5 else "M"


def _plans(lives: Lives, days: Days) -> Table:
    rows = [
        (one.child, days.on(one.child, one.start), days.ended(one.child, one.end),
         coding.ABUSE[one.first.category], one.first.n_plans - 1)
        for life in lives.values() for one in spells.plans(life)
    ]  # fmt: skip
    return frame(rows, "child", "start", "end", "category", "previous", days=("start", "end"))


def _plan_reviews(told: Replay, lives: Lives, days: Days) -> Table:
    """Return the review conferences of children on a plan, after the day it was made."""
    of_child = {child: list(spells.plans(life)) for child, life in lives.items()}
    rows = [
        (child, days.on(child, one.start), days.on(child, held.week))
        for held in told.of(Event.REVIEW_HELD)
        for child in held.children
        for one in of_child[child]
        if one.start < held.week and (one.end is None or held.week <= one.end)
    ]
    return frame(rows, "child", "plan", "day", days=("plan", "day")).drop_duplicates()


def _need_plans(lives: Lives, days: Days) -> Table:
    rows = [
        (one.child, days.on(one.child, one.start), days.ended(one.child, one.end))
        for life in lives.values() for one in spells.need_plans(life)
    ]  # fmt: skip
    return frame(rows, "child", "start", "end", days=("start", "end"))


def _workers(lives: Lives, days: Days) -> Table:
    rows = [
        (one.child, one.first.worker, days.on(one.child, one.start), days.ended(one.child, one.end))
        for life in lives.values() for one in spells.workers(life)
    ]  # fmt: skip
    return frame(rows, "child", "worker", "start", "end", days=("start", "end"))


# --- Care ------------------------------------------------------------------------------------------------------------


def _care_tables(watched: Watched, told: Replay, lives: Lives, days: Days, coins: coding.Coins) -> dict[str, Table]:
    ends = {(one.children[0], one.week): one.event for one in told.of(*CARE_ENDED)}
    broke = {(one.children[0], one.week) for one in told.of(Event.PLACEMENT_BROKE_DOWN)}
    periods = [one for life in lives.values() for one in spells.care(life)]
    parts = {child: list(spells.episodes(life)) for child, life in lives.items()}
    placed = {(one.child, one.first.care_began): one for life in lives.values() for one in spells.care(life)}
    return {
        "care": _periods(periods, ends, days),
        "episodes": _episodes(parts, placed, ends, broke, days),
        "reviews": _reviews(periods, watched, days, coins),
        "adoptions": _adoptions(parts, ends, days),
    }


def _periods(periods: list[Spell], ends: dict[tuple[int, int], int], days: Days) -> Table:
    back = {Legal.SPECIAL_GUARDIANSHIP: "P2", Legal.CHILD_ARRANGEMENTS: "P3"}
    rows = []
    for one in periods:
        reason = "" if one.end is None else coding.ceased(ends[one.child, one.end], one.last, one.end)
        before = one.before.legal if one.before is not None and one.start >= 0 else 0
        order = days.in_care(one.child, known(one.before.since, one.start)) if before in back and one.before else None
        row = (one.child, days.in_care(one.child, one.start), days.care_ended(one.child, one.end), reason,
               coding.need_in_care(one.first), back.get(Legal(before), "Z1"), order)  # fmt: skip
        rows.append(row)
    columns = ("child", "start", "end", "reason", "need", "permanence", "order")
    return frame(rows, *columns, days=("start", "end", "order"))


def _episodes(
    parts: dict[int, list[Spell]], placed: dict[tuple[int, int], Spell], ends: dict[tuple[int, int], int],
    broke: set[tuple[int, int]], days: Days,
) -> Table:  # fmt: skip
    rows = []
    for child, life in parts.items():
        for one, following in zip(life, [*life[1:], None][: len(life)], strict=True):
            period = placed[child, one.first.care_began]
            goes_on = following is not None and following.first.care_began == one.first.care_began
            reason = why = ""
            if following is not None and goes_on:
                reason = "X1"
                if following.first.placed != one.first.placed:
                    why = coding.placement_change(one.last, following.first, (child, following.start) in broke)
            elif one.end is not None:
                reason = coding.ceased(ends[child, one.end], one.last, one.end)
            place, provider = coding.PLACE[one.first.placement]
            row = (child, days.in_care(child, one.start), coding.new_episode(one), coding.LEGAL[one.first.legal],
                   coding.need_in_care(period.first), place, provider, days.care_ended(child, one.end), reason, why,
                   days.in_care(child, known(one.first.placed, one.start)), days.in_care(child, period.start),
                   one.first.far == 1)  # fmt: skip
            rows.append(row)
    columns = ("child", "start", "new", "legal", "need", "place", "provider", "end", "reason", "change", "placed",
               "care", "far")  # fmt: skip
    return frame(rows, *columns, days=("start", "end", "placed", "care"))


def _reviews(periods: list[Spell], watched: Watched, days: Days, coins: coding.Coins) -> Table:
    """Fill in reviews when they fell due, or two weeks late where the run's clock was not kept.

    Source of the times: DfE, Care planning, placement and case review (volume 2), 2021: 20 working days, three months
    after that and every six months.
    """
    rows = []
    for one in periods:
        due, number = one.start + 4, 0
        while due < watched.run.weeks and (one.end is None or due < one.end):
            late = due >= 0 and coins.four(one.child, 10 + number)[0] >= watched.reviews[due]
            held = due + 2 if late else due
            if held < watched.run.weeks and (one.end is None or held < one.end):
                rows.append((one.child, days.on(one.child, held), late))
            number += 1
            due = held + (13 if number == 1 else 26)
    return frame(rows, "child", "day", "late", days=("day",))


def _adoptions(parts: dict[int, list[Spell]], ends: dict[tuple[int, int], int], days: Days) -> Table:
    """Return placement orders, whether placed, and how they ended."""
    rows = []
    for child, life in parts.items():
        of_order = [one for one in life if one.first.legal == Legal.PLACEMENT_ORDER]
        for began in {one.first.care_began for one in of_order}:
            mine = [one for one in of_order if one.first.care_began == began]
            placed = [one for one in mine if one.first.adopting >= 0 or one.last.adopting > spells.LONG_AGO]
            end = mine[-1].end
            adopted = end is not None and ends.get((child, end)) == Event.CARE_ENDED_ADOPTED
            order = known(mine[0].first.since, mine[0].start)
            match = days.on(child, placed[-1].last.adopting) if placed else None
            rows.append((child, days.on(child, order), match, days.ended(child, end), adopted))
    return frame(rows, "child", "order", "placed", "end", "adopted", days=("order", "placed", "end"))
