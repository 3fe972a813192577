"""How a comparison and a run show themselves in a notebook: words first, one picture, and tables with the same numbers.

`worlds.Comparison` and `simulation.Run` stand below the report, and look for this module by its name.
"""

from markupsafe import Markup

from familyabm import measures, simulation
from familyabm.report import page, words
from familyabm.report.figures import Grid, Pictures
from familyabm.report.labels import HEADLINES, SUBJECTS
from familyabm.report.words import Finding, amount, signed
from familyabm.simulation import Run
from familyabm.worlds import STATUS_LINE, Comparison

SHOWN = ("contacts", "early_help", "looked_after", "failure_demand", "harm", "spend")
"""The measures in the tables."""


def of_comparison(comparison: Comparison) -> str:
    """Return a comparison as HTML: what may be said, children looked after over the years, and the main measures."""
    pictures = Pictures(comparison)
    found = pictures.findings
    said = [page.opening(comparison), *(words.sentence(found[name]) for name in HEADLINES)]
    rows = [_row(found[name]) for name in SHOWN]
    heads = ["Measure", "World A", "World B", "B less A", "Range of pairs", "Flips"]
    title = f"A: {comparison.a.title}. B: {comparison.b.title}. Means of {words.count(comparison.years, 'year')}"
    grid = Grid(title, heads, rows, [found[name].unit for name in SHOWN])
    return _shown(said, [grid], comparison.address, pictures.trend("looked_after"))


def of_run(run: Run) -> str:
    """Return a run as HTML: whose it is, and the main measures year by year."""
    frame = measures.by_year(run.weekly, SHOWN)
    lived = words.count(run.weeks, "week")
    said = [f"{run.snapshot.area.la_name}, {run.scenario.title}: luck {run.number}, {lived} lived."]
    if frame.empty:
        said.append("No whole year has been lived yet, so there is nothing to measure.")
    units = [measures.MEASURES[name].title.unit for name in SHOWN]
    rows = [
        [SUBJECTS[name], *(amount(float(value), unit) for value in frame[name])]
        for name, unit in zip(SHOWN, units, strict=True)
    ]
    grid = Grid("By year", ["Measure", *(f"Year {year}" for year in frame.index)], rows, units)
    return _shown(said, [] if frame.empty else [grid], run.address)


def _row(found: Finding) -> list[str]:
    sides = [amount(side, found.unit) for side in (found.a, found.b)]
    return [SUBJECTS[found.name], *sides, signed(found.difference), found.span(), words.percent(found.flips)]


def _shown(said: list[str], grids: list[Grid], address: str, figure: object = None) -> str:
    template = page.environment().get_template("notebook.html.j2")
    return str(
        Markup(
            template.render(
                status=STATUS_LINE, said=said, grids=grids, figure=figure, address=address, version=simulation.VERSION
            )
        )
    )
