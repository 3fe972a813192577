"""Numbers of the world outside: incidents, reviews, inspection, directives, media and members."""
