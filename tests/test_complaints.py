"""Complaints, chasing, trust, feedback, and who takes the lead: P16 worked by hand."""

import math

import numpy as np
import pytest
from test_measures import a_year, value
from test_rules_common import WEEK, events, home, lever, put, rules, worked

from familyabm.codes import NEVER, NOBODY, Agency, Complaint, Event, Failure, Panel, Stage, Status, Worker

complaints, trust, leads, coding = rules("complaints"), rules("trust"), rules("leads"), rules("coding")


def client(status: int = Status.CHILD_IN_NEED):
    """Return a family with a worker, to whom nothing is owed, and its town."""
    town, family, _ = home(5)
    worker = worked(town, family)
    family.status, family.since, family.due = status, WEEK - 5, WEEK + 3
    family.drift_weeks = family.panel = family.complaint = family.overdue = 0
    family.handed_over = family.intruded = NEVER
    return town, family, worker


def test_nothing_is_owed_to_a_family_whose_plan_is_kept():
    town, family, _ = client()
    assert complaints.actions_overdue(town, family, WEEK) == 0


def test_a_missing_worker_a_slipped_review_missed_visits_and_a_late_panel_are_each_overdue():
    town, family, worker = client()
    family.due = WEEK - 1
    assert complaints.actions_overdue(town, family, WEEK) == 1
    worker.kind = Worker.VACANT
    assert complaints.actions_overdue(town, family, WEEK) == 2
    family.worker = NOBODY
    assert complaints.actions_overdue(town, family, WEEK) == 2
    family.drift_weeks = 3
    assert complaints.actions_overdue(town, family, WEEK) == 3
    family.panel, family.panel_stage, family.panel_since = Panel.RESOURCE, Stage.QUEUED, WEEK - 4
    assert complaints.actions_overdue(town, family, WEEK) == 4
    family.panel_stage = Stage.ARRANGED
    assert complaints.actions_overdue(town, family, WEEK) == 3


@pytest.mark.parametrize(("waited", "owed"), [(2, 0), (3, 1)])
def test_more_than_two_weeks_of_waiting_for_early_help_is_overdue(waited, owed):
    town, family, _ = client(Status.EARLY_HELP_WAITING)
    family.worker, family.since = NOBODY, WEEK - waited
    assert complaints.actions_overdue(town, family, WEEK) == owed


@pytest.mark.parametrize(("weeks", "reviews", "owed"), [(13, 0, 0), (14, 0, 1), (39, 1, 0), (40, 1, 1)])
def test_a_review_conference_is_due_at_three_months_and_then_every_six(weeks, reviews, owed):
    town, family, _ = client(Status.CHILD_PROTECTION)
    family.since, family.n_reviews = WEEK - weeks, reviews
    assert complaints.actions_overdue(town, family, WEEK) == owed


def test_the_complaint_rate_adds_up_what_went_wrong():
    town, family, _ = client()
    put(town, complaints__base_rate=0.0006, complaints__overdue=0.004, complaints__commission=0.006,
        complaints__worker_change=0.002)  # fmt: skip
    assert complaints.complaint_rate(town, family, WEEK) == pytest.approx(0.0006)
    family.overdue = 2
    assert complaints.complaint_rate(town, family, WEEK) == pytest.approx(0.0086)
    trust.intruded(town, family, WEEK - 26)
    assert complaints.complaint_rate(town, family, WEEK) == pytest.approx(0.0146)
    trust.handed_over(town, family, WEEK - 13, 0.5)
    assert complaints.complaint_rate(town, family, WEEK) == pytest.approx(0.0166)
    assert complaints.complaint_rate(town, family, WEEK + 1) == pytest.approx(0.0086)


