"""What one person may ask of the server: stated on the pages, enforced here and nowhere else."""

FAMILIES = (200, 20_000)
YEARS = (1, 10)
PAIRS = (1, 100)
LUCK = (0, 2**32 - 1)
MOST_LIVED = 4_000_000
"""Families times years times pairs: about two minutes of work for one computer."""
SHOCKS = 4
LINK = 4_000
"""Characters of a link that are read; a page offers a settings file well before that."""
FILE = 64 * 1024
"""Bytes of a settings file or an area file."""
BODY = 256 * 1024
"""Bytes of anything that is sent to the server."""
FORM = 4096
"""Bytes of the form that holds a password."""
FRAME = 4 * 1024 * 1024
"""Bytes of one message of a live page."""
AREAS = 1000
"""Area files of people's own that are kept; the oldest go first."""
WAITING = 20
"""Jobs that may wait; beyond that the server says that it is busy."""
LIVE_PAGES = 60
"""Live pages open at once."""
SILENT = 120.0
"""Seconds that a live page may leave a ping unanswered; one that is cut while it is first drawn never comes up."""
MINUTES = 15
"""Minutes after which a job stops and keeps what is done."""
LIVES = 100_000_000
"""Bytes of one record of weeks that a page may be sent."""
