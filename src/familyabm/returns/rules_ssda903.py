"""What holds of a good SSDA903 return, rule by rule.

Source: DfE, Children looked-after return 2024 to 2025: guide and validation checks. Codes are this project's own, with
the department's number where it has one.
"""

from collections.abc import Iterator

import pandas as pd

from familyabm.returns.rules import NO_DAY, Returns, Rule

Found = Iterator[tuple[str, str, "pd.Series[bool]"]]
FOSTER = ("U1", "U2", "U3", "U4", "U5", "U6")
FOR_ADOPTION = ("A3", "A4", "A5", "A6")
ADOPTED = ("E11", "E12")
NO_PROVIDER = ("T0", "T1", "T2", "T3", "T4", "Z1")
LONGEST = {"L1": 3, "L2": 21, "L3": 7}
"""Days that a legal status may last: police protection, emergency protection, child assessment."""
OF_CHILD = ("Episodes", "Reviews", "UASC", "OC2", "OC3", "AD1", "PlacedAdoption", "PrevPerm", "Missing", "SWEpisodes")
DAY = pd.Timedelta(days=1)


def _ordered(returns: Returns) -> pd.DataFrame:
    """Return episodes in order with their days, the child's birth, and the episode before and after of the child."""
    found = returns.rows("Episodes").assign(
        start=returns.days("Episodes", "DECOM"), end=returns.days("Episodes", "DEC"), born=_born(returns, "Episodes")
    )
    found = found.sort_values(["CHILD", "start", "end"], kind="stable")
    by_child = found.groupby("CHILD", sort=False)
    for name in ("start", "end", "LS", "PLACE", "PLACE_PROVIDER", "REC", "RNE"):
        found[f"before_{name}"] = by_child[name].shift()
        found[f"after_{name}"] = by_child[name].shift(-1)
    return found.assign(first=by_child.cumcount() == 0, last=by_child.cumcount(ascending=False) == 0)


def _born(returns: Returns, table: str) -> "pd.Series[pd.Timestamp]":
    return returns.born(table, "CHILD", "Header", "CHILD", "DOB")


def _age(born: "pd.Series[pd.Timestamp]", years: int) -> "pd.Series[pd.Timestamp]":
    """Return the birthdays on which children reach an age."""
    return born + pd.DateOffset(years=years)


def _one_header(returns: Returns) -> Found:
    yield "Header", "CHILD", returns.rows("Header")["CHILD"].duplicated(keep=False)


def _in_header(returns: Returns) -> Found:
    known = set(returns.rows("Header")["CHILD"])
    for table in OF_CHILD:
        if table in returns:
            yield table, "CHILD", ~returns.rows(table)["CHILD"].isin(known)


def _same_birth(returns: Returns) -> Found:
    for table in OF_CHILD:
        if table in returns and "DOB" in returns.rows(table):
            born = _born(returns, table)
            yield table, "DOB", born.notna() & (returns.days(table, "DOB") != born)


def _one_row(returns: Returns) -> Found:
    for table in ("UASC", "OC2", "OC3", "AD1", "PrevPerm"):
        if table in returns:
            yield table, "CHILD", returns.rows(table)["CHILD"].duplicated(keep=False)


def _born_first(returns: Returns) -> Found:
    yield "Episodes", "DECOM", returns.days("Episodes", "DECOM") < _born(returns, "Episodes")


def _within_year(returns: Returns) -> Found:
    yield "Episodes", "DECOM", returns.days("Episodes", "DECOM") > returns.end
    end = returns.days("Episodes", "DEC")
    yield "Episodes", "DEC", (end > returns.end) | (end < returns.start)


def _lasts_a_day(returns: Returns) -> Found:
    yield "Episodes", "DEC", returns.days("Episodes", "DEC") < returns.days("Episodes", "DECOM") + DAY


def _both_or_neither(returns: Returns) -> Found:
    rows = returns.rows("Episodes")
    yield "Episodes", "REC", (rows["DEC"] == "") != (rows["REC"] == "")


def _no_overlap(returns: Returns) -> Found:
    rows = _ordered(returns)
    yield (
        "Episodes",
        "DECOM",
        (~rows["first"] & (rows["before_end"].fillna(NO_DAY) > rows["start"])).reindex(_index(returns)),
    )


def _index(returns: Returns) -> "pd.Index[int]":
    return returns.rows("Episodes").index


def _starts_with_s(returns: Returns) -> Found:
    rows = _ordered(returns)
    goes_on = ~rows["first"] & (rows["before_REC"] == "X1")
    fresh = ~rows["first"] & ~rows["before_REC"].isin(["X1", ""])
    broken = (goes_on & (rows["RNE"] == "S")) | (fresh & (rows["RNE"] != "S"))
    broken |= rows["first"] & (rows["RNE"] != "S") & (rows["start"] >= returns.start)
    yield "Episodes", "RNE", broken.reindex(_index(returns))


