"""P6: housing, adult mental health, substance misuse and domestic abuse services accept, queue, treat or turn away."""

from familyabm.compiled import rule
from familyabm.town import Town


@rule
def serve(town: Town, week: int) -> None:
    """Run P6."""
    return
