"""Scenarios: named worlds, the first six of them by hand, and TOML files checked field by field."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from familyabm import levers
from familyabm.codes import Agency, Factor
from familyabm.errors import InputError
from familyabm.levers import LEVER_TITLES, Scenario, find, load, names, read
from familyabm.parameters import DEFAULT, REGISTER
from familyabm.shocks import Shock, shock_curves
from familyabm.tables import LEVERS

SIX = ["status-quo", "siloed", "whole-system", "spike-nerve-held", "spike-raided", "spike-whole-system"]


def test_the_first_six_scenarios_come_first():
    assert names()[:6] == SIX


@pytest.mark.parametrize("name", SIX)
def test_a_named_scenario_says_what_it_is_what_to_expect_and_what_would_surprise(name):
    scenario = find(name)
    assert scenario.name == name
    for words in (scenario.title, scenario.description, scenario.expect, scenario.surprise):
        assert len(words) > 10
    assert set(scenario.levers) <= set(LEVERS)
    assert all(0.0 <= value <= 1.0 for value in scenario.levers.values())


def test_the_typical_authority_pulls_no_lever_and_the_two_ends_pull_all_eight():
    assert find("status-quo").levers == {} and find("status-quo").shocks == ()
    assert dict(find("siloed").levers) == dict.fromkeys(LEVERS, 0.0)
    whole = find("whole-system").levers
    assert set(whole) == set(LEVERS)
    assert all(whole[name] > DEFAULT[f"base.{name}"] for name in LEVERS)


def test_the_three_spikes_share_one_shock():
    spikes = [find(name).shocks for name in SIX[3:]]
    assert spikes[0] == spikes[1] == spikes[2] == (Shock("need", "all", 1.6, 26, 26),)
    assert [find(name).levers["ring_fence"] for name in SIX[3:]] == [1.0, 0.0, 0.9]


def test_no_two_scenarios_share_an_address_and_prose_does_not_count():
    assert len({find(name).as_address() for name in names()}) == len(names())
    one, other = read('title = "A"\nmaturity = 0.5', "a", "a"), read('title = "B"\nmaturity = 0.5', "b", "b")
    assert one.as_address() == other.as_address() != read("maturity = 0.6", "a", "a").as_address()


@pytest.mark.parametrize(("place", "name"), list(enumerate(LEVERS, start=1)))
def test_each_lever_has_a_title_a_place_at_the_start_a_cost_and_effects_each_with_a_parameter(place, name):
    assert LEVERS[name][1] == f"L{place}" and LEVER_TITLES[name]
    assert f"base.{name}" in REGISTER and f"lever_costs.{name}" in REGISTER
    effects = [entry for entry in REGISTER.values() if entry.lever == f"L{place}"]
    assert effects and all(entry.address.startswith("effects.") and entry.low == 0.0 for entry in effects)
    assert [*LEVER_TITLES] == [*LEVERS]


def test_every_effect_belongs_to_one_of_the_eight_levers():
    for address, entry in REGISTER.items():
        assert (entry.lever in {f"L{n}" for n in range(1, 9)}) == address.startswith("effects.")


def test_policy_takes_the_scenarios_levers_and_leaves_the_rest_at_base():
    base = {name: 0.1 * place for place, name in enumerate(LEVERS)}
    row = Scenario("x", "", "", levers={"continuity": 0.95, "ring_fence": 0.0}).policy(base)[0]
    assert row.continuity == 0.95 and row.ring_fence == 0.0
    assert all(row[name] == base[name] for name in LEVERS if name not in ("continuity", "ring_fence"))


def test_a_shock_multiplies_its_own_weeks_and_column_and_shocks_multiply_one_another():
    shocks = (
        Shock("need", "domestic_abuse", 2.0, 1, 2),
        Shock("need", "all", 1.5, 2, 9),
        Shock("contacts", "police", 0.0, 0, 1),
    )
    need, contacts, _ = shock_curves(shocks, 4)
    assert need[:, Factor.DOMESTIC_ABUSE].tolist() == [1.0, 2.0, 3.0, 1.5]
    assert need[:, Factor.HOUSING].tolist() == [1.0, 1.0, 1.5, 1.5]
    assert contacts[:, Agency.POLICE].tolist() == [0.0, 1.0, 1.0, 1.0]
    assert (np.delete(contacts, Agency.POLICE, axis=1) == 1.0).all()
    assert need.shape == (4, 4) and contacts.shape == (4, 7)


def test_a_shock_of_contacts_to_all_reaches_all_seven_sources_and_one_after_the_end_none():
    need, contacts, _ = shock_curves((Shock("contacts", "all", 3.0, 0, 1), Shock("need", "all", 3.0, 99, 5)), 3)
    assert (contacts[0] == 3.0).all() and (contacts[1:] == 1.0).all() and (need == 1.0).all()


def test_a_file_of_every_field_is_read_as_written(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "Mine"\ndescription = "d"\nexpect = "e"\nsurprise = "s"\nmaturity = 0.5\n[levers]\ncontinuity = 1\n'
        '[[shocks]]\nwhat = "contacts"\nwhich = "school"\ntimes = 0.5\nfrom_week = 4\nweeks = 8\n[[shocks]]\ntimes = 2\n'
        "[parameters]\nharm.level_2 = 0.1\n[parameters.court]\nweeks = 30\n"
    )
    scenario = find(str(path))
    assert (scenario.name, scenario.title, scenario.maturity, dict(scenario.levers)) == (
        "mine",
        "Mine",
        0.5,
        {"continuity": 1.0},
    )
    assert scenario.shocks == (Shock("contacts", "school", 0.5, 4, 8), Shock("need", "all", 2.0, 0, 26))
    assert scenario.parameters == {"harm.level_2": 0.1, "court.weeks": 30.0}


def test_an_empty_file_is_the_typical_authority_named_after_the_file(tmp_path):
    (tmp_path / "nothing.toml").write_text("")
    scenario = load(tmp_path / "nothing.toml")
    assert (scenario.title, scenario.levers, scenario.shocks, scenario.maturity) == ("nothing", {}, (), 0.0)


REFUSED = {
    "titel = 'x'": "titel is not a field of a scenario (did you mean title?)",
    "title = 3": "title = 3 is not text",
    "description = ['x']": "description = ['x'] is not text",
    "maturity = 1.01": "maturity = 1.01 is outside 0 to 1",
    "maturity = -0.01": "maturity = -0.01 is outside 0 to 1",
    "maturity = " + "9" * 400: "maturity = 9",
    "maturity = nan": "maturity = nan is outside 0 to 1",
    "maturity = inf": "maturity = inf is outside 0 to 1",
    "maturity = true": "maturity = True is not a number",
    "maturity = 2020-01-01": "maturity = datetime.date(2020, 1, 1) is not a number",
    "levers = 3": "levers = 3 is not a table",
    "[levers]\ncontinuty = 1": "levers.continuty is not a lever (did you mean continuity?)",
    "[levers]\ncontinuity = 'x'": "levers.continuity = 'x' is not a number",
    "[levers]\ncontinuity = 2": "levers.continuity = 2 is outside 0 to 1",
    "[levers]\ncontinuity = nan": "levers.continuity = nan is outside",
    "[levers.continuity]\na = 1": "levers.continuity = {'a': 1} is not a number",
    "[parameters]\nharm.lvel_2 = 1": "harm.lvel_2 is not a parameter (did you mean harm.level_2?)",
    "[parameters]\nharm.level_2 = 9": "harm.level_2 = 9 harm is outside",
    "[parameters]\nharm = 9": "harm is not a parameter",
    "[parameters]\nharm.level_2 = {a = 1}": "harm.level_2 = {'a': 1} is not a number",
    "[parameters]\nharm.level_2 = nan": "harm.level_2 = nan",
    "parameters = []": "parameters = [] is not a table",
    "shocks = 3": "shocks is not a list of tables",
    "shocks = [3]": "shocks is not a list of tables",
    "[shocks]\ntimes = 1": "shocks is not a list of tables",
    "[[shocks]]": "shocks[1]: times = None is not a number",
    "[[shocks]]\ntimes = 5.01": "shocks[1]: times = 5.01 is outside 0 to 5",
    "[[shocks]]\ntimes = -1": "shocks[1]: times = -1 is outside 0 to 5",
    "[[shocks]]\ntimes = nan": "shocks[1]: times = nan is outside",
    "[[shocks]]\ntimes = 1\n[[shocks]]\ntimes = 'x'": "shocks[2]: times = 'x' is not a number",
    "[[shocks]]\ntimes = 1\nweeks = 0": "shocks[1]: weeks = 0 is outside 1 to 5200",
    "[[shocks]]\ntimes = 1\nweeks = 1.5": "shocks[1]: weeks = 1.5 is not a whole number",
    "[[shocks]]\ntimes = 1\nfrom_week = -1": "shocks[1]: from_week = -1 is outside 0 to 5200",
    "[[shocks]]\ntimes = 1\nfrom_week = true": "shocks[1]: from_week = True is not a whole number",
    "[[shocks]]\ntimes = 1\nwhat = 'needs'": "what = 'needs' is not known (did you mean need?); accepted: need, contacts",
    "[[shocks]]\ntimes = 1\nwhat = ['need']": "what = ['need'] is not known",
    "[[shocks]]\ntimes = 1\nwhich = 'police'": "which = 'police' is not known; accepted: all, housing",
    "[[shocks]]\ntimes = 1\nwhat = 'contacts'\nwhich = 'housing_'": "which = 'housing_' is not known",
    "[[shocks]]\ntimes = 1\nwhich = ['all']": "which = ['all'] is not known",
    "[[shocks]]\ntimes = 1\nweek = 3": "week is not a field of a shock (did you mean weeks?)",
    "maturity = 0\nmaturity = 1": "is not valid TOML",
    "[levers]\n[levers]": "is not valid TOML",
    "not toml": "is not valid TOML",
    "a = " + "[" * 3000: "is not valid TOML",
    "title = '\0'": "is not valid TOML",
}


@pytest.mark.parametrize("text", REFUSED, ids=[str(place) for place in range(len(REFUSED))])
def test_a_file_that_cannot_be_used_is_refused_with_the_file_and_the_field(text, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        find(str(path))
    assert str(path) in str(error.value)
    assert REFUSED[text] in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_a_binary_a_large_file_and_a_folder_are_refused(tmp_path):
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00\x80")
    (tmp_path / "large.toml").write_text("#" * 100_001)
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "just.toml").write_text("#" * 100_000)
    for name, words in (
        ("missing", "no such file"),
        ("binary", "not UTF-8"),
        ("large", "larger than 100,000"),
        ("folder", "is a directory"),
    ):
        path = tmp_path / f"{name}.toml"
        with pytest.raises(InputError, match=words) as error:
            find(str(path))
        assert str(path) in str(error.value)
    assert load(tmp_path / "just.toml").levers == {}


def test_an_unknown_scenario_is_met_with_the_nearest_known_one():
    with pytest.raises(InputError, match=r"scenario 'hole-system' is not known \(did you mean whole-system"):
        find("hole-system")
    with pytest.raises(InputError, match=r"a \.toml file is accepted"):
        find("")


def read_or_refused(text: str) -> tuple[Scenario | None, str]:
    """Return the scenario of a text, or None and the sentence that refuses it."""
    try:
        return read(text, "x", "x.toml"), ""
    except InputError as error:
        return None, str(error)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_whatever_the_text_it_is_a_scenario_or_an_error_that_names_the_file(text):
    scenario, told = read_or_refused(text)
    assert scenario is not None or "x.toml" in told


VALUES = st.sampled_from(
    ["1", "0.5", "-1", "nan", "inf", "true", "'x'", "[]", "{}", "2020-01-01", "1e400", "[[1]]", "9" * 400]
)
KEYS = st.sampled_from(
    [
        "title",
        "maturity",
        "times",
        "what",
        "which",
        "amount",
        "shape",
        "hold",
        "parts",
        "expected",
        "weeks",
        "continuity",
        "harm.level_2",
        "levers",
        "shocks",
        "parameters",
        "'a\"b'",
    ]
)
LINES = st.one_of(
    st.sampled_from(
        [
            "[levers]",
            "[parameters]",
            "[[shocks]]",
            "[[expected]]",
            "[shocks]",
            "[parameters.harm]",
            "[a.b]",
            "[[levers]]",
        ]
    ),
    st.tuples(KEYS, VALUES).map(" = ".join),
)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.lists(LINES, max_size=7))
def test_whatever_the_fields_hold_they_are_used_within_bounds_or_refused(lines):
    scenario, told = read_or_refused("\n".join(lines))
    if scenario is None:
        assert "x.toml" in told
    else:
        assert 0.0 <= scenario.maturity <= 1.0
        assert all(0.0 <= value <= 1.0 for value in scenario.levers.values())
        assert all(0.0 <= shock.times <= 5.0 and shock.weeks >= 1 for shock in scenario.shocks)
        assert all(REGISTER[key].low <= value <= REGISTER[key].high for key, value in scenario.parameters.items())


def test_the_files_of_all_are_where_the_package_says():
    folder = Path(levers.__file__).parent / "scenarios"
    assert {path.stem for path in folder.glob("*.toml")} == set(names())
