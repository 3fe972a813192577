"""History matching: from what is plausible to the parameter sets that England's figures do not rule out.

Waves of sets are drawn, lived and judged. The first comes from the prior; an emulator of all waves so far moves the
draws of the next to where the targets allow them (Craig et al. 1997; Vernon, Goldstein and Bower 2010). A set is
accepted only for what it came to when it was lived: a target's implausibility is how far off it is over all that may
explain that, the figure's own uncertainty, luck, and what the model misses with its defaults already; the third largest
must not exceed 3. Sizes of levers' effects, of which levels say next to nothing, are drawn from their prior.
"""

import json
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from familyabm.errors import InputError
from familyabm.parameters import DEFAULT, REGISTER
from familyabm.truth import emulation, measuring, settings, targets
from familyabm.truth.emulation import Emulator, Numbers
from familyabm.truth.measuring import Say, Tell

MOST_IMPLAUSIBLE = 3.0
MAY_BE = 2
"""Targets that may be more implausible than that."""
FIGURE = 0.5
"""Standard deviation of a well-known figure, in tolerances: what is accepted is two of them either side."""
ACTIVE = 80
"""Settings that are foretold by emulators: the foremost of the screening."""
LUCKS = 12
"""Lucks in which the defaults are lived, to tell luck from settings."""


