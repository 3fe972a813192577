"""pandas and DuckDB: a small study of the lab, then asked in SQL, where its parts are Parquet files."""

from pathlib import Path

import pandas as pd

from familyabm.lab import Design, Factor, Options, Study, run_study

QUERY = """
    SELECT points."front_door.referral_threshold" AS threshold, runs.world, count(*) AS lucks,
           round(avg(value), 1) AS referrals
    FROM measures JOIN runs USING (address) JOIN points USING (point)
    WHERE measure = 'referrals' GROUP BY ALL ORDER BY ALL
"""


def asked(
    folder: Path = Path("results/with-duckdb"), lucks: int = 4, scale: float = 0.02, years: int = 3
) -> pd.DataFrame:
    """Return mean referrals by threshold and world. The same folder is never lived twice."""
    study = Study(
        "with-duckdb",
        areas=("Wakefield",),
        worlds=("status-quo", "whole-system"),
        factors=(Factor("front_door.referral_threshold", since="branch"),),
        design=Design("grid", steps=3),
        lucks=lucks,
        scale=scale,
        years=years,
    )
    results, _ = run_study(study, folder, Options(workers=2))
    return results.sql(QUERY)


if __name__ == "__main__":  # workers are processes, which read this file too
    print(asked())
