"""Studies as people write them: what is read, what is refused and where, which points and runs they come to."""

import dataclasses
import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from familyabm import areas, levers, simulation
from familyabm.area_files import FIELD
from familyabm.areas import Area
from familyabm.errors import InputError
from familyabm.lab import cluster, designs, outlook, plan, study_files
from familyabm.lab.designs import Design
from familyabm.lab.factors import UNREAD, Factor
from familyabm.lab.study import Study
from familyabm.parameters import DEFAULT, changed

WHOLE = """
title = "A spike, and sharing"
areas = ["Wakefield"]
worlds = ["status-quo", "whole-system"]
lucks = 3
years = 2
scale = 0.01

[set]
"harm.level_2" = 0.1

[shocks.spike]
what = "need"
times = 1.6
from_week = 26
weeks = 26

[[factors]]
name = "shocks.spike.times"
low = 1.0
high = 2.0

[[factors]]
name = "levers.continuity"
worlds = ["whole-system"]

[[factors]]
name = "area.imd2019_score"
relative = true
low = 0.8
high = 1.2

[[factors]]
name = "circumstances.chronicity"

[design]
kind = "sobol"
points = 8

[cluster]
system = "slurm"
"""


def read(text: str = WHOLE) -> Study:
    return study_files.read(text, "mine.toml", "mine").study


def tiny(*factors: Factor, design: Design | None = None, **more: object) -> Study:
    kind = design or (Design("grid", steps=2) if factors else Design())
    return Study(
        "tiny", ("Wakefield",), factors=factors, design=kind, **{"lucks": 1, "years": 1, "scale": 0.01, **more}
    )


def test_a_study_is_read_with_everything_it_names():
    study = read()
    assert [world.name for world in study.worlds] == ["status-quo", "whole-system"] and study.lucks == (1, 2, 3)
    assert [factor.kind for factor in study.factors] == ["shock", "lever", "area", "parameter"]
    assert (study.factors[3].low, study.factors[3].high) == (0.6, 1.0)  # the parameter's own range
    assert study.size == 8 * (4 + 2) * 2 * 3 and len(study.points) == 48
    assert study.known["circumstances.chronicity"].grade == "D"


def test_a_frozen_study_is_the_same_study_with_the_same_runs():
    study = read()
    frozen = study_files.from_json(json.loads(study_files.canonical(study_files.as_json(study))))
    assert study_files.as_json(frozen) == study_files.as_json(study)
    pd.testing.assert_frame_equal(plan.frame(frozen), plan.frame(study))


