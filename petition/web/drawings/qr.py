"""QR codes: inside a page, and as pictures to take away. Dark on light in every colour scheme."""

import io
from functools import lru_cache

import segno
from markupsafe import Markup

BORDER = 4  # the quiet zone that readers need
SCALE = 12


def qr_code(text: str) -> Markup:
    """Return the code as inline SVG with no styles in it."""
    drawing = _made(text).svg_inline(
        scale=5,
        border=BORDER,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        omitsize=False,
    )
    return Markup(drawing)  # noqa: S704 - made by segno; the text is drawn, not written


@lru_cache(maxsize=64)
def qr_svg(text: str, *, border: int = BORDER) -> bytes:
    """Return the code as an SVG file, sharp at any size."""
    file = io.BytesIO()
    _made(text).save(
        file, kind="svg", scale=SCALE, border=border, dark="#000", light="#fff", lineclass=None
    )
    return file.getvalue()


@lru_cache(maxsize=64)
def qr_png(text: str) -> bytes:
    """Return the code as a PNG file, large enough to print."""
    file = io.BytesIO()
    _made(text).save(file, kind="png", scale=SCALE, border=BORDER, dark="#000", light="#fff")
    return file.getvalue()


def _made(text: str) -> segno.QRCode:
    return segno.make(text, micro=False, error="m")
