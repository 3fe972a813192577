"""What weekly totals cannot tell: read from the town at year ends, and from the journal where one is kept.

Nothing here feeds back into a world; ground truth may be read, because this measures the model and decides nothing.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from familyabm.codes import LOOKED_AFTER, Agency, Event, Legal, Tally
from familyabm.simulation import PAST_WEEKS
from familyabm.tables import ADULTHOOD, PERSISTENT, WEEKS_A_YEAR
from familyabm.town import Town

Counts = NDArray[np.float64]
Events = NDArray[Any]
"""Rows of a journal."""
DECILES = 11
AGES = (0, 5, 11, 16, 18)
STUDY_WEEKS = 117
"""Weeks of the study of closed cases that V14 comes from: 27 months."""
FEW = 0.085
"""Share of its families that made half of the repeat referrals."""
DEADLINE = 9
"""Weeks of the statutory limit of an assessment: 45 working days."""


def year_end(town: Town, week: int) -> dict[str, float]:
    """Read the state of an authority at a year's end: every number of a table of one row, as "table.field"."""
    read: dict[str, float] = {}
    for table in (name for name in PERSISTENT if len(getattr(town, name)) == 1):
        row = getattr(town, table)[0]
        scalars = [name for name in row.dtype.names if row.dtype[name].shape == ()]
        read |= {f"{table}.{name}": float(row[name]) for name in scalars}
    return read | {f"starts_{low}": count for low, count in zip(AGES, starts_by_age(town, week), strict=False)}


def children_now(town: Town, week: int) -> NDArray[np.bool_]:
    """Tell which rows are children under 18 now."""
    age = week - town.children["born"].astype(np.int64)
    return np.asarray((age >= 0) & (age < ADULTHOOD))


def starts_by_age(town: Town, week: int) -> list[float]:
    """Count children who became looked after in the last year and still are, by age at entry, per 100,000 of that age.

    Children who came and went within the year are not counted; both worlds leave them out alike.
    """
    born, began = (town.children[name].astype(np.int64) for name in ("born", "care_began"))
    now, started = children_now(town, week), began > week - WEEKS_A_YEAR
    rates = []
    for low, high in pairwise(AGES):
        there = (week - born >= 52 * low) & (week - born < 52 * high) & now
        entered = (began - born >= 52 * low) & (began - born < 52 * high) & started
        rates.append(100_000.0 * float(entered.sum()) / max(1.0, float(there.sum())))
    return rates


def by_decile(town: Town, week: int) -> Counts:
    """Count children, looked-after children and children on plans by deprivation decile: shape (3, 11)."""
    now, legal = children_now(town, week), town.children["legal_status"]
    decile = town.families["deprivation_decile"][town.children["family"]]
    kinds = (now, now & np.isin(legal, LOOKED_AFTER), now & (legal == Legal.CHILD_PROTECTION_PLAN))
    return np.array([np.bincount(decile[kind], minlength=DECILES) for kind in kinds], np.float64)


def tally_by_decile(town: Town) -> Counts:
    """Add up each home's demand by its neighbourhood's decile: shape (kinds, 11)."""
    decile = town.families["deprivation_decile"]
    return np.array([np.bincount(decile, town.tally[:, kind], DECILES) for kind in Tally])


def gradient(cases: Counts, children: Counts) -> float:
    """Return the rate in decile 10 to that in decile 1, by a Poisson regression of cases on decile.

    cases, children: (11,) by decile.  log(rate) = a + b x decile; the ratio is exp(9 b).  NaN without spread.
    """
    there = np.flatnonzero(children > 0)
    y, size = cases[there], children[there]
    if len(there) < 2 or y.sum() == 0 or (y > 0).sum() < 2:
        return float("nan")
    x = there - np.average(there, weights=size)
    b = 0.0
    for _ in range(50):
        weight = size * np.exp(np.clip(b * x, -20.0, 20.0))
        mean = np.average(x, weights=weight)
        b += float((y @ (x - mean)) / (y.sum() * np.average((x - mean) ** 2, weights=weight)))
        b = max(-1.0, min(1.0, b))
    return float(np.exp(9.0 * b))


def at_equal_deprivation(one: tuple[Counts, Counts], other: tuple[Counts, Counts]) -> float:
    """Return the ratio of two authorities' rates at equal neighbourhood deprivation (Mantel-Haenszel over deciles).

    one, other: (cases, children), each (11,) by decile.
    """
    (a, n), (b, m) = one, other
    both = (n > 0) & (m > 0)
    whole = (n + m)[both]
    down = (b[both] * n[both] / whole).sum()
    return float((a[both] * m[both] / whole).sum() / down) if down > 0 else float("nan")


def of_kind(journal: Events, *events: Event) -> Events:
    """Return a journal's events of some kinds, in order."""
    kept: Events = journal[np.isin(journal["event"], events)]
    return kept


