"""The plan of a study: every run by its address, and the settings that each one is lived with.

The plan is worked out once and frozen with the study. Two runs that come to the same life have one address, and it
is lived once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from familyabm.areas import Area
from familyabm.errors import InputError, shown
from familyabm.lab.factors import BRANCH, PAST, Factor, Value, area_with
from familyabm.lab.study import Study
from familyabm.levers import Scenario
from familyabm.parameters import Parameters, changed
from familyabm.shocks import KINDS, Shock, read_shock
from familyabm.simulation import future_address, past_address

COLUMNS = ("point", "area", "seed", "luck", "world", "address", "past")


@dataclass(frozen=True)
class Cell:
    """One run of a study: where it stands in the design, its own address and its past's."""

    point: int
    area: str
    seed: int
    luck: int
    world: str
    address: str
    past: str


@dataclass(frozen=True)
class Lived:
    """The settings that a run is lived with."""

    area: Area
    parameters: Parameters
    scenario: Scenario


def rows(study: Study) -> Iterator[Cell]:
    """Work out every run of a study, those of one past together, pairs side by side."""
    for point in range(len(study.points)):
        worlds = {world.name: world_at(study, point, world) for world in study.worlds}
        parameters = parameters_at(study, point)
        for place in study.areas:
            area = area_at(study, point, place)
            for seed in study.seeds:
                past = past_address(area, parameters, seed, study.scale)
                for luck in study.lucks:
                    for name, scenario in worlds.items():
                        address = future_address(past, scenario, luck, study.years * 52)
                        yield Cell(point, place.la_name, seed, luck, name, address, past)


def frame(study: Study) -> pd.DataFrame:
    """Return the whole plan as a frame, one row a run, in the order in which it is lived."""
    table = pd.DataFrame([vars(cell) for cell in rows(study)], columns=list(COLUMNS))
    for column in ("area", "world", "past"):
        table[column] = table[column].astype("category")
    return table


def settings(study: Study, point: int, area: str, world: str) -> Lived:
    """Return what a run is lived with."""
    return Lived(
        area_at(study, point, study.area(area)), parameters_at(study, point),
        world_at(study, point, study.world(world)),
    )  # fmt: skip


def _at(study: Study, point: int, kind: str) -> dict[Factor, Value]:
    return {factor: value for factor, value in study.values_at(point).items() if factor.kind == kind}


def _where(study: Study, point: int) -> str:
    return f"{study.where}: point {point}"


def area_at(study: Study, point: int, area: Area) -> Area:
    """Return an area as it is at a point of the design."""
    changes = _at(study, point, "area")
    return area_with(area, changes, _where(study, point)) if changes else area


def parameters_at(study: Study, point: int) -> Parameters:
    """Return the parameters of the past, and of the future where no world says otherwise."""
    changes = {f.name: float(v) for f, v in _at(study, point, "parameter").items() if f.since == PAST}
    return changed(study.parameters, changes) if changes else study.parameters


def world_at(study: Study, point: int, world: Scenario) -> Scenario:
    """Return a world as it is at a point: what is varied comes on top of what the world says itself."""
    levers = {f: float(v) for f, v in _at(study, point, "lever").items() if f.acts_in(world.name)}
    branch = {
        f.name: float(v) for f, v in _at(study, point, "parameter").items()
        if f.since == BRANCH and f.acts_in(world.name)
    }  # fmt: skip
    maturity = next((value for factor, value in levers.items() if factor.key == "maturity"), world.maturity)
    return replace(
        world, maturity=maturity, shocks=world.shocks + _shocks(study, point, world.name),
        levers=dict(world.levers) | {f.key: value for f, value in levers.items() if f.key != "maturity"},
        parameters=dict(world.parameters) | branch,
    )  # fmt: skip


def _shocks(study: Study, point: int, world: str) -> tuple[Shock, ...]:
    """Return the study's shocks with their varied fields, each read again so that they fit each other."""
    changes: dict[str, dict[str, Value]] = {}
    for factor, value in _at(study, point, "shock").items():
        if factor.acts_in(world):
            name, _, field = factor.key.partition(".")
            changes.setdefault(name, {})[field] = value
    return tuple(
        _shock_with(shock, changes[name], f"{_where(study, point)}: shocks.{name}") if name in changes else shock
        for name, shock in study.shocks.items()
    )


def _shock_with(shock: Shock, changes: dict[str, Value], where: str) -> Shock:
    entry: dict[str, Any] = shock_entry(shock) | changes
    if "hold" in changes:
        entry["hold"] = bool(changes["hold"])
    if entry["shape"] == "pulse" and "weeks" not in changes:
        entry |= {"weeks": 1}
    if shock.what == "inspection":
        entry["amount"] = int(entry["amount"])
    return read_shock(entry, where)


def shock_entry(shock: Shock) -> dict[str, Any]:
    """Return a shock as it would stand in a file."""
    entry = dict(vars(shock))
    entry.pop("amount" if _multiplies(shock) else "times")
    if shock.what == "inspection":
        entry["amount"] = int(shock.amount)
    return entry


def _multiplies(shock: Shock) -> bool:
    return KINDS[shock.what].multiplies


def corners(study: Study) -> list[int]:
    """Return the points at the corners: the first and the last, and each factor's lowest and highest."""
    table = study.points
    found = {0, len(table) - 1}
    for name in table.columns:
        if table[name].dtype.kind in "fi":
            found |= {int(table[name].to_numpy().argmin()), int(table[name].to_numpy().argmax())}
        else:
            found |= set(np.flatnonzero(~table[name].duplicated()).tolist())
    return sorted(found)


def check(study: Study) -> None:
    """Raise InputError for the first point whose settings do not fit each other, saying how many more there are."""
    refused = list(refusals(study))
    if refused:
        more = len({told.partition(",")[0] for told in refused}) - 1
        raise InputError(f"{refused[0]} (The same goes for {more:,} more points.)" if more else refused[0])


def refusals(study: Study) -> Iterator[str]:
    """Say of every point whose settings do not fit each other why they do not."""
    makers: tuple[tuple[Any, tuple[Any, ...]], ...] = ((world_at, study.worlds), (area_at, study.areas))
    for point in range(len(study.points)):
        for make, given in makers:
            for one in given:
                try:
                    make(study, point, one)
                except InputError as error:
                    yield str(error)


def of_address(table: pd.DataFrame, address: str) -> Cell:
    """Return the first run of a plan whose address begins so; InputError where none or several do."""
    if len(address) < 4 or not address.isalnum():
        raise InputError(
            f"address {shown(address)} is not one; the first eight or more of its 64 letters are accepted."
        )
    found = table[table["address"].str.startswith(address.lower())]
    if found["address"].nunique() != 1:
        what = "no run" if found.empty else f"{found['address'].nunique()} runs"
        raise InputError(f"address {shown(address)} is that of {what} of this study.")
    row = found.iloc[0]
    return Cell(
        int(row["point"]), str(row["area"]), int(row["seed"]), int(row["luck"]), str(row["world"]),
        str(row["address"]), str(row["past"]),
    )  # fmt: skip
