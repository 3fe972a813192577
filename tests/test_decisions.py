"""The decision matrix: who decides, what permission costs, and what rises with which lever."""

import pytest
from test_rules_common import WEEK, events, fresh, home, lever, put, rules

from familyabm.codes import Agency, Decision, Event, Permission, Status
from familyabm.decisions import MATRIX, decision_rights, lever_of, matrix
from familyabm.levers import LEVER_TITLES
from familyabm.parameters import DEFAULT, REGISTER

rights, sign_off = rules("rights"), rules("sign_off")
SILOED, WHOLE = dict.fromkeys(LEVER_TITLES, 0.0), dict.fromkeys(LEVER_TITLES, 1.0)
RULE_OF = {
    Decision.CONTACT_OUTCOME: rights.at_the_door,
    Decision.FLEXIBLE_SPEND: rights.to_spend,
    Decision.END_ASSESSMENT: rights.to_end_assessment,
    Decision.ACCOMMODATE: rights.to_accommodate,
    Decision.TRIPARTITE: rights.to_fund_jointly,
    Decision.PLACEMENT_CHANGE: rights.to_change_placement,
}


def test_every_decision_has_one_row():
    assert [row.decision for row in sorted(MATRIX, key=lambda row: row.decision)] == list(Decision)


@pytest.mark.parametrize(
    ("decision", "levers"),
    [
        (Decision.CONTACT_OUTCOME, {"L1", "L3"}), (Decision.START_EARLY_HELP, {"L3", "L8"}),
        (Decision.FLEXIBLE_SPEND, {"L5", "L8"}), (Decision.END_ASSESSMENT, {"L7"}), (Decision.SECTION_47, set()),
        (Decision.CONFERENCE_PLAN, set()), (Decision.ACCOMMODATE, {"L5", "L7"}), (Decision.TRIPARTITE, {"L5"}),
        (Decision.ISSUE, set()), (Decision.PLACEMENT_CHANGE, {"L5"}),
    ],
)  # fmt: skip
def test_rights_rise_with_the_levers_of_their_row_and_no_other(decision, levers):
    row = next(row for row in MATRIX if row.decision == decision)
    assert {lever_of(effect) for effect in row.effects} == levers
    for number, name in enumerate(LEVER_TITLES, start=1):
        more = decision_rights(row, SILOED | {name: 1.0}) > decision_rights(row, SILOED)
        assert more == (f"L{number}" in levers)


@pytest.mark.parametrize("decision", list(RULE_OF))
def test_the_matrix_says_what_the_rules_do(decision):
    row = next(row for row in MATRIX if row.decision == decision)
    for levers in (SILOED, WHOLE, {name: REGISTER[f"base.{name}"].value for name in LEVER_TITLES}):
        town = fresh()
        lever(town, **levers)
        assert min(1.0, RULE_OF[decision](town)) == pytest.approx(decision_rights(row, levers))


def test_early_help_is_started_by_the_lead_professional_at_the_door_or_without_a_form_later():
    row = next(row for row in MATRIX if row.decision == Decision.START_EARLY_HELP)
    town = fresh()
    lever(town, **WHOLE)
    door, form = rights.to_start_help(town), rights.to_start_help_without_a_form(town)
    assert decision_rights(row, WHOLE) == pytest.approx(door + (1.0 - door) * form)


def test_statutory_decisions_are_nobodys_to_give_away():
    frame = matrix(WHOLE).set_index("decision")
    assert frame.loc[["section_47", "conference_plan", "issue"], "decision_rights"].eq(0.0).all()
    assert frame["decision_rights"].drop(["section_47", "conference_plan", "issue"]).gt(0.4).all()
    assert (frame["wait_near_to"] <= frame["wait_to"]).all()


def test_the_matrix_reads_its_waits_from_the_parameters():
    frame = matrix().set_index("decision")
    assert frame.loc["placement_change", "wait_to"] == DEFAULT["panels.provider_most"] == 26
    assert frame.loc["placement_change", "wait_near_to"] == DEFAULT["panels.needs_led_most"] == 6


def an_assessment(**values: float):
    """Return a family whose assessment ends next week, and its town."""
    town, family, _ = home(5)
    put(town, **values)
    family.status, family.since, family.due, family.permission = Status.ASSESSMENT, WEEK - 4, WEEK + 1, 0
    return town, family


def test_a_worker_with_the_right_ends_an_assessment_alone():
    town, family = an_assessment(rights__end_assessment=1.0)
    sign_off.sign_off(town, family, WEEK)
    assert (family.permission, family.due) == (Permission.OWN, WEEK + 1)
    assert events(town, Event.DECISION_SENT_UP) == 0 == town.weekly[WEEK].manager_hours_decisions


