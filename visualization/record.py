"""One luck lived in both worlds with its journal, and the record of weeks that the picture and its table play.

The record is the journal read once: who was touched by which service in which week, what arrived as work, whether it
had come back, and who passed it on. The picture reads it in the browser, the table here; both must come to the same.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from familyabm.codes import Agency, Event, Failure, Status
from familyabm.levers import Scenario
from familyabm.simulation import PAST_WEEKS, Life, Run, Snapshot

from .jobs import put

SERVICES = {
    Agency.SCHOOL: "Schools", Agency.HEALTH: "Health", Agency.POLICE: "Police", Agency.HOUSING: "Housing",
    Agency.COUNCIL_SERVICES: "Other council services", Agency.EARLY_HELP: "Early help",
    Agency.SOCIAL_CARE: "Social care", Agency.COURT: "Court", Agency.ADULT_MENTAL_HEALTH: "Adult mental health",
    Agency.SUBSTANCE_MISUSE: "Substance misuse", Agency.DOMESTIC_ABUSE_SERVICE: "Domestic abuse service",
}  # fmt: skip
"""Services in the order of the record, with the names that people read."""
PLACE = {agency: place for place, agency in enumerate(SERVICES)}
CARE, HELP, COURT = PLACE[Agency.SOCIAL_CARE], PLACE[Agency.EARLY_HELP], PLACE[Agency.COURT]
NOBODY = 255
ARRIVED, BACK, UNHELPED = 1, 2, 4
"""Marks of a touch: work arrived with it; it had come back because it was not sorted; it ended without help."""
ARRIVALS = (Event.CONTACT, Event.ASKED, Event.ATTENDED)
"""How work arrives from families: a contact with social care, a request to a service for adults, a police call-out."""
ENDED = (Event.CONTACT_CLOSED, Event.SIGNPOSTED, Event.BOUNCED)
TOUCHES = (
    *ARRIVALS, *ENDED, Event.EARLY_HELP_OFFERED, Event.EARLY_HELP_STARTED, Event.EARLY_HELP_ENDED_MET,
    Event.EARLY_HELP_ENDED_UNMET, Event.STEPPED_UP, Event.STEPPED_DOWN, Event.ALLOCATED, Event.ASSESSMENT_STARTED,
    Event.ASSESSMENT_ENDED, Event.NOT_IN_NEED, Event.IN_NEED_STARTED, Event.SECTION_47_STARTED, Event.CONFERENCE,
    Event.PLAN_STARTED, Event.PLAN_ENDED, Event.REVIEW_HELD, Event.PRE_PROCEEDINGS_STARTED, Event.PROCEEDINGS_STARTED,
    Event.PROCEEDINGS_ENDED, Event.CARE_STARTED, Event.PLACED, Event.CARE_ENDED_HOME, Event.CARE_ENDED_GUARDIAN,
    Event.CARE_ENDED_ADOPTED, Event.CARE_ENDED_ARRANGEMENTS, Event.CARE_ENDED_EIGHTEEN, Event.CASE_CLOSED,
    Event.TREATMENT_STARTED, Event.TREATMENT_COMPLETED, Event.TREATMENT_DROPPED, Event.CLINICIAN_HELPED,
)  # fmt: skip
"""Events in which a service has to do with a family; the rest of the journal is bookkeeping or says the same again."""
PASSES = {
    Event.EARLY_HELP_OFFERED: CARE,
    Event.STEPPED_DOWN: CARE,
    Event.STEPPED_UP: HELP,
    Event.PROCEEDINGS_STARTED: CARE,
}
"""Who passed a family on to whoever acts in the event; for a contact it is whoever got in touch."""
LANDS = {Event.STEPPED_UP: CARE, Event.STEPPED_DOWN: HELP}
"""Where such a step lands, where that is not whoever acts."""
NO_HELP, WAITS, EARLY, SOCIAL, PROTECTED, IN_COURT = range(6)
GROUPS = {
    Status.UNIVERSAL: NO_HELP, Status.CLOSED: NO_HELP, Status.CONTACT: WAITS, Status.EARLY_HELP_WAITING: WAITS,
    Status.REFERRAL: WAITS, Status.EARLY_HELP: EARLY, Status.ASSESSMENT: SOCIAL, Status.CHILD_IN_NEED: SOCIAL,
    Status.SECTION_47: PROTECTED, Status.CONFERENCE: PROTECTED, Status.CHILD_PROTECTION: PROTECTED,
    Status.PRE_PROCEEDINGS: IN_COURT, Status.PROCEEDINGS: IN_COURT,
}  # fmt: skip
KEPT = ("family", "child", "hours", "judged", "threshold", "week", "event", "agency", "code", "children")
"""Columns of the journal that stories need."""


@dataclass(frozen=True)
class Record:
    """The weeks of one world. touches and states are sorted by week.

    touches: (row of the home, week, service, marks, passed on by).
    states: (row, week, band + 4 x group), one for each change.
    """

    weeks: int
    homes: int
    touches: NDArray[np.void]
    states: NDArray[np.void]


TOUCH = np.dtype([("row", "<u4"), ("week", "<u2"), ("service", "u1"), ("marks", "u1"), ("by", "u1")])
STATE = np.dtype([("row", "<u4"), ("week", "<u2"), ("state", "u1")])


def bands(snapshot: Snapshot) -> tuple[float, float]:
    """Return the harm from which a family is worried and from which it is in crisis: need levels 2 and 4."""
    return snapshot.parameters["harm.level_2"], snapshot.parameters["harm.level_4"]


def groups() -> NDArray[np.uint8]:
    """Return the group of every case status, by its code."""
    return np.array([GROUPS[Status(code)] for code in range(len(Status))], dtype=np.uint8)


def states_of(families: Any, levels: tuple[float, float], codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the state of every home: band + 4 x group."""
    found: NDArray[np.uint8] = np.digitize(families["harm"], levels).astype(np.uint8) + 4 * codes[families["status"]]
    return found


