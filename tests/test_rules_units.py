"""Rules worked by hand: units and their limits (P8, P9), who may decide and what panels do (P13), and support units."""

from types import SimpleNamespace

import pytest
from test_rules_common import WEEK, deal_key, events, fresh, heads, home, lever, put, rules
from towns import awaken

from familyabm.codes.decisions import Decision, Panel, Permission, Stage
from familyabm.codes.events import Event, Failure
from familyabm.codes.people import NEVER, Legal, Placement, Status
from familyabm.codes.services import Agency, Role, Support, Worker
from familyabm.luck import Block
from familyabm.town import Town

enquiries, sign_off, time_use, support = rules("unit_enquiries"), rules("sign_off"), rules("time_use"), rules("support")
requests, panels, units, rights = rules("panel_requests"), rules("panels"), rules("units"), rules("rights")


def posts(*hours: float, teams: int = 1):
    """Return a town whose teams share posts with these hours, all held for good, and three posts beside them."""
    town = fresh()
    rows = {"workers": [0] * len(hours) + [1, 2, 3], "teams": [0] * teams, "neighbourhoods": [0] * teams}
    town = Town(p=dict(town.p.groups), **{n: town.given[n][rows[n]] if n in rows else town.given[n] for n in town})
    town.teams["first_worker"], town.teams["n_workers"], town.teams["first_support"] = 0, len(hours), len(hours)
    town.teams["unit"] = 1.0
    town.workers["kind"], town.workers["back"], town.workers["fte"] = Worker.PERMANENT, NEVER, 1.0
    town.workers["hours"][: len(hours)] = hours
    return town, town.teams[0]


def unpermitted(*ages: float):
    """Return a town where nothing is permitted beforehand, an open family and its children."""
    town, family, children = home(*ages)
    lever(town, **dict.fromkeys(town.levers.dtype.names, 0.0))
    put(town, hierarchy__hours_per_tier=1.5, hierarchy__weeks_per_tier=1.0, hierarchy__changes=0.0,
        rights__end_assessment=0.0, rights__flexible_spend=0.0)  # fmt: skip
    family.status, family.since, family.judged = Status.CHILD_IN_NEED, WEEK - 4, 0.5
    requests.clear(family)
    family.permission = family.flexible = family.package = 0
    return town, family, children


def sent(town) -> tuple[float, float, float, float]:
    """Return the decisions sent up, changed and unchanged, and the managers' hours that they took."""
    counts = (events(town, kind) for kind in (Event.DECISION_SENT_UP, Event.DECISION_CHANGED, Event.APPROVED_UNCHANGED))
    return *counts, float(town.weekly[WEEK].manager_hours_decisions)


@pytest.mark.parametrize(
    ("kind", "role", "back", "may"),
    [(Worker.PERMANENT, Role.SOCIAL_WORKER, NEVER, True), (Worker.PERMANENT, Role.CONSULTANT, WEEK, True),
     (Worker.PERMANENT, Role.CONSULTANT, WEEK + 1, False), (Worker.AGENCY, Role.SOCIAL_WORKER, NEVER, True),
     (Worker.NEWLY_QUALIFIED, Role.SOCIAL_WORKER, NEVER, False), (Worker.VACANT, Role.SOCIAL_WORKER, NEVER, False),
     (Worker.PERMANENT, Role.CHILDRENS_PRACTITIONER, NEVER, False)],
)  # fmt: skip
def test_an_enquiry_is_held_by_a_qualified_case_holder_who_is_here(kind, role, back, may):
    worker = fresh().workers[0]
    worker.kind, worker.role, worker.back = kind, role, back
    assert bool(enquiries.may_hold_enquiries(worker, WEEK)) is may


@pytest.mark.parametrize(
    ("limit", "unit", "room"), [(2, 1.0, 60.0), (1, 0.5, 20.0), (3, 1.0, 140.0), (2, 0.49, 1e9), (0, 1.0, 1e9)]
)
def test_a_unit_has_the_hours_of_its_first_holders_for_enquiries(limit, unit, room):
    town, team = posts(10.0, 20.0, 40.0, 80.0)
    put(town, units__enquiry_holders=limit)
    town.workers[0].kind, team.unit, team.enquiries = Worker.NEWLY_QUALIFIED, unit, 7
    enquiries.open_enquiries(town, team, WEEK)
    assert (team.enquiries, team.enquiry_room) == (0, room)


