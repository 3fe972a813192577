"""The world outside: shocks as they are written, drawn and felt by the one rule each reaches; scenarios and their claims."""

import json
import math
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rules_common import WEEK, deal_key, events, fresh, home, lever, put, rules, worked
from test_rules_care import with_carers
from towns import bytes_of, copy_of, live_weeks, young_town

from familyabm import cli
from familyabm.codes import NOBODY, Event, Factor, Legal, Outside, Placement, Status, Tier, Worker
from familyabm.errors import InputError
from familyabm.expectations import START
from familyabm.levers import find, names, read
from familyabm.luck import Block
from familyabm.measures import MEASURES
from familyabm.parameters import DEFAULT, changed
from familyabm.shocks import GRAMMAR, KINDS, Shock, quiet, shock_curves, written
from familyabm.tables import LEVERS
from familyabm.week import SCHEDULE

CODES = [f"S{n}" for n in range(19)]
CODES = [*CODES[:7], "S6b", *CODES[7:11], "S11a", "S11b", *CODES[12:15], "S14b", *CODES[15:17], "S16m", *CODES[17:]]
AT_REST = quiet(1).outside[0]


# --- How shocks are written -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shock"),
    [
        ("demand:1.6@26+26w", Shock("need", "all", 1.6, 26, 26)),
        ("need.housing:1.3@0+52w", Shock("need", "housing", 1.3, 0, 52)),
        ("contacts.police:1.5@104", Shock("contacts", "police", 1.5, 104, 26)),
        ("poverty:+3@0+468w,ramp,hold", Shock("poverty", "all", 1.0, 0, 468, "ramp", True, 3.0)),
        ("poverty:-1@7+1w", Shock("poverty", "all", 1.0, 7, 1, amount=-1.0)),
        ("early_help_funding:.55@0+468w,hold,ramp", Shock("early_help_funding", "all", 0.55, 0, 468, "ramp", True)),
        ("risk_aversion:+1@26", Shock("risk_aversion", "all", 1.0, 26, 1, "pulse", amount=1.0)),
        ("risk_aversion:0.02@26+26w,step", Shock("risk_aversion", "all", 1.0, 26, 26, amount=0.02)),
        ("inspection:4@156", Shock("inspection", "all", 1.0, 156, 1, "pulse", amount=4.0)),
        ("workers:0@3,pulse", Shock("workers", "all", 0.0, 3, 1, "pulse")),
    ],
)
def test_a_shock_is_read_as_it_is_written(text, shock):
    assert written(text) == shock


NOT_WRITTEN = {
    "": "is not of the form WHAT:SIZE@WEEK",
    "demand": "is not of the form",
    "demand:1.6": "is not of the form",
    "demand:x@26": "is not of the form",
    "demand:1e3@26": "is not of the form",
    "demand:nan@26": "is not of the form",
    "demand:1.6@-1": "is not of the form",
    "demand:1.6@1.5": "is not of the form",
    "demand:1.6@26+26": "is not of the form",
    "demand:1.6@26+26w,": "is not of the form",
    "demand:1.6@" + "9" * 5000: "is not of the form",
    "demand:1.6@٣": "is not of the form",
    "ned:1.6@26": "the kind = 'ned' is not known (did you mean need?)",
    "demand.police:1.6@26": "which = 'police' is not known; accepted: all, housing",
    "poverty.housing:1@26": "which = 'housing' is not known; accepted: all",
    "demand:5.1@26": "times = 5.1 is outside 0 to 5",
    "court_places:0@26": "times = 0 is outside 0.05 to 5",
    "poverty:21@26": "amount = 21 is outside -20 to 20",
    "demand:1.6@26+0w": "weeks = 0 is outside 1 to 5200",
    "demand:1.6@5201": "from_week = 5201 is outside 0 to 5200",
    "demand:1.6@26+26w,rmap": "the word = 'rmap' is not known (did you mean ramp?)",
    "demand:1.6@26+26w,ramp,step": "ramp and step are both shapes",
    "inspection:4@26+2w": "a pulse strikes in one week",
    "inspection:4@26+2w,step": "does not fit an inspection",
    "inspection:3.5@26": "amount = 3.5 is not a whole number; 1 to 4",
    "inspection:0@26": "amount = 0 is outside 1 to 4",
    "risk_aversion:1@26,hold": "a pulse strikes in one week",
}


