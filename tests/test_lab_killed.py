"""Studies that really lose processes: the whole group, a worker, a machine of a cluster, time, disk and memory."""

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest
from distributed import Client, LocalCluster, Scheduler

import familyabm
from familyabm.lab import execute, store, verify
from familyabm.lab.results import StudyResults
from tests.lab_runner import READ

ROOT = Path(__file__).parents[1]
SOURCES = Path(familyabm.__file__).resolve().parents[1]
ENV = os.environ | {"PYTHONPATH": os.pathsep.join((str(SOURCES), str(ROOT)))}
KILLS, FOLDERS = 10, 3
LUCKS = 150
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def start(folder: Path, *words: object, **options: object) -> subprocess.Popen:
    limited = "--largest-file" in words  # coverage.py's own file would be too large
    env = {name: value for name, value in ENV.items() if not (limited and name.startswith("COVERAGE"))}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.lab_runner", str(folder), *map(str, words)], cwd=ROOT, env=env, text=True,
        start_new_session=True, stdout=options.get("stdout", subprocess.DEVNULL), stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(folder: Path, *words: object, code: int = 0) -> str:
    going = start(folder, *words)
    told = going.communicate(timeout=200)[1]
    assert going.returncode == code, told
    return told


def rows(folder: Path) -> pd.DataFrame:
    """Return everything a study came to that does not depend on when and where it ran."""
    results = StudyResults(folder)
    runs = results.runs[["address", "point", "area", "world", "luck", "seed", "status", "error_type", "settings"]]
    return runs.merge(
        results.measures().pivot(index="address", columns="measure", values="value"), on="address", how="left"
    )


def whole(folder: Path, other: pd.DataFrame) -> None:
    """Assert that a study is whole, and row for row what an unbroken one is."""
    assert verify.verify(folder) == []
    found = rows(folder)
    assert not found["address"].duplicated().any()
    pd.testing.assert_frame_equal(found, other)


def entered(folder: Path) -> set[str]:
    return set(verify.ledgers(folder).parts) if (folder / "ledger").is_dir() else set()


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("unbroken") / "study"
    finish(folder, "--lucks", LUCKS)
    found = rows(folder)
    assert len(found) == 2 * LUCKS and set(found["status"]) == {"done"}
    return found


def kill_at_random(folder: Path, kills: int, seed: int, unbroken: pd.DataFrame, lucks: int = LUCKS) -> None:
    """Kill a study's whole process group again and again, then let it end; nothing may be lost or differ."""
    chance, known = random.Random(seed), set()
    for _ in range(kills):
        going = start(folder, "--lucks", lucks)
        before, until = len(known), time.monotonic() + 1.0 + 3.0 * chance.random()
        while going.poll() is None and time.monotonic() < until and len(entered(folder)) <= before:
            time.sleep(0.02)
        time.sleep(0.5 * chance.random())
        os.killpg(going.pid, signal.SIGKILL)
        going.communicate()
        assert known <= entered(folder)
        known = entered(folder)
    finish(folder, "--lucks", lucks)
    assert known <= entered(folder)
    whole(folder, unbroken)


@pytest.mark.parametrize("seed", range(1, FOLDERS + 1))
def test_killing_everything_at_random_points_loses_nothing_and_doubles_nothing(tmp_path, unbroken, seed):
    kill_at_random(tmp_path / "study", KILLS, seed, unbroken)


def test_a_killed_worker_costs_nothing(tmp_path, unbroken):
    folder = tmp_path / "study"
    going = start(folder, "--lucks", LUCKS)
    for n in (2, 6):
        wait_for(lambda n=n: len(entered(folder)) >= n, going)
        workers = [child for child in psutil.Process(going.pid).children() if "spawn_main" in " ".join(child.cmdline())]
        workers[0].kill()
    assert going.wait(timeout=120) == 0
    going.communicate()
    whole(folder, unbroken)


