"""Serious incidents and their reviews, the Department, the media and members: rules worked by hand (P18)."""

import numpy as np
import pytest
from test_rules_common import WEEK, fresh, home, lever, put, rules
from towns import awaken

from familyabm.codes import (
    NEVER,
    Agency,
    Clock,
    Event,
    Legal,
    Origin,
    Paper,
    Phase,
    ReviewStage,
    Status,
    Worker,
)
from familyabm.tables import LEVERS

environment, incidents, inspection = rules("environment"), rules("incidents"), rules("inspection")
improvement, noticing, money = rules("improvement"), rules("noticing"), rules("money")


def events(town, event, week=WEEK):
    return float(town.weekly[week].events[event].sum())


def a_child_in_grave_harm(**family):
    """Return a town of 60,000 children one of whom, the only one awake, is in grave harm."""
    town, home_row, children = home(8.0)
    town.facts[0].whole = town.facts[0].children = 60_000.0
    children[0].harm, home_row.harm = 0.9, 0.9
    for name, value in family.items():
        setattr(home_row, name, value)
    return town, home_row, children[0]


def test_an_incident_is_likelier_where_the_child_is_known_and_its_harm_unanswered():
    town, family, child = a_child_in_grave_harm(status=Status.CHILD_IN_NEED)
    put(town, incidents__chance=0.01, incidents__steep=0.0, incidents__missed=1.5)
    answered = incidents.likely(town, family, child, WEEK)
    child.high_weeks = 4
    assert answered == pytest.approx(1 - np.exp(-0.01))
    assert incidents.likely(town, family, child, WEEK) == pytest.approx(1 - np.exp(-0.025))
    family.status = Status.UNIVERSAL
    assert incidents.likely(town, family, child, WEEK) == pytest.approx(answered)


def test_each_child_of_a_part_stands_for_its_share_of_the_whole_authority():
    town, family, child = a_child_in_grave_harm()
    put(town, incidents__chance=0.001, incidents__steep=0.0)
    town.facts[0].children = 6_000.0
    assert incidents.likely(town, family, child, WEEK) == pytest.approx(1 - np.exp(-0.01))


def test_the_chance_of_an_incident_rises_with_the_power_of_harm():
    town, family, child = a_child_in_grave_harm()
    put(town, incidents__chance=0.01, incidents__steep=2.0)
    child.harm = 0.8
    assert incidents.likely(town, family, child, WEEK) == pytest.approx(1 - np.exp(-0.01 * 0.64))
    child.harm = 0.4
    assert incidents.likely(town, family, child, WEEK) == pytest.approx(1 - np.exp(-0.01 * 0.16))


def test_only_children_in_harm_come_to_serious_harm():
    town, family, child = a_child_in_grave_harm()
    put(town, incidents__chance=0.02, incidents__steep=0.0, incidents__least=0.8)
    town.facts[0].children = 60.0
    child.harm = family.harm = 0.79
    for week in range(WEEK, WEEK + 20):
        incidents.strike(town, week)
    assert town.authority[0].n_incidents == 0
    child.harm = family.harm = 0.8
    incidents.strike(town, WEEK)
    assert town.authority[0].n_incidents == 1 and events(town, Event.SERIOUS_INCIDENT) == 1
    for week in range(WEEK + 1, WEEK + 52):
        incidents.strike(town, week)
    assert town.authority[0].n_incidents == 1
    incidents.strike(town, WEEK + 52)
    assert town.authority[0].n_incidents == 2


@pytest.mark.parametrize(
    ("status", "contacted", "legal", "known", "below"),
    [(Status.UNIVERSAL, NEVER, Legal.NONE, 0, 0), (Status.CLOSED, WEEK - 105, Legal.NONE, 0, 0),
     (Status.CLOSED, WEEK - 104, Legal.NONE, 1, 1), (Status.EARLY_HELP, NEVER, Legal.NONE, 1, 1),
     (Status.CHILD_PROTECTION, NEVER, Legal.CHILD_PROTECTION_PLAN, 1, 0), (Status.ASSESSMENT, NEVER, Legal.NONE, 1, 0),
     (Status.CLOSED, NEVER, Legal.CARE_ORDER, 1, 0)],
)  # fmt: skip
def test_who_was_known_and_who_was_below_the_threshold(status, contacted, legal, known, below):
    town, family, child = a_child_in_grave_harm(status=status, contacted=contacted)
    put(town, incidents__known_weeks=104.0)
    child.legal_status = legal
    incidents.happen(town, family, child, WEEK)
    assert (town.weekly[WEEK].incidents_known, town.weekly[WEEK].incidents_below) == (known, below)


