"""Annex A from histories: lists 1 to 11 as an inspector asks for them, on the last day of a financial year.

Flows (lists 1 to 5) are those of the last six months; cases, plans and care (6 to 8) are those open on the day and
those that ended in the six months before it; list 10 goes back twelve months.
Source: Ofsted, Inspecting local authority children's services, Annex A, guidance on child-level data.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from familyabm.returns import shapes
from familyabm.returns.cutting import Year, ids, laid_out
from familyabm.returns.dates import age_on
from familyabm.returns.histories import Histories
from familyabm.returns.shapes import labelled

YES, NO = "a) Yes", "b) No"
ABUSE = {"NEG": "a) Neglect", "PHY": "b) Physical abuse", "SAB": "c) Sexual abuse", "EMO": "d) Emotional abuse"}
TWELVE_MONTHS = pd.Timedelta(days=365)


class Window(Year):
    """The six months before 31 March and the twelve, and who is meant."""

    def __init__(self, told: Histories, ending: int) -> None:
        """Take the year that ends in `ending`."""
        super().__init__(told, ending)
        self.told, self.half = told, pd.Timestamp(date(ending - 1, 10, 1))
        self.people_by_key = told.children.set_index("child")

    def recent(self, days: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
        """Tell which days lie in the last six months."""
        return (days >= self.half) & (days <= self.end)

    def standing(self, rows: pd.DataFrame, start: str = "start", end: str = "end") -> pd.DataFrame:
        """Return what was open on the day or ended in the six months before it."""
        return rows[(rows[start] <= self.end) & ~(rows[end] < self.half)].reset_index(drop=True)

    def open_on_the_day(self, rows: pd.DataFrame) -> set[int]:
        """Return the children of whom something lasts on the day."""
        return set(rows[(rows["start"] <= self.end) & ~(rows["end"] <= self.end)]["child"])

    def listed(self, rows: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
        """Return a list: who the children of some rows are, then its own columns."""
        return self.who(rows).assign(**columns)

    def who(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the columns that begin every list about children."""
        people = self.people_by_key.loc[rows["child"]].reset_index()
        return pd.DataFrame({
            "Child Unique ID": people["child"], "Gender": people["sex"].map({"M": "a) Male", "F": "b) Female"}),
            "Ethnicity": "s) NOBT", "Date of Birth": people["dob"],
            "Age of Child (Years)": [max(0, age_on(born.date(), self.last)) for born in people["dob"]],
            "Does the Child have a Disability": people["disabled"].map({True: YES, False: NO}),
        })  # fmt: skip


def tables(told: Histories, ending: int) -> dict[str, pd.DataFrame]:
    """Return the eleven lists on 31 March of `ending`, as text, by name."""
    window = Window(told, ending)
    found = {
        "List 1": _contacts(window), "List 2": _early_help(window), "List 3": _referrals(window),
        "List 4": _assessments(window), "List 5": _enquiries(window), "List 6": _in_need(window),
        "List 7": _protection(window), "List 8": _in_care(window), "List 9": pd.DataFrame(),
        "List 10": _adoption(window), "List 11": pd.DataFrame(),
    }  # fmt: skip
    names = ids(told)
    return {name: laid_out(found[name], layout, names) for name, layout in shapes.layouts("annex-a").items()}


def _labels(name: str, codes: "pd.Series[str]") -> list[str]:
    return [labelled(name, code) for code in codes]


def _yes(told: "pd.Series[bool]") -> "pd.Series[str]":
    return told.astype(bool).map({True: YES, False: NO})


def _before(rows: pd.DataFrame, every: pd.DataFrame, day: str) -> list[int]:
    """Count, for each row, the child's rows in the twelve months before it and on its day, itself left out."""
    by_child = {child: part[day].to_numpy() for child, part in every.groupby("child")}
    return [
        int(((by_child[child] <= when) & (by_child[child] > when - TWELVE_MONTHS)).sum()) - 1
        for child, when in zip(rows["child"], rows[day], strict=True)
    ]


def _contacts(window: Window) -> pd.DataFrame:
    rows = window.told.contacts[window.recent(window.told.contacts["day"])].reset_index(drop=True)
    return window.listed(rows, {
        "Date of Contact": rows["day"], "Contact Source": _labels("annex_source", rows["source"]),
    })  # fmt: skip


def _early_help(window: Window) -> pd.DataFrame:
    rows = window.told.early_help[window.recent(window.told.early_help["start"])].reset_index(drop=True)
    return window.listed(rows, {
        "Assessment start date": rows["start"],
        "Assessment completion date": rows["end"].where(rows["end"] <= window.end),
        "Organisation completing assessment": "Local authority",
    })  # fmt: skip


