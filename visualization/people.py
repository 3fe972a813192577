"""Who lives in each home when the years begin, in a sentence; true in the model, and known whole to no service."""

import numpy as np

from familyabm.codes import Factor
from familyabm.report import words
from familyabm.simulation import PAST_WEEKS, Snapshot

TROUBLES = {
    Factor.HOUSING: "insecure housing", Factor.MENTAL_HEALTH: "an adult's mental ill health",
    Factor.SUBSTANCE_MISUSE: "an adult's drinking or drugs", Factor.DOMESTIC_ABUSE: "domestic abuse",
}  # fmt: skip
DEGREES = ("", "some ", "", "severe ")
WEEKS_A_YEAR, GROWN = 52, 18


def who(snapshot: Snapshot) -> dict[int, str]:
    """Return a sentence about every family, by its key."""
    families, adults, children = (snapshot.tables[name] for name in ("families", "adults", "children"))
    ages: dict[int, list[int]] = {}
    for row, born in zip(children["family"].tolist(), children["born"].tolist(), strict=True):
        age = (PAST_WEEKS - born) // WEEKS_A_YEAR
        if row >= 0 and born <= PAST_WEEKS and age < GROWN:
            ages.setdefault(row, []).append(age)
    resident = np.asarray(adults["resident"])
    found = {}
    for row, (key, first, n, levels) in enumerate(
        zip(*(families[name].tolist() for name in ("key", "first_adult", "n_adults", "level")), strict=True)
    ):
        found[key] = _said(int(resident[first : first + n].sum()), sorted(ages.get(row, [])), levels)
    return found


def _said(adults: int, ages: list[int], levels: list[int]) -> str:
    home = words.count(adults, "adult")
    if ages:
        home += f" and {words.count(len(ages), 'child', 'children')}, aged {_listed([str(age) for age in ages])}"
    troubles = [f"{DEGREES[level]}{TROUBLES[Factor(factor)]}" for factor, level in enumerate(levels) if level]
    rest = f"What weighs on them: {_listed(troubles)}." if troubles else "Nothing much weighs on them then."
    return f"When the years begin: {home}. {rest}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
