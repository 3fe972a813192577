"""What a study will take, told before anything runs: runs, pasts, time on this machine and disk."""

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from familyabm import areas, population, simulation
from familyabm.lab import cluster, designs, plan
from familyabm.lab.study import Study
from familyabm.measures import MEASURES, by_year
from familyabm.parameters import DEFAULT
from familyabm.week import live_one_week

_TRIAL_CHILDREN = (1_500, 6_000)
_WARM_WEEKS, _TRIAL_WEEKS = 260, 52
"""A town takes twice as long a week once services know its families."""
_RUN_BYTES, _VALUE_BYTES, _WEEK_BYTES, _EVENT_BYTES, _FAMILY_BYTES = 220, 11, 1_300, 14, 420
"""On disk: of a run, a measure's value, a week's totals, an event, and a family of a saved past."""
_EVENTS_PER_CHILD_WEEK = 0.05
_CHILDREN_PER_FAMILY = 1.8
_START_SECONDS = 6.0


@dataclass(frozen=True)
class Speed:
    """How long one week takes on one core: seconds for any town, and for each child."""

    week: float
    child: float
    run: float

    def seconds(self, children: float, weeks: float) -> float:
        """Return the seconds that so many weeks take."""
        return weeks * (self.week + self.child * children)


@dataclass(frozen=True)
class Outlook:
    """What a study will take. runs: different ones; planned: with those that come to the same life."""

    planned: int
    runs: int
    points: int
    pasts: int
    cores: int
    core_seconds: float
    seconds: float
    disk: float
    free: float


def timed(names: Iterable[str] = MEASURES) -> Speed:
    """Time this machine for about a second: two towns, one of them four times as large, and the measures named."""
    place, seconds = areas.england(), []
    for children in _TRIAL_CHILDREN:
        town = population.build(place, DEFAULT, children / place.children_0_17, 1, _WARM_WEEKS + _TRIAL_WEEKS)
        for week in range(_WARM_WEEKS):
            live_one_week(town, week)
        began = time.perf_counter()
        for week in range(_WARM_WEEKS, _WARM_WEEKS + _TRIAL_WEEKS):
            live_one_week(town, week)
        seconds.append((time.perf_counter() - began) / _TRIAL_WEEKS)
    began = time.perf_counter()
    by_year(town.weekly[:_TRIAL_WEEKS], [name for name in names if name in MEASURES])
    each = max(0.0, (seconds[1] - seconds[0]) / (_TRIAL_CHILDREN[1] - _TRIAL_CHILDREN[0]))
    return Speed(max(0.0, seconds[0] - each * _TRIAL_CHILDREN[0]), each, time.perf_counter() - began)


def outlook(study: Study, speed: Speed | None = None, workers: int = 0, folder: Path = Path()) -> Outlook:
    """Return what a study will take; every point's settings are checked on the way."""
    plan.check(study)
    table = plan.frame(study)
    distinct = table.drop_duplicates("address")
    speed = speed or timed(study.measures)
    children = {area.la_name: area.children_0_17 * study.scale for area in study.areas}
    weeks = study.years * 52
    pasts = distinct.drop_duplicates("past")
    core = sum(speed.seconds(children[str(name)], simulation.PAST_WEEKS) for name in pasts["area"])
    each = {name: speed.seconds(n, weeks) + speed.run * study.years + 0.003 for name, n in children.items()}
    core += sum(n * each[str(name)] for name, n in distinct["area"].value_counts().items())
    n_cores = workers or cluster.cores()
    at_once = min(n_cores, max(1, len(distinct)))
    home = next(path for path in [folder.resolve(), *folder.resolve().parents] if path.exists())
    disk = len(distinct) * _disk(study, max(children.values())) + _pasts(children, n_cores)
    return Outlook(
        study.size, len(distinct), designs.size(study.design, study.factors), len(pasts), n_cores, core,
        _START_SECONDS + core / at_once, disk,
        float(shutil.disk_usage(home).free),
    )  # fmt: skip


def _disk(study: Study, children: float) -> float:
    """Return the bytes of one run."""
    found: float = _RUN_BYTES + _VALUE_BYTES * len(study.measures) * (1 + study.years * study.by_year)
    if study.keep in ("weekly", "journal"):
        found += _WEEK_BYTES * 52 * study.years
    if study.keep == "journal":
        found += _EVENT_BYTES * _EVENTS_PER_CHILD_WEEK * children * 52 * study.years
    return found


def _pasts(children: dict[str, float], n_cores: int) -> float:
    return min(len(children), 2 * n_cores) * max(children.values()) / _CHILDREN_PER_FAMILY * _FAMILY_BYTES
