"""What somebody began before an upgrade goes on after it: links, holds, mails, batches, keys."""

from typing import cast

import pytest
from flask import Flask
from sqlalchemy import select

from petition.core.memory import forget_everything
from petition.core.storage.database import session
from petition.holds.models import Hold
from petition.letters.drafting.drafts import open_draft
from petition.letters.letter.models import Letter, LetterState
from petition.signatures.models import Signature, SignatureState
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.migrations.before import NOON, path_of, secret
from tests.migrations.campaign_before import LETTERS, PETITIONS
from tests.migrations.letter_fates import Letter as LetterBefore
from tests.migrations.letter_fates import letters
from tests.migrations.signatures_before import Signed, signatures
from tests.web.public.people import details, mails_to, words

BUTTON = "main form[method=post]"
SEARCH = "form[method=post]:has(input[type=email])"

pytestmark = pytest.mark.usefixtures("noon")


def signed(name: str, place: int = 0) -> Signed:
    """Return one of the signatures with this fate."""
    return [one for fate, one in signatures() if fate == name][place]


def written(name: str, place: int = 0) -> LetterBefore:
    """Return one of the letters with this fate."""
    return [one for one in letters() if one.name == name][place]


def signature(one: Signed) -> Signature:
    """Return a signature as it is now."""
    session.remove()
    return session.get_one(Signature, one.number)


def letter(one: LetterBefore) -> Letter:
    """Return a letter as it is now."""
    session.remove()
    return session.get_one(Letter, one.number)


def presses(client: ReadingClient, path: str) -> str:
    """Press the button behind a link; return the words of the page that it leads to."""
    forget_everything()
    answer = client.submit(path, client.visit(path), {}, form=BUTTON)
    assert answer.status_code == 303
    return words(client.visit(answer.headers["Location"]))


@pytest.mark.parametrize("name", ["pending", "signed again", "no program", "waits in the outbox"])
def test_a_link_to_confirm_a_signature_confirms_it(client: ReadingClient, name: str) -> None:
    one = signed(name)
    path = path_of("signature", "confirm", one.number)
    assert details(client.visit(path))["Name"] == one.name

    presses(client, path)
    assert signature(one).counts
    assert signature(one).opened().name == one.name


@pytest.mark.parametrize("name", ["signed again", "signs once more"])
def test_a_link_confirms_what_it_carries(client: ReadingClient, name: str) -> None:
    one = signed(name, 1)
    path = path_of("signature", "again", one.number)
    assert details(client.visit(path))["Name"] == f"Anew Number{one.number}"

    presses(client, path)
    assert signature(one).counts
    assert signature(one).opened().name == f"Anew Number{one.number}"


@pytest.mark.parametrize("name", ["confirmed", "let count", "withdrawn", "struck"])
def test_a_link_to_manage_shows_what_is_held(client: ReadingClient, name: str) -> None:
    one = signed(name)
    page = client.visit(path_of("signature", "manage", one.number))

    assert details(page)["Name"] == one.name


def test_a_dead_link_says_why_and_one_just_pressed_leads_on(client: ReadingClient) -> None:
    late, done = signed("too late"), signed("confirmed", 1)
    too_old = client.visit(path_of("signature", "expired", late.number), status=410)
    assert "This link is too old" in words(too_old)
    used = client.visit(path_of("signature", "used", done.number), status=410)
    assert "This link has done its work" in words(used)
    late_letter, sent = written("awaiting too late"), written("sent")
    too_old = client.visit(path_of("letter", "expired", late_letter.number), status=410)
    assert "This link is too old" in words(too_old)
    used = client.visit(path_of("letter", "used", sent.number), status=410)
    assert "You have confirmed a letter to this office already" in words(used)

    just = path_of("signature", "pressed", signed("confirmed just now").number)
    assert "Your signature is confirmed" in words(client.visit(just))
    just = path_of("letter", "pressed", written("queued just now").number)
    assert "Your letter is confirmed" in words(client.visit(just))


@pytest.mark.parametrize("name", ["awaiting", "awaiting with a draft", "no program"])
def test_a_link_to_confirm_a_letter_lets_it_leave(client: ReadingClient, name: str) -> None:
    one = written(name, 1)
    path = path_of("letter", "confirm", one.number)
    assert details(client.visit(path))["Your name"] == f"Writer Number{one.writer}"

    assert "will leave" in presses(client, path)
    assert (letter(one).state, letter(one).on_hold) == (LetterState.QUEUED, False)


