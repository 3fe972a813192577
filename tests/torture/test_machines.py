"""The same life on other processors, Pythons and hash seeds, as far as one machine can pretend to be another.

FAMILYABM_PYTHONS names further Pythons that have the package and pytest, with colons between.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import familyabm

ROOT = Path(__file__).parents[2]
SOURCES = str(Path(familyabm.__file__).resolve().parents[1])
CODE = "import sys; sys.path.insert(0, 'tests'); import test_exactness as t; print(t.digest_of_a_young_town())"
FEWER = (
    {"NPY_DISABLE_CPU_FEATURES": "X86_V4"}, {"NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3"}, {"OPENBLAS_NUM_THREADS": "2"},
    {"OPENBLAS_CORETYPE": "Haswell"}, {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": "{own}"},
)  # fmt: skip
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


def digest(python: str = sys.executable, **environment: str) -> str:
    """Return the digest of forty weeks of a small town, lived in a process of its own."""
    usual = {"PYTHONPATH": os.pathsep.join((SOURCES, str(ROOT))), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [python, "-c", CODE],
        cwd=ROOT,
        env=os.environ | usual | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def here() -> str:
    return digest()


@pytest.mark.parametrize(
    "environment", FEWER, ids=lambda given: " ".join(f"{name}={value}" for name, value in given.items())
)
def test_a_life_is_the_same_with_fewer_instructions_of_the_processor(
    here: str, tmp_path: Path, environment: dict[str, str], figure
):
    found = digest(**{name: value.replace("{own}", str(tmp_path)) for name, value in environment.items()})
    figure("digest", found[:16])
    assert found == here


@pytest.mark.parametrize("seed", range(1, 21))
def test_a_life_is_the_same_for_twenty_hash_seeds(here: str, seed: int, figure):
    found = digest(PYTHONHASHSEED=str(seed))
    figure("digest", found[:16])
    assert found == here


PYTHONS = [path for path in os.environ.get("FAMILYABM_PYTHONS", "").split(":") if path]


@pytest.mark.skipif(not PYTHONS, reason="FAMILYABM_PYTHONS names no other Python")
def test_a_life_is_the_same_on_every_python_that_is_here(here: str, figure):
    found = {python: digest(python) for python in PYTHONS}
    for python, one in found.items():
        figure(python, one[:16])
    assert set(found.values()) == {here}
