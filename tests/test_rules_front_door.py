"""Rules worked by hand: what the front door learns, judges and decides (P5)."""

import numpy as np
import pytest
from test_rules_common import WEEK, events, fresh, heads, home, lever, put, rules

from familyabm.codes import NEVER, Agency, Answer, Event, Status

door, assessment = rules("front_door"), rules("assessment")
SURE = {
    "front_door__noise": 0.0,
    "front_door__history": 0.0,
    "front_door__sees_child": 1.0,
    "front_door__sees_child_less": 1.0,
}


def at_the_door(harm: float = 0.2, source: Agency = Agency.SCHOOL):
    """Return a family whose contact will be judged without error, under thresholds of 0.1, 0.3 and 0.5."""
    town, family, children = home(5, 9)
    put(town, **SURE, front_door__early_help_threshold=0.1, front_door__referral_threshold=0.3,
        front_door__enquiry_threshold=0.5, front_door__ration=0.0, front_door__consent_base=1.0,
        front_door__connected=1.0)  # fmt: skip
    lever(town, information_sharing=0.0, no_wrong_door=0.0, continuity=0.0)
    family.status, family.since, family.source, family.n_contacts = Status.CONTACT, WEEK, source, 1
    children[0].harm = family.harm = harm
    return town, family, children


@pytest.mark.parametrize(
    ("source", "contacts", "expected"),
    [
        (Agency.SCHOOL, 1, 0.24),
        (Agency.HEALTH, 2, 0.26),
        (Agency.POLICE, 3, 0.08 + 0.04),
        (Agency.FAMILY, 9, 0.08 + 0.04),
    ],
)
def test_schools_and_health_see_the_child_and_earlier_contacts_add_a_little(source, contacts, expected):
    town, family, _ = at_the_door(0.4, source)
    put(town, front_door__sees_child=0.6, front_door__sees_child_less=0.2, front_door__history=0.02)
    family.n_contacts = contacts
    assert door.screened(town, family, WEEK) == pytest.approx(expected)


def test_sharing_makes_the_judgement_less_noisy():
    town, family, _ = at_the_door(0.4)
    put(town, front_door__noise=0.2, effects__sharing_noise=0.5)
    alone = door.screened(town, family, WEEK) - 0.4
    lever(town, information_sharing=0.8)
    assert alone != 0.0
    assert door.screened(town, family, WEEK) - 0.4 == pytest.approx(alone * 0.6)


def test_the_threshold_rises_under_load_and_falls_with_fear():
    town, _, _ = at_the_door()
    put(town, front_door__ration=0.1, front_door__usual_load=1.0, front_door__anxiety=0.2)
    for load, fear, expected in ((1.5, 0.0, 0.35), (0.5, 0.0, 0.25), (1.0, 0.5, 0.2)):
        town.authority[0].load, town.authority[0].risk_aversion = load, fear
        assert door.referral_threshold(town) == pytest.approx(expected)


def test_thresholds_bend_under_load_but_never_cross():
    town, _, _ = at_the_door()
    put(town, front_door__ration=0.6, front_door__usual_load=1.0, assessment__enquiry_ration=0.1,
        front_door__ration_floor=-1.5, front_door__ration_ceiling=2.5, front_door__anxiety=0.0)  # fmt: skip
    for load, enquiry, referral in ((0.2, 0.452, 0.1), (1.1, 0.506, 0.36), (2.0, 0.56, 0.56)):
        town.authority[0].load, town.authority[0].risk_aversion = load, 0.0
        assert door.enquiry_threshold(town) == pytest.approx(enquiry)
        assert door.referral_threshold(town) == pytest.approx(referral)
        assert assessment.in_need_threshold(town) <= assessment.enquiry_threshold(town)
    assert assessment.in_need_threshold(town) == assessment.enquiry_threshold(town)


@pytest.mark.parametrize(
    ("harm", "status"),
    [(0.1, Status.CLOSED), (0.1001, Status.EARLY_HELP_WAITING), (0.3, Status.EARLY_HELP_WAITING), (0.3001, Status.REFERRAL),
     (0.5, Status.REFERRAL), (0.5001, Status.SECTION_47)],
)  # fmt: skip
def test_a_contact_becomes_nothing_early_help_a_referral_or_an_enquiry_by_judged_need(harm, status):
    town, family, _ = at_the_door(harm)
    door.decide_one(town, family, WEEK)
    assert (family.status, family.since) == (status, WEEK)
    assert family.judged == pytest.approx(harm)


def test_what_needs_action_today_is_an_enquiry_whatever_is_judged():
    town, family, _ = at_the_door(0.0)
    family.severe = 1
    door.decide_one(town, family, WEEK)
    assert (family.status, family.severe) == (Status.SECTION_47, 0)
    assert heads(town, Event.REFERRAL) == heads(town, Event.SECTION_47_STARTED) == 2


