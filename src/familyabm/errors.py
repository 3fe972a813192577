"""The one kind of error a user can cause, and the nearest known name to what was typed."""

import math
import re
from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 2000
"""Characters of a message; the longest that the product means to say is shorter."""
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


class InputError(ValueError):
    """A value given by the user that cannot be used; the message is one sentence fit to be shown.

    It is one line that any terminal can show, whatever a name in a user's file may hold.
    """

    def __init__(self, message: str) -> None:
        """Make the error, with what cannot be printed written as it would stand in a program."""
        text = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in message[: 2 * LONGEST])
        super().__init__(text if len(text) <= LONGEST else f"{text[: LONGEST - 200]} … {text[-190:]}")


def shown(value: object) -> str:
    """Write a given value as it may stand in a sentence, however long it is."""
    try:
        text = f"{value:g}" if isinstance(value, float) else repr(value)
    except (ValueError, RecursionError):  # Python refuses to print a whole number of thousands of digits
        return f"a {type(value).__name__} too long to show"
    return text if len(text) <= 60 else f"{text[:40]}… ({len(text)} characters)"


def finite(value: float) -> bool:
    """Tell whether a number, however large an integer it is, fits a float and is neither infinite nor NaN."""
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def plain_number(text: str) -> float | None:
    """Return the number that a text is in plain digits, None for anything else that Python would take for one.

    Neither 1_000 nor digits of other scripts, nor nan or infinity, are what somebody means who types a number.
    """
    text = text.strip()
    return float(text) if len(text) <= 400 and _NUMBER.fullmatch(text) else None


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint naming the known name closest to `name`, or an empty string when none is close."""
    by_folded = {entry.casefold(): entry for entry in known}
    close = get_close_matches(name[:80].casefold(), list(by_folded), n=1, cutoff=0.5)
    return f" (did you mean {by_folded[close[0]]}?)" if close else ""
