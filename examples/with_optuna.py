"""Optuna: levers that lower harm to children and what the council spends, two aims that pull against each other."""

import optuna
import pandas as pd

from familyabm import areas, levers, measures, simulation
from familyabm.levers import LEVER_TITLES, Scenario
from familyabm.parameters import DEFAULT


def differences(tried: dict[str, float], lucks: int, scale: float, years: int) -> tuple[float, float]:
    """Return harm and spending less those of the status quo, as means over lucks that both worlds share."""
    past, worlds = simulation.past(areas.find("Wakefield"), DEFAULT, 1, scale), []
    for world in (Scenario("tried", "tried", "", levers=tried), levers.find("status-quo")):
        lives = [simulation.live(past, world, 52 * years, luck).weekly for luck in range(1, lucks + 1)]
        worlds.append(pd.concat([measures.by_year(weekly, ["harm", "spend"]) for weekly in lives]).mean())
    harm, spend = worlds[0] - worlds[1]
    return float(harm), float(spend)


def front(trials: int = 40, lucks: int = 3, scale: float = 0.02, years: int = 5) -> pd.DataFrame:
    """Return the settings that no other setting tried beats in both aims. Live them again with fresh lucks."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)

    def aims(trial: optuna.Trial) -> tuple[float, float]:
        tried = {name: trial.suggest_float(name, 0.0, 1.0) for name in LEVER_TITLES}
        return differences(tried, lucks, scale, years)

    study = optuna.create_study(directions=["minimize", "minimize"], sampler=optuna.samplers.TPESampler(seed=1))
    study.optimize(aims, n_trials=trials)
    return pd.DataFrame([{"harm": t.values[0], "spend": t.values[1], **t.params} for t in study.best_trials])


if __name__ == "__main__":
    print(front().sort_values("harm"))
