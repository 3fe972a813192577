"""The page of a study in the lab: what moves each measure, two settings at once, every pair, bends, and where.

Nothing here reads a clock or the machine: the same results give the same page, byte for byte.
"""

import shlex
from collections.abc import Iterable
from csv import QUOTE_NONNUMERIC
from pathlib import Path
from typing import Any

import pandas as pd

from familyabm import simulation
from familyabm.areas import ATTRIBUTION
from familyabm.lab import looking
from familyabm.lab.looking import Look
from familyabm.lab.responses import Response
from familyabm.lab.sensitivity import Sensitivity
from familyabm.lab.tipping import BENDS, TURNS, Tip
from familyabm.report import lab_sure, lab_words, page, words
from familyabm.report.figures import Grid
from familyabm.report.lab_figures import bend, heat, identity_of, pairs, ranked
from familyabm.report.study import Section, Study
from familyabm.worlds import STATUS_LINE
from familyabm.writing import write_whole

MOST_ROWS = 200


def write_look(results: Any, looks: list[Look], folder: Path, refused: Iterable[str] = ()) -> Path:
    """Write the page and CSV files of a study that is looked at; return the page's path."""
    study = look_page(results, looks, list(refused))
    return _write(html(results, study), _frames(looks), results, folder, "look.html")


def write_sensitivity(results: Any, found: list[Sensitivity], folder: Path, refused: Iterable[str] = ()) -> Path:
    """Write the page and CSV file of a study's sensitivities; return the page's path."""
    study = sensitivity_page(results, found, list(refused))
    return _write(html(results, study), {"sensitivity.csv": _rankings(found)}, results, folder, "sensitivity.html")


