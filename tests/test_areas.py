"""Areas: every one is whole, what is filled is named, and a file that cannot be used is refused by name."""

import dataclasses
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from familyabm import areas
from familyabm.area_files import FIGURES, LARGEST_FILE, REQUIRED, SHARES, SPENDS, checked
from familyabm.areas import FIELD, FIELDS, Area
from familyabm.errors import InputError

OWN = {"la_name": "Our town", "region": "North East", "children_0_17": 20_000}
ALL_NAMES = areas.table()["la_name"].tolist()
TINY = ["City of London", "Isles of Scilly"]


def toml_file(folder: Path, **values: object) -> Path:
    path = folder / "own.toml"
    path.write_text(
        "\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items()), encoding="utf-8"
    )
    return path


def csv_file(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def refusal(path: Path) -> str:
    """Return the message with which a file is refused; it must be one sentence on one line."""
    with pytest.raises(InputError) as caught:
        areas.load(path)
    message = str(caught.value)
    assert message.isprintable()
    assert message.endswith(".")
    return message


def refusal_of(attempt, *arguments):
    """Return the message of the InputError an attempt ends in, or None; any other exception fails a test."""
    try:
        attempt(*arguments)
    except InputError as error:
        return str(error)
    return None


def test_every_column_of_the_table_is_a_field_and_an_attribute_of_an_area_in_the_same_order():
    names = [field.name for field in FIELDS]
    assert list(areas.table().columns) == names
    assert [field.name for field in dataclasses.fields(Area)] == [*names, "filled"]


def test_every_field_says_what_it_means_where_it_comes_from_and_what_is_accepted():
    for field in FIELDS:
        assert all((field.label, field.unit, field.source, field.year))
        assert field.low < field.high
        assert field.label[0].isupper()


def test_the_table_holds_the_153_authorities_as_published():
    table = areas.table()
    assert len(table) == 153
    assert table["la_code"].is_unique
    assert table["la_name"].is_unique
    assert table["children_0_17"].sum() == 12_183_016  # DfE, children 0-17 in England, mid-2024
    assert set(table["region"]) == set(areas.REGIONS) - {"England"}


def test_a_blank_of_the_table_is_unknown_and_never_zero():
    table = areas.table().set_index("la_name")
    assert math.isnan(table.loc["Middlesbrough", "spend_total_gbp"])
    assert table.loc["Essex", "source_housing_pct"] == 0.0
    assert table["source_housing_pct"].isna().sum() == 24


def test_the_table_may_be_altered_by_its_reader_without_altering_the_next_ones():
    table = areas.table()
    table["vacancy_pct"] = -1.0
    assert (areas.table()["vacancy_pct"].dropna() >= 0.0).all()


def test_every_official_figure_of_an_authority_that_is_not_tiny_is_in_its_accepted_range():
    table = areas.table()
    ordinary = table[table["children_0_17"] >= areas.TINY]
    assert sorted(set(table["la_name"]) - set(ordinary["la_name"])) == TINY
    outside = [
        (row["la_name"], field.name)
        for row in ordinary.to_dict("records")
        for field in FIGURES
        if not math.isnan(row[field.name]) and not field.allows(row[field.name], row["children_0_17"])
    ]
    assert outside == []


@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_authority_is_whole_and_only_named_figures_differ_from_the_official_ones(name):
    area = areas.named(name)
    official = areas.table().set_index("la_name").loc[name]
    for field in FIGURES:
        value = getattr(area, field.name)
        assert type(value) is float
        assert math.isfinite(value)
        if field.name not in area.filled:
            assert value == official[field.name]
        elif name not in TINY:
            assert math.isnan(official[field.name])
    assert type(area.children_0_17) is int
    assert sum(getattr(area, share) for share in SHARES) <= 100.0 + 1e-3
    assert sum(getattr(area, spend) for spend in SPENDS) <= area.spend_total_gbp + 1e-3
    assert area.foster_places_filled <= area.foster_places


def test_a_file_made_from_any_authority_gives_the_same_area_back(tmp_path):
    for area in (*map(areas.named, ALL_NAMES), areas.england()):
        values = area.as_dict()
        values.pop("filled")
        again = areas.load(toml_file(tmp_path, **values))
        assert again.filled == ()
        assert again.fingerprint() == area.fingerprint()


@pytest.mark.parametrize("name", ["Leeds", "LEEDS", "  leeds ", "E08000035", "e08000035"])
def test_an_authority_is_found_by_name_or_code_whatever_its_case(name):
    assert areas.named(name).la_code == "E08000035"
    assert areas.find(name) == areas.named("Leeds")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Leads", "Leeds"), ("Hull", "Kingston upon Hull, City of"), ("Bristol", "Bristol, City of"),
     ("Kensington & Chelsea", "Kensington and Chelsea"), ("North Yorks", "North Yorkshire")],
)  # fmt: skip
def test_an_unknown_name_is_refused_and_the_nearest_one_named(typed, meant):
    with pytest.raises(InputError, match="is not an English local authority") as caught:
        areas.named(typed)
    assert f"did you mean {meant}" in str(caught.value)
    assert typed in str(caught.value)


