"""Every bar has something that measures it, and a reason where it is not met."""

from pathlib import Path

import pytest

from tools import bars


def test_every_row_names_what_measures_it_and_every_test_is_there():
    assert bars.wrong(bars.rows()) == []


def test_the_page_has_every_row_with_what_falls_short_first():
    found = bars.rows()
    text = bars.page(found)
    assert all(f"| {row['id']} |" in text for row in found)
    assert text.index("## Falls short") < text.index("## Not measured") < text.index("## Met")
    kept = bars.PAGE.read_text(encoding="utf-8")
    assert all(f"| {row['id']} | {row['asked']}" in kept for row in found), "python tools/bars.py makes it anew"


ROW = {"id": "Z1", "group": "G", "asked": "A", "tests": ["tests/test_bars.py"], "verdict": "met", "found": "1"}


@pytest.mark.parametrize(("change", "said"), [
    ({"tests": []}, "Z1: nothing measures it"),
    ({"tests": ["tests/test_bars.py::test_no_such"]}, "Z1: tests/test_bars.py::test_no_such is gone"),
    ({"tests": ["tests/test_gone.py"]}, "Z1: tests/test_gone.py is gone"),
    ({"verdict": "fine"}, "verdict = fine"),
    ({"found": ""}, "what was found is missing"),
    ({"verdict": "short"}, "why and next are needed"),
    ({"asked": ""}, "asked is missing"),
])  # fmt: skip
def test_a_row_that_nothing_measures_or_explains_is_refused(change: dict, said: str):
    assert bars.wrong([ROW]) == []
    assert any(said in one for one in bars.wrong([ROW | change]))
    assert bars.wrong([ROW, ROW]) == ["Z1: is there twice"]


def test_a_figure_is_the_newest_that_was_measured(tmp_path: Path):
    one = '{"figures": [{"name": "speed", "value": 2.5, "unit": "M", "verdict": "bar not met"}]}'
    (tmp_path / "2026-01-01.json").write_text(one)
    (tmp_path / "2026-01-02.json").write_text(one.replace("2.5", "null").replace("bar not met", "not measured"))
    measured = bars.figures(tmp_path)
    assert measured["speed"]["value"] == 2.5
    row = next(row for row in bars.rows(measured=measured) if row["id"] == "S1")
    assert (row["verdict"], row["found"]) == ("short", "2.5 M (2026-01-01)")
