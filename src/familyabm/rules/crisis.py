"""Crises at home that bring a child to the edge of care: nature, which no service decides."""

from familyabm.compiled import rule
from familyabm.rules.common import YEAR
from familyabm.rules.entry import TEENAGER
from familyabm.tables import Row
from familyabm.town import Town


@rule
def back_from_home(town: Town, family: Row, child: Row, week: int) -> float:
    """Return the rate at which a return home fails: it fades with time, and with help."""
    p, since = town.p.edge_of_care[0], week - child.came_home
    if since > 4 * YEAR:
        return 0.0
    fading = 1.0 - since / (4.0 * p.re_entry_fades) if since < 4.0 * p.re_entry_fades else 0.0
    helped = 1.0 - p.support * min(1.0, family.help / town.p.plans[0].dose_ceiling)
    return p.re_entry * fading * helped * min(1.0, 2.0 * child.harm)


@rule
def from_outside(town: Town, child: Row) -> float:
    """Return the rate at which significant risk outside the home brings a teenager into care by agreement."""
    return town.p.extra_familial[0].entry * max(0, child.risk_outside - 1)


@rule
def edge_rate(town: Town, family: Row, child: Row, week: int) -> float:
    """Return the weekly rate at which a child at home enters care by agreement."""
    p = town.p.edge_of_care[0]
    rate = back_from_home(town, family, child, week) + from_outside(town, child)
    if child.harm <= p.entry_above:
        return rate
    steep = p.entry * ((child.harm - p.entry_from) / p.entry_scale) ** p.entry_shape
    steep *= 1.0 + (p.teenager if week - child.born >= TEENAGER else 0.0)
    steep *= 1.0 + p.anxiety * town.authority[0].risk_aversion
    return rate + steep * (1.0 - town.p.effects[0].joint_edge * town.levers[0].joint_response)
