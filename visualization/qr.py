"""Addresses as QR codes, drawn here: nothing is fetched, and words stand beside them."""

from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=16)
def drawn(address: str) -> Markup:
    """Return an address as a QR code, drawn as SVG that takes the width it is given."""
    svg: str = segno.make(address, error="m").svg_inline(
        omitsize=True, border=4, title=f"QR code for {address}", svgclass="qr", lineclass=None, light="#fff"
    )  # fmt: skip
    return Markup(svg.replace("<svg ", '<svg role="img" ', 1))
