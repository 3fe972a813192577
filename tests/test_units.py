"""Social work units, their people and their limits; managers; how posts are filled."""

import numpy as np
import pytest
from test_rules_common import WEEK, fresh, home, lever, put, rules, worked
from test_rules_workers import plain_base
from towns import awaken

from familyabm import areas, population
from familyabm.codes import NEVER, NOBODY, PracticeModel, Role, Skill, Status, Support, Tier, Worker
from familyabm.luck import fate_of
from familyabm.parameters import DEFAULT
from familyabm.town import Town

units, enquiries, sharing = rules("units"), rules("unit_enquiries"), rules("sharing")
allocation, workforce, hours = rules("allocation"), rules("workforce"), rules("hours")
money, ledger, plans = rules("money"), rules("ledger"), rules("plans")


def with_teams(town, number: int):
    """Return the town with as many teams, all of whose supporting posts are those of the first."""
    teams = np.resize(town.teams, number).view(np.recarray)
    tables = {name: town.given[name] for name in town} | {"teams": teams}
    return Town(p=dict(town.p.groups), **tables)


@pytest.mark.parametrize("practice", [0.0, 0.1, 0.37, 0.9, 1.0])
def test_teams_become_units_one_after_another_and_add_up_to_the_lever(practice):
    town = fresh(0.05)
    town = with_teams(town, 10)
    n = len(town.teams)
    lever(town, unit_model=practice)
    units.form(town)
    unit = town.teams["unit"]
    assert unit.sum() == pytest.approx(n * practice)
    assert ((unit == 0.0) | (unit == 1.0)).sum() >= n - 1 and (np.diff(unit) <= 0.0).all()


def test_supporting_posts_count_only_as_far_as_their_team_is_a_unit_and_cost_what_they_cost():
    town = fresh(0.05)
    put(town, units__practitioner_fte=1.0, units__clinician_fte=0.5, units__coordinator_fte=0.8,
        units__practitioner_pay=0.6, units__clinician_pay=1.2, units__coordinator_pay=0.35, money__worker=1000)  # fmt: skip
    beside = town.workers["role"] > Role.CONSULTANT
    assert sorted(set(town.workers["role"][beside])) == [2, 3, 4] and beside.sum() == 3 * len(town.teams)
    lever(town, unit_model=0.0)
    units.form(town)
    assert (town.workers["fte"][beside] == 0.0).all()
    without = money.staff_cost(town)
    lever(town, unit_model=1.0)
    units.form(town)
    assert town.workers["fte"][beside].sum() == pytest.approx(2.3 * len(town.teams))
    assert money.staff_cost(town) - without == 100 * 1000 * (0.6 + 0.6 + 0.28) * len(town.teams)


def test_posts_beside_case_holders_never_hold_a_case_and_count_in_no_return():
    town = fresh(0.05)
    lever(town, unit_model=1.0)
    holders = np.flatnonzero(town.workers["role"] <= Role.CONSULTANT)
    town.workers["kind"][holders[1:]] = Worker.VACANT
    town.workers["kind"][0], town.workers["back"][0] = Worker.PERMANENT, NEVER
    for place in range(60):
        town.families[place].status, town.families[place].worker = Status.CHILD_PROTECTION, NOBODY
        town.families[place].neighbourhood = 0
    awaken(town, *range(60))
    for week in range(WEEK, WEEK + 4):
        units.form(town)
        allocation.allocate(town, week)
    held = town.families["worker"][:60]
    assert (held == 0).all()
    assert (town.workers["n_families"][town.workers["role"] > Role.CONSULTANT] == 0).all()
    ledger.count_workers(town, WEEK)
    row = town.weekly[WEEK]
    assert row.posts == pytest.approx(town.workers["fte"][holders].sum())
    assert row.holders == pytest.approx(town.workers["fte"][0])


def test_posts_beside_case_holders_are_never_vacant_nor_leave():
    town = fresh(0.05)
    put(town, workforce__quit_base=50.0, hiring__agency_cap=0.0, workforce__hire=0.0)
    for week in range(3):
        workforce.change(town, WEEK + week)
    beside = town.workers["role"] > Role.CONSULTANT
    assert (town.workers["kind"][beside] == Worker.PERMANENT).all()
    assert (town.workers["kind"][~beside] == Worker.VACANT).all()


def unit_of_four():
    """Return a town whose first team is a unit of four qualified members with forty hours each."""
    town = fresh(0.05)
    plain_base(town)
    team = town.teams[0]
    team.unit, team.first_worker, team.n_workers = 1.0, 0, 4
    for row in range(4):
        worker = town.workers[row]
        worker.kind, worker.back, worker.role, worker.hours, worker.team = (
            Worker.PERMANENT,
            NEVER,
            Role.SOCIAL_WORKER,
            40.0,
            0,
        )
    put(town, hours__enquiry=20.0, hours__workload=1.0, effects__unit_need=0.0, hours__need_bureaucracy=0.0,
        hours__need_risk_aversion=0.0)  # fmt: skip
    town.families["status"], town.families["neighbourhood"] = Status.UNIVERSAL, 0
    for place in range(6):
        family = town.families[place]
        family.status, family.since, family.due = Status.SECTION_47, WEEK - 6 + place, WEEK
    awaken(town, *range(6))
    return town, team


