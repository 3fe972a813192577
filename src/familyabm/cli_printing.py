"""What `run` and `compare` print: the main measures as a table, or everything as JSON."""

import json
from typing import TYPE_CHECKING, Any

import typer

from familyabm import __version__
from familyabm.console import number_text, records, show

if TYPE_CHECKING:
    import pandas as pd

    from familyabm.simulation import Snapshot

MAIN = (
    "contacts", "repeat_contacts", "referrals", "re_referrals", "assessments_in_time", "section_47", "plans", "in_need",
    "looked_after", "care_starts", "placed_homes", "early_help", "early_help_wait", "weeks_to_help", "load", "turnover",
    "direct_time", "failure_demand", "omissions", "spend", "spend_early_help", "spend_placements", "adult_bounced",
    "harm",
)  # fmt: skip
"""Those that a table on a terminal holds; every other is in files, in JSON and under `--all`."""


def print_run(
    snapshot: "Snapshot", title: str, summary: "pd.DataFrame", runs: int, as_json: bool, address: str,
    ranges: "pd.DataFrame | None" = None, every: bool = False,
) -> None:  # fmt: skip
    """Print a run's measures year by year, and the ranges of luck and of unknown settings if they were lived."""
    from familyabm import measures, worlds

    if as_json:
        told = {
            "status": worlds.STATUS_LINE, "version": __version__, "area": snapshot.area.la_name,
            "filled": list(snapshot.area.filled), "scenario": title, "seed": snapshot.seed, "scale": snapshot.scale,
            "runs": runs, "address": address, "by_year": records(summary.rename(columns=str)),
            "ranges": [] if ranges is None else records(ranges),
        }  # fmt: skip
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if not every:
        summary = summary[summary["measure"].isin(MAIN)].reset_index(drop=True)
    words = measures.catalogue().set_index("name")
    summary.insert(1, "unit", [words.loc[name, "unit"] for name in summary["measure"]])
    summary["measure"] = [words.loc[name, "title"] for name in summary["measure"]]
    typer.echo(worlds.STATUS_LINE)
    show(f"{snapshot.area.la_name}, {title}: mean of {runs} run(s), by year. Address {address[:16]}", summary)
    if ranges is not None:
        ranges = ranges if every else ranges[ranges["measure"].isin(MAIN)]
        shown = ranges[["title", "unit", "mean", "luck_low", "luck_high", "settings_low", "settings_high"]]
        show("Means of all years: the range of luck, and that of unknown settings", shown)
    print_left(every)


def comparison_json(found: Any) -> dict[str, Any]:
    """Return a comparison as JSON can hold it."""
    from familyabm import worlds

    kept = ["measure", "code", "title", "unit", "a", "b", "difference", "low", "high", "mean_low", "mean_high", "flips"]
    return {
        "status": worlds.STATUS_LINE, "version": __version__, "area": found.area.la_name,
        "filled": list(found.area.filled), "a": found.a.name, "b": found.b.name, "years": found.years,
        "runs": found.runs, "asked": found.asked, "seed": found.snapshot.seed, "scale": found.snapshot.scale,
        "address": found.address, "measures": records(found.table.reset_index()[kept]),
        "avoidable": records(found.avoidable.reset_index()),
    }  # fmt: skip


def print_comparison(found: Any, every: bool) -> None:
    """Print the table that a person sees."""
    import pandas as pd

    from familyabm import worlds

    t = found.table if every else found.table[found.table.index.isin(MAIN)]
    spread = [f"{number_text(low)} to {number_text(high)}" for low, high in zip(t["low"], t["high"], strict=True)]
    flips = [f"{share:.0%}" if share == share else "–" for share in t["flips"]]
    frame = pd.DataFrame(
        {"measure": t["title"], "unit": t["unit"], "A": t["a"], "B": t["b"], "B - A": t["difference"],
         "range of pairs": spread, "flips": flips}
    )  # fmt: skip
    typer.echo(worlds.STATUS_LINE)
    show(
        f"{found.area.la_name}. A: {found.a.title}. B: {found.b.title}. {found.years} years, {found.runs} pairs, "
        f"scale {found.snapshot.scale:g}, seed {found.snapshot.seed}. Address {found.address[:16]}", frame,
    )  # fmt: skip
    print_left(every)


def print_left(every: bool) -> None:
    """Say where the measures are that a table leaves out."""
    from familyabm import measures

    if not every:
        left = len(measures.MEASURES) - len(MAIN)
        typer.echo(f"{left} other measures: --all prints them, --json and --out DIR hold them.")
