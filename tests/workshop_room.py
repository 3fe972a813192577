"""A workshop as its tests meet it: a server of its own that can be killed, a facilitator, a shared screen, and phones."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.app_pages import NOWHERE, PATIENCE, Served

FIVE = ("social_work", "schools", "health", "police", "housing")
PICKS = {
    0: {"social_work": "keep", "schools": "wait", "health": "group", "police": "close", "housing": "wait"},
    1: {"social_work": "raise", "schools": "pass_on", "health": "refer", "police": "refer", "housing": "enforce"},
    2: {"social_work": "lower", "schools": "in_school", "health": "longer", "police": "repeat", "housing": "plan"},
    3: {"social_work": "many", "schools": "lead_first", "health": "share_notes", "police": "as_now", "housing": "as_now"},
}  # fmt: skip
BETS = dict(zip(FIVE, ("up", "same", "down", "up_a_lot", "up"), strict=True))
FAMILIES = 600
PHONES = "http://192.168.100.120:8760"
"""Where phones would find the room: nobody asks there, it is only shown."""


class Room(Served):
    """A workshop's server under test."""

    def __init__(self, folder: Path, *more: str) -> None:
        super().__init__(folder, *(more or (f"--address={PHONES}",)))

    def start(self) -> None:
        offline = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "ALL_PROXY": NOWHERE}
        command = [sys.executable, "-m", "familyabm.cli", "workshop", "--no-browser", f"--port={self.port}"]
        command += ["--host=127.0.0.1", "--minutes=60", f"--families={FAMILIES}", "--area=Rutland", *self.more]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*command, f"--folder={self.folder}"], env=os.environ | offline, stdout=log, stderr=log
            )
        until = time.monotonic() + PATIENCE
        while not self.answers() and self.process.poll() is None and time.monotonic() < until:
            time.sleep(0.2)

    def kill(self) -> None:
        """End the server as a power cut would, whatever it is at."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    @property
    def kept(self) -> Path:
        return sorted((self.folder / "workshops").glob("*/room.json"))[-1]

    @property
    def state(self) -> dict:
        """Return what is on the disk."""
        return json.loads(self.kept.read_text())

    @property
    def code(self) -> str:
        return json.loads((self.kept.parent / "secret.json").read_text())["code"]

    @property
    def key(self) -> str:
        return (self.folder / "workshops" / "facilitator-key").read_text()

    def lead(self, does: str, step: int | None = None) -> tuple[int, str]:
        """Press one of the facilitator's buttons without a browser."""
        where = self.state["step"] if step is None else step
        headers = {"Origin": self.address, "Cookie": f"familyabm-facilitator={self.key}"}
        return self.get("/facilitator/go", headers, f"does={does}&step={where}")

    def anew(self) -> None:
        """Delete the workshop and begin another, on the same server."""
        headers = {"Origin": self.address, "Cookie": f"familyabm-facilitator={self.key}"}
        assert self.get("/facilitator/delete", headers, "sure=yes")[0] == 200
        assert self.get("/facilitator/begin", headers, f"area=Rutland&minutes=60&families={FAMILIES}")[0] == 200

    def ask(self, path: str) -> tuple[int, str]:
        """Ask as the facilitator."""
        return self.get(path, {"Cookie": f"familyabm-facilitator={self.key}"})

    def until_ready(self) -> None:
        """Wait until the model has worked out what the room needs."""
        until = time.monotonic() + PATIENCE
        while "Model: ready" not in (said := self.ask("/facilitator")[1]):
            assert time.monotonic() < until and "could not finish" not in said, self.faults()
            time.sleep(0.3)

    def faults(self) -> str:
        return "\n".join(path.read_text() for path in self.folder.rglob("fault.txt"))


def facilitator(browser: Browser, room: Room) -> tuple[Page, Page]:
    """Open the facilitator's view and the shared screen, with everything that moves at rest.

    Each in a window of its own: what stands behind another page in one window is drawn once a second only.
    """
    size = {"width": 1366, "height": 768}
    context = quiet(browser.new_context(viewport=size, reduced_motion="reduce"), room)
    leads = context.new_page()
    leads.goto(f"{room.address}/facilitator?key={room.key}")
    shared = quiet(browser.new_context(reduced_motion="reduce", storage_state=context.storage_state()), room)
    screen = shared.new_page()
    screen.set_viewport_size({"width": 1280, "height": 720})
    screen.goto(f"{room.address}/screen")
    return leads, screen


def quiet(context: BrowserContext, room: Room) -> BrowserContext:
    """Let a browser talk to nobody but the room; anything else fails its page."""
    context.route("**/*", lambda route: route.continue_() if route.request.url.startswith((room.address, "data:"))
                  else route.abort())  # fmt: skip
    context.outside = []
    context.on("request", lambda made: None if made.url.startswith((room.address, "data:"))
               else context.outside.append(made.url))  # fmt: skip
    context.on("weberror", lambda error: context.outside.append(str(error.error)))
    return context


def phone(browser: Browser, room: Room, table: str, script: bool = True) -> Page:
    """Join a table with a phone: by the QR code's address, or without a script by typing."""
    context = quiet(browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=script), room)
    page = context.new_page()
    page.goto(f"{room.address}/?code={room.code}" if script else room.address)
    if not script:
        page.get_by_label("Code on the shared screen").fill(room.code.lower())
    page.get_by_role("button", name="Join").click()
    page.locator(f"#table-{table}").check()
    page.get_by_role("button", name="Sit here").click()
    return page


def send(page: Page, room: Room, seat: str, option: str, bet: str, number: int) -> None:
    """Choose and bet at a table, and wait until it says that it is kept."""
    page.goto(f"{room.address}/team")
    page.locator(f"#{seat}-{option}").check()
    page.locator(f"#bet-{bet}").check()
    page.get_by_role("button", name=re.compile("Send our choice|Change what we sent")).click()
    page.get_by_text("You can change it until the round closes").wait_for(timeout=60_000)
    assert page.locator("input[name=round]").get_attribute("value") == str(number)


def at(room: Room) -> str:
    """Return where the room is, as stage.step."""
    from familyabm.workshop import files

    return files.load(room.kept).at.place