@pytest.mark.parametrize("text", NOT_WRITTEN, ids=[str(place) for place in range(len(NOT_WRITTEN))])
def test_a_shock_that_cannot_be_used_is_refused_in_one_sentence_with_what_was_given(text):
    with pytest.raises(InputError) as error:
        written(text)
    said = str(error.value)
    assert NOT_WRITTEN[text] in said and "--shock" in said and "\n" not in said and len(said) < 400
    assert said.endswith(".")


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [*KINDS, "demand", ".", ":", "@", "+", "w", ",", "ramp", "hold", "pulse", "all", "police", "\n"]
        ),
        st.sampled_from(["1", "0.5", "-3", "4", "9999999", "26", "٣", "nan", "1e400"]),
        st.text(max_size=3),
    ),
    max_size=9,
).map("".join)
LIKELY = st.builds(
    "{}:{}@{}{}{}".format,
    st.sampled_from([*KINDS, "demand", "need.housing", "contacts.school"]),
    st.sampled_from(["0", "1.5", "+3", "-1", "4", "1"]),
    st.integers(0, 6000),
    st.sampled_from(["", "+1w", "+26w", "+5201w"]),
    st.sampled_from(["", ",ramp", ",hold", ",pulse", ",ramp,hold", ",step,step"]),
)


def written_or_refused(text: str) -> tuple[Shock | None, str]:
    """Return the shock that a text writes, or None and the sentence that refuses it."""
    try:
        return written(text), ""
    except InputError as error:
        return None, str(error)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(st.one_of(PIECES, LIKELY))
def test_whatever_is_written_it_is_a_shock_within_bounds_or_one_sentence(text):
    shock, told = written_or_refused(text)
    if shock is None:
        assert "--shock" in told and "\n" not in told and told.endswith(".")
        return
    kind = KINDS[shock.what]
    assert kind.low <= (shock.times if kind.multiplies else shock.amount) <= kind.high
    assert 0 <= shock.from_week <= 5200 and 1 <= shock.weeks <= 5200 and shock.sentence.endswith(".")


def test_the_help_names_every_kind_and_its_examples_can_be_read():
    assert all(kind in GRAMMAR for kind in KINDS)
    examples = [word.strip(":;. ") for word in GRAMMAR.replace(";", " ").split() if "@" in word and "WEEK" not in word]
    assert len(examples) == 6 and all(written(example) for example in examples)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("demand:1.6@26+26w", "need arises at 1.6 times the usual rate from week 26 to week 52."),
        ("need.housing:1.3@0", "need arises (housing) at 1.3 times the usual rate from week 0 to week 26."),
        (
            "poverty:3@0+52w,ramp,hold",
            "child poverty, percentage points: +3 reached evenly from week 0 to week 52 and kept.",
        ),
        ("court_places:.7@4+1w,hold", "families that the court can hear: 0.7 times the usual from week 4 on."),
        ("inspection:4@26", "inspection grade, 1 outstanding to 4 inadequate: 4 in week 26."),
    ],
)
def test_a_shock_says_what_it_is(text, said):
    assert written(text).sentence == said


# --- How shocks are drawn -------------------------------------------------------------------------------------------


def curve(*written_shocks: str, weeks: int = 8, column: Outside = Outside.POVERTY) -> list[float]:
    return shock_curves([written(text) for text in written_shocks], weeks).outside[:, column].tolist()


def test_nothing_from_outside_is_ones_for_what_multiplies_and_noughts_for_what_adds():
    assert AT_REST.tolist() == [1.0] * 6 + [0.0] * 5
    assert (quiet(3).need == 1.0).all() and (quiet(3).contacts == 1.0).all()
    assert {kind.column for kind in KINDS.values()} - {None} == set(Outside)
    assert all(AT_REST[kind.column] == kind.at_rest for kind in KINDS.values() if kind.column is not None)


def test_shapes_a_step_holds_its_weeks_a_pulse_strikes_once_a_ramp_climbs_evenly_and_may_stay():
    assert curve("poverty:2@2+3w") == [0, 0, 2, 2, 2, 0, 0, 0]
    assert curve("poverty:2@2+3w,hold") == [0, 0, 2, 2, 2, 2, 2, 2]
    assert curve("poverty:2@2,pulse") == [0, 0, 2, 0, 0, 0, 0, 0]
    assert curve("poverty:2@2+4w,ramp") == [0, 0, 0.5, 1, 1.5, 2, 0, 0]
    assert curve("poverty:2@2+4w,ramp,hold") == [0, 0, 0.5, 1, 1.5, 2, 2, 2]
    funding = curve("early_help_funding:0.6@0+4w,ramp,hold", column=Outside.EARLY_HELP_FUNDING)
    assert funding == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6])


def test_a_shock_that_outlasts_the_run_or_comes_after_it_is_cut_off():
    assert curve("poverty:4@6+4w,ramp") == [0, 0, 0, 0, 0, 0, 1, 2]
    assert curve("poverty:4@8+4w,hold") == [0] * 8
    assert curve("poverty:4@99") == [0] * 8


