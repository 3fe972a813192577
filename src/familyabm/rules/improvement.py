"""P17, first part: practice follows policy slowly, faster when levers move together, and slips under pressure."""

from familyabm.compiled import rule
from familyabm.tables import Row
from familyabm.town import Town


@rule
def grown(maturity: float, mean: float, strain: float, fence: float, town: Town) -> float:
    """Return one lever's maturity a week later: it grows with its fellows and slips under strain."""
    p = town.p.programme[0]
    protection = 1.0 - town.p.effects[0].fence_slipping * fence
    growth = p.matures * (1.0 - maturity) * (p.alone + (1.0 - p.alone) * mean)
    growth *= 1.0 - p.pressure_slows * min(1.0, 2.0 * strain)
    watched = 1.0 - town.p.relapse[0].monitoring_saves * town.p.relapse[0].monitoring
    slipping = p.slips * maturity * min(1.0, p.slip_pressure * strain) * protection * watched
    return max(0.0, min(1.0, maturity + growth - slipping))


@rule
def mean_of(levers: Row) -> float:
    """Return the mean of the eight levers' fields."""
    return (
        levers.information_sharing + levers.joint_response + levers.no_wrong_door + levers.continuity
        + levers.pooled_budget + levers.ring_fence + levers.unit_model + levers.bureaucracy_relief
    ) / 8.0  # fmt: skip


@rule
def practise(town: Town, week: int) -> None:
    """Let each lever's practice move from where it stood towards its policy, as far as maturity has come.

    A lever that policy leaves alone has no programme to mature, so a lone lever moves slower than eight together.
    """
    start, policy, now, maturity = town.p.base[0], town.policy[0], town.levers[0], town.maturity[0]
    if week - town.authority[0].first_week < town.p.programme[0].design_weeks:
        return
    strain = max(0.0, town.authority[0].load - town.p.programme[0].pressure_above)
    mean, fence = mean_of(maturity), now.ring_fence
    if policy.information_sharing != start.information_sharing:
        maturity.information_sharing = grown(maturity.information_sharing, mean, strain, fence, town)
    if policy.joint_response != start.joint_response:
        maturity.joint_response = grown(maturity.joint_response, mean, strain, fence, town)
    if policy.no_wrong_door != start.no_wrong_door:
        maturity.no_wrong_door = grown(maturity.no_wrong_door, mean, strain, fence, town)
    if policy.continuity != start.continuity:
        maturity.continuity = grown(maturity.continuity, mean, strain, fence, town)
    if policy.pooled_budget != start.pooled_budget:
        maturity.pooled_budget = grown(maturity.pooled_budget, mean, strain, fence, town)
    if policy.ring_fence != start.ring_fence:
        maturity.ring_fence = grown(maturity.ring_fence, mean, strain, fence, town)
    if policy.unit_model != start.unit_model:
        maturity.unit_model = grown(maturity.unit_model, mean, strain, fence, town)
    if policy.bureaucracy_relief != start.bureaucracy_relief:
        maturity.bureaucracy_relief = grown(maturity.bureaucracy_relief, mean, strain, fence, town)
    now.information_sharing = _towards(
        start.information_sharing, policy.information_sharing, maturity.information_sharing
    )
    now.joint_response = _towards(start.joint_response, policy.joint_response, maturity.joint_response)
    now.no_wrong_door = _towards(start.no_wrong_door, policy.no_wrong_door, maturity.no_wrong_door)
    now.continuity = _towards(start.continuity, policy.continuity, maturity.continuity)
    now.pooled_budget = _towards(start.pooled_budget, policy.pooled_budget, maturity.pooled_budget)
    now.ring_fence = _towards(start.ring_fence, policy.ring_fence, maturity.ring_fence)
    now.unit_model = _towards(start.unit_model, policy.unit_model, maturity.unit_model)
    now.bureaucracy_relief = _towards(start.bureaucracy_relief, policy.bureaucracy_relief, maturity.bureaucracy_relief)


@rule
def _towards(start: float, policy: float, maturity: float) -> float:
    """Return practice between where it started and what policy intends."""
    return start + maturity * (policy - start)
