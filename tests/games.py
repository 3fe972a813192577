"""Made-up worths of worlds, so that what is shared out is known beforehand and nothing has to be lived."""

from collections.abc import Callable

import numpy as np

from familyabm import areas, lives
from familyabm.levers import LEVER_TITLES, Scenario
from familyabm.lives import OUTCOMES, Ask
from familyabm.parameters import DEFAULT
from familyabm.simulation import Snapshot
from familyabm.tables import WEEK, empty

Worth = Callable[[set[str], Ask], float]


def past(scale: float = 0.02) -> Snapshot:
    """Return a past that was never lived; it only gives addresses."""
    return Snapshot(areas.named("Wakefield"), DEFAULT, 1, scale, {}, empty(WEEK, 0))


def moved(ask: Ask) -> set[str]:
    """Return the levers that stand elsewhere than in a typical authority."""
    base = ask.snapshot.parameters
    return {
        name for name in LEVER_TITLES if ask.scenario.levers.get(name, base[f"base.{name}"]) != base[f"base.{name}"]
    }


def play(monkeypatch, worth: Worth) -> list[Ask]:
    """Let every life come to what `worth` says, in every outcome; return the list of lives asked for, as it grows."""
    asked: list[Ask] = []

    def live_one(ask: Ask) -> np.ndarray:
        asked.append(ask)
        return np.full(len(OUTCOMES), worth(moved(ask), ask))

    monkeypatch.setattr(lives, "live_one", live_one)
    monkeypatch.setattr(lives, "_KEPT", {})
    return asked


def world(*names: str, **options) -> Scenario:
    """Return a world in which these levers are pulled all the way."""
    return Scenario("made-up", "Made up", "For a test.", levers=dict.fromkeys(names, 1.0), **options)
