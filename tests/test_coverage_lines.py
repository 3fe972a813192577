"""Lines of the sources that no other file tests in so many words, each worked by hand; see docs/coverage.md."""

import numpy as np
import pytest
from test_measures import a_year, value
from test_rules_common import WEEK, events, fresh, home, lever, put, rules, worked

from familyabm.codes import Advice, Event, Factor, Origin, Paper, Service, Status, Treatment

adult, circumstances, recommendations = rules("adult_services"), rules("circumstances"), rules("recommendations")
front_door, assessment = rules("front_door"), rules("assessment")
BOTH = (Factor.MENTAL_HEALTH, Factor.SUBSTANCE_MISUSE)


def test_a_national_review_speaks_of_units_and_relief_and_brings_evidence_to_learn_from():
    """M18."""
    town = fresh()
    put(town, recommending__procedure_within=0.0, recommending__nudge=0.02, recommending__evidence=0.1)
    recommendations.issue(town, WEEK, Origin.NATIONAL_REVIEW, 15)
    written = town.recommendations[:15]
    assert (written["advice"] == Advice.ADAPTIVE).all() and set(written["lever"].tolist()) == {6, 7}
    before, paper = float(town.authority[0].evaluation), town.recommendations[0]
    recommendations.change_practice(town, WEEK, paper)
    assert town.authority[0].evaluation == pytest.approx(before + 0.1)
    assert town.nudge[0][("unit_model", "bureaucracy_relief")[paper.lever - 6]] == pytest.approx(0.02)
    paper.origin = Origin.CABINET
    recommendations.change_practice(town, WEEK, paper)
    assert town.authority[0].evaluation == pytest.approx(before + 0.1)


@pytest.mark.parametrize("factor", BOTH)
def test_a_units_clinician_helps_at_once_and_leaves_the_adult_services_queue_alone(factor):
    """M34."""
    found = {}
    for unit in (0.0, 1.0):
        town, family, _ = home(5)
        put(town, adult_services__noise=0.0, adult_services__clinician_level=2.5, effects__unit_clinician=1.0)
        team = town.teams[worked(town, family).team]
        team.unit, family.status, family.level[factor] = unit, Status.CHILD_IN_NEED, 2
        service = town.services[adult.service_for(family, factor)]
        service.accept_level, service.n_waiting = 2.0, 0
        adult.ask(town, family, WEEK, factor)
        found[unit] = (
            Treatment(family.treatment[factor]),
            int(service.n_waiting),
            events(town, Event.CLINICIAN_HELPED),
        )
    assert found == {0.0: (Treatment.WAITING, 1, 0.0), 1.0: (Treatment.WITH_CLINICIAN, 0, 1.0)}


def test_bottlenecks_are_shares_of_all_waiting_and_move_with_it():
    """M85."""
    rows = a_year()
    rows["status"][:, Status.CONTACT], rows["status"][:, Status.EARLY_HELP_WAITING] = 10.0, 30.0
    rows["status"][:, Status.PROCEEDINGS] = 60.0
    names = ("wait_front_door", "wait_early_help", "wait_allocation", "wait_assessment", "wait_court")
    assert [value(rows, name) for name in names] == pytest.approx([10.0, 30.0, 0.0, 0.0, 60.0])
    rows["status"][:, Status.EARLY_HELP_WAITING] = 0.0
    assert value(rows, "wait_court") == pytest.approx(100 * 60 / 70)


@pytest.mark.parametrize(("door", "ends"), [(0.0, Status.CLOSED), (1.0, Status.EARLY_HELP_WAITING)])
def test_the_same_judged_need_is_answered_with_help_instead_of_nothing_where_the_door_is_shared(door, ends):
    """M112: what a shared threshold changes, and what it leaves to the statute."""
    town, family, _ = home(5)
    put(town, assessment__step_down=0.0, effects__door_step_down=1.0, rights__start_early_help=0.0)
    lever(town, no_wrong_door=door)
    worked(town, family)
    family.status, family.since, family.judged = Status.ASSESSMENT, WEEK - 5, 0.2
    assessment.not_in_need(town, family, WEEK, 1, 0.25)
    assert family.status == ends
    thresholds = assessment.in_need_threshold(town), front_door.referral_threshold(town)
    lever(town, no_wrong_door=1.0 - door)
    assert (assessment.in_need_threshold(town), front_door.referral_threshold(town)) == thresholds


