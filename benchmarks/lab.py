"""What the lab adds to the model, and all of England: `make bench` prints the figures and writes them, dated.

CPU seconds of this process and of its workers. What a run costs beyond the model is told from two studies of the same
past, one of them larger, so that starting workers and living the past fall out of it.
"""

import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from familyabm import areas, levers, simulation
from familyabm.lab import Options, Study, run_study
from familyabm.parameters import DEFAULT

SCALE, YEARS, RUNS = 0.05, 10, 200


def used() -> tuple[float, float]:
    """Return the wall and CPU seconds so far, those of ended workers included."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    times = [resource.getrusage(who) for who in whose]
    return time.perf_counter(), sum(taken.ru_utime + taken.ru_stime for taken in times)


def studied(folder: Path, runs: int, workers: int, measures: tuple[str, ...] = ()) -> tuple[float, float]:
    """Return the wall and CPU seconds of a study of so many lucks of one past."""
    study = Study("bench", ("Wakefield",), lucks=runs, years=YEARS, scale=SCALE, measures=measures)
    wall, cpu = used()
    run_study(study, folder / f"{runs}-{workers}-{len(measures)}", Options(workers=workers))
    return used()[0] - wall, used()[1] - cpu


def model() -> float:
    """Return the CPU seconds of one run of the same past without the lab, the mean of twenty."""
    snapshot = simulation.live_past(areas.find("Wakefield"), DEFAULT, 1, SCALE)
    began = time.process_time()
    for luck in range(1, 21):
        simulation.live(snapshot, levers.find("status-quo"), 52 * YEARS, luck)
    return (time.process_time() - began) / 20


def england(folder: Path) -> dict[str, float]:
    """Return what one year of every authority in both worlds takes, by the command itself."""
    words = ["england", "--years", "1", "--runs", "1", "--scale", "0.05", "--out", str(folder / "England")]
    wall, cpu = used()
    subprocess.run([str(Path(sys.executable).with_name("familyabm")), *words], check=True, capture_output=True)
    return {"wall_seconds": round(used()[0] - wall, 1), "cpu_seconds": round(used()[1] - cpu, 1)}


def main() -> None:
    """Measure, print and write."""
    alone = model()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one, two = studied(folder, RUNS, 1), studied(folder, RUNS, 2)
        larger = studied(folder, 2 * RUNS, 1)
        few = [studied(folder, runs, 1, ("care_starts", "spend", "harm")) for runs in (RUNS, 2 * RUNS)]
        nation = england(folder)
    found = {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "model_ms_per_run": round(1e3 * alone, 1),
        "overhead_ms_per_run_every_measure": round(1e3 * ((larger[1] - one[1]) / RUNS - alone), 1),
        "overhead_ms_per_run_three_measures": round(1e3 * ((few[1][1] - few[0][1]) / RUNS - alone), 1),
        "two_workers_to_one_wall": round(one[0] / two[0], 2),
        "england_one_year_scale_0.05": nation,
    }
    out = Path(__file__).parent / "results" / f"lab-{found['date']}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
