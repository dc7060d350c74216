"""A picture drawn anew: what is seen of it, and nothing that was written into its file.

So no place, camera or thumbnail of before it was cropped is published with a face.
"""

import io
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from petition.core.uploads.faults import Fault, Unclean

MOST_PIXELS = 50_000_000
"""A good phone's camera takes 48 million."""
LONGEST_SIDE = 2_000
PREVIEW_SIDE = 720
QUALITY, PREVIEW_QUALITY = 85, 72
WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG, and a smaller one of the same to lie on a page."""

    content: bytes
    preview: bytes
    width: int
    height: int


def redrawn(octets: bytes) -> Picture:
    """Return a JPEG or PNG drawn anew, no side longer than 2,000 pixels. Raises Unclean."""
    with Image.open(io.BytesIO(octets), formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Unclean(Fault.TOO_MANY_PIXELS)
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read no finer than needed
        drawn = _on_paper(ImageOps.exif_transpose(opened))
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    small = drawn.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    return Picture(_jpeg(drawn, QUALITY), _jpeg(small, PREVIEW_QUALITY), *drawn.size)


def _on_paper(image: Image.Image) -> Image.Image:
    """Return what is seen of an image in sRGB on white, without anything that is said of it."""
    seen = _in_srgb(image)
    fresh = Image.new("RGB", seen.size, WHITE)
    if seen.has_transparency_data:
        seen = seen.convert("RGBA")
        fresh.paste(seen, mask=seen.getchannel("A"))
    else:
        fresh.paste(seen.convert("RGB"))
    return fresh


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return an image in the colours that everybody's screen has; as it is, where it says none."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "CMYK"}:
        with suppress(ImageCms.PyCMSError, OSError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            there = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
            return there or image
    return image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, optimize=True, progressive=True)
    return stream.getvalue()
