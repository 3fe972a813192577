"""Twenty browsers at once, for a short while; `python benchmarks/app.py browsers 600` is the same for ten minutes."""

import pytest
from playwright.sync_api import Browser

from benchmarks import app
from tests.app_pages import served


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_browsers_meet_no_error_and_memory_stays_where_it_was(browser: Browser, tmp_path):
    with served(tmp_path) as server:
        found = app.browsers(server, browser, seconds=45.0)
    assert found["wrong"] == []
    assert found["steps"] >= app.BROWSERS
    assert found["growth_in_second_half_mb"] < 30.0
