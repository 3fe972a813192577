"""What the app takes: from a setting to its results, weeks drawn a second, and many browsers at once.

`python benchmarks/app.py` measures results and drawing; `python benchmarks/app.py browsers 600` has twenty browsers use
the app for ten minutes and tells how the server's memory went; `python benchmarks/app.py waiting` times a click while
eight long comparisons wait or run. CPU seconds are of one process on one core; the load of the machine stands beside
every figure, because browsers and processes share its cores.
"""

import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))  # the pages and the tests' server stand beside the sources
from tests.app_pages import Served
from tools.browser import find
from visualization import comparing, jobs, worker
from visualization.settings import Settings, World

ASKED = Settings(area="Wakefield", families=1000, years=3, pairs=20)
BROWSERS, PAUSE = 20, 1.5
STEPS = 11  # of one round of a person: every page once
LONG, CLICKS = 8, 120
DRAWN = """async (seconds) => {
  const place = document.querySelector("[data-watch]"), { worlds, pictures } = place.pictures;
  const shown = { look: -1, lines: true, passes: false, only: false, follow: -1, hover: -1 };
  const began = performance.now();
  let weeks = 0;
  while (performance.now() - began < 1000 * seconds) {
    const week = (4 * weeks) % worlds[0].weeks;
    pictures[0].draw(week, shown);
    await new Promise(requestAnimationFrame);
    weeks += 1;
  }
  return (1000 * weeks) / (performance.now() - began);
}"""


def load() -> float:
    """Return how many processes want a core."""
    return round(os.getloadavg()[0], 1)


# --- From a setting to its results -----------------------------------------------------------------------------------


class Timed:
    """CPU and wall seconds from the start to each step."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, float]] = {}
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def step(self, name: str) -> None:
        """Note that a step is reached."""
        self.found[name] = {
            "cpu": round(time.process_time() - self.cpu, 2), "wall": round(time.perf_counter() - self.wall, 2)
        }  # fmt: skip


def one_result(home: Path, asked: Settings) -> dict[str, dict[str, float]]:
    """Live what a changed setting asks for, as a worker does; return what each step took."""
    job = jobs.Job("pairs", home / "jobs" / f"pairs-{asked.address}")
    job.folder.mkdir(parents=True)
    (job.folder / "settings.json").write_text(json.dumps(asked.given()))
    timed = Timed()
    whole = comparing.prepared(job, home)
    timed.step("past lived")
    pairs = [comparing.kept_or_lived(job, whole, 1)[0]]
    comparing.show(job, whole.comparison(pairs), asked.query())
    timed.step("first result shown")
    pairs += [comparing.kept_or_lived(job, whole, number)[0] for number in range(2, asked.pairs + 1)]
    timed.step("20 pairs lived")
    comparing.show(job, whole.comparison(pairs), asked.query())
    timed.step("range of 20 pairs shown")
    comparing.show(job, whole.comparison(pairs), asked.query(), whole=True)
    timed.step("whole page shown")
    return timed.found


def results(home: Path) -> dict[str, Any]:
    """Return medians of five results: of new settings of levers, and with a past that has to be lived."""
    worker.warm()
    found: dict[str, list[Any]] = {"levers changed": [], "area's past changed": []}
    one_result(home, replace(ASKED, luck=99))  # the first draws load what draws
    for n in range(5):
        found["area's past changed"].append(one_result(home, replace(ASKED, luck=100 + n)))
        world = World("whole-system", (("continuity", 10 + n),))
        found["levers changed"].append(one_result(home, replace(ASKED, luck=100 + n, b=world)))
    return {
        kind: {step: {clock: statistics.median(one[step][clock] for one in ones) for clock in ("cpu", "wall")}
               for step in ones[0]}
        for kind, ones in found.items()
    }  # fmt: skip


# --- Drawing ---------------------------------------------------------------------------------------------------------


def drawing(server: Served, browser: Browser) -> dict[str, Any]:
    """Return how many four weeks a second one world's picture is drawn at three sizes."""
    found = {}
    for families in (1_000, 10_000, 20_000):
        query = f"area=Kent&families={families}&years=1&pairs=2"
        server.run(query, "watch", "watch")
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.goto(f"{server.address}/watch?{query}&world=a")
        page.locator(".stage").wait_for(timeout=120_000)
        page.wait_for_timeout(500)
        found[f"{families:,} families"] = {
            "months a second": round(page.evaluate(DRAWN, 4), 1),
            "load": load(),
        }
        page.close()
    return found


# --- Many browsers ---------------------------------------------------------------------------------------------------


def person(page: Page, server: Served, draw: random.Random) -> Iterator[None]:
    """Do what somebody does, a step at a time, again and again: change settings, run, read, look at weeks."""
    while True:
        asked = f"area=Rutland&families=200&years=1&pairs=6&luck={draw.randint(1, 40)}"
        query = f"{asked}&b.continuity={draw.choice((20, 50, 80))}"
        page.goto(f"{server.address}/settings?{query}")
        yield
        page.get_by_role("button", name="Run and compare").click()
        yield
        page.goto(f"{server.address}/compare?{query}&bet=skip")
        server.post("/start", f"{query}&go=watch")
        yield
        for name in ("watch", "family", "demand", "sure", "report", "glossary", ""):
            page.goto(f"{server.address}/{name}?{query}")
            yield
        server.get(f"/watch/table?{query}&week={draw.randint(1, 52)}")
        yield


