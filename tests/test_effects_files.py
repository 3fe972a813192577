"""Files of published effects: what they may say, and what is refused in one sentence."""

import json
import math

import pytest

from familyabm.codes import Agency, Event, Factor, Service, Status
from familyabm.credibility.experiments import Change
from familyabm.errors import InputError
from familyabm.report import effects as report
from familyabm.truth import effects, effects_files
from familyabm.truth.effects_reading import Counted, Selection
from tests.test_cli import call  # noqa: F401 # a fixture

HEAD = 'title = "T"\ndesign = "trial"\nstudy = "S"\nsource = "B"\nreplay = "R"\nyears = 1\n'
OUTCOME = '[[outcomes]]\ntitle = "O"\nkind = "effect"\nway = "percent"\ninterval = "stated"\npublished = -10\nlow = -20\nhigh = -5\n'
MEASURE = OUTCOME + 'measure = "contacts"\n'


def test_every_effect_of_the_package_is_read_and_stated_in_full():
    found = effects.catalogue()
    assert len(found) >= 12 and list(found) == sorted(found)
    for effect in found.values():
        assert effect.comparison.address != effect.intervention.address, effect.name
        for one in effect.outcomes:
            assert one.code and one.interval and one.low <= one.high, effect.name
            if math.isfinite(one.published) and one.kind != "bound":
                assert one.low <= one.published <= one.high, (effect.name, one.title)


def test_no_row_of_evidence_is_both_replayed_and_left_out():
    replayed = {one.code for effect in effects.catalogue().values() for one in effect.outcomes}
    assert not replayed & {row["code"] for row in report.not_replayed()}
    assert all(row["effect"] and row["why"] for row in report.not_replayed())


