"""The work behind "How sure are we?": assumptions taken out, and the difference shared out among the levers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from familyabm import attribution, capability, what_if
from familyabm.report import study, words
from familyabm.report.figures import Grid

from . import items
from .jobs import DONE, STOPPED, WORKING, Job, put
from .view import environment

RUNS = 6
"""Lucks of each comparison: the fewest that can show anything clearly."""
ORDERS = 4
"""Orders of the levers drawn for each luck, walked there and back."""
RESULTS = "results.html"
RATES = {"referrals": "Children referred", "plans": "On protection plans", "looked_after": "Looked after"}


def _tell(job: Job) -> Callable[[int, int], None]:
    """Return what is called after each piece of work; it stops the work as Ctrl-C would when somebody pressed Stop."""

    def done(finished: int, asked: int) -> None:
        job.write(replace(job.state(), state=WORKING, done=finished, asked=asked))
        if job.told_to_stop:
            raise KeyboardInterrupt

    return done


def _given(job: Job, home: Path) -> tuple[tuple[Any, ...], dict[str, Any]]:
    settings = job.settings(home)
    area, (a, b) = settings.place(home), settings.worlds()
    more = {"years": settings.years, "scale": settings.scale(area), "parameters": settings.parameters(), "workers": 2}
    return (area, a, b, RUNS, settings.luck), more


def _show(job: Job, found: study.Study) -> None:
    text = environment().get_template("study_sections.html.j2").render(study=found, folded=True)
    put(job.folder / RESULTS, text.encode())
    figures = [items.of_figure(figure) for section in found.sections for figure in section.figures]
    items.keep(figures, job.folder)
    state = STOPPED if job.told_to_stop else DONE
    job.write(replace(job.state(), state=state, version=job.state().version + 1))


def doubts(job: Job, home: Path) -> None:
    """Compare the worlds again without each assumption."""
    given, more = _given(job, home)
    _show(job, study.what_if_page(what_if.try_each(*given, done=_tell(job), **more)))


def shares(job: Job, home: Path) -> None:
    """Share the difference out among the levers."""
    given, more = _given(job, home)
    found = attribution.attribute(*given, orders=ORDERS, done=_tell(job), **more)
    _show(job, study.attribution_page(found))


def equity(weekly: list[Any]) -> Grid:
    """Return rates by tenth of neighbourhood deprivation in both worlds, for the tenths where children live."""
    frames = [capability.inequality(rows) for rows in weekly]
    rows = []
    for place in range(10):
        if float(frames[0]["children"].iloc[place]) <= 0.0:
            continue
        cells = [words.number(float(frame[name].iloc[place])) for name in RATES for frame in frames]
        rows.append([_tenth(place + 1), *cells])
    heads = [f"{title}, {world}" for title in RATES.values() for world in "AB"]
    return Grid("Per 10,000 children, by deprivation of the neighbourhood", ["Neighbourhoods", *heads], rows)


def _tenth(decile: int) -> str:
    ends = {1: "Least deprived tenth", 10: "Most deprived tenth"}
    return ends.get(decile, f"Tenth {decile}")
