"""P2: adults' risk factors escalate or resolve, pulled up by one another and eased by help, kin and time."""

import math

import numpy as np

from familyabm.codes import Factor, Treatment
from familyabm.compiled import fetch, rule, rule_within
from familyabm.luck import HAND, Block, deal, luck
from familyabm.rules.common import AHEAD, adult_luck, chance, family_luck, is_open, saturating
from familyabm.tables import Row
from familyabm.town import Town

SEVERE = 3
YEAR = 52


@rule
def push_on(town: Town, family: Row, factor: int) -> float:
    """Return how much the family's other factors push this one up, on a log scale."""
    total = 0.0
    for other in range(4):
        total += town.p.chances[0].coupling[other, factor] * family.level[other]
    return saturating(total, town.p.circumstances[0].coupling_ceiling)


@rule
def treated(town: Town, family: Row, factor: int) -> float:
    """Return how fully a factor is treated: by its service, or less fully by a unit's clinician."""
    if family.treatment[factor] == Treatment.ACTIVE:
        return 1.0
    return town.p.adult_services[0].clinician if family.treatment[factor] == Treatment.WITH_CLINICIAN else 0.0


@rule
def relapsing(town: Town, family: Row, week: int, factor: int) -> bool:
    """Tell whether treatment ended within a year while another factor was left at significant level."""
    if family.treatment[factor] != Treatment.COMPLETED:
        return False
    if week - family.treatment_since[factor] > town.p.adult_services[0].relapse_weeks:
        return False
    others = 0
    for other in range(4):
        others += 1 if other != factor and family.level[other] >= 2 else 0
    return others > 0


@rule
def drag_on(town: Town, family: Row, factor: int) -> float:
    """Return how much the family's other factors slow recovery; treating them within a joint plan lifts part of it."""
    p, total, open_case = town.p.circumstances[0], 0.0, is_open(family)
    for other in range(4):
        drag = p.drag_ratio * town.p.chances[0].coupling[other, factor] * family.level[other]
        if open_case and treated(town, family, other) > 0.0:
            drag *= 1.0 - town.p.effects[0].joint_drag * town.levers[0].joint_response
        total += drag
    return saturating(total, p.drag_ceiling)


@rule
def help_felt(town: Town, family: Row) -> float:
    """Return the help that reaches the adults: some families respond more, and joint work reaches further."""
    reach = town.p.circumstances[0].help_base + town.p.effects[0].joint_help * town.levers[0].joint_response
    return family.help * family.responsiveness * reach


@rule
def ordinary_rise(town: Town, family: Row, week: int, factor: int, level: int) -> float:
    """Return the rate of rising for a family with no other factor and no help."""
    chances = town.p.chances[0]
    rate = chances.rise[factor, level] * chances.decile_rise[factor, level, family.deprivation_decile] * family.frailty
    return rate * town.authority[0].hardship * town.shocks[week - town.authority[0].first_week, factor]


@rule
def set_limits(town: Town, week: int) -> None:
    """Work out for the week what no chance of a rise or an easing exceeds, to a frailty and resilience of one."""
    chances, limits, hardship = town.p.chances[0], town.limits[0], town.authority[0].hardship
    for factor in range(4):
        most = hardship * town.shocks[week - town.authority[0].first_week, factor] * chances.most_rise
        for level in range(1, 4):
            limits.ease[factor, level] = chances.ease[factor, level] * chances.most_ease
        for level in range(SEVERE):
            for decile in range(11):
                often = chances.rise[factor, level] * chances.decile_rise[factor, level, decile]
                limits.rise[factor, level, decile] = often * most


@rule
def rising(town: Town, family: Row, week: int, factor: int, level: int) -> float:
    """Return the chance that a factor rises a level this week."""
    p = town.p.circumstances[0]
    exponent = push_on(town, family, factor) - p.help_on_rise * help_felt(town, family)
    if level < 2:
        exponent -= p.prevention_on_onset * (town.authority[0].prevention - 1.0)
    exponent -= town.p.adult_services[0].on_rise * treated(town, family, factor)
    again = town.p.adult_services[0].relapse if relapsing(town, family, week, factor) else 1.0
    return chance(ordinary_rise(town, family, week, factor, level) * math.exp(exponent) * again)


