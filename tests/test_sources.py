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


def test_what_patterns_are_measured_by_changes_their_hash_and_what_only_says_it_does_not(tmp_path, monkeypatch):
    measured = ("credibility/judge.py", "truth/effects.py", "truth/targets.py", "scenarios/one.toml", "data/areas.csv",
                "data/targets.csv", "data/effects/one.toml", "week.py")  # fmt: skip
    for name in (*measured, "credibility/words.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one\n", encoding="utf-8")
    monkeypatch.setattr(sources, "_PACKAGE", tmp_path)
    sources.model_hash.cache_clear()
    found = {"": sources.study_hash.__wrapped__()}
    for name in ("credibility/words.py", *measured):
        (tmp_path / name).write_text("two\n", encoding="utf-8")
        sources.model_hash.cache_clear()
        found[name] = sources.study_hash.__wrapped__()
    sources.model_hash.cache_clear()
    assert found[""] == found["credibility/words.py"] and len(set(found.values())) == len(found) - 1
