"""What holds of a good children in need census, rule by rule.

Source: DfE, Children in need census 2024 to 2025: guide and validation rules; with the department's number where it has
one.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from familyabm.returns.dates import working_days
from familyabm.returns.rules import NO_DAY, Returns, Rule

Found = Iterator[tuple[str, str, "pd.Series[bool]"]]
OF_CHILD = ("ChildCharacteristics", "Disabilities", "CINdetails", "Assessments", "CINplanDates", "Section47",
            "ChildProtectionPlans", "Reviews")  # fmt: skip
PARTS = {"Assessments": ("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
         "CINplanDates": ("CINPlanStartDate", "CINPlanEndDate"), "Section47": ("S47ActualStartDate", "DateOfInitialCPC"),
         "ChildProtectionPlans": ("CPPstartDate", "CPPendDate")}  # fmt: skip
"""Parts of a case, and the columns in which they begin and end."""
TARGET = 15
YES = ("true", "1")


def _one_child(returns: Returns) -> Found:
    for table in ("ChildIdentifiers", "ChildCharacteristics"):
        if table in returns:
            yield table, "LAchildID", returns.rows(table)["LAchildID"].duplicated(keep=False)


def _known_child(returns: Returns) -> Found:
    known = set(returns.rows("ChildIdentifiers")["LAchildID"])
    for table in OF_CHILD:
        if table in returns:
            yield table, "LAchildID", ~returns.rows(table)["LAchildID"].isin(known)


def _one_case(returns: Returns) -> Found:
    yield "CINdetails", "CINdetailsID", returns.rows("CINdetails").duplicated(["LAchildID", "CINdetailsID"], keep=False)


def _key(rows: pd.DataFrame) -> "pd.Series[str]":
    return rows["LAchildID"] + "|" + rows["CINdetailsID"]


def _known_case(returns: Returns) -> Found:
    known = set(_key(returns.rows("CINdetails")))
    for table in (*PARTS, "Reviews"):
        if table in returns:
            yield table, "CINdetailsID", ~_key(returns.rows(table)).isin(known)


def _born(returns: Returns, table: str) -> "pd.Series[pd.Timestamp]":
    return returns.born(table, "LAchildID", "ChildIdentifiers", "LAchildID", "PersonBirthDate")


def _after_birth(returns: Returns) -> Found:
    yield "ChildIdentifiers", "PersonBirthDate", returns.days("ChildIdentifiers", "PersonBirthDate") > returns.end
    for table, (start, _) in {"CINdetails": ("CINreferralDate", ""), **PARTS}.items():
        if table in returns:
            yield table, start, returns.days(table, start) < _born(returns, table)


def _young(returns: Returns) -> Found:
    turned = _born(returns, "CINdetails") + pd.DateOffset(years=18)
    yield "CINdetails", "CINreferralDate", returns.days("CINdetails", "CINreferralDate") >= turned


def _in_year(returns: Returns) -> Found:
    referred, closed = returns.days("CINdetails", "CINreferralDate"), returns.days("CINdetails", "CINclosureDate")
    yield "CINdetails", "CINreferralDate", referred > returns.end
    yield "CINdetails", "CINclosureDate", (closed > returns.end) | (closed < returns.start)
    for table, columns in PARTS.items():
        for column in columns if table in returns else ():
            yield table, column, returns.days(table, column) > returns.end


def _closure_order(returns: Returns) -> Found:
    closed = returns.days("CINdetails", "CINclosureDate")
    yield "CINdetails", "CINclosureDate", closed < returns.days("CINdetails", "CINreferralDate")


def _closure_reason(returns: Returns) -> Found:
    rows = returns.rows("CINdetails")
    yield "CINdetails", "ReasonForClosure", (rows["CINclosureDate"] == "") != (rows["ReasonForClosure"] == "")


def _has(returns: Returns, *tables: str) -> "pd.Series[bool]":
    keys = set().union(*(set(_key(returns.rows(table))) for table in tables if table in returns))
    return _key(returns.rows("CINdetails")).isin(keys)


def _no_action(returns: Returns) -> Found:
    refused = returns.rows("CINdetails")["ReferralNFA"].isin(YES)
    met = returns.rows("CINdetails")["DateOfInitialCPC"] != ""
    yield "CINdetails", "ReferralNFA", refused & (_has(returns, *PARTS) | met)
    yield "CINdetails", "PrimaryNeedCode", ~refused & (returns.rows("CINdetails")["PrimaryNeedCode"] == "")


def _after_assessment(returns: Returns) -> Found:
    after = returns.rows("CINdetails")["ReasonForClosure"].isin(["RC8", "RC9"])
    yield "CINdetails", "ReasonForClosure", after & ~_has(returns, "Assessments")
    unneeded = returns.rows("CINdetails")["ReasonForClosure"] == "RC8"
    yield (
        "CINdetails",
        "ReasonForClosure",
        unneeded & _has(returns, "ChildProtectionPlans", "Section47", "CINplanDates"),
    )


def _cases_apart(returns: Returns) -> Found:
    rows = returns.rows("CINdetails").assign(
        start=returns.days("CINdetails", "CINreferralDate"),
        end=returns.days("CINdetails", "CINclosureDate").fillna(NO_DAY),
    )  # fmt: skip
    rows = rows.sort_values(["LAchildID", "start", "end"], kind="stable")
    before = rows.groupby("LAchildID")["end"].shift()
    yield "CINdetails", "CINreferralDate", (before > rows["start"]).reindex(returns.rows("CINdetails").index)


def _in_order(returns: Returns) -> Found:
    for table, (start, end) in PARTS.items():
        if table in returns:
            yield table, end, returns.days(table, end) < returns.days(table, start)


def _within_case(returns: Returns) -> Found:
    details = returns.rows("CINdetails")
    keys = _key(details)
    opened = pd.Series(returns.days("CINdetails", "CINreferralDate").to_numpy(), index=keys)
    closed = pd.Series(returns.days("CINdetails", "CINclosureDate").fillna(NO_DAY).to_numpy(), index=keys)
    opened, closed = opened[~opened.index.duplicated()], closed[~closed.index.duplicated()]
    for table, (start, end) in PARTS.items():
        if table in returns:
            key = _key(returns.rows(table))
            yield table, start, returns.days(table, start) < pd.to_datetime(key.map(opened))
            last = returns.days(table, end).fillna(returns.days(table, start))
            yield table, end, last > pd.to_datetime(key.map(closed))


def _ended_with_case(returns: Returns) -> Found:
    closed = set(_key(returns.rows("CINdetails")[returns.rows("CINdetails")["CINclosureDate"] != ""]))
    for table in ("Assessments", "CINplanDates", "ChildProtectionPlans"):
        if table in returns:
            rows = returns.rows(table)
            yield table, PARTS[table][1], (rows[PARTS[table][1]] == "") & _key(rows).isin(closed)


def _factors(returns: Returns) -> Found:
    if "Assessments" not in returns:
        return
    rows = returns.rows("Assessments")
    done = rows["AssessmentAuthorisationDate"] != ""
    codes = rows["AssessmentFactors"].str.split()
    alone = codes.map(lambda found: "21" in found and len(found) > 1)
    yield "Assessments", "AssessmentFactors", (done != (rows["AssessmentFactors"] != "")) | alone.astype(bool)


def _conference(returns: Returns) -> Found:
    if "Section47" not in returns:
        return
    rows = returns.rows("Section47")
    unneeded = rows["ICPCnotRequired"].isin(YES)
    yield "Section47", "ICPCnotRequired", unneeded & (rows["DateOfInitialCPC"] != "")
    start, target = returns.days("Section47", "S47ActualStartDate"), returns.days("Section47", "InitialCPCtarget")
    both = start.notna() & target.notna()
    apart = pd.Series(TARGET, index=rows.index, dtype=np.int64)
    first, last = (days[both].to_numpy(dtype="datetime64[D]") for days in (start, target))
    apart[both] = working_days(first, last)
    yield "Section47", "InitialCPCtarget", (apart - TARGET).abs() > 0


def _plans_apart(returns: Returns) -> Found:
    for table in ("ChildProtectionPlans", "CINplanDates"):
        if table not in returns:
            continue
        start, end = PARTS[table]
        rows = returns.rows(table).assign(start=returns.days(table, start), end=returns.days(table, end).fillna(NO_DAY))
        rows = rows.sort_values(["LAchildID", "start", "end"], kind="stable")
        before = rows.groupby("LAchildID")["end"].shift()
        yield table, start, (before > rows["start"]).reindex(returns.rows(table).index)


def _previous(returns: Returns) -> Found:
    if "ChildProtectionPlans" not in returns:
        return
    rows = returns.rows("ChildProtectionPlans").assign(start=returns.days("ChildProtectionPlans", "CPPstartDate"))
    rows = rows.sort_values(["LAchildID", "start"], kind="stable")
    number = pd.to_numeric(rows["NumberOfPreviousCPP"], errors="coerce")
    before = number.groupby(rows["LAchildID"]).shift()
    yield (
        "ChildProtectionPlans",
        "NumberOfPreviousCPP",
        (number <= before).reindex(returns.rows("ChildProtectionPlans").index),
    )


def _reviews(returns: Returns) -> Found:
    if "Reviews" not in returns:
        return
    rows = returns.rows("Reviews")
    plans = returns.rows("ChildProtectionPlans") if "ChildProtectionPlans" in returns else rows.iloc[:0]
    key = plans["LAchildID"] + "|" + plans["CPPID"]
    yield "Reviews", "CPPID", ~(rows["LAchildID"] + "|" + rows["CPPID"]).isin(set(key))
    if len(plans):
        begun = pd.Series(returns.days("ChildProtectionPlans", "CPPstartDate").to_numpy(), index=key)
        ended = pd.Series(returns.days("ChildProtectionPlans", "CPPendDate").fillna(NO_DAY).to_numpy(), index=key)
        of_plan, day = rows["LAchildID"] + "|" + rows["CPPID"], returns.days("Reviews", "CPPreviewDate")
        first = pd.to_datetime(of_plan.map(begun[~begun.index.duplicated()]))
        last = pd.to_datetime(of_plan.map(ended[~ended.index.duplicated()]))
        yield "Reviews", "CPPreviewDate", (day <= first) | (day > last) | (day > returns.end) | (day < returns.start)


RULES: tuple[Rule, ...] = (
    Rule("N1 (1510)", "a child is among the identifiers once", _one_child),
    Rule("N2", "a child of any table is among the identifiers", _known_child),
    Rule("N3", "a case of a child has a number of its own", _one_case),
    Rule("N4", "a part of a case belongs to one that is there", _known_case),
    Rule("N5 (8520)", "nothing happens before the day of birth, and nobody is born after the year", _after_birth),
    Rule("N6", "a child is referred before 18", _young),
    Rule("N7", "days lie in the year or before it, and closures in it", _in_year),
    Rule("N8 (8620)", "a case closes on or after the day of referral", _closure_order),
    Rule("N9 (8810)", "a case has both a closure and its reason, or neither", _closure_reason),
    Rule("N10 (8831, 8832)", "a referral with no further action has nothing after it, any other a primary need", _no_action),
    Rule("N11 (8825, 2990)", "RC8 and RC9 follow an assessment, and RC8 no enquiry and no plan", _after_assessment),
    Rule("N12", "cases of a child do not overlap", _cases_apart),
    Rule("N13", "what ends does so on or after the day it began", _in_order),
    Rule("N14 (8565)", "what belongs to a case begins by then and ends before it closes", _within_case),
    Rule("N15", "a closed case has no assessment or plan that goes on", _ended_with_case),
    Rule("N16 (8617)", "an assessment that is authorised has factors, another none, and 21 stands alone", _factors),
    Rule("N17", "a conference that was not required was not held; its target is 15 working days on", _conference),
    Rule("N18", "plans of a kind of a child do not overlap", _plans_apart),
    Rule("N19", "each further protection plan counts more plans before it", _previous),
    Rule("N20", "a review belongs to a plan, after its start and in the year", _reviews),
)  # fmt: skip
