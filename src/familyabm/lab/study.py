"""A study: which areas, worlds and points are lived, with which lucks, and what is kept of every life.

Everything a study names is looked up and checked when the `Study` is made, so that no run can begin that the last
one would refuse. The same lucks are lived at every point and in every world: differences are differences of pairs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from familyabm import areas as places
from familyabm import levers, lives, simulation
from familyabm.areas import Area
from familyabm.errors import InputError, shown
from familyabm.lab import designs, factors
from familyabm.lab.designs import Design
from familyabm.lab.factors import About, Factor, Value
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT, Parameters, changed
from familyabm.shocks import Shock
from familyabm.worlds import MAX_YEARS

KEEPS = ("totals", "weekly", "journal")
"""What is kept of a run: its measures; its weekly totals too; its journal too."""
MOST_RUNS = 2_000_000
LONGEST_LIMIT = 7 * 86_400.0


@dataclass(frozen=True)
class Study:
    """What a study asks. Areas and worlds may be given by name; lucks and seeds as a number or as a list.

    areas: authorities or files.  worlds: scenarios, their names all different.  factors, design: what varies, and
    how.  lucks: futures of each past; seeds: pasts of each point.  settings: parameters that hold everywhere.
    shocks: by name, what strikes every world.  measures: what is kept of each life, by default all.  by_year: keep
    each year's value beside the mean.  keep: "totals", "weekly" or "journal".  limit: seconds after which a run is
    given up.  reads: of a runner that keeps something else of a life than measures, what tells it from others: a hash.
    """

    name: str
    areas: tuple[Area, ...]
    worlds: tuple[Scenario, ...] = ("status-quo",)  # type: ignore[assignment]
    factors: tuple[Factor, ...] = ()
    design: Design = field(default_factory=Design)
    lucks: tuple[int, ...] = 10  # type: ignore[assignment]
    seeds: tuple[int, ...] = 1  # type: ignore[assignment]
    years: int = 10
    scale: float = 1.0
    measures: tuple[str, ...] = ()
    by_year: bool = False
    keep: str = "totals"
    limit: float = 900.0
    settings: Mapping[str, float] = field(default_factory=dict)
    shocks: Mapping[str, Shock] = field(default_factory=dict)
    title: str = ""
    question: str = ""
    reads: str = ""
    where: str = field(default="study", compare=False, repr=False)
    every_measure: bool = field(default=False, compare=False)
    frozen: Mapping[str, About] | None = field(default=None, compare=False, repr=False)
    """What was known of the factors when the study was frozen: it is taken as it is, whatever is known by now."""

    def __post_init__(self) -> None:
        """Look up what is given by name, fill in what is left out, and refuse what cannot be used."""
        if self.frozen is not None:
            return
        self._set("areas", _areas(self.areas, self.where))
        self._set("worlds", _worlds(self.worlds, self.where))
        self._set("lucks", _numbers(self.lucks, "lucks", self.where, 1, 10_000))
        self._set("seeds", _numbers(self.seeds, "seeds", self.where, 0, 1_000))
        self._set("every_measure", not self.measures or set(self.measures) == set(lives.OUTCOMES))
        self._set("measures", _named(f"{self.where}: measures", lives.check_outcomes, self.measures or lives.OUTCOMES))
        self._check_plain()
        self._settle_factors()
        designs.check(self.design, self.factors, self.known, f"{self.where}: design")
        self._check_together()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_plain(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip() or not self.name.isprintable():
            raise InputError(f"{self.where}: name = {shown(self.name)} is not accepted; a few words on one line are.")
        _named(self.where, simulation.check_whole, "years", self.years, 1, MAX_YEARS)
        for area in self.areas:
            _named(self.where, simulation.check_scale, area, self.scale)
        if self.keep not in KEEPS:
            raise InputError(f"{self.where}: keep = {shown(self.keep)} is not accepted; {_or(KEEPS)} is.")
        if not isinstance(self.limit, int | float) or not 1.0 <= self.limit <= LONGEST_LIMIT:
            raise InputError(f"{self.where}: limit = {shown(self.limit)} is not accepted; 1 to 604800 seconds are.")
        _named(f"{self.where}: set", changed, DEFAULT, self.settings)

    def _settle_factors(self) -> None:
        settled: list[Factor] = []
        world_names = [world.name for world in self.worlds]
        for place, factor in enumerate(self.factors, start=1):
            where = f"{self.where}: factors[{place}]"
            if factor.name in [other.name for other in settled]:
                raise InputError(f"{where}: name = {shown(factor.name)} is given twice; once is accepted.")
            for world in factor.worlds:
                if world not in world_names:
                    raise InputError(f"{where}: worlds = {shown(world)} is not a world of this study.")
            known = factors.about(factor, self.areas, self.shocks, where)
            settled.append(factors.settled(factor, known, where))
        self._set("factors", tuple(settled))

    def _check_together(self) -> None:
        """Refuse a factor that something else would override, so that it could not have any effect."""
        for place, factor in enumerate(self.factors, start=1):
            where = f"{self.where}: factors[{place}]: name = '{factor.name}'"
            if factor.kind == "parameter" and factor.name in self.settings:
                raise InputError(f"{where} is fixed by [set]; one of the two is accepted.")
            for world in self.worlds:
                if factor.kind == "parameter" and factor.since == factors.PAST and factor.name in world.parameters:
                    raise InputError(f"{where} is fixed by the world {world.name}, where it could not vary.")
        if self.size > MOST_RUNS:
            raise InputError(f"{self.where}: {self.size:,} runs are asked for; up to {MOST_RUNS:,} are accepted.")

    @cached_property
    def known(self) -> dict[str, About]:
        """Return what is known of each factor by name: title, unit, grade, range of its own and usual value."""
        if self.frozen is not None:
            return dict(self.frozen)
        return {
            factor.name: self._usual(factor, factors.about(factor, self.areas, self.shocks, self.where))
            for factor in self.factors
        }

    def _usual(self, factor: Factor, known: About) -> About:
        """Take a lever's usual value from [set], where it says where typical authorities stand."""
        base = f"base.{factor.key}"
        if factor.kind == "lever" and base in self.settings:
            return known._replace(usual=self.settings[base])
        return known

    @cached_property
    def points(self) -> pd.DataFrame:
        """Return the design's points, indexed `point` from 0, one column per factor in their order."""
        return designs.points(self.design, self.factors, self.known)

    def with_points(self, points: pd.DataFrame) -> "Study":
        """Return the study with its points as they were drawn when it was frozen, whatever would be drawn by now."""
        vars(self)["points"] = points
        return self

    @property
    def size(self) -> int:
        """Return the number of runs."""
        n = designs.size(self.design, self.factors)
        return n * len(self.areas) * len(self.worlds) * len(self.seeds) * len(self.lucks)

    @property
    def parameters(self) -> Parameters:
        """Return the parameters that hold where no factor says otherwise."""
        return changed(DEFAULT, self.settings)

    def values_at(self, point: int) -> dict[Factor, Value]:
        """Return every factor's value at a point."""
        return {factor: _plain(self.points[factor.name].iat[point]) for factor in self.factors}

    def world(self, name: str) -> Scenario:
        """Return the world of that name, or raise InputError."""
        return self.worlds[_place([world.name for world in self.worlds], name, "world")]

    def area(self, name: str) -> Area:
        """Return the area of that name, or raise InputError."""
        return self.areas[_place([area.la_name for area in self.areas], name, "area")]


