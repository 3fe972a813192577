"""P5: the front door decides what each contact becomes: no further action, early help, a referral or an enquiry."""

import numpy as np

from familyabm.codes import NOBODY, Agency, Answer, Event, Permission, Status, Tally
from familyabm.compiled import rule
from familyabm.journal import count, demand_judged, judge, note, totals
from familyabm.luck import Block, four, luck
from familyabm.rules.coding import of_referral
from familyabm.rules.common import YEAR, children_at_home, go_to, is_open, lives_at_home, rationing
from familyabm.rules.enquiries import start_enquiry
from familyabm.rules.family_help import keeps_lead
from familyabm.rules.ground_truth import answer_without_help
from familyabm.rules.rights import may_start_help, sign_off_contact
from familyabm.rules.seeing import as_judged, as_told, knower_of, noise, pool_files
from familyabm.rules.trust import turned_away
from familyabm.tables import Row
from familyabm.town import Town


@rule
def screened(town: Town, family: Row, week: int) -> float:
    """Judge a family's need from what is seen at the front door; sharing makes the judgement less noisy."""
    p, effects = town.p.front_door[0], town.p.effects[0]
    sees = family.source == Agency.SCHOOL or family.source == Agency.HEALTH
    reckoned = as_judged(town, family, week, p.sees_child if sees else p.sees_child_less)
    spread = p.noise * (1.0 - effects.sharing_noise * town.levers[0].information_sharing)
    return reckoned + noise(town, family, week, Block.DOOR, spread) + p.history * min(2, family.n_contacts - 1)


@rule
def referral_threshold(town: Town) -> float:
    """Return the threshold for a referral as it is practised now: never below early help's or above an enquiry's."""
    p = town.p.front_door[0]
    practised = p.referral_threshold - p.anxiety * town.authority[0].risk_aversion + rationing(town)
    return max(p.early_help_threshold, min(enquiry_threshold(town), practised))


@rule
def enquiry_threshold(town: Town) -> float:
    """Return the threshold for an enquiry at once as it is practised now; it gives way to load far less."""
    return town.p.front_door[0].enquiry_threshold + town.p.assessment[0].enquiry_ration * rationing(town)


@rule
def tell_the_sender(town: Town, family: Row, week: int) -> None:
    """Tell the one who got in touch what happened, or not."""
    p = town.p.front_door[0]
    likely = p.feedback + town.p.effects[0].continuity_feedback * town.levers[0].continuity
    family.informed = 1 if luck(town.luck, family.key, week, Block.DOOR_ANSWER, 2) < likely else 0


@rule
def close_contact(town: Town, family: Row, week: int, event: int, threshold: float, answer: int) -> None:
    """Close the contact without help, whoever it was that did not want or give it."""
    at_home = children_at_home(town, family, week)
    judge(town, week, family, event, Agency.SOCIAL_CARE, at_home, family.judged, threshold)
    answer_without_help(town, family, week, answer)
    go_to(family, Status.CLOSED, week)


@rule
def turn_away(town: Town, family: Row, week: int, event: int, threshold: float) -> None:
    """Refuse help: to a family that asked for it itself, that is a refusal and costs trust."""
    answer = Answer.SIGNPOSTED if event == Event.SIGNPOSTED else Answer.CLOSED_NO_HELP
    if family.source == Agency.FAMILY:
        answer = Answer.REFUSED_REQUEST
        turned_away(town, family)
    close_contact(town, family, week, event, threshold, answer)


@rule
def offer_early_help(town: Town, family: Row, week: int, threshold: float) -> None:
    """Offer early help: it takes consent, and a door that connects the family instead of telling it where to go."""
    p, effects = town.p.front_door[0], town.p.effects[0]
    consents, connected, _, _ = four(town.luck, family.key, week, Block.DOOR_ANSWER)
    if consents >= p.consent_base + p.consent_trust * family.trust:
        at_home = children_at_home(town, family, week)
        judge(town, week, family, Event.EARLY_HELP_DECLINED, Agency.FAMILY, at_home, family.judged, threshold)
        close_contact(town, family, week, Event.CONTACT_CLOSED, threshold, Answer.CLOSED_NO_HELP)
    elif connected < p.connected + effects.door_connects * town.levers[0].no_wrong_door:
        wait_for_early_help(town, family, week, threshold)
    else:
        turn_away(town, family, week, Event.SIGNPOSTED, threshold)


@rule
def wait_for_early_help(town: Town, family: Row, week: int, threshold: float) -> None:
    """Put the family on the waiting list for early help."""
    at_home = children_at_home(town, family, week)
    judge(town, week, family, Event.EARLY_HELP_OFFERED, Agency.EARLY_HELP, at_home, family.judged, threshold)
    go_to(family, Status.EARLY_HELP_WAITING, week)
    family.permission = Permission.OWN if may_start_help(town, family, week) else Permission.NONE


