"""Small towns for tests, built once and copied."""

from functools import cache

import numpy as np

from familyabm import areas, population
from familyabm.areas import Area
from familyabm.journal import EVENTS_PER_FAMILY
from familyabm.levers import find
from familyabm.luck import fate_of
from familyabm.parameters import DEFAULT, Parameters
from familyabm.simulation import Run, Snapshot, live, live_past
from familyabm.tables import NOTE, empty
from familyabm.town import Town
from familyabm.week import live_one_week


@cache
def snapshot(name: str = "Wakefield", scale: float = 0.02, seed: int = 1) -> Snapshot:
    """Return the past of a small town, lived once for all tests."""
    return live_past(areas.named(name), DEFAULT, seed, scale)


def lived(scenario: str = "status-quo", weeks: int = 104, number: int = 1, **options: bool) -> Run:
    """Live a small town's future."""
    return live(snapshot(), find(scenario), weeks, number, **options)


def young_town(
    scale: float = 0.005,
    seed: int = 1,
    weeks: int = 60,
    parameters: Parameters = DEFAULT,
    area: Area | None = None,
) -> Town:
    """Return a town before its first week, with room for that many weeks."""
    return population.build(area or areas.named("Wakefield"), parameters, scale, seed, weeks)


def copy_of(town: Town) -> Town:
    """Return a copy of a town that shares nothing with it."""
    return Town(p={name: table.copy() for name, table in town.p.groups.items()},
                **{name: town.given[name].copy() for name in town})  # fmt: skip


def with_journal(town: Town) -> Town:
    """Return a copy of a town that keeps a page of its journal."""
    tables = {name: town.given[name].copy() for name in town}
    tables["page"] = empty(NOTE, EVENTS_PER_FAMILY * len(town.families) + 1000)
    return Town(p=dict(town.p.groups), **tables)


def awaken(town: Town, *rows: int) -> None:
    """Let these families, and no others, be awake and known to services."""
    for listed in ("awake", "known"):
        town.given[listed][: len(rows)] = rows
        town.authority[f"n_{listed}"] = len(rows)


def live_weeks(town: Town, weeks: int, start: int = 0) -> Town:
    """Live some weeks and return the town."""
    for week in range(start, start + weeks):
        live_one_week(town, week)
    return town


def bytes_of(town: Town) -> dict[str, bytes]:
    """Return every table's bytes, without the working space that a week overwrites."""
    passing = {"queue", "rank", "awake", "known", "troubles", "limits", "page", "hand_keys", "hands"}
    return {name: field_bytes(town.given[name]) for name in town if name not in passing}


def field_bytes(table: np.ndarray) -> bytes:
    """Return a table's bytes field by field, by name: where fields lie, and what lies between them, means nothing."""
    if table.dtype.names is None:
        return table.tobytes()
    return b"".join(np.ascontiguousarray(table[name]).tobytes() for name in sorted(table.dtype.names))


__all__ = [
    "awaken",
    "bytes_of",
    "copy_of",
    "fate_of",
    "field_bytes",
    "live_weeks",
    "lived",
    "snapshot",
    "with_journal",
    "young_town",
]
