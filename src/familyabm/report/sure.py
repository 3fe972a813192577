"""How sure a comparison is, in words and in one table: luck, unknown settings and what is left out, kept apart."""

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from familyabm.console import records
from familyabm.parameters import REGISTER
from familyabm.report import words
from familyabm.report.figures import Grid
from familyabm.report.labels import SUBJECTS
from familyabm.report.words import Finding, amount, percent
from familyabm.truth import ensemble, targets
from familyabm.truth.sureness import FEWEST, USABLE, Sure
from familyabm.what_if import HEADLINES
from familyabm.worlds import FEWEST_PAIRS, MAX_RUNS

LEFT_OUT = (
    "Families that move across the authority's borders, ethnicity, the tendering of early help and of services for "
    "adults, and a planned move of budgets from late help to early are not modelled. "
    "They could change the size of any difference, or its direction; no range here shows that."
)
OTHER_SETS = (
    "Every run has one set of settings. Many settings rest on judgement, and other sets agree with England's figures "
    "as well"
)
IN_SHORT = "Ranges show luck alone. Settings that nobody knows and what the model leaves out are in no range."
"""What a single figure says of itself, where there is no room for more."""
ONE_SET = f"{OTHER_SETS}; “familyabm compare --ensemble 20” lives the worlds under 20 of them."
NOT_TOLD = "not to be told from luck"
HEADERS = [
    "Headline",
    "B - A",
    "Range of luck",
    "Range of unknown settings",
    "Chance that the sign is wrong",
    "Pairs still needed",
]


def said(sure: Sure) -> list[tuple[str, str]]:
    """Say how sure the comparison is, what no range shows first."""
    return [
        ("Left out", f"{LEFT_OUT} {_missed()}".strip()), ("Settings we do not know", settings(sure)),
        ("Luck", luck(sure)), ("Contested assumptions", contested(sure)), ("Runs still needed", runs(sure)),
    ]  # fmt: skip


def _missed() -> str:
    """Name the published figures that the accepted settings do not reach."""
    rows = ensemble.about()["targets"]
    far = [targets.find(row["code"]) for row in rows if row["within_after"] < 0.05]
    if not far:
        return ""
    return f"The model does not reach England's figures for: {'; '.join(t.statement.lower() for t in far)}."


def settings(sure: Sure) -> str:
    """Say what other accepted settings do to the differences, or that they were not tried."""
    if sure.spread is None:
        return f"Not shown here. {ONE_SET}"
    found, row = sure.spread, sure.row("looked_after")
    text = (
        f"The worlds were lived under {found.n} sets of settings that England's figures do not rule out, with "
        f"{words.count(found.lucks, 'luck')} each. Their differences in children looked after{_apart(row)}."
    )
    told = row["settings_low"] != row["settings_high"]
    drivers = [REGISTER[name].meaning.lower() for name, _ in found.drivers("looked_after", 3)] if told else []
    text += f" The settings that go with it most: {'; '.join(drivers)}." if drivers else ""
    return f"{text} {ensemble.stale()}".strip()


def _apart(row: dict[str, Any]) -> str:
    if row["settings_low"] == row["settings_high"]:
        return " cannot be told from luck with so few lucks of each"
    return f", luck taken off, lie from {_ends(row)}; more runs do not narrow that"


def _ends(row: dict[str, Any]) -> str:
    return f"{words.signed(row['settings_low'])} to {words.signed(row['settings_high'])}"


def apart(sure: Sure, found: Finding) -> str:
    """Say between what a difference lies under other settings, luck taken off; nothing where none were tried."""
    row = sure.row(found.name) if sure.spread is not None else {}
    if not row or not math.isfinite(row["settings_low"]):
        return ""
    if row["settings_low"] == row["settings_high"]:
        return NOT_TOLD
    return replace(found, low=row["settings_low"], high=row["settings_high"]).span()


def luck(sure: Sure) -> str:
    """Say what the ranges of pairs show."""
    main = _main(sure)
    text = (
        "The ranges of pairs show luck alone. A difference is called clear only if its range lies wholly on one side "
        f"of zero, at most 1 pair in 10 points the other way, and there are at least {FEWEST_PAIRS} pairs. The chance "
        "that the sign is wrong is that of the mean, which is known better than any one pair. All pairs live in one "
        "made-up town; another would move the mean, the smaller the town the more, and no range here shows that."
    )
    if main.pairs >= FEWEST_PAIRS:
        return f"{text} The range of children looked after holds {main.within} of {main.pairs} pairs."
    pairs = words.count(main.pairs, "pair")
    few = "is" if main.pairs == 1 else "are"
    return f"{text} {pairs} {few} too few to call any difference clear: {FEWEST_PAIRS} are the fewest."


