"""Rules worked by hand: what is counted at the end of a week and of a year, and what a place in a row means."""

import math
from collections import Counter

import numpy as np
import pytest
from test_rules_common import WEEK, events, fresh, home, lever, put, rules

from familyabm.codes import (
    Agency,
    Answer,
    Category,
    Clock,
    Complaint,
    Event,
    Factor,
    Legal,
    Placement,
    Service,
    Silo,
    Status,
    Tally,
    Treatment,
)
from familyabm.tables import ADULTHOOD

census, clocks, carers = rules("census"), rules("clocks"), rules("carers")
circumstances, attendance, allocation = rules("circumstances"), rules("attendance"), rules("allocation")
MARCH = 103


def alone(age: float):
    """Return a town of one child, of this age on 31 March, whose development is worked out up to that day."""
    town, _, (child,) = home(age, week=MARCH)
    born = int(child.born)
    town.children["born"] = MARCH - ADULTHOOD - 10
    child.born, child.grown, child.legal_status = born, MARCH, Legal.NONE
    child.physical, child.emotional, child.behaviour, child.drinking, child.risk_outside = 0.5, 0.25, 0.0, 0, 0
    put(town, development__ready=0.3, development__behaviour_high=17.0, schooling__suspended=20.0)
    return town, child, town.weekly[MARCH]


@pytest.mark.parametrize(
    ("age", "rated", "fives", "older", "teenagers"),
    [(3.9, 0, 0, 0, 0), (4, 1, 0, 0, 0), (5, 1, 1, 0, 0), (5.9, 1, 1, 0, 0), (6, 1, 0, 0, 0), (10.9, 1, 0, 0, 0),
     (11, 1, 0, 1, 1), (15.9, 1, 0, 1, 1), (16, 1, 0, 0, 1), (16.9, 1, 0, 0, 1), (17, 0, 0, 0, 1)],
)  # fmt: skip
def test_the_census_counts_a_child_by_its_age(age, rated, fives, older, teenagers):
    town, _, row = alone(age)
    census.take_census(town, MARCH)
    assert (row.growing[0], row.physical[0], row.emotional[0]) == (1, 0.5, 0.25)
    assert (row.rated[0], row.fives, row.older_pupils, row.teenagers) == (rated, fives, older, teenagers)
    assert row.pupils[0] == (5 < age < 16)  # who turns five that week has had no week of school


@pytest.mark.parametrize(("emotional", "ready"), [(0.25, 1), (0.0, 0), (-0.25, 0)])
def test_a_child_of_five_is_ready_for_school_above_a_mean_of_its_development(emotional, ready):
    town, child, row = alone(5.5)
    child.emotional = emotional
    census.take_census(town, MARCH)
    assert (row.fives, row.ready) == (1, ready)


@pytest.mark.parametrize(
    ("drinking", "outside", "counted"), [(0, 0, (0, 0, 0)), (1, 1, (0, 1, 0)), (2, 2, (1, 1, 1)), (3, 3, (1, 1, 1))]
)
def test_teenagers_are_counted_by_their_drinking_and_by_risk_outside_the_home(drinking, outside, counted):
    town, child, row = alone(14)
    child.drinking, child.risk_outside = drinking, outside
    census.take_census(town, MARCH)
    assert (row.drinking, row.outside, row.outside_high) == counted


def test_behaviour_is_difficult_and_suspends_at_its_thresholds():
    town, child, row = alone(12)
    for behaviour in (16.9, 17.0, 20.0):
        child.behaviour = behaviour
        census.take_census(town, MARCH)
    assert (row.rated[0], row.difficult[0], row.suspended) == (3, 2, 1)


def test_missed_school_is_a_share_of_the_years_school_weeks():
    town, child, row = alone(9)
    weeks = rules("outcomes").school_weeks(MARCH - 51, MARCH)
    put(town, schooling__persistent=0.1, schooling__severe=0.5)
    child.missed = 0.5 * weeks
    census.take_census(town, MARCH)
    assert (row.missed_school[0], row.persistent[0], row.severe[0], child.missed) == (0.5, 1, 1, 0)
    child.missed = 0.25 * weeks
    census.take_census(town, MARCH)
    assert (row.missed_school[0], row.persistent[0], row.severe[0]) == (0.75, 2, 1)


