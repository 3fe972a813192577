"""The accepted parameter sets that come with the package: what calibration leaves open, `--ensemble N` spreads over.

`data/ensemble.csv` has one set a row, the most central first, and `data/ensemble.json` the command that made them and
what they taught. A setting that no column names has its default.
"""

import json
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from familyabm import simulation
from familyabm.errors import InputError
from familyabm.parameters import DEFAULT, REGISTER, Parameters, changed


@cache
def table() -> pd.DataFrame:
    """Return the sets: one a row, a column for each setting that varies."""
    with (resources.files("familyabm") / "data" / "ensemble.csv").open(encoding="utf-8") as file:
        whole = pd.read_csv(file)
    return whole[[address for address in whole if address in REGISTER]]


@cache
def about() -> dict[str, Any]:
    """Return how the sets were made and what they taught: about, targets, settings and trade_offs."""
    text = (resources.files("familyabm") / "data" / "ensemble.json").read_text(encoding="utf-8")
    whole: dict[str, Any] = json.loads(text)
    return whole


def made_for_these_defaults() -> bool:
    """Tell whether the sets were accepted about the defaults as they are now."""
    return bool(about()["about"]["defaults"] == DEFAULT.address)


def stale() -> str:
    """Say that the sets were accepted about other defaults; an empty string where they were not."""
    if made_for_these_defaults():
        return ""
    return "The accepted sets were made about other defaults; 'familyabm calibrate ensemble --ship' remakes them."


def sets(n: int, parameters: Parameters = DEFAULT) -> list[Parameters]:
    """Return n accepted sets on top of some parameters, spread evenly from the most central to the least.

    A setting that the parameters already move from its default stays as they have it.  InputError for a number that
    there is not.
    """
    there = len(table())
    simulation.check_whole("--ensemble", n, 2, max(2, there))
    if there < n:
        raise InputError(f"--ensemble {n} is not accepted; there are {there} accepted sets.")
    places = [round(place * (there - 1) / (n - 1)) for place in range(n)]
    rows = table().iloc[places].to_dict(orient="records")
    return [_on_top(parameters, row) for row in rows]  # type: ignore[arg-type]


def _on_top(parameters: Parameters, row: dict[str, float]) -> Parameters:
    return changed(parameters, {
        address: min(REGISTER[address].high, max(REGISTER[address].low, float(value)))
        for address, value in row.items() if parameters[address] == DEFAULT[address]
    })  # fmt: skip
