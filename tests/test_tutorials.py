"""Every tutorial does what it says: its code runs, in the order of the page."""

import sys
from pathlib import Path

import pytest

from tools import tutorials

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted([*(DOCS / "tutorials").glob("*.md"), *(DOCS / "start").glob("*.md")])


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_what_a_page_tells_people_to_type_works(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert tutorials.run(page, tmp_path)


def test_a_block_that_fails_is_found(tmp_path):
    page = tmp_path / "broken.md"
    page.write_text("```python\nraise ValueError('seen')\n```\n")
    with pytest.raises(ValueError, match="seen"):
        tutorials.run(page, tmp_path)
    page.write_text("```sh\nfamilyabm run Nowhere\n```\n")
    with pytest.raises(Exception, match="Nowhere"):
        tutorials.run(page, tmp_path)