def test_a_week_at_court_is_remembered_by_its_mean_length():
    town = fresh()
    put(town, clocks__memory=1.0)
    row, policy = town.weekly[WEEK], float(town.clocks[Clock.PRE_PROCEEDINGS].policy)
    row.children[Event.PROCEEDINGS_ENDED] = 0
    row.children[Event.PROCEEDINGS_ENDED][0], row.children[Event.PROCEEDINGS_IN_TIME][0] = 4, 1
    row.proceedings_weeks, row.pre_weeks = 160.0, 3 * 2 * policy
    row.events[Event.PRE_PROCEEDINGS_ENDED][0] = 3
    clocks.at_court(town, row)
    assert (town.clocks[Clock.PROCEEDINGS].practice, town.clocks[Clock.PROCEEDINGS].kept) == (40.0, 0.25)
    assert (town.clocks[Clock.PRE_PROCEEDINGS].practice, town.clocks[Clock.PRE_PROCEEDINGS].kept) == (2 * policy, 0.5)


def test_the_gap_of_the_clocks_is_the_mean_share_not_kept():
    town = fresh()
    town.clocks["kept"] = 0.75
    put(town, clocks__memory=0.0)
    clocks.watch_clocks(town, WEEK)
    assert town.weekly[WEEK].clock_gap == pytest.approx(0.25)


def test_a_frail_family_rises_at_more_lucks_than_an_ordinary_one():
    town, family, _ = home(5)
    limit = float(town.limits[0].rise[Factor.HOUSING, 0, family.deprivation_decile])
    luck = 1.5 * limit
    found = []
    for frailty in (1.0, 2.0, 100.0):
        family.frailty = frailty
        found.append(circumstances.next_level(town, family, WEEK, Factor.HOUSING, 0, 0, luck, 100.0))
    assert found[0] == 0 and found[-1] == 1
    family.resilience, easing = 100.0, 1.0 - 1.5 * float(town.limits[0].ease[Factor.HOUSING, 1])
    family.frailty = 1e-9
    assert circumstances.next_level(town, family, WEEK, Factor.HOUSING, 1, 0, easing, 1.0) == 0
    family.resilience = 1.0
    assert circumstances.next_level(town, family, WEEK, Factor.HOUSING, 1, 0, easing, 1.0) == 1


@pytest.mark.parametrize(
    ("which", "kind"), [(0.1, Service.VOLUNTARY_SECTOR), (0.3, Service.HELPLINE), (0.49, Service.HELPLINE), (0.5, None)]
)
def test_a_neighbour_goes_through_a_charity_or_a_helpline_or_neither(which, kind):
    town = fresh()
    put(town, partners__voluntary_share=0.25, partners__helpline_share=0.25)
    row = attendance.through_charity(town, which)
    assert (row == -1) if kind is None else (town.services[row].kind == kind)


def test_the_first_service_of_all_gives_its_time_too():
    town, family, _ = home(5)
    family.school = 0
    before = float(town.services[0].demand)
    attendance.take_time(town, family, WEEK, Agency.SCHOOL)
    assert town.services[0].demand == pytest.approx(before + town.p.front_door[0].partner_hours)


@pytest.mark.parametrize(
    ("placement", "kept", "there"),
    [(Placement.AGENCY_FOSTER, 0.4, True), (Placement.AGENCY_FOSTER, 0.6, False), (Placement.WITH_PARENTS, 0.6, True),
     (Placement.CHILDRENS_HOME, 0.5, False)],
)  # fmt: skip
def test_brothers_and_sisters_in_one_kind_of_placement_are_together_as_often_as_said(placement, kept, there):
    town, family, (one, two) = home(7, 9)
    put(town, carers__together=0.5)
    one.placement = two.placement = placement
    assert bool(carers.sibling_there(town, family, one, WEEK, kept)) is there
    two.placement = Placement.HOME
    assert not carers.sibling_there(town, family, one, WEEK, 0.0)


