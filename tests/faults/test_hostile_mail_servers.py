"""Mail servers that say more than anybody can keep: a worker stays small, and ends when told to."""

from pathlib import Path

import psutil
import pytest

from config import Config
from petition.core.clock import now
from tests.faults.visitors import wait_until
from tests.faults.workers import worker_of
from tests.grounds.hostile import Manner, Talk, hostile_server
from tests.grounds.mail import LOOPBACK
from tests.outbox.mails import only_mail, post

MUCH = 64 * 1024 * 1024
"""Octets: of a server without bounds a worker would keep many times as many in ten seconds."""
FLOODS = (lambda talk: talk.flood(b"220-welcome\r\n"), lambda talk: talk.flood(b"* OK hello\r\n"))
DRIPS = (lambda talk: talk.drip(b"220-welcome\r\n"), lambda talk: talk.drip(b"* OK hello\r\n"))


class Visits:
    """Counts who comes to a server."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self.count = 0

    def __call__(self, talk: Talk) -> None:
        """Note a visit, and treat the visitor as the server does."""
        self.count += 1
        self._manner(talk)


@pytest.mark.fault
@pytest.mark.parametrize(("smtp", "imap"), [FLOODS, DRIPS], ids=["floods", "drips"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_worker_stays_small_and_ends_when_told_to(
    smtp: Manner, imap: Manner, config: Config, tmp_path: Path
) -> None:
    post(at=now())
    to_smtp, to_imap = Visits(smtp), Visits(imap)
    with hostile_server(to_smtp) as smtp_port, hostile_server(to_imap) as imap_port:
        settings = {
            "MAIL_SERVER": f"smtp://{LOOPBACK}:{smtp_port}",
            "BOUNCE_MAILBOX": f"imap://me:secret@{LOOPBACK}:{imap_port}",
            "MAIL_TIMEOUT": "3",
        }
        with worker_of(config, tmp_path / "printed", settings) as worker:
            wait_until(lambda: to_smtp.count + to_imap.count > 1, "it does not knock")
            process = psutil.Process(worker.pid)
            before = process.memory_info().rss
            wait_until(lambda: to_smtp.count > 2, "it does not knock again")
            assert process.memory_info().rss - before < MUCH

    assert only_mail().attempts == 0
    assert "mailbox for bounces out of reach" in (tmp_path / "printed").read_text("utf-8")
