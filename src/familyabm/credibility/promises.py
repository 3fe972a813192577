"""What each scenario's file says should happen, written down before it is run, as experiments like any other.

A scenario may carry `expected`: entries with a measure, the first and last year, the world that it is set against (or
"start", its own first year), a direction, and bounds of the relative change where anybody gives any.
"""

from collections.abc import Iterable
from typing import Any

from familyabm import levers
from familyabm.credibility import names
from familyabm.credibility.experiments import ANY, Claim, Measure, Pattern, World, change, percent
from familyabm.credibility.settings import BABY_P, INADEQUATE, STATUS_QUO, WHOLE_SYSTEM
from familyabm.levers import Scenario

SAME = 5.0
"""Change in percent that counts as none where an entry gives no bounds."""
DIRECTIONS = {"up": (0.0, ANY), "down": (-ANY, 0.0), "same": (-SAME, SAME)}
START = "start"
SHARED = (STATUS_QUO, WHOLE_SYSTEM, BABY_P, INADEQUATE)


def world_of(scenario: Scenario) -> World:
    """Return the world of a scenario: one that other experiments share where there is one."""
    for world in SHARED:
        known = names.scenario(str(world.scenario))
        if known is not None and known.name == scenario.name:
            return world
    return World(f"scenario {scenario.name}", scenario)


def since_the_start(world: World, measure: str, first: int, last: int) -> Measure:
    """Return the change of a measure in percent from a world's own first year."""
    return lambda luck: percent(luck[world].mean(measure, first, last), luck[world].mean(measure, 1, 1))


def sized(entry: Any) -> bool:
    """Tell whether an entry says how large a change should be; for none, that is part of the direction."""
    return entry.low is not None and entry.high is not None and entry.direction != "same"


def bounds(entry: Any, size: bool) -> tuple[float, float]:
    """Return the range expected of a change in percent: its direction alone, or its size."""
    if size or (entry.direction == "same" and entry.low is not None and entry.high is not None):
        return 100.0 * float(entry.low), 100.0 * float(entry.high)
    return DIRECTIONS[entry.direction]


def claim_of(entry: Any, world: World, worlds: dict[str, World], size: bool) -> Claim:
    """Return one expectation as a claim about two worlds of the same luck, or about one since its start."""
    first, last = entry.years
    span = f"year {first}" if first == last else f"years {first} to {last}"
    statement = f"{entry.measure.replace('_', ' ')} {entry.direction}, {span}, against {entry.against}"
    if entry.against == START:
        of, needs = since_the_start(world, entry.measure, first, last), (world,)
        return Claim(statement, "% change", of, needs, *bounds(entry, size))
    other = worlds[entry.against]
    return Claim(
        statement, "% change", change(world, other, entry.measure, first, last), (world, other), *bounds(entry, size)
    )


def sources(entries: Iterable[Any]) -> str:
    """Return who claims what a scenario's file expects, each once."""
    return "; ".join(dict.fromkeys(str(entry.source) for entry in entries))


def promises(scenarios: Iterable[Scenario] | None = None) -> tuple[Pattern, ...]:
    """Return, for each scenario that carries expectations, one pattern of directions and one of the sizes named."""
    known = [levers.find(name) for name in levers.names()] if scenarios is None else list(scenarios)
    worlds = {scenario.name: world_of(scenario) for scenario in known}
    found, taken = [], set[str]()
    for scenario in known:
        entries = getattr(scenario, "expected", ())
        code = getattr(scenario, "code", "") or scenario.name
        code = scenario.name if code in taken else code
        taken.add(code)
        world, statement = worlds[scenario.name], f"{scenario.title}: {scenario.expect}"
        for kind, mark, told in (("scenario", "", entries), ("size", "-size", list(filter(sized, entries)))):
            claims = tuple(claim_of(entry, world, worlds, kind == "size") for entry in told)
            if claims:
                found.append(Pattern(f"{code}{mark}", statement, sources(told), claims, kind))
    return tuple(found)
