"""`python -m tools.reference FOLDER`: write the reference pages into a folder."""

import sys
from pathlib import Path

from tools import reference

print(f"{len(reference.write(Path(sys.argv[1])))} pages in {sys.argv[1]}")
