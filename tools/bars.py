"""Every bar and what was measured: `python tools/bars.py` makes docs/bars.md of tools/bars.toml and of the benchmarks.

What a test holds to stands in the table of rows; a figure of `familyabm bench` is read from its newest file.
"""

import ast
import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ROWS, PAGE, MEASURED = ROOT / "tools" / "bars.toml", ROOT / "docs" / "bars.md", ROOT / "benchmarks" / "results"
ORDER = ("short", "not measured", "met")
SAID = {"short": "falls short", "not measured": "not measured", "met": "met"}
BENCH = {"goal met": "met", "bar met": "met", "bar not met": "short", "not measured": "not measured"}
UNEXPLAINED = {"why": "not looked into yet", "next": "a profile, by `familyabm bench` on a quiet machine"}
"""What is said of a figure that falls short for the first time."""
NEEDED = ("id", "group", "asked")
Row = dict[str, Any]


def figures(folder: Path = MEASURED) -> Mapping[str, Row]:
    """Return the newest figures of `familyabm bench` that were measured, by name."""
    found: dict[str, Row] = {}
    for path in sorted(folder.glob("[0-9]*.json")):
        for figure in json.loads(path.read_text(encoding="utf-8")).get("figures", []):
            if figure["value"] is not None or figure["name"] not in found:
                found[figure["name"]] = figure | {"date": path.stem}
    return found


def rows(path: Path = ROWS, measured: Mapping[str, Row] | None = None) -> list[Row]:
    """Return every row with its verdict, and with what was found."""
    measured = figures() if measured is None else measured
    given = tomllib.loads(path.read_text(encoding="utf-8"))["row"]
    return [UNEXPLAINED | row | _of_bench(measured.get(row["bench"])) if "bench" in row else row for row in given]


def _of_bench(figure: Row | None) -> Row:
    tests = ["src/familyabm/bench/rows.py"]
    if figure is None or figure["value"] is None:
        later = "`make bench` on a quiet machine"
        return {
            "tests": tests,
            "verdict": "not measured",
            "why": "left out of the last run of `make bench`",
            "next": later,
        }
    value = figure["value"]
    written = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    said = f"{written} {figure['unit']} ({figure['date']})"
    return {"tests": tests, "verdict": BENCH[figure["verdict"]], "found": said}


def names(path: Path) -> set[str]:
    """Return the tests that a file holds."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def wrong(found: list[Row], root: Path = ROOT) -> list[str]:
    """Return what is wrong with the rows: what nothing measures, a test that is gone, a verdict without its reason."""
    said = []
    for row in found:
        lacks = [name for name in NEEDED if not row.get(name)]
        said += [f"{row.get('id', row)}: {name} is missing" for name in lacks]
        if not row.get("tests"):
            said.append(f"{row['id']}: nothing measures it")
        said += [f"{row['id']}: {test} is gone" for test in row.get("tests", []) if not there(test, root)]
        if row.get("verdict") not in ORDER:
            said.append(f"{row['id']}: verdict = {row.get('verdict')} is not one of {', '.join(ORDER)}")
        elif row["verdict"] != "not measured" and not row.get("found"):
            said.append(f"{row['id']}: what was found is missing")
        if row.get("verdict") != "met" and not (row.get("why") and row.get("next")):
            said.append(f"{row['id']}: it is not met; why and next are needed")
    twice = {row["id"] for row in found if sum(other["id"] == row["id"] for other in found) > 1}
    return said + [f"{name}: is there twice" for name in sorted(twice)]


def there(test: str, root: Path = ROOT) -> bool:
    """Tell whether what measures a row exists: a test by its file and name, or a file."""
    file, _, name = test.partition("::")
    path = root / file
    return path.exists() and (not name or name in names(path))


def page(found: list[Row]) -> str:
    """Return the page: what falls short first, then what nobody measured, then what is met."""
    count = {verdict: sum(row["verdict"] == verdict for row in found) for verdict in ORDER}
    lines = [
        "# Bars", "", "Made by `python tools/bars.py`; do not edit.", "",
        f"{len(found)} bars that one machine can measure: {count['met']} are met, {count['short']} fall short, not "
        f"measured: {count['not measured']}. Each names what measures it: a test of `make test` or of `make torture` "
        "(under `tests/torture`), a benchmark, or a command. What falls short stands first, with the reason and what "
        "to try next.", "",
    ]  # fmt: skip
    for verdict in ORDER:
        lines += [f"## {SAID[verdict].capitalize()}", ""]
        kept = [row for row in found if row["verdict"] == verdict]
        for group in dict.fromkeys(row["group"] for row in kept):
            lines += [f"### {group}", "", *_table([row for row in kept if row["group"] == group], verdict), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(kept: list[Row], verdict: str) -> list[str]:
    heads = ["", "What is asked", "Measured", *([] if verdict == "met" else ["Why", "Next"]), "Measured by"]
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for row in kept:
        more = [] if verdict == "met" else [row["why"], row["next"]]
        by = "<br>".join(f"`{test}`" for test in row["tests"])
        cells = [row["id"], row["asked"], row.get("found", "–"), *more, by]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines


def main() -> int:
    """Write the page, or say what is wrong with its rows."""
    found = rows()
    for said in (problems := wrong(found)):
        print(said, file=sys.stderr)
    if problems:
        return 2
    PAGE.write_text(page(found), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
