"""The eight levers, and scenarios: named worlds of lever policies and shocks, kept as TOML files."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

from familyabm import toml_fields as fields
from familyabm.changes import Change, in_order, read_changes
from familyabm.errors import InputError, nearest, shown
from familyabm.expectations import Expectation, read_expectation
from familyabm.parameters import REGISTER
from familyabm.parameters.register import known
from familyabm.shocks import Shock, read_shock, written
from familyabm.tables import LEVERS, Table, empty

LEVER_TITLES = {
    "information_sharing": "Information sharing",
    "joint_response": "Whole-family joint response",
    "no_wrong_door": "Shared threshold, no wrong door",
    "continuity": "Lead professional continuity",
    "pooled_budget": "Pooled, needs-led resources",
    "ring_fence": "Early help ring-fence",
    "unit_model": "Social work units",
    "bureaucracy_relief": "Relief from bureaucracy",
}
"""The levers L1 to L8 by name, with the title that people read."""

_OF_THE_PAST = (
    "population.", "base.", "workforce.posts_per_team", "workforce.mean_experience", "money.reserves", "court.fits",
    "adult_services.fits", "environment.usual_risk_aversion", "environment.usual_criticism",
)  # fmt: skip
_LARGEST_FILE = 100_000
_FOLDER = resources.files("familyabm") / "scenarios"
_ORDER = (
    "status-quo", "siloed", "whole-system", "spike-nerve-held", "spike-raided", "spike-whole-system", "inadequate",
    "media-storm", "units", "notify-everything", "thresholds-raised", "pooled-budget", "needs-led-care",
    "needs-led-all", "target-culture", "placement-shortage", "door-without-capacity", "capacity-without-door",
    "family-help", "slipping-back", "slipping-back-watched", "austerity", "court-delay", "oracle",
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """A named world: what policy intends for each lever, what hits from outside, and what is assumed.

    levers: {name: 0 to 1}; a lever not named stays where a typical authority stands.
    maturity: how far practice already follows policy at the start, 0 to 1.
    code: its number in the model specification, such as S6b.  expected: what should move, as far as anybody says.
    changes: what policy and services' hours become in later weeks, in their order.
    """

    name: str
    title: str
    description: str
    levers: Mapping[str, float] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    maturity: float = 0.0
    expect: str = ""
    surprise: str = ""
    code: str = ""
    expected: tuple[Expectation, ...] = ()
    changes: tuple[Change, ...] = ()

    def policy(self, base: Mapping[str, float]) -> Table:
        """Return the one-row table of intended lever values; `base` gives those that the scenario leaves alone."""
        table = empty(LEVERS, 1)
        for name in LEVERS:
            table[name] = self.levers.get(name, base[name])
        return table

    def as_address(self) -> str:
        """Return the text that stands for this scenario in a run's address; names and prose do not count."""
        shocks = [astuple(shock) for shock in self.shocks]
        whole: tuple[object, ...] = sorted(self.levers.items()), shocks, sorted(self.parameters.items()), self.maturity
        return repr((*whole, [change.as_address() for change in self.changes]) if self.changes else whole)

    def hit_by(self, written: Iterable[str]) -> "Scenario":
        """Return this world with further shocks as written on the command line, or in files of [[shocks]].

        written: such as "demand:1.6@26+26w" or a path that ends in .toml.  Raises InputError.
        """
        further = tuple(shock for text in written for shock in _further(text))
        if not further:
            return self
        return replace(self, title=f"{self.title}, with further shocks", shocks=self.shocks + further)


def names() -> list[str]:
    """Return the names of the scenarios that come with the package, in their order."""
    return list(_ORDER)


def shapes_the_past(address: str) -> bool:
    """Tell whether a parameter shapes the past, which all worlds share, so that no world can have its own."""
    return address.startswith(_OF_THE_PAST)


def find(name_or_path: str) -> Scenario:
    """Return the scenario of that name, or read it from a TOML file of the same shape.

    Raises InputError naming the nearest known scenario, or the field of the file that cannot be used.
    """
    if name_or_path.endswith(".toml"):
        return load(Path(name_or_path))
    if name_or_path not in _ORDER:
        known = f"{', '.join(_ORDER)} or a .toml file"
        hint = nearest(name_or_path, _ORDER)
        raise InputError(f"scenario {shown(name_or_path)} is not known{hint}; one of {known} is accepted.")
    return read((_FOLDER / f"{name_or_path}.toml").read_text(encoding="utf-8"), name_or_path, name_or_path)


