"""Rules worked by hand, first part: the town that these tests share, the words rules share, and demand codes.

The rules are called as the Python that one reads: compiled, they give the same numbers (see test_exactness).
"""

import math
from functools import cache
from types import SimpleNamespace

import pytest
from towns import awaken, copy_of, young_town

from familyabm.codes import NEVER, Agency, Answer, Failure, Legal, Outside, Placement, Status, Worker
from familyabm.compiled import as_python
from familyabm.luck import Block, four
from familyabm.parameters import DEFAULT
from familyabm.tables import ADULTHOOD
from familyabm.town import Town

WEEK = 60


@cache
def plain_rules() -> dict[str, SimpleNamespace]:
    """Return every rule as plain Python that calls plain Python, module by module."""
    return as_python("familyabm.luck", "familyabm.newcomers", "familyabm.journal", "familyabm.rules")


def rules(module: str) -> SimpleNamespace:
    return plain_rules()[module]


@cache
def town_of(scale: float) -> Town:
    return young_town(scale=scale, weeks=120)


def fresh(scale: float = 0.004) -> Town:
    return copy_of(town_of(scale))


def put(town: Town, **values: float) -> None:
    """Set parameters: circumstances__chronicity=0.5."""
    for address, value in values.items():
        group, name = address.split("__")
        assert f"{group}.{name}" in DEFAULT.values
        town.p.groups[group][name] = value
    town.troubles["met"] = 0


def lever(town: Town, **values: float) -> None:
    for name, value in values.items():
        town.levers[name] = value


def home(*ages: float, week: int = WEEK, town: Town | None = None):
    """Return a town without fear, its first family large enough, all ordinary, and its children of these ages."""
    town = town or fresh()
    row = next(r for r in range(len(town.families)) if town.families[r].n_children >= len(ages))
    family = town.families[row]
    family.frailty = family.resilience = family.responsiveness = 1.0
    family.network, family.trust, family.deprivation_decile, family.tender = 0.0, 0.5, 5, 0
    family.stirs = family.leaves = 32000
    children = [town.children[family.first_child + place] for place in range(family.n_children)]
    for place, child in enumerate(children):
        child.born = week - int(52 * ages[place]) if place < len(ages) else week - ADULTHOOD - 10
        child.own_need, child.fated, child.at_risk, child.drinks = 0.0, NEVER, NEVER, NEVER
    awaken(town, row)
    town.authority[0].risk_aversion, town.authority[0].busiest = 0.0, 1.0
    rules("circumstances").set_limits(town, week)
    return town, family, children[: len(ages)]


def worked(town: Town, family, row: int = 0):
    """Give the family a permanent worker with hours enough."""
    worker = town.workers[row]
    worker.kind, worker.back, worker.potency, worker.experience = Worker.PERMANENT, NEVER, 1.0, 10.0
    worker.hours_met[:], worker.skill[:], worker.pace = 1.0, 1.0, 1.0
    family.worker = row
    return worker


def deal_key(town: Town, agent, week: int = WEEK, **bounds: tuple[int, int, float, float]) -> None:
    """Give an agent a key whose luck falls between bounds: name=(block, lane, low, high)."""
    draw = rules("luck").four
    for key in range(1, 20_000):
        number = type(agent.key)(key)
        if all(low <= draw(town.luck, number, week, block)[lane] < high for block, lane, low, high in bounds.values()):
            agent.key = number
            return
    raise AssertionError("no key found")


def events(town: Town, event: int, week: int = WEEK) -> float:
    return float(town.weekly[week].events[event].sum())


def heads(town: Town, event: int, week: int = WEEK) -> float:
    return float(town.weekly[week].children[event].sum())


common, coding, seeing, ground_truth = rules("common"), rules("coding"), rules("seeing"), rules("ground_truth")


def test_the_rules_by_hand_are_the_rules_themselves():
    town, family, _ = home(5)
    from familyabm.rules import common as compiled

    assert common.deprivation(9) == compiled.deprivation(9) == (9 - 5.5) / 2.87
    assert rules("luck").four(town.luck, family.key, 3, Block.DOOR) == four(town.luck, family.key, 3, Block.DOOR)


def test_a_rate_of_ln_2_a_week_is_a_chance_of_one_half():
    assert common.chance(math.log(2.0)) == pytest.approx(0.5)
    assert common.chance(0.0) == 0.0


def test_saturating_starts_as_x_and_never_passes_its_ceiling():
    assert common.saturating(0.001, 0.9) == pytest.approx(0.001, rel=1e-3)
    assert common.saturating(0.9, 0.9) == pytest.approx(0.9 * (1 - math.exp(-1)))
    assert common.saturating(50.0, 0.9) <= 0.9