def test_the_latest_enquiries_of_each_unit_are_put_off_but_never_the_first_or_one_not_due():
    town, _ = posts(10.0, 10.0, teams=2)
    put(town, hours__enquiry=8.0, hours__workload=1.25, effects__unit_need=0.0, effects__relief_need=0.0,
        hours__need_bureaucracy=0.0, hours__need_risk_aversion=0.0, units__enquiry_holders=2)  # fmt: skip
    known = {1: (0, 9, 0), 2: (0, 5, 0), 3: (0, 9, 0), 4: (0, 3, 0), 5: (0, 2, 1), 6: (1, 1, 0), 7: (0, 30, 0)}
    for row, (place, since, more) in known.items():
        family = town.families[row]
        family.neighbourhood, family.since, family.due, family.status = place, WEEK - since, WEEK + more, 6
    town.families[7].status = Status.ASSESSMENT
    awaken(town, *reversed(known))
    enquiries.put_off_enquiries(town, WEEK)
    assert [int(town.families[row].due) - WEEK for row in known] == [0, 1, 0, 1, 1, 0, 0]
    assert town.teams["enquiries"].tolist() == [5, 1] and town.teams["enquiry_room"].tolist() == [0.0, 10.0]
    town.workers["hours"] = 0.0
    enquiries.put_off_enquiries(town, WEEK + 1)
    assert [int(town.families[row].due) - WEEK for row in known] == [0, 2, 2, 2, 2, 0, 0]
    assert [town.weekly[week].enquiries_waiting for week in (WEEK, WEEK + 1)] == [2, 4]


@pytest.mark.parametrize(("teams", "places", "served"), [(2, 4, [0, 0, 1, 1]), (2, 3, [0, 0, 1]), (3, 2, [0, 1])])
def test_neighbourhoods_are_shared_out_among_teams_in_their_order(teams, places, served):
    town = SimpleNamespace(teams=range(teams), neighbourhoods=range(places))
    assert [units.team_of(town, SimpleNamespace(neighbourhood=place)) for place in range(places)] == served


@pytest.mark.parametrize(
    ("right", "changes", "weeks", "by", "due", "up"),
    [(1.0, 1.0, 4, Permission.OWN, 0, (0, 0, 0, 0.0)), (0.0, 1.0, 4, Permission.ABOVE, 3, (1, 1, 0, 1.5)),
     (0.0, 1.0, 20, Permission.ABOVE, 3, (1, 1, 0, 1.5)), (0.0, 0.0, 8, Permission.ABOVE, 2, (1, 0, 1, 1.5)),
     (0.0, 0.0, 9, Permission.ABOVE, 0, (1, 0, 1, 1.5))],
)  # fmt: skip
def test_an_assessment_that_goes_up_waits_within_its_limit_or_goes_on(right, changes, weeks, by, due, up):
    town, family, _ = unpermitted(5)
    put(town, rights__end_assessment=right, hierarchy__changes=changes, hierarchy__more_work=3,
        hierarchy__weeks_per_tier=2.0, assessment__statutory_weeks=9)  # fmt: skip
    family.due, family.since = WEEK + 1, WEEK + 1 - weeks
    sign_off.end_of_assessment(town, family, WEEK)
    assert (family.permission, family.due, sent(town)) == (by, WEEK + 1 + due, up)


@pytest.mark.parametrize(
    ("right", "changes", "flexible", "up"),
    [(1.0, 1.0, 13, (0, 0, 0, 0.0)), (0.0, 0.0, 16, (1, 0, 1, 4.5)), (0.0, 1.0, 0, (1, 1, 0, 4.5))],
)
def test_a_small_sum_helps_at_once_or_after_its_way_up_or_is_turned_down(right, changes, flexible, up):
    town, family, _ = unpermitted(5, 9)
    put(town, rights__flexible_spend=right, hierarchy__changes=changes, hierarchy__service_manager=3,
        support__flexible_weeks=13, support__flexible_limit=500)  # fmt: skip
    deal_key(town, family, sum=(Block.SENT_UP, 2, 0.25, 0.26))
    sign_off.small_sum(town, family, WEEK)
    assert (family.flexible, sent(town)) == (flexible, up)
    assert (events(town, Event.FLEXIBLE_SPEND), heads(town, Event.FLEXIBLE_SPEND)) == ((1, 2) if flexible else (0, 0))
    assert town.weekly[WEEK].spend_support == (pytest.approx(12_750, abs=250) if flexible else 0.0)


