"""The pack put together: its sheets in the order in which a trainer needs them."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from familyabm import simulation
from familyabm.report import document_html, document_text, word
from familyabm.report.document import Box, Card, Cards, Document, Heading, Para, Part, Points
from familyabm.report.figures import Grid
from familyabm.workshop.choices import OWN, PLAN, SHARED, Stage, workshop
from familyabm.workshop.pack import cards, sheets, tables
from familyabm.workshop.pack.facts import facts
from familyabm.workshop.paper import Paper, strategies
from familyabm.workshop.steps import steps
from familyabm.worlds import STATUS_LINE
from familyabm.writing import write_whole

HALF_MINUTE = 30
"""Seconds to which times are rounded: nobody leads a room by the second."""
FILES = ("{}.html", "{}.docx", "{}-large-print.html", "{}-large-print.docx", "{}.txt")
"""Names of the files of a pack; the same sheets in each."""


@cache
def prose() -> dict[str, Any]:
    """Return the prose of the pack as its file has it."""
    return tomllib.loads((resources.files("familyabm.workshop.pack") / "words.toml").read_text(encoding="utf-8"))


class Fill:
    """The prose with its numbers filled in; a number that nobody knows is an error."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        """Fill in from names and values."""
        self.known = known

    def __call__(self, *place: str) -> str:
        """Return one text."""
        return self.text(_at(place))

    def list(self, *place: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(self.text(entry) for entry in _at(place))

    def text(self, given: str) -> str:
        """Fill in a text."""
        return given.format_map(self.known)


def _at(place: tuple[str, ...]) -> Any:
    found: Any = prose()
    for name in place:
        found = found[name]
    return found


def document(of: Paper, length: int) -> Document:
    """Return the whole pack for a workshop of so many minutes."""
    told, pool = cards.stories(of)
    fill = Fill(facts(of, length, pool, sheets.every(of)))
    parts = [
        *_opening(fill), *_run_sheet(length, fill), *_script(length, fill), *sheets.room(fill), *_start(fill),
        *_safety(fill),
        *sheets.briefs(of), *sheets.slips(length), *sheets.bets(length), *_stories(told, fill),
        *sheets.reveal(of, fill),
        *_tables(of, length, fill), *sheets.debrief(length, fill), *_questions("believe", "Why should I believe this?",
        fill), *_questions("hard", "Hard questions", fill), *_feedback(fill), *_about(of, fill),
    ]  # fmt: skip
    title = f"{fill('opening', 'title')}: {length} minutes"
    about = f"{STATUS_LINE} {of.snapshot.area.la_name}. familyabm {simulation.VERSION}, address {of.address[:16]}."
    return Document(title, fill("opening", "lead"), about, tuple(parts))


def _opening(fill: Fill) -> Iterator[Part]:
    yield Heading(1, "Read this first")
    yield Points(fill.list("opening", "read"))
    yield Heading(2, fill("opening", "aims_title"))
    yield Points(fill.list("opening", "aims"))
    yield Para(fill("opening", "not_aim"))
    yield Heading(2, fill("opening", "print_title"))
    rows = [[fill.text(cell) for cell in row] for row in prose()["opening"]["print"]]
    yield Grid("Copies", ["Sheet", "With the app", "On paper"], rows)
    yield Para(fill("opening", "print_note"))


def stages(length: int) -> list[tuple[Stage, int, int]]:
    """Return the stages of a workshop with the minute at which each begins and how long it lasts."""
    found, at = [], 0
    for stage in workshop().stages:
        lasts = stage.lasts(length)
        if lasts:
            found.append((stage, at, lasts))
            at += lasts
    return found


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _run_sheet(length: int, fill: Fill) -> Iterator[Part]:
    yield Heading(1, "Run sheet")
    rows = [
        [_clock(at), f"{lasts}", stage.title, fill("script", stage.name, "short")]
        for stage, at, lasts in stages(length)
    ]
    rows.append([_clock(length), "", "End", ""])
    yield Grid(f"{length} minutes", ["Time", "Minutes", "Part", "What happens"], rows)
    yield Box(fill("running_late", "title"), fill.list("running_late", "lines"))
    yield Box(fill("opening", "words_title"), fill.list("opening", "words"))


def _script(length: int, fill: Fill) -> Iterator[Part]:
    yield Heading(1, "Script")
    titles = {f"round-{entry.number}": f": {entry.title}" for entry in workshop().rounds}
    for stage, at, lasts in stages(length):
        yield Heading(2, f"{_clock(at)}  {stage.title}{titles.get(stage.name, '')} ({lasts} minutes)")
        for said in fill.list("script", stage.name, "say"):
            yield Para(said, spoken=True)
        yield from _round_words(stage.name)
        yield _button(stage, at, length)
        yield Heading(3, "With the app")
        yield Points(fill.list("script", stage.name, "do"))
        yield Heading(3, "On paper")
        yield Points(fill.list("script", stage.name, "paper"))
        yield Para(f"Watch for: {fill('script', stage.name, 'watch')}")


def _button(stage: Stage, at: int, length: int) -> Grid:
    """Return when each step of a stage ends, in the words of the app's large button; on paper the same times hold."""
    rows, seconds = [], 60 * at
    for step in steps(length):
        if step.stage == stage.name and step.seconds:
            seconds += step.seconds
            shown = HALF_MINUTE * round(seconds / HALF_MINUTE)
            rows.append([f"{shown // 3600}:{shown // 60 % 60:02d}:{shown % 60:02d}", step.button])
    return Grid("Minute by minute", ["By", "The large button says"], rows)


