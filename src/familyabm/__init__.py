"""familyabm: the same families, with the same luck, under services that work differently."""
