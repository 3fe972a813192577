"""Counts of a year from returns, in the words of the official tables: the one place where rows become numbers.

Definitions follow DfE's methodology of Children in need and of Children looked after in England: children counted once
for each referral, enquiry and conference; short-term breaks (V3, V4) left out; 31 March the day of stocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from familyabm.returns.dates import working_days, year_end, year_start
from familyabm.returns.reading import Source

HALF = 2.0
"""Annex A's lists of what happened tell of six months: a year is twice that."""
ASSESSMENT_DAYS, CONFERENCE_DAYS = 45, 15
"""Working days. Source: Working Together to Safeguard Children, 2023."""
SHORT_BREAKS = ("V3", "V4")
HOMES = ("K1", "K2")
FACTORS: Mapping[str, str] = {
    "factor_domestic_abuse_parent_pct": "3B", "factor_mental_health_parent_pct": "4B", "factor_drugs_parent_pct": "2B",
    "factor_alcohol_parent_pct": "1B", "factor_neglect_pct": "16A",
}  # fmt: skip
SOURCES: Mapping[str, tuple[str, ...]] = {
    "source_police_pct": ("6",), "source_schools_pct": ("2A",), "source_housing_pct": ("4",),
    "source_health_pct": ("3A", "3B", "3C", "3D", "3E", "3F"), "source_la_services_pct": ("5A", "5B", "5C", "5D"),
    "source_individual_pct": ("1A", "1B", "1C", "1D"),
}  # fmt: skip
"""Referral sources of an area file, and their codes. Source: DfE, Children in need, referrals by source."""


@dataclass(frozen=True)
class Figure:
    """One figure: children counted, of how many (none for a rate or a plain count), and how many years they tell of."""

    count: float
    whole: float | None = None
    times: float = 1.0


Figures = dict[str, Figure]
"""Figures by column of the outcomes table; those of an area file begin with `source_` or are `uasc_31_march`."""


def figures(sources: Sequence[Source], year: int) -> Figures:
    """Return what a year's returns say; the census and the SSDA903 come before Annex A where both are there.

    year: the financial year by the calendar year of its end.  Raises InputError about the first cell that is needed
    and cannot be used.
    """
    found: Figures = {}
    for shape, count in (("annex-a", _annex_a), ("cin-census", _census), ("ssda903", _care)):
        mine = [one for one in sources if one.layout.shape == shape]
        if any(one.year == year for one in mine):
            found |= count(mine, year)
    return found