@pytest.mark.parametrize(("age", "is_one"), [(-1, False), (0, True), (935, True), (936, False)])
def test_a_child_is_a_child_from_birth_until_the_day_of_eighteen(age, is_one):
    _, _, (child,) = home(5)
    child.born = WEEK - age
    assert bool(common.is_child(child, WEEK)) == is_one


@pytest.mark.parametrize("status", list(Legal))
def test_a_child_is_looked_after_under_five_legal_statuses_and_no_other(status):
    _, _, (child,) = home(5)
    child.legal_status = status
    assert bool(common.looked_after(child)) == (3 <= status <= 7)


@pytest.mark.parametrize("status", list(Status))
def test_a_case_is_open_and_a_social_workers_by_its_status(status):
    _, family, _ = home(5)
    family.status = status
    assert bool(common.is_open(family)) == (status not in (Status.UNIVERSAL, Status.CLOSED))
    assert bool(common.has_social_worker(family)) == (4 <= status <= 11)


def test_children_at_home_leaves_out_the_unborn_the_grown_and_those_away():
    town, family, (one, two, three) = home(5, 9, 16)
    assert common.children_at_home(town, family, WEEK) == 3
    two.placement = Placement.KINSHIP_FOSTER
    assert common.children_at_home(town, family, WEEK) == 2
    three.born = WEEK + 1
    assert common.children_at_home(town, family, WEEK) == 1
    one.born = WEEK - ADULTHOOD
    assert common.children_at_home(town, family, WEEK) == 0


def test_strain_is_each_factors_weight_and_more_where_two_meet():
    town, _, _ = home(5)
    put(town, harm__together=0.3)
    town.p.chances[0].weight[:] = (0.2, 0.3, 0.5, 0.7)
    assert common.strain_of(town, 2, 0, 0, 0) == pytest.approx(0.4)
    assert common.strain_of(town, 1, 2, 0, 3) == pytest.approx(0.2 + 0.6 + 2.1 + 0.3 * (1 * 5 + 2 * 3) / 3)
    assert common.strain_of(town, 1, 1, 1, 1) == pytest.approx(1.7 + 0.3 * 6 / 3)


def test_harm_from_strain_is_a_weibull_curve_and_none_from_none():
    town, _, _ = home(5)
    put(town, harm__strain_scale=2.0, harm__strain_shape=1.5)
    assert common.harm_from(town, 0.0) == 0.0
    assert common.harm_from(town, 2.0) == pytest.approx(1 - math.exp(-1))
    assert common.harm_from(town, 1.0) == pytest.approx(1 - math.exp(-(0.5**1.5)))


def test_pressure_is_load_above_the_usual_within_its_bounds():
    town, _, _ = home(5)
    put(town, front_door__usual_load=1.0, front_door__ration_floor=-0.5, front_door__ration_ceiling=0.75)
    for load, expected in ((1.25, 0.25), (0.75, -0.25), (0.1, -0.5), (2.5, 0.75)):
        town.authority[0].load = load
        assert common.pressure(town) == pytest.approx(expected)
    put(town, front_door__ration=0.1)
    town.outside[:, Outside.THRESHOLD] = 0.02
    assert common.rationing(town) == pytest.approx(0.075 + 0.02)


def test_need_is_judged_by_the_worst_placed_child_at_home_from_what_is_seen_and_told():
    town, family, (one, two, three) = home(5, 9, 12)
    one.harm, two.harm, three.harm = 0.2, 0.6, 0.9
    three.placement = Placement.IN_HOUSE_FOSTER
    assert ground_truth.worst_child(town, family, WEEK) == 0.6
    family.level[:] = (0, 0, 0, 3)
    assert seeing.as_judged(town, family, WEEK, 0.5) == pytest.approx(0.3)
    family.seen[:] = family.level
    told = common.harm_from(town, 3 * town.p.chances[0].weight[3])
    assert seeing.as_judged(town, family, WEEK, 0.25) == pytest.approx(0.25 * 0.6 + 0.75 * told)


def test_a_child_off_a_plan_remembers_when_it_ended_and_a_child_on_one_does_not():
    _, _, (child,) = home(5)
    common.set_legal(child, Legal.CHILD_PROTECTION_PLAN, 50)
    assert child.plan_ended == NEVER
    common.set_legal(child, Legal.CHILD_IN_NEED, 60)
    assert (child.plan_ended, child.since, child.legal_status) == (60, 60, Legal.CHILD_IN_NEED)


