"""The SolaraViz page in a real browser, with no network but the page's own server."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app_pages import NOWHERE, free_port

PAGE = Path(__file__).parent.parent / "visualization" / "solara_page.py"
QUIET = {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
PATIENCE = 300_000  # milliseconds: the first page may have to wait for the rules to be compiled


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve the page with `solara run`, as its docstring says, and stop it afterwards."""
    port = free_port()
    # The app, tried in this process by other tests, sets the framework up for itself: none of that may reach this page.
    usual = {name: value for name, value in os.environ.items() if not name.startswith("SOLARA_")}
    offline = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "ALL_PROXY": NOWHERE}
    command = [sys.executable, "-m", "solara", "run", str(PAGE), "--host=127.0.0.1", f"--port={port}"]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--no-open", "--production"], env=usual | offline | QUIET, stdout=log, stderr=log
        )
        try:
            found = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + PATIENCE / 1000
            while not answers(found) and server.poll() is None and time.monotonic() < deadline:
                time.sleep(0.5)
            yield found
        finally:
            server.terminate()
            server.wait(20)
    said = (tmp_path / "server.log").read_text()
    assert "Traceback" not in said, said


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Open a page that may talk to the server only, and fail if it tried anything else or complained."""
    opened = browser.new_page(viewport={"width": 1366, "height": 900})
    outside: list[str] = []
    complaints: list[str] = []
    opened.route("**/*", lambda route: route.continue_() if address in route.request.url else route.abort())
    opened.on("request", lambda request: outside.append(request.url) if address not in request.url else None)
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("response", lambda got: complaints.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    yield opened
    opened.close()
    assert [url for url in outside if not url.startswith(("data:", "blob:"))] == []
    assert complaints == []


def weeks_lived(page: Page) -> float:
    """Return the step that the page shows: Mesa 3.3 says Step, 3.5 says Time."""
    shown = page.get_by_text(re.compile(r"^(Step|Time): [\d.]+$")).first.inner_text()
    return float(shown.partition(":")[2])


def expect_weeks(page: Page, least: int) -> None:
    """Wait until that many weeks have been lived."""
    for _ in range(600):
        if weeks_lived(page) >= least:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the page still shows {weeks_lived(page)} weeks, not {least}")


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_lives_weeks_draws_them_and_starts_again_in_another_world(
    page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address)
    reset = page.get_by_role("button", name="Reset")
    expect(reset.or_(page.get_by_text("Traceback")).first).to_be_visible(timeout=PATIENCE)
    expect(reset).to_be_visible()
    expect(page.locator("img[src^='data:image'], .solara-figure img, img").nth(2)).to_be_visible(timeout=60_000)
    assert weeks_lived(page) == 0
    before = page.locator("img").first.get_attribute("src")

    page.get_by_role("button", name="Step").click()
    expect_weeks(page, 1)
    page.get_by_role("button", name="▶").click()
    expect_weeks(page, 12)
    page.get_by_role("button", name="❚❚").click()
    page.wait_for_timeout(1000)
    assert page.locator("img").first.get_attribute("src") != before
    page.screenshot(path=tmp_path / "page.png", full_page=True)

    page.get_by_text("status-quo").first.click()
    page.get_by_role("option", name="whole-system", exact=True).click()
    reset.click()
    expect(page.get_by_text(re.compile(r"^(Step|Time): 0(\.0)?$")).first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Step").click()
    expect_weeks(page, 1)
    expect(page.get_by_text(re.compile("error", re.IGNORECASE))).to_have_count(0)
