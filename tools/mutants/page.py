"""docs/quality/faults.md: of the faults planted, how many the tests found, module by module, and what survived."""

import json
import tomllib
from typing import Any

from tools.mutants.faults import ROOT

PAGE, MEASURED = ROOT / "docs" / "quality" / "faults.md", ROOT / "benchmarks" / "results"
JUDGED = ROOT / "tools" / "mutants" / "survivors.toml"
NOT_JUDGED = "not looked into yet"
Row = dict[str, Any]


def newest() -> dict[str, Row]:
    """Return the newest figures of each module."""
    found: dict[str, Row] = {}
    for path in sorted(MEASURED.glob("mutants-*.json")):
        found |= json.loads(path.read_text(encoding="utf-8"))
    return dict(sorted(found.items()))


def judged() -> dict[tuple[str, str, str], str]:
    """Return what is said of survivors, by module and by what they were and became."""
    rows = tomllib.loads(JUDGED.read_text(encoding="utf-8"))["survivor"]
    return {(row["module"], row["was"], row["became"]): row["why"] for row in rows}


def text() -> str:
    """Return the page."""
    found, said = newest(), judged()
    rules = [one for name, one in found.items() if name.startswith("rules.")]
    others = [one for one in found.values() if one not in rules]
    lines = [
        "# Planted faults", "", "Made by `python -m tools.mutants`; do not edit.", "",
        f"A fault is a changed comparison, sign, number or condition. In the rules the tests found {_share(rules)}, "
        f"before tests were written for what had survived {_share(rules, 'at_first')}; in measures, twin worlds "
        f"and the lab's store {_share(others)}. Each module has a seeded sample of its faults. "
        "Tests of rules run in plain Python and live no whole town: what such tests find besides is not counted.",
        "", "| Module | Places for a fault | Planted | Found at first | Found | Date |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]  # fmt: skip
    for name, one in found.items():
        first = one.get("at_first", one["killed"])
        lines.append(f"| `{name}` | {one['faults']} | {one['tried']} | {first} | {one['killed']} | {one['date']} |")
    lines += ["", "## What survived", "", "| Where | Was | Became | Tests that passed | What it means |",
              "| --- | --- | --- | ---: | --- |"]  # fmt: skip
    for name, one in found.items():
        for row in one["survivors"]:
            why = said.get((name, row["was"], row["became"]), NOT_JUDGED)
            lines.append(f"| `{name}` | {_code(row['was'])} | {_code(row['became'])} | {row['tests']} | {why} |")
    return "\n".join(lines) + "\n"


def _share(kept: list[Row], when: str = "killed") -> str:
    n = sum(one["tried"] for one in kept)
    killed = sum(one[when if when in one else "killed"] for one in kept)
    return f"{killed} of {n} ({100 * killed / n:.0f}%)" if n else "none, as none were planted"


def _code(source: str) -> str:
    return "`" + source.replace("|", "\\|").replace("\n", " ")[:90] + "`"


def write() -> None:
    """Write the page."""
    PAGE.write_text(text(), encoding="utf-8")