def _referrals(window: Window) -> pd.DataFrame:
    every = window.told.records
    rows = every[window.recent(every["referred"])].reset_index(drop=True)
    return window.listed(rows, {
        "Date of referral": rows["referred"], "Referral Source": _labels("annex_source", rows["source"]),
        "Referral NFA?": _yes(rows["no_action"] & (rows["closed"] <= window.end)),
        "Number of Referrals in Last 12 Months": _before(rows, every, "referred"),
    })  # fmt: skip


def _assessments(window: Window) -> pd.DataFrame:
    every = window.told.assessments
    rows = every[window.recent(every["start"]) | window.recent(every["end"])]
    rows = rows[rows["start"] <= window.end].reset_index(drop=True)
    done = rows["end"] <= window.end
    closed = window.told.records[window.told.records["reason"].isin(["RC8", "RC9"])]
    not_in_need = set(zip(closed["child"], closed["closed"], strict=True))
    needs = pd.Series([(child, end) not in not_in_need for child, end in zip(rows["child"], rows["end"], strict=True)])
    return window.listed(rows, {
        "Continuous Assessment Start Date": rows["start"],
        "Continuous Assessment Date of Authorisation": rows["end"].where(done),
        "Was the child assessed as requiring LA children's social care support?": _yes(needs).where(done, ""),
    })  # fmt: skip


def _enquiries(window: Window) -> pd.DataFrame:
    every = window.told.enquiries
    rows = every[window.recent(every["start"])].reset_index(drop=True)
    held = rows["conference"] <= window.end
    planned = set(zip(window.told.plans["child"], window.told.plans["start"], strict=True))
    made = pd.Series([key in planned for key in zip(rows["child"], rows["conference"], strict=True)], dtype=bool)
    meetings = window.told.conferences
    by_child = {child: part["day"].to_numpy() for child, part in meetings.groupby("child")}
    year_ago = window.end - TWELVE_MONTHS
    n_meetings = [int(((days := by_child.get(child, meetings["day"].to_numpy()[:0])) > year_ago).sum()
                      - (days > window.end).sum()) for child in rows["child"]]  # fmt: skip
    return window.listed(rows, {
        "Strategy discussion initiating Section 47 Enquiry Start Date": rows["start"],
        "Was an Initial Child Protection Conference deemed unnecessary?": _yes(rows["not_required"]),
        "Date of Initial Child Protection Conference": rows["conference"].where(held),
        "Did the Initial Child Protection Conference Result in a Child Protection Plan": _yes(made).where(held, ""),
        "Number of Section 47 Enquiries in the last 12 months": [n + 1 for n in _before(rows, every, "start")],
        "Number of ICPCs in the last 12 months": n_meetings,
    })  # fmt: skip


def _in_need(window: Window) -> pd.DataFrame:
    records = window.told.records[~window.told.records["no_action"]]
    rows = window.standing(records, "referred", "closed")
    closed = rows["closed"] <= window.end
    told = window.told
    on_day = {
        name: window.open_on_the_day(table)
        for name, table in (("care", told.care), ("plans", told.plans), ("need_plans", told.need_plans))
    }
    status = [_status(child, bool(done), on_day) for child, done in zip(rows["child"], closed, strict=True)]
    return window.listed(rows, {
        "CIN Start Date": rows["referred"], "Primary Need Code": _labels("annex_need", rows["need"]),
        "CIN Closure Date": rows["closed"].where(closed),
        "Reason for Closure": _labels("annex_closure", rows["reason"].where(closed, "")), "Case Status": status,
    })  # fmt: skip


def _status(child: int, closed: bool, on_day: dict[str, set[int]]) -> str:
    if closed:
        return "e) Closed episode"
    for kind, label in (("care", "a) Looked after child"), ("plans", "b) Child Protection plan"),
                        ("need_plans", "c) Child in need plan")):  # fmt: skip
        if child in on_day[kind]:
            return label
    return "d) Open assessment"


def _protection(window: Window) -> pd.DataFrame:
    rows = window.standing(window.told.plans)
    reviews = window.told.plan_reviews[window.told.plan_reviews["day"] <= window.end]
    latest = reviews.groupby(["child", "plan"])["day"].max()
    days = [latest.get(key, pd.NaT) for key in zip(rows["child"], rows["start"], strict=True)]
    orders = window.told.episodes[
        (window.told.episodes["legal"] == "L2") & window.recent(window.told.episodes["start"])
    ]
    return window.listed(rows, {
        "Child Protection Plan Start Date": rows["start"], "Initial Category of Abuse": rows["category"].map(ABUSE),
        "Latest Category of Abuse": rows["category"].map(ABUSE),
        "Date of latest review conference": pd.to_datetime(days),
        "Child Protection Plan End Date": rows["end"].where(rows["end"] <= window.end),
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)":
            _yes(rows["child"].isin(set(orders["child"]))),
        "Number of Previous Child Protection Plans": rows["previous"],
    })  # fmt: skip


