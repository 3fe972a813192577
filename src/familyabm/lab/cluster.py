"""Where runs are lived: this machine's cores by default, a Dask scheduler by address, or a batch system's jobs.

Every worker has to see the study's folder under the same path, and to have the same familyabm. With none of Dask's
ways into a batch system, `script` writes a job array whose jobs each take their share of one study.
"""

import asyncio
import logging
import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from familyabm.errors import InputError, shown
from familyabm.toml_fields import one_of, only, whole

SYSTEMS = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "lsf": "LSFCluster"}
_FIELDS = ("system", "jobs", "cores", "memory", "walltime", "queue", "project", "before", "options")
_JOIN_SECONDS = 60.0
_OF_DASK = {
    "distributed.scheduler.allowed-failures": 1000,
    "distributed.admin.log-length": 100,
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "500ms",
}
"""A task that outlives its workers again and again is given out again by us, so that none is ever lost. And Dask looks
at itself less often than it does by default, up to a hundred times a second, which took a tenth of all time."""


def check(given: Mapping[str, Any], where: str = "study") -> None:
    """Raise InputError unless a [cluster] table can be used."""
    if not given:
        return
    label = f"{where}: cluster"
    only(given, _FIELDS, "a cluster", label)
    one_of(given.get("system"), "system", label, SYSTEMS)
    whole(given.get("jobs", 1), "jobs", label, 1, 10_000)
    whole(given.get("cores", 1), "cores", label, 1, 1_000)
    for name in ("memory", "walltime", "queue", "project"):
        if not isinstance(given.get(name, ""), str):
            raise InputError(f"{label}: {name} = {shown(given[name])} is not text in quotes.")
    for name in ("before", "options"):
        value = given.get(name, [])
        if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
            raise InputError(f"{label}: {name} = {shown(value)} is not a list of lines in quotes.")


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


@contextmanager
def client(
    workers: int, scheduler: str = "", cluster: Mapping[str, Any] | None = None, folder: Path = Path()
) -> Iterator[Any]:
    """Return a Dask client with workers behind it, and take down afterwards what was started here.

    folder: one that every worker sees.
    """
    import dask
    from distributed import Client

    with (
        tempfile.TemporaryDirectory(prefix="familyabm-", ignore_cleanup_errors=True) as scratch,
        dask.config.set({**_OF_DASK, "temporary-directory": scratch}),
        _cluster(workers, scheduler, cluster, folder) as found,
    ):
        try:
            opened = Client(found, set_as_default=False, timeout="30s")
        except (OSError, ValueError) as error:
            raise InputError(f"scheduler {scheduler} does not answer: {_first_line(error)}") from None
        try:
            _prepare(opened, scheduler)
            yield opened
        finally:
            _closed(opened)


@contextmanager
def _cluster(workers: int, scheduler: str, cluster: Mapping[str, Any] | None, folder: Path) -> Iterator[Any]:
    if scheduler:
        yield scheduler
        return
    with tempfile.TemporaryDirectory(dir=folder / "tmp", ignore_cleanup_errors=True) as keys:
        made = jobs(cluster, Path(keys)) if cluster else local(workers)
        try:
            yield made
        finally:
            _closed(made)


