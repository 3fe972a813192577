"""One family's story in the app: fairly chosen, exactly told, and readable in every state."""

import re

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, expect

from familyabm.codes import Event
from familyabm.report import lanes
from tests.app_pages import LIVED, Served, check_widths, opened
from visualization import record, stories


def test_the_typical_family_lies_nearest_the_middle_of_those_whose_lives_differ():
    frame = pd.DataFrame(
        {
            "contacts_a": [1, 2, 3, 4, 5],
            "hours_a": [1.0, 2.0, 3.0, 4.0, 5.0],
            "less": [-9.0, -1.0, 0.5, 2.0, 9.0],
            "home": range(5),
        },
        index=[10, 20, 30, 40, 50],
    )
    assert stories.choose(frame, "typical", 0)[0] == 30
    assert stories.choose(frame, "less", 0)[0] == 50
    assert stories.choose(frame, "more", 0)[0] == 10
    assert stories.choose(frame, "same", 0) is None
    assert stories.choose(frame, "typical", 2)[0] == 20
    assert stories.choose(frame, "typical", 99) is None


def test_lanes_draw_every_dealing_once_and_say_how_many():
    marks = [lanes.Mark(0, 3, lanes.NEW), lanes.Mark(0, 9, lanes.BACK), lanes.Mark(1, 60, lanes.PASSED)]
    drawn = lanes.picture(["Schools", "Police & <b>"], marks, [(0, 0), (20, 2)], 104, "A")
    assert drawn.count("<circle") == 2
    assert "Schools 2, Police &amp; &lt;b&gt; 1" in drawn
    assert "<b>" not in drawn


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    app_server.run(LIVED, "family", "family")
    return app_server


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_is_accessible_in_every_state(browser: Browser, server: Served):
    with opened(browser, server) as page:
        for query in ("luck=98", LIVED, f"{LIVED}&choose=less", f"{LIVED}&family=99999"):
            page.goto(f"{server.address}/family?{query}&area=Rutland")
            check_widths(page)


@pytest.mark.browser
@pytest.mark.slow
def test_the_numbers_of_a_life_are_those_of_its_journal(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/family?{LIVED}&choose=less")
        key = int(re.search(r"journal is (\d+)", page.locator("main").text_content())[1])
        folder = next(
            path.parent for path in (server.folder / "jobs").glob("lives-*/settings.json") if '"7"' in path.read_text()
        )
        contacts = []
        for letter in "ab":
            rows = record.journal_of(folder / f"journal-{letter}.npz")
            own = rows[rows["family"] == np.uint64(key)]
            contacts.append(f"{int((own['event'] == Event.CONTACT).sum())}")
        row = page.get_by_role("row", name="Contacts").first
        assert row.get_by_role("cell").all_inner_texts() == contacts


@pytest.mark.browser
@pytest.mark.slow
def test_a_family_at_random_has_a_link_that_shows_it_again(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/family?{LIVED}")
        page.get_by_label("Choose").select_option("random")
        page.get_by_role("button", name="Show", exact=True).click()
        heading = page.get_by_role("heading", level=1).inner_text()
        expect(page).to_have_url(re.compile(r"family=\d+"))
        page.reload()
        assert page.get_by_role("heading", level=1).inner_text() == heading
