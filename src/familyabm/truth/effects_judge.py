"""What may be said of a replayed effect: its sign, its size against the published one, and what luck leaves open."""

import math
from enum import IntEnum

from familyabm.truth.effects import KINDS, Effect, Outcome
from familyabm.truth.effects_run import Measured, Replayed


class Verdict(IntEnum):
    """What came of an outcome, in the order in which it is told: what counts against the model comes first."""

    WRONG_SIGN = 0
    NOT_NULL = 1
    TOO_LARGE = 2
    TOO_SMALL = 3
    NOT_DECIDED = 4
    NOT_MEASURED = 5
    MET = 6


SAYS = {
    Verdict.WRONG_SIGN: "wrong sign", Verdict.NOT_NULL: "not null", Verdict.TOO_LARGE: "too large",
    Verdict.TOO_SMALL: "too small", Verdict.NOT_DECIDED: "not decided", Verdict.NOT_MEASURED: "not measured",
    Verdict.MET: "right sign and size",
}  # fmt: skip
MET = {"null": "null, as published", "direction": "right sign", "bound": "right sign, within the bound"}


def judge(found: Measured) -> Verdict:
    """Judge one outcome.

    A null is met where the whole range over lucks lies within the published interval or the bounds, and fails where
    the estimate does not and luck cannot explain it. An effect is met where luck leaves no doubt of its sign and the
    estimate lies within the published interval or the bounds; it is too small too where luck leaves its sign open but
    cannot explain that it is so far from them. Of a change before and after, luck must leave no doubt either that it
    is more than what comes by itself.
    """
    outcome = found.outcome
    if not math.isfinite(found.value):
        return Verdict.NOT_MEASURED
    if not math.isfinite(found.low):
        return Verdict.NOT_DECIDED
    inside = outcome.low <= found.value <= outcome.high
    if outcome.kind == "null":
        return _null(found, inside)
    if found.low <= outcome.rest <= found.high:
        apart = found.high < outcome.low or found.low > outcome.high
        return Verdict.TOO_SMALL if apart else Verdict.NOT_DECIDED
    if (found.value > outcome.rest) != _up(outcome):
        return Verdict.WRONG_SIGN
    if outcome.way == "before" and (beyond := _beyond(found)) is not None:
        return beyond
    if inside:
        return Verdict.MET
    nearer = outcome.low if _up(outcome) else outcome.high
    small = abs(found.value - outcome.rest) < abs(nearer - outcome.rest)
    return Verdict.TOO_SMALL if small else Verdict.TOO_LARGE


def _beyond(found: Measured) -> Verdict | None:
    """Return what speaks against a change before and after: it would have come by itself; None where nothing does."""
    if not (found.beyond_low > 0.0 or found.beyond_high < 0.0):
        return Verdict.NOT_DECIDED
    return None if (found.beyond_low > 0.0) == _up(found.outcome) else Verdict.WRONG_SIGN


def _null(found: Measured, inside: bool) -> Verdict:
    outcome = found.outcome
    if outcome.low <= found.low and found.high <= outcome.high:
        return Verdict.MET
    return Verdict.NOT_DECIDED if inside or found.low <= outcome.rest <= found.high else Verdict.NOT_NULL


def _up(outcome: Outcome) -> bool:
    """Tell whether the published effect is a rise."""
    if math.isfinite(outcome.published):
        return outcome.published > outcome.rest
    return outcome.low >= outcome.rest


def of_effect(measured: tuple[Measured, ...]) -> Verdict:
    """Return an effect's verdict: the worst of its outcomes'."""
    return min(judge(one) for one in measured)


def says(found: Measured) -> str:
    """Return an outcome's verdict in words."""
    verdict = judge(found)
    return MET.get(found.outcome.kind, SAYS[verdict]) if verdict == Verdict.MET else SAYS[verdict]


def counts(found: Replayed) -> dict[str, tuple[int, int]]:
    """Return, for studies as wholes and for outcomes of each kind apart, how many are met of how many."""
    every = [one for measured in found.measured for one in measured]
    told = {"studies": (sum(of_effect(one) == Verdict.MET for one in found.measured), len(found.measured))}
    for kind in KINDS:
        rows = [one for one in every if one.outcome.kind == kind]
        told[kind] = (sum(judge(one) == Verdict.MET for one in rows), len(rows))
    return told


def in_order(found: Replayed) -> list[tuple[Effect, tuple[Measured, ...]]]:
    """Return effects with what was measured, what counts against the model first."""
    both = zip(found.effects, found.measured, strict=True)
    return sorted(both, key=lambda one: of_effect(one[1]))
