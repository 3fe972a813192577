"""How one run of a study is lived: the past it branches from, its future, and what is kept of it.

Pasts are lived once. A past that several tasks need is saved in the study's folder as long as runs go on; others
stay in memory. That a past cannot be lived is remembered too, so that its runs fail at once and not one by one.
"""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from familyabm import lives, measures, simulation
from familyabm.lab import plan
from familyabm.lab.plan import Cell, Lived
from familyabm.lab.store import unwritable
from familyabm.lab.study import Study
from familyabm.simulation import Run, Snapshot

_MOST_KEPT = 2
_KEPT: dict[str, Snapshot] = {}
"""The last pasts of this process by address, whatever task asked for them."""


@dataclass(frozen=True)
class Outcome:
    """What is kept of one run: measures, each year's where asked (year, measure), and whole tables by name."""

    measures: Mapping[str, float]
    by_year: pd.DataFrame | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)


class PastError(RuntimeError):
    """The past that a run needs could not be lived."""


@dataclass
class Pasts:
    """The pasts that one process has at hand.

    begun: called with "past" before one is lived and "future" after it, so that each is given its own time.
    """

    folder: Path | None = None
    shared: frozenset[str] = frozenset()
    begun: Callable[[str], None] = lambda stage: None

    def of(self, study: Study, cell: Cell, lived: Lived) -> Snapshot:
        """Return the past of a run: from memory, from the study's folder, or lived now."""
        snapshot = _KEPT.get(cell.past) or self._found(study, cell, lived) or self._live(study, cell, lived)
        while cell.past not in _KEPT and len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[cell.past] = snapshot
        return snapshot

    def _path(self, cell: Cell) -> Path | None:
        return None if self.folder is None else self.folder / "pasts" / f"{cell.past}.npz"

    def _found(self, study: Study, cell: Cell, lived: Lived) -> Snapshot | None:
        """Return a past from the folder; one that is broken or was lived by other code is lived again."""
        path = self._path(cell)
        if path is None or not path.exists():
            return None
        try:
            return simulation.load_snapshot(path, lived.area, lived.parameters, cell.seed, study.scale)
        except Exception:
            return None

    def _live(self, study: Study, cell: Cell, lived: Lived) -> Snapshot:
        self._refuse_hopeless(cell)
        self.begun("past")
        try:
            snapshot = simulation.live_past(lived.area, lived.parameters, cell.seed, study.scale)
        except Exception as error:
            self.give_up(cell, f"{type(error).__name__}: {error}")
            raise
        self.begun("future")
        path = self._path(cell)
        if path is not None and cell.past in self.shared:
            aside = path.with_name(f"{uuid.uuid4().hex}.npz")
            try:
                snapshot.save(aside, small=False)
                aside.replace(path)
            except OSError as error:
                aside.with_suffix(".partial").unlink(missing_ok=True)
                raise unwritable(path.parent.parent, error) from None
        return snapshot

    def _refuse_hopeless(self, cell: Cell) -> None:
        path = self._path(cell)
        if path is not None and path.with_suffix(".failed").exists():
            raise PastError(f"the past could not be lived: {json.loads(path.with_suffix('.failed').read_text())}")

    def give_up(self, cell: Cell, why: str) -> None:
        """Remember that a past cannot be lived."""
        path = self._path(cell)
        if path is not None:
            path.with_suffix(".failed").write_text(json.dumps(why[:2000]), encoding="utf-8")


def live_cell(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Live one run of a study and return what is kept of it."""
    lived = plan.settings(study, cell.point, cell.area, cell.world)
    snapshot = pasts.of(study, cell, lived)
    run = simulation.live(
        snapshot, lived.scenario, study.years * 52, cell.luck, journal=study.keep == "journal"
    )  # fmt: skip
    return outcome_of(run, study)


def outcome_of(run: Run, study: Study) -> Outcome:
    """Return what a study keeps of a run."""
    by_year = measures.by_year(run.weekly, [name for name in study.measures if name in measures.MEASURES])
    per = 10_000.0 / (run.snapshot.area.children_0_17 * run.snapshot.scale)
    values = by_year.mean().to_dict() | {
        name: float(run.tally[:, kind].sum() * per) for name, kind in lives.TALLIES.items()
    }
    kept = {name: float(values[name]) for name in study.measures}
    return Outcome(kept, by_year if study.by_year else None, _tables(run, study.keep))


def _tables(run: Run, keep: str) -> dict[str, pd.DataFrame]:
    tables: dict[str, pd.DataFrame] = {}
    if keep in ("weekly", "journal"):
        tables["weekly"] = measures.weekly_frame(run.weekly).reset_index()
    if keep == "journal":
        from familyabm import journal_frame

        tables["journal"] = journal_frame.frame_of(run)
    return tables


def is_finite(outcome: Outcome, study: Study) -> bool:
    """Tell whether what a run came to is finite.

    A measure that was asked for by name has to be; where all are kept, one with nothing to divide by may be NaN.
    """
    values = np.array(list(outcome.measures.values()), dtype=np.float64)
    return not np.isinf(values).any() if study.every_measure else bool(np.isfinite(values).all())


def long_table(address: str, outcome: Outcome) -> pa.Table:
    """Return a run's measures as rows: year 0 is the mean over all years."""
    names, years = list(outcome.measures), [0] * len(outcome.measures)
    values = [np.array(list(outcome.measures.values()), dtype=np.float64)]
    if outcome.by_year is not None:
        for name, column in outcome.by_year.items():
            names += [str(name)] * len(column)
            years += [int(year) for year in column.index]
            values.append(column.to_numpy(dtype=np.float64))
    columns = {"address": pa.array([address] * len(names)), "year": pa.array(years, pa.int16()), "measure": names}
    return pa.table({**columns, "value": np.concatenate(values)})


def arrow(address: str, frame: pd.DataFrame) -> pa.Table:
    """Return one of a run's tables with its address."""
    return pa.Table.from_pandas(frame, preserve_index=False).add_column(0, "address", pa.array([address] * len(frame)))
