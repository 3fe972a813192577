"""Panels: what is asked is heard, deferred, refused, disputed or overtaken, and no child is ever without a place."""

import numpy as np
import pytest
from test_rules_common import WEEK, events, fresh, home, lever, put, rules
from towns import awaken, live_weeks, young_town

from familyabm.codes import Agency, Decision, Event, Failure, Legal, Panel, Permission, Placement, Stage, Status
from familyabm.parameters import DEFAULT, changed

panels, requests = rules("panels"), rules("panel_requests")
NO_LEVERS = dict.fromkeys(("pooled_budget", "bureaucracy_relief", "unit_model", "no_wrong_door"), 0.0)
AGREED = {"panels__defer": 0.0, "panels__refuse": 0.0, "panels__resource_weeks": 1.0, "rights__accommodate": 0.0}


def edge(judged: float = 0.5, *ages: float):
    """Return a town with a family at the edge of care, and its children."""
    town, family, children = home(*(ages or (8, 6)))
    put(town, support__package_rate=0.0, support__flexible_rate=0.0, panels__resource_slots=25, **AGREED)
    lever(town, **NO_LEVERS)
    family.status, family.judged, family.since = Status.CHILD_IN_NEED, judged, WEEK - 10
    town.facts[0].ten_thousands = 6.0
    return town, family, children


def test_a_child_at_the_edge_of_care_waits_for_the_resource_panel_and_is_then_looked_after():
    town, family, (child, _) = edge()
    requests.ask_for_care(town, family, child, WEEK - 1)
    assert (family.panel, child.placement) == (Panel.RESOURCE, Placement.HOME)
    panels.sit(town, WEEK)
    assert (child.legal_status, child.placement) == (Legal.SECTION_20, Placement.BEING_PLACED)
    assert (events(town, Event.PANEL_ASKED), events(town, Event.PANEL_APPROVED)) == (1, 1)
    assert (family.panel, family.n_away, town.weekly[WEEK].panel_waiting.sum()) == (Panel.NONE, 1, 0)
    rules("placements").care_for(town, family, WEEK)
    assert child.placement not in (Placement.BEING_PLACED, Placement.HOME)


def test_a_group_manager_with_the_right_needs_no_panel():
    town, family, (child, _) = edge()
    lever(town, pooled_budget=1.0, unit_model=1.0)
    put(town, effects__rights_package_pooled=0.5, effects__rights_package_unit=0.5)
    requests.ask_for_care(town, family, child, WEEK - 1)
    panels.sit(town, WEEK)
    assert child.legal_status == Legal.SECTION_20
    assert events(town, Event.PANEL_ASKED) == 0 == town.weekly[WEEK].panel_prep_hours


def test_a_grave_case_that_waits_is_taken_at_once_at_crisis_price():
    town, family, (child, other) = edge(0.7)
    requests.ask_for_care(town, family, child, WEEK)
    panels.ask(town, family, WEEK)
    family.panel_due = WEEK + 3
    assert requests.held_up(town, family) == pytest.approx(town.p.panels[0].emergency) == 1.5
    requests.ask_for_care(town, family, other, WEEK)
    assert (other.placement, family.panel) == (Placement.CRISIS, Panel.RESOURCE)
    requests.ask_for_care(town, family, child, WEEK)
    assert (child.placement, family.panel) == (Placement.CRISIS, Panel.NONE)
    assert events(town, Event.PANEL_WITHDRAWN) == 1
    assert town.money is not None and rules("money").weekly_price(town, child.placement) == town.p.prices[0].crisis


def test_a_case_that_is_not_grave_waits_like_any_other():
    town, family, (child, _) = edge(0.59)
    requests.ask_for_care(town, family, child, WEEK)
    panels.ask(town, family, WEEK)
    assert requests.held_up(town, family) == 1.0
    requests.ask_for_care(town, family, child, WEEK)
    assert (child.placement, family.panel) == (Placement.HOME, Panel.RESOURCE)


