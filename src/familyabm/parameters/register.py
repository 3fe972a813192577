"""The register: every number of the model, declared once with its unit, range, source, grade and meaning.

Default, validation, documentation, priors and sensitivity bounds all read the declaration; nothing else may
hold a number, and nothing varies one but `changed`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from familyabm.errors import InputError, finite, nearest, shown

GRADES = {
    "A": "trial",
    "B": "quasi-experiment or official statistic",
    "C": "observational",
    "D": "expert judgement",
}


@dataclass(frozen=True)
class Parameter:
    """One number of the model: `address` is group.name, `lever` names the lever whose effect it sizes, if any."""

    address: str
    value: float
    unit: str
    low: float
    high: float
    grade: str
    source: str
    meaning: str
    lever: str = ""

    def check(self, value: object) -> float:
        """Return `value` as a float, or raise InputError when it is not a number within the plausible range."""
        accepted = f"{self.low:g} to {self.high:g} {self.unit}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{self.address} = {shown(value)} is not a number; {accepted} would be accepted.")
        if not finite(value) or not self.low <= value <= self.high:
            raise InputError(f"{self.address} = {shown(value)} {self.unit} is outside {accepted}.")
        return float(value)


@dataclass
class Param:
    """A declaration within a `Group`; it learns its address from the class that holds it."""

    value: float
    unit: str
    low: float
    high: float
    grade: str
    source: str
    meaning: str
    lever: str = ""


def param(
    value: float,
    unit: str,
    bounds: tuple[float, float],
    grade: str,
    source: str,
    meaning: str,
    lever: str = "",
) -> Param:
    """Declare one number: default, unit, plausible range, evidence grade, source and meaning in plain English."""
    if grade not in GRADES or not bounds[0] <= value <= bounds[1]:
        raise ValueError(f"declaration of '{meaning}': grade {grade}, {value} within {bounds}")
    return Param(value, unit, bounds[0], bounds[1], grade, source, meaning, lever)


class Group:
    """A named group of declarations; every subclass registers itself under `name`."""

    name: ClassVar[str]
    registered: ClassVar[dict[str, type["Group"]]] = {}

    def __init_subclass__(cls) -> None:
        """Enter the group in the register; a name that record arrays keep for themselves is refused."""
        for key, value in vars(cls).items():
            if isinstance(value, Param) and hasattr(np.record, key):
                raise ValueError(f"{cls.name}.{key} needs another name: record arrays have a method called so")
        if cls.name in Group.registered:
            raise ValueError(f"two groups are called {cls.name}")
        Group.registered[cls.name] = cls

    @classmethod
    def declared(cls) -> dict[str, Parameter]:
        """Return the group's parameters by address, in the order of declaration."""
        entries = ((key, value) for key, value in vars(cls).items() if isinstance(value, Param))
        return {
            f"{cls.name}.{key}": Parameter(f"{cls.name}.{key}", **vars(declaration)) for key, declaration in entries
        }


@dataclass(frozen=True)
class Parameters:
    """A complete, validated set of values; immutable. Make another with `changed`."""

    values: Mapping[str, float] = field(repr=False)
    register: Mapping[str, Parameter] = field(repr=False)

    def __getitem__(self, address: str) -> float:
        """Return the value at an address such as `circumstances.housing_onset`."""
        return self.values[known(self.register, address)]

    @cached_property
    def address(self) -> str:
        """Return a hash of all the values, the parameters' part of a run's address."""
        text = "\n".join(f"{key}={value!r}" for key, value in sorted(self.values.items()))
        return hashlib.sha256(text.encode()).hexdigest()

    @cached_property
    def _groups(self) -> dict[str, dict[str, float]]:
        """Return the values by group and name: every run asks for all groups, and looking through all takes long."""
        groups: dict[str, dict[str, float]] = {}
        for address, value in self.values.items():
            group, _, name = address.partition(".")
            groups.setdefault(group, {})[name] = value
        return groups

    def record(self, group: str) -> Any:
        """Return the values of a group as a one-row record array whose fields bear the parameters' names."""
        values = self._groups[group]
        kind = np.dtype([(name, "f8") for name in values], align=True)  # as tables are, so that rules take either
        return np.array([tuple(values.values())], dtype=kind).view(np.recarray)


def known(register: Mapping[str, Parameter], address: str) -> str:
    """Return `address` if it is registered, else raise InputError naming the nearest known one."""
    if address in register:
        return address
    hint = nearest(address, register)
    raise InputError(f"{address} is not a parameter{hint}; 'familyabm parameters' lists all {len(register)}.")


def changed(parameters: Parameters, changes: Mapping[str, float]) -> Parameters:
    """Return a copy of `parameters` with some values changed, each checked against its plausible range.

    changes: {address: value}.  Raises InputError for an unknown address or a value out of range.
    """
    checked = {
        known(parameters.register, address): parameters.register[address].check(value)
        for address, value in changes.items()
        if known(parameters.register, address)
    }
    return Parameters({**parameters.values, **checked}, parameters.register)