REFUSED = {
    "no luck": ("lucks = 3", "lucks = 0", "line 5: lucks = 0 is not accepted; a whole number from 1 to 10000"),
    "not a power of two": ("points = 8", "points = 9", "line 38: design: points = 9 is not a power of two"),
    "no such area": ('"Wakefield"', '"Wakefeld"', "line 3: areas: 'Wakefeld' is not an English local authority (did you mean Wakefield?)"),
    "no such world": ('"whole-system"]\nlucks', '"hole-system"]\nlucks', "line 4: worlds: scenario 'hole-system' is not known (did you mean whole-system?)"),
    "a world twice": ('["status-quo", "whole-system"]', '["siloed", "siloed"]', "worlds = 'siloed' is given twice"),
    "a range as text": ("low = 0.8", 'low = "x"', "factors[3]: low = 'x' is not a number"),
    "beyond its range": ("high = 2.0", "high = 9", "line 21: factors[1]: high = 9 is outside 0 to 5 times"),
    "upside down": ("low = 1.0", "low = 2.5", "low = 2.5 is not below high = 2"),
    "no such lever": ('"levers.continuity"', '"levers.contnuity"', "(did you mean levers.continuity?)"),
    "no such parameter": ("circumstances.chronicity", "circumstances.chroncity", "(did you mean circumstances.chronicity?)"),
    "no such shock": ('"shocks.spike.times"', '"shocks.spke.times"', "names no shock of this study (did you mean spike?)"),
    "no such field of a shock": ('"shocks.spike.times"', '"shocks.spike.amount"', "did you mean shocks.spike"),
    "a shock too large": ("times = 1.6", "times = 99", "line 14: shocks.spike: times = 99 is outside 0 to 5"),
    "a number out of range": ('"harm.level_2" = 0.1', '"harm.level_2" = 9', "harm.level_2 = 9 harm is outside 0.08 to 0.2"),
    "a factor that is fixed": ('"harm.level_2" = 0.1', '"circumstances.chronicity" = 0.8', "is fixed by [set]"),
    "a factor twice": ("circumstances.chronicity", "levers.continuity", "is given twice"),
    "no such field": ("relative = true", "relativ = true", "line 29: factors[3]: relativ is not a field of a factor (did you mean relative?)"),
    "no such design": ('kind = "sobol"', 'kind = "sobl"', "line 37: design: kind = 'sobl' is not a design (did you mean sobol?)"),
    "no kind of design": ('kind = "sobol"', "seed = 1", "kind is missing"),
    "no scale": ("scale = 0.01", "scale = 0", "line 7: scale = 0 is not accepted"),
    "years that are many": ("years = 2", "years = 51", "line 6: years = 51"),
    "no such measure": ("years = 2", 'measures = ["care_start"]', "did you mean care_starts"),
    "no such keeping": ("years = 2", 'keep = "all"', "keep = 'all' is not accepted; \"totals\", \"weekly\" or \"journal\" is"),
    "no limit": ("years = 2", "limit = nan", "limit = nan is not accepted"),
    "relative without a range": ("low = 0.8\nhigh = 1.2", "", "low and high are needed with relative"),
    "worlds of a past": ("low = 0.8\nhigh = 1.2", 'low = 0.8\nhigh = 1.2\nworlds = ["whole-system"]', "shapes the past, which all worlds share"),
    "a world that is not there": ('worlds = ["whole-system"]', 'worlds = ["siloed"]', "is not a world of this study"),
    "the past from the branch": ('"circumstances.chronicity"', '"base.continuity"\nfrom = "branch"', 'from = "branch" is not accepted'),
    "a lever's past": ('"levers.continuity"', '"levers.continuity"\nfrom = "branch"', "from goes with a parameter"),
    "values and a range": ("low = 1.0", "values = [1.0]", "values and low or high are both given"),
    "a title that is none": ('title = "A spike, and sharing"', "title = 3", "line 2: title = 3 is not text"),
    "not TOML": ("[design]", "[design", "is not valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_by_line_and_field(name):
    old, new, told = REFUSED[name]
    assert old in WHOLE
    with pytest.raises(InputError) as refused:
        read(WHOLE.replace(old, new, 1))
    assert str(refused.value).startswith("mine.toml") and told in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8,
)  # fmt: skip
PLACES = st.sampled_from(
    [(key,) for key in ("areas", "worlds", "lucks", "seeds", "years", "scale", "measures", "keep", "limit", "set", "shocks",
                        "factors", "design", "title", "by_year", "anything", "cluster")]
    + [("factors", 0, key) for key in ("name", "low", "high", "values", "from", "worlds", "relative", "other")]
    + [("design", key) for key in ("kind", "points", "seed", "second_order", "levels", "steps", "rows")]
    + [("shocks", "spike", key) for key in ("what", "times", "from_week", "hold", "shape")]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(place=PLACES, value=JSON)
def test_no_value_anywhere_makes_a_traceback(place, value):
    content = tomllib.loads(WHOLE)
    at = content
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    told = refusal(content)
    assert len(told.splitlines()) <= 1 and len(told) < 3000


def refusal(content: dict) -> str:
    """Return the sentence with which a study is refused, or nothing where it is accepted."""
    try:
        found = study_files.of_content(content, "mine.toml", "mine")
        cluster.check(found.cluster, "mine.toml")
    except InputError as error:
        return str(error)
    return ""


SIZES = {
    "grid": (Design("grid", steps=4), 16), "factorial": (Design("factorial"), 4), "one-at-a-time": (Design("one-at-a-time"), 5),
    "latin-hypercube": (Design("latin-hypercube", points=7), 7), "sobol": (Design("sobol", points=4), 16),
    "sobol in pairs": (Design("sobol", points=4, second_order=True), 24), "morris": (Design("morris", points=3), 9),
    "list": (Design("list", rows=({"harm.level_2": 0.1}, {"levers.continuity": 1.0})), 2),
}  # fmt: skip


@pytest.mark.parametrize("name", SIZES)
def test_every_design_has_the_points_it_says_within_the_ranges_and_the_same_again(name):
    design, n = SIZES[name]
    study = tiny(Factor("harm.level_2"), Factor("levers.continuity", 0.2, 0.9), design=design)
    points = study.points
    assert len(points) == n == designs.size(design, study.factors)
    assert list(points.columns) == ["harm.level_2", "levers.continuity"] and points.index.name == "point"
    assert points["harm.level_2"].between(0.08, 0.2).all() and points["levers.continuity"].between(0.2, 1.0).all()
    pd.testing.assert_frame_equal(points, tiny(*study.factors, design=design).points)


def test_a_sobol_design_is_salibs_own():
    from SALib.sample import sobol

    study = tiny(Factor("harm.level_2"), Factor("levers.continuity"), design=Design("sobol", points=16, seed=5))
    problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0.08, 0.2], [0.0, 1.0]]}
    np.testing.assert_array_equal(study.points, sobol.sample(problem, 16, calc_second_order=False, seed=5))