def live(snapshot: Snapshot, world: Scenario, weeks: int) -> tuple[Run, Record, dict[int, int]]:
    """Live the first luck in one world; return its run, its record, and the home of every family that ever lived."""
    life = Life(snapshot, world, weeks, 1, journal=True)
    levels, codes = bands(snapshot), groups()
    before = np.full(len(life.town.families), 255, dtype=np.uint8)
    homes: dict[int, int] = {}
    changes = []
    for week in range(weeks):
        families = life.town.families
        homes |= dict(zip(families["key"].tolist(), range(len(families)), strict=True)) if week % 4 == 0 else {}
        life.step()
        now = states_of(families, levels, codes)
        rows = np.flatnonzero(now != before)
        changed = np.empty(len(rows), dtype=STATE)
        changed["row"], changed["week"], changed["state"] = rows, week, now[rows]
        changes.append(changed)
        before = now
    homes |= dict(zip(life.town.families["key"].tolist(), range(len(life.town.families)), strict=True))
    run = life.result()
    return run, Record(weeks, len(before), touches_of(run, homes), np.concatenate(changes)), homes


def touches_of(run: Run, homes: dict[int, int]) -> NDArray[np.void]:
    """Return the touches of a run, sorted by week."""
    journal = np.asarray(run.journal)
    return touches_in(journal[np.isin(journal["family"], np.array(list(homes), dtype=np.uint64))], homes)


def touches_in(journal: NDArray[np.void], homes: dict[int, int]) -> NDArray[np.void]:
    """Return the touches in some rows of a journal, sorted by week. homes: the home of every family in it."""
    journal = journal[np.isin(journal["event"], [int(event) for event in TOUCHES])]
    found = np.array(list(_touches(journal, homes)), dtype=TOUCH)
    return found[np.argsort(found["week"], kind="stable")]


def _touches(journal: NDArray[np.void], homes: dict[int, int]) -> Iterator[tuple[int, int, int, int, int]]:
    columns = ("family", "week", "event", "agency", "code")
    for family, week, code, who, failure in zip(*(journal[column].tolist() for column in columns), strict=True):
        event, row, when = Event(code), homes[family], week - PAST_WEEKS
        actor = PLACE.get(Agency(who), NOBODY)
        back = BACK * (Failure.F1_REPEAT <= failure <= Failure.F9_BROKEN_SOLUTION)
        if event == Event.CONTACT:
            if actor != NOBODY:
                yield row, when, actor, 0, NOBODY
            yield row, when, CARE, ARRIVED | back, actor
        elif event in ARRIVALS:
            yield row, when, actor, ARRIVED | back, NOBODY
        elif actor != NOBODY:
            yield row, when, LANDS.get(event, actor), UNHELPED * (event in ENDED), PASSES.get(event, NOBODY)


