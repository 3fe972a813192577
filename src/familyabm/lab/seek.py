"""Goal-seek: the settings with the least of one measure that keep others where they must be, and how sure that is.

Optuna proposes settings (TPE, Watanabe 2023, arXiv:2304.11127); each is lived with the same lucks as the worlds it is
held against. A goal counts as kept only if luck could not have kept it: the upper end of the mean's interval must be
on the right side. Because the best of many looks better than it is, the winner is lived again with lucks that the
search never saw. The same question finds the same answer, so that one that was broken off goes on from its lives.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from familyabm import lives, simulation, worlds
from familyabm.errors import InputError
from familyabm.lab.asking import Goal, Vary
from familyabm.lab.responses import Numbers
from familyabm.levers import Scenario
from familyabm.lives import Ask, Values
from familyabm.simulation import Snapshot

KEPT, NOT_TOLD, BROKEN = "kept", "cannot be told", "not kept"
FEWEST_LUCKS = 6
MOST_TRIALS = 10_000
Live = Callable[[Iterable[Ask]], dict[str, Values]]
Done = Callable[[int, int], None]


def check(goals: tuple[Goal, ...], years: int, runs: int, trials: int) -> None:
    """Raise InputError for a search that could not be made, before anything is lived."""
    worlds.check_run(years, runs)
    simulation.check_whole("runs", runs, FEWEST_LUCKS, worlds.MAX_RUNS)
    simulation.check_whole("trials", trials, 1, MOST_TRIALS)
    if not goals:
        raise InputError("--keep is needed: a goal, as in --keep 'looked_after<=status-quo'.")


@dataclass(frozen=True)
class Question:
    """What is sought: settings of `varied`, on top of `base`, with the least of `least` that keep every goal.

    runs: lucks of each trial; as many more, never used in the search, try the winner.
    """

    snapshot: Snapshot
    base: Scenario
    varied: tuple[Vary, ...]
    goals: tuple[Goal, ...]
    least: str
    years: int = 10
    runs: int = 10
    trials: int = 60
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be sought."""
        check(self.goals, self.years, self.runs, self.trials)

    def world_at(self, values: Mapping[str, float]) -> Scenario:
        """Return the base world with the varied settings at these values."""
        moved = {vary.factor.key: values[vary.name] for vary in self.varied if vary.factor.kind == "lever"}
        maturity = moved.pop("maturity", self.base.maturity)
        fixed = {vary.name: values[vary.name] for vary in self.varied if vary.factor.kind == "parameter"}
        levers, parameters = {**self.base.levers, **moved}, {**self.base.parameters, **fixed}
        return replace(self.base, levers=levers, parameters=parameters, maturity=maturity)

    def as_it_is(self) -> dict[str, float]:
        """Return where the base world has the varied settings, moved into their ranges."""
        return {vary.name: float(np.clip(self._own(vary), vary.low, vary.high)) for vary in self.varied}

    def _own(self, vary: Vary) -> float:
        key = vary.factor.key
        if vary.name == "levers.maturity":
            return self.base.maturity
        if vary.factor.kind == "lever":
            return self.base.levers.get(key, self.snapshot.parameters[f"base.{key}"])
        return self.base.parameters.get(key, self.snapshot.parameters[key])


@dataclass(frozen=True)
class Sought:
    """What a search found.

    trials: one row each: the settings, the least measure's mean, one column of slack a goal (how far its mean is
    from being broken, at worst of what luck allows; below 0 is broken) and kept.  settings: the winner's; empty if
    no trial kept every goal.  goals: one row a goal, with fresh lucks: words, value, target, slack, low, high,
    verdict.  least: one row: the winner's mean with its interval, and the base world's.
    """

    question: Question = field(repr=False)
    trials: pd.DataFrame
    settings: dict[str, float]
    goals: pd.DataFrame
    least: pd.DataFrame
    stopped: bool = False

    @property
    def found(self) -> bool:
        """Tell whether any trial kept every goal."""
        return bool(self.settings)

    @property
    def sure(self) -> bool:
        """Tell whether the winner keeps every goal with fresh lucks too."""
        return self.found and len(self.goals) > 0 and bool((self.goals["verdict"] == KEPT).all())

    @property
    def world(self) -> Scenario:
        """Return the winner as a world."""
        return self.question.world_at(self.settings)


