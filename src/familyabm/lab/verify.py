"""Whether a study's folder is, byte for byte, what was stored; and setting aside what is not, so that it is run again.

Every file has a checksum somewhere else: tables in part.json, parts in the ledger, plan and points in design.json;
what describes others is sealed with its own. Nothing is ever deleted here: damaged parts are moved to `damaged`.
"""

import hashlib
import json
import os
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from familyabm.lab import store
from familyabm.lab.store import FOLDERS, Store

_KNOWN = (*FOLDERS, "design.json", "points.parquet", "plan.parquet", "damaged", "exports")
_LEFT_BY_SYSTEMS = (".nfs", ".fuse_hidden")


class Damage(NamedTuple):
    """One thing that is wrong: which file or part, and what is wrong with it."""

    file: str
    what: str
    part: str = ""


def checksum(path: Path) -> str:
    """Return a file's SHA-256 without reading it into memory at once."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path) -> list[Damage]:
    """Return everything in a study's folder that is damaged, missing or foreign; an empty list if it is whole."""
    missing = [Damage(name, "is missing") for name in ("parts", "ledger") if not (folder / name).is_dir()]
    if missing:
        return [*frame(folder), *missing]
    found = [*frame(folder), *_foreign(folder)]
    if any(damage.file in ("design.json", "plan.parquet") for damage in found):
        return [*found, *_parts(folder, None)]
    addresses = _column(folder / "plan.parquet", "address")
    found += [*_parts(folder, addresses), *_ledger(folder)]
    return found or [*_rests_on(folder)]


def frame(folder: Path) -> Iterator[Damage]:
    """Check the frozen design and what results rest on."""
    design = folder / "design.json"
    if not design.is_file():
        yield Damage("design.json", "is missing")
        return
    data = design.read_bytes()
    if not store.seal_holds(data):
        yield Damage("design.json", "is not what was written")
        return
    frozen = json.loads(data)
    for name in ("points", "plan"):
        path = folder / f"{name}.parquet"
        if not path.is_file():
            yield Damage(path.name, "is missing")
        elif checksum(path) != frozen[f"{name}_sha256"]:
            yield Damage(path.name, "is not what was written")
    for path in sorted((folder / "provenance").glob("*")):
        if checksum(path) != path.stem:
            yield Damage(f"provenance/{path.name}", "is not what was written")


def _rests_on(folder: Path) -> Iterator[Damage]:
    """Check that what every run rests on is recorded."""
    known = {path.stem for path in (folder / "provenance").glob("*.json")}
    used = set[str]().union(*(_column(path, "provenance") for path in (folder / "parts").glob("*/runs.parquet")))
    for name in sorted(used - known):
        yield Damage(f"provenance/{name}.json", "is missing")


def _foreign(folder: Path) -> Iterator[Damage]:
    """Find what does not belong in a study's folder."""
    for path in sorted(folder.iterdir()):
        if path.name not in _KNOWN and not path.name.startswith(_LEFT_BY_SYSTEMS):
            yield Damage(path.name, "does not belong here")
    for path in sorted((folder / "ledger").iterdir()):
        if path.suffix != ".jsonl":
            yield Damage(f"ledger/{path.name}", "does not belong here")


def _parts(folder: Path, addresses: set[str] | None) -> Iterator[Damage]:
    for path in sorted((folder / "parts").iterdir()):
        yield from check_part(path, addresses)


def check_part(path: Path, addresses: set[str] | None = None) -> Iterator[Damage]:
    """Check one part: its description, its tables, and that its runs are of this study where addresses are given."""
    name, described = f"parts/{path.name}", path / "part.json"
    if not path.is_dir():
        yield Damage(name, "does not belong here")
        return
    if not described.is_file():
        yield Damage(f"{name}/part.json", "is missing", path.name)
        return
    data = described.read_bytes()
    if not store.seal_holds(data) or json.loads(data).get("key") != path.name:
        yield Damage(f"{name}/part.json", "is not what was written", path.name)
        return
    tables = json.loads(data)["tables"]
    for table, about in tables.items():
        file = path / f"{table}.parquet"
        if not file.is_file():
            yield Damage(f"{name}/{file.name}", "is missing", path.name)
        elif file.stat().st_size != about["bytes"] or checksum(file) != about["sha256"]:
            yield Damage(f"{name}/{file.name}", "is not what was written", path.name)
        elif table == "runs" and addresses is not None and not _column(file, "address") <= addresses:
            yield Damage(name, "holds runs of another study", path.name)
    for file in sorted(path.iterdir()):
        if file.name != "part.json" and file.stem not in tables:
            yield Damage(f"{name}/{file.name}", "does not belong here")


