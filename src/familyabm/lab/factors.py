"""What a study varies: parameters, levers, fields of shocks and inputs of areas, each within its own range.

A parameter is an uncertainty: it holds for the whole of life, the past included, so that each of its values needs
a past of its own (17 years). With `from = "branch"` it holds in the future only, which is cheaper and means a sudden
change. Levers and shocks act in the future only; inputs of areas, like seeds, shape the past.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from familyabm.area_files import FIELD, checked
from familyabm.areas import Area
from familyabm.errors import InputError, finite, nearest, shown
from familyabm.levers import LEVER_TITLES, shapes_the_past
from familyabm.parameters import DEFAULT, REGISTER
from familyabm.shocks import KINDS, LONGEST, SHAPES, Shock
from familyabm.toml_fields import one_of

Value = float | int | str
UNREAD = (
    "idaci2019_score", "child_poverty_pct", "overcrowding_rooms", "looked_after_cost_gbp_per_week",
    "social_work_cost_gbp_per_cin_week", "spend_total_gbp", "spend_looked_after_gbp", "spend_safeguarding_gbp",
    "foster_places_filled",
)  # fmt: skip
"""Figures of an area that only fill in others or stand beside what the model shows: to vary them would vary nothing."""
PAST, BRANCH = "past", "branch"
KINDS_OF_FACTOR = ("parameter", "lever", "shock", "area")
_MATURITY = "levers.maturity"


@dataclass(frozen=True)
class Factor:
    """One thing that a study varies: by name, within a range or through values.

    name: "harm.level_2" (a parameter), "levers.continuity", "levers.maturity", "shocks.spike.times" (a field of a
    shock that the study names) or "area.imd2019_score".  low, high: by default the whole range of its own.
    since: whether a parameter holds from the "past" or from the "branch" on.  worlds: where a lever, a shock or a
    parameter from the branch on is varied, by default in all.  relative: the values multiply the area's own figure.
    """

    name: str
    low: float | None = None
    high: float | None = None
    values: tuple[Value, ...] = ()
    since: str = PAST
    worlds: tuple[str, ...] = ()
    relative: bool = False

    @property
    def kind(self) -> str:
        """Return "parameter", "lever", "shock" or "area"."""
        return {"levers": "lever", "shocks": "shock", "area": "area"}.get(self.name.partition(".")[0], "parameter")

    @property
    def key(self) -> str:
        """Return what the name says after its kind; a parameter's whole name."""
        return self.name if self.kind == "parameter" else self.name.partition(".")[2]

    @property
    def shapes_past(self) -> bool:
        """Tell whether each of its values needs a past of its own."""
        return self.kind == "area" or (self.kind == "parameter" and self.since == PAST)

    @property
    def bounds(self) -> tuple[float, float]:
        """Return its range, once that is settled."""
        return float(self.low or 0.0), float(self.high or 0.0)

    def acts_in(self, world: str) -> bool:
        """Tell whether it is varied in a world."""
        return not self.worlds or world in self.worlds


class About(NamedTuple):
    """What is known of a factor: words, its own range, its usual value (None where that differs by area or world)."""

    title: str
    unit: str
    grade: str
    low: float
    high: float
    usual: Value | None
    whole: bool = False
    words: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """Return its own range as people write it."""
        unit = "" if self.unit == "0 to 1" else self.unit
        return f"{self.low:g} to {self.high:g} {unit}".rstrip()


def about(factor: Factor, areas: Iterable[Area], shocks: Mapping[str, Shock], where: str) -> About:
    """Return what is known of a factor, or raise InputError naming the nearest known one."""
    if factor.kind == "parameter":
        return _parameter(factor, where)
    if factor.kind == "lever":
        return _lever(factor, where)
    if factor.kind == "area":
        return _area(factor, tuple(areas), where)
    return _shock(factor, shocks, where)


def _parameter(factor: Factor, where: str) -> About:
    if factor.name not in REGISTER:
        names = [*REGISTER, *(f"levers.{name}" for name in LEVER_TITLES), *(f"area.{name}" for name in FIELD)]
        hint = nearest(factor.name, names)
        raise InputError(f"{where}: name = {shown(factor.name)} is no parameter, lever, shock or area input{hint}.")
    if factor.since == BRANCH and shapes_the_past(factor.name):
        raise InputError(f'{where}: from = "branch" is not accepted: {factor.name} shapes the past; "past" is.')
    entry = REGISTER[factor.name]
    return About(entry.meaning, entry.unit, entry.grade, entry.low, entry.high, DEFAULT[factor.name])


def _known(factor: Factor, group: str, names: Iterable[str], where: str) -> None:
    """Refuse a name that its group does not hold."""
    whole = [f"{group}.{name}" for name in names]
    if factor.name not in whole:
        hint = nearest(factor.name, whole)
        raise InputError(f"{where}: name = {shown(factor.name)} is not known{hint}; accepted: {', '.join(whole)}.")


def _lever(factor: Factor, where: str) -> About:
    if factor.name == _MATURITY:
        return About("How far practice already follows policy", "0 to 1", "", 0.0, 1.0, 0.0)
    _known(factor, "levers", (*LEVER_TITLES, "maturity"), where)
    return About(LEVER_TITLES[factor.key], "0 to 1", "", 0.0, 1.0, DEFAULT[f"base.{factor.key}"])


