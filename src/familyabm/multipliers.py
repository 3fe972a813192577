"""How a council's own multipliers act: each moves a few numbers of the model together, within their plausible ranges.

They are multipliers, not values, so that they still mean the same when the numbers they act on are set anew.
"""

from collections.abc import Mapping

from familyabm.area_files import MULTIPLIERS
from familyabm.areas import Area
from familyabm.parameters import Parameters, changed

ACTS_ON: Mapping[str, Mapping[str, float]] = {
    "contacts": {
        f"noticing.{name}": 1.0
        for name in ("police_abuse", "police_substance", "school", "health", "housing", "council", "public_base",
                     "public", "family")
    },
    "need": {"assessment.in_need_threshold": -0.3, "plans.need_close": -0.5},
    "plans": {"assessment.enquiry_threshold": -0.2, "assessment.conference_threshold": -0.2,
              "plans.protection_end": -0.3},
    "care": {"edge_of_care.entry": 1.0, "plans.legal_threshold": -0.15, "plans.long_plan_threshold": -0.15,
             "court.issue_threshold": -0.15, "placements.home": -0.5, "placements.relatives": -0.5},
}  # fmt: skip
"""The numbers that each multiplier moves, and the power of it by which it moves them."""
if set(ACTS_ON) != set(MULTIPLIERS):
    raise ValueError("every multiplier of an area file acts on something")


def applied(parameters: Parameters, area: Area) -> Parameters:
    """Return the parameters as they are in an area with multipliers of its own; a number stays within its range."""
    changes = {
        address: held(parameters, address, parameters[address] * times**power)
        for name, times in area.multipliers
        for address, power in ACTS_ON[name].items()
    }
    return changed(parameters, changes) if changes else parameters


def held(parameters: Parameters, address: str, value: float) -> float:
    """Return a value within its number's plausible range."""
    known = parameters.register[address]
    return min(known.high, max(known.low, value))


def at_their_ends(parameters: Parameters, area: Area) -> list[str]:
    """Return the numbers that a multiplier would move beyond their plausible range."""
    return [
        address
        for name, times in area.multipliers
        for address, power in ACTS_ON[name].items()
        if held(parameters, address, parameters[address] * times**power) != parameters[address] * times**power
    ]
