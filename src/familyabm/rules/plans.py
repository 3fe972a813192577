"""P12: work under child in need and child protection plans, reviews, changes of worker, step-down and closure."""

from familyabm.codes import NOBODY, Agency, Event, Failure, Legal, Permission, Skill, Status, Worker
from familyabm.compiled import rule
from familyabm.journal import demand_judged, judge, note, totals
from familyabm.luck import Block, luck
from familyabm.rules.allocation import least_full, meet
from familyabm.rules.assessment import in_need_threshold, step_down
from familyabm.rules.common import YEAR, chance, children_at_home, closed_early, go_to
from familyabm.rules.early_help import grow_relationship
from familyabm.rules.enquiries import help_in_need, release, start_enquiry
from familyabm.rules.ground_truth import ended_answer
from familyabm.rules.needs_led import CHANGE, STOP, change_plan, fit, verdict
from familyabm.rules.panel_requests import ask_for_legal_gateway
from familyabm.rules.seeing import as_judged, know_well, noise
from familyabm.rules.sharing import tier_of
from familyabm.rules.units import team_of
from familyabm.tables import Row
from familyabm.town import Town


@rule
def strength(town: Town, family: Row, dose: float) -> float:
    """Return the strength of a week of social work: the plan's dose as far as hours and relationship carry it."""
    if family.worker == NOBODY:
        return 0.0
    worker, p = town.workers[family.worker], town.p.early_help[0]
    fill = worker.hours_met[tier_of(family)] if worker.kind != Worker.VACANT else 0.0
    worth = (
        dose * worker.potency * fill ** town.p.plans[0].hours_return * fit(town, family) * suited(town, worker, family)
    )
    worth *= p.relationship_base + p.relationship_gain * family.working_relationship
    return min(town.p.plans[0].dose_ceiling, worth)


@rule
def suited(town: Town, worker: Row, family: Row) -> float:
    """Return how a worker's skills suit the family as it is known: specialist for severe trouble, else to engage."""
    severe = max(family.seen[1], family.seen[2], family.seen[3]) >= 2
    skill = worker.skill[Skill.SPECIALIST] if severe else worker.skill[Skill.ENGAGE]
    return float(skill ** town.p.team[0].skill_match)


@rule
def hours_met(town: Town, family: Row) -> float:
    """Return the share of the family's needed hours that its worker has this week."""
    if family.worker == NOBODY or town.workers[family.worker].kind == Worker.VACANT:
        return 0.0
    return town.workers[family.worker].hours_met[tier_of(family)]


@rule
def drift(town: Town, family: Row, week: int) -> None:
    """Weeks without direct work add up; three in a row are an omission."""
    if hours_met(town, family) >= town.p.plans[0].drift_fill:
        family.drift_weeks = 0
        return
    family.drift_weeks += 1
    if family.drift_weeks == town.p.plans[0].drift_weeks:
        note(town, week, family, Event.DRIFT, Agency.SOCIAL_CARE, children_at_home(town, family, week))


@rule
def change_worker(town: Town, family: Row, week: int) -> None:
    """The service may move the family to another worker for reasons of its own."""
    rate = town.p.plans[0].worker_change - town.p.effects[0].continuity_change * (
        town.levers[0].continuity - town.p.base[0].continuity
    )
    if luck(town.luck, family.key, week, Block.HAND_OVER, 0) < chance(max(0.0, rate) / YEAR):
        other = least_full(town, team_of(town, family), week)
        if other != NOBODY and other != family.worker:
            meet(town, family, week, other)


@rule
def reviewed_need(town: Town, family: Row, week: int) -> float:
    """Judge the family at a review, when it is well known."""
    know_well(family)
    return as_judged(town, family, week, 0.8) + noise(town, family, week, Block.REVIEW, town.p.plans[0].review_noise)


@rule
def slipped(town: Town, family: Row, week: int) -> bool:
    """Tell whether a review slips a week because visits were missed."""
    missed = 1.0 - hours_met(town, family) / town.p.plans[0].visits_for_review
    return luck(town.luck, family.key, week, Block.REVIEW, 3) < 0.5 * max(0.0, missed)


@rule
def enquiry_at_review(town: Town) -> float:
    """Return the judged harm at which a review leads to an enquiry: sooner where services see the family together."""
    p, joint = town.p.plans[0], town.levers[0].joint_response - town.p.base[0].joint_response
    anxious = town.p.assessment[0].anxiety * town.authority[0].risk_aversion
    return p.need_to_enquiry - anxious - town.p.effects[0].joint_surfaces * joint


@rule
def note_review(town: Town, family: Row, week: int, threshold: float) -> None:
    """Record a review as planned demand, with what was judged."""
    demand_judged(
        town, week, family, Event.REVIEW_HELD, Agency.SOCIAL_CARE, children_at_home(town, family, week),
        Failure.V2_PLANNED, town.p.demand[0].review, family.judged, threshold,
    )  # fmt: skip


