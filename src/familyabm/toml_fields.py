"""Fields of TOML files, read one by one: what cannot be used is refused in one sentence that names file and field."""

from collections.abc import Iterable, Mapping
from typing import Any

from familyabm.errors import InputError, finite, nearest, shown


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
        raise InputError(f"{where}: {key} = {value!r} is not text; a sentence in quotes would be accepted.")
    return value


def table(given: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """Return a table, empty where it is not given."""
    value = given.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"{where}: {key} = {value!r} is not a table; [{key}] with one line per name is accepted.")
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
