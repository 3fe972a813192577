"""Rules worked by hand: who gets in touch about what they notice (P4)."""

import math

import numpy as np
import pytest
from test_rules_common import WEEK, deal_key, events, fresh, heads, home, lever, put, rules

from familyabm import areas, population
from familyabm.codes import Agency, Answer, Event, Factor, Phase, Placement, Status
from familyabm.luck import Block
from familyabm.parameters import DEFAULT, REGISTER, changed

noticing, attendance = rules("noticing"), rules("attendance")


@pytest.mark.parametrize(
    ("week", "expected"),
    [(2, 1.0), (7, 1.0), (8, 0.4), (16, 0.4), (17, 0.2), (21, 0.2), (22, 1.5), (25, 1.5), (26, 1.0), (30, 0.4), (36, 1.0),
     (37, 0.4), (39, 0.4), (40, 1.0), (46, 0.4), (51, 0.4), (52, 0.4), (53, 0.4), (54, 1.0)],
)  # fmt: skip
def test_schools_are_quiet_in_august_and_busy_in_september(week, expected):
    town = fresh()
    put(town, noticing__holiday=0.2, noticing__half_term=0.4, noticing__september=1.5)
    assert noticing.term(town, week) == expected


def test_police_see_abuse_and_drinking_and_notify_a_share():
    town, family, _ = home(5)
    put(town, noticing__police_notify=0.5, noticing__police_abuse=0.04, noticing__police_abuse_shape=1.5,
        noticing__police_substance=0.01)  # fmt: skip
    town.services["readiness"][family.police_team] = 1.2
    family.level[:] = (3, 3, 2, 0)
    assert attendance.called(town, family) == pytest.approx(0.02 * 1.2)
    family.level[Factor.DOMESTIC_ABUSE] = 3
    assert attendance.called(town, family) == pytest.approx((0.02 + 0.04 * 3**1.5) * 1.2)


def test_police_who_notify_nothing_never_get_in_touch():
    town, family, _ = home(5)
    town.p.noticing["police_notify"] = 0.0
    family.level[:] = 3
    rate = np.ones(7)
    noticing.rates(town, family, WEEK, rate)
    assert rate[Agency.POLICE] == 0.0 and rate[Agency.HOUSING] > 0.0


def rated(town, family, week=2):
    town.services["readiness"] = 1.0
    put(town, noticing__school=0.04, noticing__school_shape=1.0, noticing__health=0.02, noticing__health_base=0.5,
        noticing__health_under_five=0.7, noticing__housing=0.001, noticing__council=0.005, noticing__public_base=0.0008,
        noticing__public=0.01, noticing__public_shape=2.0, noticing__anxiety=0.5)  # fmt: skip
    town.authority[0].risk_aversion = 0.4
    family.harm, family.level[Factor.HOUSING] = 0.5, 2
    rate = np.zeros(7)
    noticing.rates(town, family, week, rate)
    return rate / 1.2


def test_each_source_sees_its_own_part_of_harm():
    town, family, (child,) = home(7, week=2)
    assert rated(town, family)[1:6] == pytest.approx([0.02, 0.005, 0.002, 0.00125, 0.0008 + 0.0025])
    child.born = 2 - 259
    assert rated(town, family)[1:3] == pytest.approx([0.0, 0.01 * 1.2])
    child.placement = Placement.KINSHIP_FOSTER
    assert rated(town, family)[1:3] == pytest.approx([0.0, 0.005])


@pytest.mark.parametrize(("strain", "counted"), [(0.0, 0.0), (1.5, 1.5), (3.0, 2.0)])
def test_a_family_asks_with_strain_trust_and_an_open_door(strain, counted):
    town, family, _ = home(5)
    put(town, noticing__family=0.002, noticing__family_base=0.3, effects__door_asking=3.0)
    lever(town, no_wrong_door=0.25)
    family.strain, family.trust = strain, 0.6
    assert noticing.asking(town, family) == pytest.approx(0.002 * (0.3 + 0.75) * counted * 1.1)
    lever(town, no_wrong_door=0.0)
    assert noticing.asking(town, family) == pytest.approx(0.002 * 0.3 * counted * 1.1)


@pytest.mark.parametrize(
    ("answer", "weeks", "informed", "expected"),
    [
        (Answer.CLOSED_NO_HELP, 52, 0, 1 + 0.4 * 0.75), (Answer.CLOSED_NO_HELP, 53, 0, 1.0),
        (Answer.ENDED_UNMET, 5, 1, 1 + 0.4 * 0.75 * 0.6), (Answer.REFUSED_REQUEST, 5, 0, 1 + 0.4 * 0.75),
        (Answer.ENDED_MET, 5, 0, 1.0), (Answer.HELPED, 5, 0, 1.0), (Answer.NONE, 5, 0, 1.0),
    ],
)  # fmt: skip
def test_contacts_repeat_for_a_year_after_an_answer_without_help(answer, weeks, informed, expected):
    town, family, _ = home(5)
    put(town, noticing__repeat_rise=0.4, effects__door_calms=0.5, front_door__feedback_calms=0.6)
    lever(town, no_wrong_door=0.5)
    family.answer, family.answered, family.informed = answer, WEEK - weeks, informed
    assert noticing.repeats(town, family, WEEK) == pytest.approx(expected)