class Book:
    """Lives by address, in memory and, if a file is given, on disk as they end; a torn last line is left out."""

    def __init__(self, path: Path | None = None, live: Live = lives.live_all) -> None:
        """Read what the file holds; it need not be there."""
        self.path, self.live = path, live
        self.known: dict[str, Values] = dict(self._read()) if path is not None and path.exists() else {}

    def _read(self) -> Iterable[tuple[str, Values]]:
        assert self.path is not None
        for line in self.path.read_bytes().splitlines():
            try:
                address, values = json.loads(line)
                array = np.array(values, dtype=np.float64)
            except (ValueError, TypeError):
                continue
            if isinstance(address, str) and array.shape == (len(lives.OUTCOMES),):
                yield address, array

    def outcomes(self, asks: list[Ask]) -> Numbers | None:
        """Return the outcomes of lives, shape (lives, outcomes); None if the search was interrupted meanwhile."""
        missing = [ask for ask in asks if ask.address not in self.known]
        if missing:
            self._enter(self.live(missing))
        if any(ask.address not in self.known for ask in asks):
            return None
        return np.array([self.known[ask.address] for ask in asks])

    def _enter(self, found: Mapping[str, Values]) -> None:
        self.known.update(found)
        if self.path is None:
            return
        lines = [json.dumps([address, values.tolist()]) for address, values in found.items()]
        try:
            with self.path.open("ab") as file:
                file.write(("\n" + "\n".join(lines) + "\n").encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            reason = (error.strerror or "unwritable").lower()
            raise InputError(f"{self.path} cannot be written: {reason}; what it holds is kept.") from None


@dataclass
class _Search:
    """One search on its way."""

    question: Question
    book: Book
    done: Done | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)

    def values(self, world: Scenario, measure: str, fresh: bool = False) -> Numbers | None:
        """Return a measure under each luck, those of the search or as many fresh ones."""
        q = self.question
        first = 1 + (q.runs if fresh else 0)
        asks = [Ask(q.snapshot, world, number, q.years) for number in range(first, first + q.runs)]
        found = self.book.outcomes(asks)
        return None if found is None else found[:, lives.OUTCOMES.index(measure)]

    def slack(self, world: Scenario, goal: Goal, fresh: bool = False) -> Numbers | None:
        """Return how far each luck is on the right side of a goal."""
        value = self.values(world, goal.measure, fresh)
        against = None if goal.world is None else self.values(goal.world, goal.measure, fresh)
        if value is None or (against is None and goal.world is not None):
            return None
        target = goal.number if against is None else goal.times * against
        return target - value if goal.side == "<=" else value - target

    def go(self) -> bool:
        """Try settings one after the other; return False if interrupted."""
        optuna = _optuna()
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=self.question.seed, multivariate=True))
        for values in self._first():
            study.enqueue_trial(values)
        space = {v.name: optuna.distributions.FloatDistribution(v.low, v.high) for v in self.question.varied}
        for number in range(1, self.question.trials + 1):
            trial = study.ask(space)
            row = self._try(dict(trial.params))
            if row is None:
                return False
            self.rows.append(row)
            if row["why"]:
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            else:
                for goal in self.question.goals:
                    trial.set_constraint(goal.words, -row[goal.words])
                study.tell(trial, row["least"])
            if self.done is not None:
                self.done(number, self.question.trials)
        return True

    def _first(self) -> list[dict[str, float]]:
        """Return where a search begins: as it is, all lowest, all highest, all halfway."""
        varied = self.question.varied
        ends = [{v.name: v.low + share * (v.high - v.low) for v in varied} for share in (0.0, 1.0, 0.5)]
        return [self.question.as_it_is(), *ends]

    def _try(self, values: dict[str, float]) -> dict[str, Any] | None:
        """Live one proposal and return its row; None if interrupted. What cannot be lived is a row that says why."""
        row: dict[str, Any] = {**values, "least": np.nan, **{g.words: np.nan for g in self.question.goals}, "why": ""}
        try:
            world = self.question.world_at(values)
            least = self.values(world, self.question.least)
            slacks = [self.slack(world, goal) for goal in self.question.goals]
        except InputError:
            raise
        except Exception as error:
            return row | {"kept": False, "why": f"{type(error).__name__}: {error}"}
        if least is None or any(slack is None for slack in slacks):
            return None
        worst = [worlds.bootstrap(slack)[0] for slack in slacks if slack is not None]
        found = {"least": float(least.mean()), **{g.words: w for g, w in zip(self.question.goals, worst, strict=True)}}
        if not all(np.isfinite(value) for value in found.values()):
            return row | {"kept": False, "why": "a measure is not a finite number"}
        return row | found | {"kept": min(worst) >= 0.0}


def seek(question: Question, book: Book | None = None, done: Done | None = None) -> Sought:
    """Search, and try the winner with fresh lucks. An interruption keeps the trials that had ended."""
    search = _Search(question, book or Book(), done)
    ended = search.go()
    names = [vary.name for vary in question.varied]
    columns = [*names, "least", *(goal.words for goal in question.goals), "kept", "why"]
    trials = pd.DataFrame(search.rows, columns=columns)
    kept = trials[trials["kept"].astype(bool)]
    if kept.empty:
        return Sought(question, trials, {}, pd.DataFrame(), pd.DataFrame(), not ended)
    best = kept.iloc[int(kept["least"].to_numpy(dtype=np.float64).argmin())]
    settings = {name: float(best[name]) for name in names}
    world = question.world_at(settings)
    goals = [_judged(search, world, goal) for goal in question.goals] if ended else []
    least = [_least(search, world)] if ended else []
    interrupted = any(row is None for row in (*goals, *least))
    told = [row for row in goals if row is not None], [row for row in least if row is not None]
    return Sought(question, trials, settings, pd.DataFrame(told[0]), pd.DataFrame(told[1]), not ended or interrupted)


def _judged(search: _Search, world: Scenario, goal: Goal) -> dict[str, Any] | None:
    """Judge a goal with fresh lucks."""
    slack, values = search.slack(world, goal, fresh=True), search.values(world, goal.measure, fresh=True)
    if slack is None or values is None:
        return None
    found = worlds.interval(slack, "slack")
    low, high = found["slack_low"], found["slack_high"]
    verdict = KEPT if low >= 0.0 else BROKEN if high < 0.0 else NOT_TOLD
    target = values + slack if goal.side == "<=" else values - slack
    return {"goal": goal.words, "measure": goal.measure, "value": float(values.mean()),
            "target": float(target.mean()), **found, "verdict": verdict}  # fmt: skip


def _least(search: _Search, world: Scenario) -> dict[str, Any] | None:
    """Return the measure made least with fresh lucks, and what it is in the base world."""
    question = search.question
    here = search.values(world, question.least, fresh=True)
    usual = search.values(question.base, question.least, fresh=True)
    if here is None or usual is None:
        return None
    moved = worlds.interval(here - usual, "difference")
    return {"measure": question.least, **worlds.interval(here, "value"), "base": float(usual.mean()), **moved}


def _optuna() -> Any:
    """Return Optuna, quiet."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna
