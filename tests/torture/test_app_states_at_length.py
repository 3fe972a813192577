"""Every page in every state, at every width: at work, stopped, cut off and failed; and studies paused and opened."""

import json
import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app_pages import WIDTHS, Served, check, opened
from visualization.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = {
    "watch": "lives",
    "family": "lives",
    "demand": "lives",
    "compare": "pairs",
    "report": "pairs",
    "sure": "doubts",
}
"""Pages, and the job that each one waits for."""
LONG = "area=Leeds&families=20000&years=10&pairs=20&luck=41"
HELD = Settings(area="Rutland", families=300, years=2, pairs=6, luck=43)


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    return app_server


def hold(server: Served, kind: str, **state: object) -> None:
    """Put a job on the disk as a worker, or a server that went away, leaves it."""
    folder = server.folder / "jobs" / f"{kind}-{HELD.address}"
    folder.mkdir(exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(HELD.given()))
    (folder / "state.json").write_text(json.dumps(state))


def ended(server: Served, page: str) -> bool:
    return '"ended":true' in server.get(f"/{page}/state?{LONG}")[1]


def paused(page: Page) -> int:
    said = page.get_by_text("Paused:").inner_text()
    return int(re.search(r"Paused: (\d+) of", said)[1])


def test_every_page_is_accessible_while_its_work_goes_on_and_stops_when_told(browser: Browser, server: Served):
    for go in ("watch", "compare"):
        server.post("/start", f"{LONG}&go={go}")
    for width in WIDTHS:
        with opened(browser, server, width) as page:
            for name in ("watch", "family", "demand", "compare", "report"):
                page.goto(f"{server.address}/{name}?{LONG}&bet=skip")
                expect(page.locator(".progress progress")).to_be_visible(timeout=60_000)
                expect(page.get_by_role("button", name="Stop and keep")).to_be_visible()
                check(page)
    for go in ("watch", "compare"):
        assert server.post("/stop", f"{LONG}&go={go}")[0] == 200
    until = time.monotonic() + 120.0
    while not (ended(server, "watch") and ended(server, "compare")):
        assert time.monotonic() < until
        time.sleep(0.3)


def test_a_study_is_paused_gone_on_with_and_its_code_copied(browser: Browser, server: Served):
    query = (
        "area=Rutland&families=9000&years=10&vary=levers.continuity:0:100:5&vary=levers.joint_response:0:100:5&each=4"
    )
    with opened(browser, server, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{server.address}/try?{query}&record=looked_after")
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_text(re.compile(r"[1-9]\d* of \d+ runs done"))).to_be_visible(timeout=120_000)
        check(page)
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("Paused:")).to_be_visible(timeout=120_000)
        before = paused(page)
        expect(page.get_by_role("heading", name="Take it along")).to_have_count(0)
        check(page)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text(re.compile(r"[1-9]\d* of \d+ runs done"))).to_be_visible(timeout=120_000)
        page.get_by_role("button", name="Stop and keep").click()
        expect(page.get_by_text("Stopped:")).to_be_visible(timeout=120_000)
        assert int(re.search(r"Stopped: (\d+)", page.get_by_text("Stopped:").inner_text())[1]) >= before > 0
        for what, begins in (("Python code", "from dataclasses"), ("TOML", 'name = "try-settings"')):
            page.get_by_text("The Python that repeats it" if what == "Python code" else "The TOML file for").click()
            page.get_by_role("button", name=f"Copy the {what}").click()
            expect(page.get_by_text("Copied").first).to_be_visible()
            assert page.evaluate("navigator.clipboard.readText()").startswith(begins)
