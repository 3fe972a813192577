"""Hostile files, flags and links: nothing raises, hangs, fills memory or leaves a file; each refusal names its field.

`make torture` does the same at length.
"""

import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from familyabm import areas, levers
from familyabm.errors import LONGEST, InputError, plain_number, shown
from familyabm.lab import study_files
from familyabm.toml_fields import file_text
from familyabm.truth import effects_files, outcomes
from tests.hostile import AREA, READERS, STUDY, VALUES, WHOLE, WORLD, refusal, spoilt

EXAMPLES = 25


@pytest.mark.parametrize("name", READERS)
def test_what_is_accepted_is_accepted(tmp_path: Path, name: str):
    """Else the tests below would spoil nothing."""
    assert refusal(name, READERS[name][1], tmp_path) == ""


@pytest.mark.parametrize("name", READERS)
def test_whatever_is_no_file_of_ours_is_refused_or_ignored(tmp_path: Path, name: str):
    for content in WHOLE:
        refusal(name, content, tmp_path)


@pytest.mark.parametrize("name", READERS)
def test_a_spoilt_file_is_one_sentence_and_nothing_else(tmp_path_factory: pytest.TempPathFactory, name: str):
    folder = tmp_path_factory.mktemp("hostile")

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(spoilt(READERS[name][1]))
    def reads(content: bytes) -> None:
        refusal(name, content, folder)

    reads()


FIELDS = {
    "area.toml": (AREA, [b"la_name", b"region", b"children_0_17", b"vacancy_pct"]),
    "world": (WORLD, [b"title", b"maturity", b"parts", b"continuity", b'"harm.level_2"']),
    "study": (STUDY, [b"areas", b"worlds", b"lucks", b"years", b"scale", b"measures", b"low", b"kind", b"points"]),
}
READ_AS_TOML = [
    value for value in VALUES if value not in (b"", b"-", b"=") and b"\xff" not in value and len(value) < 60
]


@pytest.mark.parametrize("name", FIELDS)
def test_a_refusal_names_the_field_that_was_spoilt(tmp_path: Path, name: str):
    content, fields = FIELDS[name]
    refused = 0
    for field in fields:
        for value in READ_AS_TOML:
            lines = [
                field + b" = " + value if line.startswith(field + b" =") else line for line in content.split(b"\n")
            ]
            said = refusal(name, b"\n".join(lines), tmp_path)
            refused += bool(said)
            about = field.decode().strip('"')
            known = "not valid TOML" in said or about in said or about.rstrip("s") in said or about == "kind"
            assert not said or known, (field, value, said)
    assert refused > len(READ_AS_TOML)


def test_a_message_has_an_end_and_is_one_line_whatever_it_tells_of():
    assert len(str(InputError("x" * 10**6))) <= LONGEST
    assert str(InputError("a\nb\x1b[31m\u202e")).isprintable()
    assert "too long to show" in shown(16**5000)


@pytest.mark.parametrize(
    "text", ["1_000", "٣", "nan", "inf", "-Infinity", "0x10", "1e99999", "", " ", "1 2", "1,5", "9" * 500]
)
def test_what_python_takes_for_a_number_and_people_do_not_is_none(text: str):
    assert plain_number(text) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_in_plain_digits_is_itself(value: float):
    assert plain_number(repr(value)) == value


BOMBS = {
    "area.toml": b"a = " + b"[" * 400 + b"1," * 200_000 + b"]" * 400,
    "study": b"lucks = [" + b"1," * 100_000 + b"]\n" + STUDY.replace(b"lucks = 2\n", b""),
    "outcomes": b"la_name,cpp_rate\n" + b"Leeds,1\n" * 400_000,
    "census": b"<Message><Header/><Children>" + b"<Child>" * 100_000 + b"</Child>" * 100_000 + b"</Children></Message>",
    "link": b"area=x&" * 500_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_small_on_the_disk_and_large_when_read_stays_small(tmp_path: Path, name: str):
    tracemalloc.start()
    refusal(name, BOMBS[name], tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("read", "ending"),
    [
        (areas.load, "toml"),
        (levers.load, "toml"),
        (study_files.load, "toml"),
        (effects_files.load, "toml"),
        (outcomes.read, "csv"),
    ],
)
def test_what_never_ends_is_refused_and_not_waited_for(tmp_path: Path, read, ending: str):
    pipe, link = tmp_path / f"pipe.{ending}", tmp_path / f"zero.{ending}"
    os.mkfifo(pipe)
    link.symlink_to("/dev/zero")
    for path in (pipe, link, tmp_path, tmp_path / f"x\0.{ending}"):
        with pytest.raises(InputError):
            read(path)


def test_no_more_of_a_file_is_read_than_may_be_in_it(tmp_path: Path):
    path = tmp_path / "large.toml"
    path.touch()
    os.truncate(path, 50_000_000_000)  # a hole: nothing is written
    with pytest.raises(InputError, match="is larger than 1,000 bytes; it is short"):
        file_text(path, 1000, "file", "it is short")
