"""The work behind the pages that look at one luck: both worlds lived with their journals, and what is read off them."""

import json
from dataclasses import replace
from pathlib import Path

from familyabm.report import charts
from familyabm.report.figures import Figure, Grid, drawn

from . import counts, items, origins, people, record
from .comparing import prepared
from .jobs import DONE, STOPPED, WORKING, Job, put
from .record import SERVICES, Record
from .view import environment

STEPS = 3
"""Two worlds to live, and their charts to draw."""


def live(job: Job, home: Path) -> None:
    """Live both worlds, and keep their records, their journals and their charts."""
    _tell(job, 0)
    asked = prepared(job, home)
    weeks = asked.settings.years * 52
    runs, records, homes = [], [], dict[int, int]()
    for letter, world in zip("ab", (asked.a, asked.b), strict=True):
        run, kept, found = record.live(asked.snapshot, world, weeks)
        record.save(kept, job.folder / f"{letter}.bin")
        record.keep_journal(run, job.folder / f"journal-{letter}.npz")
        runs.append(run)
        records.append(kept)
        homes |= found
        _tell(job, len(runs))
        if job.told_to_stop:
            job.write(replace(job.state(), state=STOPPED))
            return
    put(job.folder / "places.bin", record.places(asked.snapshot).astype("<f4").tobytes())
    parted = record.parted(runs[0], runs[1], homes, records[0].homes, weeks)
    put(job.folder / "parted.bin", parted.astype("<u2").tobytes())
    put(job.folder / "people.json", json.dumps(people.who(asked.snapshot)).encode())
    most = max(int(counts.months(kept)["value"].max()) for kept in records)
    charted = [month_figure(letter, kept, most) for letter, kept in zip("ab", records, strict=True)]
    text = environment().get_template("watch_charts.html.j2").render(figures=charted, files=job.files)
    put(job.folder / "charts.html", text.encode())
    flows = origins.write(runs, records, job)
    items.keep([items.of_figure(figure) for figure in (*charted, *flows)], job.folder)
    different = parted[parted < 65_535]
    record.describe({
        "weeks": weeks, "homes": records[0].homes, "services": list(SERVICES.values()),
        "worlds": [asked.a.title, asked.b.title], "parts": int(different.min()) if len(different) else -1,
        "different": len(different), "homes_of": {str(key): row for key, row in homes.items()},
    }, job.folder / "meta.json")  # fmt: skip
    job.write(replace(job.state(), state=DONE, done=STEPS, version=job.state().version + 1))


def _tell(job: Job, done: int) -> None:
    job.write(replace(job.state(), state=WORKING, done=done, asked=STEPS))


def month_figure(letter: str, kept: Record, most: int) -> Figure:
    """Draw what arrived each month in one world: new need, and what had come back.

    most: where the scale ends, so that both worlds have one scale.
    """
    frame = counts.months(kept)
    wide = frame.pivot(index="month", columns="kind", values="value")
    rows = [[f"{month}", f"{row['New need']:,}", f"{row['Came back']:,}"] for month, row in wide.iterrows()]
    share = 100.0 * wide["Came back"].sum() / max(1, wide.to_numpy().sum())
    title = f"World {letter.upper()}: {share:.0f} in 100 had come back"
    line = "Work that arrived in each four weeks: contacts, requests to services for adults and police call-outs."
    said = f"Line chart, world {letter.upper()}: arrivals by month. {share:.0f} in 100 came back because not sorted."
    grid = Grid(line, ["Month", "New need", "Came back"], rows)
    return drawn(f"months-{letter}", title, f"{origins.ONE} {line}", charts.two_lines(frame, most), said, grid)
