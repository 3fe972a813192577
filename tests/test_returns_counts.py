"""Returns count the same children as the measures of the same run: two ends of one truth."""

import numpy as np
import pandas as pd
import pytest

from familyabm import measures
from familyabm.areas import named
from familyabm.codes import LOOKED_AFTER, Agency, Category, Event, Fate, Legal, Placement
from familyabm.returns import coding, counting, own_area, reading
from familyabm.returns.dates import working_days
from familyabm.returns.spells import State
from familyabm.rules.common import CARE_ENDED
from familyabm.simulation import PAST_WEEKS
from tests.returns_runs import LAST, YEARS, days, extract, tables, told, watched

ALL_YEARS = range(LAST - YEARS + 1, LAST + 1)


def year_of(year):
    weeks = 52 * (year - ALL_YEARS[0])
    return measures.Year(watched().run.weekly[weeks : weeks + 52])


def within(column, year):
    return ((column >= f"{year - 1}-04-01") & (column <= f"{year}-03-31")).sum()


def fleeting(year, *kinds):
    """How many of these beginnings were of plans that ended in their first week, as the child went into care.

    Returns tell of how children stand at the ends of weeks, and never see those.
    """
    journal = watched().run.journal
    weeks = journal["week"] - PAST_WEEKS - 52 * (year - ALL_YEARS[0])
    told = [journal[(journal["event"] == kind) & (weeks >= 0) & (weeks < 52)] for kind in (*kinds, Event.PLAN_ENDED)]
    at_once = set.intersection(*({(row["child"], row["week"]) for row in rows} for rows in told))
    return len(at_once)


def test_nobody_is_left_out_of_an_event_or_added_to_it():
    from familyabm.returns.replay import replay

    assert replay(watched()).miscounted == 0


@pytest.mark.parametrize("year", ALL_YEARS)
def test_care_in_the_return_is_care_in_the_measures(year):
    episodes, lived = tables("ssda903", year)["Episodes"], year_of(year)
    open_now = episodes[episodes["DEC"] == ""]
    by_status = open_now["LS"].value_counts()
    for status in LOOKED_AFTER:
        assert by_status.get(coding.LEGAL[status], 0) == lived.last("legal")[status]
    for place in ("U3", "K2", "K3", "P1", "K1", "A6"):
        of_place = [kind for kind, codes in coding.PLACE.items() if codes[0] == place]
        assert (open_now["PLACE"] == place).sum() == lived.last("placement")[of_place].sum()
    starts = episodes[(episodes["RNE"] == "S")]
    assert within(days(starts, "DECOM", "%d/%m/%Y"), year) == lived.children(Event.CARE_STARTED)
    left = episodes[~episodes["REC"].isin(["", "X1"])]["REC"].value_counts()
    assert left.sum() == lived.children(*CARE_ENDED)
    for codes, event in ((["E11"], Event.CARE_ENDED_ADOPTED), (["E45", "E47"], Event.CARE_ENDED_GUARDIAN),
                         (["E4A"], Event.CARE_ENDED_HOME), (["E41"], Event.CARE_ENDED_ARRANGEMENTS)):  # fmt: skip
        assert left.reindex(codes).sum() == lived.children(event)


@pytest.mark.parametrize(
    ("event", "placement", "age", "fate", "code"),
    [
        (Event.CARE_ENDED_OTHER, Placement.SUPPORTED, 17, 0, "E5"), (Event.CARE_ENDED_OTHER, Placement.AGENCY_FOSTER, 17, 0, "E8"),
        (Event.CARE_ENDED_OTHER, Placement.SUPPORTED, 17, Fate.ALONE, "E3"), (Event.CARE_ENDED_OTHER, Placement.CHILDRENS_HOME, 15, 0, "E13"),
        (Event.CARE_ENDED_EIGHTEEN, Placement.AGENCY_FOSTER, 18, 0, "E17"), (Event.CARE_ENDED_EIGHTEEN, Placement.SUPPORTED, 18, 0, "E5"),
        (Event.CARE_ENDED_EIGHTEEN, Placement.CHILDRENS_HOME, 18, 0, "E8"),
    ],
)  # fmt: skip
def test_the_reason_why_care_ended_says_no_more_than_the_model_does(event, placement, age, fate, code):
    last = State(*[0] * len(State._fields))._replace(placement=placement, fate=fate)
    assert coding.ceased(event, last, 52 * age) == code


@pytest.mark.parametrize(("age", "code"), [(0, "CREQO"), (3, "CREQO"), (4, "CREQB"), (15, "CREQB")])
def test_no_carer_gives_up_for_a_small_childs_behaviour(age, code):
    state = State(*[0] * len(State._fields))
    assert coding.placement_change(state, state._replace(week=52 * age), broke_down=True) == code


