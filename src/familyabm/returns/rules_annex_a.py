"""What holds of good Annex A lists, rule by rule. Source: Ofsted, Annex A, guidance on child-level data."""

from collections.abc import Iterator

import pandas as pd

from familyabm.returns.dates import age_on
from familyabm.returns.rules import Returns, Rule

Found = Iterator[tuple[str, str, "pd.Series[bool]"]]
PEOPLE = tuple(f"List {number}" for number in range(1, 11))
CHILD, BIRTH = "Child Unique ID", "Date of Birth"
ORDER: tuple[tuple[str, str, str], ...] = (
    ("List 2", "Assessment start date", "Assessment completion date"),
    ("List 4", "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"),
    (
        "List 5",
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Date of Initial Child Protection Conference",
    ),
    ("List 6", "CIN Start Date", "CIN Closure Date"),
    ("List 7", "Child Protection Plan Start Date", "Child Protection Plan End Date"),
    ("List 7", "Child Protection Plan Start Date", "Date of latest review conference"),
    ("List 8", "Date Started to be Looked After", "Date Ceased to be Looked After"),
    ("List 8", "Date Started to be Looked After", "Start Date of Most Recent Placement"),
    ("List 8", "Date Started to be Looked After", "Start date of current legal status"),
    ("List 10", "Date the Child Entered Care", "Date of Decision that Child Should be Placed for Adoption"),
    ("List 10", "Date of Decision that Child Should be Placed for Adoption", "Date Placed for Adoption"),
    ("List 10", "Date Placed for Adoption", "Date of Adoption Order"),
)
"""Days that come one on or after the other."""
TOGETHER: tuple[tuple[str, str, str], ...] = (
    ("List 6", "CIN Closure Date", "Reason for Closure"),
    ("List 8", "Date Ceased to be Looked After", "Reason Ceased to be Looked After"),
)
"""Columns that are both filled or both blank."""
ONCE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("List 7", (CHILD, "Child Protection Plan Start Date")), ("List 8", (CHILD, "Date Started to be Looked After")),
    ("List 6", (CHILD, "CIN Start Date")), ("List 10", (CHILD, "Date the Child Entered Care")),
)  # fmt: skip


def _same_child(returns: Returns) -> Found:
    """Hold each child's birth, gender and ethnicity against those of the first list in which it is."""
    first: dict[str, tuple[str, ...]] = {}
    for table in PEOPLE:
        if table not in returns:
            continue
        rows = returns.rows(table)
        told = list(zip(rows[BIRTH], rows["Gender"], rows["Ethnicity"], strict=True))
        broken = [first.setdefault(child, person) != person for child, person in zip(rows[CHILD], told, strict=True)]
        yield table, BIRTH, pd.Series(broken, index=rows.index, dtype=bool)


def _age(returns: Returns) -> Found:
    day = returns.end.date()
    for table in PEOPLE:
        if table in returns:
            born = returns.days(table, BIRTH)
            right = [str(max(0, age_on(one.date(), day))) if pd.notna(one) else "" for one in born]
            cells = returns.rows(table)["Age of Child (Years)"]
            yield table, "Age of Child (Years)", (cells != pd.Series(right, index=cells.index)) & born.notna()


def _order(returns: Returns) -> Found:
    for table, before, after in ORDER:
        if table in returns:
            yield table, after, returns.days(table, after) < returns.days(table, before)


def _by_the_day(returns: Returns) -> Found:
    for table in returns.sources:
        for column in returns.sources[table].layout.columns if table in returns else ():
            if column.kind == "date":
                yield table, column.name, returns.days(table, column.name) > returns.end


def _after_birth(returns: Returns) -> Found:
    for table, before, _ in ORDER:
        if table in returns:
            yield table, before, returns.days(table, before) < returns.days(table, BIRTH)


def _together(returns: Returns) -> Found:
    for table, one, other in TOGETHER:
        if table in returns:
            rows = returns.rows(table)
            yield table, other, (rows[one] == "") != (rows[other] == "")


def _once(returns: Returns) -> Found:
    for table, columns in ONCE:
        if table in returns:
            yield table, columns[1], returns.rows(table).duplicated(list(columns), keep=False)


def _closed(returns: Returns) -> Found:
    if "List 6" in returns:
        rows = returns.rows("List 6")
        yield "List 6", "Case Status", (rows["CIN Closure Date"] != "") != rows["Case Status"].str.startswith("e)")


def _agree(returns: Returns) -> Found:
    """Hold the status of open cases against the lists of plans and of care."""
    if "List 6" not in returns:
        return
    rows = returns.rows("List 6")
    for table, end, letter in (
        ("List 7", "Child Protection Plan End Date", "b)"),
        ("List 8", "Date Ceased to be Looked After", "a)"),
    ):
        if table in returns.sources:
            listed = returns.rows(table)
            here = set(listed[listed[end] == ""][CHILD])
            yield "List 6", "Case Status", rows["Case Status"].str.startswith(letter) & ~rows[CHILD].isin(here)


def _place(returns: Returns) -> Found:
    if "List 8" in returns:
        rows = returns.rows("List 8")
        place, legal = rows["Placement Type"], rows["Child's Legal Status"].str[:2]
        broken = place.str.contains("P1:", regex=False) & (legal == "V2")
        broken |= place.str.contains("A5:|A6:") & (legal != "E1")
        yield "List 8", "Placement Type", broken


RULES: tuple[Rule, ...] = (
    Rule("A1", "a child has the same day of birth, gender and ethnicity in every list", _same_child),
    Rule("A2", "the age is that on the day of the lists", _age),
    Rule("A3", "days follow each other in the order of the process", _order),
    Rule("A4", "nothing is dated after the day of the lists", _by_the_day),
    Rule("A5", "nothing happens before the day of birth", _after_birth),
    Rule("A6", "an end and its reason are both there or neither", _together),
    Rule("A7", "a plan, a case and a period of care are listed once", _once),
    Rule("A8", "a case that closed is a closed episode, and no other is", _closed),
    Rule("A9", "a child on a plan or looked after is in that list too", _agree),
    Rule("A10", "the placement is one that the legal status allows", _place),
)
