"""Many settings tried as one study of the lab: what is asked for, what it will take, and its runs looked at."""

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from familyabm import takeouts
from familyabm.errors import InputError
from familyabm.lab import looking, outlook, running
from familyabm.lab.designs import Design
from familyabm.lab.execute import Options, Progress
from familyabm.lab.exports import export
from familyabm.lab.factors import BRANCH, PAST, Factor
from familyabm.lab.results import StudyResults, open_study
from familyabm.lab.study import Study
from familyabm.levers import LEVER_TITLES, Scenario, shapes_the_past
from familyabm.parameters import REGISTER
from familyabm.report import lab as report
from familyabm.report.sure import LEFT_OUT

from . import items
from .jobs import DONE, PAUSED, STOPPED, WORKING, Job, put
from .settings import NUMBERS, OWN, Settings, whole_within
from .view import environment

NAME = "try-settings"
MEASURES = ("looked_after", "care_starts", "failure_demand", "harm", "early_help", "spend")
CHOICES = {f"levers.{name}": f"World B: {title}" for name, title in LEVER_TITLES.items()} | NUMBERS
"""What can be varied, as the page says it."""
MOST = 3
STEPS, LUCKS = (2, 6), (2, 20)
RUNS = 1_000
"""Runs of one study from the page; larger ones belong to the command line."""
FOLDER, RESULTS = "study", "results.html"


@dataclass(frozen=True)
class Vary:
    """One setting varied evenly between two values, in their own units (levers in percent)."""

    name: str
    low: float
    high: float
    steps: int

    @property
    def text(self) -> str:
        """Return it as a link holds it."""
        return f"{self.name}:{self.low:g}:{self.high:g}:{self.steps}"

    @property
    def values(self) -> tuple[float, ...]:
        """Return the values, as the model takes them."""
        unit = 100.0 if self.name.startswith("levers.") else 1.0
        apart = (self.high - self.low) / (self.steps - 1)
        return tuple(round((self.low + apart * step) / unit, 6) for step in range(self.steps))


def bounds(name: str) -> tuple[float, float]:
    """Return between which values a setting may be varied."""
    return (0.0, 100.0) if name.startswith("levers.") else (REGISTER[name].low, REGISTER[name].high)


def read_vary(text: str) -> Vary:
    """Read what a link says is varied; InputError names what would be accepted."""
    name, _, rest = text.partition(":")
    if name not in CHOICES:
        raise InputError(f"{name[:40]!r} cannot be varied here")
    try:
        low, high, steps = rest.split(":")
        found = Vary(name, float(low), float(high), int(steps))
    except ValueError:
        raise InputError(f"{CHOICES[name]}: lowest, highest and steps must be numbers") from None
    least, most = bounds(name)
    if not least <= found.low < found.high <= most:
        raise InputError(f"{CHOICES[name]}: lowest and highest must lie from {least:g} to {most:g}, the lowest first")
    if not STEPS[0] <= found.steps <= STEPS[1]:
        raise InputError(f"{CHOICES[name]}: steps must be a whole number from {STEPS[0]} to {STEPS[1]}")
    return found


@dataclass(frozen=True)
class Trial:
    """What is tried: settings to vary, lucks at each point, and measures to record."""

    vary: tuple[Vary, ...] = ()
    lucks: int = 4
    measures: tuple[str, ...] = MEASURES[:4]

    def given(self) -> list[tuple[str, str]]:
        """Return it as a link holds it."""
        return [("vary", one.text) for one in self.vary] + [("each", str(self.lucks))] + [
            ("record", name) for name in self.measures
        ]  # fmt: skip

    @property
    def runs(self) -> int:
        """Return how many runs that is, in both worlds."""
        n = 2 * self.lucks
        for one in self.vary:
            n *= one.steps
        return n


def worlds_of(settings: Settings) -> tuple[Scenario, Scenario]:
    """Return both worlds under names that differ, as a study needs them."""
    a, b = settings.worlds()
    return a, replace(b, name=f"{b.name}-b") if a.name == b.name else b