def places(snapshot: Snapshot) -> NDArray[np.float32]:
    """Return where each home stands, (homes, 2) from -1 to 1: fixed by its neighbourhood and its number."""
    neighbourhood = np.asarray(snapshot.tables["families"]["neighbourhood"]).astype(np.int64)
    n = int(neighbourhood.max()) + 1
    rows = np.arange(len(neighbourhood))
    turn = np.pi * (3.0 - np.sqrt(5.0))  # the sunflower's angle: spreads points evenly over a disc
    centre = _centres(n, turn)
    apart = np.hypot(*(centre[:, None] - centre[None]).transpose(2, 0, 1))
    widest = 0.47 * float(apart[apart > 0.0].min()) if n > 1 else 1.0
    order = np.argsort(neighbourhood, kind="stable")
    starts = np.searchsorted(neighbourhood[order], np.arange(n))
    rank = np.empty(len(rows), dtype=np.int64)
    rank[order] = rows - starts[neighbourhood[order]]
    most = float(np.bincount(neighbourhood, minlength=n).max())
    reach = widest * np.sqrt((rank + 0.5) / most)  # as dense in one neighbourhood as in another
    offset = np.stack([np.cos(turn * rank), np.sin(turn * rank)], axis=1) * reach[:, None]
    placed = centre[neighbourhood] + offset
    found: NDArray[np.float32] = (placed / np.hypot(*placed.T).max()).astype(np.float32)
    return found


def _centres(n: int, turn: float) -> NDArray[np.float64]:
    """Return where each neighbourhood's middle lies: in a ring, around one from seven on, spread out where many."""
    if n > 9:
        far, angle = np.sqrt((np.arange(n) + 0.5) / n), turn * np.arange(n)
    else:
        inside = 1 if n == 1 or n > 6 else 0
        far = np.where(np.arange(n) < inside, 0.0, 1.0)
        angle = 2.0 * np.pi * np.arange(n) / max(1, n - inside) + 0.3
    return np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1)


def parted(a: Run, b: Run, homes: dict[int, int], n_homes: int, weeks: int) -> NDArray[np.uint16]:
    """Return the first week in which each home's two lives differ in any event, 65535 where they never do."""
    lives = [_prints(run, homes, n_homes, weeks) for run in (a, b)]
    differs = lives[0] != lives[1]
    first = np.argmax(differs, axis=0)
    return np.where(differs.any(axis=0), first, 65_535).astype(np.uint16)


def _prints(run: Run, homes: dict[int, int], n_homes: int, weeks: int) -> NDArray[np.uint64]:
    """Add up a print of every event, (weeks, homes)."""
    journal = np.asarray(run.journal)
    journal = journal[np.isin(journal["family"], np.array(list(homes), dtype=np.uint64))]
    rows = np.array([homes[family] for family in journal["family"].tolist()], dtype=np.int64)
    whole = np.zeros((weeks, n_homes), dtype=np.uint64)
    with np.errstate(over="ignore"):
        mark = journal["event"].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mark ^= journal["agency"].astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
        mark ^= (journal["child"] + journal["children"]) * np.uint64(0x165667B19E3779F9)
        np.add.at(whole, (journal["week"].astype(np.int64) - PAST_WEEKS, rows), mark)
    return whole


def save(record: Record, path: Path) -> None:
    """Write a record for the picture."""
    put(path, as_bytes(record))


def as_bytes(record: Record) -> bytes:
    """Return a record as the picture reads it: how many touches and states, then column after column."""
    parts = [record.touches[name] for name in ("row", "week", "service", "marks", "by")]
    parts += [record.states[name] for name in ("row", "week", "state")]
    parts.sort(key=lambda column: -column.dtype.itemsize)  # so that every column begins where its type may
    head = np.array([record.weeks, record.homes, len(record.touches), len(record.states)], dtype="<u4")
    return head.tobytes() + b"".join(np.ascontiguousarray(column).tobytes() for column in parts)


def load(path: Path) -> Record:
    """Read a record back."""
    data = path.read_bytes()
    weeks, homes, n, m = np.frombuffer(data, "<u4", 4).tolist()
    touches, states = np.empty(n, TOUCH), np.empty(m, STATE)
    order = [(touches, "row"), (states, "row"), (touches, "week"), (states, "week"), (touches, "service"),
             (touches, "marks"), (touches, "by"), (states, "state")]  # fmt: skip
    place = 16
    for table, name in order:
        kind = table.dtype[name]
        table[name] = np.frombuffer(data, kind, len(table), place)
        place += kind.itemsize * len(table)
    return Record(weeks, homes, touches, states)


def keep_journal(run: Run, path: Path) -> None:
    """Keep what stories need of a journal."""
    partial = path.with_suffix(".partial.npz")
    journal = np.asarray(run.journal)
    kept: dict[str, Any] = {name: journal[name] for name in KEPT}
    np.savez_compressed(partial, **kept)
    partial.replace(path)


def journal_of(path: Path) -> NDArray[np.void]:
    """Return a kept journal as the table that stories read."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
        columns = {name: data[name] for name in KEPT}
    table = np.empty(len(columns["week"]), dtype=[(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        table[name] = column
    return table


def describe(meta: dict[str, Any], path: Path) -> None:
    """Write what goes with the records."""
    put(path, json.dumps(meta, ensure_ascii=False).encode())
