"""The app's plain pages in a real browser: every page, its states and widths, with the network blocked."""

import pytest
from playwright.sync_api import Browser, expect

from tests.app_pages import LIVED, SMALL, Served, check, check_widths, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
READ = (
    "/",
    "/workshop",
    "/numbers?part=care",
    "/settings",
    "/compare",
    "/about",
    "/glossary",
    "/accessibility",
    "/privacy",
)


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    return app_server


def test_every_plain_page_is_accessible_before_anything_has_run(browser: Browser, server: Served):
    with opened(browser, server) as page:
        for path in READ:
            page.goto(server.address + path)
            check_widths(page)


def test_settings_that_cannot_be_used_are_told_at_the_top_and_at_their_field(browser: Browser, server: Served):
    with opened(browser, server, allow=(422,)) as page:
        page.goto(f"{server.address}/settings")
        page.get_by_label("Number of families").fill("12")
        page.get_by_label("Years").fill("ninety")
        page.get_by_text("Choose each change yourself").click()
        page.get_by_label("Lead professional continuity in world B").fill("200")
        page.get_by_role("button", name="Run and compare").click()
        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        expect(page).to_have_title("Error: Settings - familyabm")
        expect(summary.get_by_role("link")).to_have_count(3)
        summary.get_by_role("link", name="Number of families must be a whole number from 200 to 20,000").click()
        expect(page.get_by_label("Number of families")).to_be_focused()
        expect(page.get_by_label("Years")).to_have_value("ninety")
        expect(page.get_by_label("Lead professional continuity in world B")).to_have_value("200")
        check(page)


def test_a_damaged_link_loads_the_rest_and_lists_what_it_left_out(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/settings?years=3&families=7&a=nowhere&spoon=1&b.continuity=40&v=9.9")
        notice = page.get_by_role("status").filter(has_text="Part of the link")
        expect(notice.get_by_role("listitem")).to_have_count(4)
        expect(page.get_by_label("Years")).to_have_value("3")
        check_widths(page)


def test_one_bets_before_the_pairs_are_shown_and_the_page_fills_in_by_itself(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/settings?{SMALL}&luck=5")
        page.get_by_role("button", name="Run and compare").click()
        expect(page.get_by_role("group", name="Before you look")).to_be_visible()
        expect(page.locator("#results")).to_have_count(0)
        check(page)
        page.get_by_label("About the same").check()
        page.get_by_role("button", name="Show me").click()
        expect(page.get_by_role("heading", name="All measures")).to_be_visible(timeout=150_000)
        expect(page.get_by_text("Your bet: about the same.")).to_be_visible()
        expect(page.locator("[data-job]")).to_have_count(0)
        assert "/compare?" in page.url and "families=300" in page.url


def test_a_finished_comparison_is_accessible_and_survives_a_reload(browser: Browser, server: Served):
    server.run(LIVED)
    with opened(browser, server) as page:
        page.goto(f"{server.address}/compare?{LIVED}&bet=skip")
        check_widths(page)
        before = page.locator("#summary").inner_text()
        page.reload()
        assert page.locator("#summary").inner_text() == before


def test_work_can_be_stopped_keeps_what_is_done_and_is_gone_on_with(browser: Browser, server: Served):
    query = "area=Leeds&families=2000&years=3&pairs=100&bet=skip"
    with opened(browser, server) as page:
        page.goto(f"{server.address}/compare?{query}")
        page.get_by_role("button", name="Run the model").click()
        page.goto(f"{server.address}/compare?{query}")
        expect(page.get_by_text("of 100 pairs done")).to_be_visible(timeout=120_000)
        check(page)
        page.get_by_role("button", name="Stop and keep").click()
        expect(page.get_by_text("Stopped:")).to_be_visible(timeout=120_000)
        expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_without_javascript_the_pages_still_serve(browser: Browser, server: Served):
    server.run(LIVED)
    with opened(browser, server, java_script_enabled=False) as page:
        page.goto(f"{server.address}/settings?{LIVED}")
        page.get_by_role("button", name="Run and compare").click()
        page.get_by_label("About the same").check()
        page.get_by_role("button", name="Show me").click()
        expect(page.get_by_role("heading", name="All measures")).to_be_visible()


def test_a_policy_officer_changes_a_setting_and_reads_the_result_with_the_keyboard_alone(
    browser: Browser, server: Served
):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/settings?{SMALL}&luck=6")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "years":
                break
        page.keyboard.type("1")
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.value") == "compare":
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("group", name="Before you look")).to_be_visible()
        assert "years=1" in page.url


def test_changes_are_taken_back_one_by_one_what_was_typed_before_what_was_run(browser: Browser, server: Served):
    with opened(browser, server) as page:
        undo = page.get_by_role("button", name="Take back the last change")
        page.goto(f"{server.address}/settings?{SMALL}")
        expect(undo).to_be_hidden()
        page.goto(f"{server.address}/settings?{SMALL}&luck=9")
        page.get_by_label("Pairs of runs").fill("7")
        page.get_by_role("button", name="New luck").click()
        expect(page.get_by_label("Luck number")).not_to_have_value("9")
        undo.click()
        expect(page.get_by_label("Luck number")).to_have_value("9")
        expect(page.get_by_text("Taken back: Luck number.")).to_be_visible()
        check(page)
        undo.click()
        expect(page.get_by_label("Pairs of runs")).to_have_value("6")
        undo.click()
        expect(page.get_by_label("Luck number")).to_have_value("1")
        expect(undo).to_be_hidden()


def test_a_file_of_settings_is_saved_opened_and_refused_in_words(browser: Browser, server: Served, tmp_path):
    with opened(browser, server, allow=(422,)) as page:
        page.goto(f"{server.address}/settings?{SMALL}&b.continuity=40&without=raids&shock=need%3A1.5%4026%2B26w")
        with page.expect_download() as kept:
            page.get_by_role("button", name="Save as a file").click()
        path = tmp_path / "settings.toml"
        kept.value.save_as(path)
        page.goto(f"{server.address}/settings")
        page.locator("#file").set_input_files(path)
        page.get_by_role("button", name="Open settings").click()
        expect(page.get_by_label("Lead professional continuity in world B")).to_have_value("40")
        assert "without=raids" in page.url and "shock=need" in page.url
        (tmp_path / "wrong.toml").write_text('families = "many"\n')
        page.locator("#file").set_input_files(tmp_path / "wrong.toml")
        page.get_by_role("button", name="Open settings").click()
        expect(page.get_by_role("alert")).to_contain_text("families: Number of families must be a whole number")