def _continues(returns: Returns) -> Found:
    rows = _ordered(returns)
    gap = (rows["REC"] == "X1") & (rows["after_start"] != rows["end"])
    yield "Episodes", "REC", gap.reindex(_index(returns))
    again = ~rows["first"] & ~rows["before_REC"].isin(["X1", ""]) & (rows["before_end"] == rows["start"])
    yield "Episodes", "DECOM", again.reindex(_index(returns))


def _says_what_changed(returns: Returns) -> Found:
    rows = _ordered(returns)
    goes_on = ~rows["first"] & (rows["before_REC"] == "X1")
    other = rows["LS"] != rows["before_LS"]
    moved = (rows["PLACE"] != rows["before_PLACE"]) | (rows["PLACE_PROVIDER"] != rows["before_PLACE_PROVIDER"])
    broken = goes_on & (
        (rows["RNE"].isin(["P", "T"]) & other)
        | (rows["RNE"].isin(["L", "B", "U"]) & ~other)
        | ((rows["RNE"] == "L") & moved)
    )
    yield "Episodes", "RNE", broken.reindex(_index(returns))


def _why_moved(returns: Returns) -> Found:
    rows = _ordered(returns)
    moves = (rows["REC"] == "X1") & rows["after_RNE"].isin(["P", "T", "B", "U"])
    yield "Episodes", "REASON_PLACE_CHANGE", (moves != (rows["REASON_PLACE_CHANGE"] != "")).reindex(_index(returns))


def _place_and_order(returns: Returns) -> Found:
    rows = returns.rows("Episodes")
    broken = (rows["PLACE"] == "P1") & rows["LS"].isin(["V2", "V3", "V4"])
    broken |= rows["PLACE"].isin(["A5", "A6"]) & (rows["LS"] != "E1")
    broken |= rows["PLACE"].isin(["A3", "A4"]) & ~rows["LS"].isin(["V2", "C1", "C2", "D1"])
    yield "Episodes", "PLACE", broken


def _place_and_age(returns: Returns) -> Found:
    rows, start, born = returns.rows("Episodes"), returns.days("Episodes", "DECOM"), _born(returns, "Episodes")
    young = rows["PLACE"].isin(["K3", "H5", "P2"]) & (start < _age(born, 16))
    young |= (rows["PLACE"] == "P3") & (start < _age(born, 14)) | (rows["PLACE"] == "R5") & (start < _age(born, 10))
    young |= (rows["PLACE"] == "S1") & (start < _age(born, 4))
    yield "Episodes", "PLACE", young


def _provider(returns: Returns) -> Found:
    rows = returns.rows("Episodes")
    none = rows["PLACE"].isin(NO_PROVIDER)
    broken = (rows["PLACE_PROVIDER"] == "") != none
    broken |= (rows["PLACE"] == "P1") != (rows["PLACE_PROVIDER"] == "PR0")
    yield "Episodes", "PLACE_PROVIDER", broken


def _end_and_place(returns: Returns) -> Found:
    rows = returns.rows("Episodes")
    broken = rows["REC"].isin(ADOPTED) & ~rows["PLACE"].isin(FOR_ADOPTION)
    broken |= rows["REC"].isin(["E45", "E46"]) & ~rows["PLACE"].isin(FOSTER)
    broken |= rows["PLACE"].isin(NO_PROVIDER[:5]) & ~rows["REC"].isin(["X1", ""])
    yield "Episodes", "REC", broken


def _end_and_age(returns: Returns) -> Found:
    rows, end, born = returns.rows("Episodes"), returns.days("Episodes", "DEC"), _born(returns, "Episodes")
    broken = (rows["REC"] == "E17") & (end < _age(born, 18))
    broken |= rows["REC"].isin(ADOPTED) & (end >= _age(born, 18))
    broken |= rows["REC"].isin(["E5", "E6", "E7"]) & (end < _age(born, 16))
    yield "Episodes", "REC", broken


def _until_eighteen(returns: Returns) -> Found:
    last = _age(_born(returns, "Episodes"), 18)
    until = returns.days("Episodes", "DEC").fillna(returns.end)
    yield "Episodes", "DEC", until > last


def _orders_end(returns: Returns) -> Found:
    rows, start = returns.rows("Episodes"), returns.days("Episodes", "DECOM")
    lasted = (returns.days("Episodes", "DEC").fillna(returns.end) - start).dt.days
    yield "Episodes", "LS", lasted > rows["LS"].map(LONGEST)