@pytest.mark.parametrize("status", list(Status))
def test_small_decisions_are_taken_once_and_by_the_status_of_the_case(status):
    helped = status in (Status.EARLY_HELP, Status.CHILD_IN_NEED, Status.CHILD_PROTECTION)
    for flexible, rate, due, permission in ((0, 1.0, 1, 0), (0, 0.0, 2, 0), (1, 1.0, 1, Permission.OWN)):
        town, family, _ = unpermitted(5)
        put(town, support__flexible_rate=rate)
        family.status, family.flexible, family.due, family.permission = status, flexible, WEEK + due, permission
        sign_off.sign_off(town, family, WEEK)
        now = rate > flexible  # the first of the three; then it is not wanted or not yet due, and then done already
        assert events(town, Event.FLEXIBLE_SPEND) == (helped and now)
        assert (family.permission == Permission.ABOVE) == (status == Status.ASSESSMENT and now)


@pytest.mark.parametrize(
    ("flexible", "package", "left", "fits"), [(0, 0, (0, 0), 0.0), (1, 1, (0, 0), 0.0), (2, 3, (1, 2), 0.3),
                                              (14, 1, (13, 0), 0.3), (15, 1, (14, 0), 0.0)]
)  # fmt: skip
def test_what_was_granted_runs_out_and_fits_once_it_has_come_and_a_package_costs_money(flexible, package, left, fits):
    town, family, _ = unpermitted(5)
    put(town, support__package_cost=350.25, support__flexible_match=0.3, support__flexible_weeks=13)
    family.flexible, family.package = flexible, package
    sign_off.support_runs(town, family, WEEK)
    assert ((family.flexible, family.package), sign_off.fits_better(town, family)) == (left, fits)
    assert town.weekly[WEEK].spend_support == (35_025.0 if package else 0.0)


def test_others_pay_their_share_of_each_home_they_agreed_to_share():
    town, family, (one, two) = unpermitted(9, 14)
    put(town, support__joint_others=0.25)
    town.facts[0].homes_cost, town.money[0].scarcity, town.authority[0].homes_price = 4000.0, 1.5, 1.0
    there, order = Placement.CHILDRENS_HOME, Legal.CARE_ORDER
    two.joint_funded, two.placement, two.legal_status = 1, there, order
    cases, paid = [(2, 1, there, order), (2, 0, there, order), (2, 1, Placement.SECURE, order),
                   (2, 1, there, Legal.NONE), (0, 1, there, order)], []  # fmt: skip
    for family.n_away, one.joint_funded, one.placement, one.legal_status in cases:
        sign_off.pay_jointly(town, family, WEEK)
        paid.append(float(town.weekly[WEEK].spend_joint))
    assert paid == [300_000, 450_000, 600_000, 750_000, 750_000]


def timed(least: float = 0.05):
    """Return a town whose one team is half a unit, where 80 hours are present of 100 that are paid."""
    town, team = posts(0.0, 0.0)
    put(town, hours__week=40, hours__leave=0.2, hours__recording_waste=0.2, hours__bureaucracy=0.5,
        hours__chasing_waste=0.13, effects__relief_recording=0.8, effects__sharing_chasing=0.5,
        effects__joint_chasing=0.5, learning__quality_waste=0.4, learning__usual_quality=0.5, working_time__audit=0.04,
        working_time__audit_targets=0.5, workforce__target_pressure=0.8, training__weekly=1.4, training__usual=1.0,
        units__meeting=4.0, working_time__supervision=0.04, working_time__travel=0.08, working_time__court=0.02,
        working_time__casework_least=least, base__bureaucracy_relief=0.25, money__worker_hour=40,
        managers__hour=60)  # fmt: skip
    lever(town, bureaucracy_relief=0.75, information_sharing=0.4, joint_response=0.5)
    town.workers["present"][:2], team.unit, team.direct_share = (30.0, 50.0), 0.5, 0.25
    now = town.authority[0]
    now.bureaucracy, now.practice_quality, now.audit_share, now.reflection, now.now = 0.6, 0.75, 0.01, 0.03, 0
    now.hand_over_hours, now.duplicate_hours, now.rework_hours, now.panel_prep_hours = 16.0, 12.0, 8.0, 4.0
    return town, team


