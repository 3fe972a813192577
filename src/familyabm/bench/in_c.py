"""The anchor in C: the adult-risk process written out by hand, on the same tables, with the same luck and results."""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from familyabm.errors import InputError
from familyabm.town import LAYOUT, NUMBERS, Town

SOURCE = Path(__file__).with_name("adult_risk.c")
FLAGS = ("-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC")
"""No contraction of a product and a sum into one operation: it would change the last bit."""
TABLES = ("families", "adults", "authority", "levers", "limits")
GROUPS = ("chances", "circumstances", "effects", "adult_services")
COLUMNS = ("shocks", "luck", "family_keys", "family_hand", "awake")
_TYPES = {"f8": "double", "f4": "float"} | {
    f"{kind}{size}": f"{word}{8 * size}_t" for kind, word in (("i", "int"), ("u", "uint")) for size in (1, 2, 4, 8)
}
Process = Callable[[int], None]


def compiler() -> str | None:
    """Return the C compiler of this machine, if it has one."""
    return shutil.which("gcc") or shutil.which("cc")


def struct_of(name: str, kind: np.dtype[Any]) -> str:
    """Return a table's row as a C struct, which lies in memory as the aligned NumPy row does."""
    lines = []
    for field in kind.names or ():
        base, shape = (kind[field].subdtype or (kind[field], ()))[:2]
        lines.append(f"    {_TYPES[base.str[1:]]} {field}{''.join(f'[{n}]' for n in shape)};")
    end = max(kind.fields[field][1] + kind[field].itemsize for field in kind.names or ()) if kind.fields else 0
    lines += [f"    uint8_t spare_room[{kind.itemsize - end}];"] if kind.itemsize > end else []
    size = f'_Static_assert(sizeof(struct {name}) == {kind.itemsize}, "rows of {name}");'
    return "\n".join([f"struct {name} {{", *lines, "};", size, ""])


def whole_source() -> str:
    """Return the C source with the layouts of the tables above it."""
    kinds = {name: LAYOUT[name][0] for name in TABLES} | {name: NUMBERS[name] for name in GROUPS}
    return "\n".join(["#include <stdint.h>", *(struct_of(*row) for row in kinds.items()), SOURCE.read_text()])


def built(folder: Path) -> ctypes.CDLL:
    """Compile the process into a folder and load it; InputError if the compiler refuses it."""
    source, library = folder / "adult_risk.c", folder / "adult_risk.so"
    source.write_text(whole_source())
    words = [str(compiler()), *FLAGS, str(source), "-o", str(library), "-lm"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InputError(f"{words[0]} cannot compile adult_risk.c: {done.stderr.strip().splitlines()[0]}")
    return ctypes.CDLL(str(library))


def process(town: Town) -> Process:
    """Return the process in C, bound to a town's tables: it deals the week's luck and runs P2.

    The town must outlive it.
    """
    with tempfile.TemporaryDirectory() as folder:
        library = built(Path(folder))
    given = [*(town.given[name] for name in (*TABLES, *COLUMNS)), *(town.p.groups[name] for name in GROUPS)]
    given += [np.ascontiguousarray(town.adults["key"]), np.zeros(4 * len(town.adults), np.uint32)]
    words = [table.ctypes.data for table in given] + [len(town.families), len(town.adults)]
    address = (ctypes.c_int64 * len(words))(*words)
    run = library.escalate_or_resolve
    run.argtypes, run.restype = [ctypes.c_void_p, ctypes.c_int64], None

    def live(week: int, _kept: object = given) -> None:
        run(ctypes.byref(address), week)

    return live
