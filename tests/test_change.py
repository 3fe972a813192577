"""Learning, discussibility, bureaucracy, boards and recommendations (P17)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rules_common import WEEK, fresh, lever, put, rules
from towns import awaken, copy_of, field_bytes, lived

from familyabm.codes import NEVER, Advice, Event, Origin, Paper, Phase, Worker
from familyabm.measures import of_weeks
from familyabm.rules.each_lever import between_agencies
from familyabm.tables import LEVERS

improvement, learning, recommendations = rules("improvement"), rules("learning"), rules("recommendations")
hours, incidents, environment = rules("hours"), rules("incidents"), rules("environment")
noticing, time_use = rules("noticing"), rules("time_use")


def still(scale: float = 0.004):
    """Return a town in which nobody is awake and the usual problems are met with every week."""
    town = fresh(scale)
    awaken(town)
    town.authority[0].n_queue = 0
    usual = town.p.learning[0].usual_problems * town.facts[0].ten_thousands
    town.weekly["demand_count"][:, 1, Event.CONTACT] = usual
    return town


def programme(maturity: float = 0.9, **policy: float):
    """Return a town whose practice has come that far towards a policy, all levers at 0.9 unless named."""
    town = still()
    for name, value in (policy or dict.fromkeys(LEVERS, 0.9)).items():
        town.policy[name], town.maturity[name] = value, maturity
    town.authority[0].phase = Phase.CONDUCT
    return town


def papers(town, progress):
    return int((town.recommendations["progress"] == progress).sum())


# --- what is said, and what is learnt from it ---------------------------------------------------------------------


def test_problems_reach_those_who_decide_by_range_ease_and_tiers():
    town = still()
    town.weekly[WEEK].demand_count[:] = 0.0
    town.weekly[WEEK].demand_count[1, Event.CONTACT] = 30.0
    town.weekly[WEEK].demand_count[0, Event.CONTACT] = 500.0
    town.weekly[WEEK - 1].omissions = 10.0
    put(town, discussing__tiers=3, discussing__passes=0.9)
    town.authority[0].discuss_range, town.authority[0].discuss_ease = 0.5, 0.4
    learning.speak_up(town, WEEK)
    assert town.weekly[WEEK].problems == 40.0
    assert town.weekly[WEEK].surfaced == pytest.approx(40 * 0.5 * 0.4 * 0.9**3)


def test_lower_discussibility_means_fewer_problems_surface_less_is_learnt_and_more_is_wasted():
    frank, mute = still(), still()
    mute.authority[0].discuss_ease = 0.1
    for week in range(30, 50):
        for town in (frank, mute):
            learning.improve(town, learning.speak_up(town, week))
    assert mute.weekly[49].surfaced < frank.weekly[49].surfaced
    assert mute.authority[0].practice_quality < frank.authority[0].practice_quality
    assert time_use.chasing(mute) > time_use.chasing(frank)
    assert time_use.recording(mute) > time_use.recording(frank)
    assert hours.learnt(mute) < hours.learnt(frank)


def test_a_typical_authority_learns_as_much_as_it_forgets():
    town = still()
    assert hours.learnt(town) == pytest.approx(1.0)
    assert learning.speak_up(town, WEEK) == pytest.approx(1.0)
    before = float(town.authority[0].practice_quality)
    learning.improve(town, 3.0)
    assert town.authority[0].practice_quality > before


def test_ease_rises_where_something_comes_of_it_and_falls_with_fear():
    results = {}
    for acting, fear in ((0.42, 0.13), (0.9, 0.13), (0.42, 0.9)):
        town = still()
        town.authority[0].acting, town.authority[0].risk_aversion = acting, fear
        learning.dare(town)
        results[acting, fear] = float(town.authority[0].discuss_ease)
    assert results[0.42, 0.13] == pytest.approx(0.45)
    assert results[0.9, 0.13] > results[0.42, 0.13] > results[0.42, 0.9]


def test_managers_in_action_learning_make_it_easier_to_speak():
    town = still()
    put(town, discussing__action_learning=1.0)
    town.authority[0].risk_aversion = 0.13
    learning.dare(town)
    assert town.authority[0].discuss_ease == pytest.approx(0.45 + 0.02 * 0.15)


def test_the_range_keeps_in_a_typical_authority_widens_with_power_and_narrows_without_a_board():
    for power, sign in ((1.0, 0), (1.5, 1), (0.0, -1)):
        town = still()
        town.authority[0].systems_power = power
        learning.widen(town)
        assert np.sign(round(float(town.authority[0].discuss_range) - 0.5, 12)) == sign


def test_half_of_a_training_is_gone_in_forty_weeks_unless_the_authority_has_changed_too():
    left = {}
    for lean in (0.55, 0.25):
        town = still()
        put(town, learning__training_works=0.0)
        town.authority[0].bureaucracy, town.authority[0].trained = lean, 0.8
        for _ in range(40):
            learning.train(town)
        left[lean] = float(town.authority[0].trained)
    assert left[0.55] == pytest.approx(0.4) and left[0.25] == pytest.approx(0.8)


def test_training_costs_hours_now_and_keeps_its_level_at_the_usual_dose():
    town = still()
    worker = next(town.workers[row] for row in range(len(town.workers)) if town.workers[row].kind != Worker.VACANT)
    worker.kind, worker.back, worker.long_spell = Worker.PERMANENT, NEVER, 0
    hours.hours_of(town, worker, WEEK)
    before = float(worker.hours)
    put(town, learning__extra_hours=2.0)
    learning.train(town)
    assert town.authority[0].trained > 0.3
    hours.hours_of(town, worker, WEEK)
    assert before - worker.hours == pytest.approx(2.0 * worker.present / town.p.hours[0].week) and worker.present > 0.0
    usual = still()
    learning.train(usual)
    assert usual.authority[0].trained == pytest.approx(0.3, abs=1e-4)


# --- bureaucracy ---------------------------------------------------------------------------------------------------


def test_procedure_grows_by_itself_faster_in_fear_and_is_cut_back_only_by_relief():
    after = {}
    for fear, relief in ((0.1, 0.25), (0.9, 0.25), (0.1, 0.8), (0.1, 0.0)):
        town = still()
        town.authority[0].risk_aversion = fear
        lever(town, bureaucracy_relief=relief)
        learning.pile_up(town)
        after[fear, relief] = float(town.authority[0].bureaucracy)
    assert after[0.9, 0.25] > after[0.1, 0.25] > after[0.1, 0.8]
    assert after[0.1, 0.0] > after[0.1, 0.25]
    town = still()
    put(town, effects__relief_prunes=0.0)
    town.authority[0].risk_aversion = 0.1
    lever(town, bureaucracy_relief=0.8)
    learning.pile_up(town)
    assert town.authority[0].bureaucracy == after[0.1, 0.25]


def test_failure_adds_procedure_which_takes_time_from_families():
    town = still()
    before = hours.direct_share(town, 0.0)
    incidents_review = recommendations.issue
    town.p.groups["recommending"]["procedure_review"] = 1.0
    incidents_review(town, 3, Origin.CASE_REVIEW, 20)
    for week in range(3, 60):
        recommendations.work_through(town, week)
    assert town.weekly["procedure_added"].sum() > 0.02
    assert hours.direct_share(town, 0.0) < before


# --- recommendations and boards ------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(
    batches=st.lists(
        st.tuples(st.integers(0, 50), st.sampled_from(list(Origin)), st.integers(1, 9)), min_size=1, max_size=25
    ),
    papers_a_month=st.floats(1.0, 10.0),
)
def test_every_recommendation_is_accounted_for(batches, papers_a_month):
    town = still()
    put(town, boards__project_papers=papers_a_month)
    issued = 0
    for week in range(118):
        for when, origin, number in batches:
            if when == week:
                recommendations.issue(town, week, origin, number)
                issued += number
        recommendations.work_through(town, week)
    rows = town.weekly
    settled = sum(rows[name].sum() for name in ("compliance_done", "adaptive_done", "paper_only", "dropped"))
    assert rows["compliance_issued"].sum() + rows["adaptive_issued"].sum() == issued
    assert settled + town.authority[0].pending == issued
    assert town.authority[0].pending == papers(town, Paper.ISSUED) + papers(town, Paper.ACCEPTED)
    assert rows["events"][:, Event.RECOMMENDATION].sum() == issued


def test_boards_clear_only_as_many_papers_as_they_have_time_for_and_each_takes_managers_time():
    town = still()
    recommendations.issue(town, 0, Origin.CABINET, 10)
    town.recommendations["lever"][:10], town.recommendations["advice"][:10] = -1, Advice.COMPLIANCE
    for week in range(4):
        recommendations.work_through(town, week)
    assert 10 - papers(town, Paper.ISSUED) == 3
    assert town.weekly["senior_hours"][:4].sum() == 3 * town.p.boards[0].paper_hours


def test_only_the_systems_change_board_hears_what_lies_between_agencies():
    assert [between_agencies(number) for number in range(-1, 8)] == [
        False,
        True,
        False,
        True,
        False,
        True,
        *[False] * 3,
    ]
    for project, systems, heard in ((1.0, 0.0, {False}), (0.0, 1.0, {True}), (1.0, 1.0, {False, True})):
        town = still()
        put(town, boards__project=project, boards__systems=systems)
        recommendations.issue(town, 0, Origin.REFLECTION, 2)
        town.recommendations["lever"][:2], town.recommendations["advice"][:2] = (0, 3), Advice.ADAPTIVE
        for week in range(13):
            recommendations.work_through(town, week)
        gone = town.recommendations["progress"][:2] != Paper.ISSUED
        assert {bool(between_agencies(row)) for row in town.recommendations["lever"][:2][gone]} == heard


def test_without_its_board_a_lever_does_not_mature():
    for project, systems in ((0.0, 1.0), (1.0, 0.0)):
        town = programme(0.2)
        put(town, boards__project=project)
        town.authority[0].systems_power = systems
        grows = [improvement.growth(town, number, 0.2) > 0.0 for number in range(8)]
        between = [between_agencies(number) for number in range(8)]
        assert grows == [number == 5 or (systems if between[number] else project) > 0.0 for number in range(8)]


def test_the_systems_boards_power_is_its_partners_seniority_and_relationship():
    town = still()
    town.services["relationship"] = town.p.noticing[0].relationship
    assert recommendations.power_of_systems_board(town) == pytest.approx(1.0)
    put(town, boards__seniority=0.3)
    assert recommendations.power_of_systems_board(town) == pytest.approx(0.5)
    town.services["relationship"] *= 2.0
    assert recommendations.power_of_systems_board(town) == pytest.approx(1.0)


def after_reviews(discussibility: float) -> tuple[float, float]:
    """Return the procedure and the learning that 600 recommendations of reviews add where so much is discussible."""
    procedure, learnt = 0.0, 0.0
    for batch in range(6):
        town = still()
        put(town, boards__project_papers=10, boards__systems_papers=12)
        town.authority[0].discuss_range, town.authority[0].discuss_ease = discussibility**0.5, discussibility**0.5
        town.luck[1] = batch
        for week in range(50):
            town.authority[0].bureaucracy, town.authority[0].practice_quality = 0.55, 0.5
            recommendations.issue(town, week, Origin.CASE_REVIEW if week % 2 else Origin.OFSTED, 2)
            recommendations.work_through(town, week)
        for week in range(50, 118):
            town.authority[0].bureaucracy, town.authority[0].practice_quality = 0.55, 0.5
            recommendations.work_through(town, week)
        procedure += float(town.weekly["procedure_added"].sum())
        learnt += float(town.weekly["learning_added"].sum())
    return procedure, learnt


def test_reviews_add_procedure_faster_than_learning_unless_much_can_be_discussed():
    procedure, learnt = after_reviews(0.225)
    assert procedure > 1.5 * learnt > 0.0
    procedure, learnt = after_reviews(0.6)
    assert learnt > procedure > 0.0


def test_what_a_recommendation_moved_fades_in_forty_weeks_unless_embedded():
    for phase, left in ((Phase.CONDUCT, 0.02), (Phase.EMBEDDED, 0.04)):
        town = still()
        town.authority[0].phase = phase
        town.nudge["continuity"] = 0.04
        for _ in range(40):
            recommendations.fade(town)
        assert town.nudge[0].continuity == pytest.approx(left)


def test_the_front_line_believes_what_becomes_of_its_own_recommendations():
    for progress, sign in ((Paper.IMPLEMENTED, 1), (Paper.PAPER_ONLY, -1), (Paper.DROPPED, -1)):
        town = still()
        recommendations.issue(town, WEEK, Origin.FRONT_LINE, 1)
        before = float(town.authority[0].acting)
        recommendations.settle(town, town.recommendations[0], progress)
        assert np.sign(town.authority[0].acting - before) == sign


# --- the authority as a whole --------------------------------------------------------------------------------------


def a_typical_decade(luck: int, weeks: int = 520):
    """Live the authority's own affairs, with the usual problems and 1.6 serious incidents a year, and no families."""
    town = still()
    town.authority[0].raids = 1
    town.luck[1] = luck
    dice = np.random.default_rng(luck)
    rows = []
    for week in range(weeks):
        now = week % 110
        town.weekly[now : now + 1].view(np.recarray)[0] = 0
        town.weekly[now].demand_count[1, Event.CONTACT] = (
            town.p.learning[0].usual_problems * town.facts[0].ten_thousands
        )
        town.authority[0].first_week = week - now
        improvement.practise(town, week)
        if dice.random() < 1.6 / 52.0:
            family = town.families[int(dice.integers(len(town.families)))]
            incidents.happen(town, family, town.children[family.first_child], week)
        environment.press(town, week)
        rows.append(town.weekly[now].copy())
    return np.array(rows, dtype=town.weekly.dtype)


