"""P16: families complain, chase what was promised, and trust services more or less."""

from familyabm.compiled import rule
from familyabm.town import Town


@rule
def listen(town: Town, week: int) -> None:
    """Run P16."""
    return