@rule
def review_need(town: Town, family: Row, week: int) -> None:
    """Review a child in need plan: an enquiry, closure, step-down, or another six weeks."""
    p, before = town.p.plans[0], family.judged
    family.judged = reviewed_need(town, family, week)
    at_home = children_at_home(town, family, week)
    close_below = p.need_close + in_need_threshold(town) - town.p.assessment[0].in_need_threshold
    note_review(town, family, week, close_below)
    drifted = week - family.since >= p.need_drift_weeks
    drifted = drifted and luck(town.luck, family.key, week, Block.REVIEW, 2) < p.need_drift_close + closed_early(town)
    if at_home == 0:
        release(town, family, week)
    elif family.judged > enquiry_at_review(town):
        start_enquiry(town, family, week)
    elif (
        family.judged < close_below or drifted or buys_too_little(town, family, week, before, close_below)
    ) and not supervised(town, family, week):
        close(town, family, week, close_below)
    else:
        family.due = week + int(p.need_review_weeks)


@rule
def buys_too_little(town: Town, family: Row, week: int, before: float, close_below: float) -> bool:
    """Where reviews are needs-led: change a plan that helps too little for its cost; tell whether it should stop."""
    p = town.p.plans[0]
    said = verdict(town, family, before, town.p.hours[0].in_need * p.need_review_weeks, close_below)
    if said == CHANGE:
        change_plan(town, family, week)
    return said == STOP


@rule
def supervised(town: Town, family: Row, week: int) -> bool:
    """Tell whether a supervision order still holds; when it has run its time the children are free of it."""
    held = False
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if child.legal_status == Legal.SUPERVISION_ORDER:
            if week - child.since >= town.p.court[0].supervision_weeks:
                child.legal_status = Legal.CHILD_IN_NEED
                child.since = week
            else:
                held = True
    return held


@rule
def close(town: Town, family: Row, week: int, threshold: float) -> None:
    """Close a child in need plan, with early help to follow or without."""
    likely = town.p.plans[0].step_down + town.p.effects[0].door_closure * town.levers[0].no_wrong_door
    note(town, week, family, Event.CASE_CLOSED, Agency.SOCIAL_CARE, children_at_home(town, family, week))
    release(town, family, week)
    if luck(town.luck, family.key, week, Block.STEP_DOWN, 1) < likely:
        step_down(town, family, week, threshold)
    else:
        ended_answer(town, family, week)


@rule
def legal_advice_needed(town: Town, family: Row, week: int) -> bool:
    """Tell whether harm is such, or has lasted so long, that the legal gateway is entered."""
    p = town.p.plans[0]
    anxiety = p.legal_anxiety * town.authority[0].risk_aversion
    long_plan = week - family.since >= p.long_plan_weeks and family.judged > p.long_plan_threshold - anxiety
    return family.judged > p.legal_threshold - anxiety or long_plan


@rule
def next_review(town: Town, family: Row) -> int:
    """Return the weeks from the start of the plan to the next review conference: 13, then every 26."""
    p = town.p.plans[0]
    return int(p.first_protection_review + p.protection_review_weeks * family.n_reviews)


@rule
def core_group(town: Town, family: Row, week: int) -> None:
    """The core group meets: legal advice if harm is grave, a review conference when it is due."""
    p = town.p.plans[0]
    if family.judged < 0.0 or (week - family.since) % int(p.core_group_weeks) == 0:
        family.judged = reviewed_need(town, family, week)
        if legal_advice_needed(town, family, week):
            ask_for_legal_gateway(town, family, week)
            return
    if week - family.since >= next_review(town, family) and not slipped(town, family, week):
        review_protection(town, family, week)


@rule
def review_protection(town: Town, family: Row, week: int) -> None:
    """Hold a review conference: step down to a child in need plan, or go on."""
    p, at_home = town.p.plans[0], children_at_home(town, family, week)
    if week - family.since <= next_review(town, family):
        note(town, week, family, Event.REVIEW_IN_TIME, Agency.SOCIAL_CARE, at_home)
    family.judged = reviewed_need(town, family, week)
    note_review(town, family, week, p.protection_end)
    totals(town, week).plan_reviews += 1.0
    family.n_reviews += 1
    if at_home == 0:
        release(town, family, week)
    elif family.judged < p.protection_end:
        help_in_need(town, family, week)


@rule
def enter_pre_proceedings(town: Town, family: Row, week: int) -> None:
    """Write to the parents before proceedings."""
    at_home = children_at_home(town, family, week)
    judge(
        town, week, family, Event.PRE_PROCEEDINGS_STARTED, Agency.SOCIAL_CARE, at_home, family.judged,
        town.p.plans[0].legal_threshold,
    )  # fmt: skip
    began = family.since
    go_to(family, Status.PRE_PROCEEDINGS, week)
    family.permission = Permission.NONE
    family.due = began


@rule
def work_with(town: Town, family: Row, week: int) -> None:
    """A week of social work with one family."""
    p = town.p.plans[0]
    in_need = family.status == Status.CHILD_IN_NEED
    grow_relationship(town, family)
    family.help = strength(town, family, p.dose_need if in_need else p.dose_protection)
    drift(town, family, week)
    change_worker(town, family, week)
    if in_need and week >= family.due and not slipped(town, family, week):
        review_need(town, family, week)
    elif family.status == Status.CHILD_PROTECTION:
        core_group(town, family, week)


@rule
def review(town: Town, week: int) -> None:
    """Run P12 over the families with a plan or in the legal process."""
    for place in range(town.authority[0].n_known):
        family = town.families[town.known[place]]
        if Status.CHILD_IN_NEED <= family.status <= Status.PROCEEDINGS:
            work_with(town, family, week)
