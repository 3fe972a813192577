"""Published effects, replayed: who is followed, what is counted, and what may be said of it."""

import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from familyabm.codes import LOOKED_AFTER, Agency, Event, Factor, Service, Status
from familyabm.credibility.experiments import Change, Levels
from familyabm.credibility.run import started
from familyabm.credibility.settings import FAMILY_SAFEGUARDING
from familyabm.report import effects as report
from familyabm.report import validation_doc
from familyabm.simulation import PAST_WEEKS
from familyabm.tables import CHILD, FAMILY, NOTE, WEEK, empty
from familyabm.truth import effects, effects_judge, effects_run
from familyabm.truth.effects import Outcome
from familyabm.truth.effects_judge import Verdict
from familyabm.truth.effects_reading import Counted, Selection
from familyabm.truth.effects_run import Measured
from tests.test_cli import call  # noqa: F401 # a fixture
from tests.test_effects_files import HEAD, MEASURE, OUTCOME
from tests.towns import snapshot


# --- Who is followed and what is counted, worked by hand --------------------------------------------------------------
def made_run(*events: tuple[int, int, Event, int], agency: Agency = Agency.SOCIAL_CARE) -> SimpleNamespace:
    """A life of four families with two children each, and a journal of (week, family, event, child) rows in order."""
    families, children, journal, weekly = (
        empty(entry, n) for entry, n in ((FAMILY, 4), (CHILD, 8), (NOTE, len(events)), (WEEK, 104))
    )
    families["key"] = [11, 12, 13, 14]
    families["level"][:, Factor.SUBSTANCE_MISUSE] = [2, 2, 0, 3]
    families["level"][:, Factor.HOUSING] = [1, 0, 0, 1]
    families["status"] = [Status.CHILD_IN_NEED, Status.CHILD_IN_NEED, Status.UNIVERSAL, Status.CHILD_PROTECTION]
    children["family"], children["key"] = np.repeat(np.arange(4), 2), np.arange(101, 109)
    children["born"] = PAST_WEEKS - 5 * 52
    for row, (week, family, event, child) in zip(journal, events, strict=True):
        row.week, row.family, row.event, row.child, row.children, row.agency = (
            PAST_WEEKS + week,
            family,
            event,
            child,
            1,
            agency,
        )
    journal["number"] = np.arange(len(events))
    weekly["children_total"] = 10_000.0
    past = SimpleNamespace(tables={"families": families, "children": children})
    return SimpleNamespace(
        snapshot=past, town=SimpleNamespace(families=families, children=children), journal=journal, weekly=weekly
    )


PLANS = made_run(
    (2, 11, Event.PLAN_STARTED, 0), (3, 12, Event.CONTACT, 0), (6, 11, Event.CARE_STARTED, 101), (8, 12, Event.PLAN_STARTED, 0),
    (9, 11, Event.PLAN_STARTED, 0), (16, 11, Event.CARE_ENDED_HOME, 101), (20, 12, Event.CARE_STARTED, 103), (60, 12, Event.CONTACT, 0),
    (70, 14, Event.PLAN_STARTED, 0),
)  # fmt: skip
ON_PLANS = Selection((Event.PLAN_STARTED,), 0, 52)


def test_families_are_followed_from_their_first_event_in_the_window():
    keys, since = ON_PLANS.of(PLANS)
    assert keys.tolist() == [11, 12] and (since - PAST_WEEKS).tolist() == [2, 8]


