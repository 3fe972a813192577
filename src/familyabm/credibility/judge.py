"""From what was measured to what may be said: ranges over lucks, verdicts, and the order in which they are told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from familyabm.credibility.experiments import Claim, Luck, Missing, Pattern
from familyabm.worlds import bootstrap

ENOUGH = 8
"""Runs from which the mean's range is bootstrapped; of fewer, the runs' whole range stands for it."""


class Verdict(IntEnum):
    """What came of an experiment, in the order in which it is told: what counts against the model comes first."""

    FIRED = 0
    FALLS_SHORT = 1
    NOT_DECIDED = 2
    NOT_AVAILABLE = 3
    HOLDS = 4
    CLEAR = 5


@dataclass(frozen=True)
class Row:
    """One claim with what was found: mean over lucks, range of the mean, each luck's value, and the verdict."""

    claim: Claim
    values: tuple[float, ...]
    value: float
    low: float
    high: float
    verdict: Verdict
    why: str = ""


@dataclass(frozen=True)
class Finding:
    """A pattern, its rows and its verdict."""

    pattern: Pattern
    rows: tuple[Row, ...]
    verdict: Verdict


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Return the range in which the mean over lucks lies: all that was seen, or a bootstrap of enough runs."""
    if len(values) < ENOUGH:
        return min(values), max(values)
    return bootstrap(np.array(values))


def compared(low: float, high: float, claim: Claim) -> Verdict:
    """Hold if the whole range lies in the expected one, fall short if none of it does, else leave it open."""
    if claim.low <= low and high <= claim.high:
        return Verdict.HOLDS
    if high < claim.low or low > claim.high:
        return Verdict.FALLS_SHORT
    return Verdict.NOT_DECIDED


def decidable(finding: Finding, share: float) -> bool:
    """Tell whether a finding would be decided if its open rows' ranges shrank to a share about the same means."""
    verdict = _of(finding.pattern, [_with_a_range_of(share, row) for row in finding.rows])
    return verdict not in (Verdict.NOT_DECIDED, Verdict.NOT_AVAILABLE)


def _with_a_range_of(share: float, row: Row) -> Verdict:
    if row.verdict != Verdict.NOT_DECIDED:
        return row.verdict
    low, high = row.value - share * (row.value - row.low), row.value + share * (row.high - row.value)
    return compared(low, high, row.claim)


def measure(claim: Claim, luck: Luck) -> float | Missing:
    """Measure a claim in one luck; what the model does not have is an answer too."""
    try:
        return float(claim.of(luck))
    except Missing as missing:
        return missing


def weigh(claim: Claim, measured: Sequence[float | Missing]) -> Row:
    """Compare what was measured in every luck with what was expected."""
    nan = float("nan")
    values = tuple(value for value in measured if not isinstance(value, Missing))
    for value in measured:
        if isinstance(value, Missing):
            return Row(claim, values, nan, nan, nan, Verdict.NOT_AVAILABLE, f"not available: {value}")
    if not all(math.isfinite(value) for value in values):
        return Row(claim, values, nan, nan, nan, Verdict.NOT_AVAILABLE, "nothing to measure in some of the runs")
    low, high = spread(values)
    verdict = compared(low, high, claim)
    why = f"not decided with {len(values)} runs" if verdict == Verdict.NOT_DECIDED else ""
    return Row(claim, values, sum(values) / len(values), low, high, verdict, why)


def find(pattern: Pattern, measured: Sequence[Sequence[float | Missing]]) -> Finding:
    """Weigh a pattern's claims and give its verdict.

    measured: for each claim in order, its value in each luck.
    """
    rows = tuple(weigh(claim, values) for claim, values in zip(pattern.claims, measured, strict=True))
    return Finding(pattern, rows, _of(pattern, [row.verdict for row in rows]))


def _of(pattern: Pattern, verdicts: list[Verdict]) -> Verdict:
    """Return a pattern's verdict: as good as its worst claim, or as its fears are seen."""
    return _feared(pattern, verdicts) if pattern.kind == "falsifier" else min(verdicts)


def _feared(pattern: Pattern, verdicts: list[Verdict]) -> Verdict:
    """A falsifier fires when what is feared is seen: in all of its claims, or in any of them."""
    seen = [verdict == Verdict.HOLDS for verdict in verdicts]
    if all(seen) if pattern.fires == "all" else any(seen):
        return Verdict.FIRED
    unseen = [verdict == Verdict.FALLS_SHORT for verdict in verdicts]
    if any(unseen) if pattern.fires == "all" else all(unseen):
        return Verdict.CLEAR
    return Verdict.NOT_AVAILABLE if Verdict.NOT_AVAILABLE in verdicts else Verdict.NOT_DECIDED


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Put what fired and what falls short first; within that, keep the order of the concept."""
    return sorted(findings, key=lambda finding: finding.verdict)
