"""A study in a real store, whose lives are a function of the settings: everything that a study's results go through."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from familyabm.lab import plan, provenance, store
from familyabm.lab.designs import Design
from familyabm.lab.factors import Factor
from familyabm.lab.living import Outcome, Pasts
from familyabm.lab.plan import Cell
from familyabm.lab.results import StudyResults, open_study
from familyabm.lab.store import Store, Stored
from familyabm.lab.study import Study
from familyabm.lab.tasks import RunOne, Task, run_task
from tests import lab_models
from tests.lab_frames import ishigami

SETTINGS = ("early_help.hours", "front_door.consent_base", "early_help.paper_base")
"""Three parameters of the model that stand for Ishigami's x1, x2 and x3, each over its whole range."""
MEASURES = ("harm", "care_starts", "spend")


def study_of(design: Design, lucks: int = 1, names: tuple[str, ...] = SETTINGS, worlds=("status-quo",)) -> Study:
    return Study(
        "Made", ("Rutland",), worlds, tuple(Factor(name) for name in names), design, lucks, 1, 1, 0.1, ("looked_after",)
    )  # fmt: skip


def scaled(study: Study, cell: Cell) -> list[float]:
    """Return a point's settings from 0 to 1."""
    values = study.values_at(cell.point)
    return [(float(value) - factor.low) / (factor.high - factor.low) for factor, value in values.items()]


def ishigami_life(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    angles = [math.pi * (2.0 * share - 1.0) for share in scaled(study, cell)]
    return Outcome({"looked_after": ishigami(dict(zip(("x1", "x2", "x3"), angles, strict=True)), None)})


def planted_life(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Raise at point 7 and be no number at point 23."""
    if cell.point == 7:
        raise ZeroDivisionError("planted")
    if cell.point == 23:
        return Outcome({"looked_after": math.nan})
    return ishigami_life(study, cell, pasts)


def bent_life(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Whole-system working pays from the middle of the first setting on; the second moves both worlds."""
    first, second = scaled(study, cell)[:2]
    luck = np.random.default_rng([cell.luck, cell.point, cell.world == "status-quo"]).normal(0.0, 1.0)
    gain = 0.0 if cell.world == "status-quo" else 3.0 - 12.0 * max(0.0, first - 0.5)
    return Outcome({"looked_after": 60.0 + 10.0 * second + gain + luck})


def stored(folder: Path, study: Study, run_one: Callable[[Study, Cell, Pasts], Outcome]) -> StudyResults:
    """Run a whole study in this process and open it."""
    opened = store.create(folder, study)
    cells = tuple(plan.rows(study))
    once = tuple({cell.address: cell for cell in cells}.values())
    sort = provenance.code_hash()
    run_task(Task(str(folder), opened.id, once, frozenset(), 1, "", sort, guarded=False), run_one)
    return open_study(folder)


# --- A small study of two worlds, in parts of a few runs


def asked(**more: object) -> Study:
    """Return a study of two worlds, two points and three lucks: twelve runs."""
    return Study(
        "made up", ("Wakefield",), ("status-quo", "whole-system"), (Factor("levers.continuity", values=(0.1, 0.9)),),
        Design("grid"), **{"lucks": 3, "years": 1, "scale": 0.01, "measures": MEASURES, **more},
    )  # fmt: skip


def task_of(opened: Store, cells: list[Cell], attempt: int = 1) -> Task:
    """Return the task of living some of a study's runs."""
    name = store.add_provenance(opened.folder, provenance.inputs(opened.study))
    return Task(str(opened.folder), opened.id, tuple(cells), frozenset(), attempt, name, provenance.code_hash(), False)


def lived(
    folder: Path, study: Study | None = None, together: int = 4, model: RunOne = lab_models.cheap, few: int = 99
) -> Store:
    """Return a study's folder with made-up runs in it, in parts of a few."""
    opened = store.create(folder, study or asked())
    cells = list({cell.address: cell for cell in plan.rows(opened.study)}.values())[:few]
    for first in range(0, len(cells), together):
        report = run_task(task_of(opened, cells[first : first + together]), model)
        for key, checksum in report.parts:
            store.enter(folder, "tests", key, checksum)
    return opened


def wanted(opened: Store) -> list[str]:
    """Return the addresses of the runs that are not stored yet."""
    stored = Stored(opened)
    stored.refresh()
    return [address for address in opened.plan()["address"].unique() if address not in stored.status]


def fails(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Raise at the third luck."""
    if cell.luck == 3:
        raise RuntimeError("=cmd()")
    return Outcome(dict.fromkeys(study.measures, cell.luck + 0.5))
