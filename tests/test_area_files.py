"""An area of the user's own: every file is read whole or refused in one sentence."""

import math
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_areas import csv_file, refusal, refusal_of, toml_file

from familyabm import areas
from familyabm.area_files import FIGURES, LARGEST_FILE, REQUIRED, SHARES, checked
from familyabm.areas import FIELD, FIELDS
from familyabm.errors import InputError

OWN = {"la_name": "Our town", "region": "North East", "children_0_17": 20_000}
ALL_NAMES = areas.table()["la_name"].tolist()
TINY = ["City of London", "Isles of Scilly"]


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
def test_a_value_that_cannot_be_used_is_refused_by_name_with_what_would_be_accepted(tmp_path, name, value, says):
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


@pytest.mark.parametrize("cell", ["nan", "inf", "1e999", "True", "1_000", "60;000", "12%", "٣", "0x10", "--1", "1e"])
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
        ("la_name\n" + "a" * 150_000 + "\n", "is not valid CSV"),
    ],
)
def test_a_csv_file_that_is_not_one_area_is_refused(tmp_path, text, says):
    assert says in refusal(csv_file(tmp_path, text))


@pytest.mark.parametrize("text", ["la_name = ", "[[", "a = 1\na = 2", "a = " + "[" * 5_000, "a = " + "9" * 5_000])
def test_a_toml_file_that_is_not_toml_is_refused(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text)
    assert refusal(path).startswith("own.toml")


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    assert "gone.toml was not found" in refusal(tmp_path / "gone.toml")
    assert "own.xlsx is not an area file" in refusal(tmp_path / "own.xlsx")
    assert "not found" in refusal(tmp_path / "nul\0.toml") or "could not be read" in refusal(tmp_path / "nul\0.toml")
    assert "could not be read" in refusal(tmp_path / ("a" * 5_000 + ".csv"))
    (tmp_path / "folder.csv").mkdir()
    assert "folder.csv is not a file" in refusal(tmp_path / "folder.csv")
    (tmp_path / "latin.toml").write_bytes('la_name = "Bédford"'.encode("latin-1"))
    assert "latin.toml is not UTF-8 text" in refusal(tmp_path / "latin.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * (LARGEST_FILE + 1))
    assert "large.toml is larger than 200 kB" in refusal(tmp_path / "large.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_at_once_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "pipe.csv is not a file" in refusal(tmp_path / "pipe.csv")


hostile = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
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