def _area(factor: Factor, areas: tuple[Area, ...], where: str) -> About:
    known = [name for name, field in FIELD.items() if field.kind != "text" and name not in UNREAD]
    if factor.key in UNREAD:
        raise InputError(
            f"{where}: name = {shown(factor.name)} would vary nothing: no life depends on it; "
            f"accepted: {', '.join(f'area.{name}' for name in known)}."
        )
    _known(factor, "area", known, where)
    field = FIELD[factor.key]
    if factor.relative:
        return About(f"{field.label}, times its own figure", "times", "", 0.0, 100.0, 1.0)
    sizes = [area.children_0_17 / 10_000 if field.kind == "amount" else 1.0 for area in areas]
    own = {getattr(area, field.name) for area in areas}
    low, high = max(field.low * size for size in sizes), min(field.high * size for size in sizes)
    usual = own.pop() if len(own) == 1 else None
    return About(field.label, field.unit, "", low, high, usual, field.kind == "count")


def _shock(factor: Factor, shocks: Mapping[str, Shock], where: str) -> About:
    name, _, field = factor.key.partition(".")
    if name not in shocks:
        given = ", ".join(shocks) or "none"
        raise InputError(
            f"{where}: name = {shown(factor.name)} names no shock of this study{nearest(name, shocks)}; "
            f"[shocks.NAME] gives one a name (given: {given})."
        )
    shock, kind = shocks[name], KINDS[shocks[name].what]
    size = "times" if kind.multiplies else "amount"
    _known(factor, f"shocks.{name}", (size, "from_week", "weeks", "hold", "which", "shape"), where)
    usual = getattr(shock, field)
    title = f"{kind.title}: {field.replace('_', ' ')} ({name})"
    if field in ("which", "shape"):
        return About(title, "", "", 0.0, 0.0, usual, words=("all", *kind.names) if field == "which" else SHAPES)
    if field == size:
        low = 1.0 if shock.what == "inspection" else kind.low
        return About(title, size, "", low, kind.high, usual, shock.what == "inspection")
    low, high = {"from_week": (0, LONGEST), "weeks": (1, LONGEST), "hold": (0, 1)}[field]
    return About(title, "" if field == "hold" else "weeks", "", low, high, int(usual), True)


def settled(factor: Factor, known: About, where: str) -> Factor:
    """Return the factor with its range filled in, or raise InputError if it is not within the factor's own."""
    _check_kind(factor, where)
    if known.words:
        return _settled_words(factor, known, where)
    accepted = known.range
    for label, value in (("low", factor.low), ("high", factor.high), *(("values", value) for value in factor.values)):
        if value is not None:
            _check(value, label, known, accepted, where)
    if factor.values:
        numbers = [float(value) for value in factor.values]
        return replace(factor, low=min(numbers), high=max(numbers))
    if factor.relative and None in (factor.low, factor.high):
        raise InputError(f"{where}: low and high are needed with relative, such as 0.8 and 1.2.")
    low = known.low if factor.low is None else float(factor.low)
    high = known.high if factor.high is None else float(factor.high)
    if not low < high:
        raise InputError(f"{where}: low = {low:g} is not below high = {high:g}; a range within {accepted} is accepted.")
    return replace(factor, low=low, high=high)


def _check_kind(factor: Factor, where: str) -> None:
    """Refuse what does not go with the kind of thing that is varied."""
    if factor.since not in (PAST, BRANCH):
        raise InputError(f'{where}: from = {shown(factor.since)} is not accepted; "past" or "branch" is.')
    if factor.since == BRANCH and factor.kind != "parameter":
        raise InputError(f"{where}: from goes with a parameter; {factor.name} is none.")
    if factor.relative and factor.kind != "area":
        raise InputError(f"{where}: relative goes with an area input; {factor.name} is none.")
    if factor.worlds and factor.shapes_past:
        raise InputError(f"{where}: worlds is not accepted: {factor.name} shapes the past, which all worlds share.")


def _settled_words(factor: Factor, known: About, where: str) -> Factor:
    if factor.low is not None or factor.high is not None or not factor.values:
        words = ", ".join(f'"{word}"' for word in known.words)
        raise InputError(f"{where}: {factor.name} is varied through values; any of {words} are accepted.")
    for value in factor.values:
        one_of(value, "values", where, known.words)
    return factor


def _check(value: Any, label: str, known: About, accepted: str, where: str) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number:
        raise InputError(f"{where}: {label} = {shown(value)} is not a number; {accepted} is accepted.")
    if not finite(value) or not known.low <= value <= known.high:
        raise InputError(f"{where}: {label} = {shown(value)} is outside {accepted}.")
    if known.whole and value != int(value):
        raise InputError(f"{where}: {label} = {shown(value)} is not a whole number; {accepted} is accepted.")


def area_with(area: Area, changes: Mapping[Factor, Value], where: str) -> Area:
    """Return the area with some of its inputs changed, each still plausible for it; else raise InputError."""
    new: dict[str, Any] = {}
    for factor, value in changes.items():
        own = getattr(area, factor.key)
        figure = own * float(value) if factor.relative else float(value)
        new[factor.key] = round(figure) if FIELD[factor.key].kind == "count" else figure
    record = {name: getattr(area, name) for name in FIELD} | new
    checked(record, f"{where}, {area.la_name}")
    return replace(area, **new, filled=tuple(name for name in area.filled if name not in new))
