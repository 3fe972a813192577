"""Published patterns V1 to V7 at status quo, within a factor of 1.5, for unlike authorities; and levers' places.

Formal calibration comes later; here the question is whether the order of magnitude is that of England.
"""

import math

import numpy as np
import pytest
from towns import snapshot

from familyabm import areas, measures
from familyabm.levers import find
from familyabm.parameters import DEFAULT
from familyabm.simulation import live, live_past
from familyabm.truth import outcomes

PATTERNS = {
    "referrals": (450, 600), "re_referrals": (18, 28), "not_in_need": (24, 36), "assessment_days": (28, 38),
    "section_47": (160, 230), "section_47_to_conference": (27, 38), "plans": (35, 52), "in_need": (280, 390),
    "looked_after": (60, 80), "care_starts": (23, 33),
}  # fmt: skip
"""CONCEPT V1-V7: ranges at status quo, DfE 2023 to 2025."""
FACTOR = 1.5
PLACES = {"Blackpool": 1.0, "Leeds": 0.2, "Kent": 0.1}
"""A poor seaside town, a large city and a large shire county, at scales of some 25,000 to 35,000 children."""


def expected(name: str) -> dict[str, tuple[float, float]]:
    """Return England's ranges, as far as the authority's own return (where it is among those given) lies in them."""
    rows = outcomes.packaged().rows
    own = rows.loc[name] if name in rows.index else {}
    plain = {outcome.measures[0]: column for column, outcome in outcomes.OUTCOMES.items() if len(outcome.measures) == 1}
    known = {m: float(own[column]) for m, column in plain.items() if column in own and math.isfinite(own[column])}
    return {m: (min(low, known.get(m, low)), max(high, known.get(m, high))) for m, (low, high) in PATTERNS.items()}


def values_of(name: str, scale: float) -> dict[str, float]:
    """Return the measures over weeks 0 to 520 of status quo, mean of three lucks."""
    past = live_past(areas.named(name), DEFAULT, 1, scale)
    runs = [measures.by_year(live(past, find("status-quo"), 520, number).weekly).mean() for number in (1, 2, 3)]
    return {measure: float(np.mean([run[measure] for run in runs])) for measure in PATTERNS}


@pytest.mark.slow
@pytest.mark.parametrize("name", PLACES)
def test_status_quo_lies_in_the_published_ranges_within_a_factor(name):
    found, ranges = values_of(name, PLACES[name]), expected(name)
    print(name, {measure: round(value, 1) for measure, value in found.items()})
    outside = {
        measure: (round(value, 1), ranges[measure])
        for measure, value in found.items()
        if not ranges[measure][0] / FACTOR <= value <= ranges[measure][1] * FACTOR
    }
    assert not outside


@pytest.mark.slow
def test_contacts_to_referrals_and_their_sources_look_like_england():
    past = live_past(areas.england(), DEFAULT, 2, 0.4)
    found = measures.of_weeks(past.past[-260:])
    assert 3 / FACTOR <= found["contacts"] / found["referrals"] <= 5 * FACTOR
    sources = {
        key: value for key, value in found.items() if key.startswith("referrals_") and key != "referrals_no_action"
    }
    assert max(sources, key=sources.get) == "referrals_police"
    assert 0.5 * 21 <= sources["referrals_school"] <= 1.5 * 21


@pytest.mark.slow
def test_schools_are_quiet_in_august():
    past = live_past(areas.england(), DEFAULT, 2, 0.4).past
    weeks = np.arange(len(past)) % 52
    school = past["events"][:, 0, 1]
    assert school[(weeks >= 18) & (weeks <= 21)].mean() < 0.5 * school[(weeks >= 3) & (weeks <= 14)].mean()


@pytest.mark.slow
def test_deprived_neighbourhoods_have_more_children_looked_after_than_referrals_alone_would_say():
    town = live_past(areas.england(), DEFAULT, 2, 0.4).tables
    decile = town["families"]["deprivation_decile"][town["children"]["family"]]
    away = (town["children"]["legal_status"] >= 3) & (town["children"]["legal_status"] <= 7)
    rich, poor = away[decile <= 3].mean(), away[decile >= 8].mean()
    assert poor > 2.0 * rich


@pytest.mark.slow
def test_no_gain_is_too_good_to_be_true_and_none_comes_in_the_first_months():
    past = snapshot("Wakefield", 0.4)
    early, late = {}, {}
    for name in ("status-quo", "whole-system"):
        runs = [live(past, find(name), 520, number).weekly for number in (1, 2)]
        early[name] = np.mean([run["harm_weeks"][:13].sum() for run in runs])
        late[name] = np.mean([measures.of_weeks(run[208:])["care_starts"] for run in runs])
    assert abs(early["whole-system"] / early["status-quo"] - 1) < 0.02
    assert 0.5 < late["whole-system"] / late["status-quo"] < 1.1
