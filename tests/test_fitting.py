"""Fitting an area to a council's own returns: how its multipliers act, how they are found, and that every output says so."""

import json
from dataclasses import replace

import numpy as np
import pytest

from familyabm import areas, measures, multipliers, simulation
from familyabm.area_files import MULTIPLIERS
from familyabm.errors import InputError
from familyabm.lab import study, study_files
from familyabm.parameters import DEFAULT, changed
from familyabm.truth import fitting, outcomes
from familyabm.truth.outcomes import PREDICTED
from tests.test_cli import call  # noqa: F401 # a fixture
from tests.towns import snapshot

LEEDS = areas.named("Leeds")
OWN = outcomes.parse(
    "la_name,referral_rate,cin_rate,cpp_rate,cla_rate,rereferral_pct\nLeeds,600,330,36,85,24\n", "own.csv"
)


# --- How multipliers act ----------------------------------------------------------------------------------------------
def test_an_area_without_multipliers_has_the_parameters_and_the_address_that_it_had():
    assert multipliers.applied(DEFAULT, LEEDS) is DEFAULT
    assert replace(LEEDS, multipliers=()).fingerprint() == LEEDS.fingerprint()
    assert replace(LEEDS, multipliers=(("care", 1.1),)).fingerprint() != LEEDS.fingerprint()


def test_a_multiplier_moves_its_numbers_by_its_powers_and_no_others():
    place = replace(LEEDS, multipliers=(("contacts", 1.2), ("need", 1.1)))
    moved = multipliers.applied(DEFAULT, place)
    assert moved["noticing.school"] == pytest.approx(1.2 * DEFAULT["noticing.school"])
    assert moved["plans.need_close"] == pytest.approx(DEFAULT["plans.need_close"] * 1.1**-0.5)
    acted = {address for name, _ in place.multipliers for address in multipliers.ACTS_ON[name]}
    assert {address for address in DEFAULT.values if moved[address] != DEFAULT[address]} == acted


def test_a_number_stays_within_its_plausible_range_and_is_named_where_it_would_not():
    place = replace(LEEDS, multipliers=(("care", 4.0),))
    moved = multipliers.applied(DEFAULT, place)
    for address in multipliers.ACTS_ON["care"]:
        assert DEFAULT.register[address].low <= moved[address] <= DEFAULT.register[address].high
    assert "edge_of_care.entry" in multipliers.at_their_ends(DEFAULT, place)


def test_multipliers_come_on_top_of_settings_and_scenarios():
    place = replace(LEEDS, multipliers=(("contacts", 0.5),))
    given = changed(DEFAULT, {"noticing.school": 0.05})
    assert multipliers.applied(given, place)["noticing.school"] == pytest.approx(0.025)


def test_more_contacts_are_lived_where_an_area_has_more_of_them():
    usual = snapshot("Wakefield")
    more = replace(usual, area=replace(usual.area, multipliers=(("contacts", 2.0),)))
    lives = [simulation.Life(past, fitting.levers.find("status-quo"), 52) for past in (usual, more)]
    for _ in range(52):
        for life in lives:
            life.step()
    contacts = [measures.of_weeks(life.result().weekly, ["contacts"])["contacts"] for life in lives]
    assert contacts[1] > 1.3 * contacts[0]


# --- The area file ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("multipliers = 3", "multipliers = 3 is not a table"),
        ("[multipliers]\ncontact = 1.1", "multipliers.contact is not known (did you mean contacts?)"),
        ("[multipliers]\ncare = 5", "multipliers.care = 5 cannot be used; 0.25 to 4 is accepted"),
        ("[multipliers]\ncare = nan", "multipliers.care = nan cannot be used"),
        ("[multipliers]\ncare = true", "multipliers.care = True cannot be used"),
        ('[multipliers]\ncare = "much"', "multipliers.care = 'much' cannot be used"),
    ],
)
def test_multipliers_that_cannot_be_used_are_refused(tmp_path, lines, told):
    path = tmp_path / "own.toml"
    path.write_text(f'la_name = "Own"\nregion = "North East"\nchildren_0_17 = 50000\n{lines}\n')
    with pytest.raises(InputError) as refused:
        areas.load(path)
    assert told in str(refused.value)


def test_a_frozen_study_keeps_the_multipliers_of_its_areas():
    place = replace(LEEDS, multipliers=(("contacts", 1.2), ("care", 0.9)))
    for area in (LEEDS, place):
        asked = study.Study("Own", (area,), measures=("contacts",), lucks=1, scale=0.1)
        assert study_files.from_json(json.loads(json.dumps(study_files.as_json(asked)))).areas == (area,)


