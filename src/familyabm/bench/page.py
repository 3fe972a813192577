"""The figures as a table for people: on the command line and in docs/bench.md."""

from typing import Any


def number(value: float) -> str:
    """Write a figure with three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def measured(value: float | None, unit: str) -> str:
    """Write a figure with its unit, or a dash."""
    return "–" if value is None else f"{number(value)} {unit}"


def rows(found: dict[str, Any]) -> list[dict[str, str]]:
    """Return one row for each figure."""
    return [
        {
            "figure": figure["title"], "measured": measured(figure["value"], figure["unit"]),
            "bar": number(figure["bar"]), "goal": number(figure["goal"]), "verdict": figure["verdict"],
            "how": "; ".join(filter(None, [figure["how"], figure["note"]])),
        }
        for figure in found["figures"]
    ]  # fmt: skip


def processes(found: dict[str, Any]) -> list[str]:
    """Return the lines that tell what each process of a week takes; none if that was not measured."""
    each = found["processes"]
    if not each:
        return []
    whole = sum(process["ns"] for process in each)
    return [
        "What a week takes in the larger town, process by process; each is called from Python, so that all come to "
        "more than a week of one compiled call:", "",
        "| Process | Nanoseconds per family-week | Share |", "| --- | ---: | ---: |",
        *(f"| {one['code']} {one['name']} | {one['ns']:.1f} | {100.0 * one['ns'] / whole:.0f}% |" for one in each), "",
    ]  # fmt: skip


def document(found: dict[str, Any]) -> str:
    """Return docs/bench.md."""
    machine, head = found["machine"], ("Figure", "Measured", "Bar", "Goal", "Verdict", "How")
    kind = "A quick run: it shows that everything runs, and its figures are of small towns. " if found["quick"] else ""
    lines = [
        "# Speed and size", "",
        "Made by `make bench`; do not edit.", "",
        f"{kind}Measured on {found['date']} with familyabm {found['version']}, Python {machine['python']}, Numba "
        f"{machine['numba']}, NumPy {machine['numpy']} and Mesa {machine['mesa']}, on {machine['cores']} cores "
        f"({machine['machine']}, {machine['system']}). Seconds are CPU seconds and medians of five unless said "
        "otherwise, and anchors are measured in the same run: other work on the same machine slows both.", "",
        f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |",
        *(f"| {' | '.join(row.values())} |" for row in rows(found)), "",
        *processes(found),
        "`familyabm bench` measures all of it anew in about half an hour, `familyabm bench --quick` in a minute.", "",
    ]  # fmt: skip
    return "\n".join(lines)
