"""P6: housing, adult mental health, substance misuse and domestic abuse services accept, queue, treat or turn away.

Each service judges its own factor only. Treatment belongs to the family and the factor: it reaches whoever of the
adults bears it. A place is taken from the week treatment starts until it is completed, broken off or left behind.
"""

import math

import numpy as np

from familyabm.codes import NOBODY, Agency, Event, Factor, Knower, Treatment
from familyabm.compiled import rule
from familyabm.journal import demand_judged, judge, note, totals
from familyabm.luck import Block, luck
from familyabm.newcomers import key_of
from familyabm.rules.coding import of_asking
from familyabm.rules.common import (
    children_at_home,
    deal_awake,
    dealt,
    fetch_ahead,
    happens,
    has_social_worker,
    is_open,
)
from familyabm.rules.partners import open_places, run
from familyabm.rules.seeing import put_on_file
from familyabm.tables import Row
from familyabm.town import Town

TEAM_KEY = 8
SEVERE = 2.5
"""Level as judged from which a family goes first."""
NOT_HERE = 1e15
"""A place behind everybody who stands in a queue."""
LOGISTIC = math.sqrt(3.0) / math.pi
"""Scale of a logistic error of spread one."""


@rule
def service_for(family: Row, factor: int) -> int:
    """Return the row of the family's service for a factor."""
    if factor == Factor.HOUSING:
        return int(family.housing_office)
    if factor == Factor.MENTAL_HEALTH:
        return int(family.mental_health_service)
    if factor == Factor.SUBSTANCE_MISUSE:
        return int(family.substance_service)
    return int(family.abuse_service)


@rule
def agency_for(factor: int) -> int:
    """Return the agency that a factor belongs to."""
    if factor == Factor.HOUSING:
        return Agency.HOUSING
    return Agency.ADULT_MENTAL_HEALTH + factor - Factor.MENTAL_HEALTH


@rule
def keeper_of(factor: int) -> int:
    """Return whose files a request for help with a factor goes into."""
    return Knower.HOUSING + factor


@rule
def treating(family: Row, factor: int) -> int:
    """Return the agency that treats the factor: its service, or the social work unit's clinician."""
    if family.treatment[factor] == Treatment.WITH_CLINICIAN:
        return Agency.SOCIAL_CARE
    return agency_for(factor)


@rule
def treats(town: Town, factor: int) -> float:
    """Return the share of clinicians' teams that treat a factor: mental health and misuse all, abuse but few."""
    if factor == Factor.DOMESTIC_ABUSE:
        return float(town.p.adult_services[0].team_abuse)
    return 0.0 if factor == Factor.HOUSING else 1.0


@rule
def clinician_at_hand(town: Town, family: Row, factor: int) -> bool:
    """Tell whether the family's social worker is in a unit with a clinician for this factor."""
    if family.worker == NOBODY or not has_social_worker(family):
        return False
    team = town.workers[family.worker].team
    share = town.p.effects[0].unit_clinician * town.teams[team].unit * treats(town, factor)
    return luck(town.births, key_of(TEAM_KEY, int(team), 0), 0, Block.UNIT, 0) < share


@rule
def as_assessed(town: Town, family: Row, week: int, factor: int) -> float:
    """Return the level of its own factor as the service judges it."""
    first = luck(town.luck, family.key, week, Block.TREATMENT, factor)
    error = town.p.adult_services[0].noise * LOGISTIC * math.log(first / (1.0 - first))
    return max(0.0, family.level[factor] + error)


@rule
def asking_rate(town: Town, family: Row, week: int, factor: int) -> float:
    """Return the rate at which the family asks, or is put forward, for help with a factor that it has."""
    p, rate = town.p.adult_services[0], town.p.adult_services[0].asks
    if is_open(family):
        rate += p.asks_open + town.p.effects[0].joint_asking * town.levers[0].joint_response
    recent = week - family.bounced[factor] <= p.again_weeks
    return rate * p.asks_again if recent else rate


@rule
def most_asking(town: Town) -> float:
    """Return what no family's rate of asking exceeds."""
    p = town.p.adult_services[0]
    rate = p.asks + (p.asks_open + town.p.effects[0].joint_asking * town.levers[0].joint_response)
    return max(p.asks, rate) * max(1.0, p.asks_again)


