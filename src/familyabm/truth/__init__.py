"""Why the model should be believed, and how far: evidence, targets, calibration, validation and what stays unknown."""
