"""Which unknown settings move the targets most: every one by itself first, then Morris's trajectories of the foremost.

Every parameter of grade C or D is moved half way to the farther end of its range; the eighty that move the targets most
go on to a Morris design about the defaults. Targets that luck moves much at the size of the runs count for less. The
outcome is shipped (`data/screening.csv`) and remade by `familyabm calibrate screen`.
"""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import lives
from familyabm.lab.designs import Design
from familyabm.lab.factors import Factor
from familyabm.lab.study import Study
from familyabm.parameters import DEFAULT, REGISTER
from familyabm.truth import emulation, matching, measuring, settings, targets
from familyabm.truth.measuring import Say, Tell

FOREMOST = 80
"""Parameters that go on to Morris's design."""
STEP = 0.5
"""How far each is moved alone, as a share of the way to the farther end of its range."""
WIDTH = 0.25
"""Half the width of Morris's design about the defaults, as a share of each range."""
BLOCK = 60
LUCKS = 12
"""Lucks in which the defaults are lived, to tell luck from settings."""
Offs = NDArray[np.float64]


def moved(address: str) -> float:
    """Return a parameter's value half way to the farther end of its range."""
    entry = REGISTER[address]
    at = settings.place(entry, DEFAULT[address])
    return settings.value(entry, at + STEP * ((1.0 if at < 0.5 else 0.0) - at))


def alone(scale: float, lucks: int) -> list[Study]:
    """Return the studies that move every unknown parameter by itself; the first point of each is the defaults'.

    Several, because the time to write a plan grows with factors times points.
    """
    names = settings.unknown()
    parts = [names[start : start + BLOCK] for start in range(0, len(names), BLOCK)]
    rows = [[{}, *({address: moved(address)} for address in part)] for part in parts]
    return [measuring.study_of("Each unknown setting by itself", part, scale=scale, lucks=lucks) for part in rows]


def together(addresses: list[str], trajectories: int, scale: float, lucks: int) -> Study:
    """Return Morris's design of some parameters about their defaults."""
    return Study(
        "The foremost unknown settings, by Morris", ("England",), factors=tuple(_about(one) for one in addresses),  # type: ignore[arg-type]
        design=Design("morris", points=trajectories), lucks=lucks, scale=scale, measures=lives.OUTCOMES,  # type: ignore[arg-type]
    )  # fmt: skip


def _about(address: str) -> Factor:
    entry = REGISTER[address]
    at = settings.place(entry, DEFAULT[address])
    return Factor(address, settings.value(entry, at - WIDTH), settings.value(entry, at + WIDTH))


def offs(values: pd.DataFrame, luck: Offs) -> Offs:
    """Return how far each run is off each target: in tolerances and luck together, weighted by how well it is known.

    luck: (targets,) standard deviations of single runs, in tolerances.
    """
    known = np.array([targets.find(code).known for code in matching.fitted_codes()])
    off = np.clip(matching.offs(values), -emulation.FARTHEST, emulation.FARTHEST)
    return np.asarray(off * np.sqrt(known / (1.0 + luck**2)))


def distance(difference: Offs) -> Offs:
    """Return the root mean square over targets of differences between runs; what could not be measured is left out."""
    return np.asarray(np.sqrt(np.nanmean(difference**2, axis=-1)))


def of_alone(values: pd.DataFrame, names: Sequence[str], luck: Offs) -> pd.DataFrame:
    """Return one row a parameter: how far it moves the targets by itself, and the target it moves most.

    values: of points 0 (the defaults) and 1 onwards (each of the names moved).
    """
    by_point = values.groupby(level="point").mean()
    codes, default = matching.fitted_codes(), offs(by_point.loc[[0]], luck)
    shifts = dict(zip(by_point.index, offs(by_point, luck) - default, strict=True))
    rows = []
    for point, shift in list(shifts.items())[1:]:
        most = int(np.nanargmax(np.abs(shift)))
        rows.append((names[point - 1], float(distance(shift)), codes[most], float(shift[most])))
    return pd.DataFrame(rows, columns=["address", "alone", "most", "moves"])


