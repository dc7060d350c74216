"""A link in a mail that had to wait opens for as long as the mail says."""

from datetime import timedelta

import pytest
import time_machine

from petition.core.clock import now
from petition.core.errors import LinkExpired
from petition.outbox.models import MailState
from petition.worker.loops import Worker
from tests.factories import NOON, confirm, make_ask, newest_signature, sign, signer
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
