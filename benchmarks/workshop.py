"""What a workshop's room waits for: a round's year and its decade, in CPU seconds; `make bench` writes it."""

import json
import platform
import time
from datetime import date
from pathlib import Path

from familyabm import areas, levers, population, simulation
from familyabm.parameters import DEFAULT
from familyabm.workshop import plan, study
from familyabm.workshop.plan import Taken
from familyabm.workshop.study import LUCKS
from visualization.workshop import living, work

FAMILIES = 3000
ROUNDS = [
    Taken(
        1, {"social_work": "raise", "schools": "pass_on", "health": "refer", "police": "refer", "housing": "enforce"}
    ),
    Taken(2, {"social_work": "lower", "schools": "in_school", "health": "longer", "police": "repeat"}),
    Taken(3, {"social_work": "many", "schools": "lead_first", "health": "share_notes"}, "shared"),
    Taken(4, {"room": "all"}, "plan"),
]


def year(town: simulation.Snapshot, number: int) -> float:
    """Return the CPU seconds from the close of a round to its reveal."""
    taken = ROUNDS[:number]
    worlds = {"chosen": plan.world(taken, "chosen", ""), "today": plan.as_it_is(taken)}
    asked = {name: study.world_toml(world) for name, world in worlds.items()}
    began = time.process_time()
    living.year(town, asked | {"year": number, "lucks": list(range(1, work.YEAR_LUCKS + 1))})
    return round(time.process_time() - began, 2)


def main() -> None:
    """Measure, print and write."""
    area = areas.find("Wakefield")
    began = time.process_time()
    scale = round(FAMILIES / population.homes_for(area.children_0_17, DEFAULT), 6)
    town = simulation.live_past(area, DEFAULT, 1, scale)
    found = {"past": round(time.process_time() - began, 2)}
    living.decade(town, {"world": study.world_toml(plan.as_it_is(ROUNDS)), "lucks": [1]})
    found |= {f"round_{number}": year(town, number) for number in (1, 2, 3, 4)}
    world = levers.read(study.world_toml(plan.world(ROUNDS, "together", "")), "together", "together")
    began = time.process_time()
    living.decade(town, {"world": study.world_toml(world), "lucks": [1, 2, 3, 4]})
    found["decade_one_world"] = round((time.process_time() - began) / 4 * LUCKS, 1)
    whole = {
        "families": FAMILIES,
        "cpu_seconds": found,
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    print(json.dumps(whole, indent=1))
    out = Path(__file__).parent / "results" / f"workshop-{date.today().isoformat()}.json"
    out.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
