"""Rules worked by hand: the ledger at the week's end (P20), from which every measure is read."""

import pytest
from test_rules_common import WEEK, events, fresh, home, put, rules

from familyabm.codes import NEVER, Carer, Category, Event, Legal, Placement, Status, Tally, Worker

ledger = rules("ledger")
YEAR = 52


def counted(age: float = 9.0, **fields: float):
    """Return a town, an open family, its child with these fields, and the week's row after the child is counted."""
    town, family, (child,) = home(age)
    put(town, harm__level_2=0.2, harm__level_4=0.5, plans__intensive=0.8, demand__omission_weeks=3)
    family.status, family.help, family.n_away, child.harm, child.high_weeks = Status.CHILD_IN_NEED, 0.0, 0, 0.1, 0
    child.legal_status, child.placement, child.since, child.moves, child.changes = (
        Legal.NONE,
        Placement.HOME,
        WEEK,
        0,
        0,
    )
    for name, value in fields.items():
        child[name] = value
    ledger.count_child(town, family, child, WEEK)
    return town, family, child, town.weekly[WEEK]


def test_a_child_with_a_plan_is_counted_by_its_kind_of_harm_its_decile_and_how_long():
    _, family, _, row = counted(
        legal_status=Legal.CHILD_PROTECTION_PLAN, category=Category.EMOTIONAL, since=WEEK - 2 * YEAR, changes=3
    )
    assert row.legal[Legal.CHILD_PROTECTION_PLAN] == row.legal.sum() == 1
    assert row.plan_category[Category.EMOTIONAL] == row.plan_category.sum() == 1
    assert row.decile_plans[family.deprivation_decile] == row.decile_plans.sum() == 1
    assert (row.long_plans, row.changed_often, row.changes_sum, row.open_children) == (1, 1, 3, 1)
    assert (row.harm_sum, row.placement.sum(), row.decile_looked_after.sum()) == (pytest.approx(0.1), 0, 0)


def test_a_new_plan_is_not_long_and_two_changes_of_worker_are_not_often():
    *_, row = counted(legal_status=Legal.CHILD_PROTECTION_PLAN, category=Category.NEGLECT, changes=2)
    assert (row.long_plans, row.changed_often, row.changes_sum) == (0, 0, 2)


@pytest.mark.parametrize(("age", "since", "placed", "long"), [(9, 200, 150, (1, 1)), (9, 200, 50, (1, 0)), (9, 50, 50, (0, 0)),
                                                              (16.5, 200, 150, (0, 0))])  # fmt: skip
def test_a_child_looked_after_is_counted_by_place_and_by_how_long_it_has_been_there(age, since, placed, long):
    _, family, _, row = counted(
        age, legal_status=Legal.CARE_ORDER, placement=Placement.AGENCY_FOSTER, moves=3, far=1,
        care_began=WEEK - since, placed=WEEK - placed,
    )  # fmt: skip
    assert row.placement[Placement.AGENCY_FOSTER] == row.placement.sum() == 1
    assert (row.moved_often, row.far_placed, row.siblings_away) == (1, 1, 0)
    assert row.decile_looked_after[family.deprivation_decile] == row.decile_looked_after.sum() == 1
    assert (row.long_care, row.long_placed) == long
    assert (row.open_children, row.changed_often) == (1, 0)


def test_brothers_and_sisters_away_are_counted_where_there_is_more_than_one():
    town, family, child, row = counted(
        legal_status=Legal.CARE_ORDER, placement=Placement.CHILDRENS_HOME, with_sibling=1
    )
    assert row.siblings_away == 0
    family.n_away = 2
    ledger.count_stability(row, family, child, WEEK)
    assert (row.siblings_away, row.siblings_together) == (1, 1)


def test_children_in_need_count_on_their_workers_but_for_those_whom_others_hold():
    town, family, child, row = counted(legal_status=Legal.CHILD_IN_NEED)
    put(town, working_time__held_by_others=0.25)
    family.worker = 0
    before = float(row.allocated)
    ledger.count_child(town, family, child, WEEK)
    assert row.allocated - before == 0.75 and row.open_children == 2
    family.status, child.legal_status = Status.ASSESSMENT, Legal.NONE
    ledger.count_child(town, family, child, WEEK)
    assert row.open_children == 3
    child.placement = Placement.PERMANENT_FAMILY
    ledger.count_child(town, family, child, WEEK)
    assert row.open_children == 3


