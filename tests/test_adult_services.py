"""Adult services accept, queue, treat or turn away (P6), and what treatment does (P2)."""

import math

import numpy as np
import pytest
from test_rules_common import WEEK, deal_key, events, fresh, home, lever, put, rules, worked
from towns import awaken, copy_of, live_weeks, with_journal, young_town

from familyabm import areas, measures
from familyabm.codes import NEVER, Agency, Event, Factor, Failure, Service, Status, Treatment
from familyabm.levers import find
from familyabm.luck import Block, four
from familyabm.parameters import DEFAULT, changed
from familyabm.simulation import live, live_past

adult, circumstances, coding, seeing = (rules(n) for n in ("adult_services", "circumstances", "coding", "seeing"))
households = rules("households")
MIND = Factor.MENTAL_HEALTH
ALL_ASK = {"adult_services__asks": 50.0, "adult_services__noise": 0.0}


def troubled(level: int = 2, factor: Factor = MIND):
    """Return a family with one factor at this level, whose service has a threshold of 2 and ten free places."""
    town, family, _ = home(5)
    family.level[:] = 0
    family.level[factor] = level
    service = town.services[adult.service_for(family, factor)]
    service.accept_level, service.places, service.bureaucracy = 2.0, 10.0, town.p.partners[0].bureaucracy
    put(town, adult_services__noise=0.0)
    lever(town, unit_model=0.0, joint_response=0.0)
    return town, family, service


def wait_since(family, service, week: int, factor: Factor = MIND) -> None:
    family.treatment[factor], family.treatment_since[factor], family.in_treatment = Treatment.WAITING, week, 1
    service.n_waiting += 1


def treat_since(family, service, week: int, factor: Factor = MIND) -> None:
    family.treatment[factor], family.treatment_since[factor], family.in_treatment = Treatment.ACTIVE, week, 1
    service.n_treated += 1


def test_each_factor_has_its_service_and_its_agency():
    town, family, _ = home(5)
    kinds = [town.services[adult.service_for(family, factor)].kind for factor in Factor]
    assert kinds == [
        Service.HOUSING_OFFICE, Service.ADULT_MENTAL_HEALTH, Service.SUBSTANCE_MISUSE, Service.DOMESTIC_ABUSE,
    ]  # fmt: skip
    assert [adult.agency_for(factor) for factor in Factor] == [
        Agency.HOUSING, Agency.ADULT_MENTAL_HEALTH, Agency.SUBSTANCE_MISUSE, Agency.DOMESTIC_ABUSE_SERVICE,
    ]  # fmt: skip


def test_a_service_accepts_at_its_threshold_and_refuses_below_it():
    for level, state, waiting, bounced in ((2, Treatment.WAITING, 1, 0), (1, Treatment.NONE, 0, 1)):
        town, family, service = troubled(level)
        trust = family.trust
        adult.ask(town, family, WEEK, MIND)
        assert family.treatment[MIND] == state and service.n_waiting == waiting
        assert events(town, Event.ASKED) == 1 and events(town, Event.BOUNCED) == bounced
        assert family.bounced[MIND] == (WEEK if bounced else NEVER)
        assert family.trust == pytest.approx(trust - bounced * town.p.adult_services[0].bounce_trust)


def test_a_service_judges_its_own_factor_with_an_error_of_the_given_spread():
    town, family, _ = troubled(2)
    put(town, adult_services__noise=0.5)
    judged = []
    for week in range(4000):
        judged.append(adult.as_assessed(town, family, week, MIND))
    assert np.mean(judged) == pytest.approx(2.0, abs=0.04)
    assert np.std(judged) == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(("weeks", "code"), [(26, Failure.F3_BOUNCE), (27, Failure.VALUE)])
def test_asking_again_within_half_a_year_of_a_refusal_is_failure_demand(weeks, code):
    town, family, _ = troubled(2)
    family.bounced[MIND] = WEEK - weeks
    adult.ask(town, family, WEEK, MIND)
    assert town.weekly[WEEK].demand_count[code, Event.ASKED] == 1
    assert town.weekly[WEEK].demand_hours[code, Event.ASKED] == town.p.adult_services[0].ask_hours