def _need_stays(returns: Returns) -> Found:
    rows = _ordered(returns).assign(one=lambda frame: (frame["RNE"] == "S").groupby(frame["CHILD"]).cumsum())
    kinds = rows.groupby(["CHILD", "one"])["CIN"].transform("nunique")
    yield "Episodes", "CIN", (kinds > 1).reindex(_index(returns))


def _reviews(returns: Returns) -> Found:
    if "Reviews" not in returns:
        return
    rows, day = returns.rows("Reviews"), returns.days("Reviews", "REVIEW")
    yield "Reviews", "REVIEW", (day < returns.start) | (day > returns.end) | ~_in_care(returns, rows["CHILD"], day)
    small = day < _age(_born(returns, "Reviews"), 4)
    yield "Reviews", "REVIEW_CODE", small != (rows["REVIEW_CODE"] == "PN0")


def _in_care(returns: Returns, child: "pd.Series[str]", day: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
    """Tell of each child and day whether the child was looked after then."""
    episodes = returns.rows("Episodes")[["CHILD"]].assign(
        start=returns.days("Episodes", "DECOM"), end=returns.days("Episodes", "DEC").fillna(NO_DAY)
    )
    both = pd.DataFrame({"CHILD": child, "day": day}).reset_index(names="row").merge(episodes, on="CHILD", how="left")
    inside = (both["start"] <= both["day"]) & (both["day"] <= both["end"])
    return inside.groupby(both["row"]).any().reindex(child.index)


def _alone(returns: Returns) -> Found:
    if "UASC" not in returns:
        return
    rows = returns.rows("UASC")
    sex = rows["CHILD"].map(returns.rows("Header").drop_duplicates("CHILD").set_index("CHILD")["SEX"])
    yield "UASC", "SEX", sex.notna() & (rows["SEX"] != sex)
    yield "UASC", "DUC", returns.days("UASC", "DUC") > _age(_born(returns, "UASC"), 18)


def _outcomes(returns: Returns) -> Found:
    if "OC2" not in returns:
        return
    rows, born = returns.rows("OC2"), _born(returns, "OC2")
    year_ago = pd.Series(returns.end - pd.DateOffset(years=1), index=rows.index)
    here = _in_care(returns, rows["CHILD"], pd.Series(returns.end, index=rows.index))
    yield "OC2", "CHILD", ~(here & _in_care(returns, rows["CHILD"], year_ago))
    scored = rows["SDQ_SCORE"] != ""
    yield "OC2", "SDQ_SCORE", scored & ((_age(born, 4) > returns.end) | (_age(born, 17) <= returns.start))
    yield "OC2", "SDQ_REASON", scored & (rows["SDQ_REASON"] != "")


def _adoption(returns: Returns) -> Found:
    episodes = returns.rows("Episodes")
    adopted = set(episodes[episodes["REC"].isin(ADOPTED)]["CHILD"])
    if "AD1" in returns:
        rows = returns.rows("AD1")
        yield "AD1", "CHILD", ~rows["CHILD"].isin(adopted)
        yield "AD1", "DATE_MATCH", returns.days("AD1", "DATE_MATCH") < returns.days("AD1", "DATE_INT")
        single, pair = rows["NB_ADOPTR"] == "1", rows["NB_ADOPTR"] == "2"
        yield (
            "AD1",
            "NB_ADOPTR",
            single & ~rows["SEX_ADOPTR"].isin(["M1", "F1"]) | pair & rows["SEX_ADOPTR"].isin(["M1", "F1"]),
        )
        yield "AD1", "LS_ADOPTR", (rows["LS_ADOPTR"] == "L11") & (rows["SEX_ADOPTR"] != "MF")
    told = set(returns.rows("AD1")["CHILD"]) if "AD1" in returns else set()
    yield "Episodes", "REC", episodes["REC"].isin(ADOPTED) & ~episodes["CHILD"].isin(told)


def _to_be_placed(returns: Returns) -> Found:
    decided = set(returns.rows("PlacedAdoption")["CHILD"]) if "PlacedAdoption" in returns else set()
    episodes = returns.rows("Episodes")
    yield "Episodes", "PLACE", episodes["PLACE"].isin(FOR_ADOPTION) & ~episodes["CHILD"].isin(decided)
    if "PlacedAdoption" in returns:
        rows, day = returns.rows("PlacedAdoption"), returns.days("PlacedAdoption", "DATE_PLACED")
        ended = returns.days("PlacedAdoption", "DATE_PLACED_CEASED")
        yield "PlacedAdoption", "DATE_PLACED", (day < _born(returns, "PlacedAdoption")) | (day > returns.end)
        yield "PlacedAdoption", "DATE_PLACED_CEASED", ended < day
        yield (
            "PlacedAdoption",
            "REASON_PLACED_CEASED",
            (rows["DATE_PLACED_CEASED"] == "") != (rows["REASON_PLACED_CEASED"] == ""),
        )


def _permanence(returns: Returns) -> Found:
    episodes = returns.rows("Episodes")
    begun = (episodes["RNE"] == "S") & (returns.days("Episodes", "DECOM") >= returns.start)
    told = set(returns.rows("PrevPerm")["CHILD"]) if "PrevPerm" in returns else set()
    yield "Episodes", "CHILD", begun & ~episodes["CHILD"].isin(told)
    if "PrevPerm" in returns:
        rows = returns.rows("PrevPerm")
        yield "PrevPerm", "CHILD", ~rows["CHILD"].isin(set(episodes[begun]["CHILD"]))
        yield "PrevPerm", "DATE_PERM", (rows["DATE_PERM"] == "") != (rows["PREV_PERM"] == "Z1")


def _workers(returns: Returns) -> Found:
    if "SWEpisodes" not in returns:
        return
    rows = returns.rows("SWEpisodes").assign(
        start=returns.days("SWEpisodes", "SW_DECOM"), end=returns.days("SWEpisodes", "SW_DEC")
    )
    rows = rows.sort_values(["CHILD", "start"], kind="stable")
    before = rows.groupby("CHILD")["end"].shift().fillna(NO_DAY)
    overlaps = (rows.groupby("CHILD").cumcount() > 0) & (before > rows["start"])
    yield "SWEpisodes", "SW_DECOM", overlaps.reindex(returns.rows("SWEpisodes").index)
    yield "SWEpisodes", "SW_DEC", (rows["end"] < rows["start"] + DAY).reindex(returns.rows("SWEpisodes").index)


RULES: tuple[Rule, ...] = (
    Rule("L1", "a child is in the header once", _one_header),
    Rule("L2", "a child of any table is in the header", _in_header),
    Rule("L3", "a child's day of birth is that of the header", _same_birth),
    Rule("L4", "a child has one row in this table", _one_row),
    Rule("L5 (302)", "an episode begins on or after the day of birth", _born_first),
    Rule("L6 (385)", "an episode begins by 31 March and, if it ended, ended in the year", _within_year),
    Rule("L7 (355, 356)", "an episode lasts at least a day", _lasts_a_day),
    Rule("L8 (148)", "an episode has both an end and its reason, or neither", _both_or_neither),
    Rule("L9 (142, 501)", "an episode begins when the one before it has ended, not before", _no_overlap),
    Rule("L10 (357, 432)", "a period of care begins with S, and an episode that goes on from another does not", _starts_with_s),
    Rule("L11 (431)", "X1 is followed by an episode on the same day, and no other end is", _continues),
    Rule("L12 (434 to 436)", "the reason for a new episode is what changed: legal status, placement or both", _says_what_changed),
    Rule("L13 (225, 226)", "a change of placement, and nothing else, has a reason for it", _why_moved),
    Rule("L14 (378, 408)", "the placement is one that the legal status allows", _place_and_order),
    Rule("L15 (371 to 374)", "the child is old enough for the placement", _place_and_age),
    Rule("L16 (178, 526, 550)", "a placement has a provider where it can have one; parents are PR0", _provider),
    Rule("L17 (381, 516)", "the end is one that the placement allows", _end_and_place),
    Rule("L18 (386, 389, 460)", "the end is one that the child's age allows", _end_and_age),
    Rule("L19 (359)", "care ends by the eighteenth birthday", _until_eighteen),
    Rule("L20 (361 to 363)", "emergency and police protection and assessment orders last no longer than the law allows", _orders_end),
    Rule("L21", "the category of need stays the same through a period of care", _need_stays),
    Rule("L22 (440, 441)", "a review is held in the year while the child is looked after, PN0 under four and only then", _reviews),
    Rule("L23 (304)", "a child who came alone has the header's sex and ceases to be one by 18", _alone),
    Rule("L24 (185, 189, 190)", "OC2 is of children looked after for twelve months, with one of score and reason", _outcomes),
    Rule("L25 (514, 601, 602)", "AD1 is of the children adopted in the year, dates in order, adopters of a kind", _adoption),
    Rule("L26 (119, 551)", "a child placed for adoption has a decision, and a decision that ended a reason", _to_be_placed),
    Rule("L27 (630, 635)", "those who started to be looked after, and only they, have a previous permanence, dated unless Z1",
         _permanence),
    Rule("L28 (SW09, SW10)", "spells with social workers last at least a day and do not overlap", _workers),
)  # fmt: skip
