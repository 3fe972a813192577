"""The check finds nothing in an extract, and each planted error by its own rule."""

from dataclasses import replace

import pandas as pd
import pytest

from familyabm.returns import checking, reading
from familyabm.returns.rules import Returns, findings
from tests.returns_runs import LAST

DAY = "%d/%m/%Y"


@pytest.fixture(scope="module")
def good(returns):
    """Every table of the last year of each shape, as read from its files."""
    sources = {}
    for shape in checking.RULES:
        found = reading.read(returns / shape)
        sources[shape] = [one for one in found if one.year == LAST and not one.where.endswith(".xml")]
    return sources


def plant(sources, table, change):
    """The sources with one table changed by a function of its rows; None drops the table."""
    planted = []
    for one in sources:
        if one.layout.table == table:
            if change is None:
                continue
            rows = one.rows.copy()
            one = replace(one, rows=change(rows) if change(rows.copy()) is not None else rows)  # noqa: PLW2901
        planted.append(one)
    return planted


def put(column, value, where=None, row=0):
    """A change of one cell: the first row (or another) for which `where` holds."""

    def change(rows):
        found = rows.index[where(rows)] if where else rows.index
        rows.loc[found[row], column] = value
        return rows

    return change


def shift(column, days, where=None, style=DAY):
    """A change of one day by so many days."""

    def change(rows):
        found = rows.index[(where(rows) if where else rows[column] != "") & (rows[column] != "")][0]
        moved = pd.to_datetime(rows.loc[found, column], format=style) + pd.Timedelta(days=days)
        rows.loc[found, column] = moved.strftime(style)
        return rows

    return change


def twice(rows):
    """A change that repeats the first row."""
    return pd.concat([rows, rows.iloc[:1]], ignore_index=True)


def first(rows):
    return rows.index == rows.index[0]


def ends(rows):
    return rows["REC"].isin(["E4A", "E5", "E8", "E17", "E3", "E13"])


def goes_on(rows):
    return rows["REC"] == "X1"


def iso(column, days, where=None):
    return shift(column, days, where, "%Y-%m-%d")


