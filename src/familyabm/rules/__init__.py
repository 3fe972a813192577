"""One module per weekly process; a rule is one short function about one agent, a process runs it over a table."""
