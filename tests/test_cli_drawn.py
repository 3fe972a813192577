"""Every command with words drawn from its own options: refused in one line with exit code 2, or taken; never an error."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
import uvicorn

import familyabm.bench.run
from familyabm import cli, population
from familyabm.lab import cluster
from tests import cli_words

FOUND = dict(cli_words.commands())
N = 3
BEGINNINGS = ((population, "build"), (cluster, "client"), (familyabm.bench.run, "measured"), (subprocess, "run"),
              (subprocess, "Popen"), (uvicorn, "run"))  # fmt: skip
"""Where all work begins."""


class AtWorkError(BaseException):
    """The words were taken: work would begin."""


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder, and stop where a town would be built, a process started or a page served."""

    def stop(*given: object, **more: object) -> None:
        raise AtWorkError

    for place, name in BEGINNINGS:
        monkeypatch.setattr(place, name, stop)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def refused(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> bool:
    """Run the command line; tell whether it refused its words, and fail unless it did so in one line."""
    monkeypatch.setattr(sys, "argv", ["familyabm", *words])
    before = set(Path.cwd().rglob("*"))
    capsys.readouterr()
    with pytest.raises((SystemExit, AtWorkError)) as ended:
        cli.main()
    out, err = capsys.readouterr()
    found_damage = words[:2] == ["study", "verify"] and isinstance(ended.value, SystemExit) and ended.value.code == 1
    if isinstance(ended.value, AtWorkError) or not ended.value.code or found_damage:
        return False
    assert (ended.value.code, out) == (2, ""), words
    assert len(err.splitlines()) == 1 and err.endswith("\n") and "Traceback" not in err, (words, err)
    assert set(Path.cwd().rglob("*")) <= before, words
    return True


def try_some(path: tuple[str, ...], n: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> int:
    """Try a command with so many words; return how many were refused."""
    chance = random.Random(" ".join(path))
    return sum(refused(cli_words.words_for(path, FOUND[path], chance), monkeypatch, capsys) for _ in range(n))


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("path", FOUND, ids=" ".join)
def test_drawn_words_are_refused_in_one_line_or_taken(path: tuple[str, ...], monkeypatch, capsys):
    try_some(path, N, monkeypatch, capsys)  # fails where words end otherwise
