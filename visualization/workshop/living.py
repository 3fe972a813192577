"""What the processes beside the room's server work out: one year of the town, and a part of its decade.

Both are functions of what they are given and of nothing else, so that a result on the disk is never done twice.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import areas, levers, measures, simulation
from familyabm.codes import Agency, Event, Factor
from familyabm.parameters import DEFAULT
from familyabm.report import story
from familyabm.report.labels import SOURCES
from familyabm.simulation import PAST_WEEKS, Run, Snapshot
from familyabm.workshop import plan
from familyabm.workshop.choices import YEAR, workshop
from familyabm.workshop.files import put
from familyabm.workshop.study import DECADE

from .. import origins, record
from ..record import BACK, PLACE

MONTH = 4
LINES = 9
"""Lines of a family's story that are kept."""
GRAVE = (Event.SERIOUS_INCIDENT, Event.RISK_OUTSIDE_HOME, Event.CARE_STARTED)
"""No family with one of these is chosen for a story that is read aloud."""
ALSO_TOLD = (Event.ATTENDED, Event.ASKED, Event.BOUNCED, Event.TREATMENT_STARTED, Event.TREATMENT_DROPPED)
"""Events that are told here beside those of the report: what police and services for adults had to do with it."""
TELLS = (Event.CONTACT, Event.ASKED, Event.ASSESSMENT_STARTED)
"""Events in which a family tells its story anew."""
MONTHS = ("April", "May", "June", "July", "August", "September", "October", "November", "December", "January",
          "February", "March")  # fmt: skip


def do(kind: str, path: str, given: str) -> None:
    """Work one thing out and keep it; called in a process of its own. given: JSON."""
    asked = json.loads(given)
    town = simulation.past(areas.named(asked["area"]), DEFAULT, asked["seed"], float(asked["scale"]))
    found = year(town, asked) if kind == "year" else decade(town, asked)
    put(Path(path), json.dumps(found, allow_nan=False).encode())


# --- A part of the decade ---


def decade(town: Snapshot, asked: dict[str, Any]) -> dict[str, Any]:
    """Return, by luck, each measure of the decade year by year: the years after the one that is lived as it is."""
    world = levers.read(asked["world"], "decade", "decade")
    return {str(luck): by_year(simulation.live(town, world, plan.YEARS * YEAR, luck)) for luck in asked["lucks"]}


def by_year(run: Run) -> dict[str, list[float | None]]:
    """Return each measure of the decade for every year after the first."""
    frame = measures.by_year(run.weekly, DECADE).iloc[1:]
    return {name: [float(value) if np.isfinite(value) else None for value in frame[name]] for name in DECADE}


# --- One year of the town ---


def year(town: Snapshot, asked: dict[str, Any]) -> dict[str, Any]:
    """Return what one year brought: for the whole town, for each team, counted together, and for one family.

    asked: chosen and today, two worlds as TOML; year, from 0; lucks, the first of which is the room's own.
    """
    worlds = [levers.read(asked[name], name, name) for name in ("chosen", "today")]
    weeks, first = (asked["year"] + 1) * YEAR, asked["lucks"][0]
    assert first == 1  # the record is of the first luck
    run, kept, homes = record.live(town, worlds[0], weeks)
    pairs = [[_contacts(run), _contacts(simulation.live(town, worlds[1], weeks, first))]]
    pairs += [[_contacts(simulation.live(town, world, weeks, luck)) for world in worlds] for luck in asked["lucks"][1:]]
    before = _contacts_before(town, run)
    journal = np.asarray(run.journal)
    journal = journal[journal["week"] >= PAST_WEEKS + weeks - YEAR]
    touches = kept.touches[kept.touches["week"] >= weeks - YEAR]
    return {
        "year": asked["year"], "pairs": pairs, "before": before, "months": _months(touches),
        "teams": _teams(run, touches, journal), "merged": _merged(touches, journal, homes),
        "story": _story(touches, journal, homes, weeks - YEAR),
    }  # fmt: skip


def _contacts(run: Run) -> int:
    """Return the families about whom somebody got in touch in the last year, each time counted."""
    return int(np.asarray(run.weekly[-YEAR:]["events"])[:, Event.CONTACT].sum())


def _contacts_before(town: Snapshot, run: Run) -> int:
    """Return the same for the year before."""
    rows = run.weekly[:-YEAR] if len(run.weekly) > YEAR else town.past
    return int(np.asarray(rows[-YEAR:]["events"])[:, Event.CONTACT].sum())