@pytest.mark.parametrize("year", ALL_YEARS)
def test_the_census_counts_what_the_measures_count(year):
    census, lived = tables("cin-census", year), year_of(year)
    details, own = census["CINdetails"], told().records[~told().records["in_model"]]
    referred = days(details, "CINreferralDate")
    assert within(referred, year) == lived.children(Event.REFERRAL) + within(own["referred"], year)
    refused = details[details["ReferralNFA"] == "true"]
    assert within(days(refused, "CINclosureDate"), year) == lived.children(Event.REFERRAL_CLOSED)
    unneeded = details[details["ReasonForClosure"].isin(["RC8", "RC9"])]
    assert within(days(unneeded, "CINclosureDate"), year) == lived.children(Event.NOT_IN_NEED)
    assert (details["CINclosureDate"] == "").sum() == lived.last("open_children")
    assert within(days(census["Assessments"], "AssessmentAuthorisationDate"), year) == lived.children(
        Event.ASSESSMENT_ENDED
    )
    assert within(days(census["Section47"], "S47ActualStartDate"), year) == lived.children(Event.SECTION_47_STARTED)
    meetings = within(days(census["Section47"], "DateOfInitialCPC"), year) + within(
        days(details, "DateOfInitialCPC"), year
    )
    assert meetings == lived.children(Event.CONFERENCE)


@pytest.mark.parametrize("year", ALL_YEARS)
def test_plans_in_the_census_are_plans_in_the_measures(year):
    plans, lived = tables("cin-census", year)["ChildProtectionPlans"], year_of(year)
    open_now = plans[plans["CPPendDate"] == ""]
    assert len(open_now) == lived.last("legal")[Legal.CHILD_PROTECTION_PLAN]
    by_kind = open_now["InitialCategoryOfAbuse"].value_counts()
    for kind, code in coding.ABUSE.items():
        assert by_kind.get(code, 0) == lived.last("plan_category")[Category(kind)]
    begun = days(plans, "CPPstartDate")
    again, unseen = begun[plans["NumberOfPreviousCPP"] != "0"], fleeting(year, Event.PLAN_STARTED)
    assert within(begun, year) == lived.children(Event.PLAN_STARTED) - unseen
    assert within(again, year) == lived.children(Event.PLAN_AGAIN) - fleeting(year, Event.PLAN_AGAIN)
    assert within(days(plans, "CPPendDate"), year) == lived.children(Event.PLAN_ENDED) - unseen


def born_meanwhile(year):
    """How many children were in time only because they were born while their family was assessed, at the most."""
    census = tables("cin-census", year)
    rows = census["Assessments"][census["Assessments"]["AssessmentAuthorisationDate"] != ""]
    births = census["ChildIdentifiers"].set_index("LAchildID")["PersonBirthDate"].reindex(rows["LAchildID"])
    age = days(rows, "AssessmentActualStartDate").to_numpy() - pd.to_datetime(births).to_numpy()
    return int((age < np.timedelta64(7, "D")).sum())


@pytest.mark.parametrize("year", ALL_YEARS[1:])
def test_what_is_in_time_in_weeks_is_in_time_in_working_days(year):
    """In the first year some assessments began before the run, on days of which only the referral's week is known.

    Ten weeks with five bank holidays, as about the coronation of 2023, are 45 working days too, and so in time.
    """
    census, lived = tables("cin-census", year), year_of(year)
    rows = census["Assessments"]
    rows = rows[rows["AssessmentAuthorisationDate"] != ""]
    began, ended = (days(rows, name).to_numpy("datetime64[D]") for name in
                    ("AssessmentActualStartDate", "AssessmentAuthorisationDate"))  # fmt: skip
    within_45 = (working_days(began, ended) <= 45) & (ended - began < np.timedelta64(10, "W"))
    assert 0 <= within_45.sum() - lived.children(Event.ASSESSMENT_IN_TIME) <= born_meanwhile(year) <= 3


@pytest.mark.parametrize("year", ALL_YEARS)
def test_referrals_come_from_whom_the_measures_say(year):
    details, lived = tables("cin-census", year)["CINdetails"], year_of(year)
    mine = details[days(details, "CINreferralDate") >= f"{year - 1}-04-01"]
    by_source = mine["ReferralSource"].value_counts()
    for agency in (Agency.POLICE, Agency.SCHOOL, Agency.HEALTH, Agency.HOUSING, Agency.PUBLIC, Agency.FAMILY):
        assert by_source.get(coding.SOURCE[agency], 0) == lived.rows["children"][:, Event.REFERRAL, agency].sum()


def test_annex_a_lists_the_same_children_as_the_returns():
    lists, census, care = tables("annex-a"), tables("cin-census"), tables("ssda903")
    open_now = lists["List 8"][lists["List 8"]["Date Ceased to be Looked After"] == ""]
    episodes = care["Episodes"][care["Episodes"]["DEC"] == ""]
    assert set(open_now["Child Unique ID"]) == set(episodes["CHILD"])
    plans = census["ChildProtectionPlans"]
    on_plan = lists["List 7"][lists["List 7"]["Child Protection Plan End Date"] == ""]
    assert set(on_plan["Child Unique ID"]) == set(plans[plans["CPPendDate"] == ""]["LAchildID"])
    in_need = lists["List 6"][lists["List 6"]["CIN Closure Date"] == ""]
    assert len(in_need) == year_of(LAST).last("open_children")
    contacts = days(lists["List 1"], "Date of Contact", "%d/%m/%Y")
    half = watched().run.weekly[-26:]
    assert len(contacts) == pytest.approx(half["children"][:, Event.CONTACT].sum(), rel=0.05)  # a week more or less