def test_an_incident_is_notified_in_one_week_reviewed_in_three_and_published_after_twenty_six():
    town, family, child = a_child_in_grave_harm()
    put(town, incidents__practice_review=0.5, incidents__storm=0.0, incidents__discipline=0.0)
    town.p.groups["incidents"]["practice_review"] = 1.0
    incidents.happen(town, family, child, WEEK)
    fear = town.authority[0].risk_aversion
    seen = {}
    for week in range(WEEK, WEEK + 31):
        incidents.review(town, week)
        for event in (Event.RAPID_REVIEW, Event.PRACTICE_REVIEW, Event.RECOMMENDATION):
            if events(town, event, week):
                seen[event] = (week - WEEK, events(town, event, week))
    assert seen == {Event.RAPID_REVIEW: (4, 1), Event.PRACTICE_REVIEW: (30, 1), Event.RECOMMENDATION: (30, 3)}
    assert town.authority[0].risk_aversion == pytest.approx(fear + town.p.incidents[0].review_fear)
    assert town.incidents[0].stage == ReviewStage.CLOSED
    assert {int(row.origin) for row in town.recommendations[:3]} == {Origin.CASE_REVIEW}


def test_a_rapid_review_may_be_all():
    town, family, child = a_child_in_grave_harm()
    town.p.groups["incidents"]["practice_review"] = 0.0
    incidents.happen(town, family, child, WEEK)
    for week in range(WEEK, WEEK + 40):
        incidents.review(town, week)
    assert town.incidents[0].stage == ReviewStage.CLOSED and town.authority[0].n_recommendations == 0


def test_a_storm_frightens_within_its_bounds_and_a_large_authority_less():
    for whole, part in ((60_000.0, 1.0), (120_000.0, 0.5)):
        town = fresh()
        town.facts[0].whole, town.authority[0].risk_aversion, town.authority[0].criticism = whole, 0.0, 0.0
        incidents.take_up(town, WEEK, 0.5)
        assert town.authority[0].risk_aversion == pytest.approx(0.6 * part)
        assert town.authority[0].criticism == pytest.approx(0.4 * part)
        assert events(town, Event.MEDIA_STORM) == 1


def test_fear_and_criticism_have_a_ceiling_and_ease():
    town = fresh()
    town.facts[0].whole = 60_000.0
    for _ in range(5):
        incidents.frighten(town, 0.9, 0.9)
    assert (town.authority[0].risk_aversion, town.authority[0].criticism) == (1.5, 1.0)
    for _ in range(46):
        environment.calm_down(town)
    assert town.authority[0].risk_aversion == pytest.approx(1.5 * 0.985**46) and 0.74 < 0.985**46 * 1.5 < 0.76


def test_fear_and_criticism_are_a_typical_authoritys_at_least_until_the_future_begins():
    town = fresh()
    usual, authority = town.p.environment[0], town.authority[0]
    for raids, fear, criticism in ((0, usual.usual_risk_aversion, usual.usual_criticism), (1, 0.0, 0.0)):
        authority.raids, authority.risk_aversion, authority.criticism = raids, 0.0, 0.0
        environment.calm_down(town)
        assert (authority.risk_aversion, authority.criticism) == (fear, criticism)
    authority.raids, authority.risk_aversion = 0, 1.0
    environment.calm_down(town)
    assert authority.risk_aversion == pytest.approx(usual.fear_keeps)


def test_what_could_not_be_discussed_makes_bigger_scandals():
    town = fresh()
    assert incidents.storm_chance(town) == 0.0, "the past ends in a typical authority"
    town.authority[0].raids = 1
    usual = incidents.storm_chance(town)
    town.authority[0].discuss_ease = 0.1
    assert incidents.storm_chance(town) > usual == pytest.approx(town.p.incidents[0].storm)


def test_discipline_takes_a_worker_for_twelve_weeks_shakes_the_team_and_silences():
    town = fresh(0.02)
    worker = town.workers[0]
    others = [row for row in range(len(town.workers)) if town.workers[row].team != worker.team]
    town.workers["stress"] = 0.5
    before = town.authority[0].discuss_range, town.authority[0].discuss_ease
    incidents.discipline(town, WEEK, 0)
    assert worker.back == WEEK + 12 and worker.stress == pytest.approx(0.65)
    assert all(town.workers[row].stress == 0.5 for row in others)
    assert town.authority[0].discuss_range == pytest.approx(before[0] - 0.05)
    assert town.authority[0].discuss_ease == pytest.approx(before[1] - 0.05)
    assert events(town, Event.DISCIPLINE) == events(town, Event.WORKER_SUSPENDED) == 1


