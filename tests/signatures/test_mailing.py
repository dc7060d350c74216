"""What looks like a program makes us mail nobody before a moderator has accepted it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from petition.core.storage.database import session, transaction
from petition.holds.models import OF_A_PROGRAM, Hold, HoldCause
from petition.links.models import LinkPurpose
from petition.outbox.models import MailState, OutboxMail
from petition.petitions.asks import Ask
from petition.signatures import mailing
from petition.signatures.desk import decisions
from petition.signatures.links import SIGNATURE_LINKS
from petition.signatures.models import Signature
from petition.signatures.removals import decline, purge_pending, withdraw
from tests.factories import (
    NOON,
    Letters,
    confirm,
    make_ask,
    make_organiser,
    newest_signature,
    rows,
    sign,
    signed,
    signer,
)

PROGRAMS = sorted(OF_A_PROGRAM)
LATER = NOON + timedelta(days=6)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def to_leave() -> int:
    """Return how many mails are to leave."""
    found = session.scalar(select(func.count()).where(OutboxMail.state == MailState.QUEUED))
    session.commit()
    return found or 0


def accept(letters: Letters) -> bool | None:
    """Accept the newest signature as a moderator does; return whether its owner is mailed."""
    organiser = make_organiser().id
    with transaction() as writing:
        signature = writing.get_one(Signature, newest_signature().id)
        decisions.accept(signature, organiser, LATER)
        return mailing.mail_at_last(signature, letters, LATER)


@pytest.mark.parametrize("hold", PROGRAMS)
def test_a_program_makes_us_mail_nobody_however_often_it_posts(hold: HoldCause, ask: Ask) -> None:
    who = signer()
    for _ in range(2):
        assert sign(ask, who, hold=hold).confirm_tokens == []

    assert (rows(Signature), rows(OutboxMail)) == (1, 0)


@pytest.mark.parametrize("hold", PROGRAMS)
def test_what_a_program_left_does_not_keep_its_victim_from_signing(
    hold: HoldCause, ask: Ask
) -> None:
    who = signer("nadia@example.org", name="Nadia Sample")
    sign(ask, signer("nadia+x@example.org", name="Buy Now"), hold=hold)
    letters = sign(ask, who)
    assert sign(ask, signer("nadia@example.org", name="Buy Now"), hold=hold).confirm_tokens == []
    confirm(letters)

    assert rows(Signature) == 1
    assert newest_signature().counts
    assert newest_signature().opened().name == "Nadia Sample"


def test_who_takes_a_program_s_place_waits_for_the_cause_of_their_own(ask: Ask) -> None:
    who = signer()
    sign(ask, who, hold=HoldCause.HONEYPOT)
    assert len(sign(ask, who, hold=HoldCause.NETWORK).confirm_tokens) == 1
    (cause,) = session.scalars(select(Hold.cause))
    session.commit()

    assert cause == HoldCause.NETWORK
    assert newest_signature().on_hold


@pytest.mark.parametrize("hold", PROGRAMS)
def test_a_program_gets_no_mail_for_whoever_has_signed_or_is_about_to(
    hold: HoldCause, ask: Ask
) -> None:
    pending, confirmed = signer(), signer()
    sign(ask, pending)
    signed(ask, confirmed)
    before = to_leave()
    for who in (pending, confirmed):
        letters = sign(ask, who, hold=hold)
        assert letters.confirm_tokens + letters.manage_tokens == []

    assert to_leave() == before


@pytest.mark.parametrize("hold", [HoldCause.NETWORK, HoldCause.MAIL_DOMAIN])
def test_who_comes_from_a_busy_network_is_mailed_at_once_and_once(
    hold: HoldCause, ask: Ask
) -> None:
    assert len(sign(ask, hold=hold).confirm_tokens) == 1
    letters = Letters()

    assert accept(letters) is None
    assert letters.confirm_tokens == []


def test_once_accepted_it_is_mailed_and_counts_when_it_is_confirmed(ask: Ask) -> None:
    sign(ask, signer("nadia@example.org", language="fr"), at=NOON, hold=HoldCause.HONEYPOT)
    letters = Letters()

    assert accept(letters) is True
    assert accept(letters) is None
    assert len(letters.confirm_tokens) == 1
    assert not newest_signature().counts
    confirm(letters, at=LATER + timedelta(hours=71))
    assert newest_signature().counts


def test_the_hours_of_its_link_begin_when_it_is_accepted(ask: Ask) -> None:
    sign(ask, at=NOON, hold=HoldCause.TOO_FAST)
    letters = Letters()
    accept(letters)
    still_good = LATER + timedelta(hours=71)
    with transaction():
        purge_pending(still_good)

    assert SIGNATURE_LINKS.open(letters.confirm_tokens[0], LinkPurpose.CONFIRM, still_good).id == 1


def test_what_nobody_accepts_is_gone_after_a_week(ask: Ask) -> None:
    sign(ask, at=NOON, hold=HoldCause.TOO_FAST)
    with transaction():
        purge_pending(NOON + timedelta(days=7, seconds=1))

    assert rows(Signature) == 0


def test_who_signs_again_after_that_is_mailed_as_anybody(ask: Ask) -> None:
    who = signer()
    sign(ask, who, at=NOON, hold=HoldCause.TOO_FAST)
    accept(Letters())

    assert len(sign(ask, who, at=LATER).confirm_tokens) == 1


def test_one_that_does_not_open_mails_nobody(ask: Ask) -> None:
    sign(ask, at=NOON, hold=HoldCause.HONEYPOT)
    with transaction() as writing:
        writing.execute(update(Signature).values(person_key="gone"))

    assert accept(Letters()) is False
    assert to_leave() == 0


def test_once_it_is_confirmed_no_other_mail_that_asks_for_it_leaves(ask: Ask) -> None:
    who, letters = signer(), Letters()
    for _ in range(2):
        sign(ask, who, letters, at=NOON)
    assert to_leave() == 2
    confirm(letters, at=NOON)

    assert to_leave() == 0


def test_who_withdrew_and_declines_gets_no_other_mail_that_asks_for_it(ask: Ask) -> None:
    who, letters = signer(), Letters()
    number = signed(ask, who, at=NOON)[0].id
    with transaction() as writing:
        withdraw(writing.get_one(Signature, number), NOON)
    for _ in range(2):
        sign(ask, who, letters, at=NOON)
    assert to_leave() == 2
    with transaction() as writing:
        decline(writing.get_one(Signature, number), letters.confirm_tokens[0], NOON)

    assert to_leave() == 0
