"""The pages that are read: about, glossary, accessibility and privacy. What is a number comes from the model."""

from collections import Counter
from typing import NamedTuple

from familyabm import measures, takeouts
from familyabm.areas import ATTRIBUTION
from familyabm.parameters import REGISTER
from familyabm.parameters.register import GRADES
from familyabm.report.figures import Grid
from familyabm.report.page import data_years
from familyabm.report.sure import LEFT_OUT, OTHER_SETS

from . import limits
from .wording import GLOSSARY


class Part(NamedTuple):
    """One part of such a page."""

    title: str
    text: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()
    grids: tuple[Grid, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


class Text(NamedTuple):
    """A page that is read."""

    heading: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]


def about() -> Text:
    """Say what the model is for, where its numbers come from, and what it leaves out."""
    grades = Counter(entry.grade for entry in REGISTER.values())
    counts = tuple(f"{grades[grade]:,} rest on this: {said} (grade {grade})." for grade, said in GRADES.items())
    return Text(
        "About the model",
        ("familyabm asks one question: what would happen to the same families, with the same luck, if the services "
         "around them worked differently?",),
        (
            Part("What it is for", ("To think about how services work together: where demand comes from, what a change "
                                    "costs and whom, and how sure anybody can be.",)),
            Part("What it is not for", said=(
                "Not for decisions about a real family. Every family is made up.",
                "Not a forecast for your area. It compares ways of working; it does not foretell numbers.",
                "Not a proof that joint working is better. Changes cost time and money here, take years, and can fail.",
            )),
            Part("Where its numbers come from", (
                f"Each area starts from official figures of {data_years()}. The model has {len(REGISTER):,} numbers of its "
                "own. Each has a range, a source and a grade of evidence:",
            ), counts),
            Part("How well it matches published figures", (
                "The command “familyabm credibility” holds the model against published patterns and says first what "
                "falls short. Its page lists every miss.",
            )),
            Part("What is left out", (LEFT_OUT,)),
            Part("What would change the answer", (f"{OTHER_SETS}; the page How sure lives both worlds under twenty of them.",
                "These assumptions drive the result. Each can be taken out on the Settings page:"),
                terms=tuple((entry.says, f"Taken out: {entry.without} Evidence {entry.evidence}.")
                            for entry in takeouts.TAKE_OUTS.values())),
            Part("Every number", links=tuple((f"/numbers?part={name}", title(name)) for name in _groups())),
            Part("Sources and licence", (ATTRIBUTION,)),
        ),
    )  # fmt: skip


def _groups() -> list[str]:
    return list(dict.fromkeys(address.partition(".")[0] for address in REGISTER))


def title(group: str) -> str:
    """Return a group of numbers as people read it."""
    return group.replace("_", " ").capitalize()


def numbers(group: str) -> Text:
    """Show every number of one group, with its range, its evidence and its source."""
    name = group if group in _groups() else _groups()[0]
    rows = [
        [entry.meaning, f"{entry.value:g}", entry.unit, f"{entry.low:g} to {entry.high:g}", entry.grade, entry.source]
        for address, entry in REGISTER.items() if address.partition(".")[0] == name
    ]  # fmt: skip
    grid = Grid(title(name), ["What", "Value", "Unit", "Range", "Evidence", "Source"], rows)
    others = tuple((f"/numbers?part={other}", title(other)) for other in _groups() if other != name)
    said = "; ".join(f"{grade}, {words}" for grade, words in GRADES.items())
    return Text(
        f"Numbers of the model: {title(name).lower()}", (f"Grades of evidence: {said}.",),
        (Part("Numbers", grids=(grid,)), Part("Other groups", links=others)),
    )  # fmt: skip


def every_measure() -> Text:
    """Define every measure."""
    catalogue = measures.catalogue()
    rows = [[str(row.title), str(row.unit), str(row.definition)] for row in catalogue.itertuples()]
    grid = Grid(f"All {len(rows)} measures", ["Measure", "Unit", "Definition"], rows)
    return Text("Measures", ("What each measure counts, in the words of the official return it mirrors.",),
                (Part("Definitions", grids=(grid,)),))  # fmt: skip


def glossary() -> Text:
    """Say what words mean."""
    return Text(
        "Glossary", ("Words as these pages use them. Legal terms keep their legal meaning.",),
        (Part("Words", terms=GLOSSARY), Part("Measures", links=(("/measures", "What each measure counts"),))),
    )  # fmt: skip


def accessibility() -> Text:
    """Say how far the pages can be used by everybody, and what is not yet known."""
    return Text(
        "Accessibility",
        ("These pages are meant to be usable by everybody, and to meet the Web Content Accessibility Guidelines 2.2 "
         "at level AA.",),
        (
            Part("What you can do", said=(
                "Use every page with the keyboard alone.",
                "Zoom to 400%, or read on a screen 320 pixels wide, without scrolling sideways.",
                "Read every picture and chart as a table with the same numbers.",
                "Read every page but the moving picture without JavaScript.",
                "Keep everything still: nothing moves until you press Play, and reduced motion is respected.",
                "Go from family to family in the picture with the arrow keys, after “Explore by keyboard”.",
            )),
            Part("How this was checked", (
                "Each page is checked automatically with axe-core, in each of its states and at three widths, whenever "
                "the model changes. Keyboard journeys are checked the same way.",
            )),
            Part("What is not yet known", (
                "No page has been tried by ear with a screen reader, nor by voice, nor by people who rely on either. "
                "Automatic checks find only some of the faults there can be.",
            )),
        ),
    )  # fmt: skip


def privacy() -> Text:
    """Say what is kept and what is not."""
    return Text(
        "Privacy",
        ("Nothing leaves this computer, and nothing about you is asked for or kept.",),
        (
            Part("What is kept", said=(
                "Results, on the computer that runs familyabm, under a name made from the settings alone. "
                "The same settings asked for by somebody else show the same results; nobody can list what others asked.",
                "An area file that you open, under a name made from its contents, until the folder is cleared.",
                "One technical cookie while the live page is open. It names the open page and no person.",
                "In your own browser: which figures you added to a report. Taking them out of the report clears it.",
            )),
            Part("What is not", said=(
                "No names, no accounts, no tracking, no calls to other websites.",
                "No data about real families: none is needed, and none should be put in.",
            )),
            Part("Limits", (
                f"At most {limits.FAMILIES[1]:,} families, {limits.YEARS[1]} years and {limits.PAIRS[1]} pairs of runs, "
                f"{limits.FILE // 1024} kB a file, {limits.MINUTES} minutes a piece of work, and {limits.WAITING} pieces "
                "of work waiting at a time. What ends early keeps what was done.",
            )),
        ),
    )  # fmt: skip
