"""Rules worked by hand: entering care, placements, leaving care (P15)."""

import math

import pytest
from test_rules_common import WEEK, events, fresh, home, lever, put, rules
from towns import awaken

from familyabm.codes import NEVER, NOBODY, Carer, Decision, Event, Failure, Legal, Panel, Placement, Status
from familyabm.tables import CARER, empty
from familyabm.town import Town

entry, placements, leaving, crisis = rules("entry"), rules("placements"), rules("leaving_care"), rules("crisis")
AT = Placement


def with_carers(town: Town, n: int) -> Town:
    """Return the town with so many vacant foster households, each approved for one child and able for any."""
    tables = {name: town.given[name] for name in town}
    tables["carers"] = empty(CARER, n)
    tables["carers"]["state"], tables["carers"]["places"], tables["carers"]["skill"] = Carer.VACANT, 1, 1.0
    return Town(p=dict(town.p.groups), **tables)


def market(age: float = 8, **used: float):
    """Return a child to be placed: 9 in-house carers, 10 agency places and 4 in homes, all free but those used."""
    town, family, (child,) = home(age, town=with_carers(fresh(), 9))
    put(
        town,
        placements__foster_full=0.9,
        placements__kinship=0.0,
        placements__supported=0.0,
        placements__teenager_home=0.0,
        carers__least_fit=0.0,
    )
    lever(town, joint_response=0.0, pooled_budget=0.0)
    facts, authority = town.facts[0], town.authority[0]
    facts.agency_places, facts.homes_places = 10.0, 4.0
    authority.in_house_used = authority.agency_used = authority.homes_used = 0.0
    town.carers["n_children"][: int(used.get("in_house", 0))] = 1
    for name, value in used.items():
        authority[f"{name}_used"] = value
    return town, family, child


@pytest.mark.parametrize(
    ("used", "where"),
    [({}, AT.IN_HOUSE_FOSTER), ({"in_house": 8}, AT.IN_HOUSE_FOSTER), ({"in_house": 9}, AT.AGENCY_FOSTER),
     ({"in_house": 9, "agency": 9}, AT.CHILDRENS_HOME), ({"in_house": 9, "agency": 9, "homes": 5}, AT.CHILDRENS_HOME),
     ({"in_house": 9, "agency": 9, "homes": 6}, AT.CRISIS)],
)  # fmt: skip
def test_a_family_is_sought_among_own_carers_then_agencies_then_homes_then_anywhere(used, where):
    town, family, child = market(**used)
    assert entry.choose_place(town, family, child, WEEK) == where


@pytest.mark.parametrize(
    ("age", "where"),
    [(15.99, AT.CHILDRENS_HOME), (16, AT.SUPPORTED), (11, AT.CHILDRENS_HOME), (10.98, AT.IN_HOUSE_FOSTER)],
)
def test_supported_accommodation_is_for_sixteen_and_over_and_homes_are_sought_for_teenagers(age, where):
    town, family, child = market(age)
    put(town, placements__supported=1.0, placements__teenager_home=1.0)
    assert entry.choose_place(town, family, child, WEEK) == where


def test_kin_come_before_carers_and_joint_work_finds_more_of_them():
    town, family, child = market(13, in_house=9)
    put(town, effects__joint_kinship=1.0, placements__teenager_home=1.0)
    assert entry.choose_place(town, family, child, WEEK) == AT.CHILDRENS_HOME
    lever(town, joint_response=1.0)
    assert entry.choose_place(town, family, child, WEEK) == AT.KINSHIP_FOSTER


def test_a_match_is_better_where_money_follows_needs_and_stays_within_its_bounds():
    town, family, child = market()
    put(town, placements__match_base=0.4, effects__pooled_match=0.3)
    draw = rules("luck").four(town.luck, child.key, WEEK, 22)[3]
    assert entry.match_found(town, family, child, WEEK) == pytest.approx(0.4 + 0.4 * (draw - 0.5) + 0.12)
    lever(town, pooled_budget=0.5)
    assert entry.match_found(town, family, child, WEEK) == pytest.approx(0.55 + 0.4 * (draw - 0.5) + 0.12)
    for base, bound in ((9.0, 1.0), (-9.0, 0.1)):
        put(town, placements__match_base=base)
        assert entry.match_found(town, family, child, WEEK) == bound


