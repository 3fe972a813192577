"""Where demand comes from, read off one luck in both worlds; written by the worker as a part of the page."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from familyabm import measures
from familyabm.codes import Agency, Event, Failure
from familyabm.credibility.loops import LOOPS
from familyabm.report import charts, figures, flow, loops, words
from familyabm.report.figures import Figure, Grid, drawn
from familyabm.report.labels import PAYERS, SOURCES
from familyabm.simulation import PAST_WEEKS, Run

from . import counts
from .jobs import Job, put
from .record import SERVICES, Record
from .view import environment
from .wording import FAILURES

WITHIN = 26
"""Weeks in which what came of a contact is followed up."""
BACK, HELPED, QUIET = "Came back, not sorted", "Help began", "Nothing more happened"
HELPS = (Event.EARLY_HELP_STARTED, Event.IN_NEED_STARTED, Event.PLAN_STARTED, Event.CARE_STARTED)
ANSWERS = {
    Event.FORWARDED: "Passed to their worker", Event.CONTACT_CLOSED: "Closed, no help given",
    Event.SIGNPOSTED: "Told of a service only", Event.EARLY_HELP_OFFERED: "Offered early help",
    Event.REFERRAL: "Referred to social care",
}  # fmt: skip
ONE = "One luck of many."
"""What every figure of one luck says, on the page and wherever it is taken."""
BORNE = 12
"""Lines shown of who bears whose failure."""


def write(runs: list[Run], records: list[Record], job: Job) -> list[Figure]:
    """Write the part of the page for both worlds, and return its figures."""
    weekly = [run.weekly for run in runs]
    values = _values(weekly)
    feeds = Figure(
        "loops", "How it feeds itself", "Two loops, with this luck's numbers.", Markup(loops.picture(values)),
        loops.grid(values),
    )  # fmt: skip
    ways = [flows(run) for run in runs]
    shown: dict[str, Any] = {
        "files": job.files, "flows": [_flow_figure(letter, way) for letter, way in zip("AB", ways, strict=True)],
        "after": _after(ways), "merged": [merged(kept) for kept in records], "met": _met(records),
        "codes": _codes(weekly), "borne": [_borne(rows, letter) for rows, letter in zip(weekly, "AB", strict=True)],
        "costs": _costs(values), "loops": feeds,
        "loop_words": [pattern.statement for pattern in LOOPS if pattern.code in ("R1", "R2")],
    }  # fmt: skip
    put(job.folder / "demand.html", environment().get_template("demand_parts.html.j2").render(shown).encode())
    return [*shown["flows"], *(shown[name] for name in ("after", "met", "codes", "costs")), feeds]


def _values(weekly: list[Any]) -> dict[str, tuple[float, float, str]]:
    """Return every measure's mean over the years in both worlds, with its unit."""
    a, b = (measures.by_year(rows).mean() for rows in weekly)
    return {name: (float(a[name]), float(b[name]), measures.MEASURES[name].title.unit) for name in measures.MEASURES}


# --- From contact to what happened next ------------------------------------------------------------------------------


def flows(run: Run) -> pd.DataFrame:
    """Return (who, answer, next, n): contacts by who got in touch, what came of them, and what happened next.

    Contacts of the last half year are left out, because what followed lies beyond the end.
    """
    journal = np.asarray(run.journal)
    journal = journal[journal["family"] != 0]
    journal = journal[np.lexsort((journal["number"], journal["family"]))]
    last = PAST_WEEKS + run.weeks - WITHIN
    starts = np.flatnonzero(np.diff(journal["family"], prepend=np.uint64(0)))
    ways = [way for rows in np.split(journal, starts) if len(rows) for way in _followed(rows, last)]
    frame = pd.DataFrame(ways, columns=["who", "answer", "next"])
    counted = frame.value_counts().rename("n").reset_index()
    order = {name: place for place, name in enumerate((*SOURCES.values(), *ANSWERS.values(), BACK, HELPED, QUIET))}
    return counted.sort_values(["who", "answer", "next"], key=lambda column: column.map(order)).reset_index(drop=True)