RECORDING = 0.2 * 0.6 / 0.5 * (1 - 0.8 * 0.5) * (1 - 0.4 * 0.25)
CHASING = 0.13 * (1 - 0.5 * 0.4) * (1 - 0.5 * 0.5) / 0.65 * (1 - 0.4 * 0.25)
AUDIT = 0.04 * 0.6 / 0.5 * (1 + 0.5 * (0.8 - 0.4)) + 0.01
LEARNING = 0.04 + 4.0 / 40 * 0.5 + 0.4 / 40


def test_leave_is_more_in_august_and_less_in_all_other_weeks():
    town, usual = fresh(), 0.13 * (52 - 4 * 2.0) / 48
    put(town, hours__leave=0.13, working_time__august=2.0)
    leave = [time_use.leave_now(town, week) for week in (17, 18, 21, 22, 69, 70, 73, 74)]
    assert leave == pytest.approx([usual, 0.26, 0.26, usual] * 2)


@pytest.mark.parametrize(("present", "unit", "taken"), [(5.0, 1.0, 5.0), (1e6, 1.0, None), (1e6, 0.5, None)])
def test_a_coordinator_takes_on_administration_as_far_as_hours_and_the_unit_go(present, unit, taken):
    town, team = timed()
    put(town, units__coordinator_absorbs=0.6)
    town.workers[4].present, team.unit = present, unit
    assert time_use.coordinate(town, team) == pytest.approx(100.0)
    share = 0.6 * unit if taken is None else taken / (100.0 * (RECORDING + CHASING + AUDIT))
    assert team.coordinator == pytest.approx(share)
    town.workers["present"] = 0.0
    time_use.coordinate(town, team)
    put(town, training__weekly=0.5, effects__relief_recording=2.5)
    assert team.coordinator == time_use.trained(town) == time_use.recording(town) == 0.0


@pytest.mark.parametrize(("least", "present", "coordinator"), [(0.05, 400.0, 0.5), (0.3, 400.0, 0.5), (0.05, 0.0, 1.0)])
def test_the_hours_present_are_spent_to_the_last_and_give_way_to_casework(least, present, coordinator):
    town, team = timed(least)
    row, own, again = town.weekly[WEEK], 1.0 - coordinator, 1 / 400 if present else 0.0
    names = ("present", "supervision", "reflection", "travel", "court", "recording", "chasing", "audit", "hand_over",
             "duplicate", "rework", "panel", "casework", "coordinator")  # fmt: skip
    for name in names:
        row[f"{name}_hours"] = 1.0
    team.coordinator = coordinator
    admin = RECORDING + CHASING + AUDIT
    wanted = 0.25 + LEARNING + 0.03 + 0.08 + 0.02 + admin * own + 40 * again
    fit = min(1.0, (0.8 - least) / wanted)
    shares = (LEARNING, 0.03, 0.08, 0.02, RECORDING * own, CHASING * own, AUDIT * own, 16 * again, 12 * again,
              8 * again, 4 * again)  # fmt: skip
    expected = [80.0, *(100 * fit * share for share in shares), 100 * (0.8 - fit * wanted),
                100 * admin * coordinator]  # fmt: skip
    assert time_use.spend_time(town, team, present, WEEK) == pytest.approx(25 * fit)
    assert team.direct_share == pytest.approx(0.25 * fit)
    assert [float(row[f"{name}_hours"]) - 1.0 for name in names] == pytest.approx(expected)
    row.fire_fighting_hours, row.unread_hours, row.unchanged_hours = 1.0, 2.0, 4.0
    time_use.price_waste(town, WEEK)
    assert (row.waste_pence, row.leadership_waste_pence) == (round(4000 * (7 + 100 * fit * sum(shares[4:]))), 42_000.0)


