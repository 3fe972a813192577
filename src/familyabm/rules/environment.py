"""P18: incidents, reviews, inspection, directives and media press on the authority."""

from familyabm.compiled import rule
from familyabm.rules.outside import outside_fear
from familyabm.town import Town


@rule
def press(town: Town, week: int) -> None:
    """Run P18."""
    outside_fear(town)
