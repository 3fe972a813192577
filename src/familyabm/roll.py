"""Who is there to be looked at: the views of one kind, made when somebody looks and kept in step from then on."""

from typing import TYPE_CHECKING

import numpy as np
from mesa.agent import AgentSet  # type: ignore[import-untyped]

from familyabm.agents import View

if TYPE_CHECKING:
    from familyabm.model import FamilyServicesModel


class Roll:
    """The views of one kind, kept in step with who is there."""

    def __init__(self, model: "FamilyServicesModel", kind: type[View]) -> None:
        """Make a view of each one there now."""
        self.model, self.kind = model, kind
        self.by_row: dict[int, View] = {}
        self.views = AgentSet([], random=model.random)
        self._keys = np.zeros(len(model.table(kind.table)), dtype=np.uint64)
        self.keep_up()

    def keep_up(self) -> None:
        """Remove the views of those who have left and make views of those who have come."""
        rows = self.model.table(self.kind.table)
        keys = self.kind.keys(rows, self.model.week)
        changed = np.flatnonzero(keys != self._keys)
        self._keys = keys
        for row in map(int, changed):
            if row in self.by_row:
                self.by_row[row].remove()
            if keys[row]:
                self.by_row[row] = self.kind(self.model, row, int(keys[row]))
                self.views.add(self.by_row[row])

    def drop(self, view: View) -> None:
        """Take a view off the roll."""
        self.views.discard(view)
        if self.by_row.get(view._row) is view:
            del self.by_row[view._row]
