"""Plants faults in the code, one at a time, and counts those that the quick tests find: `make mutants`.

A fault is a changed comparison, sign, number or condition. Tests run in plain Python (NUMBA_DISABLE_JIT=1), so those
that live a whole town are left out, and what they would find besides is not counted. Of a module's faults a seeded
sample is taken. benchmarks/results has what became of them, docs/quality/faults.md what survived.
"""

import argparse
import ast
import json
import os
import platform
import random
import re
import time
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tools.mutants import page, trying
from tools.mutants.faults import ROOT, Fault, modules, places, planted

USUAL = ["allocation", "court", "front_door", "harm", "money"]
OF_RULES = re.compile("from (test_rules_common|familyabm.rules) ")
"""What a test file imports that works rules by hand."""
TOWNS = ("test_conservation", "test_exactness", "test_decisions")
"""Those of them that live whole towns, which takes too long in plain Python."""
BEYOND = re.compile("test_(measures.*|worlds|lab_(store|damage))$")
"""Test files of what is counted, compared and kept."""
RESULTS = ROOT / "benchmarks" / "results"


def test_files(rules: bool) -> list[str]:
    """Return the test files of rules, or those of what faults are planted in besides."""
    files = sorted((ROOT / "tests").glob("test_*.py"))
    if not rules:
        return [str(path) for path in files if BEYOND.match(path.stem)]
    worked = [path for path in files if OF_RULES.search(path.read_text(encoding="utf-8"))]
    return [str(path) for path in worked if path.stem not in TOWNS]


def of_module(module: str, most: int, known: list[trying.Known]) -> dict[str, Any]:
    """Plant a sample of a module's faults and return what became of them."""
    tree = trying.parsed(module)
    every = places(tree)
    chosen = sorted(random.Random(module).sample(every, min(most, len(every))))
    shown = [(fault, trying.tests_for(fault, known)) for fault in (planted(module, tree, place) for place in chosen)]
    trying.check_unspoilt(module, {one.item.nodeid: one for _, tests in shown for one in tests}.values())
    survivors = []
    for fault, tests in shown:
        if not tests or not trying.found_by(fault, tests):
            survivors.append(told(fault, len(tests)))
    return {
        "module": module, "faults": len(every), "tried": len(chosen), "killed": len(chosen) - len(survivors),
        "survivors": survivors,
    }  # fmt: skip


def again(files: list[str]) -> None:
    """Show what survived to some test files alone, of rules or of what lies beyond, and keep what they find.

    It is for tests written since.
    """
    beyond = all(BEYOND.match(Path(file).stem) for file in files)
    os.environ["NUMBA_DISABLE_JIT"] = "0" if beyond else "1"
    rows = [one for name, one in page.newest().items() if name.startswith("rules.") != beyond and one["survivors"]]

    def work(items: list[pytest.Item]) -> None:
        import_module("towns").snapshot() if beyond else import_module("test_rules_common").fresh()
        known = trying.reached(items, trying.COMPILED)
        for one in rows:
            tree, module = trying.parsed(one["module"]), one["module"]
            found = [
                [(fault, trying.tests_for(fault, known)) for fault in like(module, tree, row)]
                for row in one["survivors"]
            ]
            every = {test.item.nodeid: test for shown in found for _, tests in shown for test in tests}
            trying.check_unspoilt(module, every.values())
            kept = []
            for row, shown in zip(one["survivors"], found, strict=True):
                if not shown or not all(tests and trying.found_by(fault, tests) for fault, tests in shown):
                    kept.append(row)
            print(f"{module}: {len(one['survivors']) - len(kept)} of {len(one['survivors'])}", flush=True)
            one.setdefault("at_first", one["killed"])
            one.update(survivors=kept, killed=one["tried"] - len(kept))
            store({module: one})

    trying.session(files, work)


def like(module: str, tree: ast.Module, row: dict[str, Any]) -> list[Fault]:
    """Return the faults that a survivor may be: those on its line, or in its module if its line has moved."""
    for lines in ((row["line"],), ()):
        faults = [planted(module, tree, place) for place in places(tree, lines)]
        same = [fault for fault in faults if (fault.was, fault.became) == (row["was"], row["became"])]
        if same:
            return same
    return []


def told(fault: Fault, tests: int) -> dict[str, Any]:
    """Return a survivor in words: where it stands, and how many tests it was shown to."""
    return {"line": fault.line, "was": fault.was, "became": fault.became, "tests": tests}


def written(found: list[dict[str, Any]], most: int) -> dict[str, Any]:
    """Return what is kept: the newest of each module, whichever run it is from."""
    today = {"date": date.today().isoformat(), "python": platform.python_version(), "most": most}
    return {one["module"]: today | one for one in found}


def tried(names: list[str], most: int) -> list[dict[str, Any]]:
    """Return what became of the faults of some modules, all of them rules or none."""
    compiled = not names[0].startswith("rules.")
    os.environ["NUMBA_DISABLE_JIT"] = "0" if compiled else "1"  # before anything of the package is loaded
    found: list[dict[str, Any]] = []

    def work(items: list[pytest.Item]) -> None:
        import_module("towns").snapshot() if compiled else import_module("test_rules_common").fresh()  # kept for all
        known = trying.reached(items, trying.COMPILED if compiled else trying.QUICK)
        print(f"{len(known)} quick tests, {sum(one.seconds for one in known):.0f} CPU-seconds", flush=True)
        for name in names:
            found.append(of_module(name, most, known))
            print(f"{time.monotonic() - began:5.0f} s  {json.dumps(found[-1])}", flush=True)
            store(written(found[-1:], most))

    began = time.monotonic()
    trying.session(test_files(not compiled), work)
    return found


def store(rows: dict[str, Any]) -> None:
    """Write modules' figures, beside those of other modules of the same day."""
    path = RESULTS / f"mutants-{date.today().isoformat()}.json"
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(before | rows, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Plant, print and write."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=USUAL, help="modules, as money or lab.store; all: every one")
    parser.add_argument("--most", type=int, default=8, help="faults of each module")
    parser.add_argument("--again", nargs="+", metavar="FILE", help="show what survived to these test files alone")
    asked = parser.parse_args()
    if asked.again:
        again([str(ROOT / file) for file in asked.again])
        page.write()
        return
    names = modules(asked.modules)
    for rules in (True, False):
        these = [name for name in names if name.startswith("rules.") == rules]
        child = os.fork() if these else None  # the rules are compiled or not for a whole process
        if child == 0:
            tried(these, asked.most)
            os._exit(0)
        if child is not None and os.waitpid(child, 0)[1] != 0:
            raise SystemExit("the tests could not be run")
    page.write()


if __name__ == "__main__":
    main()