def test_discipline_needs_fear_and_silence():
    town = fresh()
    authority = town.authority[0]
    authority.risk_aversion = 0.0
    assert incidents.discipline_chance(town) == 0.0
    authority.risk_aversion, authority.discuss_range, authority.discuss_ease = 1.0, 0.5, 0.4
    assert incidents.discipline_chance(town) == pytest.approx(0.15 * 0.8)


def test_a_directive_brings_a_grant_for_a_year_and_reports_to_write():
    town = fresh()
    town.p.groups["environment"]["directives"], town.p.groups["environment"]["national_reviews"] = 5200.0, 0.0
    town.facts[0].ten_thousands = 6.0
    environment.direct(town, WEEK)
    assert town.authority[0].grant == money.pence(60_000 * 6 / 52)
    assert town.authority[0].audit_share == pytest.approx(0.002)
    assert events(town, Event.DIRECTIVE) == events(town, Event.RECOMMENDATION) == 1
    town.p.groups["environment"]["directives"] = 0.0
    environment.direct(town, WEEK + 51)
    assert town.authority[0].grant > 0.0
    environment.direct(town, WEEK + 52)
    assert town.authority[0].grant == 0.0


def test_a_grant_reaches_the_reserves():
    town = fresh()
    town.authority[0].grant = 5_000.0
    twin = fresh()
    for world in (town, twin):
        awaken(world)
        money.spend(world, WEEK)
    assert town.money[0].reserves - twin.money[0].reserves == town.weekly[WEEK].grants == 5_000.0


def test_a_campaign_raises_the_publics_contacts_for_four_to_eight_weeks_and_no_one_elses():
    town = fresh()
    town.p.groups["environment"]["campaigns"] = 5200.0
    environment.campaign(town, WEEK)
    lasts = town.authority[0].campaign_ends - WEEK
    assert town.authority[0].campaign == pytest.approx(0.3) and 5 <= lasts <= 9
    rate = np.ones(7)
    twin = fresh()
    family = town.families[0]
    noticing.weigh(town, family, WEEK, rate)
    usual = np.ones(7)
    noticing.weigh(twin, twin.families[0], WEEK, usual)
    assert rate[Agency.PUBLIC] == pytest.approx(1.3 * usual[Agency.PUBLIC])
    assert np.delete(rate, Agency.PUBLIC) == pytest.approx(np.delete(usual, Agency.PUBLIC))
    town.p.groups["environment"]["campaigns"] = 0.0
    environment.campaign(town, WEEK + lasts)
    assert town.authority[0].campaign == 0.0


def test_a_summons_takes_managers_time_and_adds_fear():
    town = fresh()
    town.facts[0].whole = 60_000.0
    town.p.groups["environment"]["summonses"] = 5200.0
    before = town.authority[0].risk_aversion
    environment.summon(town, WEEK)
    assert town.weekly[WEEK].senior_hours == 30.0 and events(town, Event.SUMMONS) == 1
    assert town.authority[0].risk_aversion == pytest.approx(before + 0.01)


@pytest.mark.parametrize(
    ("over", "criticism", "mature", "nerve", "papers"),
    [(0.0, 0.0, 0.0, 0.6, 0), (0.10, 0.0, 0.0, 0.5, 1), (0.0, 0.5, 0.0, 0.55, 1), (0.0, 0.0, 1.0, 0.65, 0), (-0.5, 0.0, 0.0, 0.6, 0)],
)  # fmt: skip
def test_nerve_falls_with_overspends_and_criticism_and_rises_with_success(over, criticism, mature, nerve, papers):
    town = fresh()
    town.authority[0].criticism = criticism
    town.money[0].year_budget, town.money[0].year_spent = 100.0, 100.0 * (1 + over)
    town.policy["continuity"], town.maturity["continuity"] = 1.0, mature
    environment.report_to_cabinet(town, WEEK)
    assert town.authority[0].nerve == pytest.approx(nerve)
    assert events(town, Event.RECOMMENDATION) == papers


def test_without_nerve_the_ring_fence_is_not_held():
    for nerve, held in ((0.6, 0.15 + 0.75), (0.3, 0.15 + 0.375), (0.9, 0.15 + 0.75)):
        town = fresh()
        town.policy["ring_fence"], town.maturity["ring_fence"], town.authority[0].nerve = 0.9, 1.0, nerve
        improvement.follow_policy(town, WEEK)
        assert town.levers[0].ring_fence == pytest.approx(held)