def test_rework_is_remembered_by_kind_and_felt_beyond_the_usual():
    town, _ = timed()
    put(town, managers__memory=0.75, working_time__usual_rework=0.1, working_time__usual_chasing=CHASING - 0.1)
    row, now = town.weekly[WEEK], town.authority[0]
    now.squeezed, now.failure_share = 0.2, 0.4
    time_use.feel_rework(town, 0.0)  # nobody is here to feel it
    time_use.feel_rework(town, 200.0)
    assert now.squeezed == pytest.approx(0.75 * 0.2 + 0.25 * (40 / 200 - 0.1 + 0.1))
    again = row.demand_hours[Failure.F7_REWORK]
    again[Event.WORKER_CHANGED], again[Event.ASSESSMENT_STARTED], again[Event.PANEL_DEFERRED] = 1.0, 2.0, 4.0
    again[Event.ADJOURNED], row.demand_hours[Failure.F5_DUPLICATE, Event.CONTACT] = 8.0, 16.0
    row.demand_hours[Failure.VALUE, Event.CONTACT], row.panel_prep_hours = 31.0, 5.0
    time_use.remember(town, WEEK)
    assert (now.hand_over_hours, now.duplicate_hours, now.rework_hours, now.panel_prep_hours) == (1.0, 18.0, 8.0, 5.0)
    assert now.failure_share == pytest.approx(0.75 * 0.4 + 0.25 * 31 / 62)


def test_teams_and_methods_are_described_by_their_means():
    town, _ = posts(0.0, 0.0, 0.0, teams=2)
    row = town.weekly[WEEK]
    town.teams["cohesion"], town.teams["supervision"] = (0.2, 0.6), (0.5, 1.0)
    town.workers["fidelity"], town.workers["fte"][:3] = 0.9, (1.0, 0.5, 1.0)
    town.workers["fidelity"][:3], town.workers[2].kind = (0.2, 0.8, 1.0), Worker.VACANT
    town.authority[0].record_quality, town.authority[0].support_wait = 0.3, 2.0
    time_use.describe_teams(town, WEEK)
    assert (row.cohesion, row.supervision_given, row.fidelity) == pytest.approx((0.4, 0.75, 0.6 / 1.5))
    assert (row.record_quality, row.support_wait) == (0.3, 2.0)
    town.workers["kind"][:2] = Worker.VACANT
    time_use.describe_teams(town, WEEK + 1)
    assert town.weekly[WEEK + 1].fidelity == 0.0


@pytest.mark.parametrize(("kind", "came"), [
    (Support.BUSINESS_SUPPORT, 2 + 4 + 8), (Support.LEGAL, 16 + 32), (Support.TECHNOLOGY, 1.5),
    (Support.RECRUITMENT, 0.7), (Support.PLACEMENTS_TEAM, 64 + 0.02 * 100), (Support.CONTACT_CENTRE, 128)])  # fmt: skip
def test_a_support_unit_gets_last_weeks_jobs_and_works_them_off(kind, came):
    town, _ = posts(0.0, 0.0, 0.0)
    town.workers["fte"][:3], town.workers[2].kind, town.authority[0].in_court = (1.0, 0.5, 0.7), Worker.VACANT, 16.0
    row, unit = town.weekly[WEEK - 1], next(one for one in town.support_units if one.kind == kind)
    row.plan_reviews, row.placement[1:3] = 8.0, (40.0, 60.0)
    jobs = {Event.CONFERENCE: 2, Event.ASSESSMENT_ENDED: 4, Event.PRE_PROCEEDINGS_STARTED: 32, Event.PLACED: 64,
            Event.CONTACT: 128}  # fmt: skip
    for event, number in jobs.items():
        row.events[event, Agency.POLICE], row.events[event, Agency.GOVERNMENT] = 1.0, number - 1.0
    ease = {f"support_units__{one.name.lower()}": 0.5 if one == kind else 9.0 for one in Support}
    put(town, support_units__longest_wait=2, support_units__level=0.8, **ease)
    town.support_units["usual"], unit.jobs = 100.0, 7.0
    support.serve_workers(town, WEEK)
    usual = 99 + 0.01 * came
    left = min(max(0.0, 7 + came - 0.4 * usual), 2 * 0.4 * usual)
    assert (unit.usual, unit.jobs, unit.wait) == pytest.approx((usual, left, left / (0.4 * usual)))
    assert town.authority[0].support_wait == pytest.approx(unit.wait / 6)
    town.authority[0].first_week, town.authority[0].support_wait, unit.usual, unit.jobs = WEEK, 5.0, 0.0, 0.0
    support.serve_workers(town, WEEK)
    support.work_off(town, unit, 10.0)
    assert (town.authority[0].support_wait, unit.usual, unit.jobs) == (5.0, 10.0, pytest.approx(6.0))


