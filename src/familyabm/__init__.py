"""familyabm: the same families, with the same luck, under services that work differently.

The public names are few and are imported when first used, so that `import familyabm` is quick.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "FamilyServicesModel": "familyabm.model",
    "compare": "familyabm.worlds",
    "Comparison": "familyabm.worlds",
    "Scenario": "familyabm.levers",
    "Area": "familyabm.areas",
    "DEFAULT": "familyabm.parameters",
    "changed": "familyabm.parameters",
    "past": "familyabm.simulation",
    "live": "familyabm.simulation",
    "open_study": "familyabm.lab.results",
    "InputError": "familyabm.errors",
}

__version__ = "0.1.0"
__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - every key is a string


def __getattr__(name: str) -> Any:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'familyabm' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
