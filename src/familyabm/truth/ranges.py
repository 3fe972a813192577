"""One world under many accepted settings: a range of luck and a range of unknown settings for each measure."""

import numpy as np
import pandas as pd

from familyabm import lives, measures, simulation
from familyabm.levers import Scenario
from familyabm.lives import Ask, Done
from familyabm.simulation import Snapshot
from familyabm.truth import ensemble, spread


def of_world(
    snapshot: Snapshot, world: Scenario, n: int, *, years: int, lucks: int, by_luck: pd.DataFrame,
    done: Done | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return one row per measure: mean, luck_low, luck_high, settings_low and settings_high of the mean over years.

    by_luck: the means over years with the settings as they come, (lucks, measures): where the range of luck is from.
    n: sets of settings, each lived with `lucks` lucks, at least two.
    """
    ends = []
    for number, chosen in enumerate(ensemble.sets(n, snapshot.parameters), start=1):
        past = simulation.live_past(snapshot.area, chosen, snapshot.seed, snapshot.scale)
        asks = [Ask(past, world, luck, years) for luck in range(1, max(2, lucks) + 1)]
        lived = lives.live_all(asks)
        ends.append([lived[ask.address] for ask in asks])
        if done is not None:
            done(number, n)
    return _table(np.array(ends), by_luck)


def _table(ends: spread.Numbers, by_luck: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(lives.OUTCOMES):
        if name not in measures.MEASURES:
            continue
        own, found = by_luck[name].dropna().to_numpy(dtype=float), spread.apart(ends[:, :, place])
        low, high = np.quantile(own, (0.025, 0.975)) if len(own) else (float("nan"), float("nan"))
        rows.append({
            "measure": name, "title": lives.title(name), "unit": lives.unit(name),
            "mean": float(own.mean()) if len(own) else float("nan"), "luck_low": float(low), "luck_high": float(high),
            "settings_low": found["settings_low"], "settings_high": found["settings_high"],
        })  # fmt: skip
    return pd.DataFrame(rows)
