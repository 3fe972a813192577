"""P8, second half: what the hours present are spent on: direct work, what enables it, and seven kinds of waste.

All shares are of paid hours; what is not direct work, waste or a known part of what enables it is casework, so that
everything adds up to the hours present. When it does not fit, all gives way to the least that casework needs.
"""

from familyabm.codes import N_FAILURE, Event, Failure, Worker
from familyabm.compiled import rule
from familyabm.journal import events_of, is_failure, totals
from familyabm.rules.outside import target_pressure
from familyabm.rules.units import SUPPORT_ROLES, holds_cases
from familyabm.tables import Row
from familyabm.town import Town

AUGUST = (18, 22)
"""Weeks of a financial year that are August's, and the first after."""
YEAR, AUGUST_WEEKS = 52, 4
N_EVENTS = len(Event)


@rule
def leave_now(town: Town, week: int) -> float:
    """Return the share of workers on leave or in training this week: more in August, the year's share in all."""
    p, usual = town.p.working_time[0], town.p.hours[0].leave
    if AUGUST[0] <= week % YEAR < AUGUST[1]:
        return usual * p.august
    return usual * (YEAR - AUGUST_WEEKS * p.august) / (YEAR - AUGUST_WEEKS)


@rule
def trained(town: Town) -> float:
    """Return the share of paid hours that training takes beyond the usual."""
    p = town.p.training[0]
    return max(0.0, p.weekly - p.usual) / town.p.hours[0].week


@rule
def skilled(town: Town) -> float:
    """Return what the quality of practice leaves of waste, one in a typical authority."""
    p = town.p.learning[0]
    return 1.0 - p.quality_waste * (town.authority[0].practice_quality - p.usual_quality)


@rule
def recording(town: Town) -> float:
    """Return the share of paid hours in excess recording: with bureaucracy, less with relief from it."""
    p, effects, levers, base = town.p.hours[0], town.p.effects[0], town.levers[0], town.p.base[0]
    relief = effects.relief_recording * (levers.bureaucracy_relief - base.bureaucracy_relief)
    share = p.recording_waste * town.authority[0].bureaucracy / p.bureaucracy * max(0.0, 1.0 - relief)
    return share * skilled(town)


@rule
def chasing(town: Town) -> float:
    """Return the share of paid hours in chasing partners: less where they share information and act together."""
    p, effects, levers = town.p.hours[0], town.p.effects[0], town.levers[0]
    share = p.chasing_waste * (1.0 - effects.sharing_chasing * levers.information_sharing)
    return share * (1.0 - effects.joint_chasing * levers.joint_response) / 0.65 * skilled(town)


@rule
def audit(town: Town) -> float:
    """Return the share of paid hours on audit and reporting: with bureaucracy and with targets."""
    p, hours = town.p.working_time[0], town.p.hours[0]
    targets = 1.0 + p.audit_targets * (target_pressure(town) - 0.4)
    return p.audit * town.authority[0].bureaucracy / hours.bureaucracy * targets + town.authority[0].audit_share


@rule
def present_of(town: Town, team: Row) -> float:
    """Return the paid hours of a team's case holders who are here, leave included."""
    present = 0.0
    for row in range(team.first_worker, team.first_worker + team.n_workers):
        present += town.workers[row].present
    return present / (1.0 - town.p.hours[0].leave)


@rule
def coordinate(town: Town, team: Row) -> float:
    """Find the share of administration that the unit's coordinator takes on; return the team's paid hours here."""
    here, most = present_of(town, team), town.p.units[0].coordinator_absorbs * team.unit
    burden = here * (recording(town) + chasing(town) + audit(town))
    coordinator = town.workers[team.first_support + SUPPORT_ROLES - 1]
    team.coordinator = min(most, coordinator.present / burden) if burden > 0.0 else 0.0
    return here


@rule
def done_again(town: Town) -> float:
    """Return the hours that came in last week as hand-overs, repeated assessments, rework and papers for panels."""
    now = town.authority[0]
    return now.hand_over_hours + now.duplicate_hours + now.rework_hours + now.panel_prep_hours


@rule
def feel_rework(town: Town, present: float) -> None:
    """Let work done again and chasing, beyond the usual, press on time with families; present: paid hours here."""
    p, now, keep = town.p.working_time[0], town.authority[0], town.p.managers[0].memory
    if present > 0.0:
        beyond = done_again(town) / present - p.usual_rework + chasing(town) - p.usual_chasing
        now.squeezed = keep * now.squeezed + (1.0 - keep) * beyond


@rule
def learning(town: Town, team: Row) -> float:
    """Return the share of paid hours in supervision, the unit's weekly meeting and training beyond the usual."""
    meeting = town.p.units[0].meeting / town.p.hours[0].week * team.unit
    return town.p.working_time[0].supervision + meeting + trained(town)