@rule
def refer(town: Town, family: Row, week: int, agency: int, threshold: float) -> None:
    """Accept a referral for the children at home; within a year of the last it is a re-referral."""
    referred, again = 0, 0
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if lives_at_home(child, week):
            referred += 1
            again += 1 if week - child.referred <= YEAR else 0
            child.referred = week
    hours = town.p.hours[0].referral
    code = of_referral(town, family, week)
    demand_judged(town, week, family, Event.REFERRAL, agency, referred, code, hours, family.judged, threshold)
    if again > 0:
        note(town, week, family, Event.RE_REFERRAL, agency, again)
    count(town, family, Tally.REFERRALS, float(referred))
    totals(town, week).decile_referred[family.deprivation_decile] += np.float32(referred)
    family.referred = week
    family.begun = week
    go_to(family, Status.REFERRAL, week)


@rule
def open_case_alarm(town: Town, family: Row, week: int) -> None:
    """An urgent concern about a family that is already known: a strategy discussion at once."""
    if Status.EARLY_HELP_WAITING <= family.status <= Status.CHILD_IN_NEED and not_under_enquiry(family):
        if family.status <= Status.EARLY_HELP:
            step_out_of_early_help(town, family, week)
        start_enquiry(town, family, week)


@rule
def not_under_enquiry(family: Row) -> bool:
    """Tell whether no enquiry or conference is under way."""
    return family.status != Status.SECTION_47 and family.status != Status.CONFERENCE


@rule
def step_out_of_early_help(town: Town, family: Row, week: int) -> None:
    """Give back an early help place because the family steps up to social care."""
    if family.status == Status.EARLY_HELP:
        town.authority[0].early_help_used -= 1.0
        note(town, week, family, Event.STEPPED_UP, Agency.EARLY_HELP, children_at_home(town, family, week))
    family.help = 0.0
    family.lead = 1 if keeps_lead(town, family) else 0
    refer(town, family, week, Agency.COUNCIL_SERVICES, town.p.front_door[0].referral_threshold)


@rule
def decide_one(town: Town, family: Row, week: int) -> None:
    """Decide one contact."""
    if family.status != Status.CONTACT:
        open_case_alarm(town, family, week)
        family.severe = 0
        return
    p, threshold = town.p.front_door[0], referral_threshold(town)
    pool_files(town, family, week, knower_of(family.source), Block.SHARED_AT_DOOR)
    as_told(town, family, week, family.source)
    tell_the_sender(town, family, week)
    sign_off_contact(town, family, week)
    family.judged = screened(town, family, week)
    if family.severe == 1 or family.judged > enquiry_threshold(town):
        refer(town, family, week, family.source, threshold)
        start_enquiry(town, family, week)
    elif family.judged > threshold:
        refer(town, family, week, family.source, threshold)
    elif family.judged > p.early_help_threshold:
        offer_early_help(town, family, week, p.early_help_threshold)
    else:
        turn_away(town, family, week, Event.CONTACT_CLOSED, p.early_help_threshold)
    family.severe = 0


@rule
def order_of(family: Row, row: int, week: int) -> float:
    """Return the place in the queue: urgent first, then the longest wait, then the key."""
    urgent = 0.0 if family.severe == 1 else 2000.0
    return (urgent + 1000.0 - min(999.0, float(week - family.since))) * 4294967296.0 + float(row)


@rule
def line_up(town: Town, week: int) -> None:
    """Order the queue at the front door."""
    n = town.authority[0].n_queue
    for place in range(n):
        row = town.queue[place]
        town.rank[place] = order_of(town.families[row], row, week)
    order = np.argsort(town.rank[:n])
    sorted_rows = town.queue[:n][order]
    town.queue[:n] = sorted_rows


@rule
def concerns_services(family: Row, week: int) -> bool:
    """Tell whether services have anything to do with the family; if not, P9 to P17 pass it by."""
    if is_open(family) or family.worker != NOBODY or family.n_away + family.n_settled > 0:
        return True
    return family.panel + family.complaint + family.overdue > 0 or family.fated == week


@rule
def list_known(town: Town, week: int) -> None:
    """List the awake families that services have to do with, so that the rest of the week need not look for them."""
    authority = town.authority[0]
    authority.n_known = 0
    for place in range(authority.n_awake):
        if concerns_services(town.families[town.awake[place]], week):
            town.known[authority.n_known] = town.awake[place]
            authority.n_known += 1


@rule
def left_waiting(town: Town) -> int:
    """Count the contacts at the front door that nobody has come round to."""
    waiting = 0
    for place in range(town.authority[0].n_queue):
        waiting += 1 if town.families[town.queue[place]].status == Status.CONTACT else 0
    return waiting


@rule
def decide(town: Town, week: int) -> None:
    """Run P5: decide as many contacts as the screening workers can, the rest wait."""
    authority, p = town.authority[0], town.p.front_door[0]
    authority.deal_credit += town.facts[0].screeners * p.contacts_per_worker
    if authority.n_queue > authority.deal_credit:
        line_up(town, week)
    served = min(authority.n_queue, int(authority.deal_credit))
    for place in range(served):
        decide_one(town, town.families[town.queue[place]], week)
    authority.deal_credit = min(authority.deal_credit - served, 1.0)
    authority.n_left = left_waiting(town)
    list_known(town, week)
