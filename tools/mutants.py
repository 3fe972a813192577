"""Plants faults in the rules, one at a time, and counts those that the rules' own tests find: `make mutants`.

A fault is a changed comparison, sign, number or condition. Tests run in plain Python (NUMBA_DISABLE_JIT=1), each fault
in a process of its own that is forked once everything from elsewhere is loaded, so that it costs little more than its
tests. Of a module's faults a seeded sample is taken; those that no test finds are listed, and some change nothing.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.machinery
import json
import os
import platform
import random
import re
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

os.environ["NUMBA_DISABLE_JIT"] = "1"
ROOT = Path(__file__).parents[1]
RULES = ROOT / "src" / "familyabm" / "rules"
USUAL = ("allocation", "court", "front_door", "harm", "money")
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One planted fault: where it stands, what it was and what it became."""

    module: str
    line: int
    was: str
    became: str
    tree: ast.Module


def places(tree: ast.Module) -> list[int]:
    """Return where in a module a fault can be planted, as places in the order of its nodes."""
    return [place for place, node in enumerate(_whole(tree)) if node is not None and _can_be_spoilt(node)]


def planted(module: str, tree: ast.Module, place: int) -> Fault:
    """Return the module with a fault at one place."""
    changed = copy.deepcopy(tree)
    node: Any = next(node for at, node in enumerate(_whole(changed)) if at == place)
    was = ast.unparse(node)
    _spoil(node)
    return Fault(module, node.lineno, was, ast.unparse(node), ast.fix_missing_locations(changed))


def _whole(tree: ast.Module) -> Iterator[ast.AST | None]:
    """Yield every node once, in one order; nothing for what is no code, such as a docstring or an annotation."""
    idle: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for part in (*node.decorator_list, node.args, node.returns):
                idle |= {id(one) for one in ast.walk(part)} if part is not None else set()
        yield None if id(node) in idle else node


def _can_be_spoilt(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return type(node.ops[0]) in SWAPS
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        return type(node.op) in SWAPS
    return isinstance(node, ast.If | ast.IfExp) or (isinstance(node, ast.Constant) and type(node.value) in (int, float))


def _spoil(node: Any) -> None:
    """Change a node to what is wrong in its place."""
    if isinstance(node, ast.Compare):
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        node.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = node.value + 1 if isinstance(node.value, int) else node.value * 2.0 or 1.0
    else:
        node.test = ast.UnaryOp(ast.Not(), node.test)


def tests_of(module: str) -> list[str]:
    """Return the test files that name a module of rules, those of rules first."""
    word = re.compile(rf"\b{module}\b")
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py")}
    found = [path for path, text in texts.items() if "familyabm.rules" in text and word.search(text)]
    return [str(path) for path in sorted(found, key=lambda path: (not path.name.startswith("test_rules"), path.name))]


class Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module with its fault."""

    def __init__(self, fault: Fault) -> None:
        """Stand ready for a fault's module."""
        self.name, self.fault = f"familyabm.rules.{fault.module}", fault

    def find_spec(self, name: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        """Answer for that module and no other."""
        if name != self.name:
            return None
        spec = importlib.machinery.ModuleSpec(name, self, origin=str(RULES / f"{self.fault.module}.py"))
        spec.has_location = True
        return spec

    def exec_module(self, module: object) -> None:
        """Run the module with its fault."""
        code = compile(self.fault.tree, str(RULES / f"{self.fault.module}.py"), "exec")
        exec(code, vars(module))


def tried(fault: Fault | None, files: Sequence[str], seconds: float) -> str:
    """Return "killed" if a test fails or never ends, "survived" if all pass."""
    child = os.fork()
    if child == 0:
        _test(fault, files)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        time.sleep(0.05)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return "killed"


def _test(fault: Fault | None, files: Sequence[str]) -> None:
    """Run tests in this process and end it with their verdict."""
    import pytest

    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "tests")]
    if fault is not None:
        sys.meta_path.insert(0, Planted(fault))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    words = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow and not browser", *files]
    os._exit(int(pytest.main(words)) and 1)


def of_module(module: str, most: int, seconds: float) -> dict[str, object]:
    """Plant a sample of a module's faults and return what became of them."""
    files, chance = tests_of(module), random.Random(module)
    tree = ast.parse((RULES / f"{module}.py").read_text(encoding="utf-8"))
    every = places(tree)
    taken = [planted(module, tree, place) for place in sorted(chance.sample(every, min(most, len(every))))]
    if not files or tried(None, files, 10 * seconds) != "survived":
        return {
            "module": module,
            "faults": len(every),
            "tried": 0,
            "killed": 0,
            "survivors": [],
            "note": "its tests do not pass by themselves",
        }
    survivors = [fault for fault in taken if tried(fault, files, seconds) == "survived"]
    told = [{name: value for name, value in asdict(fault).items() if name != "tree"} for fault in survivors]
    return {
        "module": module,
        "faults": len(every),
        "tried": len(taken),
        "killed": len(taken) - len(survivors),
        "survivors": told,
    }


def main() -> None:
    """Plant, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=list(USUAL), help="modules of rules; all: every one")
    parser.add_argument("--most", type=int, default=25, help="faults of each module")
    parser.add_argument(
        "--seconds", type=float, default=120.0, help="after which a test that has not ended has found a fault"
    )
    asked = parser.parse_args()
    modules = sorted(path.stem for path in RULES.glob("[a-z]*.py")) if asked.modules == ["all"] else asked.modules
    for name in ("numba", "numpy", "pandas", "pytest", "hypothesis", "networkx", "playwright.sync_api"):
        with suppress(ImportError):
            __import__(name)
    found = []
    for module in modules:
        found.append(of_module(module, asked.most, asked.seconds))
        print(json.dumps(found[-1]), flush=True)
    n, killed = (sum(int(str(one[name])) for one in found) for name in ("tried", "killed"))
    whole = {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "tried": n,
        "killed": killed,
        "modules": found,
    }
    path = ROOT / "benchmarks" / "results" / f"mutants-{whole['date']}.json"
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    print(f"{killed} of {n} faults were found. Written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
