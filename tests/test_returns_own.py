"""An authority's own returns: aggregates only, small numbers suppressed, damage in one sentence, and files that others take."""

import shutil

import pandas as pd
import pytest

from familyabm import areas
from familyabm.areas import named
from familyabm.errors import InputError
from familyabm.returns import own_area, reading
from familyabm.returns.counting import Figure
from familyabm.truth import outcomes
from tests.returns_runs import LAST, tables


@pytest.fixture
def damaged(returns, tmp_path):
    """A copy of a year's files of one shape, to be damaged."""
    return lambda shape: shutil.copytree(returns / shape / str(LAST), tmp_path / "damaged" / shape)


def told(folder, **given):
    return own_area.own(reading.read(folder), named("Wakefield"), **given)


def test_the_area_file_is_one_that_is_read_and_says_what_comes_from_returns(returns, tmp_path):
    found = told(returns)
    path = tmp_path / "own.toml"
    path.write_text(own_area.area_text(found), encoding="utf-8")
    place, published = areas.load(path), named("Wakefield")
    assert (place.la_name, place.children_0_17) == (published.la_name, published.children_0_17)
    assert place.spend_total_gbp == published.spend_total_gbp
    police = [value for name, value in found.fields.items() if name == "source_police_pct"]
    assert [place.source_police_pct] == police and police != [published.source_police_pct]


def test_the_outcomes_are_a_table_that_fit_and_validate_read(returns):
    found = told(returns)
    table = outcomes.parse(own_area.outcomes_text(found), "own")
    row = table.rows.loc["Wakefield"]
    for column, value in found.outcomes.items():
        assert (value is None and pd.isna(row[column])) or row[column] == value
    assert not table.ignored


def test_no_identifier_of_a_child_is_in_any_file_that_is_written(returns, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from familyabm import cli

    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(cli.app, ["area", "from-returns", str(returns), "--area", "Wakefield"])
    assert ran.exit_code == 0, ran.output
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in written} == {"wakefield-returns.toml", "wakefield-returns-outcomes.csv"}
    text = ran.output + "".join(path.read_text(encoding="utf-8") for path in written)
    people = tables("cin-census")["ChildIdentifiers"]
    assert len(people) > 100
    for column in ("LAchildID", "PersonBirthDate"):
        assert not [value for value in people[column] if value in text]
    assert not [value for value in tables("ssda903")["Header"]["DOB"] if value in text]


@pytest.mark.parametrize(
    ("figure", "hidden"),
    [
        (Figure(0), False), (Figure(1), True), (Figure(5), True), (Figure(6), False),
        (Figure(20, 40), False), (Figure(3, 40), True), (Figure(37, 40), True), (Figure(0, 40), False),
        (Figure(40, 40), False), (Figure(2, 4), True),
    ],
)  # fmt: skip
def test_one_to_five_children_and_what_would_tell_of_them_are_suppressed(figure, hidden):
    assert own_area.small(figure) is hidden


def test_one_suppressed_source_takes_another_with_it():
    sources = {f"source_{name}_pct": Figure(count, 100) for name, count in
               (("police", 40), ("schools", 25), ("health", 20), ("housing", 3), ("la_services", 12))}  # fmt: skip
    values = {name: None if own_area.small(one) else one.count for name, one in sources.items()}
    safe = own_area._sources_safe(values, sources)
    assert [name for name, value in safe.items() if value is None] == ["source_housing_pct", "source_la_services_pct"]


