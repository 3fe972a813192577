"""The picture of families and services as a widget, for Solara pages and notebooks: the renderer of the app's page."""

import anywidget
import numpy as np
import traitlets

from familyabm.simulation import Life

from . import record
from .record import SERVICES, Record
from .view import HERE

YEAR = 52


def whole_module(*names: str) -> str:
    """Return scripts of the pages as one, because a widget's script can import no other file."""
    texts = [(HERE / "static" / name).read_text(encoding="utf-8") for name in names]
    return "".join(line for text in texts for line in text.splitlines(keepends=True) if not line.startswith("import "))


class FamilyNetwork(anywidget.AnyWidget):
    """Families and services at the end of a week. `record` holds the last year; `drawn` says what the browser drew."""

    _esm = whole_module("record.js", "picture.js", "widget.js")
    record = traitlets.Bytes().tag(sync=True)
    places = traitlets.Bytes().tag(sync=True)
    services = traitlets.List(list(SERVICES.values())).tag(sync=True)
    week = traitlets.Int(0).tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    look = traitlets.Int(-1).tag(sync=True)
    passes = traitlets.Bool(False).tag(sync=True)
    family = traitlets.Int(-1).tag(sync=True)
    drawn = traitlets.Int(-1).tag(sync=True)


class LiveTown:
    """A town being lived now, week by week, with the record of its last year."""

    def __init__(self, life: Life) -> None:
        """Look at a life; whoever holds it moves it on with `step`."""
        self.life = life
        self.touches = np.empty(0, record.TOUCH)
        self._pages = 0
        self._bands = record.bands(life.snapshot)
        self._groups = record.groups()

    @property
    def week(self) -> int:
        """Return the week that has been lived last, -1 before the first."""
        return self.life.week - 1

    def step(self, weeks: int = 1) -> None:
        """Live some weeks, and note what happened in them."""
        for _ in range(weeks):
            if self.life.week < self.life.weeks:
                self.life.step()
        self._note()

    def _note(self) -> None:
        families = self.life.town.families
        homes = dict(zip(families["key"].tolist(), range(len(families)), strict=True))
        for page in self.life.pages[self._pages :]:
            rows = np.asarray(page)
            known = rows[np.isin(rows["family"], families["key"])]
            self.touches = np.concatenate([self.touches, record.touches_in(known, homes)])
        self._pages = len(self.life.pages)
        self.touches = self.touches[self.touches["week"] > self.week - YEAR]

    def last_year(self) -> Record:
        """Return the last year as a record whose last week is now."""
        families = self.life.town.families
        first = max(0, self.week - YEAR + 1)
        touches = self.touches.copy()
        touches["week"] -= first
        states = np.empty(len(families), record.STATE)
        states["row"], states["week"] = np.arange(len(families)), 0
        states["state"] = record.states_of(families, self._bands, self._groups)
        return Record(max(1, self.week - first + 1), len(families), touches, states)

    def pull(self, lever: str, to: float) -> None:
        """Let policy aim at another value of a lever from now on; practice follows as it does."""
        self.life.town.policy[lever] = to
