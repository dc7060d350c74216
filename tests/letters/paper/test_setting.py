"""Letters on paper: every word of them, as it was written, in the manner of its language."""

import pytest

from petition.recipients.models import Paper
from tests.grounds.papers import MISSING, POINTS, fonts_of, open_paper, stand_in_order, words_of
from tests.letters.paper.printed import (
    ADDRESSES,
    BODY,
    close,
    cropped,
    data_of,
    in_millimetres,
    ink_on,
    mailroom,
    pdf_of,
    written,
)

ARABIC = """معالي الوزير،

أطلب منكم إدراج المسؤولين قبل 10 ديسمبر.

وتفضلوا بقبول فائق الاحترام،

نادية حداد"""
CHINESE = "尊敬的国务卿：\n\n我请求您将责任人列入名单。\n\n此致\n敬礼\n\n李明"
HOSTILE = (
    '#import "@preview/cetz:0.3.0"\n#panic()\n#read("/etc/passwd")',
    "$x^2$ *bold* _slanted_ `raw` <label> @label ] [ } { \\ // /* */",
    "= Heading\n- list\n+ list\n/ term: x\n---\n~ --",
    '"; ]} #eval("1") https://example.org/#fragment',
    "<script>alert(1)</script> & &amp; %s {0} {page}",
)


def test_every_paragraph_stands_on_the_paper_in_its_order() -> None:
    paper = close(words_of(pdf_of(written())))
    address = ADDRESSES["GB"].splitlines()
    parts = ["Nadia Haddad", "United Kingdom", *address, "10 November 2026"]
    parts += ["Sanctions against those who traffic people", *BODY.split("\n\n")]

    assert stand_in_order(map(close, parts), paper) == []
    assert paper.count("NadiaHaddad") == 2
    assert "nadia@example.org" not in paper


def test_lines_of_a_paragraph_stay_lines() -> None:
    lines = open_paper(pdf_of(written())).pages[0].extract_text().splitlines()

    assert [line for line in lines if line.startswith("- ")] == ["- in case files", "- in court"]


@pytest.mark.parametrize("paper", Paper)
def test_the_paper_has_the_size_that_is_used_where_the_recipient_is(paper: Paper) -> None:
    for page in open_paper(pdf_of(written(), mailroom(paper=paper))).pages:
        size = (float(page.mediabox.width), float(page.mediabox.height))
        assert size == pytest.approx(POINTS[paper], abs=0.1)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_looks_like_markup_is_only_text(hostile: str) -> None:
    letter = written(f"{hostile}\n\nEnd", subject=hostile.splitlines()[0], address=hostile)
    paper = close(words_of(pdf_of(letter, mailroom(address=hostile))))

    places = 4 if hostile == letter.subject else 3
    assert paper.count(close(hostile)) == places
    assert paper.count(close(letter.subject)) == 4
    assert MISSING not in paper


def test_emoji_are_set_without_a_fault() -> None:
    assert "thanks" in words_of(pdf_of(written("\U0001f600\U0001f469\u200d\U0001f467 thanks")))


def test_a_letter_of_ten_thousand_characters_runs_over_numbered_pages() -> None:
    body = "\n\n".join(["It goes on and on, as letters do. " * 20] * 15)
    file = pdf_of(written(f"{body}\n\nNadia Haddad"))
    pages = [page.extract_text() for page in open_paper(file).pages]

    assert len(body) > 10_000
    assert len(pages) == 3
    assert [page.split()[-1] for page in pages[1:]] == ["2", "3"]
    assert not pages[0].split()[-1].isdigit()
    assert words_of(file).count("on and on") == 300


@pytest.mark.parametrize(
    ("country", "language", "expected"),
    [
        ("US", "en", "November 10, 2026"),
        ("CA", "en", "November 10, 2026"),
        ("GB", "en", "10 November 2026"),
        ("BE", "en", "10 November 2026"),
        ("US", "fr", "10 novembre 2026"),
        ("FR", "fr", "10 novembre 2026"),
        ("GB", "ar", "10 نوفمبر 2026"),
        ("US", "zh", "2026年11月10日"),
        ("GB", "de", "10. November 2026"),
    ],
)
def test_the_date_is_in_the_manner_of_the_language(
    country: str, language: str, expected: str
) -> None:
    assert data_of(written(), mailroom(country), language)["date"] == expected


def test_a_date_in_french_and_one_in_arabic_stand_on_their_papers() -> None:
    assert "10 novembre 2026" in words_of(pdf_of(written(), mailroom("FR"), "fr"))
    arabic = words_of(pdf_of(written(ARABIC, name="نادية حداد"), mailroom("GB"), "ar"))
    assert "2026" in arabic
    assert "10" in arabic