def _closed(thing: Any) -> None:
    """Close a client or a cluster; what goes wrong now loses nothing."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        thing.close(timeout=10)
    except Exception as error:
        logging.getLogger("familyabm").debug("closing: %s", error)


def local(workers: int) -> Any:
    """Return workers on this machine, one process each."""
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=workers or cores(), threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL, host="127.0.0.1",
    )  # fmt: skip


def mend(opened: Any) -> bool:
    """Start anew those of this machine's workers that Dask has given up; tell whether there were any.

    It gives up, for good, one that died and was not back within 15 seconds, because the machine is busy or it died
    again; and one that died while it started. Once all are gone a study would wait for ever.
    """
    from distributed import LocalCluster, Status

    made = opened.cluster
    if not isinstance(made, LocalCluster):
        return False

    async def forget() -> None:
        for name in [name for name, worker in made.workers.items() if worker.status in (Status.failed, Status.closed)]:
            asyncio.ensure_future(made.workers.pop(name).close(timeout=5))  # noqa: RUF006 - whatever becomes of it

    made.sync(forget)
    if len(made.workers) >= (n := len(made.worker_spec)):
        return False
    made.scale(n)
    return True


def jobs(given: Mapping[str, Any], folder: Path) -> Any:
    """Return workers that a batch system's jobs will bring.

    They and the scheduler know each other by a certificate made for this run, because Dask asks nobody who they are
    otherwise; it lies in `folder`, which every node sees, readable by this user only.
    """
    check(given)
    try:
        import cryptography  # noqa: F401 - the certificate is made with it
        import dask_jobqueue
    except ImportError:
        raise InputError(
            "[cluster] needs dask-jobqueue: pip install 'familyabm[cluster]'; or --script writes a job array."
        ) from None
    kind = getattr(dask_jobqueue, SYSTEMS[given["system"]])
    project = {} if given["system"] == "pbs" and not given.get("project") else {"account": given.get("project") or None}
    if given["system"] == "lsf":
        project = {"project": given.get("project") or None}
    n, hour = int(given.get("cores", 1)), "01:00" if given["system"] == "lsf" else "01:00:00"
    cluster = kind(
        cores=n, processes=n, memory=given.get("memory", f"{2 * n}GB"), walltime=given.get("walltime", hour),
        queue=given.get("queue") or None, job_script_prologue=list(given.get("before", [])),
        job_extra_directives=list(given.get("options", [])), nanny=True,
        security=True, shared_temp_directory=str(folder.resolve()), **project,
    )  # fmt: skip
    cluster.scale(jobs=int(given.get("jobs", 1)))
    return cluster


def _prepare(opened: Any, scheduler: str) -> None:
    """Wait for a worker, and keep Ctrl-C from the workers: the runner decides when they end."""
    from distributed.diagnostics.plugin import WorkerPlugin

    class Deaf(WorkerPlugin):  # type: ignore[misc] # Dask ships no types
        """Leave Ctrl-C to the runner."""

        name = "familyabm-deaf"

        def setup(self, worker: Any) -> None:
            import signal
            import threading

            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, signal.SIG_IGN)

    opened.register_plugin(Deaf())
    if scheduler:
        try:
            opened.wait_for_workers(1, timeout=_JOIN_SECONDS)
        except TimeoutError:
            raise InputError(
                f"scheduler {scheduler} has no worker; none joined within {_JOIN_SECONDS:.0f} s."
            ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


# --- A job array, for clusters on which Dask is not wanted ------------------------------------------------------------
def script(folder: Path, given: Mapping[str, Any]) -> str:
    """Return a SLURM script: an array of jobs that each take their share of a study, on their own cores.

    The jobs need nothing of each other: whichever ends early, the others and a later submission take what is left.
    """
    n, n_cores = int(given.get("jobs", 10)), int(given.get("cores", 4))
    lines = [
        "#!/bin/bash", f"#SBATCH --job-name={_word(folder.name)}", f"#SBATCH --array=1-{n}", "#SBATCH --ntasks=1",
        f"#SBATCH --cpus-per-task={n_cores}", f"#SBATCH --mem={given.get('memory', f'{2 * n_cores}GB')}",
        f"#SBATCH --time={given.get('walltime', '01:00:00')}", "#SBATCH --signal=B:INT@120",
    ]  # fmt: skip
    lines += [f"#SBATCH --partition={given['queue']}"] if given.get("queue") else []
    lines += [f"#SBATCH --account={given['project']}"] if given.get("project") else []
    lines += [f"#SBATCH {line}" for line in given.get("options", [])]
    run = f"familyabm study run {shlex.quote(str(folder.resolve()))} --workers {n_cores}"
    return "\n".join(
        [*lines, "", "# Every job begins at its own share and goes on with what is left; stored runs are kept.",
         *given.get("before", []), f'exec {run} --share "$SLURM_ARRAY_TASK_ID/{n}"', ""]
    )  # fmt: skip


def _word(text: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in text)[:40] or "study"