def test_shocks_compose_multipliers_multiply_amounts_add_up_and_the_worse_of_two_grades_stands():
    assert curve("poverty:2@0+2w", "poverty:-1@1+2w") == [2, 1, -1, 0, 0, 0, 0, 0]
    both = curve("foster_places:0.5@0+2w", "foster_places:0.6@1+2w", column=Outside.FOSTER_PLACES)
    assert both == pytest.approx([0.5, 0.3, 0.6, 1, 1, 1, 1, 1])
    assert curve("inspection:2@3", "inspection:4@3", "inspection:1@5", column=Outside.INSPECTION) == [
        0,
        0,
        0,
        4,
        0,
        1,
        0,
        0,
    ]
    need = shock_curves([written("need.housing:2@0+9w,ramp"), written("demand:1.5@8+1w")], 9).need
    assert need[8].tolist() == [3.0, 1.5, 1.5, 1.5] and need[:8, 1:].tolist() == [[1.0] * 3] * 8


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(LIKELY, max_size=6))
def test_no_mixture_of_shocks_leaves_the_bounds_of_its_kind(texts):
    shocks = [written_or_refused(text)[0] for text in texts]
    curves = shock_curves([shock for shock in shocks if shock is not None], 60)
    for kind in KINDS.values():
        if kind.column is not None:
            assert (curves.outside[:, kind.column] >= kind.low).all() and (
                curves.outside[:, kind.column] <= kind.high
            ).all()
    assert (curves.need >= 0.0).all() and (curves.contacts >= 0.0).all()


# --- What shocks reach ----------------------------------------------------------------------------------------------

REACHES = {
    Outside.EARLY_HELP_FUNDING: (0.5, {"P19"}),
    Outside.EARLY_HELP_PLACES: (0.5, {"P19"}),
    Outside.FOSTER_PLACES: (0.05, {"P15"}),
    Outside.COURT_PLACES: (0.05, {"P14"}),
    Outside.WORKERS: (5.0, {"P7"}),
    Outside.NOTIFY: (5.0, {"P4"}),
    Outside.POVERTY: (20.0, {"P1", "P2"}),
    Outside.THRESHOLD: (0.2, {"P5", "P10", "P11", "P12"}),
    Outside.TARGET_PRESSURE: (0.6, {"P7", "P8", "P11"}),
    Outside.RISK_AVERSION: (1.0, {"P18"}),
    Outside.INSPECTION: (4.0, {"P18"}),
}


@pytest.mark.slow
def test_each_influence_from_outside_acts_where_it_may_and_nowhere_else():
    town = live_weeks(young_town(scale=0.004), 36)
    found = {column: set() for column in REACHES}
    for now in range(36, 40):
        for code, _, _, process in SCHEDULE:
            plain = bytes_of(after(process, town, now))
            for column, (moved, _) in REACHES.items():
                if bytes_of(after(process, town, now, column, moved)) != plain:
                    found[column].add(code)
            process(town, now)
    for column, (_, allowed) in REACHES.items():
        assert found[column] <= allowed, column.name
    for column in (Outside.EARLY_HELP_FUNDING, Outside.POVERTY, Outside.TARGET_PRESSURE, Outside.RISK_AVERSION):
        assert found[column], column.name


def after(process, town, week: int, column: Outside = Outside.POVERTY, moved: float = 0.0):
    """Return a copy of the town after one process with one influence moved, which is then put back."""
    world = copy_of(town)
    world.outside[:, column] = moved
    process(world, week)
    world.outside[:] = AT_REST
    return world


def hit(town, column: Outside, value: float) -> None:
    """Let one influence from outside stand at a value this week."""
    town.outside[int(town.authority[0].now), column] = value


outside, circumstances, noticing, money = rules("outside"), rules("circumstances"), rules("noticing"), rules("money")
attendance, environment = rules("attendance"), rules("environment")
common, assessment, court, entry = rules("common"), rules("assessment"), rules("court"), rules("entry")
workforce, hours, needs_led, plans = rules("workforce"), rules("hours"), rules("needs_led"), rules("plans")
family_help, allocation, early_help = rules("family_help"), rules("allocation"), rules("early_help")
front_door, placements, improvement = rules("front_door"), rules("placements"), rules("improvement")


def test_the_week_opens_on_its_own_row_and_reckons_what_poverty_does():
    town = fresh()
    put(town, outside__poverty_onset=0.03)
    town.authority[0].first_week = 50
    town.outside[7, Outside.POVERTY] = 10.0
    outside.begin_week(town, 57)
    assert (town.authority[0].now, town.authority[0].hardship) == (7, math.exp(0.3))
    outside.begin_week(town, 58)
    assert town.authority[0].hardship == 1.0


@pytest.mark.parametrize("factor", Factor)
def test_hardship_multiplies_the_ordinary_rise_of_every_factor(factor):
    town, family, _ = home(5)
    before = circumstances.ordinary_rise(town, family, WEEK, factor, 1)
    town.authority[0].hardship = 1.5
    assert circumstances.ordinary_rise(town, family, WEEK, factor, 1) == pytest.approx(1.5 * before)


