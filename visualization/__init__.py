"""Live pages over familyabm: they import the package, and the package never imports them."""