def test_families_are_chosen_by_how_they_stand_at_the_start():
    assert Selection(statuses=(Status.CHILD_IN_NEED,), troubles=2).of(PLANS)[0].tolist() == [11]
    assert Selection(levels=((Factor.SUBSTANCE_MISUSE, 2),)).of(PLANS)[0].tolist() == [11, 12, 14]
    assert replace(ON_PLANS, levels=((Factor.HOUSING, 1),)).of(PLANS)[0].tolist() == [11]


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (Counted("share", (0, 52), (Event.CARE_STARTED,), selection=ON_PLANS), (2, 2)),
        (Counted("share", (0, 10), (Event.CARE_STARTED,), selection=ON_PLANS), (1, 2)),
        (Counted("events", (-8, 0), (Event.CONTACT,), selection=ON_PLANS), (1, 2)),
        (Counted("events", (0, 52), (Event.CONTACT,), selection=ON_PLANS), (0, 2)),
        (Counted("events", (0, 53), (Event.CONTACT,), selection=ON_PLANS), (1, 2)),
        (Counted("children", (0, 52), (Event.CARE_STARTED,), (Agency.COURT,), selection=ON_PLANS), (0, 2)),
        (Counted("looked_after", (0, 13), selection=ON_PLANS), (2, 4)),  # 11's child until week 14, 12's from week 12
        (Counted("looked_after", (0, 20), selection=ON_PLANS), (1, 4)),
        (Counted("care_days", (0, 20), selection=ON_PLANS), (7 * (10 + 8), 4)),  # weeks 4 to 14, and 12 to 20
        (Counted("care_days", (0, 6), selection=ON_PLANS), (14, 4)),
        (Counted("events", (0, 52), (Event.PLAN_STARTED,)), (3, 1.0)),
        (Counted("children", (52, 104), (Event.PLAN_STARTED, Event.CONTACT)), (2, 1.0)),
    ],
)
def test_what_is_counted_is_what_happened_in_the_window(counted, expected):
    assert counted(PLANS, []) == expected


def test_children_in_care_at_the_start_are_looked_after_until_an_event_ends_it():
    """101 enters by an event, 102 and 104 are in care from before; 102 goes home in week 10, 104 stays."""
    run = made_run(
        (2, 11, Event.PLAN_STARTED, 0), (6, 11, Event.CARE_STARTED, 101), (8, 12, Event.PLAN_STARTED, 0),
        (10, 11, Event.CARE_ENDED_HOME, 102),
    )  # fmt: skip
    run.snapshot.tables["children"]["legal_status"][[1, 3, 6]] = LOOKED_AFTER[0]  # the last is of a family not followed
    at_five, at_twenty, days = (
        Counted(what, (0, end), selection=ON_PLANS) for what, end in (("looked_after", 5), ("looked_after", 20), ("care_days", 20))
    )  # fmt: skip
    assert at_five(run, []) == (3, 4) and at_twenty(run, []) == (2, 4)
    assert days(run, []) == (7 * (16 + 8 + 20), 4)  # weeks 4 to 20 of 101, 0 to 8 of 102, all of 104


def test_a_factor_has_eased_where_it_is_below_the_level_at_the_first_years_end_after_the_window():
    keys = PLANS.snapshot.tables["families"]["key"]
    start = Levels(keys, PLANS.snapshot.tables["families"]["level"].copy())
    later = [Levels(keys, start.levels.copy()) for _ in range(2)]
    later[1].levels[0, Factor.SUBSTANCE_MISUSE] = 1  # 11 has eased at the end of the second year
    counted = Counted("eased", (0, 52), factor=Factor.SUBSTANCE_MISUSE, below=2, selection=ON_PLANS)
    assert counted(PLANS, [start, *later]) == (1, 2)  # 52 weeks after week 2 is the second year's end
    assert replace(counted, weeks=(0, 26))(PLANS, [start, *later]) == (0, 2)
    assert counted(PLANS, [start]) == (0, 0)


def test_a_change_at_the_start_of_one_kind_of_service_leaves_the_others_alone():
    past = snapshot("Wakefield")
    changed = started(past, (Change("services", "places", 2.0, 0.0, Service.SUBSTANCE_MISUSE),))
    before, after = past.tables["services"], changed.tables["services"]
    mine = before["kind"] == Service.SUBSTANCE_MISUSE
    assert (after["places"][mine] == 2.0 * before["places"][mine]).all() and before["places"][mine].sum() > 0
    assert (after["places"][~mine] == before["places"][~mine]).all()


# --- How two worlds are compared --------------------------------------------------------------------------------------
def outcome(
    way: str = "percent", kind: str = "effect", published: float = -10.0, low: float = -20.0, high: float = -5.0, **more
):
    return Outcome("O", kind, way, "u", published, low, high, "stated", "V1", "contacts", **more)


