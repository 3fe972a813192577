"""What the pack's prose says in numbers: each from the engine, a register or the validation record, by name."""

from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from familyabm import areas, lessons, simulation, takeouts
from familyabm.areas import Area
from familyabm.parameters import REGISTER
from familyabm.report import words
from familyabm.report.page import data_years
from familyabm.report.sure import LEFT_OUT
from familyabm.report.validation_words import BARS
from familyabm.truth import outcomes, validation
from familyabm.workshop import paper
from familyabm.workshop.choices import PLAN, workshop
from familyabm.workshop.pack.tables import BLIND, decade_findings
from familyabm.workshop.paper import Paper


def facts(of: Paper, length: int, pool: int, every: int) -> dict[str, Any]:
    """Return every number and name that stands in braces in the prose.

    length: minutes of the workshop.  pool: families that story cards are chosen from.  every: which families of the
    town have slips.
    """
    whole = workshop()
    area, homes = of.snapshot.area, len(of.snapshot.tables["families"])
    debrief = next(stage for stage in whole.stages if stage.name == "debrief").lasts(length)
    planned = any(entry.options == PLAN for entry in whole.rounds_of(length))
    least, most = (int(number) for number in paper.seats()[0].people.split(" to "))
    return {
        "workshop": whole.title, "minutes": length, "debrief": debrief, "town": area.la_name,
        "families": f"{homes:,}", "lucks": of.lucks, "small_group": whole.small_group, "joins": joins(),
        "data_years": data_years(), "version": simulation.VERSION, "address": of.address, "left_out": LEFT_OUT,
        "apart": "not shared" if planned else BLIND.lower(), "tables": words.spelt(len(paper.seats())),
        "few": words.spelt(len(paper.seats())).lower(),
        "last_rounds": "round 3 or 4" if planned else "round 3", "command": command(area, length),
        "people": paper.seats()[0].people, "least": least * len(paper.seats()), "most": most * len(paper.seats()),
        "lesson_open": lessons.find("open-door").title, "story_pool": pool,
    } | _registers() | _validation() | _reveal(of, every) | _tables(of)  # fmt: skip


def command(area: Area, length: int) -> str:
    """Return what is typed to start the workshop; an area of one's own has no rooms, so that its town is usual."""
    place = "" if area.la_code == "own" else f'--area "{area.la_name}" '
    return f"familyabm workshop {place}--minutes {length}"


def joins() -> str:
    """Say which seats share a table in a small group."""
    whole = workshop()
    return "; ".join(f"{seat.title} with {whole.seat(seat.joins).title}" for seat in whole.seats if seat.joins)


def _registers() -> dict[str, Any]:
    grades = Counter(entry.grade for entry in REGISTER.values())
    return {f"grade_{grade.lower()}": grades[grade] for grade in "ABCD"} | {
        "numbers": f"{len(REGISTER):,}", "judged": f"{100.0 * grades['D'] / len(REGISTER):.0f}",
        "takeouts": len(takeouts.TAKE_OUTS),
    }  # fmt: skip


@lru_cache(maxsize=1)
def _validation() -> dict[str, Any]:
    """Return how the packaged record of authorities that the model had not seen stands to their returns."""
    record, returns = validation.record(), outcomes.packaged().rows
    if record is None:
        raise ValueError("the package has no validation record")
    both = record.predicted.index.intersection(returns.index)
    found: dict[str, Any] = {"authorities": len(both)}
    for name in BARS:
        predicted, actual = record.predicted.loc[both, name], returns.loc[both, name]
        known = predicted.notna() & actual.notna()
        rank = float(spearmanr(predicted[known], actual[known]).statistic)
        found[f"rank_{name}"] = f"{rank:.2f}"
        weights = [areas.named(str(place)).children_0_17 for place in both[known]]
        level = np.average(predicted[known], weights=weights) / np.average(actual[known], weights=weights)
        found[f"level_{name}"] = f"{100.0 * level:.0f}%"
    return found


def _reveal(of: Paper, every: int) -> dict[str, Any]:
    slips = [[family for family in met if family % every == 0] for met in of.met.families.values()]
    heavy, share = of.met.heaviest
    return {
        "every": ordinal(every), "slip_sum": sum(len(met) for met in slips),
        "slip_families": len({family for met in slips for family in met}), "counted": f"{of.met.counted:,}",
        "different": f"{len(of.met.different):,}", "heavy": heavy, "heavy_share": f"{100.0 * share:.0f}",
    }  # fmt: skip


def _tables(of: Paper) -> dict[str, Any]:
    middle, most = of.off()
    backs = of.checked["back"]
    moved = [
        abs(points.back) for option in paper.options() for number in paper.rounds()
        if (points := of.points_if_open(option, number)) is not None
    ]  # fmt: skip
    found = [finding for row in decade_findings(of).values() for finding in row.values()]
    return {
        "lives": f"{sum(len(frames) for frames in of.years.values()):,}", "paths": paper.PATHS,
        "off_middle": words.number(middle), "off_most": words.number(most), "last": paper.LAST,
        "back_low": f"{float(np.floor(backs.min())):.0f}", "back_high": f"{float(np.ceil(backs.max())):.0f}",
        "back_most": words.number(max(moved)), "least_own": f"{paper.LEAST_OWN:.0f}", "cells": len(found),
        "unclear": sum(finding.verdict != "clear" for finding in found),
    }  # fmt: skip


def ordinal(number: int) -> str:
    """Write a number as a place in a row."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
