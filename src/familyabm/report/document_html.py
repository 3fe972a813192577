"""A document as one web page that needs nothing else, to be read on a screen or printed on A4."""

from markupsafe import Markup

from familyabm.report.document import Document, anchor
from familyabm.report.page import environment


def html(document: Document, large: bool = False) -> str:
    """Return a document as a page. large: in large print."""
    sheets: list[tuple[str, list[tuple[str, object]]]] = []
    for part in document.parts:
        kind = type(part).__name__
        if kind == "Heading" and getattr(part, "level", 0) == 1:
            sheets.append((getattr(part, "text", ""), []))
        else:
            sheets[-1][1].append((kind, part))
    shown = {"document": document, "sheets": sheets, "large": large, "anchor": anchor, "Markup": Markup}
    return environment().get_template("document.html.j2").render(shown)
