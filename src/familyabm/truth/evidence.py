"""The evidence register: what every number rests on, and for judgements why the range is what it is.

`data/evidence.csv` holds the figures that were found, each with its citation; `data/evidence_links.csv` says which of
them a parameter rests on; `data/evidence_groups.csv` gives, for each group with numbers of grade D, the reason for
their ranges and the study that would replace them.
"""

from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from familyabm.parameters import GRADES, REGISTER
from familyabm.truth import screening


@cache
def _read(name: str) -> pd.DataFrame:
    with (resources.files("familyabm") / "data" / name).open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def figures() -> pd.DataFrame:
    """Return the figures by id: statement, unit, central, low, high, population, year, grade, source and address."""
    return _read("evidence.csv").set_index("id")


def links() -> dict[str, tuple[str, ...]]:
    """Return the ids of the figures that each parameter rests on, where there are any."""
    rows = _read("evidence_links.csv")
    return {address: tuple(ids.split()) for address, ids in zip(rows["address"], rows["evidence"], strict=True)}


def reasons() -> pd.DataFrame:
    """Return, by group, the reason for the ranges of its judgements and the study that would replace them."""
    return _read("evidence_groups.csv").set_index("group")


def register() -> pd.DataFrame:
    """Return one row a parameter: address, value, low, high, unit, grade, source, meaning, evidence, reason and study.

    reason, study: of grade D only.  evidence: ids of figures, with spaces between.
    """
    linked, of_group = links(), reasons()
    rows = []
    for address, entry in REGISTER.items():
        group = address.partition(".")[0]
        judged = entry.grade == "D"
        rows.append({
            "address": address, "value": entry.value, "low": entry.low, "high": entry.high, "unit": entry.unit,
            "grade": entry.grade, "source": entry.source, "meaning": entry.meaning,
            "evidence": " ".join(linked.get(address, ())),
            "reason": of_group.loc[group, "reason"] if judged else "",
            "study": of_group.loc[group, "study"] if judged else "",
        })  # fmt: skip
    return pd.DataFrame(rows)


def counts() -> pd.DataFrame:
    """Return, by grade, how many parameters there are and how many of them rest on a figure of the register."""
    whole = register()
    grouped = whole.assign(linked=whole["evidence"] != "").groupby("grade")
    table = grouped.agg(parameters=("address", "size"), linked=("linked", "sum")).reset_index()
    table.insert(1, "means", [GRADES[grade] for grade in table["grade"]])
    return table


def influential(most: int = 20) -> pd.DataFrame:
    """Return the judgements (grade D) that move the targets most: with the reason for their range, and the study.

    mu_star: Morris's, in tolerances of the targets over half the range, root mean square over targets; NaN where the
    setting was moved by itself only, which `alone` gives.
    """
    ranked = screening.shipped().drop(columns="grade")
    whole = register()
    joined = ranked.merge(whole[whole["grade"] == "D"], on="address")
    columns = ["address", "mu_star", "alone", "most", "value", "low", "high", "unit", "meaning", "reason", "study"]
    return joined[columns].head(most)


def as_records(most: int = 20) -> dict[str, Any]:
    """Return counts, the most influential judgements and the whole register, as JSON can hold them."""
    from familyabm.console import records

    return {
        "grades": records(counts()), "influential": records(influential(most)), "parameters": records(register()),
        "figures": records(figures().reset_index()),
    }  # fmt: skip