def test_the_quick_looks_stay_upper_bounds_in_hardship_and_when_police_notify_everything():
    random = np.random.default_rng(1)
    town = fresh()
    for trial in range(300):
        row = int(random.integers(len(town.families)))
        family = town.families[row]
        family.level[:] = 0
        town.authority[0].hardship = float(random.uniform(1.0, 3.0))
        town.authority[0].prevention = float(random.uniform(0.0, 2.0))
        hit(town, Outside.NOTIFY, float(random.uniform(0.0, 5.0)))
        town.family_hand[:] = random.integers(0, 2**32, len(town.family_hand), dtype=np.uint32) // (
            1 + 400 * (trial % 2)
        )
        town.adult_hand[:] = random.integers(0, 2**32, len(town.adult_hand), dtype=np.uint32) // (1 + 400 * (trial % 2))
        for place in range(family.first_adult, family.first_adult + family.n_adults):
            town.adults[place].mental_health = town.adults[place].substance_misuse = 0
        if circumstances.untouched(town, family, WEEK, row):
            circumstances.home_changes(town, family, WEEK, row)
            for place in range(family.first_adult, family.first_adult + family.n_adults):
                circumstances.adult_changes(town, family, WEEK, place)
                assert town.adults[place].mental_health == town.adults[place].substance_misuse == 0
            assert family.level.sum() == 0
        family.level[:] = random.integers(0, 4, 4)
        family.harm = family.strain = float(random.uniform(0.0, 1.0))
        rate = np.zeros(7)
        noticing.rates(town, family, WEEK, rate)
        total = noticing.weigh(town, family, WEEK, rate)
        assert total <= noticing.at_most(town, family) * noticing.busiest(town, WEEK) + 1e-12


def test_police_notify_a_multiple_of_what_they_did_and_never_more_than_all():
    town, family, _ = home(5)
    put(town, noticing__police_notify=0.4)
    family.level[:] = (0, 0, 0, 2)
    assert attendance.notified(town, family) == pytest.approx(0.4)
    hit(town, Outside.NOTIFY, 1.5)
    assert attendance.notified(town, family) == pytest.approx(0.6)
    hit(town, Outside.NOTIFY, 5.0)
    assert attendance.notified(town, family) == 1.0


def test_an_order_from_outside_moves_the_door_in_full_and_the_assessment_by_its_share():
    town = fresh()
    put(town, assessment__threshold_ration=0.7)
    town.authority[0].policy_shift = 0.01
    door, need = common.rationing(town), assessment.in_need_threshold(town)
    hit(town, Outside.THRESHOLD, 0.06)
    assert common.rationing(town) == pytest.approx(door + 0.06)
    assert assessment.in_need_threshold(town) == pytest.approx(need + 0.042)


@pytest.mark.parametrize(
    ("own", "added", "felt"), [(0.4, 0.3, 0.7), (0.4, 0.9, 1.0), (0.4, -0.9, 0.0), (0.4, 0.0, 0.4)]
)
def test_target_pressure_adds_to_the_authoritys_own_between_none_and_full(own, added, felt):
    town = fresh()
    put(town, workforce__target_pressure=own, workforce__stress_targets=0.1, hours__direct_targets=0.05)
    town.authority[0].load = 1.0
    team = town.teams[0]
    stress, direct = workforce.conditions(town, team, 0.0), hours.direct_share(town, 0.0)
    hit(town, Outside.TARGET_PRESSURE, added)
    assert outside.target_pressure(town) == pytest.approx(felt)
    assert workforce.conditions(town, team, 0.0) - stress == pytest.approx(0.1 * (felt - own))
    assert hours.direct_share(town, 0.0) - direct == pytest.approx(-0.05 * (felt - own))


def test_a_cut_takes_its_share_of_early_help_as_it_is_now_and_gives_it_back_when_it_ends():
    town = fresh()
    account = town.money[0]
    account.early_help_budget, acute = 800_000.0, account.acute_budget
    hit(town, Outside.EARLY_HELP_FUNDING, 0.5)
    money.follow_funding(town)
    money.follow_funding(town)
    assert (account.early_help_budget, account.acute_budget) == (400_000.0, acute)
    assert account.early_help_base == town.facts[0].early_help_start
    hit(town, Outside.EARLY_HELP_FUNDING, 1.0)
    money.follow_funding(town)
    assert account.early_help_budget == 800_000.0


def test_fewer_places_for_the_same_money():
    town = fresh()
    put(town, early_help__targeted_share=0.2, early_help__place_cost=200)
    town.money[0].early_help_budget, town.authority[0].early_help_places = 1_000_000.0, 100.0
    hit(town, Outside.EARLY_HELP_PLACES, 0.6)
    money.fund_places(town)
    assert town.authority[0].early_help_places == pytest.approx(6.0)
    assert town.money[0].early_help_budget == 1_000_000.0