def test_complaints_come_at_the_rate_that_the_rule_says():
    town, family, _ = client()
    put(town, complaints__base_rate=0.003, complaints__overdue=0.02)
    family.overdue = 2
    raised = 0
    for week in range(4000):
        family.complaint = Complaint.NONE
        town.authority[0].first_week = week
        complaints.complain(town, family, week)
        raised += int(family.complaint == Complaint.STAGE_1)
    expected = 4000 * (1 - math.exp(-0.043))
    assert abs(raised - expected) < 4 * math.sqrt(expected)  # fails by chance once in 16,000


@pytest.mark.parametrize(
    ("stage", "event", "hours", "limit"),
    [(1, Event.COMPLAINT, 6, 4), (2, Event.COMPLAINT_STAGE_2, 40, 13), (3, Event.COMPLAINT_STAGE_3, 60, 6), (4, Event.OMBUDSMAN, 60, 26)],
)  # fmt: skip
def test_each_stage_is_failure_demand_of_its_own_size_with_its_own_clock(stage, event, hours, limit):
    town, family, _ = client()
    complaints.take_to(town, family, WEEK, stage)
    assert (family.complaint, family.complaint_since) == (stage, WEEK)
    assert family.complaint_due > WEEK
    assert town.weekly[WEEK].demand_hours[Failure.F8_COMPLAINT, event] == hours
    assert complaints.limit_of(town, stage) == limit


def test_answers_are_slower_under_load():
    dues = []
    for load in (1.0, 2.0):
        town, family, _ = client()
        put(town, complaints__shortest=0.5, complaints__spread=0.3)
        town.authority[0].load = load
        complaints.take_to(town, family, WEEK, Complaint.STAGE_2)
        dues.append(family.complaint_due - WEEK)
    assert 0.5 * 13 <= dues[0] <= 0.8 * 13 + 1
    assert dues[1] >= 2 * dues[0] - 1


@pytest.mark.parametrize(("failing", "upheld"), [(1, 1), (0, 0)])
def test_a_complaint_is_upheld_if_services_did_fail_the_family_and_that_restores_trust(failing, upheld):
    town, family, _ = client()
    put(town, complaints__to_stage_2=0.03, trust__upheld=0.02, trust__not_upheld=0.01)
    town.p.groups["complaints"]["to_stage_2"] = 0.0
    family.complaint, family.complaint_since, family.failing = Complaint.STAGE_1, WEEK - 4, failing
    complaints.answer(town, family, WEEK)
    assert events(town, Event.COMPLAINT_ANSWERED) == events(town, Event.COMPLAINT_IN_TIME) == 1
    assert events(town, Event.COMPLAINT_UPHELD) == upheld
    assert family.trust == pytest.approx(0.52 if failing else 0.49)
    assert family.complaint == Complaint.NONE


def test_an_answer_after_the_limit_is_late_and_a_family_may_go_on_to_the_ombudsman_and_no_further():
    town, family, _ = client()
    for name in ("to_stage_2", "to_stage_3", "to_ombudsman", "content"):
        town.p.groups["complaints"][name] = 1.0
    family.complaint, family.failing = Complaint.STAGE_1, 0
    for stage, late in ((1, 5), (2, 14), (3, 7), (4, 27)):
        assert family.complaint == stage
        family.complaint_since = WEEK - late
        complaints.answer(town, family, WEEK)
    assert family.complaint == Complaint.NONE
    assert events(town, Event.COMPLAINT_IN_TIME) == 0
    assert [events(town, e) for e in (Event.COMPLAINT_STAGE_2, Event.COMPLAINT_STAGE_3, Event.OMBUDSMAN)] == [1, 1, 1]


def test_what_was_owed_when_the_family_complained_decides_not_what_is_owed_later():
    town, family, _ = client()
    town.p.groups["complaints"]["base_rate"] = 1e6
    family.overdue = 1
    complaints.complain(town, family, WEEK)
    family.overdue = 0
    assert (family.complaint, family.failing) == (Complaint.STAGE_1, 1)
    family.complaint = Complaint.NONE
    complaints.complain(town, family, WEEK)
    assert family.failing == 0