def sums(*lucks: tuple[float, float], per: tuple[float, float] = (math.nan, math.nan)):
    """One measure in both worlds, luck by luck."""
    return np.array(
        [[[a, 1.0, math.nan, math.nan, per[0], 1.0], [b, 1.0, math.nan, math.nan, per[1], 1.0]] for a, b in lucks]
    )


def test_lucks_are_added_up_before_they_are_compared():
    shares = outcome(counted=Counted("share", (0, 1), (Event.CONTACT,), selection=ON_PLANS))
    counts = np.array([[[0, 10, 0, 0, 0, 1], [1, 10, 0, 0, 0, 1]], [[4, 10, 0, 0, 0, 1], [1, 10, 0, 0, 0, 1]]], float)
    found = effects_run.measure(shares, counts)
    assert (found.comparison, found.intervention) == (pytest.approx(20.0), pytest.approx(10.0))
    assert found.value == pytest.approx(-50.0) and math.isnan(found.low)  # two lucks show no range


@pytest.mark.parametrize(
    ("one", "given", "expected"),
    [
        (outcome("percent"), sums((50, 40), (50, 40)), -20.0),
        (outcome("points"), sums((50, 40), (50, 30)), -15.0),
        (outcome("ratio"), sums((50, 40)), 0.8),
        (outcome("elasticity", per="spend"), sums((100, 105), per=(200, 100)), -0.1),
        (outcome("per", per="spend", step=-10.0), sums((100, 106), per=(200, 170)), 2.0),
        (outcome("per", moved=5.0, times=10.0), sums((26.7, 27.8)), 2.2),
    ],
)
def test_each_way_of_comparing_is_what_it_says(one, given, expected):
    assert effects_run.measure(one, given).value == pytest.approx(expected)


def test_odds_are_those_of_shares():
    one = outcome("odds", counted=Counted("share", (0, 1), (Event.CONTACT,), selection=ON_PLANS))
    given = np.array([[[20, 100, 0, 0, 0, 1], [10, 100, 0, 0, 0, 1]]], float)
    assert effects_run.measure(one, given).value == pytest.approx((0.1 / 0.9) / (0.2 / 0.8))


def test_a_change_before_and_after_is_shown_beside_the_one_that_comes_by_itself():
    counted = Counted("events", (0, 26), (Event.CONTACT,), selection=ON_PLANS)
    one = outcome("before", "bound", counted=counted, counted_before=replace(counted, weeks=(-26, 0)))
    given = np.array([[[60, 10, 100, 10, 0, 1], [30, 10, 100, 10, 0, 1]]], float)
    found = effects_run.measure(one, given)
    assert (found.value, found.by_itself) == (pytest.approx(-70.0), pytest.approx(-40.0))
    assert math.isnan(found.beyond_low)  # one luck
    alike = effects_run.measure(one, np.repeat(given, 6, axis=0))
    assert (alike.beyond_low, alike.beyond_high) == (pytest.approx(-30.0), pytest.approx(-30.0))


def test_ranges_are_of_lucks_and_the_same_every_time():
    rng = np.random.default_rng(1)
    given = sums(*[(100.0 + x, 90.0 + x) for x in rng.normal(0, 5, 20)])
    found = effects_run.measure(outcome(), given)
    assert found == replace(effects_run.measure(outcome(), given), by_itself=found.by_itself)
    assert -10.6 < found.low < found.value < found.high < -9.4


# --- What may be said -------------------------------------------------------------------------------------------------
def measured(one: Outcome, value: float, low: float, high: float) -> Measured:
    return Measured(one, value, low, high, 0.0, 0.0, math.nan)


def before(value: float, low: float, high: float, *beyond: float) -> Measured:
    return Measured(outcome("before", "bound"), value, low, high, 0.0, 0.0, -12.0, *beyond)


