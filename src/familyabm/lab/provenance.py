"""What a study's results rest on: a hash of every input, host-free, and what differs when it is resumed."""

import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import familyabm
from familyabm import sources
from familyabm.lab.study import Study
from familyabm.parameters import DEFAULT

_KEEPS = (
    "lab/living.py", "credibility/experiments.py", "credibility/levels.py", "credibility/readings.py",
    "credibility/run.py", "truth/measuring.py",
)  # fmt: skip
"""Modules that say what is kept of a life."""


@cache
def code_hash() -> str:
    """Return a hash of every source file that what a study keeps rests on."""
    return hashlib.sha256(f"{sources.model_hash()} {sources.hash_of(_KEEPS)}".encode()).hexdigest()


def _minor(package: str) -> str:
    return ".".join(version(package).split(".")[:2])


def inputs(study: Study) -> dict[str, Any]:
    """Return everything that a study's results rest on, by name: versions as they are, the rest as hashes."""
    return {
        "familyabm": familyabm.__version__, "code": code_hash(), "numpy": _minor("numpy"), "numba": _minor("numba"),
        "python": ".".join(map(str, sys.version_info[:2])), "parameters": dict(DEFAULT.values),
        "areas": {area.la_name: area.fingerprint() for area in study.areas},
        "worlds": {world.name: _hash(world.as_address()) for world in study.worlds},
        "settings": dict(study.settings), "shocks": {name: _hash(repr(s)) for name, s in study.shocks.items()},
        "factors": {factor.name: _hash(repr(factor)) for factor in study.factors},
        "design": {name: repr(_in_order(value)) for name, value in vars(study.design).items()},
        "study": {name: _listed(getattr(study, name)) for name in _PLAIN},
    }  # fmt: skip


_PLAIN = ("years", "scale", "lucks", "seeds", "measures", "by_year", "keep", "reads")
_MAY_DIFFER = ("python",)
"""What is recorded but does not change a result, as the tests of exactness show."""


def _in_order(value: Any) -> Any:
    """Return a design's field with the names of its rows in order: another order in the file is no difference."""
    rows = isinstance(value, tuple) and all(isinstance(row, Mapping) for row in value)
    return [sorted(row.items()) for row in value] if rows else value


def _listed(value: Any) -> Any:
    """Return a value as JSON can hold it; many numbers in a row as people would say them."""
    if isinstance(value, tuple) and len(value) > 5 and isinstance(value[0], int):
        first, last = value[0], value[-1]
        return f"{first} to {last}" if value == tuple(range(first, first + len(value))) else list(value)
    return list(value) if isinstance(value, tuple) else value


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Name every field that is not as it was, with what it was and is where that can be read."""
    found = []
    for name in dict.fromkeys([*before, *now]):
        if name in _MAY_DIFFER or before.get(name) == now.get(name):
            continue
        was, is_now = before.get(name), now.get(name)
        if isinstance(was, Mapping) and isinstance(is_now, Mapping):
            found += [_said(f"{name}.{key}", was.get(key), is_now.get(key))
                      for key in dict.fromkeys([*was, *is_now]) if was.get(key) != is_now.get(key)]  # fmt: skip
        else:
            found.append(_said(name, was, is_now))
    return found


def _said(name: str, was: Any, is_now: Any) -> str:
    return f"{name} was {_short(was)} and is {_short(is_now)}"


def _short(value: Any) -> str:
    text = "absent" if value is None else str(value)
    return f"{text[:12]}…" if len(text) == 64 else text if len(text) <= 60 else f"{text[:57]}…"
