"""`worker`: takes in what arrives, sends mail, keeps the tally. Run as many as you like."""

import os
import secrets
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from config import Config
from petition.core.clock import now
from petition.core.keyring.installed import require_fit
from petition.core.log import log, start_logging
from petition.core.storage import database
from petition.core.storage.database import session, transaction
from petition.core.storage.fitness import require_fitness
from petition.core.storage.patience import FOR_WORK
from petition.links.letterhead import Letterhead
from petition.outbox import actions as outbox
from petition.outbox.envelopes import envelope_of
from petition.outbox.smtp import SmtpTransport
from petition.outbox.transports import (
    FolderTransport,
    InDoubt,
    Postponed,
    Refused,
    Transport,
    Unreachable,
    send,
)
from petition.safekeeping.holders import ANNOUNCE_SECONDS
from petition.safekeeping.tallies import take_in
from petition.signatures.moments import move_inside, to_move
from petition.worker.arrivals import of_letters, of_signatures
from petition.worker.bounces import BounceMailbox
from petition.worker.chores import do_chores
from petition.worker.due_mail import NEWS_AT_ONCE, begins_to_leave, due_mail
from petition.worker.faults import log_work_fault
from petition.worker.jobs import of_files, of_mailings
from petition.worker.key_care import KeyCare
from petition.worker.letters import LetterPost
from petition.worker.mailed_links import start_hours
from petition.worker.pause import ServerPause
from petition.worker.watchdog import Watchdog

BEAT_SECONDS = 3.0
ARRIVAL_SECONDS = 0.5
MAIL_SECONDS = 0.5
TALLY_SECONDS = 0.5
JOB_SECONDS = 0.2
"""Shorter than the others: the organiser who asked looks on."""
CHORE_SECONDS = 3600.0
NOTE_SECONDS = 1.0
BOUNCE_SECONDS = 300.0
BEHIND_THE_WEB = 10
"""How much the worker steps back where both want the processor: mail may wait, people not."""


