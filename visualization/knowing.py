"""How sure a comparison is, as far as its pages have tried: kept beside its pairs, read by every page and export.

Pairs, other settings and assumptions taken out are jobs of their own, and whichever ends last writes the whole.
"""

import json
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from familyabm.report import page
from familyabm.report import sure as how_sure
from familyabm.report.figures import Grid, Pictures
from familyabm.takeouts import TAKE_OUTS
from familyabm.truth import ensemble
from familyabm.truth.spread import Spread
from familyabm.truth.sureness import Sure
from familyabm.what_if import HEADLINES, WhatIf
from familyabm.worlds import Comparison

from .jobs import Job, Jobs, put
from .settings import Settings
from .view import environment

SETS = 20
"""Sets of settings that England's figures do not rule out, under which both worlds are lived."""
RUNS = 6
"""Lucks with which the worlds are lived without each assumption: the fewest that can show anything clearly."""
FILE, SUMMARY = "sure.json", "summary.html"
ENDS, WITHOUT = "ends.npz", "without.npz"
"""What both worlds came to under other settings, and without each assumption."""
FRAMES, NUMBERS = "frame-", "sure.csv"
"""How the names of files of plain numbers begin, and the one that says how sure every measure is."""
UNKNOWN, CONTESTED, LUCK = "Settings we do not know", "Contested assumptions", "Luck"
UNTRIED = {UNKNOWN: f"{how_sure.OTHER_SETS}. They have not been tried here.", CONTESTED: "Not tried here."}
NO_LUCK = "Not known until the worlds have been lived with several lucks."
FURTHER = {
    UNKNOWN: ("/sure", "sets-title", f"Live the worlds under {SETS} other sets"),
    CONTESTED: ("/sure", "doubts-title", "Take out each assumption in turn"),
    LUCK: ("/compare", "", "Compare two worlds"),
}
"""Where a page can send whoever wants to know what was not tried."""


@dataclass(frozen=True)
class Known:
    """What is known of how sure a comparison is. untried: the kinds of not being sure that nobody has tried yet."""

    said: list[tuple[str, str]]
    table: Grid | None
    untried: list[str]
    pairs: int = 0

    def lines(self, query: str) -> list[tuple[str, Markup]]:
        """Return it as a page says it, with links to what can still be tried. query: the end of those links."""
        return [(term, self._line(term, words, query)) for term, words in self.said]

    def _line(self, term: str, words: str, query: str) -> Markup:
        if term not in self.untried:
            return Markup("{}").format(words)
        path, part, name = FURTHER[term]
        address = f"{path}{query}{'#' if part else ''}{part}"
        return Markup('{} <a href="{}">{}</a>.').format(words, address, name)


NOTHING = Known(
    [("Left out", how_sure.LEFT_OUT), (UNKNOWN, UNTRIED[UNKNOWN]), (LUCK, NO_LUCK), (CONTESTED, UNTRIED[CONTESTED])],
    None, [UNKNOWN, LUCK, CONTESTED],
)  # fmt: skip
"""What is known before any pair has been lived."""


def read(jobs: Jobs, asked: Settings) -> Known:
    """Return how sure the comparison of these settings is."""
    return of_pairs(jobs.of("pairs", asked))


def of_pairs(pairs: Job) -> Known:
    """Return how sure the comparison of these pairs is."""
    text = pairs.text(FILE)
    if not text:
        return NOTHING
    kept = json.loads(text)
    return Known([(term, words) for term, words in kept["said"]], Grid(**kept["table"]), kept["untried"], kept["pairs"])


def shown(jobs: Jobs, asked: Settings) -> dict[str, Any]:
    """Return what the part of a page needs that says how sure we are."""
    known = read(jobs, asked)
    return {"sure": known.lines(asked.query()), "how_sure": known.table}


def keep_sets(job: Job, found: Spread) -> None:
    """Keep what both worlds came to under other settings."""
    _keep(job.folder / ENDS, ends=found.ends)


def keep_without(job: Job, found: WhatIf) -> None:
    """Keep what both worlds came to without each assumption."""
    _keep(job.folder / WITHOUT, **{"as it is": found.as_it_is}, **found.without)


def _keep(path: Path, **arrays: NDArray[np.float64]) -> None:
    data = BytesIO()
    np.savez(data, **arrays)  # type: ignore[arg-type]
    put(path, data.getvalue())


def _kept(path: Path) -> dict[str, NDArray[np.float64]]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
            return dict(data)
    except (OSError, ValueError, EOFError, BadZipFile):
        return {}


def beside(job: Job) -> Job:
    """Return the pairs of the same settings as another job's."""
    return Job("pairs", job.folder.with_name(f"pairs-{job.folder.name.partition('-')[2]}"))


def _tried(pairs: Job) -> tuple[Path, Path]:
    """Return where the jobs of the same settings keep what they tried."""
    address = pairs.folder.name.partition("-")[2]
    return pairs.folder.parent / f"sets-{address}" / ENDS, pairs.folder.parent / f"doubts-{address}" / WITHOUT


def _stamps(pairs: Job) -> list[int]:
    return [path.stat().st_mtime_ns if path.exists() else 0 for path in _tried(pairs)]


def sure_of(pairs: Job, comparison: Comparison) -> Sure:
    """Return how sure a comparison is, with whatever was tried beyond its own pairs."""
    ends, without = (_kept(path) for path in _tried(pairs))
    return Sure(
        comparison, _spread(comparison, ends) if ends else None, _what_if(comparison, without) if without else None
    )


def _spread(of: Comparison, kept: dict[str, NDArray[np.float64]]) -> Spread:
    sets = ensemble.sets(SETS, of.snapshot.parameters)[: len(kept["ends"])]
    return Spread(of.snapshot, of.years, SETS, tuple(sets), kept["ends"])


def _what_if(of: Comparison, kept: dict[str, NDArray[np.float64]]) -> WhatIf:
    as_it_is = kept.pop("as it is")
    return WhatIf(of.snapshot, of.a, of.b, of.years, len(as_it_is), HEADLINES, len(TAKE_OUTS), "", as_it_is, kept)


def settle(pairs: Job, comparison: Comparison, pictures: Pictures, query: str) -> Sure:
    """Write how sure a comparison is, and its summary; once more if something else was tried meanwhile.

    query: the end of links to other pages of the same settings.
    """
    while True:
        seen = _stamps(pairs)
        sure = sure_of(pairs, comparison)
        known = _known(sure)
        summary = page.summary(comparison, pictures, sure) | {"sure": known.lines(query)}
        text = environment().get_template("comparison_summary.html.j2").render(summary)
        put(pairs.folder / SUMMARY, text.encode())
        put(pairs.folder / f"{FRAMES}{NUMBERS}", page.csv(sure.table.reset_index(), comparison).encode())
        put(pairs.folder / FILE, json.dumps(asdict(known), ensure_ascii=False).encode())
        if _stamps(pairs) == seen:
            return sure


def _known(sure: Sure) -> Known:
    untried = [UNKNOWN] * (sure.spread is None) + [CONTESTED] * (sure.contested is None)
    said = [(term, UNTRIED[term] if term in untried else words) for term, words in how_sure.said(sure)]
    return Known(said, how_sure.grid(sure), untried, sure.comparison.runs)