@pytest.mark.parametrize("factor", list(Factor))
def test_trouble_met_before_it_lasts_or_spreads_eases_sooner(factor):
    """M115."""
    town, family, _ = home(5)
    family.level[:], family.help, family.in_treatment = 0, 0.3, 0
    family.treatment[:] = Treatment.NONE
    early, lasted = (circumstances.easing(town, family, factor, 2, weeks) for weeks in (0, 52))
    family.level[(factor + 1) % 4] = 3
    spread, both = (circumstances.easing(town, family, factor, 2, weeks) for weeks in (0, 52))
    assert early > max(lasted, spread) and min(lasted, spread) > both > 0.0


@pytest.mark.parametrize("factor", list(Factor))
def test_what_childrens_services_can_do_for_adults_troubles_alone_is_less_than_with_those_who_treat_them(factor):
    """M128."""
    town, family, _ = home(5)
    lever(town, joint_response=0.0)
    family.level[:], family.treatment[:] = 0, Treatment.NONE

    def rate(help_given: float, state: Treatment) -> float:
        family.help, family.treatment[factor] = help_given, state
        family.in_treatment = int(state != Treatment.NONE)
        return float(-np.log(1.0 - circumstances.easing(town, family, factor, 2, 0)))

    none, alone = rate(0.0, Treatment.NONE), rate(0.4, Treatment.NONE)
    treated, both = rate(0.0, Treatment.ACTIVE), rate(0.4, Treatment.ACTIVE)
    assert none < alone < treated < both
    assert both / none == pytest.approx((alone / none) * (treated / none), rel=0.05)


def test_who_pulls_help_pulls_it_only_if_nobody_had_to_be_asked():
    """M84: help on the family's own request counts as pulled only without a panel."""
    early_help, pulled = rules("early_help"), []
    for permission in (1, 2):
        town, family, _ = home(5)
        family.status, family.since, family.contacted = Status.EARLY_HELP_WAITING, WEEK - 1, WEEK - 1
        family.source, family.permission = 6, permission
        early_help.begin(town, family, WEEK)
        pulled.append(float(town.weekly[WEEK].pulled))
    assert pulled == [1.0, 0.0]


def test_partners_of_every_kind_carry_the_same_working_parts():
    """M66: a load, fear, posture, procedure and relationship of its own for every service; money where it treats."""
    partners, town = rules("partners"), fresh()
    town.authority[0].risk_aversion = 0.9
    town.services["demand"], town.services["load"], town.services["posture"] = 1e6, 3.0, 0
    town.services["risk_aversion"], town.services["bureaucracy"] = 0.0, 0.5
    before = town.services.copy()
    put(town, partners__bureaucracy=0.5)
    for row in range(len(town.services)):
        partners.one_week(town, town.services[row], WEEK)
    now = town.services
    assert set(now["kind"].tolist()) == set(Service)
    assert (now["risk_aversion"] > before["risk_aversion"]).all() and (now["load"] != before["load"]).all()
    assert (now["posture"] == 1).all()
    treats = (now["kind"] >= Service.HOUSING_OFFICE) & (now["kind"] <= Service.DOMESTIC_ABUSE)
    assert (now["bureaucracy"][treats] > 0.5).all() and (now["budget"][treats] > 0.0).all()


def test_nothing_that_is_recommended_is_acted_on_before_a_board_has_heard_it():
    """M24, M38: a recommendation stays paper until the board that may decide has sat."""
    town = fresh()
    put(town, boards__project=0.0, boards__stale_weeks=200)
    recommendations.issue(town, 0, Origin.CASE_REVIEW, 2)
    town.recommendations["lever"][:2], town.recommendations["advice"][:2] = -1, Advice.COMPLIANCE
    for week in range(60):
        recommendations.work_through(town, week)
    assert (town.recommendations["progress"][:2] == Paper.ISSUED).all()
    assert town.weekly["procedure_added"].sum() == 0.0
