"""P18: serious incidents to children, their reviews, and what fear, the media and discipline make of them."""

from familyabm.codes import NEVER, Agency, Event, Legal, Origin, ReviewStage, Worker
from familyabm.compiled import rule
from familyabm.journal import announce, note_child, totals
from familyabm.luck import Block, four, luck
from familyabm.rules.common import YEAR, chance, fetch_ahead, has_social_worker, is_child, is_open, looked_after
from familyabm.rules.recommendations import issue
from familyabm.tables import Row
from familyabm.town import Town


@rule
def is_known(town: Town, family: Row, child: Row, week: int) -> bool:
    """Tell whether social care knows the child: open, looked after, or in touch not long ago."""
    recent = family.contacted != NEVER and week - family.contacted <= town.p.incidents[0].known_weeks
    return is_open(family) or looked_after(child) or recent


@rule
def below_threshold(family: Row, child: Row) -> bool:
    """Tell whether the child had no statutory plan, order or social worker at the time."""
    return child.legal_status == Legal.NONE and not has_social_worker(family)


@rule
def likely(town: Town, family: Row, child: Row, week: int) -> float:
    """Return the chance of a serious incident to a child in harm: it rises with harm.

    Each child of a scaled town stands for its share of the whole authority's, whose reviews and fears are one.
    """
    p, facts = town.p.incidents[0], town.facts[0]
    rate = p.chance * child.harm**p.steep * facts.whole / facts.children
    if child.high_weeks >= town.p.demand[0].omission_weeks and is_known(town, family, child, week):
        rate *= 1.0 + p.missed
    return chance(rate)


@rule
def most_likely(town: Town) -> float:
    """Return what no child's chance of a serious incident exceeds."""
    p, facts = town.p.incidents[0], town.facts[0]
    return p.chance * facts.whole / facts.children * (1.0 + p.missed)


@rule
def frighten(town: Town, fear: float, criticism: float) -> None:
    """Add to the authority's risk aversion and to the criticism of it; fear spreads less far in a large one."""
    authority, p = town.authority[0], town.p.environment[0]
    felt = min(1.0, town.p.incidents[0].reach / town.facts[0].whole)
    authority.risk_aversion = min(p.most_fear, authority.risk_aversion + felt * fear)
    authority.criticism = min(1.0, authority.criticism + felt * criticism)


@rule
def storm_chance(town: Town) -> float:
    """Return the chance that the media take an incident up: more where problems could not be discussed in time.

    None do while the past is lived, so that all futures start from a typical authority.
    """
    p, discussing, authority = town.p.incidents[0], town.p.discussing[0], town.authority[0]
    frank = authority.discuss_range * authority.discuss_ease / (discussing.usual_range * discussing.usual_ease)
    return authority.raids * p.storm * (1.0 + p.storm_late * max(-0.5, 1.0 - frank))


@rule
def take_up(town: Town, week: int, size: float) -> None:
    """The media take an incident up: a storm of fear and criticism."""
    p = town.p.incidents[0]
    announce(town, week, Event.MEDIA_STORM, Agency.PUBLIC, 1)
    frighten(town, p.storm_least + (p.storm_most - p.storm_least) * size, p.storm_criticism)


@rule
def blamed(town: Town, family: Row, draw: float) -> int:
    """Return the row of the worker who is blamed: the family's own, or whoever comes to mind; -1 if nobody can be."""
    if family.worker >= 0:
        return family.worker
    row = int(draw * len(town.workers))
    return row if town.workers[row].kind != Worker.VACANT else -1


@rule
def discipline(town: Town, week: int, row: int) -> None:
    """Suspend a worker: the team is shaken, and everybody learns to say less."""
    p, authority, worker = town.p.incidents[0], town.authority[0], town.workers[row]
    worker.back = max(worker.back, week + int(p.suspension))
    for other in range(len(town.workers)):
        colleague = town.workers[other]
        if colleague.team == worker.team:
            colleague.stress = min(1.2, colleague.stress + p.team_stress)
    authority.discuss_range = max(0.02, authority.discuss_range - p.silence)
    authority.discuss_ease = max(0.02, authority.discuss_ease - p.silence)
    announce(town, week, Event.DISCIPLINE, Agency.SOCIAL_CARE, 1)
    announce(town, week, Event.WORKER_SUSPENDED, Agency.SOCIAL_CARE, int(p.suspension))


