"""Family Help: early help and child in need work are one service; a family keeps its lead as need rises or falls."""

from familyabm.codes import Tier
from familyabm.compiled import rule
from familyabm.tables import Row
from familyabm.town import Town


@rule
def merged(town: Town) -> bool:
    """Tell whether early help and child in need work are one service."""
    return town.p.family_help[0].merged >= 0.5


@rule
def keeps_lead(town: Town, family: Row) -> bool:
    """Tell whether the family goes on with the lead practitioner that it has."""
    return merged(town) and family.lead == 1


@rule
def left_to_social_workers(town: Town, tier: int, hours: float) -> float:
    """Return a case's hours less those that family help workers take over; theirs are counted."""
    if tier != Tier.IN_NEED or not merged(town):
        return hours
    theirs = town.p.family_help[0].others_hold * hours
    town.authority[0].family_help_hours += theirs
    return hours - theirs


@rule
def places_taken(town: Town) -> float:
    """Return the early help places whose workers are busy with children in need."""
    return town.authority[0].family_help_hours / town.p.early_help[0].hours
