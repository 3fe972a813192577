"""Authorities that the model has not seen: each lived from its inputs alone, and held against its own returns.

Nothing of an authority's outcomes is read before it is lived: unaccompanied children, who are part of its own count of
children looked after, come at England's rate. What is unknown about it is learnt from how far the model was from
others, never from itself: see `validation_ranges`.
"""

import csv
import hashlib
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from familyabm import areas, simulation
from familyabm.areas import Area
from familyabm.errors import InputError
from familyabm.lab import running
from familyabm.lab.designs import Design
from familyabm.lab.execute import Options, Progress
from familyabm.lab.factors import Factor
from familyabm.lab.results import StudyResults
from familyabm.lab.store import LIVED
from familyabm.lab.study import Study
from familyabm.parameters import DEFAULT, Parameters, changed
from familyabm.truth.outcomes import MEASURES, PREDICTED, Table
from familyabm.worlds import check_run

YEARS = 3
"""Years over which an answer is a mean; the returns are of one year, but a model of a tenth of the size is as uneven
in a year as an authority is in ten."""
UNACCOMPANIED = "uasc_31_march"
"""The figure of an area that is part of an outcome: it is not read of an authority that is to be predicted."""
RECORD = "validation_record.csv"
"""The model's answers for the packaged authorities, from which ranges for others are learnt."""
Tell = Callable[[Progress], None]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """The studies that live every authority at about the same number of children, and what they are held against."""

    table: Table
    studies: tuple[Study, ...]
    scale: float

    @property
    def children(self) -> float:
        """Return how many children are lived of an average authority, over all pasts."""
        return areas.ENGLAND_CHILDREN * self.scale * len(self.studies[0].seeds)

    @property
    def parameters(self) -> str:
        """Return what tells the settings from others: the parameters' address; with accepted sets a hash of both."""
        study = self.studies[0]
        if not study.factors:
            return study.parameters.address
        sets = study.points.to_csv(index=False, lineterminator="\n")
        return hashlib.sha256(f"{study.parameters.address}\n{sets}".encode()).hexdigest()

    @property
    def members(self) -> int:
        """Return the number of accepted sets that authorities are lived under; 1 for the settings as they are."""
        return len(self.studies[0].points)


def ask(
    table: Table, *, only: Iterable[str] = (), runs: int = 2, scale: float = 0.1, seed: int = 1,
    settings: Mapping[str, float] | None = None, members: Sequence[Mapping[str, float]] = (),
) -> Asked:  # fmt: skip
    """Return the studies of an outcomes table's authorities, or only of those named.

    runs: pasts of each, with a future each.  scale: of an average authority; a small one is lived at more and a large
    one at less, so that luck weighs alike in all.  members: accepted sets of parameters, each of which every authority
    is lived under; what they disagree on widens its ranges.
    """
    check_run(YEARS, runs)
    simulation.check_scale(areas.england(), scale)
    simulation.check_whole("seed", seed, 0, simulation.MAX_SEED - runs)
    chosen = _chosen(table, list(only))
    changed(DEFAULT, dict(settings or {}))
    groups: dict[float, list[Area]] = {}
    for name in chosen.rows.index:
        place = unknowing(areas.named(str(name)))
        groups.setdefault(size_for(place, scale), []).append(place)
    varied = _varied(members, settings or {})
    studies = tuple(
        Study(
            name=f"Validation at {size:g}", areas=tuple(places), lucks=(1,), seeds=tuple(range(seed, seed + runs)),
            years=YEARS, scale=size, measures=MEASURES, settings=dict(settings or {}), where="validate", **varied,
        )
        for size, places in sorted(groups.items())
    )  # fmt: skip
    return Asked(chosen, studies, float(scale))


def _varied(members: Sequence[Mapping[str, float]], settings: Mapping[str, float]) -> dict[str, Any]:
    """Return the factors and the design by which a study lives every member; what is set stays as it is set."""
    names = [name for name in DEFAULT.values if any(name in member for member in members) and name not in settings]
    if not names:
        return {}
    rows = tuple({name: member.get(name, DEFAULT[name]) for name in names} for member in members)
    return {"factors": tuple(Factor(name) for name in names), "design": Design("list", rows=rows)}


def _chosen(table: Table, only: list[str]) -> Table:
    if not table.columns:
        raise InputError(f"{table.where} knows nothing that the model has an answer to.")
    if not only:
        return table
    names = list(dict.fromkeys(name for text in only for name in _names(text)))
    for name in names:
        if name not in table.rows.index:
            raise InputError(f"{name} is not in {table.where}; only authorities whose outcomes it holds are accepted.")
    return table.of(names)


def _names(text: str) -> list[str]:
    """Return the authority of that name, or those of a list with commas (there are commas in some names too)."""
    try:
        return [areas.named(text).la_name]
    except InputError:
        if "," not in text:
            raise
    return [areas.named(part).la_name for part in text.split(",")]


