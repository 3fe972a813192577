"""The work behind "How sure are we?": other settings, assumptions taken out, levers' shares, and who is reached."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from familyabm import attribution, capability, simulation, what_if
from familyabm.report import study, words
from familyabm.report import sure as how_sure
from familyabm.report.figures import Grid, Pictures
from familyabm.truth import spread
from familyabm.truth.sureness import Sure

from . import comparing, items, knowing, limits
from .comparing import Asked
from .jobs import DONE, STOPPED, WORKING, Job, put
from .knowing import RUNS, SETS
from .view import environment

ORDERS = 4
"""Orders of the levers drawn for each luck, walked there and back."""
RESULTS = "results.html"
RATES = {"referrals": "Children referred", "plans": "On protection plans", "looked_after": "Looked after"}


def _tell(job: Job) -> Callable[[int, int], None]:
    """Return what is called after each piece of work: told to stop, or out of time, it stops it as Ctrl-C would."""
    began = time.monotonic()

    def done(finished: int, asked: int) -> None:
        job.write(replace(job.state(), state=WORKING, done=finished, asked=asked))
        if time.monotonic() - began > 60.0 * limits.MINUTES:
            (job.folder / "stop").touch()
        if job.told_to_stop:
            raise KeyboardInterrupt

    return done


def _given(job: Job, home: Path) -> tuple[tuple[Any, ...], dict[str, Any]]:
    settings = job.settings(home)
    area, (a, b) = settings.place(home), settings.worlds()
    more = {"years": settings.years, "scale": settings.scale(area), "parameters": settings.parameters(), "workers": 2}
    return (area, a, b, RUNS, settings.luck), more


def _show(job: Job, template: str, kept: list[items.Item], **shown: Any) -> None:
    """Write a part of the page, keep what a report can take of it, and say that it is done."""
    put(job.folder / RESULTS, environment().get_template(template).render(files=job.files, **shown).encode())
    items.keep(kept, job.folder)
    state = STOPPED if job.told_to_stop else DONE
    job.write(replace(job.state(), state=state, version=job.state().version + 1))


def _figures(found: study.Study) -> list[items.Item]:
    return [items.of_figure(figure) for section in found.sections for figure in section.figures]


def sets(job: Job, home: Path) -> None:
    """Live the worlds under other settings that England's figures allow, beside the comparison's own pairs."""
    asked = comparing.prepared(job, home)
    knowing.keep_sets(job, spread.lived(
        asked.snapshot, asked.a, asked.b, SETS, years=asked.settings.years, workers=2, done=_tell(job)
    ))  # fmt: skip
    pairs = knowing.beside(job)
    pairs.folder.mkdir(exist_ok=True)
    before = pairs.state()
    # Pairs that were stopped before any had ended are lived all the same: without them there is nothing to settle.
    sure = _settle(pairs, asked, before.done if before.state == STOPPED and before.done else asked.settings.pairs)
    _show(job, "sets.html.j2", [], said=how_sure.settings(sure))


def _settle(pairs: Job, asked: Asked, n: int) -> Sure:
    """Write anew how sure the comparison is with n of its pairs; those that are not there yet are lived first."""
    own = asked.comparison([comparing.kept_or_lived(pairs, asked, number)[0] for number in range(1, n + 1)])
    return knowing.settle(pairs, own, Pictures(own), asked.settings.query())


def doubts(job: Job, home: Path) -> None:
    """Compare the worlds again without each assumption."""
    given, more = _given(job, home)
    found = what_if.try_each(*given, done=_tell(job), **more)
    knowing.keep_without(job, found)
    pairs = knowing.beside(job)
    known = knowing.of_pairs(pairs)
    if known.pairs:
        _settle(pairs, comparing.prepared(job, home), known.pairs)
    page, table = study.what_if_page(found), study.became_grid(found)
    kept = [items.of_grid("became", "Without each assumption", table), *_figures(page)]
    _show(job, "doubts.html.j2", kept, study=page, table=table)


def shares(job: Job, home: Path) -> None:
    """Share the difference out among the levers."""
    given, more = _given(job, home)
    page = study.attribution_page(attribution.attribute(*given, orders=ORDERS, done=_tell(job), **more))
    _show(job, "study_sections.html.j2", _figures(page), study=page, folded=True)


def equity(job: Job, home: Path) -> None:
    """Live both worlds with several lucks, and show whom they reach by deprivation."""
    asked, tell = comparing.prepared(job, home), _tell(job)
    lived: list[list[Any]] = []
    for luck in range(1, RUNS + 1):
        lived.append([
            capability.inequality(simulation.live(asked.snapshot, world, asked.settings.years * 52, luck).weekly)
            for world in (asked.a, asked.b)
        ])  # fmt: skip
        try:
            tell(luck, RUNS)
        except KeyboardInterrupt:
            break
    grids = by_deprivation(lived)
    kept = [items.of_grid(f"equity-{name.replace('_', '-')}", grid.caption, grid) for name, grid in grids.items()]
    _show(job, "equity.html.j2", kept, tables=list(grids.values()))


def by_deprivation(lived: list[list[Any]]) -> dict[str, Grid]:
    """Return a table for each rate, by tenth of neighbourhood deprivation where children live.

    lived: for each luck, the rates of `capability.inequality` in both worlds.
    """
    tenths = [place for place in range(10) if float(lived[0][0]["children"].iloc[place]) > 0.0]
    return {name: _by_tenth(title, name, tenths, lived) for name, title in RATES.items()}


def _by_tenth(title: str, name: str, tenths: list[int], lived: list[list[Any]]) -> Grid:
    values = np.array([[frame[name].to_numpy(dtype=float) for frame in both] for both in lived])  # (lucks, 2, 10)
    apart = values[:, 1] - values[:, 0]
    rows = [
        [_tenth(place + 1), *(words.number(float(values[:, world, place].mean())) for world in (0, 1)),
         words.signed(float(apart[:, place].mean())),
         f"{words.signed(float(apart[:, place].min()))} to {words.signed(float(apart[:, place].max()))}"]
        for place in tenths
    ]  # fmt: skip
    lucks = words.count(len(lived), "luck")
    heads = ["Neighbourhoods", "World A", "World B", "Difference", f"Least and most of {lucks}"]
    return Grid(f"{title}, per 10,000 children, by deprivation of the neighbourhood", heads, rows)


def _tenth(decile: int) -> str:
    ends = {1: "Least deprived tenth", 10: "Most deprived tenth"}
    return ends.get(decile, f"Tenth {decile}")