def test_a_folder_called_leeds_does_not_hide_leeds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Leeds").mkdir()
    (tmp_path / "notes").write_text("not an area")
    assert areas.find("Leeds").la_code == "E08000035"
    with pytest.raises(InputError, match=r"notes is not an area file; its name must end in \.toml or \.csv"):
        areas.find("notes")


def test_a_name_that_ends_like_a_file_is_a_file(tmp_path):
    path = toml_file(tmp_path, **OWN)
    assert areas.find(str(path)).la_name == "Our town"
    with pytest.raises(InputError, match=r"nowhere\.csv was not found"):
        areas.find(str(tmp_path / "nowhere.csv"))


def test_search_looks_in_names_codes_and_regions_and_takes_every_sign_literally():
    assert areas.search("YORKSHIRE").equals(areas.search("yorkshire"))
    assert "Leeds" in areas.search("yorkshire")["la_name"].tolist()
    assert areas.search("E08000035")["la_name"].tolist() == ["Leeds"]
    assert len(areas.search("")) == 153
    assert areas.search(".*(").empty


@given(st.text(max_size=300))
def test_no_name_does_anything_but_find_an_area_or_be_refused(name):
    for look in (areas.named, areas.find):
        message = refusal_of(look, name)
        assert message is None or message.isprintable()
    assert set(areas.search(name).columns) == set(FIELD)


def test_the_average_authority_has_englands_rates_and_its_share_of_englands_amounts():
    england = areas.england()
    assert england.children_0_17 == 60_000
    assert england.la_name == "England (average authority)"
    assert england.filled == ()
    share = 60_000 / 12_183_016
    # DfE 2025: 36,186.3 FTE, 6,540 unaccompanied children, 19.8% poor, 28.3% of referrals from the police
    assert england.social_workers_fte == pytest.approx(36_186.3 * share, rel=0.02)
    assert england.uasc_31_march == pytest.approx(6_540 * share, rel=0.005)
    assert england.child_poverty_pct == pytest.approx(19.8, abs=0.1)
    assert england.source_police_pct == pytest.approx(28.3, abs=0.6)
    assert england.vacancy_pct == pytest.approx(14.2, abs=0.3)


def test_the_average_authority_is_worked_from_the_table_by_hand_where_no_figure_is_absurd():
    table = areas.table()
    poverty = (table["child_poverty_pct"] * table["children_0_17"]).sum() / table["children_0_17"].sum()
    known = table[table["foster_places"].notna()]
    places = known["foster_places"].sum() / known["children_0_17"].sum() * 60_000
    assert areas.england().child_poverty_pct == pytest.approx(poverty, abs=1e-4)
    assert areas.england().foster_places == pytest.approx(places, abs=1e-4)
    assert areas.named("england") is areas.find("England (average authority)") is areas.england()


