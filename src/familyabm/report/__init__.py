"""The result a person sees: one page that stands alone, its charts drawn in Python, its figures as CSV."""
