"""P11, first half: referrals are allocated and assessed; a single assessment ends in help, an enquiry or closure."""

import math

import numpy as np

from familyabm.codes import NOBODY, Agency, Answer, Event, Permission, Skill, Status
from familyabm.compiled import rule
from familyabm.journal import demand, judge, note, totals
from familyabm.luck import Block, luck
from familyabm.rules.coding import of_assessment
from familyabm.rules.common import children_at_home, closed_early, go_to, let_go, pressure, rationing
from familyabm.rules.enquiries import conclude_enquiry, help_in_need, hold_conference, start_enquiry
from familyabm.rules.family_help import merged
from familyabm.rules.front_door import wait_for_early_help
from familyabm.rules.ground_truth import answer_without_help
from familyabm.rules.outside import policy_shift, target_pressure
from familyabm.rules.seeing import as_judged, find_out, noise
from familyabm.tables import Row
from familyabm.town import Town


@rule
def planned_weeks(town: Town, family: Row, week: int) -> int:
    """Return how long the assessment will take: longer under load, squeezed towards the limit by targets."""
    p, luck_now = town.p.assessment[0], luck(town.luck, family.key, week, Block.ASSESSMENT, 2)
    length = p.weeks * (p.load_base + (1.0 - p.load_base) * town.authority[0].load)
    length *= 1.0 - p.spread / 2.0 + p.spread * luck_now
    pressed = target_pressure(town)
    if length > p.statutory_weeks and luck(town.luck, family.key, week, Block.ASSESSMENT, 3) < pressed:
        length = p.statutory_weeks
    return max(1, math.ceil(length))


@rule
def start(town: Town, family: Row, week: int) -> None:
    """Begin a single assessment, unless the manager closes the referral with no further action."""
    at_home = children_at_home(town, family, week)
    closes = town.p.referral[0].no_further_action + closed_early(town)
    if at_home == 0 or luck(town.luck, family.key, week, Block.REFERRAL, 0) < closes:
        note(town, week, family, Event.REFERRAL_CLOSED, Agency.SOCIAL_CARE, at_home)
        answer_without_help(town, family, week, Answer.CLOSED_NO_HELP)
        let_go(family, week)
        return
    code = of_assessment(town, family, week)
    hours = town.p.demand[0].assessment
    demand(town, week, family, Event.ASSESSMENT_STARTED, Agency.SOCIAL_CARE, at_home, code, hours, np.uint64(0))
    family.n_assessments = min(30000, family.n_assessments + 1)
    go_to(family, Status.ASSESSMENT, week)
    family.permission = Permission.NONE
    family.due = week + planned_weeks(town, family, week)


@rule
def assessed_need(town: Town, family: Row, week: int) -> float:
    """Judge a family's need at the end of an assessment: less noisy with time to reflect.

    Partners are asked in every assessment, so sharing as a routine sharpens screening and not this.
    """
    p = town.p.assessment[0]
    calm = town.authority[0].reflection / max(0.01, town.p.hours[0].reflection)
    spread = p.noise * (1.0 - p.reflection_calms * calm)
    if family.worker != NOBODY:
        able = town.workers[family.worker].skill[Skill.ASSESS] - 1.0
        spread *= max(0.2, 1.0 - town.p.team[0].skill_assess * able)
    spread += p.noise_targets * target_pressure(town)
    return as_judged(town, family, week, p.sees_child) + noise(town, family, week, Block.ASSESSMENT, spread)


@rule
def in_need_threshold(town: Town) -> float:
    """Return the threshold for a child in need as it is practised now: never above an enquiry's."""
    p, authority = town.p.assessment[0], town.authority[0]
    drift = town.p.front_door[0].ration * pressure(town) + p.threshold_ration * policy_shift(town)
    return min(enquiry_threshold(town), p.in_need_threshold - p.anxiety * authority.risk_aversion + drift)


@rule
def enquiry_threshold(town: Town) -> float:
    """Return the threshold for an enquiry after an assessment as it is practised now; it gives way to load far less."""
    p = town.p.assessment[0]
    return (
        p.enquiry_threshold - p.enquiry_anxiety * town.authority[0].risk_aversion + p.enquiry_ration * rationing(town)
    )


@rule
def conclude(town: Town, family: Row, week: int) -> None:
    """End an assessment: an enquiry, a child in need plan, early help or closure."""
    at_home = children_at_home(town, family, week)
    find_out(town, family, week)
    family.judged = assessed_need(town, family, week)
    threshold = in_need_threshold(town)
    judge(town, week, family, Event.ASSESSMENT_ENDED, Agency.SOCIAL_CARE, at_home, family.judged, threshold)
    record_length(town, family, week, at_home)
    family.assessed = week
    if family.judged > enquiry_threshold(town):
        start_enquiry(town, family, week)
    elif family.judged > threshold:
        help_in_need(town, family, week)
    else:
        not_in_need(town, family, week, at_home, threshold)


@rule
def record_length(town: Town, family: Row, week: int, at_home: int) -> None:
    """Note how long the assessment took and whether it kept within the statutory limit."""
    weeks = week - family.since
    totals(town, week).assessment_weeks += weeks * at_home
    if weeks <= town.p.assessment[0].statutory_weeks:
        note(town, week, family, Event.ASSESSMENT_IN_TIME, Agency.SOCIAL_CARE, at_home)


@rule
def not_in_need(town: Town, family: Row, week: int, at_home: int, threshold: float) -> None:
    """The children are found not in need: step down to early help, or close."""
    note(town, week, family, Event.NOT_IN_NEED, Agency.SOCIAL_CARE, at_home)
    likely = town.p.assessment[0].step_down + town.p.effects[0].door_step_down * town.levers[0].no_wrong_door
    if luck(town.luck, family.key, week, Block.STEP_DOWN, 0) < likely:
        step_down(town, family, week, threshold)
        return
    note(town, week, family, Event.CASE_CLOSED, Agency.SOCIAL_CARE, at_home)
    answer_without_help(town, family, week, Answer.CLOSED_NO_HELP)
    let_go(family, week)


@rule
def step_down(town: Town, family: Row, week: int, threshold: float) -> None:
    """Pass a family on from social care to the early help waiting list."""
    note(town, week, family, Event.STEPPED_DOWN, Agency.SOCIAL_CARE, children_at_home(town, family, week))
    family.lead = 1 if merged(town) else 0
    if family.n_away == 0:
        family.worker = NOBODY
    family.help = 0.0
    wait_for_early_help(town, family, week, threshold)


@rule
def helped_while_assessed(town: Town, family: Row) -> float:
    """Return the little help that comes with being assessed."""
    return town.p.plans[0].dose_assessment * town.workers[family.worker].potency if family.worker >= 0 else 0.0


@rule
def advance(town: Town, family: Row, week: int) -> None:
    """Take one family's referral, assessment, enquiry or conference a week further."""
    status = family.status
    if status == Status.REFERRAL and family.worker != NOBODY:
        start(town, family, week)
    elif status == Status.ASSESSMENT:
        family.help = helped_while_assessed(town, family)
        if week >= family.due:
            conclude(town, family, week)
    elif status == Status.SECTION_47 and week >= family.due:
        conclude_enquiry(town, family, week)
    elif status == Status.CONFERENCE and week >= family.due:
        hold_conference(town, family, week)


@rule
def assess(town: Town, week: int) -> None:
    """Run P11 over the families that are referred, assessed or under enquiry."""
    for place in range(town.authority[0].n_known):
        family = town.families[town.known[place]]
        if Status.REFERRAL <= family.status <= Status.CONFERENCE:
            advance(town, family, week)
