"""Numbers of change: learning, discussibility, bureaucracy, boards, recommendations and how programmes slip."""
