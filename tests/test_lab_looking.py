"""Looking at a study: through its own store, on its page, in a browser, and by the commands."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from scipy.stats import ttest_1samp

from familyabm import cli, lives
from familyabm.errors import InputError
from familyabm.lab import looking
from familyabm.lab.designs import Design
from familyabm.lab.results import StudyResults
from familyabm.lab.sensitivity import sensitivity
from familyabm.lab.tipping import TURNS
from familyabm.report import lab, lab_sure, lab_words
from familyabm.report.sure import LEFT_OUT
from familyabm.report.words import percent
from familyabm.worlds import STATUS_LINE
from tests.lab_frames import ISHIGAMI_FIRST, ISHIGAMI_TOTAL
from tests.lab_store import SETTINGS, bent_life, ishigami_life, planted_life, stored, study_of
from tests.test_report import Reader

TOTAL = dict(zip(SETTINGS, ISHIGAMI_TOTAL.values(), strict=True))
FIRST = dict(zip(SETTINGS, ISHIGAMI_FIRST.values(), strict=True))


@pytest.fixture(scope="module")
def bent(tmp_path_factory: pytest.TempPathFactory) -> StudyResults:
    """A study of two worlds whose difference turns down in the middle of the first setting."""
    study = study_of(Design("latin-hypercube", 120), 3, worlds=("status-quo", "whole-system"))
    return stored(tmp_path_factory.mktemp("study") / "bent", study, bent_life)


@pytest.fixture(scope="module")
def seen(bent: StudyResults) -> looking.Look:
    return looking.look(bent, "looked_after")


# --- Through the store -----------------------------------------------------------------------------------


def test_sobol_through_the_store_recovers_ishigami_s_indices(tmp_path):
    found = sensitivity(stored(tmp_path / "study", study_of(Design("sobol", 128)), ishigami_life), "looked_after")
    assert found.method == "sobol"
    for name, row in found.table.iterrows():
        assert row["low"] <= TOTAL[name] <= row["high"] and row["first_low"] <= FIRST[name] <= row["first_high"]
        assert row["grade"] == "D" and row["kind"] == "parameter"


def test_morris_through_the_store_recovers_ishigami_s_effects(tmp_path):
    """On a grid of four levels the mean absolute effects are 7.72, 7.875 and 6.25, worked out over the whole grid."""
    found = sensitivity(stored(tmp_path / "study", study_of(Design("morris", 60)), ishigami_life), "looked_after")
    assert found.method == "morris"
    for name, effect in zip(SETTINGS, (7.7209, 7.875, 6.25), strict=True):
        row = found.table.loc[name]
        assert row["low"] - 1e-9 <= effect <= row["high"] + 1e-9, name


def test_planted_failures_in_the_store_are_left_out_by_whole_blocks_and_named(tmp_path):
    results = stored(tmp_path / "study", study_of(Design("sobol", 32)), planted_life)
    assert results.runs["status"].value_counts().to_dict() == {"done": 158, "failed": 1, "not finite": 1}
    found = sensitivity(results, "looked_after")
    assert found.left_out.startswith(
        "2 of 32 Saltelli blocks were left out whole (number 1, 4); without an answer: point 7 "
        "(ZeroDivisionError: planted), 23 (not finite)."
    )
    assert (found.table["index"] > 0.1).all()
    few = stored(tmp_path / "few", study_of(Design("sobol", 16)), planted_life)
    with pytest.raises(InputError, match=r"14 of 16 Saltelli blocks are whole and 16 are needed; .* point 7 \(Zero"):
        sensitivity(few, "looked_after")


# --- What is seen ----------------------------------------------------------------------------------------


def test_a_look_holds_ranking_bend_rule_and_heat_of_the_difference(seen):
    assert seen.response.of == "Rutland, whole-system less status-quo" and not seen.refused[1:]
    assert seen.ranking.table.index[0] == SETTINGS[0]
    tip = seen.tips[0]
    assert (tip.setting, tip.verdict) == (SETTINGS[0], "bends") or tip.verdict == TURNS
    assert tip.low <= 2.5 <= tip.high and tip.zero_low <= 3.25 <= tip.zero_high
    rises = seen.rules[0]
    assert rises.holds and rises.ranges["name"].tolist() == [SETTINGS[0]]
    assert rises.ranges["high"].tolist() == pytest.approx([3.25], abs=0.25)
    assert seen.pair == (SETTINGS[0], seen.ranking.table.index[1])
    assert seen.heat["points"].sum() == 120


def test_the_heat_table_s_cells_are_the_means_of_their_points(seen):
    response, (across, down) = seen.response, seen.pair
    cell = seen.heat.iloc[0]
    low, high = (float(end) for end in cell["across"].split(" to "))
    lower, upper = (float(end) for end in cell["down"].split(" to "))
    points = response.points
    inside = points[across].between(low, high) & points[down].between(lower, upper)
    assert inside.sum() == pytest.approx(cell["points"], abs=1)  # the ends are rounded
    assert response.means[inside.to_numpy()].mean() == pytest.approx(cell["value"], abs=1.0)


def test_every_pair_is_there_once(seen):
    pairs = looking.pairs(seen.response)
    assert len(pairs) == 360 and not pairs.duplicated(["point", "luck"]).any()
    assert pairs["value"].mean() == pytest.approx(seen.response.means.mean())


def test_measures_are_chosen_from_those_the_study_holds(bent):
    assert looking.chosen(bent) == ("looked_after",) and looking.chosen(bent, ["looked_after "]) == ("looked_after",)
    with pytest.raises(InputError, match="did you mean looked_after"):
        looking.chosen(bent, ["looked_afte"])


@pytest.mark.parametrize(
    ("settings", "words"), [(("early_help.hour", SETTINGS[1]), "did you mean"), ((SETTINGS[0],) * 2, "given twice")]
)
def test_settings_of_the_heat_table_are_checked(bent, settings, words):
    with pytest.raises(InputError, match=words):
        looking.look(bent, "looked_after", settings=settings)


# --- The page --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page_text(bent: StudyResults, seen: looking.Look) -> str:
    return lab.html(bent, lab.look_page(bent, [seen], []))


def test_the_page_begins_with_the_status_and_says_what_was_found(page_text, bent):
    said = Reader(page_text).said
    assert said.startswith(f"Skip to the results {STATUS_LINE} Rutland. Official figures of 20")
    assert "120 points of 3 settings (latin-hypercube), each lived for 1 year with 3 lucks" in said
    assert "Of 3 assumptions of grade D (judgement), those that matter most: Work of a family in early help" in said
    assert "Luck explains" in said and "mostly when Work of a family in early help" in said
    assert "The difference changes sign at 3." in said
    assert bent.store.id in said
    assert (
        f"familyabm study look {bent.folder.name} --measures looked_after --world whole-system --against status-quo"
        in said
    )


def test_the_page_says_at_how_many_points_the_sign_is_told_and_what_is_in_no_range(page_text, seen):
    wrong = ttest_1samp(seen.response.table, 0.0, axis=1).pvalue / 2.0
    row = lab_sure.section([seen.response]).grids[0].rows[0]
    assert row[1] == f"{int((wrong < 0.05).sum())} of 120" and row[2] == percent(float(wrong.max()))
    said = Reader(page_text).said
    assert LEFT_OUT in said and "Settings that this study does not vary are in no range of it" in said


def test_points_at_which_the_worlds_are_the_same_tell_no_sign(seen):
    of = seen.response
    same = replace(of, against="other", world="one", values=of.values * 0.0)
    assert lab_sure.section([same]).grids == []
    some = replace(same, values=same.values.copy())
    some.values.iloc[0] = [1.0 + luck for luck in range(some.values.shape[1])]
    assert lab_sure.section([some]).grids[0].rows[0][1].endswith(" of 1")


def test_what_could_not_be_worked_out_is_said_with_titles_and_not_with_names(seen):
    said = ["looked_after: 6 of 6 points; 10 or more are needed for a ranking.", f"{SETTINGS[0]} has 3 values."]
    told = [lab_words.plain(one, seen.response) for one in (*said, "Nothing else.")]
    assert told[0].startswith(f"{seen.response.title}: 6 of 6") and told[2] == "Nothing else."
    assert told[1] == f"{seen.response.factors.loc[SETTINGS[0], 'title']} has 3 values."
    clash = replace(seen.response, measure=SETTINGS[0].partition(".")[0])  # a measure may be called as a group is
    assert lab_words.plain(said[1], clash) == told[1]


def test_every_chart_has_a_title_an_alternative_and_a_table(page_text):
    reader = Reader(page_text)
    figures = re.findall(r"<figure.*?</figure>", page_text, re.DOTALL)
    assert len(figures) >= 4
    for figure in figures:
        title = re.search(r"<h3[^>]*>(.*?)</h3>", figure)
        assert title is not None and len(title[1].split()) <= 10
        assert figure.count("<table") == 1 and figure.count("<svg") == 1
    labels = [svg["aria-label"] or "" for svg in reader.all("svg")]
    assert all(60 < len(label) <= 250 for label in labels) and len(labels) == len(set(labels))
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page_text)) <= set(ids)
    assert "https://" not in page_text and "<script" not in page_text
    assert not re.search(r"\b(proves?|proven|will|saves £)", reader.said, re.IGNORECASE)


def test_the_files_are_whole_and_the_same_byte_for_byte_when_made_again(bent, seen, tmp_path):
    written = lab.write_look(bent, [seen], tmp_path / "new")
    files = {path.name: path.read_bytes() for path in written.parent.iterdir()}
    assert set(files) == {"look.html", "sensitivity.csv", "heat.csv", "pairs.csv", "bends.csv", "rules.csv"}
    lab.write_look(bent, [looking.look(bent, "looked_after")], tmp_path / "new")
    assert files == {path.name: path.read_bytes() for path in written.parent.iterdir()}
    table = pd.read_csv(written.parent / "sensitivity.csv").set_index("name")
    assert table["index"].to_dict() == pytest.approx(seen.ranking.table["index"].to_dict())
    assert set(table["status"]) == {STATUS_LINE} and set(table["address"]) == {bent.store.id}


@pytest.fixture(params=[1366, 320])
def opened(browser: Browser, bent, seen, tmp_path, request) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    asked, complaints = [], []
    page.on("request", lambda made: asked.append(made.url))
    page.on("console", lambda message: complaints.append(message.text))
    address = lab.write_look(bent, [seen], tmp_path).as_uri()
    page.goto(address)
    yield page
    page.close()
    assert asked == [address] and complaints == []


@pytest.mark.browser
def test_in_a_browser_nothing_scrolls_sideways_and_axe_finds_nothing(opened):
    opened.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    width, screen = opened.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= screen
    assert Axe().run(opened).violations_count == 0


# --- The commands ----------------------------------------------------------------------------------------


@pytest.fixture
def call(monkeypatch, capsys):
    def called(*words: str, code: int = 0) -> str:
        monkeypatch.setattr("sys.argv", ["familyabm", *words])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        output = capsys.readouterr()
        assert (stopped.value.code or 0) == code, output.err
        return output.out if code == 0 else output.err

    return called


def test_sensitivity_prints_sentences_a_table_and_json(call, bent, tmp_path):
    lines = call("sensitivity", str(bent.folder), "--out", str(tmp_path)).splitlines()
    assert lines[0] == STATUS_LINE and lines[1].startswith("Of 3 settings, most moves the difference in children")
    assert (tmp_path / "sensitivity.html").exists() and (tmp_path / "sensitivity.csv").exists()
    whole = json.loads(call("sensitivity", str(bent.folder), "--measure", "looked_after", "--json"))
    row = whole["measures"][0]["settings"][0]
    assert (row["name"], row["grade"], row["matters"]) == (SETTINGS[0], "D", True)
    assert whole["status"] == STATUS_LINE and 0.0 < whole["measures"][0]["chance"]["share"] < 1.0


def test_study_look_writes_the_page(call, bent, tmp_path):
    call("study", "look", str(bent.folder), "--out", str(tmp_path), "--settings", f"{SETTINGS[1]},{SETTINGS[2]}")
    assert f"by {SETTINGS[1]} and {SETTINGS[2]}" in (tmp_path / "look.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--method", "sobol"], "method = 'sobol' needs a study designed so, and this one's design is latin-hypercube"),
        (["--measures", "looked_afte"], "measure 'looked_afte' is not in this study (did you mean looked_after?)"),
        (["--world", "whole-sistem"], "did you mean whole-system"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_exit_2(call, bent, words, said):
    error = call("sensitivity", str(bent.folder), *words, code=2)
    assert said in error and error.count("\n") == 1


def test_no_study_is_one_sentence(call, tmp_path):
    assert call("sensitivity", str(tmp_path / "none"), code=2).count("\n") == 1
    assert "two with a comma" in call("study", "look", str(tmp_path), "--out", str(tmp_path), "--settings", "a", code=2)


@pytest.mark.slow
def test_seek_finds_a_world_that_other_commands_take_and_goes_on_from_its_lives(call, tmp_path, monkeypatch):
    words = ["seek", "Rutland", "--scale", "0.03", "--years", "1", "--runs", "6", "--trials", "5", "--vary",
             "levers.ring_fence=0:1", "--vary", "early_help.place_cost=150:250", "--keep", "contacts<=2*status-quo",
             "--least", "spend", "--out", str(tmp_path)]  # fmt: skip
    said = call(*words)
    assert said.splitlines()[:2] == [STATUS_LINE, "Rutland."] and "surely kept every goal" in said
    assert 'parts = ["status-quo"]' in (tmp_path / "found.toml").read_text(encoding="utf-8")
    monkeypatch.setattr(lives, "live_one", lambda ask: pytest.fail("a life was lived again"))
    assert json.loads(call(*words, "--json"))["settings"]
    assert call("seek", "Rutland", "--keep", "contacts<=80", code=2).startswith("--vary is needed")
