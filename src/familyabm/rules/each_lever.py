"""The eight levers by number, 0 to 7, for rules that go through them one by one."""

from familyabm.compiled import rule
from familyabm.tables import Row

N_LEVERS = 8
SHARING, JOINT, DOOR, CONTINUITY, POOLED, FENCE, UNIT, RELIEF = 0, 1, 2, 3, 4, 5, 6, 7


@rule
def value_of(levers: Row, lever: int) -> float:
    """Return one lever's field."""
    if lever == SHARING:
        return levers.information_sharing
    if lever == JOINT:
        return levers.joint_response
    if lever == DOOR:
        return levers.no_wrong_door
    if lever == CONTINUITY:
        return levers.continuity
    if lever == POOLED:
        return levers.pooled_budget
    if lever == FENCE:
        return levers.ring_fence
    return levers.unit_model if lever == UNIT else levers.bureaucracy_relief


@rule
def put_value(levers: Row, lever: int, value: float) -> None:
    """Set one lever's field."""
    if lever == SHARING:
        levers.information_sharing = value
    elif lever == JOINT:
        levers.joint_response = value
    elif lever == DOOR:
        levers.no_wrong_door = value
    elif lever == CONTINUITY:
        levers.continuity = value
    elif lever == POOLED:
        levers.pooled_budget = value
    elif lever == FENCE:
        levers.ring_fence = value
    elif lever == UNIT:
        levers.unit_model = value
    else:
        levers.bureaucracy_relief = value


@rule
def mean_of(levers: Row) -> float:
    """Return the mean of the eight levers' fields."""
    return (
        levers.information_sharing + levers.joint_response + levers.no_wrong_door + levers.continuity
        + levers.pooled_budget + levers.ring_fence + levers.unit_model + levers.bureaucracy_relief
    ) / 8.0  # fmt: skip


@rule
def between_agencies(lever: int) -> bool:
    """Tell whether a lever needs the agencies to agree: sharing, the shared threshold, the pooled budget."""
    return lever in (SHARING, DOOR, POOLED)
