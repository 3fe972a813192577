"""A lesson as one page: steps to project, notes for the speaker, and the same as one long page or on paper.

What a lesson expected and what the model shows are told apart on every step; nothing here holds a result.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from familyabm import lessons, measures, simulation, worlds
from familyabm.codes import Agency
from familyabm.lessons import FAMILY, Lesson, Option, Shown
from familyabm.report import story, words
from familyabm.report.figures import Figure, Grid, Pictures
from familyabm.report.page import command, data_years, environment
from familyabm.report.story import Story
from familyabm.report.sure import LEFT_OUT
from familyabm.report.words import Finding, amount
from familyabm.worlds import STATUS_LINE, Comparison
from familyabm.writing import write_whole

LINES = 4
"""Lines of a life on one step: more cannot be read from the back of a room."""
Verdict = Literal["shown", "opposite", "cannot tell", "found"]
SAID: dict[Verdict, str] = {
    "shown": "As the lesson expected",
    "opposite": "Not what the lesson expected",
    "cannot tell": "The model cannot tell",
    "found": "The lesson expected nothing here",
}


@dataclass(frozen=True)
class Result:
    """What the model has to show on one step: values by label, unit, range, and how it stands to what was expected.

    value: what a bet is held against, the mean of one world or of the difference.
    """

    shown: Shown
    values: tuple[tuple[str, str, str], ...]
    unit: str
    line: str
    tag: str
    verdict: Verdict
    value: float
    sentence: str


@dataclass(frozen=True)
class Found:
    """A lesson with what the model showed of it in one area."""

    lesson: Lesson
    comparison: Comparison
    results: tuple[Result, ...]
    story: Story | None
    chart: Figure | None

    @property
    def answer(self) -> Option | None:
        """Return the answer that the model gives to the bet; None where it shows nothing or cannot tell.

        A difference that cannot be told from none is no proof that the worlds are about the same.
        """
        first = self.results[0]
        if not np.isfinite(first.value):
            return None
        if first.shown.of == "difference":
            clear = "fewer" if first.value < 0.0 else "more"
            way = clear if first.tag.startswith("Clear") else "same" if first.tag == "No difference" else "none"
            return next((option for option in self.lesson.bet.options if option.way == way), None)
        return next((option for option in self.lesson.bet.options if option.low <= first.value < option.high), None)

    @property
    def expected(self) -> list[Result]:
        """Return the results of which the lesson had said beforehand what it expected."""
        return [result for result in self.results if result.shown.expects]

    @property
    def summing_up(self) -> str:
        """Say in a sentence how much of what was expected the model showed."""
        asked = self.expected
        met = sum(result.verdict == "shown" for result in asked)
        if met == len(asked):
            return f"The model showed all {len(asked)} things that this lesson expected."
        against = sum(result.verdict == "opposite" for result in asked)
        open_ = len(asked) - met - against
        said = f"The model showed {met} of the {len(asked)} things that this lesson expected."
        said += f" On {words.spelt(open_).lower()} it cannot tell." if open_ else ""
        return said + (f" It showed the opposite of {words.spelt(against).lower()}." if against else "")


def found(lesson: Lesson, comparison: Comparison) -> Found:
    """Read off a comparison what a lesson shows; one with a journey lives the first pair once more, for its story."""
    told = story.tell(comparison) if lesson.journey else None
    results = tuple(result(shown, comparison, told) for shown in lesson.shows)
    chart = Pictures(comparison).trend(lesson.chart) if lesson.chart else None
    return Found(lesson, comparison, results, told, chart)


def result(shown: Shown, comparison: Comparison, told: Story | None) -> Result:
    """Return what the model has to show of one thing."""
    if shown.measure in FAMILY:
        return _of_family(shown, told)
    window = lessons.between(comparison, shown.years)
    rows = window.by_pair[window.by_pair["measure"] == shown.measure]
    if shown.of == "difference":
        return _difference(shown, words.finding(shown.measure, pd.Series(worlds.summary(shown.measure, rows)),
                                                rows["difference"]))  # fmt: skip
    return _level(shown, rows[shown.of].dropna())


def _of_family(shown: Shown, told: Story | None) -> Result:
    value = float("nan")
    if told is not None:
        touched = story.touched_in(told.events[shown.of.upper()])
        contacts = story.count_of(told.events[shown.of.upper()], *story.COUNTED["Contacts"])
        others = sum(weeks > 0 for agency, weeks in touched.items() if agency != Agency.FAMILY)
        value = float(others if shown.measure == "family_services" else contacts)
    number = words.number(value, 0)
    verdict: Verdict = "found" if not shown.expects else "shown" if value > 0.0 else "cannot tell"
    line = "One family, one luck: an illustration. It shows no range."
    return Result(shown, (("", number, ""),), "", line, "", verdict, value, f"{FAMILY[shown.measure]}: {number}.")


def _level(shown: Shown, values: "pd.Series[float]") -> Result:
    """Return one world's own value with its range over lucks."""
    title = measures.MEASURES[shown.measure].title
    if not len(values):
        return Result(shown, (("", "not known", ""),), "", "", "", "cannot tell", float("nan"), "")
    mean, (low, high) = float(values.mean()), (float(end) for end in np.quantile(values, worlds.RANGE))
    places = words.together(low, high)
    ends = [amount(end, title.unit, places) for end in (low, high)]
    line = f"Between {ends[0]} and {ends[1]} in most of {len(values)} runs"
    verdict: Verdict = "found" if not shown.expects else "shown" if low > 0.0 else "cannot tell"
    said = f"{title.title}, {words.when(shown.years)}: {amount(mean, title.unit)}. {line}."
    return Result(shown, (("", amount(mean, title.unit), ""),), _unit(title.unit), line, "", verdict, mean, said)