def test_a_refusal_by_one_service_does_not_make_a_request_to_another_a_bounce():
    town, family, _ = troubled(2)
    family.bounced[Factor.HOUSING] = WEEK - 3
    assert coding.of_asking(town, family, WEEK, MIND) == Failure.VALUE


def test_open_cases_ask_more_joint_working_puts_them_forward_and_a_refusal_keeps_them_away():
    town, family, _ = troubled(2)
    put(town, adult_services__asks=0.006, adult_services__asks_open=0.010, effects__joint_asking=0.016)
    lever(town, joint_response=0.5)
    assert adult.asking_rate(town, family, WEEK, MIND) == pytest.approx(0.006)
    family.status = Status.CHILD_IN_NEED
    assert adult.asking_rate(town, family, WEEK, MIND) == pytest.approx(0.024)
    family.bounced[MIND] = WEEK - 26
    assert adult.asking_rate(town, family, WEEK, MIND) == pytest.approx(0.012)
    family.bounced[MIND] = WEEK - 27
    assert adult.asking_rate(town, family, WEEK, MIND) == pytest.approx(0.024)


def test_nobody_asks_without_trouble_or_while_under_way():
    town, family, service = troubled(0)
    put(town, **ALL_ASK | {"adult_services__asks": 0.02})
    town.p.adult_services["asks"] = 50.0
    adult.asks(town, family, WEEK, four(town.luck, family.key, WEEK, Block.TREATMENT_ASKED))
    assert events(town, Event.ASKED) == 0
    family.level[MIND] = 3
    wait_since(family, service, WEEK - 2)
    adult.asks(town, family, WEEK, four(town.luck, family.key, WEEK, Block.TREATMENT_ASKED))
    assert events(town, Event.ASKED) == 0


def test_a_free_place_goes_to_those_assessed_severe_first_then_the_longest_wait():
    town, family, service = troubled(2)
    rows = [
        row
        for row in range(len(town.families))
        if adult.service_for(town.families[row], MIND) == adult.service_for(family, MIND)
    ][:4]
    since, levels = (WEEK - 40, WEEK - 30, WEEK - 50, WEEK - 1), (2, 3, 2, 3)
    for row, week, level in zip(rows, since, levels, strict=True):
        town.families[row].level[MIND] = level
        wait_since(town.families[row], service, week)
    service.places = 2.0
    put(town, adult_services__intake=0.5, adult_services__mental_wait=16.0)
    assert all(adult.waits(town.families[row]) for row in rows)
    town.queue[: len(rows)] = rows
    adult.admit(town, WEEK, MIND, len(rows))
    states = [town.families[row].treatment[MIND] for row in rows]
    assert states == [Treatment.WAITING, Treatment.ACTIVE, Treatment.ACTIVE, Treatment.WAITING]
    assert service.n_treated == 2 and service.n_waiting == 2
    assert town.weekly[WEEK].treatment_wait[MIND] == 80


def test_joint_working_shortens_the_services_own_assessment_and_procedure_lengthens_it():
    town, _, service = troubled(2)
    put(town, adult_services__intake=0.5, effects__joint_wait=0.5, partners__bureaucracy=0.5)
    town.p.chances[0].usual_wait[MIND], service.bureaucracy = 16.0, 0.5
    assert adult.ready_after(town, service, MIND) == pytest.approx(8.0)
    lever(town, joint_response=1.0)
    assert adult.ready_after(town, service, MIND) == pytest.approx(4.0)
    service.bureaucracy = 1.0
    assert adult.ready_after(town, service, MIND) == pytest.approx(8.0)


@pytest.mark.parametrize(("weeks", "level", "ended"), [(25, 2, False), (26, 2, True), (3, 0, True)])
def test_treatment_ends_after_half_a_year_or_when_the_trouble_is_gone(weeks, level, ended):
    town, family, service = troubled(level)
    put(town, adult_services__drop=0.005)
    family.trust = 1.3
    treat_since(family, service, WEEK - weeks)
    adult.go_on(town, family, WEEK)
    assert (family.treatment[MIND] == Treatment.COMPLETED) == ended
    assert service.n_treated == (0 if ended else 1) and family.in_treatment == (0 if ended else 1)
    assert events(town, Event.TREATMENT_COMPLETED) == ended


