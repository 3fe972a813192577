"""What people and programs read of the experiments: verdicts, ranges, the count, rows and JSON."""

import math
from typing import Any

from familyabm.credibility.experiments import HELD_BACK, Claim, Pattern
from familyabm.credibility.judge import Finding, Row, Verdict, in_order
from familyabm.credibility.known import KNOWN
from familyabm.credibility.run import Findings
from familyabm.sources import study_hash
from familyabm.worlds import STATUS_LINE

SAYS = {
    Verdict.FIRED: "fires", Verdict.FALLS_SHORT: "falls short", Verdict.NOT_DECIDED: "not decided",
    Verdict.NOT_AVAILABLE: "does not apply", Verdict.HOLDS: "holds", Verdict.CLEAR: "clear",
}  # fmt: skip
FEARED = {Verdict.HOLDS: "seen", Verdict.FALLS_SHORT: "not seen"}
KINDS = {
    "pattern": "Published patterns", "loop": "Feedback loops", "scenario": "Scenarios' directions",
    "size": "Scenarios' sizes", "falsifier": "Falsifiers",
}  # fmt: skip
HELD = "held back for validation, not run here"


def verdict(finding: Finding) -> str:
    """Return a finding's verdict in words."""
    return SAYS[finding.verdict]


def why(finding: Finding) -> str:
    """Return the reason known so far why a finding is not as wished; nothing where it is, or where none is known."""
    wished = (Verdict.HOLDS, Verdict.CLEAR)
    return "" if finding.verdict in wished else KNOWN.get(finding.pattern.code, "")


def row_verdict(pattern: Pattern, row: Row) -> str:
    """Return a row's verdict in words: a falsifier's claim is seen or not seen."""
    said = FEARED.get(row.verdict) if pattern.kind == "falsifier" else None
    return row.why or said or SAYS[row.verdict]


def number(value: float) -> str:
    """Write a number with about three figures and a proper minus sign; a dash where there is none."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    text = f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"
    return ("0" if float(text.replace(",", "")) == 0.0 else text).replace("-", "\N{MINUS SIGN}")


def expected(claim: Claim) -> str:
    """Write the range expected of a claim."""
    if math.isinf(claim.low) and math.isinf(claim.high):
        return "any"
    if math.isinf(claim.low):
        return f"{number(claim.high)} or less"
    if math.isinf(claim.high):
        return f"{number(claim.low)} or more"
    return number(claim.low) if claim.low == claim.high else f"{number(claim.low)} to {number(claim.high)}"


def span(row: Row) -> str:
    """Write the range over lucks."""
    return "–" if math.isnan(row.value) else f"{number(row.low)} to {number(row.high)}"


def count(found: Findings) -> str:
    """Return the line that says how many hold; nothing that does not hold is left out of the count."""
    stated, hold = len(found.of_kind("pattern")), found.number("pattern", Verdict.HOLDS)
    return f"{hold} of {stated} stated patterns hold; {found.number('falsifier', Verdict.FIRED)} falsifiers fired"


def counts(found: Findings) -> list[str]:
    """Say, for each kind of experiment, how many came out how."""
    lines = []
    for kind, title in KINDS.items():
        parts = [(SAYS[verdict], found.number(kind, verdict)) for verdict in Verdict]
        said = ", ".join(f"{times} {word}" for word, times in parts if times)
        if said:
            lines.append(f"{title}: {said}.")
    return lines


def further(found: Findings) -> str:
    """Say which experiments were given further lucks; nothing if none was."""
    if not found.further:
        return ""
    return f"{', '.join(found.gone_on)}: left open by the first {found.runs} lucks and given {len(found.further)} more."


def held_back() -> str:
    """Say which patterns are not looked at."""
    return f"{', '.join(HELD_BACK)}: {HELD}."


def lines(finding: Finding) -> list[str]:
    """Return a finding as lines of text: its verdict and statement, then its claims, the failing ones first."""
    pattern = finding.pattern
    said = [f"{pattern.code}  {verdict(finding).upper()}  {pattern.statement}"]
    for row in sorted(finding.rows, key=lambda row: row.verdict):
        claim = row.claim
        seen = row.why if math.isnan(row.value) else f"{number(row.value)} ({span(row)})"
        ending = "" if math.isnan(row.value) else f": {row_verdict(pattern, row)}"
        said.append(f"      {claim.statement} [{claim.unit}]: {seen}; {_wish(pattern)} {expected(claim)}{ending}")
    return [*said, f"      Thought to be why: {why(finding)}"] if why(finding) else said


def _wish(pattern: Pattern) -> str:
    return "feared" if pattern.kind == "falsifier" else "expected"


def text(found: Findings) -> list[str]:
    """Return the whole report as lines of text: the count, what falls short, then the rest."""
    area = found.snapshot.area.la_name
    said = [
        STATUS_LINE, f"{count(found)} ({area}, scale {found.snapshot.scale:g}, {found.years} years, {found.runs} runs, "
        f"seed {found.snapshot.seed}).", *counts(found), *filter(None, [further(found)]), held_back(),
    ]  # fmt: skip
    for finding in in_order(found.findings):
        said += ["", *lines(finding)]
    return said


def as_json(found: Findings, version: str) -> dict[str, Any]:
    """Return everything as JSON can hold it, what falls short first."""
    return {
        "status": STATUS_LINE, "version": version, "area": found.snapshot.area.la_name,
        "filled": list(found.snapshot.area.filled), "years": found.years, "runs": found.runs, "asked": found.asked,
        "further": len(found.further), "gone_on": list(found.gone_on),
        "seed": found.snapshot.seed, "scale": found.snapshot.scale, "address": found.address, "code": study_hash(),
        "count": count(found),
        "held_back": list(HELD_BACK), "experiments": [_finding_json(finding) for finding in in_order(found.findings)],
    }  # fmt: skip


def _finding_json(finding: Finding) -> dict[str, Any]:
    pattern = finding.pattern
    return {
        "code": pattern.code, "kind": pattern.kind, "statement": pattern.statement, "source": pattern.source,
        "verdict": verdict(finding), "why": why(finding), "claims": [_row_json(pattern, row) for row in finding.rows],
    }  # fmt: skip


def _row_json(pattern: Pattern, row: Row) -> dict[str, Any]:
    claim = row.claim
    numbers = {
        "expected_low": claim.low, "expected_high": claim.high, "value": row.value, "low": row.low, "high": row.high,
    }  # fmt: skip
    return {
        "statement": claim.statement, "unit": claim.unit, "verdict": row_verdict(pattern, row), "why": row.why,
        "worlds": [world.name for world in claim.needs],
        "values": [value if math.isfinite(value) else None for value in row.values],
    } | {name: value if math.isfinite(value) else None for name, value in numbers.items()}  # fmt: skip
