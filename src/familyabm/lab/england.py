"""All of England: every authority lived in two worlds, added up by children, and never ranked beyond what luck allows.

It is a lab study whose only factor is the area. A luck is a number, and two authorities with the same number draw
the same luck for families of the same key; so each authority's lucks are shuffled by themselves before they are
added up, or all of England would be lucky at once.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm import areas, levers, simulation
from familyabm.area_files import REGIONS
from familyabm.areas import Area
from familyabm.errors import InputError, nearest, shown
from familyabm.lab.results import StudyResults
from familyabm.lab.store import DONE
from familyabm.lab.study import Study
from familyabm.worlds import RANGE, check_run

MEASURES = (
    "looked_after", "care_starts", "plans", "referrals", "contacts", "early_help", "failure_demand", "harm", "spend",
    "spend_levers",
)  # fmt: skip
"""What is kept of every life, and shown of England."""
SIDES = ("a", "b", "difference")
FEWEST_YEARS = 3
FEWEST_LUCKS = 10
"""Of 153 authorities all alike, ranges over 10 lucks set 0.2 of the 11,628 pairs apart; ranges over 6 lucks set 32."""
ABOVE, BELOW, SAME = "above", "below", "cannot be told apart"
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A study of England, and the authorities that were asked for and are too small for it."""

    study: Study
    too_small: tuple[str, ...]


def ask(
    a: str = "status-quo", b: str = "whole-system", *, years: int = 10, runs: int = 10, scale: float = 0.1,
    seed: int = 1, only: Iterable[str] = (), shocks: Iterable[str] = (), settings: Mapping[str, float] | None = None,
) -> Asked:  # fmt: skip
    """Return the study of both worlds in every authority, or only in those named.

    only: authorities by name or code, and regions.  Without it, an authority too small for the scale is left out and
    named; one that was named itself is refused.
    """
    check_run(years, runs)
    simulation.check_whole("seed", seed, 0, simulation.MAX_SEED)
    written = list(shocks)
    worlds = tuple(levers.find(name).hit_by(written) for name in (a, b))
    wanted = [place for name in only for place in _places(name)] or _all()
    simulation.check_scale(max(wanted, key=lambda place: place.children_0_17), scale)
    small = [place.la_name for place in wanted if _too_small(place, scale)]
    kept = tuple(place for place in wanted if only or place.la_name not in small)
    study = Study(
        name="England", areas=kept, worlds=worlds, lucks=tuple(range(1, runs + 1)), seeds=(seed,), years=years,
        scale=scale, measures=MEASURES, by_year=True, settings=settings or {}, title="All of England", where="england",
    )  # fmt: skip
    return Asked(study, () if only else tuple(small))


def _too_small(place: Area, scale: float) -> bool:
    try:
        simulation.check_scale(place, scale)
    except InputError:
        return True
    return False


def _all() -> list[Area]:
    return [areas.named(str(code)) for code in areas.table()["la_code"]]


def _places(name: str) -> list[Area]:
    """Return the authorities of a region, or the one of that name."""
    table = areas.table()
    region = table["region"].str.casefold() == name.strip().casefold()
    if region.any():
        return [areas.named(str(code)) for code in table.loc[region, "la_code"]]
    try:
        return [areas.named(name)]
    except InputError:
        hint = nearest(name[:80], [*table["la_name"].astype(str), *REGIONS])
        raise InputError(
            f"only = {shown(name)} is neither an English local authority nor a region{hint}; "
            "'familyabm areas' lists both."
        ) from None


