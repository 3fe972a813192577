"""P4: police, schools, health, housing, neighbours and families themselves get in touch about what they notice."""

import math

import numpy as np

from familyabm.codes import Agency, Answer, Event, Factor, Failure, Phase, Status, Tally
from familyabm.compiled import fetch, rule, rule_within
from familyabm.journal import count, demand, note
from familyabm.luck import Block, four
from familyabm.rules.attendance import attend_untold, called, notified, take_time
from familyabm.rules.coding import of_contact
from familyabm.rules.common import (
    AHEAD,
    ages_at_home,
    chance,
    children_at_home,
    deal_awake,
    dealt,
    family_luck,
    is_open,
)
from familyabm.rules.partners import wary
from familyabm.rules.seeing import agencies_meet
from familyabm.tables import Row
from familyabm.town import Town

WEEKS_A_YEAR = 52
YEAR = 52


@rule
def term(town: Town, week: int) -> float:
    """Return how much of a school week this is: year weeks count from the first of April."""
    p, now = town.p.noticing[0], week % WEEKS_A_YEAR
    if 17 <= now <= 21:
        return p.holiday
    if 22 <= now <= 25:
        return p.september
    if now <= 1 or now == 8 or now == 16 or now == 30 or 37 <= now <= 39 or now == 46 or now == 51:
        return p.half_term
    return 1.0


@rule
def anxious(town: Town) -> float:
    """Return how much risk aversion raises professionals' contacts."""
    return 1.0 + town.p.noticing[0].anxiety * town.authority[0].risk_aversion


@rule
def ready(town: Town, row: int) -> float:
    """Return how readily a service gets in touch: its own habit, and more when it is on the defensive."""
    return town.services[row].readiness * wary(town, row)


@rule
def rates(town: Town, family: Row, week: int, rate: np.ndarray) -> None:
    """Write the weekly rate at which each of the seven sources gets in touch about an awake family.

    rate: (7,) overwritten, in the order of Agency.
    """
    p, harm = town.p.noticing[0], family.harm
    school, small = ages_at_home(town, family, week)
    harm_seen = harm**p.school_shape if harm > 0.0 else 0.0
    harm_public = harm**p.public_shape if harm > 0.0 else 0.0
    anxiety = anxious(town)
    rate[Agency.POLICE] = notified(town, family) * called(town, family)
    rate[Agency.SCHOOL] = (
        p.school * harm_seen * term(town, week) * anxiety * ready(town, family.school) if school else 0.0
    )
    if school:
        rate[Agency.SCHOOL] *= 1.0 - town.p.schooling[0].unseen * family.missing / 100.0
        rate[Agency.SCHOOL] += by_school(town, family) * term(town, week)
    rate[Agency.POLICE] += town.p.extra_familial[0].police * family.outside
    rate[Agency.HEALTH] = p.health * harm_seen * (p.health_base + (p.health_under_five if small else 0.0)) * anxiety
    rate[Agency.HEALTH] *= ready(town, family.gp_practice)
    rate[Agency.HOUSING] = p.housing * family.level[Factor.HOUSING] * anxiety * wary(town, family.housing_office)
    rate[Agency.COUNCIL_SERVICES] = p.council * harm_public * anxiety
    rate[Agency.PUBLIC] = (p.public_base + p.public * harm_public) * anxiety
    rate[Agency.FAMILY] = asking(town, family)


@rule
def by_school(town: Town, family: Row) -> float:
    """Return the rate at which the school gets in touch about severe absence and about risk outside the home."""
    p = town.p.schooling[0]
    absent = p.notices if family.missing >= 100.0 * p.severe else 0.0
    return absent + town.p.extra_familial[0].school * family.outside


@rule
def asking(town: Town, family: Row) -> float:
    """Return the rate at which the family itself asks for help: with strain, trust and an open door."""
    p, open_door = town.p.noticing[0], town.p.effects[0].door_asking * town.levers[0].no_wrong_door
    return p.family * (p.family_base + open_door) * min(family.strain, 2.0) * (0.5 + family.trust)


