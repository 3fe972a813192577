"""Reports as files: web page, Word, spreadsheet, data and pictures, all from the same items.

A cell that a spreadsheet might take for a formula is written as text; every file says what it is of.
"""

import csv
import importlib
import importlib.util
import io
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any

from familyabm.report import word
from familyabm.report.page import environment as report
from familyabm.worlds import STATUS_LINE

from .items import Item
from .view import environment

RISKY = ("=", "+", "-", "@", "\t", "\r")
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_STAMP = (2026, 1, 1, 0, 0, 0)
"""The date of files within an archive, so that the same report is the same bytes."""


@dataclass(frozen=True)
class Report:
    """What somebody put together: a title, their own words, the items in order, and what every file says of itself.

    extra: files of plain numbers that go with the data, by name.
    """

    title: str
    words: list[str]
    items: list[Item]
    about: list[tuple[str, str]]
    sure: list[tuple[str, str]]
    extra: dict[str, str] = field(default_factory=dict)


def html(report_: Report) -> bytes:
    """Return one web page that needs nothing else."""
    style = report().loader.get_source(report(), "style.css")[0]  # type: ignore[union-attr]
    text = environment().get_template("report_file.html.j2").render(report=report_, style=style, status=STATUS_LINE)
    return text.encode()


def docx(report_: Report) -> bytes:
    """Return a Word document with real headings, tables and alternative texts."""
    paper = word.begun(report_.title)
    paper.add_heading(report_.title, 0)
    word.box(paper, "Status of these figures", [STATUS_LINE, *(f"{term}: {said}" for term, said in report_.sure)])
    for words in report_.words:
        paper.add_paragraph(words)
    for item in report_.items:
        paper.add_heading(item.title, 1)
        if item.line:
            paper.add_paragraph(item.line)
        for said in item.said:
            paper.add_paragraph(said, style="List Bullet")
        for svg in item.svgs:
            word.picture(paper, svg, item.alternative(svg), item.title, 15.5 if _wide(svg) else 11)
        if item.rows:
            word.table(paper, item.caption or item.title, item.headers, with_units(item))
    paper.add_heading("How to repeat it", 1)
    word.table(paper, "Settings used", ["What", "Value"], [list(pair) for pair in report_.about])
    return word.data(paper)


def _wide(svg: str) -> bool:
    found = _BOX.search(svg)
    return bool(found and float(found[1]) > 500)


def with_units(item: Item) -> list[list[str]]:
    """Return an item's rows with the unit of each behind its name."""
    if not item.units:
        return item.rows
    return [[f"{row[0]} ({unit})", *row[1:]] for row, unit in zip(item.rows, item.units, strict=True)]


def pdf(report_: Report) -> bytes:
    """Return the web page as a PDF whose parts are tagged; only where WeasyPrint is installed."""
    import weasyprint

    warnings.filterwarnings("ignore", module="weasyprint")
    document: bytes = weasyprint.HTML(string=html(report_).decode()).write_pdf(pdf_variant="pdf/ua-1")
    return document


@cache
def can_make_pdf() -> bool:
    """Tell whether WeasyPrint and what it draws with are installed."""
    try:
        return importlib.util.find_spec("weasyprint") is not None and importlib.import_module("weasyprint") is not None
    except OSError:  # it is there, and Pango is not
        return False


