"""The lab: studies of many runs that survive what happens to machines, and what can be read from them.

A study is a file or a `Study`; its runs are kept in a folder that anything can read while it grows.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "Design": "familyabm.lab.designs",
    "Factor": "familyabm.lab.factors",
    "Options": "familyabm.lab.execute",
    "Study": "familyabm.lab.study",
    "open_study": "familyabm.lab.results",
    "run_study": "familyabm.lab.running",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'familyabm.lab' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