def pairs_of(journal: Events, first: Event, then: Event) -> Counts:
    """Return the weeks from each family's event of one kind to its next of another; NaN where none follows."""
    rows = of_kind(journal, first, then)
    rows = rows[np.lexsort((rows["number"], rows["family"]))]
    gap = np.full(len(rows), np.nan)
    follows = (rows["family"][1:] == rows["family"][:-1]) & (rows["event"][1:] == then)
    gap[:-1][follows] = (rows["week"][1:].astype(float) - rows["week"][:-1])[follows]
    return np.asarray(gap[rows["event"] == first])


def back_after_closure(journal: Events, end: int) -> float:
    """Return the share of closed cases referred again within a year, in percent (Kaplan-Meier; K4c).

    end: the week at which nothing more is known, so that late closures are watched for less than a year.
    """
    closed = of_kind(journal, Event.CASE_CLOSED, Event.REFERRAL)
    closed = closed[np.lexsort((closed["number"], closed["family"]))]
    gap = pairs_of(journal, Event.CASE_CLOSED, Event.REFERRAL)
    watched = end - closed["week"][closed["event"] == Event.CASE_CLOSED].astype(float)
    return 100.0 * kaplan_meier(gap, watched, WEEKS_A_YEAR)


def kaplan_meier(gap: Counts, watched: Counts, within: int) -> float:
    """Return the estimated chance of an event within some weeks.

    gap: (cases,) weeks to the event, NaN if it was not seen.  watched: (cases,) weeks until watching ended.
    """
    seen = ~np.isnan(gap)
    last = np.where(seen, gap, watched)
    survives = 1.0
    for week in range(within + 1):
        at_risk = (last >= week).sum()
        survives *= 1.0 - ((last == week) & seen).sum() / at_risk if at_risk else 1.0
    return float(1.0 - survives)


def concentration(journal: Events, end: int) -> float:
    """Return the share of repeat referrals made by the 8.5% of referred families with most of them, in percent."""
    referred = of_kind(journal, Event.REFERRAL)
    referred = referred[referred["week"] >= end - STUDY_WEEKS]
    again = np.sort(np.unique(referred["family"], return_counts=True)[1] - 1)[::-1]
    few = FEW * len(again)
    if again.sum() == 0:
        return float("nan")
    part = again[int(few)] * (few - int(few)) if int(few) < len(again) else 0.0
    return float(100.0 * (again[: int(few)].sum() + part) / again.sum())


def pile_up(journal: Events) -> float:
    """Return assessments that ended in the last two weeks of the limit to those expected of their neighbours."""
    gap = pairs_of(journal, Event.ASSESSMENT_STARTED, Event.ASSESSMENT_ENDED)
    ended = np.bincount(gap[~np.isnan(gap)].astype(int), minlength=DEADLINE + 3)
    neighbours = ended[[DEADLINE - 3, DEADLINE - 2, DEADLINE + 1, DEADLINE + 2]].sum() / 2.0
    return float(ended[[DEADLINE - 1, DEADLINE]].sum() / neighbours) if neighbours else float("nan")


def practised_threshold(journal: Events) -> float:
    """Return the mean threshold against which families were referred from outside."""
    rows = of_kind(journal, Event.REFERRAL)
    outside = rows[(rows["agency"] < Agency.COUNCIL_SERVICES) & (rows["threshold"] >= 0.0)]
    return float(outside["threshold"].mean()) if len(outside) else float("nan")


def fall_after_peak(journal: Events, end: int, year: int = 3) -> float:
    """Return by how many percent police contacts fall from the half year before a plan to the second half year after.

    The families are those with a plan that starts in the given year or later, and a year before the end at the latest,
    about the first such plan: selected at their worst.
    """
    start = PAST_WEEKS + WEEKS_A_YEAR * (year - 1)
    plans = of_kind(journal, Event.PLAN_STARTED)
    plans = plans[(plans["week"] >= start) & (plans["week"] < end - WEEKS_A_YEAR)]
    keys, first = np.unique(plans["family"], return_index=True)
    peak = plans["week"][first].astype(int)
    calls = of_kind(journal, Event.CONTACT)
    calls = calls[(calls["agency"] == Agency.POLICE) & np.isin(calls["family"], keys)]
    after = calls["week"].astype(int) - peak[np.searchsorted(keys, calls["family"])]
    before = ((after >= -26) & (after <= 0)).sum()
    return float(100.0 * (1.0 - ((after > 26) & (after <= 53)).sum() / before)) if before else float("nan")


FROM_JOURNAL: dict[str, Callable[[Events, int], float]] = {
    "back_after_closure": back_after_closure,
    "concentration": concentration,
    "pile_up": lambda journal, end: pile_up(journal),
    "practised_threshold": lambda journal, end: practised_threshold(journal),
    "fall_after_peak": fall_after_peak,
}
