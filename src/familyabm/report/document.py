"""Documents to hand out, as parts that a web page, Word and plain text can all show, whatever they look like there."""

from dataclasses import dataclass
from typing import TypeAlias

from familyabm.report.figures import Grid


@dataclass(frozen=True)
class Heading:
    """A heading. level: 1 for a part that begins on a new sheet, 2 and 3 within it."""

    level: int
    text: str


@dataclass(frozen=True)
class Para:
    """A paragraph. lead: set larger.  spoken: to be read aloud."""

    text: str
    lead: bool = False
    spoken: bool = False


@dataclass(frozen=True)
class Points:
    """A list, with numbers or without."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Box:
    """Something that must not be missed."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A picture with what it shows in words. svg: its drawing."""

    svg: str
    alternative: str


@dataclass(frozen=True)
class Card:
    """A slip to cut out. choices: with a box to tick each, and a line beneath it.  lines: empty lines to write on."""

    title: str
    said: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cards:
    """Slips, so many beside each other. half: each takes half a sheet of A4."""

    cards: tuple[Card, ...]
    across: int = 2
    half: bool = False


Part: TypeAlias = Heading | Para | Points | Box | Picture | Cards | Grid


@dataclass(frozen=True)
class Document:
    """A document: its title, what it is of, and its parts. about: what every page says of itself."""

    title: str
    subtitle: str
    about: str
    parts: tuple[Part, ...]

    @property
    def contents(self) -> list[str]:
        """Return the headings of its sheets."""
        return [part.text for part in self.parts if isinstance(part, Heading) and part.level == 1]


def anchor(text: str) -> str:
    """Return a heading as it may stand in an address."""
    return "".join(letter if letter.isalnum() else "-" for letter in text.casefold()).strip("-")