def authority(code, region, imd, **figures):
    return {"la_code": code, "region": region, "imd2019_score": imd, "child_poverty_pct": 20.0} | figures


def test_peers_are_ranked_by_deprivation_and_half_a_spread_for_another_region():
    # Scores 10, 12 ... 22: mean 16, variance (36+16+4+0+4+16+36)/7 = 16, spread 4. From a score of 16 in the
    # North: A 6/4 = 1.5, B 1.0, C 0.5, D (South) 0 + 0.5, E 0.5, F (South) 1 + 0.5, G 1.5; ties go by code.
    among = [authority(code, "North", 10.0 + 2 * i, vacancy_pct=1.0) for i, code in enumerate("ABCDEFG")]
    among[3]["region"] = among[5]["region"] = "South"
    own = authority("own", "North", 16.0)
    assert [peer["la_code"] for peer in areas.peers(own, "vacancy_pct", among)] == ["C", "D", "E", "B", "A"]


def test_an_authority_that_does_not_know_the_figure_and_the_area_itself_are_no_peers():
    among = [authority(code, "North", 10.0 + i, vacancy_pct=1.0) for i, code in enumerate("ABCDEFG")]
    among[3]["vacancy_pct"] = None
    found = areas.peers(authority("C", "North", 12.0), "vacancy_pct", among)
    assert [peer["la_code"] for peer in found] == ["B", "A", "E", "F", "G"]


def test_child_poverty_takes_the_place_of_an_unknown_deprivation_score():
    among = [authority(code, "North", 90.0 - i, vacancy_pct=1.0) for i, code in enumerate("ABCDEFG")]
    for i, row in enumerate(among):
        row["child_poverty_pct"] = 10.0 + i
    own = authority("own", "North", None) | {"child_poverty_pct": 9.0}
    assert [peer["la_code"] for peer in areas.peers(own, "vacancy_pct", among)] == ["A", "B", "C", "D", "E"]


def test_the_whole_region_stands_in_when_no_deprivation_figure_is_known(tmp_path):
    area = areas.load(toml_file(tmp_path, **OWN))
    north_east = areas.table().query("region == 'North East'")
    assert area.vacancy_pct == pytest.approx(north_east["vacancy_pct"].median(), abs=1e-4)
    per_child = north_east["social_workers_fte"] / north_east["children_0_17"]
    assert area.social_workers_fte == pytest.approx(per_child.median() * 20_000, abs=1e-4)
    assert set(area.filled) == {field.name for field in FIGURES}


def test_a_blank_figure_is_filled_from_peers_and_named(tmp_path):
    values = areas.named("Leeds").as_dict() | {"la_code": "own"}
    for name in ("filled", "turnover_pct", "foster_places"):
        values.pop(name)
    area = areas.load(toml_file(tmp_path, **values))
    assert area.filled == ("turnover_pct", "foster_places")
    assert (
        area.filled_sentence() == "Filled from similar authorities: turnover rate and approved foster places."
    )
    assert areas.named("Leeds").filled_sentence() == ""
    one = dataclasses.replace(area, filled=("imd2019_score",))
    assert one.filled_sentence() == "Filled from similar authorities: IMD 2019 average score."
    near = areas.peers(values, "turnover_pct")
    assert len(near) == 5
    assert near[0]["la_name"] == "Leeds"  # the same score and region: nothing is more alike
    assert area.turnover_pct == sorted(peer["turnover_pct"] for peer in near)[2]


def test_absurd_official_figures_of_a_tiny_authority_are_filled_and_named():
    scilly, city = areas.named("Isles of Scilly"), areas.named("City of London")
    assert {"vacancy_pct", "agency_pct", "social_workers_fte"} <= set(scilly.filled)
    assert 0.0 < scilly.vacancy_pct < 60.0
    assert scilly.social_workers_fte > 0.0
    assert "looked_after_cost_gbp_per_week" in city.filled
    assert city.looked_after_cost_gbp_per_week < 6_000.0
    assert city.agency_pct == 7.8  # plausible, so it stays as published
    assert "agency_pct" not in city.filled


