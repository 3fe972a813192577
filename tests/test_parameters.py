"""The register of parameters: every number declared in full, none changed but by `changed`, which checks."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from familyabm.errors import InputError
from familyabm.parameters import DEFAULT, GRADES, REGISTER, Group, changed
from familyabm.parameters.register import param
from familyabm.town import NUMBERS

SOME = "circumstances.chronicity"


@pytest.mark.parametrize("address", REGISTER)
def test_every_parameter_says_what_it_is_where_it_comes_from_and_how_far_it_may_go(address):
    entry = REGISTER[address]
    assert entry.address == address and address.count(".") == 1
    for words in (entry.unit, entry.source, entry.meaning):
        assert words == words.strip() and len(words) >= 1
    assert len(entry.meaning) > 8 and len(entry.source) > 3
    assert entry.grade in GRADES
    assert math.isfinite(entry.low) and math.isfinite(entry.high)
    assert entry.low <= entry.value <= entry.high
    assert entry.check(entry.value) == DEFAULT[address]


def test_the_register_holds_some_hundreds_of_parameters_and_the_default_has_each():
    assert len(REGISTER) > 300
    assert set(DEFAULT.values) == set(REGISTER)


def test_no_group_or_parameter_hides_behind_a_name_that_records_keep_for_themselves():
    for address in REGISTER:
        group, name = address.split(".")
        assert not hasattr(np.record, name), address
        assert not hasattr(np.recarray, name), address
        assert group in NUMBERS and name in NUMBERS[group].names


@pytest.mark.parametrize("name", ["copy", "sum", "item"])
def test_a_declaration_whose_name_a_record_keeps_for_itself_is_refused(name):
    with pytest.raises(ValueError, match=f"made_up.{name} needs another name"):
        type(
            "MadeUp", (Group,), {"name": "made_up", name: param(1.0, "share", (0.0, 2.0), "D", "assumption", "Nothing")}
        )
    assert "made_up" not in Group.registered


def test_a_group_is_declared_once():
    with pytest.raises(ValueError, match="two groups are called harm"):
        type("Harm", (Group,), {"name": "harm"})


@pytest.mark.parametrize(("value", "grade"), [(3.0, "D"), (-0.1, "D"), (1.0, "E"), (math.nan, "D")])
def test_a_declaration_out_of_its_own_range_or_without_a_grade_is_refused(value, grade):
    with pytest.raises(ValueError, match="declaration of 'Nothing'"):
        param(value, "share", (0.0, 2.0), grade, "assumption", "Nothing")


def test_a_records_fields_are_the_groups_values():
    row = DEFAULT.record("harm")[0]
    assert len(row.dtype.names) == sum(address.startswith("harm.") for address in REGISTER)
    assert all(row[name] == DEFAULT[f"harm.{name}"] for name in row.dtype.names)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("circumstances.chronicty", "circumstances.chronicity"),
        ("Harm.Level_2", "harm.level_2"),
        ("court.wekks", "court.weeks"),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest_known_one(typed, meant):
    with pytest.raises(
        InputError, match=f"{typed} is not a parameter .did you mean {meant}.*lists all {len(REGISTER)}"
    ):
        changed(DEFAULT, {typed: 1.0})
    with pytest.raises(InputError, match=meant):
        DEFAULT[typed]


def test_a_name_like_no_other_gets_no_hint():
    with pytest.raises(InputError) as error:
        changed(DEFAULT, {"zzzzzzzz": 1.0})
    assert "did you mean" not in str(error.value)


@pytest.mark.parametrize("value", [0.59, 1.01, -1, 1e308])
def test_a_value_out_of_range_is_named_with_its_unit_and_its_range(value):
    with pytest.raises(InputError) as error:
        changed(DEFAULT, {SOME: value})
    assert str(error.value) == f"{SOME} = {value:g} ratio is outside 0.6 to 1 ratio."


@pytest.mark.parametrize("value", [0.6, 1.0, 1])
def test_both_ends_of_a_range_are_within_it(value):
    made = changed(DEFAULT, {SOME: value})[SOME]
    assert made == value and isinstance(made, float)


@pytest.mark.parametrize("value", [True, False, "0.8", None, [0.8], b"0.8", 0.8 + 0j])
def test_what_is_not_a_number_is_refused(value):
    with pytest.raises(InputError, match=f"{SOME} = .* is not a number; 0.6 to 1 ratio would be accepted"):
        changed(DEFAULT, {SOME: value})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(value):
    with pytest.raises(InputError, match=r"outside 0\.6 to 1 ratio"):
        changed(DEFAULT, {SOME: value})


def test_an_integer_too_large_for_a_float_is_out_of_range_like_any_other():
    with pytest.raises(InputError):
        changed(DEFAULT, {SOME: 10**400})


def test_a_change_leaves_what_it_started_from_alone():
    before = dict(DEFAULT.values)
    made = changed(DEFAULT, {SOME: 0.7, "harm.level_2": 0.1})
    assert (made[SOME], made["harm.level_2"]) == (0.7, 0.1)
    assert DEFAULT.values == before
    assert {key for key in before if made[key] != before[key]} == {SOME, "harm.level_2"}
    assert changed(made, {SOME: 0.8})["harm.level_2"] == 0.1


def test_one_bad_change_among_good_ones_changes_nothing():
    before = dict(DEFAULT.values)
    with pytest.raises(InputError):
        changed(DEFAULT, {"harm.level_2": 0.1, SOME: 9.0})
    assert DEFAULT.values == before


def test_parameters_and_their_declarations_are_immutable():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULT.values = {}
    with pytest.raises(dataclasses.FrozenInstanceError):
        REGISTER[SOME].value = 0.7


def test_any_changed_value_changes_the_address_and_none_leaves_it():
    assert changed(DEFAULT, {}).address == DEFAULT.address
    assert changed(DEFAULT, {SOME: DEFAULT[SOME]}).address == DEFAULT.address
    seen = {DEFAULT.address}
    for address, entry in REGISTER.items():
        if entry.low < entry.high:
            other = entry.low if entry.value != entry.low else entry.high
            seen.add(changed(DEFAULT, {address: other}).address)
    assert len(seen) == 1 + sum(entry.low < entry.high for entry in REGISTER.values())


def test_the_smallest_change_changes_the_address():
    assert changed(DEFAULT, {SOME: math.nextafter(DEFAULT[SOME], 0.0)}).address != DEFAULT.address


ANYTHING = st.one_of(
    st.floats(),
    st.integers(),
    st.booleans(),
    st.none(),
    st.text(max_size=20),
    st.lists(st.floats(), max_size=2),
    st.binary(max_size=5),
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.dictionaries(st.one_of(st.sampled_from(sorted(REGISTER)), st.text(max_size=30)), ANYTHING, max_size=4))
def test_whatever_is_given_is_accepted_in_full_or_refused_in_one_line_that_names_a_field(changes):
    made, told = None, ""
    try:
        made = changed(DEFAULT, changes)
    except InputError as error:
        told = str(error)
    if made is None:
        assert "\n" not in told or any("\n" in name for name in changes)
        assert any(str(InputError(name)) in told for name in changes)
    else:
        for name, value in changes.items():
            assert made[name] == value and REGISTER[name].low <= made[name] <= REGISTER[name].high