# --- The search, on a world whose answers are known -------------------------------------------------------------------
TRUE = np.array([[1.1, 0.0, 0.0, 0.0], [0.5, 0.6, 0.0, 0.0], [0.3, 0.3, 0.7, 0.0], [0.2, 0.0, 0.3, 1.1]])


def known_world(area, parameters, runs, scale, seed):
    """Answers that follow from multipliers by slopes that are not those of the first guess."""
    at = dict(area.multipliers)
    x = np.log([at.get(name, 1.0) for name in MULTIPLIERS])
    told = dict(zip(fitting.FITTED, np.array([500.0, 350.0, 45.0, 70.0]) * np.exp(TRUE @ x), strict=True))
    return {outcome.column: float(told.get(outcome.column, 20.0)) for outcome in PREDICTED}


def test_the_search_comes_near_to_every_return_although_it_does_not_know_the_slopes(monkeypatch):
    monkeypatch.setattr(fitting, "lived", known_world)
    found = fitting.fit(LEEDS, OWN, DEFAULT, rounds=8)
    rows = found.table.set_index("outcome")
    fitted = rows[rows["fitted"]]
    assert list(fitted.index) == list(fitting.FITTED)
    before, after = (np.log(fitted[side] / fitted["actual"]).abs() for side in ("before", "after"))
    assert after.mean() < fitting.NEAR and before.mean() > 3.0 * fitting.NEAR
    assert not rows.loc["rereferral_pct", "fitted"] and found.area.la_name == "Leeds, fitted to its own figures"


def test_only_what_a_council_knows_is_fitted(monkeypatch):
    monkeypatch.setattr(fitting, "lived", known_world)
    found = fitting.fit(LEEDS, outcomes.parse("la_name,cla_rate\nLeeds,85\n", "own.csv"), DEFAULT)
    assert [name for name, _ in found.area.multipliers] == ["care"]


def test_the_file_that_is_written_is_the_area_that_was_fitted(monkeypatch, tmp_path):
    monkeypatch.setattr(fitting, "lived", known_world)
    found = fitting.fit(LEEDS, OWN, DEFAULT)
    path = tmp_path / "leeds.toml"
    path.write_text(fitting.text_of(found))
    assert areas.load(path) == found.area
    assert "no prediction" in path.read_text().splitlines()[0] and "no prediction" in found.area.filled_sentence()


def test_an_area_or_a_file_that_cannot_be_fitted_is_refused(call, tmp_path):  # noqa: F811
    (tmp_path / "own.csv").write_text("la_name,rereferral_pct\nLeeds,24\n")
    for words, told in (
        (("Leeds", "--outcomes", "own.csv"), "knows none of referral_rate, cin_rate, cpp_rate, cla_rate of Leeds"),
        (("Surrey", "--outcomes", "own.csv"), "own.csv does not hold Surrey"),
        (("Leds", "--outcomes", "own.csv"), "did you mean Leeds"),
        (("Leeds", "--outcomes", "own.csv", "--rounds", "0"), "rounds = 0"),
    ):
        code, _, said = call("fit", *words)
        assert code == 2 and told in said, words


@pytest.mark.slow
def test_a_fitted_area_says_so_wherever_it_is_run(call, tmp_path):  # noqa: F811
    (tmp_path / "own.csv").write_text("la_name,referral_rate,cla_rate\nRutland,900,80\n")
    code, out, _ = call(
        "fit", "Rutland", "--outcomes", "own.csv", "--scale", "0.05", "--runs", "1", "--rounds", "2", "--json"
    )
    told = json.loads(out)
    assert code == 0 and told["fitted"] and set(told["multipliers"]) == {"contacts", "care"}
    rows = {row["outcome"]: row for row in told["table"]}
    assert abs(rows["referral_rate"]["after"] - 900) < abs(rows["referral_rate"]["before"] - 900)
    code, out, said = call("run", "rutland-fitted.toml", "--years", "1", "--scale", "0.05", "--json")
    assert code == 0 and json.loads(out)["area"] == "Rutland, fitted to its own figures" and "no prediction" in said
    call("compare", "rutland-fitted.toml", "--years", "1", "--runs", "1", "--scale", "0.05", "--out", "page")
    page = (tmp_path / "page/index.html").read_text()
    assert "fitted to its own figures" in page and "no prediction of the area" in page