@rule
def bounce(town: Town, family: Row, week: int, factor: int, judged: float, threshold: float) -> None:
    """The service refuses: not ill enough, not its area, not its kind of need. It costs trust."""
    at_home = children_at_home(town, family, week)
    judge(town, week, family, Event.BOUNCED, agency_for(factor), at_home, judged, threshold)
    family.bounced[factor] = week
    family.passed_by = agency_for(factor)
    family.trust = max(0.0, family.trust - town.p.adult_services[0].bounce_trust)


@rule
def enter(family: Row, factor: int, week: int, treatment: int) -> None:
    """Begin to wait, or to be treated by the unit's clinician."""
    family.treatment[factor] = treatment
    family.treatment_since[factor] = week
    family.in_treatment += 1


@rule
def ask(town: Town, family: Row, week: int, factor: int) -> None:
    """Ask for help with a factor: the unit's clinician gives it at once, or the service accepts or refuses."""
    p, judged = town.p.adult_services[0], as_assessed(town, family, week, factor)
    at_home, service = children_at_home(town, family, week), town.services[service_for(family, factor)]
    put_on_file(town, family, keeper_of(factor), factor, family.level[factor], week)
    if judged < p.clinician_level and clinician_at_hand(town, family, factor):
        enter(family, factor, week, Treatment.WITH_CLINICIAN)
        note(town, week, family, Event.CLINICIAN_HELPED, Agency.SOCIAL_CARE, at_home)
        return
    agency, code, threshold = agency_for(factor), of_asking(town, family, week, factor), service.accept_level
    demand_judged(town, week, family, Event.ASKED, agency, at_home, code, p.ask_hours, judged, threshold)
    if judged < threshold:
        bounce(town, family, week, factor, judged, threshold)
    else:
        enter(family, factor, week, Treatment.WAITING)
        service.n_waiting += 1


@rule
def asks(town: Town, family: Row, week: int, draws: tuple[float, float, float, float]) -> None:
    """A family with trouble may ask for help with each factor that nobody treats.

    draws: the family's luck of `Block.TREATMENT_ASKED`.
    """
    most = most_asking(town)
    for factor in range(4):
        if family.level[factor] == 0 or under_way(family, factor):
            continue
        if draws[factor] < most and happens(asking_rate(town, family, week, factor), draws[factor]):
            ask(town, family, week, factor)


@rule
def under_way(family: Row, factor: int) -> bool:
    """Tell whether the family waits for treatment of a factor or is treated."""
    treatment = family.treatment[factor]
    with_service = treatment == Treatment.WAITING or treatment == Treatment.ACTIVE
    return with_service or treatment == Treatment.WITH_CLINICIAN


@rule
def leave(town: Town, family: Row, week: int, factor: int, treatment: int, event: int) -> None:
    """End waiting or treatment, and give the place back."""
    service = town.services[service_for(family, factor)]
    if family.treatment[factor] == Treatment.ACTIVE:
        service.n_treated -= 1
    elif family.treatment[factor] == Treatment.WAITING:
        service.n_waiting -= 1
    note(town, week, family, event, treating(family, factor), children_at_home(town, family, week))
    family.treatment[factor] = treatment
    family.treatment_since[factor] = week
    family.in_treatment -= 1


@rule
def move_away(town: Town, family: Row, week: int) -> None:
    """A family that leaves the area leaves queues and treatment too."""
    for factor in range(4):
        if under_way(family, factor):
            leave(town, family, week, factor, Treatment.DROPPED, Event.TREATMENT_DROPPED)


@rule
def giving_up(town: Town, family: Row, factor: int) -> float:
    """Return the rate at which a family gives up waiting or treatment: with little trust, and with strained staff."""
    p = town.p.adult_services[0]
    rate = p.drop * (p.drop_trust - family.trust)
    if family.treatment[factor] == Treatment.ACTIVE:
        rate *= 1.0 + p.strain_drop * town.services[service_for(family, factor)].strain
    return rate


@rule
def finished(town: Town, family: Row, week: int, factor: int) -> bool:
    """Tell whether treatment has run its course or the trouble is gone."""
    over = week - family.treatment_since[factor] >= town.p.adult_services[0].treatment_weeks
    return family.treatment[factor] != Treatment.WAITING and (over or family.level[factor] == 0)


