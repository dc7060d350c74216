"""QR codes as pictures inside the page."""

import segno
from markupsafe import Markup


def qr_code(text: str) -> Markup:
    """Return the code as inline SVG: dark on light in every colour scheme, and no styles in it."""
    drawing = segno.make(text, micro=False, error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
    return Markup(drawing)  # noqa: S704 - made by segno; the text is drawn, not written
