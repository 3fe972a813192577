"""A room lived again as a study of the lab: the same town, lucks and worlds, from the room's file alone."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from familyabm import areas, population
from familyabm.changes import Change
from familyabm.levers import Scenario
from familyabm.parameters import DEFAULT
from familyabm.shocks import KINDS, Shock
from familyabm.workshop import plan
from familyabm.workshop.files import put
from familyabm.workshop.plan import Taken
from familyabm.workshop.room import Room

LUCKS = 20
"""Lucks that the decade is lived with: in the room, and by default in its study."""
DECADE = (
    "contacts", "repeat_contacts", "failure_demand", "contacts_no_action", "weeks_to_help", "worker_changes", "load",
    "harm", "care_starts", "looked_after", "early_help", "complaints", "chase_calls", "spend", "spend_levers",
    "spend_partners", "spend_placements", "spend_early_help",
)  # fmt: skip
"""Measures that the decade is told in, its loops among them."""
TODAY, BLIND, TOGETHER = "today", "blind", "together"


def scale_of(room: Room) -> float:
    """Return the scale at which the room's area has as many families as its town."""
    return _scale(room.area, room.families)


@cache
def _scale(area: str, families: int) -> float:
    return round(families / population.homes_for(areas.named(area).children_0_17, DEFAULT), 6)


def worlds_of(taken: Sequence[Taken]) -> dict[str, Scenario]:
    """Return the worlds of the room's decade: services as today, its blind rounds gone on with, and all of its rounds.

    Whatever struck the town strikes it in all three. There is a world played blind only where more came after it.
    """
    found = {TODAY: plan.as_it_is(taken)}
    blind = plan.apart(taken)
    if 0 < len(blind) < len(taken):
        said = f"The first {len(blind)} rounds gone on with."
        found[BLIND] = plan.world(blind, BLIND, "As played blind", said, struck=taken)
    if taken:
        found[TOGETHER] = plan.world(taken, TOGETHER, "The room's own plan", f"All {len(taken)} rounds, then kept.")
    return found


def write(room: Room, folder: Path, lucks: int = LUCKS) -> Path:
    """Write the study and its worlds into a folder, and return the study's path. Raises InputError."""
    folder.mkdir(parents=True, exist_ok=True)
    worlds = worlds_of(room.taken)
    for name, world in worlds.items():
        put(folder / f"{name}.toml", world_toml(world).encode())
    path = folder / "study.toml"
    put(path, study_toml(room, list(worlds), lucks).encode())
    return path


def study_toml(room: Room, worlds: Sequence[str], lucks: int) -> str:
    """Return the study as its file has it."""
    names = ", ".join(f'"{name}.toml"' for name in worlds)
    measures = ", ".join(f'"{name}"' for name in DECADE)
    return (
        f"# The decade of the workshop {room.name}, lived again: `familyabm study run study.toml`.\n"
        f"name = {_text('workshop-' + room.name)}\n"
        f"title = {_text('What the room decided, ten years on')}\n"
        f"areas = [{_text(room.area)}]\n"
        f"worlds = [{names}]\n"
        f"lucks = {lucks}\nseeds = [{room.seed}]\nyears = {plan.YEARS}\nscale = {scale_of(room)!r}\nby_year = true\n"
        f"measures = [{measures}]  # leave this out to keep every measure\n"
    )


def world_toml(world: Scenario) -> str:
    """Return a world as its file has it, to be read back the same."""
    parts = [f"title = {_text(world.title)}\ndescription = {_text(world.description)}\n"]
    parts += [_shock_toml(shock) for shock in world.shocks]
    parts += [_change_toml(change) for change in world.changes]
    return "\n".join(parts)


def _text(text: str) -> str:
    return json.dumps(text)  # the plain ASCII strings of JSON are those of TOML


def _shock_toml(shock: Shock) -> str:
    size = f"times = {shock.times!r}" if KINDS[shock.what].multiplies else f"amount = {shock.amount!r}"
    which = f'which = "{shock.which}"\n' if shock.which != "all" else ""
    hold = "hold = true\n" if shock.hold else ""
    return (
        f'[[shocks]]\nwhat = "{shock.what}"\n{which}{size}\nfrom_week = {shock.from_week}\nweeks = {shock.weeks}\n'
        f'shape = "{shock.shape}"\n{hold}'
    )


def _change_toml(change: Change) -> str:
    levers = "".join(f"{name} = {value!r}\n" for name, value in change.levers.items())
    hours = "".join(f"{name} = {value!r}\n" for name, value in change.hours.items())
    said = f"[[changes]]\nfrom_week = {change.from_week}\n"
    said += f"[changes.levers]\n{levers}" if levers else ""
    return said + (f"[changes.hours]\n{hours}" if hours else "")
