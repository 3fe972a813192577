"""Sentences of the national page: what England comes to, how far authorities lie apart, and what may not be said."""

import math

import pandas as pd

from familyabm import lives, worlds
from familyabm.lab.england import ABOVE, BELOW, England
from familyabm.report import words
from familyabm.report.sure import LEFT_OUT, OTHER_SETS
from familyabm.report.words import Finding

WEIGHTED = (
    "The whole is the sum of its authorities: each one's rate counts by its children. A percentage is the mean of the "
    "authorities' percentages weighted in the same way, which is near the percentage of the whole but not the same."
)
RANGES = "Ranges show luck alone: 95 of 100 lucks fall within them. All lucks of an authority share one past."
ONE_SET = f"{OTHER_SETS}. This study has one set; “familyabm compare --ensemble 20” lives one authority under 20."
CONTESTED = (
    "Not tried for the whole country; “familyabm takeouts” lives one authority again without each assumption that "
    "drives its result."
)
NO_JUDGEMENT = (
    "Authorities differ here only by the published circumstances that the model starts from. Nothing on this page "
    "says how well any of them works."
)
OVERLAP = (
    "An authority's place is given as the places that it may have: it stands above another only where their ranges "
    "lie wholly apart. Groups lie wholly apart from each other; within a group the order is that of the alphabet."
)
SIDES = {"a": "world A", "b": "world B", "difference": "world B less world A"}


def findings(found: England) -> dict[str, Finding]:
    """Return what may be said of England's difference in each measure."""
    told = {}
    for name in found.study.measures:
        rows = found.national[found.national["measure"] == name]
        row = pd.Series(worlds.summary(name, rows))
        told[name] = words.finding(name, row, rows["difference"])
    return told


def sure() -> list[tuple[str, str]]:
    """Say how sure the page is, what no range shows first."""
    return [("Left out", LEFT_OUT), ("Settings we do not know", ONE_SET), ("Luck", RANGES),
            ("Contested assumptions", CONTESTED)]  # fmt: skip


def opening(found: England) -> str:
    """Say in one sentence what was lived."""
    study, n = found.study, len(found.counted)
    size = "" if study.scale == 1.0 else f", in a model at {100.0 * study.scale:,.4g}% of their size"
    return (
        f"The made-up families of {words.count(n, 'English authority', 'English authorities')} lived "
        f"{words.count(study.years, 'year')} in each of two worlds, with the same luck in both, "
        f"{words.count(found.lucks, 'time')} over{size}."
    )


def name(found: England) -> str:
    """Return what the sum of all authorities is called: England only where it is."""
    return "England" if found.whole else "All of them together"


def within(found: England) -> str:
    """Return what the sum of all is called within a sentence."""
    return "England" if found.whole else "all together"


def place(found: England) -> str:
    """Return what stands where other pages name their authority."""
    n = words.count(len(found.counted), "authority", "authorities")
    return f"England, {n}" if found.whole else f"Part of England, {n}"


def title(found: England) -> str:
    """Return the page's title."""
    n = words.count(len(found.counted), "English authority", "English authorities")
    return f"{'All of England' if found.whole else n}: two ways of working with families"


def covered(found: England) -> str:
    """Say how many of England's authorities and children count."""
    from familyabm import areas

    whole = areas.table()["children_0_17"]
    share = 100.0 * float(found.children.sum()) / float(whole.sum())
    text = "all" if share == 100.0 else "more than 99.9%" if share > 99.9 else f"{words.number(share)}%"
    return f"{len(found.counted):,} of {len(whole):,} authorities count here, with {text} of England's children."


def left_out(found: England) -> list[str]:
    """Name the authorities that do not count, with the reason, a sentence for each reason."""
    by_reason: dict[str, list[str]] = {}
    for name, why in found.left_out.items():
        by_reason.setdefault(why, []).append(name)
    return [f"Left out, because {_because(why)}: {'; '.join(sorted(names))}." for why, names in by_reason.items()]


def _because(why: str) -> str:
    return {
        "too few children for the size of the model": "they have too few children for the size of the model",
        "a run failed": "a run of theirs failed",
    }.get(why, "not all of their runs are lived yet")


def size_of_luck(found: England) -> str:
    """Say that luck is larger in a smaller model; nothing where it is of full size."""
    scale = found.study.scale
    if scale >= 1.0:
        return ""
    times = words.number(1.0 / math.sqrt(scale))
    return (
        f"At {100.0 * scale:,.4g}% of their size authorities have fewer families, so that ranges are up to {times} "
        "times as wide as they would be at full size."
    )


def across(found: England, measure: str) -> str:
    """Say in how many authorities world B clearly has more or fewer, and how much of the spread is luck."""
    rows = found.authorities[found.authorities["measure"] == measure]
    n = len(rows)
    fewer, more = int((rows["difference_high"] < 0.0).sum()), int((rows["difference_low"] > 0.0).sum())
    what = words.outcome(measure, lives.title(measure))
    told = (
        f"On {what}, world B comes out lower with nearly any luck in {fewer:,} of {n:,} authorities, higher in "
        f"{more:,}, and either way in {n - fewer - more:,}."
    )
    share = found.luck_share(measure)
    return told if share != share else f"{told} {_luck(share)}"


def _luck(share: float) -> str:
    return f"Of the spread between authorities' differences with one luck each, {words.percent(share)} is luck."


def league(frame: pd.DataFrame, measure: str, side: str, whole: str) -> str:
    """Say how far a league can tell authorities apart."""
    n, last = len(frame), int(frame["group"].max())
    pairs = n * (n - 1) // 2
    apart = int((frame["first"] - 1).sum())
    what = f"{words.outcome(measure, lives.title(measure))}, {SIDES[side]}"
    groups = (
        f"all {n:,} authorities are one group, linked from one to the next by ranges that overlap"
        if last == 1
        else f"the authorities fall into {last:,} groups that lie wholly apart"
    )
    return (
        f"On {what}, {groups}. Taken two by two, the ranges of {apart:,} of {pairs:,} pairs do not overlap. "
        f"{int((frame['england'] == BELOW).sum()):,} lie wholly below the range of {whole} and "
        f"{int((frame['england'] == ABOVE).sum()):,} wholly above it."
    )
