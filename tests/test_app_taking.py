"""What is taken along: single figures as files, and what any page adds to a report."""

import csv
import io
import json
import re
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from familyabm.worlds import STATUS_LINE
from tests.app_pages import LIVED, Served, check, opened, tab_to
from visualization import taking
from visualization.items import Item

SPECIFICATION = {"mark": "bar", "config": {}}
ITEM = Item(
    "one", "A finding", svgs=['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><path d="M0,0L9,9"/></svg>'],
    headers=["What", "World A"], rows=[["x", "1,234"], ["=1+1", "+3"]], units=["a year", "a week"],
    specifications=[SPECIFICATION],
)  # fmt: skip
OF = {"status": STATUS_LINE, "version": "1", "settings": "area = Leeds", "address": "pairs-0"}


def test_a_figure_as_csv_has_its_units_and_says_in_every_row_what_it_is_of():
    rows = list(csv.reader(io.StringIO(taking._made(ITEM, "csv", OF).decode("utf-8-sig"))))
    assert rows[0] == ["What", "World A", *OF]
    assert rows[1] == ["x (a year)", "1234", *OF.values()]
    assert rows[2][0].startswith("'=1+1")


def test_a_figure_as_svg_png_and_specification_says_what_it_is_of():
    assert STATUS_LINE in taking._made(ITEM, "svg", OF).decode()
    assert taking._made(ITEM, "png", OF).startswith(b"\x89PNG")
    found = json.loads(taking._made(ITEM, "json", OF))
    assert found["mark"] == "bar"
    assert found["usermeta"] == {"title": "A finding", **OF}


def test_what_a_figure_does_not_have_is_not_made():
    bare = Item("bare", "Words", said=["So."])
    assert [taking._made(bare, ending, OF) for ending in taking.TYPES] == [None] * 4


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    app_server.run(LIVED)
    app_server.run(LIVED, "watch", "watch")
    return app_server


@pytest.mark.slow
def test_only_kept_figures_of_known_jobs_are_served(server: Served):
    page = server.get(f"/compare?{LIVED}&bet=skip")[1]
    known = re.search(r'href="(/item/pairs-[0-9a-f]{24}/trend-contacts)\.svg"', page)[1]
    assert server.get(f"{known}.svg")[0] == 200
    folder = known.rpartition("/")[0]
    for wrong in (f"{known}.exe", f"{known}", f"{folder}/state.json", f"{folder}/nothing.svg", "/item/pairs-0/x.svg",
                  "/item/..%2F..%2Fjobs/x.svg"):  # fmt: skip
        assert server.get(wrong)[0] == 404, wrong


@pytest.mark.slow
def test_every_figure_of_the_pages_can_be_had_in_every_kind_that_is_offered(server: Served):
    for path in (f"/compare?{LIVED}&bet=skip", f"/demand?{LIVED}", f"/watch?{LIVED}"):
        links = re.findall(r'href="(/item/[^"]+)"', server.get(path)[1])
        assert len(links) >= 6, path
        for link in links[:12]:
            status, text = server.get(link)
            assert status == 200, link
            if link.endswith(".json"):
                assert STATUS_LINE in text


def press(page: Page, said: str) -> None:
    """Reach something with Tab and press it with Enter."""
    tab_to(page, said)
    page.keyboard.press("Enter")


@pytest.mark.browser
@pytest.mark.slow
def test_a_policy_officer_adds_figures_a_family_and_a_week_to_a_report_with_the_keyboard(
    browser: Browser, server: Served, tmp_path: Path
):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/compare?{LIVED}")
        tab_to(page, "Less work that came back")
        page.keyboard.press("Space")
        press(page, "Show me")
        expect(page.get_by_text("What the runs say:")).to_be_visible()
        press(page, "Add to report: Contacts")
        expect(page.get_by_role("link", name="Report (1)")).to_be_visible()
        page.goto(page.url)
        press(page, "One family")
        expect(page.get_by_role("heading", level=1)).to_contain_text("made up")
        family = page.get_by_role("heading", level=1).inner_text()
        press(page, "Add to report: this family")
        page.goto(f"{server.address}/watch?{LIVED}&week=30")
        expect(page.locator(".stage")).to_be_visible()
        press(page, "Add to report: this week's table")
        check(page)
        page.get_by_role("link", name="Report (3)").click()
        expect(page).to_have_url(re.compile(r"take=trend-contacts&take=family-\d+&take=week-30"))
        within = page.locator("[data-items] > li")
        expect(within).to_have_count(3)
        press(page, "Up: Week 30")
        expect(within.nth(1)).to_contain_text("Week 30")
        check(page)
        with page.expect_download() as kept:
            press(page, "Word")
        kept.value.save_as(tmp_path / "report.docx")
        page.reload()  # what was put in another order is in the link of the page from now on, and in this browser
        page.get_by_role("link", name="Report (3)").click()
        expect(page.locator("[data-items] > li").nth(1)).to_contain_text("Week 30")
    paper = docx.Document(str(tmp_path / "report.docx"))
    headings = [part.text for part in paper.paragraphs if part.style.name == "Heading 1"]
    assert headings[1:3] == ["Week 30", family]
    assert all(shape._inline.docPr.get("descr") for shape in paper.inline_shapes)


@pytest.mark.browser
@pytest.mark.slow
def test_families_are_explored_with_arrow_keys_and_the_picture_is_saved(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/watch?{LIVED}&week=30")
        expect(page.locator(".stage")).to_be_visible()
        page.get_by_role("button", name="Explore by keyboard").focus()
        page.keyboard.press("Enter")
        for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
        told = page.locator("[data-marked]").inner_text()
        number = re.fullmatch(r"Family (\d+)\.", told)[1]
        assert number != "1"
        check(page)
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Family {number} (made up). In world A it has met")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Explore by keyboard")).to_be_focused()
        assert page.get_by_role("link", name="Read its story").get_attribute("href").endswith(f"family={number}")
        with page.expect_download() as kept:
            page.get_by_role("button", name="Save the picture").click()
        assert kept.value.suggested_filename == "familyabm-week-30.png"
        assert Path(kept.value.path()).read_bytes().startswith(b"\x89PNG")
