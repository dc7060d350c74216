"""A mail is filled into a wording that was written once; it is the same as one written alone."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petition.core.i18n import LANGUAGES
from petition.core.tokens import new_token
from petition.outbox.actions import Claim
from petition.outbox.envelopes import envelope_of
from petition.outbox.messages import MailToWrite, Message
from petition.signatures.emails import confirm_signature, manage_signature
from tests.factories import NOON

SENDER = "petitions@example.org"
SITES = ["http://localhost", "https://petitions.example.org", f"https://{'long.' * 30}example.org"]


def to_write(link: str, *, to: str = "ana@example.org", language: str = "en") -> MailToWrite:
    """Return what a mail with this link is to say."""
    shown = {"petition_title": "Act on 人 & <all>; " + "x" * 90, "site_name": "Magnitsky Month"}
    return confirm_signature(to=to, language=language, confirm_url=link, **shown)


def sent(message: Message) -> EmailMessage:
    """Return the mail as its reader gets it."""
    claim = Claim(1, "0123456789abcdef" * 2, NOON, 0, message)
    return message_from_bytes(envelope_of(claim, sender=SENDER).octets, policy=policy.default)


def alone(message: Message) -> EmailMessage:
    """Return the same mail, written for itself by Python's own means."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SENDER, message.to, message.subject
    mail["Date"] = format_datetime(NOON)
    mail["Message-ID"] = f"<{'0123456789abcdef' * 2}@example.org>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def read(mail: EmailMessage) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the headers, and the parts with their words."""
    headers = {name: str(mail[name]) for name in mail.keys() if name != "Content-Type"}  # noqa: SIM118
    parts = [(part.get_content_type(), part.get_content()) for part in mail.iter_parts()]
    return headers, [(kind, words.replace("\r\n", "\n")) for kind, words in parts]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("site", SITES)
def test_a_mail_is_what_it_would_be_written_alone(site: str, language: str) -> None:
    for _ in range(3):
        link = f"{site}/{language}/confirm/{new_token().secret}"
        message = to_write(link, language=language).written()

        assert read(sent(message)) == read(alone(message))
        assert link in read(sent(message))[1][0][1]


@given(link=st.text(max_size=200) | st.from_regex(r"[a-z0-9:/._~=?&%-]{20,140}", fullmatch=True))
def test_a_link_comes_as_it_is_whatever_stands_in_it(link: str) -> None:
    message = manage_signature(
        to="ana@example.org",
        language="en",
        petition_title="A petition",
        site_name="Test",
        manage_url=" ".join(link.split()),
    ).written()

    assert read(sent(message)) == read(alone(message))


def test_each_mail_has_its_own_link_and_reader() -> None:
    links = [f"https://petitions.example.org/en/confirm/{new_token().secret}" for _ in range(2)]
    to = ["ana@example.org", f"{'b' * 60}@{'example.' * 10}org"]
    mails = [
        sent(to_write(link, to=address).written()) for link, address in zip(links, to, strict=True)
    ]

    for number, mail in enumerate(mails):
        assert mail["To"] == to[number]
        for part in mail.iter_parts():
            assert links[number] in part.get_content()
            assert links[1 - number] not in part.get_content()


def test_no_line_is_longer_than_mail_servers_take() -> None:
    for site in SITES:
        message = to_write(f"{site}/en/confirm/{new_token().secret}").written()
        octets = envelope_of(Claim(1, "0" * 32, NOON, 0, message), sender=SENDER).octets

        assert max(len(line) for line in octets.split(b"\r\n")) <= 78
