"""P3: children feel their parents' trouble, later; care shelters from it but has risks of its own."""

from familyabm.codes import Placement
from familyabm.compiled import rule, rule_within
from familyabm.rules import census, outcomes
from familyabm.rules.common import fetch_ahead, harm_from, is_child, looked_after, trouble_of
from familyabm.tables import Row
from familyabm.town import Town

ONE, FIVE, ELEVEN = 52, 260, 572
HARMLESS = 0.01
"""Harm below this counts as none, so that a quiet family can rest."""


@rule_within
def vulnerability(town: Town, child: Row, week: int) -> float:
    """Return how hard trouble hits a child of this age."""
    p, age = town.p.harm[0], week - child.born
    if age < ONE:
        return p.infant
    if age < FIVE:
        return p.toddler
    return 1.0 if age < ELEVEN else p.teenager


@rule
def strain_of_its_own(town: Town, child: Row) -> float:
    """Return the strain that adults at home did not cause: a need of the child's own, and risk outside the home."""
    return child.own_need + town.p.extra_familial[0].strain * child.risk_outside


@rule_within
def sheltered(town: Town, family: Row, child: Row, week: int, felt: float) -> float:
    """Return what a child feels of trouble, with the shelter of kin and help and at its age."""
    p = town.p.harm[0]
    shelter = (1.0 - p.network_shelter * family.network) * (1.0 - p.help_shelter * family.help)
    return min(1.0, felt * shelter * vulnerability(town, child, week))


@rule
def harm_in_care(town: Town, child: Row, week: int) -> float:
    """Return the level of harm that this placement tends to."""
    p = town.p.harm[0]
    unsettled = week - child.broke_down <= town.p.placements[0].settles
    unsuitable = child.placement == Placement.CRISIS or child.match < town.p.placements[0].broken_match
    return p.in_care + (p.unsuitable if unsettled or unsuitable else 0.0)


@rule_within
def feel(town: Town, family: Row, child: Row, week: int, felt: float) -> None:
    """Move a child's harm a week's way towards what its surroundings lead to.

    felt: harm that the adults' trouble alone leads to, worked out once for all the children.
    """
    p = town.p.harm[0]
    if looked_after(child) and child.placement != Placement.WITH_PARENTS:
        tends_to = harm_in_care(town, child, week)
    elif child.placement == Placement.PERMANENT_FAMILY:
        tends_to = 0.0
    else:
        own_strain = strain_of_its_own(town, child)
        own = harm_from(town, family.strain + own_strain) if own_strain > 0.0 else felt
        tends_to = sheltered(town, family, child, week, own)
    pace = p.rises if tends_to > child.harm else p.falls
    child.harm += pace * (tends_to - child.harm)
    if child.harm < HARMLESS and tends_to < HARMLESS:
        child.harm = 0.0


@rule_within
def feel_at_home(town: Town, family: Row, week: int) -> None:
    """Bring a family's strain and its children's harm up to date."""
    trouble, worst = trouble_of(town, family), 0.0
    family.strain, felt = trouble.strain, trouble.felt
    for row in range(family.first_child, family.first_child + family.n_children):
        child = town.children[row]
        if is_child(child, week):
            feel(town, family, child, week, felt)
            if child.placement == Placement.HOME:
                worst = max(worst, child.harm)
    family.harm = worst


@rule
def follow(town: Town, week: int) -> None:
    """Run P3 over the families in which anything goes on."""
    for place in range(town.authority[0].n_awake):
        fetch_ahead(town, place)
        feel_at_home(town, town.families[town.awake[place]], week)
    outcomes.follow(town, week)
    census.take_census(town, week)
