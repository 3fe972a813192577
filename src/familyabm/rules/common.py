"""Small words that several rules use: ages, who is at home, thresholds in practice."""

import math

from familyabm.codes import Event, Legal, Placement, Status
from familyabm.compiled import fetch, rule, rule_within
from familyabm.luck import HAND, as_chance, deal
from familyabm.rules.outside import policy_shift
from familyabm.tables import ADULTHOOD, Row
from familyabm.town import Town

FACTORS = 4
YEAR = 52
AHEAD = 8
"""Places between the family that is looked at and those that are fetched: about as long as memory takes."""


@rule
def family_luck(town: Town, row: int, lane: int) -> float:
    """Return one of the four numbers dealt to a family this week."""
    return as_chance(town.family_hand[lane * len(town.families) + row])


@rule
def adult_luck(town: Town, row: int, lane: int) -> float:
    """Return one of the four numbers dealt to an adult this week: adults get the one hand and the other in turn."""
    hand = 4 * (row // HAND % 2) + lane
    return as_chance(town.hands[hand * HAND + row % HAND])


@rule
def deal_awake(town: Town, week: int, place: int, block: int) -> None:
    """Deal a hand of awake families one block of the week's luck, if the one in this place is the first of them."""
    if place % HAND == 0:
        for later in range(min(HAND, town.authority[0].n_awake - place)):
            town.hand_keys[later] = town.families[town.awake[place + later]].key
        deal(town.hands[: 4 * HAND], town.hand_keys, town.luck, week, block)


@rule_within
def dealt(town: Town, place: int) -> tuple[float, float, float, float]:
    """Return the four numbers dealt to the awake family in this place."""
    at = place % HAND
    return (
        as_chance(town.hands[at]),
        as_chance(town.hands[HAND + at]),
        as_chance(town.hands[2 * HAND + at]),
        as_chance(town.hands[3 * HAND + at]),
    )


@rule
def fetch_ahead(town: Town, place: int) -> None:
    """While one awake family is looked at, fetch those a few places on: first itself, then its eldest children."""
    last = town.authority[0].n_awake - 1
    fetch(town.families, town.awake[min(place + 2 * AHEAD, last)], 2)
    fetch(town.children, town.families[town.awake[min(place + AHEAD, last)]].first_child, 4)


@rule
def saturating(x: float, ceiling: float) -> float:
    """Return x when small, never more than the ceiling."""
    return ceiling * (1.0 - math.exp(-x / ceiling))


@rule
def chance(rate: float) -> float:
    """Turn a weekly rate into the chance that it happens within the week."""
    return 1.0 - math.exp(-rate)


@rule
def happens(rate: float, drawn: float) -> bool:
    """Tell whether luck lets what has this weekly rate happen; its chance, never more than that, is seldom needed."""
    return drawn < rate and drawn < chance(rate)


@rule
def is_child(child: Row, week: int) -> bool:
    """Tell whether the child is born and not yet 18."""
    return 0 <= week - child.born < ADULTHOOD


@rule
def looked_after(child: Row) -> bool:
    """Tell whether the child is looked after by the authority."""
    return Legal.SECTION_20 <= child.legal_status <= Legal.PLACEMENT_ORDER


@rule
def lives_at_home(child: Row, week: int) -> bool:
    """Tell whether the child is a child and lives with this family."""
    return is_child(child, week) and child.placement == Placement.HOME


@rule
def children_at_home(town: Town, family: Row, week: int) -> int:
    """Count the family's children who live at home."""
    found = 0
    for row in range(family.first_child, family.first_child + family.n_children):
        if lives_at_home(town.children[row], week):
            found += 1
    return found


@rule
def ages_at_home(town: Town, family: Row, week: int) -> tuple[bool, bool]:
    """Tell whether a child at home is of school age, and whether one is under five."""
    school, small = False, False
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        years = (week - child.born) / YEAR
        if lives_at_home(child, week):
            school = school or years >= 5.0
            small = small or years < 5.0
    return school, small


@rule
def is_open(family: Row) -> bool:
    """Tell whether anybody is working with, waiting for or deciding about the family."""
    return family.status != Status.UNIVERSAL and family.status != Status.CLOSED


@rule
def has_social_worker(family: Row) -> bool:
    """Tell whether the case is with social workers: referral to proceedings."""
    return Status.REFERRAL <= family.status <= Status.PROCEEDINGS


@rule
def deprivation(decile: int) -> float:
    """Return the neighbourhood's deprivation in standard deviations from the middle decile."""
    return (decile - 5.5) / 2.87


@rule
def harm_from(town: Town, strain: float) -> float:
    """Return the share of full harm that a level of strain leads to, before shelter and age."""
    p = town.p.harm[0]
    return 1.0 - math.exp(-((strain / p.strain_scale) ** p.strain_shape)) if strain > 0.0 else 0.0


@rule
def strain_of(town: Town, housing: int, mental: int, substance: int, abuse: int) -> float:
    """Add up the strain that four factors put on a family; factors that meet weigh more."""
    weight = town.p.chances[0].weight
    alone = weight[0] * housing + weight[1] * mental + weight[2] * substance + weight[3] * abuse
    pairs = (
        housing * (mental + substance + abuse) + mental * (substance + abuse) + substance * abuse
    ) / 3.0  # fmt: skip
    return alone + town.p.harm[0].together * pairs


@rule
def police_rate(town: Town, substance: int, abuse: int) -> float:
    """Return the rate at which police are called to a home with these levels, before their own readiness."""
    p = town.p.noticing[0]
    rate = p.police_substance * substance
    if abuse > 0:
        rate += p.police_abuse * abuse**p.police_abuse_shape
    return rate


@rule
def trouble_of(town: Town, family: Row) -> Row:
    """Return what the family's levels of the four factors come to, worked out when they are first met with in a run."""
    level = family.level
    trouble = town.troubles[64 * int(level[0]) + 16 * int(level[1]) + 4 * int(level[2]) + int(level[3])]
    if trouble.met == 0:
        trouble.strain = strain_of(town, level[0], level[1], level[2], level[3])
        trouble.felt = harm_from(town, trouble.strain)
        trouble.police = police_rate(town, level[2], level[3])
        trouble.met = 1
    return trouble


@rule
def pressure(town: Town) -> float:
    """Return how far load is above the usual, within the bounds of what practice will bend."""
    p = town.p.front_door[0]
    return max(p.ration_floor, min(p.ration_ceiling, town.authority[0].load - p.usual_load))


@rule
def rationing(town: Town) -> float:
    """Return how far thresholds have drifted: up under load, down where there is time to spare."""
    return town.p.front_door[0].ration * pressure(town) + policy_shift(town)


@rule
def closed_early(town: Town) -> float:
    """Return by how much likelier a case is closed before its time where load is above the usual: they come back."""
    return town.p.plans[0].close_early * max(0.0, pressure(town))


@rule
def go_to(family: Row, status: int, week: int) -> None:
    """Move the case to another status; the count of reviews starts again."""
    family.status = status
    family.since = week
    family.n_reviews = 0


@rule
def set_legal(child: Row, status: int, week: int) -> None:
    """Give the child another legal status."""
    if child.legal_status == Legal.CHILD_PROTECTION_PLAN and status != Legal.CHILD_PROTECTION_PLAN:
        child.plan_ended = week
    child.legal_status = status
    child.since = week


@rule
def let_go(family: Row, week: int) -> None:
    """End the spell with services: nobody leads, nobody helps."""
    go_to(family, Status.CLOSED, week)
    family.lead = 0
    family.plan_fits = 0
    family.help = 0.0
    if family.n_away == 0:
        family.worker = -1


CARE_ENDED = (
    Event.CARE_ENDED_HOME, Event.CARE_ENDED_GUARDIAN, Event.CARE_ENDED_ADOPTED, Event.CARE_ENDED_ARRANGEMENTS,
    Event.CARE_ENDED_EIGHTEEN, Event.CARE_ENDED_OTHER,
)  # fmt: skip