def _main(sure: Sure) -> Finding:
    """Return the finding that luck is told by."""
    pairs, name = sure.comparison.by_pair, "looked_after"
    return words.finding(
        name, pd.Series(sure.comparison.table.loc[name]), pairs[pairs["measure"] == name]["difference"]
    )


def contested(sure: Sure) -> str:
    """Say whether any contested assumption turns a headline difference round, or that none was tried."""
    if sure.contested is None:
        return "Not tried here; --contested makes the comparison again without each assumption that drives it."
    tried = words.count(len(sure.contested.without), "assumption")
    turned = {name: sure.flips(name) for name in HEADLINES if sure.flips(name)}
    if sure.contested.runs < FEWEST_PAIRS:
        return f"{tried} taken out one at a time, with {words.count(sure.contested.runs, 'luck')}: too few to tell."
    if not turned:
        return f"{tried} taken out one at a time: none turns a headline difference round."
    parts = [
        f"{SUBJECTS[name].lower()} turns round without this: {' Or this: '.join(says)}" for name, says in turned.items()
    ]
    return f"{tried} taken out one at a time: {' '.join(parts)}"


def runs(sure: Sure) -> str:
    """Say how many more pairs would make an answer of use, and what no number of pairs would tell."""
    rows = {name: sure.further(name) for name in HEADLINES}
    more = [f"{SUBJECTS[name].lower()}, {n:,.0f}" for name, n in rows.items() if math.isfinite(n) and n > 0.0]
    never = [SUBJECTS[name].lower() for name, n in rows.items() if math.isinf(n)]
    unknown = [SUBJECTS[name].lower() for name, n in rows.items() if math.isnan(n)]
    parts = [
        f"An answer is of use when the mean is known to within {100 * USABLE:.0f}% of itself, and {FEWEST} pairs are "
        "the fewest."
    ]  # fmt: skip
    parts += [f"Pairs still needed: {'; '.join(more)}."] if more else []
    parts += [f"Not to be told with {MAX_RUNS:,} pairs: {'; '.join(never)}."] if never else []
    parts += [f"Not known from these pairs how many are needed: {'; '.join(unknown)}."] if unknown else []
    parts += [] if more or never or unknown else ["These pairs are enough for every headline."]
    return " ".join(parts)


def grid(sure: Sure) -> Grid:
    """Return the headline measures with each kind of not being sure in a column of its own."""
    rows = []
    for name in HEADLINES:
        row = sure.row(name)
        rows.append([
            SUBJECTS[name], _signed(row, "difference"), _span(row, "luck"), _span(row, "settings"),
            chance(row["wrong"]), further(sure.further(name)),
        ])  # fmt: skip
    units = [str(sure.table.loc[name, "unit"]) for name in HEADLINES]
    return Grid("How sure each headline is", list(HEADERS), rows, units)


def _signed(row: Any, name: str) -> str:
    text = amount(abs(row[name]), "£" if str(row["unit"]).startswith("£") else "")
    sign = "+" if row[name] > 0.0 else "\N{MINUS SIGN}" if row[name] < 0.0 else ""
    return text if text == "not known" else f"{sign}{text}"


def _span(row: Any, kind: str) -> str:
    low, high = f"{kind}_low", f"{kind}_high"
    if kind == "settings" and row[low] == row[high]:
        return NOT_TOLD
    return f"{_signed(row, low)} to {_signed(row, high)}" if math.isfinite(row[low]) else "not tried"


def chance(share: float) -> str:
    """Write the chance that a sign is wrong."""
    return "under 1%" if share < 0.01 else percent(share)


def further(n: float) -> str:
    """Write how many pairs or lucks are still needed."""
    return "not known" if math.isnan(n) else f"{n:,.0f}" if math.isfinite(n) else f"more than {MAX_RUNS:,}"


def as_json(sure: Sure) -> dict[str, Any]:
    """Return everything of how sure the comparison is, as JSON can hold it."""
    spread, contested = sure.spread, sure.contested
    return {
        "said": dict(said(sure)), "measures": records(sure.table.reset_index()),
        "sets": 0 if spread is None else spread.n, "lucks_of_each_set": 0 if spread is None else spread.lucks,
        "sets_address": "" if spread is None else spread.address,
        "drivers": {} if spread is None else {name: dict(spread.drivers(name)) for name in HEADLINES},
        "contested": [] if contested is None else records(contested.table),
    }  # fmt: skip
