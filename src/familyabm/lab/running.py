"""From a study to its results: making or finding its folder, refusing to mix, mending, and running."""

import uuid
from collections.abc import Callable
from pathlib import Path

from familyabm.errors import InputError
from familyabm.lab import execute, gather, living, plan, provenance, store, verify
from familyabm.lab.execute import Options, Progress, Tell
from familyabm.lab.results import StudyResults
from familyabm.lab.store import Store
from familyabm.lab.study import Study
from familyabm.lab.tasks import RunOne

_OF_THE_MODEL = ("familyabm", "code", "numpy", "numba", "parameters")
Say = Callable[[str], None]


def prepare(study: Study | None, folder: Path, allow_mixed: bool = False, mixable: bool = True) -> Store:
    """Return a study's folder, frozen now or when it was first run; InputError where it would not be the same study.

    study: None for a folder that is only gone on with.  allow_mixed: go on with other code or defaults, and record it.
    mixable: whether who asks can be told of --reuse and --allow-mixed; not every command has them.
    """
    if not (folder / "design.json").exists():
        if study is None:
            raise InputError(f"{folder} holds no study: design.json is not there.")
        plan.check(study)
        return store.create(folder, study)
    broken = [damage for damage in verify.frame(folder) if not damage.file.startswith("provenance")]
    if broken:
        raise InputError(f"{folder}: {broken[0].file} {broken[0].what}; the study cannot be gone on with.")
    opened = store.open_store(folder)
    if study is not None:
        _check_same(study, opened, mixable)
    _check_model(opened, allow_mixed, mixable)
    return opened


def _check_same(study: Study, opened: Store, mixable: bool) -> None:
    """Refuse a study that is not the one frozen."""
    changes = provenance.differences(provenance.inputs(opened.study), provenance.inputs(study))
    if changes:
        more = f", and --reuse {opened.folder} takes over what has been lived" if mixable else ""
        raise InputError(
            f"{opened.folder} holds another study: {_some(changes)}; another folder (--out) is accepted{more}."
        )


def _check_model(opened: Store, allow_mixed: bool, mixable: bool) -> None:
    """Refuse to go on with another model than results rest on so far."""
    now = provenance.inputs(opened.study)
    before = list(opened.provenances().values())
    changes = [[c for c in provenance.differences(was, now) if c.startswith(_OF_THE_MODEL)] for was in before]
    if changes and all(changes) and not allow_mixed:
        way = "--allow-mixed goes on and records it with every run"
        raise InputError(
            f"{opened.folder} was begun with another model: {_some(min(changes, key=len))}; "
            f"{way if mixable else 'another folder (--out) is accepted'}."
        )


def _some(changes: list[str]) -> str:
    return "; ".join(changes[:3]) + (f"; and {len(changes) - 3} more" if len(changes) > 3 else "")


def run_study(
    study: Study | None, folder: str | Path, options: Options | None = None, *, reuse: str | Path | None = None,
    allow_mixed: bool = False, mixable: bool = True, run_one: RunOne = living.live_cell,
    tell: Tell = lambda progress: None, say: Say = lambda text: None,
) -> tuple[StudyResults, Progress]:  # fmt: skip
    """Run a study into a folder, or go on with it, and return its results and how far it came.

    In a program of its own, call it under `if __name__ == "__main__":`, because workers are processes.
    """
    place = Path(folder)
    opened = prepare(study, place, allow_mixed, mixable)
    runner = uuid.uuid4().hex[:16]
    for sentence in verify.mend(opened, runner):
        say(sentence)
    if reuse is not None:
        n = gather.reuse(opened, Path(reuse), runner)
        say(f"{n:,} runs were taken over from {reuse}.")
    if run_one is living.live_cell:
        execute.compile_first(say)
    progress = execute.run(opened, options or Options(), run_one, tell)
    return StudyResults(place, opened), progress