@rule
def repeats(town: Town, family: Row, week: int) -> float:
    """Return how much likelier contacts are after an answer without help, unless the sender was told why."""
    unhelped = family.answer >= Answer.CLOSED_NO_HELP and family.answer != Answer.ENDED_MET
    if not unhelped or week - family.answered > YEAR:
        return 1.0
    calmed = 1.0 - town.p.effects[0].door_calms * town.levers[0].no_wrong_door
    if family.informed == 1:
        calmed *= town.p.front_door[0].feedback_calms
    return 1.0 + town.p.noticing[0].repeat_rise * calmed


@rule
def more_noticed(town: Town) -> float:
    """Return how much more professionals notice and tell where information is shared than is usual.

    While an agreement to share is new, they also bring what they had kept to themselves.
    """
    effects, usual = town.p.effects[0], town.p.base[0].information_sharing
    noticed = 1.0 + effects.sharing_noticed * (town.levers[0].information_sharing - usual)
    if town.authority[0].phase == Phase.CONDUCT:
        new = max(0.0, town.policy[0].information_sharing - usual) * (1.0 - town.maturity[0].information_sharing)
        noticed += effects.sharing_backlog * new
    return noticed


@rule
def weigh(town: Town, family: Row, week: int, rate: np.ndarray) -> float:
    """Weigh the seven rates by area, shocks, sharing and repeats; return their sum."""
    noticed, again = more_noticed(town), repeats(town, family, week)
    to_lead = town.p.effects[0].continuity_lead * town.levers[0].continuity if family.lead == 1 else 0.0
    shock = town.source_shocks[week - town.authority[0].first_week]
    total = 0.0
    for source in range(7):
        factor = town.facts[0].source[source] * shock[source]
        if source != Agency.FAMILY:
            factor *= noticed * again
        if source == Agency.PUBLIC:
            factor *= 1.0 + town.authority[0].campaign
        rate[source] *= factor * (1.0 - to_lead)
        total += rate[source]
    return total


@rule
def at_most(town: Town, family: Row) -> float:
    """Return a rate that contacts about this family cannot exceed, to be multiplied by how busy the week is at most.

    It is quick to work out, and in most weeks it settles the matter. No exponent of harm may be below 0.5 (their ranges
    start at 0.8), nor the one of abuse above 2.
    """
    p, level = town.p.noticing[0], family.level
    abuse, root = level[Factor.DOMESTIC_ABUSE], math.sqrt(family.harm)
    seen = p.police_substance * level[Factor.SUBSTANCE_MISUSE] + p.police_abuse * abuse * abuse
    seen *= town.services[family.police_team].readiness
    by_harm = p.school * p.september * ready(town, family.school) + p.council + p.public
    by_harm += p.health * (p.health_base + p.health_under_five) * ready(town, family.gp_practice)
    by_housing = p.housing * level[Factor.HOUSING] * wary(town, family.housing_office)
    told = seen + by_harm * root + by_housing + p.public_base
    told += by_school(town, family) * p.september + town.p.extra_familial[0].police * family.outside
    rate = (told * anxious(town) + asking(town, family)) * (1.0 + p.repeat_rise)
    return rate * (1.0 + town.authority[0].campaign)


@rule
def pick(rate: np.ndarray, total: float, luck_now: float) -> int:
    """Pick the source of a contact in proportion to the rates."""
    left = luck_now * total
    for source in range(7):
        left -= rate[source]
        if left < 0.0:
            return source
    return Agency.PUBLIC


