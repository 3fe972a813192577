"""The result a person sees: one page that stands alone, its charts drawn in Python, and its figures as CSV."""