def test_the_place_in_the_queue_is_urgent_referrals_then_the_wait_then_the_row():
    town, family, _ = home(5)
    put(town, front_door__referral_threshold=0.5, referral__urgent=0.2)

    def place(status: int, judged: float, waited: int, row: int) -> float:
        family.status, family.judged, family.since = status, judged, WEEK - waited
        return allocation.priority(town, family, row, WEEK)

    told = [place(Status.SECTION_47, 0.1, 0, 9), place(Status.REFERRAL, 0.8, 0, 1), place(Status.REFERRAL, 0.6, 5, 2**31),
            place(Status.REFERRAL, 0.6, 4, 0), place(Status.REFERRAL, 0.6, 4, 1)]  # fmt: skip
    assert told == sorted(told) and len(set(told)) == 5


def test_only_a_family_that_waits_for_a_service_joins_its_queue():
    town, family, _ = home(5)
    family.level[:] = 0
    family.treatment[:] = Treatment.NONE
    family.in_treatment = 0
    before = town.services["n_treated"].sum()
    rules("adult_services").serve(town, WEEK)
    assert town.services["n_treated"].sum() == before
    family.level[Factor.MENTAL_HEALTH] = 3
    family.treatment[Factor.MENTAL_HEALTH] = Treatment.WAITING
    family.treatment_since[Factor.MENTAL_HEALTH], family.in_treatment = WEEK - 50, 1
    service = town.services[rules("adult_services").service_for(family, Factor.MENTAL_HEALTH)]
    service.places, service.n_treated, service.n_waiting = 50.0, 0, 1
    lever(town, joint_response=0.0)
    put(town, adult_services__drop=0.0, adult_services__noise=0.0)
    rules("adult_services").serve(town, WEEK)
    assert family.treatment[Factor.MENTAL_HEALTH] == Treatment.ACTIVE and service.n_treated == 1
    put(town, adult_services__treatment_weeks=10)
    rules("adult_services").serve(town, WEEK + 20)
    assert events(town, Event.TREATMENT_COMPLETED, WEEK + 20) == 1


def test_the_kind_of_harm_that_a_plan_names_is_as_often_as_its_share_of_what_is_known():
    town, family, (child,) = home(5)
    put(town, category_mix__neglect=1.0, category_mix__emotional=1.0, category_mix__physical=2.0, category_mix__sexual=1.0,
        category_mix__sexual_outside=1.0)  # fmt: skip
    family.seen[:] = 0
    family.seen[Factor.HOUSING], family.seen[Factor.DOMESTIC_ABUSE], child.risk_seen = 3, 2, 0
    found = Counter(
        rules("coding").named_category(town, family, child, week) for week in range(2000)
    )  # 3, 2, 4 and 1 of 10
    shares = [found[kind] / 2000 for kind in (Category.NEGLECT, Category.EMOTIONAL, Category.PHYSICAL, Category.SEXUAL)]
    assert shares == pytest.approx(
        [0.3, 0.2, 0.4, 0.1], abs=0.04
    )  # four standard errors; the luck is the same each time


def test_what_a_lender_gets_back_each_april_stands_in_the_matrix_as_coming_from_where_it_went():
    town = fresh()
    put(town, partners__comes_back=0.5, adult_services__growth=0.0)
    rows = [row for row in range(len(town.services)) if rules("bail_outs").is_for_adults(town.services[row])]
    town.services["lent"] = 0.0
    one, other = town.services[rows[0]], town.services[rows[1]]
    one.lent, other.lent = 600.0, -200.0
    rules("bail_outs").give_back(town, WEEK)
    silo = rules("bail_outs").silo_of
    assert town.weekly[WEEK].moved[Silo.ACUTE, silo(one)] == 300.0
    assert town.weekly[WEEK].moved[silo(other), Silo.ACUTE] == 100.0
    assert math.isclose(town.weekly[WEEK].moved.sum(), 400.0)


@pytest.mark.parametrize("field", ["panel", "complaint", "overdue"])
def test_a_family_that_waits_for_an_answer_concerns_services(field):
    town, family, _ = home(5)
    concerns = rules("front_door").concerns_services
    family.status, family.worker, family.n_away, family.n_settled = Status.UNIVERSAL, -1, 0, 0
    family.panel, family.complaint, family.overdue, family.fated = 0, 0, 0, WEEK + 1
    assert not concerns(family, WEEK)
    assert concerns(family, WEEK + 1)
    family[field] = 1
    assert concerns(family, WEEK)


