"""The store: a folder per study to which whole parts are added, and nothing is ever changed.

A part is a folder of Parquet files with their checksums, written aside, flushed, and renamed into place in one step.
No lock and no database: parts are named by what they hold, so that two runners who finish the same runs do no harm,
and whoever reads sees whole parts only.

    design.json  points.parquet  plan.parquet      the study, frozen when it is first run
    provenance/HASH.json                           what results rest on
    parts/KEY/{runs,measures,…}.parquet part.json  finished runs, with checksums
    ledger/RUNNER.jsonl                            every part that a runner has stored: what `verify` looks for
    pasts/  marks/  runners/  tmp/                 what is only needed while runs go on
"""

import hashlib
import io
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from familyabm.errors import InputError, shown
from familyabm.lab import plan, provenance, study_files
from familyabm.lab.study import Study
from familyabm.lab.study_files import canonical

FORMAT = 1
DONE, NOT_FINITE, FAILED, TIMED_OUT = "done", "not finite", "failed", "timed out"
LIVED = (DONE, NOT_FINITE)
RUNS = pa.schema(
    [
        (name, pa.string())
        for name in ("address", "past", "area", "world", "status", "error_type", "error", "traceback", "settings",
                     "version", "provenance", "part")
    ]
    + [("point", pa.int32()), ("seed", pa.int64()), ("luck", pa.int64()), ("attempt", pa.int32()),
       ("seconds", pa.float64())]
)  # fmt: skip
MEASURES = pa.schema(
    [("address", pa.string()), ("year", pa.int16()), ("measure", pa.string()), ("value", pa.float64()),
     ("part", pa.string())]
)  # fmt: skip
"""Year 0 is the mean over all years."""
TEMPORARY = ("pasts", "marks", "runners", "tmp")
FOLDERS = ("parts", "ledger", "provenance", *TEMPORARY)


class UnwritableError(InputError):
    """The folder takes no more; what is stored in it is whole."""


def unwritable(folder: Path, error: OSError) -> UnwritableError:
    """Say that a study's folder cannot be written, and that nothing is lost."""
    reason = (error.strerror or str(error) or "unwritable").lower()
    return UnwritableError(
        f"{folder} cannot be written: {reason}; what is stored there is whole, and the same command goes on from it."
    )


@dataclass(frozen=True)
class Part:
    """One part in place: its name, its tables and which earlier parts it stands for."""

    key: str
    path: Path
    about: Mapping[str, Any]

    @property
    def replaces(self) -> list[str]:
        """Return the parts that were gathered into this one."""
        return list(self.about.get("replaces", []))


@dataclass
class Store:
    """A study's folder."""

    folder: Path
    study: Study
    frozen: Mapping[str, Any] = field(repr=False)

    @property
    def size(self) -> int:
        """Return the number of different runs planned."""
        return int(self.frozen["runs"])

    @property
    def id(self) -> str:
        """Return what tells this study from others: a hash of its plan."""
        return str(self.frozen["plan_sha256"])

    def plan(self) -> pd.DataFrame:
        """Return the frozen plan."""
        return read_frame(self.folder / "plan.parquet")

    def provenances(self) -> dict[str, dict[str, Any]]:
        """Return what results rest on, by hash; more than one where mixing was allowed."""
        return {
            path.stem: json.loads(path.read_bytes()) for path in sorted((self.folder / "provenance").glob("*.json"))
        }

    def parts(self) -> list[Part]:
        """Return the parts that can be read, without those that a gathered one stands for."""
        found = [part for part in map(_part, sorted((self.folder / "parts").glob("*/part.json"))) if part is not None]
        replaced = {key for part in found for key in part.replaces}
        return [part for part in found if part.key not in replaced]


def _part(path: Path) -> Part | None:
    """Return a part, or None where what describes it cannot be read (`verify` says so)."""
    try:
        return Part(path.parent.name, path.parent, json.loads(path.read_bytes()))
    except (OSError, ValueError):
        return None


def create(folder: Path, study: Study) -> Store:
    """Freeze a study in a folder that is empty or not there yet."""
    if folder.exists() and (not folder.is_dir() or any(path.name not in FOLDERS for path in _visible(folder))):
        raise InputError(f"{folder} is not empty and holds no study; a new folder would be accepted.")
    table = plan.frame(study)
    points = study.points.reset_index()
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        hashes = {
            f"{name}_sha256": write_whole(folder, f"{name}.parquet", parquet(pa.Table.from_pandas(content)))
            for name, content in (("plan", table), ("points", points))
        }
        add_provenance(folder, provenance.inputs(study))
        frozen = {
            "format": FORMAT, "study": study_files.as_json(study), "runs": int(table["address"].nunique()), **hashes,
        }  # fmt: skip
        write_whole(folder, "design.json", canonical(sealed(frozen)))
    except OSError as error:
        raise unwritable(folder, error) from None
    return Store(folder, study, frozen)


def _visible(folder: Path) -> Iterator[Path]:
    """Return what is in a folder, without what a file system or an unfinished start left there."""
    return (
        p
        for p in folder.iterdir()
        if not p.name.startswith(".") and p.name not in ("plan.parquet", "points.parquet", "lost+found")
    )