def test_another_seed_draws_another_sample():
    one, other = (
        tiny(Factor("harm.level_2"), design=Design("latin-hypercube", points=5, seed=n)).points for n in (0, 1)
    )
    assert not one.equals(other)


def test_a_runs_address_is_that_of_the_same_run_lived_by_hand():
    study = tiny(Factor("harm.level_2", 0.1, 0.12), Factor("levers.continuity", 0.2, 0.9), lucks=2, seeds=[0])
    last = plan.frame(study).iloc[-1]
    area, parameters = areas.named("Wakefield"), changed(DEFAULT, {"harm.level_2": 0.12})
    world = replace(levers.find("status-quo"), levers={"continuity": 0.9})
    past = simulation.past_address(area, parameters, 0, 0.01)
    assert last["past"] == past and last["luck"] == 2
    assert last["address"] == simulation.future_address(past, world, 2, 52)


def test_the_same_lucks_are_lived_at_every_point_and_in_every_world():
    table = plan.frame(read())
    assert (table.groupby(["point", "world"], observed=True)["luck"].apply(tuple) == (1, 2, 3)).all()


def test_a_past_is_shared_where_nothing_varied_shapes_it():
    assert plan.frame(tiny(Factor("levers.continuity"), Factor("harm.level_2", since="branch")))["past"].nunique() == 1
    assert plan.frame(tiny(Factor("levers.continuity"), Factor("harm.level_2")))["past"].nunique() == 2
    assert plan.frame(tiny(Factor("area.imd2019_score", 20, 30)))["past"].nunique() == 2
    assert plan.frame(tiny(seeds=3))["past"].nunique() == 3


def test_an_area_s_figures_can_be_varied_if_and_only_if_a_life_reads_them():
    """A setting that nothing reads would be told apart from others as one that does not matter."""
    read_by_lives: set[str] = set()
    place = areas.find("Wakefield")

    class Watched(Area):
        def __getattribute__(self, name: str) -> object:
            if name in FIELD:
                read_by_lives.add(name)
            return super().__getattribute__(name)

        def fingerprint(self) -> str:
            return place.fingerprint()

    watched = Watched(**{field.name: getattr(place, field.name) for field in dataclasses.fields(place)})
    read_by_lives.clear()
    simulation.live(simulation.live_past(watched, DEFAULT, 1, 0.01), levers.find("whole-system"), 52)
    figures = {name for name, field in FIELD.items() if field.kind != "text"}
    assert figures - read_by_lives == set(UNREAD)
    with pytest.raises(InputError, match=r"'area.child_poverty_pct' would vary nothing.*accepted:.*area.imd2019_score"):
        tiny(Factor("area.child_poverty_pct", 20, 30))


def test_a_factor_acts_only_in_the_worlds_it_names():
    study = tiny(Factor("levers.continuity", worlds=("siloed",)), worlds=("status-quo", "siloed"))
    table = plan.frame(study)
    lived = table.groupby("world", observed=True)["address"].nunique()
    assert (lived["status-quo"], lived["siloed"]) == (1, 2)


def test_shocks_are_varied_field_by_field_and_have_to_fit():
    text = WHOLE.replace(
        'name = "shocks.spike.times"\nlow = 1.0\nhigh = 2.0', 'name = "shocks.spike.shape"\nvalues = ["step", "ramp"]'
    )
    study = read(text.replace('kind = "sobol"\npoints = 8', 'kind = "factorial"'))
    shapes = {plan.world_at(study, point, study.worlds[0]).shocks[-1].shape for point in range(len(study.points))}
    assert shapes == {"step", "ramp"}
    bad = read(text.replace('"ramp"]', '"pulse"]').replace('kind = "sobol"\npoints = 8', 'kind = "factorial"'))
    assert plan.world_at(bad, len(bad.points) - 1, bad.worlds[0]).shocks[-1].weeks == 1


def test_an_area_input_beyond_what_fits_the_area_is_refused_by_point():
    plan.check(tiny(Factor("area.foster_places", 1.0, 1.5, relative=True)))
    with pytest.raises(InputError, match=r"point 0, Wakefield: foster_places_filled = .* is more than foster_places"):
        plan.check(tiny(Factor("area.foster_places")))


def test_how_many_more_points_would_be_refused_is_told_too():
    few = tiny(Factor("area.foster_places"), Factor("levers.continuity"), design=Design("grid", steps=4))
    with pytest.raises(InputError, match=r"\(The same goes for 3 more points.\)"):
        plan.check(few)


