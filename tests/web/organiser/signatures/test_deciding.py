"""What a moderator decides about the signatures of one petition."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from petition.core.storage.database import session, transaction
from petition.holds.models import Hold, HoldCause
from petition.organisers.models import Role
from petition.safekeeping.tallies import take_in
from petition.signatures.models import Removal, Signature, SignatureState, Visibility
from petition.signatures.queries import shown
from petition.signatures.removals import withdraw
from petition.signatures.tally import counts
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import SLUG, LogIn, Supporters
from tests.web.public.people import mails_to

LIST = f"/organiser/petitions/{SLUG}/signatures"
AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


def decide(client: ReadingClient, signature: Signature, verb: str, **values: str) -> BeautifulSoup:
    """Press a button in the row of the signature; return the page that follows."""
    page = client.visit(LIST)
    form = f"#signature-{signature.id} form[action*='/{verb}']"
    answer = client.submit(LIST, page, values, form=form)
    assert answer.status_code == 303
    return client.visit(str(answer.location))


def fresh(signature: Signature) -> Signature:
    session.expire_all()
    return session.get_one(Signature, signature.id)


def test_a_moderator_lets_a_signature_on_hold_count(log_in: LogIn, supporters: Supporters) -> None:
    held = supporters.sign("Ada One", hold=HoldCause.NETWORK)
    client = log_in(Role.MODERATOR)
    assert "Many forms came from one network" in client.visit(LIST).get_text()
    page = decide(client, held, "accept")

    assert f"Signature {held.id} is accepted" in page.get_text()
    assert fresh(held).counts
    hold = session.query(Hold).where(Hold.signature_id == held.id).one()
    assert (hold.accepted, hold.closed_by) == (True, 1)
    with transaction():
        take_in()
    assert counts([held.petition_id]) == {held.petition_id: 1}


def test_what_looks_like_a_program_is_mailed_when_a_moderator_accepts_it(
    log_in: LogIn, supporters: Supporters
) -> None:
    held = supporters.sign("Ada One", hold=HoldCause.HONEYPOT, confirmed=False)
    client = log_in(Role.MODERATOR)
    row = client.visit(LIST).select_one(f"#signature-{held.id}")
    assert row is not None
    words = "A hidden field was filled in, as programs do. Nobody has been mailed. Accept it if"
    assert words in row.get_text(" ", strip=True)
    assert row.select_one("form[action*='/accept'] button").get_text() == "Accept and mail the link"  # type: ignore[union-attr]
    assert mails_to("ada.one@example.org") == []

    page = decide(client, held, "accept")
    assert "Its owner is mailed the link now" in page.get_text()
    [mail] = mails_to("ada.one@example.org")
    path = mail.text.partition("http://localhost")[2].split()[0]
    assert path.startswith("/en/confirm/")
    assert not fresh(held).counts
    confirming = client.visit(path)
    assert client.submit(path, confirming, {}, form="main form[method=post]").status_code == 303
    assert fresh(held).counts


@pytest.mark.parametrize("hold", [None, HoldCause.NETWORK])
def test_a_moderator_invalidates_a_signature_and_says_why(
    log_in: LogIn, supporters: Supporters, hold: HoldCause | None
) -> None:
    signature = supporters.sign("Ada One", hold=hold)
    client = log_in(Role.MODERATOR)
    decide(client, signature, "strike", why="Signed for somebody else")

    assert fresh(signature).state == SignatureState.INVALIDATED
    removal = session.query(Removal).one()
    assert (removal.why, removal.organiser_id) == ("Signed for somebody else", 1)
    page = client.visit(LIST)
    assert page.select(".tag--hold, form[action*='/accept']") == []
    row = page.select_one(f"#signature-{signature.id}")
    assert row is not None
    assert "Momo Moderator: Signed for somebody else" in row.get_text()


def test_why_a_signature_was_invalidated_is_for_those_who_see_names(
    log_in: LogIn, supporters: Supporters
) -> None:
    signature = supporters.sign("Ada One")
    decide(log_in(Role.MODERATOR), signature, "strike", why="Signed for somebody else")

    assert "Signed for somebody else" not in log_in(Role.AUDITOR).visit(LIST).get_text()


@pytest.mark.parametrize("why", ["", "  ", "x" * 401, "a\0b"])
def test_without_a_reason_nothing_is_invalidated(
    log_in: LogIn, supporters: Supporters, why: str
) -> None:
    signature = supporters.sign("Ada One")
    page = decide(log_in(), signature, "strike", why=why)

    assert page.select_one(".notice--error") is not None
    assert fresh(signature).counts


def test_a_signature_withdrawn_meanwhile_is_not_invalidated(
    log_in: LogIn, supporters: Supporters
) -> None:
    signature = supporters.sign("Ada One")
    client = log_in()
    page = client.visit(LIST)
    with transaction():
        withdraw(fresh(signature), AT)
    form = f"#signature-{signature.id} form[action*='/strike']"
    answer = client.submit(LIST, page, {"why": "test"}, form=form)

    assert "Only a confirmed signature" in client.visit(str(answer.location)).get_text()
    assert fresh(signature).state == SignatureState.WITHDRAWN


def test_a_moderator_shows_a_reason_and_hides_it(log_in: LogIn, supporters: Supporters) -> None:
    signature = supporters.sign(
        "Ada One", reason="Because it matters", visibility=Visibility.FIRST_NAME
    )
    client = log_in(Role.MODERATOR)
    decide(client, signature, "reason")
    assert [reason.text for reason in shown(signature.petition_id).reasons] == [
        "Because it matters"
    ]

    decide(client, signature, "reason")
    assert shown(signature.petition_id).reasons == ()


def test_a_reason_that_changed_since_it_was_read_is_not_shown(
    log_in: LogIn, supporters: Supporters
) -> None:
    signature = supporters.sign("Ada One", reason="Kind", visibility=Visibility.FULL_NAME)
    client = log_in()
    page = client.visit(LIST)
    with transaction():
        withdraw(fresh(signature), AT)
    supporters.sign("Ada One", reason="Unkind", visibility=Visibility.FULL_NAME)
    form = f"#signature-{signature.id} form[action*='/reason']"
    answer = client.submit(LIST, page, {}, form=form)

    assert "has changed since you read it" in client.visit(str(answer.location)).get_text()
    assert shown(signature.petition_id).reasons == ()


def test_the_reason_of_a_private_name_cannot_be_shown(
    log_in: LogIn, supporters: Supporters
) -> None:
    signature = supporters.sign("Ada One", reason="Because it matters")
    client = log_in()
    page = client.visit(LIST)
    assert "cannot be shown" in page.get_text()
    token = page.select_one("input[name=csrf_token]")
    assert token is not None
    data = {"csrf_token": token["value"], "shown": "yes"}
    client.post(f"{LIST}/{signature.id}/reason", data=data)

    assert not fresh(signature).reason_shown


def test_a_decision_leads_back_to_the_same_filters(log_in: LogIn, supporters: Supporters) -> None:
    held = supporters.sign("Ada One", hold=HoldCause.MAIL_DOMAIN)
    client = log_in()
    path = f"{LIST}?state=on_hold&country=GB"
    form = f"#signature-{held.id} form[action*='/accept']"
    answer = client.submit(path, client.visit(path), {}, form=form)

    assert answer.location == f"{path}#signature-{held.id}"


def test_what_was_done_is_said_once_on_whichever_page_comes_next(
    log_in: LogIn, supporters: Supporters
) -> None:
    held = supporters.sign("Ada One", hold=HoldCause.NETWORK)
    client = log_in(Role.MODERATOR)
    form = f"#signature-{held.id} form[action*='/accept']"
    client.submit(LIST, client.visit(LIST), {}, form=form)
    said = [client.visit("/organiser/letters").select("[role=status]") for _ in range(2)]

    assert [len(notices) for notices in said] == [1, 0]
