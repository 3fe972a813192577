"""The workshop as one list of steps: what the facilitator's one large button does, and how long each step lasts."""

from dataclasses import dataclass
from functools import cache

from familyabm.workshop.choices import Stage, workshop

JOIN, HELLO, BRIEFING, OPEN, CLOSED, BETS, HAPPENED, TALK = (
    "join", "hello", "briefing", "open", "closed", "bets", "happened", "talk",
)  # fmt: skip
COUNTS, MERGED_BET, MERGE, STORY, WRONG, NOTHING = "counts", "merged-bet", "merge", "story", "wrong", "nothing"
TEN, BLIND, COSTS, END = "ten", "blind", "costs", "end"
PRACTICE = 0
"""The round of the practice, whose year is the one before the first: nothing that is chosen in it counts."""

# The step's name, the words of the button that leads to the next step, and its share of the stage's minutes.
_ROUND = (
    (BRIEFING, "Open the round", 0.14), (OPEN, "Close the round", 0.42), (CLOSED, "Show the bets", 0.06),
    (BETS, "Show what happened", 0.10), (HAPPENED, "Talk", 0.10), (TALK, "Next", 0.18),
)  # fmt: skip
_STAGES: dict[str, tuple[tuple[str, str, float], ...]] = {
    "welcome": ((JOIN, "Everyone is here", 0.4), (HELLO, "Go to the practice round", 0.6)),
    "practice": (
        (OPEN, "Close the practice round", 0.6), (CLOSED, "Show the bets", 0.1), (BETS, "Show what happened", 0.15),
        (HAPPENED, "Go to round 1", 0.15),
    ),
    "reveal": (
        (COUNTS, "Ask for bets", 0.2), (MERGED_BET, "Merge them", 0.2), (MERGE, "One family's story", 0.2),
        (STORY, "Ask the question", 0.2), (WRONG, "Answer it", 0.1), (NOTHING, "Next", 0.1),
    ),
    "decade": ((TEN, "Against playing blind", 0.4), (BLIND, "Who pays", 0.3), (COSTS, "Go to the debrief", 0.3)),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step. stage: the stage it belongs to.  round: 0 in practice, None outside rounds.  seconds: how long."""

    stage: str
    name: str
    title: str
    button: str
    seconds: int
    round: int | None = None

    @property
    def deciding(self) -> bool:
        """Tell whether teams choose and bet in it."""
        return self.name == OPEN

    @property
    def place(self) -> str:
        """Return the name that no other step of the workshop has."""
        return f"{self.stage}.{self.name}"


@cache
def steps(length: int) -> tuple[Step, ...]:
    """Return all steps of a workshop of so many minutes, one of `LENGTHS`."""
    found = [step for stage in workshop().stages if stage.lasts(length) for step in _of(stage, length)]
    return (*found, Step("debrief", END, "The end", "", 0))


def _of(stage: Stage, length: int) -> list[Step]:
    seconds = 60 * stage.lasts(length)
    if stage.name == "debrief":
        screens = workshop().debrief
        buttons = [f"Next: {screen.title}" for screen in screens[1:]] + ["Finish"]
        return [
            Step("debrief", screen.name, screen.title, button, round(seconds * screen.share))
            for screen, button in zip(screens, buttons, strict=True)
        ]
    if stage.name.startswith("round-"):
        number = int(stage.name.removeprefix("round-"))
        last = number == workshop().rounds_of(length)[-1].number
        parts = _timed([_ending(part, number, last) for part in _ROUND], number, seconds)
    else:
        number, parts = PRACTICE, list(_STAGES[stage.name])
    within = number if stage.name.startswith(("round-", "practice")) else None
    return [Step(stage.name, name, stage.title, button, round(seconds * part), within) for name, button, part in parts]


def _timed(parts: list[tuple[str, str, float]], number: int, seconds: int) -> list[tuple[str, str, float]]:
    """Give the briefing of a round the time to talk that its file says, and let the other steps share what is left."""
    talk = next(entry.talk for entry in workshop().rounds if entry.number == number) / seconds
    usual = next(share for name, _, share in parts if name == BRIEFING)
    if talk <= usual:
        return parts
    left = (1.0 - talk) / (1.0 - usual)
    return [(name, button, talk if name == BRIEFING else share * left) for name, button, share in parts]


def _ending(part: tuple[str, str, float], number: int, last: bool) -> tuple[str, str, float]:
    """Let a round's last button say where it leads."""
    name, _, share = part
    if name != TALK:
        return part
    if number == 2:
        return name, "Go to the reveal", share
    return name, "Go ten years on" if last else f"Go to round {number + 1}", share


def place_of(length: int, stage: str, name: str = "") -> int:
    """Return where a stage begins, or a step of it stands."""
    return next(
        place for place, step in enumerate(steps(length)) if step.stage == stage and (not name or step.name == name)
    )
