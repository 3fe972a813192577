"""What a view is: one row of a table as a Mesa agent, read at every look and never set."""

from collections.abc import Iterable
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

import numpy as np
from mesa.agent import Agent, AgentSet  # type: ignore[import-untyped]
from numpy.typing import NDArray

from familyabm import tables
from familyabm.codes import NOBODY
from familyabm.errors import nearest

if TYPE_CHECKING:
    from familyabm.model import FamilyServicesModel

Kind = TypeVar("Kind", bound="View")
_MESA_SETS = ("model", "unique_id", "pos")


class Column:
    """A state variable of a view, read from the row at every look."""

    def __init__(self, name: str, meaning: str, code: type[IntEnum] | None = None) -> None:
        """Name the column; `code` is the enum that its numbers stand for, if any."""
        self.name, self.code, self.__doc__ = name, code, meaning

    def __get__(self, view: "View | None", owner: type) -> Any:
        """Return a Python number, an enum member, or a copy of an array that cannot be written to."""
        if view is None:
            return self
        value = view._read(self.name)
        if isinstance(value, np.ndarray):
            copied = np.array(value)
            copied.flags.writeable = False
            return copied
        return value.item() if self.code is None else self.code(value)


class View(Agent):  # type: ignore[misc]
    """One row of a table as a Mesa agent: its attributes are the table's columns, read and never set.

    `key` is the identity, the same in every world; `unique_id` is Mesa's own number. A view whose person or
    family has left, and whose place in the table has gone to another, raises LookupError.
    """

    table: ClassVar[str] = ""
    columns: ClassVar[dict[str, tuple[Any, ...]]] = {}
    codes: ClassVar[dict[str, type[IntEnum]]] = {}
    named: ClassVar[dict[str, type["View"]]] = {}

    def __init_subclass__(cls, **given: object) -> None:
        """Give the class an attribute for each column that no relation stands in for."""
        super().__init_subclass__(**given)
        cls.named[cls.__name__] = cls
        for name, entry in cls.columns.items():
            if not hasattr(cls, name):
                setattr(cls, name, Column(name, entry[1], cls.codes.get(name)))

    def __init__(self, model: "FamilyServicesModel", row: int, key: int) -> None:
        """Show a row of this kind's table; made by `FamilyServicesModel.views`."""
        object.__setattr__(self, "_row", row)
        object.__setattr__(self, "key", key)
        super().__init__(model)

    @classmethod
    def there(cls, rows: tables.Table, week: int) -> NDArray[np.bool_]:
        """Say of each row of the table whether one of this kind is there in that week."""
        return np.ones(len(rows), dtype=bool)

    @classmethod
    def keys(cls, rows: tables.Table, week: int) -> NDArray[np.uint64]:
        """Return the key of the one of this kind in each row, 0 where nobody of this kind is there."""
        return np.where(cls.there(rows, week), rows["key"], np.uint64(0))

    def __getattr__(self, name: str) -> Any:
        """Refuse an unknown state variable, naming the nearest known one."""
        kind = type(self)
        hint = "" if name.startswith("_") else nearest(name, dir(kind))
        raise AttributeError(f"{kind.__name__} has no state variable {name}{hint}.")

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse to change anything but what Mesa itself keeps with an agent."""
        if name not in _MESA_SETS:
            raise AttributeError(f"{type(self).__name__}.{name} is read, not set: only rules change rows.")
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        """Name the kind and the key."""
        return f"{type(self).__name__}(key={self.key})"

    def remove(self) -> None:
        """Stop showing this row in the model's agent sets; the row lives on."""
        super().remove()
        self.model.roll(type(self)).drop(self)

    def _read(self, name: str) -> Any:
        row = self.model.table(self.table)[self._row]
        if row["key"] != self.key:
            raise LookupError(f"{self!r} has left the model, and another is in its place.")
        return row[name]

    def _one(self, kind: type[Kind], row: int) -> Kind | None:
        """Return the view of one row of another kind, or None if nobody is there."""
        found = None if row == NOBODY else self.model.roll(kind).by_row.get(int(row))
        return cast("Kind | None", found)

    def _its(self, kind: type[Kind], row: int) -> Kind:
        """Return the view of one row of another kind that is always there."""
        return cast(Kind, self.model.roll(kind).by_row[int(row)])

    def _many(self, kind: type["View"] | str, rows: Iterable[int]) -> AgentSet:
        """Return the views of rows of another kind, given as a class or by name, without those where nobody is."""
        among = self.named[kind] if isinstance(kind, str) else kind
        found = (self._one(among, row) for row in rows)
        return AgentSet([view for view in found if view is not None], random=self.model.random)

    def _those(self, kind: type["View"] | str, column: str) -> AgentSet:
        """Return the views of another kind whose column holds this row's number."""
        self._read("key")
        among = self.named[kind] if isinstance(kind, str) else kind
        return self._many(among, np.flatnonzero(self.model.table(among.table)[column] == self._row))
