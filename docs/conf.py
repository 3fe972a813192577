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
