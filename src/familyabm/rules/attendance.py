"""P4, beside the contacts: police called to homes, and whose time it takes when a service gets in touch."""

import numpy as np

from familyabm.codes import Agency, Event, Factor, Knower, Outside, Service
from familyabm.compiled import rule
from familyabm.journal import demand
from familyabm.luck import Block, luck
from familyabm.rules.coding import of_attendance
from familyabm.rules.common import children_at_home, happens, trouble_of
from familyabm.rules.outside import outside_now
from familyabm.rules.partners import sole, wary
from familyabm.rules.seeing import meet_family
from familyabm.tables import Row
from familyabm.town import Town


@rule
def called(town: Town, family: Row) -> float:
    """Return the rate at which police are called to the home."""
    return trouble_of(town, family).police * town.services[family.police_team].readiness


@rule
def notified(town: Town, family: Row) -> float:
    """Return the share of attendances that police tell social care of: the worst first, more when defensive."""
    p, level = town.p.noticing[0], family.level
    policy = p.police_notify * outside_now(town, Outside.NOTIFY) * wary(town, family.police_team)
    worst = max(1, level[Factor.DOMESTIC_ABUSE], level[Factor.SUBSTANCE_MISUSE])
    return min(1.0, policy) ** ((2.0 / worst) ** p.police_selects)


@rule
def attend(town: Town, family: Row, week: int) -> None:
    """Police come to the home: work for them whether they tell anybody or not."""
    hours, at_home = town.p.partners[0].attended_hours, children_at_home(town, family, week)
    code = of_attendance(town, family, week)
    demand(town, week, family, Event.ATTENDED, Agency.POLICE, at_home, code, hours, np.uint64(0))
    town.services[family.police_team].demand += hours
    meet_family(town, family, Knower.POLICE, week)


@rule
def attend_untold(town: Town, family: Row, week: int) -> None:
    """Police may come to a home with abuse or substance misuse and tell nobody."""
    if family.level[Factor.DOMESTIC_ABUSE] + family.level[Factor.SUBSTANCE_MISUSE] == 0:
        return
    drawn, rate = luck(town.luck, family.key, week, Block.ATTENDANCE, 0), called(town, family)
    if drawn < rate and happens(rate * (1.0 - notified(town, family)), drawn):
        attend(town, family, week)


@rule
def through(town: Town, family: Row, week: int, source: int) -> int:
    """Return the row of the service through which a contact comes, -1 where no one service can be named."""
    p = town.p.partners[0]
    which = luck(town.luck, family.key, week, Block.PARTNER_AGENCY, 0)
    if source == Agency.POLICE:
        return int(family.police_team)
    if source == Agency.SCHOOL:
        return int(family.school)
    if source == Agency.HEALTH:
        return sole(town, Service.HOSPITAL) if which < p.hospital_share else int(family.gp_practice)
    if source == Agency.HOUSING:
        return int(family.housing_office)
    if source == Agency.COUNCIL_SERVICES:
        return sole(town, Service.PROBATION) if which < p.probation_share else -1
    return through_charity(town, which) if source == Agency.PUBLIC else -1


@rule
def through_charity(town: Town, which: float) -> int:
    """Return the row of the voluntary sector or the helpline, -1 for a neighbour."""
    p = town.p.partners[0]
    if which < p.voluntary_share:
        return sole(town, Service.VOLUNTARY_SECTOR)
    return sole(town, Service.HELPLINE) if which < p.voluntary_share + p.helpline_share else -1


@rule
def take_time(town: Town, family: Row, week: int, source: int) -> None:
    """A contact takes time of the service that makes it; the police were at the home first."""
    if source == Agency.POLICE:
        attend(town, family, week)
    row = through(town, family, week, source)
    if row >= 0:
        town.services[row].demand += town.p.front_door[0].partner_hours
