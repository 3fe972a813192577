"""Rules worked by hand: money (P19) and how practice follows policy (P17)."""

import pytest
from test_rules_common import WEEK, fresh, home, lever, put, rules
from towns import awaken

from familyabm.codes import Event, Legal, Phase, Placement, Worker
from familyabm.rules.each_lever import JOINT
from familyabm.tables import LEVERS

money, improvement = rules("money"), rules("improvement")


def test_twelve_months_of_a_year_end_in_weeks_four_eight_and_thirteen_of_each_quarter():
    assert [week for week in range(52) if money.month_ends(week)] == [
        q + w for q in (0, 13, 26, 39) for w in (3, 7, 12)
    ]


def in_credit(over: float, fence: float = 0.0):
    """Return a council over its budget by a share, with early help of 1,000,000 pence a week as at the start."""
    town = fresh()
    put(town, money__overspend_notice=0.05, money__raid_rate=0.1, money__raid_ceiling=0.04, money__early_help_floor=0.35,
        money__freeze_above=0.06, money__freeze=0.6, money__reinvest_below=-0.01, money__reinvest_rate=0.3,
        money__reinvest_ceiling=0.02, money__growth_ceiling=1.3, effects__fence_protects=1.0, effects__fence_reinvests=1.0,
        effects__fence_horizon=0.0, effects__pooled_horizon=0.0)  # fmt: skip
    lever(town, ring_fence=fence)
    account = town.money[0]
    account.early_help_base = account.early_help_budget = 1_000_000.0
    account.acute_budget, account.year_budget, account.year_spent = (
        9_000_000.0,
        10_000_000.0,
        round(10_000_000.0 * (1 + over)),
    )
    return town, account


@pytest.mark.parametrize(
    ("over", "fence", "taken"),
    [(0.05, 0.0, 0), (0.15, 0.0, 10_000), (0.35, 0.0, 30_000), (0.9, 0.0, 40_000), (0.15, 0.5, 5_000), (0.9, 1.0, 0)],
)
def test_an_overspend_takes_from_early_help_at_a_rate_with_a_ceiling_and_a_fence(over, fence, taken):
    town, account = in_credit(over, fence)
    money.settle_month(town, WEEK)
    assert account.early_help_budget == pytest.approx(1_000_000 - taken, abs=1)
    assert account.acute_budget == pytest.approx(9_000_000 + taken, abs=1)
    assert town.weekly[WEEK].raided == pytest.approx(taken, abs=1)
    assert account.acute_budget + account.early_help_budget == 10_000_000


def test_early_help_keeps_its_floor():
    town, account = in_credit(0.9)
    account.early_help_budget = 360_000.0
    money.settle_month(town, WEEK)
    assert account.early_help_budget == 350_000 or account.early_help_budget == 360_000 - 14_400
    for _ in range(60):
        money.settle_month(town, WEEK)
    assert account.early_help_budget == 350_000


@pytest.mark.parametrize(("over", "frozen"), [(0.0599, 1.0), (0.0601, 0.6), (-0.2, 1.0)])
def test_recruitment_is_frozen_above_its_mark(over, frozen):
    town, _ = in_credit(over)
    money.settle_month(town, WEEK)
    assert town.authority[0].frozen == frozen


@pytest.mark.parametrize(
    ("over", "fence", "budget", "moved"),
    [(-0.0099, 1.0, 1e6, 0), (-0.04, 1.0, 1e6, 12_000), (-0.5, 1.0, 1e6, 20_000), (-0.04, 0.5, 1e6, 6_000), (-0.04, 0.0, 1e6, 0),
     (-0.5, 1.0, 1.295e6, 5_000), (-0.5, 1.0, 1.4e6, 0)],
)  # fmt: skip
def test_a_saving_moves_to_early_help_as_far_as_the_fence_holds_it_for_that(over, fence, budget, moved):
    town, account = in_credit(over, fence)
    account.early_help_budget = budget
    money.settle_month(town, WEEK)
    assert account.early_help_budget == pytest.approx(budget + moved, abs=1)
    assert town.weekly[WEEK].reinvested == pytest.approx(moved, abs=1)