def _difference(shown: Shown, of: Finding) -> Result:
    a, b = words.beside(of.a, of.b, of.unit)
    values = (("World A", a, "a"), ("World B", b, "b"))
    line = "" if of.verdict in ("same", "not known") else f"Difference {of.span()}"
    if of.verdict == "clear":
        line += f"; {of.agree} of {words.count(of.pairs, 'pair')} agree"
    return Result(
        shown, values, _unit(of.unit), line, of.tag, _held(shown.expects, of), of.difference, words.sentence(of)
    )


def _unit(unit: str) -> str:
    """Return a unit as it stands under a value that bears its own sign."""
    return unit.removeprefix("% ").removeprefix("£ ")


def _held(expects: str, of: Finding) -> Verdict:
    """Tell how a difference stands to what was expected; only one that is clear shows or contradicts a direction."""
    if not expects:
        return "found"
    if of.verdict in ("too few", "not known"):
        return "cannot tell"
    if expects == "same":
        return "opposite" if of.verdict == "clear" else "shown"
    if of.verdict != "clear":
        return "cannot tell"
    return "shown" if (of.difference > 0.0) == (expects == "up") else "opposite"


def html(of: Found, script: str = "") -> str:
    """Return the page as text. script: where its script is served; it stands within the page if that is not given."""
    place = of.comparison.area
    shown = {
        "of": of, "lesson": of.lesson, "said": SAID, "status": STATUS_LINE, "version": simulation.VERSION,
        "area": place, "data_years": data_years(), "left_out": LEFT_OUT, "script": script,
        "lives": _lives(of.story) if of.story else {}, "again": again(of), "compare": command(of.comparison),
        "seen": _seen(of.story) if of.story else None, "when": words.when, "family": FAMILY,
    }  # fmt: skip
    return environment().get_template("lesson.html.j2").render(shown)


def _lives(told: Story) -> dict[str, list[list[tuple[str, str]]]]:
    """Return each life's lines in parts that fit a step."""
    return {
        world: [lines[place : place + LINES] for place in range(0, len(lines), LINES)] or [[]]
        for world, lines in told.lives.items()
    }


def _seen(told: Story) -> Grid:
    """Return what each service saw of the family in world A: the weeks in which it acted or got in touch."""
    rows = [[row[0], row[1]] for row in told.ties.rows if row[1] != "0"]
    return Grid("Weeks in which each acted or got in touch", ["Service", "Weeks"], rows)


def again(of: Found) -> str:
    """Return the command that makes this page again."""
    area, seed = of.comparison.area, of.comparison.snapshot.seed
    place = "AREA.toml" if area.la_code == "own" else f'"{area.la_name}"'
    return f"familyabm lesson run {of.lesson.name} --area {place} --seed {seed} --out DIR"


def write(of: Found, folder: Path) -> Path:
    """Write the page into a folder, whole or not at all, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_whole(folder / f"{of.lesson.name}.html", html(of).encode())
