"""P3, second half: development, behaviour, schooling, drinking and risk outside the home.

Children of families in which something goes on are followed month by month (every fourth week). Those of quiet
families tend to their own nature in a way that can be worked out at once for any number of weeks: on 31 March,
when all children are counted, or when their family wakes. The base chance of a first drink and of risk outside
the home was drawn at birth as a date; trouble adds to it.
"""

import math

import numpy as np

from familyabm.codes import Agency, Event, Factor, Placement
from familyabm.compiled import rule
from familyabm.journal import note_child
from familyabm.luck import Block, four, luck
from familyabm.newcomers import ELEVEN, TWELVE, week_of_onset
from familyabm.rules.common import YEAR, fetch_ahead, happens, is_child, looked_after
from familyabm.tables import Row
from familyabm.town import Town

MONTH = 4
TWO, FIVE, SIXTEEN = 2 * YEAR, 5 * YEAR, 16 * YEAR
CLOSED = (0, 1, 8, 16, 17, 18, 19, 20, 21, 30, 37, 38, 39, 46, 51)
"""Weeks of the financial year in which schools are closed."""
OPEN_BEFORE = np.array([sum(week not in CLOSED for week in range(first)) for first in range(YEAR + 1)])
"""School weeks of the year before each of its weeks."""
OPEN_IN_A_YEAR = YEAR - len(CLOSED)


@rule
def school_weeks(first: int, last: int) -> int:
    """Count the school weeks from week `first` to week `last`, both included."""
    if last < first:
        return 0
    years = (last + 1) // YEAR - first // YEAR
    return int(years * OPEN_IN_A_YEAR + OPEN_BEFORE[(last + 1) % YEAR] - OPEN_BEFORE[first % YEAR])


@rule
def at_school(child: Row, first: int, last: int, young: int, old: int) -> int:
    """Count the school weeks from `first` to `last` in which the child is between two ages, in weeks."""
    return school_weeks(max(first, child.born + young), min(last, child.born + old - 1))


@rule
def absence(town: Town, child: Row, age: int, further: float) -> float:
    """Return the share of school that the child misses; trouble adds `further` to the log odds of an ordinary attender.

    Those who miss more school anyway are moved more.
    """
    p = town.p.schooling[0]
    prone = (child.attends - p.intercept) / p.spread
    odds = child.attends + further * prone + (p.older if age >= TWELVE else 0.0)
    return 1.0 / (1.0 + math.exp(-odds))


@rule
def trouble_at_school(town: Town, family: Row, child: Row, week: int) -> float:
    """Return what trouble adds to the log odds of missing school, less what a settled placement takes off."""
    p = town.p.schooling[0]
    further = p.harm * child.harm + p.outside * child.risk_outside
    if looked_after(child):
        settled = week - child.placed >= p.settled_weeks and week - child.broke_down >= p.settled_weeks
        return further + (p.settled if settled else 0.0)
    return further + (p.mental if family.level[Factor.MENTAL_HEALTH] >= 2 else 0.0)


@rule
def sensitivity(town: Town, age: int) -> float:
    """Return how much harm takes from the development of a child of this age."""
    p = town.p.development[0]
    if age < TWO:
        return p.infant
    if age < FIVE:
        return p.toddler
    return 1.0 if age < ELEVEN else p.teenager


@rule
def develop(town: Town, child: Row, age: int, weeks: int) -> None:
    """Let some weeks of the present harm act on development."""
    p, harm = town.p.development[0], child.harm
    loss, gain = harm * sensitivity(town, age), p.recovers * (1.0 - harm)
    for _ in range(weeks):
        child.physical += gain * (child.physical_start - child.physical) - p.physical_harm * loss
        child.emotional += gain * (child.emotional_start - child.emotional) - p.emotional_harm * loss
    child.physical = max(p.lowest, min(p.highest, child.physical))
    child.emotional = max(p.lowest, min(p.highest, child.emotional))


@rule
def unsettled(town: Town, child: Row, week: int) -> bool:
    """Tell whether a looked-after child is new to its placement, far away, or was moved by a breakdown."""
    settles = town.p.placements[0].settles
    moved = week - child.placed < settles or week - child.broke_down < settles
    return looked_after(child) and (moved or child.far == 1)


@rule
def behave(town: Town, child: Row, week: int, weeks: int) -> None:
    """Move difficulties some weeks' way towards what harm, moves and risk outside the home lead to."""
    p = town.p.development[0]
    tends_to = child.temper + p.behaviour_harm * child.harm + p.behaviour_outside * child.risk_outside
    tends_to = min(40.0, tends_to + (p.behaviour_unsettled if unsettled(town, child, week) else 0.0))
    child.behaviour = tends_to + (child.behaviour - tends_to) * (1.0 - p.behaviour_pace) ** weeks


@rule
def push_outside(town: Town, child: Row) -> float:
    """Return how much harm, missing school and want of youth work raise risk outside the home."""
    p, wanting = town.p.extra_familial[0], 1.0 - town.authority[0].prevention
    return math.exp(p.harm * child.harm + p.absence * child.absence + p.youth_work * wanting)


@rule
def begin_risk(town: Town, family: Row, child: Row) -> None:
    """Risk outside the home begins."""
    child.risk_outside = max(1, child.risk_outside)
    family.outside = max(family.outside, child.risk_outside)


@rule
def moved_level(level: int, up: float, down: float, drawn: float) -> int:
    """Return the level after a month in which one draw may raise it or ease it."""
    if level < 3 and happens(MONTH * up, drawn):
        return level + 1
    return level - 1 if level > 0 and happens(MONTH * down, 1.0 - drawn) else level


