"""Run the code of pages: fenced blocks, in order, in one folder, at a tiny size; `python tutorials.py PAGE…`.

What is run: Python; lines of `sh` that begin with familyabm; files whose first line names them (`# file: own.toml`).
The sizes on a page are for people, so `small` makes them tiny; nothing else of a block is changed. Commands that serve
until somebody stops them, or take minutes, are only asked for their help.
"""

import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import typer

from familyabm import cli

ASKED = (["app"], ["pack"], ["workshop", "--"])
"""Commands that serve until they are stopped, or take minutes and have tests of their own, by how they begin."""
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# file: (\S+)\n")
_SIZES = (
    (r"\bscale\s*=\s*[\d.]+", "scale = 0.004"), (r"--scale [\d.]+", "--scale 0.004"),
    (r"\b(runs|lucks)\s*=\s*\d+", r"\1 = 2"), (r"--runs \d+", "--runs 2"), (r"--rounds \d+", "--rounds 1"),
    (r"--workers \d+", "--workers 1"),
    (r"\byears\s*=\s*\d+", "years = 2"), (r"--years \d+", "--years 2"), (r"years = \[\d+, \d+\]", "years = [1, 2]"),
    (r"\bpoints = \d+", "points = 4"), (r"\b5 \* 52\b", "2 * 52"), (r"range\(1, 5\)", "range(1, 3)"),
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """One fenced block: its language and its text."""

    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    return [Block(language, body) for language, body in BLOCK.findall(page.read_text(encoding="utf-8"))]


def small(text: str) -> str:
    """Return a block with its sizes made tiny."""
    for pattern, tiny in _SIZES:
        text = re.sub(pattern, tiny, text)
    return text


def run(page: Path, folder: Path) -> list[str]:
    """Run a page's blocks in a folder, which is the current one, and return what was run."""
    names: dict[str, object] = {"__name__": "tutorial"}
    done = []
    for block in blocks(page):
        text = small(block.text)
        named = NAMED.match(text)
        if named:
            (folder / named[1]).write_text(text[named.end() :], encoding="utf-8")
            sys.modules.pop(Path(named[1]).stem, None)
        elif block.language == "python":
            exec(compile(text, f"{page.name}", "exec"), names)
        elif block.language == "sh":
            done += [command(words) for words in commands(text)]
            continue
        else:
            continue
        done.append(named[1] if named else block.language)
    return done


def commands(text: str) -> list[list[str]]:
    """Return the words of the lines that call familyabm."""
    return [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("familyabm ")]


def command(words: list[str]) -> str:
    """Run one command in this process; anything but success raises."""
    if any(all(word.startswith(start) for word, start in zip(words, begun, strict=False)) for begun in ASKED):
        words = [words[0], "--help"]
    try:
        code = cli.app(words, standalone_mode=False)
    except typer.Exit as left:
        code = left.exit_code
    if code:
        raise AssertionError(f"familyabm {shlex.join(words)} ended with {code}")
    return shlex.join(words)


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    for name in sys.argv[1:]:
        print(f"{name}: {len(run(Path(name), Path.cwd()))} blocks ran", file=sys.stderr)