def memory(server: Served) -> dict[str, float]:
    """Return the megabytes that the server and its processes hold, and its threads."""
    whole = psutil.Process(server.process.pid)
    beside = whole.children(recursive=True)
    return {
        "server_mb": round(whole.memory_info().rss / 1e6, 1),
        "processes_mb": round(sum(one.memory_info().rss for one in beside) / 1e6, 1), "threads": whole.num_threads(),
    }  # fmt: skip


def _note(status: int, url: str, wrong: list[str], busy: list[str]) -> None:
    """Note an answer that went wrong; 503 is the page that says in words that too much waits already."""
    if status >= 500:
        (busy if status == 503 else wrong).append(f"{status} {url}")


def browsers(server: Served, browser: Browser, seconds: float, n: int = BROWSERS) -> dict[str, Any]:
    """Let many browsers use the app at once; return what went wrong and how memory went.

    Each has a context of its own, so cookies and storage of its own, and stays on the pages as people do.
    """
    wrong: list[str] = []
    busy: list[str] = []
    people = []
    for number in range(n):
        page = browser.new_context(viewport={"width": 1366, "height": 900}).new_page()
        page.on("response", lambda got: _note(got.status, got.url, wrong, busy))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        people.append((page, number, person(page, server, random.Random(number))))
    for _ in range(STEPS):  # what a page loads when it is first asked for is no growth
        next(people[0][2])
    told: list[dict[str, Any]] = []
    began, done, waits = time.monotonic(), 0, []
    while time.monotonic() - began < seconds:
        for place, (page, number, one) in enumerate(people):
            start = time.monotonic()
            try:
                next(one)
            except Exception as error:  # a browser that gave up is a finding, not the end
                wrong.append(str(error).splitlines()[0])
                people[place] = (page, number, person(page, server, random.Random(number)))
            waits.append(time.monotonic() - start)
            done += 1
        if not told or time.monotonic() - began > told[-1]["second"] + max(5.0, seconds / 20):
            told.append({"second": round(time.monotonic() - began), **memory(server), "load": load()})
    late = [row["server_mb"] for row in told[len(told) // 2 :]]
    return {
        "browsers": n, "seconds": round(time.monotonic() - began), "steps": done, "wrong": sorted(set(wrong))[:10],
        "told that the server is busy": len(busy),
        "step_median_s": round(statistics.median(waits), 3),
        "step_p95_s": round(statistics.quantiles(waits, n=20)[-1], 3),
        "growth_in_second_half_mb": round(late[-1] - late[0], 1) if late else 0.0, "memory": told,
    }  # fmt: skip


# --- A click while others wait ---------------------------------------------------------------------------------------


def waiting(server: Served) -> dict[str, Any]:
    """Return how long a click takes while long comparisons of other people are at work or wait for their turn."""
    light = "area=Rutland&families=300&years=1&pairs=2"
    server.run(light)
    pages = ("settings", "compare", "glossary", "demand")
    alone = [_click(server, f"/{pages[n % len(pages)]}?{light}") for n in range(CLICKS // 2)]
    for luck in range(1, LONG + 1):
        status, _ = server.post("/start", f"area=Kent&families=10000&years=10&pairs=20&luck={luck}&go=compare")
        if status != 200:
            raise RuntimeError(f"a comparison was refused: {status}")
    took = []
    for n in range(CLICKS):
        took.append(_click(server, f"/{pages[n % len(pages)]}?{light}"))
        time.sleep(0.25)
    state = [server.get(f"/compare/state?area=Kent&families=10000&years=10&pairs=20&luck={luck}")[1]
             for luck in range(1, LONG + 1)]  # fmt: skip
    return {
        "long comparisons": LONG, "not ended at the last click": sum('"ended":true' not in one for one in state),
        "clicks": CLICKS, "alone_p95_s": _late(alone), "click_median_s": round(statistics.median(took), 3),
        "click_p95_s": _late(took), "load": load(),
    }  # fmt: skip


def _click(server: Served, path: str) -> float:
    began = time.perf_counter()
    status, _ = server.get(path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return time.perf_counter() - began


def _late(took: list[float]) -> float:
    return round(statistics.quantiles(took, n=20)[-1], 3)


def main() -> None:
    """Measure, print and write."""
    kind = (sys.argv[1:2] or [""])[0]
    if kind not in ("", "browsers", "waiting"):
        raise SystemExit(f"{kind} is not measured; browsers and waiting are.")
    found: dict[str, Any] = {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    chromium = find()  # it asks Playwright too, which cannot be asked while it is at work
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        home = Path(name)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        server = Served(home / "served")
        server.folder.mkdir()
        server.start()
        try:
            if kind == "browsers":
                found["many browsers"] = browsers(server, browser, float((sys.argv[2:] or ["600"])[0]))
            elif kind == "waiting":
                found["waiting"] = waiting(server)
            else:
                found["drawing"] = drawing(server, browser)
        finally:
            browser.close()
            server.stop()
        if not kind:
            found |= {"load": load(), "results": results(home)}
    out = Path(__file__).parent / "results" / f"app{f'-{kind}' if kind else ''}-{found['date']}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
