"""What the world outside does this week, read by the rules that it reaches; `shocks` draws the curves."""

import math

from familyabm.codes import Outside
from familyabm.compiled import rule
from familyabm.town import Town


@rule
def outside_now(town: Town, column: int) -> float:
    """Return one of the world's influences as it stands this week."""
    return town.outside[town.authority[0].now, column]


@rule
def begin_week(town: Town, week: int) -> None:
    """Open the week: note which row of what comes from outside it reads, and what poverty does to families."""
    authority = town.authority[0]
    authority.now = week - authority.first_week
    authority.hardship = math.exp(town.p.outside[0].poverty_onset * outside_now(town, Outside.POVERTY))


@rule
def policy_shift(town: Town) -> float:
    """Return how far thresholds are raised or lowered on purpose."""
    return outside_now(town, Outside.THRESHOLD)


@rule
def target_pressure(town: Town) -> float:
    """Return the pressure of timeliness targets on practice."""
    pressed = town.p.workforce[0].target_pressure + outside_now(town, Outside.TARGET_PRESSURE)
    return max(0.0, min(1.0, pressed))
