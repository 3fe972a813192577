"""Synthesise the families, neighbourhoods, workers and services of an area, at any scale and in proportion."""

import math

import numpy as np
from numpy.typing import NDArray

from familyabm import areas, network
from familyabm.areas import Area
from familyabm.codes import NEVER, Carer, Clock, Factor, Grade, Service, Status, Tally, Worker
from familyabm.luck import Block, fate_of, philox
from familyabm.newcomers import (
    CARER_KEY,
    NEIGHBOURHOOD_KEY,
    POST_KEY,
    SERVICE_KEY,
    WORKER_KEY,
    key_of,
    settle_all,
)
from familyabm.parameters import Parameters
from familyabm.shocks import quiet
from familyabm.tables import (
    ADULT,
    ADULTHOOD,
    AUTHORITY,
    CARER,
    CHANCES,
    CHILD,
    CLOCK,
    FACTS,
    FAMILY,
    INCIDENT,
    LEVERS,
    MONEY,
    NEIGHBOURHOOD,
    NOTE,
    RECOMMENDATION,
    RECORD,
    SERVICE,
    TEAM,
    WEEK,
    WORKER,
    Row,
    Table,
    empty,
)
from familyabm.town import NUMBERS, Town

NAMES = ("housing", "mental", "substance", "abuse")
NEIGHBOURHOODS_PER = {
    Service.SCHOOL: 1.2, Service.GP_PRACTICE: 5.0, Service.POLICE_TEAM: 20.0, Service.HOUSING_OFFICE: 40.0,
    Service.ADULT_MENTAL_HEALTH: 60.0, Service.SUBSTANCE_MISUSE: 60.0, Service.DOMESTIC_ABUSE: 60.0,
    Service.EARLY_HELP_HUB: 40.0,
}  # fmt: skip
"""How many neighbourhoods one service of each kind serves (a school of about 400 pupils, a practice of about 9,500)."""
NATIONAL_MEDIAN, NATIONAL_SPREAD = 2.90, 0.65
"""Log of neighbourhoods' deprivation scores in England (MHCLG, Indices of Deprivation 2019): median and spread."""

SPREAD_BETWEEN_AUTHORITIES = 8.0
"""Standard deviation of authorities' average deprivation scores (MHCLG, Indices of Deprivation 2019)."""


def uniforms(fate: NDArray[np.uint64], keys: NDArray[np.uint64], block: int) -> NDArray[np.float64]:
    """Return the (n, 4) addressed uniform numbers of n keys at week 0 in one block."""
    rows = [
        philox(key & np.uint64(0xFFFFFFFF), key >> np.uint64(32), np.uint64(0), np.uint64(block), *fate) for key in keys
    ]
    return (np.array(rows, dtype=np.float64).reshape(-1, 4) + 0.5) * 2.0**-32