@dataclass(frozen=True)
class Asked:
    """What is matched: sets wanted, sets a wave, waves at most, and the size of the runs."""

    wanted: int = 100
    wave: int = 160
    waves: int = 4
    scale: float = 0.2
    lucks: int = 1
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be matched."""
        if not 1 <= self.wanted <= 10_000 or not 8 <= self.wave <= 10_000 or not 2 <= self.waves <= 20:
            raise InputError(
                f"--sets {self.wanted}, --wave {self.wave} and --waves {self.waves} are not accepted together; 1 to "
                "10,000 sets, 8 to 10,000 a wave and 2 to 20 waves are."
            )


@dataclass(frozen=True)
class Matched:
    """What came of it.

    names: the settings drawn, the first `n_active` of them foretold by the emulator.  x: (runs, settings), from the
    defaults in spreads of the prior.  off: (runs, targets) in tolerances.  wave: (runs,) from 1.  values: what each run
    came to.  default: (lucks, targets) offs of the defaults, one luck each.
    """

    asked: Asked
    names: list[str]
    n_active: int
    x: Numbers = field(repr=False)
    off: Numbers = field(repr=False)
    wave: Numbers = field(repr=False)
    values: pd.DataFrame = field(repr=False)
    default: Numbers = field(repr=False)
    emulator: Emulator = field(repr=False)

    @property
    def luck(self) -> Numbers:
        """Return the standard deviation that luck gives each target in a run."""
        return np.asarray(np.nanstd(self.default, axis=0, ddof=1) / np.sqrt(self.asked.lucks))

    @property
    def missed(self) -> Numbers:
        """Return by how much the defaults miss what is accepted of each target, in tolerances."""
        return np.asarray(np.maximum(0.0, np.abs(np.nanmean(self.default, axis=0)) - 1.0))

    @property
    def allowance(self) -> Numbers:
        """Return how far off each target may be, luck included."""
        return _allowance(self.missed, self.luck)

    @property
    def implausible(self) -> Numbers:
        """Return (runs, targets) implausibilities; what could not be measured counts as not ruled out."""
        return np.nan_to_num(np.abs(self.off) / self.allowance)

    @property
    def central(self) -> dict[str, float]:
        """Return root mean square implausibilities: of the defaults with one luck, and of accepted sets."""
        own = _size(np.nan_to_num(np.abs(self.default) / self.allowance))
        kept = _size(self.implausible[self.accepted])
        return {"defaults": float(own.mean()), "best": float(kept.min()), "middle": float(np.median(kept))}

    @property
    def accepted(self) -> Numbers:
        """Tell which runs are accepted."""
        ranked = np.sort(self.implausible, axis=1)[:, ::-1]
        return np.asarray((self.wave > 1) & (ranked[:, MAY_BE] <= MOST_IMPLAUSIBLE))

    @property
    def sets(self) -> pd.DataFrame:
        """Return the accepted sets, the most central first: one row each, values by address."""
        order = np.argsort((self.implausible[self.accepted] ** 2).mean(axis=1), kind="stable")
        kept = self.x[self.accepted][order]
        centre = settings.places(self.names)
        return pd.DataFrame([settings.row(self.names, centre + settings.SPREAD * x) for x in kept])


def _size(implausible: Numbers) -> Numbers:
    return np.asarray(np.sqrt((implausible**2).mean(axis=1)))


def fitted_codes() -> list[str]:
    """Return the targets that are matched, in order: those with a size that one world tells of."""
    return [target.code for target in measuring.measured() if target.fitted]


def offs(values: pd.DataFrame) -> Numbers:
    """Return how far each row is off each fitted target, in tolerances: (rows, targets)."""
    found = [targets.find(code) for code in fitted_codes()]
    return np.array([[target.off(float(value)) for value in values[target.code]] for target in found]).T


def _allowance(missed: Numbers, luck: Numbers) -> Numbers:
    known = np.array([targets.find(code).known for code in fitted_codes()])
    return np.asarray(np.sqrt(FIGURE**2 / known + missed**2 + luck**2))


def active(most: int = ACTIVE) -> list[str]:
    """Return the settings that move the targets most, by the screening that is shipped."""
    with (resources.files("familyabm") / "data" / "screening.csv").open(encoding="utf-8") as file:
        ranked = pd.read_csv(file)["address"].tolist()
    unknown = set(settings.unknown())
    return [address for address in ranked if address in unknown][:most]


def match(
    folder: Path, asked: Asked, workers: int = 0, tell: Tell = lambda progress: None, say: Say = lambda text: None
) -> Matched:
    """Match until enough sets are accepted or the waves are used up, going on from what the folder holds."""
    names = active()
    n_active = len(names)
    names += [address for address in settings.levers() if address not in names]
    by_default = _live(folder / "defaults", [{}], asked, workers, tell, say, LUCKS)
    default = offs(by_default)
    found: Matched | None = None
    for number in range(1, asked.waves + 1):
        x = _drawn(names, n_active, asked, number, found)
        rows = [settings.row(names, settings.places(names) + settings.SPREAD * one) for one in x]
        values = _live(folder / f"wave-{number}", rows, asked, workers, tell, say, asked.lucks)
        by_point = values.groupby(level="point").mean()
        x, off = x[by_point.index.to_numpy()], offs(by_point)
        wave = np.full(len(x), number)
        if found is not None:
            x, off = np.concatenate([found.x, x]), np.concatenate([found.off, off])
            wave, by_point = np.concatenate([found.wave, wave]), pd.concat([found.values, by_point])
        emulator = emulation.fit(x[:, :n_active], off)
        found = Matched(asked, names, n_active, x, off, wave, by_point, default, emulator)
        say(f"Wave {number}: {int(found.accepted.sum())} sets accepted of {len(found.wave)} lived.")
        if found.accepted.sum() >= asked.wanted:
            break
    assert found is not None
    return found


def _live(
    folder: Path, rows: measuring.Rows, asked: Asked, workers: int, tell: Tell, say: Say, lucks: int
) -> pd.DataFrame:
    study = measuring.study_of(f"Matching: {folder.name}", rows, scale=asked.scale, lucks=lucks, seed=asked.seed)
    return measuring.values(measuring.live(study, folder, workers, tell, say))


def _drawn(names: list[str], n_active: int, asked: Asked, number: int, found: Matched | None) -> Numbers:
    """Draw a wave: from the prior, moved to where the targets allow it once there is an emulator; within the ranges."""
    random = np.random.Generator(np.random.Philox([asked.seed, number]))
    centre = settings.places(names)
    x = (settings.drawn(names, asked.wave, random) - centre) / settings.SPREAD
    if found is not None:
        spread = _allowance(found.missed, np.zeros_like(found.luck))
        x[:, :n_active] = emulation.allowed(found.emulator, x[:, :n_active], spread, random)
    return np.asarray(np.clip(x, -centre / settings.SPREAD, (1.0 - centre) / settings.SPREAD))


def diagnosed(found: Matched) -> dict[str, Any]:
    """Return what the matching taught: of each target, of each setting, and which settings trade off.

    A setting is free if its spread over accepted sets is nine tenths of the prior's or more.
    """
    accepted = found.accepted
    of_targets, codes = [], fitted_codes()
    kept, first = found.off[accepted], found.off[found.wave == 1]
    values = found.values.to_numpy()[accepted]
    places = [found.values.columns.get_loc(code) for code in codes]
    for number, code in enumerate(codes):
        target = targets.find(code)
        low, middle, high = np.nanquantile(values[:, places[number]], (0.05, 0.5, 0.95))
        of_targets.append({
            "code": code, "value": target.value, "low": target.low, "high": target.high,
            "set_low": low, "set_middle": middle, "set_high": high,
            "within_before": float(np.mean(np.abs(first[:, number]) <= 1.0)),
            "within_after": float(np.mean(np.abs(kept[:, number]) <= 1.0)),
            "explained": float(found.emulator.explained[number]), "luck": float(found.luck[number]),
            "missed_by_defaults": float(found.missed[number]),
        })  # fmt: skip
    return {"targets": of_targets, "settings": _of_settings(found), "trade_offs": _trade_offs(found)}


def headline(found: Matched) -> dict[str, dict[str, int]]:
    """Count the headline targets inside authorities' P10 to P90 and within a tenth: of the defaults, and of sets."""
    codes = fitted_codes()
    tolerance = np.array([targets.find(code).tolerance for code in codes])
    value = np.array([targets.find(code).value for code in codes])
    middles = {"defaults": np.nanmean(value * np.exp(found.default * tolerance), axis=0)}
    if found.accepted.any():
        middles["sets"] = np.nanmedian(found.values[codes].to_numpy()[found.accepted], axis=0)
    return {name: _counted(dict(zip(codes, middle, strict=True))) for name, middle in middles.items()}