def wait_for(true: object, going: subprocess.Popen, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert going.poll() is None and time.monotonic() < until, going.poll()
        time.sleep(0.02)


def test_a_cluster_of_separate_processes_may_lose_a_machine(tmp_path, unbroken):
    folder, found = tmp_path / "study", tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli"]
    quiet = {
        "cwd": tmp_path,
        "env": ENV,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "start_new_session": True,
    }
    there = ["--scheduler-file", str(found)]
    scheduler = subprocess.Popen(
        [*dask[:2], "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", *there], **quiet
    )  # fmt: skip
    worker = [
        *dask[:2],
        "distributed.cli.dask_worker",
        *there,
        "--nthreads",
        "1",
        "--no-dashboard",
        "--host",
        "127.0.0.1",
    ]
    workers = [subprocess.Popen(worker, **quiet) for _ in range(2)]
    try:
        wait_for(lambda: found.exists() and found.read_text().endswith("}"), scheduler)  # it is not written at once
        going = start(folder, "--lucks", LUCKS, "--scheduler", json.loads(found.read_text())["address"])
        wait_for(lambda: len(entered(folder)) >= 3, going)
        os.killpg(workers[0].pid, signal.SIGKILL)
        assert going.wait(timeout=120) == 0, going.stderr.read()
        going.communicate()
        whole(folder, unbroken)
    finally:
        for process in (*workers, scheduler):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_jobs_of_a_batch_system_bring_workers_behind_a_certificate(tmp_path, unbroken):
    finish(tmp_path / "study", "--lucks", LUCKS, "--jobs")
    whole(tmp_path / "study", unbroken)
    assert list((tmp_path / "study" / "tmp").iterdir()) == []  # neither keys nor anything else is left


SCRIPTS = {"slurm": ["#SBATCH -p compute", "#SBATCH -A families", "#SBATCH -t 02:00:00", "#SBATCH --cpus-per-task=8"],
           "pbs": ["#PBS -q workq", "#PBS -A families", "#PBS -l walltime=02:00:00", "ncpus=8"],
           "lsf": ["#BSUB -q normal", '#BSUB -P "families"', "#BSUB -W 02:00", "#BSUB -n 8"]}  # fmt: skip
JOBS = """
import sys, tomllib
from pathlib import Path
from familyabm.lab import cluster
for system in sys.argv[2:]:
    import dask_jobqueue
    getattr(dask_jobqueue, cluster.SYSTEMS[system]).scale = lambda made, *given, **more: None
    made = cluster.jobs(tomllib.loads(Path(f"docs/clusters/{system}.toml").read_text())["cluster"], Path(sys.argv[1]))
    print(made.job_script())
    made.close()
"""


def test_every_batch_system_is_asked_as_the_example_says(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", JOBS, str(tmp_path), *SCRIPTS], cwd=ROOT, env=ENV, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [line for lines in SCRIPTS.values() for line in lines if line not in done.stdout] == []
    assert done.stdout.count("--tls-cert") == 3 and done.stdout.count("--nthreads 1") == 3


def test_runs_that_raise_hang_are_not_finite_or_kill_their_process_are_rows_and_the_others_are_lived(tmp_path):
    finish(tmp_path / "study", "--lucks", 10, "--worlds", 1, "--model", "planted", "--limit", 1.5, code=1)
    results = familyabm.open_study(tmp_path / "study")
    told = results.runs.set_index("luck")
    wrong = ["failed", "not finite", "timed out", "failed", "timed out"]
    assert told["status"].tolist() == ["done", "done", *wrong, "done", "done", "done"]
    assert told["error_type"].tolist()[2:7] == ["ZeroDivisionError", "NotFinite", "TimedOut", "WorkerDied", "TimedOut"]
    assert told.loc[3, "error"] == "planted, = 1 / 0" and "lab_models.py" in told.loc[3, "traceback"]
    assert (
        "harm" in told.loc[4, "error"]
        and "after 2 s" in told.loc[5, "error"]
        and "nothing else" in told.loc[7, "error"]
    )
    assert json.loads(told.loc[3, "settings"]) == {"area": "Wakefield", "world": "status-quo", "seed": 1, "luck": 3}
    assert re.fullmatch(r"familyabm study repeat \S+ [0-9a-f]{16}", told.loc[3, "repeat"])
    assert results.outcome("harm").isna().tolist() == [False, False, *[True] * 5, False, False, False]
    assert verify.verify(tmp_path / "study") == [] and list((tmp_path / "study" / "marks").iterdir()) == []


def test_a_full_disk_is_one_sentence_and_the_same_command_goes_on(tmp_path):
    folder, words = tmp_path / "study", ["--lucks", LUCKS, "--all-measures"]
    told = finish(folder, *words, "--largest-file", 60_000, "--task-seconds", 1.0, code=2)
    assert len(told.splitlines()) == 1 and "cannot be written: file too large" in told and "goes on from it" in told
    assert len(StudyResults(folder).runs) < 2 * LUCKS and list((folder / "tmp").iterdir()) == []
    assert not [damage for damage in verify.verify(folder) if "no ledger" not in damage.what]
    finish(folder, *words)
    assert verify.verify(folder) == [] and StudyResults(folder).runs["status"].tolist() == ["done"] * 2 * LUCKS


def test_two_runners_on_one_folder_share_the_work(tmp_path, unbroken):
    folder = tmp_path / "study"
    both = [start(folder, "--lucks", LUCKS, "--workers", 1) for _ in range(2)]
    assert [going.communicate(timeout=120) and going.returncode for going in both] == [0, 0]
    whole(folder, unbroken)
    lived = sum(part.about["tables"]["runs"]["rows"] for part in store.open_store(folder).parts())
    assert lived < 1.5 * 2 * LUCKS


def test_ctrl_c_keeps_everything_done(tmp_path, unbroken):
    folder = tmp_path / "study"
    going = start(folder, "--lucks", LUCKS)
    wait_for(lambda: len(entered(folder)) >= 1, going)
    os.killpg(going.pid, signal.SIGINT)
    told = going.communicate(timeout=60)[1]
    assert going.returncode == 1 and "Traceback" not in told
    n = len(StudyResults(folder).runs)
    assert 0 < n < 2 * LUCKS and verify.verify(folder) == []
    finish(folder, "--lucks", LUCKS)
    whole(folder, unbroken)


def test_ctrl_c_in_the_midst_of_a_report_loses_no_part_of_it(tmp_path, unbroken):
    folder = tmp_path / "study"
    finish(folder, "--lucks", LUCKS, "--ctrl-c-in-a-report", code=1)
    n = len(StudyResults(folder).runs)
    assert 0 < n < 2 * LUCKS and verify.verify(folder) == []
    finish(folder, "--lucks", LUCKS)
    whole(folder, unbroken)


async def arrived(dask_scheduler: Scheduler, n: int) -> None:
    """Wait until a scheduler knows of so many tasks."""
    while len(dask_scheduler.tasks) < n:
        await asyncio.sleep(0.01)


def test_no_task_taken_back_begins_even_if_a_worker_comes_before_the_runner_has_cancelled_it(tmp_path):
    cluster = LocalCluster(n_workers=0, threads_per_worker=1, processes=False, dashboard_address=None)
    with cluster as made, Client(made) as client:
        given = [client.submit(Path.touch, tmp_path / str(n), key=("live", n), pure=False) for n in range(4)]
        client.run_on_scheduler(arrived, n=4)
        assert client.run_on_scheduler(execute._take_back, client=client.id) == {future.key for future in given}
        made.scale(1)
        client.submit(Path.touch, tmp_path / "later", pure=False).result(timeout=30)  # a worker takes the oldest first
    assert [path.name for path in tmp_path.iterdir()] == ["later"]


def test_a_study_stops_in_good_order_when_its_time_is_up(tmp_path):
    finish(tmp_path / "study", "--lucks", LUCKS, "--model", "slow", "--stop-after", 6, code=1)
    assert len(StudyResults(tmp_path / "study").runs) < 2 * LUCKS and verify.verify(tmp_path / "study") == []


def readings(told: str) -> pd.DataFrame:
    """Return what a runner that was asked for its memory printed, a row for each time it told how far it was."""
    return pd.DataFrame([list(map(float, line.split())) for line in told.splitlines()], columns=READ)


def test_memory_is_flat_however_long_the_study(tmp_path):
    going = start(
        tmp_path / "study", "--lucks", 2500, "--model", "cheap", "--memory", "--all-measures", stdout=subprocess.PIPE
    )
    told = going.communicate(timeout=200)[0]
    assert going.returncode == 0
    seen = readings(told)
    early, late = seen[seen["runs"].between(1000, 2500)].median(), seen[seen["runs"] > 4000].median()
    assert late["runner"] - early["runner"] < 25.0
    assert late["worker"] - early["worker"] < 45.0  # its arrays come and go with a task, in no fixed order
