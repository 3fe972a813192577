"""What is said of authorities that the model had not seen: against the bars that were set before it was run."""

import math
from typing import Any

from familyabm.area_files import FIELD, FIGURES
from familyabm.lab.factors import UNREAD
from familyabm.parameters import REGISTER
from familyabm.report import words
from familyabm.truth import validation_inputs
from familyabm.truth.outcomes import OUTCOMES
from familyabm.truth.validation import UNACCOMPANIED
from familyabm.truth.validation_ranges import LEAST, Held

BARS = ("referral_rate", "cin_rate", "cpp_rate", "cla_rate")
"""Outcomes for which bars were set."""
LEAST_RANK, AIM = 0.4, 0.7
COVERED = (75.0, 99.0)
TOO_ALIKE, TOO_UNLIKE = 0.67, 1.5
"""Spread between authorities in the model, to the actual one, below and above which it is told."""
READ = tuple(field.label for field in FIGURES if field.name not in (*UNREAD, UNACCOMPANIED))
"""What is read of an authority, as it is called: all of its figures but those on which no life rests."""
HOW = (
    f"Each authority was lived from {len(READ)} published inputs and its number of children alone: "
    f"{'; '.join(label[:1].lower() + label[1:] if label[1:2].islower() else label for label in READ)}. Nothing of its "
    f"outcomes was read: {FIELD[UNACCOMPANIED].label.lower()}, who are part of its own count, come at England's rate.",
    "Its 90% range is the model's answer with the errors that the model makes about other authorities. The authority's "
    "own fold of a seventh is left out, so nothing is learnt from itself. The range holds luck, what inputs do not "
    "tell of an authority, and what the model leaves out.",
    "Inputs alone: the rank correlation that a regression on all published inputs reaches without any model, those "
    "that the model does not read among them, fitted without the fold it tells of. Where it is far above the model's, "
    "the model makes too little of an input.",
    "Once levelled: the mean absolute error when the others' median error is taken off, so that a level that is too "
    "high or too low all over England does not count.",
)
INPUTS = (
    "Rank correlations over these authorities, of the returns and of the model's answers. An input that goes with the "
    "returns and not with the answers is one that the model makes too little of; these are correlations, not effects, "
    "and spending and staff follow need as much as need follows them."
)


SEEN = "77 authorities"
"""What the source of a number says that was set with the packaged authorities in view."""


def how(held: Held) -> list[str]:
    """Say how it was done, and which numbers were set with these very authorities in view."""
    seen = [address for address, number in REGISTER.items() if SEEN in number.source]
    if not seen or not held.found.asked.table.packaged:
        return list(HOW)
    told = (
        f"No number was set to any one authority, but {words.count(len(seen), 'number')} of the model, alike for all, "
        f"{'was' if len(seen) == 1 else 'were'} set with these authorities' returns in view: {', '.join(seen)}. What "
        "they add to the rank correlations here is not a prediction; authorities of another file are."
    )
    return [*HOW, told]


def covered(held: Held) -> str:
    """Say how many authorities there are."""
    return words.count(len(held.table.rows), "authority", "authorities")


def headline(held: Held) -> str:
    """Say how many of the bars are met, of those of which enough authorities are known to tell."""
    bars = [row for row in held.told if row.outcome in BARS]
    rows = [row for row in bars if _tells(row, row.spearman) and _tells(row, row.coverage)]
    few = f"{words.count(len(bars) - len(rows), 'outcome')} with a bar: too few authorities to tell"
    if not rows:
        return f"{few} ({covered(held)}); {LEAST} are the fewest."
    ranked = sum(row.spearman >= LEAST_RANK for row in rows)
    inside = sum(COVERED[0] <= row.coverage <= COVERED[1] for row in rows)
    told = (
        f"Of {words.count(len(rows), 'outcome')} with a bar, {ranked} {_have(ranked)} a rank correlation of "
        f"{LEAST_RANK} or more between predicted and actual, and {inside} "
        f"{_have(inside)} {COVERED[0]:.0f} to {COVERED[1]:.0f}% of "
        f"authorities inside their 90% ranges ({covered(held)})."
    )
    return told if len(rows) == len(bars) else f"{told} {few}."


def _tells(row: Any, value: float) -> bool:
    """Tell whether a figure over authorities can be held against a bar: it is known, of enough of them."""
    return row.n >= LEAST and math.isfinite(value)


def _have(n: int) -> str:
    return "has" if n == 1 else "have"


def said(held: Held) -> list[str]:
    """Say how each outcome with a bar came out, and what falls short of it."""
    yardstick = validation_inputs.yardstick(held)
    return [_of(row, yardstick[str(row.outcome)]) for row in held.told if row.outcome in BARS]


def _of(row: Any, yardstick: float) -> str:
    parts = [f"{row.title}: rank correlation {words.number(row.spearman, 2)}{_against(row)}"]
    if math.isfinite(yardstick):
        parts.append(f"inputs alone, with no model, reach {words.number(yardstick, 2)}")
    if math.isfinite(row.coverage):
        low, high = COVERED
        fits = (
            ""
            if not _tells(row, row.coverage) or low <= row.coverage <= high
            else f", outside {low:.0f} to {high:.0f}%"
        )
        parts.append(f"{row.coverage:.0f}% lie inside their 90% range{fits}")
    parts.append(f"the level is {_level(row.level)}")
    if math.isfinite(row.spread):
        parts.append(_spread(row.spread))
    return "; ".join(parts) + "."


def below(row: Any) -> bool:
    """Tell whether an outcome's rank correlation is below the bar, where enough authorities are known to tell."""
    return _tells(row, row.spearman) and bool(row.spearman < LEAST_RANK)


def _against(row: Any) -> str:
    if not _tells(row, row.spearman):
        return " (too few to tell)"
    return " (below the bar)" if below(row) else " (the aim is met)" if row.spearman >= AIM else " (the bar is met)"


def _level(level: float) -> str:
    if not math.isfinite(level):
        return "not known"
    size = 100.0 * (level - 1.0)
    return "right" if abs(size) < 1.0 else f"{abs(size):.0f}% too {'high' if size > 0.0 else 'low'}"


def _spread(spread: float) -> str:
    text = f"authorities' spread is {words.number(spread, 2)} of the actual one"
    return text + (": too alike" if spread < TOO_ALIKE else ": too unlike" if spread > TOO_UNLIKE else "")


def left_out(held: Held) -> list[str]:
    """Say which columns are not compared, and which authorities could not be lived."""
    columns = [
        f"{OUTCOMES[name].title if name in OUTCOMES else name}: {why}." for name, why in held.table.left_out.items()
    ]
    failed = sorted(set(held.found.failures["area"]))
    return columns + ([f"Not lived to their end: {', '.join(failed)}."] if failed else [])
