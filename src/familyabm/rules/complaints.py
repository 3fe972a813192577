"""P16: families chase what was promised, complain, say how they are helped, and trust services more or less.

Whether a complaint is upheld depends on whether what it is about did happen; this is record-keeping, so it may
read what workers did not see.
"""

import math

import numpy as np

from familyabm.codes import Agency, Complaint, Event, Panel, Stage, Status, Worker
from familyabm.compiled import rule
from familyabm.journal import demand, note, totals
from familyabm.luck import Block, four, luck
from familyabm.rules.coding import of_chase, of_complaint
from familyabm.rules.common import chance, children_at_home, has_social_worker, is_open
from familyabm.rules.leads import led_by_nobody
from familyabm.rules.plans import next_review
from familyabm.rules.trust import complaint_answered, drift_back
from familyabm.tables import Row
from familyabm.town import Town


@rule
def review_overdue(town: Town, family: Row, week: int) -> bool:
    """Tell whether the review of a plan has slipped."""
    if family.status == Status.CHILD_IN_NEED:
        return week > family.due
    return family.status == Status.CHILD_PROTECTION and week - family.since > next_review(town, family)


@rule
def without_worker(town: Town, family: Row) -> bool:
    """Tell whether a family that should have a social worker has none."""
    missing = family.worker < 0 or town.workers[family.worker].kind == Worker.VACANT
    return missing and (has_social_worker(family) or family.n_away > 0)


@rule
def waiting_too_long(town: Town, family: Row, week: int) -> bool:
    """Tell whether the family has waited too long for early help."""
    waited = week - family.since > town.p.complaints[0].help_wait
    return waited and family.status == Status.EARLY_HELP_WAITING


@rule
def panel_overdue(town: Town, family: Row, week: int) -> bool:
    """Tell whether a panel has kept the family waiting too long."""
    waiting = family.panel_stage == Stage.QUEUED or family.panel_stage == Stage.DISPUTED
    return family.panel != Panel.NONE and waiting and week - family.panel_since > town.p.complaints[0].panel_wait


@rule
def actions_overdue(town: Town, family: Row, week: int) -> int:
    """Count what services owe the family: a worker, a review, early help, visits, a panel's answer."""
    owed = 1 if without_worker(town, family) else 0
    owed += 1 if review_overdue(town, family, week) else 0
    owed += 1 if waiting_too_long(town, family, week) else 0
    drifted = is_open(family) and family.drift_weeks >= town.p.plans[0].drift_weeks
    owed += 1 if drifted else 0
    return owed + (1 if panel_overdue(town, family, week) else 0)


@rule
def chase(town: Town, family: Row, week: int) -> None:
    """Somebody calls about what is overdue, less often where a coordinator keeps the family informed."""
    p = town.p.complaints[0]
    calls = p.chase * family.overdue * (1.0 - town.p.effects[0].unit_calls * town.levers[0].unit_model)
    if luck(town.luck, family.key, week, Block.CHASE, 0) < chance(calls):
        code, at_home = of_chase(family), children_at_home(town, family, week)
        demand(town, week, family, Event.CHASED, Agency.FAMILY, at_home, code, p.chase_hours, np.uint64(0))


@rule
def wronged(town: Town, family: Row, week: int) -> bool:
    """Tell whether an enquiry that was not called for still rankles."""
    return week - family.intruded <= town.p.complaints[0].commission_weeks


@rule
def complaint_rate(town: Town, family: Row, week: int) -> float:
    """Return the weekly rate at which an open family complains."""
    p = town.p.complaints[0]
    rate = p.base_rate + p.overdue * family.overdue
    rate += p.commission if wronged(town, family, week) else 0.0
    return rate + (p.worker_change if week - family.handed_over <= p.worker_change_weeks else 0.0)


@rule
def limit_of(town: Town, stage: int) -> float:
    """Return the weeks within which a stage should be answered."""
    p = town.p.complaints[0]
    if stage == Complaint.STAGE_1:
        return p.stage_1_weeks
    if stage == Complaint.STAGE_2:
        return p.stage_2_weeks
    return p.stage_3_weeks if stage == Complaint.STAGE_3 else p.ombudsman_weeks


@rule
def hours_of(town: Town, stage: int) -> float:
    """Return the work that a stage takes."""
    p = town.p.complaints[0]
    if stage == Complaint.STAGE_1:
        return p.stage_1_hours
    return p.stage_2_hours if stage == Complaint.STAGE_2 else p.stage_3_hours


