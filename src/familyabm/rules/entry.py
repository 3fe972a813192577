"""P15, first half: a child becomes looked after and is found a place to live."""

import numpy as np

from familyabm.codes import NEVER, Agency, Event, Legal, Outside, Placement, Tally
from familyabm.compiled import rule
from familyabm.journal import count, demand, note_child
from familyabm.luck import Block, four
from familyabm.rules.coding import of_entry
from familyabm.rules.common import YEAR
from familyabm.rules.ground_truth import check_entry
from familyabm.rules.outside import outside_now
from familyabm.tables import Row
from familyabm.town import Town

TEENAGER = 11 * YEAR
SIXTEEN = 16 * YEAR


@rule
def fostering_available(used: float, places: float, full: float) -> bool:
    """Tell whether a usable foster place is vacant; not every vacancy suits a child."""
    return used < places * full


@rule
def family_place(town: Town) -> int:
    """Find a family to live with: the authority's own foster carers, then independent ones, then whatever is left."""
    authority, facts, p = town.authority[0], town.facts[0], town.p.placements[0]
    left = outside_now(town, Outside.FOSTER_PLACES)
    if fostering_available(authority.in_house_used, facts.in_house_places * left, p.foster_full):
        return Placement.IN_HOUSE_FOSTER
    if fostering_available(authority.agency_used, facts.agency_places * left, p.foster_full):
        return Placement.AGENCY_FOSTER
    return home_place(town)


@rule
def home_place(town: Town) -> int:
    """Find a place in a children's home; when none can be bought, an unregistered one in a crisis."""
    if town.authority[0].homes_used < 1.5 * town.facts[0].homes_places:
        return Placement.CHILDRENS_HOME
    return Placement.CRISIS


@rule
def choose_place(town: Town, child: Row, week: int) -> int:
    """Choose where a child will live."""
    p, age = town.p.placements[0], week - child.born
    kin, older, homely, _ = four(town.luck, child.key, week, Block.PLACEMENT)
    likely = p.kinship + town.p.effects[0].joint_kinship * town.levers[0].joint_response
    if age >= SIXTEEN and older < p.supported:
        return Placement.SUPPORTED
    if kin < likely:
        return Placement.KINSHIP_FOSTER
    if age >= TEENAGER and homely < p.teenager_home:
        return home_place(town)
    return family_place(town)


@rule
def count_place(town: Town, placement: int, change: float) -> None:
    """Keep count of places in use."""
    authority = town.authority[0]
    if placement == Placement.IN_HOUSE_FOSTER:
        authority.in_house_used += change
    elif placement == Placement.AGENCY_FOSTER:
        authority.agency_used += change
    elif placement == Placement.CHILDRENS_HOME:
        authority.homes_used += change


@rule
def match_found(town: Town, child: Row, week: int) -> float:
    """Return how well child and carer match: needs-led placing does better than taking what is vacant."""
    p = town.p.placements[0]
    chance = four(town.luck, child.key, week, Block.PLACEMENT)[3]
    base = p.match_base + town.p.effects[0].pooled_match * town.levers[0].pooled_budget
    return min(1.0, max(0.1, base + 0.4 * (chance - 0.5) + 0.12))


@rule
def place(town: Town, family: Row, child: Row, week: int, placement: int) -> None:
    """Move a child to a placement."""
    count_place(town, child.placement, -1.0)
    count_place(town, placement, 1.0)
    child.placement = placement
    child.placed = week
    child.joint_funded = 0
    with_parents = placement == Placement.WITH_PARENTS
    child.match = np.float32(1.0 if with_parents else match_found(town, child, week))
    child.moves = min(100, child.moves + 1)
    note_child(town, week, family, Event.PLACED, Agency.SOCIAL_CARE, child)


@rule
def enter_care(town: Town, family: Row, child: Row, week: int, legal_status: int) -> None:
    """A child becomes looked after; where it lives is found before the week is out."""
    code = of_entry(town, family, week, child.came_home)
    demand(town, week, family, Event.CARE_STARTED, Agency.SOCIAL_CARE, 1, code, town.p.demand[0].move, child.key)
    count(town, family, Tally.CARE_ENTRIES, 1.0)
    if child.came_home != NEVER:
        note_child(town, week, family, Event.CARE_AGAIN, Agency.SOCIAL_CARE, child)
    check_entry(town, family, child, week)
    if child.legal_status == Legal.CHILD_PROTECTION_PLAN:
        note_child(town, week, family, Event.PLAN_ENDED, Agency.SOCIAL_CARE, child)
        child.plan_ended = week
    child.legal_status = legal_status
    child.since = week
    child.care_began = week
    child.moves = 0
    family.n_away += 1
    child.placement = Placement.BEING_PLACED