def bells(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n,) standard normal numbers from the first two columns of (n, 4) uniforms."""
    return np.array([math.sqrt(-2.0 * math.log(a)) * math.cos(2.0 * math.pi * b) for a, b in u[:, :2]])


def keys_of(kind: int, n: int) -> NDArray[np.uint64]:
    """Return the keys of n agents of a kind."""
    return np.array([key_of(kind, number, 0) for number in range(n)], dtype=np.uint64)


def family_sizes(parameters: Parameters) -> NDArray[np.float64]:
    """Return the (6,) shares of families by the number of children they ever have."""
    words = ("one_child", "two_children", "three_children", "four_children", "five_children")
    shares = [parameters[f"population.{word}"] for word in words]
    return np.array([*shares, max(0.0, 1.0 - sum(shares))]) / max(1.0, sum(shares))


def homes_for(children: float, parameters: Parameters) -> int:
    """Return the number of homes in which that many children live at any time."""
    gap = 52.0 * parameters["population.years_between_births"]
    stay = np.array([n * 936.0 / (936.0 + (n - 1) * gap) for n in range(1, 7)])
    return max(1, round(children / float(family_sizes(parameters) @ stay)))


def chances(parameters: Parameters, facts: Table) -> Table:
    """Lay the parameters of adults' risk factors out by factor, level and decile."""
    table = empty(CHANCES, 1)
    row = table[0]
    for factor, name in enumerate(NAMES):
        get = f"circumstances.{name}_"
        row.rise[factor] = [parameters[get + word] for word in ("onset", "worse", "crisis")]
        row.ease[factor] = [0.0, *(parameters[f"{get}ease_{level}"] for level in (1, 2, 3))]
        row.weight[factor] = parameters[f"harm.{name}_weight"]
        row.accept_level[factor] = parameters[f"adult_services.{name}_level"]
        row.usual_wait[factor] = parameters[f"adult_services.{name}_wait"]
        row.place_cost[factor] = parameters[f"adult_services.{name}_cost"]
        row.council_share[factor] = parameters[f"adult_services.{name}_council"]
        row.by_deprivation[factor] = parameters[get + "by_deprivation"]
        for other, other_name in enumerate(NAMES):
            if other != factor:
                row.coupling[factor, other] = parameters[f"{get}to_{other_name}"]
        for decile in range(11):
            row.decile_rise[factor, decile] = math.exp(row.by_deprivation[factor] * (decile - 5.5) / 2.87)
    row.rise[Factor.MENTAL_HEALTH, 0] *= facts[0].mental_onset
    row.rise[Factor.HOUSING, 0] *= facts[0].housing_onset
    row.most_contact = float(facts[0].source.max()) * (1.0 + parameters["effects.sharing_noticed"])
    row.most_rise = math.exp(
        parameters["circumstances.coupling_ceiling"] + parameters["circumstances.prevention_on_onset"]
    ) * max(1.0, parameters["adult_services.relapse"])
    reach = parameters["circumstances.help_base"] + parameters["effects.joint_help"]
    row.most_ease = math.exp(
        2.0 * reach * parameters["circumstances.help_on_recovery"] + parameters["circumstances.recovery_by_network"]
        + 2.0 * parameters["circumstances.recovery_by_deprivation"] + parameters["adult_services.on_recovery"]
    )  # fmt: skip
    slower = parameters["circumstances.recovery_by_deprivation"]
    row.decile_ease[:] = [-slower * (decile - 5.5) / 2.87 for decile in range(11)]
    return table


def ratio(own: float, typical: float, low: float, high: float) -> float:
    """Return an area's figure to England's, kept within bounds."""
    return max(low, min(high, own / typical)) if typical > 0.0 else 1.0


def facts_of(area: Area, parameters: Parameters, scale: float) -> Table:
    """Turn an area's published figures into what rules read, at this scale."""
    table, typical = empty(FACTS, 1), areas.england()
    row = table[0]
    row.children = area.children_0_17 * scale
    row.whole = area.children_0_17
    row.deprivation = (area.imd2019_score - typical.imd2019_score) / SPREAD_BETWEEN_AUTHORITIES
    row.ten_thousands = row.children / 10_000.0
    row.screeners = parameters["front_door.workers_per_10k"] * row.ten_thousands
    row.in_house_places = area.foster_places * scale * parameters["placements.usable"]
    row.carers = float(carers_for(row.in_house_places, parameters))
    alone = area.uasc_31_march / area.children_0_17 * 10_000.0
    row.arriving_alone = alone / parameters["edge_of_care.alone_stay"]
    row.agency_places = row.in_house_places * parameters["placements.agency_places"]
    row.homes_places = parameters["placements.homes_places"] * row.ten_thousands
    row.court_places = parameters["court.capacity"] * row.ten_thousands
    row.foster_cost = area.foster_cost_gbp_per_week
    row.homes_cost = area.residential_cost_gbp_per_week
    indicator = max(-2.0, min(2.0, area.mental_health_indicator))
    row.mental_onset = math.exp(parameters["circumstances.mental_by_area"] * indicator)
    homeless = ratio(area.homelessness_per_1000_households, typical.homelessness_per_1000_households, 0.2, 4.0)
    row.housing_onset = homeless ** parameters["circumstances.housing_by_area"]
    row.sickness = ratio(area.sickness_absence_pct, typical.sickness_absence_pct, 0.3, 2.5)
    row.turnover = ratio(area.turnover_pct, typical.turnover_pct, 0.3, 2.5)
    row.agency = ratio(area.agency_pct, typical.agency_pct, 0.1, 3.0)
    fills = ratio(area.turnover_pct + 1.0, area.vacancy_pct + 1.0, 0.1, 10.0)
    row.hiring = ratio(fills, (typical.turnover_pct + 1.0) / (typical.vacancy_pct + 1.0), 0.4, 3.0)
    early = area.spend_family_support_gbp + area.spend_sure_start_early_years_gbp + area.spend_young_people_gbp
    row.early_help_start = float(round(early * scale * 100.0 / 52.0))
    row.source[:] = source_mix(area, typical, parameters["noticing.area_shares"])
    return table


