"""P15, second half: how children leave care: home, guardians, adoption, relatives; coming of age is in households."""

import math

from familyabm.codes import NEVER, NOBODY, Agency, Event, Fate, Legal, Placement, Status
from familyabm.compiled import rule
from familyabm.journal import note_child, totals
from familyabm.luck import Block, four
from familyabm.rules.common import chance, go_to, is_open, set_legal
from familyabm.rules.entry import SIXTEEN, enter_care, leave_place, place
from familyabm.rules.seeing import home_as_seen
from familyabm.tables import Row
from familyabm.town import Town

UNDER_FIVE = 5 * 52
HALF_A_YEAR = 26


@rule
def leave_care(town: Town, family: Row, child: Row, week: int, event: int, status: int) -> None:
    """A child stops being looked after."""
    note_child(town, week, family, event, Agency.SOCIAL_CARE, child)
    leave_place(town, child)
    home = event == Event.CARE_ENDED_HOME
    child.placement = Placement.HOME if home else Placement.PERMANENT_FAMILY
    if home:
        child.came_home = week
    else:
        family.n_settled += 1
    set_legal(child, status, week)
    family.n_away -= 1
    if family.n_away == 0 and not is_open(family) and not home:
        family.worker = NOBODY


@rule
def go_home(town: Town, family: Row, child: Row, week: int) -> None:
    """A child goes home and the family is supported as a child in need."""
    leave_care(town, family, child, week, Event.CARE_ENDED_HOME, Legal.NONE)
    if family.status == Status.EARLY_HELP:
        town.authority[0].early_help_used -= 1.0
    if family.status == Status.CLOSED or family.status <= Status.ASSESSMENT:
        go_to(family, Status.CHILD_IN_NEED, week)
        family.due = week + int(town.p.plans[0].need_review_weeks)
    note_child(town, week, family, Event.IN_NEED_STARTED, Agency.SOCIAL_CARE, child)
    set_legal(child, Legal.CHILD_IN_NEED, week)


@rule
def home_rate(town: Town, family: Row, child: Row, week: int) -> float:
    """Return the weekly rate of going home: it falls with harm there, and is highest early on."""
    p, effects = town.p.placements[0], town.p.effects[0]
    if child.legal_status != Legal.SECTION_20 and child.legal_status != Legal.CARE_ORDER:
        return 0.0
    if child.fate == Fate.ALONE:
        return 0.0
    rate = p.home * math.exp(-p.home_harm * home_as_seen(town, family, child))
    rate *= 1.0 + effects.joint_home * town.levers[0].joint_response
    rate *= p.home_early if week - child.care_began < HALF_A_YEAR else 1.0
    return rate * (p.home_by_order if child.legal_status == Legal.CARE_ORDER else 1.0)


@rule
def other_rate(town: Town, child: Row, week: int) -> float:
    """Return the weekly rate of leaving otherwise: to another authority, to live independently, to relatives."""
    p = town.p.placements[0]
    if child.fate == Fate.ALONE:
        return p.moves_away
    if week - child.born >= SIXTEEN:
        return p.independent
    return p.relatives if child.legal_status == Legal.SECTION_20 else 0.0


@rule
def guardian_rate(town: Town, child: Row) -> float:
    """Return the weekly rate of leaving to a special guardian, most often the relative who fosters the child."""
    p = town.p.placements[0]
    if child.fate == Fate.ALONE:
        return 0.0
    return p.guardian + (p.guardian_kinship if child.placement == Placement.KINSHIP_FOSTER else 0.0)


@rule
def wait_for_adoption(town: Town, family: Row, child: Row, week: int, luck_now: float) -> None:
    """A child with a placement order is placed for adoption, and adopted when the court has made the order."""
    p = town.p.placements[0]
    if child.adopting == NEVER:
        if week - child.care_began >= p.adoption_wait and luck_now < chance(p.adoption_match):
            child.adopting = week
            place(town, family, child, week, Placement.FOR_ADOPTION)
    elif week - child.adopting >= p.adoption_weeks:
        row = totals(town, week)
        row.adoption_placed_weeks += child.adopting - child.care_began
        row.adoption_order_weeks += week - child.care_began
        leave_care(town, family, child, week, Event.CARE_ENDED_ADOPTED, Legal.ADOPTED)


@rule
def may_leave(town: Town, family: Row, child: Row, week: int) -> None:
    """Decide whether a looked-after child leaves care this week, and how.

    Those who leave otherwise live elsewhere without being looked after, and are counted with those who live
    with a relative under a private arrangement.
    """
    p = town.p.placements[0]
    home, guardian, arrangements, adopted = four(town.luck, child.key, week, Block.LEAVING_CARE)
    other = four(town.luck, child.key, week, Block.CHILD_REVIEW)[3]
    settled = child.legal_status == Legal.CARE_ORDER or child.legal_status == Legal.SECTION_20
    if child.legal_status == Legal.PLACEMENT_ORDER:
        wait_for_adoption(town, family, child, week, adopted)
    elif home < chance(home_rate(town, family, child, week)):
        go_home(town, family, child, week)
    elif settled and guardian < chance(guardian_rate(town, child)):
        leave_care(town, family, child, week, Event.CARE_ENDED_GUARDIAN, Legal.SPECIAL_GUARDIANSHIP)
    elif settled and child.fate != Fate.ALONE and arrangements < chance(p.arrangements):
        leave_care(town, family, child, week, Event.CARE_ENDED_ARRANGEMENTS, Legal.CHILD_ARRANGEMENTS)
    elif settled and other < chance(other_rate(town, child, week)):
        leave_care(town, family, child, week, Event.CARE_ENDED_OTHER, Legal.CHILD_ARRANGEMENTS)


@rule
def may_come_back(town: Town, family: Row, child: Row, week: int) -> None:
    """A home with a guardian or relative may not last: the child is looked after again."""
    breaks = four(town.luck, child.key, week, Block.CHILD_REVIEW)[0]
    if breaks < chance(town.p.edge_of_care[0].settled_breaks):
        family.n_settled -= 1
        enter_care(town, family, child, week, Legal.SECTION_20)
