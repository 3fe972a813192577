"""An authority's own returns as an area file and a row of outcomes: aggregates only, small numbers suppressed.

Whatever is written holds figures of the whole authority. A count of one to five children, or a share from which one
could be worked out, is replaced by DfE's symbol for suppression (c) or left out.
"""

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import familyabm
from familyabm import areas
from familyabm.area_files import FIELD, FIELDS
from familyabm.areas import Area
from familyabm.errors import InputError
from familyabm.returns.counting import Figure, Figures, figures
from familyabm.returns.reading import Source
from familyabm.truth.fitting import toml_value
from familyabm.truth.outcomes import KEYS, OUTCOMES

SMALL = 5
"""The largest count of children that is not told. Source: DfE, Children in need, methodology."""
SUPPRESSED = "c"
PER = 10_000.0


@dataclass(frozen=True)
class Own:
    """What an authority's own returns of a year come to: outcomes by column and fields of its area file.

    Values are rounded to a decimal; none where a small number is suppressed.
    """

    area: Area
    children: int
    year: int
    tables: tuple[str, ...]
    outcomes: Mapping[str, float | None]
    fields: Mapping[str, float | None]


def own(sources: list[Source], place: Area, children: int | None = None, year: int | None = None) -> Own:
    """Work an authority's figures out from its returns.

    children: those aged 0 to 17 of whom the returns tell, where that is not all the authority's; counts are then told
    for all of it.  year: which financial
    year, by its end; by default the last.  Raises InputError where nothing of that year is there.
    """
    years = sorted({one.year for one in sources if one.year})
    if not years:
        raise InputError("the returns hold no day, so that they are of no year.")
    chosen = years[-1] if year is None else year
    if chosen not in years:
        raise InputError(f"--year {chosen}: the returns are of {', '.join(map(str, years))}.")
    n = place.children_0_17 if children is None else children
    found = {name: _of_all(one, place.children_0_17 / n) for name, one in figures(sources, chosen).items()}
    names = tuple(f"{one.layout.shape} {one.layout.table}" for one in sources if one.year == chosen)
    every = place.children_0_17
    outcomes = {name: _value(name, found[name], every) for name in OUTCOMES if name in found}
    fields = {name: _value(name, found[name], every) for name in FIELD if name in found}
    return Own(place, n, chosen, names, outcomes, _sources_safe(fields, found))


def _of_all(figure: Figure, share: float) -> Figure:
    """Return a figure with the times by which a part's counts are to be multiplied to be the whole authority's."""
    return figure if figure.whole is not None else replace(figure, times=figure.times * share)


def _value(column: str, figure: Figure, children: int) -> float | None:
    """Return a figure as it is told, none where it would tell of a few children."""
    if small(figure):
        return None
    if column.endswith("_rate"):
        return round(figure.times * figure.count / children * PER, 1)
    if figure.whole is None:
        return float(round(figure.times * figure.count))
    return round(100.0 * figure.count / figure.whole, 1)


def small(figure: Figure) -> bool:
    """Tell whether a figure tells of one to five children, those it counts or those it leaves."""
    if figure.whole is None:
        return 0 < figure.count <= SMALL
    return figure.whole <= SMALL or 0 < figure.count <= SMALL or 0 < figure.whole - figure.count <= SMALL


def _sources_safe(fields: Mapping[str, float | None], found: Figures) -> dict[str, float | None]:
    """Suppress one source more where a single one is: from the others and the whole it could be worked out."""
    safe = dict(fields)
    names = [name for name in safe if name.startswith("source_")]
    hidden = [name for name in names if safe[name] is None]
    if len(hidden) == 1 and len(names) > 1:
        least = min((name for name in names if name not in hidden), key=lambda name: found[name].count)
        safe[least] = None
    return safe


def outcomes_text(told: Own) -> str:
    """Return the outcomes as a CSV file that `fit` and `validate` read."""
    content = io.StringIO(newline="")
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow([*KEYS, *told.outcomes])
    cells = [SUPPRESSED if value is None else f"{value:.12g}" for value in told.outcomes.values()]
    writer.writerow([told.area.la_code, told.area.la_name, *cells])
    return content.getvalue()


def area_text(told: Own) -> str:
    """Return the area file: the published figures that are its own, and in their place what the returns say."""
    mine = {name: value for name, value in told.fields.items() if value is not None and _plausible(name, value, told)}
    given = [field.name for field in FIELDS if field.name in mine or field.name not in told.area.filled]
    head = [
        f"# {told.area.la_name}: its own returns of the year ending 31 March {told.year}, and its published figures.",
        f"# familyabm {familyabm.__version__}. Of the whole authority; counts of 1 to {SMALL} children are left out.",
        f"# From the returns: {', '.join(sorted(mine)) or 'nothing'}.", "",
    ]  # fmt: skip
    values = {name: mine.get(name, getattr(told.area, name)) for name in given}
    return "\n".join([*head, *(f"{name} = {toml_value(value)}" for name, value in values.items()), ""])


def _plausible(name: str, value: float, told: Own) -> bool:
    """Tell whether an area file may hold a figure; the implausible ones stay as published."""
    return math.isfinite(value) and FIELD[name].allows(value, told.area.children_0_17)


def default_path(place: Area) -> Path:
    """Return where the area file goes if nothing else is said: the area's name, here."""
    return Path(f"{'-'.join(place.la_name.casefold().replace(',', '').split())}-returns.toml")


def named(name: str) -> Area:
    """Return the English authority whose returns they are; an outcomes table knows no others."""
    place = areas.find(name)
    if place.la_code in ("own", "average"):
        raise InputError(f"--area {name!r} is not a single English authority; the name or code of one is accepted.")
    return place
