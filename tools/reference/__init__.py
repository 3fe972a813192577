"""The reference part of the documentation, written from the code whenever the site is built.

Nothing here is kept in the repository: a page that can be made from the code is made from it, so that the two
cannot differ.
"""

from pathlib import Path

from tools.reference import api, commands, lists, numbers, week

PAGES = (week.pages, numbers.pages, lists.pages, api.pages, commands.pages)


def write(folder: Path) -> list[Path]:
    """Write every page of the reference into a folder and take away pages that are no longer made.

    A page that has not changed is left alone, so that the next build of the site need not read it again.
    """
    made = {folder / name: text for pages in PAGES for name, text in pages().items()}
    folder.mkdir(parents=True, exist_ok=True)
    for old in set(folder.glob("*.md")) - set(made):
        old.unlink()
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return sorted(made)