def test_early_help_that_begins_is_reviewed_later():
    town, family, _ = home(5)
    put(town, early_help__review_weeks=13)
    family.status, family.since, family.source = Status.EARLY_HELP_WAITING, WEEK - 3, Agency.SCHOOL
    used = float(town.authority[0].early_help_used)
    rules("early_help").begin(town, family, WEEK)
    assert (family.status, family.due, town.authority[0].early_help_used) == (Status.EARLY_HELP, WEEK + 13, used + 1)
    assert town.weekly[WEEK].early_wait == 3


def test_only_homes_and_agencies_are_crowded_each_by_what_is_used_of_it():
    town = fresh()
    put(town, carers__crowded_above=0.5)
    crowding, entry = rules("entry").crowding, rules("entry")
    authority, there = town.authority[0], float(entry.homes_there(town))
    authority.homes_used, authority.agency_used = 2.0 * max(1.0, there), 0.0
    assert crowding(town, Placement.CHILDRENS_HOME) == pytest.approx(authority.homes_used / max(1.0, there) - 0.5)
    assert crowding(town, Placement.AGENCY_FOSTER) == crowding(town, Placement.IN_HOUSE_FOSTER) == 0.0
    authority.agency_used = 3.0 * max(1.0, town.facts[0].agency_places * authority.agency_supply)
    assert crowding(town, Placement.AGENCY_FOSTER) == pytest.approx(2.5)


@pytest.mark.parametrize("month", [0, 1])
def test_a_campaign_lasts_as_drawn_and_brings_research_now_and_then(month):
    town = fresh()
    put(town, environment__campaigns=5000.0, environment__campaign_shortest=4, environment__campaign_longest=4,
        environment__campaign_rise=0.3, environment__campaign_research=float(month))  # fmt: skip
    authority, environment = town.authority[0], rules("environment")
    authority.campaign, authority.campaign_ends = 0.0, 0
    environment.campaign(town, WEEK)
    assert (authority.campaign, authority.campaign_ends) == (pytest.approx(0.3), WEEK + 5)
    put(town, environment__campaigns=0.0)
    environment.campaign(town, WEEK + 4)
    assert authority.campaign > 0.0
    environment.campaign(town, WEEK + 5)
    assert authority.campaign == 0.0


def test_a_family_moves_in_the_week_it_leaves_and_in_no_other():
    town = fresh()
    town.families["stirs"] = town.families["leaves"] = 32000
    put(
        town,
        circumstances__partner_leaves=0.0,
        circumstances__partner_leaves_abuse=0.0,
        circumstances__partner_joins=0.0,
    )
    keys = town.families["key"].copy()
    town.families["stirs"][3] = town.families["leaves"][3] = WEEK
    rules("households").change(town, WEEK)
    assert list((town.families["key"] != keys).nonzero()[0]) == [3]


@pytest.mark.parametrize(("failing", "likely"), [(0, 0.4), (1, 0.1)])
def test_a_family_whose_wrong_is_put_right_is_content_oftener(failing, likely):
    town, family, _ = home(5)
    put(town, complaints__to_stage_2=0.4, complaints__content=0.25)
    family.complaint, family.failing = Complaint.STAGE_1, failing
    assert rules("complaints").likely_to_go_on(town, family) == pytest.approx(likely)


def test_a_return_home_fails_less_as_time_and_help_go_on():
    town, family, (child,) = home(9)
    put(
        town,
        edge_of_care__re_entry=0.02,
        edge_of_care__re_entry_fades=10,
        edge_of_care__support=0.5,
        plans__dose_ceiling=2.0,
    )
    back = rules("crisis").back_from_home
    child.came_home, child.harm, family.help = WEEK - 10, 0.25, 0.0
    assert back(town, family, child, WEEK) == pytest.approx(0.02 * 0.75 * 0.5)
    family.help = 1.0
    assert back(town, family, child, WEEK) == pytest.approx(0.02 * 0.75 * 0.75 * 0.5)
    family.help = 9.0
    assert back(town, family, child, WEEK) == pytest.approx(0.02 * 0.75 * 0.5 * 0.5)
    child.came_home, child.harm, family.help = WEEK - 40, 0.9, 0.0
    assert back(town, family, child, WEEK) == 0.0


