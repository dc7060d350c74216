"""`worker`: sends mail, keeps the tally, tidies up. Run as many as you like, on any host."""

import os
import secrets
import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import click

from config import Config
from petition.core.clock import now
from petition.core.database import session, transaction
from petition.core.log import log, start_logging
from petition.organisers import actions as organisers
from petition.outbox import actions as outbox
from petition.outbox.transports import (
    FolderTransport,
    Postponed,
    Refused,
    SmtpTransport,
    Transport,
    Unreachable,
)
from petition.signatures.actions import purge_links
from petition.signatures.links import start_hours
from petition.signatures.removals import purge_pending
from petition.signatures.tally import BATCH, drifts, take_in
from petition.supporters.actions import may_mail, purge_allowances

BEAT_SECONDS = 3.0
MAIL_SECONDS = 0.5
TALLY_SECONDS = 0.5
TIDY_SECONDS = 3600.0
LONGEST_WAIT_FOR_SERVER = 30.0
MAILS_AT_ONCE = 20
BEHIND_THE_WEB = 10
"""How much the worker steps back where both want the processor: mail may wait, people not."""


def make_command(config: Config) -> click.Command:
    """Return the command that runs a worker with these settings."""

    @click.command("worker")
    def command() -> None:
        """Send mail and keep the counts, until told to stop."""
        start_logging(config.log_threshold)
        os.nice(BEHIND_THE_WEB)
        worker = Worker(config)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()

    return command


class Worker:
    """One worker: a few loops, each in a thread of its own, so that none waits for another."""

    def __init__(self, config: Config) -> None:
        self.id = secrets.token_hex(8)
        self.transport = _transport(config)
        self.first_pause = timedelta(seconds=config.mail_retry)
        self._stopped = threading.Event()
        self._server_pause = 0.0

    def run(self) -> None:
        """Run until `stop`."""
        self.beat()
        loops = (
            (self.beat, BEAT_SECONDS),
            (self.send_mail, MAIL_SECONDS),
            (self.keep_tally, TALLY_SECONDS),
            (self.tidy, TIDY_SECONDS),
        )
        threads = [threading.Thread(target=self._loop, args=loop) for loop in loops]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with transaction():
            outbox.leave(self.id)
        self.transport.close()

    def stop(self) -> None:
        """Let every loop finish what it is at, and end."""
        self._stopped.set()

    def beat(self) -> bool:
        """Give a sign of life."""
        with transaction():
            outbox.beat(self.id, now())
        return False

    def send_mail(self) -> bool:
        """Send what is due; true when there may be more."""
        claimed = self._claim()
        for position, claim in enumerate(claimed):
            if self._stopped.is_set():
                self._release(claimed[position:])
                return False
            try:
                self._send(claim)
            except Unreachable as fault:
                self._release(claimed[position:])
                self._wait_for_server(str(fault))
                return False
        return len(claimed) == MAILS_AT_ONCE

    def _claim(self) -> list[outbox.Claim]:
        at = now()
        with transaction():
            claimed = outbox.claim(self.id, at, most=MAILS_AT_ONCE)
            in_one_order = sorted(claimed, key=lambda c: c.message.to)  # two workers: no deadlock
            refused = [c for c in in_one_order if c.is_first and not may_mail(c.message.to, at)]
            for claim in refused:
                outbox.wait_for_tomorrow(claim, at)
        return [claim for claim in claimed if claim not in refused]

    def _send(self, claim: outbox.Claim) -> None:
        try:
            self.transport.send(claim)
        except Refused as answer:
            _note(outbox.refused, claim, str(answer), now())
        except Postponed as answer:
            with transaction():
                outbox.postponed(claim, str(answer), now(), first_pause=self.first_pause)
        else:
            at = now()
            with transaction():
                outbox.sent(claim, at)
                start_hours(claim.origin, claim.created_at, at)
            self._server_pause = 0.0

    def _release(self, claims: list[outbox.Claim]) -> None:
        with transaction():
            for claim in claims:
                outbox.released(claim)

    def _wait_for_server(self, fault: str) -> None:
        self._server_pause = min(max(1.0, self._server_pause * 2), LONGEST_WAIT_FOR_SERVER)
        fields = {"fault": fault, "pause_s": self._server_pause}
        log.warning("mail server unreachable", extra={"fields": fields})
        self._stopped.wait(self._server_pause)

    def keep_tally(self) -> bool:
        """Take in changes of the counts; true when there may be more."""
        with transaction():
            return take_in() == BATCH

    def tidy(self) -> bool:
        """Delete what is past its time, and look whether the counts agree with the rows."""
        with transaction():
            purge_pending(now())
            purge_links(now())
            purge_allowances(now())
            organisers.purge(now())
            outbox.purge(now())
        for drift in drifts():
            fields = {"petition": drift.petition_id, "tally": drift.tallied, "rows": drift.rows}
            log.error("tally drift", extra={"fields": fields})
        return False

    def _loop(self, work: Callable[[], bool], pause: float) -> None:
        while not self._stopped.is_set():
            more = False
            try:
                more = work()
            except Exception as fault:
                log.error("fault in worker", exc_info=fault)
                self._stopped.wait(1.0)
            finally:
                session.remove()
            if not more:
                self._stopped.wait(pause)


def _note(
    verb: Callable[[outbox.Claim, str, datetime], None],
    claim: outbox.Claim,
    answer: str,
    at: datetime,
) -> None:
    with transaction():
        verb(claim, answer, at)


def _transport(config: Config) -> Transport:
    if not config.mail_server:
        return FolderTransport(config.instance / "mailbox", sender=config.mail_from)
    return SmtpTransport(
        config.mail_server, sender=config.mail_from, timeout=float(config.mail_timeout)
    )
