"""Numbers of organisation: social work units, managers, time and waste."""
