"""Word documents: real headings, lists and tables whose first row repeats, alternative texts, one font."""

import io
import re
from functools import singledispatch
from typing import Any

from familyabm.errors import InputError
from familyabm.report.document import Box, Card, Cards, Document, Heading, Para, Picture, Points
from familyabm.report.figures import Grid
from familyabm.worlds import STATUS_LINE

MISSING = "Word files need one more package; pip install 'familyabm[app]' brings it."
SIZES = {False: 11, True: 18}
"""Points of the text in usual and in large print."""
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def begun(title: str, size: float = 11) -> Any:
    """Return an empty document with its title set, in one font."""
    try:
        import docx
        from docx.shared import Pt
    except ModuleNotFoundError:
        raise InputError(MISSING) from None

    paper = docx.Document()
    paper.core_properties.title, paper.core_properties.language = title, "en-GB"
    paper.core_properties.author, paper.core_properties.comments = "", STATUS_LINE
    paper.styles["Normal"].font.name, paper.styles["Normal"].font.size = "Arial", Pt(size)
    return paper


def data(paper: Any) -> bytes:
    """Return a document as the bytes of its file."""
    whole = io.BytesIO()
    paper.save(whole)
    return whole.getvalue()


def box(paper: Any, title: str, lines: list[str]) -> None:
    """Add a box of one cell."""
    cell = paper.add_table(rows=1, cols=1, style="Table Grid").cell(0, 0)
    cell.paragraphs[0].add_run(title).bold = True
    for line in lines:
        cell.add_paragraph(line)
    paper.add_paragraph()


def table(paper: Any, caption: str, headers: list[str], rows: list[list[str]]) -> None:
    """Add a table whose first row repeats on every page."""
    paper.add_paragraph(caption, style="Caption")
    made = paper.add_table(rows=1, cols=len(headers), style="Light Grid Accent 1")
    for cell, header in zip(made.rows[0].cells, headers, strict=True):
        cell.text = header
    _mark(made.rows[0], "w:tblHeader")
    for row in rows:
        added = made.add_row()
        _mark(added, "w:cantSplit")
        for cell, value in zip(added.cells, row, strict=True):
            cell.text = value
    paper.add_paragraph()


def _mark(row: Any, name: str) -> None:
    """Say of a row that it repeats on every page, or that no page parts it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def picture(paper: Any, svg: str, alternative: str, title: str, wide: float) -> None:
    """Add a picture with its alternative text. wide: centimetres."""
    from docx.shared import Cm

    added = paper.add_picture(io.BytesIO(png(svg)), width=Cm(wide))
    added._inline.docPr.set("descr", alternative)
    added._inline.docPr.set("title", title)


def png(svg: str) -> bytes:
    """Draw a picture as PNG on white, at three times its size."""
    import vl_convert

    found = _BOX.search(svg)
    white = f'<rect width="{found[1]}" height="{found[2]}" fill="#fff"/>' if found else ""
    whole = re.sub(r"(<svg [^>]*>)", rf"\1{white}", svg, count=1)
    drawn: bytes = vl_convert.svg_to_png(whole, scale=3.0)
    return drawn


def docx(document: Document, large: bool = False) -> bytes:
    """Return a document for Word. large: in large print."""
    paper = begun(document.title, SIZES[large])
    _page(paper, document.about)
    paper.add_heading(document.title, 0)
    paper.add_paragraph(document.subtitle)
    paper.add_paragraph(document.about)
    paper.add_heading("Contents", 1)
    for title in document.contents:
        paper.add_paragraph(title, style="List Number")
    for part in document.parts:
        _add(part, paper)
    return data(paper)


def _page(paper: Any, about: str) -> None:
    """Set A4 with a footer that says what every sheet is."""
    from docx.shared import Cm, Pt

    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    footer = section.footer.paragraphs[0]
    footer.text = about
    footer.runs[0].font.size = Pt(9)


@singledispatch
def _add(part: Any, paper: Any) -> None:
    raise TypeError(f"nothing in Word for {type(part).__name__}")


@_add.register
def _(part: Heading, paper: Any) -> None:
    heading = paper.add_heading(part.text, part.level)
    heading.paragraph_format.page_break_before = part.level == 1
    heading.paragraph_format.keep_with_next = True


@_add.register
def _(part: Para, paper: Any) -> None:
    paragraph = paper.add_paragraph(style="Quote" if part.spoken else None)
    if part.spoken:
        said = paragraph.add_run("Say: ")
        said.bold, said.italic = True, False
    run = paragraph.add_run(part.text)
    if part.spoken:
        run.italic = False
    if part.lead:
        run.bold = True


@_add.register
def _(part: Points, paper: Any) -> None:
    for place, item in enumerate(part.items, start=1):
        # Word's own numbers would go on from list to list; these begin at 1 each time.
        said, style = (f"{place}. {item}", None) if part.numbered else (item, "List Bullet")
        paper.add_paragraph(said, style=style)


@_add.register
def _(part: Box, paper: Any) -> None:
    box(paper, part.title, list(part.lines))


@_add.register
def _(part: Picture, paper: Any) -> None:
    picture(paper, part.svg, part.alternative, part.alternative, 16)


@_add.register
def _(part: Grid, paper: Any) -> None:
    table(paper, part.caption, part.headers, part.rows)


@_add.register
def _(part: Cards, paper: Any) -> None:
    from docx.shared import Cm

    rows = [part.cards[place : place + part.across] for place in range(0, len(part.cards), part.across)]
    made = paper.add_table(rows=0, cols=part.across, style="Table Grid")
    for row in rows:
        added = made.add_row()
        _mark(added, "w:cantSplit")
        for cell, card in zip(added.cells, row, strict=False):
            _card(cell, card)
        if part.half:
            added.height = Cm(11)
    paper.add_paragraph()


def _card(cell: Any, card: Card) -> None:
    cell.paragraphs[0].add_run(card.title).bold = True
    for said in card.said:
        cell.add_paragraph(said)
    for name, beneath in card.choices:
        choice = cell.add_paragraph("\N{WHITE SQUARE} ")
        choice.add_run(name).bold = True
        if beneath:
            cell.add_paragraph(beneath)
    for line in card.lines:
        cell.add_paragraph(f"{line} {'_' * 24}".strip())
