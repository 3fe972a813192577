"""Tests with and without a fault: which of them reach it, and whether one of those finds it.

Everything is loaded and collected once. Each fault is tried in a process forked from there, in which the code of the
functions around it is exchanged, so that it costs little more than the tests that call them. Limits are in seconds of
CPU, so that other work on the machine finds no faults.
"""

import ast
import gc
import importlib.abc
import importlib.machinery
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest

from tools.mutants.faults import PACKAGE, ROOT, Fault, source_of

QUICK, AFTERWARDS = 0.7, 0.1
"""CPU-seconds after which a test is left out; the lesser for tests of a file once two of its tests were left out."""
COMPILED = 4.0
"""The same where the rules are compiled, and whole towns are lived."""
BROKEN = 3
"""How a process ends in which a fault could not be tried."""
ENOUGH = 10.0
"""CPU-seconds of tests that a fault is shown at most, the quickest first."""
WORDS = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not slow and not browser"]


@dataclass(frozen=True)
class Known:
    """A quick test that passes: its CPU-seconds and the functions it calls, by file and first line."""

    item: pytest.Item
    seconds: float
    calls: set[tuple[str, int]] = field(repr=False)


def session(files: Sequence[str], work: Callable[[list[pytest.Item]], None]) -> None:
    """Load everything, collect the tests and do work with them where pytest would run them.

    Raises RuntimeError if they cannot be collected.
    """
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "tests")]
    told = pytest.main([*WORDS, *files], plugins=[_Instead(work)])
    if told != 0:
        raise RuntimeError(f"pytest ended with {told}")


class _Instead:
    """Does something else with tests than to run them."""

    def __init__(self, work: Callable[[list[pytest.Item]], None]) -> None:
        self.work = work

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        _functions()
        gc.disable()  # what is collected in a fork is copied
        self.work(list(session.items))
        return True


class _Verdict:
    """Ends the process with the first test that fails."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(1)


class Watching:
    """Notes what every test calls and takes, and stops those that are not quick."""

    def __init__(self, quick: float) -> None:
        """Begin with nothing noted."""
        self.quick = quick
        self.called: set[tuple[str, int]] = set()
        self.found: dict[str, tuple[float, list[tuple[str, int]]]] = {}
        self.slow: dict[Path, int] = {}
        self.failed: set[str] = set()
        self.spent = 0.0

    def profile(self, frame: FrameType, event: str, _: object) -> None:
        """Note a call of one of the package's functions."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(PACKAGE)):
            self.called.add((code.co_filename, code.co_firstlineno))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Begin with a test."""
        self.called, self.spent = set(), 0.0
        yield
        self.found[item.nodeid] = (self.spent, sorted(self.called))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """Watch what a test needs; the rest of a file whose tests are not quick is left out."""
        with self._watched(item):
            yield

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Watch the test itself."""
        with self._watched(item):
            yield

    @contextmanager
    def _watched(self, item: pytest.Item) -> Iterator[None]:
        def late(*_: object) -> None:
            self.slow[item.path] = self.slow.get(item.path, 0) + 1
            raise TimeoutError(f"{item.nodeid} is not quick")

        left = self.quick if self.slow.get(item.path, 0) < 2 else min(self.quick, AFTERWARDS)
        before = time.process_time()
        signal.signal(signal.SIGVTALRM, late)
        signal.setitimer(signal.ITIMER_VIRTUAL, left)
        sys.setprofile(self.profile)
        yield
        sys.setprofile(None)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        self.spent += time.process_time() - before

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that does not pass by itself, or not in time."""
        if not report.passed:
            self.failed.add(report.nodeid)


def _run(items: Sequence[pytest.Item], plugin: object) -> int:
    """Run tests in this process, with a plugin more; return 0."""
    manager = items[0].config.pluginmanager
    manager.register(plugin)
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    return 0


def reached(items: Sequence[pytest.Item], quick: float) -> list[Known]:
    """Run all tests without a fault, in a process of its own, and return what each quick one that passes calls."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "found.json"

        def watch() -> int:
            watching = Watching(quick)
            _run(items, watching)
            kept = {test: found for test, found in watching.found.items() if test not in watching.failed}
            path.write_text(json.dumps(kept), encoding="utf-8")
            return 0

        if _forked(watch, seconds=7200) != 0:
            raise RuntimeError("the tests did not end")
        kept = json.loads(path.read_text(encoding="utf-8"))
    found = [(item, *kept[item.nodeid]) for item in items if item.nodeid in kept]
    return [Known(item, seconds, {(name, line) for name, line in calls}) for item, seconds, calls in found]


