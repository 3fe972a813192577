"""The lab at its larger sizes: a hundred kills, a thousand runs, a small disk, ten thousand runs in flat memory."""

import os
import random
import shutil
import signal
import subprocess
import time

import pandas as pd
import psutil
import pytest

from familyabm.lab import verify
from familyabm.lab.results import StudyResults
from tests import test_lab_killed as killed
from tests.test_lab_killed import entered, finish, rows, start, whole

KILLS = int(os.environ.get("FAMILYABM_KILLS", "100"))
LUCKS = 500
pytestmark = pytest.mark.timeout(3000)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("unbroken") / "study"
    finish(folder, "--lucks", LUCKS)
    return rows(folder)


def test_a_hundred_kills_of_a_thousand_runs_lose_nothing(tmp_path, unbroken):
    """Kill the whole group at random points, a fresh folder whenever a study has come to its end."""
    chance, kills, folders = random.Random(2), 0, 0
    while kills < KILLS:
        folder, folders = tmp_path / f"study{folders}", folders + 1
        n = min(25, KILLS - kills)
        killed.kill_at_random(folder, n, chance.randrange(10**6), unbroken, LUCKS)
        kills += n
        shutil.rmtree(folder)


def test_twenty_killed_workers_cost_nothing(tmp_path, unbroken):
    folder, chance, kills = tmp_path / "study", random.Random(3), 0
    going = start(folder, "--lucks", LUCKS, "--model", "slow")
    while going.poll() is None and kills < 20:
        time.sleep(0.3 + chance.random())
        children = [
            child for child in psutil.Process(going.pid).children() if "spawn_main" in " ".join(child.cmdline())
        ]
        if len(entered(folder)) > 2 and children:
            chance.choice(children).kill()
            kills += 1
    assert kills == 20 and going.wait(timeout=900) in (0, 1)
    going.communicate()
    if not StudyResults(folder).failures.empty:  # one run may have been there three times
        told = StudyResults(folder).failures
        assert set(told["error_type"]) == {"WorkerDied"} and len(told) < 5
        return
    whole(folder, unbroken)


def test_three_runners_and_their_kills_come_to_the_same_study(tmp_path, unbroken):
    folder, chance = tmp_path / "study", random.Random(4)
    for _ in range(5):
        both = [start(folder, "--lucks", LUCKS, "--workers", 1) for _ in range(3)]
        time.sleep(4.0 + 2.0 * chance.random())
        for going in both:
            if going.poll() is None:
                os.killpg(going.pid, signal.SIGKILL)
            going.communicate()
    finish(folder, "--lucks", LUCKS)
    whole(folder, unbroken)


def test_a_disk_of_three_megabytes_fills_and_the_study_goes_on_elsewhere(tmp_path):
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
    assert 0 < n < 4000 == len(StudyResults(tmp_path / "study").runs) and verify.verify(tmp_path / "study") == []


def test_memory_is_flat_over_twenty_thousand_runs(tmp_path):
    going = start(
        tmp_path / "study", "--lucks", 10_000, "--model", "cheap", "--memory", "--all-measures", stdout=subprocess.PIPE
    )
    told = going.communicate(timeout=1200)[0]
    seen = pd.DataFrame(
        [list(map(float, line.split())) for line in told.splitlines()], columns=["runs", "runner", "worker"]
    )
    early, late = seen[seen["runs"].between(2000, 5000)].median(), seen[seen["runs"] > 17_000].median()
    assert going.returncode == 0 and len(StudyResults(tmp_path / "study").runs) == 20_000
    assert late["runner"] - early["runner"] < 25.0 and late["worker"] - early["worker"] < 25.0


def test_every_part_truncated_at_twenty_places_is_found_and_lived_again(tmp_path, unbroken):
    folder, chance = tmp_path / "study", random.Random(5)
    finish(folder, "--lucks", LUCKS)
    whole(folder, unbroken)
    for path in chance.sample(sorted(folder.glob("parts/*/*")), 12):
        content = path.read_bytes()
        for _ in range(20):
            path.write_bytes(content[: chance.randrange(len(content))])
            assert verify.verify(folder), path
    finish(folder, "--lucks", LUCKS)
    whole(folder, unbroken)
