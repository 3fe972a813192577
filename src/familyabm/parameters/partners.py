"""Numbers of partners: adult services' thresholds, places and waits, and how partners buckle under load."""
