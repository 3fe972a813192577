"""Shocks as they are written and as they are drawn, week by week."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_outside import AT_REST

from familyabm.codes import Outside
from familyabm.errors import InputError
from familyabm.shocks import GRAMMAR, KINDS, Shock, quiet, shock_curves, written


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
