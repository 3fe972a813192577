"""How sure are we: the page in its states, and its work started, stopped and shown."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from familyabm import areas, capability, levers, lives, simulation, worlds
from familyabm.parameters import DEFAULT
from familyabm.report import words
from familyabm.report.figures import Pictures
from familyabm.truth.spread import Spread
from familyabm.truth.sureness import Sure
from familyabm.what_if import WhatIf
from tests.app_pages import Served, check, check_widths, opened
from visualization import doubting, knowing
from visualization.jobs import Job
from visualization.settings import Settings

RUN = "area=Rutland&families=200&years=1&pairs=2"


def test_rates_by_deprivation_are_those_of_the_run():
    past = simulation.past(areas.named("Rutland"), DEFAULT, 1, 0.1)
    worlds = [levers.find(world) for world in ("status-quo", "whole-system")]
    lived = [
        [capability.inequality(simulation.live(past, world, 52, luck).weekly) for world in worlds] for luck in (1, 2)
    ]
    grid = doubting.by_deprivation(lived)["referrals"]
    children = lived[0][0]["children"]
    tenths = np.flatnonzero(children.to_numpy() > 0)
    assert len(grid.rows) == len(tenths) > 1
    for row, place in zip(grid.rows, tenths, strict=True):
        apart = sorted(float(both[1]["referrals"].iloc[place] - both[0]["referrals"].iloc[place]) for both in lived)
        assert row[4] == f"{words.signed(apart[0])} to {words.signed(apart[1])}"


def test_what_is_known_is_written_once_more_if_something_was_tried_meanwhile(tmp_path: Path, monkeypatch):
    found = worlds.compare("Rutland", runs=3, years=1, scale=0.05, workers=1)
    asked = Settings(area="Rutland", pairs=3)
    jobs = tmp_path / "jobs"
    pairs, sets, doubts = (Job(kind, jobs / f"{kind}-{asked.address}") for kind in ("pairs", "sets", "doubts"))
    for job in (pairs, sets, doubts):
        job.folder.mkdir(parents=True)
    assert knowing.of_pairs(pairs) == knowing.NOTHING
    ends = np.random.default_rng(1).normal(size=(knowing.SETS, 2, 2, len(lives.OUTCOMES)))
    other = Spread(found.snapshot, 1, knowing.SETS, (), ends)
    at_first = knowing.sure_of

    def meanwhile(job: Job, comparison: worlds.Comparison) -> Sure:
        sure = at_first(job, comparison)
        if not (sets.folder / knowing.ENDS).exists():
            knowing.keep_sets(sets, other)  # another process ends just now
        return sure

    monkeypatch.setattr(knowing, "sure_of", meanwhile)
    sure = knowing.settle(pairs, found, Pictures(found), "")
    assert np.array_equal(sure.spread.ends, ends) and sure.contested is None
    known = knowing.of_pairs(pairs)
    assert known.untried == [knowing.CONTESTED] and known.pairs == 3
    assert "Unknown settings:" in pairs.text(knowing.SUMMARY)
    lines = dict(known.lines("?area=Rutland"))
    assert 'href="/sure?area=Rutland#doubts-title"' in lines[knowing.CONTESTED]
    half = np.zeros((knowing.RUNS, 2, len(knowing.HEADLINES)))
    without = WhatIf(found.snapshot, found.a, found.b, 1, knowing.RUNS, knowing.HEADLINES, 1, "", half, {"drag": half})
    knowing.keep_without(doubts, without)
    assert knowing.settle(pairs, found, Pictures(found), "").contested.without.keys() == {"drag"}
    assert knowing.of_pairs(pairs).untried == []


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    return app_server


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_is_accessible_before_anything_was_tried_and_between_equal_worlds(browser: Browser, server: Served):
    with opened(browser, server) as page:
        for query in ("area=Rutland&luck=95", "a=whole-system"):
            page.goto(f"{server.address}/sure?{query}")
            check_widths(page)


@pytest.mark.browser
@pytest.mark.slow
def test_what_is_tried_beyond_luck_is_told_apart_from_it_on_every_page(browser: Browser, server: Served):
    server.run(RUN)
    with opened(browser, server) as page:
        page.goto(f"{server.address}/compare?{RUN}&bet=fewer")
        expect(page.locator("#sure")).to_contain_text("They have not been tried here.")
        page.get_by_role("button", name="Live 20 other sets too").click()
        expect(page.locator(".verdict")).to_contain_text("Your bet:")
        page.goto(f"{server.address}/sure?{RUN}")
        for name in ("doubts", "shares", "equity"):
            page.locator(f"form:has(input[value='{name}']) button").click()
        check(page)  # at work
        expect(page.get_by_text("What becomes of the difference between the worlds")).to_be_visible(timeout=150_000)
        expect(page.get_by_role("heading", name="Acted upon together")).to_be_visible(timeout=120_000)
        expect(page.get_by_text("Children referred, per 10,000 children, by deprivation")).to_be_visible(timeout=60_000)
        check_widths(page)
        page.goto(f"{server.address}/compare?{RUN}&bet=skip")
        sure = page.locator("#sure")
        expect(sure).to_contain_text("20 sets of settings that England's figures do not rule out")
        expect(sure).to_contain_text("10 assumptions taken out one at a time")
        assert "not tried" not in sure.inner_text()
        expect(page.locator("#summary .card").first).to_contain_text("Unknown settings:")
        expect(page.locator("#sets-here button")).to_have_count(0)
        check_widths(page)
        told = sure.locator("dd").nth(1).inner_text()
        for name in ("report", "sure"):
            page.goto(f"{server.address}/{name}?{RUN}")
            expect(page.locator("dl.sure").first).to_contain_text(told)
