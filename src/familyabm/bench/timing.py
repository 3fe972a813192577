"""CPU seconds and wall seconds, of this thread or of processes of their own; medians, because machines are noisy."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("familyabm"))


def seconds(task: Callable[[], object], repeats: int) -> float:
    """Return the median CPU seconds of a task on this thread."""
    return statistics.median(once(task) for _ in range(repeats))


def once(task: Callable[[], object]) -> float:
    """Return the CPU seconds of a task on this thread."""
    start = time.thread_time()
    task()
    return time.thread_time() - start


def ratio(one: Callable[[], object], other: Callable[[], object], repeats: int) -> float:
    """Return the median of one task's CPU seconds to another's, taken turn by turn so that noise falls on both."""
    return statistics.median(once(one) / once(other) for _ in range(repeats))


def process(words: list[str], **environment: str) -> tuple[float, float]:
    """Run a command to its end; return its wall and CPU seconds, those of its own children included."""
    begun, before = time.perf_counter(), os.times()
    subprocess.run(words, check=True, capture_output=True, env=os.environ | environment)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - begun, used


def processes(words: list[str], repeats: int, **environment: str) -> tuple[float, float]:
    """Return the median wall and CPU seconds of a command, after one run that warms the machine up."""
    process(words, **environment)
    taken = [process(words, **environment) for _ in range(repeats)]
    return statistics.median(wall for wall, _ in taken), statistics.median(cpu for _, cpu in taken)
