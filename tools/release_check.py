"""Build wheel and sdist, install the wheel in an empty environment, and type there what the documents say.

Nothing of the repository is in reach while it runs: pages and examples are copied away first, and what the user's cache
holds already is not seen. Ends with 1 at the first thing that does not work, and prints how long each step took.
`python -m tools.release_check`, from the repository.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from tests.app_pages import SMALL as SMALL_WORLDS
from tests.app_pages import served
from tools.tutorials import small

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md", "docs/start/install.md", "docs/start/researcher.md", "docs/start/trainer.md", "docs/start/policy.md",
    "docs/tutorials/first-comparison.md", "docs/tutorials/run-a-workshop.md", "docs/tutorials/your-own-authority.md",
)  # fmt: skip
"""What newcomers read first, and a tutorial for each kind of person."""
WHERE = "import familyabm; print(familyabm.__file__)"
SMALL = {
    "with_mesa": "m.batch(0.004, 1, 2), m.watched(0.004, 3)",
    "with_ema_workbench": "m.explore(2, 2, 0.004, 1)",
    "with_salib": "m.indices(4, 0.004, 1)",
    "with_optuna": "m.front(3, 1, 0.004, 1)",
    "with_networkx": "m.central(0.004, 4)",
    "with_duckdb": "m.asked(lucks=2, scale=0.004, years=1)",
    "another_town": "m.spreads(2, 2, 0.02, 1)",
    "with_solara": "__import__('solara').render(m.page, handle_error=False)",
}
"""How each example is called, smaller than it comes."""


def step(what: str, *command: str | Path, cwd: Path) -> str:
    """Run one command and return what it said; anything but success ends the check."""
    with told(what):
        words = [str(word) for word in command]
        done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what was done, whether it worked and how long it took."""
    began, how = time.monotonic(), "FAILED"
    try:
        yield
        how = "done"
    finally:
        print(f"{what}: {how}, {time.monotonic() - began:.0f} s", flush=True)


def build(folder: Path) -> Path:
    """Build an sdist, and from it a wheel, and return the wheel."""
    step("wheel and sdist", sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    if not list(folder.glob("*.tar.gz")):
        sys.exit("no sdist was built")
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path, constraints: Path) -> Path:
    """Install the wheel with the app and the examples' packages in an empty environment, and return its Python.

    This environment's pip does it, so that none is unpacked there first; what is imported is compiled when it is.
    """
    step("empty environment", sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    how = ("install", "--quiet", "--no-compile", "--constraint", constraints)
    step("the wheel installed", *pip, *how, f"{wheel}[app,examples]", cwd=folder)
    return python


def check(python: Path, folder: Path) -> None:
    """Run README, pages, examples and the app in a folder of their own."""
    for name in PAGES:
        shutil.copy(ROOT / name, folder / Path(name).name)
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tools" / "tutorials.py", folder)
    found = Path(step("the package is the installed one", python, "-c", WHERE, cwd=folder).strip())
    if folder.parent not in found.parents:
        sys.exit(f"familyabm was imported from {found}")
    step("rules compiled, one year lived", python, "-m", "familyabm.cli", "run", "Wakefield", "--scale", "0.004",
         "--years", "1", "--json", cwd=folder)  # fmt: skip
    for name in PAGES:
        step(name, python, "tutorials.py", Path(name).name, cwd=folder)
    for name, call in SMALL.items():
        code = f"import {name} as m\nif __name__ == '__main__':\n    print({call})\n"
        (folder / "examples" / f"try_{name}.py").write_text(code)
        step(f"examples/{name}.py", python, Path("examples") / f"try_{name}.py", cwd=folder)
    notebook(python, folder)
    app(python, folder)


def notebook(python: Path, folder: Path) -> None:
    """Run the notebook, smaller than it comes, and look for the picture that a comparison draws of itself."""
    path = folder / "examples" / "with_jupyter.ipynb"
    path.write_text(small(path.read_text(encoding="utf-8")), encoding="utf-8")
    execute = (python.with_name("jupyter-execute"), "--output=done", path)
    step("examples/with_jupyter.ipynb", *execute, cwd=folder)
    cells = json.loads((folder / "examples" / "done.ipynb").read_text(encoding="utf-8"))["cells"]
    if "<svg" not in str([cell.get("outputs") for cell in cells]):
        sys.exit("the notebook shows no picture")


def app(python: Path, folder: Path) -> None:
    """Start the installed app, open its pages and have it compare two small worlds."""
    (folder / "app").mkdir()
    with (
        told("the app: pages, and two worlds compared"),
        chdir(folder),
        served(folder / "app", python=python) as server,
    ):
        for page in ("/", "/settings", "/watch", "/lessons", "/workshop/check", "/report"):
            status, text = server.get(page)
            if status != 200 or "familyabm" not in text:
                sys.exit(f"{page} answered {status}")
        server.run(SMALL_WORLDS)
        if "<svg" not in server.get(f"/compare?{SMALL_WORLDS}&bet=skip")[1]:
            sys.exit("the comparison shows no picture")


def main() -> None:
    """Check a release from end to end."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--constraints", type=Path, required=True, help="Pinned versions for this Python.")
    constraints = asked.parse_args().constraints.resolve()
    os.environ.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory(prefix="familyabm-release-") as name:
        folder = Path(name).resolve()
        (folder / "work").mkdir()
        python = install(build(folder), folder, constraints)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")  # the rules are compiled as on a new machine
        check(python, folder / "work")
    print("The release holds what its documents say.")


if __name__ == "__main__":
    main()
