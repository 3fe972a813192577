"""The named studies: each can be run, says what it shows and does not, and draws its figure from its runs alone."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import experiments.__main__ as command
from experiments import catalogue, texts
from familyabm.errors import InputError
from familyabm.lab import living, plan
from familyabm.lab.living import Outcome
from familyabm.worlds import STATUS_LINE
from tests.lab_store import stored

NAMES = catalogue.names()


def made_up(study, cell, pasts):
    """Rates that follow from the point and the world, with luck of one."""
    years = pd.RangeIndex(1, study.years + 1, name="year")
    world = [world.name for world in study.worlds].index(cell.world)
    luck = np.random.default_rng([cell.luck, cell.point, world]).standard_normal(study.years)
    frame = pd.DataFrame(dict.fromkeys(study.measures, 100.0 + cell.point + 10.0 * world + luck), index=years)
    return Outcome(frame.mean().to_dict(), frame)


@pytest.mark.parametrize("name", NAMES)
def test_every_study_can_be_run_and_every_point_of_it_lived(name):
    experiment = catalogue.load(name)
    for study in (experiment.study, experiment.small):
        plan.check(study)
        assert study.name == name and study.title and study.question
    assert experiment.small.size < experiment.study.size and experiment.small.scale < experiment.study.scale


def test_there_are_six_studies_and_each_folder_holds_what_it_has_to():
    assert set(NAMES) >= {"continuum", "spike", "early-help-door", "threshold", "levers", "austerity"}
    assert [problem for name in NAMES for problem in catalogue.missing(catalogue.HOME / name)] == []
    index = (catalogue.HOME / "README.md").read_text(encoding="utf-8")
    assert all(f"({name}/README.md)" in index for name in NAMES)


def test_figures_and_their_page_are_committed_together_or_not_at_all():
    there = [(catalogue.HOME / name / file).is_file() for name in NAMES for file in ("figure.svg", "summary.csv")]
    page = command.ROOT / "docs" / "experiments.md"
    assert len({*there, page.is_file()}) == 1
    if page.is_file():
        text = page.read_text(encoding="utf-8")
        assert "short run" not in text
        for name in NAMES:
            of = catalogue.load(name)
            done = texts.Done(of, of.study, "", pd.read_csv(of.folder / "summary.csv"), 0)
            parts = [f"../experiments/{name}/figure.svg", of.command, texts.markdown(done), *texts.said(done)]
            parts += [of.prose(heading) for heading in (catalogue.SHOWS, catalogue.SHOWS_NOT)]
            assert [part for part in parts if part not in text] == []


@pytest.fixture
def folder(tmp_path):
    """A copy of a study's folder, to be spoilt."""
    return Path(shutil.copytree(catalogue.HOME / "threshold", tmp_path / "threshold"))


def test_a_folder_without_readme_figure_or_study_is_refused(folder):
    assert catalogue.missing(folder) == []
    for file, told in (
        ("README.md", "README.md is not there"),
        ("figure.toml", "figure.toml cannot be read"),
        ("study.toml", "cannot be read"),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).unlink()
        assert told in " ".join(catalogue.missing(folder))
        (folder / file).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("familyabm study run experiments/threshold/study.toml", "familyabm study run other.toml", "the command that runs it"),
        ("make experiments NAMES=threshold", "make it", "the command that draws its figure"),
        ("](figure.svg)", "](other.svg)", "its figure"),
        ("## What it shows\n", "## Results\n", "does not hold '## What it shows'"),
        ("Referrals should answer at once.", "Referrals fall by 12%.", "states '12%.'; numbers come from results"),
    ],
)  # fmt: skip
def test_a_readme_without_command_figure_or_meaning_or_with_numbers_of_its_own_is_refused(folder, old, new, told):
    path = folder / "README.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(told in problem for problem in catalogue.missing(folder))


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ('kind = "pie"', "kind"),
        ('kind = "steps"\nreference = 6', "reference = 6 is no point"),
        ('kind = "steps"\nlabels = ["one"]', "labels are 1, and the study has 6 points"),
        ('kind = "steps"\nmeasures = ["spend"]', "measures = 'spend' is not in the study"),
        ('kind = "years"\nlines = ["status-quo"]', "years needs"),
        ('kind = "effects"', "the study's is grid"),
        ('kind = "heat"', "the study has 1"),
        ('kind = "steps"\nsmall = { seeds = 3 }', "seeds"),
    ],
)  # fmt: skip
def test_a_figure_that_its_study_could_not_fill_is_refused(folder, figure, told):
    (folder / "figure.toml").write_text(figure, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(told)):
        catalogue.load("threshold", folder.parent)


def test_an_unknown_experiment_is_refused_and_the_known_are_named(capsys):
    assert command.main(["spoke"]) == 2
    assert "'spoke' is not known; austerity, continuum" in capsys.readouterr().err


