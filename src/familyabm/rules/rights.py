"""Who may decide: what a practitioner may decide alone, and what a decision costs that goes up the hierarchy."""

import numpy as np

from familyabm.codes import Agency, Decision, Event
from familyabm.compiled import rule
from familyabm.journal import note, totals
from familyabm.luck import Block, luck
from familyabm.tables import Row
from familyabm.town import Town


@rule
def at_the_door(town: Town) -> float:
    """Return the share of contacts that are decided without a manager: partners in the room, one conversation."""
    effects, levers = town.p.effects[0], town.levers[0]
    more = effects.rights_contact_sharing * levers.information_sharing
    return town.p.rights[0].contact_outcome + more + effects.rights_contact_door * levers.no_wrong_door


@rule
def to_start_help(town: Town) -> float:
    """Return the share of families for whom any lead professional may start early help at once."""
    return town.p.rights[0].start_early_help + town.p.effects[0].rights_help_door * town.levers[0].no_wrong_door


@rule
def to_start_help_without_a_form(town: Town) -> float:
    """Return the share of the others whose start needs no panel because permission has been done away with."""
    return town.p.effects[0].rights_help_relief * town.levers[0].bureaucracy_relief


@rule
def to_spend(town: Town) -> float:
    """Return the share of small sums that a worker may spend on a family without asking."""
    effects, levers = town.p.effects[0], town.levers[0]
    more = effects.rights_spend_pooled * levers.pooled_budget + effects.rights_spend_relief * levers.bureaucracy_relief
    return town.p.rights[0].flexible_spend + more


@rule
def to_end_assessment(town: Town) -> float:
    """Return the share of assessments that the worker, with the unit's meeting, ends without a manager."""
    return town.p.rights[0].end_assessment + town.p.effects[0].rights_assessment_unit * town.levers[0].unit_model


@rule
def to_accommodate(town: Town) -> float:
    """Return the share of accommodation and edge-of-care packages that the group manager agrees with the unit."""
    effects, levers = town.p.effects[0], town.levers[0]
    more = effects.rights_package_pooled * levers.pooled_budget + effects.rights_package_unit * levers.unit_model
    return town.p.rights[0].accommodate + more


@rule
def to_fund_jointly(town: Town) -> float:
    """Return the share of joint packages that one holder of a pooled budget decides."""
    return town.p.rights[0].tripartite + town.p.effects[0].rights_joint_pooled * town.levers[0].pooled_budget


@rule
def to_change_placement(town: Town) -> float:
    """Return the share of step-downs from children's homes that a needs-led review decides."""
    return town.p.rights[0].placement_change + town.p.effects[0].rights_place_pooled * town.levers[0].pooled_budget


@rule
def decision_rights(town: Town, decision: int) -> float:
    """Return the share of a panel's decisions that is taken without it, 0 to 1; the legal gateway gives none away."""
    if decision == Decision.ACCOMMODATE:
        return min(1.0, to_accommodate(town))
    if decision == Decision.TRIPARTITE:
        return min(1.0, to_fund_jointly(town))
    if decision == Decision.PLACEMENT_CHANGE:
        return min(1.0, to_change_placement(town))
    return 0.0


@rule
def coin(town: Town, key: np.uint64, week: int, decision: int) -> float:
    """Draw the number that settles whether this decision lies within the practitioner's rights."""
    return luck(town.luck, key, week, Block.RIGHTS + decision // 4, decision % 4)


@rule
def send_up(town: Town, family: Row, week: int, tiers: float) -> None:
    """A decision goes up the hierarchy and takes managers' time at each tier."""
    note(town, week, family, Event.DECISION_SENT_UP, Agency.SOCIAL_CARE, 0)
    totals(town, week).manager_hours_decisions += town.p.hierarchy[0].hours_per_tier * tiers


@rule
def come_back(town: Town, family: Row, week: int, changed: bool) -> None:
    """The answer comes back: mostly it is what the practitioner proposed."""
    event = Event.DECISION_CHANGED if changed else Event.APPROVED_UNCHANGED
    note(town, week, family, event, Agency.SOCIAL_CARE, 0)


@rule
def weeks_up(town: Town, family: Row, week: int, tiers: float) -> int:
    """Return the whole weeks that a decision waits on its way up: the odd part of a week by chance."""
    wait = town.p.hierarchy[0].weeks_per_tier * tiers
    return int(wait + luck(town.luck, family.key, week, Block.SENT_UP, 0))


@rule
def manager_changes(town: Town, family: Row, week: int) -> bool:
    """Tell whether a manager sends this week's decision back or turns it down."""
    return luck(town.luck, family.key, week, Block.SENT_UP, 1) < town.p.hierarchy[0].changes


@rule
def sign_off_contact(town: Town, family: Row, week: int) -> None:
    """The front door's manager signs off what the screening worker decided, who seldom may decide alone."""
    if coin(town, family.key, week, Decision.CONTACT_OUTCOME) < at_the_door(town):
        return
    note(town, week, family, Event.DECISION_SENT_UP, Agency.COUNCIL_SERVICES, 0)
    note(town, week, family, Event.APPROVED_UNCHANGED, Agency.COUNCIL_SERVICES, 0)
    totals(town, week).manager_hours_decisions += town.p.hierarchy[0].contact_hours


@rule
def may_start_help(town: Town, family: Row, week: int) -> bool:
    """Tell whether a lead professional may start early help with this family at once."""
    return coin(town, family.key, week, Decision.START_EARLY_HELP) < to_start_help(town)
