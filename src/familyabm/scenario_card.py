"""One scenario in full, as people read it: its levers against a typical authority's, its shocks, what to expect."""

from dataclasses import asdict
from typing import Any

from familyabm.levers import LEVER_TITLES, Scenario
from familyabm.measures import MEASURES
from familyabm.parameters import DEFAULT, REGISTER


def card(scenario: Scenario) -> dict[str, Any]:
    """Return everything about a scenario as JSON can hold it."""
    typical = {name: DEFAULT[f"base.{name}"] for name in LEVER_TITLES}
    return {
        "code": scenario.code, "name": scenario.name, "title": scenario.title, "description": scenario.description,
        "expect": scenario.expect, "surprise": scenario.surprise, "maturity": scenario.maturity,
        "levers": [
            {"name": name, "typical": typical[name], "policy": scenario.levers.get(name, typical[name])}
            for name in LEVER_TITLES
        ],
        "shocks": [asdict(shock) | {"sentence": shock.sentence} for shock in scenario.shocks],
        "changes": [asdict(change) | {"sentence": change.sentence} for change in scenario.changes],
        "parameters": dict(scenario.parameters),
        "expected": [asdict(claim) | {"sentence": claim.sentence} for claim in scenario.expected],
    }  # fmt: skip


def show_card(scenario: Scenario) -> None:
    """Print a scenario in full."""
    import pandas as pd
    import typer

    from familyabm.console import show

    whole = card(scenario)
    typer.echo(f"{scenario.code} {scenario.title} ({scenario.name})".strip())
    for said in (scenario.description, f"Expect: {scenario.expect}", f"Would surprise: {scenario.surprise}"):
        typer.echo(said)
    show("Levers: what policy intends, against a typical authority", pd.DataFrame(_levers(whole)))
    typer.echo(f"Practice already at its aim when the run begins: {scenario.maturity:.0%}")
    for line in _assumed(scenario):
        typer.echo(line)
    if scenario.expected:
        show("What should move, as far as anybody says", pd.DataFrame(_expected(scenario)))


def _levers(whole: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"lever": LEVER_TITLES[row["name"]], "typical": f"{row['typical']:.0%}", "policy": f"{row['policy']:.0%}"}
        for row in whole["levers"]
    ]


def _assumed(scenario: Scenario) -> list[str]:
    """Return a line for each shock and each number that the scenario changes."""
    lines = [f"Shock: {shock.sentence}" for shock in scenario.shocks]
    lines += [f"Change: {change.sentence}" for change in scenario.changes]
    for address, value in scenario.parameters.items():
        entry = REGISTER[address]
        lines.append(f"Assumed: {address} = {value:g} instead of {entry.value:g} ({entry.unit}): {entry.meaning}.")
    return lines


def _expected(scenario: Scenario) -> list[dict[str, str]]:
    rows = []
    for claim in scenario.expected:
        title = MEASURES[claim.measure].title.title if claim.measure in MEASURES else claim.measure
        bounds = "" if claim.low is None or claim.high is None else f"{claim.low:+.0%} to {claim.high:+.0%}"
        first, last = claim.years
        rows.append({
            "measure": title, "goes": claim.direction, "by": bounds, "years": f"{first} to {last}",
            "against": claim.against, "note": claim.note, "source": claim.source,
        })  # fmt: skip
    return rows