def xlsx(report_: Report) -> bytes:
    """Return a workbook as the Analysis Function wants it: a cover, contents and one marked table a sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # gptables uses what pandas will drop, and warns of notes that we have none of
        return _workbook(report_)


def _workbook(report_: Report) -> bytes:
    import gptables
    import pandas as pd

    sheets: dict[str, Any] = {}
    for number, item in enumerate((item for item in report_.items if item.rows), start=1):
        frame = pd.DataFrame(with_units(item), columns=unique(item.headers)).map(as_cell)
        sheets[f"Table {number}"] = gptables.GPTable(
            table=frame, table_name=f"table_{number}", title=item.title, subtitles=[item.line or item.caption],
            scope=dict(report_.about)["Area"], source="familyabm, a model of made-up families", index_columns={},
        )  # fmt: skip
    cover = gptables.Cover(
        cover_label="Cover", title=report_.title, intro=[STATUS_LINE, *report_.words],
        about=[f"{term}: {said}" for term, said in (*report_.about, *report_.sure)],
    )  # fmt: skip
    data_ = io.BytesIO()
    gptables.produce_workbook(data_, sheets, theme=gptables.gptheme, cover=cover, auto_width=True).close()
    return data_.getvalue()


def unique(headers: list[str]) -> list[str]:
    """Return headers of which no two are the same."""
    return [header if headers.index(header) == place else f"{header} ({place})" for place, header in enumerate(headers)]


def as_cell(cell: str) -> Any:
    """Return a cell as a number where it is nothing else, as text a spreadsheet takes for text otherwise."""
    plain = cell.replace(",", "").replace("\N{MINUS SIGN}", "-").removeprefix("+")
    if re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return float(plain) if "." in plain else int(plain)
    return f"'{cell}" if cell.startswith(RISKY) else cell


def data(report_: Report) -> bytes:
    """Return an archive of CSV files, one a table, with a file that says what they are of."""
    files = {"about.csv": _csv(["what", "value"], [list(pair) for pair in (*report_.about, *report_.sure)])}
    for item in report_.items:
        if item.rows:
            files[f"{item.identity}.csv"] = _csv(unique(item.headers), with_units(item))
    return _archive({name: text.encode("utf-8-sig") for name, text in (files | report_.extra).items()})


def _csv(headers: list[str], rows: list[list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows([[as_cell(cell) for cell in row] for row in rows])
    return text.getvalue()


def pictures(report_: Report) -> bytes:
    """Return an archive of every picture as SVG, and as PNG with its title inside, for it may travel alone."""
    files: dict[str, bytes] = {"about.txt": "\n".join(f"{term}: {said}" for term, said in report_.about).encode()}
    for item in report_.items:
        for place, svg in enumerate(item.svgs, start=1):
            name = f"{item.identity}-{place}" if len(item.svgs) > 1 else item.identity
            files[f"{name}.svg"] = svg.encode()
            files[f"{name}.png"] = word.png(titled(svg, item.title))
    return _archive(files)


def stacked(svgs: list[str]) -> str:
    """Return several pictures as one, one under the other."""
    if len(svgs) == 1:
        return svgs[0]
    boxes = [tuple(map(float, found.groups())) if (found := _BOX.search(svg)) else (300.0, 100.0) for svg in svgs]
    tops = [sum(tall + 12.0 for _, tall in boxes[:place]) for place in range(len(boxes))]
    inner = "".join(
        svg.replace("<svg ", f'<svg x="0" y="{top}" width="{wide}" height="{tall}" ', 1)
        for svg, top, (wide, tall) in zip(svgs, tops, boxes, strict=True)
    )
    wide, tall = max(wide for wide, _ in boxes), tops[-1] + boxes[-1][1]
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}">{inner}</svg>'


def titled(svg: str, title: str) -> str:
    """Return a picture with its title above and its status below."""
    box = _BOX.search(svg)
    if box is None:
        return svg
    wide, tall = float(box[1]), float(box[2])
    size = min(15.0, 1.75 * wide / max(1, len(title)))
    inner = re.sub(r"<svg ", f'<svg x="0" y="30" width="{wide}" height="{tall}" ', svg, count=1)
    font = "font-family=\"Arial, 'Liberation Sans', Helvetica, sans-serif\""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall + 52}" {font}>'
        f'<text x="4" y="20" font-size="{size:.1f}" font-weight="bold">{escape(title)}</text>{inner}'
        f'<text x="4" y="{tall + 46}" font-size="10">{STATUS_LINE}</text></svg>'
    )


def _archive(files: dict[str, bytes]) -> bytes:
    data_ = io.BytesIO()
    with zipfile.ZipFile(data_, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return data_.getvalue()


FORMATS: dict[str, tuple[str, str, str, Callable[[Report], bytes]]] = {
    "html": ("Web page", "html", "text/html; charset=utf-8", html),
    "docx": ("Word", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx),
    "xlsx": ("Spreadsheet", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    "csv": ("Data", "csv.zip", "application/zip", data),
    "pdf": ("PDF", "pdf", "application/pdf", pdf),
    "pictures": ("Pictures", "pictures.zip", "application/zip", pictures),
}
"""Kinds of file: what people call it, how its name ends, its type, and what makes it."""


def offered() -> list[str]:
    """Return the kinds of file that can be made here."""
    return [kind for kind in FORMATS if kind != "pdf" or can_make_pdf()]


def make(kind: str, report_: Report) -> bytes:
    """Make a file of one kind."""
    return FORMATS[kind][3](report_)
