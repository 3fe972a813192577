"""How well what is offered fits what a family needs: nature, not judgement."""

from familyabm.compiled import rule
from familyabm.rules.sign_off import fits_better
from familyabm.tables import Row
from familyabm.town import Town


@rule
def needs_and_seen(family: Row) -> tuple[int, int]:
    """Count the troubles that the family has, and those of them that anybody working with it has seen."""
    needs, seen = 0, 0
    for factor in range(4):
        if family.level[factor] > 0:
            needs += 1
            seen += 1 if family.seen[factor] > 0 else 0
    return needs, seen


@rule
def offer_match(town: Town, family: Row) -> float:
    """Return how well the offer fits: a standard one suits a single need, a joint one all the needs that were seen."""
    needs, seen = needs_and_seen(family)
    base = town.p.early_help[0].match_base
    standard = base + (1.0 - base) / max(1, needs)
    standard += (1.0 - standard) * fits_better(town, family)
    joint = town.p.effects[0].joint_match * town.levers[0].joint_response * (seen / max(1, needs))
    return standard + (1.0 - standard) * joint
