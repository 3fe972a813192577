"""P6, second half: every partner has a load, fears, money and staff of its own, and may buckle.

A service under load or fear turns defensive: it accepts later, shares less and gets in touch more. Relationships
with social care grow where services work on the same families together and go with the social workers who leave.
"""

from familyabm.codes import Agency, Event, Posture, Service
from familyabm.compiled import rule
from familyabm.journal import announce, totals
from familyabm.rules.common import is_open
from familyabm.rules.crowding import crowding
from familyabm.tables import Row
from familyabm.town import Town

AGENCY_OF = (
    int(Agency.SCHOOL), int(Agency.HEALTH), int(Agency.POLICE), int(Agency.HOUSING), int(Agency.ADULT_MENTAL_HEALTH),
    int(Agency.SUBSTANCE_MISUSE), int(Agency.DOMESTIC_ABUSE_SERVICE), int(Agency.EARLY_HELP), int(Agency.SOCIAL_CARE),
    int(Agency.SOCIAL_CARE), int(Agency.COURT), int(Agency.HEALTH), int(Agency.COUNCIL_SERVICES), int(Agency.PUBLIC),
    int(Agency.PUBLIC),
)  # fmt: skip
"""The agency that each kind of service belongs to."""
N_KINDS = len(Service)
PENCE = 100.0


@rule
def is_for_adults(service: Row) -> bool:
    """Tell whether the service treats one of adults' risk factors."""
    return Service.HOUSING_OFFICE <= service.kind <= Service.DOMESTIC_ABUSE


@rule
def sole(town: Town, kind: int) -> int:
    """Return the row of a service of which an area has one: hospital, probation, voluntary sector, helpline."""
    return len(town.services) - N_KINDS + kind


@rule
def open_places(town: Town, service: Row) -> float:
    """Return the places that are staffed: strained services have vacancies of their own."""
    return service.places * (1.0 - town.p.partners[0].strain_gap * service.strain)


@rule
def stretch(town: Town, factor: int) -> float:
    """Return the families waiting or treated per place where the wait is the usual."""
    return 1.0 + town.p.chances[0].usual_wait[factor] / town.p.adult_services[0].stay


@rule
def demand_to_capacity(town: Town, service: Row) -> float:
    """Return this week's demand on a service to what it can do."""
    authority, kind = town.authority[0], service.kind
    if is_for_adults(service):
        usual = service.places * stretch(town, kind - Service.HOUSING_OFFICE)
        return (service.n_treated + service.n_waiting) / max(usual, 0.1)
    if kind == Service.FRONT_DOOR or kind == Service.SOCIAL_WORK_TEAM:
        return authority.load
    if kind == Service.COURT:
        return crowding(town)
    if kind == Service.EARLY_HELP_HUB:
        return authority.early_help_used / max(0.1, authority.early_help_places)
    return service.demand / service.capacity


@rule
def feel_the_load(town: Town, service: Row, week: int) -> None:
    """Load follows demand; where it stays beyond what the service can stand, the service buckles."""
    p = town.p.partners[0]
    service.load += p.smooths * (demand_to_capacity(town, service) - service.load)
    service.strain += p.strain_moves * (min(1.0, max(0.0, service.load - 1.0)) - service.strain)
    service.over_weeks = min(30000, service.over_weeks + 1) if service.load > p.buckles_above else 0
    if service.over_weeks == int(p.buckles_after):
        announce(town, week, Event.BUCKLED, AGENCY_OF[service.kind], 1)


@rule
def take_a_posture(town: Town, service: Row) -> None:
    """Load and fear make a service defensive; it takes a spell of calm to make it collaborative again."""
    p = town.p.partners[0]
    fear = town.authority[0].risk_aversion * service.readiness
    service.risk_aversion += p.fear_follows * (fear - service.risk_aversion)
    if service.load > p.defensive_above or service.risk_aversion > p.fearful_above:
        service.posture = Posture.DEFENSIVE
        service.calm_weeks = 0
        return
    service.calm_weeks = min(30000, service.calm_weeks + 1)
    if service.calm_weeks >= p.calm_weeks:
        service.posture = Posture.COLLABORATIVE


@rule
def add_procedure(town: Town, service: Row) -> None:
    """A defensive service adds procedure, with fear faster; a collaborative one slowly lets go of what it added."""
    p = town.p.partners[0]
    if service.posture == Posture.DEFENSIVE:
        fear = 1.0 + 2.0 * service.risk_aversion
        service.bureaucracy += p.bureaucracy_grows * (1.0 - service.bureaucracy) * fear
    else:
        service.bureaucracy -= p.bureaucracy_fades * max(0.0, service.bureaucracy - p.bureaucracy)


@rule
def set_threshold(town: Town, service: Row) -> None:
    """The level at which the service accepts: as written, less where thresholds or budgets are shared."""
    effects, levers, factor = town.p.effects[0], town.levers[0], service.kind - Service.HOUSING_OFFICE
    level = town.p.chances[0].accept_level[factor]
    level -= effects.door_accepts * levers.no_wrong_door + effects.pooled_accepts * levers.pooled_budget
    if service.posture == Posture.DEFENSIVE:
        level += town.p.partners[0].defensive_level
    service.accept_level = level


