"""A year's children in need census from histories, as tables and as the XML that the department collects."""

from collections.abc import Mapping
from xml.etree import ElementTree

import pandas as pd

from familyabm.returns import shapes
from familyabm.returns.cutting import Year, ids, laid_out, upn
from familyabm.returns.dates import add_working_days
from familyabm.returns.histories import Histories

CONFERENCE_DAYS = 15
"""Working days from strategy discussion to conference. Source: Working Together to Safeguard Children, 2023."""


def tables(told: Histories, ending: int) -> dict[str, pd.DataFrame]:
    """Return the tables of the financial year ending in `ending`, as text, by name."""
    year = Year(told, ending)
    records = year.lasting(told.records, "referred", "closed").reset_index(drop=True)
    records = records.assign(record=[str(number) for number in range(1, len(records) + 1)])
    children = year.people(records["child"])
    plans = _attach(year.lasting(told.plans), records, "start")
    plans = plans.assign(plan=[str(number) for number in range(1, len(plans) + 1)])
    found = {
        "Header": pd.DataFrame({
            "Collection": ["CIN"], "Year": [str(ending)], "ReferenceDate": [year.end], "SourceLevel": ["L"],
            "SoftwareCode": ["familyabm"],
        }),
        "ChildIdentifiers": pd.DataFrame({
            "LAchildID": children["child"], "UPNunknown": [upn(born, year.last) for born in children["dob"]],
            "PersonBirthDate": children["dob"], "Sex": children["sex"],
        }),
        "ChildCharacteristics": pd.DataFrame({"LAchildID": children["child"], "Ethnicity": "NOBT"}),
        "Disabilities": pd.DataFrame({
            "LAchildID": children["child"], "Disability": children["disabled"].map({True: "DDA", False: "NONE"}),
        }),
        "CINdetails": _details(told, records, year), "Assessments": _assessments(told, records, year),
        "CINplanDates": _plan_dates(told, records, year), "Section47": _enquiries(told, records, year),
        "ChildProtectionPlans": _plans(plans, year), "Reviews": _reviews(told, plans, year),
    }  # fmt: skip
    names = ids(told)
    return {name: laid_out(found[name], layout, names) for name, layout in shapes.layouts("cin-census").items()}


def _attach(rows: pd.DataFrame, records: pd.DataFrame, day: str) -> pd.DataFrame:
    """Return rows with the case that was open on a day of theirs: the last one opened by then and not yet closed."""
    both = rows.reset_index(names="row").merge(records[["child", "record", "referred", "closed"]], on="child")
    inside = both[(both["referred"] <= both[day]) & ~(both["closed"] < both[day])]
    return inside.sort_values("referred").drop_duplicates("row", keep="last").sort_values("row", ignore_index=True)


def _details(told: Histories, records: pd.DataFrame, year: Year) -> pd.DataFrame:
    closed = records["closed"] <= year.end
    alone = told.conferences[~told.conferences["enquired"].astype(bool) & year.holds(told.conferences["day"])]
    meetings = _attach(alone, records, "day").drop_duplicates("record").set_index("record")["day"]
    no_action = records["no_action"] & closed
    return pd.DataFrame({
        "LAchildID": records["child"], "CINdetailsID": records["record"], "CINreferralDate": records["referred"],
        "ReferralSource": records["source"], "PrimaryNeedCode": records["need"].mask(no_action, ""),
        "CINclosureDate": records["closed"].where(closed), "ReasonForClosure": records["reason"].where(closed, ""),
        "DateOfInitialCPC": meetings.reindex(records["record"]).to_numpy(),
        "ReferralNFA": no_action.map({True: "true", False: "false"}),
    })  # fmt: skip


def _assessments(told: Histories, records: pd.DataFrame, year: Year) -> pd.DataFrame:
    rows = _attach(year.lasting(told.assessments), records, "start")
    ended = rows["end"] <= year.end
    return pd.DataFrame({
        "LAchildID": rows["child"], "CINdetailsID": rows["record"], "AssessmentActualStartDate": rows["start"],
        "AssessmentAuthorisationDate": rows["end"].where(ended), "AssessmentFactors": rows["factors"].where(ended, ""),
    })  # fmt: skip


def _plan_dates(told: Histories, records: pd.DataFrame, year: Year) -> pd.DataFrame:
    rows = _attach(year.lasting(told.need_plans), records, "start")
    return pd.DataFrame({
        "LAchildID": rows["child"], "CINdetailsID": rows["record"], "CINPlanStartDate": rows["start"],
        "CINPlanEndDate": rows["end"].where(rows["end"] <= year.end),
    })  # fmt: skip


def _enquiries(told: Histories, records: pd.DataFrame, year: Year) -> pd.DataFrame:
    """Return the enquiries that began in the year, and those before it whose conference was in it."""
    mine = told.enquiries[year.holds(told.enquiries["start"]) | year.holds(told.enquiries["conference"])]
    rows = _attach(mine, records, "start")
    target = [add_working_days(day.date(), CONFERENCE_DAYS) for day in rows["start"]]
    held = rows["conference"] <= year.end
    not_required = rows["not_required"].astype(bool)
    return pd.DataFrame({
        "LAchildID": rows["child"], "CINdetailsID": rows["record"], "S47ActualStartDate": rows["start"],
        "InitialCPCtarget": pd.to_datetime(pd.Series(target, index=rows.index, dtype=object)).mask(not_required),
        "DateOfInitialCPC": rows["conference"].where(held),
        "ICPCnotRequired": not_required.map({True: "true", False: "false"}),
    })  # fmt: skip


