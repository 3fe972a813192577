"""Run a made-up study in a process of its own, so that a test can kill it: python -m tests.lab_runner FOLDER …"""

import argparse
import resource
import signal
import sys

from familyabm.errors import InputError
from familyabm.lab import execute, queue, running, store
from familyabm.lab.study import Study
from tests import lab_models


def study(
    lucks: int, limit: float = 60.0, measures: tuple[str, ...] = ("harm", "care_starts", "spend"), worlds: int = 2
) -> Study:
    """Return a study of that many runs in each of some worlds."""
    names = ("status-quo", "whole-system")[:worlds]
    return Study(
        "made up", ("Wakefield",), names, lucks=lucks, years=1, scale=0.01, measures=measures,
        limit=limit,
    )  # fmt: skip


def main() -> int:
    """Run as the arguments say; exit as the command line would."""
    take = argparse.ArgumentParser()
    take.add_argument("folder")
    take.add_argument("--model", default="quick")
    take.add_argument("--lucks", type=int, default=150)
    take.add_argument("--workers", type=int, default=2)
    take.add_argument("--worlds", type=int, default=2)
    take.add_argument("--stop-after", type=float)
    take.add_argument("--limit", type=float, default=60.0)
    take.add_argument("--scheduler", default="")
    take.add_argument("--task-seconds", type=float, default=0.1)
    take.add_argument("--largest-file", type=int, default=0)
    take.add_argument("--most-memory", type=int, default=0)
    take.add_argument("--all-measures", action="store_true")
    take.add_argument("--memory", action="store_true")
    take.add_argument("--jobs", action="store_true")
    take.add_argument("--ctrl-c-in-a-report", action="store_true")
    given = take.parse_args()
    if given.ctrl_c_in_a_report:
        interrupt_entering()
    if given.largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (given.largest_file, given.largest_file))
    if given.most_memory:  # of addresses, and so of each process; its workers inherit it
        resource.setrlimit(resource.RLIMIT_AS, (given.most_memory, given.most_memory))
    queue.TARGET_SECONDS = given.task_seconds
    asked = study(
        given.lucks, given.limit, () if given.all_measures else ("harm", "care_starts", "spend"), given.worlds
    )
    machines = jobs_here() if given.jobs else {}
    options = execute.Options(
        workers=given.workers, cluster=machines, scheduler=given.scheduler, stop_after=given.stop_after
    )
    try:
        _, progress = running.run_study(
            asked, given.folder, options, run_one=getattr(lab_models, given.model),
            tell=memory if given.memory else lambda progress: print(progress.stored, flush=True),
            say=lambda text: print(text, file=sys.stderr),
        )  # fmt: skip
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 1 if progress.stopped or progress.failed else 0


def interrupt_entering() -> None:
    """Let Ctrl-C be pressed just as the first part is to be entered in the ledger."""
    enter, pressed = store.enter, []

    def interrupted(*given: object) -> None:
        if not pressed:
            pressed.append(True)
            signal.raise_signal(signal.SIGINT)
        enter(*given)

    store.enter = interrupted


def jobs_here() -> dict[str, object]:
    """Put jobs of this machine in the place of SLURM's, and return a table that asks for two of them."""
    import dask_jobqueue
    from dask_jobqueue.local import LocalCluster

    class Here(LocalCluster):
        """A batch system that starts a job at once, as a process."""

        def __init__(self, walltime: str, queue: str | None, account: str | None, **rest: object) -> None:
            super().__init__(**rest)

    dask_jobqueue.SLURMCluster = Here
    return {"system": "slurm", "jobs": 2, "cores": 1, "memory": "1GB"}


def memory(progress: execute.Progress) -> None:
    """Print how many runs are stored, megabytes of this process and of its largest child, and files open in both."""
    import psutil

    here = psutil.Process()
    children = [child for child in here.children(recursive=True) if child.is_running()]
    largest = max((child.memory_info().rss for child in children), default=0)
    handles = max((child.num_fds() for child in children), default=0)
    print(progress.stored, here.memory_info().rss / 1e6, largest / 1e6, here.num_fds(), handles, flush=True)


READ = ["runs", "runner", "worker", "runner_files", "worker_files"]
"""What each line of it says."""


if __name__ == "__main__":
    sys.exit(main())
