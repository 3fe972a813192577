"""Areas: every one is whole, what is filled is named, and a file that cannot be used is refused by name."""

import dataclasses
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from familyabm import areas, population
from familyabm.area_files import FIGURES, SHARES, SPENDS
from familyabm.areas import FIELD, FIELDS, Area
from familyabm.codes import Factor
from familyabm.errors import InputError
from familyabm.parameters import DEFAULT, changed

OWN = {"la_name": "Our town", "region": "North East", "children_0_17": 20_000}
ALL_NAMES = areas.table()["la_name"].tolist()
TINY = ["City of London", "Isles of Scilly"]


def toml_file(folder: Path, **values: object) -> Path:
    path = folder / "own.toml"
    path.write_text("\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items()), encoding="utf-8")
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
    assert [field.name for field in dataclasses.fields(Area)] == [*names, "filled", "multipliers"]


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


def test_a_neighbourhood_is_deprived_partly_in_its_own_authority_and_worsening_follows_deprivation_less_than_onset():
    england, poorer = (
        areas.england(),
        dataclasses.replace(areas.england(), imd2019_score=2.0 * areas.england().imd2019_score),
    )
    parameters = changed(DEFAULT, {
        "circumstances.abuse_by_deprivation": 0.2, "circumstances.worse_by_deprivation": 0.5,
        "circumstances.relative_deprivation": 0.6,
    })  # fmt: skip
    facts = [population.facts_of(area, parameters, 0.1) for area in (england, poorer)]
    rise, rise_there = (population.chances(parameters, fact)[0].decile_rise[Factor.DOMESTIC_ABUSE] for fact in facts)
    assert rise[0, 10] == pytest.approx(math.exp(0.2 * 4.5 / 2.87))
    assert rise[1, 10] == rise[2, 10] == pytest.approx(math.exp(0.1 * 4.5 / 2.87))
    assert rise_there[0, 10] == pytest.approx(rise[0, 10] * math.exp(-0.2 * 0.6 * math.log(2.0) / 0.65))


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
    assert area.filled_sentence() == "Filled from similar authorities: turnover rate and approved foster places."
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
