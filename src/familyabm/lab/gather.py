"""Gathering a study's parts into one, and taking over runs that another study has lived."""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from familyabm.errors import InputError
from familyabm.lab import execute, provenance, store
from familyabm.lab.results import StudyResults
from familyabm.lab.store import LIVED, Part, Store, Stored
from familyabm.lab.tasks import key_of
from familyabm.lab.verify import checksum

_ROWS = 200_000
_TOGETHER = 500


def gather(opened: Store) -> int:
    """Gather all parts into one, which stands for them, then remove them; return how many they were.

    The one is whole and in place before any other goes, so that a kill at any moment loses nothing.
    """
    if execute.alive(opened.folder):
        raise InputError(f"{opened.folder} is being run; it can be compacted when that has ended.")
    results = StudyResults(opened.folder, opened)
    parts = results.parts
    if len(parts) > 1:
        key = hashlib.sha256("\n".join(part.key for part in parts).encode()).hexdigest()[:32]
        aside = opened.folder / "tmp" / uuid.uuid4().hex
        try:
            aside.mkdir()
            tables = _write_tables(aside, parts, dict(results.chosen_parts()), key)
            about = {"key": key, "tables": tables, "replaces": [part.key for part in parts]}
            entered = store.settle_part(opened.folder, aside, opened.folder / "parts" / key, about)
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            raise store.unwritable(opened.folder, error) from None
        store.enter(opened.folder, uuid.uuid4().hex[:16], key, entered)
    _remove_replaced(opened.folder)
    return len(parts)


def _remove_replaced(folder: Path) -> None:
    kept = {part.key for part in store.open_store(folder).parts()}
    for path in (folder / "parts").iterdir():
        if path.name not in kept and (path / "part.json").is_file():
            shutil.rmtree(path)


def _write_tables(aside: Path, parts: list[Part], chosen: Mapping[str, str], key: str) -> dict[str, Any]:
    """Write every table of all parts, with the chosen rows only, as one file each; return what describes them."""
    about: dict[str, Any] = {}
    for name in dict.fromkeys(name for part in parts for name in part.about["tables"]):
        path, rows = aside / f"{name}.parquet", 0
        writer = None
        for table in _batches(name, parts, chosen, key):
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table.cast(writer.schema))
            rows += table.num_rows
        if writer is not None:
            writer.close()
            with path.open("rb") as file:
                os.fsync(file.fileno())
            about[name] = {"rows": rows, "bytes": path.stat().st_size, "sha256": checksum(path)}
    return about


def _batches(name: str, parts: list[Part], chosen: Mapping[str, str], key: str) -> Iterator[pa.Table]:
    """Return a table's chosen rows from all parts, many at a time."""
    waiting: list[pa.Table] = []
    for part in parts:
        if name not in part.about["tables"]:
            continue
        table = pq.read_table(part.path / f"{name}.parquet")
        mine = [address for address in pc.unique(table["address"]).to_pylist() if chosen.get(address) == part.key]
        table = table.filter(pc.is_in(table["address"], pa.array(mine, pa.string())))
        place = table.schema.get_field_index("part")
        waiting.append(table.set_column(place, "part", pa.array([key] * table.num_rows, pa.string())))
        if sum(table.num_rows for table in waiting) >= _ROWS:
            yield pa.concat_tables(waiting, promote_options="default")
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting, promote_options="default")


# --- Another study's runs ---------------------------------------------------------------------------------------------
def reuse(opened: Store, other: Path, runner: str) -> int:
    """Take over the runs that another study has lived and this one wants; return how many.

    Only runs lived by the same code are taken, and only if the other study kept everything this one keeps.
    """
    theirs = StudyResults(other)
    _check_kept(opened, theirs)
    stored = Stored(opened)
    stored.refresh()
    same = _same_provenances(opened, theirs.store)
    found = theirs.chosen_runs()
    fit = found[found["status"].isin(LIVED) & found["provenance"].isin(list(same))]
    plan = opened.plan().drop_duplicates("address").set_index("address")
    wanted = [a for a in fit["address"] if a in plan.index and a not in stored.status]
    for name, content in same.items():
        if wanted:
            assert store.add_provenance(opened.folder, content) == name
    for begin in range(0, len(wanted), _TOGETHER):
        _take_over(opened, theirs, plan, wanted[begin : begin + _TOGETHER], runner)
    return len(wanted)


def _check_kept(opened: Store, theirs: StudyResults) -> None:
    ours, other = opened.study, theirs.study
    missing = [name for name in ours.measures if name not in other.measures]
    if missing:
        raise InputError(f"--reuse {theirs.folder}: it does not keep the measure {missing[0]}, which this study keeps.")
    levels = ("totals", "weekly", "journal")
    if levels.index(other.keep) < levels.index(ours.keep) or (ours.by_year and not other.by_year):
        what = "by_year = true" if ours.by_year and not other.by_year else f'keep = "{ours.keep}"'
        raise InputError(f"--reuse {theirs.folder}: it does not have {what}, as this study has.")


def _same_provenances(opened: Store, theirs: Store) -> dict[str, Any]:
    now = provenance.inputs(opened.study)
    model = ("familyabm", "code", "numpy", "numba")
    found = theirs.provenances().items()
    return {name: content for name, content in found if all(content.get(k) == now[k] for k in model)}


def _take_over(opened: Store, theirs: StudyResults, plan: pd.DataFrame, addresses: list[str], runner: str) -> None:
    """Store some of another study's runs here as one part, described as this study's plan has them."""
    key = key_of(addresses, 1)
    tables: dict[str, pa.Table] = {}
    names = ["runs", "measures", *(name for name in ("weekly", "journal") if _keeps(opened, name))]
    for name in names:
        found = theirs.stored_rows(name, addresses)
        if name == "measures":
            found = found.filter(pc.is_in(found["measure"], pa.array(opened.study.measures, pa.string())))
            found = found if opened.study.by_year else found.filter(pc.equal(found["year"], 0))
        place = found.schema.get_field_index("part")
        tables[name] = found.set_column(place, "part", pa.array([key] * found.num_rows, pa.string()))
    tables["runs"] = _as_here(tables["runs"], opened, plan)
    store.enter(opened.folder, runner, key, store.add_part(opened.folder, key, tables))


def _keeps(opened: Store, name: str) -> bool:
    return opened.study.keep == "journal" or (opened.study.keep == "weekly" and name == "weekly")


def _as_here(runs: pa.Table, opened: Store, plan: pd.DataFrame) -> pa.Table:
    frame = runs.to_pylist()
    for row in frame:
        cell = plan.loc[row["address"]]
        row |= {name: int(cell[name]) for name in ("point", "seed", "luck")}
        row |= {"area": str(cell["area"]), "world": str(cell["world"]), "attempt": 1}
        values = {factor.name: value for factor, value in opened.study.values_at(row["point"]).items()}
        settings = {name: row[name] for name in ("area", "world", "seed", "luck")} | values
        row["settings"] = json.dumps(settings, ensure_ascii=False)
    return pa.Table.from_pylist(frame, schema=store.RUNS)
