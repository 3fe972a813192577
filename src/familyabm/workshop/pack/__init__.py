"""The facilitator pack: everything to run a workshop, with the app or on paper, as web page, Word and plain text."""

from familyabm.workshop.pack.whole import FILES, document, write

__all__ = ["FILES", "document", "write"]