def test_families_with_little_trust_and_strained_services_give_up_more():
    town, family, service = troubled(2)
    put(town, adult_services__drop=0.02, adult_services__drop_trust=1.3, adult_services__strain_drop=0.5)
    treat_since(family, service, WEEK)
    family.trust, service.strain = 0.3, 0.4
    assert adult.giving_up(town, family, MIND) == pytest.approx(0.02 * 1.0 * 1.2)
    family.treatment[MIND] = Treatment.WAITING
    assert adult.giving_up(town, family, MIND) == pytest.approx(0.02 * 1.0)


def test_a_family_whose_trouble_passes_leaves_the_queue():
    town, family, service = troubled(0)
    wait_since(family, service, WEEK - 5)
    adult.go_on(town, family, WEEK)
    assert family.treatment[MIND] == Treatment.DROPPED and service.n_waiting == 0
    assert events(town, Event.TREATMENT_DROPPED) == 1


def test_a_family_that_moves_away_gives_its_place_back_and_the_next_starts_afresh():
    town, family, service = troubled(2)
    treat_since(family, service, WEEK)
    family.bounced[Factor.HOUSING] = WEEK
    row = int(town.awake[0])
    households.move_on(town, row, WEEK)
    assert service.n_treated == 0 and events(town, Event.TREATMENT_DROPPED) == 1
    family = town.families[row]
    assert family.treatment.tolist() == [0, 0, 0, 0] and family.in_treatment == 0
    assert (family.bounced == NEVER).all() and (family.treatment_since == NEVER).all()


@pytest.mark.parametrize(
    ("share", "factor", "level", "helped"),
    [(1.0, MIND, 2, True), (1.0, Factor.SUBSTANCE_MISUSE, 1, True), (1.0, MIND, 3, False),
     (1.0, Factor.HOUSING, 2, False), (0.0, MIND, 2, False)],
)  # fmt: skip
def test_a_units_clinician_treats_mind_and_drink_at_once_up_to_a_level(share, factor, level, helped):
    town, family, service = troubled(level, factor)
    town.teams["unit"] = share
    family.status = Status.CHILD_PROTECTION
    worked(town, family)
    adult.ask(town, family, WEEK, factor)
    assert (family.treatment[factor] == Treatment.WITH_CLINICIAN) == helped
    assert events(town, Event.CLINICIAN_HELPED) == helped
    assert events(town, Event.ASKED) == (not helped)
    assert service.n_waiting == (0 if helped or level < 2 else 1)


@pytest.mark.parametrize("has_one", [0.0, 1.0])
def test_abuse_is_treated_in_the_team_only_where_it_has_a_worker_for_it(has_one):
    town, family, service = troubled(3, Factor.DOMESTIC_ABUSE)
    put(town, adult_services__team_abuse=has_one, adult_services__noise=0.0, adult_services__clinician_level=3.5)
    town.teams["unit"], service.n_waiting, service.accept_level = 1.0, 0, 1.0
    family.status = Status.CHILD_PROTECTION
    worked(town, family)
    adult.ask(town, family, WEEK, Factor.DOMESTIC_ABUSE)
    assert (family.treatment[Factor.DOMESTIC_ABUSE] == Treatment.WITH_CLINICIAN) == bool(has_one)
    assert service.n_waiting == 1 - has_one and not adult.clinician_at_hand(town, family, Factor.HOUSING)


def test_families_without_a_social_worker_have_no_clinician_and_lose_theirs_with_the_case():
    town, family, _ = troubled(2)
    town.teams["unit"] = 1.0
    assert not adult.clinician_at_hand(town, family, Factor.MENTAL_HEALTH)
    family.status = Status.CHILD_IN_NEED
    worked(town, family)
    assert adult.clinician_at_hand(town, family, Factor.MENTAL_HEALTH)
    adult.enter(family, MIND, WEEK, Treatment.WITH_CLINICIAN)
    family.worker = -1
    assert adult.goes_without(town, family, WEEK, MIND)


