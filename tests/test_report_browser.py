"""The results page in a real browser: no sideways scroll, nothing fetched, nothing out of reach."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from familyabm import worlds
from familyabm.report import page as report

pytestmark = pytest.mark.browser
WIDTHS = (1366, 768, 320)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    found = worlds.compare("Rutland", runs=6, years=2, scale=0.1, workers=2)
    path: Path = report.write(found, tmp_path_factory.mktemp("page"))
    return path.as_uri()


@pytest.fixture
def opened(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the page at a width, and fail if it asks for anything or complains."""
    page = browser.new_page(viewport={"width": getattr(request, "param", 1366), "height": 900})
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
def test_nothing_scrolls_sideways_even_with_every_table_open(opened: Page):
    for state in (False, True):
        opened.evaluate("open => document.querySelectorAll('details').forEach(part => part.open = open)", state)
        width, screen = opened.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width <= screen


@pytest.mark.parametrize("opened", WIDTHS, indirect=True)
def test_no_chart_is_wider_than_its_place_or_empty(opened: Page):
    boxes = opened.evaluate(
        "[...document.querySelectorAll('.picture svg')].map(picture => {"
        " const box = picture.getBoundingClientRect();"
        " return [box.left, box.right, box.height, picture.querySelectorAll('path, line, text').length]})"
    )
    screen = opened.evaluate("document.documentElement.clientWidth")
    assert len(boxes) == 18
    assert all(left >= 0 and right <= screen and height > 60 and marks > 5 for left, right, height, marks in boxes)


@pytest.mark.parametrize("opened", WIDTHS, indirect=True)
def test_axe_finds_nothing(opened: Page):
    opened.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    results = Axe().run(opened)
    assert [violation["id"] for violation in results.response["violations"]] == []


def test_the_first_tab_stop_skips_to_the_results(opened: Page):
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "Skip to the results"
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.id") == "main"


def test_on_paper_the_navigation_is_left_out_and_the_charts_stay(opened: Page):
    opened.emulate_media(media="print")
    assert not opened.locator("nav").is_visible()
    assert opened.locator(".picture svg").first.is_visible()