def work(config: Config) -> None:
    """Work until told to stop."""
    start_logging(config.log_threshold)
    os.nice(BEHIND_THE_WEB)
    database.configure(config.database, FOR_WORK)
    database.look_first(require_fit)
    worker = Worker(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()


class Worker:
    """One worker: a few loops, each in a thread of its own, so that none waits for another."""

    def __init__(self, config: Config) -> None:
        self.id = secrets.token_hex(8)
        self.config = config
        self.first_pause = timedelta(seconds=config.mail_retry)
        self._stopped = threading.Event()
        self.transport = _transport(config, self._stopped)
        letters = _transport(config, self._stopped)
        self.letter_post = LetterPost(config, self.id, letters, self._stopped)
        self.key_care = KeyCare(config, self._stopped)
        self.arrivals = of_signatures(config)
        self.letters_in = of_letters(config)
        self.jobs = of_files(config, self.id, self._stopped)
        self.mailings = of_mailings(config, self.id, self._stopped)
        self._pause = ServerPause(self._stopped)
        self.watchdog = Watchdog()
        self._moved_until: int | None = 0
        self._claimed = deque[outbox.Claim]()
        """Mails that are still to be handed over."""
        self._taken: list[outbox.Claim] = []
        """Mails that the server took, until that is noted."""
        self._doubted: list[outbox.Claim] = []
        """News of which nobody knows whether it did, until that is noted."""
        self._goes_behind: int | None = None
        """The mail over which the server went away last: the others go first."""

    def run(self) -> None:
        """Run until `stop`. The database may be away: what cannot be done now is done later."""
        loops: list[tuple[Callable[[], bool], float]] = [
            (self.beat, BEAT_SECONDS),
            (self.arrivals.take_in, ARRIVAL_SECONDS),
            (self.letters_in.take_in, ARRIVAL_SECONDS),
            (self.send_mail, MAIL_SECONDS),
            (self.letter_post.send_letters, MAIL_SECONDS),
            (self.keep_tally, TALLY_SECONDS),
            (self.do_chores, CHORE_SECONDS),
            (self.jobs.do_one, JOB_SECONDS),
            (self.mailings.do_one, JOB_SECONDS),
            (self.key_care.announce, ANNOUNCE_SECONDS),
            (self.key_care.change_in_time, CHORE_SECONDS),
            (self.key_care.leave_no_traces, CHORE_SECONDS),
        ]
        if self.config.bounce_mailbox:
            loops.append((BounceMailbox(self.config, self._stopped).take_bounces, BOUNCE_SECONDS))
        self.watchdog.count_statements(database.engine())
        self.watchdog.start()
        threads = [threading.Thread(target=self._loop, args=loop) for loop in loops]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._leave()
        self.transport.close()
        self.letter_post.transport.close()

    def _leave(self) -> None:
        """Give back what is claimed. Where that cannot be noted, others notice by our silence."""
        try:
            self.letter_post.settle()
            self._note_taken()
            self._give_back()
            with transaction():
                outbox.leave(self.id)
        except Exception as fault:
            log_work_fault(fault)

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
        self._note_taken()  # what a fault of the database has left
        self._give_back()
        self._claimed.extend(self._claim())
        is_full = len(self._claimed) >= NEWS_AT_ONCE
        while self._claimed:
            fault = self._send_some()
            if fault is not None:
                self._pause.wait(fault)
                return False
        return is_full

    def _send_some(self) -> str | None:
        """Send for a second, then note what became of the mails; say why no server was reached.

        They are noted together, for speed. A worker that is killed before that leaves mails that
        will be sent again, which does no harm; but for news, each of which it announces.
        """
        until = time.monotonic() + NOTE_SECONDS
        claimed, fault = self._claimed, None
        try:
            while claimed and time.monotonic() < until and not self._stopped.is_set():
                self.watchdog.moved()
                if self._send(claimed[0]):
                    self._taken.append(claimed[0])
                claimed.popleft()
        except Unreachable as unreachable:
            fault = str(unreachable)
            self._goes_behind = claimed[0].id
        self._note_taken()
        if fault is not None or self._stopped.is_set():
            self._give_back()
        return fault

    def _give_back(self) -> None:
        """Give back what was not handed over, and its part of the hour's ceiling."""
        if not self._claimed:
            return
        with transaction():
            outbox.released(self._claimed)
        self._claimed.clear()

    def _note_taken(self) -> None:
        if not self._taken and not self._doubted:
            return
        with transaction():
            outbox.sent(self._taken, at := now())
            outbox.in_doubt(self._doubted, at)
            for claim in self._taken:
                start_hours(claim, at)
        self._taken.clear()
        self._doubted.clear()

    def _claim(self) -> list[outbox.Claim]:
        with transaction():
            found = due_mail(self.id, self.config.unconfirmed_mail, now())
        return sorted(found, key=lambda claim: claim.id == self._goes_behind)

    def _send(self, claim: outbox.Claim) -> bool:
        """Hand a mail over; true when it was taken, which is still to be noted."""
        if not begins_to_leave(claim):
            return False
        try:
            sender = self.config.news_sender if claim.message.is_news else self.config.mail_from
            send(self.transport, envelope_of(claim, sender=sender))
        except Unreachable:
            raise
        except Refused as answer:
            with transaction():
                outbox.refused(claim, str(answer), now())
        except Postponed as answer:
            with transaction():
                outbox.postponed(claim, str(answer), now(), first_pause=self.first_pause)
        except InDoubt as answer:  # one that comes twice does no harm
            self._doubt(claim, str(answer), is_there=True)
        except Exception as fault:  # whatever is wrong with this one, the others go on
            log.error("a mail cannot be sent", exc_info=fault)
            self._doubt(claim, type(fault).__name__)
        else:
            self._pause.end()
            return True
        return False

    def _doubt(self, claim: outbox.Claim, answer: str, *, is_there: bool = False) -> None:
        """Let it leave again where nobody knows whether it has; news do not."""
        if claim.message.is_news:
            self._doubted.append(claim)
            return
        with transaction():
            dated = start_hours(claim, now()) if is_there else claim
            outbox.postponed(dated, answer, now(), first_pause=self.first_pause)

    def keep_tally(self) -> bool:
        """Take in changes of the counts; true when there may be more."""
        with transaction():
            return take_in()

    def do_chores(self) -> bool:
        """Delete what is past its time, and look whether the counts agree with the rows."""
        self._move_moments()
        backups_kept = timedelta(days=self.config.backup_days)
        head = partial(Letterhead, self.config.site_name, self.config.url)
        do_chores(self.id, head, self._stopped, backups_kept=backups_kept)
        return False

    def _move_moments(self) -> None:
        """Let rows from before an upgrade say the hour, once while the worker runs."""
        while self._moved_until is not None and not self._stopped.is_set():
            numbers = to_move(self._moved_until)
            with transaction():
                move_inside(numbers)
            self._moved_until = numbers[-1] if numbers else None

    def _loop(self, work: Callable[[], bool], pause: float) -> None:
        while not self._stopped.is_set():
            more = False
            try:
                with self.watchdog.at_work():
                    require_fitness()
                    more = work()
            except Exception as fault:
                log_work_fault(fault)
                self._stopped.wait(1.0)
            finally:
                session.remove()
            if not more:
                self._stopped.wait(pause)


def _transport(config: Config, stopped: threading.Event) -> Transport:
    if not config.mail_server:
        return FolderTransport(config.instance / "mailbox")
    timeout, is_clear = float(config.mail_timeout), bool(config.mail_cleartext)
    return SmtpTransport(
        config.mail_server, timeout=timeout, may_be_clear=is_clear, stopped=stopped
    )
