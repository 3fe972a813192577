"""Statutory returns: a run written in the shapes that authorities return, and an authority's own read from them."""
