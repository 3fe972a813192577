"""Sentences for the two studies of a comparison: who moves what, and what rests on which assumption.

As in `words`, a sentence claims no more than its interval shows, and nothing with too few lucks.
"""

import math
from typing import Any

import pandas as pd

from familyabm import lives, worlds
from familyabm.report import words
from familyabm.what_if import CHANGES_SIGN, GROWS, HOLDS, SHRINKS

BECAME = {
    HOLDS: "does not change by more than luck", SHRINKS: "is smaller", GROWS: "is larger",
    CHANGES_SIGN: "points the other way",
}  # fmt: skip


def said(name: str) -> str:
    """Return an outcome as it reads within a sentence."""
    return words.outcome(name, lives.title(name))


def size(value: float, unit: str, places: int | None = None) -> str:
    """Write a change with its sign and unit's mark: pounds as pounds, percentages as points."""
    text = words.signed(value, places)
    pounds = unit.startswith("£") and unit != "£ per £"
    return f"{text[0]}£{text[1:]}" if pounds and text[:1] in ("+", "\N{MINUS SIGN}") else text


def spread(value: float, low: float, high: float, unit: str) -> str:
    """Write a change with its interval."""
    if not math.isfinite(value):
        return "not known"
    places = words.together(value, low, high)
    ends = f"{size(low, unit, places)} to {size(high, unit, places)}"
    return f"{size(value, unit, places)} ({ends})"


def of_row(row: Any, name: str) -> str:
    """Write one figure of a row that has name, name_low and name_high."""
    return spread(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]), str(row["unit"]))


def units(unit: str) -> str:
    """Return a unit as it follows a change."""
    return " percentage points" if unit.startswith("%") else f" {words.per(unit)}" if words.per(unit) else ""


def together(name: str, row: pd.Series) -> str:
    """Say what acting together did beyond the sum of each lever alone."""
    if not math.isfinite(float(row["whole"])):
        return f"Of {said(name)} the model has nothing to show here."
    whole = spread(row["whole"], row["whole_low"], row["whole_high"], row["unit"])
    alone = size(float(row["sum_alone"]), row["unit"], words.together(float(row["sum_alone"])))
    start = (
        f"Acted upon together, {words.count(int(row['players']), 'change')} moved {said(name)} by {whole}"
        f"{units(row['unit'])}. Each made alone, they add up to {alone}. "
    )
    return start + _interaction(row)


def _interaction(row: pd.Series) -> str:
    """Say what remains: more than the sum of the parts, less, or not to be told from luck."""
    rest, low, high = (float(row[f"interaction{end}"]) for end in ("", "_low", "_high"))
    if row["players"] == 1:
        return "With one change there is nothing to act together with."
    if rest == low == high == 0.0:
        return "The parts add up to the whole."
    shown = spread(rest, low, high, row["unit"])
    if row["lucks"] < worlds.FEWEST_PAIRS:
        return f"{words.count(int(row['lucks']), 'luck')} are too few to tell what acting together adds ({shown})."
    if low <= 0.0 <= high:
        return f"The model cannot tell whether acting together adds anything of its own: what remains is {shown}."
    up = row["whole_low"] > 0.0 and row["sum_alone"] > 0.0
    if not up and not (row["whole_high"] < 0.0 and row["sum_alone"] < 0.0):
        return f"Acting together moves it by {shown} beyond the sum of the parts."
    more = (rest > 0.0) == up
    return f"Acting together does {'more' if more else 'less'} than the sum of the parts: what remains is {shown}."


def control(name: str, rows: pd.DataFrame) -> str:
    """Say in whose hands what moved an outcome lies."""
    known = rows.dropna(subset=["control_share"])
    if known.empty:
        return f"Nothing moved {said(name)}, so it lies in nobody's hands here."
    shares = [
        f"{row['control_share']:.0f}% ({row['control_share_low']:.0f} to {row['control_share_high']:.0f}%) "
        f"{HANDS[str(row['owner'])]}"
        for _, row in known.iterrows()
    ]
    return f"Of all that moved {said(name)}, whichever way: {'; '.join(shares)}."


HANDS = {
    "services": "lies with children's services alone", "council": "with the council",
    "partnership": "only with the partnership", "outside": "in no lever at all",
}  # fmt: skip


def assumption(rows: pd.DataFrame, lucks: int) -> str:
    """Say what became of the difference between the worlds without one assumption."""
    if lucks < worlds.FEWEST_PAIRS:
        return f"{words.count(lucks, 'luck')} are too few to tell."
    groups = {
        became: [said(str(row["outcome"])) for _, row in rows.iterrows() if row["became"] == became]
        for became in (CHANGES_SIGN, SHRINKS, GROWS, HOLDS)
    }
    parts = [f"on {_listed(names)} it {BECAME[became]}" for became, names in groups.items() if names]
    return f"The difference between the worlds without it: {'; '.join(parts)}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
