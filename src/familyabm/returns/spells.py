"""Stretches of time of one child, read off how it stands: in need, on a plan, in care, in a placement."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from familyabm.codes import LOOKED_AFTER, Legal

LONG_AGO = -60 * 52
"""Weeks before the run that nothing real lies beyond: what has never happened is dated so."""
CARE = frozenset(int(status) for status in LOOKED_AFTER)


class State(NamedTuple):
    """How a child stands from a week on, weeks from the run's start; the columns of `Watched.states`."""

    child: int
    week: int
    family: int
    legal: int
    placement: int
    placed: int
    since: int
    far: int
    category: int
    n_plans: int
    care_began: int
    referred: int
    adopting: int
    fate: int
    fated: int
    born: int
    risk_seen: int
    open: bool
    worker: int


class Spell(NamedTuple):
    """A stretch of time: from week `start` to week `end` (None while it lasts), how it began, how it stood before."""

    child: int
    family: int
    start: int
    end: int | None
    first: State
    last: State
    before: State | None


Lives = dict[int, list[State]]


def lives_of(states: pd.DataFrame) -> Lives:
    """Return every child's states in order."""
    found: Lives = defaultdict(list)
    for row in zip(*(states[name].tolist() for name in State._fields), strict=True):
        found[row[0]].append(State(*row))
    return found


def spells(
    life: list[State], holds: Callable[[State], bool], same: Callable[[State], Any], began: Callable[[State], int]
) -> Iterator[Spell]:
    """Return the stretches in which something holds and stays the same.

    began: when one that already holds as the run begins did begin.
    """
    first = last = before = None
    for state in life:
        if first is not None and (not holds(state) or same(state) != same(first)):
            yield _spell(first, last or first, before, began, state.week)
            first = None
        if first is None and holds(state):
            first, before = state, last
        last = state
    if first is not None:
        yield _spell(first, last or first, before, began, None)


def _spell(first: State, last: State, before: State | None, began: Callable[[State], int], end: int | None) -> Spell:
    start = began(first) if first.week < 0 else first.week
    return Spell(first.child, first.family, start, end, first, last, before)


def known(week: int, otherwise: int) -> int:
    """Return a week if it is one in which something has happened."""
    return week if week > LONG_AGO else otherwise


def in_need(life: list[State]) -> Iterator[Spell]:
    """Return the spells in which a child counts as in need, from referral to closure."""
    return spells(life, lambda state: state.open, lambda state: True, _opened)


def _opened(state: State) -> int:
    """Return when a spell that is open as the run begins did begin: the referral, but never after care or a plan."""
    weeks = [week for week in (state.referred, state.since) if week > LONG_AGO]
    return min([*weeks, state.care_began] if state.legal in CARE else weeks)


def plans(life: list[State]) -> Iterator[Spell]:
    """Return the child protection plans."""
    on_plan = Legal.CHILD_PROTECTION_PLAN
    return spells(life, lambda state: state.legal == on_plan, lambda state: state.n_plans, lambda state: state.since)


def need_plans(life: list[State]) -> Iterator[Spell]:
    """Return the child in need plans."""
    needs = Legal.CHILD_IN_NEED
    return spells(life, lambda state: state.legal == needs, lambda state: True, lambda state: state.since)


def care(life: list[State]) -> Iterator[Spell]:
    """Return the periods of being looked after."""
    return spells(
        life, lambda state: state.legal in CARE, lambda state: state.care_began, lambda state: state.care_began
    )


def episodes(life: list[State]) -> Iterator[Spell]:
    """Return the episodes of care: one legal status in one placement."""
    return spells(
        life, lambda state: state.legal in CARE,
        lambda state: (state.care_began, state.legal, state.placement, state.placed),
        lambda state: max(state.placed, state.since, state.care_began),
    )  # fmt: skip


def workers(life: list[State]) -> Iterator[Spell]:
    """Return the spells with one social worker while looked after; when one open at the start began is not known."""
    return spells(
        life, lambda state: state.legal in CARE and state.worker > 0,
        lambda state: (state.care_began, state.worker), lambda state: max(0, state.care_began),
    )  # fmt: skip