class Tables:
    """The tables of one shape: those of the year, and what earlier years' add to them."""

    def __init__(self, sources: Sequence[Source], year: int) -> None:
        """Lay the tables out by name."""
        self._now = {one.layout.table: one for one in sources if one.year == year}
        self.earlier = [one for one in sources if one.year == year - 1]
        self.start, self.end = pd.Timestamp(year_start(year)), pd.Timestamp(year_end(year))

    def get(self, name: str) -> Source | None:
        """Return a table of the year, or none."""
        return self._now.get(name)

    def within(self, days: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
        """Tell which days lie in the year."""
        return (days >= self.start) & (days <= self.end)


def _in_working_days(first: "pd.Series[pd.Timestamp]", last: "pd.Series[pd.Timestamp]", most: int) -> int:
    """Count the rows in which `last` is no more than so many working days after `first`; neither is missing."""
    both = (column.to_numpy(dtype="datetime64[D]") for column in (first, last))
    return int((working_days(*both) <= most).sum())


# --- Children in need census -----------------------------------------------------------------------------------------


def _census(sources: Sequence[Source], year: int) -> Figures:
    tables = Tables(sources, year)
    found: Figures = {}
    details = tables.get("CINdetails")
    if details is not None:
        cases = _cases(details)
        found |= _of_referrals(cases, _referrals(cases, tables), tables)
    for name, count in (("Assessments", _of_assessments), ("Section47", _of_enquiries)):
        table = tables.get(name)
        if table is not None:
            found |= count(table, tables)
    if (plans := tables.get("ChildProtectionPlans")) is not None:
        found |= _of_plans(
            plans.children(), plans.days("CPPstartDate"), plans.days("CPPendDate"), plans.whole("NumberOfPreviousCPP"),
            tables.start, tables.end, 1.0,
        )  # fmt: skip
    return found


def _cases(details: Source) -> pd.DataFrame:
    return pd.DataFrame({
        "child": details.children(), "referred": details.days("CINreferralDate"),
        "closed": details.days("CINclosureDate"), "reason": details.codes("ReasonForClosure"),
        "source": details.codes("ReferralSource"),
        "no_action": details.codes("ReferralNFA").isin(["true", "1"]),
    })  # fmt: skip


def _referrals(cases: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    return cases[tables.within(cases["referred"])].drop_duplicates(["child", "referred"])


def _of_referrals(cases: pd.DataFrame, made: pd.DataFrame, tables: Tables) -> Figures:
    n = float(len(made))
    no_action = cases[cases["no_action"]]
    refused = tables.within(no_action["closed"].fillna(no_action["referred"])).sum()
    unneeded = (cases["reason"].isin(["RC8", "RC9"]) & tables.within(cases["closed"])).sum()
    open_now = cases[(cases["referred"] <= tables.end) & ~(cases["closed"] <= tables.end) & ~cases["no_action"]]
    found = {
        "referral_rate": Figure(n), "no_further_action_pct": Figure(float(refused), n),
        "assessed_not_in_need_pct": Figure(float(unneeded), n), "cin_rate": Figure(float(open_now["child"].nunique())),
    }  # fmt: skip
    found |= {name: Figure(float(made["source"].isin(codes).sum()), n) for name, codes in SOURCES.items()}
    before = [_cases(one) for one in tables.earlier if one.layout.table == "CINdetails"]
    if before:
        every = pd.concat([*before, cases])[["child", "referred"]].drop_duplicates()
        found["rereferral_pct"] = Figure(float(_again(made, every)), n)
    return found


def _again(made: pd.DataFrame, every: pd.DataFrame) -> int:
    """Count the referrals that come within twelve months of an earlier one of the same child."""
    earlier = {child: days.to_numpy() for child, days in every.groupby("child")["referred"]}
    year = pd.DateOffset(years=1)
    return sum(
        bool(((earlier[child] < day) & (earlier[child] >= day - year)).any())
        for child, day in zip(made["child"], made["referred"], strict=True)
    )


def _of_assessments(table: Source, tables: Tables) -> Figures:
    start, end = table.days("AssessmentActualStartDate"), table.days("AssessmentAuthorisationDate")
    done = tables.within(end) & start.notna()
    n = float(done.sum())
    found = {"assessment_45_days_pct": Figure(float(_in_working_days(start[done], end[done], ASSESSMENT_DAYS)), n)}
    told = table.rows["AssessmentFactors"][done]
    told = told[told != ""].str.split()
    for name, code in FACTORS.items():
        found[name] = Figure(float(told.map(lambda codes, wanted=code: wanted in codes).sum()), float(len(told)))
    return found


def _of_enquiries(table: Source, tables: Tables) -> Figures:
    start, meeting = table.days("S47ActualStartDate"), table.days("DateOfInitialCPC")
    held = tables.within(meeting) & start.notna()
    details = tables.get("CINdetails")
    without = int(tables.within(details.days("DateOfInitialCPC")).sum()) if details is not None else 0
    return {
        "s47_rate": Figure(float(tables.within(start).sum())), "icpc_rate": Figure(float(held.sum()) + without),
        "icpc_15_days_pct": Figure(
            float(_in_working_days(start[held], meeting[held], CONFERENCE_DAYS)), float(held.sum())
        ),
    }  # fmt: skip


def _of_plans(
    child: "pd.Series[str]", start: "pd.Series[pd.Timestamp]", end: "pd.Series[pd.Timestamp]",
    previous: "pd.Series[float]", first: pd.Timestamp, last: pd.Timestamp, times: float,
) -> Figures:  # fmt: skip
    open_now = (start <= last) & ~(end <= last)
    begun = (start >= first) & (start <= last)
    long = open_now & (start <= last - pd.DateOffset(years=2))
    return {
        "cpp_rate": Figure(float(child[open_now].nunique())), "cpp_start_rate": Figure(float(begun.sum()), times=times),
        "repeat_cpp_pct": Figure(float((begun & (previous > 0)).sum()), float(begun.sum())),
        "cpp_2_years_plus_pct": Figure(float(long.sum()), float(open_now.sum())),
    }  # fmt: skip


# --- SSDA903 ---------------------------------------------------------------------------------------------------------


def _care(sources: Sequence[Source], year: int) -> Figures:
    tables = Tables(sources, year)
    table = tables.get("Episodes")
    if table is None:
        return {}
    episodes = pd.DataFrame({
        "child": table.children(), "start": table.days("DECOM"), "end": table.days("DEC"),
        "new": table.codes("RNE"), "legal": table.codes("LS"), "place": table.codes("PLACE"),
        "reason": table.codes("REC"),
    })  # fmt: skip
    episodes = episodes[~episodes["legal"].isin(SHORT_BREAKS)]
    open_now = episodes[(episodes["start"] <= tables.end) & ~(episodes["end"] <= tables.end)]
    ceased = episodes[tables.within(episodes["end"]) & ~episodes["reason"].isin(["X1", ""])]
    begun = (episodes["new"] == "S") & tables.within(episodes["start"])
    found = _of_places(open_now.drop_duplicates("child", keep="last")["place"]) | _of_ends(ceased["reason"], 1.0)
    found["cla_start_rate"] = Figure(float(begun.sum()))
    alone = tables.get("UASC")
    if alone is not None:
        came = set(alone.children()[~(alone.days("DUC") <= tables.end)])
        found["uasc_31_march"] = Figure(float(open_now["child"][open_now["child"].isin(came)].nunique()))
    return found


def _of_places(place: "pd.Series[str]") -> Figures:
    n = float(len(place))
    return {
        "cla_rate": Figure(n), "foster_placement_pct": Figure(float(place.str.startswith("U").sum()), n),
        "homes_placement_pct": Figure(float(place.isin(HOMES).sum()), n),
    }  # fmt: skip


def _of_ends(reason: "pd.Series[str]", times: float) -> Figures:
    n = float(len(reason))
    return {
        "cla_ceased": Figure(n, times=times), "adopted_pct": Figure(float(reason.isin(["E11", "E12"]).sum()), n),
        "sgo_pct": Figure(float(reason.isin(["E45", "E46", "E47", "E48"]).sum()), n),
    }  # fmt: skip


# --- Annex A ---------------------------------------------------------------------------------------------------------


def _annex_a(sources: Sequence[Source], year: int) -> Figures:
    tables = Tables(sources, year)
    half = pd.Timestamp(year - 1, 10, 1)
    found: Figures = {}
    if (listed := tables.get("List 3")) is not None:
        n = float(len(listed.rows))
        again = listed.whole("Number of Referrals in Last 12 Months") > 0
        no_action = listed.codes("Referral NFA?").str.startswith("a")
        code = listed.codes("Referral Source").str.extract(r"\) (\w+):")[0]
        found |= {
            "referral_rate": Figure(n, times=HALF), "rereferral_pct": Figure(float(again.sum()), n),
            "no_further_action_pct": Figure(float(no_action.sum()), n),
        } | {name: Figure(float(code.isin(codes).sum()), n) for name, codes in SOURCES.items()}  # fmt: skip
    if (listed := tables.get("List 4")) is not None:
        start, end = (
            listed.days(f"Continuous Assessment {which}") for which in ("Start Date", "Date of Authorisation")
        )
        done = end.notna() & start.notna()
        in_time = _in_working_days(start[done], end[done], ASSESSMENT_DAYS)
        found["assessment_45_days_pct"] = Figure(float(in_time), float(done.sum()))
    if (listed := tables.get("List 5")) is not None:
        start = listed.days("Strategy discussion initiating Section 47 Enquiry Start Date")
        meeting = listed.days("Date of Initial Child Protection Conference")
        held = meeting.notna() & start.notna()
        in_time = _in_working_days(start[held], meeting[held], CONFERENCE_DAYS)
        found |= {
            "s47_rate": Figure(float(start.notna().sum()), times=HALF),
            "icpc_rate": Figure(float(held.sum()), times=HALF),
            "icpc_15_days_pct": Figure(float(in_time), float(held.sum())),
        }  # fmt: skip
    return found | _annex_a_stocks(tables, half)


def _annex_a_stocks(tables: Tables, half: pd.Timestamp) -> Figures:
    found: Figures = {}
    if (listed := tables.get("List 6")) is not None:
        open_now = listed.children()[listed.days("CIN Closure Date").isna()]
        found["cin_rate"] = Figure(float(open_now.nunique()))
    if (listed := tables.get("List 7")) is not None:
        found |= _of_plans(
            listed.children(), listed.days("Child Protection Plan Start Date"),
            listed.days("Child Protection Plan End Date"),
            listed.whole("Number of Previous Child Protection Plans"), half, tables.end, HALF,
        )  # fmt: skip
    if (listed := tables.get("List 8")) is not None:
        start, end = listed.days("Date Started to be Looked After"), listed.days("Date Ceased to be Looked After")
        place = listed.codes("Placement Type").str.extract(r"([A-Z]\d):")[0].fillna("")
        reason = listed.codes("Reason Ceased to be Looked After").str.split(":").str[0]
        found |= _of_places(place[end.isna()]) | _of_ends(reason[end.notna()], HALF)
        found["cla_start_rate"] = Figure(float((start >= half).sum()), times=HALF)
    return found
