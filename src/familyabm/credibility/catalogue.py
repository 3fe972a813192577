"""Every experiment by code, in the order of the concept."""

from collections.abc import Iterable

from familyabm.credibility.dynamics import DYNAMICS
from familyabm.credibility.experiments import HELD_BACK, Pattern
from familyabm.credibility.falsifiers import FALSIFIERS
from familyabm.credibility.levels import LEVELS
from familyabm.credibility.loops import LOOPS
from familyabm.credibility.promises import promises
from familyabm.errors import InputError, nearest, shown

GROUPS = {
    "patterns": ("pattern",), "loops": ("loop",), "scenarios": ("scenario", "size"), "falsifiers": ("falsifier",),
}  # fmt: skip
"""What `--only` can name at once: the kinds of experiments in each group."""


def everything() -> tuple[Pattern, ...]:
    """Return the stated patterns, the loops, the scenarios' expectations and the falsifiers."""
    return (*LEVELS, *DYNAMICS, *LOOPS, *promises(), *FALSIFIERS)


def chosen(only: str = "") -> tuple[Pattern, ...]:
    """Return the experiments of some codes and groups, written as "V9,falsifiers"; all of them if none is named.

    Raises InputError for a code that is unknown, or held back.
    """
    known = {pattern.code.casefold(): pattern for pattern in everything()}
    asked = [part for code in only.split(",") if code.strip() for part in group(code.strip()) or [code.strip()]]
    wanted = list(dict.fromkeys(asked))
    for code in wanted:
        if code.casefold() in (held.casefold() for held in HELD_BACK):
            raise InputError(f"--only {code}: {code.upper()} is held back for validation and is not run here.")
        if code.casefold() not in known:
            hint = nearest(code.casefold(), known)
            raise InputError(
                f"--only {shown(code)} is not an experiment{hint}; accepted: {', '.join(GROUPS)}, "
                f"{codes(known.values())}."
            )
    return tuple(known[code.casefold()] for code in wanted) or tuple(known.values())


def group(name: str) -> list[str]:
    """Return the codes of a group, or nothing where it is none."""
    return [pattern.code for pattern in everything() if pattern.kind in GROUPS.get(name.casefold(), ())]


def briefly(patterns: Iterable[Pattern]) -> str:
    """Return what `--only` takes to choose some experiments, whole groups by name; nothing for all of them."""
    left = [pattern.code for pattern in patterns]
    if set(left) == {pattern.code for pattern in everything()}:
        return ""
    whole = [name for name in GROUPS if set(group(name)) <= set(left)]
    inside = {code for name in whole for code in group(name)}
    return ",".join([*whole, *(code for code in left if code not in inside)])


def codes(patterns: Iterable[Pattern]) -> str:
    """Return the codes of some experiments in one line."""
    return ", ".join(pattern.code for pattern in patterns)
