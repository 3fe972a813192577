"""What a study's folder holds, as pandas or by SQL; it may be read while runs go on."""

import shlex
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from familyabm.errors import InputError, nearest
from familyabm.lab import store
from familyabm.lab.store import LIVED, Store
from familyabm.lab.study import Study

_CELL = ["point", "area", "world", "luck", "seed"]
_RUNS = ["status", "error_type", "error", "seconds", "attempt", "settings", "version", "provenance", "part"]
_RANK = {**dict.fromkeys(LIVED, 0), store.FAILED: 1, store.TIMED_OUT: 1}


_SHOWN = 12


def check_measure(held: Sequence[str], measure: str) -> str:
    """Return a measure that a study holds, or raise InputError naming the nearest and what it holds."""
    if measure not in held:
        some = ", ".join(held[:_SHOWN]) + (f" and {len(held) - _SHOWN} more" if len(held) > _SHOWN else "")
        raise InputError(f"measure {measure!r} is not in this study{nearest(measure, held)}; it holds {some}.")
    return measure


class StudyResults:
    """A study and what its runs came to, as far as they are stored. Frames are read when first asked for."""

    def __init__(self, folder: Path, opened: Store | None = None) -> None:
        """Open a study's folder; InputError if it holds none."""
        self.store = opened or store.open_store(Path(folder))
        self.folder = self.store.folder
        self.parts = self.store.parts()

    @property
    def study(self) -> Study:
        """Return the study as it was frozen."""
        return self.store.study

    @cached_property
    def factors(self) -> pd.DataFrame:
        """Return one row per factor, by name: kind, low, high, unit, grade and title."""
        known = self.study.known
        rows = [
            (f.name, f.kind, f.low, f.high, known[f.name].unit, known[f.name].grade, known[f.name].title)
            for f in self.study.factors
        ]
        names = ["name", "kind", "low", "high", "unit", "grade", "title"]
        return pd.DataFrame(rows, columns=names).set_index("name")

    @cached_property
    def points(self) -> pd.DataFrame:
        """Return the points, indexed `point` from 0, one column per factor in their order."""
        return self.study.points

    @cached_property
    def plan(self) -> pd.DataFrame:
        """Return every run planned: point, area, seed, luck, world, address and the address of its past."""
        return self.store.plan()

    @cached_property
    def _chosen(self) -> pd.DataFrame:
        """Return each stored address once: a life before a failure, a later attempt before an earlier one."""
        frame = self._rows("runs", store.RUNS, columns=["address", "past", "traceback", *_RUNS]).to_pandas()
        rank = frame["status"].map(_RANK).fillna(2).astype("int64")
        order = frame.assign(rank=rank).sort_values(
            ["address", "rank", "attempt", "part"], ascending=[True, True, False, True], kind="stable"
        )
        chosen: pd.DataFrame = order.drop_duplicates("address").drop(columns="rank").reset_index(drop=True)
        return chosen

    def chosen_runs(self) -> pd.DataFrame:
        """Return what is stored of each address, whether or not a plan names it several times."""
        return self._chosen.copy()

    def chosen_parts(self) -> dict[str, str]:
        """Return the part in which each address is to be looked up."""
        return dict(zip(self._chosen["address"], self._chosen["part"], strict=True))

    def stored_rows(self, name: str, addresses: list[str]) -> pa.Table:
        """Return a stored table's rows of some addresses, each from its own part."""
        parts = self.chosen_parts()
        wanted = pa.table({"address": pa.array(addresses), "part": pa.array([parts[address] for address in addresses])})
        rows = self._rows(name, filter=ds.field("address").isin(addresses))
        return rows.join(wanted, keys=["address", "part"], join_type="inner").select(rows.schema.names)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Return the stored runs in the order of the plan.

        Columns: address, point, area, world, luck, seed, status ("done", "failed", "timed out" or "not finite"),
        error_type, error, seconds, attempt, settings, version, provenance, part, and the command that repeats it.
        """
        merged = self.plan[["address", *_CELL]].merge(self._chosen, on="address", how="inner", sort=False)
        merged["area"], merged["world"] = merged["area"].astype(str), merged["world"].astype(str)
        here = shlex.quote(str(self.folder))
        merged["repeat"] = [f"familyabm study repeat {here} {address[:16]}" for address in merged["address"]]
        whole: pd.DataFrame = merged[["address", *_CELL, *_RUNS, "traceback", "repeat"]]
        return whole

    @property
    def failures(self) -> pd.DataFrame:
        """Return the runs that were not lived to a finite end."""
        found: pd.DataFrame = self.runs[self.runs["status"] != store.DONE]
        return found

    @cached_property
    def measure_names(self) -> list[str]:
        """Return the measures that the study keeps."""
        return list(self.study.measures)

    def measures(self, names: Iterable[str] | str | None = None, by_year: bool = False) -> pd.DataFrame:
        """Return a long frame: address, point, area, world, luck, seed, measure and value (mean over the years).

        names: by default all.  by_year: each year's value instead, with a column `year`, where the study kept it.
        """
        wanted = self._known([names] if isinstance(names, str) else names)
        chosen = ds.field("measure").isin(wanted) & ((ds.field("year") > 0) if by_year else (ds.field("year") == 0))
        frame = self._rows("measures", store.MEASURES, filter=chosen).to_pandas()
        kept = frame.merge(self._chosen[["address", "part"]], on=["address", "part"]).drop(columns="part")
        cells = self.runs[["address", *_CELL]].merge(kept, on="address", how="inner", sort=False)
        return cells if by_year else cells.drop(columns="year")

    def _known(self, names: Iterable[str] | None) -> list[str]:
        return self.measure_names if names is None else [check_measure(self.measure_names, name) for name in names]

    def outcome(
        self, measure: str, world: str | None = None, against: str | None = None, area: str | None = None
    ) -> "pd.Series[float]":
        """Return one measure by (point, luck) for every run planned; NaN where there is no finite value.

        world, area: may be left out where the study has one.  against: another world, from which the difference is
        taken within pairs.  Where there are several seeds, `luck` counts (seed, luck) from 1 in the plan's order.
        """
        name, place = self._one("world", world), self._one("area", area)
        values = self.measures([measure])
        found = self._in_one(values, name, place)
        if against is None:
            return found.rename(measure)
        return (found - self._in_one(values, self._one("world", against), place)).rename(measure)

    def _in_one(self, values: pd.DataFrame, world: str, area: str) -> "pd.Series[float]":
        plan = self.plan[(self.plan["world"] == world) & (self.plan["area"] == area)]
        pairs = {pair: n for n, pair in enumerate(dict.fromkeys(zip(plan["seed"], plan["luck"], strict=True)), start=1)}
        numbers = [pairs[pair] for pair in zip(plan["seed"], plan["luck"], strict=True)]
        index = pd.MultiIndex.from_arrays([plan["point"], numbers], names=["point", "luck"])
        by_address = values.drop_duplicates("address").set_index("address")["value"]
        return pd.Series(by_address.reindex(plan["address"]).to_numpy(), index=index, dtype="float64")

    def _one(self, what: str, name: str | None) -> str:
        study = self.study
        known = [world.name for world in study.worlds] if what == "world" else [area.la_name for area in study.areas]
        if name is None and len(known) == 1:
            return known[0]
        if name not in known:
            given = "is not given" if name is None else f"= {name!r} is not in this study"
            raise InputError(f"{what} {given}{nearest(name or '', known)}; one of {', '.join(known)} is accepted.")
        return name

    def weekly(self) -> ds.Dataset:
        """Return the weekly totals, where the study kept them, as a dataset that need not fit in memory."""
        return self._dataset("weekly")

    def _rows(self, name: str, schema: pa.Schema | None = None, **chosen: Any) -> pa.Table:
        """Read a stored table, or say in one sentence that it is damaged."""
        try:
            return self._dataset(name, schema).to_table(**chosen)
        except (OSError, pa.ArrowException) as error:
            raise store.unreadable(self.folder / "parts", error) from None

    def _dataset(self, name: str, schema: pa.Schema | None = None) -> ds.Dataset:
        paths = [str(part.path / f"{name}.parquet") for part in self.parts if name in part.about["tables"]]
        if not paths:
            return ds.dataset((schema or pa.schema([("address", pa.string())])).empty_table())
        return ds.dataset(paths, schema=schema, format="parquet")

    def sql(self, query: str) -> pd.DataFrame:
        """Answer a query in SQL about the views runs, measures, by_year, points, factors, plan, weekly and journal.

        One thread, so that sums come out the same every time; nothing outside the study can be read or written.
        """
        import duckdb

        with self.connection() as connection:
            try:
                found: pd.DataFrame = connection.execute(query).df()
            except duckdb.Error as error:
                raise InputError(f"the query cannot be answered: {str(error).splitlines()[0][:300]}") from None
        return found

    def connection(self) -> Any:
        """Return a DuckDB connection on the study's views, shut off from everything else."""
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET threads = 1")
        connection.execute("SET python_enable_replacements = false")
        frames = {"runs": self.runs, "plan": self.plan, "points": self.points.reset_index(),
                  "factors": self.factors.reset_index(), "chosen": self._chosen[["address", "part"]]}  # fmt: skip
        for name, frame in frames.items():
            connection.register(name, pa.Table.from_pandas(frame, preserve_index=False))
        for name, schema in (("measures", store.MEASURES), ("weekly", None), ("journal", None)):
            if schema is not None or any(name in part.about["tables"] for part in self.parts):
                connection.register(f"stored_{name}", self._dataset(name, schema))
                connection.execute(_VIEWS[name])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection


_VIEWS = {
    "measures": """
        CREATE VIEW by_year AS SELECT address, year, measure, value
            FROM stored_measures SEMI JOIN chosen USING (address, part) WHERE year > 0;
        CREATE VIEW measures AS SELECT address, measure, value
            FROM stored_measures SEMI JOIN chosen USING (address, part) WHERE year = 0;
    """,
    "weekly": "CREATE VIEW weekly AS SELECT * FROM stored_weekly SEMI JOIN chosen USING (address, part)",
    "journal": "CREATE VIEW journal AS SELECT * FROM stored_journal SEMI JOIN chosen USING (address, part)",
}


def open_study(path: str | Path) -> StudyResults:
    """Open a study's folder, finished or still running."""
    return StudyResults(Path(path))