@pytest.mark.parametrize(("trust", "status"), [(0.61, Status.EARLY_HELP_WAITING), (0.59, Status.CLOSED)])
def test_early_help_takes_consent_and_trust_makes_it_likelier(trust, status):
    town, family, _ = at_the_door(0.2)
    draw = rules("luck").four(town.luck, family.key, WEEK, 5)[0]
    put(town, front_door__consent_base=draw - 0.3, front_door__consent_trust=0.5)
    family.trust = trust
    door.decide_one(town, family, WEEK)
    assert family.status == status
    assert events(town, Event.EARLY_HELP_DECLINED) == (status == Status.CLOSED)
    assert family.answer == (Answer.CLOSED_NO_HELP if status == Status.CLOSED else Answer.NONE)


@pytest.mark.parametrize(("open_door", "event"), [(0.0, Event.SIGNPOSTED), (1.0, Event.EARLY_HELP_OFFERED)])
def test_a_door_that_connects_puts_the_family_on_the_list_and_another_signposts_it(open_door, event):
    town, family, _ = at_the_door(0.2)
    put(town, front_door__connected=0.0, effects__door_connects=1.0)
    lever(town, no_wrong_door=open_door)
    door.decide_one(town, family, WEEK)
    assert events(town, event) == 1
    assert family.answer == (Answer.SIGNPOSTED if event == Event.SIGNPOSTED else Answer.NONE)


@pytest.mark.parametrize(("source", "answer", "trust"), [(Agency.FAMILY, 4, 0.45), (Agency.SCHOOL, 2, 0.5)])
def test_a_family_refused_what_it_asked_for_loses_trust(source, answer, trust):
    town, family, _ = at_the_door(0.05, source)
    put(town, front_door__refusal_trust=0.05)
    door.decide_one(town, family, WEEK)
    assert (family.answer, family.status) == (answer, Status.CLOSED)
    assert family.trust == pytest.approx(trust)


@pytest.mark.parametrize(("continuity", "informed"), [(0.0, 0), (1.0, 1)])
def test_the_one_who_got_in_touch_is_told_where_there_is_a_lead(continuity, informed):
    town, family, _ = at_the_door()
    put(town, front_door__feedback=0.0, effects__continuity_feedback=1.0)
    lever(town, continuity=continuity)
    door.tell_the_sender(town, family, WEEK)
    assert family.informed == informed


def test_a_referral_within_a_year_of_the_last_is_a_re_referral_child_by_child():
    town, family, (one, two) = at_the_door(0.4)
    one.referred, two.referred = WEEK - 52, WEEK - 53
    door.decide_one(town, family, WEEK)
    assert (heads(town, Event.REFERRAL), heads(town, Event.RE_REFERRAL)) == (2, 1)
    assert one.referred == two.referred == family.referred == family.begun == WEEK


def test_an_alarm_about_a_family_in_early_help_frees_its_place_and_starts_an_enquiry():
    town, family, _ = at_the_door(0.7)
    family.status, family.severe, town.authority[0].early_help_used = Status.EARLY_HELP, 1, 5.0
    door.decide_one(town, family, WEEK)
    assert (family.status, town.authority[0].early_help_used, family.severe) == (Status.SECTION_47, 4.0, 0)
    assert events(town, Event.STEPPED_UP) == events(town, Event.REFERRAL) == 1


@pytest.mark.parametrize("status", [Status.SECTION_47, Status.CONFERENCE, Status.CHILD_PROTECTION, Status.PROCEEDINGS])
def test_an_alarm_changes_nothing_where_protection_is_under_way(status):
    town, family, _ = at_the_door(0.7)
    family.status, family.severe = status, 1
    door.decide_one(town, family, WEEK)
    assert (family.status, family.severe) == (status, 0)
    assert events(town, Event.SECTION_47_STARTED) == 0


def three_waiting(capacity: float):
    """Return a town with three families at the door, in rows 0 to 2, and room to decide that many a week."""
    town = fresh()
    put(town, **SURE, front_door__contacts_per_worker=capacity)
    town.facts[0].screeners = 1.0
    for row in range(3):
        family = town.families[row]
        family.status, family.since, family.contacted = Status.CONTACT, WEEK - row, WEEK
        town.queue[row] = row
    town.authority[0].n_queue = 3
    return town


def test_the_urgent_come_first_then_those_who_have_waited_longest():
    town = three_waiting(1.0)
    town.families[0].severe = 1
    door.line_up(town, WEEK)
    assert town.queue[:3].tolist() == [0, 2, 1]


@pytest.mark.parametrize(("capacity", "decided", "left"), [(0.9, 0, 0.9), (2.6, 2, 0.6), (3.0, 3, 0.0), (9.0, 3, 1.0)])
def test_the_door_decides_as_many_as_it_can_and_carries_over_at_most_one(capacity, decided, left):
    town = three_waiting(capacity)
    town.authority[0].deal_credit = 0.0
    door.decide(town, WEEK)
    still = town.families["status"][:3] == Status.CONTACT
    assert 3 - still.sum() == decided
    assert town.authority[0].deal_credit == pytest.approx(left)
    assert np.array_equal(np.flatnonzero(~still), np.arange(3 - decided, 3))


def test_a_closed_contact_with_little_need_is_no_missed_chance():
    town, family, _ = at_the_door(0.05)
    door.decide_one(town, family, WEEK)
    assert (family.missed, family.first_sign) == (NEVER, NEVER)