def test_of_two_letters_to_one_office_the_link_of_the_other_leads_on(client: ReadingClient) -> None:
    first, again = written("awaiting", 5), written("awaiting once more", 5)
    presses(client, path_of("letter", "confirm", again.number))

    assert letter(again).state == LetterState.QUEUED
    assert session.get(Letter, first.number) is None
    page = client.visit(path_of("letter", "confirm", first.number), status=410)
    assert "You have confirmed a letter to this office already" in words(page)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("queued", "Leaves in the office’s working hours"),
        ("queued on hold", "A moderator looks at it first"),
        ("sent", "Sent on"),
        ("sent and scrubbed", "Sent on"),
        ("answered", "Their answer"),
        ("bounced", "Came back"),
        ("failed", "Not taken by the office’s mail server"),
        ("unknown", "An organiser looks into whether it arrived"),
        ("stopped", "Stopped"),
        ("stopped for its age", "Stopped"),
    ],
)
def test_a_link_to_a_letter_says_where_it_is(client: ReadingClient, name: str, said: str) -> None:
    page = client.visit(path_of("letter", "manage", written(name).number))

    assert said in words(page)


def test_a_draft_is_taken_up_where_it_was_left(client: ReadingClient) -> None:
    one = written("awaiting with a draft", 2)
    page = client.visit(f"/en/letters/draft/{one.draft}/reasons")

    assert f"This is draft {one.number}." in str(page)
    assert open_draft(one.draft, NOON)[1].writer.email == one.email


@pytest.fixture
def moderator(app: Flask) -> ReadingClient:
    """A moderator who was at work before the upgrade, and is still logged in."""
    client = cast("ReadingClient", app.test_client())
    with client.session_transaction("/organiser/") as cookie:
        cookie["token"] = secret("at work")
    return client


@pytest.mark.parametrize(
    ("name", "cause", "is_mailed"),
    [
        ("of a network", "Many forms came from one network", False),
        ("honeypot", "A hidden field was filled in", True),
        ("confirmed on hold", "Many forms came from one small mail domain", False),
    ],
)
def test_a_moderator_accepts_a_signature(
    moderator: ReadingClient, name: str, cause: str, is_mailed: bool
) -> None:
    one = signed(name, 2)
    mails = len(mails_to(one.email))
    path = f"/organiser/petitions/{PETITIONS[one.petition - 1]}/signatures"
    search = {"email": one.email}
    page = parse(moderator.submit(path, moderator.visit(path), search, form=SEARCH).text)
    assert cause in words(str(page.select_one(f"#signature-{one.number}")))
    accept = f"#signature-{one.number} form[action*='/accept']"
    assert moderator.submit(path, page, {}, form=accept).status_code == 303

    assert not signature(one).on_hold
    assert signature(one).counts == (signature(one).state == SignatureState.CONFIRMED)
    assert len(mails_to(one.email)) == mails + is_mailed


@pytest.mark.parametrize(
    ("name", "wait", "decision", "then"),
    [
        ("a program", "unmailed", "send", LetterState.AWAITING),
        ("queued on hold", "on_hold", "send", LetterState.QUEUED),
        ("queued on hold", "on_hold", "stop", LetterState.STOPPED),
        ("unknown", "unknown", "arrived", LetterState.SENT),
        ("unknown on hold", "unknown", "stop", LetterState.STOPPED),
        ("failed", "failed", "send", LetterState.QUEUED),
        ("stopped", "stopped", "send", LetterState.QUEUED),
        ("stopped on hold", "stopped", "send", LetterState.QUEUED),
    ],
)
def test_a_moderator_decides_about_a_letter(
    moderator: ReadingClient, name: str, wait: str, decision: str, then: LetterState
) -> None:
    one = written(name, -1 if decision == "send" else -2)  # the newest come first
    address = f"/organiser/letters/{LETTERS[one.campaign - 1]}/waiting?wait={wait}"
    page, form = moderator.visit(address), f"#letter-{one.number} form"
    while page.select_one(form) is None:
        address = str(page.select("a[rel=next]")[0]["href"])
        page = moderator.visit(address)
    answer = moderator.submit(address, page, {"decision": decision}, form=form)

    assert answer.status_code == 303
    assert letter(one).state == then
    assert decision != "send" or not letter(one).on_hold
    held = session.scalars(select(Hold).where(Hold.letter_id == one.number)).all()
    assert {hold.accepted for hold in held} <= {decision == "send"}
    assert bool(held) == (name not in {"unknown", "failed", "stopped"})
