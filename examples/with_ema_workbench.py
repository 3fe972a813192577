"""EMA Workbench: what is uncertain, what policy can do, and what comes of it, explored together."""

import pandas as pd
from ema_workbench import Model, RealParameter, ScalarOutcome, perform_experiments

from familyabm import areas, measures, simulation
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT

AREA, OUTCOMES = areas.find("Wakefield"), ("looked_after", "early_help", "spend")
UNSURE = {name: DEFAULT.register[name] for name in ("effects.joint_help", "front_door.referral_threshold")}
LEVERS = ("information_sharing", "no_wrong_door", "continuity")


def life(scale: float, years: int, **given: float) -> dict[str, float]:
    """Live one future with uncertain numbers and levers as they are given, from a past that all of them share."""
    numbers = {name: given[name.replace(".", "_")] for name in UNSURE}
    world = Scenario("tried", "tried", "", levers={name: given[name] for name in LEVERS}, parameters=numbers)
    lived = simulation.live(simulation.past(AREA, DEFAULT, 1, scale), world, 52 * years)
    return {name: float(value) for name, value in measures.by_year(lived.weekly, OUTCOMES).mean().items()}


def explore(scenarios: int = 20, policies: int = 5, scale: float = 0.02, years: int = 5) -> pd.DataFrame:
    """Return experiments and their outcomes, a row each."""
    model = Model("familyabm", function=lambda **given: life(scale, years, **given))
    model.uncertainties = [RealParameter(name.replace(".", "_"), p.low, p.high) for name, p in UNSURE.items()]
    model.levers = [RealParameter(name, 0.0, 1.0) for name in LEVERS]
    model.outcomes = [ScalarOutcome(name) for name in OUTCOMES]
    experiments, outcomes = perform_experiments(model, scenarios=scenarios, policies=policies)
    return experiments.join(pd.DataFrame(outcomes))


if __name__ == "__main__":
    print(explore().describe())