def _followed(rows: NDArray[np.void], last: int) -> Iterator[tuple[str, str, str]]:
    """Follow each contact about one family."""
    events = [Event(code) for code in rows["event"].tolist()]
    weeks, agencies, codes = rows["week"].tolist(), rows["agency"].tolist(), rows["code"].tolist()
    for place, event in enumerate(events):
        if event != Event.CONTACT or weeks[place] >= last:
            continue
        rest = range(place + 1, len(events))
        answer = next((at for at in rest if events[at] in ANSWERS or events[at] == Event.CONTACT), None)
        if answer is None or events[answer] == Event.CONTACT:
            continue  # not answered before the next contact: it waits with that one
        after = (at for at in range(answer + 1, len(events)) if weeks[at] <= weeks[place] + WITHIN)
        yield SOURCES[Agency(agencies[place]).name.lower()], ANSWERS[events[answer]], _next(events, codes, after)


def _next(events: list[Event], codes: list[int], after: Iterator[int]) -> str:
    for at in after:
        if events[at] == Event.CONTACT and Failure.F1_REPEAT <= codes[at] <= Failure.F9_BROKEN_SOLUTION:
            return BACK
        if events[at] in HELPS:
            return HELPED
    return QUIET


def _after(ways: list[pd.DataFrame]) -> Figure:
    """Draw what happened next in both worlds, of 100 contacts: what the flows end in, side by side."""
    shares = [100.0 * way.groupby("next")["n"].sum() / max(1, int(way["n"].sum())) for way in ways]
    values = {name: tuple(float(share.get(name, 0.0)) for share in shares) for name in (BACK, HELPED, QUIET)}
    line = "What had happened within half a year, of 100 contacts."
    rows = [[name, *(f"{value:.1f}" for value in both)] for name, both in values.items()]
    said = "; ".join(f"{name}: A {both[0]:.0f}, B {both[1]:.0f}" for name, both in values.items())
    grid = Grid(line, ["What happened next", "World A", "World B"], rows)
    title = f"Of 100 contacts, {values[BACK][0]:.0f} came back in A, {values[BACK][1]:.0f} in B"
    return drawn("after", title, f"{ONE} {line}", charts.bars(_pairs(values)), f"Bars. {said}", grid)


def _flow_figure(letter: str, frame: pd.DataFrame) -> Figure:
    total = int(frame["n"].sum())
    back = int(frame.loc[frame["next"] == BACK, "n"].sum())
    share = round(100.0 * back / total) if total else 0
    rows = [[who, answer, after, f"{n:,}"] for who, answer, after, n in frame.itertuples(index=False)]
    grid = Grid(
        f"World {letter}: contacts from who to what",
        ["Who got in touch", "What came of it", "What happened next", "Contacts"],
        rows,
    )
    picture = (
        Markup(flow.picture(frame, ["Who got in touch", "What came of it", "Within half a year"], BACK))
        if total
        else Markup("")
    )
    line = f"{ONE} {total:,} contacts; those of the last half year are left out."
    return Figure(f"flow-{letter.lower()}", f"World {letter}: {share} in 100 contacts came back", line, picture, grid)


# --- The same families, counted by each service ----------------------------------------------------------------------


def merged(kept: Record) -> tuple[int, int]:
    """Return how many families all services count between them in the last year, and how many families that is."""
    year = counts.last_year(kept)
    each = len(np.unique(year["row"].astype(np.int64) * 256 + year["service"]))
    return each, len(np.unique(year["row"]))


def _met(records: list[Record]) -> Figure:
    years = [counts.last_year(kept) for kept in records]
    met = {
        name: tuple(float(len(np.unique(year["row"][year["service"] == place]))) for year in years)
        for place, name in enumerate(SERVICES.values())
    }
    rows = [[name, *(f"{value:,.0f}" for value in both)] for name, both in met.items()]
    sums = [merged(kept) for kept in records]
    rows += [
        ["All of these, added up", *(f"{each:,}" for each, _ in sums)],
        ["Different families", *(f"{one:,}" for _, one in sums)],
    ]
    grid = Grid("Families that each service met in the last year", ["Service", "World A", "World B"], rows)
    said = "; ".join(f"{name}: A {both[0]:.0f}, B {both[1]:.0f}" for name, both in met.items())
    title = f"World A: {sums[0][0]:,} “cases”, {sums[0][1]:,} families"
    line, told = "Families that each service met in the last year.", f"Bars of families that each service met. {said}"
    return drawn("met", title, f"{ONE} {line}", charts.bars(_pairs(met)), told, grid)