@pytest.fixture(scope="module")
def sources(returns):
    """The run's own returns, read back as an authority's."""
    return reading.read(returns / "ssda903") + reading.read(returns / "cin-census")


@pytest.fixture(scope="module")
def own(sources):
    """What they come to."""
    return own_area.own(sources, named("Wakefield"), round(watched().run.weekly["children_total"][-1]))


ROUND_TRIP = {
    "cin_rate": "in_need", "s47_rate": "section_47", "cpp_rate": "plans", "cpp_start_rate": "plan_starts",
    "repeat_cpp_pct": "plans_again", "cla_rate": "looked_after", "cla_start_rate": "care_starts",
    "assessment_45_days_pct": "assessments_in_time", "homes_placement_pct": "placed_homes",
}  # fmt: skip


@pytest.mark.parametrize("column", ROUND_TRIP)
def test_a_run_comes_back_from_its_returns_with_its_own_measures(sources, column):
    """Rates are per child of 31 March in returns and, for what happens in a year, per mean child in the measures."""
    lived = measures.of_weeks(watched().run.weekly[-52:], [ROUND_TRIP[column]])[ROUND_TRIP[column]]
    figure = counting.figures(sources, LAST)[column]
    mean, last = watched().run.weekly["children_total"][-52:].mean(), watched().run.weekly["children_total"][-1]
    of = mean if column in ("s47_rate", "cpp_start_rate", "cla_start_rate") else last
    count, whole = figure.count, figure.whole
    if column in ("cpp_start_rate", "repeat_cpp_pct"):
        count += fleeting(LAST, Event.PLAN_STARTED if column == "cpp_start_rate" else Event.PLAN_AGAIN)
        whole = None if whole is None else whole + fleeting(LAST, Event.PLAN_STARTED)
    value = 1e4 * count / of if whole is None else 100.0 * count / whole
    younger = 100.0 * born_meanwhile(LAST) / figure.whole if column == "assessment_45_days_pct" else 0.0
    assert value == pytest.approx(lived, rel=1e-9, abs=younger + 1e-9)


def test_what_is_told_is_what_was_counted_unless_it_is_small(sources, own):
    for column, value in own.outcomes.items():
        figure = counting.figures(sources, LAST)[column]
        assert (value is None) == own_area.small(figure)
        if value is not None and figure.whole is not None:
            assert value == pytest.approx(100.0 * figure.count / figure.whole, abs=0.051)
    assert sum(value is not None for value in own.outcomes.values()) >= 12


def test_referrals_come_back_with_those_that_social_care_opened_itself(own):
    lived, records = year_of(LAST), told().records
    count = lived.children(Event.REFERRAL) + within(records[~records["in_model"]]["referred"], LAST)
    assert own.outcomes["referral_rate"] == pytest.approx(1e4 * count / own.children, abs=0.051)


def test_re_referrals_come_back_but_for_those_of_a_year_to_the_day(own):
    """A year of the model is 52 weeks, one of the calendar a day or two more: only such a pair may fall otherwise."""
    records = told().records[["child", "referred"]]
    pairs = records.merge(records, on="child", suffixes=("", "_before"))
    apart = (pairs["referred"] - pairs["referred_before"]).dt.days
    now = (pairs["referred"] > f"{LAST - 1}-03-31") & (apart > 0)
    doubtful = pairs[now & apart.between(358, 371)]["child"].nunique()
    own_opened = within(told().records[~told().records["in_model"]]["referred"], LAST)
    lived = year_of(LAST)
    n = lived.children(Event.REFERRAL) + own_opened
    counted = own.outcomes["rereferral_pct"] * n / 100.0
    assert abs(counted - lived.children(Event.RE_REFERRAL)) <= doubtful + own_opened + 0.1


def test_a_watched_run_is_the_run_that_nobody_watched():
    from familyabm import levers, simulation

    run = watched().run
    plain = simulation.live(run.snapshot, levers.find("status-quo"), run.weeks)
    assert plain.address == run.address
    assert np.array_equal(plain.weekly.view(np.ndarray), run.weekly.view(np.ndarray))


def test_the_same_run_gives_the_same_files(returns, tmp_path):
    again = extract("cin-census", tmp_path / "again")
    names = [path.relative_to(again) for path in again.rglob("*") if path.is_file()]
    assert len(names) > 10 * YEARS
    for name in names:
        assert (again / name).read_bytes() == (returns / "cin-census" / name).read_bytes(), name


def test_placements_are_all_known():
    assert set(coding.PLACE) == set(Placement) - {Placement.HOME, Placement.PERMANENT_FAMILY}
    assert isinstance(told().episodes, pd.DataFrame)