def test_at_most_two_members_of_a_unit_hold_enquiries_and_the_rest_wait_a_week():
    town, team = unit_of_four()
    enquiries.put_off_enquiries(town, WEEK)
    assert town.families["due"][:6].tolist() == [WEEK] * 4 + [WEEK + 1] * 2
    assert town.weekly[WEEK].enquiries_waiting == 2
    for limit, waiting in ((1, 4), (3, 0), (0, 0)):
        town, team = unit_of_four()
        put(town, units__enquiry_holders=limit)
        enquiries.put_off_enquiries(town, WEEK)
        assert town.weekly[WEEK].enquiries_waiting == waiting
    town, team = unit_of_four()
    team.unit = 0.0
    enquiries.put_off_enquiries(town, WEEK)
    assert town.weekly[WEEK].enquiries_waiting == 0


def test_a_newly_qualified_or_absent_member_holds_no_enquiry_and_the_first_is_never_put_off():
    town, team = unit_of_four()
    town.workers["kind"][0], town.workers["back"][1] = Worker.NEWLY_QUALIFIED, WEEK + 2
    enquiries.open_enquiries(town, team, WEEK)
    assert team.enquiry_room == 80.0
    town.workers["kind"][:4] = Worker.NEWLY_QUALIFIED
    enquiries.put_off_enquiries(town, WEEK)
    assert town.families["due"][:6].tolist() == [WEEK] + [WEEK + 1] * 5


def test_a_childrens_practitioner_gives_hours_to_need_and_plans_but_never_to_enquiries():
    town = fresh()
    team, practitioner = town.teams[0], town.workers[town.teams[0].first_support]
    put(town, units__practitioner_replaces=0.8, units__practitioner_most=0.4)
    practitioner.hours = 25.0
    team.need[:] = (50, 0, 30, 0, 5, 5, 20)
    units.help_of_practitioner(town, team)
    assert (team.practitioner, team.relieved) == (pytest.approx(20.0), pytest.approx(0.4))
    relief = [units.relieved(town, team, tier) for tier in range(7)]
    assert relief == pytest.approx([0, 0, 0.4, 0, 0, 0, 0.4])
    practitioner.hours = 100.0
    units.help_of_practitioner(town, team)
    assert team.relieved == 0.4
    practitioner.hours = 0.0
    units.help_of_practitioner(town, team)
    assert team.relieved == team.practitioner == 0.0
    team.need[:] = 0.0
    units.help_of_practitioner(town, team)
    assert team.relieved == 0.0


def test_the_practitioners_hours_lower_what_social_workers_must_find():
    town, family, _ = home(5)
    worked(town, family)
    family.status = Status.CHILD_IN_NEED
    needs = {}
    put(town, units__practitioner_replaces=1.0, units__practitioner_most=0.4)
    for size in (0.0, 5.0):
        sharing.add_needs(town)
        town.workers[town.teams[0].first_support].hours = size
        sharing.pool(town)
        needs[size] = float(town.workers[0].need[Tier.IN_NEED])
    assert needs[5.0] == pytest.approx(0.6 * needs[0.0])


def test_a_consultant_in_a_unit_holds_fewer_families():
    town = fresh()
    put(town, hours__caseload_norm=10, units__consultant_caseload=0.8)
    worker = town.workers[0]
    worker.kind, worker.back, worker.fte, worker.n_families = Worker.PERMANENT, NEVER, 1.0, 4
    worker.role, town.teams[0].unit = Role.CONSULTANT, 1.0
    assert allocation.room_of(town, worker, WEEK) == pytest.approx(0.5)
    town.teams[0].unit = 0.0
    assert allocation.room_of(town, worker, WEEK) == pytest.approx(0.4)


def test_every_team_has_one_consultant_and_its_case_holders_side_by_side():
    workers = population.workers_of(areas.named("Wakefield"), DEFAULT, 1.0, fate_of(1, 0))
    teams = population.teams_of(DEFAULT, workers)
    assert len(teams) > 15
    assert (np.bincount(workers["team"][workers["role"] == Role.CONSULTANT], minlength=len(teams)) == 1).all()
    for row, team in enumerate(teams):
        own = workers[team.first_worker : team.first_worker + team.n_workers]
        beside = workers[team.first_support : team.first_support + 3]
        assert (own["team"] == row).all() and (own["role"] <= Role.CONSULTANT).all()
        assert (beside["team"] == row).all() and beside["role"].tolist() == [2, 3, 4]


