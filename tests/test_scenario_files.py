"""Scenario files: what they set, what they claim, and how the command line shows them."""

import json
import sys
from dataclasses import replace

import pytest

from familyabm import cli
from familyabm.codes import Outside
from familyabm.errors import InputError
from familyabm.expectations import START
from familyabm.levers import find, names, read
from familyabm.measures import MEASURES
from familyabm.parameters import DEFAULT, changed
from familyabm.shocks import Shock, shock_curves, written
from familyabm.tables import LEVERS

CODES = [f"S{n}" for n in range(19)]
CODES = [
    *CODES[:7],
    "S6b",
    *CODES[7:11],
    "S11a",
    "S11b",
    *CODES[12:15],
    "S14b",
    *CODES[15:17],
    "S16m",
    *CODES[17:],
    "O",
]


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
