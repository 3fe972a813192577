"""The wheel holds the package, its data and its pages, and the command works from any folder."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import familyabm

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> list[str]:
    """Return the names of the files in a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    return zipfile.ZipFile(next(folder.glob("*.whl"))).namelist()


@pytest.mark.slow
@pytest.mark.parametrize(
    "file",
    ["familyabm/data/areas.csv", "familyabm/data/coverage.csv", "familyabm/report/templates/study.html.j2",
     "familyabm/scenarios/whole-system.toml", "familyabm/report/templates/page.html.j2",
     "familyabm/rules/households.py", "familyabm/py.typed", "familyabm_visualization/solara_page.py",
     "familyabm_visualization/templates/watch.html.j2", "familyabm_visualization/static/picture.js",
     "familyabm_visualization/live_controls.vue", "familyabm/report/templates/comparison_summary.html.j2"],
)  # fmt: skip
def test_the_wheel_holds_what_the_product_needs(wheel, file):
    assert file in wheel


@pytest.mark.slow
def test_the_wheel_holds_no_tests_and_no_constraints(wheel):
    assert not [name for name in wheel if name.startswith(("tests", "constraints", "tools"))]


def test_the_command_works_from_any_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "familyabm.cli", "scenarios", "--json"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "whole-system" in done.stdout


def test_constraints_name_versions_and_never_an_address():
    for path in (ROOT / "constraints").glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        assert all("==" in line and "/" not in line and "@" not in line for line in lines), path


def test_public_names_are_few_and_all_there():
    assert len(familyabm.__all__) <= 12
    for name in familyabm.__all__:
        assert getattr(familyabm, name) is not None
    with pytest.raises(AttributeError, match="no attribute"):
        getattr(familyabm, "nothing_of_the_kind")  # noqa: B009 - as a user would meet it


def test_importing_the_package_imports_neither_mesa_nor_pandas():
    code = "import sys, familyabm; sys.exit(bool({'mesa', 'pandas', 'numba'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_release_is_checked_with_every_example_and_with_pages_that_are_there():
    from tools import release_check

    assert set(release_check.SMALL) == {path.stem for path in (ROOT / "examples").glob("*.py")}
    assert all((ROOT / name).is_file() for name in release_check.PAGES)