@pytest.mark.slow
def test_a_typical_authority_stays_as_it_is_over_the_years():
    decades = [a_typical_decade(luck) for luck in (1, 2, 3)]
    for field, start in (
        ("bureaucracy", 0.55), ("practice_quality", 0.5), ("discuss_range", 0.5), ("discuss_ease", 0.45), ("nerve", 0.6),
    ):  # fmt: skip
        late = np.mean([decade[field][-156:].mean() for decade in decades])
        assert late == pytest.approx(start, rel=0.12), field
    assert 0.02 <= np.mean([decade["risk_aversion"].mean() for decade in decades]) <= 0.25
    assert np.mean([decade["criticism"].mean() for decade in decades]) < 0.2
    inspections = sum(decade["events"][:, Event.INSPECTION].sum() for decade in decades)
    assert inspections >= 3 * 3


@pytest.mark.slow
def test_weekly_totals_hold_the_authoritys_affairs_and_measures_read_them():
    run = lived(weeks=156, journal=True)
    found = of_weeks(run.weekly)
    for name in ("bureaucracy", "imagined_done_gap", "discussibility", "risk_aversion", "nerve", "clocks_gap"):
        assert 0.0 < found[name] < 100.0
    assert found["ofsted_grade"] in (1, 2, 3, 4)
    counted = run.weekly["events"].sum(axis=0)
    for event in (Event.RECOMMENDATION, Event.INSPECTION, Event.DIRECTIVE, Event.SUMMONS, Event.SERIOUS_INCIDENT):
        assert (run.journal["event"] == event).sum() == counted[event].sum()


