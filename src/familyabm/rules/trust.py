"""How a family's trust in services comes and goes: every change of trust is one of these."""

from familyabm.compiled import rule
from familyabm.tables import Row
from familyabm.town import Town


@rule
def gain(family: Row, amount: float) -> None:
    """Trust grows, to one at most."""
    family.trust = min(1.0, family.trust + amount)


@rule
def lose(family: Row, amount: float) -> None:
    """Trust falls, to nothing at least."""
    family.trust = max(0.0, family.trust - amount)


@rule
def help_worked(town: Town, family: Row) -> None:
    """A week of help that worked."""
    gain(family, town.p.early_help[0].trust_gain)


@rule
def turned_away(town: Town, family: Row) -> None:
    """A family that asked for help itself was refused."""
    lose(family, town.p.front_door[0].refusal_trust)


@rule
def handed_over(town: Town, family: Row, week: int, lost: float) -> None:
    """A change of worker; `lost` is the share of the working relationship that went with it."""
    family.handed_over = week
    lose(family, town.p.plans[0].trust_hand_over * lost)


@rule
def intruded(town: Town, family: Row, week: int) -> None:
    """An enquiry that was not called for."""
    family.intruded = week
    lose(family, town.p.plans[0].trust_commission)


@rule
def refused_by_panel(town: Town, family: Row) -> None:
    """A panel refused what the family and its worker asked for."""
    lose(family, town.p.trust[0].refused_by_panel)


@rule
def complaint_answered(town: Town, family: Row, upheld: bool) -> None:
    """A complaint was answered: put right, or not."""
    if upheld:
        gain(family, town.p.trust[0].upheld)
    else:
        lose(family, town.p.trust[0].not_upheld)


@rule
def drift_back(town: Town, family: Row) -> None:
    """Trust drifts back to what the family came with."""
    family.trust += town.p.trust[0].drifts_back * (family.first_trust - family.trust)