@rule
def month_of_risk(town: Town, family: Row, child: Row, week: int) -> None:
    """A month of risk outside the home: trouble adds to its onset; it worsens, eases, and comes to be known."""
    p = town.p.extra_familial[0]
    moves, again, seen, _ = four(town.luck, child.key, week, Block.RISK_OUTSIDE)
    push = push_outside(town, child)
    if child.risk_outside == 0:
        child.risk_outside = moved_level(0, p.onset * max(0.0, push - 1.0), 0.0, moves)
    else:
        eases = p.eases * math.exp(p.helped * family.help)
        child.risk_outside = moved_level(child.risk_outside, p.worse * push, eases, moves)
        if child.risk_outside == 0:
            child.at_risk = week_of_onset(child.born, week + 1, p.onset, again)
            if child.at_risk > week:
                family.stirs = min(family.stirs, child.at_risk)
    if child.risk_outside != child.risk_seen and seen < p.seen:
        if child.risk_outside > child.risk_seen:
            note_child(town, week, family, Event.RISK_OUTSIDE_HOME, Agency.POLICE, child)
        child.risk_seen = child.risk_outside


@rule
def month_of_drinking(town: Town, child: Row, week: int, push: float) -> None:
    """A month of a young person's drinking: it begins on its date or sooner under trouble, worsens or eases."""
    p = town.p.young_drinking[0]
    drawn = luck(town.luck, child.key, week, Block.RISK_OUTSIDE, 3)
    if child.drinking == 0:
        if week - MONTH < child.drinks <= week:
            child.drinking = 1
        else:
            child.drinking = moved_level(0, p.onset * (push - 1.0), 0.0, drawn)
        return
    child.drinking = moved_level(child.drinking, p.worse * push, p.eases, drawn)
    if child.drinking == 0:
        again = luck(town.luck, child.key, week, Block.OUTCOMES, 0)
        child.drinks = week_of_onset(child.born, week + 1, p.onset, again)


@rule
def push_to_drink(town: Town, family: Row, child: Row) -> float:
    """Return how much harm, parents' substance misuse and risk outside raise a young person's drinking."""
    p = town.p.young_drinking[0]
    parents = family.level[Factor.SUBSTANCE_MISUSE] if child.placement == Placement.HOME else 0
    return math.exp(p.harm * child.harm + p.parents * parents + p.outside * child.risk_outside)


@rule
def quiet_drinking(town: Town, child: Row, first: int, last: int) -> None:
    """The months of drinking that end between two weeks in which nothing went on in the family."""
    if last - child.born < TWELVE or (child.drinking == 0 and not first - MONTH < child.drinks <= last):
        return
    for month in range(first + (MONTH - 1 - first) % MONTH, last + 1, MONTH):
        if month - child.born >= TWELVE:
            month_of_drinking(town, child, month, 1.0)


@rule
def rest(town: Town, child: Row, weeks: int) -> None:
    """Let weeks pass for a child of a family in which nothing went on: it tends to its own nature."""
    if weeks <= 0:
        return
    p, first, last = town.p.development[0], child.grown + 1, child.grown + weeks
    kept = (1.0 - p.recovers) ** weeks
    child.physical = child.physical_start + (child.physical - child.physical_start) * kept
    child.emotional = child.emotional_start + (child.emotional - child.emotional_start) * kept
    child.behaviour = child.temper + (child.behaviour - child.temper) * (1.0 - p.behaviour_pace) ** weeks
    young, old = at_school(child, first, last, FIVE, TWELVE), at_school(child, first, last, TWELVE, SIXTEEN)
    child.missed += young * absence(town, child, FIVE, 0.0) + old * absence(town, child, TWELVE, 0.0)
    child.absence = present_absence(town, child, last, 0.0)
    quiet_drinking(town, child, first, last)
    child.grown = last


@rule
def present_absence(town: Town, child: Row, week: int, further: float) -> float:
    """Return the share of school a pupil misses now; none before five and after sixteen."""
    age = week - child.born
    return absence(town, child, age, further) if FIVE <= age < SIXTEEN else 0.0


@rule
def live_month(town: Town, family: Row, child: Row, week: int) -> None:
    """Bring a child of an awake family up to date; before this month its family may have been quiet."""
    rest(town, child, week - child.grown - MONTH)
    weeks, age = week - child.grown, week - child.born
    develop(town, child, age, weeks)
    behave(town, child, week, weeks)
    child.absence = present_absence(town, child, week, trouble_at_school(town, family, child, week))
    child.missed += child.absence * at_school(child, week - weeks + 1, week, FIVE, SIXTEEN)
    if age >= ELEVEN:
        month_of_risk(town, family, child, week)
    if age >= TWELVE:
        month_of_drinking(town, child, week, push_to_drink(town, family, child))
    child.grown = week


@rule
def follow_family(town: Town, family: Row, week: int) -> None:
    """A month of an awake family's children, and what shows outside: risk there, and absence from school."""
    outside, missing = 0, 0.0
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if not is_child(child, week):
            continue
        live_month(town, family, child, week)
        outside = max(outside, child.risk_outside)
        if child.placement == Placement.HOME:
            missing = max(missing, child.absence)
    family.outside = outside
    family.missing = int(100.0 * missing)


@rule
def follow(town: Town, week: int) -> None:
    """Follow the children of awake families once a month."""
    if week % MONTH == MONTH - 1:
        for place in range(town.authority[0].n_awake):
            fetch_ahead(town, place)
            follow_family(town, town.families[town.awake[place]], week)