@pytest.mark.parametrize(
    ("about", "child", "wanted", "away"),
    [(Decision.START_EARLY_HELP, -1, {2}, {2}), (Decision.ISSUE, -1, {9, 10}, set()),
     (Decision.ACCOMMODATE, -1, {8, 9, 10}, {8, 9, 10}), (Decision.ACCOMMODATE, 0, set(range(3, 11)), set()),
     (Decision.PLACEMENT_CHANGE, 0, set(), set(Status)), (Decision.TRIPARTITE, 0, set(), set(Status))],
)  # fmt: skip
def test_what_is_asked_makes_sense_by_the_status_of_the_case_and_where_the_child_lives(about, child, wanted, away):
    town, family, (one,) = unpermitted(9)
    requests.propose(family, Panel.RESOURCE, about, int(family.first_child) if child == 0 else -1, WEEK)
    places = ((Legal.NONE, Placement.HOME, wanted), (Legal.CARE_ORDER, Placement.CHILDRENS_HOME, away))
    for legal, placement, when in places:
        one.legal_status, one.placement, found = legal, placement, set()
        for status in Status:
            family.status = status
            found |= {status} if requests.still_wanted(town, family, WEEK) else set()
        assert found == when


@pytest.mark.parametrize(
    ("panel", "weeks", "hours", "agency", "up"),
    [(Panel.EARLY_HELP, 6, 1.5, Agency.EARLY_HELP, 0.0), (Panel.RESOURCE, 12, 3.0, Agency.SOCIAL_CARE, 4.5),
     (Panel.JOINT, 0, 3.0, Agency.COUNCIL, 4.5), (Panel.LEGAL, 18, 3.0, Agency.COURT, 0.0)],
)  # fmt: skip
def test_a_paper_takes_its_panels_weeks_and_hours_and_is_signed_if_it_asks_for_money(panel, weeks, hours, agency, up):
    town, family, _ = unpermitted(5, 9)
    put(town, panels__early_help_weeks=10, panels__resource_weeks=20, panels__legal_weeks=30, panels__prep=4.0,
        panels__prep_early_help=2.0, effects__relief_prep=0.5, hierarchy__tiers=4)  # fmt: skip
    lever(town, bureaucracy_relief=0.5)
    deal_key(town, family, ready=(Block.PANEL, 0, 0.61, 0.63))
    requests.propose(family, panel, Decision.ACCOMMODATE, -1, WEEK - 3)
    requests.ask(town, family, WEEK)
    assert (family.panel_stage, family.panel_since, family.panel_due) == (Stage.QUEUED, WEEK, WEEK + weeks)
    assert (town.weekly[WEEK].panel_prep_hours, sent(town)) == (hours, (1 if up else 0, 0, 0, up))
    assert (town.weekly[WEEK].events[Event.PANEL_ASKED, agency], heads(town, Event.PANEL_ASKED)) == (1, 2)
    requests.withdraw(town, family, WEEK)
    assert (family.panel, town.weekly[WEEK].events[Event.PANEL_WITHDRAWN, agency]) == (Panel.NONE, 1)


HEARS, AGAIN = (Block.PANEL_HEARS, 0, 0.41, 0.99), (Block.PANEL_HEARS, 2, 0.5, 0.75)
LONG = (Block.FUNDERS, 2, 0.12, 0.16)


