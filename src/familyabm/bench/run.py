"""Measure every figure in one go, in full or quickly, and say on what machine."""

import os
import platform
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from typing import Any

import familyabm
from familyabm import areas, simulation
from familyabm.bench import engine, lab, startup
from familyabm.bench.rows import BARS, NAMES, Measured
from familyabm.errors import InputError
from familyabm.parameters import DEFAULT
from familyabm.simulation import Snapshot

REPEATS = 5
GROWN = (0.95, 9.5, 95.0)
"""Shares of the average authority that give 33,000, 330,000 and 3.3 million families."""
Said = Callable[[str], None]
Group = tuple[str, tuple[str, ...], Callable[[], list[Measured]]]
"""Figures that are measured together: what of, their names, and how."""


def town(scale: float) -> Snapshot:
    """Return the past of a share of the average authority, lived once."""
    return simulation.past(areas.england(), DEFAULT, 1, scale)


def quick() -> list[Group]:
    """Return what takes little, on small towns: it shows that all of it runs, not what the figures are."""
    small = engine.SMALL
    return [
        ("A town", ("speed", "speed_small", "journal"), lambda: engine.speeds(town(small), town(small), 52, 3)),
        ("Memory", ("memory",), lambda: [engine.memory(town(small))]),
        ("The anchor in C", ("against_c",), lambda: [engine.against_c(town(small), 3)]),
        ("The anchor in Mesa", ("against_mesa",), lambda: [engine.against_mesa(town(small), 2, 3)]),
        ("Starts", ("import", "help", "second_start"), lambda: startup.starts(1)),
        ("Growth", ("growth",), lambda: [engine.growth((small, 5 * small), 20, 5)]),
    ]


def full() -> list[Group]:
    """Return every figure as its bar asks for it."""
    small, large = engine.SMALL, engine.LARGE
    return [
        ("Towns of 1,000 and 33,000 families", ("speed", "speed_small", "journal"),
         lambda: engine.speeds(town(large), town(small), engine.WEEKS, REPEATS)),
        ("Memory", ("memory",), lambda: [engine.memory(town(large))]),
        ("The anchor in C", ("against_c",), lambda: [engine.against_c(town(large), REPEATS)]),
        ("The anchor in Mesa", ("against_mesa",), lambda: [engine.against_mesa(town(small), 10, REPEATS)]),
        ("Starts", ("import", "help", "second_start"), lambda: startup.starts(REPEATS)),
        ("Growth to 3.3 million families", ("growth",), lambda: [engine.growth(GROWN, 104, 7)]),
        ("Studies of 200 runs", ("sweep", "two_cores"), lambda: lab.sweep(200)),
        ("All of England", ("england",), lambda: [lab.england()]),
        ("The first compilation", ("compile",), lambda: [startup.first_compilation()]),
    ]  # fmt: skip


def check(only: list[str]) -> None:
    """Raise InputError unless every name is a figure's."""
    for name in only:
        if name not in NAMES:
            raise InputError(f"--only {name!r} is no figure; {', '.join(NAMES)} are.")


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "python": platform.python_version(), "machine": platform.machine(), "system": platform.system(),
        "cores": os.cpu_count(), "numba": version("numba"), "numpy": version("numpy"), "mesa": version("mesa"),
    }  # fmt: skip


def measured(is_quick: bool, only: list[str], say: Said) -> dict[str, Any]:
    """Measure and return every figure, in the order of the bars, with bar, goal and verdict.

    only: names of figures to measure, with those that are measured together with them; none for all.
    """
    found = {name: Measured(name, None, note="left out of this run") for name in NAMES}
    for title, names, measure in quick() if is_quick else full():
        if not only or set(only) & set(names):
            say(title)
            found |= {figure.name: figure for figure in measure()}
    timed = not only or "speed" in only
    size, weeks = (engine.SMALL, 52) if is_quick else (engine.LARGE, 208)
    return {
        "date": date.today().isoformat(), "version": familyabm.__version__, "quick": is_quick, "machine": machine(),
        "figures": [found[bar.name].as_json() for bar in BARS],
        "processes": engine.processes(town(size), weeks) if timed else [],
    }  # fmt: skip