@pytest.mark.parametrize(
    ("overs", "years", "risk"), [((0.2, 0.2), 2, 1.0), ((0.2, 0.05), 0, 0.0), ((0.2,), 1, 0.0), ((0.09, 0.09), 0, 0.0)]
)
def test_two_years_of_deep_deficit_raise_the_risk_of_a_section_114_notice(overs, years, risk):
    town = fresh()
    for over in overs:
        town.money[0].year_budget, town.money[0].year_spent = 100.0, 100.0 * (1 + over)
        environment.close_books(town)
    environment.keep_record(town, WEEK)
    assert (town.authority[0].deficit_years, town.weekly[WEEK].section_114) == (years, risk)


def test_a_leader_who_stays_brings_stability_and_one_who_leaves_takes_it():
    town = fresh()
    authority = town.authority[0]
    authority.stability = 0.5
    environment.calm_down(town)
    assert authority.stability == pytest.approx(0.505)
    inspection.leader_leaves(town, WEEK)
    assert authority.stability == pytest.approx(0.505 * 0.3) and events(town, Event.LEADER_LEFT) == 1


@pytest.mark.parametrize(
    ("phase", "abandons", "after"),
    [(Phase.RELAPSING, 1.0, Phase.ABANDONED), (Phase.RELAPSING, 0.0, Phase.DESIGN), (Phase.ABANDONED, 1.0, Phase.DESIGN),
     (Phase.EMBEDDED, 1.0, Phase.EMBEDDED), (Phase.CONDUCT, 1.0, Phase.CONDUCT), (Phase.NONE, 1.0, Phase.NONE)],
)  # fmt: skip
def test_a_new_leader_may_give_a_slipping_programme_up_or_begin_it_anew_and_leaves_one_that_works(
    phase, abandons, after
):
    town = fresh()
    town.authority[0].phase = phase
    town.p.groups["programmes"]["new_leader_stops"] = 1.0
    put(town, programmes__new_leader_abandons=abandons)
    for name in LEVERS:
        town.policy[name], town.maturity[name] = 1.0, 0.8
    improvement.new_leader(town, WEEK)
    assert town.authority[0].phase == after
    assert town.maturity[0].continuity == pytest.approx(0.4 if after == Phase.DESIGN else 0.8)


def test_further_sight_takes_less_from_early_help():
    town = fresh()
    usual = money.usual_sight(town)
    assert money.far_sight(town) == pytest.approx(usual) == pytest.approx(1 - np.exp(-(13 + 71.5 * 0.25) / 78))
    lever(town, pooled_budget=1.0, ring_fence=1.0)
    assert money.far_sight(town) == pytest.approx(1 - np.exp(-156 / 78))
    put(town, effects__pooled_horizon=0.0, effects__fence_horizon=0.0)
    assert money.far_sight(town) == money.usual_sight(town)


def test_fear_raises_contacts_and_lowers_thresholds():
    town = fresh()
    front_door, assessment = rules("front_door"), rules("assessment")
    calm = noticing.anxious(town), front_door.referral_threshold(town), assessment.in_need_threshold(town)
    town.authority[0].risk_aversion = 0.9
    afraid = noticing.anxious(town), front_door.referral_threshold(town), assessment.in_need_threshold(town)
    assert afraid[0] > calm[0] and afraid[1] < calm[1] and afraid[2] < calm[2]


def test_incidents_are_the_same_in_two_worlds_where_harm_is_the_same():
    found = []
    for door in (0.0, 1.0):
        town, family, child = a_child_in_grave_harm(status=Status.UNIVERSAL)
        put(town, incidents__chance=0.02)
        lever(town, no_wrong_door=door)
        town.authority[0].bureaucracy, town.authority[0].risk_aversion = 0.2 + 0.6 * door, door
        town.facts[0].children = 6_000.0
        for week in range(WEEK, WEEK + 50):
            incidents.strike(town, week)
        found.append([events(town, Event.SERIOUS_INCIDENT, week) for week in range(WEEK, WEEK + 50)])
    assert found[0] == found[1] and sum(found[0]) > 0


def test_the_culprit_is_the_familys_own_worker_or_somebody_in_post():
    town, family, _ = a_child_in_grave_harm()
    family.worker = 0
    assert incidents.blamed(town, family, 0.99) == 0
    family.worker = -1
    town.workers["kind"] = Worker.VACANT
    assert incidents.blamed(town, family, 0.5) == -1


def test_a_full_agenda_pushes_the_oldest_paper_off():
    town = fresh()
    issue = rules("recommendations").issue
    for week in range(52):
        issue(town, week, Origin.OFSTED, 5)
    waiting = int((town.recommendations["progress"] == Paper.ISSUED).sum())
    assert waiting == town.authority[0].pending == 256
    assert town.weekly["dropped"].sum() == 52 * 5 - 256
    assert town.clocks[Clock.ADOPTION].policy == 26
