"""P8, third part: what managers' hours go to: what went wrong, decisions sent up, reports, and at last supervision."""

from familyabm.codes import Role
from familyabm.compiled import rule
from familyabm.journal import totals
from familyabm.tables import Row
from familyabm.town import Town


@rule
def better(town: Town) -> float:
    """Return the share of managers' waste that action learning leaves standing."""
    p = town.p.training[0]
    return max(0.0, 1.0 - p.action_learning_works * p.action_learning)


@rule
def fight_fires(town: Town, manager: Row) -> None:
    """The more demand comes from failure, the more of a manager's hours it takes."""
    p = town.p.managers[0]
    share = p.fire_fighting * town.authority[0].failure_share / p.usual_failure
    manager.fire_fighting = manager.hours * min(0.6, share)


@rule
def decide_what_is_sent_up(town: Town, manager: Row) -> None:
    """Last week's decisions that were sent up are shared out; some were approved just as they were proposed."""
    p, now = town.p.managers[0], town.authority[0]
    each = p.decision_hours * p.tiers / len(town.managers)
    manager.decisions = min(0.3 * manager.hours, each * now.decisions_sent_up)
    unchanged = now.decisions_unchanged / now.decisions_sent_up if now.decisions_sent_up > 0.0 else 0.0
    manager.unchanged = manager.decisions * min(1.0, unchanged) * better(town)


@rule
def report(town: Town, manager: Row) -> None:
    """Reports are written as bureaucracy asks; many lead to no decision by anybody."""
    p = town.p.managers[0]
    share = min(0.5, p.reports * town.authority[0].bureaucracy / town.p.hours[0].bureaucracy)
    manager.reports = manager.hours * share
    manager.unread = manager.reports * p.unread * better(town)


@rule
def supervise(town: Town, manager: Row) -> None:
    """What is left of the week goes to supervision, up to what is wanted."""
    p, learning = town.p.managers[0], town.p.training[0].action_learning
    left = manager.hours * (1.0 - p.service) - manager.fire_fighting - manager.decisions - manager.reports
    left -= learning * manager.fte
    manager.supervision = max(0.0, min(left, p.supervision * manager.hours))


@rule
def supervised_team(town: Town, manager: Row) -> None:
    """A team has the supervision that its manager has time for; a unit, which meets weekly, no less than is usual."""
    team = town.teams[manager.first_team]
    given = manager.supervision / (town.p.managers[0].supervision * manager.hours)
    held = max(given, town.p.team[0].supervision_usual)
    team.supervision = (1.0 - team.unit) * given + team.unit * held


@rule
def manage(town: Town, week: int) -> None:
    """Live every manager's week."""
    row = totals(town, week)
    for place in range(len(town.managers)):
        manager = town.managers[place]
        manager.paid = town.p.hours[0].week * manager.fte
        manager.hours = manager.paid * (1.0 - town.p.hours[0].leave)
        fight_fires(town, manager)
        decide_what_is_sent_up(town, manager)
        report(town, manager)
        supervise(town, manager)
        if manager.role == Role.TEAM_MANAGER:
            supervised_team(town, manager)
        row.managers_hours += manager.hours
        row.fire_fighting_hours += manager.fire_fighting
        row.unread_hours += manager.unread
        row.unchanged_hours += manager.unchanged