def test_lost_foster_places_send_a_child_on_to_independent_carers_and_then_to_a_home():
    town, family, (child,) = home(8, town=with_carers(fresh(), 10))
    put(town, placements__foster_full=1.0, carers__least_fit=0.0)
    town.facts[0].agency_places, town.facts[0].homes_places = 20.0, 9.0
    town.authority[0].in_house_used, town.authority[0].agency_used = 8.0, 15.0
    places = []
    for left in (1.0, 0.79, 0.74):
        hit(town, Outside.FOSTER_PLACES, left)
        places.append(entry.family_place(town, family, child, WEEK))
    assert places == [Placement.IN_HOUSE_FOSTER, Placement.AGENCY_FOSTER, Placement.CHILDRENS_HOME]


def test_fewer_court_places_lengthen_the_queue():
    town, family, _ = home(5)
    put(
        town,
        court__weeks=30,
        court__weeks_queue=20,
        court__spread=0.0,
        court__late_report=0.0,
        effects__joint_court=0.0,
    )
    town.authority[0].in_court, town.facts[0].court_places = 10.0, 10.0
    assert court.hearing_weeks(town, family, WEEK) == 30
    hit(town, Outside.COURT_PLACES, 0.5)
    assert court.hearing_weeks(town, family, WEEK) == 50


def test_recruitment_stands_still_when_nobody_can_be_found():
    town = fresh()
    put(town, workforce__hire=0.06, workforce__agency_fill=0.0)
    town.facts[0].hiring = 100.0
    worker = town.workers[0]
    for found, kind in ((0.0, Worker.VACANT), (5.0, Worker.PERMANENT)):
        worker.kind = Worker.VACANT
        hit(town, Outside.WORKERS, found)
        for week in range(WEEK, WEEK + 20):
            if worker.kind == Worker.VACANT:
                workforce.recruit(town, worker, week)
        assert worker.kind in ((kind,) if kind == Worker.VACANT else (kind, Worker.NEWLY_QUALIFIED))


def test_a_blow_from_outside_frightens_and_fear_fades_by_a_share_a_week_up_to_a_ceiling():
    town, _, _ = home(5)
    put(town, environment__fear_keeps=0.9)
    town.facts[0].whole = town.p.incidents[0].reach
    now, felt = town.authority[0], []
    for blow in (1.0, 1.0, 0.0):
        hit(town, Outside.RISK_AVERSION, blow)
        environment.calm_down(town)
        environment.frighten(town, outside.outside_now(town, Outside.RISK_AVERSION), 0.0)
        felt.append(float(now.risk_aversion))
    assert felt == pytest.approx([1.0, 1.5, 1.35])


# --- Needs-led review, Family Help, watching for relapse ------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "before", "now", "said"),
    [
        (2, 0.50, 0.48, "continue"), (2, 0.50, 0.49, "change"), (2, 0.40, 0.50, "change"), (2, 0.24, 0.24, "stop"),
        (1, 0.50, 0.50, "continue"), (0, 0.24, 0.24, "continue"),
    ],
)  # fmt: skip
def test_a_plan_goes_on_changes_or_stops_by_what_a_thousand_pounds_have_bought(scope, before, now, said):
    town, family, _ = home(5)
    put(town, needs_led__scope=scope, needs_led__worth=0.015, needs_led__stop_within=0.03, money__worker_hour=50)
    family.judged = now
    verdict = needs_led.verdict(town, family, before, 20.0, 0.22)
    assert verdict == {"continue": 0, "change": 1, "stop": 2}[said]
    family.plan_fits = 1
    assert needs_led.verdict(town, family, before, 20.0, 0.22) == (2 if said == "stop" else 0)


def test_a_changed_plan_helps_more_and_is_told_once():
    town, family, _ = home(5)
    put(town, needs_led__fits_better=0.2, needs_led__change_hours=8, plans__dose_ceiling=1.0)
    worked(town, family)
    family.status = Status.CHILD_IN_NEED
    usual = plans.strength(town, family, 0.4)
    needs_led.change_plan(town, family, WEEK)
    assert plans.strength(town, family, 0.4) == pytest.approx(1.2 * usual)
    assert events(town, Event.PLAN_CHANGED) == 1 and town.weekly[WEEK].demand_hours.sum() == 8
    common.let_go(family, WEEK)
    assert family.plan_fits == 0


