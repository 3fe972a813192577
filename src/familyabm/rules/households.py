"""P1: families' luck is dealt, children are born and come of age, families leave and arrive, partners come and go."""

import numpy as np

from familyabm.codes import NOBODY, Agency, Event, Factor, Legal, Placement, Status
from familyabm.compiled import fetch, rule
from familyabm.journal import note, note_child
from familyabm.luck import Block, deal, luck
from familyabm.newcomers import arrive
from familyabm.rules.adult_services import move_away
from familyabm.rules.common import AHEAD, chance, family_luck, is_open, looked_after
from familyabm.rules.entry import leave_place
from familyabm.rules.outcomes import begin_risk
from familyabm.rules.outside import begin_week
from familyabm.rules.panel_requests import withdraw
from familyabm.tables import ADULTHOOD, Row
from familyabm.town import Town

LATER = 32000
"""A week that never comes."""


@rule
def deal_luck(town: Town, week: int) -> None:
    """Deal every family the luck of the week."""
    deal(town.family_hand, town.family_keys, town.luck, week, Block.FAMILY_WEEK)


@rule
def count_children(town: Town, family: Row, change: int) -> None:
    """Keep count of the area's children, in all and by neighbourhood deprivation."""
    town.authority[0].children += change
    town.authority[0].decile_children[family.deprivation_decile] += change


@rule
def come_of_age(town: Town, child: Row, week: int) -> None:
    """A child turns 18: care and plans end."""
    family = town.families[child.family]
    if looked_after(child):
        note_child(town, week, family, Event.CARE_ENDED_EIGHTEEN, Agency.SOCIAL_CARE, child)
        leave_place(town, child)
        family.n_away -= 1
        if family.n_away == 0 and not is_open(family):
            family.worker = NOBODY
    elif child.legal_status == Legal.CHILD_PROTECTION_PLAN:
        note_child(town, week, family, Event.PLAN_ENDED, Agency.SOCIAL_CARE, child)
    note_child(town, week, family, Event.TURNED_EIGHTEEN, Agency.FAMILY, child)
    count_children(town, family, -1)
    if child.placement == Placement.PERMANENT_FAMILY:
        family.n_settled -= 1
    child.legal_status = Legal.NONE
    child.placement = Placement.HOME
    child.harm = 0.0
    child.risk_outside = 0


@rule
def next_date(child: Row, week: int) -> int:
    """Return the next week after this one in which a child is born, meets its fate or a risk, or comes of age."""
    if child.born > week:
        return child.born
    soonest = child.born + ADULTHOOD if child.born + ADULTHOOD > week else LATER
    if child.fated > week:
        soonest = min(soonest, child.fated)
    if child.at_risk > week:
        soonest = min(soonest, child.at_risk)
    return soonest


@rule
def stir(town: Town, family: Row, week: int) -> None:
    """Note the births and eighteenth birthdays of this week, and when to look at the family's children again."""
    family.stirs = LATER
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if week - child.born == ADULTHOOD:
            come_of_age(town, child, week)
        elif child.born == week:
            count_children(town, family, 1)
            note_child(town, week, family, Event.BORN, Agency.FAMILY, child)
        if child.fated == week:
            family.fated = week
        if child.at_risk == week:
            begin_risk(town, family, child)
        family.stirs = min(family.stirs, next_date(child, week))


@rule
def move_on(town: Town, row: int, week: int) -> None:
    """The youngest child has turned 18: the family leaves the home and another comes."""
    family = town.families[row]
    withdraw(town, family, week)
    if is_open(family):
        note(town, week, family, Event.FAMILY_LEFT, Agency.SOCIAL_CARE, 0)
        if family.status == Status.PROCEEDINGS:
            town.authority[0].in_court -= 1.0
        elif family.status == Status.EARLY_HELP:
            town.authority[0].early_help_used -= 1.0
    if family.in_treatment > 0:
        move_away(town, family, week)
    arrive(town, row, week)
    note(town, week, family, Event.FAMILY_ARRIVED, Agency.FAMILY, 0)
    stir(town, family, week)


@rule
def partner_leaves(town: Town, family: Row, luck_now: float) -> None:
    """A partner leaves; abuse makes that likelier where the family has help, and does not end with it."""
    p = town.p.circumstances[0]
    rate = p.partner_leaves
    if family.level[Factor.DOMESTIC_ABUSE] >= 2:
        rate += p.partner_leaves_abuse * family.help
    if luck_now < chance(rate):
        town.adults[family.first_adult + 1].resident = 0


@rule
def partner_joins(town: Town, family: Row, week: int, luck_now: float) -> None:
    """A new partner joins a lone parent and may bring trouble of their own."""
    p = town.p.circumstances[0]
    if luck_now >= chance(p.partner_joins):
        return
    partner = town.adults[family.first_adult + 1]
    partner.partners += 1
    partner.key += np.uint64(1)
    partner.resident = 1
    partner.mental_health = 1 if luck(town.luck, partner.key, week, Block.PARTNER, 0) < p.partner_trouble else 0
    partner.substance_misuse = 1 if luck(town.luck, partner.key, week, Block.PARTNER, 1) < p.partner_trouble else 0
    partner.mental_high = 0
    partner.substance_high = 0
    if luck(town.luck, partner.key, week, Block.PARTNER, 2) < p.partner_trouble:
        family.level[Factor.DOMESTIC_ABUSE] = max(1, family.level[Factor.DOMESTIC_ABUSE])


@rule
def change(town: Town, week: int) -> None:
    """Run P1: the calendar, households and the slow effect of community prevention."""
    begin_week(town, week)
    authority, money, p = town.authority[0], town.money[0], town.p.circumstances[0]
    authority.prevention += p.prevention_lag * (money.early_help_budget / money.early_help_base - authority.prevention)
    deal_luck(town, week)
    most = p.partner_leaves + p.partner_leaves_abuse + p.partner_joins
    for row in range(len(town.families)):
        fetch(town.families, row + AHEAD, 1)
        family = town.families[row]
        if week >= family.stirs:
            stir(town, family, week)
            if week == family.leaves:
                move_on(town, row, week)
        luck_now = family_luck(town, row, 2)
        if luck_now < most:
            partner_changes(town, family, week, luck_now)


@rule
def partner_changes(town: Town, family: Row, week: int, luck_now: float) -> None:
    """A resident partner may leave, a lone parent may be joined."""
    if town.adults[family.first_adult + 1].resident == 1:
        partner_leaves(town, family, luck_now)
    else:
        partner_joins(town, family, week, luck_now)
