"""The national page in a real browser: no sideways scroll, nothing fetched, nothing out of reach."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from familyabm.report import england as report
from tests.lab_england import england_of

pytestmark = pytest.mark.browser
WIDTHS = (1366, 768, 320)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("england")
    found = england_of(folder / "lives", only=["North East", "Kingston upon Hull, City of"])
    command = report.command_of(found, {"a": "status-quo", "b": "whole-system"})
    path: Path = report.write(found, folder / "page", command)
    return path.as_uri()


@pytest.fixture
def opened(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the page at a width, and fail if it asks for anything or complains."""
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    asked, complaints = [], []
    page.on("request", lambda made: asked.append(made.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    yield page
    page.close()
    assert asked == [address]
    assert complaints == []


@pytest.mark.parametrize("opened", WIDTHS, indirect=True)
def test_nothing_scrolls_sideways_and_axe_finds_nothing_even_with_every_table_open(opened: Page):
    for state in (False, True):
        opened.evaluate("open => document.querySelectorAll('details').forEach(part => part.open = open)", state)
        width, screen = opened.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width <= screen
    results = Axe().run(opened)
    assert [violation["id"] for violation in results.response["violations"]] == []


@pytest.mark.parametrize("opened", WIDTHS, indirect=True)
def test_no_chart_is_wider_than_its_place_or_empty(opened: Page):
    boxes = opened.evaluate(
        "[...document.querySelectorAll('.picture svg')].map(picture => {"
        " const box = picture.getBoundingClientRect();"
        " return [box.left, box.right, box.height, picture.querySelectorAll('path, line, text').length]})"
    )
    screen = opened.evaluate("document.documentElement.clientWidth")
    assert len(boxes) == 9
    assert all(left >= 0 and right <= screen and height > 60 and marks > 5 for left, right, height, marks in boxes)


@pytest.mark.parametrize("opened", [1366], indirect=True)
def test_headings_go_down_one_level_at_a_time(opened: Page):
    levels = opened.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map(found => +found.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
