"""Files written whole or not at all: beside their place, then moved there, so that no reader meets half of one."""

import os
from pathlib import Path


def write_whole(path: Path, data: bytes, flushed: bool = False) -> Path:
    """Write a file whole or not at all, and return its path.

    flushed: return only once the file and its name are on the disk, so that both survive a loss of power.
    Raises OSError where the folder cannot be written or the disk is full.
    """
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        if flushed:
            file.flush()
            os.fsync(file.fileno())
    partial.replace(path)
    if flushed and os.name == "posix":  # elsewhere folders cannot be flushed
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return path