@dataclass(frozen=True)
class England:
    """What a study of England came to, as far as it has been lived. Every frame is worked out from its runs.

    A value is a mean over the years; "a", "b" and "difference" (b less a, luck by luck) are its sides.
    """

    results: StudyResults
    too_small: tuple[str, ...] = ()

    @property
    def study(self) -> Study:
        """Return the study as it was frozen."""
        return self.results.study

    @property
    def lucks(self) -> int:
        """Return the number of lucks."""
        return len(self.study.lucks)

    @cached_property
    def counted(self) -> tuple[Area, ...]:
        """Return the authorities whose every run was lived to its end, in the order of the study."""
        done = self.results.runs[self.results.runs["status"] == DONE]["area"].value_counts()
        whole = len(self.study.worlds) * self.lucks
        return tuple(area for area in self.study.areas if done.get(area.la_name, 0) == whole)

    @cached_property
    def left_out(self) -> dict[str, str]:
        """Return the authorities that do not count, each with the reason."""
        kept = {area.la_name for area in self.counted}
        why = dict.fromkeys(self.too_small, "too few children for the size of the model")
        failed = set(self.results.failures["area"])
        for area in self.study.areas:
            if area.la_name not in kept:
                why[area.la_name] = "a run failed" if area.la_name in failed else "not all of its runs are lived yet"
        return why

    @property
    def whole(self) -> bool:
        """Tell whether all authorities count, but for those too small for the model's size."""
        return len(self.counted) + len(self.too_small) == len(areas.table())

    @cached_property
    def children(self) -> "pd.Series[float]":
        """Return each counted authority's children, by name."""
        return pd.Series({area.la_name: float(area.children_0_17) for area in self.counted}, dtype="float64")

    @cached_property
    def values(self) -> pd.DataFrame:
        """Return (measure, area, luck) rows with a, b and difference."""
        return self._sides(self.results.measures(), ["measure", "area", "luck"])

    def _sides(self, long: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        """Put the worlds of a long frame side by side, for the authorities that count."""
        kept = long[long["area"].isin(self.children.index)]
        wide = kept.pivot(index=keys, columns="world", values="value")
        first, second = (wide[world.name] for world in self.study.worlds)
        return pd.DataFrame({"a": first, "b": second, "difference": second - first}).reset_index()

    @cached_property
    def national(self) -> pd.DataFrame:
        """Return (measure, luck) rows of England: the authorities' values weighted by their children."""
        return self._weighted(self.values, ["measure", "luck"])

    @cached_property
    def national_by_year(self) -> pd.DataFrame:
        """Return (measure, year, luck) rows of England."""
        long = self.results.measures(by_year=True)
        return self._weighted(self._sides(long, ["measure", "year", "area", "luck"]), ["measure", "year", "luck"])

    def _weighted(self, frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
        mixed = frame.assign(luck=_shuffled(frame["area"], frame["luck"], self.study.lucks))
        weight = mixed["area"].map(self.children) / self.children.sum()
        summed = mixed[list(SIDES)].mul(weight, axis=0).groupby([mixed[key] for key in keys]).sum()
        return summed.reset_index()

    @cached_property
    def trends(self) -> pd.DataFrame:
        """Return (measure, year) rows of England with each side's mean and range over lucks."""
        return spread(self.national_by_year, ["measure", "year"])

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return (measure) rows of England with each side's mean and range over lucks, in the study's order."""
        whole = spread(self.national, ["measure"]).set_index("measure")
        return whole.loc[list(self.study.measures)].reset_index()

    @cached_property
    def authorities(self) -> pd.DataFrame:
        """Return (measure, area) rows with each side's mean and range over lucks."""
        return spread(self.values, ["measure", "area"])

    def league(self, measure: str, side: str = "difference", year: int | None = None) -> pd.DataFrame:
        """Return the authorities in groups whose ranges lie wholly apart, by name within a group.

        Columns: area, mean, low, high, group (from the lowest), first and last (places that it may have, from the
        lowest) and england (above, below or not to be told apart).  Raises InputError where a league would rank
        luck: for a single year, a study of few years, or few lucks.
        """
        self.check_league(year)
        rows = self.authorities[self.authorities["measure"] == measure]
        names = {side: "mean", f"{side}_low": "low", f"{side}_high": "high"}
        frame = rows[["area", *names]].rename(columns=names)
        low, high = (frame[end].to_numpy(dtype=np.float64) for end in ("low", "high"))
        frame["group"] = groups(low, high)
        frame["first"], frame["last"] = places(low, high)
        england = self.table[self.table["measure"] == measure].iloc[0]
        frame["england"] = against(low, high, float(england[f"{side}_low"]), float(england[f"{side}_high"]))
        return frame.sort_values(["group", "area"]).reset_index(drop=True)

    def check_league(self, year: int | None = None) -> None:
        """Raise InputError where a league would rank luck."""
        if year is not None or self.study.years == 1:
            raise InputError(
                "A league of a single year is refused: in one year an authority's place is mostly luck; "
                f"means over {FEWEST_YEARS} years or more are accepted."
            )
        if self.study.years < FEWEST_YEARS:
            raise InputError(
                f"A league of {self.study.years} years is refused: {FEWEST_YEARS} or more are accepted, because in "
                "fewer an authority's place is mostly luck."
            )
        if self.lucks < FEWEST_LUCKS:
            raise InputError(
                f"A league is refused: {self.lucks} lucks show no range that could tell authorities apart; "
                f"{FEWEST_LUCKS} or more are accepted."
            )

    def luck_share(self, measure: str, side: str = "difference") -> float:
        """Return the share of the spread between authorities, within one luck, that is luck and would not last.

        Within / (within + between), where within is the mean variance over lucks and between the variance of the
        authorities' means less what luck leaves in them; NaN where there is no spread or one luck.
        """
        wide = self.values[self.values["measure"] == measure].pivot(index="area", columns="luck", values=side)
        table = wide.to_numpy(dtype=np.float64)
        if min(table.shape) < 2:
            return float("nan")
        within = float(table.var(axis=1, ddof=1).mean())
        between = max(0.0, float(table.mean(axis=1).var(ddof=1)) - within / table.shape[1])
        return within / (within + between) if within + between > 0.0 else float("nan")


def _shuffled(place: "pd.Series[Any]", luck: "pd.Series[Any]", lucks: tuple[int, ...]) -> Numbers:
    """Return which luck of England each luck of an authority belongs to: an order of each authority's own."""
    order: dict[str, dict[int, int]] = {}
    for name in place.unique():
        key = int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:8], "big")
        mixed = np.random.Generator(np.random.Philox(key)).permutation(lucks)
        order[str(name)] = dict(zip(lucks, mixed.tolist(), strict=True))
    return np.array([order[str(name)][int(number)] for name, number in zip(place, luck, strict=True)])