def _plans(plans: pd.DataFrame, year: Year) -> pd.DataFrame:
    return pd.DataFrame({
        "LAchildID": plans["child"], "CINdetailsID": plans["record"], "CPPID": plans["plan"],
        "CPPstartDate": plans["start"], "CPPendDate": plans["end"].where(plans["end"] <= year.end),
        "InitialCategoryOfAbuse": plans["category"], "LatestCategoryOfAbuse": plans["category"],
        "NumberOfPreviousCPP": plans["previous"],
    })  # fmt: skip


def _reviews(told: Histories, plans: pd.DataFrame, year: Year) -> pd.DataFrame:
    held = told.plan_reviews[year.holds(told.plan_reviews["day"])].rename(columns={"plan": "start"})
    rows = held.merge(plans[["child", "start", "record", "plan"]], on=["child", "start"])
    return pd.DataFrame({
        "LAchildID": rows["child"], "CINdetailsID": rows["record"], "CPPID": rows["plan"], "CPPreviewDate": rows["day"],
    })  # fmt: skip


# --- The XML ---------------------------------------------------------------------------------------------------------


Row = dict[str, str]
Grouped = dict[tuple[str, ...], list[Row]]
_OF_CHILD = ("ChildIdentifiers", "ChildCharacteristics", "Disabilities")
_OF_CASE = ("Assessments", "CINplanDates", "Section47", "ChildProtectionPlans")
_KEYS = ("LAchildID", "CINdetailsID", "CPPID")


def as_xml(found: Mapping[str, pd.DataFrame], note: str) -> bytes:
    """Return the census as XML, in the order of elements that its specification gives, with a note as a comment."""
    root = ElementTree.Element("Message")
    root.append(ElementTree.Comment(f" {note.replace('--', '-')} "))
    head = ElementTree.SubElement(root, "Header")
    row = {str(name): str(value) for name, value in found["Header"].iloc[0].items()}
    collection = ("Collection", "Year", "ReferenceDate")
    _fill(ElementTree.SubElement(head, "CollectionDetails"), {name: row[name] for name in collection})
    _fill(ElementTree.SubElement(head, "Source"), row, collection)
    children = ElementTree.SubElement(root, "Children")
    of_child = {name: _grouped(found[name], "LAchildID") for name in (*_OF_CHILD, "CINdetails")}
    of_case = {name: _grouped(found[name], "LAchildID", "CINdetailsID") for name in _OF_CASE}
    reviews = _grouped(found["Reviews"], "LAchildID", "CPPID")
    for key, identity in of_child["ChildIdentifiers"].items():
        element = ElementTree.SubElement(children, "Child")
        _fill(ElementTree.SubElement(element, "ChildIdentifiers"), identity[0])
        traits = ElementTree.SubElement(element, "ChildCharacteristics")
        _leaf(traits, "Ethnicity", of_child["ChildCharacteristics"][key][0]["Ethnicity"])
        disabilities = ElementTree.SubElement(traits, "Disabilities")
        for disability in of_child["Disabilities"][key]:
            _leaf(disabilities, "Disability", disability["Disability"])
        for case in of_child["CINdetails"][key]:
            _case(element, case, of_case, reviews)
    ElementTree.indent(root, " ")
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _grouped(table: pd.DataFrame, *by: str) -> Grouped:
    found: Grouped = {}
    for row in table.to_dict("records"):
        found.setdefault(tuple(str(row[name]) for name in by), []).append({str(k): str(v) for k, v in row.items()})
    return found


def _leaf(parent: ElementTree.Element, name: str, value: str) -> None:
    if value:
        ElementTree.SubElement(parent, name).text = value


def _fill(parent: ElementTree.Element, row: Row, leave: tuple[str, ...] = ()) -> None:
    for name, value in row.items():
        if name not in leave:
            _leaf(parent, name, value)


def _case(child: ElementTree.Element, row: Row, parts: dict[str, Grouped], reviews: Grouped) -> None:
    """Write one case: details, assessments, plans in need, enquiries, whether no action followed, protection plans."""
    element = ElementTree.SubElement(child, "CINdetails")
    _fill(element, row, (*_KEYS, "ReferralNFA"))
    key = (row["LAchildID"], row["CINdetailsID"])
    for assessed in parts["Assessments"].get(key, ()):
        part = ElementTree.SubElement(element, "Assessments")
        _fill(part, assessed, (*_KEYS, "AssessmentFactors"))
        if assessed["AssessmentFactors"]:
            factors = ElementTree.SubElement(part, "FactorsIdentifiedAtAssessment")
            for code in assessed["AssessmentFactors"].split():
                _leaf(factors, "AssessmentFactors", code)
    for name, tag in (("CINplanDates", "CINPlanDates"), ("Section47", "Section47")):
        for planned in parts[name].get(key, ()):
            _fill(ElementTree.SubElement(element, tag), planned, _KEYS)
    _leaf(element, "ReferralNFA", row["ReferralNFA"])
    for plan in parts["ChildProtectionPlans"].get(key, ()):
        part = ElementTree.SubElement(element, "ChildProtectionPlans")
        _fill(part, plan, _KEYS)
        held = reviews.get((row["LAchildID"], plan["CPPID"]), ())
        if held:
            days = ElementTree.SubElement(part, "Reviews")
            for review in held:
                _leaf(days, "CPPreviewDate", review["CPPreviewDate"])
