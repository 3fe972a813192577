"""The page on whether the model can be believed: what falls short first, then everything else, with nothing left out.

Nothing here reads a clock or the machine: the same findings give the same page, byte for byte.
"""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from familyabm import areas, simulation
from familyabm.areas import ATTRIBUTION
from familyabm.credibility import catalogue, words
from familyabm.credibility.judge import Finding, Row, Verdict, in_order
from familyabm.credibility.run import Findings
from familyabm.report.figures import Grid
from familyabm.report.page import _safe, data_years, environment
from familyabm.worlds import STATUS_LINE
from familyabm.writing import write_whole

HEADERS = ("What is measured", "Expected", "Found", "Range over lucks", "Verdict")
FEARED = ("What is measured", "Feared", "Found", "Range over lucks", "Verdict")
SECTIONS = (
    ("short", "What falls short", "Nothing falls short.", (Verdict.FIRED, Verdict.FALLS_SHORT)),
    ("open", "What these runs cannot decide", "Everything measured was decided.", (Verdict.NOT_DECIDED,)),
    ("missing", "What does not apply here", "Everything could be measured.", (Verdict.NOT_AVAILABLE,)),
    ("holds", "What holds", "Nothing holds.", (Verdict.HOLDS, Verdict.CLEAR)),
)
"""The sections of the page in order: identity, title, what is said if it is empty, and the verdicts told there."""
HOW = (
    "Each row was measured once in every luck, in worlds that share the same made-up families. It holds only if the "
    "whole range of its mean over lucks lies within what was expected, and falls short if none of it does. In between "
    "it is not decided, which counts as not holding. A pattern holds only if all of its rows do. A falsifier is the "
    "other way round: its rows say what must not be seen.",
    "The sizes expected are those of England or of a published study; a few were stated anew once runs had been seen. "
    "A single authority's levels are held against the range in which eight of ten English authorities lie, where it is "
    "known. That inspectors see what is offered early (V23) is put into the model, with its published size.",
    "Each luck has other made-up families of the same authority, which live in all of its worlds alike.",
    "Where further lucks were asked for, they went to the experiments that the first ones left open and that more "
    "could decide, and all lucks were weighed together. Looking twice makes a wrong verdict a little likelier.",
)


@dataclass(frozen=True)
class Part:
    """One section of the page."""

    identity: str
    title: str
    empty: str
    grids: list[Grid]


def write(found: Findings, folder: Path) -> Path:
    """Write credibility.html, .csv and .json into a folder, each whole or not at all; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    data = words.as_json(found, simulation.VERSION) | {"command": command(found)}
    write_whole(folder / "credibility.json", json.dumps(data, ensure_ascii=False, indent=1).encode())
    write_whole(folder / "credibility.csv", csv(found).encode("utf-8-sig"))
    write_whole(folder / "credibility.html", html(found).encode())
    return folder / "credibility.html"


def html(found: Findings) -> str:
    """Return the whole page as text."""
    return (
        environment()
        .get_template("credibility.html.j2")
        .render(
            title=f"{found.snapshot.area.la_name}: can the model be believed?",
            area=found.snapshot.area,
            status=STATUS_LINE,
            version=simulation.VERSION,
            data_years=data_years(),
            count=words.count(found),
            counts=[*words.counts(found), *filter(None, [words.further(found)])],
            held_back=words.held_back(),
            how=HOW,
            parts=[part(found, *section) for section in SECTIONS],
            settings=_settings(found),
            command=command(found),
            attribution=ATTRIBUTION,
        )
    )


def part(found: Findings, identity: str, title: str, empty: str, verdicts: Sequence[Verdict]) -> Part:
    """Return one section: a table for each finding with one of these verdicts."""
    told = [finding for finding in in_order(found.findings) if finding.verdict in verdicts]
    return Part(identity, title, empty, [grid(finding) for finding in told])


def grid(finding: Finding) -> Grid:
    """Return one finding as a table, its failing rows first."""
    pattern = finding.pattern
    headers = FEARED if pattern.kind == "falsifier" else HEADERS
    caption = f"{pattern.code} {words.verdict(finding)}. {pattern.statement} Source: {pattern.source}."
    caption += f" Thought to be why: {words.why(finding)}" if words.why(finding) else ""
    rows = sorted(finding.rows, key=lambda row: row.verdict)
    return Grid(caption, list(headers), [_cells(finding, row) for row in rows], [row.claim.unit for row in rows])


def _cells(finding: Finding, row: Row) -> list[str]:
    claim = row.claim
    verdict = words.row_verdict(finding.pattern, row)
    return [claim.statement, words.expected(claim), words.number(row.value), words.span(row), verdict]


def csv(found: Findings) -> str:
    """Return one line for each claim, what falls short first."""
    lines = [
        {
            "code": finding.pattern.code, "kind": finding.pattern.kind, "finding": words.verdict(finding),
            "statement": finding.pattern.statement, "source": finding.pattern.source, "measured": row.claim.statement,
            "unit": row.claim.unit, "expected_low": row.claim.low, "expected_high": row.claim.high,
            "value": row.value, "low": row.low, "high": row.high, "runs": len(row.values),
            "verdict": words.row_verdict(finding.pattern, row), "area": found.snapshot.area.la_name,
            "address": found.address, "status": STATUS_LINE,
        }
        for finding in in_order(found.findings)
        for row in finding.rows
    ]  # fmt: skip
    return pd.DataFrame(lines).map(_safe).to_csv(index=False, lineterminator="\n")


def command(found: Findings) -> str:
    """Return the command that makes this page again."""
    area = found.snapshot.area
    place = area.la_name if area.la_code != "own" else "AREA.toml"
    place = "England" if place == areas.ENGLAND else place
    only = catalogue.briefly(one.pattern for one in found.findings)
    said = [
        "familyabm", "credibility", "--area", place, "--years", str(found.years), "--runs", str(found.runs),
        "--seed", str(found.snapshot.seed), "--scale", f"{found.snapshot.scale:g}",
        *(["--further", str(found.asked_further)] if found.asked_further else []),
        *(["--only", only] if only else []),
    ]  # fmt: skip
    return shlex.join(said)


def _settings(found: Findings) -> list[tuple[str, str]]:
    area = found.snapshot.area
    finished = f"{found.runs}" + (f" of {found.asked} asked for; stopped early" if found.runs < found.asked else "")
    return [
        ("Area", f"{area.la_name} ({area.la_code}), {area.region}, {area.children_0_17:,} children aged 0 to 17"),
        ("Figures filled in", area.filled_sentence() or "None: every figure is the area's own."),
        ("Size of the model", f"{100.0 * found.snapshot.scale:,.4g}% of the area's families"),
        ("Years", f"{found.years}"),
        ("Lucks", finished),
        *([("Further lucks", words.further(found))] if found.further else []),
        ("Luck number (seed)", f"{found.snapshot.seed}"),
        ("Worlds lived in each luck", f"{len(found.worlds)}: {'; '.join(found.worlds)}"),
        ("Version", f"familyabm {simulation.VERSION}"),
        ("Address", found.address),
    ]
