"""Can the model be believed: `python tools/credibility.py FOLDER...` makes docs/credibility.md of finished runs.

Each folder is one that `familyabm credibility --out` wrote; a file `levels.json` beside them is what `tools.levels`
found in other authorities. `make credibility` makes them and this page.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from familyabm.credibility.known import KNOWN
from familyabm.credibility.words import KINDS, number
from familyabm.parameters import DEFAULT

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "credibility.md"
DATA = "credibility.json"
WISHED = ("holds", "clear")
ORDER = ("fires", "falls short", "not decided", "does not apply", "holds", "clear")
MANY = {
    "fires": "fire",
    "falls short": "fall short",
    "does not apply": "do not apply",
    "holds": "hold",
    "clear": "clear",
}
"""The verdicts of more than one experiment."""
MANY_LUCKS = 1_000_000
"""More than anyone asks for: what a run does not hold, no other run can go on from."""
Run = dict[str, Any]


def read(folders: Sequence[str]) -> list[Run]:
    """Return what stands in each folder's file, in the order given."""
    return [json.loads((Path(folder) / DATA).read_text(encoding="utf-8")) for folder in folders]


def joined(runs: Sequence[Run]) -> list[Run]:
    """Return the runs, where what was measured again with no fewer lucks replaces what was before.

    The lucks of a seed are numbered from the first, so that more of them hold all of the fewer ones.
    """
    found: list[Run] = []
    for run in runs:
        before = next((first for first in found if _goes_on(run, first)), None)
        if before is None:
            found.append(run)
        else:
            found[found.index(before)] = _again(before, run)
    return found


def _goes_on(run: Run, before: Run) -> bool:
    same = all(run[name] == before[name] for name in ("area", "scale", "years", "seed"))
    lucks, now = _lucks(before), _lucks(run)
    return same and all(lucks.get(code, MANY_LUCKS) <= number for code, number in now.items())


def _lucks(run: Run) -> dict[str, int]:
    """Return in how many lucks each experiment was made, whichever run it was made in last."""
    lucks = {code: run["runs"] + (run["further"] if code in run["gone_on"] else 0) for code in _codes(run)}
    for later in run.get("again", ()):
        lucks |= _lucks(later)
    return lucks


def _codes(run: Run) -> set[str]:
    return {one["code"] for one in run["experiments"]}


def _again(before: Run, later: Run) -> Run:
    new = {one["code"]: one for one in later["experiments"]}
    experiments = [new.get(one["code"], one) for one in before["experiments"]]
    verdicts = [one["verdict"] for one in experiments if one["kind"] == "pattern"]
    fired = sum(one["verdict"] == "fires" for one in experiments if one["kind"] == "falsifier")
    count = f"{verdicts.count('holds')} of {len(verdicts)} stated patterns hold; {fired} falsifiers fired"
    return before | {"experiments": experiments, "count": count, "again": [*before.get("again", ()), later]}


def page(runs: Sequence[Run], elsewhere: Sequence[Run] = ()) -> str:
    """Return the page: the counts, what is not as wished with the reason known so far, and then every claim.

    elsewhere: how the levels hold in other authorities.
    """
    parts = [
        "# Can the model be believed?",
        "",
        f"**{runs[0]['status']}** Made by `make credibility`; do not edit.",
        "",
    ]
    parts += [
        "Published patterns (V), feedback loops (R reinforcing, B balancing), scenarios' expectations (S, O) and what "
        "must never be seen (falsifiers, F), each with the range that its source gives. In the tables stands what was "
        "found, with its range over lucks, then what was expected, or for falsifiers feared. "
        "A claim holds only if the whole range of its mean over lucks lies in the range expected, and falls short if "
        "none of it does; in between it is not decided, which does not count as holding. Each luck has other made-up "
        "families, of a seed far from the others, which live in all of its worlds alike. Experiments that the first "
        "lucks leave open and more can decide are given further ones, but for falsifiers, which need the most runs: "
        "one that is not decided has not fired. That they go to what is open favours a decision a little. Three "
        "patterns of responses were set with their figures in view, so that their holding predicts nothing and a "
        "strict reader takes one off the counts below for each that holds: V22, with how far fear shortens "
        "pre-proceedings; V26, whose programme treats so well that calls fall by two thirds as was published, after "
        "teams that treated less well had fallen short in one authority; and "
        "V29, with the size by which thresholds follow load. Levels "
        "(V1 to V17) are mostly what England's numbers were set to: that they hold in one authority says that they "
        "fit, and no more.",
        "",
    ]
    for run in runs:
        parts += [f"- {said(run)}" for said in (_count, _further, _address, _measured_again) if said(run)]
    parts += ["", *_elsewhere(elsewhere), *_short(runs)]
    for kind, title in KINDS.items():
        parts += _table(runs, kind, title)
    return "\n".join(parts).rstrip() + "\n"