C = "cin-census"
PLANTED = {
    # cells
    "a blank that must be filled": ("ssda903", "Episodes", put("DECOM", ""), "C1"),
    "a day that is none": ("ssda903", "Episodes", put("DECOM", "31/02/2024"), "C2 date"),
    "a code of no set": ("ssda903", "Episodes", put("PLACE", "U9"), "C2 code"),
    "a number out of range": ("ssda903", "OC2", put("SDQ_SCORE", "41"), "C2 whole"),
    "a factor of no set": (C, "Assessments", put("AssessmentFactors", "3B 99Z"), "C2 codes"),
    "a table that is not there": ("ssda903", "Header", None, "C4"),
    # SSDA903
    "a child twice in the header": ("ssda903", "Header", twice, "L1"),
    "a child who is not in the header": ("ssda903", "Episodes", put("CHILD", "SYN9999999"), "L2"),
    "another day of birth": ("ssda903", "Reviews", shift("DOB", 1), "L3"),
    "two rows of permanence": ("ssda903", "PrevPerm", twice, "L4"),
    "care before birth": ("ssda903", "Episodes", put("DECOM", "01/01/1999"), "L5"),
    "an end after the year": ("ssda903", "Episodes", put("DEC", "01/05/2025", ends), "L6"),
    "an episode of no day": ("ssda903", "Episodes", lambda rows: rows.assign(DEC=rows["DEC"].where(~goes_on(rows), rows["DECOM"])), "L7"),
    "an end without its reason": ("ssda903", "Episodes", put("REC", "", ends), "L8"),
    "episodes that overlap": ("ssda903", "Episodes", shift("DEC", 3, goes_on), "L9"),
    "a start that is said to go on": ("ssda903", "Episodes", put("RNE", "P", lambda rows: (rows["RNE"] == "S") & rows["DECOM"].str[-4:].eq("2025")), "L10"),
    "an X1 that nothing follows": ("ssda903", "Episodes", put("REC", "X1", ends), "L11"),
    "a move said to be an order": ("ssda903", "Episodes", put("RNE", "L", lambda rows: (rows["RNE"] == "P") & rows["CHILD"].duplicated()), "L12"),
    "a move without a reason": ("ssda903", "Episodes", put("REASON_PLACE_CHANGE", "", lambda rows: rows["REASON_PLACE_CHANGE"] != ""), "L13"),
    "accommodated with parents": ("ssda903", "Episodes", put("PLACE", "P1", lambda rows: rows["LS"] == "V2"), "L14"),
    "a small child in supported accommodation": ("ssda903", "Episodes", lambda rows: rows.assign(PLACE="K3"), "L15"),
    "a parent's placement of another provider": ("ssda903", "Episodes", put("PLACE_PROVIDER", "PR0", lambda rows: rows["PLACE"] == "U6"), "L16"),
    "adopted from a foster placement": ("ssda903", "Episodes", put("REC", "E11", ends), "L17"),
    "staying put under eighteen": ("ssda903", "Episodes", put("REC", "E17", goes_on), "L18"),
    "care beyond eighteen": ("ssda903", "Header", lambda rows: rows.assign(DOB="01/01/2006"), "L19"),
    "police protection for months": ("ssda903", "Episodes", put("LS", "L1", lambda rows: rows["DEC"] == ""), "L20"),
    "a need that changes": ("ssda903", "Episodes", put("CIN", "N3", goes_on), "L21"),
    "a review before care": ("ssda903", "Reviews", put("REVIEW", "02/04/2010"), "L22"),
    "a small child at its review": ("ssda903", "Reviews", put("REVIEW_CODE", "PN0", lambda rows: rows["REVIEW_CODE"] == "PN1"), "L22"),
    "a score and a reason for none": ("ssda903", "OC2", put("SDQ_REASON", "SDQ2", lambda rows: rows["SDQ_SCORE"] != ""), "L24"),
    "an end without adoption's dates": ("ssda903", "Episodes", put("REC", "E12", ends), "L25"),
    "placed for adoption with no decision": ("ssda903", "PlacedAdoption", lambda rows: rows.iloc[:0], "L26"),
    "a decision that ended for no reason": ("ssda903", "PlacedAdoption", put("REASON_PLACED_CEASED", "RD1", lambda rows: rows["DATE_PLACED_CEASED"] == ""), "L26"),
    "an order with no day": ("ssda903", "PrevPerm", put("PREV_PERM", "P2", lambda rows: rows["DATE_PERM"] == ""), "L27"),
    "two social workers at once": ("ssda903", "SWEpisodes", lambda rows: pd.concat([rows, rows[rows["SW_DEC"] == ""].iloc[:1].assign(SW_DECOM="31/03/2025")], ignore_index=True), "L28"),
    # children in need census
    "a child identified twice": (C, "ChildIdentifiers", twice, "N1"),
    "a child who is not identified": (C, "Section47", put("LAchildID", "SYN9999999"), "N2"),
    "two cases of one number": (C, "CINdetails", twice, "N3"),
    "a part of no case": (C, "Assessments", put("CINdetailsID", "0"), "N4"),
    "a referral before birth": (C, "CINdetails", put("CINreferralDate", "1999-01-01"), "N5"),
    "a referral of a grown child": (C, "ChildIdentifiers", lambda rows: rows.assign(PersonBirthDate="2000-01-01"), "N6"),
    "a closure after the year": (C, "CINdetails", put("CINclosureDate", "2025-04-02", lambda rows: rows["CINclosureDate"] != ""), "N7"),
    "a closure before the referral": (C, "CINdetails", put("CINclosureDate", "2001-01-01", lambda rows: rows["CINclosureDate"] != ""), "N8"),
    "a closure without a reason": (C, "CINdetails", put("ReasonForClosure", "", lambda rows: rows["ReasonForClosure"] != ""), "N9"),
    "no action, and an assessment": (C, "CINdetails", put("ReferralNFA", "true", lambda rows: rows["ReasonForClosure"] == "RC8"), "N10"),
    "a need not told": (C, "CINdetails", put("PrimaryNeedCode", "", lambda rows: rows["ReferralNFA"] == "false"), "N10"),
    "closed after no assessment": (C, "Assessments", lambda rows: rows.iloc[:0], "N11"),
    "cases that overlap": (C, "CINdetails", lambda rows: pd.concat([rows, rows.iloc[:1].assign(CINdetailsID="9999")], ignore_index=True), "N12"),
    "an assessment that ends first": (C, "Assessments", put("AssessmentAuthorisationDate", "2001-01-01", lambda rows: rows["AssessmentAuthorisationDate"] != ""), "N13"),
    "an enquiry before the referral": (C, "Section47", put("S47ActualStartDate", "2015-01-01"), "N14"),
    "a plan that outlasts its case": (C, "CINplanDates", lambda rows: rows.assign(CINPlanEndDate=""), "N15"),
    "an assessment with no factors": (C, "Assessments", put("AssessmentFactors", "", lambda rows: rows["AssessmentFactors"] != ""), "N16"),
    "no factors, and one": (C, "Assessments", put("AssessmentFactors", "21 3B", lambda rows: rows["AssessmentFactors"] != ""), "N16"),
    "a conference that was not required": (C, "Section47", put("ICPCnotRequired", "true", lambda rows: rows["DateOfInitialCPC"] != ""), "N17"),
    "a target of another day": (C, "Section47", iso("InitialCPCtarget", 7), "N17"),
    "plans that overlap": (C, "ChildProtectionPlans", lambda rows: pd.concat([rows, rows[rows["CPPendDate"] == ""].iloc[:1].assign(CPPID="9999", CPPstartDate="2025-03-31")], ignore_index=True), "N18"),
    "a second plan that counts none before": (C, "ChildProtectionPlans", lambda rows: pd.concat([rows, rows.iloc[:1].assign(CPPID="9999")], ignore_index=True), "N19"),
    "a review of no plan": (C, "Reviews", put("CPPID", "0"), "N20"),
    "a review before its plan": (C, "Reviews", put("CPPreviewDate", "2010-01-01"), "N20"),
    # Annex A
    "another day of birth in a list": ("annex-a", "List 8", put("Date of Birth", "01/01/2012"), "A1"),
    "another age": ("annex-a", "List 3", put("Age of Child (Years)", "25"), "A2"),
    "an end before the start": ("annex-a", "List 7", put("Child Protection Plan End Date", "01/01/2001"), "A3"),
    "a day after the lists": ("annex-a", "List 1", put("Date of Contact", "02/04/2025"), "A4"),
    "care before birth in a list": ("annex-a", "List 8", put("Date Started to be Looked After", "01/01/1999"), "A5"),
    "an end with no reason": ("annex-a", "List 8", put("Reason Ceased to be Looked After", "E8: Any other reason", lambda rows: rows["Date Ceased to be Looked After"] == ""), "A6"),
    "a plan listed twice": ("annex-a", "List 7", twice, "A7"),
    "an open case that is closed": ("annex-a", "List 6", put("Case Status", "e) Closed episode", lambda rows: rows["CIN Closure Date"] == ""), "A8"),
    "on a plan that is not listed": ("annex-a", "List 7", lambda rows: rows.iloc[:0], "A9"),
    "accommodated with parents in a list": ("annex-a", "List 8", put("Placement Type", "k) P1: Placed with parents", lambda rows: rows["Child's Legal Status"].str.startswith("V2")), "A10"),
}  # fmt: skip


