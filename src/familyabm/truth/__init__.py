"""The model held against what is known: targets, calibration, authorities it has not seen, and replayed studies."""
