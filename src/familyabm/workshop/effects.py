"""What each option changes in the model, in words, and what that moves in its year, measured."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from familyabm import areas, measures, population, simulation
from familyabm.parameters import DEFAULT
from familyabm.shocks import KINDS, Shock
from familyabm.workshop import plan
from familyabm.workshop.choices import YEAR, Option, workshop
from familyabm.workshop.plan import Taken

SHOWN = ("contacts", "referrals", "contacts_no_action", "load", "spend_levers")
"""Measures that are shown of an option's year, against the same year and luck without it."""


def changes(option: Option) -> str:
    """Say what an option changes in the model."""
    said = [_shock(shock) for shock in option.shocks]
    said += [f"{name.replace('_', ' ')} to {value:.0%}" for name, value in option.levers.items()]
    said += [f"{name.replace('_', ' ')} up by {value:.0%}" for name, value in option.lifts.items()]
    said += [f"{option.hours:+.0%} of hours spoken for"] if option.hours else []
    return "; ".join(said) or ("goes on as before" if option.carries_on else "nothing")


def _shock(shock: Shock) -> str:
    kind = KINDS[shock.what]
    which = "" if shock.which == "all" else f" ({shock.which.replace('_', ' ')})"
    return f"{kind.title}{which} {f'times {shock.times:g}' if kind.multiplies else f'{shock.amount:+g}'}"


def listed() -> pd.DataFrame:
    """Return every option: seat, kind, its words, what it costs the team, and what it changes."""
    return pd.DataFrame([_row(option) for option in workshop().options])


def _row(option: Option) -> dict[str, str]:
    return {
        "seat": option.seat, "kind": option.kind, "option": option.words, "costs": option.costs,
        "changes": changes(option),
    }  # fmt: skip


def measured(area: str, families: int, lucks: int) -> pd.DataFrame:
    """Return the same with what each option moves in its year, mean over lucks.

    contacts and referrals: in per cent; contacts_no_action and load: in points; spend_levers: in pounds per child.
    """
    place = areas.find(area)
    town = simulation.past(place, DEFAULT, 1, round(families / population.homes_for(place.children_0_17, DEFAULT), 6))
    numbers = range(1, lucks + 1)
    usual = [_year(town, None, number) for number in numbers]
    rows = [_row(option) | _moved([_year(town, option, number) for number in numbers], usual)
            for option in workshop().options]  # fmt: skip
    return pd.DataFrame(rows)


def _year(town: simulation.Snapshot, option: Option | None, luck: int) -> dict[str, float]:
    """Live a year as it is and one under an option, and return the second year's measures."""
    taken = Taken(1, {option.seat: option.name} if option else {}, option.kind if option else "own")
    run = simulation.live(town, plan.world([taken], "tried", "Tried"), 2 * YEAR, luck)
    frame = measures.by_year(run.weekly, SHOWN)
    return {name: float(frame[name].iloc[-1]) for name in SHOWN}


def _moved(after: Sequence[dict[str, float]], before: Sequence[dict[str, float]]) -> dict[str, float]:
    one, other = pd.DataFrame(after), pd.DataFrame(before)
    found = {}
    for name in SHOWN:
        difference = one[name].to_numpy() - other[name].to_numpy()
        if name in ("contacts", "referrals"):
            difference = 100.0 * difference / other[name].to_numpy()
        found[name] = round(float(np.mean(difference)), 2)
    return found
