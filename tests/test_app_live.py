"""The live page: a town stepped as one looks, drawn by the widget, with levers that can be pulled meanwhile."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from familyabm import areas, levers, simulation
from familyabm.parameters import DEFAULT
from tests.app_pages import WIDTHS, Served, check, opened, shown
from visualization import counts, record


def test_a_town_lived_step_by_step_shows_what_its_record_would():
    from visualization.network_widget import LiveTown

    past = simulation.past(areas.named("Rutland"), DEFAULT, 1, 0.1)
    world = levers.find("status-quo")
    _, whole, _ = record.live(past, world, 70)
    town = LiveTown(simulation.Life(past, world, 70, 1, journal=True))
    town.step()
    while town.week < 69:
        town.step(3)
    year = town.last_year()
    found, wanted = counts.count(year, year.weeks - 1), counts.count(whole, 69)
    assert found._replace(seen=0) == wanted._replace(seen=0)
    assert np.array_equal(counts.states(year, year.weeks - 1), counts.states(whole, 69))
    again = town.last_year()
    assert record.as_bytes(again) == record.as_bytes(year)


def test_a_lever_pulled_moves_policy_at_once_and_practice_slowly():
    from visualization.network_widget import LiveTown

    past = simulation.past(areas.named("Rutland"), DEFAULT, 1, 0.1)
    town = LiveTown(simulation.Life(past, levers.find("status-quo"), 200, 1, journal=True))
    town.step(4)
    before = float(town.life.town.levers[0]["continuity"])
    town.pull("continuity", 1.0)
    assert float(town.life.town.levers[0]["continuity"]) == before
    town.step(150)
    assert before < float(town.life.town.levers[0]["continuity"]) < 1.0


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    return app_server


def ready(page: Page, server: Served) -> None:
    page.goto(f"{server.address}/live/?area=Rutland")
    shown(page, page.get_by_role("button", name="Next week"))
    expect(page.locator("canvas[aria-label*='end of week 1.']")).to_be_visible(timeout=60_000)


def week(page: Page) -> int:
    return int(re.search(r"\d+", page.get_by_role("heading", name="At the end of week").inner_text())[0])


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_the_live_page_opens_with_no_network_and_is_accessible(browser: Browser, server: Served, width: int):
    with opened(browser, server, width, reduced_motion="reduce") as page:  # or axe meets it half faded in
        ready(page, server)
        expect(page.get_by_role("heading", name="Rutland, lived as you look")).to_be_visible()
        check(page)


@pytest.mark.browser
@pytest.mark.slow
def test_weeks_are_played_paused_begun_again_and_a_lever_is_pulled_meanwhile(browser: Browser, server: Served):
    with opened(browser, server) as page:
        ready(page, server)
        page.get_by_role("button", name="Play").click()
        expect(page.get_by_role("heading", name=re.compile(r"At the end of week (1[0-9]|[2-9][0-9])"))).to_be_visible(
            timeout=60_000
        )
        slider = page.get_by_label("Lead professional continuity")
        slider.focus()
        page.keyboard.press("End")
        page.get_by_role("button", name="Pause").click()
        expect(page.locator("output[for='lever-continuity']")).to_have_text("100%")
        page.get_by_role("button", name="Next year").click()
        page.wait_for_timeout(500)
        expect(page.locator("#hint-continuity")).not_to_contain_text("Practice: 30%")
        page.get_by_label("Look as").select_option(label="Police")
        expect(page.get_by_text(re.compile("What police can see"))).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(1)
        page.get_by_role("button", name="Start again").click()
        expect(page.get_by_role("heading", name="At the end of week 1", exact=True)).to_be_visible()
        page.get_by_role("button", name="Play").click()  # after a change and a new start
        expect(page.get_by_role("heading", name=re.compile(r"At the end of week ([4-9]|\d\d)"))).to_be_visible(
            timeout=60_000
        )
        page.get_by_role("button", name="Pause").click()
        assert week(page) > 3
