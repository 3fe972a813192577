"""Live the past once, then as many futures of it as are wanted: snapshots, runs and their addresses."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

import familyabm
from familyabm import changes, multipliers, population
from familyabm.areas import Area
from familyabm.compiled import mark_compiled
from familyabm.errors import InputError
from familyabm.journal import EVENTS_PER_FAMILY
from familyabm.levers import Scenario
from familyabm.luck import fate_of
from familyabm.parameters import Parameters, changed
from familyabm.population import blank
from familyabm.shocks import shock_curves
from familyabm.sources import model_hash
from familyabm.tables import LEVERS, NOTE, PERSISTENT, Table, copied, empty
from familyabm.town import LAYOUT, Town
from familyabm.week import live_one_week

VERSION = familyabm.__version__
PAST_WEEKS = 17 * 52
"""Years of past lived before a run begins: the number of children looked after has a long memory."""
MAX_SEED = 2**32 - 1
Progress = Callable[[int], None]


@dataclass(frozen=True, repr=False)  # its tables are millions of numbers, and nobody wants them printed
class Snapshot:
    """The state of an authority at the end of its past, from which both worlds start."""

    area: Area
    parameters: Parameters
    seed: int
    scale: float
    tables: dict[str, Table]
    past: Table

    def __repr__(self) -> str:
        return f"<Snapshot of {self.area.la_name}: seed {self.seed}, scale {self.scale:g}>"

    @property
    def address(self) -> str:
        """Return the hash that names this past."""
        return past_address(self.area, self.parameters, self.seed, self.scale)

    def save(self, path: Path, small: bool = True) -> None:
        """Write the snapshot to one file, whole or not at all.

        small: compress it, which takes longer than everything else; a file that is soon read again need not be.
        """
        data = io.BytesIO()
        arrays: dict[str, Any] = {name: np.asarray(table).view(np.ndarray) for name, table in self.tables.items()}
        write = np.savez_compressed if small else np.savez
        write(data, address=np.array(self.address), past=self.past.view(np.ndarray), **arrays)
        partial = path.with_suffix(".partial")
        partial.write_bytes(data.getvalue())
        partial.replace(path)


def past_address(area: Area, parameters: Parameters, seed: int, scale: float) -> str:
    """Return the hash that names a past, lived or not."""
    return _hash(model_hash(), area.fingerprint(), parameters.address, seed, float(scale), PAST_WEEKS)


def load_snapshot(path: Path, area: Area, parameters: Parameters, seed: int, scale: float) -> Snapshot:
    """Read a snapshot saved for exactly these settings; InputError if the file is of another past or broken."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            tables = {name: data[name].view(np.recarray) for name in PERSISTENT}
            snapshot = Snapshot(area, parameters, seed, scale, tables, data["past"].view(np.recarray))
            found = str(data["address"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise InputError(f"snapshot {path} cannot be read: {type(error).__name__}.") from None
    if any(table.dtype != LAYOUT[name][0] for name, table in tables.items()):
        raise InputError(f"snapshot {path} is of an earlier version of familyabm, which kept its tables otherwise.")
    if found != snapshot.address:
        raise InputError(f"snapshot {path} belongs to other settings ({found[:12]}, not {snapshot.address[:12]}).")
    return snapshot


def _hash(*parts: object) -> str:
    """Return a hash of the parts' written forms."""
    return hashlib.sha256("\n".join(repr(part) for part in parts).encode()).hexdigest()


def check_scale(area: Area, scale: float) -> None:
    """Raise InputError unless the scale leaves a town of a size that can be run."""
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0.0 < scale <= 20.0:
        raise InputError(f"scale = {scale!r} is not accepted; a number above 0 and up to 20 is.")
    if area.children_0_17 * scale < 200:
        least = 200 / area.children_0_17
        raise InputError(
            f"scale = {scale:g} leaves {area.children_0_17 * scale:.0f} children of {area.la_name}; "
            f"{least:.3g} or more is accepted (200 children)."
        )


def check_whole(name: str, value: object, low: int, high: int) -> int:
    """Return a whole number within bounds, else raise InputError."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name} = {value!r} is not accepted; a whole number from {low} to {high} is.")
    return value


def live_past(
    area: Area, parameters: Parameters, seed: int = 1, scale: float = 1.0, progress: Progress | None = None
) -> Snapshot:
    """Bring an authority to its long-memory steady state under services as they are, without raids."""
    check_scale(area, scale)
    scale = float(scale)
    check_whole("seed", seed, 0, MAX_SEED)
    town = population.build(area, multipliers.applied(parameters, area), scale, seed, PAST_WEEKS)
    for week in range(PAST_WEEKS):
        live_one_week(town, week)
        if progress is not None:
            progress(1)
    mark_compiled()
    _set_budgets(town, parameters)
    tables = {name: getattr(town, name) for name in PERSISTENT}
    return Snapshot(area, parameters, seed, scale, tables, town.weekly)


_KEPT: dict[str, Snapshot] = {}
_MOST_KEPT = 2
_KEEPING = Lock()


def past(area: Area, parameters: Parameters, seed: int = 1, scale: float = 1.0) -> Snapshot:
    """Return the past of these settings, lived once; the last two are kept in memory."""
    key = _hash(area.fingerprint(), parameters.address, seed, scale)
    found = _KEPT.get(key)
    if found is None:
        found = live_past(area, parameters, seed, scale)
        with _KEEPING:
            while len(_KEPT) >= _MOST_KEPT:
                _KEPT.pop(next(iter(_KEPT)))
            _KEPT[key] = found
    return found


def _set_budgets(town: Town, parameters: Parameters) -> None:
    """Start the future with a budget equal to the last two years' acute spending, and with reserves."""
    last = town.weekly[-104:]
    acute = last["spend_staff"] + last["spend_placements"] + last["spend_legal"] + last["spend_support"]
    money = town.money[0]
    money.acute_budget = float(round(acute.mean()))
    money.reserves = float(round(parameters["money.reserves"] * 52.0 * (acute.mean() + money.early_help_budget)))
    money.year_spent = 0.0
    money.year_budget = 0.0
    town.authority[0].raids = 1


@dataclass(frozen=True, repr=False)
class Run:
    """One future of a past: its weekly totals, its tally by home, its journal if kept, and where it ended."""

    snapshot: Snapshot
    scenario: Scenario
    number: int
    weeks: int
    weekly: Table
    tally: NDArray[np.float64]
    journal: Table
    town: Town

    def __repr__(self) -> str:
        area = self.snapshot.area.la_name
        return f"<Run of {area}, {self.scenario.title}: luck {self.number}, {self.weeks} weeks; not a forecast>"

    @property
    def address(self) -> str:
        """Return the hash that names this run."""
        return run_address(self.snapshot, self.scenario, self.number, self.weeks)

    def _repr_html_(self) -> str:
        """Show itself in a notebook; the report stands above this module and is looked for by name."""
        return str(import_module("familyabm.report.notebook").of_run(self))


def run_address(snapshot: Snapshot, scenario: Scenario, number: int, weeks: int) -> str:
    """Return the hash of everything that a run's result depends on."""
    return future_address(snapshot.address, scenario, number, weeks)


def future_address(past: str, scenario: Scenario, number: int, weeks: int) -> str:
    """Return the hash that names a future of the past of that address, lived or not."""
    return _hash(past, scenario.as_address(), number, weeks)


class Life:
    """A future being lived, week by week: the way both whole runs and the Mesa model move on.

    At any week it may be copied (`copy.deepcopy`; `copy.copy` would share one town), or pickled, to go on elsewhere.
    """

    def __init__(
        self, snapshot: Snapshot, scenario: Scenario, weeks: int, number: int = 1,
        journal: bool = False, placebo: bool = False,
    ) -> None:  # fmt: skip
        """Branch a future off the snapshot; the snapshot itself is left as it is.

        number: which luck, from 1.  placebo: put one contact off by a week, a change that means nothing.
        """
        check_whole("weeks", weeks, 1, 5200)
        check_whole("run number", number, 1, MAX_SEED)
        self.snapshot, self.scenario, self.weeks, self.number = snapshot, scenario, weeks, number
        self.parameters = multipliers.applied(changed(snapshot.parameters, scenario.parameters), snapshot.area)
        self.week = 0
        self._spoken_for: dict[str, float] = {}
        self.pages: list[Table] = []
        self.town = self._branch(journal, placebo)

    def _branch(self, journal: bool, placebo: bool) -> Town:
        tables = {name: copied(table) for name, table in self.snapshot.tables.items()}
        homes = len(tables["families"])
        base = {name: self.snapshot.parameters[f"base.{name}"] for name in LEVERS}
        tables["policy"] = self.scenario.policy(base)
        for name in LEVERS:
            tables["maturity"][name] = self.scenario.maturity
            tables["levers"][name] = base[name] + self.scenario.maturity * (tables["policy"][name] - base[name])
        tables["authority"]["first_week"] = PAST_WEEKS
        tables["authority"]["now"] = 0
        tables["authority"]["placebo"] = int(placebo)
        if self.scenario.parameters:
            tables["facts"] = population.facts_of(self.snapshot.area, self.parameters, self.snapshot.scale)
        curves = shock_curves(self.scenario.shocks, self.weeks)
        tables |= blank.written(homes, self.weeks, EVENTS_PER_FAMILY * homes + 1000 if journal else 0)
        tables |= blank.working(homes)
        tables["family_keys"][:] = tables["families"]["key"]
        return Town(
            **tables, shocks=curves.need, source_shocks=curves.contacts, outside=curves.outside,
            luck=fate_of(self.snapshot.seed, self.number), births=fate_of(self.snapshot.seed, 0),
            p=population.numbers_of(self.parameters, tables["facts"]),
        )  # fmt: skip

    def step(self) -> None:
        """Live one week."""
        if self.week >= self.weeks:
            raise InputError(f"week {self.week} is beyond the {self.weeks} weeks that this run was made for.")
        for change in self.scenario.changes:
            if change.from_week == self.week:
                changes.make(self.town, change, self._spoken_for)
        live_one_week(self.town, PAST_WEEKS + self.week)
        noted = int(self.town.authority[0].noted)
        if noted:
            self.pages.append(self.town.page[:noted].copy())
            self.town.authority[0].noted = 0
        self.week += 1

    def result(self) -> Run:
        """Return what has been lived so far."""
        journal = np.concatenate(self.pages).view(np.recarray) if self.pages else empty(NOTE, 0)
        return Run(
            self.snapshot, self.scenario, self.number, self.week, self.town.weekly[: self.week],
            self.town.tally.astype(np.float64), journal, self.town,
        )  # fmt: skip


def live(
    snapshot: Snapshot, scenario: Scenario, weeks: int, number: int = 1, journal: bool = False,
    placebo: bool = False, progress: Progress | None = None,
) -> Run:  # fmt: skip
    """Live a whole future and return it."""
    life = Life(snapshot, scenario, weeks, number, journal, placebo)
    for _ in range(weeks):
        life.step()
        if progress is not None:
            progress(1)
    mark_compiled()
    return life.result()