def test_whole_numbers_stay_whole():
    study = read(
        WHOLE.replace(
            'name = "shocks.spike.times"\nlow = 1.0\nhigh = 2.0', 'name = "shocks.spike.weeks"\nlow = 4\nhigh = 52'
        )
    )
    assert study.points["shocks.spike.weeks"].dtype == "int64"
    lengths = {plan.world_at(study, point, study.worlds[0]).shocks[-1].weeks for point in range(len(study.points))}
    assert len(lengths) > 4 and all(isinstance(weeks, int) and 4 <= weeks <= 52 for weeks in lengths)


def test_the_corners_are_where_each_factor_is_lowest_and_highest():
    study = tiny(Factor("harm.level_2"), Factor("levers.continuity"), design=Design("grid", steps=3))
    assert plan.corners(study) == [0, 2, 6, 8]


def test_every_field_of_a_shock_can_be_varied():
    for field, values in (("from_week", "[0, 30]"), ("weeks", "[1, 52]"), ("hold", "[0, 1]"), ("times", "[0.5, 2]"),
                          ("which", '["housing", "all"]'), ("shape", '["step", "ramp"]')):  # fmt: skip
        text = WHOLE.replace(
            '"shocks.spike.times"\nlow = 1.0\nhigh = 2.0', f'"shocks.spike.{field}"\nvalues = {values}'
        )
        study = read(text.replace('kind = "sobol"\npoints = 8', 'kind = "factorial"'))
        plan.check(study)
        first, last = (plan.world_at(study, point, study.worlds[0]).shocks[-1] for point in (0, len(study.points) - 1))
        assert getattr(first, field) != getattr(last, field)


def test_a_study_too_large_is_refused_before_anything_is_made():
    with pytest.raises(InputError, match="up to 1,000,000 are accepted"):
        tiny(*(Factor(f"levers.{name}") for name in levers.LEVER_TITLES), design=Design("grid", steps=1000))
    with pytest.raises(InputError, match="runs are asked for"):
        tiny(Factor("levers.continuity"), design=Design("latin-hypercube", points=1_000_000), lucks=10)


def test_what_a_study_will_take_is_told_before():
    speed = outlook.Speed(week=1e-4, child=1e-7, run=0.01)
    study = tiny(Factor("levers.continuity"), lucks=10)
    found = outlook.outlook(study, speed, workers=2)
    assert (found.runs, found.points, found.pasts) == (20, 2, 1)
    children = areas.named("Wakefield").children_0_17 * 0.01
    expected = 17 * 52 * (1e-4 + 1e-7 * children) + 20 * (52 * (1e-4 + 1e-7 * children) + 0.013)
    assert found.core_seconds == pytest.approx(expected)
    assert outlook.outlook(replace(study, keep="journal"), speed).disk > outlook.outlook(study, speed).disk


DOCS = Path(__file__).parents[1] / "docs"


def test_the_study_in_the_documentation_is_one():
    text = (DOCS / "studies.md").read_text().split("```toml\n")[1].split("```")[0]
    assert read(text).size == 128 * (4 + 2) * 2 * 2 * 20


@pytest.mark.parametrize("system", cluster.SYSTEMS)
def test_the_example_for_each_batch_system_can_be_added_to_a_study(system):
    found = study_files.read('areas = ["Wakefield"]\n' + (DOCS / "clusters" / f"{system}.toml").read_text()).cluster
    cluster.check(found)
    assert (found["system"], found["jobs"]) == (system, 20)


@pytest.mark.parametrize("system", cluster.SYSTEMS)
def test_a_job_array_takes_shares_of_one_study(tmp_path, system):
    given = {
        "system": system,
        "jobs": 7,
        "cores": 4,
        "queue": "short",
        "before": ["module load python"],
        "options": ["--mail-type=END"],
    }
    cluster.check(given)
    text = cluster.script(tmp_path / "a study", given)
    assert "#SBATCH --array=1-7" in text and '--share "$SLURM_ARRAY_TASK_ID/7"' in text and "module load python" in text
    assert f"'{tmp_path / 'a study'}'" in text and "#SBATCH --partition=short" in text


@pytest.mark.parametrize(("given", "told"), [({"system": "slrum"}, "did you mean slurm"), ({"system": "pbs", "jobs": 0}, "jobs = 0"),
                                             ({"system": "lsf", "before": "x"}, "not a list"), ({"sistem": "pbs"}, "did you mean system")])  # fmt: skip
def test_a_cluster_that_cannot_be_used_is_refused(given, told):
    with pytest.raises(InputError, match=told):
        cluster.check(given)