def test_a_tiny_authority_is_no_peer():
    nothing_known = {"region": "England", "imd2019_score": None, "child_poverty_pct": None}
    own = areas.named("Leeds").as_dict() | nothing_known
    everyone = {peer["la_name"] for peer in areas.peers(own, "children_0_17")}
    assert everyone == set(ALL_NAMES) - {"Leeds", *TINY}


def test_filled_shares_give_way_to_the_areas_own(tmp_path):
    area = areas.load(toml_file(tmp_path, **OWN, source_police_pct=50, source_schools_pct=40))
    assert (area.source_police_pct, area.source_schools_pct) == (50.0, 40.0)
    assert sum(getattr(area, share) for share in SHARES) == pytest.approx(100.0, abs=1e-3)
    assert area.source_health_pct > area.source_housing_pct > 0.0


def test_filled_places_and_spend_fit_the_areas_own_totals(tmp_path):
    few = areas.load(toml_file(tmp_path, **OWN, foster_places=10, spend_total_gbp=8_000_000))
    assert few.foster_places_filled == pytest.approx(10.0)
    assert sum(getattr(few, spend) for spend in SPENDS) == pytest.approx(8_000_000.0, abs=1e-2)
    much = areas.load(toml_file(tmp_path, **OWN, spend_looked_after_gbp=45_000_000))
    assert much.spend_looked_after_gbp == 45_000_000.0
    assert much.spend_total_gbp == pytest.approx(sum(getattr(much, spend) for spend in SPENDS))
    assert "spend_total_gbp" in much.filled


def test_a_fingerprint_changes_with_any_value_and_with_nothing_else():
    leeds = areas.named("Leeds")
    assert len(leeds.fingerprint()) == 64
    assert dataclasses.replace(leeds, filled=("vacancy_pct",)).fingerprint() == leeds.fingerprint()
    assert dataclasses.replace(leeds, foster_places=970).fingerprint() == leeds.fingerprint()  # 970 is 970.0
    prints = {leeds.fingerprint()}
    for field in FIELDS:
        value = getattr(leeds, field.name)
        other = f"{value}." if isinstance(value, str) else value + 1
        prints.add(dataclasses.replace(leeds, **{field.name: other}).fingerprint())
    assert len(prints) == 1 + len(FIELDS)
    assert len({areas.named(name).fingerprint() for name in ALL_NAMES}) == 153


def test_the_least_file_is_a_name_a_region_and_the_number_of_children(tmp_path):
    area = areas.load(csv_file(tmp_path, "la_name,region,children_0_17\nOur town,north east,20000.0\n"))
    assert (area.la_code, area.la_name, area.region, area.children_0_17) == (
        "own",
        "Our town",
        "North East",
        20_000,
    )
    assert area == areas.load(toml_file(tmp_path, **OWN))