def test_a_deferred_paper_is_written_again_and_is_rework():
    town, family, (child, _) = edge()
    put(town, panels__defer=0.5, panels__defer_weeks=1.0, panels__prep=6.0)
    family.panel_child = -1
    requests.propose(family, Panel.RESOURCE, Decision.ACCOMMODATE, requests.row_of(town, family, child), WEEK)
    panels.ask(town, family, WEEK)
    panels.defer(town, family, WEEK, 0.5)
    assert (family.deferrals, family.panel_due, family.panel) == (1, WEEK + 1, Panel.RESOURCE)
    row = town.weekly[WEEK]
    assert row.demand_hours[Failure.F7_REWORK, Event.PANEL_DEFERRED] == 6.0
    assert row.panel_prep_hours == 12.0
    lever(town, bureaucracy_relief=1.0)
    put(town, effects__relief_prep=0.5)
    assert requests.prep_hours(town, Panel.RESOURCE) == 3.0


@pytest.mark.parametrize(("appeal", "panel"), [(1.0, Panel.RESOURCE), (0.0, Panel.NONE)])
def test_a_refusal_is_appealed_once_or_the_case_drifts_and_costs_trust(appeal, panel):
    town, family, (child, _) = edge()
    put(town, panels__appeal=appeal, trust__refused_by_panel=0.02)
    requests.propose(family, Panel.RESOURCE, Decision.ACCOMMODATE, requests.row_of(town, family, child), WEEK)
    panels.ask(town, family, WEEK)
    panels.refuse(town, family, WEEK)
    assert (family.panel, family.trust) == (panel, pytest.approx(0.48))
    assert child.placement == Placement.HOME
    if appeal:
        panels.refuse(town, family, WEEK)
        assert (family.panel, events(town, Event.PANEL_REFUSED)) == (Panel.NONE, 2)


def test_pooled_money_means_fewer_deferrals():
    counts = []
    for pooled in (0.0, 1.0):
        town, family, (child, _) = edge()
        put(town, panels__defer=0.5, effects__pooled_defer=1.0)
        lever(town, pooled_budget=pooled)
        for week in range(60, 110):
            requests.propose(
                family, Panel.RESOURCE, Decision.PLACEMENT_CHANGE, requests.row_of(town, family, child), week
            )
            family.panel_stage = Stage.QUEUED
            panels.hear(town, family, week)
        counts.append(int(town.weekly["events"][:, Event.PANEL_DEFERRED].sum()))
    assert counts[1] == 0
    assert 12 <= counts[0] <= 38  # 50 fair coins: outside with a chance of 1 in 4,000


def test_urgent_papers_come_first_then_the_longest_wait_then_the_key():
    town, family, _ = edge(0.7)
    requests.propose(family, Panel.RESOURCE, Decision.ACCOMMODATE, int(family.first_child), WEEK)
    urgent = panels.place_in_queue(town, family, 5, WEEK)
    family.judged = 0.5
    assert urgent < panels.place_in_queue(town, family, 0, WEEK)
    family.panel_since = WEEK - 2
    waited = panels.place_in_queue(town, family, 9, WEEK)
    family.panel_since = WEEK
    assert waited < panels.place_in_queue(town, family, 3, WEEK) < panels.place_in_queue(town, family, 4, WEEK)


def test_a_panel_hears_only_as_many_papers_as_it_has_time_for():
    town = fresh()
    put(town, panels__resource_slots=12, panels__resource_weeks=1.0, support__flexible_rate=0.0, panels__defer=0.0,
        panels__refuse=0.0, rights__accommodate=0.0)  # fmt: skip
    lever(town, **NO_LEVERS)
    town.facts[0].ten_thousands = 1.0
    for row in range(10):
        family = town.families[row]
        family.status, family.judged, family.n_away = Status.CHILD_IN_NEED, 0.3, 0
        requests.propose(family, Panel.RESOURCE, Decision.ACCOMMODATE, -1, WEEK)
    awaken(town, *range(10))
    panels.sit(town, WEEK)
    assert events(town, Event.PANEL_ASKED) == 10
    assert events(town, Event.PANEL_APPROVED) == 2
    assert town.weekly[WEEK].panel_waiting[Panel.RESOURCE] == 8
    assert (town.families["package"] > 0).sum() == 2


