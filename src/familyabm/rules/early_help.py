"""P10: early help takes families from its waiting list, helps as well as its offer fits, and ends, met or not."""

import numpy as np

from familyabm.codes import Agency, Answer, Event, Permission, Status
from familyabm.compiled import rule
from familyabm.journal import note, totals
from familyabm.luck import Block, four
from familyabm.rules.common import ages_at_home, children_at_home, go_to, let_go
from familyabm.rules.family_help import keeps_lead
from familyabm.rules.front_door import referral_threshold, step_out_of_early_help
from familyabm.rules.ground_truth import answer_without_help, ended_answer
from familyabm.rules.leads import find_lead, worth_of_lead
from familyabm.rules.offer import offer_match
from familyabm.rules.seeing import as_judged, know_well, noise
from familyabm.rules.trust import help_worked
from familyabm.tables import Row
from familyabm.town import Town


@rule
def grow_relationship(town: Town, family: Row) -> None:
    """The working relationship grows week by week, faster with one lead throughout."""
    p, effects = town.p.early_help[0], town.p.effects[0]
    pace = p.relationship_grows * (p.continuity_base + effects.continuity_grows * town.levers[0].continuity)
    family.working_relationship += pace * (1.0 - family.working_relationship)


@rule
def strength(town: Town, family: Row) -> float:
    """Return the strength of a week of early help."""
    p, effects = town.p.early_help[0], town.p.effects[0]
    worth = p.dose * (p.potency_base + effects.continuity_potency * town.levers[0].continuity)
    worth *= p.paper_base + p.paper_relief * (1.0 - town.authority[0].bureaucracy)
    worth *= p.relationship_base + p.relationship_gain * family.working_relationship
    return min(town.p.plans[0].dose_ceiling, worth * offer_match(town, family))


@rule
def begin(town: Town, family: Row, week: int) -> None:
    """A family from the waiting list takes a free place."""
    waited = week - family.since
    row = totals(town, week)
    row.early_wait += waited
    asked = family.source == Agency.FAMILY and family.contacted >= family.since - 1
    if waited <= 1 and asked and family.permission == Permission.OWN:
        row.pulled += 1.0
    note(town, week, family, Event.EARLY_HELP_STARTED, Agency.EARLY_HELP, children_at_home(town, family, week))
    go_to(family, Status.EARLY_HELP, week)
    if not keeps_lead(town, family):
        family.working_relationship = town.p.plans[0].relationship_start
        family.n_workers = min(30000, family.n_workers + 1)
    find_lead(town, family, week)
    family.due = week + int(town.p.early_help[0].review_weeks)
    town.authority[0].early_help_used += 1.0


@rule
def end(town: Town, family: Row, week: int, met: bool) -> None:
    """Early help ends and the place is free."""
    event = Event.EARLY_HELP_ENDED_MET if met else Event.EARLY_HELP_ENDED_UNMET
    note(town, week, family, event, Agency.EARLY_HELP, children_at_home(town, family, week))
    town.authority[0].early_help_used -= 1.0
    ended_answer(town, family, week)
    family.passed_by = Agency.EARLY_HELP
    let_go(family, week)


@rule
def review(town: Town, family: Row, week: int) -> None:
    """The team around the family meets: step up, close with needs met, go on, or close because time is up."""
    p, lasted = town.p.early_help[0], week - family.since
    family.due = week + int(p.review_weeks)
    know_well(family)
    family.judged = as_judged(town, family, week, 0.7) + noise(town, family, week, Block.EARLY_HELP, p.review_noise)
    if family.judged > referral_threshold(town):
        step_out_of_early_help(town, family, week)
    elif lasted >= p.shortest and family.judged < p.met_below:
        end(town, family, week, True)


@rule
def help_family(town: Town, family: Row, week: int) -> None:
    """A week in a family's early help."""
    p = town.p.early_help[0]
    grow_relationship(town, family)
    family.help = strength(town, family) * worth_of_lead(town, family, week)
    if family.help >= town.p.plans[0].works_above:
        help_worked(town, family)
    if week >= family.due:
        review(town, family, week)
    if family.status == Status.EARLY_HELP and week - family.since >= p.longest:
        end(town, family, week, family.judged < p.met_below)


@rule
def wait(town: Town, family: Row, week: int) -> None:
    """A waiting family may give up."""
    gives_up = four(town.luck, family.key, week, Block.EARLY_HELP)[2]
    if gives_up < town.p.early_help[0].drop_out:
        at_home = children_at_home(town, family, week)
        note(town, week, family, Event.EARLY_HELP_DROPPED, Agency.FAMILY, at_home)
        answer_without_help(town, family, week, Answer.CLOSED_NO_HELP)
        family.passed_by = Agency.EARLY_HELP
        let_go(family, week)


@rule
def urgency(town: Town, family: Row, week: int) -> float:
    """Return how soon a waiting family should have a place: judged need, the wait so far, and small children."""
    need, waited = 100.0 * min(0.999, family.judged), min(400.0, 4.0 * (week - family.since))
    small = ages_at_home(town, family, week)[1]
    return need + waited + (4.0 * town.p.early_help[0].small_first if small else 0.0)


@rule
def fill_places(town: Town, week: int, waiting: int) -> None:
    """Fill free places: small children, greatest judged need and longest wait first, then the key."""
    authority = town.authority[0]
    free = int(authority.early_help_places - authority.early_help_used)
    order = np.argsort(town.rank[:waiting]) if free < waiting else np.arange(waiting)
    for place in range(max(0, min(free, waiting))):
        begin(town, town.families[town.queue[order[place]]], week)


@rule
def give(town: Town, week: int) -> None:
    """Run P10 over the families in or waiting for early help."""
    waiting = 0
    for place in range(town.authority[0].n_known):
        row = town.known[place]
        family = town.families[row]
        if family.status == Status.EARLY_HELP:
            help_family(town, family, week)
        elif family.status == Status.EARLY_HELP_WAITING:
            wait(town, family, week)
            if family.status == Status.EARLY_HELP_WAITING and family.permission != Permission.NONE:
                town.queue[waiting] = row
                town.rank[waiting] = (1000.0 - urgency(town, family, week)) * 4294967296.0 + float(row)
                waiting += 1
    fill_places(town, week, waiting)