def _elsewhere(rows: Sequence[Run]) -> list[str]:
    """Return how the levels hold in authorities of every kind, so that nobody takes those above for typical ones."""
    if not rows:
        return []
    lucks = rows[0]["lucks"]
    lines = [
        "## Levels elsewhere", "",
        "The authorities above are unlike, and were chosen among those whose levels are near the published ones. Below "
        "is every eighth authority by deprivation, with those of V1 to V17 that are not held back for validation, in "
        f"{lucks} lucks: how many hold, how many fall short, and what no luck brought within the range expected.", "",
        "| Authority | Deprivation (IMD 2019) | Hold | Fall short | Outside |", "| --- | ---: | ---: | ---: | --- |",
    ]  # fmt: skip
    for row in rows:
        outside = "; ".join(row["outside"]) or "–"
        lines.append(
            f"| {row['area']} | {row['imd']:.1f} | {row['holds']} of {row['of']} | {row['short']} | {outside} |"
        )
    return [*lines, ""]


def _place(run: Run) -> str:
    return str(run["area"])


def _count(run: Run) -> str:
    kinds = {one["kind"] for one in run["experiments"]}
    told = run["count"] if "pattern" in kinds else _by_verdict(run["experiments"])
    size = f"{run['years']} years, {run['runs']} lucks, {100 * run['scale']:g}% of its families"
    return f"**{_place(run)}: {told}** ({size})."


def _by_verdict(experiments: Sequence[Run]) -> str:
    verdicts = [one["verdict"] for one in experiments]
    number = {said: verdicts.count(said) for said in ORDER if said in verdicts}
    return ", ".join(f"{n} {said if n == 1 else MANY.get(said, said)}" for said, n in number.items())


def _further(run: Run) -> str:
    return f"{', '.join(run['gone_on'])}: {run['further']} further lucks." if run["further"] else ""


def _address(run: Run) -> str:
    return f"`{run['command']}`, address `{run['address'][:16]}`."


def _measured_again(run: Run) -> str:
    return " ".join(_one_again(later) for later in run.get("again", ()))


def _one_again(later: Run) -> str:
    said = [f"{', '.join(sorted(_codes(later)))} again, {later['runs']} lucks:", _further(later), _address(later)]
    return " ".join(filter(None, said))


def _short(runs: Sequence[Run]) -> list[str]:
    """Return what is not as wished, one line for each claim that is not, with the reason known so far."""
    lines = ["## What falls short, and what is not decided", ""]
    for run in runs:
        for one in sorted(run["experiments"], key=lambda one: ORDER.index(one["verdict"])):
            if one["verdict"] in WISHED:
                continue
            lines += [f"**{one['code']} {one['verdict']} ({_place(run)}).** {one['statement']}", ""]
            open_rows = [claim for claim in one["claims"] if claim["verdict"] not in ("holds", "not seen")]
            lines += [
                f"- {claim['statement']}: {_found(claim)}; {_wish(one['kind'])} {_range(claim)}" for claim in open_rows
            ]
            lines += [f"- Thought to be why: {KNOWN[one['code']]}"] if one["code"] in KNOWN else []
            lines.append("")
    return lines


def _table(runs: Sequence[Run], kind: str, title: str) -> list[str]:
    """Return the claims of one kind, with what was found in each run that tried them."""
    tried = [run for run in runs if any(one["kind"] == kind for one in run["experiments"])]
    if not tried:
        return []
    heads = ["", "What is measured", "Unit", *(_place(run) for run in tried)]
    lines = [f"## {title}", "", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for first in (one for one in tried[0]["experiments"] if one["kind"] == kind):
        same = [next((one for one in run["experiments"] if one["code"] == first["code"]), None) for run in tried]
        for place, claim in enumerate(first["claims"]):
            cells = [_cell(one["claims"][place], kind) if one else "–" for one in same]
            lines.append(f"| {' | '.join([first['code'], claim['statement'], claim['unit'], *cells])} |")
    return [*lines, ""]


def _cell(claim: Run, kind: str) -> str:
    return f"{_found(claim)}, {_wish(kind)} {_range(claim)}: {claim['verdict']}"


def _wish(kind: str) -> str:
    return "feared" if kind == "falsifier" else "expected"


def _found(claim: Run) -> str:
    if claim["value"] is None:
        return "–"
    return f"{number(claim['value'])} ({number(claim['low'])} to {number(claim['high'])})"


def _range(claim: Run) -> str:
    low, high = claim["expected_low"], claim["expected_high"]
    if low is None and high is None:
        return "any"
    if low is None or high is None:
        return f"{number(high)} or less" if low is None else f"{number(low)} or more"
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def main(folders: Sequence[str]) -> int:
    """Write the page of the folders' runs, or say what is missing."""
    lacking = [folder for folder in folders if not (Path(folder) / DATA).exists()]
    if lacking or not folders:
        print(f"No {DATA} in {', '.join(lacking) or 'no folder'}: `make credibility` makes it.", file=sys.stderr)
        return 2
    runs = read(folders)
    if len({run.get("code") for run in runs}) > 1:
        print(f"{', '.join(folders)} are not all of one version of the code: `make credibility`.", file=sys.stderr)
        return 2
    levels = Path(folders[0]).parent / "levels.json"
    elsewhere = json.loads(levels.read_text(encoding="utf-8")) if levels.exists() else ()
    if any(row["parameters"] != DEFAULT.address for row in elsewhere):
        print(f"{levels} is of other numbers than the model's: `python -m tools.levels {levels}`.", file=sys.stderr)
        return 2
    PAGE.write_text(page(joined(runs), elsewhere), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