def _place(names: list[str], name: str, what: str) -> int:
    if name not in names:
        raise InputError(f"{what} = {name!r} is not in this study; accepted: {', '.join(names)}.")
    return names.index(name)


def _plain(value: Any) -> Value:
    plain: Value = value.item() if hasattr(value, "item") else value
    return plain


def _or(words: Iterable[str]) -> str:
    *first, last = (f'"{word}"' for word in words)
    return f"{', '.join(first)} or {last}"


def _named(where: str, check: Any, *given: Any) -> Any:
    """Call a check of another module and put where it was asked before what it refuses."""
    try:
        return check(*given)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _areas(given: Any, where: str) -> tuple[Area, ...]:
    found = [entry if isinstance(entry, Area) else _find(places.find, entry, "areas", where) for entry in _list(given)]
    return _distinct(found, [area.la_name for area in found], "areas", where)


def _worlds(given: Any, where: str) -> tuple[Scenario, ...]:
    found = [
        entry if isinstance(entry, Scenario) else _find(levers.find, entry, "worlds", where) for entry in _list(given)
    ]
    return _distinct(found, [world.name for world in found], "worlds", where)


def _list(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]


def _find(find: Any, name: object, label: str, where: str) -> Any:
    if not isinstance(name, str) or "\0" in name:
        raise InputError(f"{where}: {label} = {shown(name)} is not a name in quotes.")
    return _named(f"{where}: {label}", find, name)


def _distinct(found: list[Any], names: list[str], label: str, where: str) -> tuple[Any, ...]:
    if not found:
        raise InputError(f"{where}: {label} is empty; at least one name is needed.")
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputError(f"{where}: {label} = {shown(name)} is given twice; once is accepted.")
    return tuple(found)


def _numbers(given: Any, label: str, where: str, low: int, most: int) -> tuple[int, ...]:
    """Return seeds or lucks: those listed, or as many as the number says, from 1 on."""
    if isinstance(given, list | tuple):
        found = [_named(where, simulation.check_whole, label, value, low, simulation.MAX_SEED) for value in given]
        return _distinct(found, [str(value) for value in found], label, where)
    return tuple(range(1, 1 + _named(where, simulation.check_whole, label, given, 1, most)))