def _round_words(name: str) -> Iterator[Part]:
    """Return what a round's own words are: its sentence first, and the question to talk about last."""
    for entry in workshop().rounds:
        if name == f"round-{entry.number}":
            yield Para(f"On the screen, or read out: {entry.sentence} Afterwards, ask: {entry.question}")


def _start(fill: Fill) -> Iterator[Part]:
    yield Heading(1, fill("start", "title"))
    yield Para(fill("start", "lead"))
    yield Points(fill.list("start", "steps"), numbered=True)


def _safety(fill: Fill) -> Iterator[Part]:
    yield Heading(1, fill("notice", "title"))
    for said in fill.list("notice", "text"):
        yield Para(said)
    yield Heading(1, fill("safety", "title"))
    for part in ("before", "during", "disclosure", "after"):
        yield Heading(2, fill("safety", f"{part}_title"))
        yield Points(fill.list("safety", part))
    yield Heading(2, fill("safety", "lines_title"))
    yield Para(fill("safety", "lines_lead"))
    yield Grid("Lines", ["Who", "Number", "Cost or name"], [list(row) for row in prose()["safety"]["lines"]])


def _stories(told: list[Card], fill: Fill) -> Iterator[Part]:
    yield Heading(1, "Family story cards")
    yield Para(fill("slips", "stories"))
    yield Para(fill("slips", "stories_read"))
    yield Cards(tuple(told), 2)


def _tables(of: Paper, length: int, fill: Fill) -> Iterator[Part]:
    yield Heading(1, "Results tables, for paper")
    yield Para(fill("tables", "lead"))
    yield Heading(2, fill("tables", "rule_title"))
    yield Points(fill.list("tables", "rule"), numbered=True)
    yield Heading(2, fill("tables", "example_title"))
    yield Para(fill("tables", "example"))
    blind = {entry.number: strategies() for entry in workshop().rounds if entry.options == OWN}
    yield Points(tables.worked(of, blind))
    yield Heading(1, "The sum sheet, for paper")
    yield tables.sum_sheet(length)
    yield tables.ruler()
    yield Heading(1, "Tables of points, for paper")
    numbers = [entry.number for entry in workshop().rounds_of(length)]
    planned = any(tables.plan_round(number) for number in numbers)
    yield tables.options(of, OWN, numbers)
    yield Para(fill("tables", "options_note"))
    yield tables.options(of, SHARED, numbers)
    if planned:
        yield tables.options(of, PLAN, numbers)
    yield Para(fill("tables", "family_note"))
    yield Heading(2, fill("tables", "how_sure_title"))
    yield Para(fill("tables", "how_sure"))
    yield tables.checks(of, numbers)
    yield Para(fill("tables", "back"))
    yield Heading(1, "Ten years on, for paper")
    yield Para(fill("tables", "decade"))
    yield Para(fill("tables", "decade_rows"))
    yield tables.decade(of, planned)


def _questions(part: str, title: str, fill: Fill) -> Iterator[Part]:
    yield Heading(1, title)
    for entry in prose()[part]:
        yield Heading(2, fill.text(entry["question"]))
        yield Para(fill.text(entry["answer"]))


def _feedback(fill: Fill) -> Iterator[Part]:
    yield Heading(1, "Feedback form")
    yield Para(fill("feedback", "lead"))
    for place, question in enumerate(fill.list("feedback", "questions"), start=1):
        yield Cards((Card(f"{place}. {question}", (), (), ("", "")),), 1)


def _about(of: Paper, fill: Fill) -> Iterator[Part]:
    yield Heading(1, "About these numbers")
    homes, area = len(of.snapshot.tables["families"]), of.snapshot.area
    rows = [
        ["Town", f"{area.la_name}, official figures of {fill.known['data_years']}"], ["Families", f"{homes:,}"],
        ["Lucks", f"{of.lucks}"], ["Luck number of the town", f"{of.snapshot.seed}"],
        ["Version", f"familyabm {simulation.VERSION}"], ["Address", of.address],
        ["Made again by", again(of, fill.known["minutes"])],
    ]  # fmt: skip
    yield Grid("What was run", ["What", "Value"], rows)
    yield Para("The lives behind the tables are beside this file, in paper-lives.csv and paper-lives.json.")


def again(of: Paper, length: int) -> str:
    """Return the command that makes this pack again."""
    snapshot, area = of.snapshot, of.snapshot.area
    place = "AREA.toml" if area.la_code == "own" else f'"{area.la_name}"'
    size = f"--families {len(snapshot.tables['families'])} --lucks {of.lucks} --seed {snapshot.seed}"
    return f"familyabm pack --area {place} --minutes {length} {size} --out DIR"


def write(of: Paper, length: int, folder: Path) -> list[Path]:
    """Write the pack of one length in every form, each file whole or not at all; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    whole, name = document(of, length), f"familyabm-pack-{length}"
    made = [
        document_html.html(whole).encode(), word.docx(whole), document_html.html(whole, large=True).encode(),
        word.docx(whole, large=True), document_text.text(whole).encode(),
    ]  # fmt: skip
    paths = [folder / pattern.format(name) for pattern in FILES]
    return [write_whole(path, data) for path, data in zip(paths, made, strict=True)]
