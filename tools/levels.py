"""How published levels hold in authorities from the most to the least deprived: `python -m tools.levels FILE`.

Nothing is changed but what gradients ask for, and few lucks are lived: it shows how typical the authorities are in
which everything is tried.
"""

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from familyabm import areas
from familyabm.credibility import run
from familyabm.credibility.judge import Finding, Verdict
from familyabm.credibility.levels import LEVELS
from familyabm.parameters import DEFAULT

EVERY, LUCKS, CHILDREN = 8, 4, 16_000
Row = dict[str, Any]


def chosen() -> pd.DataFrame:
    """Return every eighth authority by deprivation, the most deprived first."""
    table = areas.table().sort_values("imd2019_score", ascending=False, kind="stable")
    return table.iloc[EVERY // 2 :: EVERY]


def tried(name: str) -> Row:
    """Return how the levels hold in one authority."""
    area = areas.find(name)
    scale = min(1.0, CHILDREN / area.children_0_17)
    found = run.examine(area, LEVELS, LUCKS, scale=scale)
    return {
        "area": name, "imd": area.imd2019_score, "lucks": LUCKS, "scale": round(scale, 3), "of": len(LEVELS),
        "parameters": DEFAULT.address,
        "holds": found.number("pattern", Verdict.HOLDS), "short": found.number("pattern", Verdict.FALLS_SHORT),
        "outside": [words for finding in found.findings for words in outside(finding)],
    }  # fmt: skip


def outside(finding: Finding) -> list[str]:
    """Return the claims that no luck brought within what is expected, each with the mean that was found."""
    rows = [row for row in finding.rows if row.verdict == Verdict.FALLS_SHORT]
    return [f"{finding.pattern.code} {row.claim.statement} {row.value:.3g}" for row in rows]


def main(path: Path) -> None:
    """Try all, one after another, and write what came of them as far as it has come."""
    rows: list[Row] = []
    path.parent.mkdir(parents=True, exist_ok=True)
    for name in chosen()["la_name"]:
        rows.append(tried(str(name)))
        print(rows[-1]["area"], rows[-1]["holds"], "of", rows[-1]["of"], flush=True)
        path.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
