"""How a system behaves over time: capability of its end-to-end times, resilience to a shock, and inequality.

Read from weekly totals, as every measure is. A capability chart (Wheeler's XmR chart) shows what a system can be
expected to do if nothing changes: its mean and natural limits, so that a good or bad month is not taken for a change.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.codes import Agency, Event
from familyabm.errors import InputError, nearest
from familyabm.tables import Table

QUARTER = 13
NATURAL = 2.66
"""Moving ranges to three standard deviations on an XmR chart (Wheeler and Chambers 1992)."""
RECOVERED = 0.05
"""A load this near to where it began, as a share, counts as recovered."""
OVERLOAD = 1.1

_TIMES = {
    "weeks_to_help": ("help_weeks", Event.FIRST_HELP, None),
    "weeks_to_need_met": ("met_weeks", Event.NEED_MET, None),
    "early_help_wait": ("early_wait", Event.EARLY_HELP_STARTED, None),
    "assessment_weeks": ("assessment_weeks", None, Event.ASSESSMENT_ENDED),
    "pre_proceedings_weeks": ("pre_weeks", Event.PRE_PROCEEDINGS_ENDED, None),
    "proceedings_weeks": ("proceedings_weeks", None, Event.PROCEEDINGS_ENDED),
}
"""End-to-end times: weekly column of weeks, and the events or children that they belong to."""


def _counted(weekly: Table, event: Event | None, children: Event | None) -> NDArray[np.float64]:
    column, kind = ("events", event) if event is not None else ("children", children)
    counted: NDArray[np.float64] = np.asarray(weekly[column])[:, kind].sum(axis=1).astype(np.float64)
    return counted


def check_time(time: str) -> str:
    """Return the name of an end-to-end time, or raise InputError naming the nearest one known."""
    if time not in _TIMES:
        raise InputError(
            f"time = {time!r} is not known{nearest(time, _TIMES)}; one of {', '.join(_TIMES)} is accepted."
        )
    return time


def chart(weekly: Table, time: str = "weeks_to_need_met", every: int = QUARTER) -> pd.DataFrame:
    """Return the capability chart of an end-to-end time.

    weekly: (weeks,) of the weekly table.  time: weeks_to_help, weeks_to_need_met, early_help_wait, assessment_weeks,
    pre_proceedings_weeks or proceedings_weeks.  every: weeks to a point.
    Returns one row a point: value (mean weeks), mean, lower and upper natural limits (never below 0), and outside
    (True where the point lies beyond them: something special happened).  Raises InputError for an unknown time.
    """
    column, event, children = _TIMES[check_time(time)]
    points = len(weekly) // every
    weeks = np.asarray(weekly[column], dtype=np.float64)[: points * every].reshape(points, every).sum(axis=1)
    number = _counted(weekly, event, children)[: points * every].reshape(points, every).sum(axis=1)
    value = np.divide(weeks, number, out=np.full(points, np.nan), where=number > 0)
    frame = pd.DataFrame({"value": value})
    mean, spread = frame["value"].mean(), frame["value"].diff().abs().mean()
    spread = 0.0 if np.isnan(spread) else spread
    lower, upper = max(0.0, mean - NATURAL * spread), mean + NATURAL * spread
    frame["mean"], frame["lower"], frame["upper"] = mean, lower, upper
    frame["outside"] = (frame["value"] < lower) | (frame["value"] > upper)
    return frame.rename_axis("point")


def overload(weekly: Table) -> float:
    """Return the area of load over 1.1, in load-weeks."""
    return float(np.maximum(np.asarray(weekly["peak_load"]) - OVERLOAD, 0.0).sum())


@dataclass(frozen=True)
class Resilience:
    """How a system came through: highest load, weeks until load came back, overload, bail-out per extra referral.

    peak: hours needed per hour there is, in the worst week.  recovery: weeks from the peak of load as people feel it,
    smoothed, until it stays within 5% of where it began for 13 weeks, NaN if it never does.  overload: load-weeks above
    1.1.  bail_out: GBP a year moved from early help for each referral above the usual, NaN where there were none.
    """

    peak: float
    recovery: float
    overload: float
    bail_out: float


def resilience(weekly: Table, usual: Table) -> Resilience:
    """Return how a run came through a shock (K55).

    weekly: (weeks,) of the run's weekly table.  usual: the weekly table of the same run before the shock, or of a twin
    without it, for what is usual.
    """
    load, began = np.asarray(weekly["load"]), float(np.asarray(usual["load"]).mean())
    top = int(np.argmax(load))
    near = np.abs(load[top:] / began - 1.0) <= RECOVERED
    steady = np.convolve(near, np.ones(QUARTER), mode="valid") == QUARTER if len(near) >= QUARTER else np.zeros(0)
    found = np.flatnonzero(steady)
    recovery = float(found[0]) if len(found) else float("nan")
    referrals = _counted(weekly, Event.REFERRAL, None).mean() - _counted(usual, Event.REFERRAL, None).mean()
    extra = referrals * len(weekly)
    moved = float(np.asarray(weekly["raided"]).sum()) * 52.0 / 100.0
    bail_out = moved / extra if extra > 0 else float("nan")
    return Resilience(float(np.asarray(weekly["peak_load"]).max()), recovery, overload(weekly), bail_out)


def inequality(weekly: Table) -> pd.DataFrame:
    """Return rates per 10,000 children by neighbourhood deprivation decile (K56).

    weekly: (weeks,) of the weekly table.  Returns deciles 1 (least deprived) to 10 with children, referrals (a year),
    plans and looked_after (mean of the weeks); NaN where a decile has no children.
    """
    children = np.asarray(weekly["decile_children"], dtype=np.float64)[:, 1:].mean(axis=0)
    held = np.where(children > 0, children, np.nan)
    years = len(weekly) / 52.0
    return pd.DataFrame(
        {
            "children": children,
            "referrals": np.asarray(weekly["decile_referred"], dtype=np.float64)[:, 1:].sum(axis=0)
            / years
            / held
            * 1e4,
            "plans": np.asarray(weekly["decile_plans"], dtype=np.float64)[:, 1:].mean(axis=0) / held * 1e4,
            "looked_after": np.asarray(weekly["decile_looked_after"], dtype=np.float64)[:, 1:].mean(axis=0)
            / held
            * 1e4,
        },
        index=pd.RangeIndex(1, 11, name="decile"),
    )


def exported(weekly: Table) -> pd.DataFrame:
    """Return hours a year of failure demand by the agency that failed (rows) and the agency it lands on (columns)."""
    names = [agency.name.lower() for agency in Agency]
    hours = np.asarray(weekly["exported"], dtype=np.float64).sum(axis=0) / (len(weekly) / 52.0)
    return pd.DataFrame(hours, index=pd.Index(names, name="failed"), columns=pd.Index(names, name="lands_on"))
