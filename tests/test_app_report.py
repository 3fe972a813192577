"""Reports from the app, opened again with their own libraries: headings, alternative texts, tables, equal numbers."""

import csv
import io
import re
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from playwright.sync_api import Browser, expect

from tests.app_pages import LIVED, Served, check, check_widths, opened
from visualization import exports
from visualization.items import Item

pytestmark = pytest.mark.slow
GRID = {"headers": ["What", "World A", "World A"], "rows": [["x", "1,234", "\N{MINUS SIGN}5.5"], ["=1+1", "+3", "a"]]}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Line going up" viewBox="0 0 300 100"><path d="M0,0L9,9"/></svg>'


@pytest.fixture
def report() -> exports.Report:
    items = [
        Item("one", "A finding", "A line", said=["So it is."]),
        Item("two", "A figure", svgs=[SVG], caption="Cap", **GRID),
    ]
    about = [
        ("Status", exports.STATUS_LINE),
        ("Area", "Rutland"),
        ("Dates of the data", "2025"),
        ("Link", "http://x/?a=1"),
    ]
    return exports.Report("Title & more", ["Own <b>words</b>."], items, about, [("Luck", "Some.")])


def test_a_word_document_has_headings_tables_that_repeat_their_heads_and_alternative_texts(report: exports.Report):
    paper = docx.Document(io.BytesIO(exports.docx(report)))
    headings = [part.text for part in paper.paragraphs if part.style.name.startswith(("Heading", "Title"))]
    assert headings == ["Title & more", "A finding", "A figure", "How to repeat it"]
    assert paper.tables[0].cell(0, 0).text.startswith("Status of these figures\nModel results.")
    assert [cell.text for cell in paper.tables[1].rows[1].cells] == GRID["rows"][0]
    assert 'w:tblHeader w:val="true"' in paper.tables[1].rows[0]._tr.xml
    assert [shape._inline.docPr.get("descr") for shape in paper.inline_shapes] == ["Line going up"]
    assert "Own <b>words</b>." in [part.text for part in paper.paragraphs]


