"""The app as its tests meet it: a server of its own, and pages that may talk to nobody else."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Error, Locator, Page, expect

NOWHERE = "http://127.0.0.1:9"  # a proxy that answers nobody, so that the server cannot fetch anything either
PATIENCE = 180.0
RULES = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
]}}  # fmt: skip
VIOLATIONS = """rules => axe.run(document, rules).then(
  found => found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))]))"""
WIDTHS = (1366, 768, 320)
SMALL = "area=Rutland&families=300&years=2&pairs=6"
LIVED = f"{SMALL}&luck=7"
"""Settings of which pairs and lives are lived once on a server, for all tests of finished pages."""


STUDIES = "studies"
"""The folder of studies beside what a server under test keeps."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Served:
    """A server under test: where it is, and where it keeps what it found."""

    def __init__(self, folder: Path, *more: str, python: str | Path = sys.executable) -> None:
        self.port, self.folder, self.more, self.python = free_port(), folder, more, python
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"

    def start(self) -> None:
        offline = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "ALL_PROXY": NOWHERE}
        command = [self.python, "-m", "familyabm.cli", "app", "--no-browser", f"--port={self.port}"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*command, f"--folder={self.folder}", "--area=Rutland", *self.more],
                env=os.environ | offline,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + PATIENCE
        while not self.answers() and self.process.poll() is None and time.monotonic() < until:
            time.sleep(0.2)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def answers(self) -> bool:
        try:
            return self.get("/privacy")[0] == 200
        except OSError:
            return False

    def get(self, path: str, headers: dict[str, str] | None = None, data: str | None = None) -> tuple[int, str]:
        """Ask without a browser; redirects are followed."""
        asked = urllib.request.Request(self.address + path, data=data.encode() if data else None, headers=headers or {})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(asked, timeout=30) as answer:
                return int(answer.status), answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")

    def post(self, path: str, data: str) -> tuple[int, str]:
        return self.get(path, {"Origin": self.address}, data)

    def run(self, query: str, go: str = "compare", kind: str = "compare") -> None:
        """Run what a page shows, and wait for it."""
        status, _ = self.post("/start", f"{query}&go={go}")
        assert status == 200
        until = time.monotonic() + PATIENCE
        while '"ended":true' not in self.get(f"/{kind}/state?{query}")[1]:
            assert time.monotonic() < until
            time.sleep(0.2)


KIND = TypeVar("KIND", bound=Served)


@contextmanager
def begun(server: KIND) -> Iterator[KIND]:
    """Start a server, stop it afterwards, and fail if it had anything to complain of."""
    server.start()
    try:
        yield server
    finally:
        server.stop()
    said = server.log.read_text()
    assert "Traceback" not in said, said


@contextmanager
def served(folder: Path, *more: str, python: str | Path = sys.executable) -> Iterator[Served]:
    """Start the app's server in a folder of its own."""
    with begun(Served(folder, *more, python=python)) as server:
        yield server


@contextmanager
def opened(
    browser: Browser, server: Served, width: int = 1366, allow: tuple[int, ...] = (), **more: object
) -> Iterator[Page]:
    """Open a page that may talk to the server only, and fail if it tried anything else or complained."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    page = context.new_page()
    outside: list[str] = []
    complaints: list[str] = []
    ours = (server.address, f"ws{server.address.removeprefix('http')}", "data:", "blob:", "about:")
    page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(ours) else route.abort())
    page.on("request", lambda made: None if made.url.startswith(ours) else outside.append(made.url))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda got: complaints.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    yield page
    context.close()
    assert outside == []
    assert [said for said in complaints if not any(f"{status}" in said for status in allow)] == []


def check(page: Page) -> None:
    """Fail if axe finds anything, or if the page scrolls sideways. A page that comes anew meanwhile is looked at anew."""
    for left in (2, 1, 0):
        try:
            if not page.evaluate("'axe' in window"):
                page.evaluate(AXE_SCRIPT)
            assert page.evaluate(VIOLATIONS, RULES) == []
            break
        except Error as error:
            if not left or "because of a navigation" not in str(error):
                raise
            page.wait_for_load_state()
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= screen, f"{wide} pixels on a screen of {screen}"


def check_widths(page: Page) -> None:
    """Check a page at every width. It is laid out anew, not loaded anew: what is on it does not hang on the width."""
    before = page.viewport_size or {"width": WIDTHS[0], "height": 900}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        check(page)
    page.set_viewport_size(before)


FOCUSED = """(() => {
  const held = document.activeElement, look = getComputedStyle(held);
  const said = held.innerText || held.getAttribute("aria-label") || held.labels?.[0]?.innerText || held.value || "";
  return [said.split(/[\\n ]+/).join(" ").replaceAll(" :", ":"), look.outlineStyle !== "none" || look.boxShadow !== "none"];
})()"""


def tab_to(page: Page, said: str, most: int = 300) -> None:
    """Press Tab until what has the focus says so, as somebody without a mouse does; the focus has to be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found, seen = page.evaluate(FOCUSED)
        if said in found:
            assert seen, f"the focus on {found} cannot be seen"
            return
    raise AssertionError(f"{said} was not reached with {most} presses of Tab")


def shown(page: Page, wanted: Locator, patience: float = PATIENCE) -> None:
    """Wait for what a page of Solara shows once it stands, and load it anew every minute until then.

    A line that is cut while the page is first drawn, as on a computer too busy to answer a ping, loses the server's
    answer; Solara asks again only once a page stands (`skipReconnectedCheck` in its main-vuetify.js), so it never does.
    """
    until = time.monotonic() + patience
    while True:
        try:
            expect(wanted).to_be_visible(timeout=60_000)
            return
        except AssertionError:
            if time.monotonic() > until:
                raise
            page.reload()


def until(page: Page, said: str) -> None:
    """Wait until a page can say so; its policy lets nobody, Playwright's own waiting included, evaluate text."""
    for _ in range(200):
        if page.evaluate(said):
            return
        page.wait_for_timeout(50)
    raise AssertionError(said)
