"""What a report can be made of: sentences, figures and tables, kept by the worker as plain data beside its pages.

specifications: the charts as Vega-Lite, where a picture is made of charts.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from familyabm import simulation
from familyabm.areas import ATTRIBUTION, Area
from familyabm.levers import Scenario
from familyabm.report.figures import Figure, Grid
from familyabm.report.page import data_years
from familyabm.worlds import STATUS_LINE

from .jobs import Job, put
from .settings import Settings

FILE = "items.json"
_LABEL = re.compile(r'aria-label="([^"]*)"')


@dataclass(frozen=True)
class Item:
    """One thing that a report can hold. svgs: its pictures.  headers, rows, units: its table.  said: its sentences."""

    identity: str
    title: str
    line: str = ""
    said: list[str] = field(default_factory=list)
    svgs: list[str] = field(default_factory=list)
    caption: str = ""
    headers: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    specifications: list[dict[str, Any]] = field(default_factory=list)

    @property
    def grid(self) -> Grid:
        """Return its table."""
        return Grid(self.caption, self.headers, self.rows, self.units)

    def alternative(self, svg: str) -> str:
        """Return the alternative text of one of its pictures."""
        found = _LABEL.search(svg)
        return found[1] if found else self.title


def of_figure(figure: Figure) -> Item:
    """Return a figure as an item."""
    svgs = [f"{part}</svg>" for part in str(figure.picture).split("</svg>") if part.strip()]
    item = Item(figure.identity, figure.title, figure.line, svgs=svgs, specifications=figure.specifications)
    return replace_grid(item, figure.grid)


def of_grid(identity: str, title: str, grid: Grid) -> Item:
    """Return a table as an item."""
    return replace_grid(Item(identity, title), grid)


def replace_grid(item: Item, grid: Grid) -> Item:
    """Return an item with a table."""
    whole = asdict(item) | {"caption": grid.caption, "headers": grid.headers, "rows": grid.rows, "units": grid.units}
    return Item(**whole)


def keep(items: list[Item], folder: Path) -> None:
    """Keep the items of a job."""
    put(folder / FILE, json.dumps([asdict(item) for item in items], ensure_ascii=False).encode())


def kept(job: Job) -> list[Item]:
    """Return the items of a job, none before it is done."""
    return [Item(**item) for item in json.loads(job.text(FILE) or "[]")]


def about(
    settings: Settings, area: Area, worlds: tuple[Scenario, Scenario], address: str, link: str
) -> list[tuple[str, str]]:
    """Return what every file says of itself: its status, what it is of, and how it is made again."""
    own = [f"{name} = {value}" for name, value in settings.given() if name not in ("area", "a", "b")]
    return [
        ("Status", STATUS_LINE),
        ("Area", f"{area.la_name}, {area.region}, {area.children_0_17:,} children aged 0 to 17"),
        ("Dates of the data", f"Official figures of {data_years()}"),
        ("Figures filled in", area.filled_sentence() or "None: every figure is the area's own."),
        ("World A", f"{worlds[0].title}. {worlds[0].description}"),
        ("World B", f"{worlds[1].title}. {worlds[1].description}"),
        ("Size", f"{settings.families:,} families, {settings.years} years, {settings.pairs} pairs of runs"),
        ("Luck number", f"{settings.luck}"),
        ("Settings changed", "; ".join(own) or "None"),
        ("Version", f"familyabm {simulation.VERSION}"),
        ("Address", address),
        ("Link", link),
        ("Licence", ATTRIBUTION),
    ]