def tests_for(fault: Fault, known: Sequence[Known]) -> list[Known]:
    """Return the tests that call what the fault is in, the quickest first, up to a sum of CPU-seconds."""
    file, lines = str(source_of(fault.module)), set(fault.within)
    tests = [one for one in known if any(name == file and (line in lines or not lines) for name, line in one.calls)]
    taken: list[Known] = []
    spent = 0.0
    for test in sorted(tests, key=lambda test: (test.seconds, test.item.nodeid)):
        spent += test.seconds
        if taken and spent > ENOUGH:
            break
        taken.append(test)
    return taken


def found_by(fault: Fault, tests: Sequence[Known]) -> bool:
    """Tell whether one of the tests fails, or never ends, with the fault."""

    def try_it() -> int:
        if fault.within:
            exchange(fault)
            return _run([test.item for test in tests], _Verdict())
        _forget()
        sys.meta_path.insert(0, Planted(fault))
        return int(pytest.main([*WORDS, "-x", *(test.item.nodeid for test in tests)]) != 0)

    told = _forked(try_it, seconds=int(20 + 10 * sum(test.seconds for test in tests)))
    if told == BROKEN:
        raise RuntimeError(f"{fault.module}, line {fault.line}: the fault could not be tried")
    return told != 0


def check_unspoilt(module: str, tests: Iterable[Known]) -> None:
    """Raise RuntimeError unless the tests pass together, in a process like those of faults, with no fault planted."""
    some = sorted(tests, key=lambda test: (test.seconds, test.item.nodeid))
    if some and _forked(lambda: _run([test.item for test in some], _Verdict()), seconds=3600) != 0:
        raise RuntimeError(f"{module}: its tests do not pass together without a fault")


def _forked(work: Callable[[], int], seconds: int) -> int:
    """Do work in a process of its own, unheard and within CPU-seconds; return 0 if it said so and ended well."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        code = BROKEN
        with suppress(BaseException):
            code = work()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def exchange(fault: Fault) -> None:
    """Give every function of the fault's module the code that it has with the fault."""
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(_compiled(fault))}
    for function in _functions()[str(source_of(fault.module))]:
        code = function.__code__
        function.__code__ = codes.get((code.co_qualname, code.co_firstlineno), code)


@cache
def _functions() -> Mapping[str, list[FunctionType]]:
    """Return the package's functions by file; asked for before forking, as looking at every object is slow."""
    found = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(PACKAGE)):
            found[one.__code__.co_filename].append(one)
    return found


def _compiled(fault: Fault) -> CodeType:
    return compile(fault.tree, str(source_of(fault.module)), "exec")


def _codes(code: CodeType) -> Iterable[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _forget() -> None:
    """Forget the package and its tests, so that what runs on import runs again."""
    for name in list(sys.modules):
        if name.split(".")[0] in ("familyabm", "tests", "towns", "conftest") or name.startswith("test_"):
            del sys.modules[name]


class Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module with its fault."""

    def __init__(self, fault: Fault) -> None:
        """Stand ready for a fault's module."""
        self.name, self.fault = f"familyabm.{fault.module}", fault

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """Answer for that module and no other."""
        if name != self.name:
            return None
        spec = importlib.machinery.ModuleSpec(name, self, origin=str(source_of(self.fault.module)))
        spec.has_location = True
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the module with its fault."""
        exec(_compiled(self.fault), vars(module))


def parsed(module: str) -> ast.Module:
    """Return a module as a tree."""
    return ast.parse(source_of(module).read_text(encoding="utf-8"))
