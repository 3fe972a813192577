"""The journal: what happened, to whom, when, by whom, at what cost and because of what.

Each event is written once: always into the week's totals, and into the page of the journal if one is kept.
The totals are the journal added up, so a measure read from totals equals the same measure read from events.
"""

import numpy as np

from familyabm.codes import N_AGENCIES, Agency, Event, Failure, Tally
from familyabm.compiled import rule
from familyabm.tables import Row
from familyabm.town import Town

NO_JUDGEMENT = -1.0
"""Stands in the journal where nothing was judged."""
SOCIAL_CARE = int(Agency.SOCIAL_CARE)
EVENTS_PER_FAMILY = 12
"""Room in a week's page for each family, several times what any family has been seen to fill."""


@rule
def totals(town: Town, week: int) -> Row:
    """Return the row of this week's totals."""
    return town.weekly[week - town.authority[0].first_week]


@rule
def events_of(row: Row, event: int) -> float:
    """Add up a week's events of one kind, whoever acted."""
    found = 0.0
    for agency in range(N_AGENCIES):
        found += float(row.events[event, agency])
    return found


@rule
def children_in(row: Row, event: int) -> float:
    """Add up a week's children in events of one kind, whoever acted."""
    found = 0.0
    for agency in range(N_AGENCIES):
        found += float(row.children[event, agency])
    return found


@rule
def write(
    town: Town, week: int, family: Row, event: int, agency: int, children: int,
    code: int, hours: float, judged: float, threshold: float, child_key: np.uint64,
) -> None:  # fmt: skip
    """Write one event into the week's totals and, if a journal is kept, onto its page."""
    authority = town.authority[0]
    row = totals(town, week)
    row.events[event, agency] += 1.0
    row.children[event, agency] += children
    if len(town.page) > 0:
        entry = town.page[authority.noted]
        entry.number = authority.events
        entry.cause = family.last_event
        entry.family = family.key
        entry.child = child_key
        entry.worker = town.workers[family.worker].key if family.worker >= 0 else np.uint64(0)
        entry.hours = hours
        entry.pence = round(hours * town.p.money[0].worker_hour * 100.0)
        entry.judged = judged
        entry.threshold = threshold
        entry.need = family.harm
        entry.week = week
        entry.event = event
        entry.agency = agency
        entry.code = code
        entry.children = children
        authority.noted += 1
    family.last_event = authority.events
    authority.events += 1


@rule
def note(town: Town, week: int, family: Row, event: int, agency: int, children: int) -> None:
    """Record an event that is neither demand nor a judgement."""
    write(
        town,
        week,
        family,
        event,
        agency,
        children,
        Failure.VALUE,
        0.0,
        NO_JUDGEMENT,
        NO_JUDGEMENT,
        np.uint64(0),
    )


@rule
def note_child(town: Town, week: int, family: Row, event: int, agency: int, child: Row) -> None:
    """Record an event about one child."""
    write(town, week, family, event, agency, 1, Failure.VALUE, 0.0, NO_JUDGEMENT, NO_JUDGEMENT, child.key)


@rule
def judge(
    town: Town,
    week: int,
    family: Row,
    event: int,
    agency: int,
    children: int,
    judged: float,
    threshold: float,
) -> None:
    """Record a decision with the need as judged and the threshold that it met or missed."""
    write(town, week, family, event, agency, children, Failure.VALUE, 0.0, judged, threshold, np.uint64(0))


@rule
def demand(
    town: Town, week: int, family: Row, event: int, agency: int, children: int, code: int, hours: float,
    child_key: np.uint64,
) -> None:  # fmt: skip
    """Record an arrival of work, coded as value or failure demand, with the hours it takes."""
    write(town, week, family, event, agency, children, code, hours, NO_JUDGEMENT, NO_JUDGEMENT, child_key)
    book(town, week, family, event, agency, code, hours)


@rule
def demand_judged(
    town: Town, week: int, family: Row, event: int, agency: int, children: int, code: int, hours: float,
    judged: float, threshold: float,
) -> None:  # fmt: skip
    """Record an arrival of work that a judgement let in."""
    write(town, week, family, event, agency, children, code, hours, judged, threshold, np.uint64(0))
    book(town, week, family, event, agency, code, hours)


@rule
def rework(town: Town, week: int, family: Row, event: int, agency: int, children: int, hours: float) -> None:
    """Record work done again: a hand-over, an adjourned hearing or conference (F7)."""
    demand(town, week, family, event, agency, children, Failure.F7_REWORK, hours, np.uint64(0))


@rule
def is_failure(code: int) -> bool:
    """Tell whether a code is failure demand."""
    return Failure.F1_REPEAT <= code <= Failure.F9_BROKEN_SOLUTION


@rule
def station_of(event: int, agency: int) -> int:
    """Return the agency that an arrival of work lands on: social care, unless another service was asked or called."""
    elsewhere = event == Event.ASKED or event == Event.BOUNCED or event == Event.ATTENDED
    return agency + 0 if elsewhere else SOCIAL_CARE


@rule
def book(town: Town, week: int, family: Row, event: int, agency: int, code: int, hours: float) -> None:
    """Add an arrival of work to the week's demand and to the home's own tally; failure also to who exported it."""
    row = totals(town, week)
    row.demand_hours[code, event] += hours
    row.demand_count[code, event] += 1.0
    count(town, family, Tally.DEMAND_HOURS, hours)
    if is_failure(code):
        count(town, family, Tally.FAILURE_HOURS, hours)
        row.exported[family.passed_by, station_of(event, agency)] += np.float32(hours)


@rule
def count(town: Town, family: Row, kind: int, amount: float) -> None:
    """Add to the home's own tally of demand, by which worlds are compared family by family."""
    town.tally[town.children[family.first_child].family, kind] += np.float32(amount)


@rule
def announce(town: Town, week: int, event: int, agency: int, amount: int) -> None:
    """Record something that happens to the authority or a service as a whole, not to one family.

    amount: what the event counts, such as visits, hours or a grade; it stands where children stand.
    """
    authority = town.authority[0]
    row = totals(town, week)
    row.events[event, agency] += 1.0
    row.children[event, agency] += amount
    if len(town.page) > 0:
        entry = town.page[authority.noted]
        entry.number = authority.events
        entry.cause = -1
        entry.family = np.uint64(0)
        entry.child = np.uint64(0)
        entry.worker = np.uint64(0)
        entry.hours = 0.0
        entry.pence = 0.0
        entry.judged = NO_JUDGEMENT
        entry.threshold = NO_JUDGEMENT
        entry.need = 0.0
        entry.week = week
        entry.event = event
        entry.agency = agency
        entry.code = Failure.VALUE
        entry.children = min(255, amount)
        authority.noted += 1
    authority.events += 1


@rule
def announce_sum(town: Town, week: int, event: int, agency: int, amount: int, pence: float) -> None:
    """Record something that happens to a service as a whole, with the sum of money that it concerns."""
    announce(town, week, event, agency, amount)
    if len(town.page) > 0:
        town.page[town.authority[0].noted - 1].pence = pence