def test_funders_who_dispute_settle_later_and_sooner_with_pooled_money():
    lengths = []
    for pooled in (0.0, 1.0):
        town, family, (child, _) = edge()
        put(town, panels__disputed=0.9, effects__pooled_dispute=0.7)
        lever(town, pooled_budget=pooled)
        child.placement, child.legal_status, child.joint_funded, family.n_away = (
            Placement.CHILDRENS_HOME,
            Legal.CARE_ORDER,
            0,
            1,
        )
        week = next(w for w in range(60, 100) if rules("luck").luck(town.luck, family.key, w, 72, 1) < 0.9)
        requests.propose(family, Panel.JOINT, Decision.TRIPARTITE, requests.row_of(town, family, child), week)
        family.panel_stage = Stage.QUEUED
        assert panels.dispute(town, family, week)
        assert (family.panel_stage, child.joint_funded) == (Stage.DISPUTED, 0)
        lengths.append(int(family.panel_due) - week)
        panels.settle(town, family, int(family.panel_due))
        assert child.joint_funded == 1 and town.weekly["events"][:, Event.PANEL_SETTLED].sum() == 1
    assert lengths[1] < lengths[0]


def test_the_authority_pays_all_of_a_joint_package_until_the_funders_agree():
    town, family, (child, _) = edge()
    put(town, support__joint_others=0.5)
    child.placement, child.legal_status, family.n_away = Placement.CHILDRENS_HOME, Legal.CARE_ORDER, 1
    town.money[0].scarcity, town.facts[0].homes_cost = 1.0, 6000.0
    rules("sign_off").pay_jointly(town, family, WEEK)
    assert town.weekly[WEEK].spend_joint == 0.0
    child.joint_funded = 1
    rules("sign_off").pay_jointly(town, family, WEEK)
    assert town.weekly[WEEK].spend_joint == 300_000.0
    whole = rules("money").placements_cost(town)
    rules("money").spend(town, WEEK)
    assert town.weekly[WEEK].spend_placements == whole - 300_000.0


def test_brothers_and_sisters_who_came_to_homes_together_and_call_for_it_are_funded_together():
    town, family, children = edge()
    put(town, support__joint_share=1.0)
    for child, placed in zip(children, (50, 50), strict=True):
        child.placement, child.placed, child.joint_funded = Placement.CHILDRENS_HOME, placed, 0
    requests.propose(family, Panel.JOINT, Decision.TRIPARTITE, requests.row_of(town, family, children[1]), WEEK)
    panels.carry_out(town, family, WEEK, False)
    assert [child.joint_funded for child in children] == [1, 1]
    children[0].joint_funded = children[1].joint_funded = 0
    children[0].placed = 49
    requests.propose(family, Panel.JOINT, Decision.TRIPARTITE, requests.row_of(town, family, children[1]), WEEK)
    panels.carry_out(town, family, WEEK, False)
    assert [child.joint_funded for child in children] == [0, 1]
    put(town, support__joint_share=0.0)
    children[0].placed, children[1].joint_funded = 50, 0
    panels.share_the_cost(town, family, requests.row_of(town, family, children[1]))
    assert [child.joint_funded for child in children] == [0, 1]


def test_the_joint_panel_sits_once_a_month():
    assert [week for week in range(13) if panels.sits(Panel.JOINT, week)] == [3, 7, 12]
    assert all(panels.sits(Panel.RESOURCE, week) for week in range(13))


@pytest.mark.parametrize(("own", "least", "most"), [(False, 4, 26), (True, 1, 6)])
def test_a_step_down_takes_the_provider_months_and_a_needs_led_review_weeks(own, least, most):
    town, family, _ = edge()
    weeks = {panels.provider_weeks(town, family, week, own) for week in range(2000)}
    assert (min(weeks), max(weeks)) == (least, most)


