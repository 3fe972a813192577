"""P13: resource panels and the legal gateway hear what workers ask for."""

from familyabm.compiled import rule
from familyabm.town import Town


@rule
def sit(town: Town, week: int) -> None:
    """Run P13."""
    return