def open_store(folder: Path) -> Store:
    """Open a study's folder, or say in one sentence why it cannot be."""
    path = folder / "design.json"
    if not path.is_file():
        raise InputError(f"{folder} holds no study: design.json is not there.")
    try:
        frozen = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"{path} cannot be read ({type(error).__name__}); 'familyabm study verify' says more."
        ) from None
    if not isinstance(frozen, dict) or frozen.get("format") != FORMAT:
        found = frozen.get("format") if isinstance(frozen, dict) else frozen
        raise InputError(f"{path}: format = {shown(found)} is not known; {FORMAT} is.")
    study = study_files.from_json(frozen.get("study") or {}, str(path))
    return Store(folder, study.with_points(read_frame(folder / "points.parquet").set_index("point")), frozen)


def read_frame(path: Path) -> pd.DataFrame:
    """Read one of a study's own tables, or say in one sentence that it cannot be read."""
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: Exception) -> InputError:
    """Say that what a study's folder holds cannot be read."""
    return InputError(f"{path} cannot be read ({type(error).__name__}); 'familyabm study verify' says what is wrong.")


def add_provenance(folder: Path, inputs: Mapping[str, Any]) -> str:
    """Record what results rest on from now on; return its hash."""
    content = canonical(inputs)
    name = hashlib.sha256(content).hexdigest()
    if not (folder / "provenance" / f"{name}.json").exists():
        write_whole(folder, f"provenance/{name}.json", content)
    return name


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return content with its own checksum, so that a changed byte shows."""
    return {**content, "sealed": hashlib.sha256(canonical(content)).hexdigest()}


def seal_holds(data: bytes) -> bool:
    """Tell whether a sealed file is, byte for byte, what was written."""
    try:
        content = json.loads(data)
        inner = {key: value for key, value in content.items() if key != "sealed"}
        return bool(canonical(sealed(inner)) == data)
    except (ValueError, AttributeError, RecursionError):
        return False


def parquet(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def write_whole(folder: Path, name: str, content: bytes) -> str:
    """Write a file of the folder, whole or not at all; return its checksum."""
    aside = folder / "tmp" / uuid.uuid4().hex
    try:
        _write(aside, content)
        os.replace(aside, folder / name)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _flush_folder((folder / name).parent)
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(path: Path) -> None:
    """Flush a folder's entries, where the system has folders that can be flushed."""
    if os.name != "posix":
        return
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def add_part(folder: Path, key: str, tables: Mapping[str, pa.Table], replaces: list[str] | None = None) -> str:
    """Put a part in place, whole or not at all, and return the checksum of what describes it.

    Where a part of that key is in place already it is left as it is: it holds the same runs.
    """
    aside, place = folder / "tmp" / uuid.uuid4().hex, folder / "parts" / key
    try:
        aside.mkdir()
        about: dict[str, Any] = {"key": key, "tables": {}, "replaces": replaces or []}
        for name, table in tables.items():
            content = parquet(table)
            _write(aside / f"{name}.parquet", content)
            checksum = hashlib.sha256(content).hexdigest()
            about["tables"][name] = {"rows": table.num_rows, "bytes": len(content), "sha256": checksum}
        return settle_part(folder, aside, place, about)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise unwritable(folder, error) from None


def settle_part(folder: Path, aside: Path, place: Path, about: Mapping[str, Any]) -> str:
    """Describe a part that has been written aside, and rename it into place."""
    described = canonical(sealed(about))
    _write(aside / "part.json", described)
    _flush_folder(aside)
    try:
        os.rename(aside, place)
    except OSError:
        if not (place / "part.json").is_file():
            raise
        shutil.rmtree(aside, ignore_errors=True)
        described = (place / "part.json").read_bytes()
    _flush_folder(folder / "parts")
    return hashlib.sha256(described).hexdigest()


def in_place(folder: Path, key: str) -> str:
    """Return the checksum of what describes a part that is in place and can be read, empty where there is none."""
    place = folder / "parts" / key
    try:
        described = (place / "part.json").read_bytes()
        pq.read_table(place / "runs.parquet", columns=["address", "status"])
    except (OSError, pa.ArrowInvalid):
        return ""
    return hashlib.sha256(described).hexdigest() if seal_holds(described) else ""


def enter(folder: Path, runner: str, key: str, checksum: str = "", withdrawn: str = "") -> None:
    """Enter a part in the runner's own ledger, of which it is the only writer: as stored, or as withdrawn and why."""
    entry = {"part": key, "withdrawn": withdrawn} if withdrawn else {"part": key, "sha256": checksum}
    try:
        with (folder / "ledger" / f"{runner}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(folder, error) from None


@dataclass
class Stored:
    """What is stored so far: every address with its status, and how often it was tried where that was in vain."""

    store: Store
    status: dict[str, str] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    """Parts that need not be read, because what they hold is noted."""

    def refresh(self) -> None:
        """Read the parts that have come since."""
        with os.scandir(self.store.folder / "parts") as entries:
            new = [entry.name for entry in entries if entry.name not in self.seen]
        for key in sorted(new):
            path = self.store.folder / "parts" / key / "runs.parquet"
            try:
                table = pq.read_table(path, columns=["address", "status", "attempt"]).to_pylist()
            except (OSError, pa.ArrowInvalid):
                continue
            self.seen.add(key)
            for row in table:
                self.note(row["address"], row["status"], row["attempt"])

    def note(self, address: str, status: str, attempt: int) -> None:
        """Note one run; a run that was lived is never overruled by one that failed."""
        if self.status.get(address) not in LIVED:
            self.status[address] = status
        if status not in LIVED or attempt > 1:
            self.attempts[address] = max(attempt, self.attempts.get(address, 0))