def test_raising_fear_raises_contacts_and_bureaucracy_and_through_them_lowers_time_per_child():
    calm, afraid = still(), still()
    afraid.authority[0].risk_aversion = 0.9
    assert noticing.anxious(afraid) > noticing.anxious(calm)
    for town in (calm, afraid):
        for _ in range(52):
            town.authority[0].risk_aversion = max(0.1, town.authority[0].risk_aversion * 0.985)
            learning.pile_up(town)
    assert afraid.authority[0].bureaucracy > calm.authority[0].bureaucracy
    assert hours.direct_share(afraid, 0.0) < hours.direct_share(calm, 0.0)
    assert rules("sharing").burden(afraid, 0.0) > rules("sharing").burden(calm, 0.0)


def test_blame_silences_and_silence_makes_the_next_scandal_likelier():
    blamed, spared = still(), still()
    incidents.discipline(blamed, WEEK, 0)
    for town in (blamed, spared):
        town.authority[0].raids = 1
        learning.speak_up(town, WEEK)
    assert blamed.weekly[WEEK].surfaced < spared.weekly[WEEK].surfaced
    assert incidents.storm_chance(blamed) > incidents.storm_chance(spared)
    assert incidents.discipline_chance(blamed) > incidents.discipline_chance(spared)


def test_a_copy_of_the_town_lives_the_same_affairs():
    town = still()
    twin = copy_of(town)
    for week in range(30):
        for world in (town, twin):
            improvement.practise(world, week)
            environment.press(world, week)
    assert field_bytes(town.authority) == field_bytes(twin.authority)
    assert field_bytes(town.recommendations) == field_bytes(twin.recommendations)