@rule
def event_of(stage: int) -> int:
    """Return the event with which a stage begins."""
    if stage == Complaint.STAGE_1:
        return Event.COMPLAINT
    if stage == Complaint.STAGE_2:
        return Event.COMPLAINT_STAGE_2
    return Event.COMPLAINT_STAGE_3 if stage == Complaint.STAGE_3 else Event.OMBUDSMAN


@rule
def take_to(town: Town, family: Row, week: int, stage: int) -> None:
    """A complaint begins a stage: work for the authority, and an answer that is due."""
    p, luck_now = town.p.complaints[0], luck(town.luck, family.key, week, Block.COMPLAINT_STAGE, 1)
    family.complaint = stage
    family.complaint_since = week
    slowness = (p.shortest + p.spread * luck_now) * max(1.0, town.authority[0].load)
    family.complaint_due = week + max(1, math.ceil(limit_of(town, stage) * slowness))
    code, at_home = of_complaint(family), children_at_home(town, family, week)
    demand(town, week, family, event_of(stage), Agency.FAMILY, at_home, code, hours_of(town, stage), np.uint64(0))


@rule
def complain(town: Town, family: Row, week: int) -> None:
    """A family may make a complaint; whether services did fail it is kept for the answer."""
    if luck(town.luck, family.key, week, Block.COMPLAINT, 0) < chance(complaint_rate(town, family, week)):
        family.failing = 1 if family.overdue > 0 or wronged(town, family, week) else 0
        take_to(town, family, week, Complaint.STAGE_1)


@rule
def likely_to_go_on(town: Town, family: Row) -> float:
    """Return the chance that the family takes the complaint to the next stage."""
    p, stage = town.p.complaints[0], family.complaint
    likely = p.to_stage_2 if stage == Complaint.STAGE_1 else p.to_stage_3
    if stage >= Complaint.STAGE_3:
        likely = p.to_ombudsman if stage == Complaint.STAGE_3 else 0.0
    return likely * (p.content if family.failing == 1 else 1.0)


@rule
def answer(town: Town, family: Row, week: int) -> None:
    """A stage is answered: in time or late, upheld if services did fail the family; it may go further."""
    stage, at_home = family.complaint, children_at_home(town, family, week)
    note(town, week, family, Event.COMPLAINT_ANSWERED, Agency.SOCIAL_CARE, at_home)
    if week - family.complaint_since <= limit_of(town, stage):
        note(town, week, family, Event.COMPLAINT_IN_TIME, Agency.SOCIAL_CARE, at_home)
    if family.failing == 1:
        note(town, week, family, Event.COMPLAINT_UPHELD, Agency.SOCIAL_CARE, at_home)
    complaint_answered(town, family, family.failing == 1)
    further = luck(town.luck, family.key, week, Block.COMPLAINT_STAGE, 0) < likely_to_go_on(town, family)
    if further:
        take_to(town, family, week, stage + 1)
    else:
        family.complaint = Complaint.NONE


@rule
def tell(town: Town, family: Row, week: int) -> None:
    """A family that trusts services says how it is helped: well, if help works and nothing is owed."""
    says = four(town.luck, family.key, week, Block.CHASE)[1]
    if says < chance(town.p.complaints[0].tells * family.trust):
        row = totals(town, week)
        row.feedback += 1.0
        well = family.help >= town.p.plans[0].works_above and family.overdue == 0
        row.feedback_good += 1.0 if well else 0.0


@rule
def count(town: Town, family: Row, week: int) -> None:
    """Count what an open family is owed, how far it trusts, and whether anybody leads."""
    row = totals(town, week)
    row.open_families += 1.0
    row.trust_sum += family.trust
    row.overdue_actions += family.overdue
    row.led_by_nobody += 1.0 if led_by_nobody(town, family) else 0.0


@rule
def listen_to(town: Town, family: Row, week: int) -> None:
    """A week with one open family."""
    family.overdue = actions_overdue(town, family, week)
    if family.overdue > 0:
        chase(town, family, week)
    if family.complaint == Complaint.NONE:
        complain(town, family, week)
    tell(town, family, week)
    count(town, family, week)


@rule
def listen(town: Town, week: int) -> None:
    """Run P16 over the families that are awake."""
    for place in range(town.authority[0].n_awake):
        drift_back(town, town.families[town.awake[place]])
    for place in range(town.authority[0].n_known):
        family = town.families[town.known[place]]
        if family.complaint != Complaint.NONE and week >= family.complaint_due:
            answer(town, family, week)
        if is_open(family) or family.n_away > 0:
            listen_to(town, family, week)
        else:
            family.overdue = 0