@rule
def goes_without(town: Town, family: Row, week: int, factor: int) -> bool:
    """Tell whether the family breaks off: gives up, needs nothing more, or no longer has the unit's clinician."""
    if family.level[factor] == 0:
        return True
    if family.treatment[factor] == Treatment.WITH_CLINICIAN and family.worker == NOBODY:
        return True
    drawn = luck(town.luck, family.key, week, Block.TREATMENT_ENDS, factor)
    return happens(giving_up(town, family, factor), drawn)


@rule
def go_on(town: Town, family: Row, week: int) -> None:
    """One week of waiting or treatment for each factor under way."""
    for factor in range(4):
        if not under_way(family, factor):
            continue
        if finished(town, family, week, factor):
            leave(town, family, week, factor, Treatment.COMPLETED, Event.TREATMENT_COMPLETED)
        elif goes_without(town, family, week, factor):
            leave(town, family, week, factor, Treatment.DROPPED, Event.TREATMENT_DROPPED)


@rule
def order_of(town: Town, family: Row, row: int, factor: int, week: int) -> float:
    """Return the place in a service's queue: severe first, then the longest wait, then the home.

    How severe it is, the service judges with the error that it made when the family asked.
    """
    asked = family.treatment_since[factor]
    later = 0.0 if as_assessed(town, family, asked, factor) >= SEVERE else 2000.0
    waited = min(999.0, float(week - asked))
    return (later + 1000.0 - waited) * 4294967296.0 + float(row)


@rule
def waits(family: Row) -> bool:
    """Tell whether the family waits for treatment of any factor."""
    waiting = 0
    for factor in range(4):
        waiting += 1 if family.treatment[factor] == Treatment.WAITING else 0
    return waiting > 0


@rule
def line_up(town: Town, week: int, factor: int, n: int) -> int:
    """Rank the n families that wait for anything by their places in one queue; return how many stand in it."""
    standing = 0
    for place in range(n):
        row = town.queue[place]
        family = town.families[row]
        if family.treatment[factor] == Treatment.WAITING:
            town.rank[place] = order_of(town, family, row, factor, week)
            standing += 1
        else:
            town.rank[place] = NOT_HERE + float(row)
    return standing


@rule
def ready_after(town: Town, service: Row, factor: int) -> float:
    """Return the weeks that the service's own assessment takes: with its procedure, less within a joint plan."""
    p = town.p.adult_services[0]
    together = 1.0 - town.p.effects[0].joint_wait * town.levers[0].joint_response
    procedure = service.bureaucracy / town.p.partners[0].bureaucracy
    return p.intake * town.p.chances[0].usual_wait[factor] * together * procedure


@rule
def admit(town: Town, week: int, factor: int, n: int) -> None:
    """Give free places to those first in the queue for a factor who have been assessed.

    n: families that wait for anything.
    """
    standing = line_up(town, week, factor, n)
    order = np.argsort(town.rank[:n])
    for place in range(standing):
        family = town.families[town.queue[order[place]]]
        service, waited = town.services[service_for(family, factor)], week - family.treatment_since[factor]
        if service.n_treated < open_places(town, service) and waited >= ready_after(town, service, factor):
            start(town, family, week, factor, service)


@rule
def start(town: Town, family: Row, week: int, factor: int, service: Row) -> None:
    """Treatment begins."""
    totals(town, week).treatment_wait[factor] += week - family.treatment_since[factor]
    service.n_waiting -= 1
    service.n_treated += 1
    family.treatment[factor] = Treatment.ACTIVE
    family.treatment_since[factor] = week
    at_home = children_at_home(town, family, week)
    note(town, week, family, Event.TREATMENT_STARTED, agency_for(factor), at_home)


@rule
def serve(town: Town, week: int) -> None:
    """Run P6: treatment goes on or ends, families ask, free places go to those first in the queue."""
    n = 0
    for place in range(town.authority[0].n_awake):
        fetch_ahead(town, place)
        deal_awake(town, week, place, Block.TREATMENT_ASKED)
        row = town.awake[place]
        family, level = town.families[row], town.families[row].level
        if family.in_treatment > 0:
            go_on(town, family, week)
        if level[0] + level[1] + level[2] + level[3] > 0:
            asks(town, family, week, dealt(town, place))
        if family.in_treatment > 0 and waits(family):
            town.queue[n] = row
            n += 1
    for factor in range(4):
        admit(town, week, factor, n)
    run(town, week)
