"""Who is followed in a replayed study, and what is counted of them: read from a life's journal, start and year ends.

A study's families are selected in each world by itself, as a trial's arms are; where nothing differs before they are
selected they are the same families. Each reading is a numerator and a denominator, so that lucks can be added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from familyabm.codes import LOOKED_AFTER, Agency, Event, Factor, Status
from familyabm.credibility.experiments import Levels
from familyabm.credibility.readings import Events
from familyabm.simulation import PAST_WEEKS, Run
from familyabm.tables import ADULTHOOD, WEEKS_A_YEAR, Table

Keys = NDArray[np.uint64]
Weeks = NDArray[np.int64]
Mask = NDArray[np.bool_]
CEASED = (
    Event.CARE_ENDED_HOME, Event.CARE_ENDED_GUARDIAN, Event.CARE_ENDED_ADOPTED, Event.CARE_ENDED_ARRANGEMENTS,
    Event.CARE_ENDED_EIGHTEEN, Event.CARE_ENDED_OTHER,
)  # fmt: skip
WHOLE = ("events", "children")
OF_FAMILIES = ("share", "events", "children", "looked_after", "care_days", "eased")
"""What can be counted of selected families; of a whole authority only events and the children in them."""


@dataclass(frozen=True)
class Selection:
    """The families that a study follows, each from a week of its own.

    By an event in weeks first to end (from the start), or where no event is named by how they stand at the start.
    statuses: how the case stands at the start.  levels: least level of a factor at the start.  troubles: least number
    of factors at the first level or worse at the start.
    """

    events: tuple[Event, ...] = ()
    first: int = 0
    end: int = WEEKS_A_YEAR
    statuses: tuple[Status, ...] = ()
    levels: tuple[tuple[Factor, int], ...] = ()
    troubles: int = 0

    def of(self, run: Run) -> tuple[Keys, Weeks]:
        """Return the selected families' keys, in order, and the week from which each is followed."""
        families = run.snapshot.tables["families"]
        chosen = np.sort(families["key"][self._standing(families)])
        if not self.events:
            return chosen, np.full(len(chosen), PAST_WEEKS, dtype=np.int64)
        journal = run.journal
        within = (journal["week"] >= PAST_WEEKS + self.first) & (journal["week"] < PAST_WEEKS + self.end)
        rows = journal[np.isin(journal["event"], self.events) & within]
        if self.statuses or self.levels or self.troubles:
            rows = rows[np.isin(rows["family"], chosen)]
        keys, at = np.unique(rows["family"], return_index=True)  # the journal is in order: the first of each
        known = keys != 0  # key 0 is the authority as a whole
        return keys[known], rows["week"][at][known].astype(np.int64)

    def _standing(self, families: Table) -> Mask:
        kept = np.ones(len(families), dtype=np.bool_)
        if self.statuses:
            kept &= np.isin(families["status"], self.statuses)
        for factor, least in self.levels:
            kept &= families["level"][:, factor] >= least
        return np.asarray(kept & ((families["level"] > 0).sum(axis=1) >= self.troubles))


