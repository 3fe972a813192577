"""P13: managers sign off assessments and small sums, and what was granted runs on."""

from familyabm.codes import Agency, Decision, Event, Permission, Placement, Status
from familyabm.compiled import rule
from familyabm.journal import note, totals
from familyabm.luck import Block, luck
from familyabm.rules.common import children_at_home, looked_after
from familyabm.rules.money import pence, weekly_price
from familyabm.rules.rights import (
    coin,
    come_back,
    manager_changes,
    send_up,
    to_end_assessment,
    to_spend,
    weeks_up,
)
from familyabm.tables import Row
from familyabm.town import Town


@rule
def end_of_assessment(town: Town, family: Row, week: int) -> None:
    """An assessment that ends next week goes to the team manager, unless the worker and the unit may end it."""
    family.permission = Permission.OWN
    if coin(town, family.key, week, Decision.END_ASSESSMENT) < to_end_assessment(town):
        return
    family.permission = Permission.ABOVE
    send_up(town, family, week, 1.0)
    changed = manager_changes(town, family, week)
    come_back(town, family, week, changed)
    if changed:
        family.due += int(town.p.hierarchy[0].more_work)
    elif family.due - family.since < town.p.assessment[0].statutory_weeks:
        family.due += weeks_up(town, family, week, 1.0)


@rule
def small_sum(town: Town, family: Row, week: int) -> None:
    """A worker wants to buy something for the family: at once if the money is with the worker, else by permission."""
    wait = 0
    if coin(town, family.key, week, Decision.FLEXIBLE_SPEND) >= to_spend(town):
        tiers = town.p.hierarchy[0].service_manager
        send_up(town, family, week, tiers)
        changed = manager_changes(town, family, week)
        come_back(town, family, week, changed)
        if changed:
            return
        wait = weeks_up(town, family, week, tiers)
    spend_flexibly(town, family, week, wait)


@rule
def spend_flexibly(town: Town, family: Row, week: int, wait: int) -> None:
    """Spend a small sum on the family; it helps for some weeks, once it has come."""
    p, part = town.p.support[0], luck(town.luck, family.key, week, Block.SENT_UP, 2)
    family.flexible = int(p.flexible_weeks) + wait
    note(town, week, family, Event.FLEXIBLE_SPEND, Agency.SOCIAL_CARE, children_at_home(town, family, week))
    totals(town, week).spend_support += pence(p.flexible_limit * part)


@rule
def fits_better(town: Town, family: Row) -> float:
    """Return the share of the misfit of an offer that flexible help takes away this week."""
    p = town.p.support[0]
    return p.flexible_match if 0 < family.flexible <= p.flexible_weeks else 0.0


@rule
def sign_off(town: Town, family: Row, week: int) -> None:
    """Take this week's small decisions about a family."""
    status = family.status
    if status == Status.ASSESSMENT:
        if family.permission == Permission.NONE and week + 1 >= family.due:
            end_of_assessment(town, family, week)
    elif status == Status.EARLY_HELP or status == Status.CHILD_IN_NEED or status == Status.CHILD_PROTECTION:
        wanted = luck(town.luck, family.key, week, Block.SENT_UP, 3) < town.p.support[0].flexible_rate
        if wanted and family.flexible == 0:
            small_sum(town, family, week)


@rule
def support_runs(town: Town, family: Row, week: int) -> None:
    """Flexible help and a package run on for a week, and a package costs money."""
    if family.flexible > 0:
        family.flexible -= 1
    if family.package > 0:
        family.package -= 1
        totals(town, week).spend_support += pence(town.p.support[0].package_cost)


@rule
def pay_jointly(town: Town, family: Row, week: int) -> None:
    """Health and education pay their share of the homes places that they agreed to share."""
    if family.n_away == 0:
        return
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        shared = child.joint_funded == 1 and child.placement == Placement.CHILDRENS_HOME
        if shared and looked_after(child):
            price = weekly_price(town, child.placement) * town.p.support[0].joint_others
            totals(town, week).spend_joint += pence(price)
