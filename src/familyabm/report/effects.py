"""The page on replayed studies: the published effect beside the model's, what falls short first, nothing left out.

Nothing here reads a clock or the machine: the same lives give the same page, byte for byte.
"""

import csv as commas
import io
import json
import math
import shlex
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from familyabm import simulation
from familyabm.areas import ATTRIBUTION
from familyabm.console import plain
from familyabm.report import page, words
from familyabm.report.figures import Grid
from familyabm.report.study import Section, Study
from familyabm.truth import effects_judge
from familyabm.truth.effects import KINDS, Effect, Outcome
from familyabm.truth.effects_judge import Verdict
from familyabm.truth.effects_run import Measured, Replayed
from familyabm.worlds import STATUS_LINE
from familyabm.writing import write_whole

PAGE, DATA = "effects.html", "effects.json"
NOT_REPLAYED = "effects_not_replayed.csv"
HEADS = ("What was found", "Published", "Interval or bound", "Model", "Range over lucks", "Comparison", "Intervention",
         "Verdict")  # fmt: skip
HOW = (
    "Each study is replayed in two worlds that share the same made-up families and the same luck, and differ only in "
    "what the study did. Counts of all lucks are added up before they are compared, and the range is where the "
    "estimate would lie, 95 times in 100, had other lucks been drawn. Ranges hold luck and "
    "the draw of families: each luck has families of its own.",
    "An effect is met where luck leaves no doubt of its sign and its size lies within the published interval; where "
    "none was published, within bounds stated in its file; a change before and after only where luck leaves no doubt "
    "either that it is more than comes by itself. A null is met only where its whole range lies within them. "
    "Nothing is fitted here; where a number of the model rests on one of these studies, its source says so.",
    "Evaluations before and after in authorities that chose to take part are upper bounds: families and authorities "
    "are chosen at their worst and part of the fall would have come anyway. Where families are followed, it is shown.",
)


MET_OF = {
    "effect": (("size",), "inside the published interval or the bounds stated"),
    "bound": (("change",), "within an upper bound"),
    "null": (("null",), "null"),
    "direction": (("sign alone", "signs alone"), "right"),
}
"""What is counted of each kind of outcome, and what it is when it is met."""


def write(found: Replayed, folder: Path, command: str) -> Path:
    """Write the page, effects.csv and effects.json into a folder; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(rows(found)).map(page._safe)
    write_whole(folder / "effects.csv", frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
    write_whole(folder / DATA, (json.dumps(as_json(found, command), ensure_ascii=False, indent=1) + "\n").encode())
    write_whole(folder / PAGE, html(found, command).encode())
    return folder / PAGE


def rows(found: Replayed) -> list[dict[str, Any]]:
    """Return one row for each outcome, what counts against the model first."""
    return [
        {"effect": effect.name, "code": one.outcome.code, "outcome": one.outcome.title, "kind": one.outcome.kind,
         "unit": one.outcome.unit, "published": one.outcome.published, "published_low": one.outcome.low,
         "published_high": one.outcome.high, "interval": one.outcome.interval, "model": one.value, "low": one.low,
         "high": one.high, "comparison": one.comparison, "intervention": one.intervention, "by_itself": one.by_itself,
         "beyond_low": one.beyond_low, "beyond_high": one.beyond_high,
         "verdict": effects_judge.says(one), "met": effects_judge.judge(one) == Verdict.MET,
         "missing": missing(one), "design": effect.design, "source": effect.source, "runs": len(found.lucks),
         "address": found.address}
        for effect, measured in effects_judge.in_order(found)
        for one in measured
    ]  # fmt: skip


def missing(found: Measured) -> str:
    """Return what the model lacks, where the outcome is not met."""
    return found.outcome.missing if effects_judge.judge(found) < Verdict.NOT_DECIDED else ""


def as_json(found: Replayed, command: str) -> dict[str, Any]:
    """Return everything as JSON can hold it."""
    return {
        "status": STATUS_LINE, "version": simulation.VERSION, "area": found.snapshot.area.la_name,
        "filled": list(found.snapshot.area.filled), "runs": len(found.lucks), "asked": found.asked,
        "seed": found.snapshot.seed, "scale": found.snapshot.scale, "parameters": found.snapshot.parameters.address,
        "address": found.address, "command": command, "count": count(found),
        "outcomes": [{key: plain(value) for key, value in row.items()} for row in rows(found)],
        "not_replayed": not_replayed(),
    }  # fmt: skip


@lru_cache(maxsize=1)
def not_replayed() -> list[dict[str, str]]:
    """Return the published effects that are not replayed, each with the reason: code, effect, why."""
    text = (files("familyabm") / "data" / NOT_REPLAYED).read_text(encoding="utf-8")
    return list(commas.DictReader(io.StringIO(text)))


def count(found: Replayed) -> str:
    """Return the line that says how many are met, kind by kind; nothing that is not met is left out of the count."""
    told = effects_judge.counts(found)
    met, of = told.pop("studies")
    parts = [
        f"{n} of {words.count(whole, *MET_OF[kind][0])} {MET_OF[kind][1]}" for kind, (n, whole) in told.items() if whole
    ]
    head = (
        f"{met} of {words.count(of, 'replayed study', 'replayed studies')} met in every outcome, each by its own kind"
    )
    return f"{head}: {', '.join(parts)}"


def html(found: Replayed, command: str) -> str:
    """Return the whole page as text."""
    told = Study("Published effects, replayed", sections(found), _settings(found), command)
    return page.environment().get_template("validation.html.j2").render(
        study=told, places=found.snapshot.area.la_name, status=STATUS_LINE, version=simulation.VERSION,
        data_years=page.data_years(), attribution=ATTRIBUTION,
        changes=page.changes(found.snapshot.parameters, found.effects[0].comparison.scenario,
                             found.effects[0].comparison.scenario),
    )  # fmt: skip


def sections(found: Replayed) -> list[Section]:
    """Return the page's parts: what falls short, then the rest."""
    parts = (
        ("short", "What falls short", effects_judge.Verdict.WRONG_SIGN, Verdict.TOO_SMALL),
        ("open", "What these lucks cannot decide", Verdict.NOT_DECIDED, Verdict.NOT_MEASURED),
        ("met", "What is met", Verdict.MET, Verdict.MET),
    )
    shown = [Section("summary", "Summary", [f"{count(found)}."], list(HOW))]
    for identity, title, first, last in parts:
        chosen = [one for one in effects_judge.in_order(found) if first <= effects_judge.of_effect(one[1]) <= last]
        text = [] if chosen else ["None."]
        shown.append(
            Section(identity, title, text, [_told(*one) for one in chosen], grids=[grid(*one) for one in chosen])
        )
    left = [f"{row['code']}, {row['effect']}: {row['why']}." for row in not_replayed()]
    return [*shown, Section("left-out", "What is not replayed", said=left)]


