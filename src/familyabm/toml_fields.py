"""TOML files and their fields, read one by one: what cannot be used is refused in one sentence that names both."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from familyabm.errors import InputError, finite, nearest, shown

MOST_PARTS = 20
_PART = r"""(?:"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'|[\w-]++)[ \t]*+\.[ \t]*+"""
_MANY_PARTS = re.compile(rf"(?<![\w-])(?:{_PART}){{{MOST_PARTS}}}")
"""Parts of a name, quoted or plain; each is looked at once."""


def file_text(path: Path, largest: int, what: str, usual: str) -> str:
    """Return the text of a file of at most `largest` bytes; a pipe, which may never end, is no file.

    what: such as "scenario file".  usual: what such a file is like, for somebody who gave one far too large.
    """
    try:
        if path.exists() and not path.is_file():
            other = "is a directory" if path.is_dir() else "is not a file"
            raise InputError(f"{what} {path} cannot be read: it {other}.")
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except InputError:
        raise
    except (OSError, ValueError) as error:  # a name may hold what no name can
        reason = getattr(error, "strerror", None) or "no such file"
        raise InputError(f"{what} {path} cannot be read: {reason.lower()}.") from None
    if len(content) > largest:
        raise InputError(f"{path} is larger than {largest:,} bytes; {usual}.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{what} {path} is not UTF-8 text.") from None


def parsed(text: str, where: str) -> dict[str, Any]:
    """Return the fields of a TOML text; a name of many parts, at which tomllib would be for hours, is none."""
    if _MANY_PARTS.search(text):
        raise InputError(f"{where} is not valid TOML: a name has more than {MOST_PARTS} parts with dots between.")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a plain ValueError
        reason = (str(error).splitlines() or ["nested too deeply"])[0][:200]
        raise InputError(f"{where} is not valid TOML: {reason}.") from None


def only(given: Mapping[str, Any], allowed: Iterable[str], what: str, where: str) -> None:
    """Refuse a field that `what` does not have."""
    known = tuple(allowed)
    for key in given:
        if key not in known:
            raise InputError(
                f"{where}: {key} is not a field of {what}{nearest(key, known)}; accepted: {', '.join(known)}."
            )


def text(given: Mapping[str, Any], key: str, where: str) -> str:
    """Return a text field, empty where it is not given."""
    value = given.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"{where}: {key} = {shown(value)} is not text; a sentence in quotes would be accepted.")
    return value


def table(given: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """Return a table, empty where it is not given."""
    value = given.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{where}: {key} = {shown(value)} is not a table; [{key}] with one line per name is accepted.")
    return value


def tables(given: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    """Return a list of tables, empty where it is not given."""
    value = given.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InputError(f"{where}: {key} is not a list of tables; [[{key}]] is accepted.")
    return value


def number(value: object, label: str, where: str, low: float, high: float) -> float:
    """Return a number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{where}: {label} = {shown(value)} is not a number; {low:g} to {high:g} is accepted.")
    if not finite(value) or not low <= value <= high:
        raise InputError(f"{where}: {label} = {shown(value)} is outside {low:g} to {high:g}.")
    return float(value)


def whole(value: object, label: str, where: str, low: int, high: int) -> int:
    """Return a whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"{where}: {label} = {shown(value)} is not a whole number; {low} to {high} is accepted.")
    return int(number(value, label, where, low, high))


def yes_or_no(given: Mapping[str, Any], key: str, where: str) -> bool:
    """Return true or false, false where it is not given."""
    value = given.get(key, False)
    if not isinstance(value, bool):
        raise InputError(f"{where}: {key} = {shown(value)} is not accepted; true or false is.")
    return value


def one_of(value: object, label: str, where: str, accepted: Iterable[str]) -> str:
    """Return a name that is among those accepted."""
    known = tuple(accepted)
    if not isinstance(value, str) or value not in known:
        hint = nearest(value, known) if isinstance(value, str) else ""
        raise InputError(f"{where}: {label} = {shown(value)} is not known{hint}; accepted: {', '.join(known)}.")
    return value
