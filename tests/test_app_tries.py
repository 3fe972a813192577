"""Many settings tried: what is asked for, the code that repeats it, and the page from start to files."""

import csv
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from familyabm import areas, simulation
from familyabm.errors import InputError
from familyabm.lab import provenance, study_files
from familyabm.levers import Scenario, shapes_the_past
from familyabm.parameters import DEFAULT, changed
from tests.app_pages import Served, check, check_widths, opened, tab_to
from visualization import settings, trying
from visualization.settings import Settings, World
from visualization.trying import Trial, Vary

HOME = Path("nowhere")
PLAIN = Settings(area="Rutland", families=300, years=2, luck=3, without=("raids",))
BY_HAND = Settings(
    area="Rutland", families=300, years=2, a=World("whole-system"), b=World("whole-system", (("continuity", 20),), 50),
    numbers=(("money.reserves", 0.1),), shocks=("need:1.5@10+20w",),
)  # fmt: skip
TRIAL = Trial((Vary("levers.continuity", 0.0, 100.0, 3), Vary("money.reserves", 0.0, 0.2, 2)), 2, ("looked_after",))
ONE = Trial((Vary("levers.continuity", 0.0, 100.0, 3),), 2, ("looked_after",))


def inputs(study: object) -> object:
    return provenance.inputs(study)


@pytest.mark.parametrize(("settings", "trial"), [(PLAIN, TRIAL), (BY_HAND, ONE)])
def test_the_python_code_makes_the_very_study(settings: Settings, trial: Trial):
    made: dict[str, object] = {"__name__": "elsewhere"}
    exec(compile(trying.python(settings, trial, HOME), "code", "exec"), made)
    study = trying.study_of(settings, trial, HOME)
    assert provenance.differences(inputs(study), inputs(made["study"])) == []
    assert study.points.equals(made["study"].points)


def test_the_toml_file_makes_the_very_study_or_is_not_offered():
    text = trying.toml(PLAIN, TRIAL, HOME)
    study = trying.study_of(PLAIN, TRIAL, HOME)
    assert provenance.differences(inputs(study), inputs(study_files.read(text).study)) == []
    assert tomllib.loads(text)["seeds"] == [3]
    assert trying.toml(BY_HAND, ONE, HOME) == ""


def test_a_trial_is_read_back_from_its_link():
    assert trying.read(TRIAL.given()) == TRIAL


@pytest.mark.parametrize(("given", "said"), [
    ([("vary", "spoon:0:1:3")], "'spoon' cannot be varied here"),
    ([("vary", "levers.continuity:0:200:3")], "must lie from 0 to 100"),
    ([("vary", "levers.continuity:50:10:3")], "the lowest first"),
    ([("vary", "levers.continuity:nan:10:3")], "must lie from"),
    ([("vary", "levers.continuity:0:100:99")], "steps must be a whole number from 2 to 6"),
    ([("vary", "levers.continuity:0:100")], "must be numbers"),
    ([("vary", "levers.continuity:0:100:3")] * 2, "varied once"),
    ([("each", "900")], "whole number from 2 to 20"),
    ([("each", "²")], "whole number from 2 to 20"),
    ([("each", "9" * 5000)], "whole number from 2 to 20"),
])  # fmt: skip
def test_what_cannot_be_tried_is_told_in_words(given: list[tuple[str, str]], said: str):
    with pytest.raises(InputError, match=said):
        trying.read(given)


def test_a_study_too_large_for_the_page_is_refused_before_it_starts():
    large = Trial(tuple(Vary(name, *trying.bounds(name), 6) for name in list(trying.CHOICES)[:3]), 20)
    with pytest.raises(InputError, match="at most 1,000 are accepted"):
        trying.study_of(PLAIN, large, HOME)


RUN = "area=Rutland&families=200&years=1"


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    return app_server


@pytest.mark.browser
@pytest.mark.slow
def test_a_researcher_tries_settings_with_the_keyboard_and_takes_the_runs_along(
    browser: Browser, server: Served, tmp_path: Path
):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/try?{RUN}")
        what = page.get_by_label("What", exact=True).first
        what.focus()
        what.select_option("levers.continuity")
        for _ in range(4):
            page.keyboard.press("Tab")
        page.get_by_label("Runs with different luck").fill("2")
        page.keyboard.press("Enter")
        expect(page.get_by_text("3 points, 2 lucks, two worlds:")).to_be_visible()
        check(page)
        tab_to(page, "Start")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Take it along")).to_be_visible(timeout=150_000)
        with page.expect_download() as kept:
            page.get_by_role("link", name="All runs as CSV").click()
        kept.value.save_as(tmp_path / "runs.csv")
        with (tmp_path / "runs.csv").open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 12  # with those that come to the same life
        assert {row["status"] for row in rows} == {"done"}
        page.get_by_text("The Python that repeats it").click()
        expect(page.locator("#python")).to_contain_text("run_study")
        check(page)


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_is_accessible_empty_and_refused(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/try?{RUN}")
        check_widths(page)
        page.goto(f"{server.address}/try?{RUN}&vary=levers.continuity:0:900:3")
        expect(page.get_by_role("alert")).to_contain_text("must lie from 0 to 100")
        check_widths(page)


SHORT_OF_MONEY = {"money.raid_rate": 0.5, "money.raid_ceiling": 0.1, "money.overspend_notice": 0.0}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(settings.NUMBERS))
def test_a_setting_that_can_be_tried_moves_a_life_by_the_way_it_is_tried(name: str):
    past = shapes_the_past(name)
    lives = []
    for value in trying.bounds(name):
        own = changed(DEFAULT, {name: value} if past else {})
        scenario = Scenario("tried", "Tried", "", parameters=SHORT_OF_MONEY | ({} if past else {name: value}))
        lives.append(simulation.live(simulation.past(areas.named("Wakefield"), own, 1, 0.2), scenario, 156).weekly)
    assert any((lives[0][column] != lives[1][column]).any() for column in lives[0].dtype.names)
