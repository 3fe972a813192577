"""A run lived with somebody who writes down, week by week, how each child stands with social care.

The journal says what happened; what a child's legal status, placement and worker then were stands in the tables, of
which the changes are kept here. Watching changes nothing in the run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.codes import NOBODY, Clock, Event, Legal, Placement, Status
from familyabm.levers import Scenario
from familyabm.simulation import PAST_WEEKS, Life, Progress, Run, Snapshot
from familyabm.tables import ADULTHOOD, Table

KEPT = (
    "key", "legal_status", "placement", "placed", "since", "far", "category", "n_plans", "care_began", "referred",
    "adopting", "fate", "fated", "born", "risk_seen",
)  # fmt: skip
"""What is kept of a child whenever one of TOLD changes."""
TOLD = ("key", "legal_status", "placement", "placed", "care_began", "referred", "open", "worker")
ASSESSED = (Event.ASSESSMENT_ENDED, Event.REFERRAL, Event.SECTION_47_STARTED)
"""Events at which what social care has seen of a family is kept."""


@dataclass(frozen=True)
class Watched:
    """A run and what was seen of it.

    states: a row for each change of how a child stands, with its week (-1 as the run begins, weeks count from 0; other
    weeks count from the run's start too), `family` by key, and `open`: that it counts as in need.  seen: week, family
    and the level of each of four factors at an assessment, referral or enquiry.  reviews: (weeks,) share of
    looked-after children's reviews kept in time.  difficulties: week of 31 March, child and difficulties (0 to 40).
    """

    run: Run
    states: pd.DataFrame
    seen: pd.DataFrame
    reviews: NDArray[np.float64]
    difficulties: pd.DataFrame


def live(
    snapshot: Snapshot, scenario: Scenario, weeks: int, number: int = 1, progress: Progress | None = None
) -> Watched:
    """Live a future with a full journal and watch every child in it."""
    life = Life(snapshot, scenario, weeks, number, journal=True)
    before = _standing(life, PAST_WEEKS - 1)
    states, seen, difficulties = [_rows(before, -1, _anything(before))], [], []
    reviews = np.zeros(weeks)
    for week in range(weeks):
        life.step()
        now = _standing(life, PAST_WEEKS + week)
        states += [_gone(before, now, week), _rows(now, week, _changed(before, now))]
        seen.append(_seen(life, week))
        reviews[week] = life.town.clocks[Clock.LOOKED_AFTER_REVIEW].kept
        if week % 52 == 51:
            difficulties.append(_difficulties(life, week))
        before = now
        if progress is not None:
            progress(1)
    told = pd.concat(states, ignore_index=True)
    return Watched(life.result(), told, pd.concat(seen), reviews, pd.concat(difficulties) if difficulties else _none())


def _none() -> pd.DataFrame:
    return pd.DataFrame({"week": [], "child": [], "score": []})


def _standing(life: Life, week: int) -> dict[str, NDArray[Any]]:
    """Return how every child stands at the end of a week: (children,) for each column."""
    children: Table = life.town.children
    families, workers = life.town.families, life.town.workers
    home = np.asarray(children["family"])
    found = {name: np.array(children[name]) for name in KEPT}
    age = week - found["born"].astype(np.int64)
    child = (age >= 0) & (age < ADULTHOOD)
    legal, status = found["legal_status"], np.asarray(families["status"])[home]
    assessed = (status >= Status.REFERRAL) & (status <= Status.CONFERENCE) & (found["placement"] == Placement.HOME)
    supported = (legal > Legal.NONE) & (legal <= Legal.SUPERVISION_ORDER)
    found["open"] = child & (supported | assessed)
    row = np.asarray(families["worker"])[home]
    worker = np.where(row == NOBODY, np.uint64(0), np.asarray(workers["key"])[np.maximum(row, 0)])
    found["worker"] = np.where(found["open"], worker, np.uint64(0))
    found["family"] = np.asarray(families["key"])[home]
    return found


def _anything(now: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    return np.ones(len(now["key"]), dtype=np.bool_)


def _changed(before: dict[str, NDArray[Any]], now: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    found = np.zeros(len(now["key"]), dtype=np.bool_)
    for name in TOLD:
        found |= before[name] != now[name]
    return found


def _gone(before: dict[str, NDArray[Any]], now: dict[str, NDArray[Any]], week: int) -> pd.DataFrame:
    """Return the children whose family has left as the youngest of them turned 18: nothing is open any more."""
    which = (before["key"] != now["key"]) & before["open"]
    return _rows(before, week, which).assign(open=False, legal=int(Legal.NONE), worker=np.uint64(0))


WEEKS = ("placed", "since", "care_began", "referred", "adopting", "fated", "born")


def _rows(now: dict[str, NDArray[Any]], week: int, which: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the children of some rows, with weeks counted from the run's start."""
    frame = pd.DataFrame({name: values[which] for name, values in now.items()})
    frame = frame.rename(columns={"key": "child", "legal_status": "legal"})
    for name in WEEKS:
        frame[name] = frame[name].astype(np.int64) - PAST_WEEKS
    return frame.assign(week=week)


def _seen(life: Life, week: int) -> pd.DataFrame:
    """Return what social care has seen of the families that were assessed, referred or enquired into this week."""
    page = life.pages[-1] if life.pages else None
    if page is None:
        return pd.DataFrame()
    keys = np.unique(page["family"][np.isin(page["event"], [int(event) for event in ASSESSED])])
    rows = np.flatnonzero(np.isin(life.town.families["key"], keys))
    levels = np.asarray(life.town.families["seen"])[rows]
    frame = pd.DataFrame(levels, columns=["housing", "mental", "substance", "abuse"])
    return frame.assign(family=np.asarray(life.town.families["key"])[rows], week=week)


def _difficulties(life: Life, week: int) -> pd.DataFrame:
    """Return looked-after children's difficulties on 31 March."""
    children = life.town.children
    rows = (children["legal_status"] >= Legal.SECTION_20) & (children["legal_status"] <= Legal.PLACEMENT_ORDER)
    score = np.clip(np.round(children["behaviour"][rows]), 0, 40).astype(np.int64)
    return pd.DataFrame({"week": week, "child": np.asarray(children["key"])[rows], "score": score})


def events(run: Run) -> Iterator[Any]:
    """Return the journal's rows in order, as plain tuples with weeks from 0."""
    journal = run.journal
    columns = ("week", "event", "agency", "family", "child", "children", "number")
    lists = [np.asarray(journal[name]).tolist() for name in columns]
    lists[0] = [week - PAST_WEEKS for week in lists[0]]
    return zip(*lists, strict=True)
