"""Run experiments and draw their figures: python -m experiments [NAME …] [--full] [--out FOLDER] [--workers N].

Small runs go to results/experiments; with --full the figures here and docs/experiments.md are written again.
"""

import argparse
import sys
from pathlib import Path

from experiments import catalogue, figures, texts
from experiments.catalogue import HOME, Experiment
from experiments.texts import Done
from familyabm.errors import InputError
from familyabm.lab import execute, running
from familyabm.lab.results import StudyResults

ROOT = HOME.parent


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main(words: list[str] | None = None) -> int:
    take = argparse.ArgumentParser(prog="python -m experiments", description="Run experiments and draw their figures.")
    take.add_argument("names", nargs="*", help="Experiments by name; by default all.")
    take.add_argument("--full", action="store_true", help="At full size, into docs/experiments.md and the figures.")
    take.add_argument("--out", type=Path, default=None, help="Folder for runs; by default results/experiments[-full].")
    take.add_argument("--workers", type=int, default=0, help="Processes on this machine; 0 takes one per core.")
    given = take.parse_args(words)
    try:
        return run(given.names, given.full, given.out, given.workers)
    except InputError as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("Stopped before the end; stored runs are whole, and the same command goes on.")
        return 1


def run(names: list[str], full: bool, out: Path | None = None, workers: int = 0) -> int:
    """Run the named experiments, or all; the page is written only if all of them were."""
    every = [catalogue.load(name) for name in names or catalogue.names()]
    out = out or ROOT / "results" / ("experiments-full" if full else "experiments")
    done, pictures = [], {}
    for experiment in every:
        results, whole = lived(experiment, full, out, workers)
        if not whole:
            say(f"{experiment.name} is not run to its end; the same command goes on.")
            return 1
        home = experiment.folder if full else out / experiment.name
        done.append(drawn(experiment, results, home))
        pictures[experiment.name] = (
            f"../experiments/{experiment.name}/figure.svg" if full else f"{experiment.name}/figure.svg"
        )
    if names and full:
        say("docs/experiments.md is written when all are run at once: without NAMES.")
        return 0
    path = ROOT / "docs" / "experiments.md" if full else out / "experiments.md"
    texts.write(path, texts.page(done, pictures))
    say(f"Page: {path}")
    return 0


def lived(experiment: Experiment, full: bool, out: Path, workers: int) -> tuple[StudyResults, bool]:
    """Live what is not stored yet, and tell whether all is; failed runs count as run."""
    study = experiment.study if full else experiment.small
    say(f"{experiment.name}: {study.size:,} runs.")
    options = execute.Options(workers=workers)
    results, progress = running.run_study(study, out / experiment.name / "lives", options, say=say)
    return results, progress.stored == progress.total


def drawn(experiment: Experiment, results: StudyResults, home: Path) -> Done:
    """Write an experiment's figure and summary into a folder."""
    table = figures.summary(results, experiment.sketch)
    texts.write(home / "figure.svg", figures.draw(results, experiment.sketch, table))
    texts.write(home / "summary.csv", table.to_csv(index=False, lineterminator="\n"))
    lost = len(results.failures.drop_duplicates("address"))
    return Done(experiment, results.study, results.store.id, table, lost)


if __name__ == "__main__":
    sys.exit(main())
