"""Speed and size: every figure that has a bar, measured beside its anchor in one run."""