def test_a_team_grows_together_and_comings_and_goings_take_it_apart():
    town = fresh()
    put(town, team__cohesion_grows=0.1, team__cohesion_lost=0.8)
    team = town.teams[0]
    team.cohesion, team.n_workers = 0.5, 4
    units.bonds(town, team, 0.0)
    assert team.cohesion == pytest.approx(0.55)
    units.bonds(town, team, 2.0)
    assert team.cohesion == pytest.approx(0.595 - 0.4)
    units.bonds(town, team, 4.0)
    assert team.cohesion == 0.0


def test_cohesion_and_supervision_shield_from_stress_and_switch_off():
    town = fresh()
    plain_base(town)
    team, usual = town.teams[0], workforce.conditions(town, town.teams[0], 0.0)
    put(town, team__cohesion_shields=0.2, team__supervision_stress=0.1)
    team.cohesion, team.supervision = town.p.team[0].cohesion_usual + 0.3, town.p.team[0].supervision_usual - 0.5
    assert workforce.conditions(town, team, 0.0) == pytest.approx(usual - 0.06 + 0.05)
    put(town, team__cohesion_shields=0.0, team__supervision_stress=0.0)
    assert workforce.conditions(town, team, 0.0) == pytest.approx(usual)


def test_the_cautious_are_more_stressed_and_caution_is_their_own():
    town = fresh(0.05)
    town.authority[0].risk_aversion = 0.3
    cautions = [float(workforce.own_caution(town, worker)) for worker in town.workers]
    assert np.std(cautions) > 0.03 and np.mean(cautions) == pytest.approx(0.3, abs=0.06)
    bold, careful = town.workers[int(np.argmin(cautions))], town.workers[int(np.argmax(cautions))]
    for worker in (bold, careful):
        worker.stress, worker.team = 0.4, 0
        workforce.feel(town, worker)
    assert careful.stress > bold.stress


def test_no_more_agency_workers_are_taken_on_at_the_cap():
    town = fresh()
    put(town, workforce__hire=0.0, workforce__agency_fill=500.0, hiring__agency_cap=0.3)
    worker = town.workers[0]
    for share, kind in ((0.3, Worker.VACANT), (0.29, Worker.AGENCY)):
        worker.kind, worker.starts, town.authority[0].agency_share = Worker.VACANT, NEVER, share
        workforce.recruit(town, worker, WEEK)
        assert worker.kind == kind


def test_whoever_is_appointed_comes_twelve_weeks_later_and_later_still_if_recruitment_is_behind():
    town = fresh()
    put(town, workforce__hire=500.0, workforce__agency_fill=0.0, hiring__lead_weeks=12)
    worker = town.workers[0]
    for wait, comes in ((0.0, 12), (3.2, 15)):
        town.support_units["wait"][Support.RECRUITMENT] = wait
        worker.kind, worker.starts = Worker.VACANT, NEVER
        workforce.appoint(town, worker, WEEK)
        assert worker.starts == WEEK + comes


def test_training_becomes_experience_and_fidelity_that_wears_off():
    town = fresh()
    put(
        town,
        training__weekly=3.0,
        training__usual=1.0,
        training__experience=0.1,
        training__fidelity=0.01,
        training__half_life=40,
    )
    worker = town.workers[0]
    worker.fidelity, worker.experience = 0.5, 1.0
    workforce.train(town, worker)
    assert worker.experience == pytest.approx(1.0 + 1.2 / 52)
    assert worker.fidelity == pytest.approx(0.5 + 0.03 - 0.5 * np.log(2) / 40)
    put(town, training__weekly=0.0)
    worker.fidelity = 0.5
    for _ in range(40):
        workforce.train(town, worker)
    assert worker.fidelity == pytest.approx(0.25, abs=0.005)


@pytest.mark.parametrize(
    ("model", "worth"),
    [(PracticeModel.NONE, 1.0), (PracticeModel.STRENGTHS_BASED, 1.0), (PracticeModel.SYSTEMIC, 1.05), (PracticeModel.MOTIVATIONAL, 1.06)],
)  # fmt: skip
def test_a_method_is_worth_what_evidence_says_as_far_as_it_is_kept_to(model, worth):
    town = fresh()
    put(town, training__method=float(model), training__systemic=0.1, training__motivational=0.12)
    worker = town.workers[0]
    worker.fidelity = 0.5
    assert hours.method(town, worker) == pytest.approx(worth)
    worker.fidelity = 0.0
    assert hours.method(town, worker) == 1.0


def test_an_hour_is_worth_more_where_skills_suit_what_is_known_of_the_family():
    town, family, _ = home(5)
    worker = worked(town, family)
    put(town, team__skill_match=1.0)
    worker.skill[Skill.SPECIALIST], worker.skill[Skill.ENGAGE] = 1.3, 0.9
    family.seen[:] = (3, 1, 0, 0)
    assert plans.suited(town, worker, family) == pytest.approx(0.9)
    family.seen[2] = 2
    assert plans.suited(town, worker, family) == pytest.approx(1.3)
    family.seen[:], family.level[:] = 0, 3
    assert plans.suited(town, worker, family) == pytest.approx(0.9)
    put(town, team__skill_match=0.0)
    assert plans.suited(town, worker, family) == 1.0