@rule
def easing(town: Town, family: Row, factor: int, level: int, high_weeks: int) -> float:
    """Return the chance that a factor eases a level this week."""
    p, chances = town.p.circumstances[0], town.p.chances[0]
    exponent = p.help_on_recovery * help_felt(town, family) + p.recovery_by_network * family.network
    exponent += chances.decile_ease[family.deprivation_decile] - drag_on(town, family, factor)
    exponent += town.p.adult_services[0].on_recovery * treated(town, family, factor)
    rate = chances.ease[factor, level] * math.exp(exponent) * family.resilience
    return chance(rate * (p.chronicity if high_weeks >= YEAR else 1.0))


@rule_within
def next_level(
    town: Town, family: Row, week: int, factor: int, level: int, high_weeks: int, luck_now: float, exposed: float
) -> int:
    """One week of one risk factor: up a level, down a level, or no change, as in most weeks luck settles at once."""
    limits = town.limits[0]
    rises = luck_now < limits.rise[factor, level, family.deprivation_decile] * family.frailty
    eases = 1.0 - luck_now < limits.ease[factor, level] * family.resilience
    if rises or eases:
        return moved(town, family, week, factor, level, high_weeks, luck_now, exposed)
    return level


@rule
def moved(
    town: Town, family: Row, week: int, factor: int, level: int, high_weeks: int, luck_now: float, exposed: float
) -> int:
    """Return the level after a week whose luck lies within the limits of a change."""
    if level < SEVERE and luck_now < rising(town, family, week, factor, level) * exposed:
        return level + 1
    if level > 0 and 1.0 - luck_now < easing(town, family, factor, level, high_weeks):
        return level - 1
    return level


@rule
def counted(high_weeks: int, level: int) -> int:
    """Return the weeks spent at significant level or worse, up to 255."""
    return min(255, int(high_weeks) + 1) if level >= 2 else 0


@rule_within
def adult_changes(town: Town, family: Row, week: int, row: int) -> None:
    """One adult's mental health and substance misuse."""
    adult = town.adults[row]
    adult.mental_health = next_level(
        town, family, week, Factor.MENTAL_HEALTH, adult.mental_health, adult.mental_high,
        adult_luck(town, row, 0), 1.0,
    )  # fmt: skip
    adult.substance_misuse = next_level(
        town, family, week, Factor.SUBSTANCE_MISUSE, adult.substance_misuse, adult.substance_high,
        adult_luck(town, row, 1), 1.0,
    )  # fmt: skip
    adult.mental_high = counted(adult.mental_high, adult.mental_health)
    adult.substance_high = counted(adult.substance_high, adult.substance_misuse)


@rule
def starts_severe(town: Town, family: Row, week: int) -> bool:
    """Tell whether abuse that begins this week begins with a severe incident."""
    return luck(town.luck, family.key, week, Block.ABUSE_ONSET, 0) < town.p.circumstances[0].abuse_severe_onset


@rule_within
def home_changes(town: Town, family: Row, week: int, row: int) -> None:
    """The household's housing, and abuse between its adults."""
    partnered = town.adults[family.first_adult + 1].resident == 1
    exposed = 1.0 if partnered else town.p.circumstances[0].abuse_without_partner
    housing = next_level(
        town, family, week, Factor.HOUSING, family.level[Factor.HOUSING], family.high_weeks[0],
        family_luck(town, row, 0), 1.0,
    )  # fmt: skip
    before = family.level[Factor.DOMESTIC_ABUSE]
    abuse = next_level(
        town,
        family,
        week,
        Factor.DOMESTIC_ABUSE,
        before,
        family.high_weeks[1],
        family_luck(town, row, 1),
        exposed,
    )
    if before == 0 and abuse == 1 and starts_severe(town, family, week):
        abuse = 2
    family.level[Factor.HOUSING] = housing
    family.level[Factor.DOMESTIC_ABUSE] = abuse
    family.high_weeks[0] = counted(family.high_weeks[0], housing)
    family.high_weeks[1] = counted(family.high_weeks[1], abuse)