@pytest.mark.parametrize(
    ("scope", "status"), [(0, Status.CHILD_IN_NEED), (1, Status.CHILD_IN_NEED), (2, Status.CLOSED)]
)
def test_a_review_stops_a_plan_that_buys_nothing_only_where_all_plans_are_needs_led(scope, status):
    town, family, (child,) = home(5)
    put(town, needs_led__scope=scope, plans__review_noise=0.0, plans__need_drift_close=0.0, plans__step_down=0.0,
        effects__door_closure=0.0, plans__need_close=0.22, front_door__ration=0.0, needs_led__stop_within=0.05)  # fmt: skip
    worked(town, family)
    child.legal_status, child.harm = Legal.CHILD_IN_NEED, 0.24 / 0.8
    town.p.chances[0].weight[:] = 0.0
    family.status, family.since, family.judged = Status.CHILD_IN_NEED, WEEK - 6, 0.24
    plans.review_need(town, family, WEEK)
    assert family.judged == pytest.approx(0.24) and family.status == status


@pytest.mark.parametrize(
    ("scope", "harm", "lived", "vacant", "moves"),
    [(1, 0.2, 26, True, True), (2, 0.2, 52, True, True), (0, 0.2, 26, True, False), (1, 0.31, 26, True, False),
     (1, 0.2, 25, True, False), (1, 0.2, 26, False, False)],
)  # fmt: skip
def test_a_needs_led_review_finds_a_family_for_a_child_in_a_home_whose_need_it_could_meet(
    scope, harm, lived, vacant, moves
):
    town, family, (child,) = home(13, town=with_carers(fresh(), 3))
    put(
        town,
        carers__least_fit=0.0,
        needs_led__scope=scope,
        needs_led__judgement=0.0,
        needs_led__family_could=0.3,
        needs_led__found=0.5,
    )
    child.legal_status, child.placement, child.placed, child.harm = (
        Legal.CARE_ORDER,
        Placement.CHILDRENS_HOME,
        WEEK - lived,
        harm,
    )
    family.n_away, town.authority[0].homes_used = 1, 1.0
    town.authority[0].in_house_used = 0.0 if vacant else 1e6
    town.authority[0].agency_used = 1e6
    deal_key(town, child, found=(Block.STEP_DOWN, 2, 0.0, 0.5))
    assert needs_led.step_down_to_family(town, family, child, WEEK) == moves
    assert child.placement == (Placement.IN_HOUSE_FOSTER if moves else Placement.CHILDRENS_HOME)
    assert events(town, Event.PLACEMENT_STEPPED_DOWN) == moves and town.authority[0].homes_used == 1 - moves


@pytest.mark.parametrize(("scope", "cost"), [(0, 0), (1, 10_000), (2, 30_000)])
def test_needs_led_review_costs_money(scope, cost):
    town = fresh()
    put(town, needs_led__scope=scope, needs_led__cost_care=10_000, needs_led__cost_plans=20_000)
    town.facts[0].ten_thousands = 2.0
    assert money.lever_cost(town, WEEK) == pytest.approx(cost * 2.0 * 100.0 / 52.0, abs=1)


@pytest.mark.parametrize("merged", [0, 1])
def test_in_family_help_a_family_that_steps_up_keeps_its_lead_and_the_relationship(merged):
    town, family, _ = home(5)
    put(town, family_help__merged=merged, plans__relationship_start=0.25)
    worker = worked(town, family)
    family.worker, family.status, family.lead, family.n_workers, family.working_relationship = (
        NOBODY,
        Status.EARLY_HELP,
        1,
        1,
        0.8,
    )
    town.authority[0].early_help_used = 1.0
    front_door.step_out_of_early_help(town, family, WEEK)
    assert family.lead == merged
    allocation.meet(town, family, WEEK, 0)
    assert (family.n_workers, family.lead, worker.n_families) == ((1, 1, 1) if merged else (2, 1, 1))
    assert family.working_relationship == (0.8 if merged else 0.25)


@pytest.mark.parametrize("merged", [0, 1])
def test_in_family_help_a_family_that_steps_down_keeps_its_lead(merged):
    town, family, _ = home(5)
    put(town, family_help__merged=merged, plans__relationship_start=0.25)
    worked(town, family)
    family.status, family.lead, family.n_workers, family.working_relationship = Status.ASSESSMENT, 1, 3, 0.7
    assessment.step_down(town, family, WEEK, 0.2)
    early_help.begin(town, family, WEEK)
    assert (family.n_workers, family.working_relationship) == ((3, 0.7) if merged else (4, 0.25))


def test_family_help_workers_hold_a_share_of_child_in_need_work_out_of_early_helps_places():
    town, family, _ = home(5)
    put(town, family_help__merged=1, family_help__others_hold=0.4, early_help__hours=2.0, hours__in_need=2.0, hours__workload=1.0,
        early_help__targeted_share=0.2, early_help__place_cost=200)  # fmt: skip
    worker = worked(town, family)
    family.status, town.authority[0].bureaucracy = Status.CHILD_IN_NEED, DEFAULT["hours.bureaucracy"]
    lever(town, unit_model=DEFAULT["base.unit_model"], bureaucracy_relief=DEFAULT["base.bureaucracy_relief"])
    allocation.add_needs(town)
    assert worker.need[Tier.IN_NEED] == pytest.approx(1.2)
    assert family_help.places_taken(town) == pytest.approx(0.4)
    town.money[0].early_help_budget, town.authority[0].early_help_places = 1_000_000.0, 100.0
    money.fund_places(town)
    assert town.authority[0].early_help_places == pytest.approx(10.0 - 0.4)
    put(town, family_help__merged=0)
    allocation.add_needs(town)
    assert worker.need[Tier.IN_NEED] == pytest.approx(2.0) and family_help.places_taken(town) == 0.0


