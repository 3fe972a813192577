"""What an authority's staff tell: of the posts that hold cases, and of need that deprivation does not foretell."""

from dataclasses import replace

import pytest

from familyabm import areas, population
from familyabm.luck import fate_of
from familyabm.parameters import DEFAULT, changed
from familyabm.population import staff
from familyabm.population.facts import chances, facts_of

ENGLAND = replace(areas.england(), la_code="own")


def numbers(**values):
    return changed(DEFAULT, {name.replace("__", "."): value for name, value in values.items()})


@pytest.mark.parametrize(("own", "expected"), [(0.0, 40.0), (0.5, 50.0), (1.0, 60.0)])
def test_a_share_of_case_holders_counts_as_far_as_it_is_more_than_a_habit_of_recording(own, expected, monkeypatch):
    monkeypatch.setattr(staff.areas, "england", lambda: replace(ENGLAND, case_holders_pct=40.0))
    place = replace(ENGLAND, case_holders_pct=60.0)
    assert 100.0 * staff.case_holders(place, numbers(workforce__case_holders_own=own)) == pytest.approx(expected)


def test_posts_that_hold_cases_follow_from_that_share():
    few, many = (replace(ENGLAND, case_holders_pct=share) for share in (20.0, 60.0))
    parameters = numbers(workforce__case_holders_own=1.0)
    posts = [population.workers_of(place, parameters, 1.0, fate_of(1, 0))["fte"].sum() for place in (few, many)]
    assert posts[1] > 2.0 * posts[0]


@pytest.mark.parametrize(
    ("workers", "score", "times"), [(1.0, 1.0, 1.0), (2.0, 1.0, 2.0), (2.0**0.5, 2.0, 1.0), (1.0, 2.0, 2.0**-0.5)]
)
def test_staff_beyond_what_deprivation_foretells_tell_of_need(workers, score, times):
    parameters = numbers(circumstances__need_by_staffing=0.5, circumstances__staffing_by_deprivation=0.5)
    place = replace(
        ENGLAND, social_workers_fte=ENGLAND.social_workers_fte * workers, imd2019_score=ENGLAND.imd2019_score * score
    )
    facts = facts_of(place, parameters, 1.0)
    published = facts_of(replace(place, la_code=areas.england().la_code), parameters, 1.0)
    assert published[0].need_onset == 1.0  # workers whom a study adds bring no need with them
    assert facts[0].need_onset == pytest.approx(times**0.5)
    without = facts.copy()
    without["need_onset"] = 1.0
    more, usual = (chances(parameters, table)[0].rise for table in (facts, without))
    assert more[:, 0] == pytest.approx(usual[:, 0] * times**0.5) and (more[:, 1:] == usual[:, 1:]).all()


def test_an_authority_that_covers_its_vacancies_by_agencies_has_no_less_need():
    own = replace(ENGLAND, agency_pct=0.0)
    covered = replace(own, social_workers_fte=0.7 * own.social_workers_fte, agency_pct=30.0)
    short = replace(covered, agency_pct=0.0)
    full, same, less = (facts_of(place, numbers(), 1.0)[0].need_onset for place in (own, covered, short))
    assert same == pytest.approx(full) and less < 0.9 * full
