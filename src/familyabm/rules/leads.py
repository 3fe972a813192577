"""Who takes the lead with a family: the service that raised the concern, an early help worker, or nobody."""

from familyabm.codes import Agency, Event, Status, Worker
from familyabm.compiled import rule
from familyabm.journal import note
from familyabm.luck import Block, four
from familyabm.rules.common import children_at_home, has_social_worker
from familyabm.tables import Row
from familyabm.town import Town


@rule
def willingness(town: Town, agency: int) -> float:
    """Return how willing an agency is to lead."""
    p = town.p.leads[0]
    if agency == Agency.SCHOOL:
        return p.school
    return p.health if agency == Agency.HEALTH else p.elsewhere


@rule
def find_lead(town: Town, family: Row, week: int) -> None:
    """Look for somebody to lead: first the service that raised the concern, then early help's own workers."""
    raised, own, _, _ = four(town.luck, family.key, week, Block.LEAD)
    found = raised < willingness(town, family.source) or own < town.p.leads[0].early_help
    family.lead = 1 if found else 0


@rule
def worth_of_lead(town: Town, family: Row, week: int) -> float:
    """Return the worth of a week of early help: less where nobody leads and the case drifts."""
    if family.lead == 0:
        find_lead(town, family, week)
    if family.lead == 1:
        family.drift_weeks = 0
        return 1.0
    family.drift_weeks += 1
    if family.drift_weeks == town.p.plans[0].drift_weeks:
        note(town, week, family, Event.DRIFT, Agency.EARLY_HELP, children_at_home(town, family, week))
    return town.p.leads[0].no_lead


@rule
def led_by_nobody(town: Town, family: Row) -> bool:
    """Tell whether a family in early help or with social workers has nobody who leads."""
    if has_social_worker(family):
        return family.worker < 0 or town.workers[family.worker].kind == Worker.VACANT
    return family.status == Status.EARLY_HELP and family.lead == 0
