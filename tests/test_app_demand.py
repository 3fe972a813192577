"""Where demand comes from: flows, merged counts, codes, costs and loops agree with the run they are read off."""

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, expect

from familyabm import areas, levers, measures, simulation
from familyabm.codes import Event
from familyabm.parameters import DEFAULT
from familyabm.report import flow
from familyabm.simulation import PAST_WEEKS
from tests.app_pages import LIVED, Served, check_widths, opened
from visualization import counts, origins, record

WEEKS = 104


@pytest.fixture(scope="module")
def both():
    past = simulation.past(areas.named("Rutland"), DEFAULT, 1, 0.1)
    lived = [record.live(past, levers.find(world), WEEKS) for world in ("status-quo", "whole-system")]
    return [run for run, _, _ in lived], [kept for _, kept, _ in lived]


def test_a_flow_holds_every_answered_contact_once(both):
    run = both[0][0]
    found = origins.flows(run)
    journal = np.asarray(run.journal)
    early = journal[(journal["week"] < PAST_WEEKS + WEEKS - origins.WITHIN) & (journal["family"] != 0)]
    contacts = int((early["event"] == Event.CONTACT).sum())
    answered = found["n"].sum()
    assert 0.8 * contacts <= answered <= contacts  # the rest were overtaken by the next contact
    assert not found.duplicated(["who", "answer", "next"]).any()


def test_merged_families_are_fewer_than_the_cases_that_services_count(both):
    for kept in both[1]:
        each, different = origins.merged(kept)
        rows = counts.last_year(kept)
        by_hand = {(int(row), int(service)) for row, service in zip(rows["row"], rows["service"], strict=True)}
        assert each == len(by_hand)
        assert different == len({row for row, _ in by_hand}) < each


def test_codes_add_up_to_the_measure_of_failure_demand(both):
    weekly = [run.weekly for run in both[0]]
    last = origins._codes(weekly).grid.rows[-1]
    for place, rows in enumerate(weekly):
        hours = np.asarray(rows["demand_hours"]).sum(axis=(0, 2))
        assert float(last[1 + place].rstrip("%")) == pytest.approx(100 * hours[1:10].sum() / hours.sum(), abs=0.06)


def test_cost_steps_lead_from_one_world_to_the_other(both):
    values = origins._values([run.weekly for run in both[0]])
    rows = origins._costs(values).grid.rows
    assert len(rows) == len(origins.PAYERS) + 1
    steps = sum(values[name][1] - values[name][0] for name, (_, who) in origins.PAYERS.items() if who == "council")
    assert steps == pytest.approx(values["spend"][1] - values["spend"][0], rel=1e-6)
    assert set(values) == set(measures.MEASURES)


def test_bars_hold_what_the_flows_end_in(both):
    ways = [origins.flows(run) for run in both[0]]
    for way, place in zip(ways, (1, 2), strict=True):
        shares = [float(row[place]) for row in origins._after(ways).grid.rows]
        assert sum(shares) == pytest.approx(100.0, abs=0.2)
        back = 100.0 * way.loc[way["next"] == origins.BACK, "n"].sum() / way["n"].sum()
        assert shares[0] == pytest.approx(back, abs=0.06)


def test_bands_of_a_flow_are_as_wide_as_what_flows():
    frame = pd.DataFrame(
        [("a", "x", "back", 30), ("a", "y", "quiet", 10), ("b", "x", "quiet", 60)], columns=["who", "what", "next", "n"]
    )
    drawn = flow.picture(frame, ["Who", "What", "Next"], "back")
    assert drawn.count("<path") == 6  # three ways, two gaps between columns
    assert drawn.count('fill="#F46A25"') == 2
    assert "Flow of 100 from who to next: back 30, quiet 70." in drawn


@pytest.fixture(scope="module")
def server(app_server: Served) -> Served:
    app_server.run(LIVED, "demand", "demand")
    return app_server


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_is_accessible_before_and_after(browser: Browser, server: Served):
    with opened(browser, server) as page:
        page.goto(f"{server.address}/demand?area=Rutland&luck=97")
        check_widths(page)
        page.goto(f"{server.address}/demand?{LIVED}")
        expect(page.get_by_role("heading", name="How it feeds itself")).to_be_visible()
        check_widths(page)
