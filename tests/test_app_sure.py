"""How sure are we: the page in its states, and its work started, stopped and shown."""

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from familyabm import areas, capability, levers, simulation
from familyabm.parameters import DEFAULT
from familyabm.report import words
from tests.app_pages import WIDTHS, Served, check, opened
from visualization import doubting

RUN = "area=Rutland&families=200&years=1&pairs=2"


def test_rates_by_deprivation_are_those_of_the_run():
    past = simulation.past(areas.named("Rutland"), DEFAULT, 1, 0.1)
    worlds = [levers.find(world) for world in ("status-quo", "whole-system")]
    lived = [
        [capability.inequality(simulation.live(past, world, 52, luck).weekly) for world in worlds] for luck in (1, 2)
    ]
    grid = doubting.by_deprivation(lived)["referrals"]
    children = lived[0][0]["children"]
    tenths = np.flatnonzero(children.to_numpy() > 0)
    assert len(grid.rows) == len(tenths) > 1
    for row, place in zip(grid.rows, tenths, strict=True):
        apart = sorted(float(both[1]["referrals"].iloc[place] - both[0]["referrals"].iloc[place]) for both in lived)
        assert row[4] == f"{words.signed(apart[0])} to {words.signed(apart[1])}"


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    return app_server


@pytest.mark.browser
@pytest.mark.slow
def test_both_tests_of_a_result_are_run_from_the_page_and_shown_on_it(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/sure?{RUN}")
        for name in ("sets", "doubts", "shares", "equity"):
            page.locator(f"form:has(input[value='{name}']) button").click()
        check(page)  # at work
        expect(page.get_by_text("What becomes of the difference between the worlds")).to_be_visible(timeout=150_000)
        expect(page.get_by_text("How sure each headline is")).to_be_visible(timeout=120_000)
        expect(page.get_by_role("heading", name="Acted upon together")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("Children referred, per 10,000 children, by deprivation")).to_be_visible(timeout=60_000)
        server.run(RUN)  # its pairs were lived for the sets already
        page.goto(f"{server.address}/compare?{RUN}&bet=skip")
        expect(page.get_by_text("20 sets of settings that England's figures do not rule out")).to_be_visible()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible_before_and_after(browser: Browser, server: Served, width: int):
    for name in ("sets", "doubts", "shares", "equity"):
        server.run(RUN, name, f"sure/{name}")
    with opened(browser, server, width) as page:
        for query in ("area=Rutland&luck=95", RUN, "a=whole-system"):
            page.goto(f"{server.address}/sure?{query}")
            check(page)
