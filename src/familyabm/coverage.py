"""Where each line of the model's two sources lives: a register that may not name anything that is gone.

The sources are numbered M1 to M133; `data/coverage.csv` has one row for each, with a paraphrase. Cells that
name several things have semicolons between them. A note that begins with "to come:" owns up to a gap.
"""

import csv
from dataclasses import dataclass
from importlib import import_module, resources
from pathlib import Path

from familyabm import levers, measures
from familyabm.errors import InputError
from familyabm.week import SCHEDULE
from familyabm.writing import write_whole

LINES = tuple(f"M{number}" for number in range(1, 134))
FURNITURE = ("M1", "M101", "M102", "M104", "M132", "M133")
"""Lines of page furniture and by-lines: listed, so that nothing is passed over in silence, and nothing to model."""
NOTHING, TO_COME = "nothing to model", "to come:"
SEVERAL = ("process", "rule", "measure", "scenario", "test")


@dataclass(frozen=True)
class Line:
    """One line of a source: what it says in short, and everything in the model that answers to it."""

    line: str
    says: str
    process: tuple[str, ...]
    rule: tuple[str, ...]
    measure: tuple[str, ...]
    scenario: tuple[str, ...]
    test: tuple[str, ...]
    note: str

    @property
    def to_come(self) -> bool:
        """Tell whether a mechanism for this line is still missing."""
        return self.note.startswith(TO_COME)

    @property
    def mapped(self) -> bool:
        """Tell whether the line has a mechanism, measure or scenario, and a test that would fail without it."""
        return bool(self.rule or self.measure or self.scenario) and bool(self.test)


def lines() -> list[Line]:
    """Read the register, in its order."""
    source = resources.files("familyabm") / "data" / "coverage.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return [Line(**{key: _parts(cell) if key in SEVERAL else cell for key, cell in row.items()}) for row in rows]  # type: ignore[arg-type]


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def gaps(register: list[Line]) -> list[str]:
    """Return the lines that are missing, out of order, wrongly furniture, or mapped to nothing and not owned up to."""
    found = (
        [f"the register's lines are not {LINES[0]} to {LINES[-1]}"] if [r.line for r in register] != [*LINES] else []
    )
    for row in register:
        if not row.says:
            found.append(f"{row.line} has no words")
        if (row.note == NOTHING) != (row.line in FURNITURE):
            found.append(f"{row.line} is furniture in the register or in the list, not in both")
        if row.line not in FURNITURE and not row.mapped and not row.to_come:
            found.append(f"{row.line} is mapped to nothing that a test holds to")
    return found


def gone(register: list[Line], tests: set[str]) -> list[str]:
    """Return every name in the register that names nothing.

    tests: the tests there are, as file::name.
    """
    known = {
        "process": {code for code, *_ in SCHEDULE}, "measure": set(measures.MEASURES),
        "scenario": set(levers.names()), "test": tests,
    }  # fmt: skip
    found = [
        f"{row.line}: {kind} {name}" for row in register for kind, names in known.items()
        for name in getattr(row, kind) if name not in names
    ]  # fmt: skip
    return found + [f"{row.line}: rule {name}" for row in register for name in row.rule if not there(name)]


def there(name: str) -> bool:
    """Tell whether module.function is in the rules, or in the package."""
    module, _, function = name.rpartition(".")
    for home in (f"familyabm.rules.{module}", f"familyabm.{module}"):
        try:
            return callable(getattr(import_module(home), function, None))
        except ModuleNotFoundError:
            continue
    return False


HEAD = """# What the model covers

Every line of the two texts that the model sets out from, by number and in other words, with the weekly process,
the rule, the measure and the scenario that answer to it, and a test that would fail without it.
"""


def page() -> str:
    """Return the register as a page of Markdown."""
    register = lines()
    missing = [row.line for row in register if row.to_come]
    left = f"Something is still to come for {len(missing)} of them: {', '.join(missing)}.\n" if missing else ""
    made = "Made from `data/coverage.csv` by `familyabm coverage --write docs/coverage.md`."
    count = f"{len(register)} lines; {len(FURNITURE)} are page furniture or by-lines. {left}"
    return f"{HEAD}\n{made} {count}\n{_table(register)}"


def _table(register: list[Line]) -> str:
    heads = ("Line", "In short", "Process", "Rules", "Measures", "Scenarios", "Tests", "Note")
    rows = [heads, ("---",) * len(heads), *(_cells(row) for row in register)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def _cells(row: Line) -> tuple[str, ...]:
    several = ["<br>".join(_coded(kind, name) for name in getattr(row, kind)) for kind in SEVERAL]
    return (row.line, row.says, *several, row.note)


def _coded(kind: str, name: str) -> str:
    return name if kind == "process" else f"`{name}`"


def as_records() -> list[dict[str, object]]:
    """Return the register as JSON can hold it."""
    return [
        {name: list(value) if isinstance(value, tuple) else value for name, value in vars(row).items()}
        for row in lines()
    ]


def write(path: Path) -> None:
    """Write the page to a file, whole or not at all."""
    if not path.name or path.is_dir():
        raise InputError(f"{path} is a folder; the name of a file to write would be accepted.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, page().encode())
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None
