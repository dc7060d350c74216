"""A picture is drawn anew: it shows the same, and says nothing of where and by whom."""

import io
from typing import Any

import pytest
from PIL import Image, ImageCms

from petition.core.uploads import pictures
from petition.core.uploads.faults import Fault, Unclean
from petition.core.uploads.pictures import LONGEST_SIDE, PREVIEW_SIDE, redrawn
from tests.grounds.brought import encoded, photo

PLACE = {0x8825: {1: "N", 2: (51.0, 30.0, 0.0)}}
TURNED_LEFT = 6
"""Of the ways in which a camera was held, the one after which left is on top."""


def shown(octets: bytes) -> Image.Image:
    """Return a picture as it is opened."""
    return Image.open(io.BytesIO(octets))


def about(octets: bytes) -> dict[Any, Any]:
    """Return what a file says beside its pixels."""
    picture = shown(octets)
    said: dict[Any, Any] = dict(picture.info) | dict(picture.getexif())
    return {key: value for key, value in said.items() if not str(key).startswith(("jfif", "prog"))}


def is_about(found: Any, colour: tuple[int, int, int]) -> bool:
    """Whether a pixel has a colour, as far as a JPEG keeps it."""
    return all(abs(one - other) < 60 for one, other in zip(found, colour, strict=True))


def exif() -> Image.Exif:
    """Return what a phone writes into a picture that it took upright."""
    said = Image.Exif()
    said[0x0112], said[0x010F], said[0x013B] = TURNED_LEFT, "A phone", "Nadia Sample"
    said[0x8825] = PLACE[0x8825]
    return said


def test_nothing_is_left_of_what_was_written_into_its_file() -> None:
    brought = photo(exif=exif(), comment=b"Taken by Nadia", dpi=(300, 300))
    brought += b"\0\0\0\x18ftypmp42 a film"
    assert b"Nadia" in brought
    made = redrawn(brought)

    for octets in (made.content, made.preview):
        assert about(octets) == {}
        assert not any(word in octets for word in (b"Nadia", b"phone", b"Exif", b"film"))


def test_it_stands_upright_as_it_was_taken() -> None:
    made = shown(redrawn(photo(exif=exif())).content)

    assert made.size == (48, 64)
    assert is_about(made.getpixel((24, 4)), (255, 0, 0))
    assert is_about(made.getpixel((24, 60)), (0, 0, 255))


def test_it_is_no_larger_than_a_page_needs() -> None:
    made = redrawn(photo(5_000, 2_500))

    assert (made.width, made.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    assert shown(made.content).size == (made.width, made.height)
    assert shown(made.preview).size == (PREVIEW_SIDE, PREVIEW_SIDE // 2)
    small = redrawn(photo())
    assert (small.width, small.height) == (64, 48)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_a_picture_of_any_mode_is_drawn_on_white(mode: str) -> None:
    image = Image.new(mode, (8, 8), 0 if mode != "RGBA" else (200, 0, 0, 0))
    made = shown(redrawn(encoded(image, "PNG")).content)
    expected = (255, 255, 255) if mode in {"LA", "RGBA"} else (0, 0, 0)

    assert (made.format, made.mode) == ("JPEG", "RGB")
    assert made.getpixel((4, 4)) == expected


def test_colours_of_a_wider_screen_and_of_print_are_shown_as_they_are_meant() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for image in (Image.new("RGB", (8, 8), "red"), Image.new("CMYK", (8, 8), (0, 255, 255, 0))):
        made = shown(redrawn(encoded(image, "JPEG", icc_profile=profile)).content)
        assert is_about(made.getpixel((4, 4)), (255, 0, 0))
    broken = encoded(Image.new("RGB", (8, 8), "red"), "JPEG", icc_profile=b"no profile")
    assert shown(redrawn(broken).content).mode == "RGB"


def test_one_of_too_many_pixels_is_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 64 * 48 - 1)
    with pytest.raises(Unclean) as refused:
        redrawn(photo())

    assert refused.value.fault is Fault.TOO_MANY_PIXELS


def test_one_that_is_cut_off_is_none() -> None:
    with pytest.raises(OSError, match="truncated"):
        redrawn(photo(640, 480)[:1_500])