def test_an_arabic_letter_runs_from_the_right_in_its_own_font() -> None:
    letter = written(ARABIC, name="نادية حداد", subject="العقوبات", country="LB")
    file, data = pdf_of(letter, language="ar"), data_of(letter, language="ar")
    left, _, right, _ = in_millimetres(cropped(ink_on(data), 0, 95, 210, 297).getbbox())

    assert MISSING not in words_of(file)
    assert {name.partition("-")[0] for name in fonts_of(file)} == {
        "IBMPlexSansArabic",
        "LibertinusSerif",
    }
    assert data["address"]["dir"] == "ltr"
    assert left > 80
    assert right == pytest.approx(185, abs=1)


@pytest.mark.parametrize(
    ("language", "body", "name", "font"),
    [
        ("zh", CHINESE, "李明", "NotoSansCJKsc-Regular"),
        ("fa", "جناب وزیر،\n\nگ پ چ ژ ک ی", "ناهید", "IBMPlexSansArabic-Regular"),
        ("he", "שר החוץ הנכבד,\n\nבברכה,\n\nנעמי", "נעמי", "LibertinusSerif-Regular"),
        ("ru", "Господин министр!\n\nС уважением,\n\nНадя", "Надя", "LibertinusSerif-Regular"),
    ],
)
def test_other_scripts_have_their_glyphs(language: str, body: str, name: str, font: str) -> None:
    file = pdf_of(written(body, name=name, subject=body[:5]), language=language)

    assert MISSING not in words_of(file)
    assert any(found.startswith(font) for found in fonts_of(file))


def test_the_name_at_the_end_stands_apart_with_room_to_sign() -> None:
    data = data_of(written(f"{BODY}\n\nP.S. I would come to London."))

    assert data["paragraphs"][-1] == ["Yours sincerely,"]
    assert data["signature"] == ["Nadia Haddad"]
    assert data["postscript"] == [["P.S. I would come to London."]]


@pytest.mark.parametrize(
    ("end", "signature"),
    [
        ("Yours,\nNadia Haddad", ["Nadia Haddad"]),
        ("Yours,\n\nNadia Haddad, teacher", ["Nadia Haddad, teacher"]),
        ("Yours,\n\nNadia Haddad\n14 Mill Lane\nCambridge", ["Nadia Haddad"]),
        ("Yours,\n\nNadia Haddad\nTeacher", ["Nadia Haddad", "Teacher"]),
        ("Yours,\n\nNadia Haddads", []),
        ("Yours,", []),
    ],
)
def test_the_name_is_found_where_its_writer_put_it(end: str, signature: list[str]) -> None:
    data = data_of(written(f"Sir,\n\n{end}", address="14 Mill Lane\nCambridge"))

    assert data["signature"] == signature
    assert data["paragraphs"][1][0] == "Yours,"
    assert data["sender"] == ["Nadia Haddad", "14 Mill Lane", "Cambridge"]


def test_the_signature_is_never_alone_on_a_page() -> None:
    for lines in range(26, 34):
        body = "\n".join(["A line"] * lines) + "\n\nYours sincerely,\n\nNadia Haddad"
        last = open_paper(pdf_of(written(body))).pages[-1].extract_text()
        assert "Yours sincerely," in last
        assert "Nadia Haddad" in last


def test_an_address_abroad_ends_with_its_country_once() -> None:
    def last(country: str, language: str, address: str = "Schuman 9A\n1046 Brussels") -> str:
        room = mailroom("BE", address=address)
        return str(data_of(written(country=country), room, language)["address"]["lines"][-1])

    assert last("BE", "en") == "1046 Brussels"
    assert last("GB", "en") == "BELGIUM"
    assert last("FR", "fr") == "BELGIQUE"
    assert last("LB", "ar") == "BELGIUM"
    assert last("GB", "en", "1046 Brussels\nBelgique") == "Belgique"
    assert last("GB", "en", "1046 Brussels, Belgium") == "1046 Brussels, Belgium"
    london = mailroom("GB", address="London\nU.K.")
    assert data_of(written(country="US"), london)["address"]["lines"] == ["London", "U.K."]


def test_an_office_without_an_address_is_named() -> None:
    room = mailroom(address=None)

    assert data_of(written(), room)["address"]["lines"] == ["Foreign Secretary"]


def test_the_file_says_whose_letter_it_is_and_nothing_of_us() -> None:
    file = open_paper(pdf_of(written()))

    assert file.metadata is not None
    assert file.metadata.author == "Nadia Haddad"
    assert file.metadata.title == written().subject