# --- Figures and texts, over lives that are made up -------------------------------------------------------------------
def lived(name: str, folder: Path, run_one=made_up, **sizes) -> texts.Done:
    experiment = catalogue.load(name)
    study = replace(experiment.small, **sizes)
    results = stored(folder / "lives", study, run_one)
    return command.drawn(experiment, results, folder)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_and_every_number_in_the_text_is_in_the_summary(name, tmp_path):
    done = lived(name, tmp_path, years=2, lucks=(1, 2) if name == "levers" else (1, 2, 3, 4, 5, 6, 7))
    picture = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg") and re.search(r'width="\d+(\.\d+)?" height="\d+(\.\d+)?" viewBox=', picture)
    assert 'role="img"' in picture and picture.count("<text") > 10 and "NaN" not in picture
    assert len(done.table) == len(pd.read_csv(tmp_path / "summary.csv")) and done.table["mean"].notna().all()
    section = texts.section(done, "figure.svg")
    for part in (
        done.study.title,
        done.study.question,
        "![",
        done.experiment.command,
        done.address,
        "This is a short run",
    ):
        assert part in section
    few = name == "levers"
    assert ("2 lucks are too few to tell" in section) == few
    assert all(
        len(line.split("|")) == len(table[0].split("|"))
        for table in [[row for row in section.splitlines() if row.startswith("|")]]
        for line in table
    )


def test_steps_are_differences_from_the_reference_luck_by_luck(tmp_path):
    table = lived("threshold", tmp_path, years=1, lucks=(1, 2, 3, 4)).table
    rows = table[table["measure"] == "harm"].set_index("at")
    assert list(rows.index) == list(catalogue.load("threshold").sketch.labels)
    assert rows.loc["As it is", ["mean", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    luck = [[np.random.default_rng([n, point, 0]).standard_normal(1)[0] for n in (1, 2, 3, 4)] for point in (5, 2)]
    assert rows.loc["+0.09", "mean"] == pytest.approx(3.0 + np.mean(luck[0]) - np.mean(luck[1]))


def test_years_are_worlds_less_another_and_less_each_other(tmp_path):
    def plain(study, cell, pasts):
        frame = pd.DataFrame(
            {
                name: np.arange(study.years) * {"status-quo": 0.0, "spike-raided": 3.0}.get(cell.world, 1.0)
                for name in study.measures
            },
            index=pd.RangeIndex(1, study.years + 1, name="year"),
        )
        return Outcome(frame.mean().to_dict(), frame)

    done = lived("spike", tmp_path, plain, years=3, lucks=(1, 2))
    last = done.table[(done.table["measure"] == "plans") & (done.table["at"] == "3")].set_index("what")["mean"]
    assert last.to_dict() == {
        "spike-nerve-held less status-quo": 2.0,
        "spike-raided less status-quo": 6.0,
        "spike-raided less spike-nerve-held": 4.0,
    }
    assert "in year 3: “Demand spike, nerve held” less “Typical English authority”, +2.0" in texts.said(done)[3]


def test_effects_of_a_factorial_are_those_it_was_made_with(tmp_path):
    """y = 5 a + 2 b + 3 a b over the corners of a and b from 0 to 1: a alone 5 + 3/2, b alone 2 + 3/2, together 3/2."""

    def made(study, cell, pasts):
        values = {f.name: float(v > 0.0) for f, v in study.values_at(cell.point).items()}
        a, b = values["levers.continuity"], values["levers.unit_model"]
        return Outcome(dict.fromkeys(study.measures, 5.0 * a + 2.0 * b + 3.0 * a * b))

    table = lived("levers", tmp_path, made).table
    rows = table[table["measure"] == "spend"].set_index("at")["mean"]
    assert rows["Lead professional continuity"] == pytest.approx(6.5) and rows["Social work units"] == pytest.approx(
        3.5
    )
    assert rows["Lead professional continuity with social work units"] == pytest.approx(1.5)
    assert (
        rows.drop(
            ["Lead professional continuity", "Social work units", "Lead professional continuity with social work units"]
        )
        .abs()
        .max()
        < 1e-9
    )


@pytest.mark.slow
def test_one_study_is_really_lived_and_its_page_says_what_it_is(tmp_path):
    done = lived("threshold", tmp_path, living.live_cell, years=1, lucks=(1, 2), scale=0.02)
    page = texts.page([done], {"threshold": "figure.svg"})
    assert STATUS_LINE in page and "Open Government Licence v3.0" in page and done.left_out == 0
    referrals = done.table[done.table["measure"] == "referrals"].set_index("at")["level"]
    assert referrals["+0.09"] < referrals["As it is"] < referrals["−0.06"]


def test_a_run_that_failed_is_told(tmp_path):
    def failing(study, cell, pasts):
        if cell.luck == 2 and cell.point == 4:
            raise ZeroDivisionError("planted")
        return made_up(study, cell, pasts)

    done = lived("threshold", tmp_path, failing, years=1)
    told = texts.section(done, "")
    assert "1 run failed and is left out" in told
    assert set(done.table.loc[done.table["at"] == "+0.06", "lucks"]) == {3}