def test_a_new_year_brings_growth_and_part_of_last_years_overspend():
    town, account = in_credit(0.2)
    put(town, money__growth=0.01, money__rebase=0.5)
    money.new_year(town, WEEK)
    more = 90_000 + 0.5 * 2_000_000 / 52
    assert account.acute_budget == pytest.approx(9_000_000 + more, abs=1)
    assert (account.year_spent, account.year_budget) == (0.0, 0.0)
    assert town.weekly[WEEK].budget_moves == pytest.approx(more, abs=1)


@pytest.mark.parametrize(("places", "after"), [(20.0, 10.0), (4.0, 5.0), (10.0, 10.0)])
def test_places_close_at_once_and_reopen_slowly(places, after):
    town, account = in_credit(0.0)
    put(town, early_help__targeted_share=0.2, early_help__place_cost=200, money__slot_reopens=6)
    town.authority[0].early_help_places = places
    money.fund_places(town)
    assert town.authority[0].early_help_places == pytest.approx(after)
    assert account.early_help_budget == 1_000_000


def test_each_placement_has_its_price_and_full_homes_cost_more():
    town, family, (one, two) = home(5, 14)
    put(town, prices__kinship=400, prices__agency_foster=1.5, prices__supported=1400, prices__secure=9000, prices__crisis=11000,
        prices__at_home=100, prices__scarcity=0.5)  # fmt: skip
    town.facts[0].foster_cost, town.facts[0].homes_cost, town.facts[0].homes_places = 600.0, 6000.0, 10.0
    family.n_away, one.legal_status, two.legal_status = 2, Legal.CARE_ORDER, Legal.SECTION_20
    two.placement, town.authority[0].homes_used = Placement.CHILDRENS_HOME, 12.0
    for place, pounds in zip(list(Placement)[1:9], (400, 600, 900, 6600, 1400, 100, 9000, 11000), strict=True):
        one.placement = place
        assert money.placements_cost(town) == 100 * (pounds + 6600)
    assert town.money[0].scarcity == pytest.approx(1.1)


def test_staff_cost_agency_premium_and_overheads_of_every_post():
    town = fresh()
    put(town, money__worker=1000, money__agency_premium=0.4, money__overhead=0.5)
    town.workers["fte"], town.workers["kind"] = 0.0, Worker.VACANT
    town.workers[0].fte = 0.8
    for kind, pounds in ((Worker.VACANT, 400), (Worker.PERMANENT, 1200), (Worker.AGENCY, 1520)):
        town.workers[0].kind = kind
        assert money.staff_cost(town) == pytest.approx(100 * pounds, abs=1)


def test_the_weeks_spending_comes_out_of_its_budgets_to_the_penny():
    town, account = in_credit(0.0)
    put(town, money__proceedings=500, money__conference=300, front_door__partner_hours=2.0, money__partner_hour=40)
    awaken(town)
    town.authority[0].in_court, account.reserves = 3.0, 0.0
    row = town.weekly[WEEK]
    row.events[Event.CONFERENCE, 8], row.events[Event.CONTACT, 0], row.events[Event.CONTACT, 6] = 2, 5, 9
    before = account.year_spent
    money.spend(town, WEEK)
    assert (row.spend_legal, row.spend_partners) == (100 * 2100, 100 * 5 * 80)
    acute = row.spend_placements + row.spend_staff + row.spend_legal + row.spend_levers
    assert account.reserves == row.reserves == 9_000_000 - acute
    assert (account.year_spent - before, account.year_budget) == (acute, 19_000_000)


def test_levers_cost_what_they_stand_above_the_usual_and_a_design_before_that():
    town = fresh()
    put(
        town,
        programme__design_weeks=10,
        **{f"lever_costs__{name}": 5200.0 for name in LEVERS},
        programme__set_up=9000.0,
    )
    town.facts[0].ten_thousands, town.authority[0].first_week = 2.0, WEEK - 5
    lever(town, **{name: float(town.p.base[0][name]) for name in LEVERS})
    assert money.lever_cost(town, WEEK) == 0.0
    lever(town, joint_response=town.p.base[0].joint_response + 0.5, ring_fence=0.0)
    assert money.lever_cost(town, WEEK) == pytest.approx(100 * 2 * 50)
    town.policy["joint_response"] = 1.0
    town.authority[0].phase = Phase.DESIGN
    assert money.lever_cost(town, WEEK) == pytest.approx(100 * 2 * (50 + 900))
    town.authority[0].phase = Phase.CONDUCT
    assert money.lever_cost(town, WEEK + 5) == pytest.approx(100 * 2 * 50)


