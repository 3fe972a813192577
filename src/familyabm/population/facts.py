"""What an area's published figures and the registers of numbers come to, as rules read them."""

import math

from familyabm import areas
from familyabm.areas import Area
from familyabm.codes import Factor
from familyabm.parameters import Parameters
from familyabm.population.carers import carers_for
from familyabm.population.places import NATIONAL_SPREAD
from familyabm.tables import CHANCES, FACTS, Table, empty
from familyabm.town import NUMBERS

NAMES = ("housing", "mental", "substance", "abuse")
"""Adults' risk factors as the registers name them."""
SPREAD_BETWEEN_AUTHORITIES = 8.0
"""Standard deviation of authorities' average deprivation scores (MHCLG, Indices of Deprivation 2019)."""


def ratio(own: float, typical: float, low: float, high: float) -> float:
    """Return an area's figure to England's, kept within bounds."""
    return max(low, min(high, own / typical)) if typical > 0.0 else 1.0


def facts_of(area: Area, parameters: Parameters, scale: float) -> Table:
    """Turn an area's published figures into what rules read, at this scale."""
    table, typical = empty(FACTS, 1), areas.england()
    row = table[0]
    row.children = area.children_0_17 * scale
    row.whole = area.children_0_17
    row.standing = math.log(max(1.0, area.imd2019_score) / typical.imd2019_score) / NATIONAL_SPREAD
    row.deprivation = (area.imd2019_score - typical.imd2019_score) / SPREAD_BETWEEN_AUTHORITIES
    row.ten_thousands = row.children / 10_000.0
    row.screeners = parameters["front_door.workers_per_10k"] * row.ten_thousands
    row.in_house_places = area.foster_places * scale * parameters["placements.usable"]
    row.carers = float(carers_for(row.in_house_places, parameters))
    alone = area.uasc_31_march / area.children_0_17 * 10_000.0
    row.arriving_alone = alone / parameters["edge_of_care.alone_stay"]
    row.agency_places = row.in_house_places * parameters["placements.agency_places"]
    row.homes_places = parameters["placements.homes_places"] * row.ten_thousands
    row.foster_cost = area.foster_cost_gbp_per_week
    row.homes_cost = area.residential_cost_gbp_per_week
    row.need_onset = staffed(area, typical, parameters) ** parameters["circumstances.need_by_staffing"]
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


def staffed(area: Area, typical: Area, parameters: Parameters) -> float:
    """Return an area's social workers for each child, to what its deprivation foretells: staffing follows need.

    What tells of need is what an authority has, as published; workers that a study adds bring no need with them.
    Agency workers count, for authorities that cannot appoint do not have less need.
    """
    area = areas.as_published(area)
    own, usual = (_workers(place) / place.children_0_17 for place in (area, typical))
    poorer = ratio(area.imd2019_score, typical.imd2019_score, 0.1, 10.0)
    foretold = poorer ** parameters["circumstances.staffing_by_deprivation"]
    return ratio(own, usual * foretold, 0.4, 2.5)


def _workers(area: Area) -> float:
    """Return an area's social workers, its own and from agencies, full-time equivalent."""
    return area.social_workers_fte * 100.0 / max(1.0, 100.0 - area.agency_pct)


def source_mix(area: Area, typical: Area, exponent: float) -> list[float]:
    """Return the area's multiplier on contacts from each of the seven sources."""
    fields = ("police", "schools", "health", "housing", "la_services", "individual", "individual")
    return [
        ratio(getattr(area, f"source_{name}_pct"), getattr(typical, f"source_{name}_pct"), 0.4, 2.5) ** exponent
        for name in fields
    ]


def chances(parameters: Parameters, facts: Table) -> Table:
    """Lay the parameters of adults' risk factors out by factor, level and decile."""
    table = empty(CHANCES, 1)
    row = table[0]
    worse = parameters["circumstances.worse_by_deprivation"]
    own = parameters["circumstances.relative_deprivation"] * float(facts[0].standing)
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
            steep = row.by_deprivation[factor] * ((decile - 5.5) / 2.87 - own)
            row.decile_rise[factor, :, decile] = [math.exp(steep), math.exp(worse * steep), math.exp(worse * steep)]
    row.rise[:, 0] *= facts[0].need_onset
    row.rise[Factor.MENTAL_HEALTH, 0] *= facts[0].mental_onset
    row.rise[Factor.HOUSING, 0] *= facts[0].housing_onset
    row.most_rise = math.exp(
        parameters["circumstances.coupling_ceiling"] + parameters["circumstances.prevention_on_onset"]
    ) * max(1.0, parameters["adult_services.relapse"])
    reach = parameters["circumstances.help_base"] + parameters["effects.joint_help"]
    row.most_ease = math.exp(
        2.0 * reach * parameters["circumstances.help_on_recovery"] + parameters["circumstances.recovery_by_network"]
        + (1.6 + abs(own)) * parameters["circumstances.recovery_by_deprivation"]
        + parameters["adult_services.on_recovery"]
    )  # fmt: skip
    slower = parameters["circumstances.recovery_by_deprivation"]
    row.decile_ease[:] = [-slower * ((decile - 5.5) / 2.87 - own) for decile in range(11)]
    return table


def numbers_of(parameters: Parameters, facts: Table) -> dict[str, Table]:
    """Return the parameters as rules read them, group by group."""
    groups = {name: parameters.record(name) for name in NUMBERS if name != "chances"}
    return groups | {"chances": chances(parameters, facts)}