def unknowing(place: Area) -> Area:
    """Return an authority with England's rate of unaccompanied children in place of its own, and say so in `filled`."""
    england = areas.england()
    rate = getattr(england, UNACCOMPANIED) / england.children_0_17
    filled = tuple(dict.fromkeys((*place.filled, UNACCOMPANIED)))
    return replace(place, filled=filled, **{UNACCOMPANIED: round(rate * place.children_0_17, 4)})


def size_for(place: Area, scale: float) -> float:
    """Return the share of an authority that comes nearest, in doublings, to the same number of children everywhere."""
    doublings = round(math.log2(areas.ENGLAND_CHILDREN / place.children_0_17))
    return float(min(1.0, scale * 2.0**doublings))


def live(
    asked: Asked, folder: Path, options: Options, tell: Tell = lambda progress: None, say: Say = lambda text: None
) -> "Validation":  # fmt: skip
    """Live what is not stored yet and return what it came to."""
    lived = []
    for study in asked.studies:
        results, progress = running.run_study(
            study, folder / f"{study.scale:g}", options, mixable=False, tell=tell, say=say
        )
        lived.append(results)
        if progress.stopped:
            raise InputError(f"Stopped, because {progress.stopped}; the same command goes on.")
    return Validation(asked, tuple(lived))


@dataclass(frozen=True)
class Validation:
    """What authorities came to, beside what their returns say. Every frame has a row per authority, by name."""

    asked: Asked
    results: tuple[StudyResults, ...] = field(repr=False)

    @property
    def table(self) -> Table:
        """Return the outcomes that are held against the model, of the authorities that were lived."""
        return self.asked.table.of([name for name in self.asked.table.rows.index if name in self.predicted.index])

    @property
    def address(self) -> str:
        """Return the hash that names these results."""
        return hashlib.sha256("\n".join(found.store.id for found in self.results).encode()).hexdigest()

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Return the runs that were not lived to their end."""
        runs = pd.concat([found.runs for found in self.results])
        return runs[~runs["status"].isin(LIVED)]

    @cached_property
    def by_run(self) -> pd.DataFrame:
        """Return (la_name, member, seed) rows with the model's answer to every outcome."""
        long = pd.concat([found.measures() for found in self.results])
        keys = ["area", "point", "seed"]
        wide = long.pivot_table(index=keys, columns="measure", values="value", observed=True)
        wide = wide.reindex(columns=list(MEASURES))
        whole = wide.drop(index=list(self.failures["area"].unique()), level="area", errors="ignore")
        places = {name: areas.named(str(name)) for name in whole.index.unique("area")}
        settings = {int(point): self._settings(int(point)) for point in whole.index.unique("point")}
        rows = [
            {
                outcome.column: outcome.answer(
                    dict(zip(MEASURES, values, strict=True)), places[name], settings[int(point)]
                )
                for outcome in PREDICTED
            }
            for (name, point, _), values in zip(whole.index, whole.to_numpy(dtype=np.float64).tolist(), strict=True)
        ]
        return pd.DataFrame(rows, whole.index.set_names(["la_name", "member", "seed"]), dtype="float64")

    def _settings(self, point: int) -> Parameters:
        """Return the parameters of one member."""
        study = self.asked.studies[0]
        return changed(
            study.parameters, {factor.name: float(value) for factor, value in study.values_at(point).items()}
        )

    @cached_property
    def by_member(self) -> pd.DataFrame:
        """Return (la_name, member) rows with the model's answer to every outcome, mean over seeds."""
        return self.by_run.groupby(level=["la_name", "member"]).mean()

    @cached_property
    def predicted(self) -> pd.DataFrame:
        """Return the model's answer to every outcome, mean over members."""
        return self.by_member.groupby(level="la_name").mean()


@dataclass(frozen=True)
class Record:
    """The model's answers for authorities whose outcomes come with the package, as they were when it was made."""

    predicted: pd.DataFrame
    parameters: str
    address: str
    children: float


@lru_cache(maxsize=1)
def record() -> Record | None:
    """Return the packaged record, or None before one has been made."""
    path = files("familyabm") / "data" / RECORD
    if not path.is_file():
        return None
    frame = pd.read_csv(io.StringIO(path.read_text(encoding="utf-8")))
    values = frame.set_index("la_name").drop(columns=["parameters", "address", "children"])
    parameters, address = (str(frame[name].iat[0]) for name in ("parameters", "address"))
    return Record(values.astype("float64"), parameters, address, float(frame["children"].mean()))


def record_text(found: Validation) -> str:
    """Return the record of a validation of the packaged authorities as CSV, four figures each."""
    rounded = found.predicted.map(lambda value: float(f"{value:.4g}"))
    rounded.insert(0, "parameters", found.asked.parameters)
    rounded.insert(1, "address", found.address)
    rounded.insert(2, "children", round(found.asked.children))
    return rounded.to_csv(lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
