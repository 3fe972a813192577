"""P7 to P9: teams become social work units one by one; who belongs to a unit, and what its members add."""

from familyabm.codes import Role, Tier
from familyabm.compiled import rule
from familyabm.tables import Row
from familyabm.town import Town

SUPPORT_ROLES = 3
"""Children's practitioner, clinician and coordinator: three posts beside the case holders of every team."""


@rule
def holds_cases(worker: Row) -> bool:
    """Tell whether the post holds cases: social workers and consultant social workers do, nobody else."""
    return worker.role <= Role.CONSULTANT


@rule
def team_of(town: Town, family: Row) -> int:
    """Return the row of the social work team that serves the family's neighbourhood."""
    return family.neighbourhood * len(town.teams) // len(town.neighbourhoods)


@rule
def size_of(town: Town, role: int) -> float:
    """Return the size of a supporting post in a full unit."""
    p = town.p.units[0]
    if role == Role.CHILDRENS_PRACTITIONER:
        return p.practitioner_fte
    return p.clinician_fte if role == Role.CLINICIAN else p.coordinator_fte


@rule
def pay_of(town: Town, role: int) -> float:
    """Return what a post costs, to a social worker's."""
    p = town.p.units[0]
    if role <= Role.CONSULTANT:
        return 1.0
    if role == Role.CHILDRENS_PRACTITIONER:
        return p.practitioner_pay
    return p.clinician_pay if role == Role.CLINICIAN else p.coordinator_pay


@rule
def form(town: Town) -> None:
    """Let as many teams be units as practice has come to, one after another; their supporting posts come with them."""
    built = town.levers[0].unit_model * len(town.teams)
    for row in range(len(town.teams)):
        team = town.teams[row]
        team.unit = max(0.0, min(1.0, built - row))
        for post in range(team.first_support, team.first_support + SUPPORT_ROLES):
            town.workers[post].fte = size_of(town, town.workers[post].role) * team.unit


@rule
def beyond_usual(town: Town, unit: float) -> float:
    """Return how much more of a unit a team is than the average team of a typical authority."""
    return unit - town.p.base[0].unit_model


@rule
def bonds(town: Town, team: Row, moved: float) -> None:
    """A team grows together while nobody comes or goes; each member who does takes some of that away."""
    p = town.p.team[0]
    team.cohesion += p.cohesion_grows * (1.0 - team.cohesion)
    team.cohesion = max(0.0, team.cohesion - p.cohesion_lost * moved / max(1, team.n_workers))


@rule
def help_of_practitioner(town: Town, team: Row) -> None:
    """The children's practitioner gives hours to children in need and on plans, never to an enquiry."""
    p, practitioner = town.p.units[0], town.workers[team.first_support]
    team.practitioner = practitioner.hours * p.practitioner_replaces
    wanted = team.need[Tier.PROTECTION] + team.need[Tier.IN_NEED]
    team.relieved = min(p.practitioner_most, team.practitioner / wanted) if wanted > 0.0 else 0.0
    team.practitioner = team.relieved * wanted


@rule
def relieved(town: Town, team: Row, tier: int) -> float:
    """Return the share of a kind of work that the children's practitioner does."""
    return team.relieved if tier == Tier.PROTECTION or tier == Tier.IN_NEED else 0.0
