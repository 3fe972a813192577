"""Sentences of the lab: what moves a measure, what is luck, where it bends, and where it happens.

As in `words`, a sentence claims no more than its interval shows. The command line prints the same sentences.
"""

import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from familyabm import lives
from familyabm.lab.discovery import Rule
from familyabm.lab.responses import Response
from familyabm.lab.seek import BROKEN, KEPT, Sought
from familyabm.lab.sensitivity import CALLED, Sensitivity
from familyabm.lab.tipping import BENDS, STRAIGHT, TOO_FEW, TURNS, UNPLACED, Tip
from familyabm.report import words
from familyabm.report.study_words import size, units

GRADE_WORDS = {"A": "trial", "B": "official figures or quasi-experiment", "C": "observation", "D": "judgement"}
METHODS = {
    "sobol": "Total Sobol index: the share of the variance between settings that would stay if all other settings "
    "were known. First-order: the share that would go if this one alone were known. Luck is taken off.",
    "morris": "Morris's mu*: how far the measure moves, on average and whichever way, when this setting alone moves "
    "its whole range. The floor is what luck alone would show.",
    "pawn": "PAWN: how far the measure's distribution moves, from 0 to 1, when this setting is held in a part of its "
    "range. The floor is what 95 of 100 settings that do nothing would stay under.",
}


def subject(response: Response) -> str:
    """Return the measure as it reads within a sentence, with the worlds it is of."""
    what = words.outcome(response.measure, response.title)
    return f"the difference in {what} ({response.against} to {response.world})" if response.against else what


def spread(value: float, low: float, high: float) -> str:
    """Write a figure with its interval; bare if there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return words.number(value)
    places = words.together(value, low, high)
    return f"{words.number(value, places)} ({words.number(low, places)} to {words.number(high, places)})"


def listed(names: Iterable[str]) -> str:
    """Write names with commas and an "and"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def setting(response: Response, name: str) -> str:
    """Return a setting as people read it."""
    title = str(response.factors.loc[name, "title"])
    return f"{title} ({name})"


def plain(sentence: str, response: Response) -> str:
    """Return a sentence of the lab's with the measure and the settings as people read them."""
    titles = {response.measure: response.title} | {str(n): str(t) for n, t in response.factors["title"].items()}
    first = next((name for name in titles if re.match(rf"{re.escape(name)}(?![\w.])", sentence)), "")
    return titles[first] + sentence.removeprefix(first) if first else sentence


def ranking(found: Sensitivity) -> str:
    """Say which settings move a measure most."""
    matter = found.table[found.table["matters"]]
    total = words.count(len(found.table), "setting")
    what = subject(found.response)
    if matter.empty:
        return f"None of {total} can be told from one that does nothing to {what}."
    told = [
        f"{setting(found.response, str(name))}, {spread(row['index'], row['low'], row['high'])}"
        for name, row in matter.head(3).iterrows()
    ]
    rest = len(found.table) - len(matter)
    told_rest = "" if not rest else f" {words.count(rest, 'setting')} cannot be told from one that does nothing."
    return f"Of {total}, most moves {what} by {CALLED[found.method]}: {'; '.join(told)}.{told_rest}"


def chance(found: Sensitivity) -> str:
    """Say how much is luck."""
    known = found.chance
    if not math.isfinite(known.share):
        return "With one luck at each point, luck cannot be told from settings: it is in every index."
    share = f"{100 * known.share:.0f}% ({100 * known.low:.0f} to {100 * known.high:.0f}%)"
    return (
        f"Luck explains {share} of what differs between single runs, and {100 * known.in_means:.0f}% of what differs "
        f"between the means of {words.count(known.lucks, 'luck')} that were analysed."
    )


def judgements(found: Sensitivity, grade: str = "D") -> str:
    """Say which assumptions of a grade of evidence matter most."""
    rows = found.assumptions(grade)
    kind = f"of grade {grade} ({GRADE_WORDS[grade]})"
    if rows.empty:
        return f"No assumptions {kind} were varied."
    matter = rows[rows["matters"]]
    if matter.empty and len(rows) == 1:
        return f"The one assumption {kind} cannot be told from one that does nothing."
    if matter.empty:
        return f"None of {len(rows)} assumptions {kind} can be told from one that does nothing."
    names = listed(setting(found.response, str(name)) for name in matter.head(5).index)
    return f"Of {words.count(len(rows), 'assumption')} {kind}, those that matter most: {names}."