def test_a_part_is_told_for_the_whole_authority(returns):
    every, part = told(returns), told(returns, children=named("Wakefield").children_0_17 // 2)
    twice = 2.0 * every.outcomes["cla_rate"]
    assert part.outcomes["cla_rate"] == pytest.approx(twice, abs=0.15)  # both are told to one place
    assert part.outcomes["cla_ceased"] is None or part.outcomes["cla_ceased"] >= every.outcomes["cla_ceased"]


def test_annex_a_alone_tells_of_a_year_from_six_months(returns):
    found, census = told(returns / "annex-a"), told(returns / "cin-census")
    assert found.outcomes["cpp_rate"] == census.outcomes["cpp_rate"]
    assert found.outcomes["cin_rate"] == census.outcomes["cin_rate"]
    assert found.outcomes["referral_rate"] == pytest.approx(census.outcomes["referral_rate"], rel=0.3)


def test_the_census_as_xml_tells_the_same_as_its_tables(returns, tmp_path):
    for year in (LAST - 1, LAST):
        (tmp_path / str(year)).mkdir()
        shutil.copy(returns / "cin-census" / str(year) / "cin_census.xml", tmp_path / str(year))
    assert told(tmp_path).outcomes == told(returns / "cin-census").outcomes


def test_an_earlier_year_can_be_asked_for_and_one_that_is_not_there_is_refused(returns):
    assert told(returns, year=LAST - 1).year == LAST - 1
    with pytest.raises(InputError, match=r"--year 2001: the returns are of 2023, 2024, 2025\."):
        told(returns, year=2001)


def rewrite(path, change):
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(frame).to_csv(path, index=False)


def cell(column, value, row=3):
    def change(frame):
        frame.loc[row, column] = value
        return frame

    return change


DAMAGE = {
    "a day that is none": ("ssda903", "episodes.csv", cell("DECOM", "32/13/2024"),
                           r"episodes\.csv: row 5: DECOM = '32/13/2024' is not accepted; a day as 31/03/2025"),
    "a day of another style": ("ssda903", "episodes.csv", cell("DECOM", "2024-05-06"), r"row 5: DECOM = '2024-05-06'"),
    "an unknown placement": ("ssda903", "episodes.csv", cell("PLACE", "XX"), r"row 5: PLACE = 'XX' is not accepted; one of A3"),
    "an unknown source": ("cin-census", "cin_details.csv", cell("ReferralSource", "77"), r"cin_details\.csv: row 5: ReferralSource = '77'"),
    "no number of plans": ("cin-census", "child_protection_plans.csv", cell("NumberOfPreviousCPP", "many", 1), r"row 3: NumberOfPreviousCPP = 'many' is not accepted; a whole number from 0 to 50"),
    "no child": ("ssda903", "episodes.csv", cell("CHILD", ""), r"row 5: CHILD = '' is not accepted; a child's identifier is"),
    "a column twice": ("ssda903", "episodes.csv", lambda frame: pd.concat([frame, frame[["DEC"]]], axis=1), r"column 'DEC' is given twice"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_one_sentence_that_names_file_row_column_value_and_what_is_accepted(damaged, damage):
    shape, name, change, words = DAMAGE[damage]
    folder = damaged(shape)
    rewrite(folder / name, change)
    with pytest.raises(InputError, match=words) as refused:
        told(folder)
    assert "\n" not in str(refused.value)


RAW = {
    "a short row": (b"CHILD,DECOM,RNE,LS,CIN,PLACE\nSYN1,01/04/2024,S\n", r"row 2 has 3 cells under 6 headings"),
    "an open quotation": (b'CHILD,DECOM,RNE,LS,CIN,PLACE\n"SYN1,01/04/2024\n', r"is not valid CSV"),
    "bytes that are no text": (b"CHILD,DECOM\xff\xfe", r"is not UTF-8 text"),
}


@pytest.mark.parametrize("damage", RAW)
def test_a_file_that_is_no_table_is_refused_by_name(tmp_path, damage):
    content, words = RAW[damage]
    (tmp_path / "episodes.csv").write_bytes(content)
    with pytest.raises(InputError, match=r"episodes\.csv.*" + words):
        reading.read(tmp_path)


def test_xml_with_a_document_type_is_refused(tmp_path):
    (tmp_path / "census.xml").write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><Message>&b;</Message>')
    with pytest.raises(InputError, match=r"census\.xml declares a document type"):
        reading.read(tmp_path)


def test_a_folder_without_returns_says_which_headings_are_looked_for(tmp_path):
    (tmp_path / "letter.csv").write_text("Dear,Sir\n1,2\n")
    with pytest.raises(InputError, match="no file with the headings of a return"):
        reading.read(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        reading.read(tmp_path / "letter.csv")
