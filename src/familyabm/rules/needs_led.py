"""Needs-led review: continue, change or stop a plan by what the last weeks' work has bought, a placement by need."""

import numpy as np

from familyabm.codes import Agency, Event, Failure, Placement
from familyabm.compiled import rule
from familyabm.journal import demand, note_child
from familyabm.luck import Block, bell, four
from familyabm.rules.common import children_at_home
from familyabm.rules.entry import family_place, place
from familyabm.rules.seeing import need_in_care
from familyabm.tables import Row
from familyabm.town import Town

CARE, ALL_PLANS = 1, 2
CONTINUE, CHANGE, STOP = 0, 1, 2


@rule
def worth_of(town: Town, family: Row, before: float, hours: float) -> float:
    """Return the fall in judged need since the last review per thousand pounds of work."""
    return (before - family.judged) / max(0.001, hours * town.p.money[0].worker_hour / 1000.0)


@rule
def verdict(town: Town, family: Row, before: float, hours: float, close_below: float) -> int:
    """Continue, change or stop a plan by its marginal benefit per pound, as far as anybody can judge it."""
    p = town.p.needs_led[0]
    if p.scope < ALL_PLANS or before < 0.0 or worth_of(town, family, before, hours) >= p.worth:
        return CONTINUE
    if family.judged < close_below + p.stop_within:
        return STOP
    return CHANGE if family.plan_fits == 0 else CONTINUE


@rule
def change_plan(town: Town, family: Row, week: int) -> None:
    """Make another plan that fits the family's needs better, which takes hours."""
    family.plan_fits = 1
    hours, at_home = town.p.needs_led[0].change_hours, children_at_home(town, family, week)
    demand(town, week, family, Event.PLAN_CHANGED, Agency.SOCIAL_CARE, at_home, Failure.VALUE, hours, np.uint64(0))


@rule
def fit(town: Town, family: Row) -> float:
    """Return how much stronger help is under a plan that was changed to fit."""
    return 1.0 + town.p.needs_led[0].fits_better * family.plan_fits


@rule
def family_would_do(town: Town, child: Row, week: int) -> bool:
    """Tell whether a review judges that a family could meet the need of a child in a home, and finds a willing one."""
    p = town.p.needs_led[0]
    lived = week - child.placed
    if p.scope < CARE or lived <= 0 or lived % int(p.care_review_weeks) != 0:
        return False
    first, second, found, _ = four(town.luck, child.key, week, Block.STEP_DOWN)
    return found < p.found and need_in_care(child, p.judgement * bell(first, second)) < p.family_could


@rule
def step_down_to_family(town: Town, family: Row, child: Row, week: int) -> bool:
    """Move a child from a children's home to a foster family, if a review says so and a place is vacant."""
    if child.placement != Placement.CHILDRENS_HOME or not family_would_do(town, child, week):
        return False
    where = family_place(town, family, child, week)
    if where != Placement.IN_HOUSE_FOSTER and where != Placement.AGENCY_FOSTER:
        return False
    note_child(town, week, family, Event.PLACEMENT_STEPPED_DOWN, Agency.SOCIAL_CARE, child)
    place(town, family, child, week, where)
    return True


@rule
def yearly_cost(town: Town) -> float:
    """Return what needs-led review costs a year, per 10,000 children."""
    p = town.p.needs_led[0]
    return (p.cost_care if p.scope >= CARE else 0.0) + (p.cost_plans if p.scope >= ALL_PLANS else 0.0)
