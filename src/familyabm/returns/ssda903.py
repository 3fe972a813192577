"""A year's SSDA903 return from histories: header, episodes and the tables about the same children."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from familyabm.returns import shapes
from familyabm.returns.cutting import Year, ids, laid_out, upn
from familyabm.returns.dates import age_on, birthday
from familyabm.returns.histories import Histories

Tables = Mapping[str, pd.DataFrame]
ADOPTERS = {"FOSTER_CARE": "0", "NB_ADOPTR": "2", "SEX_ADOPTR": "MF", "LS_ADOPTR": "L11"}
"""What stands for adopters, whom the model does not have."""


def tables(told: Histories, ending: int) -> dict[str, pd.DataFrame]:
    """Return the tables of the financial year ending in `ending`, as text, by name."""
    year = Year(told, ending)
    episodes = year.lasting(told.episodes)
    children = year.people(episodes["child"])
    found = {
        "Header": _header(children, year), "Episodes": _episodes(episodes, year),
        "Reviews": _reviews(told, children, year), "UASC": _alone(children), "OC2": _oc2(told, children, year),
        "OC3": pd.DataFrame(), "AD1": _adopted(told, children, year),
        "PlacedAdoption": _to_be_placed(told, children, year), "PrevPerm": _permanence(told, children, year),
        "Missing": pd.DataFrame(), "SWEpisodes": _workers(told, children, year),
    }  # fmt: skip
    names = ids(told)
    return {name: laid_out(found[name], layout, names) for name, layout in shapes.layouts("ssda903").items()}


def _header(children: pd.DataFrame, year: Year) -> pd.DataFrame:
    mother = children["sex"].map({"F": "0", "M": ""})
    return pd.DataFrame({
        "CHILD": children["child"], "SEX": children["sex"], "DOB": children["dob"], "ETHNIC": "NOBT",
        "UPN": [upn(born, year.last) for born in children["dob"]], "MOTHER": mother,
    })  # fmt: skip


def _episodes(episodes: pd.DataFrame, year: Year) -> pd.DataFrame:
    ended = episodes["end"] <= year.end
    return pd.DataFrame({
        "CHILD": episodes["child"], "DECOM": episodes["start"], "RNE": episodes["new"], "LS": episodes["legal"],
        "CIN": episodes["need"], "PLACE": episodes["place"], "PLACE_PROVIDER": episodes["provider"],
        "DEC": episodes["end"].where(ended), "REC": episodes["reason"].where(ended, ""),
        "REASON_PLACE_CHANGE": episodes["change"].where(ended, ""),
    })  # fmt: skip


def _with_birth(rows: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
    return rows.merge(children, on="child", how="inner")


def _reviews(told: Histories, children: pd.DataFrame, year: Year) -> pd.DataFrame:
    rows = _with_birth(told.reviews[year.holds(told.reviews["day"])], children)
    ages = [age_on(born.date(), day.date()) for born, day in zip(rows["dob"], rows["day"], strict=True)]
    codes = ["PN0" if age < 4 else "PN1" for age in ages]
    return pd.DataFrame({"CHILD": rows["child"], "DOB": rows["dob"], "REVIEW": rows["day"], "REVIEW_CODE": codes})


def _alone(children: pd.DataFrame) -> pd.DataFrame:
    """Return the children who came alone; their status as such ends on the eighteenth birthday."""
    rows = children[children["alone"]]
    turns = pd.to_datetime(
        pd.Series([birthday(born.date(), 18) for born in rows["dob"]], index=rows.index, dtype=object)
    )
    return pd.DataFrame({"CHILD": rows["child"], "SEX": rows["sex"], "DOB": rows["dob"], "DUC": turns})


def _oc2(told: Histories, children: pd.DataFrame, year: Year) -> pd.DataFrame:
    """Return the children looked after for at least twelve months on 31 March, with their SDQ score from 4 to 16.

    Those who turned 17 in the year are returned with the reason that they are over 16; older ones with neither.
    """
    since = date(year.last.year - 1, 3, 31)
    here = told.care[(told.care["start"] <= pd.Timestamp(since)) & ~(told.care["end"] <= year.end)]
    rows = _with_birth(here[["child"]], children)
    of_day = told.difficulties[told.difficulties["week"] == year.last_week].set_index("child")["score"]
    ages = [age_on(born.date(), year.last) for born in rows["dob"]]
    scores = [
        str(of_day[child]) if 4 <= age <= 16 and child in of_day.index else ""
        for child, age in zip(rows["child"], ages, strict=True)
    ]
    reasons = ["SDQ1" if age == 17 else "" for age in ages]
    return pd.DataFrame({"CHILD": rows["child"], "DOB": rows["dob"], "SDQ_SCORE": scores, "SDQ_REASON": reasons})


def _adopted(told: Histories, children: pd.DataFrame, year: Year) -> pd.DataFrame:
    rows = _with_birth(told.adoptions[told.adoptions["adopted"] & year.holds(told.adoptions["end"])], children)
    frame = pd.DataFrame({
        "CHILD": rows["child"], "DOB": rows["dob"], "DATE_INT": rows["order"], "DATE_MATCH": rows["placed"],
    })  # fmt: skip
    return frame.assign(**ADOPTERS)


def _to_be_placed(told: Histories, children: pd.DataFrame, year: Year) -> pd.DataFrame:
    """Return the decisions that children be placed for adoption that stood in the year."""
    decided = told.adoptions
    rows = _with_birth(decided[(decided["order"] <= year.end) & ~(decided["end"] < year.start)], children)
    ceased = (rows["end"] <= year.end) & ~rows["adopted"].astype(bool)
    return pd.DataFrame({
        "CHILD": rows["child"], "DOB": rows["dob"], "DATE_PLACED": rows["order"],
        "DATE_PLACED_CEASED": rows["end"].where(ceased),
        "REASON_PLACED_CEASED": pd.Series("RD4", index=rows.index).where(ceased, ""),
    })  # fmt: skip


def _permanence(told: Histories, children: pd.DataFrame, year: Year) -> pd.DataFrame:
    rows = _with_birth(told.care[year.holds(told.care["start"])], children)
    rows = rows.sort_values("start").drop_duplicates("child", keep="last")
    return pd.DataFrame({
        "CHILD": rows["child"], "DOB": rows["dob"], "PREV_PERM": rows["permanence"], "DATE_PERM": rows["order"],
    })  # fmt: skip


def _workers(told: Histories, children: pd.DataFrame, year: Year) -> pd.DataFrame:
    number = {key: f"SW{place:08d}" for place, key in enumerate(sorted(told.workers["worker"].unique()), start=1)}
    lasting = told.workers[told.workers["start"] != told.workers["end"]]
    rows = _with_birth(year.lasting(lasting), children)
    ended = rows["end"] <= year.end
    first = ~rows.duplicated("child") & (rows["start"] >= year.start)
    return pd.DataFrame({
        "CHILD": rows["child"], "DOB": rows["dob"], "SW_ID": rows["worker"].map(number), "SW_DECOM": rows["start"],
        "SW_DEC": rows["end"].where(ended), "SW_REASON": pd.Series("OTHERS", index=rows.index).mask(first, "FCONTA"),
    })  # fmt: skip
