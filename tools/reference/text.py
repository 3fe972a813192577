"""Markdown of the reference: tables, anchors, links and what every page says first."""

import re
from collections.abc import Iterable, Sequence

STATUS = "**Model results. Made-up families. Not a forecast.**"


def page(title: str, *parts: str) -> str:
    """Return a page of parts, each a block of Markdown."""
    return "\n\n".join((f"# {title}", *parts)) + "\n"


def cell(value: object) -> str:
    """Return what stands in a cell of a table: one line, with nothing that would end the cell or start markup."""
    return plain(" ".join(str(value).split())).replace("|", "\\|")


def plain(said: str) -> str:
    """Return a line in which only what stands in `backticks` is marked up."""
    parts = re.split(r"(`[^`]+`)", said)
    return "".join(part if place % 2 else re.sub(r"([*<_\[\]])", r"\\\1", part) for place, part in enumerate(parts))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def anchor(*names: str) -> str:
    """Return the name that a thing is linked to by, such as number-front-door-noise."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(names).lower()).strip("-")


def target(*names: str) -> str:
    """Return a line that names the heading after it."""
    return f"({anchor(*names)})="


def marked(shown: str, *names: str) -> str:
    """Return words within a line that can be linked to."""
    return f"[{shown}]{{#{anchor(*names)}}}"


def link(shown: str, *names: str) -> str:
    """Return a link to what is named so, wherever it is."""
    return f"[{shown}](#{anchor(*names)})"


def words(name: str) -> str:
    """Return a code's name as words, in lower case."""
    return name.lower().replace("_", " ")


def folded(summary: str, code: str) -> str:
    """Return Python code that opens at a click."""
    return f"<details><summary>{summary}</summary>\n\n```python\n{code.rstrip()}\n```\n\n</details>"


def prose(docstring: str) -> str:
    """Return a docstring as Markdown: its paragraphs and examples, with only what stands in `backticks` marked up."""
    return "\n\n".join(_block(part) for part in re.split(r"\n\s*\n", docstring.strip()))


def _block(part: str) -> str:
    if part.lstrip().startswith(">>>"):
        return f"```pycon\n{part}\n```"
    return plain(" ".join(part.split()))