def _pairs(values: dict[str, Any], places: int = 0, unit: str = "") -> pd.DataFrame:
    rows = [
        (thing, world, value, f"{world}  {value:,.{places}f}{unit}")
        for thing, both in values.items() for world, value in zip("AB", both, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["thing", "world", "value", "words"])


# --- What came back, and who bears it --------------------------------------------------------------------------------


def _codes(weekly: list[Any]) -> Figure:
    hours = [np.asarray(rows["demand_hours"]).sum(axis=(0, 2)) for rows in weekly]
    shares = {
        said: tuple(100.0 * float(of[code]) / float(of.sum()) if of.sum() else 0.0 for of in hours)
        for code, said in FAILURES.items()
    }
    totals = [sum(both[place] for both in shares.values()) for place in (0, 1)]
    rows = [[said, *(f"{value:.1f}%" for value in both)] for said, both in shares.items()]
    rows.append(["All that came back because it was not sorted", *(f"{total:.1f}%" for total in totals)])
    line = "Failure demand by kind, % of all hours of demand."
    said = "; ".join(f"{what}: A {both[0]:.1f}%, B {both[1]:.1f}%" for what, both in shares.items())
    title = f"Came back: {totals[0]:.0f}% of hours in A, {totals[1]:.0f}% in B"
    grid, told = Grid(line, ["Kind", "World A", "World B"], rows), f"Bars of failure demand by kind. {said}"
    return drawn("codes", title, f"{ONE} {line}", charts.bars(_pairs(shares, 1, "%")), told, grid)


def _borne(rows: Any, letter: str) -> Grid:
    """Return who let families go without help, and on whom the work then landed."""
    whole = np.asarray(rows["exported"]).sum(axis=0, dtype=np.float64)
    names = [agency.name.lower().replace("_", " ").capitalize() for agency in Agency]
    total = float(whole.sum()) or 1.0
    found = sorted(((float(whole[one, other]), one, other) for one, other in np.argwhere(whole > 0.0)), reverse=True)
    lines = [[names[one], names[other], f"{100.0 * hours / total:.1f}%"] for hours, one, other in found[:BORNE]]
    return Grid(
        f"World {letter}: % of the hours of failure demand", ["Who let it go", "On whom it landed", "Share"], lines
    )


# --- Money -----------------------------------------------------------------------------------------------------------


def _change(pounds: float) -> str:
    """Write a change of spending as finely as the amounts beside it."""
    return figures.difference(pounds, "£", 0 if abs(pounds) >= 100.0 else 2)


def _costs(values: dict[str, tuple[float, float, str]]) -> Figure:
    council = {name: what for name, (what, who) in PAYERS.items() if who == "council"}
    a, b = values["spend"][:2]
    steps = sorted(
        ((values[name][1] - values[name][0], what) for name, what in council.items()), key=lambda s: -abs(s[0])
    )
    frame = pd.DataFrame(
        [(what, change, change, change, _change(change)) for change, what in steps],
        columns=["thing", "value", "low", "high", "words"],
    )
    line = (
        "What each kind of council spending adds in world B or takes away, £ per child a year. Partners: in the table."
    )
    rows = [
        [what, who, *(words.amount(value, "£") for value in values[name][:2]),
         _change(values[name][1] - values[name][0])]
        for name, (what, who) in PAYERS.items()
    ]  # fmt: skip
    rows.append(["All that the council spends", "council", words.amount(a, "£"), words.amount(b, "£"),
                 _change(b - a)])  # fmt: skip
    said = "; ".join(f"{row[0]}: {row[4]}" for row in rows)
    title = f"With this luck, council spending is {words.amount(a, '£')} per child in A, {words.amount(b, '£')} in B"
    grid = Grid("£ per child a year", ["What is paid for", "Who pays", "World A", "World B", "Difference"], rows)
    return drawn("cost-steps", title, f"{ONE} {line}", charts.parts(frame), f"Bars from zero. {said}", grid)