def test_an_effect_of_ones_own_says_who_was_followed_what_was_done_and_what_is_counted():
    text = HEAD + (
        '[selection]\nevents = ["plan_started"]\nweeks = [4, 30]\nstatus = ["child_in_need"]\ntroubles = 2\n'
        "levels = { domestic_abuse = 2 }\n"
        "[intervention.levers]\ncontinuity = 0.9\n[intervention.capacity]\nsubstance_misuse = 2\n"
        "[intervention.links]\npolice_team = 0\n[intervention.observers]\nschool = 1.5\n"
        '[[intervention.start]]\ntable = "money"\nfield = "early_help_budget"\ntimes = 0.5\n'
    ) + OUTCOME.replace('"percent"', '"before"') + 'count = "events"\nevents = ["contact"]\nagencies = ["police"]\nweeks = [0, 26]\nbefore = [-26, 0]\n'  # fmt: skip
    effect = effects_files.read(text, "own", "own.toml")
    assert effect.selection == Selection(
        (Event.PLAN_STARTED,), 4, 30, (Status.CHILD_IN_NEED,), ((Factor.DOMESTIC_ABUSE, 2),), 2
    )
    start, one = effect.intervention.start, effect.outcomes[0]
    assert Change("services", "relationship", 0.0, 0.0, Service.POLICE_TEAM) in start
    assert Change("services", "places", 2.0, 0.0, Service.SUBSTANCE_MISUSE) in start
    assert Change("money", "early_help_budget", times=0.5) in start
    assert [(shock.what, shock.which, shock.times) for shock in effect.intervention.scenario.shocks] == [
        ("contacts", "school", 1.5)
    ]
    assert one.counted == Counted("events", (0, 26), (Event.CONTACT,), (Agency.POLICE,), None, 1, effect.selection)
    assert one.counted_before.weeks == (-26, 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = ", "is not valid TOML"),
        (HEAD, "outcomes is missing"),
        (HEAD.replace("years = 1", "years = 11") + MEASURE, "years = 11 is outside 1 to 10"),
        (HEAD.replace('source = "B"\n', "") + MEASURE, "source is missing"),
        (HEAD + "titel = 3\n" + MEASURE, "titel is not a field of an effect (did you mean title?)"),
        (HEAD + OUTCOME, "measure or count is needed, and only one of them"),
        (HEAD + OUTCOME + 'measure = "contact"', "outcomes[1]: measure = 'contact' is not known (did you mean contacts?)"),
        (HEAD + MEASURE.replace('"effect"', '"efect"'), "kind = 'efect' is not known (did you mean effect?)"),
        (HEAD + MEASURE.replace("low = -20", "low = 20"), "low = 20 is above high = -5"),
        (HEAD + MEASURE + "years = [2, 1]", "years = 2 is outside 1 to 1"),
        (HEAD + MEASURE + 'per = "spend"', 'per goes with way = "per"'),
        (HEAD + MEASURE.replace('"percent"', '"per"'), "per (a measure) or moved (an amount) is needed"),
        (HEAD + MEASURE.replace('"percent"', '"per"') + "moved = 0", "moved = 0 is not accepted"),
        (HEAD + MEASURE.replace('"percent"', '"before"'), 'before = [FIRST, END] goes with way = "before"'),
        (HEAD + OUTCOME + 'count = "share"\nweeks = [0, 4]', "count = 'share' is not known"),
        (HEAD + OUTCOME + 'count = "events"\nweeks = [0, 4]', "events is missing"),
        (HEAD + OUTCOME + 'count = "events"\nevents = ["contact"]\nweeks = [4, 4]', "weeks = [4, 4] ends before it begins"),
        (HEAD + OUTCOME + 'count = "events"\nevents = ["contact"]\nweeks = 4', "weeks = 4 is not a window"),
        (HEAD + OUTCOME + 'count = "events"\nevents = ["contcat"]\nweeks = [0, 4]', "did you mean contact?"),
        (HEAD + '[selection]\nlevels = { abuse = 1 }\n' + MEASURE, "selection: levels = 'abuse' is not known"),
        (HEAD + "[intervention.levers]\ncontinuty = 1\n" + MEASURE, "levers.continuty is not a lever (did you mean continuity?)"),
        (HEAD + "[intervention.capacity]\nschool = 2\n" + MEASURE, "capacity = 'school' is not known"),
        (HEAD + "[intervention.observers]\nschool = 9\n" + MEASURE, "observers.school = 9 is outside 0 to 5"),
        (HEAD + '[[intervention.start]]\ntable = "moeny"\n' + MEASURE, "did you mean money?"),
        (HEAD + '[intervention]\nworld = "family safeguardin teams"\n' + MEASURE, "did you mean family safeguarding teams?"),
        (HEAD + '[intervention]\nworld = "early help held"\nmaturity = 1\n' + MEASURE, "maturity cannot stand beside world"),
        (HEAD + "[intervention.parameters]\npopulation.lone_parent = 0.3\n" + MEASURE, "shapes the past"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence_that_names_the_field(text, told):
    with pytest.raises(InputError) as refused:
        effects_files.read(text, "own", "own.toml")
    assert told in str(refused.value) and str(refused.value).startswith("own.toml") and "\n" not in str(refused.value)


def test_the_command_refuses_what_it_does_not_know(call, tmp_path):  # noqa: F811
    (tmp_path / "bad.toml").write_text("years = 1")
    for words, told in (
        (("baby-q",), "did you mean baby-p"), (("none.toml",), "cannot be read"), (("bad.toml",), "bad.toml: outcomes"),
        (("baby-p", "baby-p"), "asked for twice"), (("baby-p", "--runs", "1"), "runs = 1"), (("baby-p", "--workers", "-1"), "--workers"),
    ):  # fmt: skip
        code, _, said = call("effects", *words, "--scale", "0.01")
        assert code == 2 and told in said, words
    code, out, _ = call("effects", "--list", "--json")
    assert code == 0 and [row["name"] for row in json.loads(out)] == list(effects.catalogue())