def test_a_spreadsheets_mark_blank_rows_and_blank_columns_are_no_obstacle(tmp_path):
    heading, row = "\ufeffla_name , region,children_0_17,vacancy_pct,", '"Our town, north",South West,20000,,'
    area = areas.load(csv_file(tmp_path, f"{heading}\r\n{row}\r\n,,,,\r\n"))
    assert area.la_name == "Our town, north"
    assert "vacancy_pct" in area.filled


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("vacancy_pct", True, "vacancy_pct = True is not a number"),
        ("vacancy_pct", "14", "vacancy_pct = '14' is not a number"),
        ("vacancy_pct", [14], r"vacancy_pct = \[14\] is not a number"),
        ("vacancy_pct", 60.5, "vacancy_pct = 60.5 % is outside 0 to 60 %"),
        ("vacancy_pct", -0.1, "vacancy_pct = -0.1 % is outside 0 to 60 %"),
        ("vacancy_pct", 10**400, "vacancy_pct is far too large"),
        ("children_0_17", 20_000.5, "children_0_17 = 20000.5 is not a whole number"),
        ("children_0_17", 99, "children_0_17 = 99 children is outside 100 to 2,000,000 children"),
        ("children_0_17", False, "children_0_17 = False is not a number"),
        ("children_0_17", "many", "children_0_17 = 'many' is not a number; write 100 to 2,000,000 children"),
        (
            "social_workers_fte",
            2,
            "social_workers_fte = 2 FTE for 20,000 children is outside 5 to 100 FTE per 10,000 children",
        ),
        ("la_name", 7, "la_name = 7 is not text"),
        ("la_name", "  ", "la_name = '  ' is not plain text of 1 to 80 characters"),
        ("la_name", "a\nb", "la_name = .* is not plain text"),
        ("la_name", "a" * 81, "la_name = .* is not plain text of 1 to 80 characters"),
        ("region", "Nort East", r"region = 'Nort East' is not one of .*\(did you mean North East\?\)"),
        ("vacency_pct", 10, r"'vacency_pct' is not a field of an area \(did you mean vacancy_pct\?\)"),
        ("filled", [], "'filled' is not a field of an area"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name_with_what_would_be_accepted(
    tmp_path, name, value, says
):
    path = toml_file(tmp_path, **(OWN | {name: value}))
    with pytest.raises(InputError, match=f"^own.toml: {says}"):
        areas.load(path)
    refusal(path)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "+nan"])
def test_a_toml_number_that_is_not_finite_is_refused(tmp_path, number):
    path = toml_file(tmp_path, **OWN)
    path.write_text(f"{path.read_text()}\nagency_pct = {number}\n")
    assert "agency_pct" in refusal(path)
    assert "not a finite number; write 0 to 60 %, or leave it out if unknown" in refusal(path)


@pytest.mark.parametrize(
    "cell", ["nan", "inf", "1e999", "True", "1_000", "60;000", "12%", "٣", "0x10", "--1", "1e"]
)
def test_a_cell_that_is_not_a_plain_number_is_refused(tmp_path, cell):
    path = csv_file(tmp_path, f"la_name,region,children_0_17,agency_pct\nOurs,North East,20000,{cell}\n")
    assert refusal(path).startswith("own.csv: agency_pct = ")


@pytest.mark.parametrize("missing", REQUIRED)
def test_a_required_field_left_out_or_blank_is_named(tmp_path, missing):
    kept = {name: value for name, value in OWN.items() if name != missing}
    assert f"{missing} is missing" in refusal(toml_file(tmp_path, **kept))
    row = ",".join("" if name == missing else str(value) for name, value in OWN.items())
    assert f"{missing} is missing" in refusal(csv_file(tmp_path, f"{','.join(OWN)}\n{row}\n"))


def test_parts_above_their_whole_are_refused(tmp_path):
    shares = {"source_police_pct": 50, "source_schools_pct": 40, "source_health_pct": 20}
    assert "= 110 is more than 100% of referrals" in refusal(toml_file(tmp_path, **OWN, **shares))
    places = {"foster_places": 100, "foster_places_filled": 120}
    assert "foster_places_filled = 120 is more than foster_places = 100" in refusal(
        toml_file(tmp_path, **OWN, **places)
    )
    spend = {"spend_total_gbp": 10_000_000, "spend_looked_after_gbp": 11_000_000}
    assert "spend_looked_after_gbp = 11000000 is more than spend_total_gbp" in refusal(
        toml_file(tmp_path, **OWN, **spend)
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has 0 rows"),
        ("la_name,region,children_0_17\n", "has 0 rows"),
        ("la_name,region,children_0_17\na,North East,20000\nb,North East,20000\n", "has 2 rows"),
        ("la_name,region,la_name\na,North East,b\n", "the column 'la_name' appears twice"),
        ("la_name,region,children_0_17\na,North East\n", "has 3 column names and 2 values"),
        ("la_name,region,children_0_17\na,North East,20,000\n", "has 3 column names and 4 values"),
        ("la_name,,children_0_17\na,North East,20000\n", "column 2 has a value but no name"),
        ('la_name,region\n"a,North East\n', "is not valid CSV"),
        ("la_name\n" + "a" * 200_000 + "\n", "is not valid CSV"),
    ],
)
def test_a_csv_file_that_is_not_one_area_is_refused(tmp_path, text, says):
    assert says in refusal(csv_file(tmp_path, text))


