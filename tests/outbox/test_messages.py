"""The words of the mails: the same in text and HTML, neutral on the outside, safe inside."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.outbox.messages import MailToWrite, Message
from petition.signatures.emails import confirm_signature, manage_signature
from tests.grounds.pages import parse

TITLE = "Use these sanctions <b>now</b> & always"
LINK = "http://localhost/en/confirm/abc-DEF_123"


def mails(link: str = LINK, title: str = TITLE, site: str = "Magnitsky Month") -> list[Message]:
    """Return a mail of each kind."""
    shown = {"to": "ana@example.org", "language": "en", "petition_title": title, "site_name": site}
    return [
        confirm_signature(**shown, confirm_url=link).written(),
        manage_signature(**shown, manage_url=link).written(),
    ]


@pytest.mark.parametrize("mail", mails(), ids=lambda mail: mail.kind)
def test_both_parts_hold_the_link_and_the_title(mail: Message) -> None:
    page = parse(mail.html)

    assert LINK in mail.text
    assert TITLE in mail.text
    assert {str(a["href"]) for a in page.select("a")} == {LINK}
    assert TITLE in page.get_text()
    assert page.select("b") == []
    assert "72" in mail.text
    assert "72" in page.get_text()


@pytest.mark.parametrize("mail", mails(), ids=lambda mail: mail.kind)
def test_the_outside_tells_neither_campaign_nor_person(mail: Message) -> None:
    assert "sanction" not in mail.subject.lower()
    assert "magnitsky" not in mail.subject.lower()
    assert "petition" not in mail.subject.lower()
    preview = mail.text[:300]
    assert "sanction" not in preview.lower()


@pytest.mark.parametrize("mail", mails(), ids=lambda mail: mail.kind)
def test_nothing_in_a_mail_tells_that_it_was_opened(mail: Message) -> None:
    page = parse(mail.html)

    assert page.select("img, link, script, iframe, [background]") == []
    assert "url(" not in mail.html
    assert "@import" not in mail.html


def test_each_mail_has_its_own_link_only() -> None:
    first, second = mails(LINK)[0], mails(f"{LINK}2")[0]

    assert f"{LINK}2" in second.text
    assert f"{LINK}2" not in first.text
    assert first.text.replace(LINK, "") == second.text.replace(f"{LINK}2", "")


@given(title=st.text(min_size=1, max_size=60), site=st.text(min_size=1, max_size=40))
def test_a_subject_is_one_line_whatever_the_titles_say(title: str, site: str) -> None:
    for mail in mails(title=title, site=site):
        assert len(mail.subject.splitlines()) == 1
        assert parse(mail.html).select("script, img, naughty") == []
        assert unescape(mail.html).count(LINK) >= 2


@given(
    st.builds(
        MailToWrite,
        kind=st.text(),
        to=st.text(),
        language=st.text(),
        link_name=st.text(),
        link=st.text(),
        context=st.dictionaries(st.text(), st.text() | st.integers()),
    )
)
def test_a_mail_to_write_survives_the_outbox(mail: MailToWrite) -> None:
    assert MailToWrite.from_bytes(mail.to_bytes()) == mail