def source_mix(area: Area, typical: Area, exponent: float) -> list[float]:
    """Return the area's multiplier on contacts from each of the seven sources."""
    fields = ("police", "schools", "health", "housing", "la_services", "individual", "individual")
    return [
        ratio(getattr(area, f"source_{name}_pct"), getattr(typical, f"source_{name}_pct"), 0.4, 2.5) ** exponent
        for name in fields
    ]


def neighbourhoods_of(area: Area, parameters: Parameters, homes: int, fate: NDArray[np.uint64]) -> Table:
    """Spread deprivation over neighbourhoods around the area's own index, as national deciles."""
    n = max(1, round(homes / parameters["population.neighbourhood_families"]))
    table = empty(NEIGHBOURHOOD, n)
    table["key"] = keys_of(NEIGHBOURHOOD_KEY, n)
    spread = parameters["population.spread_of_deprivation"]
    places = (np.argsort(np.argsort(uniforms(fate, table["key"], Block.NEIGHBOURHOOD)[:, 0])) + 0.5) / n
    normal = np.sqrt(2.0) * _erfinv(2.0 * places - 1.0)
    logs = math.log(max(1.0, area.imd2019_score)) - spread**2 / 2.0 + spread * normal
    ranks = np.array([0.5 * (1.0 + math.erf((x - NATIONAL_MEDIAN) / NATIONAL_SPREAD / math.sqrt(2.0))) for x in logs])
    table["decile"] = np.clip(np.ceil(ranks * 10.0), 1, 10)
    return table