def _column(path: Path, name: str) -> set[str]:
    return set(pq.read_table(path, columns=[name])[name].to_pylist())


class Ledger(NamedTuple):
    """What the ledgers say: each part's checksums, its entries less withdrawals, and lines that cannot be read."""

    parts: dict[str, set[str]]
    entries: Counter[str]
    torn: list[Damage]


def ledgers(folder: Path) -> Ledger:
    """Read every ledger; a last line cut short by a kill is nothing, any other broken line is damage."""
    found = Ledger({}, Counter(), [])
    for path in sorted((folder / "ledger").glob("*.jsonl")):
        text = path.read_bytes()
        for number, line in enumerate(text.split(b"\n"), start=1):
            if not line or (number == text.count(b"\n") + 1):
                continue
            try:
                entry = json.loads(line)
                key = entry["part"]
                if "withdrawn" in entry:
                    found.entries[key] -= 1
                else:
                    found.parts.setdefault(key, set()).add(entry["sha256"])
                    found.entries[key] += 1
            except (ValueError, KeyError, TypeError):
                found.torn.append(Damage(f"ledger/{path.name}", f"line {number} is not what was written"))
    return found


def _ledger(folder: Path) -> Iterator[Damage]:
    """Check that every part entered is there as it was entered, and that every part there was entered."""
    found = ledgers(folder)
    yield from found.torn
    there = {path.name: path for path in (folder / "parts").iterdir() if (path / "part.json").is_file()}
    replaced = {key for path in there.values() for key in _replaces(path)}
    for key, entered in found.parts.items():
        if key in there and checksum(there[key] / "part.json") not in entered:
            yield Damage(f"parts/{key}/part.json", "is not what was entered in the ledger", key)
        elif key not in there and key not in replaced and found.entries[key] > 0:
            yield Damage(f"parts/{key}", "is missing", key)
    for key in sorted(set(there) - set(found.parts)):
        yield Damage(
            f"parts/{key}", "is in no ledger: a ledger is missing, or its runner was killed; the next run enters it"
        )


def _replaces(path: Path) -> list[str]:
    try:
        return list(json.loads((path / "part.json").read_bytes())["replaces"])
    except (ValueError, KeyError, TypeError):
        return []


def mend(opened: Store, runner: str) -> list[str]:
    """Make a folder fit to go on with: set damaged parts aside so that their runs are lived again, and say so.

    A part that is missing is withdrawn from the ledger, one that was not entered before a kill is entered now.
    """
    folder, said, known = opened.folder, list[str](), set[str]()
    addresses = set(opened.plan()["address"])
    for path in sorted((folder / "parts").iterdir()):
        damages = [damage for damage in check_part(path, addresses) if damage.part]
        if damages:
            aside = folder / "damaged" / f"{path.name}-{uuid.uuid4().hex[:8]}"
            aside.parent.mkdir(exist_ok=True)
            with suppress(FileNotFoundError):  # another runner may have done so
                os.replace(path, aside)
            said.append(f"{damages[0].file} {damages[0].what}: set aside in {aside.parent}, its runs are lived again.")
            known.add(path.name)
    found = ledgers(folder)
    there = {path.name: path for path in (folder / "parts").iterdir() if path.is_dir()}
    replaced = {key for path in there.values() for key in _replaces(path)}
    gone = set(found.parts) - set(there) - replaced
    for key in sorted(key for key in gone if found.entries[key] > 0):
        for _ in range(found.entries[key]):  # the same runs may be stored again under this name, and be lost again
            store.enter(folder, runner, key, withdrawn="missing or damaged")
        if key not in known:
            said.append(f"part {key} was stored and is gone: its runs are lived again.")
    for key in sorted(set(there) - set(found.parts)):
        store.enter(folder, runner, key, checksum(there[key] / "part.json"))
    return said