def test_treatment_speeds_recovery_and_slows_worsening_and_a_clinicians_by_less():
    town, family, _ = troubled(2)
    put(town, adult_services__on_recovery=0.4, adult_services__on_rise=0.1, adult_services__clinician=0.5)
    rate = {}
    for state in (Treatment.NONE, Treatment.WAITING, Treatment.WITH_CLINICIAN, Treatment.ACTIVE):
        family.treatment[MIND] = state
        eased, rose = (
            circumstances.easing(town, family, MIND, 2, 0), circumstances.rising(town, family, WEEK, MIND, 2),
        )  # fmt: skip
        rate[state] = (-math.log(1 - eased), -math.log(1 - rose))
    plain = rate[Treatment.NONE]
    assert rate[Treatment.WAITING] == plain
    assert rate[Treatment.ACTIVE] == pytest.approx((plain[0] * math.exp(0.4), plain[1] * math.exp(-0.1)))
    assert rate[Treatment.WITH_CLINICIAN] == pytest.approx((plain[0] * math.exp(0.2), plain[1] * math.exp(-0.05)))


@pytest.mark.parametrize(
    ("state", "weeks", "other", "more"),
    [(Treatment.COMPLETED, 52, 2, 1.3), (Treatment.COMPLETED, 53, 2, 1.0), (Treatment.COMPLETED, 52, 1, 1.0),
     (Treatment.DROPPED, 5, 2, 1.0)],
)  # fmt: skip
def test_an_untreated_partner_problem_brings_relapse_within_a_year(state, weeks, other, more):
    town, family, _ = troubled(1)
    put(town, adult_services__relapse=1.3)
    family.level[Factor.DOMESTIC_ABUSE] = other
    usual = -math.log(1 - circumstances.rising(town, family, WEEK, MIND, 1))
    family.treatment[MIND], family.treatment_since[MIND] = state, WEEK - weeks
    again = -math.log(1 - circumstances.rising(town, family, WEEK, MIND, 1))
    assert again == pytest.approx(usual * more)


def test_no_factor_eases_or_rises_more_than_the_quick_bounds_allow_under_treatment_and_relapse():
    random = np.random.default_rng(3)
    for _ in range(300):
        town, family, _ = home(5)
        family.level[:], family.treatment[:] = random.integers(0, 4, 4), random.integers(0, 6, 4)
        family.treatment_since[:], family.network = WEEK - random.integers(0, 80, 4), random.random()
        family.help, family.responsiveness = random.uniform(0, 0.85), random.uniform(0, 2)
        family.deprivation_decile, family.status = random.integers(1, 11), random.integers(0, 13)
        lever(town, joint_response=random.random())
        chances, factor = town.p.chances[0], int(random.integers(0, 4))
        level = int(family.level[factor])
        if level < 3:
            most = circumstances.ordinary_rise(town, family, WEEK, factor, level) * chances.most_rise
            assert circumstances.rising(town, family, WEEK, factor, level) <= most
        if level > 0:
            most = chances.ease[factor, level] * chances.most_ease * family.resilience
            assert circumstances.easing(town, family, factor, level, 0) <= most


@pytest.mark.parametrize("factor", Factor)
def test_the_service_that_treats_a_factor_is_the_one_that_keeps_what_it_saw_on_file(factor):
    town, family, _ = troubled(2, factor)
    keeper = adult.keeper_of(factor)
    assert seeing.service_of(family, keeper) == adult.service_for(family, factor)
    adult.ask(town, family, WEEK, factor)
    on_file = seeing.file_of(town, family).level
    assert on_file[seeing.ENTRY[keeper, factor]] == 2 and on_file.sum() == 2


def test_severity_is_judged_with_the_error_made_when_the_family_asked():
    town, family, service = troubled(2)
    put(town, adult_services__noise=0.5)
    wait_since(family, service, WEEK - 4)
    deal_key(town, family, WEEK - 4, judged=(Block.TREATMENT, int(MIND), 0.95, 1.0))
    high = adult.order_of(town, family, 0, MIND, WEEK)
    deal_key(town, family, WEEK - 4, judged=(Block.TREATMENT, int(MIND), 0.3, 0.6))
    assert high < adult.order_of(town, family, 0, MIND, WEEK)


