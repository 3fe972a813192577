"""The record of weeks, its table, and the picture that plays it: without a browser, then in one."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from familyabm import areas, levers, simulation
from familyabm.codes import Agency, Event, Failure
from familyabm.parameters import DEFAULT
from familyabm.simulation import PAST_WEEKS
from tests.app_pages import LIVED, WIDTHS, Served, check, opened, until
from visualization import counts, record

WEEKS = 104


@pytest.fixture(scope="module")
def lived():
    past = simulation.past(areas.named("Rutland"), DEFAULT, 1, 0.1)
    return past, *record.live(past, levers.find("status-quo"), WEEKS)


def test_a_record_is_read_back_as_it_was_written(lived, tmp_path: Path):
    kept = lived[2]
    record.save(kept, tmp_path / "a.bin")
    found = record.load(tmp_path / "a.bin")
    assert (found.weeks, found.homes) == (kept.weeks, kept.homes)
    assert np.array_equal(found.touches, kept.touches)
    assert np.array_equal(found.states, kept.states)


def test_what_arrives_is_what_the_journal_holds_week_by_week(lived):
    _, run, kept, _ = lived
    journal = np.asarray(run.journal)
    arrivals = journal[np.isin(journal["event"], [int(event) for event in record.ARRIVALS])]
    back = (arrivals["code"] >= Failure.F1_REPEAT) & (arrivals["code"] <= Failure.F9_BROKEN_SOLUTION)
    for week in (3, 40, 103):
        within = (arrivals["week"] - PAST_WEEKS <= week) & (arrivals["week"] - PAST_WEEKS > week - counts.MONTH)
        found = counts.count(kept, week)
        assert found.back == int((within & back).sum())
        assert found.new == int((within & ~back).sum())


def test_states_are_those_of_the_town_at_the_end(lived):
    past, run, kept, _ = lived
    families = run.town.families
    state = counts.states(kept, WEEKS - 1)
    harm = np.digitize(families["harm"], record.bands(past))
    assert np.array_equal(state & 3, harm)
    assert sum(counts.count(kept, WEEKS - 1).bands) == len(families)


def test_a_service_sees_only_families_it_has_met(lived):
    _, run, kept, homes = lived
    police = record.PLACE[Agency.POLICE]
    journal = np.asarray(run.journal)
    own = journal[(journal["agency"] == Agency.POLICE) & np.isin(journal["event"], [Event.CONTACT, Event.ATTENDED])]
    known = {homes[int(key)] for key in own["family"]}
    assert counts.count(kept, WEEKS - 1, police).seen == len(known) < counts.count(kept, WEEKS - 1).seen


def test_a_contact_is_passed_from_whoever_got_in_touch_to_social_care(lived):
    _, run, kept, _ = lived
    journal = np.asarray(run.journal)
    last = PAST_WEEKS + WEEKS - counts.YEAR
    of_police = (journal["event"] == Event.CONTACT) & (journal["agency"] == Agency.POLICE) & (journal["week"] >= last)
    passed = counts.passes(kept, WEEKS - 1)
    assert passed[record.PLACE[Agency.POLICE], record.CARE] == int(of_police.sum()) > 0


def test_months_add_up_to_all_that_arrived(lived):
    kept = lived[2]
    arrived = int(((kept.touches["marks"] & record.ARRIVED) > 0).sum())
    assert int(counts.months(kept)["value"].sum()) == arrived


def test_lives_in_one_world_twice_never_part_and_in_two_worlds_do(lived):
    past, run, _, homes = lived
    again, _, _ = record.live(past, levers.find("status-quo"), WEEKS)
    other, _, more = record.live(past, levers.find("whole-system"), WEEKS)
    n = len(run.town.families)
    assert (record.parted(run, again, homes, n, WEEKS) == 65_535).all()
    assert (record.parted(run, other, homes | more, n, WEEKS) < WEEKS).any()


def test_every_home_has_one_place_of_its_own_within_the_picture(lived):
    places = record.places(lived[0])
    assert len(np.unique(places, axis=0)) == len(places)
    assert np.abs(places).max() < 1.1


# --- In a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    app_server.run(LIVED, "watch", "watch")
    return app_server


def ready(page: Page, server: Served, query: str = "") -> None:
    page.goto(f"{server.address}/watch?{LIVED}{query}")
    expect(page.locator(".stage")).to_be_visible()
    until(page, "document.querySelector('[data-watch]').pictures")


def settled(page: Page, week: int) -> None:
    """Wait until the table shows the week."""
    page.wait_for_selector(f"[data-tables][data-week='{week}']")


def table(page: Page, place: int = 0) -> list[list[int]]:
    cells = page.locator("[data-tables] .table > table").nth(place).locator("tbody tr")
    return [[int(cell.replace(",", "")) for cell in row.locator("td").all_inner_texts()] for row in cells.all()]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible_before_and_after_it_has_run(browser: Browser, server: Served, width: int):
    with opened(browser, server, width) as page:
        page.goto(f"{server.address}/watch?area=Rutland&luck=99")
        check(page)
        ready(page, server, "&week=30")
        check(page)


@pytest.mark.browser
@pytest.mark.slow
def test_picture_and_table_agree_on_twenty_weeks_and_every_look(browser: Browser, server: Served):
    with opened(browser, server) as page:
        ready(page, server)
        draw = random.Random(1)
        for _ in range(20):
            week, look = draw.randint(1, WEEKS), draw.choice([-1, -1, 0, 2, 6, 8])
            page.get_by_label("Look as").select_option(str(look))
            page.get_by_label("Week number").fill(str(week))
            page.get_by_label("Week number").press("Enter")
            settled(page, week)
            page.wait_for_selector(f"[data-tables][data-look='{look}']")
            until(
                page,
                f"document.querySelectorAll('[data-tables] .table > table tbody tr').length === {22 if look < 0 else 2}",
            )
            for world in (0, 1):
                drawn = page.evaluate(
                    f"(() => {{ const p = document.querySelector('[data-watch]').pictures; const c = p.worlds[{world}].count({week - 1}, {look});"
                    " return {rows: c.rows, bands: c.bands, waiting: c.waiting, several: c.several, seen: c.seen}; })()"
                )
                assert drawn["rows"] == table(page, world)
                said = page.locator(f"[data-said='{'ab'[world]}']").inner_text()
                if look < 0:
                    calm, worried, crisis = drawn["bands"]
                    assert (
                        f"{calm} families are calm, {worried} worried, {crisis} in crisis; {drawn['waiting']} wait; {drawn['several']} met"
                        in said
                    )
                else:
                    assert f"can see: {drawn['seen']} of 300 families" in said


@pytest.mark.browser
@pytest.mark.slow
def test_playing_pausing_going_back_and_jumping_never_changes_what_a_week_shows(browser: Browser, server: Served):
    with opened(browser, server) as page:
        ready(page, server, "&week=50")
        count = "JSON.stringify(document.querySelector('[data-watch]').pictures.worlds[1].count(49))"
        before = page.evaluate(count)
        page.get_by_label("Speed").select_option("20")
        page.get_by_role("button", name="Play").click()
        until(page, "document.querySelector('[data-watch]').pictures.now.week > 60")
        page.get_by_label("Look as").select_option("2")  # changed while it plays
        page.get_by_role("button", name="Pause").click()
        page.get_by_role("button", name="Back 4 weeks").click()
        page.get_by_role("button", name="Where they part").click()
        page.get_by_role("button", name="Play").click()
        page.get_by_role("button", name="Forward 4 weeks").click()
        expect(page.get_by_role("button", name="Play")).to_be_visible()  # a step pauses
        page.get_by_label("Week number").fill("50")
        page.get_by_label("Week number").press("Enter")
        settled(page, 50)
        assert page.evaluate(count) == before
        page.reload()
        expect(page.get_by_label("Week number")).to_have_value("50")
        expect(page.get_by_label("Look as")).to_have_value("2")


@pytest.mark.browser
@pytest.mark.slow
def test_a_family_is_followed_and_a_moment_marked_with_the_keyboard(browser: Browser, server: Served):
    with opened(browser, server) as page:
        ready(page, server)
        page.get_by_label("Follow a family").focus()
        page.keyboard.type("12")
        page.keyboard.press("Tab")
        expect(page.get_by_text("Family 12 (made up).")).to_be_visible()
        page.get_by_role("button", name="Mark this moment").focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-marks] a")).to_have_text("Week 52")
        page.get_by_role("button", name="Play").focus()
        page.keyboard.press("Space")
        until(page, "document.querySelector('[data-watch]').pictures.now.week > 53")
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name="Play")).to_be_focused()


@pytest.mark.browser
@pytest.mark.slow
def test_without_a_canvas_the_table_stands_and_says_so(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page.goto(f"{server.address}/watch?{LIVED}&week=20")
        expect(page.get_by_text("This device cannot draw the picture.")).to_be_visible()
        assert len(table(page)) == 11
        check(page)


@pytest.mark.browser
@pytest.mark.slow
def test_without_javascript_weeks_can_still_be_chosen(browser: Browser, server: Served):
    with opened(browser, server, java_script_enabled=False) as page:
        page.goto(f"{server.address}/watch?{LIVED}")
        page.locator("#week").fill("33")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.get_by_role("heading", name="At the end of week 33")).to_be_visible()
        assert "families=300" in page.url


@pytest.mark.browser
@pytest.mark.slow
def test_with_reduced_motion_nothing_can_play_and_every_week_can_be_reached(browser: Browser, server: Served):
    with opened(browser, server, reduced_motion="reduce") as page:
        ready(page, server)
        expect(page.get_by_role("button", name="Play")).to_be_hidden()
        page.get_by_role("button", name="Forward 4 weeks").click()
        expect(page.get_by_role("heading", name="At the end of week 56")).to_be_visible()


def test_parts_of_other_names_are_not_served(server: Served):
    for name in ("state.json", "journal-a.npz", "..%2Fsettings.json", "%2e%2e/pairs"):
        assert server.get(f"/lives/{name}?{LIVED}")[0] == 404
    assert json.loads(server.get(f"/lives/meta.json?{LIVED}")[1])["homes"] == 300
