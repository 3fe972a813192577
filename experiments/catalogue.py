"""The studies in this folder, and what a study's folder has to hold before it may stand here."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from familyabm import toml_fields
from familyabm.errors import InputError
from familyabm.lab import study_files
from familyabm.lab.study import Study

HOME = Path(__file__).parent
KINDS = ("steps", "years", "heat", "effects")
SHOWS, SHOWS_NOT = "## What it shows", "## What it does not show"
_FIGURE = ("kind", "measures", "reference", "labels", "along", "lines", "against", "small")
_SMALL = ("lucks", "years", "scale")


@dataclass(frozen=True)
class Sketch:
    """What a study's figure shows.

    kind: "steps" (a difference at each point), "years" (worlds less another by year), "heat" (a difference by two
    settings) or "effects" (of each factor of a factorial).  reference: the point that differences are taken from.
    labels: the points in words.  along: what the points are of.  lines: one or two worlds, less `against`.
    small: sizes for a run of a minute.
    """

    kind: str
    measures: tuple[str, ...]
    reference: int
    labels: tuple[str, ...]
    along: str
    lines: tuple[str, ...]
    against: str
    small: Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """One named study."""

    folder: Path
    study: Study
    sketch: Sketch

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def small(self) -> Study:
        """Return the study with fewer lucks, years or families."""
        sizes = {key: value for key, value in self.sketch.small.items() if key != "lucks"}
        lucks = tuple(range(1, 1 + int(self.sketch.small.get("lucks", len(self.study.lucks)))))
        return replace(self.study, lucks=lucks, **sizes)

    @property
    def command(self) -> str:
        """Return the command that runs it at full size."""
        return f"familyabm study run experiments/{self.name}/study.toml --out results/{self.name}"

    def prose(self, heading: str) -> str:
        """Return what the README says under a heading."""
        text = (self.folder / "README.md").read_text(encoding="utf-8")
        return text.partition(f"{heading}\n")[2].partition("\n## ")[0].strip()


def names(home: Path = HOME) -> list[str]:
    """Return every study's folder by name."""
    return sorted(path.name for path in home.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))


def load(name: str, home: Path = HOME) -> Experiment:
    """Read a study and the description of its figure."""
    folder = home / name
    if name not in names(home):
        raise InputError(f"experiment {name!r} is not known; {', '.join(names(home))} are.")
    study = study_files.load(folder / "study.toml").study
    return Experiment(folder, study, _sketch(folder / "figure.toml", study))


def _sketch(path: Path, study: Study) -> Sketch:
    where = f"{path.parent.name}/{path.name}"
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{where} cannot be read: {str(error).splitlines()[0]}.") from None
    toml_fields.only(given, _FIGURE, "a figure", where)
    toml_fields.only(given.get("small", {}), _SMALL, "a small size", where)
    kind = toml_fields.one_of(given.get("kind"), "kind", where, KINDS)
    sketch = Sketch(
        kind, tuple(given.get("measures", study.measures)), int(given.get("reference", 0)),
        tuple(given.get("labels", ())), str(given.get("along", "")), tuple(given.get("lines", ())),
        str(given.get("against", "")), given.get("small", {}),
    )  # fmt: skip
    _check(sketch, study, where)
    return sketch


def _check(sketch: Sketch, study: Study, where: str) -> None:
    """Refuse a figure that its study could not fill."""
    worlds, n = [world.name for world in study.worlds], len(study.points)
    for label, given, known in (
        ("measures", sketch.measures, study.measures), ("lines", sketch.lines, worlds),
        ("against", [sketch.against] if sketch.against else [], worlds),
    ):  # fmt: skip
        for name in given:
            if name not in known:
                raise InputError(f"{where}: {label} = {name!r} is not in the study, which has {', '.join(known)}.")
    if not 0 <= sketch.reference < n:
        raise InputError(f"{where}: reference = {sketch.reference} is no point of the study, which has {n}.")
    if sketch.labels and len(sketch.labels) != n:
        raise InputError(f"{where}: labels are {len(sketch.labels)}, and the study has {n} points.")
    if sketch.kind == "years" and not (sketch.lines and sketch.against and study.by_year and len(sketch.lines) <= 2):
        raise InputError(f"{where}: years needs one or two lines, against, and by_year = true in the study.")
    if sketch.kind == "effects" and study.design.kind != "factorial":
        raise InputError(f"{where}: effects are of a factorial design, and the study's is {study.design.kind}.")
    if sketch.kind == "heat" and len(study.factors) != 2:
        raise InputError(f"{where}: heat is of two factors, and the study has {len(study.factors)}.")


def missing(folder: Path) -> list[str]:
    """Say what a study's folder lacks: study, figure, command, or words on what it shows and what it does not."""
    name, found = folder.name, []
    try:
        load(name, folder.parent)
    except InputError as error:
        found.append(str(error))
    path = folder / "README.md"
    if not path.is_file():
        return [*found, f"{name}: README.md is not there."]
    text = path.read_text(encoding="utf-8")
    wanted = {
        f"experiments/{name}/study.toml --out results/{name}": "the command that runs it",
        f"make experiments NAMES={name}": "the command that draws its figure",
        "](figure.svg)": "its figure, figure.svg", SHOWS: f"'{SHOWS}'", SHOWS_NOT: f"'{SHOWS_NOT}'",
    }  # fmt: skip
    found += [f"{name}: README.md does not hold {what}." for part, what in wanted.items() if part not in text]
    for heading in (SHOWS, SHOWS_NOT):
        prose = text.partition(f"{heading}\n")[2].partition("\n## ")[0].strip()
        if heading in text and len(prose.split()) < 20:
            found.append(f"{name}: README.md says next to nothing under '{heading}'.")
        if digits := re.findall(r"\S*\d\S*", prose):
            found.append(f"{name}: README.md states {digits[0]!r}; numbers come from results, in docs/experiments.md.")
    return found
