"""The commands that say why the model should be believed: targets, evidence and calibrate.

They are added to the command line in `cli`.
"""

import typer

from familyabm.cli_catalogues import Json, Search
from familyabm.console import matching, report


def targets(search: Search = "", as_json: Json = False) -> None:
    """List the official figures that the model is held against, each with what is accepted and its source."""
    from familyabm.areas import ATTRIBUTION
    from familyabm.truth import targets as figures

    frame = matching(figures.table(), search)
    if not as_json:
        typer.echo(ATTRIBUTION)
        frame = frame[["code", "statement", "unit", "value", "low", "high", "p10", "p90", "year", "source"]]
    report(frame, f"{len(frame)} targets", as_json)