@pytest.mark.parametrize("shape", list(checking.RULES))
def test_an_extract_keeps_every_rule(good, shape):
    checked = checking.check(good[shape])
    assert not checked.found, checked.table().head().to_string()
    assert sum(checked.counts.values()) > 100


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_error_is_found_by_its_rule(good, planted):
    shape, table, change, code = PLANTED[planted]
    planted = plant(good[shape], table, change)
    if code.startswith("C"):
        assert code in set(checking.check(planted).table()["rule"])
        return
    rule = next(rule for rule in checking.RULES[shape] if rule.code.split(" (")[0] == code)
    before = set(findings(rule, Returns({one.layout.table: one for one in good[shape]}, LAST)))
    found = findings(rule, Returns({one.layout.table: one for one in planted}, LAST))
    assert found and not before


def test_every_rule_has_a_planted_error():
    planted = {code for _, _, _, code in PLANTED.values()}
    rules = {rule.code.split(" (")[0] for of_shape in checking.RULES.values() for rule in of_shape}
    assert rules - planted == {"L23"}  # the next test plants it: not every small authority has such a child


def test_a_child_who_came_alone_has_one_sex(good):
    header = next(one for one in good["ssda903"] if one.layout.table == "Header").rows.iloc[0]
    sex = "F" if header["SEX"] == "M" else "M"
    row = {"CHILD": header["CHILD"], "SEX": sex, "DOB": header["DOB"], "DUC": ""}
    planted = plant(good["ssda903"], "UASC", lambda rows: pd.DataFrame([row]))
    assert "L23 (304)" in set(checking.check(planted).table()["rule"])


def test_returns_with_no_day_in_them_are_still_checked_cell_by_cell(good):
    tables = ("Header", "Episodes")
    planted = [replace(one, year=0) for one in good["ssda903"] if one.layout.table in tables]
    planted = plant(planted, "Episodes", lambda rows: rows.assign(DECOM="", DEC=""))
    assert set(checking.check(planted).table()["rule"]) == {"C1"}


def test_a_finding_names_the_row_of_the_file(good):
    found = checking.check(plant(good["ssda903"], "Episodes", put("PLACE", "U9", row=4))).table()
    mine = found[found["value"] == "U9"].iloc[0]
    assert (mine["row"], mine["column"]) == (6, "PLACE")  # the heading is row 1
    assert "A3" in mine["sentence"]
