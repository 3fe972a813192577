"""What the product reads from people, each with something it accepts, and ways to spoil it.

A reader takes bytes and a folder of its own. It either accepts or raises InputError; anything else fails the test.
"""

import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl

from hypothesis import strategies as st

from familyabm import areas, cli, lessons, levers, shocks
from familyabm.errors import LONGEST, InputError
from familyabm.lab import asking, cluster, study_files
from familyabm.returns import checking, own_area, reading
from familyabm.truth import effects_files, outcomes
from familyabm.workshop import files as rooms
from familyabm.workshop.room import Room
from visualization import settings, trying

SECONDS = 5.0
"""CPU seconds that reading anything may take; what is usual is a few milliseconds."""

AREA = (
    b'la_name = "Erewhon"\nregion = "North West"\nchildren_0_17 = 9000\nvacancy_pct = 12.5\n[multipliers]\nneed = 1.2\n'
)
AREA_CSV = b"la_name,region,children_0_17,vacancy_pct\nErewhon,North West,9000,12.5\n"
SHOCKS = b'[[shocks]]\nwhat = "need"\ntimes = 1.6\nfrom_week = 26\nweeks = 26\nshape = "ramp"\nhold = true\n'
WORLD = b'title = "Mine"\nmaturity = 0.5\nparts = ["siloed"]\n[levers]\ncontinuity = 0.7\n[parameters]\n"harm.level_2" = 0.1\n'
STUDY = (
    b'areas = ["Wakefield"]\nworlds = ["status-quo", "whole-system"]\nlucks = 2\nyears = 1\nscale = 0.01\n'
    b'measures = ["care_starts"]\n[set]\n"harm.level_2" = 0.1\n[[factors]]\nname = "levers.continuity"\nlow = 0.0\nhigh = 1.0\n'
    b'[design]\nkind = "sobol"\npoints = 4\n[cluster]\nsystem = "slurm"\n'
)
OUTCOMES = b"la_name,cpp_rate,referral_rate\nLeeds,40.1,500\nWakefield,c,\n"
EPISODES = (
    b"CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
    b"SYN1,01/04/2024,S,C2,N1,U6,PR1,,,,,,\nSYN2,03/05/2024,S,V2,N1,K2,PR4,01/02/2025,E4A,,,,\n"
)
CENSUS = (
    b"<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2025</Year></CollectionDetails></Header>"
    b"<Children><Child><ChildIdentifiers><LAchildID>SYN1</LAchildID><PersonBirthDate>2015-02-03</PersonBirthDate>"
    b"<Sex>F</Sex></ChildIdentifiers><CINdetails><CINreferralDate>2024-05-01</CINreferralDate>"
    b"<ReferralSource>1A</ReferralSource></CINdetails></Child></Children></Message>"
)