def test_an_entry_to_care_is_one_entry_of_its_home():
    town, family, (child,) = home(9)
    row = int(town.awake[0])
    before = town.tally[:, Tally.CARE_ENTRIES].copy()
    rules("entry").enter_care(town, family, child, WEEK, Legal.SECTION_20)
    assert (
        town.tally[row, Tally.CARE_ENTRIES] - before[row] == (town.tally[:, Tally.CARE_ENTRIES] - before).sum() == 1.0
    )


@pytest.mark.parametrize(("relief", "left"), [(0.0, 0.5 + 0.01 - 0.1 * 0.5), (0.5, 0.5 + 0.01 - 0.2 * 0.5)])
def test_bureaucracy_grows_by_itself_and_is_cut_back_as_a_share_of_what_there_is(relief, left):
    town = fresh()
    put(town, procedure__grows=0.02, procedure__fear=0.0, procedure__pruned=0.1, effects__relief_prunes=0.2,
        base__bureaucracy_relief=0.0)  # fmt: skip
    lever(town, bureaucracy_relief=relief)
    town.authority[0].bureaucracy = 0.5
    rules("learning").pile_up(town)
    assert town.authority[0].bureaucracy == pytest.approx(left)


@pytest.mark.parametrize(("voiced", "heard"), [(0.5, 0), (1.5, 1)])
def test_the_front_line_is_heard_once_a_whole_recommendation_has_come_together(voiced, heard):
    town = fresh()
    authority = town.authority[0]
    authority.voiced, authority.reflected, authority.aggrieved = voiced, 0.0, 0.0
    rules("learning").speak_of(town, WEEK, 0.0, 0.0)
    assert authority.voiced == voiced - heard
    assert events(town, Event.RECOMMENDATION) == heard


def test_a_lever_slips_the_faster_the_less_the_others_have_matured():
    town = fresh()
    put(town, programme__slips=0.1, programme__slip_pressure=1.0, programmes__slip_criticism=1.0, programmes__lone_slips=0.5,
        effects__fence_slipping=0.0, programmes__relapse_monitoring=0.0)  # fmt: skip
    improvement, levers = rules("improvement"), rules("improvement").N_LEVERS
    lever = next(one for one in range(levers) if one != rules("improvement").FENCE)
    town.authority[0].criticism = 1.0
    rules("each_lever").put_value(town.policy[0], lever, 1.0)
    rules("each_lever").put_value(town.maturity[0], lever, 0.8)
    assert improvement.rises(town, lever)
    alone, together = (improvement.slipping(town, lever, mean) for mean in (0.8 / levers, 0.8))
    assert alone == pytest.approx(0.08 * 1.5) and together == pytest.approx(0.08 * (1.0 + 0.5 * 0.2))


def test_flexible_help_takes_away_part_of_what_does_not_fit_while_it_lasts():
    town, family, _ = home(5)
    put(town, early_help__match_base=0.4, support__flexible_match=0.5, support__flexible_weeks=6)
    lever(town, joint_response=0.0)
    family.level[:] = 0
    family.level[:2] = 2
    for weeks, match in ((0, 0.7), (6, 0.85), (7, 0.7)):
        family.flexible = weeks
        assert rules("offer").offer_match(town, family) == pytest.approx(match)


def test_more_is_noticed_and_again_of_what_others_tell_and_not_of_what_a_family_asks():
    town, family, _ = home(5)
    put(town, effects__sharing_noticed=0.5, base__information_sharing=0.0, effects__continuity_lead=0.0)
    lever(town, information_sharing=1.0)
    noticing = rules("noticing")
    rates = np.ones(7)
    town.source_shocks[:] = 1.0
    town.facts[0].source[:] = 1.0
    town.authority[0].campaign = 0.0
    family.answer, family.answered, family.informed = Answer.CLOSED_NO_HELP, WEEK - 1, 0
    again = noticing.repeats(town, family, WEEK)
    assert again > 1.0
    total = noticing.weigh(town, family, WEEK, rates)
    assert rates[Agency.FAMILY] == 1.0
    assert [rates[source] for source in range(7) if source != Agency.FAMILY] == pytest.approx([1.5 * again] * 6)
    assert total == pytest.approx(rates.sum())