def study_of(settings: Settings, trial: Trial, home: Path) -> Study:
    """Return the study that is asked for; InputError where it cannot be."""
    area, (a, b) = settings.place(home), worlds_of(settings)
    if not trial.vary:
        raise InputError("Choose at least one setting to vary")
    if trial.runs > RUNS:
        raise InputError(
            f"That would be {trial.runs:,} runs; at most {RUNS:,} are accepted here. Larger: the command line"
        )
    return Study(
        NAME, (area,), (a, b), tuple(_factor(one, b.name) for one in trial.vary), Design("grid"),
        lucks=tuple(range(1, trial.lucks + 1)),
        seeds=(settings.luck,), years=settings.years, scale=settings.scale(area), measures=trial.measures,
        settings=_set(settings), title="Many settings tried",
    )  # fmt: skip


def _factor(one: Vary, world: str) -> Factor:
    if one.name.startswith("levers."):
        return Factor(one.name, values=one.values, worlds=(world,))
    return Factor(one.name, values=one.values, since=PAST if shapes_the_past(one.name) else BRANCH)


def _set(settings: Settings) -> dict[str, float]:
    changes = dict(settings.numbers)
    for name in settings.without:
        changes |= takeouts.find(name).changes
    return changes


@lru_cache(maxsize=1)
def _speed() -> outlook.Speed:
    return outlook.timed(MEASURES)


def expected(study: Study, folder: Path) -> outlook.Outlook:
    """Return what a study will take on this computer."""
    return outlook.outlook(study, _speed(), 2, folder)


def live(job: Job, home: Path) -> None:
    """Run the study until it is done or somebody presses Stop, and look at what it shows."""
    settings, trial = job.settings(home), _trial_of(job)
    study = study_of(settings, trial, home)

    def tell(progress: Progress) -> None:
        took = progress.elapsed / max(1, progress.here) * max(1, progress.stored)
        state = replace(job.state(), state=WORKING, done=progress.stored, asked=progress.total, seconds=took)
        job.write(state)
        if job.told_to_stop:
            progress.stopped = "it was told to stop"

    results, progress = running.run_study(study, job.folder / FOLDER, Options(workers=2), tell=tell)
    if progress.stopped and job.told_to_pause:
        job.write(replace(job.state(), state=PAUSED, done=progress.stored, asked=progress.total))
        return
    show(job, results)
    state = replace(job.state(), done=progress.stored, asked=progress.total, version=job.state().version + 1)
    job.write(replace(state, state=STOPPED if progress.stopped else DONE))


def _trial_of(job: Job) -> Trial:
    """Read what is tried from beside the settings; it was checked before it was written."""
    given = json.loads((job.folder / "trial.json").read_text(encoding="utf-8"))
    return read(given)


def read(given: list[list[str]] | list[tuple[str, str]]) -> Trial:
    """Read a trial from names and values; InputError for the first that cannot be used."""
    vary = tuple(read_vary(value) for name, value in given if name == "vary" and value)
    if len({one.name for one in vary}) < len(vary):
        raise InputError("Each setting can be varied once")
    each = next((value for name, value in given if name == "each" and value), "4")
    asked = [value for name, value in given if name == "record"]
    measures = tuple(name for name in MEASURES if name in asked) or Trial.measures
    return Trial(vary[:MOST], whole_within("Runs with different luck", each, *LUCKS), measures)


def show(job: Job, results: StudyResults) -> None:
    """Write what a study shows as a part of the page, and its results as files."""
    looks, refused = [], []
    for name in looking.chosen(results):
        try:
            looks.append(looking.look(results, name))
        except InputError as error:
            refused.append(str(error))
    if looks:
        page = report.look_page(results, looks, refused)
        text = environment().get_template("study_sections.html.j2").render(study=page, folded=True, files=job.files)
        figures = [items.of_figure(figure) for section in page.sections for figure in section.figures]
        items.keep(figures, job.folder)
    else:
        text = environment().get_template("nothing.html.j2").render(said=refused, left_out=LEFT_OUT)
    put(job.folder / RESULTS, text.encode())
    for ending in (".csv", ".xlsx"):
        export(results, job.folder / f"results{ending}")