def test_a_decision_sent_up_takes_a_managers_time_and_mostly_comes_back_unchanged():
    town, family = an_assessment(rights__end_assessment=0.0, hierarchy__changes=0.0, hierarchy__hours_per_tier=1.2)
    put(town, hierarchy__weeks_per_tier=1.0)
    lever(town, unit_model=0.0)
    sign_off.sign_off(town, family, WEEK)
    assert (family.permission, family.due) == (Permission.ABOVE, WEEK + 2)
    assert town.weekly[WEEK].manager_hours_decisions == pytest.approx(1.2)
    assert (events(town, Event.APPROVED_UNCHANGED), events(town, Event.DECISION_CHANGED)) == (1, 0)
    sign_off.sign_off(town, family, WEEK + 1)
    assert events(town, Event.DECISION_SENT_UP) == 1


def test_a_manager_may_ask_for_more_work_but_waiting_never_takes_an_assessment_past_its_limit():
    town, family = an_assessment(rights__end_assessment=0.0, hierarchy__changes=1.0, hierarchy__more_work=2)
    lever(town, unit_model=0.0)
    sign_off.sign_off(town, family, WEEK)
    assert family.due == WEEK + 3 and events(town, Event.DECISION_CHANGED) == 1
    town, family = an_assessment(rights__end_assessment=0.0, hierarchy__changes=0.0, hierarchy__weeks_per_tier=1.0)
    lever(town, unit_model=0.0)
    family.since = family.due - 9
    sign_off.sign_off(town, family, WEEK)
    assert family.due == WEEK + 1


def test_a_worker_with_pooled_money_and_no_form_spends_at_once_and_the_offer_fits_better():
    town, family, _ = home(5)
    put(town, support__flexible_rate=100.0, support__flexible_match=0.4, early_help__match_base=0.5)
    lever(town, pooled_budget=1.0, bureaucracy_relief=1.0, joint_response=0.0)
    family.status = Status.EARLY_HELP
    family.level[:] = (1, 1, 0, 0)
    poor = rules("early_help").offer_match(town, family)
    sign_off.sign_off(town, family, WEEK)
    better = rules("early_help").offer_match(town, family)
    assert better == pytest.approx(poor + (1.0 - poor) * 0.4)
    assert events(town, Event.FLEXIBLE_SPEND) == 1 and events(town, Event.DECISION_SENT_UP) == 0
    spent = town.weekly[WEEK].spend_support
    assert 0 < spent <= 50_000 and spent == int(spent)
    for week in range(WEEK + 1, WEEK + 14):
        sign_off.support_runs(town, family, week)
    assert rules("early_help").offer_match(town, family) == poor


def test_without_the_right_a_small_sum_goes_up_two_tiers_and_waits():
    town, family, _ = home(5)
    put(town, support__flexible_rate=100.0, hierarchy__weeks_per_tier=1.0, hierarchy__changes=0.0)
    lever(town, pooled_budget=0.0, bureaucracy_relief=0.0)
    family.status = Status.CHILD_IN_NEED
    sign_off.sign_off(town, family, WEEK)
    assert town.weekly[WEEK].manager_hours_decisions == pytest.approx(2.4)
    assert sign_off.fits_better(town, family) == 0.0
    sign_off.support_runs(town, family, WEEK + 1)
    sign_off.support_runs(town, family, WEEK + 2)
    assert sign_off.fits_better(town, family) > 0.0
    put(town, hierarchy__changes=1.0)
    family.flexible = 0
    sign_off.sign_off(town, family, WEEK)
    assert family.flexible == 0 and events(town, Event.DECISION_CHANGED) == 1


def test_the_front_doors_manager_signs_off_contacts_unless_partners_are_in_the_room():
    town, family, _ = home(5)
    put(town, rights__contact_outcome=0.0, hierarchy__contact_hours=0.2)
    lever(town, information_sharing=0.0, no_wrong_door=0.0)
    rights.sign_off_contact(town, family, WEEK)
    assert town.weekly[WEEK].manager_hours_decisions == pytest.approx(0.2)
    assert town.weekly[WEEK].events[Event.APPROVED_UNCHANGED, Agency.COUNCIL_SERVICES] == 1
    put(town, rights__contact_outcome=1.0)
    rights.sign_off_contact(town, family, WEEK)
    assert town.weekly[WEEK].manager_hours_decisions == pytest.approx(0.2)
