"""Shocks: what the world outside does to an authority, week by week, and how it is written in a file or a command.

Shocks compose: multipliers multiply and amounts add up, but what rules read never leaves the bounds of its kind,
so that the rules' quick upper bounds hold for any mixture.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from familyabm.codes import Agency, Factor, Outside
from familyabm.errors import InputError
from familyabm.toml_fields import number, one_of, only, whole, yes_or_no

_NEEDS = {factor.name.lower(): int(factor) for factor in Factor}
_SOURCES = {agency.name.lower(): int(agency) for agency in list(Agency)[:7]}
LONGEST = 5200
"""Weeks within which a shock must begin and end."""
SHAPES = ("step", "pulse", "ramp")


@dataclass(frozen=True)
class Kind:
    """A kind of shock: what people read, whether it multiplies or adds, its bounds, and where rules read it.

    sudden: it strikes in one week unless another shape is asked for.
    """

    title: str
    multiplies: bool
    low: float
    high: float
    column: Outside | None = None
    names: Mapping[str, int] = field(default_factory=dict)
    sudden: bool = False

    @property
    def at_rest(self) -> float:
        """Return the value that changes nothing."""
        return 1.0 if self.multiplies else 0.0


KINDS = {
    "need": Kind("need arises", True, 0.0, 5.0, names=_NEEDS),
    "contacts": Kind("contacts come", True, 0.0, 5.0, names=_SOURCES),
    "early_help_funding": Kind("funding of early help", True, 0.05, 5.0, Outside.EARLY_HELP_FUNDING),
    "early_help_places": Kind("early help places for the same money", True, 0.0, 5.0, Outside.EARLY_HELP_PLACES),
    "foster_places": Kind("foster places, own and independent", True, 0.05, 5.0, Outside.FOSTER_PLACES),
    "court_places": Kind("families that the court can hear", True, 0.05, 5.0, Outside.COURT_PLACES),
    "workers": Kind("recruitment of permanent social workers", True, 0.0, 5.0, Outside.WORKERS),
    "notify": Kind("share of police attendances notified", True, 0.0, 5.0, Outside.NOTIFY),
    "poverty": Kind("child poverty, percentage points", False, -20.0, 20.0, Outside.POVERTY),
    "threshold": Kind("thresholds of judged need", False, -0.2, 0.2, Outside.THRESHOLD),
    "target_pressure": Kind("pressure of timeliness targets", False, -1.0, 1.0, Outside.TARGET_PRESSURE),
    "risk_aversion": Kind("risk aversion", False, 0.0, 1.5, Outside.RISK_AVERSION, sudden=True),
    "inspection": Kind("inspection grade, 1 outstanding to 4 inadequate", False, 0.0, 4.0, Outside.INSPECTION,
                       sudden=True),
}  # fmt: skip
"""Every kind of shock by name."""
_COLUMNS = {kind.column: kind for kind in KINDS.values() if kind.column is not None}


@dataclass(frozen=True)
class Shock:
    """A change from outside: `times` the usual, or an `amount` added, from a week, for some weeks.

    what: a name of `KINDS`.  which: one risk factor (need) or one source (contacts) by name, or "all".
    shape: "step" at once and in full, "pulse" in the first week only, "ramp" evenly up to its full size in the
    last of its weeks.  hold: it stays in full once its weeks are over.
    """

    what: str
    which: str
    times: float
    from_week: int
    weeks: int
    shape: str = "step"
    hold: bool = False
    amount: float = 0.0

    def course(self, weeks: int) -> NDArray[np.float64]:
        """Return the share of the shock's full size week by week, shape (weeks,)."""
        share, end = np.zeros(weeks), self.from_week + self.weeks
        within = share[self.from_week : end]
        within[:] = np.arange(1, len(within) + 1) / self.weeks if self.shape == "ramp" else 1.0
        if self.hold:
            share[end:] = 1.0
        return share

    @property
    def sentence(self) -> str:
        """Say it in words."""
        kind, which = KINDS[self.what], "" if self.which == "all" else f" ({self.which.replace('_', ' ')})"
        if self.what in ("need", "contacts"):
            size = f"{kind.title}{which} at {self.times:g} times the usual rate"
        elif self.what == "inspection":
            size = f"{kind.title}: {self.amount:g}"
        else:
            size = f"{kind.title}: {f'{self.times:g} times the usual' if kind.multiplies else f'{self.amount:+g}'}"
        return f"{size} {self._when()}."

    def _when(self) -> str:
        """Say when it strikes."""
        end = self.from_week + self.weeks
        if self.shape == "ramp":
            return f"reached evenly from week {self.from_week} to week {end}" + (" and kept" if self.hold else "")
        if self.weeks == 1 and not self.hold:
            return f"in week {self.from_week}"
        return f"from week {self.from_week} " + ("on" if self.hold else f"to week {end}")


class Curves(NamedTuple):
    """What rules read: need (weeks, 4) and contacts (weeks, 7), both multipliers, and outside (weeks, kinds)."""

    need: NDArray[np.float64]
    contacts: NDArray[np.float64]
    outside: NDArray[np.float64]


def quiet(weeks: int) -> Curves:
    """Return the curves of a world in which nothing comes from outside."""
    outside = np.zeros((weeks, len(Outside)))
    for column, kind in _COLUMNS.items():
        outside[:, column] = kind.at_rest
    return Curves(np.ones((weeks, len(_NEEDS))), np.ones((weeks, len(_SOURCES))), outside)


