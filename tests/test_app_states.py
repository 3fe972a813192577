"""Every page in every state, at every width: at work, stopped, cut off and failed; and studies paused and opened."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.app_pages import WIDTHS, Served, check, opened, served
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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("state", "said"), [
    ({"state": "failed", "done": 1, "asked": 6, "said": "Something went wrong in the model (fault 0123abcd)."}, "fault 0123abcd"),
    ({"state": "working", "done": 2, "asked": 6}, "The server was restarted"),
    ({"state": "stopped", "done": 2, "asked": 6}, "Stopped: 2 of 6"),
])  # fmt: skip
def test_every_page_says_how_its_work_ended_early(browser: Browser, server: Served, width: int, state, said: str):
    for kind in set(PAGES.values()):
        hold(server, kind, **state)
    with opened(browser, server, width) as page:
        for name in PAGES:
            page.goto(f"{server.address}/{name}{HELD.query(bet='skip')}")
            expect(page.get_by_text(re.compile(said)).first).to_be_visible()
            expect(page.get_by_role("button", name="Go on").first).to_be_visible()
            check(page)


# --- Studies ---------------------------------------------------------------------------------------------------------

SMALL = Settings(area="Rutland", families=200, years=1)
TRIAL = Trial((Vary("levers.continuity", 0.0, 100.0, 2),), 2, ("looked_after", "spend"))


@pytest.fixture(scope="module")
def with_studies(tmp_path_factory: pytest.TempPathFactory):
    """Serve a folder with a study that the command line made from the page's own TOML."""
    folder = tmp_path_factory.mktemp("studies")
    design = folder / "design.toml"
    design.write_text(trying.toml(SMALL, TRIAL, folder))
    made = [sys.executable, "-m", "familyabm.cli", "study", "run", str(design), "--out", str(folder / "elsewhere")]
    subprocess.run(made, check=True, capture_output=True, timeout=300)
    with served(tmp_path_factory.mktemp("app-with-studies"), f"--studies={folder}") as started:
        yield started


@pytest.mark.parametrize("width", WIDTHS)
def test_a_study_made_on_the_command_line_is_opened(browser: Browser, with_studies: Served, width: int):
    with opened(browser, with_studies, width) as page:
        page.goto(f"{with_studies.address}/try")
        page.get_by_label("Or open a study").select_option("elsewhere")
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("heading", name="Take it along")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("A study made elsewhere: elsewhere.")).to_be_visible()
        check(page)
        with page.expect_download() as kept:
            page.get_by_role("link", name="All runs as CSV").click()
        assert Path(kept.value.path()).read_text(encoding="utf-8-sig").count("\n") == 9  # 2 points, 2 lucks, 2 worlds


def test_no_other_folder_of_the_server_can_be_opened(with_studies: Served):
    for name in ("..", "../elsewhere", "design.toml", "nowhere"):
        assert "A study made elsewhere" not in with_studies.get(f"/try?study={name}")[1]
