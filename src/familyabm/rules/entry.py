"""P15, first half: a child becomes looked after and is found a place to live."""

from familyabm.codes import NEVER, NOBODY, Agency, Event, Fate, Legal, Placement, Tally
from familyabm.compiled import rule
from familyabm.journal import count, demand, note_child, totals
from familyabm.luck import Block, four
from familyabm.rules.carers import describe, find_carer, fit, foster_capacity, give_up, homes_there, take_in
from familyabm.rules.coding import of_entry
from familyabm.rules.common import YEAR
from familyabm.rules.ground_truth import check_entry
from familyabm.tables import Row
from familyabm.town import Town

TEENAGER = 11 * YEAR
SIXTEEN = 16 * YEAR


@rule
def fostering_available(used: float, places: float, full: float) -> bool:
    """Tell whether a usable foster place is vacant; not every vacancy suits a child."""
    return used < places * full


@rule
def family_place(town: Town, family: Row, child: Row, week: int) -> int:
    """Find a family to live with: the authority's own foster carers, then independent ones, then whatever is left."""
    authority = town.authority[0]
    own, agency = foster_capacity(town)
    if authority.in_house_used < own and find_carer(town, family, child, week) != NOBODY:
        return Placement.IN_HOUSE_FOSTER
    if fostering_available(authority.agency_used, agency, town.p.placements[0].foster_full):
        return Placement.AGENCY_FOSTER
    return home_place(town)


@rule
def home_place(town: Town) -> int:
    """Find a place in a children's home; when none can be bought, an unregistered one in a crisis."""
    authority = town.authority[0]
    if authority.homes_used < 1.5 * homes_there(town):
        return Placement.CHILDRENS_HOME
    return Placement.CRISIS


@rule
def choose_place(town: Town, family: Row, child: Row, week: int) -> int:
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
    return family_place(town, family, child, week)


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
def leave_place(town: Town, child: Row) -> None:
    """A child leaves where it lives: the place, and the foster household if it lived with one, are free again."""
    count_place(town, child.placement, -1.0)
    give_up(town, child)


@rule
def crowding(town: Town, placement: int) -> float:
    """Return how much fuller bought places of this kind are than leaves a choice."""
    authority, facts, least = town.authority[0], town.facts[0], town.p.carers[0].crowded_above
    if placement == Placement.AGENCY_FOSTER:
        return max(0.0, authority.agency_used / max(1.0, facts.agency_places * authority.agency_supply) - least)
    if placement == Placement.CHILDRENS_HOME:
        return max(0.0, authority.homes_used / max(1.0, homes_there(town)) - least)
    return 0.0


@rule
def match_found(town: Town, family: Row, child: Row, week: int) -> float:
    """Return how well child and placement match: needs-led placing does better than taking what is vacant.

    Among the authority's own foster carers it acts in the choice of the household, and the match is what that fits.
    """
    p, carers = town.p.placements[0], town.p.carers[0]
    found = p.match_base + 0.12 + 0.4 * (four(town.luck, child.key, week, Block.PLACEMENT)[3] - 0.5)
    if child.carer != NOBODY:
        found += carers.fit_weight * (fit(town, family, child, week, town.carers[child.carer]) - carers.usual_fit)
    else:
        found += town.p.effects[0].pooled_match * town.levers[0].pooled_budget
        found -= carers.crowded_match * crowding(town, child.placement)
    return min(1.0, max(0.1, found))


@rule
def place(town: Town, family: Row, child: Row, week: int, placement: int) -> None:
    """Move a child to a placement."""
    carer = find_carer(town, family, child, week) if placement == Placement.IN_HOUSE_FOSTER else NOBODY
    leave_place(town, child)
    count_place(town, placement, 1.0)
    child.placement = placement
    child.placed = week
    child.joint_funded = 0
    if carer != NOBODY:
        take_in(town, family, child, carer)
    with_parents = placement == Placement.WITH_PARENTS
    child.match = 1.0 if with_parents else match_found(town, family, child, week)
    describe(town, family, child, week)
    child.moves = min(100, child.moves + 1)
    note_child(town, week, family, Event.PLACED, Agency.SOCIAL_CARE, child)


@rule
def count_return(town: Town, child: Row, week: int) -> None:
    """Count a child back in care by the time since it went home."""
    row, since = totals(town, week), week - child.came_home
    row.home_again_1 += 1.0 if since <= YEAR else 0.0
    row.home_again_2 += 1.0 if since <= 2 * YEAR else 0.0
    row.home_again_5 += 1.0 if since <= 5 * YEAR else 0.0


@rule
def meet_fate(town: Town, family: Row, child: Row, week: int) -> None:
    """Record an entry to care that no service could have prevented; some children arrive alone, without parents."""
    totals(town, week).unpreventable += 1.0
    if child.fate == Fate.ALONE:
        note_child(town, week, family, Event.ARRIVED_ALONE, Agency.SOCIAL_CARE, child)


@rule
def enter_care(town: Town, family: Row, child: Row, week: int, legal_status: int) -> None:
    """A child becomes looked after; where it lives is found before the week is out."""
    code = of_entry(town, family, week, child.came_home)
    demand(town, week, family, Event.CARE_STARTED, Agency.SOCIAL_CARE, 1, code, town.p.demand[0].move, child.key)
    count(town, family, Tally.CARE_ENTRIES, 1.0)
    if child.care_began != NEVER:
        note_child(town, week, family, Event.CARE_AGAIN, Agency.SOCIAL_CARE, child)
        count_return(town, child, week)
    if child.fated == week:
        meet_fate(town, family, child, week)
    check_entry(town, family, child, week)
    if child.legal_status == Legal.CHILD_PROTECTION_PLAN:
        note_child(town, week, family, Event.PLAN_ENDED, Agency.SOCIAL_CARE, child)
        child.plan_ended = week
    child.legal_status = legal_status
    child.since = week
    child.care_began = week
    child.adopting = NEVER
    child.moves = 0
    family.n_away += 1
    child.placement = Placement.BEING_PLACED
