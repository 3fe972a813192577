"""The lives behind the paper tables as files: not lived again for the same town, and there for anybody to look at."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from familyabm.simulation import Snapshot
from familyabm.workshop import paper
from familyabm.workshop.paper import BACK, CONTACTS, DECADE, OWN_NUMBER, Done, Met, Paper
from familyabm.writing import write_whole

LIVES, ABOUT = "paper-lives.csv", "paper-lives.json"
KEPT = tuple(dict.fromkeys((CONTACTS, BACK, *OWN_NUMBER.values(), *DECADE)))
"""Measures that the tables are made of."""


def kept_or_lived(folder: Path, snapshot: Snapshot, lucks: int, done: Done | None = None) -> Paper:
    """Return the tables of a town: from the folder if its lives are these very ones, else lived and kept there."""
    found = read(folder, snapshot, lucks)
    if found is None:
        found = paper.live(snapshot, lucks, done)
        write(found, folder)
    return found


def write(found: Paper, folder: Path) -> None:
    """Write every life's years, and which families each service met."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        frame[list(KEPT)].reset_index().assign(world=world, luck=luck)
        for world, frames in found.years.items() for luck, frame in enumerate(frames, start=1)
    ]  # fmt: skip
    write_whole(folder / LIVES, pd.concat(rows).to_csv(index=False, lineterminator="\n").encode())
    met = found.met
    about = {
        "address": found.address, "lucks": found.lucks, "families": dict(met.families),
        "contacts": {str(family): n for family, n in met.contacts.items()},
    }  # fmt: skip
    write_whole(folder / ABOUT, json.dumps(about, indent=1).encode())


def read(folder: Path, snapshot: Snapshot, lucks: int) -> Paper | None:
    """Return the tables from their files, None if there are none or they are of another town, version or workshop."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if about["address"] != paper.address(snapshot, lucks):
            return None
        whole = pd.read_csv(folder / LIVES)
        met = Met(
            {seat: tuple(int(family) for family in met) for seat, met in about["families"].items()},
            {int(family): int(n) for family, n in about["contacts"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    years: paper.Years = {}
    for (world, _), rows in whole.groupby(["world", "luck"], sort=True):
        frame = rows.set_index("year")[list(KEPT)].astype(np.float64)
        years.setdefault(str(world), []).append(frame)
    return Paper(snapshot, lucks, years, met)
