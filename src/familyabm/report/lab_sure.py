"""How sure a study is: what it leaves out, settings that it does not vary, and luck at each of its points."""

from collections.abc import Sequence
from typing import Any

from familyabm.lab.responses import Response
from familyabm.report.figures import Grid
from familyabm.report.study import Section
from familyabm.report.sure import LEFT_OUT, OTHER_SETS, chance, further
from familyabm.truth import sureness

SIGN = 0.05
"""A difference's sign counts as told where the chance that it is wrong is smaller."""
RANGES = (
    "Ranges are what other points of the same design would have shown, 95 times in 100, and for bends other lucks too."
)
UNVARIED = f"{OTHER_SETS}. Settings that this study does not vary are in no range of it."
CONTESTED = (
    "A setting that is varied here is ranked by how far it moves the result. What becomes of the difference between "
    "the worlds without each contested assumption is told by “familyabm takeouts”."
)
HEADERS = [
    "Measure",
    "Points whose sign is told",
    "Largest chance that a sign is wrong",
    "Most lucks still needed at a point",
]


def section(responses: Sequence[Response]) -> Section:
    """Return the part of a study's page that says how sure it is."""
    terms = [("Left out", LEFT_OUT), ("Settings we do not know", UNVARIED), ("Luck", RANGES),
             ("Contested assumptions", CONTESTED)]  # fmt: skip
    rows = [_row(one) for one in responses if one.against and one.lucks > 1 and _differing(one).size]
    caption = (
        f"{responses[0].of}, at each point where they differ at all, {responses[0].lucks} lucks each: "
        "a sign is told if the chance that it is wrong is under 5%"
    )
    return Section("sure", "How sure this is", terms=terms, grids=[Grid(caption, HEADERS, rows)] if rows else [])


def _differing(of: Response) -> Any:
    """Return the points, (points, lucks), at which the worlds differ under any luck."""
    points = of.table[of.whole]
    return points[(points != 0.0).any(axis=1)]


def _row(of: Response) -> list[str]:
    points = _differing(of)
    wrong = [sureness.wrong(differences) for differences in points]
    needed = max(sureness.needed(differences) for differences in points)
    told = sum(share < SIGN for share in wrong)
    return [
        of.title,
        f"{told:,} of {len(points):,}",
        chance(max(wrong)),
        further(sureness.still_needed(needed, of.lucks)),
    ]
