"""The same life on other processors, Pythons and hash seeds, as far as one machine can pretend to be another.

FAMILYABM_PYTHONS names further Pythons that have the package and pytest, with colons between.
"""

import gzip
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import familyabm
from familyabm import areas, levers, simulation
from familyabm.parameters import DEFAULT

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


GOES_ON = """
import gzip, hashlib, pickle, sys
sys.path.insert(0, 'tests')
from towns import bytes_of, field_bytes
for name in sys.argv[1:]:
    with gzip.open(name) as file:
        life = pickle.load(file)
    while life.week < life.weeks:
        life.step()
    whole = hashlib.sha256(field_bytes(life.result().journal))
    for table, data in sorted(bytes_of(life.town).items()):
        whole.update(table.encode() + data)
    print(whole.hexdigest())
"""


def test_a_life_broken_off_at_any_week_goes_on_in_another_process_as_it_would_have(tmp_path: Path, figure):
    """Fifty lives, each kept after a week drawn at random, and one that was never broken off: all end alike."""
    past = simulation.past(areas.named("Wakefield"), DEFAULT, 1, 0.006)
    life = simulation.Life(past, levers.find("whole-system"), 104, journal=True)
    weeks = {0, *(int(week) for week in np.random.default_rng(1).choice(np.arange(1, 104), 50, replace=False))}
    for week in range(104):
        if week in weeks:
            (tmp_path / f"{week}.gz").write_bytes(gzip.compress(pickle.dumps(life), 1))
        life.step()
    kept = sorted(map(str, tmp_path.glob("*.gz")))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((SOURCES, str(ROOT)))}
    done = subprocess.run(
        [sys.executable, "-c", GOES_ON, *kept], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    ends = done.stdout.split()
    figure("lives that ended otherwise", len(set(ends)) - 1)
    assert len(ends) == 51
    assert len(set(ends)) == 1
