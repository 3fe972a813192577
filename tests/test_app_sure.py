"""How sure are we: the page in its states, and its work started, stopped and shown."""

import pytest
from playwright.sync_api import Browser, expect

from familyabm import areas, capability, levers, simulation
from familyabm.parameters import DEFAULT
from tests.app_pages import WIDTHS, Served, check, opened
from visualization import doubting

RUN = "area=Rutland&families=200&years=1&pairs=2"


def test_rates_by_deprivation_are_those_of_the_run():
    past = simulation.past(areas.named("Rutland"), DEFAULT, 1, 0.1)
    weekly = [simulation.live(past, levers.find(world), 52).weekly for world in ("status-quo", "whole-system")]
    grid = doubting.equity(weekly)
    children = capability.inequality(weekly[0])["children"]
    assert len(grid.rows) == int((children > 0).sum()) > 1
    assert all(len(row) == len(grid.headers) for row in grid.rows)


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    return app_server


@pytest.mark.browser
@pytest.mark.slow
def test_both_tests_of_a_result_are_run_from_the_page_and_shown_on_it(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/sure?{RUN}")
        for name in ("doubts", "shares", "equity"):
            page.locator(f"form:has(input[value='{name}']) button").click()
        expect(page.get_by_role("heading", name="What if an assumption is wrong?")).to_be_visible(timeout=120_000)
        expect(page.get_by_role("heading", name="Acted upon together")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("Per 10,000 children, by deprivation")).to_be_visible(timeout=60_000)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible_before_and_after(browser: Browser, server: Served, width: int):
    for kind, name in (("doubts", "doubts"), ("shares", "shares"), ("lives", "equity")):
        server.run(RUN, name, f"sure/{kind}")
    with opened(browser, server, width) as page:
        for query in ("area=Rutland&luck=95", RUN, "a=whole-system"):
            page.goto(f"{server.address}/sure?{query}")
            check(page)
