"""The pages on authorities not seen and on replayed studies, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from familyabm.report import effects, validation
from tests.test_effects import NULL, measured, outcome, replayed_of
from tests.test_validation import held_of, made_up


def pages(folder):
    yield validation.write(held_of(made_up()), folder / "validation", "familyabm validate", "")
    met, not_met = measured(outcome(), -12.0, -15.0, -8.0), measured(NULL, 7.0, 6.0, 9.0)
    yield effects.write(replayed_of((met,), (not_met, met)), folder / "effects", "familyabm effects")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1366, 320])
def test_the_pages_are_accessible_and_do_not_scroll_sideways(browser, tmp_path, width):
    opened = browser.new_page(viewport={"width": width, "height": 900})
    for path in pages(tmp_path):
        opened.goto(path.as_uri())
        wide, screen = opened.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= screen, path
        assert [found["id"] for found in Axe().run(opened).response["violations"]] == [], path
    opened.close()
