"""Published effects as experiments: who was studied, what was done, against what, and what was found of it.

An effect is a TOML file, one of the package's or a user's own; `effects_files` reads it. Nothing here is fitted: an
effect is stated with its published size, interval or bound before it is run, and told whatever comes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from familyabm.credibility.experiments import Change
from familyabm.errors import InputError, nearest
from familyabm.levers import Scenario
from familyabm.truth.effects_reading import Counted, Selection

KINDS = {
    "effect": "an effect with its interval, or bounds stated in the file",
    "bound": "an upper bound: before and after, or self-selected, so that the true effect is smaller",
    "null": "no effect: what differs must lie within the interval or bounds, and luck must not clearly show one",
    "direction": "a sign alone",
}
WAYS = {
    "percent": "% change", "points": "difference", "ratio": "ratio", "odds": "odds ratio",
    "before": "% change, before and after", "per": "difference for each step", "elasticity": "% for each 1%",
}  # fmt: skip
AT_REST = {"ratio": 1.0, "odds": 1.0}
"""What no effect looks like, where it is not nought."""


@dataclass(frozen=True)
class Arm:
    """One world of an effect: a scenario, and changes to the state from which it starts."""

    scenario: Scenario
    start: tuple[Change, ...] = ()

    @property
    def address(self) -> str:
        """Return the text by which two arms are the same world."""
        return f"{self.scenario.as_address()} {self.start!r}"


@dataclass(frozen=True)
class Outcome:
    """One thing that a study found, and how it is measured here.

    measure with years (first, last), or counted with counted_before for a change before and after.  way: how the two
    worlds are compared; see WAYS.  per: what a difference is told for each `step` of: a measure's own difference, or
    `moved` where the intervention moves something by a known amount.  times: turns the measure's unit into the
    published one.  low to high: the published interval, or the bounds stated.
    interval: where these come from.  missing: what the model lacks, told where the outcome is not met.
    """

    title: str
    kind: str
    way: str
    unit: str
    published: float
    low: float
    high: float
    interval: str
    code: str = ""
    measure: str = ""
    years: tuple[int, int] = (1, 0)
    counted: Counted | None = None
    counted_before: Counted | None = None
    per: str = ""
    moved: float = 1.0
    step: float = 1.0
    times: float = 1.0
    missing: str = ""

    @property
    def rest(self) -> float:
        """Return what no effect looks like."""
        return AT_REST.get(self.way, 0.0)


@dataclass(frozen=True)
class Effect:
    """A published study and how it is replayed; `years` are lived."""

    name: str
    title: str
    design: str
    study: str
    source: str
    replay: str
    years: int
    comparison: Arm
    intervention: Arm
    outcomes: tuple[Outcome, ...]
    selection: Selection | None = None
    given: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Effect]:
    """Return the package's effects by name, in the order of their files."""
    from familyabm.truth import effects_files

    folder = files("familyabm") / "data" / "effects"
    texts = {path.name.removesuffix(".toml"): path for path in folder.iterdir() if path.name.endswith(".toml")}
    return {
        name: effects_files.read(path.read_text(encoding="utf-8"), name, name) for name, path in sorted(texts.items())
    }


def find(name_or_path: str) -> Effect:
    """Return an effect of the package by name, or read one from a TOML file; InputError if there is none."""
    from familyabm.truth import effects_files

    if name_or_path.endswith(".toml"):
        return effects_files.load(Path(name_or_path))
    known = catalogue()
    if name_or_path not in known:
        hint = nearest(name_or_path[:80], known)
        raise InputError(
            f"effect {name_or_path[:80]!r} is not known{hint}; one of {', '.join(known)} or a .toml file is accepted."
        )
    return known[name_or_path]


def chosen(names: list[str]) -> list[Effect]:
    """Return the effects of some names or files, all of the package's if none is named; none may be named twice."""
    found = [find(name) for name in names] if names else list(catalogue().values())
    for place, effect in enumerate(found):
        if effect.name in [other.name for other in found[:place]]:
            raise InputError(f"effect {effect.name} is asked for twice; once is accepted.")
    return found