def _counted(middle: dict[str, float]) -> dict[str, int]:
    chosen = [(target, float(middle[target.code])) for target in targets.headline()]
    inside = sum(target.p10 <= value <= target.p90 for target, value in chosen)
    tenth = sum(abs(value / target.value - 1.0) <= 0.1 for target, value in chosen)
    return {"of": len(chosen), "inside_p10_p90": inside, "within_a_tenth": tenth}


def _of_settings(found: Matched) -> list[dict[str, Any]]:
    kept, prior = found.x[found.accepted], found.x[found.wave == 1]
    narrowed, shift = kept.std(axis=0) / np.maximum(1e-9, prior.std(axis=0)), kept.mean(axis=0)
    moved = np.abs(found.emulator.weights)
    codes, rows = fitted_codes(), []
    for number, address in enumerate(found.names):
        drives = codes[int(moved[:, number].argmax())] if number < found.n_active else ""
        rows.append({
            "address": address, "grade": REGISTER[address].grade, "narrowed": float(narrowed[number]),
            "shift": float(shift[number]), "free": bool(narrowed[number] >= 0.9), "drives": drives,
        })  # fmt: skip
    return rows


def _trade_offs(found: Matched, most: int = 20) -> list[dict[str, Any]]:
    """Return the pairs of settings whose values go together in accepted sets by more than luck would have it."""
    kept = found.x[found.accepted][:, : found.n_active]
    if len(kept) < 10:
        return []
    together = np.corrcoef(kept.T)
    least = 4.0 / np.sqrt(len(kept))
    pairs = [(one, two) for one in range(len(together)) for two in range(one) if abs(together[one, two]) >= least]
    pairs.sort(key=lambda pair: -abs(together[pair]))
    return [
        {"one": found.names[two], "other": found.names[one], "correlation": float(together[one, two])}
        for one, two in pairs[:most]
    ]  # fmt: skip


def ship(found: Matched, folder: Path, command: str, version: str) -> list[Path]:
    """Write the accepted sets and the diagnostics as they are shipped: ensemble.csv and ensemble.json."""
    folder.mkdir(parents=True, exist_ok=True)
    sets = found.sets.head(max(found.asked.wanted, 1) * 2)
    about = {
        "command": command, "version": version, "defaults": DEFAULT.address, "sets": len(sets),
        "lived": len(found.wave), "waves": int(found.wave.max()), "scale": found.asked.scale,
        "lucks": found.asked.lucks, "seed": found.asked.seed, "active": found.n_active,
        "implausibility": rounded(found.central), "headline": headline(found),
    }  # fmt: skip
    whole = {"about": about, **rounded(diagnosed(found))}
    sets.to_csv(folder / "ensemble.csv", index=False)
    (folder / "ensemble.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return [folder / "ensemble.csv", folder / "ensemble.json"]


def rounded(value: Any) -> Any:
    """Return diagnostics with four figures each."""
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
