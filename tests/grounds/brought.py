"""Files as people bring them: pictures, receipts, and what is made to deceive."""

import io
import zipfile
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

ZIP = b"PK\x03\x04"


def photo(width: int = 64, height: int = 48, **saved: Any) -> bytes:
    """Return a JPEG whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return encoded(image, "JPEG", **saved)


def encoded(image: Image.Image, kind: str, **saved: Any) -> bytes:
    """Return a picture as a file."""
    stream = io.BytesIO()
    image.save(stream, kind, **saved)
    return stream.getvalue()


def receipt(pages: int = 1) -> bytes:
    """Return a PDF with a word on each page."""
    return written(receipt_to_change(pages))


def receipt_to_change(pages: int = 1) -> PdfWriter:
    """Return such a PDF before it is written."""
    writer = PdfWriter()
    for _number in range(pages):
        page = writer.add_blank_page(200, 100)
        drawn = DecodedStreamObject()
        drawn.set_data(b"BT /F1 12 Tf 20 50 Td (Received) Tj ET")
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        fonts = DictionaryObject({NameObject("/F1"): names(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        page[NameObject("/Contents")] = writer._add_object(drawn)
    return writer


def names(values: dict[str, str]) -> DictionaryObject:
    """Return a dictionary of names."""
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in values.items()})


def square(*numbers: int) -> ArrayObject:
    """Return a rectangle on a page."""
    return ArrayObject([NumberObject(one) for one in numbers])


def written(writer: PdfWriter) -> bytes:
    """Return a PDF as a file."""
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def archive() -> bytes:
    """Return a ZIP with a page in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("index.html", "<script>alert(1)</script>")
    return stream.getvalue()


def polyglots() -> dict[str, bytes]:
    """Return files that are two at once, by what they are."""
    return {
        "a PDF with an archive behind it": receipt() + archive(),
        "an archive whose comment ends a PDF": _archive_in_a_pdf(),
        "a PDF behind something else": b"MZ\x90\0" + receipt(),
        "a PDF with a page in its head": receipt().replace(
            b"%PDF-1.3\n", b"%PDF-1.3\n%<html><script>alert(1)</script>\n", 1
        ),
        "a picture with an archive behind it": photo() + archive(),
        "a picture with a PDF in its comment": photo(comment=receipt()),
        "a picture with a page in its comment": photo(comment=b"<script>alert(1)</script>"),
        "a PNG with something behind it": encoded(Image.new("RGB", (2, 2)), "PNG") + b"MZ more",
    }


def _archive_in_a_pdf() -> bytes:
    stream = io.BytesIO(receipt())
    stream.seek(0, io.SEEK_END)
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr("index.html", "x")
        made.comment = b"\n%%EOF"
    return stream.getvalue()