def busy_town():
    """Return a town in which families ask often and services have few places."""
    parameters = changed(DEFAULT, {"adult_services.asks": 0.02, "circumstances.mental_onset": 0.003})
    town = with_journal(young_town(scale=0.004, weeks=60, parameters=parameters))
    for family in town.families:
        family.level[:] = (2, 0, 0, 2)
        adults = town.adults[family.first_adult : family.first_adult + family.n_adults]
        adults["mental_health"] = adults["substance_misuse"] = 2
    return town


def check_services(town) -> None:
    """Places are never over-used, and services count those that families say are with them."""
    treatment = town.families["treatment"]
    for factor in Factor:
        rows = np.array([adult.service_for(family, factor) for family in town.families])
        for row in np.unique(rows):
            service = town.services[row]
            here = treatment[rows == row, factor]
            assert service.n_treated == (here == Treatment.ACTIVE).sum() <= math.ceil(service.places)
            assert service.n_waiting == (here == Treatment.WAITING).sum()
    under_way = np.isin(treatment, [Treatment.WAITING, Treatment.ACTIVE, Treatment.WITH_CLINICIAN]).sum(axis=1)
    assert np.array_equal(town.families["in_treatment"], under_way)


def test_every_request_is_refused_waiting_in_treatment_completed_or_given_up_and_places_are_never_over_used():
    town = busy_town()
    asked = answered = 0.0
    for week in range(30):
        town.authority[0].noted = 0
        live_weeks(town, 1, week)
        check_services(town)
        row = town.weekly[week]
        theirs = [adult.agency_for(factor) for factor in Factor]
        ends = (Event.BOUNCED, Event.TREATMENT_COMPLETED, Event.TREATMENT_DROPPED)
        asked += row.events[Event.ASKED, theirs].sum()
        answered += sum(row.events[event, theirs].sum() for event in ends)
        assert asked == answered + row.waiting.sum() + row.treated.sum()
    assert asked > 100 and row.treated.sum() > 3


@pytest.mark.slow
def test_thresholds_that_adult_services_raise_come_back_as_demand_on_childrens_services():
    """R6, threshold ping-pong: six pasts of each, paired by seed; each mean is over three standard errors above zero.

    Referrals are left out: social care rations them as its load rises, so that what comes back shows as contacts,
    load and children looked after.
    """
    area, more = areas.named("Wakefield"), []
    high = {f"adult_services.{name}_level": 3.0 for name in ("housing", "mental", "substance", "abuse")}
    low = {f"adult_services.{name}_level": 1.0 for name in ("housing", "mental", "substance", "abuse")}
    for seed in range(1, 7):
        found = []
        for change in (low, high):
            past = live_past(area, changed(DEFAULT, change), seed, 0.1)
            found.append(measures.of_weeks(past.past[-520:], ["contacts", "load", "looked_after", "adult_bounced"]))
        assert found[1]["adult_bounced"] > found[0]["adult_bounced"] + 20
        more.append([found[1][name] / found[0][name] - 1 for name in ("contacts", "load", "looked_after")])
    errors = np.std(more, axis=0, ddof=1) / np.sqrt(len(more))
    assert (np.mean(more, axis=0)[:2] > 3 * errors[:2]).all() and (np.mean(more, axis=0) > errors).all()


@pytest.mark.slow
def test_no_wrong_door_is_not_free_for_adult_services():
    past = live_past(areas.named("Wakefield"), DEFAULT, 1, 0.1)
    quo, door_open = (live(past, find(name), 260).weekly for name in ("status-quo", "whole-system"))
    quo, door_open = (measures.of_weeks(weekly[104:]) for weekly in (quo, door_open))
    assert door_open["adult_bounced"] < quo["adult_bounced"]
    assert door_open["adult_asked"] > quo["adult_asked"]


def test_a_quiet_week_leaves_services_as_they_were():
    town = fresh()
    before = copy_of(town)
    awaken(town)
    adult.serve(town, 1)
    for name in ("n_treated", "n_waiting", "posture", "lent"):
        assert np.array_equal(town.services[name], before.services[name])
