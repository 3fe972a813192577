"""P20, first half: whether an arrival of work is value demand or failure demand, and of which kind.

The codes are exclusive; where two fit, F3 comes before F1, F1 before F9 and F9 before F6.
"""

from familyabm.codes import NEVER, Answer, Category, Factor, Failure
from familyabm.compiled import rule
from familyabm.luck import Block, luck
from familyabm.tables import Row
from familyabm.town import Town


@rule
def bounced_back(town: Town, family: Row, week: int) -> bool:
    """F3: the family asked for help, was refused, and is back with trouble that was there all along."""
    recent = week - family.answered <= town.p.demand[0].bounce_window
    level = family.level
    troubled = level[0] + level[1] + level[2] + level[3] > 0
    return family.answer == Answer.REFUSED_REQUEST and recent and troubled


@rule
def repeated(town: Town, family: Row, week: int) -> bool:
    """F1: the family was let go with need above level 2, and that need has not been met since."""
    p = town.p.demand[0]
    unhelped = family.answer != Answer.NONE and family.answer != Answer.ENDED_MET and family.answer != Answer.HELPED
    recent = week - family.answered <= p.repeat_window
    return unhelped and recent and family.answer_need >= town.p.harm[0].level_2 and family.low_weeks < p.met_weeks


@rule
def missed_chance(town: Town, family: Row, week: int) -> bool:
    """F6: a chance to help was missed within two years, and need has risen since."""
    return week - family.missed <= town.p.demand[0].chance_window and family.harm > family.missed_need


@rule
def of_contact(town: Town, family: Row, week: int) -> int:
    """Code a contact or a referral."""
    if bounced_back(town, family, week):
        return Failure.F3_BOUNCE
    if repeated(town, family, week):
        return Failure.F1_REPEAT
    return Failure.VALUE


@rule
def of_assessment(town: Town, family: Row, week: int) -> int:
    """Code an assessment: done again within half a year, it is rework."""
    if week - family.assessed <= town.p.demand[0].rework_window:
        return Failure.F7_REWORK
    return Failure.VALUE


@rule
def of_entry(town: Town, family: Row, week: int, ended_before: int) -> int:
    """Code an entry to an enquiry, a plan or care; `ended_before` is the week an earlier one ended."""
    if week - ended_before <= town.p.demand[0].broken_window:
        return Failure.F9_BROKEN_SOLUTION
    if missed_chance(town, family, week):
        return Failure.F6_MISSED_CHANCE
    return Failure.VALUE


@rule
def named_category(town: Town, family: Row, child: Row, week: int) -> int:
    """Draw the kind of harm that a plan names, from the mix of what is known of the family."""
    p, seen = town.p.category_mix[0], family.seen
    neglect = p.neglect * (seen[Factor.HOUSING] + seen[Factor.MENTAL_HEALTH] + seen[Factor.SUBSTANCE_MISUSE])
    emotional = p.emotional * (seen[Factor.DOMESTIC_ABUSE] + seen[Factor.MENTAL_HEALTH])
    physical = p.physical * seen[Factor.DOMESTIC_ABUSE]
    total = neglect + emotional + physical + p.sexual + p.sexual_outside * child.risk_seen
    drawn = luck(town.luck, child.key, week, Block.OUTCOMES, 1) * total
    if drawn < neglect:
        return Category.NEGLECT
    if drawn < neglect + emotional:
        return Category.EMOTIONAL
    return Category.PHYSICAL if drawn < neglect + emotional + physical else Category.SEXUAL


@rule
def of_plan(town: Town, family: Row, child: Row, week: int, category: int) -> int:
    """Code a plan: another for the same kind of harm is a solution that broke."""
    return of_entry(town, family, week, child.plan_ended if child.category == category else NEVER)
