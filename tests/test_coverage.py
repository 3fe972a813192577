"""Every line of the sources is mapped to something that is there, and the page that says so is up to date."""

import ast
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from familyabm import cli, coverage

ROOT = Path(__file__).parent.parent
TO_COME = 0
"""Lines for which a mechanism is still to come; a line that is done takes one off."""


@cache
def existing_tests() -> set[str]:
    return {
        f"{path.name}::{entry.name}"
        for path in (ROOT / "tests").glob("test_*.py")
        for entry in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(entry, ast.FunctionDef) and entry.name.startswith("test_")
    }


def test_every_line_is_mapped_or_owned_up_to():
    assert coverage.gaps(coverage.lines()) == []


def test_no_more_lines_are_to_come_than_are_owned_up_to():
    assert len([row.line for row in coverage.lines() if row.to_come]) == TO_COME


def test_nothing_in_the_register_names_what_is_gone():
    assert coverage.gone(coverage.lines(), existing_tests()) == []


def test_the_page_is_the_register_as_it_is_now():
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == coverage.page()


def test_a_line_left_out_or_mapped_to_nothing_is_told():
    register = coverage.lines()
    assert coverage.gaps(register[1:]) != []
    bare = [replace(row, rule=(), measure=(), scenario=()) if row.line == "M80" else row for row in register]
    assert coverage.gaps(bare) == ["M80 is mapped to nothing that a test holds to"]
    untested = [replace(row, test=()) if row.line == "M80" else row for row in register]
    assert coverage.gaps(untested) == ["M80 is mapped to nothing that a test holds to"]


def test_a_line_may_be_passed_over_only_if_it_is_furniture():
    register = coverage.lines()
    excused = [replace(row, note=coverage.NOTHING) if row.line == "M80" else row for row in register]
    assert coverage.gaps(excused) == ["M80 is furniture in the register or in the list, not in both"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("process", "P21"),
        ("rule", "allocation.no_such_rule"),
        ("rule", "no_such_module.share_out"),
        ("measure", "no_such_measure"),
        ("scenario", "no-such-scenario"),
        ("test", "test_measures.py::test_no_such_test"),
    ],
)
def test_a_name_that_names_nothing_is_told(kind, name):
    row = next(row for row in coverage.lines() if row.line == "M80")
    assert coverage.gone([replace(row, **{kind: (name,)})], existing_tests()) == [f"M80: {kind} {name}"]


def test_the_command_prints_the_page_and_writes_it(monkeypatch, capsys, tmp_path):
    def call(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["familyabm", "coverage", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        assert not stopped.value.code
        return capsys.readouterr().out

    assert call() == coverage.page()
    assert [row["line"] for row in json.loads(call("--json"))] == list(coverage.LINES)
    assert call("--write", str(tmp_path / "new" / "coverage.md")) == ""
    assert (tmp_path / "new" / "coverage.md").read_text(encoding="utf-8") == coverage.page()
