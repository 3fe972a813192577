"""Checking a computer before a workshop: what is told, and what is asked of the trainer."""

import json
import socket
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from typer.testing import CliRunner

from familyabm.cli import app
from familyabm.workshop import ready
from familyabm.workshop.ready import GOOD, LOOK, NO, Check
from tests.app_pages import WIDTHS, Served, check, free_port, opened


def by_name(found: list[Check]) -> dict[str, Check]:
    return {one.name: one for one in found}


def test_a_port_that_is_taken_is_not_ready_and_another_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = ready.port_free("127.0.0.1", port, serving=False)
    assert found.verdict == NO and f"--port {port + 1}" in found.help
    assert ready.port_free("127.0.0.1", port, serving=True).verdict == GOOD
    assert ready.port_free("127.0.0.1", free_port(), serving=False).verdict == GOOD


@pytest.mark.parametrize(
    ("host", "is_open"),
    [("0.0.0.0", True), ("127.0.0.1", False), ("localhost", False), ("::1", False), ("10.0.0.7", True)],
)
def test_phones_are_answered_only_where_the_host_is_open(host: str, is_open: bool, monkeypatch: pytest.MonkeyPatch):
    assert ready.open_to_phones(host) is is_open
    monkeypatch.setattr(ready, "addresses", lambda: ["10.0.0.7"])
    found = ready.places(host, 8760)
    assert found.verdict == (GOOD if is_open else LOOK)
    assert "http://10.0.0.7:8760/" in found.said


def test_without_a_network_paper_is_offered(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ready, "addresses", list)
    found = ready.places("0.0.0.0", 8760)
    assert found.verdict == LOOK and "paper" in found.help


def test_addresses_are_those_that_others_can_reach():
    for place in ready.addresses():
        assert not place.startswith(("127.", "169.254.")) and place != "0.0.0.0"


def test_a_full_disk_or_one_that_takes_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert ready.disk(tmp_path / "not" / "there").verdict == GOOD
    monkeypatch.setattr(ready, "LEAST_DISK", 10**18)
    assert ready.disk(tmp_path).verdict == LOOK
    monkeypatch.setattr("os.access", lambda *_: False)
    assert ready.disk(tmp_path).verdict == NO


def test_a_slow_computer_is_told_what_helps():
    assert ready.timed(0.1, "Rutland", 1000).verdict == GOOD
    slow = ready.timed(9.0, "Rutland", 1000)
    assert slow.verdict == LOOK and "9.00 seconds" in slow.said and "fewer families" in slow.help


def test_one_year_of_the_town_is_measured():
    found = ready.speed("Rutland", 500)
    assert "500 families takes" in found.said and found.name == "speed"


def test_the_worst_of_several_counts():
    checks = [Check("a", "A", GOOD, ""), Check("b", "B", LOOK, "")]
    assert ready.worst(checks) == LOOK
    assert ready.worst([*checks, Check("c", "C", NO, "")]) == NO
    assert ready.worst([]) == GOOD


def test_the_command_says_each_check_and_ends_with_1_if_one_is_not_ready(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        given = ["workshop-check", "--area", "Rutland", "--host", "127.0.0.1", "--folder", str(tmp_path), "--json"]
        result = CliRunner().invoke(app, [*given, "--port", str(taken.getsockname()[1])])
    whole = json.loads(result.stdout)
    assert result.exit_code == 1 and whole["worst"] == NO
    assert {"rules", "places", "port", "disk", "town", "printing", "speed"} == {one["name"] for one in whole["checks"]}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_shows_what_only_a_browser_can_tell(browser: Browser, app_server: Served, width: int):
    with opened(browser, app_server, width) as page:
        page.goto(f"{app_server.address}/workshop/check")
        expect(page.locator("#script")).to_contain_text("This browser runs scripts.")
        expect(page.locator("#screen")).to_contain_text(f"This window is {width} by 900.")
        expect(page.locator("#seen")).to_contain_text("No phone has opened the page yet.")
        check(page)


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_serves_without_a_script_and_measures_the_speed(browser: Browser, app_server: Served):
    with opened(browser, app_server, java_script_enabled=False) as page:
        page.goto(f"{app_server.address}/workshop/check?area=Rutland")
        expect(page.locator("#script")).to_contain_text("This browser runs no scripts.")
        page.get_by_role("button", name="Measure the speed").click(timeout=120_000)
        expect(page.locator("#speed")).to_contain_text("families takes")


@pytest.mark.browser
@pytest.mark.slow
def test_this_computer_is_no_phone(browser: Browser, app_server: Served):
    with opened(browser, app_server) as page:
        page.goto(f"{app_server.address}/workshop/check/phone")
        expect(page.get_by_role("heading", name="This is the same computer")).to_be_visible()
        check(page)
        assert "No phone" in app_server.get("/workshop/check/state")[1]