NULL = outcome(kind="null", published=0.0, low=-5.0, high=5.0)
RATIO_NULL = outcome("ratio", "null", 1.25, 0.77, 2.05)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (measured(outcome(), -12.0, -15.0, -8.0), Verdict.MET),
        (measured(outcome(), -12.0, -25.0, 1.0), Verdict.NOT_DECIDED),
        (measured(outcome(), -3.0, -4.0, -2.0), Verdict.TOO_SMALL),
        (measured(outcome(), -1.0, -4.0, 2.0), Verdict.TOO_SMALL),
        (measured(outcome(), -3.0, -6.0, 2.0), Verdict.NOT_DECIDED),
        (measured(outcome(), -30.0, -35.0, -25.0), Verdict.TOO_LARGE),
        (measured(outcome(), 12.0, 8.0, 15.0), Verdict.WRONG_SIGN),
        (measured(outcome(), math.nan, math.nan, math.nan), Verdict.NOT_MEASURED),
        (measured(outcome(), -12.0, math.nan, math.nan), Verdict.NOT_DECIDED),
        (measured(outcome(kind="bound", high=0.0), -0.5, -0.9, -0.1), Verdict.MET),
        (measured(outcome(kind="bound", high=0.0), -25.0, -29.0, -21.0), Verdict.TOO_LARGE),
        (measured(outcome(kind="direction", published=math.nan, low=0.0, high=math.inf), 3.0, 1.0, 5.0), Verdict.MET),
        (
            measured(outcome(kind="direction", published=math.nan, low=0.0, high=math.inf), -3.0, -5.0, -1.0),
            Verdict.WRONG_SIGN,
        ),
        (measured(NULL, 1.0, -2.0, 4.0), Verdict.MET),
        (measured(NULL, 1.0, -9.0, 9.0), Verdict.NOT_DECIDED),
        (measured(NULL, 7.0, 6.0, 9.0), Verdict.NOT_NULL),
        (measured(NULL, 6.0, -1.0, 9.0), Verdict.NOT_DECIDED),
        (measured(RATIO_NULL, 0.99, 0.95, 1.02), Verdict.MET),
        (measured(RATIO_NULL, 0.5, 0.4, 0.6), Verdict.NOT_NULL),
        (measured(outcome("ratio", published=1.6, low=1.1, high=2.4), 1.5, 1.2, 1.9), Verdict.MET),
        (measured(outcome("ratio", published=1.6, low=1.1, high=2.4), 1.05, 1.01, 1.09), Verdict.TOO_SMALL),
        (measured(outcome("ratio", published=1.6, low=1.1, high=2.4), 0.5, 0.4, 0.6), Verdict.WRONG_SIGN),
        (measured(outcome("ratio", published=1.6, low=1.1, high=2.4), 2.9, 2.6, 3.1), Verdict.TOO_LARGE),
        (measured(outcome("odds", published=0.5, low=0.3, high=0.8), 0.9, 0.85, 0.95), Verdict.TOO_SMALL),
        (measured(outcome("odds", published=0.5, low=0.3, high=0.8), 0.2, 0.15, 0.25), Verdict.TOO_LARGE),
        (measured(outcome("ratio", published=0.5, low=0.3, high=0.8), 0.5, 0.4, 0.6), Verdict.MET),
        (before(-15.0, -19.0, -11.0, -6.0, -1.0), Verdict.MET),
        (before(-15.0, -19.0, -11.0, -4.0, 1.0), Verdict.NOT_DECIDED),  # what comes by itself explains it
        (before(-15.0, -19.0, -11.0, 1.0, 4.0), Verdict.WRONG_SIGN),
        (before(-15.0, -19.0, -11.0, math.nan, math.nan), Verdict.NOT_DECIDED),
    ],
)
def test_a_verdict_follows_from_estimate_range_and_what_was_published(found, expected):
    assert effects_judge.judge(found) == expected


def test_an_effect_is_as_good_as_its_worst_outcome():
    good, bad = measured(outcome(), -12.0, -15.0, -8.0), measured(NULL, 7.0, 6.0, 9.0)
    assert effects_judge.of_effect((good, bad)) == Verdict.NOT_NULL and effects_judge.of_effect((good,)) == Verdict.MET