def _write(text: str, frames: dict[str, pd.DataFrame], results: Any, folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file, frame in frames.items():
        if not frame.empty:
            write_whole(folder / file, _csv(frame, results).encode("utf-8-sig"))
    write_whole(folder / name, text.encode())
    return folder / name


def _csv(frame: pd.DataFrame, results: Any) -> str:
    of = {"study": results.study.name, "address": address(results), "status": STATUS_LINE}
    return frame.assign(**of).map(page._safe).to_csv(index=False, lineterminator="\n", quoting=QUOTE_NONNUMERIC)


def _rankings(found: Iterable[Sensitivity]) -> pd.DataFrame:
    parts = [one.table.reset_index().assign(measure=one.response.measure, method=one.method) for one in found]
    return pd.concat(parts) if parts else pd.DataFrame()


def _frames(looks: list[Look]) -> dict[str, pd.DataFrame]:
    """Return the figures behind the page by file name."""
    each = {
        "heat.csv": [one.heat.assign(measure=one.response.measure) for one in looks if not one.heat.empty],
        "pairs.csv": [looking.pairs(one.response).assign(measure=one.response.measure) for one in looks],
        "bends.csv": [_bends(one) for one in looks if one.tips],
        "rules.csv": [
            rule.ranges.assign(measure=one.response.measure, case=rule.case, density=rule.density,
                               coverage=rule.coverage, tested_density=rule.tested_density)
            for one in looks for rule in one.rules if not rule.ranges.empty
        ],
        "without_answer.csv": [one.response.lost.assign(measure=one.response.measure) for one in looks],
    }  # fmt: skip
    frames = {name: pd.concat(parts) if parts else pd.DataFrame() for name, parts in each.items()}
    return {"sensitivity.csv": _rankings(one.ranking for one in looks if one.ranking is not None), **frames}


def _bends(look: Look) -> pd.DataFrame:
    rows = [
        {"setting": tip.setting, "verdict": tip.verdict, "at": tip.at, "low": tip.low, "high": tip.high,
         "before": tip.before[0], "after": tip.after[0], "chance": tip.chance, "zero": tip.zero,
         "zero_low": tip.zero_low, "zero_high": tip.zero_high} for tip in look.tips
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(measure=look.response.measure)


def address(results: Any) -> str:
    """Return the hash that names the study's frozen design."""
    return str(results.store.id)


def html(results: Any, study: Study) -> str:
    """Return the whole page as text."""
    template = page.environment().get_template("lab.html.j2")
    return template.render(
        study=study, places=", ".join(area.la_name for area in results.study.areas), status=STATUS_LINE,
        version=simulation.VERSION, data_years=page.data_years(), attribution=ATTRIBUTION, changes=[],
    )  # fmt: skip


def look_page(results: Any, looks: list[Look], refused: list[str]) -> Study:
    """Return the page of a study that is looked at."""
    title = results.study.title or results.study.name
    sections = [_opening(results, [one.response for one in looks], refused)]
    sections += [_section(one) for one in looks]
    sections.append(lab_sure.section([one.response for one in looks]))
    measures = ",".join(one.response.measure for one in looks)
    command = ["familyabm", "study", "look", results.folder.name, "--measures", measures, *_of(looks[0].response)]
    return Study(f"{title}: what the runs show", sections, _settings(results), shlex.join(command))


def sensitivity_page(results: Any, found: list[Sensitivity], refused: list[str]) -> Study:
    """Return the page of a study's sensitivities."""
    title = results.study.title or results.study.name
    sections = [_opening(results, [one.response for one in found], refused)]
    for one in found:
        said = [lab_words.ranking(one), lab_words.chance(one), lab_words.judgements(one)]
        notes = [one.left_out] if one.left_out else []
        sections.append(
            Section(
                identity_of(one.response.measure), one.response.title, [lab_words.METHODS[one.method]], said + notes,
                figures=[ranked(one)],
            )
        )  # fmt: skip
    sections.append(lab_sure.section([one.response for one in found]))
    measures = ",".join(one.response.measure for one in found)
    how = ["--measures", measures, "--method", found[0].method, *_of(found[0].response)]
    command = shlex.join(["familyabm", "sensitivity", results.folder.name, *how])
    return Study(f"{title}: what matters most", sections, _settings(results), command)


def _of(response: Response) -> list[str]:
    against = ["--against", response.against] if response.against else []
    return ["--world", response.world, *against, "--area", response.area]


def _opening(results: Any, responses: list[Response], refused: list[str]) -> Section:
    """Say what was studied, and which points have no answer."""
    study, points = results.study, len(results.points)
    varied = responses[0].varied()
    text = [study.question] if study.question else []
    text.append(
        f"{words.count(points, 'point')} of {words.count(len(varied), 'setting')} ({study.design.kind}), each lived "
        f"for {words.count(study.years, 'year')} with {words.count(responses[0].lucks, 'luck')}; "
        f"{responses[0].of or 'one world'}."
    )
    lost = [response.lost for response in responses if not response.lost.empty]
    grids = [_lost(lost[0], points)] if lost else []
    return Section("studied", "What was studied", text, refused, grids=grids)


def _lost(lost: pd.DataFrame, points: int) -> Grid:
    rows = [[f"{row.point}", str(row.settings), str(row.why)] for row in lost.head(MOST_ROWS).itertuples()]
    return Grid(
        f"Points without an answer: {len(lost):,} of {points:,}", ["Point", "Settings", "What went wrong"], rows
    )


def _section(look: Look) -> Section:
    """Return one measure's part of the page."""
    said, figures = [], []
    if look.ranking is not None:
        said += [lab_words.ranking(look.ranking), lab_words.chance(look.ranking), lab_words.judgements(look.ranking)]
        said += [look.ranking.left_out] if look.ranking.left_out else []
        figures.append(ranked(look.ranking))
    if look.pair is not None:
        figures.append(heat(look))
    figures.append(pairs(look))
    figures += [bend(look, tip) for tip in look.tips if _shown(tip)]
    said += [lab_words.where(rule, look.response) for rule in look.rules]
    said += [lab_words.plain(sentence, look.response) for sentence in look.refused]
    terms = [(tip.setting, lab_words.bend(tip, look.response)) for tip in look.tips]
    title = f"{look.response.title}, {look.response.unit}".removesuffix(", ")
    return Section(identity_of(look.response.measure), title, [_method(look)], said, terms, figures)


def _method(look: Look) -> str:
    return "No ranking could be made." if look.ranking is None else lab_words.METHODS[look.ranking.method]


def _shown(tip: Tip) -> bool:
    return tip.verdict in (BENDS, TURNS) or tip.zero == tip.zero


def _settings(results: Any) -> list[tuple[str, str]]:
    study = results.study
    factors = [f"{name} ({row['title']})" for name, row in results.factors.iterrows()]
    return [
        ("Study", study.name), ("Areas", ", ".join(area.la_name for area in study.areas)),
        ("Worlds", "; ".join(f"{world.title} ({world.name})" for world in study.worlds)),
        ("Settings varied", "; ".join(factors) or "None"), ("Design", study.design.kind),
        ("Points, lucks and pasts", f"{len(results.points):,}, {len(study.lucks):,} and {len(study.seeds):,}"),
        ("Years", f"{study.years}"), ("Size of the model", f"{100.0 * study.scale:,.4g}% of the area's families"),
        ("Version", f"familyabm {simulation.VERSION}"), ("Address", address(results)),
    ]  # fmt: skip