def load(path: Path) -> Scenario:
    """Read a scenario from a TOML file."""
    text = fields.file_text(path, _LARGEST_FILE, "scenario file", "a scenario file is a page of TOML")
    return read(text, path.stem, str(path))


_FIELDS = (
    "code", "title", "description", "expect", "surprise", "parts", "maturity", "levers", "shocks", "parameters",
    "expected", "changes",
)  # fmt: skip


def read(text: str, name: str, where: str) -> Scenario:
    """Read a scenario from TOML text, checking it field by field.

    What the file says comes on top of its `parts`: levers and parameters replace theirs; shocks and
    changes join theirs.
    """
    return made_of(fields.parsed(text, where), name, where)


def made_of(given: Mapping[str, Any], name: str, where: str) -> Scenario:
    """Read a scenario from the fields of a table, checking them one by one."""
    fields.only(given, _FIELDS, "a scenario", where)
    parts = _parts(given.get("parts", []), name, where)
    last = parts[-1].maturity if parts else 0.0
    levers = {lever: value for part in parts for lever, value in part.levers.items()}
    parameters = {address: value for part in parts for address, value in part.parameters.items()}
    changes = tuple(change for part in parts for change in part.changes) + read_changes(given, where)
    in_order(changes, where)
    return Scenario(
        name=name,
        title=fields.text(given, "title", where) or name,
        description=fields.text(given, "description", where),
        expect=fields.text(given, "expect", where),
        surprise=fields.text(given, "surprise", where),
        code=fields.text(given, "code", where),
        maturity=fields.number(given.get("maturity", last), "maturity", where, 0.0, 1.0),
        levers=levers | _levers(fields.table(given, "levers", where), where),
        shocks=tuple(shock for part in parts for shock in part.shocks) + _shocks(given, where),
        parameters=parameters | _parameters(fields.table(given, "parameters", where), where),
        expected=tuple(
            read_expectation(entry, _ORDER, f"{where}: expected[{place}]")
            for place, entry in enumerate(fields.tables(given, "expected", where), start=1)
        ),
        changes=changes,
    )


def _parts(value: object, name: str, where: str) -> list[Scenario]:
    """Return the scenarios of the package that this one is made of; one that comes after it, or itself, is refused."""
    if not isinstance(value, list):
        raise InputError(f'{where}: parts = {shown(value)} is not a list of scenarios; ["whole-system"] would be.')
    accepted = _ORDER[: _ORDER.index(name)] if name in _ORDER and where == name else _ORDER
    return [find(fields.one_of(part, "parts", where, accepted)) for part in value]


def _levers(given: Mapping[str, Any], where: str) -> dict[str, float]:
    for key in given:
        if key not in LEVERS:
            raise InputError(
                f"{where}: levers.{key} is not a lever{nearest(key, LEVERS)}; accepted: {', '.join(LEVERS)}."
            )
    return {key: fields.number(value, f"levers.{key}", where, 0.0, 1.0) for key, value in given.items()}


def _parameters(given: Mapping[str, Any], where: str) -> dict[str, float]:
    flat: dict[str, Any] = {}
    for key, value in given.items():
        inner = value.items() if isinstance(value, dict) else [("", value)]
        flat.update({f"{key}.{name}" if name else key: number for name, number in inner})
    for address in flat:
        if shapes_the_past(address):
            raise InputError(
                f"{where}: parameters.{address} shapes the past, which both worlds share; --set is accepted for it."
            )
    try:
        return {address: REGISTER[known(REGISTER, address)].check(value) for address, value in flat.items()}
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _shocks(given: Mapping[str, Any], where: str) -> tuple[Shock, ...]:
    entries = fields.tables(given, "shocks", where)
    return tuple(read_shock(entry, f"{where}: shocks[{place}]") for place, entry in enumerate(entries, start=1))


def _further(text: str) -> tuple[Shock, ...]:
    """Read one --shock: as written, or a file that holds [[shocks]] and nothing else."""
    if not text.endswith(".toml"):
        return (written(text),)
    given = fields.parsed(fields.file_text(Path(text), _LARGEST_FILE, "file of shocks", "it is a page of TOML"), text)
    fields.only(given, ("shocks",), "a file of shocks", text)
    return _shocks(given, text)
