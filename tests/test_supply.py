"""What is handed on: the same sources give the same wheel and archive, and what they hold is what they should."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CACHES = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".hypothesis", ".*_cache")


def away(folder: str, names: list[str]) -> set[str]:
    """Return what is no source: caches anywhere, and what is made at the top."""
    made = {"results", "build", "dist"} if Path(folder) == ROOT else set()
    return set(CACHES(folder, names)) | made & set(names)


def built(sources: Path, out: Path, **environment: str) -> dict[str, str]:
    """Build a wheel and an archive without a network and return their names and digests."""
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(sources)],
        env=os.environ | {"SOURCE_DATE_EPOCH": "1750000000"} | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.iterdir())}


@pytest.mark.slow
def test_built_twice_wheel_and_archive_are_the_same_bytes(tmp_path: Path):
    """From another folder, at another time, with other rights and in another time zone."""
    shutil.copytree(ROOT, tmp_path / "elsewhere", ignore=away)
    for path in (tmp_path / "elsewhere" / "src").rglob("*.py"):
        os.utime(path, (1, 1))
    one = built(ROOT, tmp_path / "one", TZ="UTC")
    other = built(tmp_path / "elsewhere", tmp_path / "other", TZ="Asia/Tokyo", PYTHONHASHSEED="7")
    assert len(one) == 2
    assert one == other
    with tarfile.open(next((tmp_path / "one").glob("*.tar.gz"))) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers()}
    assert {"pyproject.toml", "LICENSE", "src/familyabm/cli.py"} <= names
    assert not [name for name in names if name.startswith((".ci/", ".git/", ".venv", "results/"))]


def test_every_python_has_a_pin_for_whatever_it_may_install():
    from packaging.requirements import Requirement

    asked = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for minor in (11, 12, 13):
        lines = (ROOT / "constraints" / f"py3{minor}.txt").read_text(encoding="utf-8").splitlines()
        pins = {Requirement(line).name.casefold(): Requirement(line) for line in lines if line and line[0] != "#"}
        assert all(len(pin.specifier) == 1 and str(pin.specifier).startswith("==") for pin in pins.values())
        for name in ("mesa", "numpy", "numba", "pandas", "pyarrow", "solara", "starlette", "uvicorn", "jinja2"):
            assert name in pins, (minor, name)
        floor = {"starlette": (0, 49, 1), "jinja2": (3, 1, 6)}  # below them are weaknesses that were mended there
        for name, least in floor.items():
            version = str(pins[name].specifier).removeprefix("==")
            assert tuple(int(part) for part in version.split(".")[:3]) >= least, (minor, name)
        assert "diskcache" not in pins, "it has a weakness that nobody mends"
    assert 'requires-python = ">=3.11"' in asked
