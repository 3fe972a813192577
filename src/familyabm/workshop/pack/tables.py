"""The tables with which the workshop runs on paper, and the sheet to add up on. Every number is the engine's."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from familyabm import measures, worlds
from familyabm.report import words
from familyabm.report.figures import Grid
from familyabm.report.words import Finding, amount, signed
from familyabm.workshop import paper, plan
from familyabm.workshop.choices import OWN, PLAN, ROOM, SHARED, workshop
from familyabm.workshop.paper import DECADE, Paper, Points

BLIND = "Blind to the end"
Chosen = Mapping[int, Mapping[str, str]]


def whole(value: float) -> str:
    """Write points with their sign."""
    return signed(float(round(value)), 0)


def _cell(points: Points | None) -> str:
    if points is None:
        return ""
    return f"{whole(points.contacts)} ({whole(points.low)} to {whole(points.high)})"


def _seat(name: str) -> str:
    return "The whole room" if name == ROOM else workshop().seat(name).title


def options(of: Paper, kind: str, played: Sequence[int]) -> Grid:
    """Return what each option of a kind adds in each round that is played and in which it may be at work."""
    numbers = [number for number in played if any(number in points for _, points in of.rows(kind))]
    first = {OWN: "1. Own targets", SHARED: "2. With sight", PLAN: "3. One shared plan"}[kind]
    heads = [f"Round {number}{'' if _opens(kind, number) else ', if it goes on'}" for number in numbers]
    own = [f"Own number, round {number}" for number in numbers if _opens(kind, number)] if kind == OWN else []
    rows = []
    for option, points in of.rows(kind):
        if option.carries_on:
            said = ["See table 1" if kind == SHARED else whole(0.0) for _ in numbers]
        else:
            said = [_cell(points[number]) for number in numbers]
        mine = [_own(points[number]) for number in numbers if _opens(kind, number)] if kind == OWN else []
        rows.append([f"{_seat(option.seat)}: {option.words}", *said, *mine])
    return Grid(f"{first}: points", ["Option", *heads, *own], rows)


def _opens(kind: str, number: int) -> bool:
    return next(entry.options for entry in workshop().rounds if entry.number == number) == kind


def _own(points: Points) -> str:
    return "Too few" if np.isnan(points.own) else f"{round(100.0 + points.own)}"


def ruler() -> Grid:
    """Return which sum makes which bet right: the answers' own bounds, in whole points."""
    answers = workshop().answers
    rows = [[answer.words, _bound(place)] for place, answer in enumerate(answers)]
    return Grid("The ruler", ["The right bet", "Sum of the year"], rows)


def _bound(place: int) -> str:
    """Say from which sum to which an answer is right."""
    answers = workshop().answers
    low = math.floor(answers[place].above) + 1
    if place == 0:
        return f"{whole(low)} or more"
    high = math.floor(answers[place - 1].above)
    return f"{whole(high)} or less" if place == len(answers) - 1 else f"{whole(low)} to {whole(high)}"


def sum_sheet(length: int) -> Grid:
    """Return the empty sheet on which a room adds up, with a column for each round of a workshop of that length."""
    numbers = [entry.number for entry in workshop().rounds_of(length)]
    lines = [seat.title for seat in paper.seats()]
    lines += ["The plan (table 3)"] if any(plan_round(number) for number in numbers) else []
    lines += ["Sum", "The right bet, by the ruler"]
    rows = [[line, *("____" for _ in numbers)] for line in lines]
    return Grid("The sum sheet", ["Points of", *(f"Round {number}" for number in numbers)], rows)


def plan_round(number: int) -> bool:
    """Tell whether a round settles the plan of the whole room."""
    return _opens(PLAN, number)


def worked(of: Paper, chosen: Chosen) -> tuple[str, ...]:
    """Add up some rounds line by line, as a room would on paper."""
    lines = []
    for number in sorted(chosen):
        parts = []
        for seat, name in chosen[number].items():
            option = workshop().option(seat, plan.kind_of(number), name)
            assert option is not None  # the choices are the workshop's own
            parts.append(f"{whole(of.points(option, number).contacts)} ({_seat(seat)}: {option.words})")
        total = of.sums(chosen, number)
        right = workshop().answer_for(total).words
        lines.append(f"Round {number}: {', '.join(parts)}. Sum {whole(total)}: the right bet is “{right}”.")
    return tuple(lines)


def checks(of: Paper, numbers: Sequence[int]) -> Grid:
    """Return how far the rule was off, round by round."""
    rows = []
    for number in numbers:
        middle, most = of.off([number])
        rows.append([f"Round {number}", words.number(middle, 0), words.number(most, 0)])
    return Grid("The rule against the engine, in points", ["Round", "Half of all ways: at most", "All: at most"], rows)


# --- Ten years on -----------------------------------------------------------------------------------------------------


def decade_findings(of: Paper) -> dict[tuple[bool, str], dict[str, Finding]]:
    """Return what may be said of every way to end, against playing blind, measure by measure."""
    found: dict[tuple[bool, str], dict[str, Finding]] = {}
    for key in list(paper.ends())[1:]:
        found[key] = {name: _finding(of, key, name) for name in DECADE}
    return found


def _finding(of: Paper, key: tuple[bool, str], name: str) -> Finding:
    mean, apart = of.decade(*key, name)
    blind = of.decade(*next(iter(paper.ends())), name)[0]
    rows = pd.DataFrame({"difference": apart, "a": blind, "b": mean})
    return words.finding(name, pd.Series(worlds.summary(name, rows)), rows["difference"])


def decade(of: Paper, planned: bool) -> Grid:
    """Return the table of the decade: a row for each way to end, the first of which is playing blind to the end.

    planned: whether there is a round with a plan; without one, only its first plan, which changes nothing, is told.
    """
    blind = next(iter(paper.ends()))
    heads = [f"{measures.MEASURES[name].title.title} ({measures.MEASURES[name].title.unit})" for name in DECADE]
    first = [amount(of.decade(*blind, name)[0], measures.MEASURES[name].title.unit) for name in DECADE]
    rows = [[BLIND, *first]]
    stay = workshop().open_to(ROOM, PLAN)[0].name
    for key, found in decade_findings(of).items():
        if not planned and key[1] != stay:
            continue
        rows.append([_end(*key, planned), *(_told(finding) for finding in found.values())])
    return Grid("Ten years on", [f"How round 3 {'and 4 ' if planned else ''}went", *heads], rows)


def _end(together: bool, name: str, planned: bool) -> str:
    how = "Shared" if together else "Not shared"
    if not planned:
        return how
    option = workshop().option(ROOM, PLAN, name)
    assert option is not None  # the ends are made of the workshop's own plans
    return f"{how}; {option.words}"


def _told(found: Finding) -> str:
    value = amount(found.b, found.unit)
    if found.verdict != "clear":
        return f"{value}: cannot tell"
    return f"{value}: {found.way(found.difference)} ({found.span()})"