@dataclass(frozen=True)
class Counted:
    """One thing counted in a world: returns (numerator, denominator).

    what: "share" of selected families with an event in the window; "events", or "children" in them, to a selected
    family (of a whole authority: to 10,000 children); "looked_after" and "care_days", of the children of selected
    families; "eased", share of families whose factor was at a level or worse at the start and is below it at the first
    year's end after the window.
    weeks: the window, from a family's own week or from the start.
    """

    what: str
    weeks: tuple[int, int]
    events: tuple[Event, ...] = ()
    agencies: tuple[Agency, ...] = ()
    factor: Factor | None = None
    below: int = 1
    selection: Selection | None = field(default=None)

    @property
    def name(self) -> str:
        """Return the name under which it is kept of a life."""
        return repr(self)

    def __call__(self, run: Run, levels: Sequence[Levels]) -> tuple[float, float]:
        """Count it in a finished life."""
        if self.selection is None:
            return self._of_all(run)
        keys, since = self.selection.of(run)
        if self.what == "eased":
            return self._eased(levels, keys, since)
        if self.what in ("looked_after", "care_days"):
            return self._in_care(run, keys, since)
        rows, place, after = self._rows(run, keys, since)
        within = (after >= self.weeks[0]) & (after < self.weeks[1])
        if self.what == "share":
            return float(len(np.unique(place[within]))), float(len(keys))
        return self._amount(rows[within]), float(len(keys))

    def _amount(self, rows: Events) -> float:
        return float(len(rows)) if self.what == "events" else float(rows["children"].sum())

    def _matching(self, journal: Events) -> Mask:
        kept = np.isin(journal["event"], self.events)
        return np.asarray(kept & np.isin(journal["agency"], self.agencies) if self.agencies else kept)

    def _of_all(self, run: Run) -> tuple[float, float]:
        rows = run.journal[self._matching(run.journal)]
        week = rows["week"].astype(np.int64) - PAST_WEEKS
        first, end = self.weeks
        there = run.weekly["children_total"][first:end].mean() / 10_000.0
        return self._amount(rows[(week >= first) & (week < end)]), float(there)

    def _rows(self, run: Run, keys: Keys, since: Weeks) -> tuple[Events, Weeks, Weeks]:
        """Return matching events of selected families, whose each is, and the weeks since it was selected."""
        rows = run.journal[self._matching(run.journal) & np.isin(run.journal["family"], keys)]
        place = np.searchsorted(keys, rows["family"])
        return rows, place, rows["week"].astype(np.int64) - since[place]

    def _in_care(self, run: Run, keys: Keys, since: Weeks) -> tuple[float, float]:
        """Return children looked after at the window's end, or the days they spent so within it, and all children.

        Those who are in care at the start, of whose entry the journal does not tell, are so until an event ends it.
        """
        journal = run.journal
        moves = journal[np.isin(journal["event"], (Event.CARE_STARTED, *CEASED)) & np.isin(journal["family"], keys)]
        place = np.searchsorted(keys, moves["family"])
        after = moves["week"].astype(np.int64) - since[place]
        order = np.lexsort((moves["number"], moves["child"]))
        already = in_care_at_start(run, keys)
        still = len(already - set(moves["child"].tolist()))  # nothing ends it
        days, looked = 7.0 * still * (self.weeks[1] - self.weeks[0]), float(still)
        for child in np.split(order, np.flatnonzero(np.diff(moves["child"][order])) + 1) if len(order) else []:
            before = int(moves["child"][child[0]]) in already
            spells = self._spells(moves["event"][child] == Event.CARE_STARTED, after[child], before)
            days += 7.0 * sum(end - begin for begin, end in spells)
            looked += any(end >= self.weeks[1] > begin for begin, end in spells)
        found = looked if self.what == "looked_after" else days
        return found, children_of(run, keys, since)

    def _spells(self, starts: Mask, weeks: Weeks, before: bool) -> list[tuple[int, int]]:
        """Return a child's spells in care as weeks, cut to the window; one that goes on ends with it.

        before: that the child is in care before the first of the events.
        """
        spells: list[tuple[int, int]] = []
        began = min(self.weeks[0], int(weeks[0])) if before else None
        for start, week in zip(starts, weeks, strict=True):
            if start and began is None:
                began = int(week)
            elif not start and began is not None:
                spells.append((began, int(week)))
                began = None
        if began is not None:
            spells.append((began, self.weeks[1]))
        low, high = self.weeks
        return [(max(low, one), min(high, two)) for one, two in spells if one < high and two > low]

    def _eased(self, levels: Sequence[Levels], keys: Keys, since: Weeks) -> tuple[float, float]:
        start = levels[0]
        troubled = start.keys[start.levels[:, self.factor] >= self.below]
        eased = followed = 0
        for key, week in zip(keys, since, strict=True):
            at = -(-(int(week) - PAST_WEEKS + self.weeks[1]) // WEEKS_A_YEAR)
            if at >= len(levels) or not np.isin(key, troubled):
                continue
            there = np.flatnonzero(levels[at].keys == key)
            if len(there):
                followed += 1
                eased += int(levels[at].levels[there[0], self.factor]) < self.below
        return float(eased), float(followed)


def in_care_at_start(run: Run, keys: Keys) -> set[int]:
    """Return the keys of the children of selected families who are looked after at the start."""
    tables = run.snapshot.tables
    families, children = tables["families"], tables["children"]
    theirs = np.isin(families["key"][children["family"]], keys) & np.isin(children["legal_status"], LOOKED_AFTER)
    return set(children["key"][theirs].tolist())


def children_of(run: Run, keys: Keys, since: Weeks) -> float:
    """Count the children under 18 of selected families at the weeks from which they are followed."""
    families, children = run.town.families, run.town.children
    key = families["key"][children["family"]]
    known = np.isin(key, keys)
    age = since[np.searchsorted(keys, key[known])] - children["born"][known].astype(np.int64)
    return float(((age >= 0) & (age < ADULTHOOD)).sum())