def _in_care(window: Window) -> pd.DataFrame:
    rows = window.standing(window.told.care)
    ended = rows["end"] <= window.end
    episodes = window.told.episodes[window.told.episodes["start"] <= window.end]
    last = episodes.sort_values("start", kind="stable").drop_duplicates(["child", "care"], keep="last")
    now = rows[["child", "start"]].merge(
        last.drop(columns=["start", "end"]), left_on=["child", "start"], right_on=["child", "care"]
    )  # fmt: skip
    alone = window.people_by_key.loc[rows["child"], "alone"].reset_index(drop=True)
    reviews = window.told.reviews[window.told.reviews["day"] <= window.end].groupby("child")["day"].max()
    return window.listed(rows, {
        "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": _yes(alone),
        "Date Started to be Looked After": rows["start"],
        "Child's Category of Need": _labels("annex_need", rows["need"]),
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)":
            _yes(pd.Series(_again(rows, window.told.care), dtype=bool)),
        "Start date of current legal status": _legal_since(now, episodes),
        "Child's Legal Status": _labels("annex_legal", now["legal"]),
        "Date of Latest Statutory Review": rows["child"].map(reviews),
        "Number of Placements in the Last 12 months": _placements(rows, episodes, window.end - TWELVE_MONTHS),
        "Date Ceased to be Looked After": rows["end"].where(ended),
        "Reason Ceased to be Looked After": _labels("annex_ceased", rows["reason"].where(ended, "")),
        "Start Date of Most Recent Placement": now["placed"],
        "Placement Type": _labels("annex_place", now["place"]),
        "Placement Provider": _labels("annex_provider", now["provider"]),
        "Placement Location": now["far"].map({True: "b) Out", False: "a) In"}),
    })  # fmt: skip


def _again(rows: pd.DataFrame, care: pd.DataFrame) -> list[bool]:
    ends = {child: part["end"].to_numpy() for child, part in care.groupby("child")}
    return [
        bool(((ends[child] <= start) & (ends[child] > start - TWELVE_MONTHS)).any())
        for child, start in zip(rows["child"], rows["start"], strict=True)
    ]


def _legal_since(now: pd.DataFrame, episodes: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    """Return since when each child has had the legal status of its last episode without a break, as far as is told."""
    ordered = episodes.sort_values(["child", "start"], kind="stable")
    runs = (ordered["legal"] != ordered.groupby(["child", "care"])["legal"].shift()).cumsum()
    first = ordered.groupby(["child", "care", runs])["start"].first().groupby(level=[0, 1]).last()
    return pd.Series([first[key] for key in zip(now["child"], now["care"], strict=True)], dtype="datetime64[ns]")


def _placements(rows: pd.DataFrame, episodes: pd.DataFrame, since: pd.Timestamp) -> list[int]:
    lasting = episodes[~(episodes["end"] < since)].drop_duplicates(["child", "care", "placed"])
    counted = lasting.groupby(["child", "care"]).size()
    return [int(counted.get(key, 0)) for key in zip(rows["child"], rows["start"], strict=True)]


def _reason(ceased: "pd.Series[bool]") -> "pd.Series[str]":
    return ceased.map({True: "RD4", False: ""})


def _adoption(window: Window) -> pd.DataFrame:
    told = window.told.adoptions
    rows = told[(told["order"] <= window.end) & ~(told["end"] < window.end - TWELVE_MONTHS)].reset_index(drop=True)
    care = window.told.care.sort_values("start")
    entered = [
        care[(care["child"] == child) & (care["start"] <= order)]["start"].iloc[-1]
        for child, order in zip(rows["child"], rows["order"], strict=True)
    ]
    placed, ended = rows["placed"].where(rows["placed"] <= window.end), rows["end"] <= window.end
    adopted = rows["adopted"].astype(bool)
    return window.listed(rows, {
        "Date the Child Entered Care": pd.to_datetime(pd.Series(entered, dtype="datetime64[ns]")),
        "Date of Decision that Child Should be Placed for Adoption": rows["order"],
        "Date of Placement Order": rows["order"], "Date of Matching Child and Prospective Adopters": placed,
        "Date Placed for Adoption": placed, "Date of Adoption Order": rows["end"].where(ended & adopted),
        "Date of Decision that Child Should No Longer be Placed for Adoption": rows["end"].where(ended & ~adopted),
        "Reason Why Child No Longer Placed for Adoption": _reason(ended & ~adopted),
    })  # fmt: skip