def test_a_move_gives_back_the_old_place_and_takes_the_new():
    town, family, child = market(in_house=3, agency=2, homes=1)
    for old, new, used in (
        (AT.IN_HOUSE_FOSTER, AT.AGENCY_FOSTER, (2, 3, 1)), (AT.AGENCY_FOSTER, AT.CHILDRENS_HOME, (2, 2, 2)),
        (AT.CHILDRENS_HOME, AT.CRISIS, (2, 2, 1)), (AT.CRISIS, AT.KINSHIP_FOSTER, (2, 2, 1)),
    ):  # fmt: skip
        child.placement = old
        entry.place(town, family, child, WEEK, new)
        authority = town.authority[0]
        assert (authority.in_house_used, authority.agency_used, authority.homes_used) == used
        assert (child.placement, child.placed) == (new, WEEK)
    assert (child.moves, events(town, Event.PLACED)) == (4, 4)


@pytest.mark.parametrize(("harm", "fated", "flag"), [(0.4499, NEVER, 1), (0.45, NEVER, 0), (0.1, WEEK, 0)])
def test_an_entry_to_care_is_counted_and_flagged_where_it_was_not_called_for(harm, fated, flag):
    town, family, child = market()
    put(town, assessment__commission_care=0.45)
    child.harm, child.fated, child.legal_status, child.came_home = harm, fated, Legal.CHILD_PROTECTION_PLAN, WEEK - 104
    child.care_began = WEEK - 200
    entry.enter_care(town, family, child, WEEK, Legal.SECTION_20)
    assert (child.legal_status, child.care_began, child.plan_ended, family.n_away) == (3, WEEK, WEEK, 1)
    assert (child.placement, child.moves) == (AT.BEING_PLACED, 0)
    found = [events(town, e) for e in (Event.CARE_STARTED, Event.CARE_AGAIN, Event.COMMISSION_CARE, Event.PLAN_ENDED)]
    assert found == [1, 1, flag, 1]
    assert town.weekly[WEEK].demand_hours[Failure.F9_BROKEN_SOLUTION, Event.CARE_STARTED] == town.p.demand[0].move


def test_the_edge_of_care_is_steep_in_harm_and_steeper_for_teenagers_and_under_fear():
    town, family, child = market()
    put(town, edge_of_care__entry=0.004, edge_of_care__entry_above=0.5, edge_of_care__entry_from=0.4, edge_of_care__entry_scale=0.2,
        edge_of_care__entry_shape=2.0, edge_of_care__teenager=0.5, edge_of_care__anxiety=0.4, effects__joint_edge=0.3)  # fmt: skip
    child.harm = 0.5
    assert crisis.edge_rate(town, family, child, WEEK) == 0.0
    child.harm = 0.7
    assert crisis.edge_rate(town, family, child, WEEK) == pytest.approx(0.009)
    child.born = WEEK - 11 * 52
    town.authority[0].risk_aversion = 0.5
    assert crisis.edge_rate(town, family, child, WEEK) == pytest.approx(0.009 * 1.5 * 1.2)
    lever(town, joint_response=0.5)
    assert crisis.edge_rate(town, family, child, WEEK) == pytest.approx(0.009 * 1.5 * 1.2 * 0.85)


@pytest.mark.parametrize(("weeks", "left"), [(0, 1.0), (80, 0.5), (160, 0.0), (300, 0.0)])
def test_a_return_home_fails_less_often_with_time_and_help(weeks, left):
    town, family, child = market()
    put(
        town,
        edge_of_care__re_entry=0.01,
        edge_of_care__re_entry_fades=40,
        edge_of_care__support=0.5,
        plans__dose_ceiling=0.8,
    )
    child.came_home, child.harm = WEEK - weeks, 0.3
    assert crisis.back_from_home(town, family, child, WEEK) == pytest.approx(0.01 * left * 0.6)
    family.help, child.harm = 0.4, 0.9
    assert crisis.back_from_home(town, family, child, WEEK) == pytest.approx(0.01 * left * 0.75)


@pytest.mark.parametrize(
    ("status", "fated", "enters"),
    [(Status.CHILD_IN_NEED, NEVER, True), (Status.UNIVERSAL, NEVER, False), (Status.PROCEEDINGS, NEVER, False), (Status.UNIVERSAL, WEEK, True)],
)  # fmt: skip
def test_care_by_agreement_comes_through_a_service_and_fate_through_none(status, fated, enters):
    town, family, child = market()
    put(town, edge_of_care__entry=1e6)
    child.harm, child.fated, family.status = 0.9, fated, status
    placements.may_enter(town, family, child, WEEK)
    assert (child.legal_status == Legal.SECTION_20) == (fated == WEEK)
    assert (family.panel_about == Decision.ACCOMMODATE and family.panel == Panel.RESOURCE) == (enters and fated != WEEK)


