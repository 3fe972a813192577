"""P15: the edge of care, placements that hold or break down, and step-down from residential care."""

from familyabm.codes import Agency, Event, Failure, Legal, Placement, Status
from familyabm.compiled import rule
from familyabm.journal import demand
from familyabm.luck import Block, four, luck
from familyabm.rules import carers
from familyabm.rules.common import YEAR, chance, is_child, lives_at_home, looked_after
from familyabm.rules.crisis import edge_rate
from familyabm.rules.entry import (
    TEENAGER,
    choose_place,
    enter_care,
    home_place,
    place,
)
from familyabm.rules.leaving_care import may_come_back, may_leave
from familyabm.rules.needs_led import step_down_to_family
from familyabm.rules.panel_requests import ask_for_care, ask_for_step_down, held_up
from familyabm.tables import Row
from familyabm.town import Town


@rule
def known_to_social_care(family: Row) -> bool:
    """Tell whether social workers or early help work with the family now."""
    return family.status >= Status.EARLY_HELP and family.status <= Status.PRE_PROCEEDINGS


@rule
def may_enter(town: Town, family: Row, child: Row, week: int) -> None:
    """Decide whether a child at home enters care this week."""
    if child.fated == week:
        enter_care(town, family, child, week, Legal.SECTION_20)
    elif known_to_social_care(family):
        rate = edge_rate(town, family, child, week) * held_up(town, family)
        if rate > 0.0 and luck(town.luck, child.key, week, Block.EDGE_OF_CARE, 0) < chance(rate):
            ask_for_care(town, family, child, week)


@rule
def breakdown_rate(town: Town, child: Row, week: int) -> float:
    """Return the weekly rate at which a placement breaks down: poor matches and difficulties raise it."""
    p = town.p.placements[0]
    if child.placement == Placement.SUPPORTED or child.placement == Placement.WITH_PARENTS:
        return 0.3 * p.breakdown
    if child.placement == Placement.FOR_ADOPTION:
        return 0.0
    rate = p.breakdown * (p.match_needed - child.match)
    return rate * (1.0 + p.behaviour * child.behaviour)


@rule
def break_down(town: Town, family: Row, child: Row, week: int) -> None:
    """A placement breaks down and the child moves; a poor match makes it a broken solution."""
    p = town.p.placements[0]
    code = Failure.F9_BROKEN_SOLUTION if child.match < p.broken_match else Failure.VALUE
    demand(
        town,
        week,
        family,
        Event.PLACEMENT_BROKE_DOWN,
        Agency.SOCIAL_CARE,
        1,
        code,
        town.p.demand[0].move,
        child.key,
    )
    child.broke_down = week
    escalates, secure, _, _ = four(town.luck, child.key, week, Block.EDGE_OF_CARE)
    teenager, from_home = week - child.born >= TEENAGER, child.placement == Placement.CHILDRENS_HOME
    if from_home and teenager and secure < p.secure:
        place(town, family, child, week, Placement.SECURE)
    elif escalates < p.escalates:
        place(town, family, child, week, home_place(town))
    else:
        place(town, family, child, week, choose_place(town, family, child, week))


@rule
def step_down_rate(town: Town) -> float:
    """Return the weekly rate at which a child in a home is found a family."""
    effects, levers = town.p.effects[0], town.levers[0]
    push = effects.pooled_step_down * levers.pooled_budget + effects.joint_step * levers.joint_response
    return town.p.placements[0].step_down * push


@rule
def live_on(town: Town, family: Row, child: Row, week: int) -> None:
    """A week in care: a placement holds, breaks down, ends its time or steps down."""
    p = town.p.placements[0]
    breaks, steps, moves_on, _ = four(town.luck, child.key, week, Block.CHILD_REVIEW)
    if carers.lost_carer(town, child):
        place(town, family, child, week, choose_place(town, family, child, week))
    elif child.placement == Placement.SECURE:
        if week - child.placed >= p.secure_weeks:
            place(town, family, child, week, home_place(town))
    elif child.placement == Placement.CRISIS and moves_on < chance(p.crisis_ends):
        place(town, family, child, week, home_place(town))
    elif breaks < chance(breakdown_rate(town, child, week)):
        break_down(town, family, child, week)
    elif step_down_to_family(town, family, child, week):
        return
    elif child.placement == Placement.CHILDRENS_HOME and steps < chance(step_down_rate(town)):
        ask_for_step_down(town, family, child, week)


@rule
def care_for(town: Town, family: Row, week: int) -> None:
    """A week of the family's children at the edge of care and in it."""
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if lives_at_home(child, week):
            may_enter(town, family, child, week)
        elif looked_after(child) and child.placement != Placement.BEING_PLACED:
            live_on(town, family, child, week)
            may_leave(town, family, child, week)
        elif is_child(child, week) and settled_with_kin(child):
            may_come_back(town, family, child, week)
        if child.placement == Placement.BEING_PLACED:
            place(town, family, child, week, choose_place(town, family, child, week))
        carers.asks(town, child)


@rule
def settled_with_kin(child: Row) -> bool:
    """Tell whether the child lives with a guardian or relative under an order."""
    return child.legal_status == Legal.SPECIAL_GUARDIANSHIP or child.legal_status == Legal.CHILD_ARRANGEMENTS


@rule
def new_year(town: Town) -> None:
    """On the first of April counts start again: of placements, the present one being the first, and of workers."""
    for row in range(len(town.children)):
        child = town.children[row]
        child.moves = 1 if looked_after(child) else 0
        child.changes = 0


@rule
def care(town: Town, week: int) -> None:
    """Run P15 over the families whose children are in care or near it."""
    if week % YEAR == 0:
        new_year(town)
    carers.let_contracts(town, week)
    carers.open_homes(town)
    carers.change(town, week)
    for place_in_list in range(town.authority[0].n_known):
        family = town.families[town.known[place_in_list]]
        if family.n_away > 0 or family.n_settled > 0 or family.fated == week or known_to_social_care(family):
            care_for(town, family, week)