@rule
def discipline_chance(town: Town) -> float:
    """Return the chance that somebody is suspended: with fear, and where little can be discussed."""
    authority = town.authority[0]
    frank = authority.discuss_range * authority.discuss_ease
    return town.p.incidents[0].discipline * min(1.0, authority.risk_aversion) * (1.0 - frank)


@rule
def happen(town: Town, family: Row, child: Row, week: int) -> None:
    """A serious incident: it is recorded, notified, and may be taken up and blamed on somebody."""
    authority, row = town.authority[0], totals(town, week)
    note_child(town, week, family, Event.SERIOUS_INCIDENT, Agency.SOCIAL_CARE, child)
    if is_known(town, family, child, week):
        row.incidents_known += 1.0
        row.incidents_below += 1.0 if below_threshold(family, child) else 0.0
    incident = town.incidents[authority.n_incidents % len(town.incidents)]
    incident.key, incident.week = child.key, week
    incident.stage, incident.due = ReviewStage.NOTIFYING, week + 1
    authority.n_incidents += 1
    _, storm, size, blame = four(town.luck, child.key, week, Block.INCIDENT)
    if storm < storm_chance(town):
        take_up(town, week, size)
    culprit = blamed(town, family, luck(town.luck, child.key, week, Block.INCIDENT_REVIEW, 1))
    if blame < discipline_chance(town) and culprit >= 0:
        discipline(town, week, culprit)


@rule
def not_long_since(town: Town, child: Row, week: int) -> bool:
    """Tell whether the child has had no serious incident within the year."""
    for place in range(len(town.incidents)):
        incident = town.incidents[place]
        if incident.key == child.key and week - incident.week < YEAR:
            return False
    return True


@rule
def strike(town: Town, week: int) -> None:
    """Let serious incidents happen to children in harm."""
    least, most = town.p.incidents[0].least, most_likely(town)
    for place in range(town.authority[0].n_awake):
        fetch_ahead(town, place)
        family = town.families[town.awake[place]]
        if family.harm < least and family.n_away == 0:
            continue
        for row in range(family.first_child, family.first_child + family.n_children):
            child = town.children[row]
            if child.harm >= least and is_child(child, week):
                happens = luck(town.luck, child.key, week, Block.INCIDENT, 0)
                if happens < most and happens < likely(town, family, child, week) and not_long_since(town, child, week):
                    happen(town, family, child, week)


@rule
def finish_rapid_review(town: Town, week: int, incident: Row) -> None:
    """The rapid review is done: a practice review follows, or the matter is closed."""
    p = town.p.incidents[0]
    announce(town, week, Event.RAPID_REVIEW, Agency.SOCIAL_CARE, 1)
    totals(town, week).senior_hours += p.review_hours / 4.0
    if luck(town.luck, incident.key, incident.week, Block.INCIDENT_REVIEW, 0) < p.practice_review:
        incident.stage, incident.due = ReviewStage.PRACTICE_REVIEW, week + int(p.practice_weeks)
    else:
        incident.stage = ReviewStage.CLOSED


@rule
def publish(town: Town, week: int, incident: Row) -> None:
    """A practice review is published with its recommendations."""
    p = town.p.incidents[0]
    announce(town, week, Event.PRACTICE_REVIEW, Agency.SOCIAL_CARE, int(p.practice_weeks))
    totals(town, week).senior_hours += p.review_hours
    issue(town, week, Origin.CASE_REVIEW, int(town.p.recommending[0].review_number))
    frighten(town, p.review_fear, p.review_criticism)
    incident.stage = ReviewStage.CLOSED


@rule
def review(town: Town, week: int) -> None:
    """Take the reviews of all incidents a week further."""
    for place in range(len(town.incidents)):
        incident = town.incidents[place]
        if incident.stage == ReviewStage.CLOSED or week < incident.due:
            continue
        if incident.stage == ReviewStage.NOTIFYING:
            incident.stage, incident.due = ReviewStage.RAPID_REVIEW, week + int(town.p.incidents[0].rapid_weeks)
        elif incident.stage == ReviewStage.RAPID_REVIEW:
            finish_rapid_review(town, week, incident)
        else:
            publish(town, week, incident)