@pytest.mark.parametrize(
    ("where", "difficulties", "expected"),
    [(AT.IN_HOUSE_FOSTER, 0, 0.004), (AT.IN_HOUSE_FOSTER, 10, 0.006), (AT.SUPPORTED, 10, 0.0012), (AT.WITH_PARENTS, 0, 0.0012),
     (AT.FOR_ADOPTION, 10, 0.0)],
)  # fmt: skip
def test_a_poor_match_and_difficulties_break_a_placement_down(where, difficulties, expected):
    town, _, child = market()
    put(town, placements__breakdown=0.004, placements__match_needed=1.6, placements__behaviour=0.05)
    child.placement, child.match, child.behaviour = where, 0.6, difficulties
    assert placements.breakdown_rate(town, child, WEEK) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("start", "age", "secure", "escalates", "where"),
    [(AT.CHILDRENS_HOME, 14, 1.0, 0.0, AT.SECURE), (AT.CHILDRENS_HOME, 9, 1.0, 0.0, AT.IN_HOUSE_FOSTER),
     (AT.IN_HOUSE_FOSTER, 14, 1.0, 1.0, AT.CHILDRENS_HOME), (AT.IN_HOUSE_FOSTER, 9, 0.0, 0.0, AT.IN_HOUSE_FOSTER)],
)  # fmt: skip
def test_a_child_whose_placement_breaks_down_moves(start, age, secure, escalates, where):
    town, family, child = market(age, in_house=1, homes=1)
    put(town, placements__secure=secure, placements__escalates=escalates, placements__broken_match=0.6)
    child.placement, child.match = start, 0.59
    placements.break_down(town, family, child, WEEK)
    assert (child.placement, child.broke_down, child.moves) == (where, WEEK, 1)
    assert town.weekly[WEEK].demand_count[Failure.F9_BROKEN_SOLUTION, Event.PLACEMENT_BROKE_DOWN] == 1


@pytest.mark.parametrize(("weeks", "where"), [(12, AT.SECURE), (13, AT.CHILDRENS_HOME)])
def test_a_secure_placement_ends_after_its_time(weeks, where):
    town, family, child = market(14)
    put(town, placements__secure_weeks=13)
    child.placement, child.placed = AT.SECURE, WEEK - weeks
    placements.live_on(town, family, child, WEEK)
    assert child.placement == where


def test_children_step_down_from_homes_where_resources_are_pooled():
    town, family, child = market(9, homes=1)
    put(
        town,
        placements__step_down=0.01,
        effects__pooled_step_down=2.0,
        effects__joint_step=0.5,
        placements__breakdown=0.0,
    )
    lever(town, pooled_budget=0.5, joint_response=0.4)
    assert placements.step_down_rate(town) == pytest.approx(0.01 * 1.2)
    put(town, placements__step_down=1e6)
    child.placement = AT.CHILDRENS_HOME
    placements.live_on(town, family, child, WEEK)
    assert (family.panel, family.panel_about) == (Panel.RESOURCE, Decision.PLACEMENT_CHANGE)
    assert town.children[family.panel_child].key == child.key and child.placement == AT.CHILDRENS_HOME
    rules("panels").step_down(town, family, WEEK)
    assert (child.placement, town.authority[0].homes_used, town.authority[0].in_house_used) == (
        AT.IN_HOUSE_FOSTER,
        0,
        1,
    )


@pytest.mark.parametrize("legal", [Legal.NONE, Legal.CARE_ORDER])
def test_on_the_first_of_april_the_present_placement_is_the_first_and_workers_are_counted_anew(legal):
    for week, anew in ((104, True), (105, False)):
        town, _, child = market()
        child.moves = child.changes = 5
        awaken(town)
        child.legal_status = legal
        placements.care(town, week)
        assert (child.moves, child.changes) == ((int(legal == Legal.CARE_ORDER), 0) if anew else (5, 5))


def away(legal=Legal.SECTION_20, where=AT.IN_HOUSE_FOSTER, weeks: int = 30):
    town, family, child = market(8, in_house=3, homes=2)
    child.legal_status, child.placement, child.care_began = legal, where, WEEK - weeks
    family.n_away, family.status, family.worker = 1, Status.CLOSED, 0
    put(town, placements__home=0.0, placements__guardian=0.0, placements__guardian_kinship=0.0, placements__arrangements=0.0,
        placements__adoption_match=0.0, placements__independent=0.0, placements__relatives=0.0, placements__moves_away=0.0)  # fmt: skip
    return town, family, child


