"""Runs in which the targets are measured: studies of the lab's store whose measures are the targets themselves.

A run keeps one number a target, read by the same functions as credibility's patterns; whatever lived is never lived
again, and a search that was broken off goes on from what its folder holds.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from familyabm import lives
from familyabm.credibility import run as experiments
from familyabm.credibility.experiments import Luck, Missing
from familyabm.credibility.levels import NEEDS, claim
from familyabm.credibility.settings import STATUS_QUO
from familyabm.errors import InputError
from familyabm.lab import plan, running
from familyabm.lab.designs import Design
from familyabm.lab.execute import Options, Progress
from familyabm.lab.factors import Factor
from familyabm.lab.living import Outcome, Pasts
from familyabm.lab.plan import Cell
from familyabm.lab.results import StudyResults
from familyabm.lab.study import Study
from familyabm.truth import targets
from familyabm.truth.targets import Target

Rows = Sequence[Mapping[str, float]]
"""Settings by address, one mapping a point; what is left out has its usual value."""
Tell = Callable[[Progress], None]
Say = Callable[[str], None]


def measured() -> tuple[Target, ...]:
    """Return the targets that a single world tells of, in the order of the file."""
    return tuple(target for target in targets.all_targets() if target.measure not in NEEDS)


def live_targets(study: Study, cell: Cell, pasts: Pasts) -> Outcome:
    """Live one run at status quo and measure every target; what cannot be measured is not a number."""
    lived = plan.settings(study, cell.point, cell.area, cell.world)
    snapshot = pasts.of(study, cell, lived)
    kept = experiments.live(snapshot, STATUS_QUO, lived.scenario, study.years, cell.luck)
    luck = Luck(cell.luck, {STATUS_QUO.name: kept})
    return Outcome({target.code: _value(target, luck) for target in measured()})


def reads() -> str:
    """Return what tells what is measured from others: a hash of the targets' codes and measures, and of the world."""
    told = [(target.code, target.measure) for target in measured()]
    return hashlib.sha256(repr((told, STATUS_QUO)).encode()).hexdigest()


def _value(target: Target, luck: Luck) -> float:
    try:
        return float(claim(target).of(luck))
    except Missing:
        return float("nan")


def study_of(
    name: str, rows: Rows, *, area: str = "England", years: int = 10, scale: float = 0.2, lucks: int = 1, seed: int = 1
) -> Study:
    """Return the study that lives each point at status quo; the points share their lucks."""
    addresses = list(dict.fromkeys(address for row in rows for address in row))
    design = Design("list", rows=tuple(rows)) if addresses else Design()
    return Study(
        name, (area,), factors=tuple(Factor(address) for address in addresses), design=design,  # type: ignore[arg-type]
        lucks=lucks, seeds=[seed], years=years, scale=scale, measures=lives.OUTCOMES, reads=reads(),  # type: ignore[arg-type]
    )  # fmt: skip


def live(
    study: Study, folder: Path, workers: int, tell: Tell = lambda progress: None, say: Say = lambda text: None
) -> StudyResults:  # fmt: skip
    """Live what the folder does not hold yet, and return its results; KeyboardInterrupt if it was stopped before."""
    results, progress = running.run_study(
        study, folder, Options(workers=workers), mixable=False, run_one=live_targets, tell=tell, say=say
    )
    if progress.stopped:
        raise KeyboardInterrupt
    return results


def values(results: StudyResults) -> pd.DataFrame:
    """Return what each run came to: rows (point, luck), a column for each target; failed runs are left out.

    InputError where a target was not read at all, or one that is fitted is a number in no run: nothing could be learnt
    of it, and it would pass as met.
    """
    runs = results.runs[results.runs["status"].isin(["done", "not finite"])]
    stored = results.stored_rows("measures", runs["address"].unique().tolist()).to_pandas()
    wide = stored.pivot_table(index="address", columns="measure", values="value", dropna=False)
    joined = runs[["address", "point", "luck"]].merge(wide, left_on="address", right_index=True)
    columns = [target.code for target in measured()]
    found = joined.set_index(["point", "luck"]).sort_index().reindex(columns=columns)
    unknown = [
        target.code for target in measured()
        if len(found) and found[target.code].isna().all() and (target.fitted or target.code not in wide)
    ]  # fmt: skip
    if unknown:
        raise InputError(
            f"{results.store.folder}: in no run could {', '.join(unknown)} be measured; a larger --scale or another "
            "folder (--out) is accepted."
        )
    return found
