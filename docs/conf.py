"""How the site is built: `make docs`, with no network and no warning left over."""

import os
import sys
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"  # the reference reads the rules, it does not live them
HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "src")]

import familyabm
from tools import reference

reference.write(HERE / "reference")

project = "familyabm"
author = "familyabm contributors"
version = release = familyabm.__version__
language = "en-GB"
extensions = ["myst_parser"]
exclude_patterns = ["clusters", "_build"]
myst_enable_extensions = ["attrs_inline", "colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"familyabm {release}"
html_favicon = "../visualization/static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {"top_of_page_buttons": []}
nitpicky = True
myst_ref_domains = ["std"]  # the others would be asked three thousand times for what they cannot know


MENDED = (
    ('<p class="caption" role="heading">', '<p class="caption" role="heading" aria-level="2">'),
    ('<aside class="sidebar-drawer">', '<aside class="sidebar-drawer" aria-label="All pages">'),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
    ('<div class="table-wrapper', '<div tabindex="0" role="group" aria-label="Table" class="table-wrapper'),
    ("<pre>", '<pre tabindex="0">'),
    ('<div id="search-results">', '<h1>Search</h1><div id="search-results">'),
)
"""What the theme leaves out: levels and names for screen readers, and a way to scroll with the keyboard."""


def mend(app, failed):
    """Make every page of the finished site one that axe finds nothing wrong with."""
    for path in [] if failed else Path(app.outdir).rglob("*.html"):
        page = text = path.read_text(encoding="utf-8")
        for old, new in MENDED:
            text = text.replace(old, new)
        if text != page:
            path.write_text(text, encoding="utf-8")


def setup(app):
    """Have the pages mended once they are written."""
    app.connect("build-finished", mend)
