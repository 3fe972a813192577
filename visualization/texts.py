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
    """State how far the app, its reports and the documentation can be used by everybody, in the public sector's form."""
    return Text(
        "Accessibility statement for familyabm",
        ("This accessibility statement applies to the app, to the reports and workbooks that it makes, and to the "
         "documentation of familyabm. They are meant to be usable by everybody.",),
        (
            Part("How accessible this is", ("You can:",), said=(
                "Use every page with the keyboard alone.",
                "Zoom to 400%, or read on a screen 320 pixels wide, without the page scrolling sideways.",
                "Read every picture and chart as a table with the same numbers.",
                "Read every page but the moving picture without JavaScript.",
                "Keep everything still: nothing moves until you press Play, and reduced motion is respected.",
                "Go from family to family in the picture with the arrow keys, after “Explore by keyboard”.",
            )),
            Part("Feedback and contact information", (
                "familyabm is software that anybody may run, and no organisation runs these pages for you. If a public body "
                "serves them, it puts here whom to ask for another format, and how soon it answers. A fault in the software "
                "itself is reported as an issue of the project.",
            )),
            Part("Enforcement procedure", (
                "Where a public body in England serves these pages, the Equality and Human Rights Commission (EHRC) enforces "
                "the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018. If you are "
                "not happy with how that body answers your complaint, contact the Equality Advisory and Support Service (EASS).",
            )),
            Part("Technical information about accessibility", (
                "Compliance status: partially compliant with the Web Content Accessibility Guidelines 2.2, level AA, because of "
                "what has not been tested.",
                "Not yet known: no page has been tried by ear with a screen reader, nor by voice, nor by people who rely on "
                "either. Automatic checks find only some of the faults there can be.",
                "Less accessible: wide tables of the documentation scroll within their own frame on a narrow screen. The "
                "moving picture needs JavaScript; the table below it holds the same.",
            )),
            Part("Preparation of this statement", (
                "Prepared on 27 November 2026. Each page of the app is checked with axe-core, in each of its states and at "
                "three widths, whenever the model changes; keyboard journeys are checked the same way. Pages of the "
                "documentation, one of each kind, are checked with axe-core at two widths whenever they change.",
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
                "In your own browser: which figures you added to a report, until you take them out; and which settings a "
                "tab was at, so that a change can be taken back, until the tab is closed.",
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