@pytest.mark.parametrize(
    "text", ["la_name = ", "[[", "a = 1\na = 2", "a = " + "[" * 5_000, "a = " + "9" * 5_000]
)
def test_a_toml_file_that_is_not_toml_is_refused(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text)
    assert refusal(path).startswith("own.toml")


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    assert "gone.toml was not found" in refusal(tmp_path / "gone.toml")
    assert "own.xlsx is not an area file" in refusal(tmp_path / "own.xlsx")
    assert "not found" in refusal(tmp_path / "nul\0.toml") or "could not be read" in refusal(
        tmp_path / "nul\0.toml"
    )
    assert "could not be read" in refusal(tmp_path / ("a" * 5_000 + ".csv"))
    (tmp_path / "folder.csv").mkdir()
    assert "folder.csv is not a file" in refusal(tmp_path / "folder.csv")
    (tmp_path / "latin.toml").write_bytes('la_name = "Bédford"'.encode("latin-1"))
    assert "latin.toml is not UTF-8 text" in refusal(tmp_path / "latin.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * (LARGEST_FILE + 1))
    assert "large.toml is larger than 1 MB" in refusal(tmp_path / "large.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_at_once_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "pipe.csv is not a file" in refusal(tmp_path / "pipe.csv")


hostile = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
numbers = st.integers() | st.floats() | st.booleans()
single = numbers | st.text() | st.none() | st.dates()
anything = st.recursive(single, lambda inner: st.lists(inner, max_size=3), max_leaves=5)


def within(field):
    """Draw values that the field accepts for an area of 20,000 children."""
    size = 2.0 if field.kind == "amount" else 1.0
    return st.floats(field.low * size, field.high * size)


@hostile
@given(st.binary(max_size=400) | st.text(alphabet="la_nmergioch=\"',[]{}.\n\r\x00 #017").map(str.encode))
def test_no_contents_of_a_file_do_anything_but_be_refused(tmp_path, content):
    for ending in (".toml", ".csv"):
        path = tmp_path / f"hostile{ending}"
        path.write_bytes(content)
        assert f"hostile{ending}" in refusal(path)


@hostile
@given(name=st.sampled_from([field.name for field in FIELDS]) | st.text(), value=anything)
def test_no_value_does_anything_but_be_kept_or_be_refused_by_name(name, value):
    message = refusal_of(checked, OWN | {name: value}, "hostile")
    if message is None:
        kept = checked(OWN | {name: value}, "hostile")[name]
        assert kept in (None, value, "own") or kept.casefold() == value.strip().casefold()
    else:
        assert message.startswith("hostile: ")
        assert message.isprintable()
        assert name in message or name not in FIELD


@hostile
@given(st.fixed_dictionaries({}, optional={field.name: within(field) for field in FIGURES}))
def test_whatever_a_file_leaves_out_the_area_is_whole_plausible_and_keeps_its_own_figures(tmp_path, figures):
    path = toml_file(tmp_path, **OWN, **figures)
    message = refusal_of(areas.load, path)
    if message is not None:
        assert "is more than" in message
        return
    area = areas.load(path)
    assert set(area.filled).isdisjoint(figures)
    assert all(getattr(area, name) == value for name, value in figures.items())
    assert all(math.isfinite(getattr(area, field.name)) for field in FIGURES)
    assert sum(getattr(area, share) for share in SHARES) <= 100.5
    assert area.foster_places_filled <= area.foster_places * 1.005 + 1e-4


def test_one_area_is_read_without_waiting_for_pandas():
    use = "from familyabm import areas; areas.named('Leeds'); areas.england()"
    code = f"import sys; {use}; print('pandas' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