@pytest.mark.parametrize(
    ("legal", "weeks", "times"),
    [(Legal.SECTION_20, 26, 1.0), (Legal.SECTION_20, 25, 2.0), (Legal.CARE_ORDER, 26, 0.25), (Legal.INTERIM_CARE_ORDER, 26, 0.0),
     (Legal.PLACEMENT_ORDER, 26, 0.0)],
)  # fmt: skip
def test_going_home_is_likeliest_early_on_and_falls_with_harm_there(legal, weeks, times):
    town, family, child = away(legal, weeks=weeks)
    put(town, placements__home=0.005, placements__home_harm=1.3, placements__home_early=2.0, placements__home_by_order=0.25,
        effects__joint_home=0.2, harm__strain_scale=1.0, harm__strain_shape=1.0)  # fmt: skip
    assert leaving.home_rate(town, family, child, WEEK) == pytest.approx(0.005 * times)
    family.seen[1], family.network = 1, 0.0
    harm = 1 - math.exp(-town.p.chances[0].weight[1])
    lever(town, joint_response=0.5)
    assert leaving.home_rate(town, family, child, WEEK) == pytest.approx(0.005 * times * math.exp(-1.3 * harm) * 1.1)


def test_a_child_who_goes_home_is_a_child_in_need_and_gives_back_the_place():
    town, family, child = away()
    put(town, placements__home=1e6)
    leaving.may_leave(town, family, child, WEEK)
    assert (child.legal_status, child.placement, child.came_home) == (Legal.CHILD_IN_NEED, AT.HOME, WEEK)
    assert (family.status, family.due, family.n_away, family.worker) == (Status.CHILD_IN_NEED, WEEK + 6, 0, 0)
    assert (town.authority[0].in_house_used, family.n_settled) == (2, 0)


@pytest.mark.parametrize(
    ("name", "legal", "weeks", "status"),
    [("guardian", Legal.SECTION_20, 9, Legal.SPECIAL_GUARDIANSHIP), ("guardian", Legal.INTERIM_CARE_ORDER, 9, None),
     ("arrangements", Legal.CARE_ORDER, 9, Legal.CHILD_ARRANGEMENTS), ("arrangements", Legal.PLACEMENT_ORDER, 9, None),
     ("relatives", Legal.SECTION_20, 9, Legal.CHILD_ARRANGEMENTS), ("relatives", Legal.PLACEMENT_ORDER, 9, None)],
)  # fmt: skip
def test_children_leave_to_guardians_and_relatives(name, legal, weeks, status):
    town, family, child = away(legal, AT.CHILDRENS_HOME, weeks)
    put(town, **{f"placements__{name}": 1e6})
    leaving.may_leave(town, family, child, WEEK)
    assert child.legal_status == (legal if status is None else status)
    left = status is not None
    assert (family.n_away, family.n_settled, town.authority[0].homes_used) == (1 - left, int(left), 2 - left)
    assert family.worker == (NOBODY if left else 0)
    assert child.placement == (AT.PERMANENT_FAMILY if left else AT.CHILDRENS_HOME)


@pytest.mark.parametrize(("where", "left"), [(AT.KINSHIP_FOSTER, True), (AT.IN_HOUSE_FOSTER, False)])
def test_relatives_become_guardians_more_often(where, left):
    town, family, child = away(Legal.CARE_ORDER, where)
    put(town, placements__guardian_kinship=1e6)
    leaving.may_leave(town, family, child, WEEK)
    assert (child.legal_status == Legal.SPECIAL_GUARDIANSHIP) == left


def test_a_child_new_to_care_has_a_place_before_the_week_is_out_and_one_move():
    town, family, child = market()
    entry.enter_care(town, family, child, WEEK, Legal.SECTION_20)
    assert town.authority[0].in_house_used == 0
    placements.care(town, WEEK)
    assert (child.placement, child.placed, child.moves) == (AT.IN_HOUSE_FOSTER, WEEK, 1)
    assert (town.authority[0].in_house_used, events(town, Event.PLACED)) == (1, 1)


def test_a_child_placed_with_parents_is_matched_in_full():
    town, family, child = market()
    entry.place(town, family, child, WEEK, AT.WITH_PARENTS)
    assert child.match == 1.0


def test_a_child_is_placed_for_adoption_after_a_wait_and_adopted_when_the_order_is_made():
    town, family, child = away(Legal.PLACEMENT_ORDER, AT.CHILDRENS_HOME, 39)
    put(town, placements__adoption_wait=40, placements__adoption_weeks=20, placements__adoption_match=1e6)
    leaving.may_leave(town, family, child, WEEK)
    assert child.placement == AT.CHILDRENS_HOME
    leaving.may_leave(town, family, child, WEEK + 1)
    assert (child.placement, child.adopting, child.legal_status) == (AT.FOR_ADOPTION, WEEK + 1, Legal.PLACEMENT_ORDER)
    leaving.may_leave(town, family, child, WEEK + 20)
    assert child.legal_status == Legal.PLACEMENT_ORDER
    leaving.may_leave(town, family, child, WEEK + 21)
    assert (child.legal_status, family.n_away) == (Legal.ADOPTED, 0)
    row = town.weekly[WEEK + 21]
    assert (row.adoption_placed_weeks, row.adoption_order_weeks) == (40, 60)