# --- Worlds and pages -------------------------------------------------------------------------------------------------
def test_a_world_that_several_effects_need_is_lived_once_with_all_that_is_read_of_it():
    known = effects.catalogue()
    worlds = effects_run.worlds_of([known["prevention-cuts"], known["austerity-early-help"]])
    assert len(worlds) == 2
    usual = effects_run.worlds_of([known["family-safeguarding"], known["troubled-families"]])
    reads = [len(world.reads) for world in usual.values()]
    assert len(usual) == 3 and max(reads) == 4  # the comparison has the readings of both


def test_a_study_that_is_an_experiment_of_credibility_too_is_the_same_world():
    arm = effects.catalogue()["family-safeguarding"].intervention
    assert arm == effects.Arm(FAMILY_SAFEGUARDING.scenario, FAMILY_SAFEGUARDING.start)


def test_kinds_of_outcome_are_counted_apart():
    bound = outcome(kind="bound", high=0.0)
    sign = outcome(kind="direction", published=math.nan, low=0.0, high=math.inf)
    found = replayed_of((
        measured(outcome(), -12.0, -15.0, -8.0), measured(bound, -0.5, -0.9, -0.1), measured(bound, 3.0, 1.0, 5.0),
        measured(sign, 3.0, 1.0, 5.0), measured(NULL, 7.0, 6.0, 9.0),
    ))  # fmt: skip
    said = report.count(found)
    for told in ("0 of 1 replayed study met in every outcome", "1 of 1 size inside the published interval",
                 "1 of 2 changes within an upper bound", "1 of 1 sign alone right", "0 of 1 null null"):  # fmt: skip
        assert told in said


def replayed_of(*found: tuple[Measured, ...]):
    known = list(effects.catalogue().values())[: len(found)]
    return effects_run.Replayed(snapshot("Wakefield"), 20, tuple(range(1, 21)), tuple(known), found)


def test_page_json_and_documentation_tell_what_falls_short_first_and_leave_nothing_out(tmp_path):
    bad = measured(replace(outcome(), missing="A mechanism."), 12.0, 8.0, 15.0)
    found = replayed_of((measured(outcome(), -12.0, -15.0, -8.0),), (bad,))
    first, second = (effect.name for effect in found.effects)
    page = report.write(found, tmp_path, "familyabm effects").read_text()
    told = json.loads((tmp_path / report.DATA).read_text())
    assert [row["effect"] for row in told["outcomes"]] == [second, first]
    assert report.count(found) == (
        "1 of 2 replayed studies met in every outcome, each by its own kind: 1 of 2 sizes inside the published interval or "
        "the bounds stated"
    )
    for text in (page, "\n".join(validation_doc._effects(told))):
        assert "wrong sign" in text and "A mechanism." in text and report.count(found) in text
    assert page.index("What falls short") < page.index("What is met")


@pytest.mark.slow
def test_an_intervention_that_does_nothing_has_no_effect_at_all(call, tmp_path):  # noqa: F811
    selected = '[selection]\nevents = ["referral"]\n'
    outcomes = (
        MEASURE + OUTCOME.replace("percent", "points") + 'count = "share"\nevents = ["referral"]\nweeks = [1, 26]\n'
    )
    (tmp_path / "nothing.toml").write_text(HEAD + selected + outcomes)
    code, out, _ = call(
        "effects", "nothing.toml", "--area", "Rutland", "--scale", "0.1", "--runs", "5", "--json", "--out", "page"
    )
    told = json.loads(out)
    assert code == 0 and [(row["model"], row["low"], row["high"]) for row in told["outcomes"]] == [(0.0, 0.0, 0.0)] * 2
    assert (tmp_path / "page" / report.PAGE).exists() and told["outcomes"][1]["comparison"] > 0.0


@pytest.mark.slow
def test_a_replayed_study_runs_from_end_to_end_and_is_the_same_on_any_number_of_threads():
    chosen = [effects.catalogue()[name] for name in ("family-safeguarding", "police-notifications")]
    once, again = (effects_run.replay(snapshot("Wakefield"), chosen, 2, workers=workers) for workers in (1, 3))
    assert repr(once.measured) == repr(again.measured) and once.address == again.address
    contacts = once.measured[1][0]
    assert contacts.intervention > 1.2 * contacts.comparison > 0.0
