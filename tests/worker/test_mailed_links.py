"""A link in a mail that had to wait opens for as long as the mail says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
import time_machine

from petition.core.clock import now
from petition.core.errors import LinkExpired
from petition.core.storage.database import is_sqlite, session, transaction
from petition.links.models import LinkPurpose
from petition.outbox import actions as outbox
from petition.outbox import claiming
from petition.outbox.models import MailState
from petition.signatures import removals
from petition.signatures.links import SIGNATURE_LINKS
from petition.worker.loops import Worker
from petition.worker.mailed_links import start_hours
from tests.factories import NOON, confirm, make_ask, newest_signature, sign, signer
from tests.faults.visitors import wait_until
from tests.grounds.locks import somebody_waits
from tests.grounds.mail import SmtpServer
from tests.outbox.mails import only_mail


def test_a_link_lives_its_hours_from_when_its_mail_leaves(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    signed_at = now() - timedelta(hours=100)
    letters = sign(make_ask(), signer("ana@example.org"), at=signed_at)
    with pytest.raises(LinkExpired):
        confirm(letters)
    worker.send_mail()
    worker.transport.close()

    assert len(smtp_server.to("ana@example.org")) == 1
    with pytest.raises(LinkExpired):
        confirm(letters, at=now() + timedelta(hours=73))
    confirm(letters, at=now() + timedelta(hours=71))
    assert newest_signature().counts


def test_a_link_lives_its_hours_from_when_its_mail_may_have_come(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    letters = sign(make_ask(), signer("ana@example.org"), at=now() - timedelta(hours=71))
    smtp_server.behaviour.hang_up = True
    worker.send_mail()
    worker.transport.close()

    assert len(smtp_server.to("ana@example.org")) == 1
    assert only_mail().state == MailState.QUEUED
    confirm(letters, at=now() + timedelta(hours=71))
    assert newest_signature().counts


def test_and_again_from_when_it_leaves_once_more(worker: Worker, smtp_server: SmtpServer) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        letters = sign(make_ask(), signer("ana@example.org"), at=now() - timedelta(hours=71))
        smtp_server.behaviour.hang_up = True
        worker.send_mail()
        clock.shift(timedelta(hours=80))
        smtp_server.behaviour.hang_up = False
        worker.send_mail()
        worker.transport.close()

        assert only_mail().state == MailState.SENT
        confirm(letters, at=now() + timedelta(hours=71))
    assert newest_signature().counts


@pytest.mark.parametrize("verb", ["decline", "erase"])
def test_whoever_leaves_while_a_late_mail_is_noted_waits_for_nobody_who_waits_for_them(
    database: str, verb: str
) -> None:
    if is_sqlite():
        pytest.skip("one writes at a time")
    ask, who, at = make_ask(), signer("ana@example.org"), now()
    letters = sign(ask, who, at=at - timedelta(minutes=30))
    if verb == "erase":
        confirm(letters, at=at - timedelta(minutes=30))
        sign(ask, who, letters, at=at - timedelta(minutes=30))
    with transaction():
        outbox.beat("one", at)
        claimed = claiming.claim("one", at, most=20)
    noted = Event()

    def leave() -> None:
        noted.wait()
        with transaction():
            if verb == "decline":
                token, purpose = letters.confirm_tokens[-1], LinkPurpose.CONFIRM
                signature = SIGNATURE_LINKS.open(token, purpose, at, to_change=True)
                removals.decline(signature, token, at)
            else:
                token, purpose = letters.manage_tokens[-1], LinkPurpose.MANAGE
                removals.erase(SIGNATURE_LINKS.open(token, purpose, at, to_change=True), at)
        session.remove()

    with ThreadPoolExecutor(max_workers=1) as person:
        left = person.submit(leave)
        with transaction():
            outbox.sent(claimed, at)
            noted.set()
            wait_until(somebody_waits, "nobody waits for the mail that is noted")
            for claim in claimed:
                start_hours(claim, at)
        left.result()