def test_watching_for_relapse_halves_slipping():
    town = fresh()
    put(town, programmes__monitoring_halves=0.5)
    town.authority[0].load, town.maturity[0].continuity, town.policy[0].continuity = 3.0, 0.8, 1.0
    lost = []
    for watched in (0.0, 1.0):
        put(town, programmes__relapse_monitoring=watched)
        lost.append(improvement.slipping(town, list(LEVERS).index("continuity"), 0.1))
    assert lost[0] > 0.0 and lost[1] == pytest.approx(lost[0] / 2)


# --- Scenarios and what they claim ----------------------------------------------------------------------------------


def test_every_scenario_of_the_specification_has_a_file_in_its_order():
    assert [find(name).code for name in names()] == CODES


@pytest.mark.parametrize("name", names())
def test_a_scenario_says_what_it_is_and_claims_something_that_can_be_checked(name):
    scenario = find(name)
    for words in (scenario.title, scenario.description, scenario.expect, scenario.surprise):
        assert len(words) > 10
    assert len(scenario.expected) >= 2
    for claim in scenario.expected:
        assert claim.measure in MEASURES and claim.source
        assert claim.against in {*names(), START} and claim.years[1] <= 10
        assert claim.against != name
    assert set(scenario.levers) <= set(LEVERS)
    changed(DEFAULT, scenario.parameters)


def test_the_settings_of_the_specification_are_the_settings_of_the_files():
    assert dict(find("units").levers) == {"unit_model": 0.9, "bureaucracy_relief": 0.7, "continuity": 0.7}
    assert find("target-culture").parameters == {"workforce.target_pressure": 1.0}
    assert find("notify-everything").parameters == {"noticing.police_notify": 1.0}
    assert (find("needs-led-care").parameters, find("needs-led-all").parameters) == (
        {"needs_led.scope": 1.0},
        {"needs_led.scope": 2.0},
    )
    watched, slipping = find("slipping-back-watched"), find("slipping-back")
    assert (watched.levers, watched.shocks) == (slipping.levers, slipping.shocks)
    assert (
        watched.parameters == {"programmes.relapse_monitoring": 1.0} and slipping.levers == find("whole-system").levers
    )
    ends = {
        "thresholds-raised": (Outside.THRESHOLD, 0.06), "placement-shortage": (Outside.FOSTER_PLACES, 0.6),
        "court-delay": (Outside.COURT_PLACES, 0.7), "capacity-without-door": (Outside.EARLY_HELP_FUNDING, 2.0),
        "austerity": (Outside.EARLY_HELP_FUNDING, 0.55), "status-quo": (Outside.EARLY_HELP_FUNDING, 1.0),
    }  # fmt: skip
    for name, (column, value) in ends.items():
        assert shock_curves(find(name).shocks, 520).outside[-1, column] == pytest.approx(value), name
    austerity = shock_curves(find("austerity").shocks, 520).outside
    assert austerity[-1, Outside.POVERTY] == 3.0 and austerity[0, Outside.POVERTY] < 0.01
    assert shock_curves(find("media-storm").shocks, 520).outside[26, Outside.RISK_AVERSION] == 1.0
    assert shock_curves(find("inadequate").shocks, 520).outside[26, Outside.INSPECTION] == 4.0


def test_parts_are_put_together_and_what_the_file_says_comes_on_top():
    text = 'parts = ["whole-system", "media-storm", "notify-everything"]\n[levers]\ncontinuity = 0.1\n[[shocks]]\ntimes = 2\n'
    scenario = read(text, "mine", "mine.toml")
    assert scenario.levers == find("whole-system").levers | {"continuity": 0.1}
    assert scenario.shocks == (*find("media-storm").shocks, Shock("need", "all", 2.0, 0, 26))
    assert scenario.parameters == {"noticing.police_notify": 1.0}


def test_further_shocks_join_a_scenarios_own_and_change_its_address_and_title(tmp_path):
    scenario, path = find("spike-raided"), tmp_path / "storm.toml"
    path.write_text('[[shocks]]\nwhat = "risk_aversion"\namount = 0.5\nfrom_week = 3\n')
    hit_again = scenario.hit_by(["poverty:2@0", str(path)])
    assert hit_again.shocks == (*scenario.shocks, written("poverty:2@0"), written("risk_aversion:0.5@3"))
    assert hit_again.title != scenario.title and hit_again.as_address() != scenario.as_address()
    assert scenario.hit_by([]) is scenario
    ramped = replace(scenario, shocks=(replace(scenario.shocks[0], shape="ramp"),))
    assert ramped.as_address() != scenario.as_address()