def look(job: Job, folder: Path) -> None:
    """Look at a study that was made elsewhere."""
    results = open_study(folder)
    job.write(replace(job.state(), state=WORKING, done=0, asked=1))
    show(job, results)
    job.write(replace(job.state(), state=DONE, done=1, asked=1, version=job.state().version + 1))


# --- To repeat it elsewhere ------------------------------------------------------------------------------------------


def python(settings: Settings, trial: Trial, home: Path) -> str:
    """Return a program that runs the very study."""
    study = study_of(settings, trial, home)
    lines = [
        "from dataclasses import replace", "", "from familyabm import levers",
        "from familyabm.lab import Design, Factor, Options, Study, run_study", "",
        *_world_lines("a", settings, study.worlds[0].name), *_world_lines("b", settings, study.worlds[1].name),
        "study = Study(", f"    {NAME!r},", f"    areas=({_area(settings)!r},),", "    worlds=(a, b),", "    factors=(",
        *[f"        {_call(factor)}," for factor in study.factors],
        "    ),", '    design=Design("grid"),', f"    lucks={trial.lucks},", f"    seeds=({settings.luck},),",
        f"    years={settings.years},", f"    scale={study.scale!r},", f"    measures={trial.measures!r},",
        f"    settings={dict(study.settings)!r},", f"    title={study.title!r},", ")", "",
        'if __name__ == "__main__":  # workers are processes, which read this file too',
        f'    results, progress = run_study(study, "results/{NAME}", Options())',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _area(settings: Settings) -> str:
    return "AREA.toml" if settings.area.startswith(OWN) else settings.area


def _call(factor: Factor) -> str:
    since = "" if factor.since == PAST else f", since={factor.since!r}"
    worlds = f", worlds={factor.worlds!r}" if factor.worlds else ""
    return f"Factor({factor.name!r}, values={factor.values!r}{since}{worlds})"


def _world_lines(letter: str, settings: Settings, name: str) -> list[str]:
    world = getattr(settings, letter)
    lines = [f"{letter} = levers.find({world.scenario!r})"]
    if world.levers:
        changed = {lever: percent / 100.0 for lever, percent in world.levers}
        lines.append(f"{letter} = replace({letter}, levers=dict({letter}.levers) | {changed!r})")
    if world.practice is not None:
        lines.append(f"{letter} = replace({letter}, maturity={world.practice / 100.0!r})")
    if settings.shocks:
        lines.append(f"{letter} = {letter}.hit_by({list(settings.shocks)!r})")
    if name != world.scenario:
        lines.append(f"{letter} = replace({letter}, name={name!r})")
    return [*lines, ""]


def toml(settings: Settings, trial: Trial, home: Path) -> str:
    """Return the study as a file for `familyabm study run`; empty where its worlds are of no name."""
    study = study_of(settings, trial, home)
    plain = all(world.practice is None and not world.levers for world in (settings.a, settings.b))
    if not plain or settings.shocks or settings.a.scenario == settings.b.scenario:
        return ""
    lines = [
        f'name = "{NAME}"', f'title = "{study.title}"', f'areas = ["{_area(settings)}"]',
        f"worlds = {json.dumps([world.name for world in study.worlds])}", f"lucks = {trial.lucks}",
        f"seeds = [{settings.luck}]", f"years = {settings.years}", f"scale = {study.scale!r}",
        f"measures = {json.dumps(list(trial.measures))}", "",
    ]  # fmt: skip
    if study.settings:
        lines += ["[set]", *[f'"{name}" = {value!r}' for name, value in study.settings.items()], ""]
    for factor in study.factors:
        lines += ["[[factors]]", f'name = "{factor.name}"', f"values = {list(factor.values)!r}"]
        lines += [f'from = "{factor.since}"'] if factor.since != PAST else []
        lines += [f"worlds = {json.dumps(list(factor.worlds))}"] if factor.worlds else []
        lines.append("")
    return "\n".join([*lines, "[design]", 'kind = "grid"', ""])
