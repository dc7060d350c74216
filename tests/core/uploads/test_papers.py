"""A PDF is written anew: its pages look the same, and nothing in it acts or leads away."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.actions import JavaScript
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from petition.core.uploads import papers
from petition.core.uploads.faults import Fault, Unclean
from petition.core.uploads.papers import rewritten
from tests.grounds.brought import names, photo, receipt, receipt_to_change, square, written


def fault_of(octets: bytes) -> Fault:
    """Return why a PDF is refused."""
    with pytest.raises(Unclean) as refused:
        rewritten(octets)
    return refused.value.fault


def program(writer: PdfWriter) -> None:
    """Run a script when it is opened."""
    writer.add_open_action(JavaScript("app.alert('x')"))


def attachment(writer: PdfWriter) -> None:
    """Put another file into it."""
    writer.add_attachment("more.exe", b"MZ")


def launch(writer: PdfWriter) -> None:
    """Start a program when a page is opened."""
    action = names({"/S": "/Launch"})
    action[NameObject("/F")] = TextStringObject("cmd.exe")
    acts = names({})
    acts[NameObject("/O")] = writer._add_object(action)
    writer.pages[0][NameObject("/AA")] = acts


def form(writer: PdfWriter) -> None:
    """Send what is typed to somebody."""
    note = names({"/Type": "/Annot", "/Subtype": "/Widget"})
    note[NameObject("/Rect")] = square(0, 0, 9, 9)
    note[NameObject("/A")] = names({"/S": "/SubmitForm"})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])


def film(writer: PdfWriter) -> None:
    """Lay a film over a page."""
    note = names({"/Type": "/Annot", "/Subtype": "/RichMedia"})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])


def named_elsewhere(writer: PdfWriter) -> None:
    """Start a program, as the name that another object of the file holds says."""
    action = names({})
    action[NameObject("/S")] = writer._add_object(NameObject("/Launch"))
    acts = names({})
    acts[NameObject("/O")] = action
    writer.pages[0][NameObject("/AA")] = acts


def film_named_elsewhere(writer: PdfWriter) -> None:
    """Lay a film over a page, of a kind that another object of the file names."""
    note = names({"/Type": "/Annot"})
    note[NameObject("/Subtype")] = writer._add_object(NameObject("/RichMedia"))
    writer.pages[0][NameObject("/Annots")] = ArrayObject([note])


ACTIVE = [program, attachment, launch, form, film, named_elsewhere, film_named_elsewhere]


@pytest.mark.parametrize("add", ACTIVE)
def test_what_acts_or_carries_other_files_is_refused(add: Callable[[PdfWriter], None]) -> None:
    writer = receipt_to_change()
    add(writer)

    assert fault_of(written(writer)) is Fault.ACTIVE


def test_its_pages_are_left_and_what_is_said_of_it_is_not() -> None:
    writer = receipt_to_change(2)
    writer.add_metadata({"/Author": "Nadia Sample", "/Title": "For Ada"})
    writer.add_outline_item(title="Nadia", page_number=0)
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.org/nadia"))
    writer.pages[0][NameObject("/PieceInfo")] = names({"/Nadia": "/Sample"})
    brought = written(writer)
    assert b"Nadia" in brought
    made = rewritten(brought)
    found = PdfReader(io.BytesIO(made.content))

    assert made.pages == len(found.pages) == 2
    assert [page.extract_text().strip() for page in found.pages] == ["Received", "Received"]
    assert not any(word in made.content for word in (b"Nadia", b"Ada", b"example.org", b"/Link"))
    assert made.content.startswith(b"%PDF-")
    assert made.content.rstrip().endswith(b"%%EOF")


def with_photo(*, packed: bool) -> tuple[bytes, bytes]:
    """Return a PDF with a photo as a telephone puts it there, and the photo."""
    taken = Image.Exif()
    taken[271] = "Nadia's camera"
    jpeg = photo(exif=taken, comment=b"Nadia's house")
    writer, said = receipt_to_change(), DecodedStreamObject()
    said.set_data(b"<x:xmpmeta>Nadia</x:xmpmeta>")
    picture = StreamObject()
    picture._data = zlib.compress(jpeg) if packed else jpeg
    picture.update(names({"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB"}))
    for key, number in (("/Width", 64), ("/Height", 48), ("/BitsPerComponent", 8)):
        picture[NameObject(key)] = NumberObject(number)
    filters = [NameObject(one) for one in ("/FlateDecode", "/DCTDecode")]
    picture[NameObject("/Filter")] = ArrayObject(filters) if packed else filters[1]
    picture[NameObject("/Metadata")] = writer._add_object(said)
    picture[NameObject("/PieceInfo")] = names({"/Nadia": "/Sample"})
    there = names({})
    there[NameObject("/I")] = writer._add_object(picture)
    resources: Any = writer.pages[0]["/Resources"]
    resources[NameObject("/XObject")] = there
    return written(writer), jpeg


@pytest.mark.parametrize("packed", [False, True])
def test_what_a_camera_wrote_into_a_photo_on_a_page_is_left_out(packed: bool) -> None:
    brought, jpeg = with_photo(packed=packed)
    assert b"Nadia" in brought
    assert b"Nadia's camera" in jpeg
    made = rewritten(brought).content
    resources: Any = PdfReader(io.BytesIO(made)).pages[0]["/Resources"]
    picture = resources["/XObject"]["/I"].get_data()

    assert b"Nadia" not in made
    with Image.open(io.BytesIO(jpeg)) as before, Image.open(io.BytesIO(picture)) as after:
        assert after.tobytes() == before.tobytes()


def test_what_unfolds_to_far_more_than_was_brought_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    most = len(rewritten(receipt()).content)
    monkeypatch.setattr(papers, "MOST_OCTETS", most)
    assert rewritten(receipt()).pages == 1
    monkeypatch.setattr(papers, "MOST_OCTETS", most - 1)
    assert fault_of(receipt()) is Fault.TOO_MUCH_WORK


def test_a_stamp_and_the_looks_of_a_signature_stay() -> None:
    writer = receipt_to_change()
    looks = DecodedStreamObject()
    looks.update(names({"/Type": "/XObject", "/Subtype": "/Form"}))
    looks.set_data(b"0 0 9 9 re f")
    drawn = names({})
    drawn[NameObject("/N")] = writer._add_object(looks)
    laid = ArrayObject()
    for kind in ("/Widget", "/Stamp"):
        note = names({"/Type": "/Annot", "/Subtype": kind})
        note[NameObject("/Rect")] = square(0, 0, 9, 9)
        note[NameObject("/AP")] = drawn
        note[NameObject("/A")] = names({"/S": "/URI", "/URI": "/elsewhere"})
        laid.append(writer._add_object(note))
    writer.pages[0][NameObject("/Annots")] = laid
    made = PdfReader(io.BytesIO(rewritten(written(writer)).content))
    there: Any = made.pages[0]["/Annots"]
    notes = [one.get_object() for one in there]

    assert [note["/Subtype"] for note in notes] == ["/Stamp", "/Stamp"]
    assert [note["/AP"]["/N"].get_data() for note in notes] == [b"0 0 9 9 re f"] * 2
    assert [note.get("/A") for note in notes] == [None, None]


def test_one_that_wants_a_password_is_refused_and_one_that_is_only_protected_opens() -> None:
    for user, owner in (("secret", "secret"), ("", "owner")):
        writer = receipt_to_change()
        writer.encrypt(user, owner, algorithm="AES-256")
        if user:
            assert fault_of(written(writer)) is Fault.LOCKED
        else:
            made = PdfReader(io.BytesIO(rewritten(written(writer)).content))
            assert not made.is_encrypted
            assert made.pages[0].extract_text().strip() == "Received"


def test_there_is_an_end_to_its_pages_and_to_what_is_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(papers, "MOST_PAGES", 2)
    assert rewritten(receipt(2)).pages == 2
    assert fault_of(receipt(3)) is Fault.TOO_MANY_PAGES
    monkeypatch.setattr(papers, "MOST_OBJECTS", 3)
    assert fault_of(receipt(2)) is Fault.TOO_MUCH_WORK


def test_one_without_a_page_is_none() -> None:
    assert fault_of(written(PdfWriter())) is Fault.BROKEN