@pytest.mark.parametrize(("harm", "missed"), [(0.1249, False), (0.125, True)])
def test_an_answer_without_help_at_level_2_is_a_missed_chance(harm, missed):
    town, family, _ = home(5)
    put(town, harm__level_2=0.125)
    family.harm = harm
    ground_truth.answer_without_help(town, family, WEEK, Answer.SIGNPOSTED)
    assert (family.answer, family.answered, family.answer_need) == (Answer.SIGNPOSTED, WEEK, harm)
    assert (family.missed == WEEK) == missed
    assert family.first_sign == NEVER  # the clock starts in the ledger, for this contact and the next alike


@pytest.mark.parametrize(("harm", "answer"), [(0.1399, Answer.ENDED_MET), (0.14, Answer.ENDED_UNMET)])
def test_help_that_ends_has_met_the_need_or_has_not(harm, answer):
    town, family, _ = home(5)
    put(town, early_help__met_below=0.14)
    family.harm = harm
    ground_truth.ended_answer(town, family, WEEK)
    assert (family.answer, family.answered) == (answer, WEEK)


@pytest.mark.parametrize("away", [0, 1])
def test_letting_go_ends_lead_and_help_but_a_child_in_care_keeps_the_worker(away):
    _, family, _ = home(5)
    family.worker, family.help, family.lead, family.n_away, family.n_reviews = 0, 0.4, 1, away, 3
    common.let_go(family, WEEK)
    assert (family.status, family.since, family.lead, family.n_reviews) == (Status.CLOSED, WEEK, 0, 0)
    assert (family.worker, family.help) == ((0, 0.0) if away else (-1, 0.0))


def unhelped(town, family, answer, weeks_ago: int) -> None:
    family.answer, family.answered, family.answer_need = answer, WEEK - weeks_ago, town.p.harm[0].level_2
    family.low_weeks, family.level[0] = 0, 1


@pytest.mark.parametrize(
    ("answer", "weeks", "code"),
    [
        (Answer.REFUSED_REQUEST, 26, Failure.F3_BOUNCE),
        (Answer.REFUSED_REQUEST, 27, Failure.F1_REPEAT),
        (Answer.CLOSED_NO_HELP, 52, Failure.F1_REPEAT),
        (Answer.SIGNPOSTED, 53, Failure.VALUE),
        (Answer.ENDED_UNMET, 1, Failure.F1_REPEAT),
        (Answer.ENDED_MET, 1, Failure.VALUE),
        (Answer.HELPED, 1, Failure.VALUE),
        (Answer.NONE, 1, Failure.VALUE),
    ],
)
def test_a_contact_is_a_bounce_before_a_repeat_and_each_within_its_window(answer, weeks, code):
    town, family, _ = home(5)
    unhelped(town, family, answer, weeks)
    assert coding.of_contact(town, family, WEEK, Agency.FAMILY) == code


def test_a_bounce_needs_trouble_and_a_repeat_needs_need_that_was_not_met_since():
    town, family, _ = home(5)
    unhelped(town, family, Answer.REFUSED_REQUEST, 10)
    family.level[:] = 0
    assert coding.of_contact(town, family, WEEK, Agency.FAMILY) == Failure.F1_REPEAT
    family.low_weeks = 13
    assert coding.of_contact(town, family, WEEK, Agency.FAMILY) == Failure.VALUE
    family.low_weeks = 12
    family.answer_need = town.p.harm[0].level_2 - 1e-6
    assert coding.of_contact(town, family, WEEK, Agency.FAMILY) == Failure.VALUE


@pytest.mark.parametrize(("weeks", "code"), [(26, Failure.F7_REWORK), (27, Failure.VALUE)])
def test_an_assessment_within_half_a_year_of_the_last_is_rework(weeks, code):
    town, family, _ = home(5)
    family.assessed = WEEK - weeks
    assert coding.of_assessment(town, family, WEEK) == code


@pytest.mark.parametrize(
    ("ended", "missed", "harm", "code"),
    [
        (104, 104, 0.31, Failure.F9_BROKEN_SOLUTION),
        (105, 104, 0.31, Failure.F6_MISSED_CHANCE),
        (105, 104, 0.3, Failure.VALUE),
        (105, 105, 0.31, Failure.VALUE),
    ],
)
def test_an_entry_is_a_broken_solution_before_a_missed_chance(ended, missed, harm, code):
    town, family, _ = home(5)
    family.missed, family.missed_need = WEEK - missed, 0.3
    family.harm = harm if harm > 0.3 else float(family.missed_need)
    assert coding.of_entry(town, family, WEEK, WEEK - ended) == code
