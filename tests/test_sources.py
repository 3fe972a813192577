"""Which files an address rests on: all that lives and measures take in, and nothing that they do not."""

import subprocess
import sys

from familyabm import sources

LOADED = """
import sys
from familyabm import simulation, measures, worlds, model
print(*sorted(name for name in sys.modules if name.startswith('familyabm.')))
"""


def test_no_file_that_lives_and_measures_rest_on_is_left_out_of_the_hash():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    used = {name.split(".")[1] for name in done.stdout.split()}
    views = {"agents", "roll", "model"}  # Mesa's views only look
    assert {name for name in used - views if name.startswith(sources._NOT_THE_MODEL)} == set()


def test_a_changed_file_changes_the_hash(tmp_path, monkeypatch):
    for name in ("week.py", "cli_app.py"):
        (tmp_path / name).write_text("one\n", encoding="utf-8")
    monkeypatch.setattr(sources, "_PACKAGE", tmp_path)
    before = sources.model_hash.__wrapped__()
    (tmp_path / "cli_app.py").write_text("two\n", encoding="utf-8")
    assert sources.model_hash.__wrapped__() == before
    (tmp_path / "week.py").write_text("two\n", encoding="utf-8")
    assert sources.model_hash.__wrapped__() != before
