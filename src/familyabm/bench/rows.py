"""Every figure of speed and size with its bar and its goal: one list, which the command, its JSON and its page read."""

from dataclasses import asdict, dataclass
from typing import Any

MORE, LESS = "more", "less"


@dataclass(frozen=True)
class Bar:
    """One figure: what it is called, its unit, the bar, the goal, and whether more or less is better."""

    name: str
    title: str
    unit: str
    bar: float
    goal: float
    better: str
    how: str


BARS = (
    Bar("speed", "Whole model, weekly totals, 33,000 families", "M family-weeks per CPU-second", 10.0, 20.0, MORE,
        "ten years of a town with its past, one core"),
    Bar("speed_small", "The same, 1,000 families", "M family-weeks per CPU-second", 4.0, 10.0, MORE, "the same"),
    Bar("against_c", "Adult-risk process against the same in C", "times C's time", 2.0, 1.2, LESS,
        "`gcc -O3`, the same draws, the same results checked; both in turn in one run"),
    Bar("against_mesa", "Adult risk, contact and front door against one Mesa object per family", "times as fast",
        30.0, 100.0, MORE, "the same rules in plain Python on the same luck, the same results checked"),
    Bar("journal", "Full journal against weekly totals", "times", 1.6, 1.25, LESS, "33,000 families"),
    Bar("memory", "Memory per family, weekly totals", "bytes", 400.0, 250.0, LESS, "all tables but the weekly ones"),
    Bar("growth", "Time of a family-week, 3.3 million families against 33,000", "times", 1.2, 1.0, LESS,
        "towns that start with no trouble, two years on"),
    Bar("import", "`import familyabm`", "CPU seconds", 2.0, 1.0, LESS, "a process of its own"),
    Bar("help", "`familyabm --help`, warm", "wall seconds", 1.5, 0.5, LESS, "a process of its own"),
    Bar("compile", "First compilation of all rules", "CPU seconds", 60.0, 25.0, LESS,
        "an empty cache, less a start with a full one; once"),
    Bar("second_start", "Second start to first simulated week", "wall seconds", 4.0, 2.0, LESS,
        "a process of its own, a small town"),
    Bar("sweep", "Sweep overhead per run beyond the model", "ms of CPU", 10.0, 3.0, LESS,
        "three measures kept; runner and workers from the first run stored to the last, less the model in them"),
    Bar("two_cores", "Two workers against one on 200 runs", "times as fast", 1.7, 1.9, MORE, "wall time"),
    Bar("england", "All 153 authorities, ten years, two worlds, 2 cores", "minutes", 20.0, 5.0, LESS,
        "lived at a fifth of the scale, times five"),
)  # fmt: skip
NAMES = tuple(bar.name for bar in BARS)
FIGURES = {bar.name: bar for bar in BARS}


@dataclass(frozen=True)
class Measured:
    """A figure as measured, or the reason why it was not."""

    name: str
    value: float | None
    repeats: int = 1
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return whether the goal or the bar is met."""
        bar = FIGURES[self.name]
        if self.value is None:
            return "not measured"
        sign = 1.0 if bar.better == MORE else -1.0
        if sign * self.value >= sign * bar.goal:
            return "goal met"
        return "bar met" if sign * self.value >= sign * bar.bar else "bar not met"

    def as_json(self) -> dict[str, Any]:
        """Return the figure with its bar, goal and verdict."""
        return asdict(FIGURES[self.name]) | {
            "value": self.value, "repeats": self.repeats, "note": self.note, "verdict": self.verdict,
        }  # fmt: skip
