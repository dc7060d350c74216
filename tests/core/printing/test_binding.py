"""Binding: pages of many PDFs in one, each as it was, and not one of them held."""

import io
import tracemalloc

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from petition.core.printing.binding import Binding, NotBound
from petition.core.printing.typesetting import typeset_part
from tests.core.printing.test_typesetting import card
from tests.grounds.papers import open_paper


def bound(*parts: bytes, title: str = "Title", language: str = "en") -> bytes:
    """Return one PDF of these."""
    binding = Binding(title, language, "rtl" if language == "ar" else "ltr")
    return b"".join([binding.begin(), *map(binding.add, parts), binding.end()])


def blank(pages: int, width: int) -> bytes:
    """Return a PDF of empty pages."""
    writer, file = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width, 100)
    writer.write(file)
    return file.getvalue()


def test_the_pages_come_in_their_order_with_their_words() -> None:
    titles = ["First", "Второй", "第三"]
    file = bound(*(typeset_part("card.typ", card(title)) for title in titles))

    read = PdfReader(io.BytesIO(file), strict=True)
    assert len(read.pages) == 3
    for title, page in zip(titles, read.pages, strict=True):
        assert title in page.extract_text()


def test_parts_of_any_number_of_pages_are_counted() -> None:
    read = open_paper(bound(blank(3, 100), blank(1, 200), blank(2, 300)))

    assert [int(page.mediabox.width) for page in read.pages] == [100, 100, 100, 200, 300, 300]


def test_without_parts_it_is_a_file_without_pages() -> None:
    assert len(open_paper(bound()).pages) == 0


@pytest.mark.parametrize("title", ["Plain (and) \\odd", "Œuvre", "عنوان", "題名"])
def test_it_has_its_title_and_its_language(title: str) -> None:
    read = open_paper(bound(blank(1, 100), title=title, language="ar"))

    assert read.metadata == {"/Title": title}
    assert str(read.root_object["/Lang"]) == "ar"
    assert read.root_object["/ViewerPreferences"]["/Direction"] == "/R2L"  # type: ignore[index]


def test_the_same_parts_make_the_same_bytes() -> None:
    assert bound(blank(2, 100)) == bound(blank(2, 100))


def test_what_has_left_is_not_held() -> None:
    part, binding = typeset_part("card.typ", card("A part")), Binding("Title", "en", "ltr")
    tracemalloc.start()
    for _ in range(50):
        binding.add(part)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert held < 50 * len(part) / 4


@pytest.mark.parametrize("cut", [slice(0, 0), slice(0, 400), slice(40, None)])
def test_what_is_no_whole_pdf_is_refused(cut: slice) -> None:
    with pytest.raises(NotBound):
        Binding("Title", "en", "ltr").add(blank(3, 100)[cut])


def test_a_text_that_looks_like_the_name_of_an_object_is_left_as_it_is() -> None:
    writer, file = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(100, 100)
    page[NameObject("/Note")] = TextStringObject("see 1 0 R (or 2 0 R) \\")
    writer.write(file)

    read = open_paper(bound(blank(2, 100), file.getvalue()))

    assert str(read.pages[2]["/Note"]) == "see 1 0 R (or 2 0 R) \\"


@pytest.mark.parametrize("text", [rb"a (b) see 1 0 R", rb"((1 0 R)) \(2 0 R", rb"1 0 R \\(3 0 R)"])
def test_nor_is_one_that_has_brackets_inside(text: bytes) -> None:
    part = with_note(text)

    assert b"/Note (%b)" % text in part
    assert b"/Note (%b)" % text in bound(blank(2, 100), part)


@pytest.mark.parametrize("text", [b"one (", b"one )"])
def test_a_bracket_that_has_no_other_is_refused(text: bytes) -> None:
    with pytest.raises(NotBound):
        bound(with_note(text))


def with_note(text: bytes) -> bytes:
    """Return a PDF with a text, as it is written there."""
    writer, file = PdfWriter(), io.BytesIO()
    page = writer.add_blank_page(100, 100)
    page[NameObject("/Note")] = TextStringObject("x" * len(text))
    writer.write(file)
    return file.getvalue().replace(b"x" * len(text), text)
