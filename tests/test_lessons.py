"""Ready lessons: what they ask and expect, and that they say so when the model does not show it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from familyabm import areas, lessons, levers, measures, simulation, worlds
from familyabm.codes import Event
from familyabm.errors import InputError
from familyabm.lessons import Lesson, Shown
from familyabm.report import lesson as page
from familyabm.report import words
from familyabm.report.words import finding

ALL = [lessons.find(name) for name in lessons.names()]
RUTLAND = areas.named("Rutland")
EXPECTED = ("up", "down", "same", "some")
TOML = """
title = "T"
minutes = 10
question = "Q?"
a = "status-quo"
b = "whole-system"
families = 300
years = 2
pairs = 6
says = ["S."]
debrief = ["1?", "2?", "3?"]
check = "C."
care = "Care."
[bet]
question = "B?"
options = [{ says = "Fewer", way = "fewer" }, { says = "Same", way = "same" }, { says = "More", way = "more" }]
[[shows]]
title = "Contacts"
measure = "contacts"
expects = "up"
"""


def small(lesson: Lesson) -> Lesson:
    return replace(lesson, families=300, pairs=6)


@pytest.fixture(scope="module")
def door() -> page.Found:
    lesson = small(lessons.find("open-door"))
    return page.found(lesson, lessons.run(lesson, RUTLAND))


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.name)
def test_a_lesson_has_a_question_a_bet_things_shown_and_three_questions_to_talk_about(lesson: Lesson):
    assert 10 <= lesson.minutes <= 20
    assert lesson.question.endswith("?")
    assert len(lesson.bet.options) >= 3
    assert len(lesson.debrief) == 3
    assert any(shown.expects for shown in lesson.shows)
    assert lesson.notes["open"] and lesson.notes["bet"] and lesson.notes["debrief"]
    assert "Step out" in lesson.care


@pytest.mark.parametrize("lesson", ALL, ids=lambda lesson: lesson.name)
def test_a_lesson_expects_nothing_that_its_scenario_denies(lesson: Lesson):
    for shown in lesson.shows:
        for claim in lesson.b.expected:
            if (claim.measure, claim.against) == (shown.measure, lesson.a.name) and shown.of == "difference":
                assert shown.expects in ("", claim.direction), (lesson.name, shown.title)


def test_bets_on_numbers_leave_no_gap():
    for lesson in ALL:
        if not lesson.bet.options[0].way:
            options = lesson.bet.options
            for before, after in pairwise(options):
                assert before.high == after.low


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("minutes = 10", "minutes = 300"),
        ('measure = "contacts"', 'measure = "contact"'),
        ('expects = "up"', 'expects = "bigger"'),
        ('b = "whole-system"', 'b = "whole-sistem"'),
        ('debrief = ["1?", "2?", "3?"]', 'debrief = ["1?"]'),
        ('{ says = "Fewer", way = "fewer" }', '{ says = "Fewer", low = 1, high = 2 }'),
        ('title = "Contacts"', 'title = "Contacts"\nyears = [2, 9]'),
        ('question = "Q?"', 'question = ""'),
        ("families = 300", "families = 300\nspoon = 1"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(change: str, said: str):
    with pytest.raises(InputError) as told:
        lessons.read(TOML.replace(change, said, 1), "mine")
    assert "\n" not in str(told.value)
    assert lessons.read(TOML, "mine").name == "mine"


def test_an_unknown_lesson_names_the_nearest():
    with pytest.raises(InputError, match=r"did you mean open-door\?"):
        lessons.find("open-dor")


# --- What was expected, and what the model shows ----------------------------------------------------------------------


def held(expects: str, differences: list[float]) -> str:
    rows = pd.DataFrame({"difference": differences, "a": 10.0, "b": 10.0 + np.array(differences)})
    row = pd.Series(worlds.summary("contacts", rows))
    return page._held(expects, finding("contacts", row, rows["difference"]))


UP, MIXED, DOWN = [5.0] * 8, [-4.0, 4.0, -3.0, 3.0, 2.0, -2.0, 1.0, -1.5], [-5.0] * 8


@pytest.mark.parametrize(
    ("expects", "differences", "verdict"),
    [
        ("up", UP, "shown"), ("up", DOWN, "opposite"), ("up", MIXED, "cannot tell"), ("down", DOWN, "shown"),
        ("down", UP, "opposite"), ("same", MIXED, "shown"), ("same", UP, "opposite"), ("", UP, "found"),
        ("up", UP[:3], "cannot tell"), ("same", UP[:3], "cannot tell"), ("up", [0.0] * 8, "cannot tell"),
    ],
)  # fmt: skip
def test_only_a_clear_difference_shows_or_contradicts_what_was_expected(expects, differences, verdict):
    assert held(expects, differences) == verdict


def test_two_values_beside_each_other_show_a_difference_that_is_there():
    assert words.beside(1.046, 0.97, "hours") == ("1.05", "0.97")
    assert words.beside(102.3, 98.7, "% of hours") == ("102.3%", "98.7%")
    assert words.beside(1681.2, 1291.0, "£ per child a year") == ("£1,681", "£1,291")
    assert words.beside(float("nan"), 3.0, "weeks") == ("not known", "3.0")


def test_a_lesson_whose_worlds_do_not_differ_says_that_the_model_shows_nothing():
    same = replace(small(lessons.find("open-door")), b=levers.find("status-quo"), pairs=6, years=2)
    shows = tuple(replace(shown, years=(1, 2)) for shown in same.shows)
    found = page.found(replace(same, shows=shows), lessons.run(replace(same, shows=shows), RUTLAND))
    assert not any(result.verdict == "opposite" for result in found.results)
    assert {result.verdict for result in found.results if result.shown.expects == "up"} == {"cannot tell"}
    assert "it cannot tell" in found.summing_up and "opposite" not in found.summing_up
    assert found.answer is not None and found.answer.way == "same"
    assert "The model cannot tell" in page.html(found)


def test_every_number_of_a_lesson_is_the_engines_at_the_same_address(door: page.Found):
    lesson = door.lesson
    again = worlds.compare(
        RUTLAND, lesson.a, lesson.b, lesson.pairs, 1, years=lesson.years,
        scale=lessons.scale_of(RUTLAND, lesson.families), workers=1,
    )  # fmt: skip
    assert again.address == door.comparison.address
    for result in door.results:
        first, last = result.shown.years
        apart = [
            float(pair.b.by_year[result.shown.measure].loc[first:last].mean())
            - float(pair.a.by_year[result.shown.measure].loc[first:last].mean())
            for pair in again.pairs
        ]
        assert result.value == pytest.approx(float(np.nanmean(apart)), nan_ok=True)
    assert page.html(page.found(lesson, again)) == page.html(door)


def test_one_worlds_own_value_comes_with_its_range_over_lucks(door: page.Found):
    years = door.comparison.pairs[0].a.by_year
    shown = Shown("Contacts", "contacts", (1, 2), "a", "some", "")
    own = page.result(shown, door.comparison, None)
    means = [float(pair.a.by_year["contacts"].loc[1:2].mean()) for pair in door.comparison.pairs]
    assert own.value == pytest.approx(np.mean(means))
    assert own.verdict == "shown" and "most of 6 runs" in own.line
    assert len(years) == door.lesson.years


def test_the_family_of_a_journey_is_told_from_its_own_events():
    lesson = replace(small(lessons.find("one-family")), families=1000, years=3)
    shows = tuple(replace(shown, years=(1, 3)) for shown in lesson.shows)
    found = page.found(replace(lesson, shows=shows), lessons.run(replace(lesson, shows=shows), RUTLAND))
    assert found.story is not None
    events = found.story.events["A"]
    contacts = next(result for result in found.results if result.shown.measure == "family_contacts")
    assert contacts.value == (events["event"] == int(Event.CONTACT)).sum()
    text = page.html(found)
    assert found.story.name in text and found.story.chosen.split("'")[0] in text
    assert found.answer is not None
    assert found.answer.low <= found.results[0].value < found.answer.high


def test_a_lesson_is_lived_at_its_own_size():
    lesson = lessons.find("open-door")
    scale = lessons.scale_of(RUTLAND, lesson.families)
    past = simulation.past(RUTLAND, lessons.DEFAULT, 1, lessons.scale_of(RUTLAND, 300))
    assert len(past.tables["families"]) == pytest.approx(300, rel=0.01)
    assert scale == pytest.approx(lesson.families / 300 * lessons.scale_of(RUTLAND, 300), rel=0.01)


def test_every_measure_that_lessons_show_is_one_of_the_models():
    for lesson in ALL:
        for shown in lesson.shows:
            assert shown.measure in measures.MEASURES or shown.measure in lessons.FAMILY
            assert shown.expects in (*EXPECTED, "")
