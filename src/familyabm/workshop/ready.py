"""Whether this computer is ready for a workshop: what can be told before anybody arrives, each with what to do.

Nothing is sent anywhere to find out. What only a browser, a printer or a phone can tell is asked of the trainer.
"""

import ipaddress
import os
import shutil
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from familyabm import areas, compiled, levers, simulation
from familyabm.parameters import DEFAULT
from familyabm.population import homes_for

Verdict = Literal["good", "look", "no"]
GOOD: Verdict = "good"
LOOK: Verdict = "look"
NO: Verdict = "no"
WORDS: dict[str, str] = {GOOD: "Ready", LOOK: "Look at this", NO: "Not ready"}
LEAST_DISK = 1_000_000_000
"""Bytes that should be free: results of a long day, and room for the system to breathe."""
SLOW = 3.0
"""Seconds for one year of the town beyond which rounds take long enough to be planned for."""
FAMILIES = 1000
PEOPLE_WAIT = 8
"""Lives of a round that a room waits for at most."""


@dataclass(frozen=True)
class Check:
    """One thing looked at. said: what was found.  help: what to do, if anything."""

    name: str
    title: str
    verdict: Verdict
    said: str
    help: str = ""


def checks(area: str, host: str, port: int, folder: Path, *, serving: bool = False) -> list[Check]:
    """Look at everything that takes no time. folder: where results are kept.  serving: this server holds the port."""
    return [rules(), places(host, port), port_free(host, port, serving), disk(folder), town(area), printing()]


def rules() -> Check:
    """Tell whether the rules are compiled on this machine."""
    if compiled.compiled_before():
        return Check("rules", "The model", GOOD, "The model is ready to run: its rules are compiled.")
    return Check(
        "rules", "The model", NO, "The model has not run on this computer yet.",
        "Run “familyabm lesson run open-door” once. It takes a few minutes, and only the first time.",
    )  # fmt: skip


def town(area: str) -> Check:
    """Tell whether the area is known, and what of it was filled in."""
    place = areas.find(area)
    said = f"The town is {place.la_name}."
    if place.filled:
        return Check("town", "The town", LOOK, said, place.filled_sentence())
    return Check("town", "The town", GOOD, f"{said} Every starting figure is its own.")


def addresses() -> list[str]:
    """Return this computer's addresses on local networks, the likeliest first; none is asked of anybody outside."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial, suppress(OSError):
        trial.connect(("192.0.2.1", 9))  # nothing is sent: it only asks which way a packet would leave
        found.append(str(trial.getsockname()[0]))
    with suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return [place for place in dict.fromkeys(found) if _reachable(place)]


def _reachable(place: str) -> bool:
    own = ipaddress.ip_address(place)
    return not (own.is_loopback or own.is_link_local or own.is_unspecified)


def open_to_phones(host: str) -> bool:
    """Tell whether a server on that host answers other devices."""
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def places(host: str, port: int) -> Check:
    """Say at which address phones would find the workshop."""
    found = addresses()
    if not found:
        return Check(
            "places", "Phones", LOOK, "This computer is on no network, so phones cannot join.",
            "Join a Wi-Fi network or a phone's hotspot, or use paper: it works as well.",
        )  # fmt: skip
    address = f"http://{found[0]}:{port}/"
    if open_to_phones(host):
        return Check("places", "Phones", GOOD, f"Phones on the same network find this computer at {address}")
    return Check(
        "places", "Phones", LOOK, f"Pages answer this computer alone. With phones, the address would be {address}",
        "If tables use phones, “familyabm workshop” answers them; “familyabm app --host 0.0.0.0” lets one try here. "
        "Lessons and paper need none.",
    )  # fmt: skip


def port_free(host: str, port: int, serving: bool) -> Check:
    """Tell whether the port can be used, unless it is this very server that holds it."""
    if serving:
        return Check("port", "The address", GOOD, f"The pages are being served at port {port}.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            return Check(
                "port", "The address", NO, f"Port {port} is taken: {(error.strerror or 'in use').lower()}.",
                f"Close what uses it, or add “--port {port + 1 if port < 65_535 else 8750}”.",
            )  # fmt: skip
    return Check("port", "The address", GOOD, f"Port {port} is free.")


def disk(folder: Path) -> Check:
    """Tell whether there is room for results, and whether they can be written."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:,.1f} GB are free where results are kept."
    if not os.access(there, os.W_OK):
        return Check("disk", "Disk", NO, f"{there} cannot be written.", "Choose another place with --folder.")
    if free < LEAST_DISK:
        return Check("disk", "Disk", LOOK, said, "Make room: a gigabyte is plenty.")
    return Check("disk", "Disk", GOOD, said)


def printing() -> Check:
    """Say what to do about paper: no program can tell that a sheet came out."""
    return Check(
        "printing", "Printing", LOOK, "Print one page now. A program cannot see whether it came out.",
        "“familyabm pack --out pack” writes everything to print, as web pages and for Word.",
    )  # fmt: skip


def speed(area: str, families: int = FAMILIES) -> Check:
    """Measure how long one year of the town takes, its past apart."""
    place = areas.find(area)
    scale = round(families / homes_for(place.children_0_17, DEFAULT), 6)
    past = simulation.past(place, DEFAULT, 1, scale)
    simulation.live(past, levers.find("status-quo"), 1, 1)
    began = time.perf_counter()
    simulation.live(past, levers.find("status-quo"), 52, 1)
    return timed(time.perf_counter() - began, place.la_name, families)


def timed(took: float, name: str, families: int) -> Check:
    """Say what a measured time means for a room."""
    said = f"One year of {name} with {families:,} families takes {took:.2f} seconds here."
    if took > SLOW:
        return Check("speed", "Speed", LOOK, said, "Close other programs, plug in the charger, or take fewer families.")
    wait = max(1, round(PEOPLE_WAIT * took))
    return Check("speed", "Speed", GOOD, f"{said} A round takes {wait} second{'s' * (wait > 1)} or less.")


def worst(found: Iterable[Check]) -> Verdict:
    """Return the worst verdict of several checks."""
    order: tuple[Verdict, ...] = (GOOD, LOOK, NO)
    return max((check.verdict for check in found), key=order.index, default=GOOD)
