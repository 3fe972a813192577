"""A study's results in other people's formats: one Parquet, CSV or XLSX table, or one DuckDB file.

Text that a spreadsheet would take for a formula is written as text.
"""

import json
import os
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from familyabm import lives
from familyabm.errors import InputError, shown
from familyabm.lab.results import StudyResults
from familyabm.worlds import STATUS_LINE

FORMATS = (".parquet", ".duckdb", ".csv", ".xlsx")
_XLSX_ROWS = 1_048_575
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
_CELL = ["address", "point", "area", "world", "luck", "seed"]


def wide(results: StudyResults, names: Iterable[str] | None = None) -> pd.DataFrame:
    """Return one row per stored run: where it stands, its factors' values, what became of it, and its measures."""
    runs = results.runs[[*_CELL, "status", "error_type", "error", "seconds"]]
    table = runs.merge(results.points, left_on="point", right_index=True, how="left", sort=False)
    values = results.measures(names).drop_duplicates(["address", "measure"])
    across = values.pivot(index="address", columns="measure", values="value")
    order = [name for name in results.measure_names if name in across]
    return table.merge(across[order], left_on="address", right_index=True, how="left", sort=False)


def summary(results: StudyResults, names: Iterable[str] | None = None, by_point: bool = False) -> pd.DataFrame:
    """Return each measure's mean over runs in every area and world, at every point where asked, and its spread.

    Columns: area, world, point and the value of each factor there (where asked), measure, runs, mean, sd, unit.
    """
    values = results.measures(names)
    keys = ["area", "world", *(["point"] if by_point else []), "measure"]
    found = values.groupby(keys, sort=False)["value"].agg(runs="count", mean="mean", sd="std").reset_index()
    found["unit"] = [lives.unit(name) for name in found["measure"]]
    if by_point:
        place = keys.index("point") + 1
        for name in reversed(results.points.columns):
            found.insert(place, name, found["point"].map(results.points[name]))
    return found


def export(results: StudyResults, path: Path, names: Iterable[str] | None = None) -> Path:
    """Write a study's results to one file, whole or not at all; its ending says in which format."""
    kind = path.suffix.casefold()
    writers: dict[str, Callable[[StudyResults, Path, Iterable[str] | None], None]] = {
        ".parquet": _parquet, ".csv": _csv, ".xlsx": _xlsx, ".duckdb": _duckdb,
    }  # fmt: skip
    if kind not in writers:
        raise InputError(f"{path.name} ends in {shown(kind)}; {', '.join(FORMATS)} are accepted.")
    if path.is_dir():
        raise InputError(f"{path} is a folder; the name of a file to write would be accepted.")
    aside = path.with_name(f".{uuid.uuid4().hex[:8]}{kind}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        writers[kind](results, aside, names)
        os.replace(aside, path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {(error.strerror or 'unwritable').lower()}.") from None
    finally:
        aside.unlink(missing_ok=True)
    return path


def _parquet(results: StudyResults, path: Path, names: Iterable[str] | None) -> None:
    wide(results, names).to_parquet(path, index=False)


def _csv(results: StudyResults, path: Path, names: Iterable[str] | None) -> None:
    table = wide(results, names)
    for column in table.columns:
        if table[column].dtype.kind not in "fib":
            table[column] = [_as_text(value) for value in table[column]]
    table.to_csv(path, index=False)


def _as_text(value: Any) -> Any:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _xlsx(results: StudyResults, path: Path, names: Iterable[str] | None) -> None:
    table = wide(results, names)
    if len(table) > _XLSX_ROWS:
        raise InputError(
            f"{len(table):,} runs do not fit a sheet of {_XLSX_ROWS:,} rows; .csv or .parquet is accepted."
        )
    options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        sheets = {"About": _about(results), "Runs": table, "Factors": results.factors.reset_index(),
                  "Points": results.points.reset_index(), "Measures": _words(results)}  # fmt: skip
        for name, frame in sheets.items():
            frame.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 0))
            writer.sheets[name].autofit()


def _about(results: StudyResults) -> pd.DataFrame:
    study = results.study
    rows = [
        ("Study", study.title or study.name), ("Question", study.question), ("What this is", STATUS_LINE),
        ("Areas", ", ".join(area.la_name for area in study.areas)), ("Years", study.years), ("Scale", study.scale),
        ("Worlds", ", ".join(world.name for world in study.worlds)), ("Lucks", len(study.lucks)),
        ("Design", study.design.kind), ("Runs stored", len(results.runs)), ("Plan", results.store.id),
        *((f"Rests on, {name[:12]}", _rests_on(content)) for name, content in results.store.provenances().items()),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "value"]).astype({"value": "str"})


def _rests_on(content: dict[str, Any]) -> str:
    return json.dumps({name: content[name] for name in ("familyabm", "code", "numpy", "numba", "python")})


def _words(results: StudyResults) -> pd.DataFrame:
    rows = [(name, lives.title(name), lives.unit(name)) for name in results.measure_names]
    return pd.DataFrame(rows, columns=["measure", "title", "unit"])


def _duckdb(results: StudyResults, path: Path, names: Iterable[str] | None) -> None:
    """Write the study's tables, not views of them, to one DuckDB file that needs nothing else."""
    import duckdb
    import pyarrow as pa

    tables: dict[str, Any] = {
        "about": _about(results), "runs": results.runs.drop(columns="repeat"), "points": results.points.reset_index(),
        "factors": results.factors.reset_index(), "plan": results.plan, "measure_words": _words(results),
        "measures": results.measures(names)[["address", "measure", "value"]].drop_duplicates(["address", "measure"]),
    }  # fmt: skip
    if results.study.by_year:
        yearly = results.measures(names, by_year=True)
        tables["by_year"] = yearly[["address", "year", "measure", "value"]].drop_duplicates()
    with duckdb.connect(str(path)) as connection:
        connection.execute("SET threads = 1")
        for name, frame in tables.items():
            connection.register("given", pa.Table.from_pandas(frame, preserve_index=False))
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
            connection.unregister("given")
        if results.study.keep != "totals":
            connection.register("given", results.weekly())
            connection.execute("CREATE TABLE weekly AS SELECT * FROM given")
