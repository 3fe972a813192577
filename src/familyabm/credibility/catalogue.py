"""Every experiment by code, in the order of the concept."""

from collections.abc import Iterable

from familyabm.credibility.dynamics import DYNAMICS
from familyabm.credibility.experiments import HELD_BACK, Pattern
from familyabm.credibility.falsifiers import FALSIFIERS
from familyabm.credibility.levels import LEVELS
from familyabm.credibility.loops import LOOPS
from familyabm.credibility.promises import promises
from familyabm.errors import InputError, nearest, shown


def everything() -> tuple[Pattern, ...]:
    """Return the stated patterns, the loops, the scenarios' expectations and the falsifiers."""
    return (*LEVELS, *DYNAMICS, *LOOPS, *promises(), *FALSIFIERS)


def chosen(only: str = "") -> tuple[Pattern, ...]:
    """Return the experiments of some codes, written as "V9,F3"; all of them if none is named.

    Raises InputError for a code that is unknown, or held back.
    """
    known = {pattern.code.casefold(): pattern for pattern in everything()}
    wanted = list(dict.fromkeys(code.strip() for code in only.split(",") if code.strip()))
    for code in wanted:
        if code.casefold() in (held.casefold() for held in HELD_BACK):
            raise InputError(f"--only {code}: {code.upper()} is held back for validation and is not run here.")
        if code.casefold() not in known:
            hint = nearest(code.casefold(), known)
            raise InputError(f"--only {shown(code)} is not an experiment{hint}; accepted: {codes(known.values())}.")
    return tuple(known[code.casefold()] for code in wanted) or tuple(known.values())


def codes(patterns: Iterable[Pattern]) -> str:
    """Return the codes of some experiments in one line."""
    return ", ".join(pattern.code for pattern in patterns)