CLAIM = '[[expected]]\nmeasure = "plans"\nyears = [7, 8]\ndirection = "up"\nsource = "x"\n'
BAD_FILES = {
    "parts = 'siloed'": "parts = 'siloed' is not a list of scenarios",
    "parts = ['silod']": "parts = 'silod' is not known (did you mean siloed?)",
    "code = 3": "code = 3 is not text",
    "[[shocks]]\nwhat = 'poverty'\ntimes = 2": "times does not go with poverty; amount is accepted",
    "[[shocks]]\namount = 2": "amount does not go with need; times is accepted",
    "[[shocks]]\ntimes = 2\nshape = 'slope'": "shape = 'slope' is not known",
    "[[shocks]]\ntimes = 2\nhold = 1": "hold = 1 is not accepted; true or false is",
    "[[shocks]]\nwhat = 'inspection'\namount = 2.5": "amount = 2.5 is not a whole number; 1 to 4",
    "expected = 3": "expected is not a list of tables",
    "[[expected]]": "expected[1]: measure is missing",
    CLAIM + "wrong = 1": "wrong is not a field of an expectation",
    CLAIM.replace("[7, 8]", "[8, 7]"): "years = [8, 7] end before they begin",
    CLAIM.replace("[7, 8]", "7"): "is not a first and a last year",
    CLAIM.replace("[7, 8]", "[0, 8]"): "years = 0 is outside 1 to 100",
    CLAIM.replace("up", "upp"): "direction = 'upp' is not known (did you mean up?)",
    CLAIM + "against = 'silod'": "against = 'silod' is not known (did you mean siloed?)",
    CLAIM + "low = 0.1": "low and high do not fit up",
    CLAIM + "low = -0.1\nhigh = 0.1": "low and high do not fit up",
    CLAIM + "low = 0.2\nhigh = 0.1": "low and high do not fit up",
    CLAIM + "low = 'x'\nhigh = 0.1": "low = 'x' is not a number",
    CLAIM.replace('source = "x"', "source = 3"): "source = 3 is not text",
    CLAIM.replace('source = "x"', ""): "source is missing",
}


@pytest.mark.parametrize("text", BAD_FILES, ids=[str(place) for place in range(len(BAD_FILES))])
def test_a_field_that_cannot_be_used_is_refused_with_the_file_and_the_field(text):
    with pytest.raises(InputError) as error:
        read(text, "x", "x.toml")
    assert "x.toml" in str(error.value) and BAD_FILES[text] in str(error.value) and "\n" not in str(error.value)


def test_a_claim_is_kept_as_it_was_made():
    (claim,) = read(CLAIM + "low = 0.1\nhigh = 0.2\nagainst = 'start'\nnote = 'n'", "x", "x.toml").expected
    assert (claim.measure, claim.years, claim.against, claim.direction) == ("plans", (7, 8), START, "up")
    assert (claim.low, claim.high, claim.note, claim.source) == (0.1, 0.2, "n", "x")
    assert claim.sentence == "plans up (+10% to +20%) in years 7 to 8, against its own first year"


# --- The command line -----------------------------------------------------------------------------------------------


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Return a function that runs the command line in an empty folder: (exit code, output, messages)."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["familyabm", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return (stopped.value.code or 0, *capsys.readouterr())

    return run


@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_shock_that_cannot_be_used_ends_the_command_in_one_line(call, command):
    code, out, err = call(command, "Wakefield", "--shock", "demand:1.6@26+26w", "--shock", "inspection:5@26")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "--shock inspection:5@26" in err and "amount = 5 is outside 1 to 4" in err


def test_the_list_of_scenarios_bears_their_codes(call):
    rows = json.loads(call("scenarios", "--json")[1])
    assert [(row["code"], row["name"]) for row in rows] == list(zip(CODES, names(), strict=True))


def test_one_scenario_is_shown_in_full(call):
    code, out, err = call("scenarios", "slipping-back-watched")
    assert (code, err) == (0, "")
    for said in (
        "S16m",
        "Early help ring-fence",
        "15%",
        "90%",
        "inspection grade",
        "programmes.relapse_monitoring",
        "Section 47",
    ):
        assert said in out
    whole = json.loads(call("scenarios", "austerity", "--json")[1])
    assert whole["code"] == "S17" and len(whole["levers"]) == 8 and len(whole["expected"]) == 5
    assert [shock["hold"] for shock in whole["shocks"]] == [True, True]


def test_a_scenario_that_is_not_known_is_met_with_the_nearest(call):
    code, out, err = call("scenarios", "austerty")
    assert (code, out) == (2, "") and "did you mean austerity" in err
