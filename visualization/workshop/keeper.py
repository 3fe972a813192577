"""The one room of a server: every change is on the disk before anybody is told of it, and survives the server.

Nothing of it says who anybody is: a device is a random number that sits at a table, and is forgotten with the room.
"""

import json
import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from familyabm import areas
from familyabm.errors import InputError
from familyabm.workshop import files
from familyabm.workshop.room import Room

from ..jobs import Jobs
from .work import Runner

LETTERS = "BCDFGHJKMNPQRSTVWXYZ"
"""Letters of a code: none that is taken for another, and none that makes a word."""
CODE = 6
MOST_DEVICES = 300
TRIES, MINUTE = 10, 60.0
"""Wrong codes or keys that one address may send in a minute."""


class Keeper:
    """Holds the room, writes it, and tells who may do what."""

    def __init__(self, home: Path, jobs: Jobs, go_on: bool = True) -> None:
        """Keep rooms in a folder, and go on with the last if there is one. Raises InputError if it is broken."""
        self.home, self._jobs = home / "workshops", jobs
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)  # for whoever leads the workshop alone
        self._lock, self._disk = threading.RLock(), threading.Lock()
        self.version, self._written = 0, 0
        self._wrong: dict[str, deque[float]] = {}
        self.key = self._own_key()
        self.room: Room | None = None
        self.runner: Runner | None = None
        self._secret: dict[str, Any] = {}
        last = self._last() if go_on else None
        if last is not None:
            try:
                self._open(last)
            except InputError as error:
                raise InputError(f"{error} With --new another workshop is begun, and this one left as it is.") from None

    # --- Rooms ---------------------------------------------------------------------------------------------------

    def _own_key(self) -> str:
        """Return this machine's facilitator key, made once."""
        path = self.home / "facilitator-key"
        if not path.exists():
            files.put(path, secrets.token_urlsafe(24).encode())
        return path.read_text(encoding="ascii").strip()

    def _last(self) -> Path | None:
        kept = sorted(path.parent for path in self.home.glob("*/room.json"))
        return kept[-1] if kept else None

    @property
    def folder(self) -> Path:
        """Return the room's folder."""
        return self.home / self.there.name

    @property
    def there(self) -> Room:
        """Return the room. Raises InputError if there is none."""
        if self.room is None:
            raise InputError("There is no workshop now.")
        return self.room

    @property
    def running(self) -> Runner:
        """Return what works things out for the room."""
        if self.runner is None:
            raise InputError("There is no workshop now.")
        return self.runner

    def _open(self, folder: Path) -> None:
        room = files.load(folder / "room.json")
        self._secret = _secret_of(folder / "secret.json")
        if not self._secret:
            self._secret = {"code": new_code(), "devices": {}}
            files.put(folder / "secret.json", json.dumps(self._secret).encode())
        self.room, self.runner = room, Runner(self._jobs, folder)

    def begin(self, area: str, length: int, families: int, small: bool, seed: int = 1) -> None:
        """Begin a room of its own, beside those that were."""
        place = areas.named(area)
        name = datetime.now().strftime("%Y-%m-%d-%H%M%S")
        while (self.home / name).exists():
            name += "b"
        title = "England" if place.la_code == "average" else place.la_name
        room = Room(name, title, families, seed, length, datetime.now().isoformat(" ", "minutes"), small)
        room.timer.start(room.at.seconds, time.time())
        with self._lock, self._disk:
            folder = self.home / name
            folder.mkdir(mode=0o700)
            files.put(folder / "secret.json", json.dumps({"code": new_code(), "devices": {}}).encode())
            files.put(folder / "room.json", files.as_bytes(room))
            self._close_runner()
            self._open(folder)
            self.version += 1
            self._written = self.version
        self.running.look(self.there)

    def delete(self) -> None:
        """Delete the room with everything that was kept of it."""
        with self._lock, self._disk:
            self._close_runner()
            shutil.rmtree(self.folder, ignore_errors=True)
            self.room, self._secret = None, {}
            self.version += 1
            self._written = self.version

    def close(self) -> None:
        """Start nothing more; what is there is on the disk."""
        self._close_runner()

    def _close_runner(self) -> None:
        if self.runner is not None:
            self.runner.close()
        self.runner = None

    # --- Changes -------------------------------------------------------------------------------------------------

    def change(self, does: Callable[[Room], None]) -> None:
        """Change the room, and return once that is on the disk; changes made at once share one writing.

        Raises InputError where it cannot be done; then nothing has changed.
        """
        with self._lock:
            before = self.there.step
            does(self.there)
            moved = self.there.step != before
            self.version += 1
            mine = self.version
        with self._disk:
            if self._written < mine:
                with self._lock:
                    data, upto, path = files.as_bytes(self.there), self.version, self.folder / "room.json"
                try:
                    files.put(path, data)
                except InputError:
                    with self._lock:
                        self.room = files.load(path)  # what could not be kept has not happened
                    raise
                self._written = upto
        if moved:
            self.running.look(self.there)  # nothing but a step makes more to work out

    # --- Who may do what -----------------------------------------------------------------------------------------

    @property
    def code(self) -> str:
        """Return the code that people join with."""
        return str(self._secret.get("code", ""))

    def table_of(self, device: str) -> str:
        """Return the table at which a device sits, empty if it is not known."""
        with self._lock:
            name = str(self._secret.get("devices", {}).get(device, ""))
            seated = self.room is not None and name in {table.name for table in self.room.tables}
        return name if seated else ""

    def knows(self, device: str) -> bool:
        """Tell whether a device has given the code."""
        with self._lock:
            return device in self._secret.get("devices", {})

    def let_in(self, given: str, address: str) -> str:
        """Return a new device's number for the right code. Raises InputError for a wrong one, or too many of them."""
        self._not_too_often(address)
        with self._lock:
            if self.room is None or not self.code:
                raise InputError("There is no workshop now. Ask the person who leads it.")
            if not _same(tidy(given), self.code):
                self._note_wrong(address)
                raise InputError("That is not the code. Copy the six letters from the shared screen.")
            devices: dict[str, str] = self._secret["devices"]
            if len(devices) >= MOST_DEVICES:
                raise InputError("Too many devices have joined this workshop; share one at your table.")
            device = secrets.token_urlsafe(18)
            self._keep_devices({**devices, device: ""})
            return device

    def seat(self, device: str, name: str) -> None:
        """Seat a device at a table; it may change its table."""
        with self._lock:
            if not self.knows(device):
                raise InputError("Enter the code first.")
            table = self.there.table_of(name)
            self._keep_devices({**self._secret["devices"], device: table.name})
        if table.name not in self.there.here:
            self.change(lambda room: room.sit(table.name))

    def _keep_devices(self, devices: dict[str, str]) -> None:
        secret = self._secret | {"devices": devices}
        files.put(self.folder / "secret.json", json.dumps(secret).encode())
        self._secret = secret

    def is_facilitator(self, given: str) -> bool:
        """Tell whether a key is the facilitator's."""
        return _same(given, self.key)

    def check_key(self, given: str, address: str) -> None:
        """Raise InputError unless a key is the facilitator's, or if too many were tried."""
        self._not_too_often(address)
        if not self.is_facilitator(given):
            self._note_wrong(address)
            raise InputError("That is not the facilitator's key. It stands where the workshop was started.")

    def _not_too_often(self, address: str) -> None:
        with self._lock:
            tries = self._wrong.get(address, deque())
            while tries and time.monotonic() - tries[0] > MINUTE:
                tries.popleft()
            if len(tries) >= TRIES:
                raise TooOftenError("Too many wrong tries. Wait a minute, then try again.")

    def _note_wrong(self, address: str) -> None:
        with self._lock:
            if len(self._wrong) > 10_000:
                self._wrong.clear()
            self._wrong.setdefault(address, deque()).append(time.monotonic())


class TooOftenError(InputError):
    """Too many wrong codes or keys from one address."""


def new_code() -> str:
    """Return a code that nobody can guess in the time there is."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE))


def tidy(given: str) -> str:
    """Return a code as it was meant: capitals, without spaces and dashes."""
    return "".join(letter for letter in given[:40].upper() if letter.isalnum())


def _same(one: str, other: str) -> bool:
    return bool(other) and secrets.compare_digest(one.encode(), other.encode())


def _secret_of(path: Path) -> dict[str, Any]:
    """Return what a room keeps to itself; if its file is broken, devices join anew with a new code."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        return whole if isinstance(whole["code"], str) and isinstance(whole["devices"], dict) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