@rule
def spend_time(town: Town, team: Row, present: float, week: int) -> float:
    """Split a team's hours present and add them to the week's totals; return its direct hours.

    present: paid hours of all teams' workers who are here, over which last week's rework is spread.
    """
    p, hours, now, row = town.p.working_time[0], town.p.hours[0], town.authority[0], totals(town, week)
    here, own = present_of(town, team), 1.0 - team.coordinator
    again = 1.0 / present if present > 0.0 else 0.0
    papers = recording(town) + chasing(town) + audit(town)
    admin = papers * own
    enabling = learning(town, team) + now.reflection + p.travel + p.court
    wanted = team.direct_share + enabling + admin + done_again(town) * again
    fit = min(1.0, (1.0 - hours.leave - p.casework_least) / wanted)
    spent = fit * here
    row.present_hours += (1.0 - hours.leave) * here
    row.supervision_hours += learning(town, team) * spent
    row.reflection_hours += now.reflection * spent
    row.travel_hours += p.travel * spent
    row.court_hours += p.court * spent
    row.recording_hours += recording(town) * own * spent
    row.chasing_hours += chasing(town) * own * spent
    row.audit_hours += audit(town) * own * spent
    row.hand_over_hours += now.hand_over_hours * again * spent
    row.duplicate_hours += now.duplicate_hours * again * spent
    row.rework_hours += now.rework_hours * again * spent
    row.panel_hours += now.panel_prep_hours * again * spent
    row.casework_hours += (1.0 - hours.leave - fit * wanted) * here
    row.coordinator_hours += papers * team.coordinator * here
    team.direct_share *= fit
    return team.direct_share * here


@rule
def price_waste(town: Town, week: int) -> None:
    """Put a price on the week's hours of waste, workers' and managers'."""
    row = totals(town, week)
    hours = row.recording_hours + row.chasing_hours + row.audit_hours + row.panel_hours
    hours += row.hand_over_hours + row.duplicate_hours + row.rework_hours
    row.waste_pence = float(round(hours * town.p.money[0].worker_hour * 100.0))
    lost = row.fire_fighting_hours + row.unread_hours + row.unchanged_hours
    row.leadership_waste_pence = float(round(lost * town.p.managers[0].hour * 100.0))


@rule
def records(town: Town) -> None:
    """The quality of records falls with bureaucracy, load and agency cover."""
    p, now = town.p.working_time[0], town.authority[0]
    quality = p.record_base - p.record_bureaucracy * now.bureaucracy - p.record_agency * now.agency_share
    quality -= p.record_load * max(0.0, now.load - 1.0)
    now.record_quality = max(0.1, min(1.0, quality))


@rule
def remember_rework(town: Town, row: Row) -> None:
    """Keep the hours of work done again that came in this week; they are worked off in the next."""
    again, now = 0.0, town.authority[0]
    duplicate = row.demand_hours[Failure.F7_REWORK, Event.ASSESSMENT_STARTED]
    for event in range(N_EVENTS):
        again += row.demand_hours[Failure.F7_REWORK, event]
        duplicate += row.demand_hours[Failure.F5_DUPLICATE, event]
    now.hand_over_hours = row.demand_hours[Failure.F7_REWORK, Event.WORKER_CHANGED]
    now.duplicate_hours = duplicate
    elsewhere = row.demand_hours[Failure.F7_REWORK, Event.ASSESSMENT_STARTED]
    elsewhere += row.demand_hours[Failure.F7_REWORK, Event.PANEL_DEFERRED]
    now.rework_hours = max(0.0, again - now.hand_over_hours - elsewhere)
    now.panel_prep_hours = row.panel_prep_hours
    now.decisions_sent_up = events_of(row, Event.DECISION_SENT_UP)
    now.decisions_unchanged = events_of(row, Event.APPROVED_UNCHANGED)


@rule
def remember(town: Town, week: int) -> None:
    """Let the week's failure demand move what managers plan by, and keep the work that is to be done again."""
    now, row = town.authority[0], totals(town, week)
    remember_rework(town, row)
    failed, every = 0.0, 0.0
    for code in range(N_FAILURE):
        for event in range(N_EVENTS):
            every += row.demand_hours[code, event]
            failed += row.demand_hours[code, event] if is_failure(code) else 0.0
    keep = town.p.managers[0].memory
    if every > 0.0:
        now.failure_share = keep * now.failure_share + (1.0 - keep) * failed / every


@rule
def describe_teams(town: Town, week: int) -> None:
    """Write the means of what teams and workers are like into the week's totals."""
    row, filled = totals(town, week), 0.0
    n_teams = len(town.teams)
    for place in range(n_teams):
        row.cohesion += town.teams[place].cohesion / n_teams
        row.supervision_given += town.teams[place].supervision / n_teams
    for place in range(len(town.workers)):
        worker = town.workers[place]
        if holds_cases(worker) and worker.kind != Worker.VACANT:
            row.fidelity += worker.fidelity * worker.fte
            filled += worker.fte
    row.fidelity = row.fidelity / filled if filled > 0.0 else 0.0
    row.record_quality = town.authority[0].record_quality
    row.support_wait = town.authority[0].support_wait
