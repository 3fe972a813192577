"""Run the published SSDA903 validation rules over an extract, in an environment that has csc-validator-be-903.

    python -m venv rules-env && rules-env/bin/pip install csc-validator-be-903
    rules-env/bin/python tools/ssda903_rules.py EXTRACT [--year 2025] [--ruleset lac2024_25]

Prints each rule that found something, with how many rows and an example. The package needs pandas below 2, so that it
cannot share this project's environment.
"""

import argparse
import importlib
import logging
from pathlib import Path

import pandas as pd


def main() -> None:
    """Read the files of a year and the one before it, run every rule and print what was found."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("extract", type=Path)
    words.add_argument("--year", type=int, default=2025)
    words.add_argument("--ruleset", default="lac2024_25")
    words.add_argument("--authority", default="E08000036")
    given = words.parse_args()
    logging.disable(logging.CRITICAL)
    from lac_validator.config import column_names
    from lac_validator.lac_validator import LacValidator

    files = [
        {"name": path.name, "file_content": path.read_bytes(), "description": when}
        for when, year in (("This year", given.year), ("Prev year", given.year - 1))
        for path in sorted((given.extract / str(year)).glob("*.csv"))
        if set(pd.read_csv(path, nrows=0).columns) in [set(columns) for columns in column_names.values()]
    ]
    registry = importlib.import_module(f"lac_validator.rules.{given.ruleset}").registry
    metadata = {"localAuthority": given.authority, "collectionYear": str(given.year)}
    ran = LacValidator(metadata, files, registry)
    found = 0
    for table, rows in ran.ds_results.items():
        if table == "metadata":
            continue
        for column in (name for name in rows.columns if name.startswith("ERR_")):
            hit = rows[rows[column] == True]  # noqa: E712
            shown = {k: v for k, v in hit.iloc[0].items() if pd.notna(v) and not k.startswith(("ERR_", "PL_L", "PL_D"))}
            found += 1
            print(f"{column[4:]} {table}: {len(hit)} of {len(rows)}. {registry[column[4:]].message}\n    e.g. {shown}")
    print(f"{len(registry)} rules, {len(ran.dones)} ran, {len(ran.skips)} skipped for want of tables, "
          f"{len(ran.fails)} could not run {sorted(ran.fails)}; {found} found something.")  # fmt: skip


if __name__ == "__main__":
    main()