def _file(name: str, read: Callable[[Path], object]) -> Callable[[bytes, Path], None]:
    """Return a reader of files of one name."""

    def reader(content: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(content)
        try:
            read(path)
        finally:
            path.unlink()

    return reader


def _text(read: Callable[[str], object]) -> Callable[[bytes, Path], None]:
    return lambda content, folder: read(content.decode("utf-8", "replace")) and None


def _link(content: bytes, folder: Path) -> None:
    """Read a link as a page does: what cannot be used is told, and the rest is a link again."""
    given = parse_qsl(content.decode("utf-8", "replace"))[: settings.MOST]
    found, problems = settings.read(given, folder)
    assert all(problem.message and len(problem.message.splitlines()) == 1 for problem in problems)
    assert settings.read(parse_qsl(found.query()[1:]), folder) == (found, [])


def _settings(content: bytes, folder: Path) -> None:
    _, problems = settings.of_toml(content.decode("utf-8", "replace"), folder)
    assert all(problem.message and len(problem.message) <= LONGEST for problem in problems)


def _trial(content: bytes, folder: Path) -> None:
    trial = trying.read(parse_qsl(content.decode("utf-8", "replace"))[: settings.MOST])
    trying.study_of(settings.Settings(area="Rutland"), trial, folder)


def _study(path: Path) -> None:
    found = study_files.load(path)
    cluster.check(found.cluster, path.name)


def _returns(path: Path) -> None:
    found = reading.read(path.parent)
    checking.check(found)
    own_area.own(found, areas.named("Wakefield"), 9000, None)


def _room() -> bytes:
    return rooms.as_bytes(Room("2026-01-02-100000", "Wakefield", 1000, 1, 90, "2026-01-02 10:00"))


def _sample(*parts: str) -> bytes:
    return files("familyabm").joinpath(*parts).read_bytes()


READERS: dict[str, tuple[Callable[[bytes, Path], None], bytes]] = {
    "area.toml": (_file("mine.toml", areas.load), AREA),
    "area.csv": (_file("mine.csv", areas.load), AREA_CSV),
    "world": (_file("mine.toml", levers.load), WORLD),
    "scenario": (_file("mine.toml", levers.load), _sample("scenarios", "whole-system.toml")),
    "shocks": (_file("mine.toml", lambda path: levers.find("status-quo").hit_by([str(path)])), SHOCKS),
    "study": (_file("mine.toml", _study), STUDY),
    "effect": (_file("mine.toml", effects_files.load), _sample("data", "effects", "baby-p.toml")),
    "outcomes": (_file("mine.csv", outcomes.read), OUTCOMES),
    "returns": (_file("episodes.csv", _returns), EPISODES),
    "census": (_file("census.xml", _returns), CENSUS),
    "settings": (_settings, settings.Settings(area="Leeds", shocks=("need:1.5@26+26w",)).toml().encode()),
    "link": (_link, b"area=Leeds&families=2000&a=siloed&b.continuity=20&money.reserves=0.1&without=drag&shock=need:1.5@26+26w"),
    "trial": (_trial, b"vary=levers.continuity:0:100:3&each=4&record=care_starts"),
    "room": (_file("room.json", rooms.load), _room()),
    "lesson": (_text(lambda text: lessons.read(text, "mine")), _sample("lessons", "open-door.toml")),
    "--set": (_text(lambda text: cli.settings([text])), b"harm.level_2=0.1"),
    "--shock": (_text(shocks.written), b"need.housing:1.3@0+52w,ramp,hold"),
    "--vary": (_text(asking.read_vary), b"levers.continuity=0.2:0.8"),
    "--keep": (_text(asking.read_goal), b"looked_after<=0.95*status-quo"),
}  # fmt: skip
"""By name: how it is read, and something that is accepted."""

VALUES = (
    b"nan", b"-inf", b"1e400", b"-1", b"0", b"true", b'""', b'"x"', b"[]", b"{}", b"[[]]", b"{a = 1}", b"9" * 30, b"9" * 5000,
    b"0x" + b"f" * 5000, b"1e-400", b"-0.0", b"0.1_0", "٣".encode(), b"1979-05-27T07:32:00Z", b'"' + b"a" * 70_000 + b'"',
    b"[" * 400 + b"]" * 400, b"[" * 100_000, b'"\\u0000"', b'"../../etc/passwd"', b'"/dev/zero"', b'"x\\u0000.toml"',
    b'"<script>alert(1)</script>"', b'"=cmd|\' /C calc\'!A0"', '"\u202egnp.exe"'.encode(), b'"""\n\n"""', b"'\x1b[31m'", b"%00",
    b"${HOME}", b"{{7*7}}", b"; rm -rf /", b"\xff\xfe", b"\x00", b"-", b"=", b"", b"1,5", b"1;5", b"NaN%", b"12:30:45", b"no",
)  # fmt: skip
"""What stands where a value should be."""
WHOLE = (
    b"", b"\x00" * 1000, b"\xff" * 1000, b"\xef\xbb\xbf", b"\r\r\r\n", b"a", b"=" * 20_000, b"[" * 50_000, b"a." * 40_000 + b"a = 1",
    b"a = " + b"{a = " * 2_000, b"[a]\n" * 2, b"," * 20_000, b'"' * 20_001, b"x,y\n" * 20_000, b"\n" * 40_000, bytes(range(256)) * 40,
    b"PK\x03\x04" + b"\x00" * 500, b"\x89PNG\r\n", b"<a>" * 20_000, b"<?xml version='1.0' encoding='utf-32'?><a/>",
    b"<?xml version='1.0' encoding='no-such'?><a/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode("utf-16"),
    b"<!DOCTYPE a [<!ENTITY b 'cc'>]><a>&b;</a>", b"&" * 3000, b"a=1&" * 3000, b"%ff%fe=%00", b"area=" + b"x" * 60_000,
)  # fmt: skip
"""Whole files that are none of ours."""


def _spoil(content: bytes, chance: "st.DataObject") -> bytes:
    """Return a content with one of its values, lines or bytes spoilt."""
    how = chance.draw(st.sampled_from(("value", "value", "line", "twice", "cut", "bytes")))
    at = chance.draw(st.integers(0, len(content) - 1))
    if how == "cut":
        return content[:at]
    if how == "bytes":
        return content[:at] + chance.draw(st.binary(max_size=30)) + content[at:]
    mark = b"&" if b"\n" not in content else b"\n"
    lines = content.split(mark)
    line = chance.draw(st.integers(0, len(lines) - 1))
    if how == "line":
        lines[line] = chance.draw(st.sampled_from(VALUES) | st.text(max_size=30).map(str.encode))
    elif how == "twice":
        lines.insert(line, lines[chance.draw(st.integers(0, len(lines) - 1))])
    else:
        lines[line] = _with_value(lines[line], chance)
    return mark.join(lines)


def _with_value(line: bytes, chance: "st.DataObject") -> bytes:
    """Return a line with another value behind its equals sign, or in one of its cells."""
    value = chance.draw(
        st.sampled_from(VALUES) | st.text(max_size=30).map(str.encode) | st.integers().map(lambda n: b"%d" % n)
    )
    if b"=" in line and b"," not in line.partition(b"=")[0]:
        return line.partition(b"=")[0] + b"= " * (b" =" in line) + b"=" * (b" =" not in line) + value
    cells = line.split(b",")
    cells[chance.draw(st.integers(0, len(cells) - 1))] = value
    return b",".join(cells)


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """Something accepted, spoilt once or several times; or nothing of the kind."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(WHOLE) | st.binary(max_size=300))
    chance = draw(st.data())
    for _ in range(draw(st.integers(1, 3))):
        content = _spoil(content, chance) or b" "
    return content


def refusal(name: str, content: bytes, folder: Path) -> str:
    """Return the sentence with which something is refused, empty where it is accepted; fail on anything else."""
    before, began = sorted(folder.rglob("*")), time.thread_time()
    said = ""
    try:
        READERS[name][0](content, folder)
    except InputError as error:
        said = str(error)
        assert said.isprintable(), said
        assert 10 < len(said) <= LONGEST, said
    assert time.thread_time() - began < SECONDS
    assert sorted(folder.rglob("*")) == before
    return said