@rule
def get_in_touch(town: Town, family: Row, week: int, source: int, severe: bool) -> None:
    """A contact arrives: it waits at the front door, or goes to whoever works with the family already."""
    p = town.p.front_door[0]
    code = of_contact(town, family, week, source)
    at_home = children_at_home(town, family, week)
    take_time(town, family, week, source)
    demand(town, week, family, Event.CONTACT, source, at_home, code, p.hours_per_contact, np.uint64(0))
    if week - family.contacted <= YEAR:
        note(town, week, family, Event.REPEAT_CONTACT, source, at_home)
    count(town, family, Tally.CONTACTS, 1.0)
    family.contacted = week
    family.n_contacts = min(30000, family.n_contacts + 1)
    family.severe = 1 if severe else family.severe
    family.source = source
    if code == Failure.F5_DUPLICATE:
        note(town, week, family, Event.DUPLICATE, source, at_home)
    if is_open(family) and family.status != Status.CONTACT:
        note(town, week, family, Event.FORWARDED, source, at_home)
        return
    if family.status != Status.CONTACT:
        family.status = Status.CONTACT
        family.since = week


@rule_within
def contact_about(town: Town, family: Row, row: int, week: int, rate: np.ndarray) -> None:
    """Decide whether anybody gets in touch about an awake family this week, and who."""
    if family.held_back == 1:
        family.held_back = 0
        get_in_touch(town, family, week, family.source, False)
        return
    luck_now = family_luck(town, row, 3)
    if luck_now >= at_most(town, family) * town.authority[0].busiest or children_at_home(town, family, week) == 0:
        return
    rates(town, family, week, rate)
    total = weigh(town, family, week, rate)
    if luck_now >= chance(total):
        return
    who, grave, _, _ = four(town.luck, family.key, week, Block.CONTACT)
    source = pick(rate, total, who)
    severe = family.harm > town.p.harm[0].level_4 and grave < town.p.noticing[0].severe
    if town.authority[0].placebo == 1 and not is_open(family):
        town.authority[0].placebo = 0
        family.held_back = 1
        family.source = source
        return
    get_in_touch(town, family, week, source, severe)


@rule_within
def be_noticed(town: Town, family: Row, row: int, week: int, place: int, rate: np.ndarray) -> None:
    """Agencies meet an awake family, somebody may get in touch about it, and police may come and tell nobody.

    place: where it stands among the awake, who are dealt the luck of meeting agencies by the hand.
    """
    deal_awake(town, week, place, Block.ENCOUNTER)
    if family.strain > 0.0:
        agencies_meet(town, family, week, dealt(town, place))
    contact_about(town, family, row, week, rate)
    attend_untold(town, family, week)


@rule
def busiest(town: Town, week: int) -> float:
    """Return the most that area, shocks and sharing multiply any source's contacts by this week."""
    most, shocks, now = 0.0, town.source_shocks, week - town.authority[0].first_week
    for source in range(7):
        most = max(most, town.facts[0].source[source] * shocks[now, source])
    return most * max(1.0, more_noticed(town))


@rule
def quiet_rate(town: Town, week: int) -> float:
    """Return the rate at which somebody gets in touch about a family in which nothing is going on."""
    shock = town.source_shocks[week - town.authority[0].first_week, Agency.PUBLIC]
    rate = town.p.noticing[0].public_base * town.facts[0].source[Agency.PUBLIC] * shock * anxious(town)
    return rate * (1.0 + town.authority[0].campaign)


@rule
def quiet_contact(town: Town, family: Row, row: int, week: int, likely: float) -> None:
    """Somebody may get in touch about a family in which nothing is going on."""
    if family_luck(town, row, 3) < likely and family.n_away < family.n_children:
        get_in_touch(town, family, week, Agency.PUBLIC, False)


@rule
def contact(town: Town, week: int) -> None:
    """Run P4 over every family, and line up at the front door all who wait there."""
    authority, rate, quiet = town.authority[0], np.zeros(7), chance(quiet_rate(town, week))
    authority.busiest = busiest(town, week)
    authority.n_queue = 0
    place = 0
    for row in range(len(town.families)):
        fetch(town.families, row + AHEAD, 2)
        family = town.families[row]
        if place < authority.n_awake and town.awake[place] == row:
            be_noticed(town, family, row, week, place, rate)
            place += 1
        else:
            quiet_contact(town, family, row, week, quiet)
        if family.status == Status.CONTACT or family.severe == 1:
            town.queue[authority.n_queue] = np.int32(row)
            authority.n_queue += 1