def test_a_waiting_family_starts_at_once_with_a_lead_professional_and_else_after_the_early_help_panel():
    front_door = rules("front_door")
    town, family, _ = home(5)
    lever(town, **NO_LEVERS)
    put(town, rights__start_early_help=0.0, panels__early_help_weeks=1.0)
    front_door.wait_for_early_help(town, family, WEEK, 0.1)
    assert family.permission == Permission.NONE
    panels.sit(town, WEEK)
    assert family.permission == Permission.ABOVE
    assert town.weekly[WEEK].events[Event.PANEL_APPROVED, Agency.EARLY_HELP] == 1
    put(town, rights__start_early_help=0.5, effects__rights_help_door=0.6)
    lever(town, no_wrong_door=1.0)
    front_door.wait_for_early_help(town, family, WEEK, 0.1)
    assert family.permission == Permission.OWN


def test_a_paper_that_is_overtaken_is_withdrawn():
    town, family, (child, _) = edge()
    requests.ask_for_care(town, family, child, WEEK)
    panels.ask(town, family, WEEK)
    family.status, family.panel_due = Status.PROCEEDINGS, WEEK + 2
    panels.sit(town, WEEK + 1)
    assert (family.panel, events(town, Event.PANEL_WITHDRAWN, WEEK + 1)) == (Panel.NONE, 1)


def test_a_package_averts_some_entries_and_costs_money_while_it_runs():
    town, family, _ = edge()
    put(town, support__package_averts=0.2, support__package_cost=350)
    family.package = 1
    assert requests.held_up(town, family) == pytest.approx(0.8)
    panels.support_runs(town, family, WEEK)
    assert (family.package, town.weekly[WEEK].spend_support) == (0, 35_000.0)
    assert requests.held_up(town, family) == 1.0


def test_the_legal_gateway_lets_families_into_pre_proceedings_and_to_court_and_refuses_none():
    for status, after in (
        (Status.CHILD_PROTECTION, Status.PRE_PROCEEDINGS),
        (Status.PRE_PROCEEDINGS, Status.PROCEEDINGS),
    ):
        town, family, _ = edge(0.9)
        put(town, panels__legal_weeks=1.0, panels__legal_slots=12, panels__defer=0.5, panels__refuse=0.3)
        family.status, family.permission = status, Permission.NONE
        requests.ask_for_legal_gateway(town, family, WEEK)
        panels.sit(town, WEEK)
        rules("court").hear(town, WEEK)
        assert family.status == after
        assert town.weekly[WEEK].panel_prep_hours == town.p.panels[0].prep


@pytest.mark.slow
def test_every_paper_is_approved_refused_withdrawn_or_waiting_and_every_child_away_has_a_place():
    keen = {"edge_of_care.entry": 0.008, "support.package_above": 0.45, "support.package_rate": 0.2,
            "panels.refuse": 0.3, "panels.defer": 0.5}  # fmt: skip
    town = young_town(scale=0.05, weeks=150, parameters=changed(DEFAULT, keen))
    for week in range(150):
        live_weeks(town, 1, week)
        ended = sum(town.weekly["events"][: week + 1, event].sum(axis=0) for event in
                    (Event.PANEL_APPROVED, Event.PANEL_REFUSED, Event.PANEL_WITHDRAWN))  # fmt: skip
        asked = town.weekly["events"][: week + 1, Event.PANEL_ASKED].sum(axis=0)
        waiting = np.zeros(len(Agency))
        for panel in (Panel.EARLY_HELP, Panel.RESOURCE, Panel.JOINT, Panel.LEGAL):
            stages = town.families["panel_stage"][town.families["panel"] == panel]
            waiting[requests.secretary(panel)] = np.isin(stages, [int(Stage.QUEUED), int(Stage.DISPUTED)]).sum()
        assert np.array_equal(asked, ended + waiting)
        away = np.isin(town.children["legal_status"], [3, 4, 5, 6, 7])
        assert not np.isin(town.children["placement"][away], [int(Placement.HOME), int(Placement.BEING_PLACED)]).any()
    assert asked[Agency.SOCIAL_CARE] > 5 and asked[Agency.EARLY_HELP] > 5