@rule
def fund(town: Town, service: Row) -> None:
    """Places come to fit demand while the past is lived; from then on they follow the budget, closing at once."""
    p, factor = town.p.adult_services[0], service.kind - Service.HOUSING_OFFICE
    cost = town.p.chances[0].place_cost[factor] * PENCE
    if town.authority[0].raids == 0:
        needed = (service.n_treated + service.n_waiting) / stretch(town, factor)
        service.places += p.fits * (needed - service.places)
        service.budget = float(round(service.places * cost))
    else:
        funded = service.budget / cost
        if funded < service.places:
            service.places = max(funded, min(service.places, float(service.n_treated)))
        else:
            service.places += (funded - service.places) / town.p.partners[0].reopens
    service.spent = float(round(service.places * cost))


@rule
def staff_up(town: Town, service: Row) -> None:
    """The hours of a service that gets in touch follow what comes upon it, over years."""
    p = town.p.partners[0]
    wanted = max(p.least_hours, p.headroom * service.demand)
    service.capacity += p.capacity_follows * (wanted - service.capacity)


@rule
def work_together(town: Town, service: Row) -> None:
    """Relationships grow with families in common under shared plans and thresholds, and go with those who leave."""
    p, effects, levers = town.p.partners[0], town.p.effects[0], town.levers[0]
    joint = effects.joint_relationship * levers.joint_response + effects.door_relationship * levers.no_wrong_door
    grows = p.relation_grows * service.rapport * joint if service.cases > 0.0 else 0.0
    falls = p.relation_falls * town.authority[0].turnover
    moved = service.relationship + grows * (1.0 - service.relationship) - falls * service.relationship
    service.relationship = max(0.02, min(0.98, moved))


@rule
def feel_turnover(town: Town, week: int) -> None:
    """Partners feel, a week later and smoothed, which share of social workers has left."""
    authority = town.authority[0]
    if week == authority.first_week:
        return
    last, permanent = totals(town, week - 1), 0.0
    for row in range(len(town.workers)):
        permanent += town.workers[row].fte
    authority.turnover += town.p.partners[0].turnover_follows * (last.leavers / permanent - authority.turnover)


@rule
def count_cases(town: Town) -> None:
    """Count, for each service, the families in its catchment with whom children's services work."""
    services, n_open = town.services, 0
    for row in range(len(services)):
        services[row].cases = 0.0
    for place in range(town.authority[0].n_known):
        family = town.families[town.known[place]]
        if is_open(family):
            services[family.school].cases += 1.0
            services[family.gp_practice].cases += 1.0
            services[family.police_team].cases += 1.0
            services[family.housing_office].cases += 1.0
            services[family.hub].cases += 1.0
            services[family.mental_health_service].cases += 1.0
            services[family.substance_service].cases += 1.0
            services[family.abuse_service].cases += 1.0
            n_open += 1
    for row in range(len(services)):
        if services[row].kind >= Service.FRONT_DOOR:
            services[row].cases = n_open


@rule
def one_week(town: Town, service: Row, week: int) -> None:
    """One week in the life of one service."""
    feel_the_load(town, service, week)
    take_a_posture(town, service)
    work_together(town, service)
    if is_for_adults(service):
        add_procedure(town, service)
        set_threshold(town, service)
        fund(town, service)
    else:
        staff_up(town, service)
    service.demand = 0.0


@rule
def count_service(town: Town, service: Row, week: int) -> None:
    """Count one service's week."""
    row, p = totals(town, week), town.p.partners[0]
    row.buckled += 1.0 if service.over_weeks >= p.buckles_after else 0.0
    row.defensive += 1.0 if service.posture == Posture.DEFENSIVE else 0.0
    row.relationship += service.relationship / len(town.services)
    if is_for_adults(service):
        factor = service.kind - Service.HOUSING_OFFICE
        row.waiting[factor] += service.n_waiting
        row.treated[factor] += service.n_treated
        row.adult_places[factor] += service.places
        row.spend_adult[factor] += service.spent


@rule
def run(town: Town, week: int) -> None:
    """Let every partner live its week."""
    feel_turnover(town, week)
    count_cases(town)
    for row in range(len(town.services)):
        one_week(town, town.services[row], week)
        count_service(town, town.services[row], week)
    attended = float(totals(town, week).events[Event.ATTENDED, Agency.POLICE])
    price = town.p.partners[0].attended_hours * town.p.money[0].partner_hour
    totals(town, week).spend_police = float(round(attended * price * PENCE))


@rule
def shares(town: Town, row: int) -> float:
    """Return what a service shares of what it knows: as far as the relationship carries, less when defensive."""
    service = town.services[row]
    if service.posture == Posture.DEFENSIVE:
        return service.relationship * town.p.partners[0].defensive_sharing
    return service.relationship


@rule
def wary(town: Town, row: int) -> float:
    """Return how much more a service gets in touch because it is on the defensive."""
    return town.p.partners[0].defensive_contacts if town.services[row].posture == Posture.DEFENSIVE else 1.0