def test_rates_are_weighed_by_area_shock_sharing_and_lead_but_a_familys_own_asking_not_by_sharing():
    town, family, _ = home(5)
    put(town, effects__sharing_noticed=0.5, effects__continuity_lead=0.4)
    lever(town, information_sharing=town.p.base[0].information_sharing + 0.4, continuity=0.5)
    town.facts[0].source[:] = (1, 2, 1, 1, 1, 1, 3)
    town.source_shocks[WEEK] = (1, 1, 1.5, 1, 1, 1, 1)
    family.lead = 1
    rate = np.full(7, 0.01)
    total = noticing.weigh(town, family, WEEK, rate)
    expected = 0.01 * 0.8 * np.array([1.2, 2.4, 1.8, 1.2, 1.2, 1.2, 3.0])
    assert rate == pytest.approx(expected) and total == pytest.approx(expected.sum())
    family.lead = 0
    assert noticing.weigh(town, family, WEEK, np.full(7, 0.01)) == pytest.approx(total / 0.8)


def test_while_an_agreement_to_share_is_new_partners_bring_what_they_had_kept_to_themselves():
    town, usual = fresh(), DEFAULT["base.information_sharing"]
    put(town, effects__sharing_noticed=0.5, effects__sharing_backlog=0.6)
    lever(town, information_sharing=usual)
    town.policy[0].information_sharing, town.maturity[0].information_sharing = usual + 0.4, 0.0
    town.authority[0].phase = Phase.DESIGN
    assert noticing.more_noticed(town) == pytest.approx(1.0), "nothing is agreed yet"
    town.authority[0].phase = Phase.CONDUCT
    assert noticing.more_noticed(town) == pytest.approx(1.0 + 0.6 * 0.4)
    town.maturity[0].information_sharing = 0.75
    lever(town, information_sharing=usual + 0.3)
    assert noticing.more_noticed(town) == pytest.approx(1.0 + 0.5 * 0.3 + 0.6 * 0.4 * 0.25)
    town.policy[0].information_sharing = usual - 0.4
    assert noticing.more_noticed(town) == pytest.approx(1.0 + 0.5 * 0.3), "less sharing has no backlog"


def random_family(town, random) -> None:
    family = town.families[int(town.awake[0])]
    family.level[:] = random.integers(0, 4, 4)
    family.harm, family.strain = random.choice([0.0, 1e-4, random.random(), 1.0]), random.uniform(0, 9)
    family.trust, family.lead = random.random(), random.integers(0, 2)
    family.answer, family.answered = random.integers(0, 7), WEEK - random.integers(0, 90)
    family.informed = random.integers(0, 2)
    town.authority[0].risk_aversion = random.uniform(0, 1.5)
    town.services["readiness"] = np.exp(random.normal(0, 0.5, len(town.services)))
    town.services["posture"] = random.integers(0, 2, len(town.services))
    town.source_shocks[:] = random.uniform(0, 5, town.source_shocks.shape)
    town.authority[0].phase = random.integers(0, 6)
    for name in town.levers.dtype.names:
        for table in (town.levers, town.policy, town.maturity):
            table[name] = random.random()


def test_no_family_is_contacted_about_more_often_than_the_quick_bound_allows():
    """Random families under random parameters; the extremes of every range are drawn as often as the middle."""
    random, area = np.random.default_rng(2), areas.named("Wakefield")
    names = [
        name for name in REGISTER if name.split(".")[0] in ("noticing", "effects", "base", "front_door", "partners")
    ]
    closest = 0.0
    for _ in range(60):
        values = {n: random.choice([REGISTER[n].low, REGISTER[n].high, random.uniform(REGISTER[n].low, REGISTER[n].high)])
                  for n in names}  # fmt: skip
        parameters = changed(DEFAULT, values)
        town, family, _ = home(3, 9)
        town.facts[:] = population.facts_of(area, parameters, 0.004)
        for group, table in population.numbers_of(parameters, town.facts).items():
            town.p.groups[group][:] = table
        for _ in range(25):
            random_family(town, random)
            week, rate = int(random.integers(0, 104)), np.zeros(7)
            family.answered = week - int(random.integers(0, 90))
            noticing.rates(town, family, week, rate)
            total = noticing.weigh(town, family, week, rate)
            most = noticing.at_most(town, family) * noticing.busiest(town, week)
            assert total <= most * (1 + 1e-12)
            closest = max(closest, total / most)
    assert closest > 0.2


@pytest.mark.parametrize(("luck", "source"), [(0.0, 0), (0.0999, 0), (0.1, 1), (0.3999, 2), (0.4, 6), (0.9999, 6)])
def test_the_source_is_picked_in_proportion(luck, source):
    assert noticing.pick(np.array([0.1, 0.2, 0.1, 0.0, 0.0, 0.0, 0.6]), 1.0, luck) == source


