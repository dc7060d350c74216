"""Sheets: the petition on paper, whole and in order, with lines to sign."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from petition.core.clock import now
from petition.core.drafts.shapes import Markdown
from petition.core.log import log
from petition.core.memory import forget_everything
from petition.core.printing import presses
from petition.core.storage.database import session, transaction
from petition.petitions.drafts import PetitionTextDraft
from petition.petitions.models import Petition
from petition.petitions.publishing import publish_version
from petition.petitions.queries import petition_by_slug
from tests.factories import SLUG
from tests.grounds.pages import parse
from tests.grounds.papers import MISSING, POINTS, fonts_of, open_paper, stand_in_order, words_of
from tests.web.public.people import Person, page_of

pytestmark = pytest.mark.any_database

SHEET = f"{page_of()}/sheet.pdf"
ARABIC = (
    "## الفجوة\n\nالاتجار بالبشر **تجارة** في 2026.\n\n- [Human Rights First](https://a.example)\n"
)


def rewritten(person: Person, language: str, title: str, summary: str, body: str) -> bytes:
    """Publish another version and return its sheet."""
    text = PetitionTextDraft(title, summary, Markdown(body))
    with transaction():
        petition = petition_by_slug(SLUG)
        assert petition is not None
        publish_version(
            petition,
            {language: text},
            [one.recipient for one in petition.version.recipients],
            now(),
        )
    session.remove()
    forget_everything()
    return bytes(person.client.get(SHEET).data)


def close(letters: str) -> str:
    """Return text without its spaces: a paper breaks lines where it likes."""
    return "".join(letters.split())


@pytest.mark.parametrize("paper", POINTS)
def test_a_sheet_has_the_size_of_its_paper(paper: str, person: Person) -> None:
    answer = person.client.get(f"{SHEET}?paper={paper}")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert f'inline; filename="{SLUG}-en-{paper}.pdf"' == answer.headers["Content-Disposition"]
    pages = open_paper(answer.data).pages
    assert len(pages) >= 2
    for page in pages:
        size = (float(page.mediabox.width), float(page.mediabox.height))
        assert size == pytest.approx(POINTS[paper], abs=0.1)


def test_the_paper_is_a4_unless_another_is_chosen(person: Person) -> None:
    assert person.client.get(SHEET).data == person.client.get(f"{SHEET}?paper=a4").data


@pytest.mark.parametrize("paper", ["a3", "", "A4", "../x", "a4%00", "%ff"])
def test_a_paper_that_we_do_not_have_is_no_page(paper: str, person: Person) -> None:
    person.client.visit(f"{SHEET}?paper={paper}", status=404)


def test_an_unknown_petition_has_no_sheet(person: Person) -> None:
    person.client.visit("/en/petitions/nothing/sheet.pdf", status=404)


def test_the_whole_text_stands_on_the_sheet_in_its_order(person: Person) -> None:
    page = person.client.visit(page_of())
    prose = page.select_one(".prose")
    assert prose is not None
    blocks = [block.get_text() for block in prose.select("h2, p, li")]
    sheet = re.sub("‹[^›]*›", "", words_of(person.client.get(SHEET).data))

    assert len(blocks) > 20
    assert stand_in_order(map(close, blocks), close(sheet)) == []


def test_the_sheet_says_to_whom_which_version_and_what_becomes_of_it(person: Person) -> None:
    sheet = words_of(person.client.get(SHEET).data)

    assert "Foreign Secretary, United Kingdom" in sheet
    assert "Version 1, 10 November 2026" in sheet
    assert "Page 1 of 3" in sheet
    assert "localhost/p/sanction-human-trafficking" in sheet
    assert "e-mail addresses never" in sheet
    assert "https://redress.org/" in sheet


def test_lines_to_sign_are_headed_on_each_page_and_end_with_it(person: Person) -> None:
    pages = [page.extract_text() for page in open_paper(person.client.get(SHEET).data).pages]
    lined = [page for page in pages if "Signature" in page]

    assert len(lined) == 2
    assert all("Full name" in page and "(optional)" in page for page in lined)
    assert all("e-mail addresses never" in " ".join(page.split()) for page in lined)


def test_a_closed_petition_is_printed_without_lines(person: Person) -> None:
    with transaction() as writing:
        writing.execute(
            update(Petition).values(closes_on=datetime(2026, 11, 19, tzinfo=UTC).date())
        )
    forget_everything()
    sheet = words_of(person.client.get(SHEET).data)

    assert "Full name" not in sheet
    assert "Closed on 19 November 2026" in sheet


@pytest.mark.parametrize("hostile", ["#panic()", '"; $x$ #', '#read("/etc/passwd")', "<b> @x"])
def test_hostile_words_are_set_as_text(hostile: str, person: Person) -> None:
    body = f"Before\n\n`{hostile}`\n\n| {hostile} |\n|-|\n\n```\n{hostile}\n```\n\n"
    body += f"## {hostile}\n\nAfter"
    sheet = rewritten(person, "en", hostile, hostile, body)

    assert close(words_of(sheet)).count(close(hostile)) >= 6
    assert stand_in_order(["Before", "After", "Full name"], words_of(sheet)) == []


def test_arabic_text_is_set_in_its_own_font_with_every_glyph(person: Person) -> None:
    sheet = rewritten(person, "ar", "استخدموا هذه العقوبات", "ملخص", ARABIC)

    assert MISSING not in words_of(sheet)
    assert "IBMPlexSansArabic-Regular" in fonts_of(sheet)
    assert "https://a.example" in words_of(sheet)


def test_an_address_among_arabic_words_keeps_together(person: Person) -> None:
    address = "https://a.example/as-long-as-an-address-may-be-that-still-has-room-on-a-line"
    body = f"{'كلمة ' * 20}[اسم]({address})"
    sheet = rewritten(person, "ar", "عنوان", "ملخص", body)

    lines = [line for page in open_paper(sheet).pages for line in page.extract_text().splitlines()]
    assert any(address in line for line in lines)


def test_japanese_text_is_set_in_its_own_font_with_every_glyph(person: Person) -> None:
    body = "人身取引は**商売**です。\n\n1. 一つ\n2. 二つ"
    sheet = rewritten(person, "ja", "人身取引に対する制裁", "要約", body)

    assert MISSING not in words_of(sheet)
    assert "人身取引は商売です。" in close(words_of(sheet))
    assert any(name.startswith("NotoSansCJKjp") for name in fonts_of(sheet))


def test_a_long_text_with_long_words_is_set(person: Person) -> None:
    body = "\n\n".join(["W" * 900, "> " * 15 + "deep", "word " * 9_000])
    sheet = rewritten(person, "en", "Long", "Long", body)

    assert words_of(sheet).count("word") == 9_000
    assert len(parse(words_of(sheet)).get_text()) > 40_000


def test_while_other_files_are_made_a_reader_is_told_to_come_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_everything()
    monkeypatch.setattr(presses, "AT_ONCE", 0)
    answer = person.client.get(SHEET)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "come again in a few seconds" in answer.text

    monkeypatch.undo()
    assert person.client.get(SHEET).status_code == 200


def test_characters_that_no_font_shows_are_named_in_the_log(
    person: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "propagate", True)
    rewritten(person, "en", "For བཀྲ", "What it is about.", "The text.")

    (record,) = [one for one in caplog.records if "no font shows" in one.getMessage()]
    assert record.__dict__["fields"]["characters"] == ["U+0F56", "U+0F40", "U+0FB2"]
