"""The lab at its larger sizes: a hundred kills, a thousand runs, a small disk, ten thousand runs in flat memory."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from familyabm.lab import verify
from familyabm.lab.results import StudyResults
from tests import test_lab_killed as killed
from tests.lab_runner import READ
from tests.test_lab_killed import entered, finish, readings, rows, start, wait_for, whole

KILLS = int(os.environ.get("FAMILYABM_KILLS", "100"))
LUCKS = 500
pytestmark = pytest.mark.timeout(3000)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("unbroken") / "study"
    finish(folder, "--lucks", LUCKS)
    return rows(folder)


def test_a_hundred_kills_of_a_thousand_runs_lose_nothing(tmp_path, unbroken, figure):
    """Kill the whole group at random points, a fresh folder whenever a study has come to its end."""
    chance, kills, folders = random.Random(2), 0, 0
    while kills < KILLS:
        folder, folders = tmp_path / f"study{folders}", folders + 1
        n = min(25, KILLS - kills)
        killed.kill_at_random(folder, n, chance.randrange(10**6), unbroken, LUCKS)
        kills += n
        shutil.rmtree(folder)
    figure("kills", kills)
    figure("studies", folders)
    figure("runs lost, twice or different", 0)


def test_twenty_killed_workers_cost_nothing(tmp_path, unbroken, figure):
    folder, chance, kills = tmp_path / "study", random.Random(3), 0
    going = start(folder, "--lucks", LUCKS, "--model", "slow")
    while going.poll() is None and kills < 20:
        time.sleep(0.3 + chance.random())
        children = living(going)
        if len(entered(folder)) > 2 and children:
            chance.choice(children).kill()
            kills += 1
    assert kills == 20 and going.wait(timeout=900) in (0, 1)
    going.communicate()
    told = StudyResults(folder).failures
    figure("workers killed", kills)
    figure("runs given up", len(told))
    if not told.empty:  # one run may have been there three times
        assert set(told["error_type"]) == {"WorkerDied"} and len(told) < 5
        return
    whole(folder, unbroken)


def test_three_runners_and_their_kills_come_to_the_same_study(tmp_path, unbroken, figure):
    folder, chance, killed_runners = tmp_path / "study", random.Random(4), 0
    for _ in range(5):
        both = [start(folder, "--lucks", LUCKS, "--workers", 1) for _ in range(3)]
        time.sleep(4.0 + 2.0 * chance.random())
        for going in both:
            if going.poll() is None:
                os.killpg(going.pid, signal.SIGKILL)
                killed_runners += 1
            going.communicate()
    finish(folder, "--lucks", LUCKS)
    whole(folder, unbroken)
    figure("runners killed", killed_runners)


def test_a_disk_of_three_megabytes_fills_and_the_study_goes_on_elsewhere(tmp_path, figure):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(disk)], check=False, capture_output=True
    ).returncode:
        pytest.skip("mounting a file system is not allowed here")
    try:
        told = finish(disk / "study", "--lucks", 2000, "--all-measures", "--model", "cheap", code=2)
        assert len(told.splitlines()) == 1 and "no space left on device" in told
        assert not [damage for damage in verify.verify(disk / "study") if "no ledger" not in damage.what]
        n = len(StudyResults(disk / "study").runs)
        shutil.copytree(disk / "study", tmp_path / "study")
    finally:
        subprocess.run(["umount", str(disk)], check=False)
    finish(tmp_path / "study", "--lucks", 2000, "--all-measures", "--model", "cheap")
    figure("runs stored when it was full", n)
    assert 0 < n < 4000 == len(StudyResults(tmp_path / "study").runs) and verify.verify(tmp_path / "study") == []


def test_memory_and_files_are_flat_over_twenty_thousand_runs(tmp_path, figure):
    """A straight line through all readings but those of the first fifth, which fill what is kept between tasks."""
    folder = tmp_path / "study"
    going = start(folder, "--lucks", 10_000, "--model", "cheap", "--memory", "--all-measures", stdout=subprocess.PIPE)
    told = going.communicate(timeout=1200)[0]
    assert going.returncode == 0 and len(StudyResults(folder).runs) == 20_000
    seen = readings(told)
    seen = seen[seen["runs"] > 4000]
    slopes = {name: 1000.0 * float(np.polyfit(seen["runs"], seen[name], 1)[0]) for name in READ[1:]}
    figure("readings", len(seen))
    for name, slope in slopes.items():
        figure(f"{name} in 1,000 runs", slope)
    assert max(slopes["runner"], slopes["worker"]) < 1.0  # megabytes
    assert max(slopes["runner_files"], slopes["worker_files"]) < 0.2


@pytest.mark.parametrize("workers", [1, 2])
def test_a_dead_worker_is_noticed_within_thirty_seconds(tmp_path, figure, workers):
    """Its task is given out again, which its mark says: to another worker, or to the one that takes its place."""
    folder, waits = tmp_path / "study", []
    going = start(
        folder, "--lucks", 40 * workers, "--worlds", 1, "--model", "long", "--workers", workers, "--task-seconds", 3
    )
    while len(waits) < 5:
        wait_for(lambda: not again(folder), going)
        wait_for(lambda: kill_one_at_work(folder, going, workers), going)
        died = time.monotonic()
        wait_for(lambda: again(folder), going)
        waits.append(time.monotonic() - died)
    assert going.wait(timeout=900) == 0
    going.communicate()
    assert verify.verify(folder) == [] and StudyResults(folder).runs["status"].tolist() == ["done"] * 40 * workers
    figure("workers killed", len(waits))
    figure("longest until its task was begun again, s", max(waits))
    assert max(waits) < 30.0


def kill_one_at_work(folder: Path, going: subprocess.Popen, workers: int) -> bool:
    """Hold all workers, and kill one if each of them is amid a run: one that has just ended its task has none."""
    held = living(going)
    for worker in held:
        worker.suspend()
    if kills := len(held) == workers == sum("run " in mark for mark in marks(folder)):
        held.pop().kill()
    for worker in held:
        worker.resume()
    return kills


def living(going: subprocess.Popen) -> list[psutil.Process]:
    """Return the worker processes of a runner; one that has just died may still be listed, with no command."""
    found = []
    for child in psutil.Process(going.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [child] if "spawn_main" in " ".join(child.cmdline()) else []
    return found


def marks(folder: Path) -> list[str]:
    """Return what stands in the mark of every task that is being done."""
    found = []
    for path in folder.glob("marks/*.txt"):
        with contextlib.suppress(FileNotFoundError):  # it has just ended
            found.append(path.read_text())
    return found


def again(folder: Path) -> bool:
    """Tell whether a task is being done another time."""
    return any(mark.count("again") > 1 for mark in marks(folder))


def test_runs_that_take_all_memory_are_rows_and_the_others_are_lived(tmp_path, figure):
    """Every process may have four gigabytes of addresses, of which a worker that does nothing has two."""
    folder = tmp_path / "study"
    going = start(folder, "--lucks", 10, "--worlds", 1, "--model", "greedy", "--most-memory", 4 * 2**30)
    told = going.communicate(timeout=900)[1]
    assert going.returncode == 1, told
    told = StudyResults(folder).runs.set_index("luck")
    assert told["status"].tolist() == ["done"] * 2 + ["failed"] * 2 + ["done", "failed"] + ["done"] * 4
    assert set(told["error_type"][told["status"] == "failed"]) <= {"MemoryError", "WorkerDied"}
    assert told["repeat"].str.startswith("familyabm study repeat").all() and verify.verify(folder) == []
    for luck in (3, 4, 6):
        figure(f"luck {luck}", told.loc[luck, "error_type"])


def test_every_part_truncated_at_twenty_places_is_found_and_lived_again(tmp_path, unbroken, figure):
    folder, chance, cuts = tmp_path / "study", random.Random(5), 0
    finish(folder, "--lucks", LUCKS)
    whole(folder, unbroken)
    for path in chance.sample(sorted(folder.glob("parts/*/*")), 12):
        content = path.read_bytes()
        for _ in range(20):
            path.write_bytes(content[: chance.randrange(len(content))])
            assert verify.verify(folder), path
            cuts += 1
    finish(folder, "--lucks", LUCKS)
    whole(folder, unbroken)
    figure("truncations found", cuts)
