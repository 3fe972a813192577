"""Build wheel and sdist, install the wheel in an empty environment, and type there what the documents say.

Nothing of the repository is in reach while it runs: pages and examples are copied away first. Ends with 1 at the first
thing that does not work, and prints how long each step took.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md", "docs/start/researcher.md", "docs/start/trainer.md", "docs/start/policy.md",
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
    "with_solara": "m.page",
}
"""How each example is called, smaller than it comes."""


def step(what: str, *command: str | Path, cwd: Path, **given: str) -> str:
    """Run one command and return what it said; anything but success ends the check."""
    began = time.monotonic()
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | given
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    print(f"{what}: {'done' if done.returncode == 0 else 'FAILED'}, {time.monotonic() - began:.0f} s", flush=True)
    if done.returncode:
        sys.exit(f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def build(folder: Path) -> Path:
    """Build an sdist, and from it a wheel, and return the wheel."""
    step("wheel and sdist", sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    if not list(folder.glob("*.tar.gz")):
        sys.exit("no sdist was built")
    return next(folder.glob("*.whl"))


def install(wheel: Path, folder: Path, constraints: Path) -> Path:
    """Install the wheel with the app and the examples' packages in an empty environment, and return its Python."""
    step("empty environment", sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--constraint", constraints)
    step("the wheel installed", *pip, f"{wheel}[app,examples]", cwd=folder)
    return python


def check(python: Path, folder: Path) -> None:
    """Run README, pages and examples in a folder of their own."""
    for name in PAGES:
        shutil.copy(ROOT / name, folder / Path(name).name)
    shutil.copytree(ROOT / "examples", folder / "examples")
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
    notebook = ("-m", "nbclient.cli", "examples/with_jupyter.ipynb")
    step("examples/with_jupyter.ipynb", python, *notebook, cwd=folder)


def main() -> None:
    """Check a release from end to end."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--constraints", type=Path, required=True, help="Pinned versions for this Python.")
    constraints = asked.parse_args().constraints.resolve()
    with tempfile.TemporaryDirectory(prefix="familyabm-release-") as name:
        folder = Path(name).resolve()
        (folder / "work").mkdir()
        check(install(build(folder), folder, constraints), folder / "work")
    print("The release holds what its documents say.")


if __name__ == "__main__":
    main()