def _months(touches: NDArray[np.void]) -> list[list[int]]:
    """Return [new need, came back] for thirteen months of four weeks."""
    arrived = touches[(touches["marks"] & record.ARRIVED) > 0]
    month = (arrived["week"].astype(int) % YEAR) // MONTH
    back = (arrived["marks"] & BACK) > 0
    return [[int(((month == one) & ~back).sum()), int(((month == one) & back).sum())] for one in range(YEAR // MONTH)]


def _teams(run: Run, touches: NDArray[np.void], journal: NDArray[np.void]) -> dict[str, dict[str, Any]]:
    """Return what each seat sees of the year."""
    rows = run.weekly[-YEAR:]
    events = np.asarray(rows["events"], dtype=np.float64).sum(axis=0)
    closed = _closed(run, journal)
    money = measures.of_weeks(rows.view(np.recarray), ("spend", "spend_early_help", "spend_placements"))
    children = float(rows["children_total"].mean())
    found: dict[str, dict[str, Any]] = {}
    for seat in workshop().seats:
        agency = Agency[seat.agency.upper()]
        if seat.name == "finance":
            found[seat.name] = {name: round(value * children) for name, value in money.items()}
            continue
        passed = events[Event.CONTACT].sum() if seat.name == "social_work" else events[Event.CONTACT, agency]
        sent_back = sum(closed.values()) if seat.name == "social_work" else closed.get(agency, 0)
        found[seat.name] = _met(touches, agency, seat.name, journal) | {
            "passed": int(passed), "closed": int(sent_back), **_hours(seat.name, rows, events, agency),
        }  # fmt: skip
    return found


def _met(touches: NDArray[np.void], agency: Agency, seat: str, journal: NDArray[np.void]) -> dict[str, int]:
    """Return the families met, and those met again because it was not sorted."""
    if seat == "family":
        asked = journal[(journal["event"] == Event.CONTACT) & (journal["agency"] == Agency.FAMILY)]
        told = journal[np.isin(journal["event"], [int(event) for event in TELLS]) & (journal["family"] != 0)]
        return {"met": len(np.unique(asked["family"])), "told": len(told), "tellers": len(np.unique(told["family"]))}
    place = PLACE[agency]
    mine = touches["service"] == place
    again = (mine | (touches["by"] == place)) & ((touches["marks"] & BACK) > 0)
    return {"met": len(np.unique(touches["row"][mine])), "again": len(np.unique(touches["row"][again]))}


def _closed(run: Run, journal: NDArray[np.void]) -> dict[Agency, int]:
    """Return contacts of the year that ended with no help given, by who got in touch."""
    # Weeks are set beyond the end, so that the last half year's contacts count too: only their answer is asked.
    ways = origins.flows(replace(run, journal=journal.view(np.recarray), weeks=run.weeks + origins.WITHIN))
    answers = (origins.ANSWERS[Event.CONTACT_CLOSED], origins.ANSWERS[Event.SIGNPOSTED])
    counted = ways[ways["answer"].isin(answers)].groupby("who")["n"].sum()
    return {agency: int(counted.get(SOURCES[agency.name.lower()], 0)) for agency in list(Agency)[:7]}


def _hours(seat: str, rows: Any, events: NDArray[np.float64], agency: Agency) -> dict[str, Any]:
    """Return what a service's time went on."""
    reports = events[Event.CONTACT, agency] * DEFAULT["front_door.partner_hours"]
    if seat == "social_work":
        needed, there = float(rows["needed_hours"].sum()), float(rows["available_hours"].sum())
        return {"hours": round(100.0 * needed / there) if there else 0}
    if seat == "police":
        return {"hours": round(events[Event.ATTENDED, agency] * DEFAULT["partners.attended_hours"] + reports)}
    if seat == "housing":
        places, used, waiting = (
            float(np.asarray(rows[name])[:, Factor.HOUSING].mean()) for name in ("adult_places", "treated", "waiting")
        )
        return {"places": round(places), "used": round(used), "waiting": round(waiting)}
    return {"hours": round(reports)}


# --- Counted together ---


def five() -> list[Agency]:
    """Return the agencies of the five seats that always play, in their order."""
    return [Agency[seat.agency.upper()] for seat in workshop().seats if not seat.optional]


def masks(touches: NDArray[np.void]) -> dict[int, int]:
    """Return, by home, which of the five services met it in the year: one bit each."""
    found: dict[int, int] = {}
    for bit, agency in enumerate(five()):
        for row in np.unique(touches["row"][touches["service"] == PLACE[agency]]).tolist():
            found[row] = found.get(row, 0) | 1 << bit
    return found


def _merged(touches: NDArray[np.void], journal: NDArray[np.void], homes: dict[int, int]) -> dict[str, Any]:
    """Return what each of the five counts, how many families that is, and what those counted three times make up."""
    seen = masks(touches)
    counts = [sum(mask >> bit & 1 for mask in seen.values()) for bit in range(len(five()))]
    often = {row for row, mask in seen.items() if mask.bit_count() >= 3}
    rows = [
        homes[family] for family in journal["family"][journal["event"] == Event.CONTACT].tolist() if family in homes
    ]
    theirs = sum(row in often for row in rows)
    kinds: dict[int, int] = {}
    for mask in seen.values():
        kinds[mask] = kinds.get(mask, 0) + 1
    return {
        "counts": counts, "total": sum(counts), "families": len(seen), "often": len(often),
        "often_share": round(100.0 * theirs / len(rows)) if rows else 0,
        "masks": {str(mask): n for mask, n in sorted(kinds.items())},
    }  # fmt: skip


# --- One family ---


def _story(
    touches: NDArray[np.void], journal: NDArray[np.void], homes: dict[int, int], begins: int
) -> dict[str, Any] | None:
    """Tell the year of a family that most services met, nearest the middle in how often it told its story, else None.

    Families with a grave event are left aside: this is read aloud.
    """
    seen = masks(touches)
    grave = set(journal["family"][np.isin(journal["event"], [int(event) for event in GRAVE])].tolist())
    for least in (3, 2, 1):
        keys = [key for key, row in homes.items() if seen.get(row, 0).bit_count() >= least and key not in grave]
        contacts = _count(journal, keys, (Event.CONTACT,))
        known = {key: n for key, n in contacts.items() if n > 0}
        if known:
            return _told(known, journal, seen, homes, begins, least)
    return None


def _count(journal: NDArray[np.void], keys: Iterable[int], events: tuple[Event, ...]) -> dict[int, int]:
    rows = journal["family"][np.isin(journal["event"], [int(event) for event in events])]
    found, n = np.unique(rows, return_counts=True)
    counted = dict(zip(found.tolist(), n.tolist(), strict=True))
    return {key: counted.get(key, 0) for key in keys}


def _told(
    contacts: dict[int, int], journal: NDArray[np.void], seen: dict[int, int], homes: dict[int, int], begins: int,
    least: int,
) -> dict[str, Any]:  # fmt: skip
    told = _count(journal, contacts, TELLS)
    lines = {key: lines_of(story.life_of(journal, key), begins) for key in contacts}
    middle = float(np.median(list(told.values())))
    key = min(contacts, key=lambda one: (abs(told[one] - middle), -len(lines[one]), one))
    return {
        "family": homes[key] + 1, "contacts": contacts[key], "services": seen[homes[key]].bit_count(),
        "told": told[key], "lines": lines[key][:LINES], "more": max(0, len(lines[key]) - LINES),
        "among": len(contacts), "least": least,
    }  # fmt: skip


def lines_of(life: pd.DataFrame, begins: int) -> list[tuple[str, str]]:
    """Tell a year of a life month by month: (month, what happened)."""
    found: dict[str, list[str]] = {}
    for week, event, agency in life[["week", "event", "agency"]].to_numpy().tolist():
        said = _said(Event(event), Agency(agency))
        if said:
            found.setdefault(_month(week - begins), []).append(said)
    return [(month, _sentence(said)) for month, said in found.items()]


def _said(event: Event, agency: Agency) -> str:
    if event == Event.CONTACT:
        return f"{story.WHO.get(agency, 'a service')} got in touch with social work"
    return story.TOLD.get(event, story.BESIDES[event] if event in ALSO_TOLD else "")


def _sentence(said: list[str]) -> str:
    text = ", ".join(dict.fromkeys(said))
    return f"{text[:1].upper()}{text[1:]}."


def _month(week: int) -> str:
    """Return the month of a week of a year, which begins in April."""
    return MONTHS[min(11, max(0, week * 12 // YEAR))]
