"""Changes in mid-life: what policy wants of the levers from a later week on, and which hours are spoken for.

A lever that a change does not name stays where policy last wanted it, and so do hours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from familyabm.codes import Service
from familyabm.errors import InputError
from familyabm.shocks import LONGEST
from familyabm.tables import LEVERS
from familyabm.toml_fields import number, only, table, tables, whole
from familyabm.town import Town

HOURS = {
    "school": Service.SCHOOL, "gp_practice": Service.GP_PRACTICE, "police_team": Service.POLICE_TEAM,
    "housing_office": Service.HOUSING_OFFICE,
}  # fmt: skip
"""Services whose hours a change may speak for: those that get in touch, and housing, whose hours are its places."""
LEAST_HOURS, MOST_HOURS = -0.2, 0.5
"""Bounds of the share of a service's hours that is spoken for; below zero, hours are freed."""


@dataclass(frozen=True)
class Change:
    """What becomes different from a week on.

    levers: {name: 0 to 1}, where policy wants them.  hours: {service: share of its hours that is spoken for}.
    """

    from_week: int
    levers: Mapping[str, float] = field(default_factory=dict)
    hours: Mapping[str, float] = field(default_factory=dict)

    def as_address(self) -> tuple[object, ...]:
        """Return what stands for this change in a run's address."""
        return self.from_week, sorted(self.levers.items()), sorted(self.hours.items())

    @property
    def sentence(self) -> str:
        """Say it in words."""
        moved = [f"{name.replace('_', ' ')} {value:.0%}" for name, value in self.levers.items()]
        taken = [f"{share:.0%} of {name.replace('_', ' ')} hours" for name, share in self.hours.items()]
        said = [f"policy wants {', '.join(moved)}"] if moved else []
        said += [f"{', '.join(taken)} spoken for"] if taken else []
        return f"From week {self.from_week}: {'; '.join(said) or 'nothing'}."


_FIELDS = ("from_week", "levers", "hours")


def read_changes(given: Mapping[str, Any], where: str) -> tuple[Change, ...]:
    """Read [[changes]], checking them field by field; they stand in the order of their weeks."""
    entries = tables(given, "changes", where)
    found = tuple(_read(entry, f"{where}: changes[{place}]") for place, entry in enumerate(entries, start=1))
    in_order(found, where)
    return found


def in_order(changes: Iterable[Change], where: str) -> None:
    """Raise InputError unless each change comes in a later week than the one before."""
    weeks = [change.from_week for change in changes]
    for before, after in pairwise(weeks):
        if after <= before:
            raise InputError(f"{where}: changes from_week = {after} is not after {before}; later weeks are accepted.")


def _read(entry: Mapping[str, Any], where: str) -> Change:
    only(entry, _FIELDS, "a change", where)
    levers, hours = table(entry, "levers", where), table(entry, "hours", where)
    only(levers, LEVERS, "levers", where)
    only(hours, HOURS, "hours", where)
    return Change(
        whole(entry.get("from_week"), "from_week", where, 0, LONGEST),
        {name: number(value, f"levers.{name}", where, 0.0, 1.0) for name, value in levers.items()},
        {name: number(value, f"hours.{name}", where, LEAST_HOURS, MOST_HOURS) for name, value in hours.items()},
    )


def make(town: Town, change: Change, spoken_for: dict[str, float]) -> None:
    """Make a change in a town. spoken_for: shares that earlier changes left, brought up to date."""
    for name, value in change.levers.items():
        town.policy[name] = value
    for name, share in change.hours.items():
        left = (1.0 - share) / (1.0 - spoken_for.get(name, 0.0))
        _give(town, HOURS[name], left)
        spoken_for[name] = share


def _give(town: Town, kind: Service, left: float) -> None:
    """Leave every service of a kind this share of its hours; housing's hours are the budget of its places."""
    column = "budget" if kind == Service.HOUSING_OFFICE else "capacity"
    own = town.services["kind"] == kind
    town.services[column][own] *= left