def sheets(data: bytes) -> dict[str, str]:
    """Return each sheet's XML by its name."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = [
            sheet.get("name")
            for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter()
            if sheet.tag.endswith("}sheet")
        ]
        return {
            name: book.read(f"xl/worksheets/sheet{place}.xml").decode() for place, name in enumerate(names, start=1)
        }


def test_a_workbook_has_a_cover_contents_and_one_marked_table_a_sheet_and_no_formula(report: exports.Report):
    data = exports.xlsx(report)
    found = sheets(data)
    assert list(found) == ["Cover", "Contents", "Table 1"]
    assert '<tableParts count="1">' in found["Table 1"]
    assert not any("<f>" in sheet for sheet in found.values())
    assert not any("<mergeCell" in sheet for sheet in found.values())
    assert "<v>1234</v>" in found["Table 1"]
    assert "<v>-5.5</v>" in found["Table 1"]


def test_data_files_hold_numbers_as_numbers_and_never_a_formula(report: exports.Report):
    with zipfile.ZipFile(io.BytesIO(exports.data(report))) as archive:
        rows = list(csv.reader(io.StringIO(archive.read("two.csv").decode("utf-8-sig"))))
        assert rows == [["What", "World A", "World A (2)"], ["x", "1234", "-5.5"], ["'=1+1", "3", "a"]]
        assert ["Status", exports.STATUS_LINE] in list(
            csv.reader(io.StringIO(archive.read("about.csv").decode("utf-8-sig")))
        )


def test_pictures_come_as_svg_and_as_png_with_their_title_and_status(report: exports.Report):
    with zipfile.ZipFile(io.BytesIO(exports.pictures(report))) as archive:
        assert sorted(archive.namelist()) == ["about.txt", "two.png", "two.svg"]
        assert archive.read("two.png").startswith(b"\x89PNG")
        assert archive.read("two.svg").decode() == SVG
    assert exports.STATUS_LINE in exports.titled(SVG, "A <figure>")
    assert "A &lt;figure&gt;" in exports.titled(SVG, "A <figure>")


def test_the_same_report_is_the_same_bytes(report: exports.Report):
    for kind in ("html", "csv", "pictures"):
        assert exports.make(kind, report) == exports.make(kind, report)


def test_pdf_is_offered_where_it_can_be_made_and_nowhere_else(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "can_make_pdf", lambda: False)
    assert exports.offered() == ["html", "docx", "xlsx", "csv", "pictures"]
    monkeypatch.setattr(exports, "can_make_pdf", lambda: True)
    assert "pdf" in exports.offered()


def test_several_pictures_become_one_that_holds_them_all():
    whole = exports.stacked([SVG, SVG])
    assert whole.count("<path") == 2
    assert 'viewBox="0 0 300.0 212.0"' in whole
    assert exports.stacked([SVG]) == SVG


def test_own_words_never_become_markup(report: exports.Report):
    page = exports.html(report).decode()
    assert "Own &lt;b&gt;words&lt;/b&gt;." in page
    assert "Title &amp; more" in page


def inflated(pdf: bytes) -> bytes:
    """Return what a PDF holds, its packed objects unpacked."""
    packed = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(part) for part in packed)


# --- In a browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    app_server.run(LIVED)
    app_server.run(LIVED, "watch", "watch")
    return app_server


@pytest.mark.browser
def test_the_page_is_accessible_in_every_state(browser: Browser, server: Served):
    with opened(browser, server, allow=(422,)) as page:
        page.goto(f"{server.address}/report?area=Rutland&luck=96")
        check_widths(page)
        page.goto(f"{server.address}/report?{LIVED}")
        check_widths(page)
        for box in reversed(page.get_by_role("checkbox", checked=True).all()):
            box.uncheck()
        page.get_by_role("button", name="Web page").click()
        expect(page.get_by_role("alert")).to_contain_text("Choose at least one thing")
        check_widths(page)


@pytest.mark.browser
def test_what_is_chosen_ordered_and_written_is_what_the_file_holds(browser: Browser, server: Served, tmp_path: Path):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/compare?{LIVED}&bet=skip")
        sentence = page.locator("#summary .said li").first.inner_text()
        page.goto(f"{server.address}/report?{LIVED}")
        page.get_by_label("Title", exact=True).fill("For the committee")
        page.get_by_label("Your own words").fill("First.\n\nSecond.")
        page.get_by_role("button", name=re.compile("^Up ?: What it costs")).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("What it costs is now number 1.")).to_be_attached()
        expect(page.get_by_role("button", name=re.compile("^Down ?: What it costs"))).to_be_focused()
        page.locator("li[data-title='Summary'] summary").click()
        page.get_by_label("Title of Summary").fill("In short")
        page.locator("#take-loops").check()
        kinds = (
            ("Word", "docx"),
            ("Web page", "html"),
            ("Spreadsheet", "xlsx"),
            ("Data", "csv.zip"),
            ("Pictures", "pictures.zip"),
            *((("PDF", "pdf"),) if exports.can_make_pdf() else ()),
        )
        for name, ending in kinds:
            with page.expect_download() as kept:
                page.get_by_role("button", name=name).click()
            assert re.fullmatch(rf"familyabm-report-[0-9a-f]{{8}}\.{re.escape(ending)}", kept.value.suggested_filename)
            kept.value.save_as(tmp_path / ending)
    paper = docx.Document(str(tmp_path / "docx"))
    headings = [part.text for part in paper.paragraphs if part.style.name == "Heading 1"]
    assert headings[:2] == ["What it costs", "In short"]
    assert "How it feeds itself" in headings
    assert sentence in [part.text for part in paper.paragraphs]
    assert all(shape._inline.docPr.get("descr") for shape in paper.inline_shapes)
    with zipfile.ZipFile(tmp_path / "csv.zip") as archive:
        assert {"about.csv", "numbers-measures.csv", "numbers-pairs.csv", "loops.csv"} <= set(archive.namelist())
    if exports.can_make_pdf():
        pdf = (tmp_path / "pdf").read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert all(mark in inflated(pdf) for mark in (b"/Lang", b"/StructTreeRoot"))
    text = (tmp_path / "html").read_text(encoding="utf-8")
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    assert "/compare?" in text and "Address" in text
    alone = browser.new_page()
    alone.goto((tmp_path / "page.html").as_uri())
    check(alone)
    alone.close()