def test_weeks_of_significant_harm_are_counted_and_missed_if_nobody_answers_for_so_long():
    town, family, child, row = counted(harm=0.6)
    assert (row.harm_weeks, row.harm_unknown, child.high_weeks, row.omissions) == (1, 0, 1, 0)
    assert town.tally[:, Tally.HARM_WEEKS].sum() == 1
    for _ in range(3):
        ledger.count_harm(town, family, child, WEEK)
    assert (child.high_weeks, row.omissions, events(town, Event.OMISSION)) == (4, 2, 1)
    family.help = 0.8
    ledger.count_harm(town, family, child, WEEK)
    assert child.high_weeks == 0
    family.help, family.status = 0.0, Status.UNIVERSAL
    ledger.count_harm(town, family, child, WEEK)
    assert (child.high_weeks, row.harm_unknown, row.harm_weeks) == (1, 1, 6)
    child.harm = 0.49
    ledger.count_harm(town, family, child, WEEK)
    assert (child.high_weeks, row.harm_weeks) == (0, 6)


def test_a_familys_clock_runs_from_the_first_sign_over_the_first_help_to_the_need_met():
    town, family, _ = home(9)
    put(town, harm__level_2=0.2, plans__works_above=0.5, demand__met_weeks=13)
    family.first_sign, family.contacted, family.harm, family.help, family.low_weeks = NEVER, WEEK - 1, 0.3, 0.0, 0
    ledger.first_sign_and_help(town, family, WEEK)
    assert family.first_sign == NEVER
    family.contacted, family.harm = WEEK, 0.1
    ledger.first_sign_and_help(town, family, WEEK)
    assert family.first_sign == NEVER
    family.harm = 0.2
    ledger.first_sign_and_help(town, family, WEEK)
    assert (family.first_sign, family.first_help) == (WEEK, NEVER)
    family.help, family.n_workers, family.n_assessments = 0.5, 2, 1
    ledger.first_sign_and_help(town, family, WEEK + 4)
    assert (family.first_help, town.weekly[WEEK + 4].help_weeks) == (WEEK + 4, 4)
    family.low_weeks = 13
    ledger.first_sign_and_help(town, family, WEEK + 30)
    row = town.weekly[WEEK + 30]
    assert (row.met_weeks, row.met_squares, row.met_workers, row.met_assessments) == (30, 900, 2, 1)
    assert (family.first_sign, row.help_weeks) == (NEVER, 0)


def test_foster_households_are_counted_while_they_foster():
    town = fresh()
    carers = town.carers
    carers["state"] = Carer.RESIGNED
    for place, state in enumerate((Carer.VACANT, Carer.STRAINED)):
        carers[place].state, carers[place].places, carers[place].n_children = state, 2, place
    ledger.count_carers(town, WEEK)
    row = town.weekly[WEEK]
    assert (row.carers, row.carer_places, row.carer_children, row.carers_strained) == (2, 4, 1, 1)


@pytest.mark.parametrize(
    ("kind", "back", "counted"),
    [(Worker.VACANT, 0, (0, 0, 0, 0)), (Worker.AGENCY, 0, (2, 0, 2, 0)), (Worker.PERMANENT, WEEK + 1, (2, 2, 0, 2))],
)
def test_posts_are_counted_by_who_holds_them(kind, back, counted):
    town = fresh()
    row, worker = town.weekly[WEEK], next(one for one in town.workers if rules("units").holds_cases(one))
    town.workers["fte"] = 0.0
    worker.kind, worker.back, worker.fte = kind, back, 2.0
    ledger.count_workers(town, WEEK)
    assert row.posts == 2
    assert (row.holders, row.absent, row.agency_workers, row.permanent_workers) == counted


def test_a_year_after_closure_a_family_is_in_universal_services_again():
    town = fresh()
    families = town.families
    families["status"] = Status.UNIVERSAL
    for place, (status, since) in enumerate(
        [(Status.CLOSED, YEAR), (Status.CLOSED, YEAR - 1), (Status.EARLY_HELP, 400)]
    ):
        families[place].status, families[place].since = status, WEEK - since
    ledger.count_statuses(town, WEEK)
    row = town.weekly[WEEK]
    assert (row.status[Status.CLOSED], row.status[Status.EARLY_HELP]) == (1, 1)
    assert row.status[Status.UNIVERSAL] == row.families - 2 == len(families) - 2
    assert (families[0].status, families[0].since) == (Status.UNIVERSAL, WEEK)


def test_the_children_of_quiet_families_are_in_no_legal_status():
    town, family, (child,) = home(9)
    family.status, child.legal_status, child.category = Status.CHILD_PROTECTION, Legal.CHILD_PROTECTION_PLAN, 1
    town.authority[0].children = 50
    ledger.close_week(town, WEEK)
    row = town.weekly[WEEK]
    assert (row.legal[Legal.CHILD_PROTECTION_PLAN], row.legal[Legal.NONE], row.legal.sum()) == (1, 49, 50)
    assert row.children_status[Status.CHILD_PROTECTION] == 1
