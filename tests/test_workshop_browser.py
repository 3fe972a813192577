"""A scripted 60-minute workshop in real browsers with the network blocked, and its pages one by one."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from familyabm.workshop import files
from familyabm.workshop.steps import steps
from tests.app_pages import begun, check
from tests.workshop_room import BETS, FIVE, PHONES, PICKS, Room, at, facilitator, phone, quiet, send

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]
SHAPES = ((1280, 720), (1024, 768))
WAIT = 120_000


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Iterator[Room]:
    with begun(Room(tmp_path_factory.mktemp("room"))) as found:
        yield found


def look_at(screen: Page, room: Room, known: set[str]) -> None:
    """Fail if anything on the shared screen is small, cut off, or not accessible, in either of its shapes.

    known: kinds of step at which axe has looked before; every round has the same ones.
    """
    for width, height in SHAPES:
        screen.set_viewport_size({"width": width, "height": height})
        small = screen.evaluate(
            """[...document.querySelectorAll("main *")].filter((one) => [...one.childNodes].some(
                (inner) => inner.nodeType === 3 && inner.textContent.trim())
                && parseFloat(getComputedStyle(one).fontSize) < 28).map((one) => one.outerHTML)"""
        )
        assert small == []
        over = screen.evaluate(
            "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
        )
        assert max(over) <= 0, f"{at(room)} runs over by {over} at {width} x {height}"
    place = at(room)
    kind = place if place.startswith("debrief") else place.partition(".")[2]
    if kind not in known:
        check(screen)
    known.add(kind)


def press(leads: Page, screen: Page, room: Room) -> str:
    """Press the one large button, and wait until the shared screen shows the next step. Return where the room is."""
    before = at(room)
    leads.locator("button.large").click()
    leads.locator(f"#part > [data-place]:not([data-place='{before}'])").wait_for(timeout=WAIT)
    now = at(room)
    screen.locator(f"main[data-place^='{now}.']").wait_for(timeout=WAIT)
    return now


def test_a_whole_workshop_with_one_facilitator_one_shared_screen_and_five_phones(browser: Browser, room: Room):
    leads, screen = facilitator(browser, room)
    way = screen.get_by_role("img", name=f"QR code for {PHONES}/?code={room.code}")
    expect(way).to_be_visible()
    phones = {seat: phone(browser, room, seat, script=seat != "housing") for seat in FIVE}
    expect(screen.locator(".code")).to_have_text(room.code)
    expect(screen.locator(".ticks .in")).to_have_count(5, timeout=WAIT)
    shown, place, known = [at(room)], at(room), set()
    while place != "debrief.end":
        take_part(place, room, phones, screen)
        if re.search(r"\.happened|^reveal|^decade|\.why", place):
            room.until_ready()
            expect(screen.get_by_text("The town is living")).to_have_count(0, timeout=WAIT)
        look_at(screen, room, known)
        place = press(leads, screen, room)
        shown.append(place)
    assert shown == [step.place for step in steps(60)]
    look_at(screen, room, known)
    check(leads)
    kept = files.load(room.kept)
    assert kept.choices == PICKS
    assert kept.merged_bets["housing"] == 300 and kept.commitments == {"police": LINE}
    for page in (leads, screen, *phones.values()):
        assert page.context.outside == []
        page.context.close()
    summary = room.ask("/facilitator/take/summary.html")[1]
    assert "Ten years on, against services as they work today" in summary
    assert "Ten years on, against playing blind" in summary


LINE = "Which homes we share, by 15 January"


def take_part(place: str, room: Room, phones: dict[str, Page], screen: Page) -> None:
    """Do at the tables what a step asks of them, and see it on the shared screen."""
    if place.endswith(".open"):
        number = files.load(room.kept).at.round or 0
        for seat, page in phones.items():
            send(page, room, seat, PICKS[number][seat], BETS[seat], number)
        expect(screen.locator(".ticks .in")).to_have_count(5, timeout=WAIT)
        check(phones["schools"])
    elif place == "reveal.merged-bet":
        for guess, page in zip((100, 150, 200, 250, 300), phones.values(), strict=True):
            page.goto(f"{room.address}/team")
            page.locator("#families").fill(str(guess))
            page.get_by_role("button", name="Send our bet").click()
            expect(page.get_by_text(f"Sent: {guess}.")).to_be_visible(timeout=WAIT)
    elif place == "debrief.so_what":
        page = phones["police"]
        page.goto(f"{room.address}/team")
        page.locator("#line").fill(LINE)
        page.get_by_role("button", name="Keep our line").click()
        expect(screen.get_by_text(LINE)).to_be_visible(timeout=WAIT)


@pytest.mark.parametrize("width", [1366, 768, 320])
def test_pages_are_accessible_at_every_width(browser: Browser, room: Room, width: int):
    context = quiet(browser.new_context(viewport={"width": width, "height": 800}), room)
    page = context.new_page()
    for path in ("/", "/?code=ABC", "/privacy", "/facilitator", f"/facilitator?key={room.key}", "/facilitator/hand",
                 "/facilitator/delete", "/nowhere"):  # fmt: skip
        page.goto(room.address + path)
        check(page)
    page.goto(f"{room.address}/")
    page.get_by_label("Code on the shared screen").fill("wrong")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert")).to_be_focused()
    check(page)
    assert page.context.outside == []


def test_a_table_joins_chooses_and_bets_with_the_keyboard_alone(browser: Browser, room: Room):
    room.anew()
    room.lead("forward")
    room.lead("forward")
    context = quiet(browser.new_context(viewport={"width": 320, "height": 640}), room)
    page = context.new_page()
    page.goto(f"{room.address}/")
    _tab_to(page, "code")
    page.keyboard.type(room.code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/seat")
    _tab_to(page, "table-social_work")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/team")
    _tab_to(page, "schools-pass_on")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You can change it until the round closes")).to_be_visible(timeout=WAIT)
    kept = files.load(room.kept)
    assert kept.choices[0] == {"schools": "pass_on"} and kept.bets[0] == {"schools": "up"}
    _facilitator_by_keyboard(browser, room)


def _tab_to(page: Page, target: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == target:
            return
    raise AssertionError(f"{target} cannot be reached with the Tab key")


def _facilitator_by_keyboard(browser: Browser, room: Room) -> None:
    """Press the large button, and lead from the shared screen's keys, until they are turned off."""
    leads, screen = facilitator(browser, room)
    for _ in range(60):
        leads.keyboard.press("Tab")
        if leads.evaluate("document.activeElement.classList.contains('large')"):
            break
    leads.keyboard.press("Enter")
    expect(screen.locator("main[data-place^='practice.closed']")).to_be_visible(timeout=WAIT)
    screen.keyboard.press("Space")
    expect(screen.locator("main[data-place^='practice.bets']")).to_be_visible(timeout=WAIT)
    screen.keyboard.press("b")
    expect(screen.locator("main.blank")).to_have_count(1, timeout=WAIT)
    screen.keyboard.press("b")
    expect(screen.locator("main.blank")).to_have_count(0, timeout=WAIT)
    screen.keyboard.press("+")
    expect(screen.locator("main[style*='1.1']")).to_have_count(1, timeout=WAIT)
    room.lead("keys")
    expect(screen.locator("main[data-keys='0']")).to_have_count(1, timeout=WAIT)
    screen.keyboard.press("Space")
    screen.wait_for_timeout(500)
    assert at(room) == "practice.bets"


def test_the_facilitator_enters_what_tables_put_on_paper(browser: Browser, room: Room):
    room.anew()
    while at(room) != "round-1.open":
        room.lead("forward")
    leads, screen = facilitator(browser, room)
    leads.goto(f"{room.address}/facilitator/hand")
    leads.locator("#police-police-repeat").check()
    leads.locator("#police-bet-down").check()
    leads.get_by_role("button", name="Keep for Police").click()
    expect(leads.get_by_text("Police: in")).to_be_visible(timeout=WAIT)
    check(leads)
    expect(screen.locator(".ticks .in")).to_contain_text(["Police"], timeout=WAIT)
    leads.goto(f"{room.address}/facilitator")
    press(leads, screen, room)
    kept = files.load(room.kept).settled[1]
    assert (kept["police"].option, kept["police"].how) == ("repeat", "by hand")
    expect(screen.get_by_text("empty seat, plays for its own target").first).to_be_visible()
    expect(leads.get_by_text("on paper")).to_be_visible()
    leads.get_by_role("button", name="Skip to the debrief").click()
    expect(screen.get_by_text("You are you again")).to_be_visible(timeout=WAIT)