def test_families_chase_what_is_overdue_and_less_where_a_coordinator_answers_the_phone():
    calls = []
    for unit in (0.0, 1.0):
        town, family, _ = client()
        put(town, complaints__chase=0.35, complaints__chase_hours=0.4, effects__unit_calls=0.6)
        lever(town, unit_model=unit)
        family.overdue = 2
        for week in range(100):
            complaints.chase(town, family, week)
        hours = town.weekly["demand_hours"][:, Failure.F2_CHASE, Event.CHASED].sum()
        calls.append(town.weekly["events"][:, Event.CHASED, Agency.FAMILY].sum())
        assert hours == pytest.approx(0.4 * calls[-1])
    for count, rate in zip(calls, (0.7, 0.28), strict=True):
        expected = 100 * (1 - math.exp(-rate))
        assert abs(count - expected) < 4 * math.sqrt(expected)
    assert calls[1] < calls[0]


def test_codes_of_chasing_papers_and_complaints():
    _, family, _ = client()
    for field, code, word in (("overdue", Failure.F2_CHASE, coding.of_chase), ("deferrals", Failure.F7_REWORK, coding.of_paper),
                              ("complaint", Failure.F8_COMPLAINT, coding.of_complaint)):  # fmt: skip
        family[field] = 0
        assert word(family) == Failure.VALUE
        family[field] = 1
        assert word(family) == code


def test_trust_comes_slowly_and_goes_quickly_and_drifts_back_to_where_it_began():
    town, family, _ = client()
    put(town, early_help__trust_gain=0.004, front_door__refusal_trust=0.02, plans__trust_hand_over=0.03,
        plans__trust_commission=0.05, trust__refused_by_panel=0.01, trust__drifts_back=0.02)  # fmt: skip
    for change, word in ((0.004, lambda: trust.help_worked(town, family)), (-0.02, lambda: trust.turned_away(town, family)),
                         (-0.015, lambda: trust.handed_over(town, family, WEEK, 0.5)),
                         (-0.05, lambda: trust.intruded(town, family, WEEK)),
                         (-0.01, lambda: trust.refused_by_panel(town, family))):  # fmt: skip
        before = float(family.trust)
        word()
        assert family.trust == pytest.approx(before + change)
    family.trust, family.first_trust = 0.2, np.float32(0.7)
    trust.drift_back(town, family)
    assert family.trust == pytest.approx(0.21)
    family.trust = 0.001
    trust.intruded(town, family, WEEK)
    assert family.trust == 0.0
    family.trust = 0.999
    trust.help_worked(town, family)
    assert family.trust == 1.0


def test_a_family_that_is_helped_and_owed_nothing_says_so():
    town, family, _ = client()
    town.p.groups["complaints"]["tells"] = 1e6
    family.help = 0.5
    complaints.tell(town, family, WEEK)
    family.overdue = 1
    complaints.tell(town, family, WEEK)
    assert (town.weekly[WEEK].feedback, town.weekly[WEEK].feedback_good) == (2, 1)


@pytest.mark.parametrize(("source", "willing"), [(Agency.SCHOOL, 0.5), (Agency.HEALTH, 0.4), (Agency.POLICE, 0.05)])
def test_who_raised_the_concern_may_lead_and_else_early_help_and_else_nobody(source, willing):
    town, family, _ = client(Status.EARLY_HELP)
    town.p.groups["leads"]["early_help"] = 0.0
    family.source, led = source, 0
    assert leads.willingness(town, source) == willing
    for week in range(800):
        leads.find_lead(town, family, week)
        led += int(family.lead)
    assert abs(led - 800 * willing) < 4 * math.sqrt(800 * willing)
    town.p.groups["leads"]["early_help"] = 1.0
    leads.find_lead(town, family, WEEK)
    assert family.lead == 1


