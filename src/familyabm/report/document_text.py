"""A document as plain text, for a screen reader, a braille display or an email: nothing depends on how it looks."""

import textwrap
from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from familyabm.report.document import Box, Card, Cards, Document, Heading, Para, Picture, Points
from familyabm.report.figures import Grid

WIDTH = 78


def text(document: Document) -> str:
    """Return a document as plain text."""
    blocks = [document.title, document.subtitle, document.about, "Contents", *_contents(document)]
    for part in document.parts:
        blocks += list(_written(part))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _contents(document: Document) -> Iterator[str]:
    yield "\n".join(f"{place}. {title}" for place, title in enumerate(document.contents, start=1))


def _filled(said: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(said, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False)


@singledispatch
def _written(part: Any) -> Iterator[str]:
    raise TypeError(f"no text for {type(part).__name__}")


@_written.register
def _(part: Heading) -> Iterator[str]:
    line = "=" if part.level == 1 else "-" if part.level == 2 else ""
    under = f"\n{line * len(part.text)}" if line else ""
    yield ("\n" if part.level == 1 else "") + part.text + under


@_written.register
def _(part: Para) -> Iterator[str]:
    yield _filled(f"Say: {part.text}" if part.spoken else part.text)


@_written.register
def _(part: Points) -> Iterator[str]:
    marks = [f"{place}. " if part.numbered else "- " for place in range(1, len(part.items) + 1)]
    yield "\n".join(_filled(item, mark, " " * len(mark)) for item, mark in zip(part.items, marks, strict=True))


@_written.register
def _(part: Box) -> Iterator[str]:
    yield f"{part.title.upper()}\n" + "\n".join(_filled(line) for line in part.lines)


@_written.register
def _(part: Picture) -> Iterator[str]:
    yield _filled(f"Picture: {part.alternative}")


@_written.register
def _(part: Cards) -> Iterator[str]:
    for card in part.cards:
        yield _card(card)


def _card(card: Card) -> str:
    lines = [f"[Slip] {card.title}", *(_filled(said) for said in card.said)]
    for name, beneath in card.choices:
        lines.append(_filled(f"{name}. {beneath}".removesuffix(". "), "[ ] ", "    "))
    return "\n".join([*lines, *(f"{line} ________" for line in card.lines)])


@_written.register
def _(part: Grid) -> Iterator[str]:
    rows = ["; ".join([row[0], *(f"{head}: {cell}" for head, cell in zip(part.headers[1:], row[1:], strict=True))])
            for row in part.rows]  # fmt: skip
    yield "\n".join([f"Table: {part.caption}", *(_filled(row, "- ", "  ") for row in rows)])