@rule
def worst_of_adults(town: Town, family: Row) -> None:
    """Bring the family's levels of mental illness and substance misuse up to date: the worst resident adult."""
    mental, substance = 0, 0
    for row in range(family.first_adult, family.first_adult + family.n_adults):
        adult = town.adults[row]
        if adult.resident == 1:
            mental = max(mental, adult.mental_health)
            substance = max(substance, adult.substance_misuse)
    family.level[Factor.MENTAL_HEALTH] = mental
    family.level[Factor.SUBSTANCE_MISUSE] = substance


@rule_within
def untouched(town: Town, family: Row, week: int, row: int) -> bool:
    """Tell whether a family free of all four factors plainly stays so this week (the usual case, kept quick)."""
    level, limits, decile, frailty = family.level, town.limits[0], family.deprivation_decile, family.frailty
    if level[0] + level[1] + level[2] + level[3] > 0:
        return False
    if family_luck(town, row, 0) < limits.rise[Factor.HOUSING, 0, decile] * frailty:
        return False
    if family_luck(town, row, 1) < limits.rise[Factor.DOMESTIC_ABUSE, 0, decile] * frailty:
        return False
    mental = limits.rise[Factor.MENTAL_HEALTH, 0, decile] * frailty
    substance = limits.rise[Factor.SUBSTANCE_MISUSE, 0, decile] * frailty
    for place in range(family.first_adult, family.first_adult + family.n_adults):
        adult = town.adults[place]
        if adult.mental_health + adult.substance_misuse > 0:
            return False
        if adult_luck(town, place, 0) < mental or adult_luck(town, place, 1) < substance:
            return False
    return True


@rule
def awake(family: Row, week: int) -> bool:
    """Tell whether anything goes on in the family that the rest of the week must look at."""
    level = family.level
    if level[0] + level[1] + level[2] + level[3] > 0 or family.harm > 0.0 or is_open(family):
        return True
    children = family.n_away + family.n_settled + family.tender + family.in_treatment + family.outside > 0
    asked = family.panel + family.complaint > 0 or family.fated == week
    return children or asked or family.first_sign >= 0 or family.help > 0.0


@rule
def deal_adults(town: Town, family: Row, week: int, dealt: int) -> int:
    """Deal another hand of adults the luck of the week, if the family's have none yet; return how many now have.

    dealt: adults who have been dealt theirs so far, from the first row on.
    """
    if family.first_adult + family.n_adults <= dealt:
        return dealt
    for place in range(min(HAND, len(town.adults) - dealt)):
        town.hand_keys[place] = town.adults[dealt + place].key
    begin = 4 * HAND * (dealt // HAND % 2)
    deal(town.hands[begin : begin + 4 * HAND], town.hand_keys, town.luck, week, Block.ADULT_WEEK)
    return dealt + HAND


@rule
def escalate_or_resolve(town: Town, week: int) -> None:
    """Run P2 over every family, and list the families that are awake."""
    authority, dealt = town.authority[0], 0
    authority.n_awake = 0
    set_limits(town, week)
    for row in range(len(town.families)):
        fetch(town.families, row + AHEAD, 1)
        family = town.families[row]
        dealt = deal_adults(town, family, week, dealt)
        if not untouched(town, family, week, row):
            home_changes(town, family, week, row)
            for place in range(family.first_adult, family.first_adult + family.n_adults):
                adult_changes(town, family, week, place)
            worst_of_adults(town, family)
        if awake(family, week):
            town.awake[authority.n_awake] = np.int32(row)
            authority.n_awake += 1
