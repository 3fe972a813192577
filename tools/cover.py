"""How much of the code the tests run: `python -m tools.cover` makes docs/quality/cover.md of coverage.py's own report.

`python -m tools.cover 1 tests/test_bars.py` counts what some test files run, and prints the page instead of writing it.
Lines and branches are counted in every process that tests start, the app's among them. Rules are left out, as
nothing can count inside what is compiled; planted faults (faults.md) tell of them.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "quality" / "cover.md"
LEAST = 20
"""Branches from which a file is listed among those least taken."""
LISTED = 25
FAILED = " Counting takes time and room, so that some tests failed meanwhile: what they run besides is not counted."
Files = Mapping[str, Mapping[str, Any]]


def count(workers: str, tests: Sequence[str] = ()) -> tuple[Files, bool]:
    """Run the tests, by default all, under coverage.py; return what it found in each file and whether all passed."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {"COVERAGE_FILE": str(Path(folder) / "found")}
        words = ["-q", "--cov", "--cov-report=", "--timeout=1800", "--numprocesses", workers, "--dist", "worksteal"]
        ran = subprocess.run([sys.executable, "-m", "pytest", *words, *tests], cwd=ROOT, env=env, check=False)
        if ran.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            raise SystemExit("The tests could not be run, and no page is written.")
        told = Path(folder) / "told.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "-q", "-o", str(told)], cwd=ROOT, env=env, check=True)
        found: Files = json.loads(told.read_text(encoding="utf-8"))["files"]
    return found, ran.returncode == pytest.ExitCode.OK


def part_of(name: str) -> str:
    """Return the part of the project that a file belongs to."""
    steps = Path(name).parts
    if steps[0] != "src":
        return f"{steps[0]}/"
    return f"familyabm.{steps[2]}" if len(steps) > 3 else "familyabm"


def shares(files: list[Mapping[str, Any]]) -> tuple[int, str, int, str]:
    """Return the lines of some files and the share run, and their branches and the share taken."""
    lines, run, ways, taken = (
        sum(one["summary"][name] for one in files)
        for name in ("num_statements", "covered_lines", "num_branches", "covered_branches")
    )
    return lines, _percent(run, lines), ways, _percent(taken, ways)


def _percent(part: int, whole: int) -> str:
    return f"{100.0 * part / whole:.0f}%" if whole else "–"


def text(found: Files, passed: bool) -> str:
    """Return the page."""
    parts: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for name, one in found.items():
        parts[part_of(name)].append(one)
    lines, run, ways, taken = shares(list(found.values()))
    page = [
        "# Lines and branches run by the tests", "", "Made by `make cover`; do not edit.", "",
        f"The tests run {run} of {lines:,} lines and take {taken} of {ways:,} branches, the app's pages and every "
        "process that a test starts among them. Rules are compiled, and what is compiled cannot be counted: "
        "[planted faults](faults.md) tell how well they are tested, and what a line's running is worth."
        f"{'' if passed else FAILED}",
        "", "| Part | Lines | Run | Branches | Taken |", "| --- | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for part in sorted(parts):
        lines, run, ways, taken = shares(parts[part])
        page.append(f"| `{part}` | {lines:,} | {run} | {ways:,} | {taken} |")
    page += ["", "## Least taken", "", f"Files of {LEAST} branches or more, those with most branches left first.", ""]
    page += ["| File | Branches | Taken | Lines never run |", "| --- | ---: | ---: | ---: |"]
    large = [(name, one["summary"]) for name, one in found.items() if one["summary"]["num_branches"] >= LEAST]
    large.sort(key=lambda item: item[1]["covered_branches"] - item[1]["num_branches"])
    for name, one in large[:LISTED]:
        share = _percent(one["covered_branches"], one["num_branches"])
        page.append(f"| `{name}` | {one['num_branches']} | {share} | {one['missing_lines']} |")
    return "\n".join(page) + "\n"


def main() -> None:
    """Count, and write the page."""
    workers, *tests = sys.argv[1:] or ["2"]
    page = text(*count(workers, tests))
    if tests:
        print(page)
        return
    PAGE.write_text(page, encoding="utf-8")
    print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
