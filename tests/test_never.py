"""What the sources never do, whoever writes the next one: run what was given, call anybody, take chance from nowhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [*sorted((ROOT / "src").rglob("*.py")), *sorted((ROOT / "visualization").rglob("*.py"))]
PACKAGE = ROOT / "src" / "familyabm"

RUNS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "pickle.load", "pickle.loads", "marshal.loads", "shelve.open",
        "pandas.read_pickle", "pd.read_pickle", "joblib.load", "yaml.load", "yaml.unsafe_load", "runpy.run_path", "tempfile.mktemp"}  # fmt: skip
CALLS = {"requests", "httpx", "aiohttp", "http.client", "ftplib", "smtplib", "telnetlib", "xmlrpc", "urllib3"}
OPENS_ONLY = {"visualization/server.py", "visualization/workshop/server.py"}
"""They look whether their own server answers before a browser is opened."""
CHANCE = {"random", "secrets", "uuid", "time", "datetime"}
LIVES = ["rules", "tables", "population", "week.py", "town.py", "luck.py", "newcomers.py", "journal.py", "network.py", "simulation.py", "shocks.py",
         "levers.py", "parameters", "codes", "changes.py", "multipliers.py"]  # fmt: skip
"""What lives a town."""


def dotted(node: ast.AST) -> str:
    """Return a name with its dots, empty where it is none."""
    if isinstance(node, ast.Attribute):
        whole = dotted(node.value)
        return f"{whole}.{node.attr}" if whole else ""
    return node.id if isinstance(node, ast.Name) else ""


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def imports(text: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {entry.name for entry in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module or "")
    return found


def unpickles(path: Path) -> list[str]:
    """Return the calls of a file that run what they are given."""
    found = []
    for name, call in calls(path):
        given = {word.arg: word.value for word in call.keywords if isinstance(word.value, ast.Constant)}
        yes = {word for word in ("shell", "allow_pickle") if word in given and given[word].value is True}
        if name in RUNS or yes:
            found.append(f"{path.name}:{call.lineno} {name} {yes or ''}")
    return found


def test_nothing_unpickles_evaluates_or_runs_what_was_given():
    assert [found for path in SOURCES for found in unpickles(path)] == []
    assert [
        path.name
        for path in SOURCES
        if imports(path.read_text(encoding="utf-8")) & {"pickle", "marshal", "shelve", "yaml"}
    ] == []


@pytest.mark.parametrize(
    "line",
    ["eval(x)", "np.load(x, allow_pickle=True)", "subprocess.run(x, shell=True)", "pd.read_pickle(x)", "yaml.load(x)"],
)
def test_such_a_line_would_be_found(tmp_path: Path, line: str):
    (tmp_path / "new.py").write_text(f"def f(x):\n    return {line}\n")
    assert len(unpickles(tmp_path / "new.py")) == 1


def test_nothing_in_the_package_opens_a_connection():
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        assert not imports(path.read_text(encoding="utf-8")) & CALLS, name
        opened = [
            called for called, _ in calls(path) if called.endswith(("urlopen", "urlretrieve", "create_connection"))
        ]
        assert not opened or name in OPENS_ONLY, name


def lived() -> list[Path]:
    whole = [PACKAGE / name for name in LIVES]
    return [path for one in whole for path in (sorted(one.rglob("*.py")) if one.is_dir() else [one])]


def test_nothing_that_lives_a_town_asks_a_clock_or_a_global_generator():
    assert len(lived()) > 60
    for path in lived():
        roots = {name.partition(".")[0] for name in imports(path.read_text(encoding="utf-8"))}
        assert not roots & CHANCE, path
        asked = [name for name, _ in calls(path) if name.startswith(("np.random.", "numpy.random.", "os.urandom"))]
        assert asked == [], path


def test_arithmetic_of_the_rules_is_never_hurried():
    """No fast maths, and no sums over threads: both give other results on other machines."""
    for path in lived():
        text = path.read_text(encoding="utf-8")
        assert "fastmath" not in text, path
        assert "prange" not in text, path
        assert "parallel=True" not in text, path
