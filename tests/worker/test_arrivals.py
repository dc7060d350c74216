"""The worker takes in what arrived: in its order, each once, and one that is broken alone waits."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from config import Config
from petition.arrivals.models import Arrival
from petition.core.storage.database import session, transaction
from petition.holds.models import Hold, HoldCause
from petition.letters.arriving import ArrivedLetter
from petition.letters.letter.models import Letter, LetterState
from petition.outbox.models import OutboxMail
from petition.petitions.asks import Ask
from petition.signatures.arriving import ArrivedSignature, LinkRequest
from petition.signatures.models import Signature, SignatureState
from petition.signatures.removals import erase
from petition.signatures.signers import Signing
from petition.worker.arrivals import AT_ONCE, of_signatures
from tests.factories import (
    NOON,
    confirm,
    load_sample,
    make_ask,
    newest_signature,
    rows,
    sign,
    signed,
    signer,
    spoil,
)
from tests.grounds.arriving import take_in_arrivals
from tests.letters.posting import finished, newest_letter
from tests.web.public.people import mails_to

NADIA = "nadia@example.org"
LIMIT = 2


@pytest.fixture
def ask(database: str, clock: time_machine.Traveller) -> Ask:
    """A petition of the sample campaign, while it runs."""
    load_sample(NOON - timedelta(days=10))
    return make_ask()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon, and it stays."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def arrive(
    ask: Ask, email: str = "", *, network: bytes | None = None, hold: HoldCause | None = None
) -> None:
    """Let a signature arrive."""
    with transaction():
        ArrivedSignature(Signing(signer(email), ask.text_id, NOON), network, hold).append(
            ask.petition_id
        )


def test_a_signature_waits_for_its_owner_once_it_is_taken_in(ask: Ask, config: Config) -> None:
    arrive(ask, NADIA)
    assert (rows(Signature), rows(OutboxMail)) == (0, 0)
    take_in_arrivals(config)

    assert newest_signature().state == SignatureState.PENDING
    assert [mail.kind for mail in mails_to(NADIA)] == ["confirm_signature"]
    assert rows(Arrival) == 0


def test_it_says_when_its_form_was_sent_however_late_that_is_taken_in(
    ask: Ask, config: Config, clock: time_machine.Traveller
) -> None:
    arrive(ask, NADIA)
    clock.shift(timedelta(hours=5))
    take_in_arrivals(config)

    assert newest_signature().signed_at == NOON
    assert newest_signature().opened().signed_at == NOON


def test_more_than_a_batch_is_taken_in_without_a_rest(ask: Ask, config: Config) -> None:
    for _ in range(AT_ONCE + 1):
        arrive(ask)
    arrivals = of_signatures(replace(config, domain_limit=1_000))

    assert arrivals.take_in()
    while arrivals.take_in():
        pass
    assert rows(Signature) == AT_ONCE + 1


def test_whoever_posts_twice_before_the_worker_looks_has_one_signature(
    ask: Ask, config: Config
) -> None:
    for _ in range(3):
        arrive(ask, NADIA)
    take_in_arrivals(config)

    assert rows(Signature) == 1
    assert len(mails_to(NADIA)) == 2


def test_one_that_does_not_open_waits_alone_and_comes_when_it_opens_again(
    ask: Ask, config: Config, clock: time_machine.Traveller
) -> None:
    arrive(ask, NADIA)
    key = session.scalar(select(Arrival.content_key))
    session.commit()
    spoil(Arrival, "content")
    for _ in range(3):
        arrive(ask)
    take_in_arrivals(config)
    assert (rows(Signature), rows(Arrival)) == (3, 1)

    with transaction() as writing:
        writing.query(Arrival).update({Arrival.content_key: key})
    clock.shift(timedelta(minutes=1))
    take_in_arrivals(config)
    assert mails_to(NADIA) != []
    assert rows(Arrival) == 0


def test_a_kind_of_a_later_version_waits_for_its_worker(ask: Ask, config: Config) -> None:
    arrive(ask)
    with transaction() as writing:
        writing.query(Arrival).update({Arrival.kind: "of a later version"})
    arrive(ask)
    take_in_arrivals(config)

    assert (rows(Signature), rows(Arrival)) == (1, 1)


def test_what_answers_to_a_campaign_that_was_removed_goes_with_it(ask: Ask, config: Config) -> None:
    arrive(replace(ask, text_id=ask.text_id + 1_000))
    arrive(ask)
    take_in_arrivals(config)

    assert (rows(Signature), rows(Arrival)) == (1, 0)


def test_beyond_the_budget_of_a_network_it_is_held_and_its_mail_leaves_later(
    ask: Ask, config: Config
) -> None:
    few = replace(config, network_limit=LIMIT, domain_limit=1_000)
    for _ in range(LIMIT + 2):
        arrive(ask, network=bytes(32))
    arrive(ask, network=bytes(31) + b"1")
    take_in_arrivals(few)
    causes = [hold.cause for hold in session.query(Hold)]
    due = session.scalars(select(OutboxMail.due_at).order_by(OutboxMail.id)).all()
    session.commit()

    turn = timedelta(hours=1) / LIMIT
    assert causes == [HoldCause.NETWORK] * 2
    assert [round((at - NOON) / turn) for at in due] == [0, 0, 1, 2, 0]


def test_a_budget_counts_in_the_order_in_which_they_came_whoever_has_signed_before(
    ask: Ask, config: Config
) -> None:
    few = replace(config, domain_limit=LIMIT)
    sign(ask, signer(NADIA))
    held = HoldCause.HONEYPOT
    for email, hold in (
        ("amara@example.org", None),
        ("bot@example.org", held),  # mails nobody
        (NADIA, None),  # is mailed once more, and so takes the last of this hour's
        ("bela@example.org", None),
        ("amara@example.org", None),
    ):
        arrive(ask, email, hold=hold)
    take_in_arrivals(few)
    mails = session.execute(select(OutboxMail.origin, OutboxMail.due_at).order_by(OutboxMail.id))
    came = [(origin, round((due_at - NOON) / timedelta(minutes=30))) for origin, due_at in mails]
    causes = [hold.cause for hold in session.query(Hold).order_by(Hold.id)]
    session.commit()

    first, amara, bela = "signature:1", "signature:2", f"signature:{newest_signature().id}"
    assert came == [(first, 0), (amara, 0), (first, 0), (bela, 1), (amara, 2)]
    assert causes == [held, HoldCause.MAIL_DOMAIN]


def test_what_mails_nobody_takes_nothing_from_anybody(ask: Ask, config: Config) -> None:
    few = replace(config, domain_limit=LIMIT)
    confirm(sign(ask, signer(NADIA)))
    for _ in range(5):
        arrive(ask, hold=HoldCause.HONEYPOT)
        arrive(ask, NADIA)
        with transaction():
            LinkRequest(ask.text_id, "en", "nobody@example.org", None).append(NOON)
    arrive(ask, "amara@example.org")
    take_in_arrivals(few)
    due = session.scalars(select(OutboxMail.due_at)).all()
    session.commit()

    assert mails_to("amara@example.org") != []
    assert set(due) == {NOON}
    assert not newest_signature().on_hold


def test_whoever_erases_everything_does_not_come_back_with_what_they_sent_before(
    ask: Ask, config: Config
) -> None:
    signature, _token = signed(ask, signer(NADIA))
    arrive(ask, NADIA)
    with transaction() as writing:
        erase(writing.get_one(Signature, signature.id), NOON)
    take_in_arrivals(config)

    assert (rows(Signature), rows(Arrival)) == (0, 0)


def test_what_looks_like_a_program_mails_nobody(ask: Ask, config: Config) -> None:
    arrive(ask, NADIA, hold=HoldCause.HONEYPOT)
    take_in_arrivals(config)

    assert mails_to(NADIA) == []
    assert newest_signature().on_hold


def test_a_request_for_the_link_mails_who_confirmed_and_nobody_else(
    ask: Ask, config: Config
) -> None:
    confirm(sign(ask, signer(NADIA)))
    for email in (NADIA, "nobody@example.org"):
        with transaction():
            LinkRequest(ask.text_id, "en", email, None).append(NOON)
    take_in_arrivals(config)

    assert [mail.kind for mail in mails_to(NADIA)] == ["manage_signature"]
    assert mails_to("nobody@example.org") == []


def test_a_letter_waits_for_its_writer_once_it_is_taken_in(ask: Ask, config: Config) -> None:
    letter = finished(NADIA)
    made_from = letter.text_id, letter.recipient.id, letter.written, "en"
    with transaction():
        arrived = ArrivedLetter(*made_from, is_suspect=False, network=None)
        arrived.append(NOON, draft_hash=bytes(32))
    assert rows(Letter) == 0
    take_in_arrivals(config)

    assert newest_letter().state == LetterState.AWAITING
    assert newest_letter().opened() == letter.written
    assert [mail.kind for mail in mails_to(NADIA)] == ["confirm_letter"]