def _erfinv(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse error function, by Newton's method on math.erf."""
    y = np.zeros_like(x)
    for _ in range(60):
        error = np.array([math.erf(value) for value in y]) - x
        y = np.clip(y - error * math.sqrt(math.pi) / 2.0 * np.exp(y * y), -5.0, 5.0)
    return y


def services_of(parameters: Parameters, n_places: int, n_teams: int, fate: NDArray[np.uint64]) -> Table:
    """Found the services, kind by kind; those of which an area has one come last, in the order of their codes."""
    numbers = {kind: max(1, round(n_places / per)) for kind, per in NEIGHBOURHOODS_PER.items()}
    numbers |= {Service.FRONT_DOOR: 1, Service.SOCIAL_WORK_TEAM: n_teams, Service.COURT: 1}
    numbers |= dict.fromkeys((Service.HOSPITAL, Service.PROBATION, Service.VOLUNTARY_SECTOR, Service.HELPLINE), 1)
    table = empty(SERVICE, sum(numbers.values()))
    table["key"] = keys_of(SERVICE_KEY, len(table))
    table["kind"] = np.repeat([int(kind) for kind in numbers], list(numbers.values()))
    first = 0
    for number in numbers.values():
        table["neighbourhood"][first : first + number] = np.arange(number) * n_places // number
        first += number
    spread = parameters["noticing.service_spread"]
    traits = uniforms(fate, table["key"], Block.SERVICE_TRAITS)
    table["readiness"] = np.exp(spread * bells(traits) - spread**2 / 2.0)
    quality = parameters["noticing.relationship"] + parameters["noticing.relationship_spread"] * bells(traits[:, 2:])
    table["relationship"] = np.clip(quality, 0.02, 0.98)
    known = network.relationships(network.service_graph(table))
    for row, weight in known.items():
        table["relationship"][row] = weight
    table["rapport"] = table["relationship"] / parameters["noticing.relationship"]
    table["load"] = 1.0
    table["bureaucracy"] = parameters["partners.bureaucracy"]
    return table


def size_services(services: Table, families: Table, parameters: Parameters) -> None:
    """Count the families in each catchment, and give every service the places and hours that its past begins with."""
    for column in network.FAMILY_EDGES:
        services["n_families"] += np.bincount(families[column], minlength=len(services)).astype(np.int32)
    for_adults = (services["kind"] >= Service.HOUSING_OFFICE) & (services["kind"] <= Service.DOMESTIC_ABUSE)
    n_families = np.where(services["n_families"] > 0, services["n_families"], len(families))
    services["places"] = np.where(for_adults, parameters["adult_services.first_places"] / 1000.0 * n_families, 0.0)
    hours = np.maximum(parameters["partners.least_hours"], parameters["partners.first_hours"] * n_families)
    services["capacity"] = hours


def workers_of(area: Area, parameters: Parameters, scale: float, fate: NDArray[np.uint64]) -> Table:
    """Fill the case-holding posts: permanent, newly qualified and agency workers, and vacancies."""
    permanent = area.social_workers_fte * area.case_holders_pct / 100.0 * scale
    agency = area.social_workers_fte * scale * area.agency_pct / max(1.0, 100.0 - area.agency_pct)
    posts = max(permanent / max(0.3, 1.0 - area.vacancy_pct / 100.0), permanent + agency, 0.2)
    n = max(1, math.ceil(posts))
    table = empty(WORKER, n)
    table["fte"] = posts / n
    table["post"] = keys_of(POST_KEY, n)
    table["key"] = keys_of(WORKER_KEY, n)
    table["team"] = np.arange(n) * teams_for(n, parameters) // n
    kind = uniforms(fate, table["post"], Block.WORKER_TRAITS)
    order = (np.argsort(np.argsort(kind[:, 0])) + 0.5) / n
    held, lent = permanent / posts, (permanent + agency) / posts
    table["kind"] = np.select([order < held * 0.12, order < held, order < lent], [2, 1, 3], default=int(Worker.VACANT))
    years = -parameters["workforce.mean_experience"] * np.log(kind[:, 1])
    table["experience"] = np.where(table["kind"] == Worker.NEWLY_QUALIFIED, 0.5, years)
    table["stress"] = parameters["workforce.stress_base"]
    table["back"] = NEVER
    table["hours_met"] = 1.0
    return table


def carers_for(places: float, parameters: Parameters) -> int:
    """Return the number of foster households that have so many places between them, at least one."""
    one, two = parameters["carers.one_place"], parameters["carers.two_places"]
    return max(1, round(places / (one + 2.0 * two + 3.0 * max(0.0, 1.0 - one - two))))


def carers_of(parameters: Parameters, facts: Table, n_places: int, fate: NDArray[np.uint64]) -> Table:
    """Approve the foster households there are, with as many places as the authority has, and leave rows for others."""
    n = int(facts[0].carers)
    table = empty(CARER, math.ceil(1.3 * n) + 2)
    table["key"] = keys_of(CARER_KEY, len(table))
    u = uniforms(fate, table["key"], Block.CARER)
    one, two = parameters["carers.one_place"], parameters["carers.two_places"]
    order = (np.argsort(np.argsort(u[:n, 0])) + 0.5) / n
    table["places"][:n] = 1 + (order >= one) + (order >= one + two)
    table["band"] = (3.0 * u[:, 1]).astype(np.uint8)
    table["skill"] = parameters["carers.skill_least"] + parameters["carers.skill_spread"] * u[:, 2]
    table["neighbourhood"] = (u[:, 3] * n_places).astype(np.int32)
    table["state"][:n] = Carer.VACANT
    table["since"], table["approved"] = NEVER, NEVER
    return table


def teams_for(posts: int, parameters: Parameters) -> int:
    """Return the number of teams for that many posts."""
    return max(1, round(posts / parameters["workforce.posts_per_team"]))


def families_of(parameters: Parameters, homes: int, places: Table, services: Table, fate: NDArray[np.uint64]) -> Table:
    """Lay out the homes: size, neighbourhood and the services whose catchments they lie in."""
    from familyabm.newcomers import FAMILY_KEY  # the key of a home's first family is the home's own

    table = empty(FAMILY, homes)
    u = uniforms(fate, keys_of(FAMILY_KEY, homes), Block.HOME_TRAITS)
    bounds = np.cumsum(family_sizes(parameters))[:-1]
    table["n_children"] = 1 + np.searchsorted(bounds, u[:, 0])
    table["n_adults"] = np.where(u[:, 2] < parameters["population.third_adult"], 3, 2)
    table["first_child"] = np.concatenate([[0], np.cumsum(table["n_children"], dtype=np.int64)[:-1]])
    table["first_adult"] = np.concatenate([[0], np.cumsum(table["n_adults"], dtype=np.int64)[:-1]])
    table["neighbourhood"] = np.arange(homes, dtype=np.int64) * len(places) // homes
    table["deprivation_decile"] = places["decile"][table["neighbourhood"]]
    where = table["neighbourhood"].astype(np.int64)
    for column, kind in network.FAMILY_EDGES.items():
        rows = np.flatnonzero(services["kind"] == kind)
        table[column] = network.catchment(where, len(places), int(rows[0]), len(rows))
    schools = np.flatnonzero(services["kind"] == Service.SCHOOL)
    elsewhere = u[:, 3] >= parameters["population.school_own_catchment"]
    table["school"] = schools[(table["school"] - schools[0] + elsewhere) % len(schools)]
    return table


def numbers_of(parameters: Parameters, facts: Table) -> dict[str, Table]:
    """Return the parameters as rules read them, group by group."""
    groups = {name: parameters.record(name) for name in NUMBERS if name != "chances"}
    return groups | {"chances": chances(parameters, facts)}


def levers_at_base(parameters: Parameters) -> Table:
    """Return the one-row table of levers where a typical authority stands."""
    table = empty(LEVERS, 1)
    for name in LEVERS:
        table[name] = parameters[f"base.{name}"]
    return table


def build(area: Area, parameters: Parameters, scale: float, seed: int, weeks: int) -> Town:
    """Synthesise a town before anything has happened in it.

    scale: share of the authority, everything in proportion.  weeks: rows of the weekly table.
    """
    births = fate_of(seed, 0)
    facts = facts_of(area, parameters, scale)
    homes = homes_for(area.children_0_17 * scale, parameters)
    places = neighbourhoods_of(area, parameters, homes, births)
    workers = workers_of(area, parameters, scale, births)
    services = services_of(parameters, len(places), int(workers["team"].max()) + 1, births)
    families = families_of(parameters, homes, places, services, births)
    size_services(services, families, parameters)
    n_children, n_adults = int(families["n_children"].sum()), int(families["n_adults"].sum())
    town = Town(
        families=families, records=empty(RECORD, homes),
        adults=empty(ADULT, n_adults), children=empty(CHILD, n_children), workers=workers,
        teams=empty(TEAM, int(workers["team"].max()) + 1), services=services, neighbourhoods=places,
        carers=carers_of(parameters, facts, len(places), births),
        authority=_authority(parameters), facts=facts, money=empty(MONEY, 1), levers=levers_at_base(parameters),
        policy=levers_at_base(parameters), maturity=empty(LEVERS, 1), nudge=empty(LEVERS, 1),
        clocks=clocks_at(parameters), recommendations=empty(RECOMMENDATION, 256), incidents=empty(INCIDENT, 64),
        weekly=empty(WEEK, weeks),
        page=empty(NOTE, 0), tally=np.zeros((homes, len(Tally))), shocks=np.ones((weeks, 4)),
        source_shocks=np.ones((weeks, 7)), outside=quiet(weeks).outside, luck=births, births=births,
        family_keys=np.zeros(homes, np.uint64), adult_keys=np.zeros(n_adults, np.uint64),
        family_hand=np.zeros(4 * homes, np.uint32), adult_hand=np.zeros(4 * n_adults, np.uint32),
        awake=np.zeros(homes, np.int32), queue=np.zeros(homes, np.int32), rank=np.zeros(homes),
        waiting=np.zeros(4 * homes, np.int32), waiting_rank=np.zeros(4 * homes),
        p=numbers_of(parameters, facts),
    )  # fmt: skip
    settle_all(town)
    town.authority[0].children = count_of_children(town)
    town.authority[0].decile_children = children_by_decile(town)
    _open_accounts(town, parameters)
    assert int(families["status"].max()) == Status.UNIVERSAL
    return town


def count_of_children(town: Town) -> int:
    """Count the children as the first week begins, those who turn 18 in it among them."""
    born = town.children["born"]
    return int(((born < 0) & (born >= -ADULTHOOD)).sum())


def children_by_decile(town: Town) -> NDArray[np.int64]:
    """Count the same children by their neighbourhood's deprivation decile, 0 to 10 (0 is never used)."""
    born = town.children["born"]
    decile = town.families["deprivation_decile"][town.children["family"]]
    return np.bincount(decile[(born < 0) & (born >= -ADULTHOOD)], minlength=11).astype(np.int64)


def clocks_at(parameters: Parameters) -> Table:
    """Return the statutory clocks with what law and guidance lay down, taken to be kept at first."""
    table = empty(CLOCK, len(Clock))
    table["policy"] = [parameters[f"clocks.{clock.name.lower()}"] for clock in Clock]
    table["practice"], table["kept"] = table["policy"], parameters["clocks.usually_kept"]
    return table


def _conditions(row: Row, parameters: Parameters) -> None:
    """Set what the authority is like to work in where a typical one has settled."""
    row.risk_aversion = parameters["environment.usual_risk_aversion"]
    row.discuss_range = parameters["discussing.usual_range"]
    row.discuss_ease = parameters["discussing.usual_ease"]
    row.acting = parameters["discussing.usual_acting"]
    row.practice_quality = parameters["learning.usual_quality"]
    row.trained = parameters["learning.usual_trained"]
    row.evaluation = parameters["learning.usual_evaluation"]
    row.systems_power = 1.0
    row.criticism = parameters["environment.usual_criticism"]
    row.nerve = parameters["environment.usual_nerve"]
    row.stability = parameters["environment.usual_stability"]
    row.grade = Grade.GOOD
    row.inspected = NEVER
    row.next_visit = NEVER
    row.next_inspection = NEVER
    row.seen_again = parameters["inspection.usual_again"]
    row.seen_undone = parameters["inspection.usual_undone"]


def _authority(parameters: Parameters) -> Table:
    """Return the authority at the start of its past."""
    table = empty(AUTHORITY, 1)
    row = table[0]
    row.load = 1.0
    row.bureaucracy = parameters["hours.bureaucracy"]
    row.prevention = 1.0
    row.hardship = 1.0
    row.agency_supply = row.homes_supply = row.agency_price = row.homes_price = 1.0
    row.frozen = 1.0
    row.stress = parameters["workforce.stress_base"]
    row.direct_share = parameters["hours.direct"]
    row.reflection = parameters["hours.reflection"]
    _conditions(row, parameters)
    return table


def _open_accounts(town: Town, parameters: Parameters) -> None:
    """Set the early help budget and the places that it pays for."""
    money = town.money[0]
    money.early_help_budget = town.facts[0].early_help_start
    money.early_help_base = max(1.0, town.facts[0].early_help_start)
    money.scarcity = 1.0
    money.funded = 1.0
    funded = money.early_help_budget / 100.0 * parameters["early_help.targeted_share"]
    town.authority[0].early_help_places = funded / parameters["early_help.place_cost"]