def test_early_help_that_nobody_leads_is_worth_less_and_drifts_after_three_weeks():
    town, family, _ = client(Status.EARLY_HELP)
    for name in ("school", "health", "elsewhere", "early_help"):
        town.p.groups["leads"][name] = 0.0
    family.lead = 0
    worths = [leads.worth_of_lead(town, family, week) for week in (WEEK, WEEK + 1, WEEK + 2)]
    assert worths == [town.p.leads[0].no_lead] * 3
    assert events(town, Event.DRIFT, WEEK + 2) == 1 and leads.led_by_nobody(town, family)
    town.p.groups["leads"]["early_help"] = 1.0
    assert leads.worth_of_lead(town, family, WEEK + 3) == 1.0
    assert family.drift_weeks == 0 and not leads.led_by_nobody(town, family)


def test_a_week_of_listening_answers_counts_and_forgets_what_is_no_longer_owed():
    town, family, _ = client()
    family.complaint, family.complaint_since, family.complaint_due = Complaint.STAGE_1, WEEK - 2, WEEK
    complaints.listen(town, WEEK)
    row = town.weekly[WEEK]
    assert events(town, Event.COMPLAINT_ANSWERED) == 1
    assert (row.open_families, row.overdue_actions, row.led_by_nobody) == (1, 0, 0)
    assert row.trust_sum == pytest.approx(float(family.trust))
    family.status, family.overdue = Status.CLOSED, 3
    complaints.listen(town, WEEK + 1)
    assert (family.overdue, town.weekly[WEEK + 1].open_families) == (0, 0)


def test_measures_of_panels_complaints_and_trust_worked_by_hand():
    rows = a_year()
    rows["open_children"], rows["open_families"], rows["trust_sum"], rows["overdue_actions"] = 400.0, 100.0, 60.0, 8.0
    rows["events"][3, Event.COMPLAINT, Agency.FAMILY] = 20
    rows["events"][9, Event.COMPLAINT_STAGE_2, Agency.FAMILY] = 3
    rows["events"][9, Event.COMPLAINT_ANSWERED, Agency.SOCIAL_CARE] = 10
    rows["events"][9, Event.COMPLAINT_IN_TIME, Agency.SOCIAL_CARE] = 7
    rows["events"][9, Event.COMPLAINT_UPHELD, Agency.SOCIAL_CARE] = 4
    rows["events"][9, Event.CHASED, Agency.FAMILY] = 52
    assert [
        value(rows, name) for name in ("complaints", "complaints_stage_2", "complaints_in_time", "complaints_upheld")
    ] == [50.0, 15.0, 70.0, 40.0]
    assert (value(rows, "trust"), value(rows, "overdue"), value(rows, "chase_calls")) == (0.6, 8.0, 1.0)
    rows["panel_weeks"][2, Panel.RESOURCE] = 12
    rows["events"][2, Event.PANEL_APPROVED, Agency.SOCIAL_CARE] = 6
    rows["events"][2, Event.PANEL_APPROVED, Agency.EARLY_HELP] = 90
    rows["events"][2, Event.PANEL_DEFERRED, Agency.SOCIAL_CARE] = 3
    rows["events"][2, Event.PANEL_REFUSED, Agency.SOCIAL_CARE] = 1
    assert (value(rows, "panel_wait_resource"), value(rows, "panel_deferrals"), value(rows, "panel_refusals")) == (
        2.0,
        30.0,
        10.0,
    )
    rows["events"][2, Event.APPROVED_UNCHANGED, Agency.SOCIAL_CARE] = 9
    rows["events"][2, Event.DECISION_CHANGED, Agency.SOCIAL_CARE] = 1
    rows["events"][2, Event.APPROVED_UNCHANGED, Agency.COUNCIL_SERVICES] = 500
    assert value(rows, "unused_discretion") == 90.0
    rows["events"][:, Event.PANEL_ASKED, Agency.COUNCIL][0] = 4
    rows["events"][5, Event.PANEL_DISPUTED, Agency.COUNCIL] = 1
    assert value(rows, "panel_disputes") == 25.0
    assert rows["demand_hours"].sum() == 0 and math.isnan(value(rows, "failure_f8"))
