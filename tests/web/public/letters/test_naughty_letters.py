"""Whatever is typed into a letter: a clear error, or a mail that says it and nothing else."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update
from werkzeug.test import TestResponse

from config import Config
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.drafting import drafts
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.written import Draft, Writer
from petition.letters.post.message import letter_envelope
from petition.letters.post.sending import ClaimedLetter
from petition.recipients.models import Mailroom
from petition.web.forms.fields import tidy
from tests.factories import address
from tests.grounds.naughty import FRAGMENTS
from tests.letters.fates import claim
from tests.letters.posting import OFFICE, office, text_of
from tests.web.public.letters.writers import Writer as Visitor
from tests.web.public.people import Person, words
from tests.web.public.posting import Poster

pytestmark = [
    pytest.mark.slow("posts hundreds of troublemakers"),
    pytest.mark.any_database,  # which sees nothing of a letter but its seal
]

SENDER = "petitions@example.org"
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID"),
    *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}
INJECTIONS = (
    "Nadia\r\nBcc: eve@example.org",
    "Nadia\nContent-Type: text/html\n\n<script>alert(1)</script>",
    "Nadia\u2028Bcc: eve@example.org",
    "Nadia\x85Bcc: eve@example.org",
    "=?utf-8?q?Nadia=0ABcc=3A?= eve@example.org",
    '"Nadia" <eve@example.org>, ',
    "Nadia\x00Sample",
    "N" * 121,
)
MIME_TEXT = (
    "--boundary\r\nContent-Type: application/octet-stream; name=virus.exe\r\n"
    "Content-Disposition: attachment\r\n\r\nTVqQAAMAAAAEAAAA\r\n--boundary--\r\n"
    ".\r\nMAIL FROM:<eve@example.org>\r\n"
)


@pytest.fixture
def config(config: Config) -> Config:
    """An install that lets any number write from one network."""
    return replace(config, network_limit=1_000_000, domain_limit=1_000_000)


@pytest.fixture
def visitor(person: Person) -> Visitor:
    """Somebody who writes letters of the sample campaign."""
    return Visitor(person.client)


def begin(visitor: Visitor, name: str = "Nadia Sample") -> None:
    """Begin another letter, under another address."""
    visitor.email = address()
    draft = Draft(Writer(name, visitor.email, "GB"), recipient_id=office().id)
    with transaction():
        token = drafts.begin(text_of().id, draft, now())
    visitor.draft = f"/en/letters/draft/{token}"


def post(visitor: Visitor, step: str, **typed: str) -> TestResponse:
    """Post a page as a program does, its other fields as they stand."""
    answer = visitor.does(step, **typed)
    assert answer.status_code in {303, 422}, answer.status
    if answer.status_code == 422:
        assert "There is a problem" in answer.text
    return answer


def sent_letters() -> list[ClaimedLetter]:
    """Let every letter be confirmed; return them as a worker gets them."""
    with transaction() as writing:
        writing.execute(update(Letter).values(state=LetterState.QUEUED, confirmed_at=now()))
        writing.execute(update(Mailroom).values(hourly_cap=100_000))
    with transaction():
        return claim(now(), most=100_000)


def hold_against(letter: ClaimedLetter) -> None:
    """See that the mail says what was written, to whom it was written, and nothing else."""
    about = "http://localhost/en/about-this-letter"
    envelope = letter_envelope(letter, sender=SENDER, site_name="Magnitsky Month", about_url=about)
    mail = message_from_bytes(envelope.octets, policy=policy.default)
    assert set(mail.keys()) == HEADERS
    assert len(mail.keys()) == len(HEADERS)
    assert [one.addr_spec for one in mail["From"].addresses] == [SENDER]
    assert [one.addr_spec for one in mail["To"].addresses] == ["gb-foreign-secretary@example.org"]
    assert str(mail["Subject"]) == letter.written.subject
    assert not mail.is_multipart()
    said = mail.get_content().replace("\r\n", "\n").partition("\n\n-- \n")[0]
    assert said == letter.written.body.rstrip("\n")
    assert envelope.to == "gb-foreign-secretary@example.org"


@pytest.mark.parametrize("value", INJECTIONS)
def test_no_name_becomes_a_header(value: str, visitor: Visitor) -> None:
    begin(visitor)
    post(visitor, "you", name=value)
    visitor.sends()

    for letter in sent_letters():
        hold_against(letter)


def test_every_troublemaker_is_refused_or_arrives_as_it_was_written(
    visitor: Visitor, app: Flask
) -> None:
    sender = Poster(app, token="")
    taken: dict[str, str] = {}

    def fill_in(draft: str, step: str, **form: str) -> tuple[int, str]:
        answer = sender.post(f"{draft}/{step}", form)
        moved = answer.headers.get("Location", "").rpartition("/")[0]
        return answer.status_code, moved or draft

    def write(value: str) -> None:
        begin(visitor)
        you = {"name": value, "email": visitor.email, "country": "GB"}
        _status, draft = fill_in(visitor.draft, "you", **you)
        _status, draft = fill_in(draft, "reasons", reason_0=value)
        subject, draft = fill_in(draft, "edit", subject=value, body="Dear all")
        taken_subject = value if subject == 303 else "One line"
        lines = {"subject": taken_subject, "body": f"Dear all,\n\n{value}"}
        body, draft = fill_in(draft, "edit", **lines)
        for page in ("preview", "letter.eml", "letter.txt"):
            assert sender.get(f"{draft}/{page}").status_code == 200
        assert sender.post(f"{draft}/send", {}).status_code == 303
        if (subject, body) == (303, 303):
            taken[visitor.email] = value

    for value in (*FRAGMENTS, *INJECTIONS):
        write(value)
    letters = sent_letters()
    assert len(letters) == len(FRAGMENTS) + len(INJECTIONS)
    assert len(taken) > len(letters) / 2
    for letter in letters:
        hold_against(letter)
        said = taken.get(letter.written.writer.email)
        assert said is None or tidy(said) in letter.written.body


def test_text_like_a_mail_of_its_own_is_only_text(visitor: Visitor) -> None:
    begin(visitor)
    post(visitor, "edit", body=MIME_TEXT)
    visitor.sends()

    [letter] = sent_letters()
    assert "virus.exe" in letter.written.body
    hold_against(letter)


def test_a_letter_of_a_megabyte_is_refused_and_loses_nothing(visitor: Visitor) -> None:
    begin(visitor)
    post(visitor, "edit", subject="Kept")
    page = f"{visitor.draft}/edit"
    answer = visitor.client.post(
        page, data={"body": "x" * 1_000_000}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == 413
    assert "That is too long" in answer.text
    assert visitor.page("edit").select_one("#subject")["value"] == "Kept"  # type: ignore[index]


def test_an_office_that_stops_taking_letters_half_way_is_asked_for_again(
    visitor: Visitor,
) -> None:
    begin(visitor)
    post(visitor, "edit", subject="Kept")
    with transaction() as writing:
        mine = select(Mailroom.recipient_id).where(Mailroom.recipient_id == office(OFFICE).id)
        writing.execute(delete(Mailroom).where(Mailroom.recipient_id.in_(mine)))
    session.remove()

    for step in ("reasons", "edit", "preview"):
        answer = visitor.client.get(f"{visitor.draft}/{step}")
        assert answer.headers["Location"].endswith("/ask")
    answer = visitor.client.post(f"{visitor.draft}/send", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["Location"].endswith("/ask")
    assert visitor.client.get(f"{visitor.draft}/letter.pdf").status_code == 404
    assert visitor.chooses("High Representative").status_code == 303


def test_a_confirmed_letter_to_an_office_that_is_gone_stays_here(
    visitor: Visitor, clock: time_machine.Traveller
) -> None:
    visitor.writes()
    visitor.sends()
    with transaction() as writing:
        writing.execute(delete(Mailroom))
    session.remove()
    page = visitor.client.visit(visitor.confirms())
    clock.shift(timedelta(hours=1))
    with transaction():
        claimed = claim(now())

    assert "Foreign Secretary" in words(page)
    assert claimed == []
