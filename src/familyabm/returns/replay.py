"""The journal told child by child: which children each event of a family concerned, in the order it happened.

The journal names a family and counts children; who they were follows from who lived at home just then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from familyabm.codes import Event, Placement
from familyabm.returns.watching import Watched, events
from familyabm.rules.common import CARE_ENDED
from familyabm.tables import ADULTHOOD

AT_HOME = frozenset({
    Event.CONTACT, Event.REFERRAL, Event.REFERRAL_CLOSED, Event.ASSESSMENT_STARTED, Event.ASSESSMENT_ENDED,
    Event.NOT_IN_NEED, Event.STEPPED_DOWN, Event.SECTION_47_STARTED, Event.SECTION_47_ENDED, Event.CONFERENCE,
    Event.CONFERENCE_IN_TIME, Event.ASSESSMENT_IN_TIME, Event.REVIEW_HELD, Event.EARLY_HELP_STARTED,
    Event.EARLY_HELP_ENDED_MET, Event.EARLY_HELP_ENDED_UNMET, Event.CASE_CLOSED,
})  # fmt: skip
"""Events of a family that concern its children at home."""
OF_ONE = frozenset({*CARE_ENDED, Event.CARE_STARTED, Event.PLAN_STARTED, Event.PLAN_ENDED, Event.PLACEMENT_BROKE_DOWN})
"""Events that name one child."""


@dataclass(frozen=True)
class Told:
    """One event: week from 0, its kind and agency, the family and the children it concerned, by key."""

    week: int
    event: int
    agency: int
    family: int
    children: tuple[int, ...]


@dataclass
class Replay:
    """The events by kind, in order; and how many concerned other numbers of children than the journal counted."""

    by_event: dict[int, list[Told]] = field(default_factory=lambda: defaultdict(list))
    miscounted: int = 0

    def of(self, *kinds: Event) -> list[Told]:
        """Return the events of these kinds in order."""
        found = [told for kind in kinds for told in self.by_event.get(int(kind), ())]
        return found if len(kinds) == 1 else sorted(found, key=lambda told: told.week)


Homes = dict[int, dict[int, tuple[int, int]]]
"""Of each family by key: its children's placement and week of birth, by key."""


def replay(watched: Watched) -> Replay:
    """Tell the journal of a watched run child by child."""
    found, homes = Replay(), Homes()
    by_week = _rows_by_week(watched)
    _apply(homes, by_week.pop(-1, ()))
    now = -1
    for week, event, agency, family, child, children, _ in events(watched.run):
        while now < week:
            _apply(homes, by_week.get(now, ()))
            now += 1
        if event in OF_ONE:
            _move(homes, family, child, event)
            found.by_event[event].append(Told(week, event, agency, family, (child,)))
        elif event in AT_HOME and children > 0:
            if family not in homes:
                _apply(homes, (row for row in by_week.get(week, ()) if row[0] == family))
            there = _at_home(homes.get(family, {}), week)
            found.miscounted += len(there) != children
            found.by_event[event].append(Told(week, event, agency, family, there))
    return found


def _rows_by_week(watched: Watched) -> dict[int, list[tuple[int, int, int, int]]]:
    states = watched.states
    rows: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    columns = ("week", "family", "child", "placement", "born")
    for week, *rest in zip(*(states[name].tolist() for name in columns), strict=True):
        rows[week].append((rest[0], rest[1], rest[2], rest[3]))
    return rows


def _apply(homes: Homes, rows: Iterable[tuple[int, int, int, int]]) -> None:
    for family, child, placement, born in rows:
        homes.setdefault(family, {})[child] = (placement, born)


def _move(homes: Homes, family: int, child: int, event: int) -> None:
    """Let a child leave or come home within the week."""
    children = homes.get(family, {})
    if child in children and event in (Event.CARE_STARTED, Event.CARE_ENDED_HOME):
        away = event == Event.CARE_STARTED
        children[child] = (int(Placement.BEING_PLACED if away else Placement.HOME), children[child][1])


def _at_home(children: dict[int, tuple[int, int]], week: int) -> tuple[int, ...]:
    return tuple(
        child
        for child, (placement, born) in children.items()
        if placement == Placement.HOME and 0 <= week - born < ADULTHOOD
    )


def by_family(told: Iterable[Told]) -> dict[int, list[Told]]:
    """Return events by family, in order."""
    found: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        found[one.family].append(one)
    return found


def keyed(told: Iterable[Told]) -> dict[tuple[int, int], Any]:
    """Return events by family and week; the last of a week stands."""
    return {(one.family, one.week): one for one in told}
