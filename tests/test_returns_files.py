"""Extracts on disk and the commands about them: what they are marked with, what tools need, and what is refused."""

import csv
import json
import zipfile
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pytest
from typer.testing import CliRunner

from familyabm import cli
from familyabm.returns import cutting, dates, shapes, writing
from familyabm.worlds import STATUS_LINE
from tests.returns_runs import LAST, SEED, YEARS, extract


def call(*words):
    return CliRunner().invoke(cli.app, list(words))


def test_every_file_of_an_extract_is_marked_as_synthetic(returns):
    for shape in shapes.SHAPES:
        folder = returns / shape
        readme = (folder / "README.md").read_text(encoding="utf-8")
        note = json.loads((folder / "extract.json").read_text(encoding="utf-8"))
        assert STATUS_LINE in readme and writing.SYNTHETIC in readme and note["address"] in readme
        assert f"seed {SEED}" in readme and note["version"] in readme and note["synthetic"] is True
        for layout in shapes.layouts(shape).values():
            if not layout.child or layout.table == "List 11":
                continue
            with (folder / str(LAST) / layout.file).open(encoding="utf-8", newline="") as file:
                assert all(row[layout.child].startswith(cutting.MARK) for row in csv.DictReader(file))


def test_years_are_folders_that_hold_nothing_but_the_shape(tmp_path):
    folder = extract("ssda903", tmp_path / "x")
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [str(LAST - n) for n in (2, 1, 0)][:YEARS]
    assert {path.name for path in (folder / str(LAST)).iterdir()} == {
        one.file for one in shapes.layouts("ssda903").values()
    }
    extract("annex-a", folder)  # another shape into the same folder leaves nothing of the first
    assert "episodes.csv" not in {path.name for path in (folder / str(LAST)).iterdir()}


def test_the_census_is_xml_in_the_order_of_its_specification(returns):
    root = ElementTree.parse(returns / "cin-census" / str(LAST) / "cin_census.xml").getroot()
    order = ["CINreferralDate", "ReferralSource", "PrimaryNeedCode", "CINclosureDate", "ReasonForClosure",
             "DateOfInitialCPC", "Assessments", "CINPlanDates", "Section47", "ReferralNFA", "ChildProtectionPlans"]  # fmt: skip
    cases = root.findall(".//CINdetails")
    assert len(cases) > 100
    for case in cases:
        places = [order.index(part.tag) for part in case]
        assert places == sorted(places)


def test_annex_a_is_a_workbook_too_with_a_sheet_for_each_list(returns):
    with zipfile.ZipFile(returns / "annex-a" / str(LAST) / "annex_a.xlsx") as book:
        sheets = book.read("xl/workbook.xml").decode()
        assert all(f'name="List {number}"' in sheets for number in range(1, 12)) and 'name="Read me"' in sheets
        assert STATUS_LINE in book.read("xl/sharedStrings.xml").decode()


REFUSED = {
    "no shape": (["extract", "Wakefield", "--out", "x"], "--shape '' is not known"),
    "a slip": (["extract", "Wakefield", "--shape", "ssda9003", "--out", "x"], "did you mean ssda903?"),
    "no folder": (["extract", "Wakefield", "--shape", "ssda903"], "--out DIR is needed"),
    "no such area": (["extract", "Wakefeeld", "--shape", "ssda903", "--out", "x"], "Wakefeeld"),
    "a year of another age": (["extract", "Wakefield", "--shape", "ssda903", "--out", "x", "--ending", "1999"], "ending = 1999"),
    "no years": (["extract", "Wakefield", "--shape", "ssda903", "--out", "x", "--years", "0"], "years = 0"),
    "a word too many": (["extract", "Wakefield", "here", "--shape", "ssda903"], "one word too many"),
    "check of nothing": (["extract", "check"], "needs a folder"),
    "returns of England": (["area", "from-returns", ".", "--area", "England"], "not a single English authority"),
    "returns that are not there": (["area", "from-returns", "nowhere", "--area", "Leeds"], "is not a folder"),
}  # fmt: skip


@pytest.mark.parametrize("refused", REFUSED)
def test_what_cannot_be_done_is_one_sentence_before_anything_is_lived(tmp_path, monkeypatch, refused):
    words, sentence = REFUSED[refused]
    monkeypatch.chdir(tmp_path)
    ran = call(*words)
    assert ran.exit_code != 0
    assert sentence in str(ran.exception)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    ran = call("extract", "Wakefield", "--shape", "ssda903", "--out", str(tmp_path))
    assert "is not empty" in str(ran.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.slow
def test_the_command_writes_an_extract_that_its_own_check_passes(tmp_path):
    out = tmp_path / "x"
    ran = call("extract", "Wakefield", "--shape", "ssda903", "--years", "1", "--scale", "0.02", "--out", str(out))
    assert ran.exit_code == 0, ran.exception
    assert "Synthetic" in ran.output
    checked = call("extract", "check", str(out), "--json")
    assert checked.exit_code == 0
    assert json.loads(checked.output)["found"] == []
    (out / "2025" / "header.csv").write_text((out / "2025" / "header.csv").read_text().replace(",NOBT,", ",ABCD,", 1))
    again = call("extract", "check", str(out))
    assert again.exit_code == 1 and "ABCD" in again.output


@pytest.mark.parametrize("year", range(2015, 2035))
def test_a_week_takes_at_most_five_working_days_and_years_end_in_march(year):
    calendar = dates.Calendar(104, year)
    assert calendar.working_day(103, 4) <= date(year, 3, 31) < calendar.working_day(104, 0)
    for place in range(5):
        days = np.array([calendar.working_day(week, place) for week in range(-60, 104)], dtype="datetime64[D]")
        for weeks in (1, 3, 9):
            assert dates.working_days(days[:-weeks], days[weeks:]).max() <= 5 * weeks


def test_bank_holidays_are_those_of_the_gazette():
    """Source: gov.uk, UK bank holidays, England and Wales, 2022 (two moved, one of mourning) and 2027."""
    assert dates.bank_holidays(2022) == tuple(map(date.fromisoformat, (
        "2022-01-03", "2022-04-15", "2022-04-18", "2022-05-02", "2022-06-02", "2022-06-03", "2022-08-29", "2022-09-19",
        "2022-12-26", "2022-12-27")))  # fmt: skip
    assert date(2027, 12, 27) in dates.bank_holidays(2027) and date(2027, 12, 28) in dates.bank_holidays(2027)


def test_birthdays_fall_into_the_week_in_which_the_model_has_them():
    calendar = dates.Calendar(52, 2025)
    for week in range(-18 * 52, -17 * 52):
        for place in range(1, 6):
            turns = dates.birthday(calendar.birthday(week, place), 18)
            first = dates._week_start(2025, week + 18 * 52)
            following = dates._week_start(2025, week + 18 * 52 + 1)
            assert first <= turns < following