def bend(tip: Tip, response: Response) -> str:
    """Say whether, where and how surely a response bends or changes sign."""
    what, of = subject(response), setting(response, tip.setting)
    unit = units(response.unit)
    slopes = [size(slope, response.unit, words.together(slope)) for slope in (tip.before[0], tip.after[0])]
    place = spread(tip.at, tip.low, tip.high)
    said = {
        TURNS: f"Over {of}, {what} turns round at {place}: {slopes[0]} before and {slopes[1]} after, for each unit of "
        f"the setting{unit and ','}{unit}.",
        BENDS: f"Over {of}, {what} bends at {place}: {slopes[0]} before and {slopes[1]} after, for each unit of the "
        f"setting{unit and ','}{unit}.",
        UNPLACED: f"Over {of}, {what} bends, but where cannot be told.",
        STRAIGHT: f"Over {of}, no bend in {what} can be told.",
        TOO_FEW: f"Over {of}, lucks, or blocks of the design, are too few to tell whether {what} bends.",
    }[tip.verdict]
    if math.isfinite(tip.zero):
        said += f" The difference changes sign at {spread(tip.zero, tip.zero_low, tip.zero_high)}."
    return said


def where(found: Rule, response: Response) -> str:
    """Say in which ranges of settings something happens, and how well that holds."""
    what = words.outcome(response.measure, response.title)
    start = f"{what[:1].upper()}{what[1:]} {found.case} at {found.cases} of {found.points} points ({found.base:.0%})"
    if found.ranges.empty or not found.holds:
        return f"{start}; no ranges of settings were found that tell where."
    ranges = listed(_range(row, response) for _, row in found.ranges.iterrows())
    return (
        f"{start}, mostly when {ranges}: there {found.density:.0%} of points do, and {found.coverage:.0%} of all that "
        f"do lie there. On points that the rule was not made from: {found.tested_density:.0%} and "
        f"{found.tested_coverage:.0%}."
    )


def _range(row: "pd.Series[Any]", response: Response) -> str:
    name, low, high = setting(response, str(row["name"])), float(row["low"]), float(row["high"])
    if np.isinf(low):
        return f"{name} is at most {words.number(high)}"
    if np.isinf(high):
        return f"{name} is at least {words.number(low)}"
    return f"{name} lies between {words.number(low)} and {words.number(high)}"


def signs(values: "np.ndarray[Any, Any]", response: Response) -> str:
    """Say how values or differences spread over all pairs."""
    low, middle, high = (float(end) for end in np.quantile(values, (0.025, 0.5, 0.975)))
    kind = "pair" if response.against else "run"
    spread_ = (
        f"half lie above {words.number(middle)} and 95 of 100 between {words.number(low)} and {words.number(high)}"
    )
    said = f"Of {words.count(len(values), kind)} of {words.outcome(response.measure, response.title)}, {spread_}."
    if response.against:
        up, down = float((values > 0.0).mean()), float((values < 0.0).mean())
        said += f" {100 * up:.0f}% point up and {100 * down:.0f}% down."
    return said


def sought(found: Sought) -> list[str]:
    """Say what a goal-seek found, and whether it holds with fresh lucks."""
    question = found.question
    tried = words.count(len(found.trials), "trial")
    failed = int((found.trials["why"] != "").sum())
    notes = [f"{words.count(failed, 'trial')} could not be judged: {_whys(found)}."] if failed else []
    if not found.found:
        goals = listed(goal.words for goal in question.goals)
        return [f"None of {tried} surely kept {goals}.", *notes]
    settings = listed(f"{name} = {words.number(value)}" for name, value in found.settings.items())
    least = words.outcome(question.least, lives.title(question.least))
    said = [f"Of {tried}, the one with the least {least} that surely kept every goal has {settings}."]
    said += [_won(row, question.base.name) for _, row in found.least.iterrows()]
    said += [_goal(row) for _, row in found.goals.iterrows()]
    if found.goals.empty:
        said.append("It was not tried with fresh lucks, because the search was stopped.")
    return said + notes


def _won(row: "pd.Series[Any]", base: str) -> str:
    """Say what the least measure came to with fresh lucks, and whether it differs from the base world's."""
    measure = str(row["measure"])
    unit, low, high = lives.unit(measure), float(row["difference_low"]), float(row["difference_high"])
    value = spread(row["value"], row["value_low"], row["value_high"])
    apart = f"a difference of {spread(row['difference'], low, high)} within pairs"
    told = apart if low > 0.0 or high < 0.0 else f"{apart}, which luck alone may be"
    what = words.outcome(measure, lives.title(measure))
    return f"With fresh lucks, {what}, {unit}, comes to {value}, and to {words.number(row['base'])} in {base}: {told}."


def _whys(found: Sought) -> str:
    return "; ".join(dict.fromkeys(str(why) for why in found.trials["why"] if why))[:300]


def _goal(row: "pd.Series[Any]") -> str:
    verdicts = {KEPT: "is kept", BROKEN: "is not kept: the search was lucky"}
    verdict = verdicts.get(str(row["verdict"]), "cannot be told from not kept")
    slack = spread(row["slack"], row["slack_low"], row["slack_high"])
    value, target = words.number(row["value"]), words.number(row["target"])
    return f"With fresh lucks, {row['goal']} {verdict}: {value} against {target}, {slack} to spare."