def test_nothing_is_moved_while_the_past_is_lived():
    town, account = in_credit(0.9)
    awaken(town)
    for raids, budget in ((0, 1_000_000), (1, 960_000)):
        account.early_help_budget, town.authority[0].raids, account.year_spent = 1_000_000.0, raids, 9e9
        money.settle(town, 55)
        assert account.early_help_budget == budget


def programme():
    town = fresh()
    put(town, programme__matures=0.1, programme__alone=0.5, programme__pressure_slows=0.5, programme__slips=0.2,
        programme__slip_pressure=0.5, effects__fence_slipping=0.6, programmes__lone_slips=0.0)  # fmt: skip
    town.authority[0].criticism = 0.0
    return town


@pytest.mark.parametrize(
    ("mean", "strain", "fence", "expected"),
    [(1.0, 0.0, 0.0, 0.4 + 0.06), (0.0, 0.0, 0.0, 0.4 + 0.03), (0.4, 0.0, 0.0, 0.4 + 0.042), (1.0, 0.2, 0.0, 0.4 + 0.048 - 0.008),
     (1.0, 0.2, 1.0, 0.4 + 0.048 - 0.0032), (1.0, 9.0, 0.0, 0.4 + 0.03 - 0.08)],
)  # fmt: skip
def test_maturity_grows_slower_alone_and_slips_under_pressure_less_behind_a_fence(mean, strain, fence, expected):
    town = programme()
    put(town, programme__pressure_above=1.1)
    lever(town, ring_fence=fence)
    town.maturity["joint_response"], town.policy["joint_response"] = 0.4, 1.0
    town.authority[0].load, town.authority[0].phase = 1.1 + strain, Phase.CONDUCT
    assert improvement.mature(town, JOINT, mean) == pytest.approx(expected)


def test_maturity_stays_between_none_and_all():
    town = programme()
    put(town, programme__matures=5.0, programme__slips=5.0, programme__slip_pressure=1.0)
    lever(town, ring_fence=0.0)
    town.maturity["joint_response"], town.policy["joint_response"] = 0.4, 1.0
    town.authority[0].load, town.authority[0].phase = 1.0, Phase.CONDUCT
    assert improvement.mature(town, JOINT, 1.0) == 1.0
    put(town, programme__matures=0.0)
    town.authority[0].load = 9.0
    assert improvement.mature(town, JOINT, 1.0) == 0.0


@pytest.mark.parametrize("name", LEVERS)
def test_each_lever_moves_from_where_it_stood_towards_its_own_policy(name):
    town = programme()
    put(town, programme__design_weeks=10, programme__alone=1.0, programme__pressure_above=1.1)
    town.policy[name], town.authority[0].first_week, town.authority[0].load = 1.0, WEEK - 10, 1.0
    town.authority[0].phase, town.authority[0].phase_since = Phase.DESIGN, WEEK - 10
    start = float(town.p.base[0][name])
    improvement.practise(town, WEEK - 1)
    assert town.levers[0][name] == start and town.maturity[0][name] == 0.0
    improvement.practise(town, WEEK)
    assert town.maturity[0][name] == pytest.approx(0.1)
    assert town.levers[0][name] == pytest.approx(start + 0.1 * (1.0 - start))
    others = [other for other in LEVERS if other != name]
    assert all(town.levers[0][other] == pytest.approx(float(town.p.base[0][other])) for other in others)


def test_a_lever_that_policy_leaves_alone_has_no_programme_to_mature():
    town = programme()
    put(town, programme__design_weeks=0)
    town.policy["continuity"] = 1.0
    improvement.practise(town, WEEK)
    assert town.maturity[0].continuity > 0.0
    assert all(town.maturity[0][name] == 0.0 for name in LEVERS if name != "continuity")


def test_practice_slips_back_only_above_a_load():
    for load, grows in ((1.1, True), (2.5, False)):
        town = programme()
        put(town, programme__design_weeks=0, programme__pressure_above=1.1, programme__matures=0.001)
        for name in LEVERS:
            town.maturity[name], town.policy[name] = 0.5, 1.0
        town.authority[0].load = load
        improvement.practise(town, WEEK)
        assert (town.maturity[0].continuity > 0.5) == grows
