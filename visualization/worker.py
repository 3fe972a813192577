"""What the processes beside the server do: one kind of work a function, found by name."""

import json
import multiprocessing
import os
import threading
import time
import traceback
import uuid
from dataclasses import replace
from pathlib import Path

from familyabm.errors import InputError

from .jobs import DONE, FAILED, STOPPED, WAITING, WORKING, Job, State


def warm() -> None:
    """Load what every piece of work needs, so that the first one does not wait for it."""
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    os.nice(5)  # the server's own answers come first
    from familyabm import areas, levers, simulation, worlds
    from familyabm.parameters import DEFAULT

    from . import comparing, watching  # noqa: F401

    area = areas.england()
    past = simulation.past(area, DEFAULT, 1, 250.0 / area.children_0_17)
    worlds.live_pair(past, levers.find("status-quo"), levers.find("whole-system"), 1, 1)


def _end_with_the_server() -> None:
    """End this process once the server's is gone, however it went; what was done is on the disk."""
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os._exit(1)


def work(kind: str, folder: str, home: str) -> None:
    """Do one job and write how it ended; whatever happens is a state, never a silence."""
    job = Job(kind, Path(folder))
    began = replace(job.state(), state=WORKING, began=time.time())
    job.write(began)
    try:
        if job.told_to_stop:
            job.write(replace(began, state=STOPPED))
            return
        _KINDS[kind](job, Path(home))
    except InputError as error:
        job.write(replace(job.state(), state=FAILED, said=str(error)))
    except Exception:
        code = uuid.uuid4().hex[:8]
        (job.folder / "fault.txt").write_text(f"{code}\n{traceback.format_exc()}", encoding="utf-8")
        job.write(replace(job.state(), state=FAILED, said=f"Something went wrong in the model (fault {code})."))


def _pairs(job: Job, home: Path) -> None:
    from . import comparing

    comparing.live(job, home)


def _lives(job: Job, home: Path) -> None:
    from . import watching

    watching.live(job, home)


def _doubts(job: Job, home: Path) -> None:
    from . import doubting

    doubting.doubts(job, home)


def _shares(job: Job, home: Path) -> None:
    from . import doubting

    doubting.shares(job, home)


def _sets(job: Job, home: Path) -> None:
    from . import doubting

    doubting.sets(job, home)


def _equity(job: Job, home: Path) -> None:
    from . import doubting

    doubting.equity(job, home)


def _tries(job: Job, home: Path) -> None:
    from . import trying

    trying.live(job, home)


def _look(job: Job, home: Path) -> None:
    from . import trying

    trying.look(job, Path(json.loads((job.folder / "study.json").read_text(encoding="utf-8"))))


def _lesson(job: Job, home: Path) -> None:
    from . import teaching

    teaching.live(job, home)


_KINDS = {
    "pairs": _pairs, "lives": _lives, "doubts": _doubts, "shares": _shares, "sets": _sets, "equity": _equity,
    "tries": _tries, "look": _look, "lesson": _lesson,
}  # fmt: skip
__all__ = ["DONE", "WAITING", "State", "warm", "work"]