def test_a_contact_waits_at_the_door_and_a_second_within_the_year_is_a_repeat():
    town, family, _ = home(5, 9)
    noticing.get_in_touch(town, family, WEEK, Agency.SCHOOL, False)
    assert (family.status, family.since, family.source, family.n_contacts) == (
        Status.CONTACT,
        WEEK,
        Agency.SCHOOL,
        1,
    )
    assert (events(town, Event.CONTACT), heads(town, Event.CONTACT), events(town, Event.REPEAT_CONTACT)) == (
        1,
        2,
        0,
    )
    noticing.get_in_touch(town, family, WEEK + 1, Agency.POLICE, True)
    assert (family.since, family.severe, family.source) == (WEEK, 1, Agency.POLICE)
    assert events(town, Event.REPEAT_CONTACT, WEEK + 1) == 1


@pytest.mark.parametrize(("weeks", "repeats"), [(52, 1), (53, 0)])
def test_a_contact_after_more_than_a_year_is_no_repeat(weeks, repeats):
    town, family, _ = home(5)
    family.contacted = WEEK - weeks
    noticing.get_in_touch(town, family, WEEK, Agency.PUBLIC, False)
    assert events(town, Event.REPEAT_CONTACT) == repeats


def test_a_contact_about_an_open_case_goes_to_whoever_works_with_the_family():
    town, family, _ = home(5)
    family.status, family.since, family.source = Status.EARLY_HELP, WEEK - 8, Agency.FAMILY
    noticing.get_in_touch(town, family, WEEK, Agency.POLICE, False)
    assert (family.status, family.since) == (Status.EARLY_HELP, WEEK - 8)
    assert events(town, Event.FORWARDED) == 1


def certain_contact(town, family) -> None:
    """Let the week's luck be the least there is, so that any rate brings a contact."""
    town.family_hand[:] = 0
    family.harm, family.level[0] = 0.7, 2


@pytest.mark.parametrize(("harm", "share", "severe"), [(0.56, 1.0, 1), (0.55, 1.0, 0), (0.9, 0.0, 0)])
def test_a_contact_about_significant_harm_may_need_action_today(harm, share, severe):
    town, family, _ = home(5)
    certain_contact(town, family)
    family.harm = harm
    put(town, harm__level_4=0.55, noticing__severe=share)
    noticing.contact_about(town, family, int(town.awake[0]), WEEK, np.zeros(7))
    assert (family.status, family.severe) == (Status.CONTACT, severe)


def test_the_placebo_puts_one_contact_off_by_one_week():
    town, family, _ = home(5)
    certain_contact(town, family)
    town.authority[0].placebo = 1
    row = int(town.awake[0])
    noticing.contact_about(town, family, row, WEEK, np.zeros(7))
    assert (family.status, family.held_back, town.authority[0].placebo) == (Status.UNIVERSAL, 1, 0)
    source = family.source
    noticing.contact_about(town, family, row, WEEK + 1, np.zeros(7))
    assert (family.status, family.held_back, family.source) == (Status.CONTACT, 0, source)
    assert events(town, Event.CONTACT) == 0 and events(town, Event.CONTACT, WEEK + 1) == 1


def test_nobody_gets_in_touch_about_a_home_without_children():
    town, family, (child,) = home(5)
    certain_contact(town, family)
    child.placement = Placement.KINSHIP_FOSTER
    noticing.contact_about(town, family, int(town.awake[0]), WEEK, np.zeros(7))
    assert family.status == Status.UNIVERSAL


def test_a_quiet_family_may_be_reported_by_the_public_alone():
    town, family, _ = home(5)
    row, chance = int(town.awake[0]), 1 - math.exp(-0.01)
    for luck, status in ((chance - 1e-6, Status.CONTACT), (chance + 1e-6, Status.UNIVERSAL)):
        family.status = Status.UNIVERSAL
        town.family_hand[3 * len(town.families) + row] = int(luck * 2**32)
        noticing.quiet_contact(town, family, row, WEEK, chance)
        assert family.status == status
    assert family.source == Agency.PUBLIC


def test_everyone_who_waits_at_the_door_is_queued_again_next_week():
    town, family, _ = home(5)
    family.status, family.since = Status.CONTACT, WEEK - 3
    town.family_hand[:] = 2**32 - 1
    noticing.contact(town, WEEK)
    assert town.authority[0].n_queue == 1 and town.queue[0] == town.awake[0]


def test_luck_for_the_source_is_the_contacts_own():
    town, family, _ = home(5)
    certain_contact(town, family)
    deal_key(town, family, who=(Block.CONTACT, 0, 0.0, 0.01))
    family.level[:], family.harm = (0, 0, 0, 3), 0.0
    noticing.contact_about(town, family, int(town.awake[0]), WEEK, np.zeros(7))
    assert family.source == Agency.POLICE
