"""Every page in every state, at every width: at work, stopped, cut off and failed; and studies paused and opened."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app_pages import STUDIES, Served, check, check_widths, opened
from visualization import trying
from visualization.settings import Settings
from visualization.trying import Trial, Vary

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
LONG = "area=Leeds&families=3000&years=3&pairs=20&luck=41"
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


@contextmanager
def held_still(server: Served) -> Iterator[None]:
    """Hold the worker processes where they are, so that no page's work ends while it is looked at."""
    workers = psutil.Process(server.process.pid).children(recursive=True)
    for worker in workers:
        worker.suspend()
    try:
        yield
    finally:
        for worker in workers:
            worker.resume()


def at_work(server: Served) -> int:
    """How many of the server's jobs a worker is at."""
    states = (json.loads(path.read_text())["state"] for path in (server.folder / "jobs").glob("*/state.json"))
    return sum(state == "working" for state in states)


def ended(server: Served, page: str) -> bool:
    return '"ended":true' in server.get(f"/{page}/state?{LONG}")[1]


def test_every_page_is_accessible_while_its_work_goes_on_and_stops_when_told(browser: Browser, server: Served):
    for go in ("watch", "compare"):
        server.post("/start", f"{LONG}&go={go}")
    until = time.monotonic() + 120.0
    while at_work(server) < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    with held_still(server), opened(browser, server) as page:
        for name in ("watch", "family", "demand", "compare", "report"):
            page.goto(f"{server.address}/{name}?{LONG}&bet=skip")
            expect(page.locator(".progress progress")).to_be_visible()
            expect(page.get_by_role("button", name="Stop and keep")).to_be_visible()
            check_widths(page)
    for go in ("watch", "compare"):
        assert server.post("/stop", f"{LONG}&go={go}")[0] == 200
    until = time.monotonic() + 120.0
    while not (ended(server, "watch") and ended(server, "compare")):
        assert time.monotonic() < until
        time.sleep(0.3)


@pytest.mark.parametrize(("state", "said"), [
    ({"state": "failed", "done": 1, "asked": 6, "said": "Something went wrong in the model (fault 0123abcd)."}, "fault 0123abcd"),
    ({"state": "working", "done": 2, "asked": 6}, "The server was restarted"),
    ({"state": "stopped", "done": 2, "asked": 6}, "Stopped: 2 of 6"),
])  # fmt: skip
def test_every_page_says_how_its_work_ended_early(browser: Browser, server: Served, state, said: str):
    for kind in set(PAGES.values()):
        hold(server, kind, **state)
    with opened(browser, server) as page:
        for name in PAGES:
            page.goto(f"{server.address}/{name}{HELD.query(bet='skip')}")
            expect(page.get_by_text(re.compile(said)).first).to_be_visible()
            expect(page.get_by_role("button", name="Go on").first).to_be_visible()
            check_widths(page)


# --- Studies ---------------------------------------------------------------------------------------------------------

SMALL = Settings(area="Rutland", families=200, years=1)
TRIAL = Trial((Vary("levers.continuity", 0.0, 100.0, 2),), 2, ("looked_after", "spend"))


@pytest.fixture(scope="module")
def with_studies(app_server: Served) -> Served:
    """Put a study that the command line made from the page's own TOML where the server shows studies."""
    folder = app_server.folder / STUDIES
    folder.mkdir()
    design = folder / "design.toml"
    design.write_text(trying.toml(SMALL, TRIAL, folder))
    made = [
        sys.executable,
        "-m",
        "familyabm.cli",
        "study",
        "run",
        str(design),
        "--out",
        str(folder / "elsewhere"),
        "--workers=1",
    ]
    subprocess.run(made, check=True, capture_output=True, timeout=300)
    return app_server


def test_a_study_made_on_the_command_line_is_opened(browser: Browser, with_studies: Served):
    with opened(browser, with_studies) as page:
        page.goto(f"{with_studies.address}/try")
        page.get_by_label("Or open a study").select_option("elsewhere")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("heading", name="Take it along")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("A study made elsewhere: elsewhere.")).to_be_visible()
        check_widths(page)
        with page.expect_download() as kept:
            page.get_by_role("link", name="All runs as CSV").click()
        assert Path(kept.value.path()).read_text(encoding="utf-8-sig").count("\n") == 9  # 2 points, 2 lucks, 2 worlds


def test_no_other_folder_of_the_server_can_be_opened(with_studies: Served):
    for name in ("..", "../elsewhere", "design.toml", "nowhere"):
        assert "A study made elsewhere" not in with_studies.get(f"/try?study={name}")[1]


def paused(page: Page) -> int:
    said = page.get_by_text("Paused:").inner_text()
    return int(re.search(r"Paused: (\d+) of", said)[1])


def test_a_study_is_paused_gone_on_with_and_its_code_copied(browser: Browser, server: Served):
    query = "area=Rutland&families=2000&years=4&vary=levers.continuity:0:100:6&each=20"
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