@pytest.mark.parametrize(
    ("panel", "defer", "refuse", "argue", "event", "luck", "wait"),
    [(2, 0.8, 1.0, 1.0, Event.PANEL_REFUSED, (HEARS,), 0), (2, 0.0, 0.0, 1.0, Event.PANEL_APPROVED, (), 0),
     (2, 2.0, 1.0, 1.0, Event.PANEL_DEFERRED, (HEARS, AGAIN), 1 + 2), (4, 2.0, 1.0, 1.0, Event.PANEL_APPROVED, (), 0),
     (3, 0.0, 0.0, 1.0, Event.PANEL_DISPUTED, (LONG,), 1 + 4), (3, 0.0, 0.0, 0.0, Event.PANEL_APPROVED, (), 0)],
)  # fmt: skip
def test_a_panel_defers_before_it_refuses_and_only_funders_dispute(panel, defer, refuse, argue, event, luck, wait):
    town, family, _ = unpermitted(9)
    put(town, panels__defer=defer, panels__refuse=refuse, panels__disputed=argue, panels__appeal=0.0,
        panels__defer_weeks=4, effects__pooled_defer=1.0, effects__pooled_dispute=0.5,
        panels__dispute_weeks=3.0)  # fmt: skip
    lever(town, pooled_budget=0.5)
    deal_key(town, family, **{str(place): bound for place, bound in enumerate(luck)})
    requests.propose(
        family, panel, Decision.TRIPARTITE if panel == 3 else Decision.ISSUE, int(family.first_child), WEEK
    )
    panels.hear(town, family, WEEK)
    heard = (Event.PANEL_APPROVED, Event.PANEL_DEFERRED, Event.PANEL_REFUSED, Event.PANEL_DISPUTED)
    assert [one for one in heard if events(town, one)] == [event]
    assert int(family.panel_due) - WEEK == wait


@pytest.mark.parametrize(("week", "joint"), [(WEEK - 1, 1.0 + 10 * 0.5), (WEEK, 2.5)])
def test_panels_get_their_slots_and_carry_over_at_most_one(week, joint):
    town = fresh()
    put(town, panels__resource_slots=12, panels__legal_slots=4, panels__joint_slots=10)
    slots, town.facts[0].ten_thousands = town.authority[0].panel_slots, 3.0
    slots[:] = (0.0, 0.0, 0.25, 2.5, 1.5)
    panels.make_time(town, week)
    assert slots.tolist() == [0.0, 0.0, 6.25, joint, 3.0]


def test_posts_beside_a_team_are_sized_and_paid_by_their_role_as_far_as_it_is_a_unit():
    put(town := posts(0.0)[0], units__practitioner_fte=1.0, units__clinician_fte=0.5, units__coordinator_fte=0.8,
        units__practitioner_pay=0.6, units__clinician_pay=1.2, units__coordinator_pay=0.3)  # fmt: skip
    assert [units.pay_of(town, role) for role in range(5)] == [1.0, 1.0, 0.6, 1.2, 0.3]
    lever(town, unit_model=0.625)
    units.form(town)
    assert town.workers["fte"].tolist() == [1.0, 0.625, 0.5 * 0.625, 0.8 * 0.625]
    lever(four := posts(0.0, teams=4)[0], unit_model=0.625)
    units.form(four)
    assert four.teams["unit"].tolist() == [1.0, 1.0, 0.5, 0.0]


def test_rights_add_up_from_levers_and_never_pass_one():
    town, found = fresh(), []
    put(town, rights__accommodate=0.1, effects__rights_package_pooled=0.2, effects__rights_package_unit=0.4,
        rights__tripartite=0.3, effects__rights_joint_pooled=0.8, rights__placement_change=0.2,
        effects__rights_place_pooled=0.5)  # fmt: skip
    for pooled in (0.5, 9.0):
        lever(town, pooled_budget=pooled, unit_model=0.25)
        found += [rights.decision_rights(town, about) for about in (4, Decision.TRIPARTITE, 7, Decision.ISSUE)]
    assert found == pytest.approx([0.1 + 0.1 + 0.1, 0.3 + 0.4, 0.2 + 0.25, 0.0, 1.0, 1.0, 1.0, 0.0])
