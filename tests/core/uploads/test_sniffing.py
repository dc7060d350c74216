"""A file is one kind, by how it begins and ends, or it is refused."""

import pytest
from PIL import Image

from petition.core.uploads.faults import Fault, Unclean
from petition.core.uploads.sniffing import Brought, kind_of
from tests.grounds.brought import archive, encoded, photo, polyglots, receipt

DOT = Image.new("RGBA", (2, 2))


def fault_of(octets: bytes) -> Fault:
    """Return why a file is refused."""
    with pytest.raises(Unclean) as refused:
        kind_of(octets)
    return refused.value.fault


def test_a_file_is_known_by_how_it_begins() -> None:
    assert kind_of(receipt()) is Brought.PDF
    assert kind_of(receipt() + b"\r\n\0\0") is Brought.PDF
    assert kind_of(photo()) is Brought.JPEG
    assert kind_of(encoded(DOT, "PNG")) is Brought.PNG


def test_what_is_none_of_the_kinds_is_refused() -> None:
    webp = encoded(DOT, "WEBP")
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    script = b"GIF89a=1;alert(1)//"  # a browser runs it, and an old one shows it
    gif = encoded(DOT, "GIF")
    for octets in (b"", b"%PDF", archive(), webp, svg, gif, script, b"Received."):
        assert fault_of(octets) is Fault.NO_KIND


@pytest.mark.parametrize("made", polyglots())
def test_what_is_two_files_at_once_is_refused(made: str) -> None:
    assert fault_of(polyglots()[made]) is Fault.TWO_KINDS


def test_a_phone_s_picture_may_have_a_film_behind_it() -> None:
    assert kind_of(photo() + b"\0\0\0\x18ftypmp42" + bytes(5_000)) is Brought.JPEG