def of_together(values: pd.DataFrame, study: Study, luck: Offs) -> pd.DataFrame:
    """Return one row a parameter: mu* and sigma in targets' tolerances, and the target that it moves most."""
    by_point = values.groupby(level="point").mean()
    points = study.points.loc[by_point.index]
    low, high = (np.array([float(getattr(f, end)) for f in study.factors]) for end in ("low", "high"))
    coded = (points.to_numpy(dtype=float) - low) / (high - low)
    effects: dict[int, list[Offs]] = {}
    off = offs(by_point, luck)
    size = len(study.factors) + 1
    for start in range(0, len(coded) - size + 1, size):
        for step in range(start, start + size - 1):
            change = coded[step + 1] - coded[step]
            which = int(np.abs(change).argmax())
            effects.setdefault(which, []).append((off[step + 1] - off[step]) / change[which])
    rows = [_star(study.factors[which].name, np.array(found)) for which, found in sorted(effects.items())]
    return pd.DataFrame(rows)


def _star(address: str, effects: Offs) -> dict[str, object]:
    """Return root mean squares over targets of mu* and sigma, and the target with the largest mean effect.

    effects: (trajectories, targets).
    """
    mean = np.nanmean(effects, axis=0)
    most = int(np.nanargmax(np.abs(mean)))
    return {
        "address": address, "mu_star": float(distance(np.nanmean(np.abs(effects), axis=0))),
        "sigma": float(distance(np.nanstd(effects, axis=0))), "most": matching.fitted_codes()[most],
        "moves": float(mean[most]),
    }  # fmt: skip


def screen(
    folder: Path, *, scale: float, lucks: int, trajectories: int, workers: int, tell: Tell = lambda progress: None,
    say: Say = lambda text: None,
) -> pd.DataFrame:  # fmt: skip
    """Screen every unknown setting, going on from what the folder holds, and return the ranking.

    Columns: address, grade, alone, mu_star and sigma (NaN where not among the foremost), most and moves (the target
    that it moves most, and by how many tolerances: over half its range, or by itself where not among the foremost).
    """
    study = measuring.study_of("The defaults", [{}], scale=scale, lucks=LUCKS)
    values = measuring.values(measuring.live(study, folder / "defaults", workers, tell, say))
    luck = np.nanstd(np.clip(matching.offs(values), -emulation.FARTHEST, emulation.FARTHEST), axis=0, ddof=1)
    luck = luck / np.sqrt(lucks)
    frames = []
    for number, study in enumerate(alone(scale, lucks), start=1):
        results = measuring.live(study, folder / f"alone-{number:02d}", workers, tell, say)
        frames.append(of_alone(measuring.values(results), [factor.name for factor in study.factors], luck))
    by_itself = pd.concat(frames).sort_values("alone", ascending=False)
    foremost = by_itself["address"].head(FOREMOST).tolist()
    second = together(foremost, trajectories, scale, lucks)
    by_morris = of_together(
        measuring.values(measuring.live(second, folder / "morris", workers, tell, say)), second, luck
    )
    joined = by_itself.merge(by_morris, on="address", how="left", suffixes=("_alone", ""))
    for column in ("most", "moves"):
        joined[column] = joined[column].fillna(joined.pop(f"{column}_alone"))
    joined.insert(1, "grade", [REGISTER[address].grade for address in joined["address"]])
    return joined.sort_values(["mu_star", "alone"], ascending=False, na_position="last").reset_index(drop=True)


def shipped() -> pd.DataFrame:
    """Return the ranking that comes with the package; parameters that are gone since are left out."""
    with (resources.files("familyabm") / "data" / "screening.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    return table[table["address"].isin(list(REGISTER))].reset_index(drop=True)


def as_shipped(table: pd.DataFrame) -> pd.DataFrame:
    """Return the ranking rounded as it is shipped."""
    return table.round({"alone": 3, "mu_star": 3, "sigma": 3, "moves": 2})
