"""P20, first half: what kind of demand an arrival of work is.

Codes are exclusive. Where several fit, F8 comes first, then F7, F2, F3, F5, F1, F9, F6 and F4; complaints, rework
and chasing are coded where they happen, because nothing else could be either.
"""

from familyabm.codes import NEVER, Agency, Answer, Category, Factor, Failure, Status
from familyabm.compiled import rule
from familyabm.luck import Block, luck
from familyabm.rules.common import is_open
from familyabm.rules.seeing import in_view, knower_of
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
def told_twice(town: Town, family: Row, week: int, source: int) -> bool:
    """F5: a second agency reports within four weeks of the first, whose contact is open or unanswered."""
    recent = week - family.contacted <= town.p.demand[0].duplicate_window
    return recent and is_open(family) and family.source != source


@rule
def repeated(town: Town, family: Row, week: int) -> bool:
    """F1: the family was let go with need above level 2, and that need has not been met since."""
    p = town.p.demand[0]
    unhelped = family.answer != Answer.NONE and family.answer != Answer.ENDED_MET and family.answer != Answer.HELPED
    recent = week - family.answered <= p.repeat_window
    return unhelped and recent and family.answer_need >= town.p.harm[0].level_2 and family.low_weeks < p.met_weeks


@rule
def brings_news(family: Row, source: int) -> bool:
    """Tell whether the one who gets in touch knows something that social care has not seen."""
    if source >= Agency.COUNCIL_SERVICES:
        return source == Agency.FAMILY
    for factor in range(4):
        if in_view(knower_of(source), factor) and family.level[factor] != family.seen[factor]:
            return True
    return False


@rule
def of_chase(family: Row) -> int:
    """F2: a call about something that was agreed and is overdue."""
    return Failure.F2_CHASE if family.overdue > 0 else Failure.VALUE


@rule
def of_paper(family: Row) -> int:
    """F7: a paper that a panel has deferred and that is written again."""
    return Failure.F7_REWORK if family.deferrals > 0 else Failure.VALUE


@rule
def of_complaint(family: Row) -> int:
    """F8: a complaint, at whatever stage."""
    return Failure.F8_COMPLAINT if family.complaint > 0 else Failure.VALUE


@rule
def defensive(town: Town, family: Row, source: int) -> bool:
    """F4: a notification about a family without need that tells nothing new; the sender makes it, not the receiver."""
    return source != Agency.FAMILY and family.harm < town.p.harm[0].level_2 and not brings_news(family, source)


@rule
def of_value(town: Town, family: Row, week: int, source: int) -> int:
    """Tell value demand apart: news on an open case, a relapse after need was met, or new need."""
    if is_open(family) and family.status != Status.CONTACT and brings_news(family, source):
        return Failure.V3_NEW_INFORMATION
    met = family.answer == Answer.ENDED_MET and week - family.answered <= town.p.demand[0].repeat_window
    return Failure.V4_RELAPSE if met and family.harm >= town.p.harm[0].level_2 else Failure.VALUE


@rule
def of_contact(town: Town, family: Row, week: int, source: int) -> int:
    """Code a contact."""
    if bounced_back(town, family, week):
        return Failure.F3_BOUNCE
    if told_twice(town, family, week, source):
        return Failure.F5_DUPLICATE
    if repeated(town, family, week):
        return Failure.F1_REPEAT
    return Failure.F4_DEFENSIVE if defensive(town, family, source) else of_value(town, family, week, source)


@rule
def of_referral(town: Town, family: Row, week: int) -> int:
    """Code a referral."""
    if bounced_back(town, family, week):
        return Failure.F3_BOUNCE
    if repeated(town, family, week):
        return Failure.F1_REPEAT
    return of_value(town, family, week, Agency.FAMILY)


@rule
def sent_away(town: Town, family: Row, week: int, factor: int) -> bool:
    """F3: the service for a factor refused the family not long ago, and the factor is still there."""
    recent = week - family.bounced[factor] <= town.p.demand[0].bounce_window
    return recent and family.level[factor] >= 1


@rule
def of_asking(town: Town, family: Row, week: int, factor: int) -> int:
    """Code a request to a service for adults: again after a refusal, it is a bounce."""
    return Failure.F3_BOUNCE if sent_away(town, family, week, factor) else Failure.VALUE


@rule
def of_attendance(town: Town, family: Row, week: int) -> int:
    """Code police at a home: after a service has refused what they are called to, or after no help, it is failure."""
    abuse = sent_away(town, family, week, Factor.DOMESTIC_ABUSE)
    if abuse or sent_away(town, family, week, Factor.SUBSTANCE_MISUSE):
        return Failure.F3_BOUNCE
    return Failure.F1_REPEAT if repeated(town, family, week) else Failure.VALUE


@rule
def of_assessment(town: Town, family: Row, week: int) -> int:
    """Code an assessment: done again within half a year, it is rework (F7)."""
    if week - family.assessed <= town.p.demand[0].rework_window:
        return Failure.F7_REWORK
    return Failure.VALUE


@rule
def missed_chance(town: Town, family: Row, week: int) -> bool:
    """F6: a chance to help was missed within two years, and need has risen since."""
    return week - family.missed <= town.p.demand[0].chance_window and family.harm > family.missed_need


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