def spread(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return each side's mean over lucks as a, b and difference, and its range as a_low, a_high and so on."""
    grouped = frame.groupby(keys, sort=False)[list(SIDES)]
    ends = {"": grouped.mean(), "_low": grouped.quantile(RANGE[0]), "_high": grouped.quantile(RANGE[1])}
    columns = {f"{side}{end}": table[side] for side in SIDES for end, table in ends.items()}
    return pd.DataFrame(columns).reset_index()


def groups(low: Numbers, high: Numbers) -> NDArray[np.int64]:
    """Number the groups, from the lowest, that lie wholly apart: whoever overlaps with anyone of a group is in it."""
    found = np.ones(len(low), dtype=np.int64)
    number, reach = 0, -np.inf
    for place in np.argsort(low, kind="stable"):
        number += bool(low[place] > reach)
        reach = max(reach, float(high[place]))
        found[place] = number
    return found


def places(low: Numbers, high: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last place, from the lowest, that each may have: only ranges wholly apart count."""
    below = (high[None, :] < low[:, None]).sum(axis=1)
    above = (low[None, :] > high[:, None]).sum(axis=1)
    return cast("NDArray[np.int64]", 1 + below), cast("NDArray[np.int64]", len(low) - above)


def against(low: Numbers, high: Numbers, whole_low: float, whole_high: float) -> list[str]:
    """Say of each range whether it lies wholly above or below another."""
    return [
        ABOVE if lowest > whole_high else BELOW if highest < whole_low else SAME
        for lowest, highest in zip(low, high, strict=True)
    ]
