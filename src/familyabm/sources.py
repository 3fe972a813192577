"""Which of the package's files a run's result rests on, and a hash of them: a part of every address."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent
_NOT_THE_MODEL = (
    "__main__", "cli", "console", "report", "lab", "credibility", "attribution", "what_if", "coverage", "decisions",
    "scenario_card", "agents", "roll", "model", "truth", "workshop", "bench", "lessons", "returns",
    "__pycache__",
)  # fmt: skip
"""Modules on which no run's result rests."""
_MEASURED_BY = (
    "credibility/*.py", "truth/effects*.py", "truth/targets.py", "scenarios/*.toml", "data/areas.csv",
    "data/targets.csv", "data/effects/*",
)  # fmt: skip
"""What published patterns and effects are measured by, beside the model."""
_ONLY_SAYS = ("known", "words")
"""Modules that put into words what others measured."""


@cache
def model_hash() -> str:
    """Return a hash of every source file that a run's result rests on."""
    names = (path.relative_to(_PACKAGE) for path in _PACKAGE.rglob("*.py"))
    return hash_of(name for name in names if not name.parts[0].removesuffix(".py").startswith(_NOT_THE_MODEL))


@cache
def study_hash() -> str:
    """Return a hash of what published patterns and effects are measured by, the model and scenarios included."""
    names = (path.relative_to(_PACKAGE) for pattern in _MEASURED_BY for path in _PACKAGE.glob(pattern))
    measured = hash_of(name for name in names if name.stem not in _ONLY_SAYS)
    return hashlib.sha256(f"{model_hash()} {measured}".encode()).hexdigest()


def hash_of(names: Iterable[str | Path]) -> str:
    """Return a hash of files of this package, by their names in it."""
    digest = hashlib.sha256()
    for name in sorted(Path(name).as_posix() for name in names):
        digest.update(f"{name}\n".encode() + (_PACKAGE / name).read_bytes())
    return digest.hexdigest()
