"""Every command with fifty invocations drawn from its own options."""

import os

import pytest

from tests.test_cli_drawn import FOUND, no_work, try_some

WORDS = int(os.environ.get("FAMILYABM_WORDS", "50"))
__all__ = ["no_work"]
pytestmark = pytest.mark.timeout(1200)


@pytest.mark.usefixtures("no_work")
@pytest.mark.parametrize("path", FOUND, ids=" ".join)
def test_fifty_drawn_words_are_refused_in_one_line_or_taken(path: tuple[str, ...], monkeypatch, capsys, figure):
    refused = try_some(path, WORDS, monkeypatch, capsys)
    figure("invocations", WORDS)
    figure("refused", refused)
    assert refused >= WORDS // 4
