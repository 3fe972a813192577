"""Rules worked by hand: the calendar of households (P1)."""

import math

import pytest
from test_rules_common import WEEK, deal_key, events, fresh, home, put, rules

from familyabm.codes import NEVER, NOBODY, Event, Factor, Legal, Placement, Status
from familyabm.luck import Block
from familyabm.tables import ADULTHOOD

households = rules("households")


def test_the_next_date_is_birth_then_fate_then_eighteen_then_never():
    _, _, (child,) = home(5)
    child.born, child.fated = 70, 500
    dates = [households.next_date(child, week) for week in (60, 69, 70, 499, 500, 70 + ADULTHOOD - 1, 70 + ADULTHOOD)]
    assert dates == [70, 70, 500, 500, 70 + ADULTHOOD, 70 + ADULTHOOD, 32000]


@pytest.mark.parametrize(
    ("placement", "used"), [(Placement.IN_HOUSE_FOSTER, "in_house_used"), (Placement.AGENCY_FOSTER, "agency_used"), (Placement.CHILDRENS_HOME, "homes_used")]
)  # fmt: skip
def test_a_child_who_turns_eighteen_in_care_gives_back_the_place(placement, used):
    town, family, (child,) = home(18)
    child.legal_status, child.placement, child.harm, family.n_away, family.worker = (
        Legal.CARE_ORDER,
        placement,
        0.2,
        1,
        0,
    )
    family.status, town.authority[0][used] = Status.CLOSED, 4.0
    before = int(town.authority[0].children)
    households.stir(town, family, WEEK)
    assert (town.authority[0][used], family.n_away, family.worker) == (3.0, 0, NOBODY)
    assert (child.legal_status, child.placement, child.harm) == (Legal.NONE, Placement.HOME, 0.0)
    assert town.authority[0].children == before - 1
    assert events(town, Event.CARE_ENDED_EIGHTEEN) == events(town, Event.TURNED_EIGHTEEN) == 1


@pytest.mark.parametrize(("legal", "placement", "ended", "settled"), [(2, 0, 1, 1), (9, 9, 0, 0), (0, 0, 0, 1)])
def test_plans_end_at_eighteen_and_a_settled_child_is_settled_no_more(legal, placement, ended, settled):
    town, family, (child,) = home(18)
    child.legal_status, child.placement, family.n_settled = legal, placement, 1
    households.stir(town, family, WEEK)
    assert (events(town, Event.PLAN_ENDED), family.n_settled, child.legal_status) == (ended, settled, 0)


def test_births_are_counted_and_fate_is_noted_in_its_week():
    town, family, (child,) = home(0)
    child.fated = WEEK + 3
    before = int(town.authority[0].children)
    households.stir(town, family, WEEK)
    assert (town.authority[0].children, events(town, Event.BORN), family.stirs) == (before + 1, 1, WEEK + 3)
    households.stir(town, family, WEEK + 3)
    assert family.fated == WEEK + 3 and family.stirs == child.born + ADULTHOOD


@pytest.mark.parametrize(
    ("status", "court", "help_used"), [(Status.PROCEEDINGS, 1, 2), (Status.EARLY_HELP, 2, 1), (Status.CHILD_IN_NEED, 2, 2), (Status.UNIVERSAL, 2, 2)]
)  # fmt: skip
def test_a_family_that_leaves_gives_back_its_place_in_court_and_in_early_help(status, court, help_used):
    town, family, _ = home(17)
    family.status, family.level[:], family.n_contacts, key = status, 2, 5, int(family.key)
    town.authority[0].in_court = town.authority[0].early_help_used = 2.0
    row, adults = int(town.awake[0]), int(family.n_adults)
    households.move_on(town, row, WEEK)
    assert (town.authority[0].in_court, town.authority[0].early_help_used) == (court, help_used)
    assert (family.status, family.level.sum(), family.n_contacts, family.n_adults) == (Status.UNIVERSAL, 0, 0, adults)
    assert int(family.key) != key and town.family_keys[row] == family.key
    assert (family.arrived, family.contacted, family.worker) == (WEEK, NEVER, NOBODY)
    assert events(town, Event.FAMILY_LEFT) == (status != Status.UNIVERSAL)
    assert events(town, Event.FAMILY_ARRIVED) == 1
    assert town.children[family.first_child].born == WEEK and events(town, Event.BORN) == 1


def partnered(abuse: int, resident: int = 1):
    town, family, _ = home(5)
    put(
        town,
        circumstances__partner_leaves=0.01,
        circumstances__partner_leaves_abuse=0.1,
        circumstances__partner_joins=0.02,
    )
    family.level[Factor.DOMESTIC_ABUSE], family.help = abuse, 0.5
    partner = town.adults[family.first_adult + 1]
    partner.resident = resident
    return town, family, partner


@pytest.mark.parametrize(("abuse", "rate"), [(0, 0.01), (1, 0.01), (2, 0.06), (3, 0.06)])
def test_a_partner_leaves_and_help_makes_it_likelier_under_repeated_abuse(abuse, rate):
    chance = 1 - math.exp(-rate)
    for luck, stays in ((chance - 1e-9, 0), (chance, 1)):
        town, family, partner = partnered(abuse)
        households.partner_changes(town, family, WEEK, luck)
        assert partner.resident == stays
        assert family.level[Factor.DOMESTIC_ABUSE] == abuse


@pytest.mark.parametrize(("trouble", "level"), [(1.0, 1), (0.0, 0)])
def test_a_new_partner_is_another_person_and_may_bring_trouble(trouble, level):
    town, family, partner = partnered(0, resident=0)
    put(town, circumstances__partner_trouble=trouble)
    partner.mental_health, partner.mental_high, key = 3, 80, int(partner.key)
    households.partner_changes(town, family, WEEK, 1 - math.exp(-0.02))
    assert partner.resident == 0
    households.partner_changes(town, family, WEEK, 0.0)
    assert (partner.resident, partner.partners, int(partner.key)) == (1, 1, key + 1)
    assert (partner.mental_health, partner.substance_misuse, partner.mental_high) == (level, level, 0)
    assert family.level[Factor.DOMESTIC_ABUSE] == level


def test_a_new_partner_does_not_make_abuse_milder():
    town, family, _ = partnered(3, resident=0)
    put(town, circumstances__partner_trouble=1.0)
    households.partner_changes(town, family, WEEK, 0.0)
    assert family.level[Factor.DOMESTIC_ABUSE] == 3


def test_each_trouble_of_a_partner_has_its_own_luck():
    town, family, partner = partnered(0, resident=0)
    put(town, circumstances__partner_trouble=0.5)
    partner.key -= 1
    deal_key(
        town, partner, a=(Block.PARTNER, 0, 0.0, 0.5), b=(Block.PARTNER, 1, 0.5, 1.0), c=(Block.PARTNER, 2, 0.5, 1.0)
    )
    partner.key -= 1
    households.partner_changes(town, family, WEEK, 0.0)
    assert (partner.mental_health, partner.substance_misuse, family.level[Factor.DOMESTIC_ABUSE]) == (1, 0, 0)


def test_the_community_feels_a_change_of_budget_slowly():
    town = fresh()
    put(town, circumstances__prevention_lag=0.1)
    town.money[0].early_help_budget, town.authority[0].prevention = 0.5 * town.money[0].early_help_base, 1.0
    households.change(town, 0)
    assert town.authority[0].prevention == pytest.approx(0.95)