def shock_curves(shocks: Iterable[Shock], weeks: int) -> Curves:
    """Return the curves of all shocks together; two inspections in one week leave the worse grade."""
    curves = quiet(weeks)
    for shock in shocks:
        kind, share = KINDS[shock.what], shock.course(weeks)
        if kind.column is None:
            table = curves.need if shock.what == "need" else curves.contacts
            columns = list(kind.names.values()) if shock.which == "all" else [kind.names[shock.which]]
            table[:, columns] *= 1.0 + (shock.times - 1.0) * share[:, None]
        elif shock.what == "inspection":
            curves.outside[:, kind.column] = np.maximum(curves.outside[:, kind.column], shock.amount * share)
        elif kind.multiplies:
            curves.outside[:, kind.column] *= 1.0 + (shock.times - 1.0) * share
        else:
            curves.outside[:, kind.column] += shock.amount * share
    for column, kind in _COLUMNS.items():
        np.clip(curves.outside[:, column], kind.low, kind.high, out=curves.outside[:, column])
    return curves


_FIELDS = ("what", "which", "times", "amount", "from_week", "weeks", "shape", "hold")


def read_shock(entry: Mapping[str, Any], where: str) -> Shock:
    """Read one shock, checking it field by field."""
    only(entry, _FIELDS, "a shock", where)
    what = one_of(entry.get("what", "need"), "what", where, KINDS)
    kind = KINDS[what]
    shape = one_of(entry.get("shape", "pulse" if kind.sudden else "step"), "shape", where, SHAPES)
    hold = yes_or_no(entry, "hold", where)
    if shape == "pulse" and (hold or entry.get("weeks", 1) != 1):
        raise InputError(f"{where}: a pulse strikes in one week; weeks and hold go with a step or a ramp.")
    if what == "inspection" and shape != "pulse":
        raise InputError(f"{where}: shape = {shape!r} does not fit an inspection, which happens in one week.")
    times, amount = _size(entry, what, kind, where)
    return Shock(
        what=what,
        which=one_of(entry.get("which", "all"), "which", where, ("all", *kind.names)),
        times=times,
        from_week=whole(entry.get("from_week", 0), "from_week", where, 0, LONGEST),
        weeks=whole(entry.get("weeks", 1 if shape == "pulse" else 26), "weeks", where, 1, LONGEST),
        shape=shape,
        hold=hold,
        amount=amount,
    )


def _size(entry: Mapping[str, Any], what: str, kind: Kind, where: str) -> tuple[float, float]:
    """Return (times, amount) of a shock: the one that its kind takes, and the other at rest."""
    takes, other = ("times", "amount") if kind.multiplies else ("amount", "times")
    if other in entry:
        raise InputError(f"{where}: {other} does not go with {what}; {takes} is accepted.")
    if what == "inspection":
        return 1.0, float(whole(entry.get(takes), takes, where, 1, 4))
    size = number(entry.get(takes), takes, where, kind.low, kind.high)
    return (size, 0.0) if kind.multiplies else (1.0, size)


_WRITTEN = re.compile(
    r"(?P<what>[a-z_]+)(?:\.(?P<which>[a-z_]+))?:(?P<size>[+-]?(?:\d{1,6}(?:\.\d{0,9})?|\.\d{1,9}))"
    r"@(?P<from_week>\d{1,6})(?:\+(?P<weeks>\d{1,6})w)?(?P<words>(?:,[a-z]+)*)",
    re.ASCII,
)
GRAMMAR = (
    "WHAT:SIZE@WEEK, then +WEEKSw if it lasts and ,ramp or ,pulse or ,hold as it goes: demand:1.6@26+26w; "
    "need.housing:1.3@0+52w; contacts.police:1.5@104+26w; early_help_funding:0.55@0+468w,ramp,hold; "
    "poverty:+3@0+468w,ramp,hold; inspection:4@156. WHAT is one of " + ", ".join(("demand", *KINDS))
)  # fmt: skip
"""How a shock is written on the command line."""


def written(text: str) -> Shock:
    """Read a shock as it is written on the command line, such as need.housing:1.3@0+52w,ramp,hold.

    "demand" stands for need of every kind.  Raises InputError with one sentence.
    """
    where = f"--shock {text if len(text) <= 60 else text[:40] + '…'}"
    match = _WRITTEN.fullmatch(text.strip())
    if match is None:
        raise InputError(
            f"{where!r} is not of the form WHAT:SIZE@WEEK+WEEKSw; demand:1.6@26+26w or poverty:+3@0+468w,ramp,hold "
            "would be accepted."
        )
    found = match.groupdict()
    what = "need" if found["what"] == "demand" else one_of(found["what"], "the kind", where, ("demand", *KINDS))
    entry: dict[str, Any] = {"what": what, "which": found["which"] or "all", "from_week": int(found["from_week"])}
    size = float(found["size"])
    entry["times" if KINDS[what].multiplies else "amount"] = int(size) if size.is_integer() else size
    if found["weeks"]:
        entry["weeks"] = int(found["weeks"])
    return read_shock(entry | _words(found["words"], where), where)


def _words(text: str, where: str) -> dict[str, Any]:
    """Read what follows the weeks: a shape, and hold."""
    words: dict[str, Any] = {}
    for word in filter(None, text.split(",")):
        one_of(word, "the word", where, (*SHAPES, "hold"))
        if word == "hold":
            words["hold"] = True
        elif "shape" in words:
            raise InputError(f"{where}: {words['shape']} and {word} are both shapes; one is accepted.")
        else:
            words["shape"] = word
    return words
