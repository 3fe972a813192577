"""A lesson's pairs, lived by the worker one after the other, and its page once they are."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from familyabm import lessons
from familyabm.report import lesson as page
from familyabm.worlds import Pair

from .comparing import kept_or_lived, prepared
from .jobs import DONE, STOPPED, WORKING, Job, put

NAME, PROJECTED, FILE = "lesson.txt", "projected.html", "lesson.html"
"""Which lesson a job is of, its page as the server shows it, and as one file to take along."""
SCRIPT = "/static/lesson.js"
"""Where the page's script stands on the server, whose policy allows none within a page."""


def live(job: Job, home: Path) -> None:
    """Live the pairs that are not kept yet, then write the page; when told to stop, keep what is done."""
    wanted, asked, began = lessons.find(job.text(NAME)), prepared(job, home), time.monotonic()
    found: list[Pair] = []
    pool = ThreadPoolExecutor(2)
    try:
        for pair, _ in pool.map(lambda n: kept_or_lived(job, asked, n), range(1, asked.settings.pairs + 1)):
            found.append(pair)
            took = time.monotonic() - began
            job.write(replace(job.state(), state=WORKING, done=len(found), asked=asked.settings.pairs, seconds=took))
            if job.told_to_stop and len(found) < asked.settings.pairs:
                job.write(replace(job.state(), state=STOPPED))
                return
    finally:
        pool.shutdown(cancel_futures=True)
    shown = page.found(wanted, asked.comparison(found))
    put(job.folder / PROJECTED, page.html(shown, SCRIPT).encode())
    put(job.folder / FILE, page.html(shown).encode())
    state = job.state()
    job.write(replace(state, state=DONE, version=state.version + 1))
