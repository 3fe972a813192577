"""A lesson's page in a real browser: steps that fit a projector, keys, the long page without a script, and axe."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from familyabm import areas, lessons
from familyabm.report import lesson as page
from tests.app_pages import WIDTHS, Served, check, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SMALLEST = 28.0
SIZES = """() => [...document.querySelectorAll("body *")].flatMap(one => {
  const own = [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  if (!own || !one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) return [];
  if (one.matches(".hidden, script, style")) return [];
  const svg = one.closest("svg");
  const by = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
  return [[parseFloat(getComputedStyle(one).fontSize) * by, one.textContent.trim().slice(0, 60)]];
})"""


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, place = tmp_path_factory.mktemp("lessons"), areas.named("Rutland")
    found = {}
    for name in lessons.names():
        lesson = replace(lessons.find(name), families=1000 if name == "one-family" else 300, pairs=6)
        found[name] = page.write(page.found(lesson, lessons.run(lesson, place)), folder)
    return found


@pytest.fixture
def projected(browser: Browser, paths: dict[str, Path], request: pytest.FixtureRequest) -> Iterator[Page]:
    shown = browser.new_page(viewport={"width": 1280, "height": 720})
    asked: list[str] = []
    complaints: list[str] = []
    shown.on("request", lambda made: asked.append(made.url))
    shown.on("console", lambda said: complaints.append(said.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    address = paths[request.param].as_uri()
    shown.goto(address)
    yield shown
    shown.close()
    assert asked == [address]
    assert complaints == []


def steps(shown: Page) -> int:
    return int(shown.evaluate("document.querySelectorAll('.step').length"))


@pytest.mark.parametrize("projected", lessons.names(), indirect=True)
def test_every_step_can_be_read_from_the_back_and_fits_the_projector(projected: Page):
    for step in range(steps(projected)):
        if step:
            projected.keyboard.press("ArrowRight")
        small = [entry for entry in projected.evaluate(SIZES) if entry[0] < SMALLEST - 0.05]
        assert not small, (step + 1, small)
        tall, room = projected.evaluate("(m => [m.scrollHeight, m.clientHeight])(document.querySelector('main'))")
        assert tall <= room, (step + 1, projected.locator(".now h1, .now h2").inner_text())
    expect(projected.get_by_role("button", name="Next")).to_be_disabled()


@pytest.mark.parametrize("projected", lessons.names(), indirect=True)
def test_every_kind_of_step_is_accessible(projected: Page):
    known = set()
    for _ in range(steps(projected)):
        kind = projected.locator(".now").get_attribute("class")
        if kind not in known:
            check(projected)
        known.add(kind)
        projected.keyboard.press("ArrowRight")
    assert len(known) > 6


@pytest.mark.parametrize("projected", ["open-door"], indirect=True)
def test_one_button_or_a_few_keys_go_through_a_lesson(projected: Page):
    place = projected.locator("#place")
    total = steps(projected)
    expect(place).to_have_text(f"1 of {total}")
    projected.get_by_role("button", name="Next").click()
    projected.keyboard.press("Space")
    expect(place).to_have_text(f"3 of {total}")
    projected.keyboard.press("ArrowLeft")
    expect(place).to_have_text(f"2 of {total}")
    assert projected.url.endswith("#2")
    projected.keyboard.press("b")
    expect(projected.locator("main")).to_be_hidden()
    projected.keyboard.press("b")
    expect(projected.locator("main")).to_be_visible()
    expect(projected.locator(".now .notes")).to_be_hidden()
    projected.keyboard.press("n")
    expect(projected.locator(".now .notes")).to_be_visible()


@pytest.mark.parametrize("projected", ["open-door"], indirect=True)
def test_letter_keys_can_be_turned_off_and_the_rooms_bet_stands_beside_the_answer(projected: Page):
    projected.get_by_role("button", name="Help").click()
    projected.get_by_label("Use the keys N and B").uncheck()
    projected.get_by_role("button", name="Close").click()
    projected.keyboard.press("b")
    expect(projected.locator("main")).to_be_visible()
    while not projected.get_by_role("heading", name="Place your bets").is_visible():
        projected.get_by_role("button", name="Next").click()
    projected.get_by_label("About as long").check()
    projected.keyboard.press("ArrowUp")
    expect(projected.get_by_role("heading", name="Place your bets")).to_be_visible()
    projected.get_by_role("button", name="Next").click()
    expect(projected.locator(".now .room")).to_have_text("The room’s bet: Less long")


def test_without_a_script_a_lesson_is_one_long_page_with_its_notes(browser: Browser, paths: dict[str, Path]):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 720})
    shown = context.new_page()
    shown.goto(paths["one-family"].as_uri())
    for heading in ("Place your bets", "What the model showed", "One thing to check", "About this page"):
        expect(shown.get_by_role("heading", name=heading)).to_be_visible()
    expect(shown.locator(".notes").first).to_be_visible()
    expect(shown.locator(".controls")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_apps_pages_of_lessons_are_accessible(browser: Browser, app_server: Served, width: int):
    with opened(browser, app_server, width, allow=(404,)) as shown:
        for path in ("/lessons", "/lessons/open-door", "/lessons/no-such-lesson"):
            shown.goto(app_server.address + path)
            check(shown)


def test_a_lesson_is_run_in_the_app_and_projected_from_it(browser: Browser, app_server: Served):
    with opened(browser, app_server) as shown:
        shown.goto(f"{app_server.address}/lessons/one-family/show?area=Rutland")
        shown.get_by_role("button", name="Run the lesson").click()
        shown.get_by_role("link", name="Open the lesson").click(timeout=400_000)
        expect(shown.locator("#place")).to_contain_text("1 of")
        shown.keyboard.press("ArrowRight")
        expect(shown.get_by_role("heading", name="Before we start")).to_be_visible()
        check(shown)
        shown.go_back()
        with shown.expect_download() as kept:
            shown.get_by_role("link", name="Keep it as one file").click()
        text = Path(kept.value.path()).read_text()
        assert "static/" not in text and "Steps through a lesson" in text