def _told(effect: Effect, measured: tuple[Measured, ...]) -> str:
    """Say what was replayed, and what the model lacks where it falls short."""
    lacks = " ".join(dict.fromkeys(filter(None, map(missing, measured))))
    return f"{effect.title} ({effect.design}). {effect.study} Replayed: {effect.replay}" + (
        f" Missing: {lacks}" if lacks else ""
    )


def grid(effect: Effect, measured: tuple[Measured, ...]) -> Grid:
    """Return one effect as a table."""
    caption = f"{effect.title}: {effects_judge.SAYS[effects_judge.of_effect(measured)]}. Source: {effect.source}."
    return Grid(caption, list(HEADS), [cells(one) for one in measured], [one.outcome.unit for one in measured])


def cells(one: Measured) -> list[str]:
    """Return one outcome's cells under HEADS."""
    return [
        one.outcome.title, published(one.outcome), bounds(one.outcome), shown(one.value), _span(one),
        shown(one.comparison), shown(one.intervention), effects_judge.says(one) + _itself(one),
    ]  # fmt: skip


def shown(value: float) -> str:
    """Write a figure with about three figures, as effects are published."""
    if not math.isfinite(value) or value == 0.0:
        return words.number(value)
    return words.number(value, 0 if abs(value) >= 100.0 else 1 if abs(value) >= 10.0 else 2 if abs(value) >= 0.1 else 3)


def published(outcome: Outcome) -> str:
    """Write the published effect; a sign alone in words."""
    if math.isfinite(outcome.published):
        return shown(outcome.published)
    return "higher" if outcome.low >= outcome.rest else "lower"


def bounds(outcome: Outcome) -> str:
    """Write the published interval or the bounds, and where they come from."""
    ends = [shown(end) if math.isfinite(end) else "" for end in (outcome.low, outcome.high)]
    span = f"{ends[0]} to {ends[1]}" if all(ends) else f"{ends[0]} or more" if ends[0] else f"{ends[1]} or less"
    return f"{span} ({outcome.interval})"


def _span(one: Measured) -> str:
    if not math.isfinite(one.low):
        return "too few lucks"
    return f"{shown(one.low)} to {shown(one.high)}"


def _itself(one: Measured) -> str:
    """Say how much of a change before and after would have come anyway."""
    if not math.isfinite(one.by_itself):
        return ""
    share = 100.0 * one.by_itself / one.value if one.value else math.nan
    part = f", {share:.0f}% of it" if math.isfinite(share) and share > 0.0 else ""
    more = f"; beyond that {shown(one.beyond_low)} to {shown(one.beyond_high)}" if math.isfinite(one.beyond_low) else ""
    return f"; by itself {shown(one.by_itself)}{part}{more}"


def _settings(found: Replayed) -> list[tuple[str, str]]:
    area = found.snapshot.area
    stopped = f" of {found.asked} asked for; stopped early" if len(found.lucks) < found.asked else ""
    return [
        ("Area", f"{area.la_name}, {area.children_0_17:,} children aged 0 to 17"),
        ("Size of the model", f"{100.0 * found.snapshot.scale:,.4g}% of the area's families"),
        ("Lucks", f"{len(found.lucks)}{stopped}"), ("Luck number (seed)", f"{found.snapshot.seed}"),
        ("Kinds of outcome", "; ".join(f"{name}: {said}" for name, said in KINDS.items())),
        ("Version", f"familyabm {simulation.VERSION}"), ("Address", found.address),
    ]  # fmt: skip


def command_of(found: Replayed, names: list[str]) -> str:
    """Return the command that makes the page again."""
    area = found.snapshot.area
    place = area.la_name if area.la_code != "own" else "AREA.toml"
    return shlex.join(
        ["familyabm", "effects", *names, "--area", "England" if area.la_code == "average" else place, "--runs",
         f"{found.asked}", "--scale", f"{found.snapshot.scale:g}", "--seed", f"{found.snapshot.seed}",
         *page.set_words(found.snapshot.parameters)]
    )  # fmt: skip
