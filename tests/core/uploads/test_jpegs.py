"""A JPEG in a PDF loses what was written beside its picture, and nothing of the picture."""

import io

import pytest
from PIL import Image, ImageCms

from petition.core.uploads.faults import Unclean
from petition.core.uploads.jpegs import bare
from tests.grounds.brought import photo

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def seen(jpeg: bytes) -> bytes:
    """Return what is seen of a JPEG."""
    with Image.open(io.BytesIO(jpeg)) as image:
        return image.tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_the_picture_stays_and_the_words_beside_it_go(progressive: bool) -> None:
    exif = Image.Exif()
    exif[271] = "Nadia"
    brought = photo(
        progressive=progressive,
        icc_profile=PROFILE,
        exif=exif,
        comment=b"Nadia",
        xmp=b"<x:xmpmeta>Nadia</x:xmpmeta>",
    )
    assert brought.count(b"Nadia") == 3
    made = bare(brought + b"Nadia, in a film behind it")

    assert b"Nadia" not in made
    assert seen(made) == seen(brought)
    with Image.open(io.BytesIO(made)) as image:
        assert image.info["icc_profile"] == PROFILE
        assert image.info["jfif"]


def test_one_without_its_end_gets_it_and_what_is_cut_off_ends() -> None:
    whole = photo()

    assert bare(whole) == whole == bare(whole[:-2])
    for end in range(2, len(whole)):
        bare(whole[:end])


def test_what_is_no_jpeg_is_refused() -> None:
    with pytest.raises(Unclean):
        bare(b"GIF89a")
